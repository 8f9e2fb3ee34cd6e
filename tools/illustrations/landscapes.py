"""Pictures of wide country, for articles."""

from tools.illustrations.canvas import Canvas
from tools.illustrations.nature import birds, blade, cloud, grass, hill, rounded, sky, sun, waves, wood
from tools.illustrations.objects import dandelion, foot_shadow, glass, seed, wheat
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
from tools.illustrations.shapes import archway, bend, box, crescent, curve, ellipse, pebble, polar, stroke


def drooping_flower_at_dawn(canvas: Canvas) -> None:
    """Tiredness: a heavy flower hangs its head before a sun that has barely risen."""
    sky(canvas, TINT, SUN, 760)
    sun(canvas, (1085, 560), 225, Gradient(HONEY, AMBER))
    cloud(canvas, (420, 330), 430, PAPER, 0.75)
    cloud(canvas, (1330, 300), 300, PAPER, 0.6)
    cloud(canvas, (930, 610), 380, SUN, 0.9)
    hill(canvas, [(-60, 640), (260, 590), (620, 660), (1000, 610), (1340, 560), (1680, 620)], SAGE, MINT)
    hill(canvas, [(-60, 740), (300, 790), (720, 700), (1160, 745), (1680, 690)], MINT, FERN)
    wood(canvas, [(1270, 760, 130), (1340, 765, 170), (1405, 760, 120)], mix(FERN, LEAF, 0.5))
    hill(canvas, [(-60, 860), (420, 800), (900, 895), (1300, 850), (1680, 800)], mix(FERN, LEAF, 0.35), LEAF)
    hill(canvas, [(-60, 960), (500, 1010), (1000, 960), (1680, 1030)], LEAF, DEEP)
    stem = curve([(470, 1240), (400, 900), (410, 560), (540, 370), (690, 400), (735, 545)])
    canvas.shade(stroke(stem, 26), opacity=0.25, blur=16, offset=(22, 10))
    canvas.paint(stroke(stem, 24, 13), DEEP)
    for base, tip, lean in (
        ((408, 860), (170, 700), 0.22),
        ((412, 930), (690, 830), -0.2),
        ((405, 700), (250, 500), 0.2),
    ):
        blade(canvas, base, tip, 0.4, LEAF, lean=lean, light=FERN)
    for petal, colour in ((140, WINE), (40, WINE), (115, CORAL), (65, CORAL), (90, CLAY)):
        blade(
            canvas, (738, 540), polar((738, 540), 230, petal), 0.46, colour, light=mix(colour, APRICOT, 0.35)
        )
    canvas.paint(pebble((737, 540), 62, 44, turn=12), LEAF)
    canvas.paint(pebble((730, 528), 44, 22, turn=12), FERN)


def desert_and_a_glass_of_water(canvas: Canvas) -> None:
    """Thirst: a tall glass of water among dunes under a hot sun, with sugar cubes beside it."""
    sky(canvas, HONEY, SUN, 720)
    sun(canvas, (430, 430), 180, Gradient(AMBER, APRICOT), halo=PAPER, strength=0.24)
    hill(canvas, [(-60, 640), (240, 560), (560, 640), (980, 530), (1380, 620), (1680, 560)], PEACH, APRICOT)
    hill(
        canvas,
        [(-60, 720), (380, 770), (860, 660), (1200, 700), (1680, 640)],
        mix(SUN, AMBER, 0.5),
        mix(AMBER, CLAY, 0.3),
    )
    hill(canvas, [(-60, 900), (300, 820), (760, 880), (1240, 760), (1680, 830)], DUNE, OAT)
    canvas.paint(
        [[*curve([(-60, 900), (300, 820), (760, 880)]), (560, 960), (200, 960), (-60, 1010)]],
        SUN,
        opacity=0.5,
    )
    hill(
        canvas,
        [(-60, 1010), (500, 960), (1100, 1000), (1680, 930)],
        mix(AMBER, OAT, 0.4),
        mix(CLAY, AMBER, 0.5),
    )
    for x, y, height in ((185, 850, 190), (275, 845, 120)):
        canvas.paint(stroke([(x, y), (x, y - height)], 46), FERN)
        canvas.paint(stroke([(x + 9, y), (x + 9, y - height)], 12), MINT, opacity=0.6)
    canvas.paint(stroke(curve([(185, 770), (125, 765), (120, 705)]), 28), FERN)
    foot_shadow(canvas, (1010, 1032), 250, 0.34)
    canvas.paint(ellipse((1010, 1030), 160, 24), SUN, opacity=0.7)
    glass(canvas, 1010, 330, 1030, 360, mix(MINT, TINT, 0.3), 0.66)
    canvas.paint(ellipse((950, 640), 16), PAPER, opacity=0.8)
    canvas.paint(ellipse((1065, 740), 11), PAPER, opacity=0.8)
    canvas.paint(ellipse((1030, 870), 14), PAPER, opacity=0.7)
    blade(canvas, (1130, 590), (1310, 300), 0.46, LEAF, lean=-0.14, light=FERN)
    blade(canvas, (1125, 590), (1160, 280), 0.4, FERN, lean=0.1, light=MINT)
    for left, top, size in ((565, 900, 130), (700, 925, 105), (625, 800, 112)):
        canvas.shade(box(left, top, left + size, top + size), opacity=0.22, blur=14, offset=(16, 12))
        canvas.paint(box(left, top, left + size, top + size, 16), Gradient(PAPER, SAND))
        canvas.paint(box(left + size * 0.68, top, left + size, top + size, 16), DUNE, opacity=0.6)
        canvas.paint(box(left + 6, top + 6, left + size * 0.64, top + size * 0.2, 10), PAPER)


