"""From a fresh clone to a running site: environment, database, demo content, processes, an orderly end."""

import argparse
import os
import re
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from configuration import ConfigurationError, description, keep_private
from tools.launch import environment, site
from tools.launch.configuration import ROOT, CannotStart, Configuration, read_configuration
from tools.launch.ports import is_free
from tools.launch.prepared import is_prepared, remember
from tools.launch.processes import Child, stop
from tools.launch.steps import Stopped, StopRequest, run_step
from tools.launch.terminal import Terminal

LOG_INS = {
    "editor": "writes articles, questions and packages",
    "reviewer": "reviews them as a clinician",
    "staff": "handles orders and mails",
    "administrator": "may do everything",
}
# A process that dies more often than this within so many seconds will not live.
REVIVALS, TOO_OFTEN_SECONDS = 3, 60.0
STEP_LINE = re.compile(r"migrations|\s*\d+/\d+ ")
PASSWORD = "checkup-demo-2026"  # noqa: S105 - public by design, and made in development settings only


def main(arguments: Sequence[str]) -> int:
    """Gives 0 when it was asked to stop, 1 when it could not start, else the dead process's exit code."""
    options = _parser().parse_args(arguments)
    stop_request = StopRequest()
    stop_request.listen()
    try:
        configuration = read_configuration(os.environ)
        keep_private(configuration.var_dir)
        terminal = Terminal(configuration.var_dir / "log")
        if not options.install_only:
            _require_free_ports(configuration)
        python = sys.executable
        if not options.no_install:
            lock = environment.DEVELOPMENT_LOCK if options.install_only else environment.PRODUCTION_LOCK
            _make_environment(configuration, terminal, stop_request, lock)
            python = str(environment.PYTHON)
        if options.install_only:
            return 0
        _prepare(configuration, python, terminal, stop_request, with_demo=not options.no_demo)
        return _serve(configuration, python, terminal, stop_request, with_demo=not options.no_demo)
    except Stopped:
        return 0
    except (CannotStart, ConfigurationError) as reason:
        print(reason, file=sys.stderr)
        return 1
    except OSError as trouble:
        print(f"Cannot start: {trouble}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make run", description="Starts the whole site on this machine.")
    parser.add_argument("--no-install", action="store_true", help="use the Python that runs this")
    parser.add_argument(
        "--install-only", action="store_true", help="make the environment, for tests too; start nothing"
    )
    parser.add_argument("--no-demo", action="store_true", help="start without demo content")
    return parser


def _require_free_ports(configuration: Configuration) -> None:
    listeners = {"PORT": (configuration.port, configuration.host)}
    if configuration.uses_standin:
        listeners["STANDIN_PORT"] = (configuration.standin_port, configuration.standin_host)
    for name, (port, host) in listeners.items():
        try:
            free = is_free(port, host)
        except OSError:
            raise CannotStart(f"HOST={host} is no address of this machine.") from None
        if not free:
            raise CannotStart(f"Port {port} is in use. Choose another: {name}={port + 1} make run")


def _make_environment(
    configuration: Configuration, terminal: Terminal, stop_request: StopRequest, lock: Path
) -> None:
    if environment.is_ready(lock):
        return

    def run(name: str, command: list[str], progress: Callable[[str], str | None]) -> None:
        run_step(
            name,
            command,
            configuration=configuration,
            terminal=terminal,
            stop_request=stop_request,
            progress=progress,
        )

    with terminal.step("Python packages"):
        environment.make(run, lock)


def _prepare(
    configuration: Configuration,
    python: str,
    terminal: Terminal,
    stop_request: StopRequest,
    *,
    with_demo: bool,
) -> None:
    if is_prepared(configuration, with_demo=with_demo):
        return
    command = [python, "manage.py", "prepare", *([] if with_demo else ["--no-demo"])]
    with terminal.step("Database and demo content" if with_demo else "Database"):
        run_step(
            "database",
            command,
            configuration=configuration,
            terminal=terminal,
            stop_request=stop_request,
            progress=lambda line: line.strip() if STEP_LINE.match(line) else None,
        )
    remember(configuration, with_demo=with_demo)


def _serve(
    configuration: Configuration,
    python: str,
    terminal: Terminal,
    stop_request: StopRequest,
    *,
    with_demo: bool,
) -> int:
    children: list[Child] = []
    try:
        with terminal.step("Web server, worker with beat" + _standin(configuration, " and payment stand-in")):
            site.start(configuration, python, terminal=terminal, children=children)
            site.wait_until_ready(configuration, children, terminal=terminal, stop_request=stop_request)
        _greet(configuration, terminal, with_demo=with_demo)
        return _watch(configuration, python, terminal, stop_request, children)
    except Stopped:
        terminal.say("Stopping …")
        return 0
    finally:
        for name in stop(children):
            terminal.say(f"{name} did not end in time and was killed.")
        if children:
            terminal.say("Stopped. Nothing is left running.")


def _watch(
    configuration: Configuration,
    python: str,
    terminal: Terminal,
    stop_request: StopRequest,
    children: list[Child],
) -> int:
    """Starts again what dies, until it does so too often; then gives its exit code."""
    deaths: dict[str, list[float]] = {}
    while True:
        while (dead := site.first_dead(children)) is None:
            stop_request.check()
            time.sleep(0.1)
        now = time.monotonic()
        lately = [moment for moment in deaths.get(dead.name, []) if now - moment < TOO_OFTEN_SECONDS]
        deaths[dead.name] = [*lately, now]
        ended = f"{dead.name} has ended with exit code {dead.exit_code()}"
        if len(lately) >= REVIVALS:
            terminal.say(f"{ended}, again and again; stopping the rest. See {terminal.log_path(dead.name)}")
            return dead.exit_code() or 1
        terminal.say(f"{ended}; starting it again.")
        time.sleep(len(lately))  # longer each time, so that a broken one does not keep the machine busy
        stop_request.check()
        site.revive(configuration, python, dead, terminal=terminal, children=children)


def _greet(configuration: Configuration, terminal: Terminal, *, with_demo: bool) -> None:
    terminal.say()
    terminal.say(f"  Site      {configuration.address}/")
    terminal.say(f"  Admin     {configuration.address}/admin/")
    if configuration.uses_standin:
        terminal.say(f"  Payments  {configuration.standin_address}/  (stand-in: no money moves)")
    if not configuration.environment.get("EMAIL_URL"):
        terminal.say(f"  Mails     in the admin's Outbox, and as files in {configuration.var_dir / 'mail'}")
    terminal.say(f"  Settings  {description(configuration.environment)}")
    if with_demo:
        terminal.say()
        terminal.say(f"  Demo log-ins, each with the password {PASSWORD}")
        for name, purpose in LOG_INS.items():
            terminal.say(f"    {name:<14} {purpose}")
    terminal.say()
    terminal.say(f"  Logs      {_relative(terminal)}")
    terminal.say("  Stop with Ctrl-C.")
    terminal.say()


def _relative(terminal: Terminal) -> str:
    folder = terminal.log_path("web").parent
    return str(folder.relative_to(ROOT)) if folder.is_relative_to(ROOT) else str(folder)


def _standin(configuration: Configuration, text: str) -> str:
    return text if configuration.uses_standin else ""
