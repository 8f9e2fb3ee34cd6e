"""The whole suite, as `make test` runs it: on SQLite, then what both databases must do again on PostgreSQL.

Arguments go to pytest: `python -m tests.run tests/shop -k refund`.
"""

import os
import subprocess
import sys

from tests.services import ProgramMissing, postgresql_server

NO_TESTS = 5
PROCESSES = ["-n", os.environ.get("TEST_PROCESSES", "2"), "--dist", "loadfile"]


def main(arguments: list[str]) -> int:
    """Runs both passes; 0 when both are green. A pass that selects no test is no failure of the other."""
    try:
        with postgresql_server() as database_url:
            codes = [
                _pass("SQLite", [*PROCESSES, "-m", "not postgres", *arguments], {}),
                _pass(
                    "PostgreSQL",
                    [*PROCESSES, "-m", "(postgres or either_database) and not browser", *arguments],
                    {"DATABASE_URL": database_url},
                ),
            ]
    except ProgramMissing:
        # The tests that need it say so one by one, as skipped or, where services are required, as failed.
        codes = [_pass("SQLite", [*PROCESSES, *arguments], {})]
    if all(code == NO_TESTS for code in codes):
        return NO_TESTS
    return max((code for code in codes if code != NO_TESTS), default=0)


def _pass(name: str, arguments: list[str], environment: dict[str, str]) -> int:
    print(f"\n── on {name} ──", flush=True)
    variables = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(command, env={**variables, **environment}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
