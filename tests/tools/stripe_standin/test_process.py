"""The stand-in as `make run` starts it."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import stripe

COMMAND = [sys.executable, "-m", "tools.stripe_standin"]
SECONDS = 20


def environment(**changes: str) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("STRIPE_", "STANDIN_"))}
    own.pop("DJANGO_SETTINGS_MODULE", None)
    return {**own, "ENVIRONMENT_FILE": "", **changes}


@contextmanager
def started(*options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = subprocess.Popen(
        [*COMMAND, "--port", "0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    try:
        assert process.stdout is not None
        yield process, process.stdout.readline().split()[-1]
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stops_at_once_and_cleanly(number):
    with started() as (process, address):
        stripe.StripeClient("sk_test_standin", base_addresses={"api": address}).v1.events.list()
        process.send_signal(number)
        _, complaints = process.communicate(timeout=SECONDS)

        assert process.returncode == 0
        assert complaints == ""


def test_keeps_its_store_in_a_new_folder(tmp_path):
    store = tmp_path / "var" / "standin.sqlite3"
    with started("--store", str(store), "--secret-key", "sk_test_mine") as (_, address):
        stripe.StripeClient("sk_test_mine", base_addresses={"api": address}).v1.events.list()

    assert store.exists()


def test_faults_from_the_command_line(tmp_path):
    with started("--fault", "rate_limit,match=GET /v1/events") as (_, address):
        client = stripe.StripeClient("sk_test_standin", base_addresses={"api": address})

        with pytest.raises(stripe.RateLimitError):
            client.v1.events.list()
        assert client.v1.events.list().data == []


@pytest.mark.parametrize(
    ("options", "changes", "word"),
    [
        ([], {"DJANGO_SETTINGS_MODULE": "cms.settings.production"}, "production settings"),
        ([], {"CHECKUP_ENVIRONMENT": "production"}, "CHECKUP_ENVIRONMENT"),
        (["--secret-key", "sk_live_1"], {}, "sk_test_"),
        ([], {"STRIPE_SECRET_KEY": "sk_live_1"}, "sk_test_"),
        (["--fault", "explode"], {}, "explode"),
        (["--port", "0", "--store", "/dev/null/standin.sqlite3"], {}, "cannot start"),
    ],
)
def test_refuses_in_one_line(options, changes, word):
    done = subprocess.run(
        [*COMMAND, *options],
        env=environment(**changes),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )

    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert word in done.stderr


def test_busy_port_is_one_line():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [*COMMAND, "--port", port],
            env=environment(),
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )

    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
