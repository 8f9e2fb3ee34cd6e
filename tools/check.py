"""`make check`: everything that can be known without running a test; one line for each check that holds."""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
TEMPLATES = ("articles", "cms", "home", "shop", "tools")
# As a server has it, with nothing real in it: enough for Django to judge the settings. Secrets are made anew:
# none that production would accept stands in this repository.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "cms.settings.production",
    "SECRET_KEY": secrets.token_urlsafe(50),
    "ALLOWED_HOSTS": "www.checkup.test",
    "PUBLIC_BASE_URL": "https://www.checkup.test",
    "DATABASE_URL": "postgres://checkup@127.0.0.1:1/checkup",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "EMAIL_URL": "smtp+tls://127.0.0.1:587",
    "DEFAULT_FROM_EMAIL": "hello@checkup.test",
    "STRIPE_SECRET_KEY": f"sk_live_{secrets.token_hex()}",
    "STRIPE_WEBHOOK_SECRET": f"whsec_{secrets.token_hex()}",
    "ENVIRONMENT_FILE": "",
}
Check = tuple[str, Sequence[str], Mapping[str, str]]


def checks() -> list[Check]:
    """Return each check's name, command and additional environment."""
    python, manage = sys.executable, "manage.py"
    return [
        ("style", [_tool("ruff"), "check", "."], {}),
        ("layout", [_tool("ruff"), "format", "--check", "."], {}),
        ("rules", [python, "-m", "tools.house_rules"], {}),
        ("templates", [_tool("djlint"), "--lint", "--quiet", *TEMPLATES], {}),
        ("layers", [_tool("lint-imports"), "--no-logo"], {}),
        ("rooms", [python, "-m", "tools.rooms", "--check"], {}),
        ("types", [_tool("mypy"), "."], {}),
        ("settings", [python, manage, "check"], {}),
        ("migrations", [python, manage, "makemigrations", "--check", "--dry-run"], {}),
        ("deployment", [python, manage, "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
    ]


def main(names: Sequence[str]) -> int:
    """Run the named checks, or all, and return 1 when one does not hold."""
    chosen = [check for check in checks() if not names or check[0] in names]
    results = [_run(*check) for check in chosen]
    print(f"{sum(results)} of {len(results)} checks hold")
    return 0 if all(results) else 1


def _run(name: str, command: Sequence[str], environment: Mapping[str, str]) -> bool:
    started = time.monotonic()
    done = subprocess.run(  # noqa: S603 - the commands above
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    mark = "ok" if done.returncode == 0 else "FAILED"
    print(f"{name:<12}{mark:<8}{time.monotonic() - started:5.1f} s", flush=True)
    if done.returncode:
        print((done.stdout + done.stderr).rstrip(), flush=True)
    return done.returncode == 0


def _tool(name: str) -> str:
    return str(BIN / name)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
