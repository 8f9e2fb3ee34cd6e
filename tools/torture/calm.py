"""After the storm: everything works again, and the shop is left alone until nothing waits any more."""

import subprocess
import sys
import time
from collections.abc import Callable

import requests
from django.db import DatabaseError, connection

from shop.mail.models import OutboxMail
from tools.launch.configuration import ROOT
from tools.torture.site import Site


class StillBusy(Exception):
    """Something still waits when the time is over; the message says what."""


def calm_down(site: Site, *, seconds: float) -> str:
    """End all faults, wait for webhooks and mails, reconcile, and return the reconciler's output.

    Raise StillBusy when that takes longer than `seconds`.
    """
    deadline = time.monotonic() + seconds
    requests.delete(f"{site.standin_url}/_standin/faults", timeout=20).raise_for_status()
    site.wait_until_ready()
    site.wait_for_mail_server()
    resend_given_up(site)
    _poll(lambda: not waiting_webhooks(site), "webhooks wait", deadline)
    outputs: list[str] = []
    _poll(lambda: _reconcile(site, outputs), "the reconciler fails", deadline)
    _poll(lambda: not waiting_mails(), "mails wait", deadline)
    return outputs[-1]


def resend_given_up(site: Site) -> None:
    """Resend events where the stand-in gives up after nine minutes; Stripe goes on for three days."""
    given_up = requests.get(f"{site.standin_url}/_standin/waiting", timeout=20).json()["given_up"]
    for event in given_up:
        address = f"{site.standin_url}/_standin/events/{event}/resend"
        requests.post(address, json={}, timeout=20).raise_for_status()


def waiting_webhooks(site: Site) -> int:
    """Return how many webhooks the provider will send or send again."""
    return requests.get(f"{site.standin_url}/_standin/waiting", timeout=20).json()["webhooks"]


def waiting_mails() -> int:
    """Return how many mails are to be sent."""
    return OutboxMail.objects.waiting().count()


def _reconcile(site: Site, outputs: list[str]) -> bool:
    done = subprocess.run(
        [sys.executable, "manage.py", "reconcile_payments"],
        env=site.environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    outputs.append(done.stdout.strip())
    return done.returncode == 0


def _poll(condition: Callable[[], bool], what: str, deadline: float) -> None:
    while not _holds(condition):
        if time.monotonic() > deadline:
            raise StillBusy(f"Not quiet in time: {what}")
        time.sleep(0.2)


def _holds(condition: Callable[[], bool]) -> bool:
    try:
        return condition()
    except (DatabaseError, requests.RequestException):
        # The connection is older than the server's last stop; the next look opens another.
        connection.close()
        return False
