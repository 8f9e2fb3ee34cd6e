"""Still lifes on a ledge before an arched window, for the first five packages."""

from tools.illustrations.canvas import Canvas
from tools.illustrations.nature import blade, rounded, sprig, water_drop
from tools.illustrations.objects import butterfly, foot_shadow, heart, niche, reveal, shelf, tube, vase
from tools.illustrations.palette import (
    AMBER,
    APRICOT,
    CLAY,
    CORAL,
    DEEP,
    DUNE,
    FERN,
    HONEY,
    LEAF,
    MINT,
    MIST,
    OAT,
    PAPER,
    PEACH,
    SAGE,
    SAND,
    SUN,
    TINT,
    WINE,
    Gradient,
    mix,
)
from tools.illustrations.shapes import (
    Point,
    Polygon,
    Shape,
    arc,
    bend,
    box,
    curve,
    ellipse,
    pebble,
    polar,
    stroke,
)

LOW_POT = ((120, 760), (150, 800), (158, 880), (120, 985))
ROUND_VASE = ((46, 640), (52, 690), (150, 800), (158, 900), (90, 985))
BOTTLE = ((34, 600), (36, 700), (104, 800), (112, 900), (92, 985))


def tubes_with_cuttings(canvas: Canvas) -> None:
    """The essential check: a row of sample tubes, each with its own colour and its own cutting."""
    window(canvas, TINT, SUN, mix(SUN, PEACH, 0.4), (SAGE, MINT, FERN), (640, 420, 120))
    shelf(canvas, SAND)
    foot_shadow(canvas, (800, 1000), 470)
    for x, filling, cutting, tip in (
        (480, CORAL, FERN, (410, 300)),
        (640, AMBER, LEAF, (620, 210)),
        (800, MINT, FERN, (815, 260)),
        (960, CLAY, LEAF, (990, 205)),
        (1120, HONEY, FERN, (1190, 310)),
    ):
        stem = curve([(x, 830), (x + (tip[0] - x) * 0.1, 620), tip])
        sprig(canvas, stem, cutting, pairs=4, size=112, start=0.5, stem_width=10)
        tube(canvas, x, 500, 965, 96, filling, level=0.62)
    canvas.paint(box(380, 860, 1220, 910, 25), Gradient(OAT, mix(OAT, CLAY, 0.35)))
    canvas.paint(box(380, 860, 1220, 872, 6), SUN, opacity=0.7)
    for x in (400, 1160):
        canvas.paint(box(x, 880, x + 40, 1004, 12), mix(OAT, CLAY, 0.4))
    for x, y, radius in ((250, 970, 62), (345, 990, 40)):
        foot_shadow(canvas, (x, y + radius * 0.8), radius)
        rounded(canvas, ellipse((x, y), radius), CORAL if radius > 50 else AMBER)
    blade(canvas, (250, 912), (315, 830), 0.5, LEAF, lean=-0.1)


def sunrise_with_oranges(canvas: Canvas) -> None:
    """Energy: a rayed sunrise in the window, oranges and a sprig of leaves on the ledge."""
    opening = niche(canvas, PEACH, mix(SUN, PAPER, 0.2), HONEY)
    centre = (800.0, 660.0)
    for index in range(13):
        angle = 180 + index * 15
        wedge = [[centre, polar(centre, 620, angle - 3.4), polar(centre, 620, angle + 3.4)]]
        canvas.paint(wedge, AMBER, opacity=0.4, clip=opening)
    for ring, strength in ((1.5, 0.45), (1.24, 0.55)):
        canvas.paint(ellipse(centre, 210 * ring), SUN, opacity=strength, clip=opening)
    canvas.paint(ellipse(centre, 210), Gradient(AMBER, CLAY), clip=opening)
    distant_land(canvas, opening, (MINT, FERN, LEAF), 700)
    reveal(canvas, opening)
    shelf(canvas, mix(SAND, PEACH, 0.25))
    for x, y, radius, colour in ((1095, 900, 112, mix(AMBER, CLAY, 0.45)), (1290, 925, 88, AMBER)):
        foot_shadow(canvas, (x, y + radius * 0.9), radius * 1.1)
        rounded(canvas, ellipse((x, y), radius), colour)
        canvas.paint(pebble((x - 4, y - radius * 0.86), 14, 7), LEAF)
    blade(canvas, (1092, 802), (1210, 700), 0.46, LEAF, lean=-0.12)
    _orange_slice(canvas, (955, 985), 118)
    vase(canvas, ROUND_VASE, 480, LEAF, MINT)
    for tip, middle, colour in (
        ((330, 250), (420, 440), FERN),
        ((500, 180), (490, 420), LEAF),
        ((650, 300), (560, 470), FERN),
    ):
        sprig(canvas, curve([(480, 660), middle, tip]), colour, pairs=6, size=128, start=0.25, stem_width=11)


