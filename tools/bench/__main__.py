"""Loads the demo content into a scratch folder, starts gunicorn and the stand-in, and prints the table."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.bench.load import Row, add_to_basket, get_page, measure, place_order
from tools.bench.money.command import main as money
from tools.launch.configuration import ROOT
from tools.launch.ports import free_port, wait_for_answer
from tools.launch.processes import Child, stop

CACHED_FACTOR = 5  # a kept copy is quick: more of them for the same certainty
# The addresses come from the database: the first page of each type, whatever the demo is called today.
ADDRESSES = """
import json
from articles.models import ArticlePage
from shop.catalogue.models import PackagePage
article = ArticlePage.objects.live().order_by("pk").first()
package = PackagePage.objects.live().select_related("package").order_by("pk").first()
print(json.dumps({"article": article.url, "package": package.url, "sku": package.package.sku}))
"""
# No worker runs here, and a size that a reader has to wait for is not what is measured.
PICTURES = """
from cms.images.models import CustomImage
from cms.images.tasks import make_renditions
for image in CustomImage.objects.all():
    make_renditions(image.pk)
"""


def main() -> int:
    """Print the table and return 0. Raise UnexpectedStatus for a request that the site did not serve."""
    if sys.argv[1:2] == ["money"]:
        return money(sys.argv[2:])
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--count", type=int, default=400, help="requests for each row")
    parser.add_argument("--keep", type=Path, help="use this folder, and its demo content when it has some")
    count = parser.parse_args().count
    keep = parser.parse_args().keep
    with tempfile.TemporaryDirectory(prefix="checkup-bench-") as scratch:
        folder = (keep or Path(scratch)).absolute()
        folder.mkdir(parents=True, exist_ok=True)
        print("Loading the demo content …", flush=True)
        environment = _environment(folder)
        _manage(environment, "prepare", "--verbosity", "0")
        _manage(environment, "shell", "--no-imports", "-c", PICTURES)
        places = json.loads(_manage(environment, "shell", "--no-imports", "-c", ADDRESSES))
        rows = _measure_all(environment, places, count)
    _print(rows)
    return 0


def _measure_all(environment: dict[str, str], places: dict[str, str], count: int) -> list[Row]:
    pages = {
        "home": "/",
        "article": places["article"],
        "package": places["package"],
        "search": "/search/?q=thyroid",
    }
    sku = places["sku"]
    rows = []
    with _site({**environment, "PAGE_CACHE": "0"}) as port:
        rows.append(measure("trivial Django view", get_page, "/bench/trivial/", port=port, count=count * 2))
        rows += [measure(name, get_page, path, port=port, count=count) for name, path in pages.items()]
        rows.append(measure("add to basket", add_to_basket, sku, port=port, count=count))
        rows.append(measure("place order", place_order, sku, port=port, count=count // 4))
    with _site({**environment, "PAGE_CACHE": "1"}) as port:
        for name, path in pages.items():
            rows.append(measure(f"{name}, kept", get_page, path, port=port, count=count * CACHED_FACTOR))
    return rows


@contextmanager
def _site(environment: dict[str, str]) -> Iterator[int]:
    """Run gunicorn and the stand-in and yield the site's port.

    There is no worker: its work on the mails is not what is measured.
    """
    port, standin_port = free_port(), free_port()
    environment = {
        **environment,
        "PORT": str(port),
        "STANDIN_PORT": str(standin_port),
        "PUBLIC_BASE_URL": f"http://localhost:{port}",
    }
    output: list[str] = []
    commands = {
        "web": ["-m", "gunicorn", "--config", "gunicorn.conf.py", "cms.wsgi"],
        "stand-in": ["-m", "tools.stripe_standin", "--port", str(standin_port)],
    }
    children = [
        Child(
            name,
            [sys.executable, *command],
            environment=environment,
            directory=ROOT,
            report=lambda _name, line: output.append(line),
        )
        for name, command in commands.items()
    ]
    try:
        if not wait_for_answer(
            f"http://127.0.0.1:{port}/readyz",
            seconds=60,
            is_alive=lambda: all(child.exit_code() is None for child in children),
        ):
            raise SystemExit("The site did not start:\n" + "\n".join(output))
        yield port
    finally:
        stop(children)


def _environment(folder: Path) -> dict[str, str]:
    ignored = ("STRIPE_", "STANDIN_", "EMAIL_", "DEBUG")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(ignored)}
    return {
        **inherited,
        "DJANGO_SETTINGS_MODULE": "tools.bench.settings",
        "ENVIRONMENT_FILE": "",
        "VAR_DIR": str(folder),
        "GUNICORN_LOG_LEVEL": "error",
    }


def _manage(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(  # noqa: S603 - the arguments are in this file
        [sys.executable, "manage.py", *arguments],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return done.stdout


def _print(rows: list[Row]) -> None:
    workers, threads = os.environ.get("WEB_CONCURRENCY", "2"), os.environ.get("WEB_THREADS", "4")
    print(f"gunicorn: {workers} × {threads} threads; {os.cpu_count()} cores, shared with the client\n")
    print(f"{'':<22}{'requests/s':>12}{'median ms':>12}{'p99 ms':>12}{'queries':>10}")
    for row in rows:
        print(
            f"{row.name:<22}{row.requests_a_second:>12.0f}{row.median_milliseconds:>12.1f}"
            f"{row.slowest_percent_milliseconds:>12.1f}{row.queries:>10}"
        )


if __name__ == "__main__":
    sys.exit(main())
