"""Nothing that the launcher starts may outlive it."""

import signal
import sys
from pathlib import Path

from tests.services import wait_until
from tools.launch.processes import Child, stop


def start(code: str, lines: list[str]) -> Child:
    return Child(
        "child",
        [sys.executable, "-u", "-c", code],
        environment={},
        directory=Path.cwd(),
        report=lambda _name, line: lines.append(line),
    )


def test_a_child_that_listens_ends_at_the_first_signal() -> None:
    lines: list[str] = []
    child = start("import time; print('up'); time.sleep(60)", lines)
    wait_until(lambda: lines == ["up"], what="the child")
    assert stop([child]) == []
    assert child.exit_code() == -signal.SIGTERM
    assert not child.is_group_alive()


def test_a_deaf_child_is_killed_after_the_grace() -> None:
    lines: list[str] = []
    code = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up'); time.sleep(60)"
    child = start(code, lines)
    wait_until(lambda: lines == ["up"], what="the child")
    assert stop([child], grace_seconds=0.2) == ["child"]
    wait_until(lambda: not child.is_group_alive(), what="the kill")
    assert child.exit_code() == -signal.SIGKILL


def test_a_grandchild_does_not_outlive_its_parent() -> None:
    lines: list[str] = []
    sleeper = "import time; time.sleep(60)"
    code = f"import subprocess, sys; print(subprocess.Popen([sys.executable, '-c', {sleeper!r}]).pid)"
    child = start(code, lines)
    wait_until(lambda: child.exit_code() == 0, what="the parent's end")
    assert child.is_group_alive()
    assert stop([child]) == []
    assert not child.is_group_alive()


def test_each_line_is_reported_even_the_last_without_an_end() -> None:
    lines: list[str] = []
    child = start("print('one'); print('two', end='')", lines)
    wait_until(lambda: child.exit_code() == 0, what="the child's end")
    child.drain()
    assert lines == ["one", "two"]
