"""What opens an order stands in no process's log, whichever server or library writes the line."""

import logging
import re
import sys

import pytest
import requests
from django.conf import settings
from django.db import connection

from cms.celery import app
from tests.live_site import PROJECT, clean_environment, database_url
from tests.services import wait_until
from tools.launch.ports import free_port
from tools.launch.processes import Child, stop

LINK = "/orders/s3cr3t-Link_of-an-order/"
SESSION = "cs_test_a1B2c3D4e5F6g7H8"
LINE = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} [A-Z]+ [\w.]+: ")


@pytest.fixture
def web(transactional_db):
    """Run a web server with an access log on this test's own database; yield its port and its output."""
    port, lines = free_port(), []
    server = Child(
        "web",
        [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "cms.wsgi"],
        environment=clean_environment(
            settings.VAR_DIR,
            DATABASE_URL=database_url(connection.settings_dict),
            PORT=str(port),
            WEB_CONCURRENCY="1",
            ACCESS_LOG="-",
        ),
        directory=PROJECT,
        report=lambda _name, line: lines.append(line),
    )
    yield port, lines
    stop([server])


def test_the_access_log_of_the_web_server_hides_what_opens_an_order(web):
    port, lines = web

    def answers() -> bool:
        try:
            return requests.get(f"http://127.0.0.1:{port}/healthz", timeout=5).ok
        except requests.ConnectionError:
            return False

    wait_until(answers, what="the web server")
    requests.get(f"http://127.0.0.1:{port}{LINK}", timeout=20)
    requests.get(f"http://127.0.0.1:{port}/healthz?session_id={SESSION}", timeout=20)
    requests.get(f"http://127.0.0.1:{port}/search/?q=a+quiet+worry", timeout=20)
    wait_until(lambda: any("q=" in line for line in lines), what="the access log")

    log = "\n".join(lines)
    assert '"GET /orders/…/ HTTP/1.1" 404' in log
    assert "session_id=cs_…F6g7H8" in log
    assert "s3cr3t" not in log
    assert SESSION not in log
    assert "worry" not in log


def test_a_worker_logs_as_the_site_does_and_hides_order_links(worker):
    worker.start()
    # Celery itself writes the name of a task that it does not know.
    app.send_task(LINK)
    wait_until(lambda: any("unregistered task" in line for line in worker.log), what="the worker's complaint")

    [complaint] = [line for line in worker.log if "unregistered task" in line]
    assert LINE.match(complaint)
    assert "/orders/…" in complaint
    assert "s3cr3t" not in "\n".join(worker.log)
    [ready] = [line for line in worker.log if line.endswith(" ready.")]
    assert LINE.match(ready)


def test_stripes_own_lines_with_the_ids_of_payment_pages_are_not_logged():
    assert not logging.getLogger("stripe").isEnabledFor(logging.INFO)
    assert logging.getLogger("stripe").isEnabledFor(logging.WARNING)
