"""Child processes that end together: each has a session of its own, so that a signal reaches its group."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from threading import Thread

GRACE_SECONDS = 10.0


class Child:
    """One process with its descendants; its output goes line by line to `report(name, line)`."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        directory: str | os.PathLike[str],
        report: Callable[[str, str], None],
    ) -> None:
        self.name = name
        self._report = report
        self._process = subprocess.Popen(  # noqa: S603 - the commands are this project's own
            list(command),
            env=dict(environment),
            cwd=directory,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            # A terminal's Ctrl-C would otherwise reach the child too, and it would hear of its end twice.
            start_new_session=True,
        )
        self.group = self._process.pid
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def exit_code(self) -> int | None:
        """Return the process's exit code, or None while it runs."""
        return self._process.poll()

    def is_group_alive(self) -> bool:
        """Return whether the process or any descendant in its group still runs."""
        self._process.poll()  # A dead child that nobody asked about still counts as a group.
        try:
            os.killpg(self.group, 0)
        except ProcessLookupError:
            return False
        return True

    def send(self, number: signal.Signals) -> None:
        """Send the signal to the whole group; nothing happens when it is gone."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.group, number)

    def terminate(self) -> None:
        """Ask the process alone to end: it ends its own descendants in its own order."""
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()

    def drain(self) -> None:
        """Wait until the last line of a finished process is reported."""
        self._reader.join(timeout=2)

    def _read(self) -> None:
        assert self._process.stdout is not None  # noqa: S101 - Popen was given a pipe
        for line in self._process.stdout:
            self._report(self.name, line.rstrip("\n"))


def stop(children: Iterable[Child], grace_seconds: float = GRACE_SECONDS) -> list[str]:
    """End all groups, one TERM each, KILL after the grace, and return the names that had to be killed."""
    waiting = [child for child in children if child.is_group_alive()]
    for child in waiting:
        child.terminate()
    deadline = time.monotonic() + grace_seconds
    orphaned: set[str] = set()
    while waiting and time.monotonic() < deadline:
        for child in waiting:
            # A leader that died at once can leave descendants that never heard the signal.
            if child.exit_code() is not None and child.name not in orphaned:
                orphaned.add(child.name)
                child.send(signal.SIGTERM)
        waiting = [child for child in waiting if child.is_group_alive()]
        time.sleep(0.05)
    for child in waiting:
        child.send(signal.SIGKILL)
    for child in children:
        child.drain()
    return [child.name for child in waiting]
