"""Runs one preparing command to its end: watched, logged, and stopped with everything else."""

import re
import signal
import time
from collections.abc import Callable, Sequence

from tools.launch.configuration import ROOT, CannotStart, Configuration
from tools.launch.processes import Child, stop
from tools.launch.terminal import Terminal

# The line of a traceback that names the exception: `package.module.SomeError: words`.
EXCEPTION_LINE = re.compile(r"(?:\w+\.)*([A-Z]\w+): (.+)")


class Stopped(Exception):
    """Somebody asked the launcher to end."""


class StopRequest:
    """Remembers SIGINT, SIGTERM and SIGHUP, so that every wait can end in an orderly way."""

    def __init__(self) -> None:
        self.is_made = False

    def listen(self) -> None:
        """Take over the signals for the rest of the launcher's life."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._remember)

    def check(self) -> None:
        """Raise Stopped once a signal has come."""
        if self.is_made:
            raise Stopped

    def _remember(self, _number: int, _frame: object) -> None:
        self.is_made = True


def run_step(
    name: str,
    command: Sequence[str],
    *,
    configuration: Configuration,
    terminal: Terminal,
    stop_request: StopRequest,
    progress: Callable[[str], str | None] = lambda _line: None,
) -> None:
    """Run the command; `progress` turns a line of its output into a note or nothing.

    Raise CannotStart with the last line of a failed command, Stopped when the launcher must end.
    """
    lines: list[str] = []

    def report(_name: str, line: str) -> None:
        terminal.keep(name, line)
        if line.strip():
            lines.append(line.strip())
        if note := progress(line):
            terminal.note(note)

    terminal.start_log(name)
    child = Child(name, command, environment=configuration.environment, directory=ROOT, report=report)
    try:
        while child.exit_code() is None:
            stop_request.check()
            time.sleep(0.05)
    finally:
        stop([child])
    if child.exit_code():
        reason = _reason(lines, child.exit_code())
        raise CannotStart(f"{name} failed: {reason}\nAll of its output: {terminal.log_path(name)}")


def _reason(lines: Sequence[str], exit_code: int | None) -> str:
    """Return the end of a failed command's output: its exception without the traceback, or its last line."""
    for line in reversed(lines):
        if found := EXCEPTION_LINE.fullmatch(line):
            return f"{found[1]}: {found[2]}"
    return lines[-1] if lines else f"exit code {exit_code}"
