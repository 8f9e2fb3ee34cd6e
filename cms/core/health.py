"""Two addresses for whoever watches the process: does it live, and can it serve?

Own code because the embedded broker is a folder that no health-check package knows, and because an answer
that anybody may read must name what fails without saying how.
"""

import logging
import os
from collections.abc import Callable
from functools import cache
from uuid import uuid4

from celery import current_app
from django.conf import settings
from django.core.cache import cache as site_cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponseBase, JsonResponse

logger = logging.getLogger(__name__)

NO_STORE = {"Cache-Control": "no-store"}


class NotReady(Exception):
    """Something that this process needs is not there."""


class HealthMiddleware:
    """Answers before everything else: a probe knows neither the site's host name nor its certificate."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info == "/healthz":
            return JsonResponse({"status": "alive"}, headers=NO_STORE)
        if request.path_info == "/readyz":
            return readiness_response()
        return self.get_response(request)


def readiness_response() -> JsonResponse:
    """Return 200 when everything answers, 503 with the names of what does not. The log has the reasons."""
    states = {name: _state(name, check) for name, check in CHECKS.items()}
    is_ready = all(state == "ok" for state in states.values())
    return JsonResponse(
        {"status": "ready" if is_ready else "not ready", "checks": states},
        status=200 if is_ready else 503,
        headers=NO_STORE,
    )


def _state(name: str, check: Callable[[], object]) -> str:
    try:
        check()
    # Whatever a driver raises means the same to a load balancer.
    except Exception as error:
        logger.warning("Not ready: %s: %s: %s", name, type(error).__name__, error)
        return "failed"
    return "ok"


def _check_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _check_cache() -> None:
    key, value = f"readiness-{os.getpid()}", uuid4().hex
    site_cache.set(key, value, timeout=10)
    if site_cache.get(key) != value:
        raise NotReady("the cache has forgotten what it was told")


def _check_broker() -> None:
    if not settings.REDIS_URL:
        folder = settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_out"]
        if not os.access(folder, os.W_OK):
            raise NotReady(f"{folder} cannot be written")
        return
    with current_app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, interval_start=0, timeout=3)


@cache
def _check_migrations() -> None:
    """Raise NotReady for missing migrations; cached, for no database goes back, and a plan takes 0.1 s."""
    executor = MigrationExecutor(connection)
    if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise NotReady(f"{len(plan)} migrations are missing")


CHECKS: dict[str, Callable[[], None]] = {
    "database": _check_database,
    "cache": _check_cache,
    "broker": _check_broker,
    "migrations": _check_migrations,
}
