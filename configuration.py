"""Configuration of every process of the site: its environment, and behind that a file of NAME=value lines.

Standard library only, because the launcher reads it before any package is there. The file's rules stand in
docs/operations.md; docs/adr says why they are read here and not by a package.
"""

import contextlib
import os
import re
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from ipaddress import ip_network
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ROOT = Path(__file__).resolve().parent
DEVELOPMENT, PRODUCTION = "cms.settings.dev", "cms.settings.production"
# Where this machine reaches what listens at all of its addresses.
LOOPBACK = {"0.0.0.0": "127.0.0.1", "::": "127.0.0.1"}  # noqa: S104 - no binding
TRUE = frozenset({"1", "true", "t", "yes", "y", "on"})
FALSE = frozenset({"0", "false", "f", "no", "n", "off"})
ASSIGNMENT = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=(.*)", re.DOTALL)
SINGLE_QUOTED = re.compile(r"'([^']*)'\s*(?:#.*)?", re.DOTALL)
DOUBLE_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"\s*(?:#.*)?', re.DOTALL)
# A shell's escapes between double quotes; any other backslash stands for itself.
ESCAPED = re.compile(r'\\(["\\$`])')
COMMENT = re.compile(r"\s+#.*", re.DOTALL)

# What processes write in VAR_DIR, and who may reach it.
MODES = {"db.sqlite3*": 0o600, "standin.sqlite3*": 0o600, "beat-schedule*": 0o600, "media": 0o750}
MODES |= dict.fromkeys(("mail", "broker", "cache", "log"), 0o700)

Parsed = TypeVar("Parsed")


class ConfigurationError(SystemExit):
    """One plain line that says what to mend; it never holds a secret.

    A SystemExit, because web server and Celery log an exception with its traceback, and some then go on.
    """


@dataclass(frozen=True)
class File:
    """A parsed file of NAME=value lines."""

    path: Path
    values: Mapping[str, str]
    repeated: tuple[str, ...] = ()


class Environment:
    """Values by name and type. An empty value is as good as none; a wrong one raises ConfigurationError."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values

    def text(self, name: str, default: str = "") -> str:
        """Return the value as it stands, a leading `$` included."""
        return self.values.get(name) or default

    def number(
        self,
        name: str,
        default: int,
        *,
        minimum: int = 0,
        maximum: int = 2**31 - 1,
    ) -> int:
        """Return a whole number between two others, both included."""
        value = self.text(name, str(default)).strip()
        if not re.fullmatch(r"[0-9]{1,10}", value) or not minimum <= int(value) <= maximum:
            raise ConfigurationError(f"{name}={value} is no number from {minimum} to {maximum}.")
        return int(value)

    def flag(self, name: str, default: bool) -> bool:
        """Return yes or no; a mistyped word is neither, so that no protection goes off by accident."""
        value = self.text(name).strip().lower()
        if value and value not in TRUE | FALSE:
            raise ConfigurationError(f"{name}={value} is neither yes nor no: write 1 or 0.")
        return value in TRUE if value else default

    def strings(self, name: str, default: list[str] | None = None) -> list[str]:
        """Return the values between commas, without spaces around them and without empty ones."""
        values = [value.strip() for value in self.text(name).split(",")]
        return [value for value in values if value] or list(default or [])

    def path(self, name: str, default: Path) -> Path:
        """Return a path; a relative one lies in the project's folder, wherever the process was started."""
        return ROOT / self.text(name, str(default))

    def port(self, name: str, default: int) -> int:
        """Return a port that can be listened on."""
        value = self.text(name, str(default)).strip()
        if not re.fullmatch(r"[0-9]{1,5}", value) or not 0 < int(value) < 65536:
            raise ConfigurationError(f"{name}={value} is no port: choose a number from 1 to 65535.")
        return int(value)

    def host(self, name: str, default: str = "127.0.0.1") -> str:
        """Return an address or a host name to listen on; an IPv6 address without its brackets."""
        value = self.text(name, default).strip()
        bare = value[1:-1] if value.startswith("[") and value.endswith("]") else value
        try:
            socket.getaddrinfo(bare, None, family(bare))
        except (OSError, UnicodeError):
            raise ConfigurationError(
                f"{name}={value} is no address to listen on: 127.0.0.1 is this machine alone, "
                "0.0.0.0 every IPv4 and :: every IPv6 address of it."
            ) from None
        return bare

    def networks(self, name: str, default: str) -> list[str]:
        """Return addresses and networks, or `*` for every one."""
        values = self.strings(name, [default])
        for value in values:
            try:
                _ = value == "*" or ip_network(value, strict=False)
            except ValueError:
                raise ConfigurationError(
                    f"{name}: {value} is no address and no network such as 10.0.0.0/8."
                ) from None
        return values

    def time_zone(self, name: str, default: str) -> str:
        """Return the name of a time zone, as the tz database writes it."""
        value = self.text(name, default)
        try:
            return ZoneInfo(value).key
        except (ValueError, OSError, ZoneInfoNotFoundError):
            raise ConfigurationError(
                f"{name}={value} is no time zone: write a name of the tz database, such as Europe/London."
            ) from None

    def parsed(
        self,
        name: str,
        parse: Callable[[str], Parsed],
        default: str,
        *,
        example: str,
    ) -> Parsed:
        """Return what `parse` makes of an address, which no error repeats: it may hold a password."""
        try:
            return parse(self.text(name, default))
        except Exception:
            raise ConfigurationError(
                f"{name} cannot be understood. It looks like {example} where a password's characters other "
                "than letters and digits are percent-encoded (# is %23)."
            ) from None


