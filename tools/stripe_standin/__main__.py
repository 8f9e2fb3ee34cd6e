"""`python -m tools.stripe_standin`: the stand-in as a process of its own."""

import argparse
import logging
import os
import signal
import sqlite3
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from configuration import description, load

from . import faults
from .configuration import SECRET_KEY, WEBHOOK_SECRET, Configuration, refusal

CANNOT_START = 2


def argument_parser(environment: Mapping[str, str]) -> argparse.ArgumentParser:
    """Return the command line, with the environment for what it does not say."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.stripe_standin",
        description="A stateful Stripe for development and tests. No money moves.",
        epilog="Faults: " + "; ".join(f"{kind} ({effect})" for kind, (_, effect) in faults.KINDS.items()),
    )
    parser.add_argument("--host", default=environment.get("STANDIN_HOST", "127.0.0.1"))
    parser.add_argument("--port", type=int, default=environment.get("STANDIN_PORT", "8021"))
    parser.add_argument("--public-url", default=environment.get("STANDIN_PUBLIC_URL"))
    parser.add_argument("--store", default=environment.get("STANDIN_STORE", ":memory:"))
    parser.add_argument("--webhook-url", default=environment.get("STANDIN_WEBHOOK_URL"))
    parser.add_argument(
        "--webhook-secret", default=environment.get("STRIPE_WEBHOOK_SECRET") or WEBHOOK_SECRET
    )
    parser.add_argument("--secret-key", default=environment.get("STRIPE_SECRET_KEY") or SECRET_KEY)
    parser.add_argument("--seed", type=int, help="repeat the same chances for faults with a probability")
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="KIND[,count=N][,probability=P][,match=PATTERN][,seconds=S][,copies=N]",
        help="let something go wrong from the start; may be given more than once",
    )
    parser.add_argument("--verbose", action="store_true", help="a line for each request and webhook")
    return parser


def main(given: Sequence[str], environment: Mapping[str, str]) -> int:
    """Serve until SIGTERM or SIGINT. Return the exit status, 2 if it must not or cannot start."""
    options = argument_parser(environment).parse_args(given)
    configuration = Configuration(
        host=options.host,
        port=options.port,
        store=options.store,
        webhook_url=options.webhook_url or None,
        webhook_secret=options.webhook_secret,
        secret_key=options.secret_key,
        public_url=options.public_url or None,
        known_at=tuple(filter(None, [environment.get("STANDIN_URL")])),
        seed=options.seed,
    )
    reason = refusal(configuration, environment)
    if reason:
        return fail(reason)
    logging.basicConfig(
        level=logging.DEBUG if options.verbose else logging.WARNING, format="stand-in: %(message)s"
    )
    try:
        planned = [faults.parse_fault(text) for text in options.fault]
        return serve(configuration, planned)
    except ValueError as unusable:
        return fail(str(unusable))
    except (OSError, sqlite3.Error) as trouble:
        return fail(f"The payment stand-in cannot start: {trouble}")


def serve(configuration: Configuration, planned: Sequence[faults.Fault]) -> int:
    """Run a server with these faults until a signal asks it to stop."""
    # The SDK's types take a moment to load, which a refusal need not wait for.
    from .server import Server

    if configuration.store != ":memory:":
        Path(configuration.store).absolute().parent.mkdir(parents=True, exist_ok=True)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    server = Server(configuration)
    for fault in planned:
        faults.add(server.context.store, fault)
    server.start()
    print(f"The payment stand-in ({description(os.environ)}) listens on {server.context.address}", flush=True)
    stop.wait()
    server.stop()
    return 0


def fail(reason: str) -> int:
    """Print one line on the error stream and return the exit status."""
    print(reason, file=sys.stderr)
    return CANNOT_START


if __name__ == "__main__":
    load()
    sys.exit(main(sys.argv[1:], os.environ))
