"""What grows, shines and flows in the demo pictures."""

from collections.abc import Sequence

from tools.illustrations.canvas import Canvas, Fill
from tools.illustrations.palette import AMBER, DEEP, FERN, HONEY, LEAF, MINT, PAPER, SUN, Gradient, mix
from tools.illustrations.shapes import (
    HEIGHT,
    WIDTH,
    Point,
    Polygon,
    Shape,
    along,
    arc,
    bend,
    bounds,
    box,
    curve,
    drop,
    ellipse,
    ground,
    half_leaf,
    leaf,
    moved,
    pebble,
    stroke,
)

GOLD = Gradient(HONEY, AMBER)
EVERYWHERE = box(-40, -40, WIDTH + 40, HEIGHT + 40)


def sky(canvas: Canvas, top: str, bottom: str, horizon: float = 900) -> None:
    """Cover everything with a sky that reaches its lower colour at the horizon."""
    canvas.paint(EVERYWHERE, bottom)
    canvas.paint(box(-40, -40, WIDTH + 40, horizon), Gradient(top, bottom))


def sun(
    canvas: Canvas,
    centre: Point,
    radius: float,
    fill: Fill = GOLD,
    *,
    halo: str = SUN,
    rings: int = 3,
    strength: float = 0.28,
) -> None:
    """Draw a disc in stepped rings of light."""
    for ring in range(rings, 0, -1):
        canvas.paint(ellipse(centre, radius * (1 + 0.34 * ring)), halo, opacity=strength)
    canvas.paint(ellipse(centre, radius), fill)


def hill(
    canvas: Canvas,
    skyline: Sequence[Point],
    top: str,
    bottom: str,
    *,
    shadow: float = 0.16,
    rim: float = 0.35,
) -> Shape:
    """Draw a layer of land with a soft shadow behind and a lit upper edge; give its outline."""
    shape = ground(skyline)
    if shadow:
        canvas.shade(shape, opacity=shadow, blur=34, offset=(0, -8))
    canvas.paint(shape, Gradient(top, bottom))
    if rim:
        light = mix(top, PAPER, 0.5)
        canvas.paint(stroke(curve(skyline), 5), light, opacity=rim, clip=shape)
    return shape


def cloud(canvas: Canvas, centre: Point, length: float, colour: str = PAPER, opacity: float = 0.7) -> None:
    """Draw a flat cloud of three bars with round ends."""
    x, y = centre
    height = length * 0.1
    bars = [
        (x - length * 0.5, x + length * 0.36, y),
        (x - length * 0.22, x + length * 0.5, y - height),
        (x - length * 0.3, x + length * 0.16, y + height),
    ]
    shape = [box(left, mid - height / 2, right, mid + height / 2, height / 2)[0] for left, right, mid in bars]
    canvas.paint(shape, colour, opacity=opacity)


def blade(
    canvas: Canvas,
    base: Point,
    tip: Point,
    width: float,
    colour: str,
    *,
    lean: float = 0,
    light: str | None = None,
    vein: bool = True,
) -> None:
    """Draw a leaf of two tones with a fine vein."""
    canvas.paint(leaf(base, tip, width, lean), colour)
    canvas.paint(half_leaf(base, tip, width, lean), light or mix(colour, SUN, 0.16))
    if vein:
        line = bend(base, tip, lean)
        canvas.paint(stroke(line[: int(len(line) * 0.86)], 5, 2), mix(colour, PAPER, 0.4))


def sprig(
    canvas: Canvas,
    stem: Polygon,
    colour: str,
    *,
    pairs: int = 5,
    size: float = 120,
    width: float = 0.42,
    start: float = 0.3,
    spread: float = 0.9,
    stem_width: float = 9,
    light: str | None = None,
) -> None:
    """Draw a stem along a line with pairs of leaves that grow smaller towards its tip."""
    canvas.paint(stroke(stem, stem_width, stem_width * 0.4), mix(colour, DEEP, 0.2))
    last = len(stem) - 1
    for pair in range(pairs):
        share = start + (0.94 - start) * pair / max(1, pairs - 1)
        index = min(last - 1, max(1, round(share * last)))
        base, ahead = stem[index], stem[min(last, index + 1)]
        behind = stem[index - 1]
        direction = (ahead[0] - behind[0], ahead[1] - behind[1])
        length = (direction[0] ** 2 + direction[1] ** 2) ** 0.5 or 1
        ux, uy = direction[0] / length, direction[1] / length
        reach = size * (1 - 0.45 * share)
        for side in (-1, 1):
            tip = (
                base[0] + (ux * 0.75 - uy * side * spread) * reach,
                base[1] + (uy * 0.75 + ux * side * spread) * reach,
            )
            blade(canvas, base, tip, width, colour, lean=0.12 * side, light=light, vein=reach > 70)
    tip = stem[-1]
    before = stem[-4]
    blade(canvas, tip, along(before, tip, 1 + size * 0.55 / max(1, _distance(before, tip))), width, colour)


