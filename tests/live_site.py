"""The real processes: the whole site as `make run` starts it, and a worker on a test's own database."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from tests.services import wait_until
from tools.launch.ports import free_port
from tools.launch.processes import Child, stop

PROJECT = Path(__file__).parent.parent
WORKER = (
    *("-m", "celery", "-A", "cms", "worker", "--loglevel", "INFO", "--concurrency", "2"),
    *("--without-gossip", "--without-mingle", "--without-heartbeat"),
)
BEAT = ("-m", "celery", "-A", "cms", "beat", "--loglevel", "INFO")


def clean_environment(var_dir: Path, **values: str) -> dict[str, str]:
    """The environment of a newcomer's machine: nothing of the developer's or the test run's configuration."""
    configured = {"DATABASE_URL", "REDIS_URL", "EMAIL_URL", "PUBLIC_BASE_URL", "DEBUG", "SECRET_KEY"}
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in configured and not name.startswith(("STRIPE_", "STANDIN_", "PYTEST_", "MEDIA_S3_"))
    }
    return {
        **kept,
        "ENVIRONMENT_FILE": "",
        "VAR_DIR": str(var_dir),
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "cms.settings.dev",
        **values,
    }


@dataclass
class LiveSite:
    """A running site with demo content; every process writes only below `var_dir`."""

    url: str
    standin_url: str
    var_dir: Path
    environment: Mapping[str, str]
    log: list[str] = field(default_factory=list)
    has_died: bool = False

    def manage(self, *arguments: str) -> str:
        """What `manage.py` with these arguments prints; raises CalledProcessError when it fails."""
        return _run([sys.executable, "manage.py", *arguments], self.environment)

    def run(self, code: str) -> str:
        """What this Python prints inside the site's own Django, on the site's own database."""
        return self.manage("shell", "--no-imports", "-c", code)

    def kept_mails(self) -> list[Path]:
        """The files of the mails that the worker has sent, oldest first."""
        return sorted((self.var_dir / "mail").glob("*"), key=lambda path: path.stat().st_mtime)


@contextlib.contextmanager
def prepared_site(var_dir: Path, *arguments: str, **values: str) -> Iterator[LiveSite]:
    """Starts the launcher on free ports in an empty folder, waits until all of it answers, stops it."""
    port, standin_port = free_port(), free_port()
    environment = clean_environment(var_dir, PORT=str(port), STANDIN_PORT=str(standin_port), **values)
    environment["PUBLIC_BASE_URL"] = f"http://localhost:{port}"
    site = LiveSite(f"http://localhost:{port}", f"http://127.0.0.1:{standin_port}", var_dir, environment)
    launcher = Child(
        "launcher",
        [sys.executable, "-m", "tools.launch", "--no-install", *arguments],
        environment=environment,
        directory=PROJECT,
        report=lambda _name, line: site.log.append(line),
    )

    def is_ready() -> bool:
        if launcher.exit_code() is not None:
            launcher.drain()
            raise RuntimeError("The site did not start:\n" + "\n".join(site.log))
        return any("Ctrl-C" in line for line in site.log)

    try:
        wait_until(is_ready, what="the whole site", seconds=600)
        yield site
    finally:
        site.has_died = launcher.exit_code() is not None
        stop([launcher], grace_seconds=20)


class WorkerProcess:
    """A Celery worker (and beat, when asked) outside the test's process, as production has it."""

    def __init__(self, database: Mapping) -> None:
        self._environment = clean_environment(settings.VAR_DIR, DATABASE_URL=database_url(database))
        self._children: list[Child] = []
        self.log: list[str] = []

    def start(self, *, with_beat: bool = False, **values: str) -> None:
        """Starts and waits until it takes tasks; `values` add to its environment (EMAIL_URL, REDIS_URL)."""
        ready = len(self.log)
        self._launch("worker", WORKER, values)
        wait_until(lambda: any(" ready." in line for line in self.log[ready:]), what="the Celery worker")
        if with_beat:
            self._launch("beat", BEAT, values)

    def is_alive(self) -> bool:
        """Whether every process that was started still runs."""
        return all(child.exit_code() is None for child in self._children)

    def stop(self) -> None:
        """Ends it as a deployment does; a running task may finish."""
        stop(self._children)
        self._children.clear()

    def kill(self) -> None:
        """Ends it as a power failure does, in the middle of a task."""
        for child in self._children:
            child.send(signal.SIGKILL)
        self.stop()

    def _launch(self, name: str, arguments: tuple[str, ...], values: Mapping[str, str]) -> None:
        self._children.append(
            Child(
                name,
                [sys.executable, *arguments],
                environment={**self._environment, **values},
                directory=PROJECT,
                report=lambda _name, line: self.log.append(line),
            )
        )


def database_url(database: Mapping) -> str:
    """The DATABASE_URL of a test's database, for another process."""
    if database["ENGINE"].endswith("sqlite3"):
        return f"sqlite:///{Path(database['NAME']).absolute()}"
    return "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format_map(database).replace(":@", "@")


def _run(command: list[str], environment: Mapping[str, str]) -> str:
    done = subprocess.run(
        command, env=dict(environment), cwd=PROJECT, capture_output=True, text=True, check=False, timeout=300
    )
    if done.returncode:
        raise subprocess.CalledProcessError(done.returncode, command, done.stdout, done.stdout + done.stderr)
    return done.stdout
