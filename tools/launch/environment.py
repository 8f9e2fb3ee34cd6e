"""The project's own Python environment, made from a lock file: every package pinned and hashed.

uv installs in a fraction of pip's time. It is taken from the machine, else from the registry like every other
package; where that fails, for whatever reason, pip does all of it.
"""

import hashlib
import importlib.util
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tools.launch.configuration import ROOT, CannotStart

ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
UV = ENVIRONMENT / "bin" / "uv"
# What running needs, and all of it with what tests and checks need.
PRODUCTION_LOCK, DEVELOPMENT_LOCK = ROOT / "requirements-production.lock", ROOT / "requirements.lock"
STAMPS = {PRODUCTION_LOCK: ENVIRONMENT / ".runs-from", DEVELOPMENT_LOCK: ENVIRONMENT / ".made-from"}
INSTALL = ("--require-hashes", "--only-binary", ":all:")
PIP = (str(PYTHON), "-m", "pip")
# pip's settings that say where packages are, and uv's name for each.
PIP_SETTING = re.compile(r"(?:global|install|:env:)\.([a-z-]+)='(.*)'")
UV_OPTIONS = {
    "index-url": "--default-index",
    "extra-index-url": "--index",
    "find-links": "--find-links",
    "trusted-host": "--allow-insecure-host",
    "cert": "--cert",
}

Run = Callable[[str, list[str], Callable[[str], str | None]], None]


def is_ready(lock: Path) -> bool:
    """Return whether the environment was made, to its end, by this Python from this lock file."""
    stamp = STAMPS[lock]
    return PYTHON.exists() and stamp.is_file() and stamp.read_text() == _fingerprint(lock)


def make(run: Run, lock: Path) -> None:
    """Make or renew the environment with `run`, which runs a named command; raise what that raises."""
    if any(stamp.is_file() and stamp.read_text().split()[0] != _version() for stamp in STAMPS.values()):
        shutil.rmtree(ENVIRONMENT)
    try:
        _make_with_uv(run, lock)
    except CannotStart:
        _make_with_pip(run, lock)
    # The development set holds the whole production set.
    for made in {lock, PRODUCTION_LOCK}:
        STAMPS[made].write_text(_fingerprint(made))


def _make_with_uv(run: Run, lock: Path) -> None:
    uv = shutil.which("uv")
    if uv and not PYTHON.exists():
        run("environment", [uv, "venv", "--python", sys.executable, str(ENVIRONMENT)], _nothing)
    elif not uv:
        uv = _installed_uv(run)
    command = [uv, "pip", "install", "--python", str(PYTHON), *INSTALL, *_uv_indexes(), "-r", str(lock)]
    run("packages", command, _uv_progress)


def _installed_uv(run: Run) -> str:
    """Return the path of the environment's own uv, which pip installs as the lock has pinned it."""
    if not UV.exists():
        _require_pip(run)
        pinned = re.search(r"^uv==.*(?:\n +.*)*", DEVELOPMENT_LOCK.read_text(), re.MULTILINE)
        if pinned is None:
            raise CannotStart(f"{DEVELOPMENT_LOCK} has no uv.")
        requirement = ENVIRONMENT / "uv.lock"
        requirement.write_text(pinned[0])
        run("packages", [*_pip_install(), "--no-deps", "-r", str(requirement)], _nothing)
    return str(UV)


def _uv_indexes() -> list[str]:
    """Return options that name the indexes of pip's configuration, which uv does not read.

    A version may lie at any of them: whatever is found has the hash of the lock file.
    """
    pip = PIP if PYTHON.exists() and _has_pip() else (sys.executable, "-m", "pip")
    asked = subprocess.run(  # noqa: S603 - Python's own pip
        [*pip, "config", "list"], capture_output=True, text=True, check=False
    )
    lines = map(PIP_SETTING.fullmatch, asked.stdout.splitlines())
    settings = {line[1]: line[2] for line in lines if line}
    options = [
        argument
        for name, option in UV_OPTIONS.items()
        for value in settings.get(name, "").replace(r"\n", " ").split()
        for argument in (option, value)
    ]
    if settings.get("no-index", "").lower() in ("1", "true", "yes", "on"):
        options.append("--no-index")
    return [*options, "--index-strategy", "unsafe-best-match"]


def _make_with_pip(run: Run, lock: Path) -> None:
    _require_pip(run)
    run("packages", [*_pip_install(), "-r", str(lock)], _package_counter(lock))


def _require_pip(run: Run) -> None:
    if PYTHON.exists() and _has_pip():
        return
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise CannotStart(
            "Python's venv module is missing. On Debian or Ubuntu: apt-get install python3-venv"
        )
    run("environment", [sys.executable, "-m", "venv", str(ENVIRONMENT)], _nothing)


def _has_pip() -> bool:
    return any(ENVIRONMENT.glob("lib/python*/site-packages/pip"))


def _pip_install() -> Iterator[str]:
    yield from (*PIP, "install", "--disable-pip-version-check", "--no-input", *INSTALL)


def _package_counter(lock: Path) -> Callable[[str], str | None]:
    total = sum(1 for line in lock.read_text().splitlines() if "==" in line)
    seen = 0

    def progress(line: str) -> str | None:
        nonlocal seen
        if line.startswith("Collecting "):
            seen += 1
            return f"{seen} of at most {total} packages: {line.split()[1].partition('==')[0]}"
        if line.startswith("Installing collected"):
            return "unpacking"
        return None

    return progress


def _uv_progress(line: str) -> str | None:
    said = line.strip()
    return said if said.startswith(("Resolved", "Downloading", "Prepared", "Installed")) else None


def _nothing(_line: str) -> None:
    return None


def _fingerprint(lock: Path) -> str:
    return f"{_version()} {hashlib.sha256(lock.read_bytes()).hexdigest()}"


def _version() -> str:
    return f"{sys.version_info[0]}.{sys.version_info[1]}"