def dandelion_in_the_wind(canvas: Canvas) -> None:
    """Hair loss: a seed head that the wind thins, seed by seed."""
    sky(canvas, CLAY, HONEY, 900)
    sun(
        canvas, (560, 505), 360, Gradient(APRICOT, mix(AMBER, APRICOT, 0.4)), halo=SUN, rings=2, strength=0.16
    )
    for y, start, end in ((250, 900, 1560), (380, 1080, 1660), (720, 980, 1500)):
        line = curve([(start, y), (start + (end - start) * 0.4, y - 40), (end, y + 10)])
        canvas.paint(stroke(line, 5, 2), PAPER, opacity=0.55)
    hill(
        canvas, [(-60, 800), (340, 850), (860, 760), (1300, 810), (1680, 740)], mix(CLAY, APRICOT, 0.5), CLAY
    )
    hill(canvas, [(-60, 940), (420, 870), (1000, 930), (1680, 850)], mix(CLAY, CORAL, 0.5), WINE)
    hill(canvas, [(-60, 990), (520, 1030), (1100, 970), (1680, 1020)], FERN, LEAF)
    stem = curve([(690, 1240), (650, 1000), (590, 760), (560, 520)])
    canvas.paint(stroke(stem, 20, 13), LEAF)
    for tip, lean in (((330, 830), 0.18), ((980, 880), -0.2), ((460, 1000), 0.1)):
        blade(canvas, (690, 1230), tip, 0.3, LEAF, lean=lean, light=FERN)
    dandelion(canvas, (560, 505), 275, PAPER, (292, 372))
    dandelion(canvas, (560, 505), 150, PAPER, (285, 372))
    for x, y, length, angle in (
        (900, 330, 95, -28),
        (1010, 470, 85, -12),
        (1100, 250, 90, -35),
        (1240, 400, 80, -20),
        (1330, 210, 72, -30),
        (1400, 560, 70, -8),
        (1500, 330, 62, -24),
    ):
        canvas.paint(ellipse((x, y), 9, 6), WINE)
        seed(canvas, (x, y), polar((x, y), length, angle), PAPER, length * 0.34)
    grass(canvas, -20, 430, 1230, 250, (DEEP, LEAF, FERN), 26)
    grass(canvas, 960, 1620, 1230, 210, (DEEP, LEAF, FERN), 30)


def uneven_moons_over_waves(canvas: Canvas) -> None:
    """Irregular periods: the moon's phases on an arc, unevenly spaced, above warm tides."""
    sky(canvas, NIGHT, mix(LEAF, FERN, 0.35), 800)
    canvas.shade(ellipse((800, 560), 330), colour=HONEY, opacity=0.3, blur=120)
    orbit = curve([_on_orbit(angle) for angle in range(186, 356, 6)])
    canvas.paint(stroke(orbit, 3), SUN, opacity=0.35)
    for angle, radius, lit in (
        (201, 52, 0.2),
        (219, 70, 0.5),
        (266, 138, 1),
        (309, 80, -0.62),
        (325, 62, -0.34),
        (340, 50, -0.18),
    ):
        spot = _on_orbit(angle)
        canvas.shade(ellipse(spot, radius), colour=SUN, opacity=0.3, blur=radius * 0.5)
        canvas.paint(ellipse(spot, radius), mix(DEEP, FERN, 0.45))
        canvas.paint(crescent(spot, radius, lit), Gradient(PAPER, HONEY))
    moon = _on_orbit(266)
    for dx, dy, radius in ((-48, -30, 30), (38, 38, 40), (40, -58, 17), (-30, 66, 18)):
        canvas.paint(ellipse((moon[0] + dx, moon[1] + dy), radius), AMBER, opacity=0.3)
    for _ in range(34):
        spot = (canvas.random.uniform(30, 1570), canvas.random.uniform(150, 640))
        canvas.paint(ellipse(spot, canvas.random.uniform(2.5, 5)), SUN, opacity=0.6)
    hill(canvas, [(-60, 760), (260, 720), (640, 770), (1080, 715), (1680, 760)], mix(LEAF, FERN, 0.5), LEAF)
    canvas.random.seed("tide")
    layers = [(AMBER, APRICOT), (APRICOT, CLAY), (CLAY, CORAL), (CORAL, WINE)]
    waves(canvas, 850, layers, step=84, swell=26)


