"""Still lifes on a ledge before an arched window, for the other five packages."""

from tools.illustrations.canvas import Canvas
from tools.illustrations.nature import blade, rounded, sprig, stone, water_drop
from tools.illustrations.objects import bean, foot_shadow, shelf, vase, wheat
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
    arc,
    bend,
    crescent,
    curve,
    ellipse,
    pebble,
    polar,
    scaled,
    stroke,
)
from tools.illustrations.still_lifes import BOTTLE, ROUND_VASE, window


def beans_and_a_fan_leaf(canvas: Canvas) -> None:
    """Liver and kidney: two kidney-shaped stones, a bowl of clear water and a fan-shaped leaf."""
    window(canvas, mix(PEACH, SAND, 0.4), TINT, SUN, (MINT, FERN, LEAF), (970, 420, 120), AMBER)
    shelf(canvas, SAND)
    for tip, middle, size in (
        ((500, 420), (495, 600), 215),
        ((720, 370), (600, 560), 175),
        ((330, 540), (420, 680), 150),
    ):
        canvas.paint(stroke(curve([(510, 800), middle, tip]), 12, 8), LEAF)
        _fan_leaf(canvas, tip, size, (tip[0] - 520) * 0.11)
    vase(canvas, ROUND_VASE, 510, CLAY, SUN)
    for centre, size, turn, left in (((820, 880), 112, 78, True), ((1010, 860), 128, 12, False)):
        shape = bean(centre, size, left=left, turn=turn)
        foot_shadow(canvas, (centre[0], 990), size * 1.1)
        rounded(canvas, shape, CORAL if left else mix(CLAY, CORAL, 0.4))
        inner = bean((centre[0], centre[1]), size * 0.62, left=left, turn=turn)
        canvas.paint(inner, APRICOT, opacity=0.4)
    water_drop(canvas, (1230, 690), 56, FERN)
    _bowl(canvas, (1230, 850), 150)


def _fan_leaf(canvas: Canvas, base: Point, size: float, turn: float) -> None:
    """Draw a ginkgo leaf that opens upwards."""
    shapes = []
    for first, last in ((200, 268), (272, 340)):
        rim = [
            polar(base, size * (0.96 + 0.05 * (index % 2)), first + turn + index * (last - first) / 8)
            for index in range(9)
        ]
        shapes.append([base, *curve(rim), base])
    canvas.shade(shapes, opacity=0.18, blur=14, offset=(10, 14))
    canvas.paint([shapes[0]], Gradient(HONEY, AMBER))
    canvas.paint([shapes[1]], Gradient(AMBER, mix(AMBER, CLAY, 0.4)))
    for angle in range(210, 340, 14):
        if abs(angle - 270) > 6:
            canvas.paint(
                stroke([polar(base, size * 0.25, angle + turn), polar(base, size * 0.86, angle + turn)], 3),
                SUN,
                opacity=0.7,
            )


def _bowl(canvas: Canvas, rim: Point, reach: float) -> None:
    """Draw a shallow bowl of water."""
    x, y = rim
    foot_shadow(canvas, (x, 985), reach)
    right = curve([(x + reach, y), (x + reach * 0.86, y + 80), (x + 50, y + 132)])
    shape = [[*right, *((2 * x - px, py) for px, py in reversed(right))]]
    canvas.paint(shape, Gradient(mix(LEAF, SUN, 0.2), DEEP, across=True))
    canvas.paint(ellipse(rim, reach, reach * 0.17), mix(LEAF, PAPER, 0.25))
    canvas.paint(ellipse((x, y + 4), reach * 0.9, reach * 0.13), Gradient(TINT, MINT))
    canvas.paint(ellipse((x - 10, y + 4), reach * 0.4, reach * 0.05), PAPER, opacity=0.6)


def moons_and_tulips(canvas: Canvas) -> None:
    """Women's hormones: the moon's phases in an evening window, tulips and a pomegranate."""
    window(
        canvas,
        mix(APRICOT, PEACH, 0.5),
        mix(LEAF, DEEP, 0.5),
        mix(FERN, MINT, 0.2),
        (FERN, LEAF, DEEP),
        (800, 330, 108),
        SUN,
    )
    for angle, radius, lit in ((203, 38, 0.25), (232, 52, 0.5), (308, 52, -0.5), (337, 38, -0.25)):
        x, y = polar((800, 600), 310, angle)
        canvas.paint(ellipse((x, y), radius), mix(LEAF, DEEP, 0.7))
        canvas.paint(crescent((x, y), radius, lit), Gradient(PAPER, HONEY))
    shelf(canvas, mix(SAND, PEACH, 0.2))
    for tip, middle, colour, lean in (
        ((560, 630), (660, 710), CORAL, -16),
        ((800, 590), (790, 700), AMBER, 2),
        ((1020, 640), (930, 710), CLAY, 16),
        ((685, 680), (730, 740), PEACH, -8),
        ((905, 690), (850, 750), HONEY, 8),
    ):
        canvas.paint(stroke(curve([(790, 800), middle, tip]), 13, 9), FERN)
        _tulip(canvas, tip, 112, colour, lean)
    for tip, bow in (((440, 780), 0.16), ((1130, 770), -0.16)):
        blade(canvas, (790, 810), tip, 0.24, LEAF, lean=bow, light=FERN)
    vase(canvas, ((92, 770), (84, 800), (140, 880), (130, 950), (96, 985)), 790, PAPER, MINT)
    _pomegranate(canvas, (1150, 890), 104)
    foot_shadow(canvas, (445, 990), 70)
    rounded(canvas, ellipse((445, 935), 56), AMBER)


