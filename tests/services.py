"""Throw-away servers for the tests, started from the programs that the machine has.

A missing program skips the test with the name of Debian's package, or fails it where REQUIRE_SERVICES=1.
"""

import asyncio
import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tools.launch.ports import free_port

START_SECONDS = 30.0


class ProgramMissing(Exception):
    """A server's program is not on this machine; the message names the package that brings it."""


def are_services_required() -> bool:
    """Return whether a missing program is a failure: on the build machine it is."""
    return os.environ.get("REQUIRE_SERVICES") == "1"


def find_program(*names: str, package: str) -> str:
    """Return the path of the first of these programs. Raise ProgramMissing with the package's name."""
    for name in names:
        if path := shutil.which(name):
            return path
        # Debian keeps the server's programs off the PATH.
        for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
            if (folder / name).exists():
                return str(folder / name)
    raise ProgramMissing(f"{names[0]} is missing: apt-get install {package}")


def require_program(*names: str, package: str) -> str:
    """Return the program's path, or skip the test; fail it where services are required."""
    try:
        return find_program(*names, package=package)
    except ProgramMissing as missing:
        if are_services_required():
            pytest.fail(str(missing), pytrace=False)
        pytest.skip(str(missing))


def wait_until(condition: Callable[[], bool], *, what: str, seconds: float = START_SECONDS) -> None:
    """Poll until the condition holds. Raise TimeoutError that names what was waited for."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {seconds:g} seconds")
        time.sleep(0.05)


class Server:
    """A server's process that can be stopped, killed, and started again as it was."""

    def __init__(self, command: list[str], *, port: int, log: Path, account: pwd.struct_passwd | None = None):
        self._command, self._account, self._log = command, account, log
        self.port = port
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it listens. Raise RuntimeError with its log when it ends at once."""
        self._process = _start_as(self._account, self._command, self._log)
        _wait_for_port(self.port, self._process, self._log)

    def send(self, number: signal.Signals) -> None:
        """Send the signal to the server's first process."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(number)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Send the signal and wait until the process has ended."""
        if self._process:
            _end(self._process, number)
            self._process = None


class PostgresqlServer(Server):
    """PostgreSQL on a fresh folder. `keeps_commits` survives a stop without notice; it is slower."""

    def __init__(self, directory: Path, *, keeps_commits: bool = False) -> None:
        initdb = find_program("initdb", package="postgresql")
        postgres = find_program("postgres", package="postgresql")
        account = _unprivileged_account()
        if account:
            os.chown(directory, account.pw_uid, account.pw_gid)
        _run_as(account, [initdb, "-D", f"{directory}/data", "-U", "checkup", "-A", "trust", "-E", "UTF8",
                          "--locale=C.UTF-8", "--no-sync"])  # fmt: skip
        port = free_port()
        # The machine itself does not fail here, so nothing waits for a disk, and nothing lives long.
        options = ["fsync=off", "full_page_writes=off", "max_connections=60", "wal_level=minimal",
                   "max_wal_senders=0", "max_wal_size=4GB", "checkpoint_timeout=1h", "jit=off",
                   f"autovacuum={'on' if keeps_commits else 'off'}",
                   f"synchronous_commit={'on' if keeps_commits else 'off'}"]  # fmt: skip
        command = [postgres, "-D", f"{directory}/data", "-p", str(port), "-h", "127.0.0.1",
                   "-k", str(directory)]  # fmt: skip
        for option in options:
            command += ["-c", option]
        super().__init__(command, port=port, log=directory / "log", account=account)

    @property
    def url(self) -> str:
        """The DATABASE_URL."""
        return f"postgres://checkup@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start it and wait until it takes queries, after its recovery where it needs one."""
        super().start()
        _wait_for_postgresql(self.port)

    def stop(self, number: signal.Signals = signal.SIGINT) -> None:
        """Stop it: SIGINT shuts down fast, SIGQUIT at once; SIGTERM would wait for every connection."""
        super().stop(number)


class RedisServer(Server):
    """Redis that keeps nothing on disk: a stop forgets everything."""

    def __init__(self, directory: Path, port: int | None = None) -> None:
        program = find_program("redis-server", "valkey-server", package="redis-server")
        port = port or free_port()
        command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
                   "--dir", str(directory)]  # fmt: skip
        super().__init__(command, port=port, log=directory / "log")

    @property
    def url(self) -> str:
        """The REDIS_URL."""
        return f"redis://127.0.0.1:{self.port}/0"


@contextlib.contextmanager
def postgresql_server() -> Iterator[str]:
    """Run a fresh PostgreSQL server that forgets everything, and yield its DATABASE_URL."""
    directory = Path(tempfile.mkdtemp(prefix="checkup-postgresql-"))
    try:
        server = PostgresqlServer(directory)
        try:
            server.start()
            yield server.url
        finally:
            server.stop()
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@contextlib.contextmanager
def redis_server(port: int | None = None) -> Iterator[str]:
    """Run a fresh Redis server that keeps nothing on disk, and yield its REDIS_URL."""
    with tempfile.TemporaryDirectory(prefix="checkup-redis-") as directory:
        server = RedisServer(Path(directory), port)
        try:
            server.start()
            yield server.url
        finally:
            server.stop()


@dataclass
class MailServer:
    """A real SMTP server in a thread; what it accepted is in `messages`, newest last."""

    port: int = field(default_factory=free_port)
    messages: list[Message] = field(default_factory=list)
    refusal: str = ""
    """The reply to every message while it is set, such as `451 Try later` or `550 No such user`."""
    is_held: bool = False
    """Whether every reply to a message waits."""
    _controller: Controller | None = None

    @property
    def url(self) -> str:
        """The EMAIL_URL that leads here."""
        return f"smtp://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Listen; on the same port again after a stop."""
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        """Refuse connections from now on."""
        if self._controller:
            self._controller.stop()
            self._controller = None

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep or refuse a whole message that has arrived, and return the reply (aiosmtpd's hook)."""
        while self.is_held:
            await asyncio.sleep(0.05)
        if self.refusal:
            return self.refusal
        content = envelope.content or b""
        self.messages.append(message_from_bytes(content if isinstance(content, bytes) else content.encode()))
        return "250 OK"


def _unprivileged_account() -> pwd.struct_passwd | None:
    """Return the account that runs the server for root, whom initdb refuses; None for anybody else."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise ProgramMissing("an account for PostgreSQL is missing: apt-get install postgresql")


def _identity(account: pwd.struct_passwd | None) -> dict:
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": [], "cwd": "/"}


def _run_as(account: pwd.struct_passwd | None, command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, **_identity(account))
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")


def _start_as(account: pwd.struct_passwd | None, command: list[str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **_identity(account),
        )


def _wait_for_port(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    def is_listening() -> bool:
        if server.poll() is not None:
            raise RuntimeError(f"The server ended at once:\n{log.read_text(errors='replace')}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
        return False

    wait_until(is_listening, what=f"a server on port {port}")


def _wait_for_postgresql(port: int) -> None:
    import psycopg

    def accepts_queries() -> bool:
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(host="127.0.0.1", port=port, user="checkup", dbname="postgres").close()
            return True
        return False

    wait_until(accepts_queries, what="PostgreSQL")


def _end(server: subprocess.Popen[bytes], number: signal.Signals) -> None:
    if server.poll() is None:
        server.send_signal(number)
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