def _on_orbit(degrees: float) -> tuple[float, float]:
    """Give a point of the flat arc on which the moons stand."""
    x, y = polar((0, 0), 1, degrees)
    return 800 + x * 670, 800 + y * 430


def two_trees_apart_at_sunset(canvas: Canvas) -> None:
    """Low libido: two trees lean away from each other while the sun goes down between them."""
    sky(canvas, mix(CLAY, CORAL, 0.6), HONEY, 820)
    sun(canvas, (800, 690), 210, Gradient(SUN, AMBER), halo=HONEY, strength=0.26)
    for x, y, length in ((300, 330, 420), (1310, 420, 380), (850, 250, 300)):
        cloud(canvas, (x, y), length, PEACH, 0.5)
    hill(
        canvas,
        [(-60, 660), (240, 560), (560, 700), (800, 760), (1080, 690), (1400, 540), (1680, 640)],
        mix(CLAY, CORAL, 0.4),
        WINE,
    )
    canvas.paint(box(-40, 770, 1640, 1240), Gradient(APRICOT, WINE))
    for index, (y, reach) in enumerate(((792, 230), (820, 180), (850, 205), (884, 130), (920, 150))):
        canvas.paint(box(800 - reach, y, 800 + reach, y + 10, 5), HONEY, opacity=0.85 - index * 0.12)
    hill(
        canvas,
        [(-60, 830), (240, 850), (480, 960), (700, 1050), (1000, 1110), (1680, 1240)],
        mix(LEAF, DEEP, 0.4),
        DEEP,
    )
    hill(
        canvas,
        [(-60, 1240), (700, 1130), (1000, 1050), (1180, 940), (1420, 860), (1680, 830)],
        mix(LEAF, DEEP, 0.55),
        NIGHT,
    )
    trunks = (
        ([(330, 900), (335, 740), (290, 600), (230, 480)], (225, 430), -1),
        ([(1290, 930), (1280, 770), (1330, 620), (1400, 510)], (1405, 450), 1),
    )
    for line, (x, y), side in trunks:
        canvas.paint(stroke(curve(line), 30, 12), NIGHT)
        canvas.paint(
            stroke(bend(line[1], (line[1][0] + side * 90, line[1][1] - 160), 0.1 * side), 14, 6), NIGHT
        )
        for dx, dy, rx, ry in (
            (60, 150, 130, 78),
            (-70, 60, 165, 100),
            (45, -15, 150, 95),
            (-10, -70, 110, 66),
        ):
            crown = pebble((x + dx * side, y + dy), rx, ry)
            canvas.paint(crown, Gradient(mix(LEAF, FERN, 0.5), DEEP))
            canvas.paint(pebble((x + dx * side + 20, y + dy + 34), rx, ry), DEEP, opacity=0.55, clip=crown)
    birds(canvas, [(700, 430, 60), (790, 380, 44), (905, 450, 36)], WINE)
    grass(canvas, 20, 420, 1000, 110, (NIGHT, DEEP), 18)
    grass(canvas, 1180, 1580, 1010, 120, (NIGHT, DEEP), 18)


