"""The processes of a running site, and how to see that each of them works."""

import time
from collections.abc import Callable

from tools.launch.configuration import ROOT, CannotStart, Configuration
from tools.launch.ports import wait_for_answer
from tools.launch.processes import Child, stop
from tools.launch.steps import StopRequest
from tools.launch.terminal import Terminal

READY_SECONDS = 180.0
# What a picture took of memory is given back: the process that made it is replaced by a fresh one.
WORKER_KILOBYTES = 140_000


def commands(configuration: Configuration, python: str) -> dict[str, list[str]]:
    """Each process's name and command; the payment stand-in only where no Stripe key is set."""
    # Root may run the demo; Celery's long warning about it would be the first thing that a newcomer reads.
    celery = [python, "-W", "ignore:::celery.platforms", "-m", "celery", "-A", "cms", "-q"]
    processes = {
        "web": [python, "-m", "gunicorn", "--config", "gunicorn.conf.py", "cms.wsgi"],
        "worker": [
            *(
                *celery,
                "worker",
                "--loglevel",
                "INFO",
                "--concurrency",
                "2",
                "--beat",  # a process of its own takes 120 MB; a server has it, see docs/operations.md
                "--max-memory-per-child",
                str(WORKER_KILOBYTES),
                "--hostname",
                "checkup@localhost",
            ),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        ],
    }
    if configuration.uses_standin:
        processes["stand-in"] = [
            *(python, "-m", "tools.stripe_standin", "--host", configuration.standin_host),
            *("--port", str(configuration.standin_port)),
            *("--store", str(configuration.var_dir / "standin.sqlite3")),
            *("--webhook-url", f"{configuration.own_address}/payments/webhook/"),
        ]
    return processes


def start(
    configuration: Configuration,
    python: str,
    *,
    terminal: Terminal,
    children: list[Child],
) -> None:
    """Starts every process; each is in `children` from its first moment, so that a stop reaches it."""
    for name in commands(configuration, python):
        terminal.start_log(name)
        children.append(_started(configuration, python, name, terminal))


def revive(
    configuration: Configuration, python: str, dead: Child, *, terminal: Terminal, children: list[Child]
) -> None:
    """Starts a dead process again, on the log of the one before it, whose descendants end first."""
    stop([dead], grace_seconds=2)
    children[children.index(dead)] = _started(configuration, python, dead.name, terminal)


def _started(configuration: Configuration, python: str, name: str, terminal: Terminal) -> Child:
    return Child(
        name,
        commands(configuration, python)[name],
        environment=configuration.environment,
        directory=ROOT,
        report=terminal.relay,
    )


def wait_until_ready(
    configuration: Configuration, children: list[Child], *, terminal: Terminal, stop_request: StopRequest
) -> None:
    """Returns when the site answers and the worker takes tasks; raises CannotStart or Stopped otherwise."""

    def goes_on() -> bool:
        stop_request.check()
        return first_dead(children) is None

    answers = wait_for_answer(f"{configuration.own_address}/readyz", seconds=READY_SECONDS, is_alive=goes_on)
    works = answers and _wait(lambda: " ready." in terminal.log_path("worker").read_text(), goes_on)
    if dead := first_dead(children):
        raise CannotStart(f"{dead.name} ended at once; what it said: {terminal.log_path(dead.name)}")
    if not works:
        silent = "worker" if answers else "web"
        raise CannotStart(f"{silent} was not ready in time; what it said: {terminal.log_path(silent)}")


def first_dead(children: list[Child]) -> Child | None:
    """A process that has ended by itself, if one has."""
    return next((child for child in children if child.exit_code() is not None), None)


def _wait(condition: Callable[[], bool], goes_on: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and goes_on():
        if condition():
            return True
        time.sleep(0.05)
    return False
