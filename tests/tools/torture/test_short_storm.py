"""The short form of `make torture`: all kinds of sabotage once, while a few buyers buy."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.live_site import PROJECT, clean_environment
from tests.services import require_program

PURCHASES = 15
PATIENCE_SECONDS = 300


@pytest.mark.postgres
def test_money_and_mails_add_up_after_everything_was_killed_once(empty_shop_dump: Path, tmp_path: Path):
    for program, package in (("psql", "postgresql-client"), ("redis-server", "redis-server")):
        require_program(program, package=package)
    command = [sys.executable, "-m", "tools.torture", "--purchases", str(PURCHASES), "--seed", "3"]
    command += ["--rounds", "1", "--patience", str(PATIENCE_SECONDS), "--dump", str(empty_shop_dump)]

    done = subprocess.run(
        command,
        cwd=PROJECT,
        env=clean_environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "everything adds up" in done.stdout
    for act in ("kill -9 web", "kill -9 worker", "kill -9 beat", "stop broker", "stop database"):
        assert f"× {act}" in done.stdout