def winding_path_through_wheat(canvas: Canvas) -> None:
    """Bloating and gluten: a path that winds like a gut through wheat, under a swollen sun."""
    sky(canvas, mix(MIST, TINT, 0.6), SUN, 640)
    sun(canvas, (1080, 420), 265, Gradient(HONEY, AMBER))
    cloud(canvas, (380, 300), 380)
    hill(canvas, [(-60, 520), (300, 470), (700, 540), (1100, 500), (1680, 540)], SAGE, MINT)
    wood(canvas, [(150, 520, 110), (215, 515, 150), (280, 520, 100), (1460, 545, 120), (1520, 545, 90)], FERN)
    field = hill(canvas, [(-60, 610), (420, 570), (900, 610), (1680, 560)], HONEY, mix(AMBER, CLAY, 0.35))
    bends = ((585, 880), (625, 1060), (690, 590), (785, 1150), (905, 420), (1060, 1220), (1300, 380))
    line = curve([(x, y) for y, x in bends], steps=30)
    canvas.paint(stroke(line, 22, 118), mix(CLAY, AMBER, 0.4), opacity=0.55, clip=field)
    canvas.paint(stroke(line, 14, 96), Gradient(SUN, SAND), clip=field)
    for index in range(9):
        x = -20 + index * 62
        top = 600 + canvas.random.uniform(-60, 110) + index * 34
        colour = (OAT, AMBER, mix(AMBER, CLAY, 0.35))[index % 3]
        wheat(canvas, bend((x, 1260), (x + 60, top), -0.05), colour, 44, 6)
    for index in range(7):
        x = 1640 - index * 66
        top = 720 + canvas.random.uniform(-60, 90) + index * 44
        colour = (AMBER, OAT, mix(AMBER, CLAY, 0.4))[index % 3]
        wheat(canvas, bend((x, 1260), (x - 60, top), 0.05), colour, 42, 6)
    birds(canvas, [(620, 350, 54), (690, 310, 40)], LEAF)


def sunrise_over_the_valley(canvas: Canvas) -> None:
    """The home page: a river runs from a large sunrise through layered hills to the reader."""
    sky(canvas, mix(TINT, MIST, 0.4), SUN, 700)
    sun(canvas, (1120, 470), 250, Gradient(SUN, AMBER), halo=PAPER, strength=0.3)
    for x, y, length in ((330, 270, 440), (760, 380, 260), (1420, 250, 280)):
        cloud(canvas, (x, y), length)
    hill(
        canvas,
        [(-60, 600), (180, 500), (420, 580), (700, 470), (980, 590), (1300, 520), (1680, 590)],
        mix(TINT, SAGE, 0.6),
        MINT,
    )
    hill(
        canvas,
        [(-60, 660), (300, 610), (700, 680), (1060, 640), (1380, 590), (1680, 640)],
        MINT,
        mix(MINT, FERN, 0.6),
    )
    wood(canvas, [(220, 670, 100), (280, 672, 140), (345, 680, 110), (1380, 650, 120), (1450, 650, 90)], FERN)
    valley = hill(
        canvas, [(-60, 740), (420, 700), (900, 740), (1680, 690)], mix(FERN, MINT, 0.35), mix(FERN, LEAF, 0.3)
    )
    river = curve([(1030, 725), (930, 765), (1080, 830), (760, 920), (980, 1040), (700, 1250)])
    canvas.paint(stroke(river, 16, 250), mix(LEAF, FERN, 0.4), opacity=0.5, clip=valley)
    canvas.paint(stroke(river, 10, 220), Gradient(SUN, TINT), clip=valley)
    canvas.paint(stroke([(x + 12, y) for x, y in river], 3, 60), PAPER, opacity=0.55, clip=valley)
    hill(canvas, [(-60, 850), (260, 830), (500, 930), (660, 1060), (720, 1260)], mix(LEAF, FERN, 0.4), LEAF)
    hill(canvas, [(880, 1260), (960, 1090), (1200, 960), (1460, 900), (1680, 880)], LEAF, DEEP)
    wood(canvas, [(90, 880, 190), (180, 872, 270), (280, 885, 210), (375, 920, 150)], DEEP)
    canvas.paint(archway(1392, 770, 110, 915), SAND)
    canvas.paint([[(1322, 800), (1392, 722), (1462, 800)]], CORAL)
    canvas.paint(archway(1392, 840, 36, 915), LEAF)
    wood(canvas, [(1500, 905, 230), (1575, 900, 170)], NIGHT)
    hill(canvas, [(-60, 1060), (240, 1080), (520, 1180), (640, 1280)], mix(LEAF, DEEP, 0.4), DEEP)
    for x, tip, colour in ((110, (86, 850), CORAL), (190, (212, 905), AMBER), (270, (330, 965), CLAY)):
        canvas.paint(stroke(bend((x, 1240), tip, 0.06), 9, 6), FERN)
        rounded(canvas, ellipse(tip, 40), colour)
        blade(canvas, (x, 1150), (x + 90, 1030), 0.4, FERN, lean=-0.15)
    birds(canvas, [(820, 260, 64), (900, 225, 46), (985, 270, 40)])
