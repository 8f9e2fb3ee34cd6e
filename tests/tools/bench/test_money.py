"""The script of the money figures runs to its end; how fast is nobody's business here."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.live_site import PROJECT, clean_environment
from tests.services import require_program


@pytest.mark.postgres
def test_each_figure_is_printed_with_its_ratio(empty_shop_dump: Path, tmp_path: Path):
    require_program("redis-server", "valkey-server", package="redis-server")
    command = [sys.executable, "-m", "tools.bench", "money", "--dump", str(empty_shop_dump)]
    command += ["--settlements", "5", "--mails", "5", "--placed", "3", "--sizes", "20", "60"]

    done = subprocess.run(
        command, cwd=PROJECT, env=clean_environment(tmp_path), capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
    for figure in (
        "webhook settlements",
        "bare inserts",
        "mails",
        "bare SMTP loop",
        "at 20 orders",
        "at 60 orders",
    ):
        assert figure in done.stdout
    assert done.stdout.count("ratio") == 3