def choose_settings(default: str) -> None:
    """Set Django's settings module: the environment's, else the file's, else `default`.

    Raise ConfigurationError when there is no such module.
    """
    chosen = os.environ.get("DJANGO_SETTINGS_MODULE")
    if not chosen:
        chosen = merged(os.environ).get("DJANGO_SETTINGS_MODULE") or default
        os.environ["DJANGO_SETTINGS_MODULE"] = chosen
    try:
        is_there = find_spec(chosen) is not None
    except (ImportError, ValueError):
        is_there = False
    if not is_there:
        raise ConfigurationError(
            f"DJANGO_SETTINGS_MODULE={chosen} is no module: {PRODUCTION} on a server, else {DEVELOPMENT}."
        )


def load() -> Environment:
    """Add the file's values to this process's environment, which wins, and return both.

    What this process writes from now on is for its account alone: orders, mails, logs, exports.
    """
    os.umask(0o077)
    for name, value in merged(os.environ).items():
        os.environ.setdefault(name, value)
    return Environment(os.environ)


def merged(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the file's values, overridden by the environment's. Raise ConfigurationError if it is wrong."""
    file = configured_file(environment)
    return {**(file.values if file else {}), **environment}


def description(environment: Mapping[str, str]) -> str:
    """Return a sentence for a log: which settings are used, and which file was read."""
    file = configured_file(environment)
    sources = f"the environment and {file.path}" if file else "the environment alone, without a file"
    repeated = (
        f"; set twice there, so the last one counts: {', '.join(file.repeated)}"
        if file and file.repeated
        else ""
    )
    return f"{environment.get('DJANGO_SETTINGS_MODULE', 'no settings')}, configured by {sources}{repeated}"


def configured_file(environment: Mapping[str, str]) -> File | None:
    """Return the file that ENVIRONMENT_FILE names, else `.env` if it exists; None for an empty name."""
    named = environment.get("ENVIRONMENT_FILE")
    if named == "":
        return None
    path = Path(named).absolute() if named else ROOT / ".env"
    if named is None and not os.path.lexists(path):
        return None
    return read_file(path, "ENVIRONMENT_FILE" if named else "The configuration file")


def read_file(path: Path, name: str) -> File:
    """Read one file. Raise ConfigurationError, whose message begins with `name`, when it cannot be read."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise ConfigurationError(f"{name} {path} does not exist.") from None
    except OSError as error:
        raise ConfigurationError(f"{name} {path} cannot be read: {error.strerror}.") from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigurationError(f"{path} is not UTF-8: save it with that encoding.") from None
    return _parsed(path, text)


def _parsed(path: Path, text: str) -> File:
    values: dict[str, str] = {}
    repeated = []
    # Only the ends that editors write: str.splitlines() would also cut a value at a form feed or U+2028.
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        if not (line := line.strip()) or line.startswith("#"):
            continue
        where = f"{path}, line {number}"
        if "\0" in line:
            raise ConfigurationError(f"{where}: holds a NUL character. Is the file UTF-8?")
        match = ASSIGNMENT.fullmatch(line)
        if not match:
            raise ConfigurationError(f"{where}: is not NAME=value.")
        name, written = match.groups()
        if name in values:
            repeated.append(name)
        values[name] = _value(written, f"{where}: {name}")
    if values.pop("ENVIRONMENT_FILE", ""):
        raise ConfigurationError(f"{path}: ENVIRONMENT_FILE has no effect here; set it in the environment.")
    return File(path, values, tuple(repeated))


def _value(written: str, where: str) -> str:
    """Return what stands behind the equals sign, without its quotes and the comment behind it."""
    value = written.strip()
    if value[:1] not in {"'", '"'}:
        return COMMENT.sub("", written).strip()
    pattern = SINGLE_QUOTED if value[0] == "'" else DOUBLE_QUOTED
    match = pattern.fullmatch(value)
    if not match:
        raise ConfigurationError(f"{where} has a quote without its end, or something behind it.")
    return match[1] if value[0] == "'" else ESCAPED.sub(r"\1", match[1])


def keep_private(folder: Path) -> None:
    """Make the folder, and take others' access to what is kept in it, also by earlier versions.

    The folder itself can be passed through, for a web server that serves the static files in it. Uploads
    are for the account's group too. Only what the site makes is touched: the folder may hold more.
    """
    if not folder.is_dir():
        folder.mkdir(parents=True)
        folder.chmod(0o711)
    for pattern, mode in MODES.items():
        for path in folder.glob(pattern):
            with contextlib.suppress(OSError):  # another account's, or on a disk that cannot be written
                if (current := path.stat().st_mode & 0o777) & ~mode:
                    path.chmod(current & mode)


def local_url(host: str, port: int) -> str:
    """Return the http address at which this machine reaches a server that listens there."""
    return f"http://{netloc(LOOPBACK.get(host, host), port)}"


def family(host: str) -> socket.AddressFamily:
    """Return the address family of a socket that listens there; a name stands for an IPv4 address."""
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def netloc(host: str, port: int) -> str:
    """Return host and port as an address writes them: IPv6 in brackets."""
    return f"{bracketed(host)}:{port}"


def bracketed(host: str) -> str:
    """Return the host as an address or a Host header writes it: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host
