"""The whole site as processes of its own, each of which can be ended at any moment and is started again."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.live_site import BEAT, WORKER, clean_environment
from tests.services import PostgresqlServer, RedisServer, wait_until
from tools.launch.configuration import ROOT
from tools.launch.ports import free_port, is_free, wait_for_answer
from tools.launch.processes import Child, stop

READY_SECONDS = 180.0
# What a real provider and a real network do to webhooks and calls, all of it now and then.
STANDIN_FAULTS = (
    "delay,probability=0.2,seconds=1.5",
    "repeat,probability=0.2,copies=3",
    "reorder,probability=0.25,seconds=1",
    "drop,probability=0.08",
    "forge,probability=0.05",
    "stale,probability=0.05",
    "server_error,probability=0.03,match=* /v1/*",
    "rate_limit,probability=0.02,match=* /v1/*",
    "server_error_after,probability=0.02,match=* /v1/*",
    "close,probability=0.03,match=* /v1/*",
    "slow,probability=0.05,seconds=0.7,match=* /v1/*",
)


@dataclass
class Process:
    """One process of the site, which its supervisor starts again while it is wanted."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    child: Child | None = None
    is_wanted: bool = True
    starts: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> None:
        """Start it, with its output appended to the log."""
        self.starts += 1
        self.child = Child(
            self.name, self.command, environment=self.environment, directory=ROOT, report=self._log_line
        )

    def revive(self) -> None:
        """Start it again when it has ended and should run, as the machine's own supervisor would."""
        with self.lock:
            if self.is_wanted and (self.child is None or self.child.exit_code() is not None):
                self.start()

    def kill(self) -> None:
        """Kill it with all its descendants, as a power failure does."""
        if self.child:
            self.child.send(signal.SIGKILL)

    def kill_one(self, choose: Callable[[list[int]], int]) -> None:
        """Kill one process of its group, as the system does when memory is short."""
        if self.child and (members := group_members(self.child.group)):
            os.kill(choose(members), signal.SIGKILL)

    def _log_line(self, _name: str, line: str) -> None:
        with self.log.open("a") as lines:
            lines.write(line + "\n")


class Site:
    """Everything that a purchase needs; each part writes below `folder` only.

    `values` adds to the environment of every process. Without `sends_webhooks` events are only kept.
    """

    def __init__(
        self,
        folder: Path,
        *,
        seed: int = 0,
        faults: Iterable[str] = STANDIN_FAULTS,
        sends_webhooks: bool = True,
        **values: str,
    ) -> None:
        self.folder = folder
        for name in ("database", "broker", "var"):
            (folder / name).mkdir()
        # PostgreSQL runs on an account without rights, which must reach its folder.
        folder.chmod(0o711)
        self.database = PostgresqlServer(folder / "database", keeps_commits=True)
        self.broker = RedisServer(folder / "broker")
        self.port, self.standin_port, self.mail_port = free_port(), free_port(), free_port()
        self.mails = folder / "mails.jsonl"
        self.environment = self._environment(values)
        standin = ["--seed", str(seed), *(word for fault in faults for word in ("--fault", fault))]
        if sends_webhooks:
            standin += ["--webhook-url", f"http://127.0.0.1:{self.port}/payments/webhook/"]
        self.processes = {name: self._process(name, command) for name, command in self._commands(standin)}
        self._ending = threading.Event()
        self._supervisor = threading.Thread(target=self._supervise, daemon=True)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def standin_url(self) -> str:
        return f"http://127.0.0.1:{self.standin_port}"

    def start(self) -> None:
        """Start all processes on a prepared database and wait until buyers can come."""
        self.broker.start()
        for process in self.processes.values():
            process.start()
        self._supervisor.start()
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Wait until the site responds. Raise TimeoutError with the end of the web process's log."""
        ready = wait_for_answer(f"{self.url}/readyz", seconds=READY_SECONDS, is_alive=lambda: True)
        if not ready:
            raise TimeoutError("The site did not answer:\n" + self.processes["web"].log.read_text()[-3000:])

    def stop(self) -> None:
        """Stop everything."""
        self._ending.set()
        if self._supervisor.is_alive():
            self._supervisor.join()
        children = [process.child for process in self.processes.values() if process.child]
        for child in children:
            child.send(signal.SIGCONT)
        stop(children)
        self.broker.send(signal.SIGCONT)
        self.broker.stop()
        self.database.stop()

    def wait_for_mail_server(self) -> None:
        """Wait until the mail server listens again. Raise TimeoutError."""
        wait_until(lambda: not is_free(self.mail_port), what="the mail server")

    def _supervise(self) -> None:
        while not self._ending.wait(0.2):
            for process in self.processes.values():
                process.revive()

    def _process(self, name: str, command: Iterable[str]) -> Process:
        log = self.folder / f"{name}.log"
        log.touch()
        return Process(name, [sys.executable, *command], self.environment, log)

    def _commands(self, standin: list[str]) -> list[tuple[str, list[str]]]:
        return [
            ("mail", ["-m", "tools.torture.sink", str(self.mail_port), str(self.mails)]),
            (
                "stand-in",
                [
                    *("-m", "tools.stripe_standin", "--port", str(self.standin_port)),
                    *("--store", str(self.folder / "standin.sqlite3"), *standin),
                ],
            ),
            ("web", ["-m", "gunicorn", "--config", "gunicorn.conf.py", "cms.wsgi"]),
            ("worker", ["-W", "ignore:::celery.platforms", *WORKER]),
            ("beat", [*BEAT, "--pidfile", ""]),
        ]

    def _environment(self, values: Mapping[str, str]) -> dict[str, str]:
        defaults = {
            "DJANGO_SETTINGS_MODULE": "tools.torture.settings",
            "DATABASE_URL": self.database.url,
            "REDIS_URL": self.broker.url,
            "EMAIL_URL": f"smtp://127.0.0.1:{self.mail_port}",
            "PORT": str(self.port),
            "STANDIN_PORT": str(self.standin_port),
            "PUBLIC_BASE_URL": self.url,
        }
        return clean_environment(self.folder / "var", **{**defaults, **values})


def group_members(group: int) -> list[int]:
    """Return the process ids of a process group, as Linux lists them."""
    members = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if os.getpgid(int(entry.name)) == group:
                    members.append(int(entry.name))
            except ProcessLookupError:
                continue
    return members


def pause(process: Process, seconds: float) -> None:
    """Let the process stand still with its connections open, and go on afterwards."""
    if process.child:
        process.child.send(signal.SIGSTOP)
        time.sleep(seconds)
        process.child.send(signal.SIGCONT)
