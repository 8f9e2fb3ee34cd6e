"""`make run` as a newcomer meets it: the real launcher as a process, in an empty folder."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.databases import MIGRATED, copy_sqlite, kept_folder
from tests.live_site import PROJECT, LiveSite, clean_environment, prepared_site
from tests.services import wait_until
from tools.launch.ports import free_port, is_free


def processes_of(var_dir: Path) -> dict[int, str]:
    """Every living process that was started for this folder, with its command line."""
    mark = f"VAR_DIR={var_dir}".encode()
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (folder / "environ").read_bytes().split(b"\0"):
                found[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
        except OSError:  # it has ended meanwhile
            continue
    return {pid: command for pid, command in found.items() if command}


def launch(var_dir: Path, *arguments: str, **values: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tools.launch", "--no-install", *arguments],
        env=clean_environment(var_dir, **values),
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def ports_of(site: LiveSite) -> list[int]:
    return [int(url.rpartition(":")[2]) for url in (site.url, site.standin_url)]


def _answer(site: LiveSite, path: str) -> dict:
    with urllib.request.urlopen(f"{site.url}{path}") as answer:  # noqa: S310 - our own address
        return json.load(answer)


def test_it_starts_everything_and_leaves_nothing_behind(tmp_path: Path) -> None:
    # The site of the browser's tests begins with an empty folder; here the migrations are of no interest.
    copy_sqlite(kept_folder(MIGRATED) / "db.sqlite3", tmp_path / "db.sqlite3")
    with prepared_site(tmp_path, "--no-demo") as site:
        assert _answer(site, "/healthz") == {"status": "alive"}
        assert _answer(site, "/readyz")["status"] == "ready"
        commands = " ".join(processes_of(tmp_path).values())
        for part in ("tools.launch", "gunicorn", " worker ", " --beat ", "tools.stripe_standin"):
            assert part in commands
        wait_until(lambda: list(tmp_path.glob("beat-schedule*")), what="beat's schedule")
        assert not any(is_free(port) for port in ports_of(site))
    assert processes_of(tmp_path) == {}
    assert all(is_free(port) for port in ports_of(site))

    # A second start on the same folder, with nothing to prepare, in which one process dies, and dies again.
    with prepared_site(tmp_path, "--no-demo") as site:
        killed: list[int] = []

        assert not any("Database" in line for line in site.log)

        def standins() -> set[int]:
            processes = processes_of(tmp_path).items()
            return {pid for pid, command in processes if "stripe_standin" in command} - set(killed)

        for time in range(4):
            wait_until(standins, what="the stand-in")
            assert len([line for line in site.log if "stand-in has ended" in line]) == time
            for pid in standins():
                killed.append(pid)
                os.kill(pid, signal.SIGKILL)
        wait_until(lambda: processes_of(tmp_path) == {}, what="the end of the rest")
        wait_until(lambda: any("again and again" in line for line in site.log), what="the reason")
    assert len([line for line in site.log if "starting it again" in line]) == 3


@pytest.mark.parametrize("name", ["PORT", "STANDIN_PORT"])
def test_a_busy_port_is_one_clear_line(tmp_path: Path, name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ports = {"PORT": str(free_port()), "STANDIN_PORT": str(free_port()), name: str(port)}
        done = launch(tmp_path, **ports)
    assert done.returncode == 1
    assert done.stderr == f"Port {port} is in use. Choose another: {name}={port + 1} make run\n"


@pytest.mark.parametrize("value", ["http", "0", "65536", "-1"])
def test_a_port_that_is_none_is_one_clear_line(tmp_path: Path, value: str) -> None:
    done = launch(tmp_path, PORT=value)
    assert done.returncode == 1
    assert done.stderr == f"PORT={value} is no port: choose a number from 1 to 65535.\n"


def test_a_failing_step_is_told_in_its_own_last_line(tmp_path: Path) -> None:
    done = launch(tmp_path, PORT=str(free_port()), STANDIN_PORT=str(free_port()), DATABASE_URL="nonsense://x")
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    assert done.stderr.startswith("database failed: DATABASE_URL cannot be understood.")
    assert str(tmp_path / "log" / "database.log") in done.stderr


def test_a_wrong_python_is_one_clear_line() -> None:
    begin = "runpy.run_module('tools.launch', run_name='__main__')"
    code = f"import runpy, sys; sys.version_info = (3, 9, 2); {begin}"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        env={"PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Checkup needs Python 3.11 or newer")
    assert "Traceback" not in done.stderr


def test_ctrl_c_in_a_preparing_step_stops_that_step(tmp_path: Path) -> None:
    environment = clean_environment(tmp_path, PORT=str(free_port()), STANDIN_PORT=str(free_port()))
    launcher = subprocess.Popen(
        [sys.executable, "-m", "tools.launch", "--no-install"],
        env=environment,
        cwd=PROJECT,
        start_new_session=True,
    )
    wait_until(
        lambda: any("prepare" in command for command in processes_of(tmp_path).values()), what="a step"
    )
    launcher.send_signal(signal.SIGINT)
    assert launcher.wait(timeout=15) == 0
    assert processes_of(tmp_path) == {}
