"""What no tool knows about this project's files: one line for each place that breaks a rule of the house."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MAX_LINES = 400

# A lock file or an image that names a host breaks wherever that host cannot be reached.
REGISTRY = re.compile(
    r"pypi\.org|pythonhosted\.org|registry\.npmjs|deb\.debian\.org|(?:docker|ghcr|quay|gcr)\.io/|--(?:extra-)?index-url"
)
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX)\b")
# A Pragma that silences a tool says why, behind a dash or in the words before it.
SILENCED = re.compile(r"#\s*(?:type:\s*ignore(?:\[[^]]*\])?|noqa(?::\s*[A-Z0-9, ]+)?)\s*$")
INLINE = (
    (re.compile(r"<style\b", re.IGNORECASE), "an inline style sheet"),
    (re.compile(r"\sstyle\s*=\s*[\"']", re.IGNORECASE), "an inline style"),
    (re.compile(r"\son[a-z]+\s*=\s*[\"']", re.IGNORECASE), "an inline event handler"),
    (re.compile(r"<script\b(?![^>]*\b(?:src=|type=[\"']application/))", re.IGNORECASE), "an inline script"),
    (re.compile(r"(?:src|srcset)=[\"'](?:https?:)?//", re.IGNORECASE), "a file from another host"),
)
# Mail programs read no style sheet and forbid scripts by themselves; the stand-in is no page of the site.
OTHER_RULES = ("shop/mail/templates/", "tools/stripe_standin/")


def main() -> int:
    """Print every broken rule with its place, and return 1 when there is one."""
    faults = [fault for path in _files() for fault in faults_of(path.relative_to(ROOT), path)]
    for fault in faults:
        print(fault)
    return 1 if faults else 0


def faults_of(name: Path, path: Path) -> Iterator[str]:
    """Yield the broken rules of one file, as `path:line: message`."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:  # a picture
        return
    is_own_rule = str(name) == "tools/house_rules.py"
    for number, line in enumerate(lines, start=1):
        for message in _line_faults(name, line, is_own_rule=is_own_rule):
            yield f"{name}:{number}: {message}"
    if name.suffix == ".py" and len(lines) > MAX_LINES:
        yield f"{name}:{len(lines)}: longer than {MAX_LINES} lines"


def _line_faults(name: Path, line: str, *, is_own_rule: bool) -> Iterator[str]:
    if is_own_rule:
        return
    if REGISTRY.search(line):
        yield "names a package registry's host"
    if name.suffix in {".py", ".html", ".css", ".js"} and UNFINISHED.search(line):
        yield "unfinished"
    if name.suffix == ".py" and SILENCED.search(line):
        yield "silences a tool without a reason"
    if name.suffix == ".html" and not str(name).startswith(OTHER_RULES):
        for pattern, what in INLINE:
            if pattern.search(line):
                yield f"{what}, which the content security policy refuses"


def _files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],  # noqa: S607 - git of the PATH
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    names = listed.stdout.splitlines()
    return [ROOT / name for name in names if (ROOT / name).is_file() and not name.endswith(".lock")] + [
        ROOT / "requirements.lock",
        ROOT / "requirements-production.lock",
    ]


if __name__ == "__main__":
    sys.exit(main())
