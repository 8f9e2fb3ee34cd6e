"""How the environment is made: with uv where it can be had, with pip where not, and when it is made anew."""

from pathlib import Path

import pytest

from tools.launch import environment
from tools.launch.configuration import CannotStart


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of an empty environment, on a machine without uv."""
    monkeypatch.setattr(environment, "ENVIRONMENT", tmp_path)
    monkeypatch.setattr(environment, "PYTHON", tmp_path / "bin" / "python")
    monkeypatch.setattr(environment, "UV", tmp_path / "bin" / "uv")
    stamps = {lock: tmp_path / stamp.name for lock, stamp in environment.STAMPS.items()}
    monkeypatch.setattr(environment, "STAMPS", stamps)
    monkeypatch.setenv("PATH", "/nowhere")
    return tmp_path


class Machine:
    """Notes what is run, makes what each command would make, and fails what it is told to."""

    def __init__(self, folder: Path, failing: str = "") -> None:
        self.folder, self.failing, self.commands = folder, failing, []

    def run(self, name: str, command: list[str], progress: object) -> None:
        line = " ".join(command)
        self.commands.append(line)
        if self.failing and self.failing in line:
            raise CannotStart(name)
        made = ["bin/python", "lib/python3/site-packages/pip"] if "-m venv" in line else []
        for name in [*made, *(["bin/uv"] if "uv.lock" in line else [])]:
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).touch()


def test_uv_comes_from_the_lock_and_installs_what_running_needs(folder: Path) -> None:
    machine = Machine(folder)
    environment.make(machine.run, environment.PRODUCTION_LOCK)
    _venv, uv, packages = machine.commands
    assert "--require-hashes" in uv
    pinned = (folder / "uv.lock").read_text()
    assert pinned.startswith("uv==")
    assert "--hash=sha256:" in pinned
    assert packages.startswith(f"{folder}/bin/uv pip install")
    assert packages.endswith("requirements-production.lock")
    assert "--require-hashes" in packages
    assert environment.is_ready(environment.PRODUCTION_LOCK)
    assert not environment.is_ready(environment.DEVELOPMENT_LOCK)


@pytest.mark.parametrize("failing", ["uv.lock", "bin/uv"])
def test_where_uv_cannot_be_had_or_fails_pip_does_it(folder: Path, failing: str) -> None:
    machine = Machine(folder, failing)
    environment.make(machine.run, environment.PRODUCTION_LOCK)
    assert "-m pip install" in machine.commands[-1]
    assert machine.commands[-1].endswith("requirements-production.lock")
    assert "--require-hashes" in machine.commands[-1]
    assert environment.is_ready(environment.PRODUCTION_LOCK)


def test_what_neither_can_install_is_not_taken_for_ready(folder: Path) -> None:
    with pytest.raises(CannotStart):
        environment.make(Machine(folder, "install").run, environment.PRODUCTION_LOCK)
    assert not environment.is_ready(environment.PRODUCTION_LOCK)


def test_the_development_set_serves_for_running_too(folder: Path) -> None:
    environment.make(Machine(folder).run, environment.DEVELOPMENT_LOCK)
    assert environment.is_ready(environment.PRODUCTION_LOCK)
    assert environment.is_ready(environment.DEVELOPMENT_LOCK)


def test_uv_looks_where_pip_s_configuration_says(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configured = tmp_path / "pip.conf"
    configured.write_text("[global]\nindex-url = https://packages.test/simple\nfind-links = /wheels /more\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(configured))
    for name in ("PIP_INDEX_URL", "PIP_FIND_LINKS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "https://extra.test/simple")
    options = " ".join(environment._uv_indexes())
    assert "--default-index https://packages.test/simple" in options
    assert "--find-links /wheels --find-links /more" in options
    assert "--index https://extra.test/simple" in options
