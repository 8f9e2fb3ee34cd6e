"""The suite, as `make test` runs it: on SQLite, and beside that what both databases must do on PostgreSQL.

Arguments go to pytest: `python -m tests.run tests/shop/orders -k refund`.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.selection import TESTS, needs_postgresql, test_files
from tests.services import ProgramMissing, postgresql_server

NO_TESTS = 5
# Starting more processes takes longer than running so few files in one.
FEW_FILES = 4
PROCESSES = ["-n", os.environ.get("TEST_PROCESSES", "2"), "--dist", "loadfile"]
ON_SQLITE = ["-m", "not postgres"]
ON_POSTGRESQL = ["-m", "(postgres or either_database) and not browser"]


def main(arguments: Sequence[str]) -> int:
    """Run both passes and return 0 when both are green; one that selects no test is no failure."""
    chosen = [argument for argument in arguments if _is_chosen(argument)]
    options = [argument for argument in arguments if argument not in chosen]
    chosen = chosen or [str(TESTS)]
    on_both = _parts_for_postgresql(chosen)
    if not on_both:
        return _run([*ON_SQLITE, *options, *chosen]).wait()
    try:
        with postgresql_server() as url:
            return _run_side_by_side([*options, *chosen], [*options, *on_both], url)
    except ProgramMissing:
        # The tests that need it say so one by one, as skipped or, where services are required, as failed.
        return _run([*options, *chosen]).wait()


def _run_side_by_side(for_sqlite: Sequence[str], for_postgresql: Sequence[str], url: str) -> int:
    """Run both at once, since neither keeps two cores busy; PostgreSQL's pass is printed after the other."""
    with tempfile.TemporaryFile("w+") as output:
        beside = _run([*ON_POSTGRESQL, *for_postgresql], output=output.fileno(), DATABASE_URL=url)
        print("── on SQLite (PostgreSQL runs beside it, and reports afterwards) ──", flush=True)
        codes = [_run([*ON_SQLITE, *for_sqlite]).wait(), beside.wait()]
        output.seek(0)
        print("\n── on PostgreSQL ──", output.read(), sep="\n", flush=True)
    if all(code == NO_TESTS for code in codes):
        return NO_TESTS
    return max(code for code in codes if code != NO_TESTS)


def _run(arguments: Sequence[str], *, output: int | None = None, **environment: str) -> subprocess.Popen:
    """Start a pass, in several processes where that is worth it."""
    files = test_files(_path(argument) for argument in arguments if _is_chosen(argument))
    processes = PROCESSES if len(files) > FEW_FILES else []
    variables = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", "--durations=10", *processes, *arguments],
        env={**variables, **environment},
        stdout=output,
    )


def _path(argument: str) -> Path:
    """Return the file or folder of `tests/shop/test_x.py::test_one`."""
    return Path(argument.partition("::")[0]).absolute()


def _is_chosen(argument: str) -> bool:
    path = _path(argument)
    return path.exists() and path.is_relative_to(TESTS)


def _parts_for_postgresql(chosen: Sequence[str]) -> list[str]:
    """Return the files and tests among the chosen that PostgreSQL's pass has to collect."""
    parts = []
    for argument in chosen:
        files = [file for file in test_files([_path(argument)]) if needs_postgresql(file)]
        parts += [argument] if "::" in argument and files else [str(file) for file in files]
    return parts


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
