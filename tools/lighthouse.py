"""`make lighthouse`: how Lighthouse rates the main pages on a phone."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.request import urlopen

from tools.launch.configuration import ROOT
from tools.launch.ports import free_port
from tools.launch.processes import Child, stop

VERSION = "12"
PAGES = {
    "home": "/",
    "article": "/articles/always-tired/",
    "questions": "/questions/before-you-buy/",
    "package": "/health-checks/essential-check/",
    "basket": "/basket/",
}
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
MAX_TRANSFER_BYTES = 45 * 1024
CHROME_FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"


def main() -> int:
    """Rate the site at SITE_URL, or one started for it. Return 1 when a rating or a budget is missed."""
    npx = shutil.which("npx")
    if npx is None:
        print("npx is missing: apt-get install npm", file=sys.stderr)
        return 1
    if address := os.environ.get("SITE_URL"):
        return _rate(npx, address.rstrip("/"))
    with tempfile.TemporaryDirectory(prefix="checkup-lighthouse-") as folder:
        site, address = _start(Path(folder))
        try:
            return _rate(npx, address)
        finally:
            stop([site], grace_seconds=20)


def _rate(npx: str, address: str) -> int:
    print(f"{'':<12}" + "".join(f"{name:>16}" for name in CATEGORIES) + f"{'shift':>8}{'KB*':>7}")
    ratings = [_rate_page(npx, name, address + path) for name, path in PAGES.items()]
    print("* transferred without pictures")
    return 0 if all(ratings) else 1


def _rate_page(npx: str, name: str, url: str) -> bool:
    with urlopen(url) as response:  # noqa: S310 - our own address
        response.read()  # The cached copy exists then, as it does for every reader but the first.
    with tempfile.NamedTemporaryFile(suffix=".json") as report:
        command = [npx, "--yes", f"lighthouse@{VERSION}", url, "--quiet", "--output=json"]
        command += [f"--output-path={report.name}", f"--chrome-flags={CHROME_FLAGS}"]
        environment = {**os.environ, "CHROME_PATH": _chromium(), "NO_UPDATE_NOTIFIER": "1"}
        subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - this
        result = json.loads(Path(report.name).read_text())
    scores = {key: round(result["categories"][key]["score"] * 100) for key in CATEGORIES}
    shift = result["audits"]["cumulative-layout-shift"]["numericValue"]
    size = _size_without_pictures(result)
    print(
        f"{name:<12}"
        + "".join(f"{scores[key]:>16}" for key in CATEGORIES)
        + f"{shift:>8.3f}{size / 1024:>7.1f}"
    )
    _print_faults(result)
    return min(scores.values()) == 100 and shift == 0 and size <= MAX_TRANSFER_BYTES


def _size_without_pictures(result: Mapping) -> int:
    items = result["audits"]["network-requests"]["details"]["items"]
    return sum(item.get("transferSize", 0) for item in items if item.get("resourceType") != "Image")


def _print_faults(result: Mapping) -> None:
    for category in CATEGORIES:
        for reference in result["categories"][category]["auditRefs"]:
            audit = result["audits"][reference["id"]]
            if reference["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                print(f"    {category}: {audit['title']} ({audit.get('displayValue', audit['score'])})")


def _chromium() -> str:
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        raise SystemExit("chromium is missing: apt-get install chromium")
    return found


def _start(folder: Path) -> tuple[Child, str]:
    """Start the site as `make run` does, with debug mode off. Return its process and address."""
    port = free_port()
    environment = {
        **os.environ,
        "VAR_DIR": str(folder),
        "PORT": str(port),
        "STANDIN_PORT": str(free_port()),
        "DEBUG": "0",
        "SECRET_KEY": "lighthouse-only-key-0123456789-0123456789-0123456789",
    }
    lines: list[str] = []
    site = Child(
        "site",
        [sys.executable, "-m", "tools.launch", "--no-install"],
        environment=environment,
        directory=ROOT,
        report=lambda _name, line: lines.append(line),
    )
    while not any("Ctrl-C" in line for line in lines):
        if site.exit_code() is not None:
            raise SystemExit("\n".join(lines))
        time.sleep(0.1)
    return site, f"http://localhost:{port}"


if __name__ == "__main__":
    sys.exit(main())
