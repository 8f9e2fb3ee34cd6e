"""What the launcher itself must know before Django can be asked: ports, folders, and who takes payments."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import configuration
from configuration import ROOT as ROOT

# glibc gives back what a picture or a page has taken, instead of keeping it for each thread.
MEMORY = {"MALLOC_ARENA_MAX": "2", "MALLOC_TRIM_THRESHOLD_": "131072"}


class CannotStart(Exception):
    """Something outside this project stands in the way; the message is the one line to print."""


@dataclass(frozen=True)
class Configuration:
    """One start of the site."""

    host: str
    port: int
    standin_port: int
    var_dir: Path
    uses_standin: bool
    environment: Mapping[str, str]

    @property
    def address(self) -> str:
        """Where a browser on this machine finds the site."""
        return self.environment["PUBLIC_BASE_URL"]

    @property
    def own_address(self) -> str:
        """Where this machine's processes find the site, whatever its public name is."""
        return configuration.local_url(self.host, self.port)

    @property
    def standin_host(self) -> str:
        """Where the stand-in listens: on this machine alone, wherever the site does, unless it is asked for.

        Whoever reaches it can pay for everything. Not at ::1, which no content security policy can name.
        """
        host = self.environment.get("STANDIN_HOST") or "127.0.0.1"
        return "127.0.0.1" if host == "::1" else host

    @property
    def standin_address(self) -> str:
        """Where a browser on this machine finds the payment stand-in."""
        return _seen_at(self.standin_host, self.standin_port)


def read_configuration(given: Mapping[str, str]) -> Configuration:
    """From the environment, then from the file; raises ConfigurationError, or CannotStart for equal ports."""
    values = configuration.merged(given)
    env = configuration.Environment(values)
    host, port, standin_port = env.host("HOST"), env.port("PORT", 8000), env.port("STANDIN_PORT", 8021)
    if port == standin_port:
        raise CannotStart(f"PORT and STANDIN_PORT are both {port}: choose two different ports.")
    var_dir = env.path("VAR_DIR", ROOT / "var")
    defaults = {
        "DJANGO_SETTINGS_MODULE": configuration.DEVELOPMENT,
        "PUBLIC_BASE_URL": _seen_at(host, port),
        "WEB_CONCURRENCY": "1",  # with its threads enough for a trial; a second takes 60 MB
    }
    return Configuration(
        host=host,
        port=port,
        standin_port=standin_port,
        var_dir=var_dir,
        uses_standin=not env.text("STRIPE_SECRET_KEY"),
        environment={
            **values,
            **{name: env.text(name, default) for name, default in defaults.items()},
            "PORT": str(port),
            "STANDIN_PORT": str(standin_port),
            "PYTHONUNBUFFERED": "1",
            **MEMORY,
        },
    )


def _seen_at(host: str, port: int) -> str:
    """What a person types: this machine's name where it listens at all addresses or its inner one."""
    name = "localhost" if host in {*configuration.LOOPBACK, "127.0.0.1"} else host
    return f"http://{configuration.netloc(name, port)}"
