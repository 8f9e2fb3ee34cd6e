"""What the launcher prints: steps with their times, then each process's lines behind its name."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

COLOURS = {"web": 36, "worker": 35, "stand-in": 33}
# A line of these levels is for the log file; a warning, an error or a traceback is for the eyes.
QUIET = (" INFO", " DEBUG", "[INFO", "[DEBUG", "INFO/", "DEBUG/", "Warm shutdown", " listens on http")


class Terminal:
    """One output for many threads. Colours and rewritten lines only where a person watches."""

    def __init__(self, log_directory: Path) -> None:
        self._lock = Lock()
        self._is_watched = sys.stdout.isatty()
        self._log_directory = log_directory
        log_directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._notes: dict[str, float] = {}

    def say(self, text: str = "") -> None:
        """One line."""
        with self._lock:
            self._clear()
            print(text, flush=True)

    def note(self, text: str, every_seconds: float = 5.0) -> None:
        """How far a long step is: on the current line, or now and then a line where nobody watches."""
        with self._lock:
            if self._is_watched:
                self._clear()
                print(f"    {text[:100]}", end="", flush=True)
            elif time.monotonic() - self._notes.get("", 0.0) > every_seconds:
                self._notes[""] = time.monotonic()
                print(f"    {text}", flush=True)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Announces a step, and says how long it took when it went well."""
        started = time.monotonic()
        self.say(f"  {name} …")
        yield
        self.say(f"  {name}: {time.monotonic() - started:.1f} s")

    def log_path(self, name: str) -> Path:
        """The file with everything that this process or step has said since it was started."""
        return self._log_directory / f"{name}.log"

    def start_log(self, name: str) -> None:
        """Forgets what an earlier start has logged under this name."""
        self.log_path(name).write_text("")

    def keep(self, name: str, line: str) -> None:
        """Into the log file only."""
        with self._lock, self.log_path(name).open("a") as log:
            log.write(f"{line}\n")

    def relay(self, name: str, line: str) -> None:
        """Into the log file, and on the terminal when somebody should look at it."""
        self.keep(name, line)
        if line.strip() and not any(mark in line for mark in QUIET):
            label = f"{name:>8} │ "
            if self._is_watched:
                label = f"\033[{COLOURS.get(name, 37)}m{label}\033[0m"
            self.say(f"{label}{line}")

    def _clear(self) -> None:
        if self._is_watched:
            print("\r\033[K", end="")
