"""Pictures with one large form in the middle, for articles."""

from tools.illustrations.canvas import Canvas
from tools.illustrations.nature import (
    birds,
    blade,
    cloud,
    grass,
    hill,
    ripples,
    rounded,
    sky,
    sprig,
    stone,
    sun,
    wood,
)
from tools.illustrations.objects import bean, butterfly, foot_shadow, liver
from tools.illustrations.palette import (
    AMBER,
    APRICOT,
    CLAY,
    CORAL,
    DEEP,
    FERN,
    HONEY,
    LEAF,
    MINT,
    MIST,
    NIGHT,
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
from tools.illustrations.shapes import Point, arc, bend, box, curve, ellipse, moved, pebble, scaled, stroke

# A family tree: each generation's forks (where they start, where they end, how far they bow) and its drops.
BRANCHES: tuple[tuple[Point, Point, float, float], ...] = (
    ((800, 720), (520, 560), 0.12, 44),
    ((800, 720), (1090, 550), -0.12, 44),
    ((800, 700), (810, 420), 0.04, 40),
    ((520, 560), (330, 420), 0.1, 26),
    ((520, 560), (560, 350), -0.1, 26),
    ((1090, 550), (1050, 340), 0.1, 26),
    ((1090, 550), (1290, 430), -0.12, 26),
    ((520, 560), (345, 610), -0.14, 22),
    ((1090, 550), (1290, 610), 0.14, 22),
    ((810, 440), (700, 270), 0.1, 22),
    ((810, 440), (925, 265), -0.1, 22),
)
FRUIT: tuple[tuple[Point, float, str], ...] = (
    ((325, 400), 82, AMBER),
    ((560, 330), 74, CORAL),
    ((1050, 320), 78, AMBER),
    ((1310, 412), 84, CLAY),
    ((325, 625), 60, MINT),
    ((1310, 630), 62, AMBER),
    ((690, 250), 64, HONEY),
    ((935, 250), 60, CORAL),
)
# Where the golden drops lie in the liver's shape, and their radii.
LIVER_DROPS = (
    (330, 700, 52),
    (425, 625, 36),
    (450, 795, 60),
    (555, 690, 46),
    (380, 860, 34),
    (560, 585, 22),
    (560, 850, 28),
    (700, 620, 34),
    (800, 665, 38),
    (905, 620, 24),
    (285, 785, 24),
    (965, 640, 16),
)


def family_tree_with_golden_fruit(canvas: Canvas) -> None:
    """Cholesterol in the family: a tree that forks by generations and carries oily, golden fruit."""
    sky(canvas, SAND, SUN, 900)
    sun(canvas, (800, 470), 330, Gradient(mix(SUN, PAPER, 0.3), mix(SUN, HONEY, 0.5)), halo=SUN, strength=0.4)
    hill(canvas, [(-60, 840), (360, 780), (900, 840), (1320, 770), (1680, 820)], SAGE, MINT)
    wood(canvas, [(120, 835, 130), (190, 830, 180), (1450, 815, 160), (1520, 815, 110)], FERN)
    hill(canvas, [(-60, 960), (400, 980), (820, 900), (1240, 960), (1680, 920)], FERN, LEAF)
    trunk = curve([(790, 1010), (812, 900), (790, 780), (802, 690)])
    canvas.shade(stroke(trunk, 90, 56), opacity=0.25, blur=18, offset=(26, 4))
    canvas.paint(stroke(trunk, 104, 58), Gradient(CORAL, WINE, across=True))
    for root, side in (((640, 1012), 0.14), ((950, 1010), -0.14)):
        canvas.paint(stroke(bend((800, 930), root, side), 54, 8), WINE)
    for start, end, bulge, width in BRANCHES:
        canvas.paint(stroke(bend(start, end, bulge), width, width * 0.5), mix(CORAL, WINE, 0.45))
    canvas.paint(stroke(curve([(800, 990), (818, 900), (796, 780), (804, 700)]), 12, 6), CLAY, opacity=0.7)
    for index, (start, end, bulge, _) in enumerate(BRANCHES):
        line = bend(start, end, bulge)
        for share, side in ((10, -1), (18, 1)):
            base = line[share]
            tip = (base[0] + side * 82, base[1] - 74)
            blade(canvas, base, tip, 0.46, (LEAF, FERN)[index % 2], lean=0.12 * side)
    for centre, radius, colour in FRUIT:
        canvas.shade(ellipse(centre, radius), opacity=0.2, blur=16, offset=(10, 18))
        rounded(canvas, ellipse(centre, radius), colour)
        canvas.paint(stroke(arc(centre, radius * 0.66, 190, 255), radius * 0.11), PAPER, opacity=0.75)
    hill(
        canvas, [(-60, 1050), (420, 1000), (840, 1020), (1200, 1035), (1680, 990)], mix(LEAF, DEEP, 0.4), DEEP
    )
    for x, y, radius in ((560, 985, 42), (1085, 1008, 36)):
        rounded(canvas, ellipse((x, y), radius), AMBER)


def butterfly_over_cool_hills(canvas: Canvas) -> None:
    """An underactive thyroid: a butterfly (the gland's shape) rests on a stem in a cool, slow morning."""
    sky(canvas, mix(MINT, TINT, 0.4), MIST, 760)
    sun(canvas, (800, 430), 300, Gradient(PAPER, SUN), halo=PAPER, strength=0.24)
    peaks = [
        (-60, 700),
        (170, 520),
        (330, 610),
        (520, 470),
        (760, 660),
        (1010, 560),
        (1230, 450),
        (1440, 600),
        (1680, 510),
    ]
    hill(canvas, peaks, mix(PAPER, TINT, 0.5), SAGE)
    hill(canvas, [(-60, 760), (320, 690), (700, 770), (1180, 700), (1680, 760)], SAGE, mix(MINT, FERN, 0.3))
    wood(
        canvas,
        [(140, 770, 120), (205, 765, 170), (1340, 745, 150), (1410, 750, 190), (1480, 755, 130)],
        mix(FERN, LEAF, 0.3),
    )
    hill(canvas, [(-60, 890), (460, 830), (1000, 900), (1680, 840)], mix(MINT, FERN, 0.5), FERN)
    hill(canvas, [(-60, 1010), (420, 1040), (980, 970), (1680, 1040)], mix(FERN, LEAF, 0.5), LEAF)
    stem = curve([(770, 1260), (820, 1050), (780, 850), (800, 690)])
    sprig(canvas, stem, LEAF, pairs=3, size=215, width=0.44, start=0.3, stem_width=18, light=FERN)
    canvas.shade(ellipse((820, 575), 330, 170), opacity=0.16, blur=50, offset=(30, 50))
    butterfly(canvas, (800, 560), 300, (CLAY, AMBER), body=DEEP)
    for x, y, size, colours, turn in ((330, 400, 56, (PEACH, SUN), 24), (1330, 330, 46, (HONEY, SUN), -22)):
        butterfly(canvas, (x, y), size, colours, turn=turn, body=LEAF)
    for base, tip in (
        ((250, 1240), (170, 960)),
        ((330, 1240), (390, 1000)),
        ((1270, 1240), (1220, 980)),
        ((1380, 1240), (1450, 940)),
    ):
        sprig(canvas, bend(base, tip, 0.05), mix(LEAF, DEEP, 0.4), pairs=4, size=96, stem_width=9, light=FERN)


def glass_and_amber_drops_at_night(canvas: Canvas) -> None:
    """Fatty liver and alcohol: a liver's shape, full of golden drops, beside a glass on a dark table."""
    sky(canvas, NIGHT, mix(LEAF, FERN, 0.2), 860)
    sun(
        canvas,
        (680, 520),
        330,
        Gradient(mix(LEAF, FERN, 0.55), mix(LEAF, FERN, 0.2)),
        halo=FERN,
        strength=0.14,
    )
    for base, tip in (((60, 940), (150, 340)), ((1560, 940), (1480, 300)), ((200, 940), (330, 480))):
        sprig(
            canvas,
            bend(base, tip, 0.08),
            mix(LEAF, DEEP, 0.35),
            pairs=6,
            size=170,
            stem_width=12,
            light=mix(LEAF, FERN, 0.3),
        )
    canvas.shade(box(-40, 880, 1640, 940), opacity=0.4, blur=40)
    canvas.paint(box(-40, 900, 1640, 1240), Gradient(mix(CLAY, APRICOT, 0.2), WINE))
    canvas.paint(box(-40, 900, 1640, 914), APRICOT)
    organ = liver((600, 700), 262)
    foot_shadow(canvas, (560, 950), 330, 0.45)
    canvas.paint(organ, Gradient(CLAY, WINE))
    canvas.shade(moved(organ, -40, -60), colour=APRICOT, opacity=0.55, blur=50, clip=organ)
    canvas.paint(
        stroke(curve([(350, 585), (500, 548), (700, 545), (900, 595)]), 14, 5),
        PEACH,
        opacity=0.55,
        clip=organ,
    )
    canvas.paint(stroke(bend((735, 480), (640, 830), -0.1), 12, 5), WINE, opacity=0.6, clip=organ)
    for x, y, radius in LIVER_DROPS:
        rounded(canvas, ellipse((x, y), radius), AMBER)
        canvas.paint(stroke(arc((x, y), radius * 0.62, 195, 255), radius * 0.14), PAPER, opacity=0.75)
    _wine_glass(canvas, 1270, 330, 985)


def _wine_glass(canvas: Canvas, centre: float, top: float, foot: float) -> None:
    """Draw a stemmed glass, a third full."""
    foot_shadow(canvas, (centre, foot), 190, 0.45)
    bowl = curve(
        [(centre - 128, top), (centre - 158, top + 190), (centre - 90, top + 340), (centre, top + 375)]
    )
    shape = [[*bowl, *((2 * centre - x, y) for x, y in reversed(bowl))]]
    canvas.paint(stroke([(centre, top + 360), (centre, foot - 14)], 18), mix(TINT, PAPER, 0.4), opacity=0.8)
    canvas.paint(ellipse((centre, foot), 120, 20), mix(TINT, PAPER, 0.4), opacity=0.85)
    canvas.paint(shape, PAPER, opacity=0.24)
    inner = scaled(shape, (centre, top + 180), 0.93)
    canvas.paint(inner, Gradient(HONEY, CLAY), clip=box(0, top + 190, 1600, 1200))
    canvas.paint(ellipse((centre, top + 190), 146, 22), SUN)
    canvas.paint(
        stroke(
            curve([(centre - 112, top + 40), (centre - 130, top + 150), (centre - 104, top + 270)]), 16, 8
        ),
        PAPER,
        opacity=0.7,
    )
    rim = ellipse((centre, top), 128, 16)[0]
    canvas.paint(stroke([*rim, rim[0]], 5), PAPER, opacity=0.85)


def two_lakes_and_their_rivers(canvas: Canvas) -> None:
    """Blood pressure and kidneys: two bean-shaped lakes between contour lines, and the rivers they feed."""
    canvas.paint(box(-40, -40, 1640, 1240), Gradient(SUN, mix(SUN, HONEY, 0.5)))
    for shape, top, bottom in (
        ([(-60, 170), (300, 100), (800, 190), (1300, 110), (1680, 180)], mix(TINT, SUN, 0.3), SAGE),
        ([(-60, 300), (260, 230), (800, 330), (1340, 230), (1680, 320)], SAGE, mix(MINT, SAGE, 0.5)),
        (
            [(-60, 450), (200, 330), (560, 300), (800, 420), (1040, 300), (1400, 330), (1680, 460)],
            mix(MINT, SAGE, 0.4),
            MINT,
        ),
    ):
        hill(canvas, shape, top, bottom, shadow=0.2)
    sun(canvas, (800, 190), 92, Gradient(AMBER, CLAY), halo=PAPER, strength=0.3)
    aorta = curve([(800, 1280), (812, 1050), (792, 860), (800, 690)])
    canvas.paint(stroke(aorta, 170, 70), mix(FERN, MINT, 0.4), opacity=0.6)
    for side in (-1, 1):
        outlet = curve(
            [(800 + side * 330, 610), (800 + side * 150, 640), (800 + side * 60, 790), (800 + side * 14, 960)]
        )
        canvas.paint(stroke(outlet, 96, 130), mix(FERN, MINT, 0.4), opacity=0.6)
    canvas.paint(stroke(aorta, 120, 26), Gradient(mix(LEAF, FERN, 0.4), LEAF))
    for side in (-1, 1):
        outlet = curve(
            [(800 + side * 330, 610), (800 + side * 150, 640), (800 + side * 60, 790), (800 + side * 14, 960)]
        )
        canvas.paint(stroke(outlet, 50, 70), mix(LEAF, FERN, 0.35))
        canvas.paint(stroke(outlet[14:-8], 7, 7), MINT, opacity=0.8)
    canvas.paint(stroke(aorta[10:-6], 9, 5), MINT, opacity=0.8)
    for side, turn in ((True, 8), (False, -8)):
        centre = (470.0, 610.0) if side else (1130.0, 610.0)
        for grow, opacity in ((1.5, 0.22), (1.26, 0.32)):
            canvas.paint(bean(centre, 215 * grow, left=side, turn=turn), SUN, opacity=opacity)
        lake = bean(centre, 215, left=side, turn=turn)
        canvas.shade(lake, opacity=0.35, blur=24, offset=(10, 18))
        rounded(canvas, lake, CORAL)
        canvas.paint(bean(centre, 150, left=side, turn=turn), Gradient(APRICOT, CLAY))
        canvas.paint(bean(centre, 88, left=side, turn=turn), Gradient(SUN, HONEY))
    wood(
        canvas,
        [
            (90, 940, 150),
            (165, 980, 190),
            (245, 1010, 130),
            (1360, 1000, 140),
            (1440, 975, 200),
            (1520, 950, 150),
        ],
        LEAF,
    )
    wood(canvas, [(180, 350, 80), (1400, 345, 90), (1460, 365, 70)], FERN)
    for y, x, reach in ((1090, 300, 110), (1130, 420, 70), (1100, 1240, 120), (1140, 1150, 70)):
        canvas.paint(stroke([(x - reach, y), (x + reach, y)], 10), PAPER, opacity=0.35)


def two_circles_under_one_leaf(canvas: Canvas) -> None:
    """A new partner: two suns overlap above the sea, sheltered by one large leaf."""
    sky(canvas, mix(SAND, PEACH, 0.5), mix(SUN, PAPER, 0.3), 800)
    left, right = ellipse((640, 610), 225), ellipse((930, 610), 225)
    for ring in (1.5, 1.25):
        canvas.paint(scaled(left, (640, 610), ring), SUN, opacity=0.4)
        canvas.paint(scaled(right, (930, 610), ring), PEACH, opacity=0.32)
    canvas.paint(left, Gradient(HONEY, AMBER))
    canvas.paint(right, Gradient(APRICOT, CLAY))
    canvas.paint(left, Gradient(CLAY, CORAL), clip=right)
    canvas.random.seed("sea")
    hill(
        canvas,
        [(-60, 730), (260, 700), (520, 740), (800, 705), (1100, 745), (1400, 705), (1680, 740)],
        TINT,
        SAGE,
        shadow=0.1,
    )
    for y, x, reach in ((770, 650, 190), (800, 970, 170), (830, 800, 120)):
        canvas.paint(stroke([(x - reach, y), (x + reach, y)], 9), SUN, opacity=0.8)
    hill(canvas, [(-60, 850), (220, 890), (560, 840), (900, 895), (1260, 845), (1680, 890)], SAGE, MINT)
    hill(
        canvas,
        [(-60, 970), (300, 930), (700, 985), (1100, 930), (1440, 975), (1680, 940)],
        mix(MINT, FERN, 0.3),
        FERN,
    )
    hill(
        canvas,
        [(-60, 1060), (420, 1100), (820, 1040), (1240, 1100), (1680, 1050)],
        mix(FERN, LEAF, 0.5),
        LEAF,
    )
    canvas.shade(pebble((820, 330), 460, 40), opacity=0.12, blur=30, offset=(20, 50))
    stem = curve([(1500, 1260), (1490, 900), (1440, 540), (1330, 340)])
    canvas.paint(stroke(stem, 26, 12), LEAF)
    blade(canvas, (1345, 355), (270, 450), 0.2, LEAF, lean=0.15, light=FERN)
    for index in range(6, 24, 3):
        base = bend((1345, 355), (270, 450), 0.15)[index]
        for rise in (-1, 1):
            tip = (base[0] - 84, base[1] + 12 + rise * (66 - abs(index - 13) * 3))
            canvas.paint(stroke(bend(base, tip, -0.1 * rise), 5, 2), SAGE, opacity=0.45)
    blade(canvas, (1475, 760), (1270, 620), 0.4, FERN, lean=0.16, light=MINT)
    blade(canvas, (1490, 880), (1600, 640), 0.4, LEAF, lean=0.16, light=FERN)
    birds(canvas, [(300, 640, 56), (230, 590, 40)], LEAF)


def cairn_and_slender_reeds(canvas: Canvas) -> None:
    """Neck pain and needling: stones stacked like a leaning spine, among reeds as thin as needles."""
    sky(canvas, mix(SAGE, TINT, 0.4), SAND, 780)
    sun(canvas, (520, 440), 215, Gradient(PEACH, APRICOT), halo=PAPER, strength=0.3)
    cloud(canvas, (1240, 300), 360)
    hill(canvas, [(-60, 660), (360, 610), (820, 690), (1280, 600), (1680, 650)], mix(TINT, SAGE, 0.7), MINT)
    canvas.paint(box(-40, 760, 1640, 1240), Gradient(mix(TINT, PAPER, 0.3), FERN))
    canvas.paint(box(-40, 760, 1640, 772), PAPER, opacity=0.6)
    ripples(canvas, (770, 1020), (360, 480, 620, 790), PAPER, flat=0.2, width=7)
    canvas.shade(ellipse((800, 1030), 330, 60), opacity=0.4, blur=24)
    for x, colour in (
        (120, FERN),
        (185, LEAF),
        (250, FERN),
        (330, LEAF),
        (1240, FERN),
        (1330, LEAF),
        (1405, FERN),
        (1480, LEAF),
    ):
        tip = (x + canvas.random.uniform(-30, 60), canvas.random.uniform(330, 520))
        canvas.paint(stroke(bend((x, 1250), tip, 0.03), 9, 4), colour)
        canvas.paint(stroke([(tip[0], tip[1] - 30), (tip[0] - 3, tip[1] + 90)], 24, 22), mix(WINE, CLAY, 0.3))
        canvas.paint(stroke([(tip[0], tip[1] - 100), (tip[0], tip[1] - 20)], 4), colour)
    for x, y, rx, ry, colour, turn in (
        (790, 985, 260, 78, mix(LEAF, DEEP, 0.3), 0),
        (765, 865, 200, 62, FERN, 2),
        (752, 766, 168, 54, SAGE, -3),
        (758, 680, 142, 48, OAT, 4),
        (784, 602, 122, 44, APRICOT, 9),
        (826, 534, 106, 40, CLAY, 15),
    ):
        stone(canvas, (x, y), rx, ry, colour, turn=turn, shadow=0.3)
    stone(canvas, (895, 400), 122, 116, SUN, turn=18, shadow=0.25)
    for start, end in (((560, 610), (700, 632)), ((575, 520), (722, 570)), ((625, 440), (750, 512))):
        canvas.paint(stroke([start, end], 6, 3), DEEP)
        canvas.paint(stroke([start, ((start[0] * 3 + end[0]) / 4, (start[1] * 3 + end[1]) / 4)], 20), CORAL)
    grass(canvas, -20, 420, 1240, 260, (DEEP, LEAF), 24)
    grass(canvas, 1180, 1620, 1240, 260, (DEEP, LEAF), 24)
