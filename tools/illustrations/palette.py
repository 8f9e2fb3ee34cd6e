"""The colours of the demo pictures: the site's own tokens and steps between them."""

from typing import NamedTuple

PAPER = "#fffdf9"
SAND = "#f6f1e7"
MIST = "#e9f1ec"
TINT = "#d5e8df"
SAGE = "#b4d5c5"
MINT = "#8fbfa9"
FERN = "#4d8f78"
LEAF = "#0b5f4b"
DEEP = "#08382d"
NIGHT = "#052820"
SUN = "#fbe6b8"
HONEY = "#f7cf80"
AMBER = "#f2b84b"
PEACH = "#f6cba6"
APRICOT = "#eda273"
CLAY = "#d56f47"
CORAL = "#b93a1c"
WINE = "#7f2815"
DUNE = "#e9d9bb"
OAT = "#d9c49c"
INK = "#13251f"

Colour = tuple[int, int, int]


class Gradient(NamedTuple):
    """A fill that runs straight from one colour to another across a shape's bounding box."""

    start: str
    end: str
    across: bool = False


def rgb(colour: str) -> Colour:
    """Give the red, green and blue parts (0 to 255) of a colour written as ``#rrggbb``."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mix(first: str, second: str, share: float) -> str:
    """Give the colour that lies ``share`` (0 to 1) of the way from the first to the second."""
    parts = (round(a + (b - a) * share) for a, b in zip(rgb(first), rgb(second), strict=True))
    return "#" + "".join(f"{part:02x}" for part in parts)
