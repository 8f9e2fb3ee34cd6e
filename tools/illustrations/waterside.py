"""Pictures of streams, lakes and reeds, for articles and places inside them."""

from tools.illustrations.canvas import Canvas
from tools.illustrations.nature import blade, cloud, grass, hill, rounded, sky, sprig, sun, wood
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
from tools.illustrations.shapes import bend, box, curve, ellipse, pebble, stroke

# Discs afloat on the golden stream, from far to near: where they lie, their radius and colour.
GOLDEN_DISCS = (
    (1420, 668, 20, AMBER),
    (1290, 694, 26, HONEY),
    (1150, 732, 32, AMBER),
    (1040, 800, 42, HONEY),
    (880, 790, 46, AMBER),
    (740, 822, 34, HONEY),
    (610, 790, 54, AMBER),
    (470, 860, 60, HONEY),
    (360, 960, 72, AMBER),
    (250, 1070, 56, HONEY),
)


def moonlit_lake(canvas: Canvas) -> None:
    """An evening for sleep: a low moon over still water between dark hills."""
    sky(canvas, NIGHT, FERN, 760)
    canvas.shade(ellipse((1030, 470), 260), colour=SUN, opacity=0.35, blur=90)
    sun(canvas, (1030, 470), 150, Gradient(PAPER, HONEY), halo=SUN, strength=0.08)
    for _ in range(40):
        spot = (canvas.random.uniform(20, 1580), canvas.random.uniform(60, 520))
        canvas.paint(ellipse(spot, canvas.random.uniform(2.5, 5)), SUN, opacity=0.6)
    cloud(canvas, (1260, 560), 380, MINT, 0.35)
    hill(
        canvas,
        [(-60, 600), (260, 520), (560, 640), (900, 700), (1240, 620), (1680, 560)],
        mix(LEAF, FERN, 0.6),
        LEAF,
    )
    canvas.paint(box(-40, 720, 1640, 1240), Gradient(mix(FERN, MINT, 0.4), DEEP))
    for y, reach in ((745, 170), (785, 130), (830, 155), (880, 95), (935, 120), (995, 60)):
        canvas.paint(box(1030 - reach, y, 1030 + reach, y + 12, 6), HONEY, opacity=0.75)
    hill(canvas, [(-60, 760), (200, 780), (420, 880), (560, 1000), (620, 1260)], LEAF, DEEP)
    wood(canvas, [(60, 800, 260), (160, 815, 360), (270, 850, 280), (370, 900, 180)], mix(DEEP, NIGHT, 0.4))
    hill(canvas, [(900, 1260), (1120, 1090), (1400, 1010), (1680, 990)], mix(LEAF, DEEP, 0.6), NIGHT)
    grass(canvas, 1180, 1620, 1230, 230, (LEAF, FERN, DEEP), 30)
    grass(canvas, -20, 440, 1230, 200, (LEAF, FERN, DEEP), 26)


def bending_reeds(canvas: Canvas) -> None:
    """Gentle movement: reeds bend in the same slow curve before a pale sun."""
    sky(canvas, mix(PEACH, SAND, 0.5), mix(MIST, SAND, 0.3), 820)
    sun(canvas, (620, 500), 250, Gradient(SUN, HONEY), halo=PAPER, strength=0.34)
    hill(canvas, [(-60, 740), (400, 690), (900, 750), (1680, 680)], TINT, SAGE)
    hill(canvas, [(-60, 880), (500, 920), (1100, 860), (1680, 910)], SAGE, MINT)
    for index in range(9):
        base = 210 + index * 95
        height = 640 + 120 * (index % 3) - 20 * abs(index - 4)
        line = curve(
            [(base, 1260), (base - 10, 1020), (base + 70, 1150 - height * 0.75), (base + 300, 1130 - height)]
        )
        colour = (LEAF, FERN, mix(FERN, MINT, 0.5))[index % 3]
        canvas.paint(stroke(line, 20, 6), colour)
        canvas.paint(stroke(line[-9:], 16, 38), (CLAY, CORAL, AMBER)[index % 3])
        tip = (base - 130 + 40 * (index % 2), 930 - 30 * (index % 3))
        blade(canvas, (base, 1220), tip, 0.16, colour, lean=0.2, vein=False)
    hill(canvas, [(-60, 1090), (480, 1060), (1100, 1110), (1680, 1060)], mix(FERN, LEAF, 0.6), LEAF)
    for y, start in ((330, 980), (430, 1120), (250, 1180)):
        canvas.paint(
            stroke(curve([(start, y), (start + 180, y - 34), (start + 400, y + 6)]), 6, 2), PAPER, opacity=0.9
        )
    grass(canvas, -20, 1620, 1240, 130, (DEEP, LEAF), 50)


def golden_stream(canvas: Canvas) -> None:
    """Cholesterol: a coral stream, like an artery, carries golden discs between sandy banks."""
    sky(canvas, mix(SUN, PAPER, 0.4), SUN, 600)
    sun(canvas, (430, 360), 170, Gradient(HONEY, AMBER), halo=PAPER, strength=0.3)
    cloud(canvas, (1180, 290), 360)
    hill(canvas, [(-60, 500), (300, 430), (760, 510), (1240, 420), (1680, 480)], TINT, SAGE)
    hill(canvas, [(-60, 580), (420, 610), (900, 550), (1680, 600)], SAGE, MINT)
    bank = hill(canvas, [(-60, 660), (420, 690), (980, 630), (1680, 680)], DUNE, OAT)
    stream = curve([(1720, 640), (1250, 690), (1010, 800), (620, 790), (330, 900), (280, 1060), (60, 1280)])
    for extra, colour in ((130, mix(OAT, PEACH, 0.5)), (62, mix(PEACH, APRICOT, 0.5))):
        canvas.paint(stroke(stream, 70 + extra * 0.5, 290 + extra), colour, clip=bank)
    canvas.paint(stroke(stream, 60, 290), Gradient(CLAY, WINE), clip=bank)
    canvas.paint(stroke([(x - 14, y - 22) for x, y in stream[8:-10]], 6, 18), APRICOT, opacity=0.7)
    for x, y, radius, colour in GOLDEN_DISCS:
        disc = ellipse((x, y), radius, radius * 0.82)
        canvas.shade(disc, opacity=0.35, blur=10, offset=(6, 12))
        rounded(canvas, disc, colour)
        canvas.paint(ellipse((x, y), radius * 0.5, radius * 0.36), mix(colour, PAPER, 0.35), opacity=0.7)
    wood(
        canvas, [(1340, 660, 130), (1410, 665, 180), (1480, 665, 120), (130, 690, 150), (205, 695, 110)], FERN
    )
    for base, tip in (((1180, 1240), (1120, 900)), ((1300, 1240), (1330, 830)), ((1430, 1240), (1500, 920))):
        sprig(canvas, bend(base, tip, 0.06), LEAF, pairs=5, size=135, stem_width=11, light=FERN)
    for x, y, rx, colour in ((860, 1080, 120, SAGE), (985, 1120, 90, FERN), (1040, 960, 62, APRICOT)):
        shape = pebble((x, y), rx, rx * 0.48)
        canvas.shade(shape, opacity=0.25, blur=16, offset=(8, 14))
        rounded(canvas, shape, colour)
