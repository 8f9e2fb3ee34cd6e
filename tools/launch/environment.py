"""The project's own Python environment, made from the lock file: every package pinned and hashed."""

import hashlib
import importlib.util
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from tools.launch.configuration import ROOT, CannotStart

ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
LOCK = ROOT / "requirements.lock"
STAMP = ENVIRONMENT / ".made-from"
INSTALL = ("--require-hashes", "--only-binary", ":all:")

Run = Callable[[str, list[str], Callable[[str], str | None]], None]


def is_ready() -> bool:
    """Whether the environment was made, to its end, by this Python from this lock file."""
    return PYTHON.exists() and STAMP.is_file() and STAMP.read_text() == _fingerprint()


def make(run: Run) -> None:
    """Makes or renews the environment with `run`, which runs a named command; raises what that raises."""
    if STAMP.is_file() and STAMP.read_text().split()[0] != _version():
        shutil.rmtree(ENVIRONMENT)
    if uv := shutil.which("uv"):
        try:
            _make_with_uv(uv, run)
        except CannotStart:
            # uv does not read pip's configuration, which may name the only index that can be reached.
            _make_with_pip(run)
    else:
        _make_with_pip(run)
    STAMP.write_text(_fingerprint())


def _make_with_uv(uv: str, run: Run) -> None:
    if not PYTHON.exists():
        run("environment", [uv, "venv", "--python", sys.executable, str(ENVIRONMENT)], _nothing)
    run("packages", [uv, "pip", "install", "--python", str(PYTHON), *INSTALL, "-r", str(LOCK)], _nothing)


def _make_with_pip(run: Run) -> None:
    if not PYTHON.exists() or not any(ENVIRONMENT.glob("lib/python*/site-packages/pip")):
        _require_venv()
        run("environment", [sys.executable, "-m", "venv", str(ENVIRONMENT)], _nothing)
    pip = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    run("packages", [*pip, *INSTALL, "-r", str(LOCK)], _package_counter())


def _require_venv() -> None:
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise CannotStart(
            "Python's venv module is missing. On Debian or Ubuntu: apt-get install python3-venv"
        )


def _package_counter() -> Callable[[str], str | None]:
    total = sum(1 for line in LOCK.read_text().splitlines() if "==" in line)
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


def _nothing(_line: str) -> None:
    return None


def _fingerprint() -> str:
    return f"{_version()} {hashlib.sha256(Path(LOCK).read_bytes()).hexdigest()}"


def _version() -> str:
    return f"{sys.version_info[0]}.{sys.version_info[1]}"