def _tulip(canvas: Canvas, base: Point, size: float, colour: str, lean: float) -> None:
    """Draw a closed tulip above its stem."""
    for side, shade in ((-22, 0.2), (22, 0.2), (0, 0)):
        tip = polar(base, size * (1.2 if side else 1.12), -90 + side + lean)
        blade(
            canvas, base, tip, 0.72, mix(colour, WINE, shade), vein=False, light=mix(colour, SUN, 0.3 - shade)
        )


def _pomegranate(canvas: Canvas, centre: Point, radius: float) -> None:
    """Draw a pomegranate with an opening that shows its seeds."""
    x, y = centre
    foot_shadow(canvas, (x, y + radius * 0.92), radius)
    crown = [
        [
            (x - 30, y - radius * 0.8),
            (x - 46, y - radius * 1.3),
            (x - 14, y - radius * 1.12),
            (x, y - radius * 1.34),
            (x + 14, y - radius * 1.12),
            (x + 46, y - radius * 1.3),
            (x + 30, y - radius * 0.8),
        ]
    ]
    canvas.paint(crown, WINE)
    rounded(canvas, ellipse(centre, radius), CORAL)
    opening = pebble((x - 6, y + 12), radius * 0.6, radius * 0.46, turn=-18)
    canvas.paint(opening, Gradient(SUN, PEACH))
    for row, count in ((-0.22, 3), (0.06, 4), (0.34, 3)):
        for index in range(count):
            spot = (x - 6 + (index - (count - 1) / 2) * radius * 0.28, y + 12 + row * radius - index * 5)
            canvas.paint(ellipse(spot, radius * 0.11, radius * 0.13), Gradient(CLAY, WINE), clip=opening)


