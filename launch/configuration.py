"""What the launcher itself must know before Django can be asked: ports, folders, and who takes payments."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


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
        return f"http://127.0.0.1:{self.port}"


def read_configuration(given: Mapping[str, str]) -> Configuration:
    """From the environment, then from `.env`; raises CannotStart for a port that is no port."""
    environment = {**_environment_file(given), **given}
    port = _port(environment, "PORT", 8000)
    standin_port = _port(environment, "STANDIN_PORT", 8021)
    if port == standin_port:
        raise CannotStart(f"PORT and STANDIN_PORT are both {port}: choose two different ports.")
    var_dir = Path(environment.get("VAR_DIR") or ROOT / "var")
    environment.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.dev")
    environment.setdefault("PUBLIC_BASE_URL", f"http://localhost:{port}")
    environment["PYTHONUNBUFFERED"] = "1"
    environment["PORT"], environment["STANDIN_PORT"] = str(port), str(standin_port)
    return Configuration(
        host=environment.get("HOST", "127.0.0.1"),
        port=port,
        standin_port=standin_port,
        var_dir=var_dir.absolute(),
        uses_standin=not environment.get("STRIPE_SECRET_KEY"),
        environment=environment,
    )


def _port(environment: Mapping[str, str], name: str, default: int) -> int:
    value = environment.get(name) or str(default)
    if not value.isdecimal() or not 0 < int(value) < 65536:
        raise CannotStart(f"{name}={value} is no port: choose a number from 1 to 65535.")
    return int(value)


def _environment_file(given: Mapping[str, str]) -> dict[str, str]:
    """The plain NAME=value lines of `.env`, as Django's settings read them too."""
    path = Path(given.get("ENVIRONMENT_FILE", str(ROOT / ".env")) or os.devnull)
    if not path.is_file():
        return {}
    lines = (line.strip() for line in path.read_text().splitlines())
    pairs = (line.removeprefix("export ").partition("=") for line in lines if line and line[0] != "#")
    return {name.strip(): value.strip().strip("'\"") for name, separator, value in pairs if separator}
