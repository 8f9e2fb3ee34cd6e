"""Starts what a measurement needs on a fresh PostgreSQL, and prints figures and their ratios."""

import argparse
import logging
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from tools.torture.preparing import prepare
from tools.torture.site import Site


def main(arguments: list[str]) -> int:
    """Print each figure as soon as it is there, and return 0 when all could be measured."""
    options = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="checkup-bench-") as folder:
        site = Site(
            Path(folder),
            faults=(),
            sends_webhooks=False,
            DJANGO_SETTINGS_MODULE="tools.bench.settings",
            WEB_CONCURRENCY="1",
            GUNICORN_LOG_LEVEL="error",
        )
        try:
            _measure(site, options)
        finally:
            site.stop()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make bench ARGUMENTS=money", description=__doc__)
    parser.add_argument("--settlements", type=int, default=300, help="webhooks to settle (300)")
    parser.add_argument("--mails", type=int, default=300, help="mails to send (300)")
    parser.add_argument("--placed", type=int, default=200, help="orders to place at each size (200)")
    parser.add_argument("--sizes", type=int, nargs=2, default=[1_000, 1_000_000], metavar="ORDERS",
                        help="orders in the database, few and many (1000 1000000)")  # fmt: skip
    parser.add_argument("--dump", type=Path, help="begin with this dump of a migrated, empty database")
    return parser


def _measure(site: Site, options: argparse.Namespace) -> None:
    site.database.start()
    site.broker.start()
    for name in ("mail", "stand-in"):
        site.processes[name].start()
    site.wait_for_mail_server()
    prepare(site.environment, options.dump)
    # Only now is there a database that this process may be set up for.
    os.environ.update(site.environment)
    import django

    django.setup()
    # Two lines for each call would bury the figures.
    logging.getLogger("stripe").setLevel(logging.WARNING)
    from shop.catalogue.models import Package
    from tools.bench.money import mails, orders, settlements

    print(
        f"{os.cpu_count()} cores, shared with the clients; no commit waits for the disk\n",
        flush=True,
    )
    package = Package.objects.order_by("pk")[0]
    measurements: list[Callable[[], list[str]]] = [
        lambda: settlements.measure(site, package, options.settlements),
        lambda: mails.measure(site, options.mails),
        lambda: orders.measure(package, options.sizes, options.placed),
    ]
    for measurement in measurements:
        print("\n".join(measurement()), "\n", flush=True)
