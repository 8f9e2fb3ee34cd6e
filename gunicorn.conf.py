"""Gunicorn's settings, for `make run` and for a server alike; the configuration changes the numbers."""

import gc
import logging
from pathlib import Path

import configuration

env = configuration.load()

bind = configuration.netloc(env.host("HOST"), env.port("PORT", 8000))
workers = env.number("WEB_CONCURRENCY", 2, minimum=1, maximum=512)
worker_class = "cms.server.BufferedWorker"
threads = env.number("WEB_THREADS", 4, minimum=1, maximum=512)
# Loaded and warmed once, then forked: workers share memory, and no reader meets the slow first request.
preload_app = True
timeout = 30
graceful_timeout = 8  # shorter than the ten seconds that a stop waits before it kills
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - a heartbeat file, no content
control_socket_disable = True  # it would be a file in the account's home folder
accesslog = env.text("ACCESS_LOG") or None
loglevel = env.text("GUNICORN_LOG_LEVEL", "warning")
# Whose X-Forwarded-Proto is believed: the proxy in front, nobody else.
forwarded_allow_ips = ",".join(env.networks("FORWARDED_ALLOW_IPS", "127.0.0.1"))


def on_starting(server) -> None:
    """Warm the application in the parent, after it is loaded and before a worker is forked."""
    from cms.core.log_privacy import HideOrderLinks
    from cms.warming import warm

    for name in ("gunicorn.access", "gunicorn.error"):
        # Gunicorn gives them handlers of its own, and the settings' LOGGING would take those away.
        logging.getLogger(name).addFilter(HideOrderLinks())
    warm(server.app.wsgi())
    # What is there now stays to the end: a collection in a worker would copy the memory that all share.
    gc.collect()
    gc.freeze()
