"""An empty shop with something to sell, on a database that was migrated now or is taken from a dump."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.services import find_program
from tools.launch.configuration import ROOT

SEEDING = """
import json
from tests.factories.shop import make_package_page
from tests.factories.shop import make_package, make_ready_to_sell, make_site, make_site_settings
make_site()
make_site_settings()
make_ready_to_sell()
pages = [make_package_page(make_package(price_amount=amount)) for amount in (4900, 9900, 19950)]
print(json.dumps([(page.url, page.package.sku) for page in pages]))
"""


def prepare(environment: Mapping[str, str], dump: Path | None) -> list[tuple[str, str]]:
    """Make a shop and return the path and the SKU of each package on sale. Raise SystemExit on failure."""
    if dump:
        psql = find_program("psql", package="postgresql-client")
        run(
            [psql, "--quiet", "--set=ON_ERROR_STOP=1", "--file", str(dump), environment["DATABASE_URL"]],
            environment,
        )
    else:
        manage(environment, "migrate", "--verbosity", "0")
    return [
        (path, sku) for path, sku in json.loads(manage(environment, "shell", "--no-imports", "-c", SEEDING))
    ]


def manage(environment: Mapping[str, str], *arguments: str) -> str:
    """Run `manage.py` with these arguments and return its output. Raise SystemExit with it on failure."""
    return run([sys.executable, "manage.py", *arguments], environment)


def run(command: list[str], environment: Mapping[str, str]) -> str:
    """Run the command and return its output. Raise SystemExit with it on failure."""
    done = subprocess.run(  # noqa: S603 - the commands are in this file
        command, env=dict(environment), cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command[:3])} failed:\n{done.stdout}{done.stderr}")
    return done.stdout