def mountain_and_oak(canvas: Canvas) -> None:
    """Men's hormones: a high peak in the window, an oak branch with acorns in an angular vase."""
    window(canvas, mix(SAGE, MINT, 0.4), SUN, PEACH, (SAGE, FERN, LEAF), (1090, 400, 84), CLAY, peak=True)
    shelf(canvas, mix(SAND, SAGE, 0.25))
    for tip, middle in (((330, 330), (420, 520)), ((590, 270), (540, 480)), ((740, 470), (620, 600))):
        branch = curve([(500, 720), middle, tip])
        canvas.paint(stroke(branch, 14, 7), WINE)
        for share in (0.34, 0.58, 0.8, 1.0):
            base = branch[round(share * (len(branch) - 1))]
            for side in (-1, 1):
                _oak_leaf(canvas, base, 150 - 40 * share, -90 + side * (62 - 26 * share))
        _acorn(canvas, branch[len(branch) // 2], 38)
    vase(canvas, ((60, 690), (62, 720), (140, 770), (142, 900), (118, 985)), 500, mix(LEAF, DEEP, 0.5), AMBER)
    for x, y, rx, ry, colour in (
        (1010, 935, 170, 56, FERN),
        (1020, 842, 124, 46, DUNE),
        (1008, 764, 86, 38, CLAY),
    ):
        if colour == FERN:
            foot_shadow(canvas, (x, y + ry), rx)
        stone(canvas, (x, y), rx, ry, colour, shadow=0.2)
    _acorn(canvas, (800, 920), 62)
    _acorn(canvas, (1262, 926), 56)


def _oak_leaf(canvas: Canvas, base: Point, length: float, angle: float) -> None:
    """Draw a lobed leaf that points along an angle."""
    lobes = []
    for index in range(6):
        spot = polar(base, length * (0.18 + 0.15 * index), angle)
        reach = length * (0.13, 0.2, 0.24, 0.22, 0.17, 0.1)[index]
        lobes.append(pebble(spot, reach, reach * 1.0, squareness=2)[0])
        for side in (-1, 1):
            lobes.append(ellipse(polar(spot, reach * 0.75, angle + side * 68), reach * 0.55)[0])
    colour = (LEAF, FERN)[canvas.random.randrange(2)]
    canvas.paint(lobes, colour)
    canvas.paint(stroke([base, polar(base, length * 0.92, angle)], 5, 2), mix(colour, SUN, 0.45))


def _acorn(canvas: Canvas, top: Point, size: float) -> None:
    """Draw an acorn that hangs or stands below a point."""
    x, y = top
    nut = pebble((x, y + size * 0.35), size * 0.56, size * 0.8, squareness=2.1)
    canvas.shade(nut, opacity=0.2, blur=10, offset=(8, 8))
    rounded(canvas, nut, AMBER)
    canvas.paint(pebble((x, y - size * 0.2), size * 0.66, size * 0.34), Gradient(CLAY, WINE))
    canvas.paint(stroke([(x, y - size * 0.5), (x, y - size * 0.78)], size * 0.14), WINE)


def wheat_and_bread(canvas: Canvas) -> None:
    """Coeliac screen: ears of wheat in a jar beside a round loaf."""
    window(
        canvas,
        mix(MIST, TINT, 0.5),
        mix(TINT, SAGE, 0.4),
        SUN,
        (HONEY, AMBER, mix(AMBER, CLAY, 0.4)),
        (1020, 410, 115),
        APRICOT,
    )
    shelf(canvas, SAND)
    for index, (tip, middle) in enumerate(
        (
            ((350, 560), (450, 690)),
            ((440, 470), (500, 660)),
            ((560, 430), (555, 630)),
            ((680, 480), (610, 660)),
            ((765, 570), (660, 690)),
        )
    ):
        wheat(
            canvas, curve([(560, 820), middle, tip]), (AMBER, OAT, mix(AMBER, CLAY, 0.35))[index % 3], 54, 5
        )
    vase(canvas, ((74, 740), (78, 770), (150, 840), (148, 930), (112, 985)), 560, FERN, SUN)
    foot_shadow(canvas, (1040, 985), 250)
    loaf = curve([(790, 985), (800, 860), (910, 770), (1040, 750), (1180, 775), (1280, 870), (1290, 985)])
    crust = [loaf]
    canvas.paint(crust, Gradient(mix(AMBER, CLAY, 0.35), mix(CLAY, WINE, 0.4)))
    canvas.shade(scaled(crust, (980, 830), 0.7), colour=HONEY, opacity=0.6, blur=34, clip=crust)
    for x in (900, 1010, 1120):
        canvas.paint(stroke(bend((x, 950), (x + 70, 800), -0.14), 26, 14), SUN, clip=crust)
        canvas.paint(stroke(bend((x + 12, 950), (x + 82, 800), -0.14), 7, 4), WINE, opacity=0.4, clip=crust)
    for x, y in ((730, 1030), (775, 1050), (820, 1026), (1330, 1040), (1290, 1058)):
        canvas.paint(pebble((x, y), 15, 9, turn=-24), AMBER)


def two_vessels_under_a_leaf(canvas: Canvas) -> None:
    """Sexual health: two vessels lean together, their sprigs entwined, under a sheltering leaf."""
    window(canvas, mix(CLAY, PEACH, 0.35), SUN, PEACH, (TINT, SAGE, FERN), (800, 470, 170), AMBER)
    shelf(canvas, mix(SAND, PEACH, 0.3))
    for start, middle, tip, colour in (
        ((640, 720), (880, 520), (700, 330), FERN),
        ((960, 720), (720, 520), (900, 330), LEAF),
    ):
        sprig(
            canvas,
            curve([start, ((start[0] + middle[0]) / 2, 620), middle, tip]),
            colour,
            pairs=5,
            size=118,
            start=0.3,
            stem_width=11,
        )
    vase(canvas, BOTTLE, 640, CORAL, PEACH)
    vase(canvas, ROUND_VASE, 960, LEAF, HONEY)
    canvas.paint(stroke(curve([(1500, 1280), (1440, 760), (1340, 430), (1210, 268)]), 18, 10), DEEP)
    blade(canvas, (1225, 280), (390, 330), 0.24, LEAF, lean=0.16, light=FERN)
    line = bend((1225, 280), (390, 330), 0.16)
    for index in range(5, 24, 3):
        x, y = line[index]
        for rise in (-1, 1):
            canvas.paint(stroke([(x, y), (x - 60, y + 8 + rise * 52)], 4, 2), SAGE, opacity=0.45)
    for x, y, radius, colour in ((400, 932, 58, AMBER), (490, 950, 38, MINT), (1190, 944, 46, PEACH)):
        foot_shadow(canvas, (x, y + radius * 0.9), radius)
        rounded(canvas, ellipse((x, y), radius), colour)
        canvas.paint(stroke(arc((x, y), radius * 0.62, 200, 250), radius * 0.12), PAPER, opacity=0.6)