def distant_land(canvas: Canvas, opening: Shape, colours: tuple[str, str, str], level: float) -> None:
    """Draw hills that are seen only through the window."""
    far, middle, near = colours
    for index, (light, dark) in enumerate(((far, middle), (middle, near))):
        y = level + index * 120
        line = curve([(330, y), (560, y - 50 + index * 70), (860, y + 30 - index * 70), (1270, y - 20)])
        land = [[*line, (1270, 1010), (330, 1010)]]
        canvas.shade(land, opacity=0.14, blur=26, offset=(0, -8), clip=opening)
        canvas.paint(land, Gradient(light, dark), clip=opening)


def window(
    canvas: Canvas,
    wall: str,
    light: str,
    dark: str,
    land: tuple[str, str, str],
    disc: tuple[float, float, float],
    colour: str = AMBER,
    *,
    peak: bool = False,
) -> None:
    """Draw a wall with a window on hills, perhaps a mountain, and a sun at (x, y, radius)."""
    opening = niche(canvas, wall, light, dark)
    x, y, radius = disc
    for ring in (1.7, 1.35):
        canvas.paint(ellipse((x, y), radius * ring), PAPER, opacity=0.28, clip=opening)
    canvas.paint(ellipse((x, y), radius), Gradient(mix(colour, SUN, 0.5), colour), clip=opening)
    if peak:
        summit = (880, 310)
        canvas.paint([[(440, 900), summit, (1340, 900)]], Gradient(mix(FERN, MINT, 0.5), FERN), clip=opening)
        canvas.paint(
            [[summit, (830, 540), (930, 680), (870, 900), (1340, 900)]],
            mix(FERN, LEAF, 0.5),
            opacity=0.6,
            clip=opening,
        )
        snow: Polygon = [summit, (798, 420), (846, 402), (880, 448), (926, 400), (984, 443)]
        canvas.paint([snow], PAPER, clip=opening)
    distant_land(canvas, opening, land, 690)
    reveal(canvas, opening)


def _orange_slice(canvas: Canvas, base: Point, radius: float) -> None:
    """Draw half an orange slice that stands on its rind."""
    centre = (base[0], base[1] - radius)
    foot_shadow(canvas, base, radius)
    canvas.paint(ellipse(centre, radius), mix(AMBER, CLAY, 0.5))
    canvas.paint(ellipse(centre, radius * 0.88), SUN)
    for index in range(8):
        first, last = index * 45 + 5, index * 45 + 40
        piece = [polar(centre, radius * 0.12, (first + last) / 2), *arc(centre, radius * 0.78, first, last)]
        canvas.paint([piece], Gradient(HONEY, mix(AMBER, CLAY, 0.4)))


def heart_shaped_leaves(canvas: Canvas) -> None:
    """Heart health: a plant whose leaves are hearts, the middle one coral with branching veins."""
    window(canvas, mix(SAND, TINT, 0.3), TINT, MIST, (PEACH, APRICOT, CLAY), (1010, 400, 105))
    shelf(canvas, SAND)
    stems = (
        ((800, 800), (520, 520), 0.14, (525, 480), 125, FERN),
        ((800, 800), (1090, 500), -0.14, (1085, 470), 138, LEAF),
        ((800, 800), (600, 330), 0.1, (600, 290), 92, MINT),
        ((800, 800), (1000, 270), -0.1, (1000, 235), 80, FERN),
        ((800, 800), (800, 520), 0.02, (800, 500), 215, CORAL),
    )
    for start, end, bow, spot, size, colour in stems:
        canvas.paint(stroke(bend(start, end, bow), 15, 9), LEAF)
        shape = heart(spot, size)
        canvas.shade(shape, opacity=0.22, blur=16, offset=(12, 18))
        canvas.paint(shape, Gradient(mix(colour, SUN, 0.25), mix(colour, DEEP, 0.15)))
        x, y = spot
        vein = mix(colour, PAPER, 0.5)
        canvas.paint(stroke([(x, y - size * 0.42), (x, y + size * 0.86)], size * 0.045, 3), vein)
        for rise, reach in ((0.3, 0.66), (0.0, 0.74), (-0.25, 0.6)):
            for side in (-1, 1):
                twig = bend(
                    (x, y - size * (rise - 0.25)),
                    (x + side * size * reach, y - size * (rise + 0.18)),
                    0.12 * side,
                )
                canvas.paint(stroke(twig, size * 0.03, 2), vein, clip=shape)
    vase(canvas, LOW_POT, 800, CLAY, SUN)
    for x, y, radius, colour in ((1190, 932, 56, AMBER), (1290, 950, 38, CORAL), (400, 940, 48, MINT)):
        foot_shadow(canvas, (x, y + radius * 0.9), radius)
        rounded(canvas, ellipse((x, y), radius), colour)