def grass(
    canvas: Canvas,
    left: float,
    right: float,
    base: float,
    height: float,
    colours: Sequence[str],
    count: int = 24,
    lean: float = 0.12,
) -> None:
    """Draw a stand of grass between two positions."""
    for _ in range(count):
        x = canvas.random.uniform(left, right)
        tall = height * canvas.random.uniform(0.55, 1)
        side = canvas.random.choice((-1, 1))
        tip = (x + side * tall * canvas.random.uniform(0.05, 0.35), base - tall)
        line = bend((x, base), tip, -side * lean)
        canvas.paint(stroke(line, 13, 2), canvas.random.choice(colours))


def stone(
    canvas: Canvas,
    centre: Point,
    rx: float,
    ry: float,
    colour: str,
    *,
    turn: float = 0,
    shadow: float = 0.22,
) -> Shape:
    """Draw a smooth stone that is lit from above; give its outline."""
    shape = pebble(centre, rx, ry, turn=turn, squareness=2.35)
    if shadow:
        canvas.shade(shape, opacity=shadow, blur=22, offset=(10, 16))
    rounded(canvas, shape, colour)
    return shape


def rounded(canvas: Canvas, shape: Shape, colour: str, *, depth: float = 0.3, light: float = 0.24) -> None:
    """Fill a shape so that it looks round: light above left, darker below right."""
    left, top, right, bottom = bounds(shape)
    canvas.paint(shape, Gradient(mix(colour, SUN, light), mix(colour, DEEP, depth * 0.35)))
    inner = moved(shape, -(right - left) * 0.09, -(bottom - top) * 0.16)
    canvas.shade(inner, colour=mix(colour, SUN, light), opacity=0.75, blur=(bottom - top) * 0.06, clip=shape)


def tree(canvas: Canvas, base: Point, height: float, colour: str, *, slim: float = 0.34) -> None:
    """Draw a small cypress or round tree, two-toned."""
    x, y = base
    crown = ellipse((x, y - height * 0.58), height * slim / 2, height * 0.42)
    canvas.paint(stroke([(x, y), (x, y - height * 0.5)], height * 0.05), mix(colour, DEEP, 0.5))
    canvas.paint(crown, colour)
    canvas.paint(moved(crown, height * slim * 0.28, 0), mix(colour, DEEP, 0.22), opacity=0.8, clip=crown)


def wood(
    canvas: Canvas, spots: Sequence[tuple[float, float, float]], colour: str, slim: float = 0.34
) -> None:
    """Draw trees at (x, y, height)."""
    for x, y, height in spots:
        tree(canvas, (x, y), height, colour, slim=slim)


def birds(
    canvas: Canvas, spots: Sequence[tuple[float, float, float]], colour: str = LEAF, opacity: float = 0.8
) -> None:
    """Draw far birds at (x, y, wingspan)."""
    for x, y, span in spots:
        wings = [
            *bend((x - span / 2, y - span * 0.1), (x, y), -0.16),
            *bend((x, y), (x + span / 2, y - span * 0.14), -0.16),
        ]
        canvas.paint(stroke(wings, span * 0.075), colour, opacity=opacity)


def water_drop(canvas: Canvas, centre: Point, radius: float, colour: str, *, stretch: float = 2.1) -> None:
    """Draw a drop with a window of light."""
    shape = drop(centre, radius, stretch)
    canvas.paint(shape, Gradient(mix(colour, PAPER, 0.25), mix(colour, DEEP, 0.14)))
    canvas.paint(
        moved(drop(centre, radius, stretch), -radius * 0.34, -radius * 0.22),
        mix(colour, PAPER, 0.3),
        opacity=0.45,
        clip=shape,
    )
    x, y = centre
    canvas.paint(stroke(arc((x, y), radius * 0.66, 115, 185), radius * 0.12), PAPER, opacity=0.7)


def ripples(
    canvas: Canvas,
    centre: Point,
    radii: Sequence[float],
    colour: str,
    *,
    flat: float = 0.26,
    width: float = 8,
) -> None:
    """Draw rings on still water."""
    for index, radius in enumerate(radii):
        outer = ellipse(centre, radius, radius * flat)[0]
        line = [*outer, outer[0]]
        canvas.paint(stroke(line, width), colour, opacity=max(0.15, 0.75 - 0.15 * index))


def waves(
    canvas: Canvas, top: float, layers: Sequence[tuple[str, str]], *, step: float = 95, swell: float = 34
) -> None:
    """Draw rows of waves, each in front of the last."""
    for index, (light, dark) in enumerate(layers):
        shift = canvas.random.uniform(-150, 150)
        line = [
            (x + shift, top + index * step + (swell if number % 2 else -swell) * (1 + 0.18 * index))
            for number, x in enumerate(range(-400, WIDTH + 500, 230))
        ]
        hill(canvas, line, light, dark, shadow=0.12, rim=0.4)


def pool(canvas: Canvas, centre: Point, rx: float, ry: float, colour: str = MINT) -> Shape:
    """Draw a still pool with a lit edge; give its outline."""
    shape = pebble(centre, rx, ry, squareness=2.3)
    canvas.paint(shape, Gradient(mix(colour, PAPER, 0.45), mix(colour, FERN, 0.3)))
    canvas.paint(moved(shape, 0, ry * 0.16), mix(colour, PAPER, 0.2), opacity=0.5, clip=shape)
    return shape


def _distance(start: Point, end: Point) -> float:
    return ((start[0] - end[0]) ** 2 + (start[1] - end[1]) ** 2) ** 0.5
