"""`make torture`: starts everything in a scratch folder, kills parts of it during purchases, and audits."""

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

import requests

from tests.services import ProgramMissing
from tools.torture.browser import Progress
from tools.torture.buyers import Tally, buy_all, plan_purchases
from tools.torture.preparing import prepare
from tools.torture.saboteur import Saboteur
from tools.torture.sink import accepted_mails
from tools.torture.site import Site

PROGRAM_MISSING = 2


def main(arguments: list[str]) -> int:
    """Return 0 when everything adds up, 1 with a list of what does not, 2 when a program is missing."""
    options = _parser().parse_args(arguments)
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(10**6)
    print(f"seed {seed}, {options.purchases} purchases", flush=True)
    with tempfile.TemporaryDirectory(prefix="checkup-torture-") as scratch:
        folder = (options.keep or Path(scratch)).absolute()
        folder.mkdir(parents=True, exist_ok=True)
        try:
            site = Site(folder, seed=seed)
        except ProgramMissing as missing:
            print(missing, file=sys.stderr)
            return PROGRAM_MISSING
        # Nothing of it may outlive a script that is told to end.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))
        try:
            return _torture(site, options, seed)
        finally:
            site.stop()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make torture", description=__doc__)
    parser.add_argument("--purchases", type=int, default=200, help="how many (200)")
    parser.add_argument("--seed", type=int, help="the same plan again; the moments are the machine's")
    parser.add_argument("--rounds", type=int, default=3, help="times that each kind of sabotage is done (3)")
    parser.add_argument("--patience", type=float, default=900, help="seconds for all to calm down (900)")
    parser.add_argument("--dump", type=Path, help="begin with this dump of a migrated, empty database")
    parser.add_argument("--keep", type=Path, help="an empty folder for the logs, kept afterwards")
    return parser


def _torture(site: Site, options: argparse.Namespace, seed: int) -> int:
    site.database.start()
    packages = prepare(site.environment, options.dump)
    site.start()
    began = time.monotonic()
    tally, saboteur = _storm(site, options, seed, packages)
    print(f"the storm took {time.monotonic() - began:.0f} s", flush=True)
    # Only now is there a database that this process may be set up for.
    os.environ.update(site.environment)
    import django

    django.setup()
    return _audit(site, options, tally, saboteur)


def _storm(
    site: Site, options: argparse.Namespace, seed: int, packages: list[tuple[str, str]]
) -> tuple[Tally, Saboteur]:
    generator = random.Random(seed)  # noqa: S311 - it chooses behaviour, not secrets
    purchases = plan_purchases(options.purchases, packages, generator)
    progress = Progress()
    saboteur = Saboteur(site, progress, random.Random(generator.random()), rounds=options.rounds)  # noqa: S311 - no secret
    saboteur.start()
    tally = buy_all(purchases, progress, site_url=site.url, standin_url=site.standin_url)
    saboteur.end()
    return tally, saboteur


def _audit(site: Site, options: argparse.Namespace, tally: Tally, saboteur: Saboteur) -> int:
    from tools.torture.audit import Evidence, findings
    from tools.torture.calm import StillBusy, calm_down
    from tools.torture.report import print_report

    problems = []
    began = time.monotonic()
    try:
        output = calm_down(site, seconds=options.patience)
        print(f"quiet after {time.monotonic() - began:.0f} s; the reconciler said: {output}")
    except StillBusy as busy:
        problems.append(str(busy))
    evidence = Evidence(
        books=requests.get(f"{site.standin_url}/_standin/books", timeout=60).json(),
        accepted_message_ids=[mail["message_id"] for mail in accepted_mails(site.mails)],
    )
    starts = {name: process.starts for name, process in site.processes.items()}
    print_report(tally, saboteur.done, starts, evidence)
    if not any(line["received"] for line in evidence.books["payment_intents"]):
        problems.append("nothing was paid for, so nothing was proved")
    problems += findings(evidence)
    for problem in problems:
        print(f"WRONG       {problem}")
    print(f"{len(problems)} things do not add up" if problems else "everything adds up")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
