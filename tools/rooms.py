"""Draws docs/rooms.md from import-linter's layers, so that the diagram says what `make check` proves.

`python -m tools.rooms` writes the page, `--check` says whether it is up to date.
"""

import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "rooms.md"
HEAD = """# Rooms

A room imports only from rooms below it. Rooms in one box are side by side: with a bar between them, neither
imports the other. README.md says what each is for. Made by `python -m tools.rooms` from the layers in
`pyproject.toml`; do not edit.

"""


def main(arguments: Sequence[str]) -> int:
    """Write the page and return 0; with `--check`, return 1 when it is out of date."""
    page = render(_layers())
    if "--check" not in arguments:
        PAGE.write_text(page, encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == page:
        return 0
    print(f"{PAGE.relative_to(ROOT)} is out of date: python -m tools.rooms")
    return 1


def render(layers: Sequence[str]) -> str:
    """Return the page for these layers, the highest first, each as import-linter writes it ("a | b : c")."""
    boxes = [f'    layer{number}["{_label(layer)}"]' for number, layer in enumerate(layers)]
    arrows = [f"    layer{number} --> layer{number + 1}" for number in range(len(layers) - 1)]
    return HEAD + "\n".join(["```mermaid", "flowchart TB", *boxes, *arrows, "```", ""])


def _label(layer: str) -> str:
    return layer.replace(" : ", " · ")


def _layers() -> list[str]:
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    return next(contract["layers"] for contract in linter["contracts"] if contract["type"] == "layers")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