def pear_and_sugar(canvas: Canvas) -> None:
    """Diabetes and metabolism: half a pear, cubes of sugar and one drop."""
    window(canvas, mix(HONEY, SUN, 0.4), PAPER, SUN, (TINT, SAGE, MINT), (560, 430, 100), CLAY)
    shelf(canvas, DUNE)
    water_drop(canvas, (1010, 430), 98, CORAL)
    _pear(canvas, 640, 985, 1.0, mix(FERN, HONEY, 0.35), cut=False)
    _pear(canvas, 860, 1010, 0.86, mix(AMBER, MINT, 0.25), cut=True)
    for left, top, size in ((1050, 880, 118), (1182, 894, 104), (1112, 766, 108)):
        canvas.shade(box(left, top, left + size, top + size), opacity=0.22, blur=14, offset=(16, 10))
        canvas.paint(box(left, top, left + size, top + size, 16), Gradient(PAPER, SAND))
        canvas.paint(box(left + size * 0.68, top, left + size, top + size, 16), DUNE, opacity=0.7)
        canvas.paint(box(left + 6, top + 6, left + size * 0.64, top + size * 0.2, 10), PAPER)
    vase(canvas, BOTTLE, 395, LEAF)
    for tip, middle in (((300, 280), (370, 450)), ((500, 300), (430, 450))):
        sprig(canvas, curve([(395, 620), middle, tip]), FERN, pairs=5, size=112, start=0.3, stem_width=10)


def _pear(canvas: Canvas, centre: float, base: float, size: float, colour: str, *, cut: bool) -> None:
    """Draw a whole pear, or a half that shows its flesh and core."""
    profile = ((0, -470), (62, -440), (84, -350), (104, -270), (168, -150), (150, -30), (60, 0), (0, -2))
    right = curve([(centre + x * size, base + y * size) for x, y in profile])
    shape = [[*right, *((2 * centre - x, y) for x, y in reversed(right))]]
    foot_shadow(canvas, (centre, base - 6), 170 * size)
    canvas.shade(shape, opacity=0.18, blur=18, offset=(16, 8))
    rounded(canvas, shape, colour)
    canvas.paint(
        stroke(bend((centre, base - 462 * size), (centre + 22, base - 540 * size), 0.1), 16, 12), WINE
    )
    blade(canvas, (centre + 10, base - 500 * size), (centre + 140, base - 570 * size), 0.5, LEAF, lean=-0.12)
    if cut:
        flesh = [[(centre + (x - centre) * 0.87, base - 12 + (y - base) * 0.93) for x, y in shape[0]]]
        canvas.paint(flesh, Gradient(PAPER, SUN))
        canvas.paint(pebble((centre, base - 150 * size), 54 * size, 78 * size), HONEY, opacity=0.6)
        for side in (-1, 1):
            blade(
                canvas,
                (centre + side * 12, base - 175 * size),
                (centre + side * 24, base - 105 * size),
                0.55,
                WINE,
                vein=False,
            )


def butterfly_on_a_vase(canvas: Canvas) -> None:
    """Thyroid: a butterfly has come to rest above flowers in a tall vase."""
    window(canvas, mix(MINT, SAGE, 0.3), mix(TINT, SAGE, 0.4), SUN, (SAGE, FERN, LEAF), (800, 440, 215), SUN)
    shelf(canvas, mix(SAND, TINT, 0.4))
    stems = (
        ((470, 420), (600, 560), CORAL),
        ((1130, 400), (1000, 560), AMBER),
        ((560, 660), (680, 680), AMBER),
        ((1050, 650), (930, 680), CLAY),
    )
    for tip, middle, colour in stems:
        canvas.paint(stroke(curve([(800, 760), middle, tip]), 12, 8), LEAF)
        for petal in range(7):
            end = polar(tip, 78, petal * 360 / 7 - 90)
            blade(canvas, tip, end, 0.6, colour, vein=False, light=mix(colour, SUN, 0.3))
        rounded(canvas, ellipse(tip, 25), SUN)
    sprig(
        canvas, curve([(800, 780), (790, 640), (800, 520)]), FERN, pairs=3, size=150, start=0.2, stem_width=12
    )
    canvas.shade(ellipse((830, 450), 200, 110), opacity=0.2, blur=34, offset=(16, 36))
    butterfly(canvas, (800, 430), 190, (CLAY, AMBER), turn=-8)
    vase(canvas, ((70, 740), (62, 780), (128, 860), (130, 930), (84, 985)), 800, PAPER, CLAY)
    for x, y, radius, colour in ((1120, 945, 42, MINT), (1210, 955, 32, AMBER)):
        foot_shadow(canvas, (x, y + radius * 0.9), radius)
        rounded(canvas, ellipse((x, y), radius), colour)
    sprig(canvas, bend((330, 990), (560, 940), 0.14), LEAF, pairs=4, size=84, stem_width=9)
