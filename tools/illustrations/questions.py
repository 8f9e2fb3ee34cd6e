"""Pictures for the pages of questions and answers."""

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
    sun,
    water_drop,
    wood,
)
from tools.illustrations.objects import coin, foot_shadow, parcel, tube
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
from tools.illustrations.shapes import Shape, archway, bend, box, curve, ellipse, pebble, stroke


def open_door_and_path(canvas: Canvas) -> None:
    """Before you buy: stepping stones lead over a meadow to an open, sunlit door."""
    sky(canvas, mix(SAGE, TINT, 0.5), SUN, 760)
    cloud(canvas, (300, 300), 360)
    cloud(canvas, (1340, 260), 300)
    hill(canvas, [(-60, 690), (320, 610), (800, 690), (1280, 600), (1680, 670)], SAGE, MINT)
    wood(canvas, [(180, 690, 150), (255, 690, 210), (1330, 670, 200), (1410, 675, 150)], mix(FERN, LEAF, 0.3))
    hill(
        canvas, [(-60, 800), (500, 760), (1100, 760), (1680, 800)], mix(MINT, FERN, 0.4), mix(FERN, LEAF, 0.4)
    )
    canvas.shade(archway(800, 240, 470, 800), opacity=0.3, blur=26, offset=(22, 8))
    canvas.paint(archway(800, 230, 480, 806), Gradient(PAPER, DUNE))
    opening = archway(800, 290, 360, 806)
    canvas.paint(opening, Gradient(AMBER, SUN))
    for ring in (1.6, 1.3):
        canvas.paint(ellipse((800, 560), 110 * ring), PAPER, opacity=0.3, clip=opening)
    canvas.paint(ellipse((800, 560), 110), Gradient(CLAY, CORAL), clip=opening)
    canvas.paint(
        [[*curve([(560, 670), (740, 620), (880, 670), (1040, 630)]), (1040, 810), (560, 810)]],
        Gradient(MINT, FERN),
        clip=opening,
    )
    canvas.paint([[(980, 330), (1140, 400), (1140, 850), (980, 806)]], Gradient(LEAF, DEEP))
    canvas.paint([[(1000, 400), (1118, 446), (1118, 600), (1000, 580)]], mix(LEAF, MINT, 0.3))
    canvas.paint([[(1000, 620), (1118, 642), (1118, 806), (1000, 776)]], mix(LEAF, MINT, 0.3))
    rounded(canvas, ellipse((1122, 625), 13), AMBER)
    for x, y, rx in ((800, 840, 105), (740, 905, 135), (850, 985, 170), (720, 1085, 215)):
        canvas.paint(pebble((x + 8, y + 13), rx, rx * 0.24), DEEP, opacity=0.3)
        canvas.paint(pebble((x, y), rx, rx * 0.24), Gradient(PAPER, DUNE))
    for x, tip, colour in (
        (330, (290, 850), CORAL),
        (420, (440, 900), AMBER),
        (1240, (1270, 880), CLAY),
        (1340, (1320, 920), AMBER),
        (230, (190, 950), HONEY),
        (1450, (1490, 930), CORAL),
    ):
        canvas.paint(stroke(bend((x, 1240), tip, 0.05), 9, 6), DEEP)
        blade(canvas, (x, 1140), (x + 80, 1040), 0.4, LEAF, lean=-0.15)
        rounded(canvas, ellipse(tip, 38), colour)
    grass(canvas, -20, 480, 1240, 170, (DEEP, LEAF), 26)
    grass(canvas, 1100, 1620, 1240, 170, (DEEP, LEAF), 26)


def drop_above_still_water(canvas: Canvas) -> None:
    """Taking the sample: one large drop above rings on still water, a tube standing by."""
    sky(canvas, PEACH, SUN, 760)
    sun(canvas, (800, 470), 300, Gradient(mix(SUN, PAPER, 0.4), HONEY), halo=PAPER, strength=0.22)
    hill(
        canvas,
        [(-60, 700), (340, 640), (800, 700), (1260, 630), (1680, 690)],
        mix(APRICOT, PEACH, 0.5),
        APRICOT,
    )
    canvas.paint(box(-40, 740, 1640, 1240), Gradient(SAGE, LEAF))
    canvas.paint(box(-40, 740, 1640, 750), PAPER, opacity=0.6)
    canvas.shade(ellipse((800, 930), 250, 40), colour=SUN, opacity=0.5, blur=40)
    ripples(canvas, (800, 930), (110, 240, 390, 560), PAPER, flat=0.21, width=9)
    canvas.shade(ellipse((800, 930), 90, 18), opacity=0.5, blur=14)
    water_drop(canvas, (800, 590), 168, CORAL, stretch=2.3)
    for base, tip, colour in (
        ((110, 1240), (190, 420), LEAF),
        ((250, 1240), (330, 620), FERN),
        ((30, 1240), (60, 640), DEEP),
    ):
        sprig(canvas, bend(base, tip, 0.06), colour, pairs=6, size=170, stem_width=13)
    for x, y, rx, colour in ((1250, 1010, 190, FERN), (1420, 1050, 150, mix(LEAF, DEEP, 0.3))):
        shape = pebble((x, y), rx, rx * 0.36)
        canvas.shade(shape, opacity=0.35, blur=20, offset=(8, 18))
        rounded(canvas, shape, colour)
    tube(canvas, 1250, 470, 985, 120, CORAL, level=0.42)
    blade(canvas, (1330, 1000), (1500, 830), 0.4, LEAF, lean=-0.14)


def columns_on_a_meadow(canvas: Canvas) -> None:
    """Results: columns of different heights stand in a landscape like a friendly chart."""
    sky(canvas, TINT, mix(SUN, PAPER, 0.3), 800)
    sun(canvas, (1190, 380), 165, Gradient(HONEY, AMBER), halo=PAPER, strength=0.3)
    cloud(canvas, (380, 290), 360)
    hill(canvas, [(-60, 720), (300, 660), (800, 730), (1300, 650), (1680, 700)], SAGE, MINT)
    for y in (420, 560):
        for x in range(60, 1600, 64):
            canvas.paint(ellipse((x, y), 4), FERN, opacity=0.4)
    columns = (
        (330, 640, CORAL),
        (510, 520, AMBER),
        (690, 590, MINT),
        (870, 440, FERN),
        (1050, 545, APRICOT),
        (1230, 480, LEAF),
    )
    for x, top, colour in columns:
        canvas.shade(box(x - 60, top, x + 60, 980, 60), opacity=0.22, blur=20, offset=(24, 6))
        canvas.paint(
            box(x - 60, top, x + 60, 1060, 60), Gradient(mix(colour, SUN, 0.25), mix(colour, DEEP, 0.16))
        )
        canvas.paint(box(x + 18, top + 60, x + 60, 1060), DEEP, opacity=0.1)
        canvas.paint(ellipse((x, top + 60), 24), PAPER, opacity=0.9)
    line = curve([(x, top - 46) for x, top, _ in columns])
    canvas.paint(stroke(line, 8), DEEP)
    for x, top, _ in columns:
        canvas.paint(ellipse((x, top - 46), 19), DEEP)
        canvas.paint(ellipse((x, top - 46), 10), SUN)
    hill(canvas, [(-60, 900), (420, 950), (900, 880), (1300, 940), (1680, 880)], FERN, LEAF)
    hill(canvas, [(-60, 1040), (500, 990), (1100, 1050), (1680, 1000)], mix(LEAF, DEEP, 0.35), DEEP)
    for base, tip in (
        ((130, 1240), (90, 840)),
        ((230, 1240), (270, 930)),
        ((1460, 1240), (1500, 840)),
        ((1370, 1240), (1330, 950)),
    ):
        sprig(canvas, bend(base, tip, 0.05), FERN, pairs=5, size=120, stem_width=10, light=MINT)
    birds(canvas, [(720, 290, 58), (800, 250, 42)], LEAF)


def keyhole_in_the_hedge(canvas: Canvas) -> None:
    """Privacy: a keyhole in a dense wall of leaves shows a quiet garden beyond."""
    canvas.paint(box(-40, -40, 1640, 1240), Gradient(LEAF, NIGHT))
    colours = (mix(LEAF, DEEP, 0.3), mix(LEAF, FERN, 0.3), DEEP, mix(LEAF, FERN, 0.6), LEAF)
    for row in range(11):
        for column in range(13):
            x = column * 140 - 60 + (70 if row % 2 else 0) + canvas.random.uniform(-26, 26)
            y = row * 122 + canvas.random.uniform(-22, 22)
            side = canvas.random.choice((-1, 1))
            blade(
                canvas,
                (x, y + 95),
                (x + side * 62, y - 95),
                0.52,
                canvas.random.choice(colours),
                lean=side * 0.1,
                vein=False,
            )
    outline: Shape = [ellipse((800, 460), 262)[0], [(700, 600), (900, 600), (1010, 1040), (590, 1040)]]
    canvas.shade(outline, colour=NIGHT, opacity=0.75, blur=36)
    canvas.paint(
        [ellipse((800, 460), 286)[0], [(678, 600), (922, 600), (1040, 1060), (560, 1060)]],
        Gradient(HONEY, mix(AMBER, CLAY, 0.4)),
    )
    canvas.paint(outline, Gradient(TINT, SUN))
    for ring in (1.6, 1.3):
        canvas.paint(ellipse((850, 430), 88 * ring), PAPER, opacity=0.4, clip=outline)
    canvas.paint(ellipse((850, 430), 88), Gradient(AMBER, CLAY), clip=outline)
    for y, top, bottom in ((560, SAGE, MINT), (680, MINT, FERN), (850, FERN, LEAF)):
        land = [[*curve([(500, y), (700, y - 50), (880, y + 24), (1100, y - 30)]), (1100, 1060), (500, 1060)]]
        canvas.paint(land, Gradient(top, bottom), clip=outline)
    path = curve([(800, 720), (760, 800), (850, 900), (780, 1060)])
    canvas.paint(stroke(path, 14, 110), SUN, clip=outline)
    for x, y, height in ((660, 580, 90), (700, 585, 130), (950, 590, 110)):
        canvas.paint(ellipse((x, y - height * 0.5), height * 0.17, height * 0.5), LEAF, clip=outline)
    for x, y, tip_x, tip_y in (
        (520, 330, 660, 250),
        (560, 720, 700, 690),
        (1080, 620, 930, 640),
        (1060, 300, 950, 220),
        (560, 1000, 690, 930),
        (1050, 980, 920, 940),
    ):
        canvas.shade([[(x, y), (tip_x, tip_y), (x, y + 40)]], opacity=0.3, blur=16, offset=(8, 14))
        blade(canvas, (x, y), (tip_x, tip_y), 0.5, FERN, lean=0.1, light=MINT)


def boat_with_a_parcel(canvas: Canvas) -> None:
    """Payment and delivery: a small boat carries a parcel over calm water below golden coins."""
    sky(canvas, mix(SUN, PAPER, 0.2), PEACH, 700)
    sun(canvas, (1150, 500), 225, Gradient(APRICOT, CLAY), halo=PAPER, strength=0.26)
    cloud(canvas, (330, 300), 380)
    cloud(canvas, (1330, 270), 260)
    hill(canvas, [(-60, 660), (260, 590), (620, 680), (1000, 690), (1680, 640)], SAGE, MINT)
    wood(canvas, [(120, 650, 120), (190, 640, 170), (262, 640, 120)], FERN)
    hill(
        canvas,
        [(-60, 720), (260, 690), (560, 725), (900, 695), (1240, 725), (1680, 700)],
        TINT,
        SAGE,
        shadow=0.1,
    )
    hill(
        canvas,
        [(-60, 810), (240, 840), (560, 800), (880, 845), (1220, 800), (1680, 840)],
        SAGE,
        MINT,
        shadow=0.1,
    )
    canvas.paint(stroke([(815, 870), (815, 250)], 20, 12), WINE)
    canvas.paint([[*curve([(838, 270), (1010, 440), (1100, 720)]), (838, 740)]], Gradient(PAPER, DUNE))
    canvas.paint(
        [[*curve([(838, 270), (1010, 440), (1100, 720)]), *curve([(1100, 720), (980, 560), (838, 440)])]],
        AMBER,
        opacity=0.75,
    )
    canvas.paint([[*curve([(796, 330), (660, 480), (590, 700)]), (796, 735)]], Gradient(APRICOT, CLAY))
    canvas.paint([[(815, 214), (900, 240), (815, 266)]], CORAL)
    parcel(canvas, 880, 640, 220, 180, OAT, CORAL)
    parcel(canvas, 620, 700, 150, 120, mix(APRICOT, SAND, 0.4), LEAF)
    hull = [[*curve([(480, 800), (560, 930), (760, 985), (960, 980), (1130, 910), (1210, 790)])]]
    canvas.shade(hull, opacity=0.3, blur=24, offset=(0, 36))
    canvas.paint(hull, Gradient(LEAF, DEEP))
    canvas.paint(stroke(curve([(480, 800), (840, 826), (1210, 790)]), 28), mix(LEAF, MINT, 0.35))
    canvas.paint(stroke(curve([(530, 868), (840, 905), (1170, 858)]), 12), HONEY)
    hill(
        canvas,
        [(-60, 960), (260, 925), (560, 970), (860, 925), (1180, 970), (1680, 925)],
        mix(MINT, FERN, 0.4),
        FERN,
    )
    hill(
        canvas,
        [(-60, 1050), (300, 1090), (660, 1040), (1020, 1090), (1380, 1040), (1680, 1080)],
        mix(FERN, LEAF, 0.4),
        LEAF,
    )
    for x, y, radius in ((420, 500, 58), (330, 610, 40), (505, 410, 34)):
        foot_shadow(canvas, (x, y + radius), radius * 0.5, 0.08)
        coin(canvas, (x, y), radius)
    birds(canvas, [(560, 250, 56), (640, 215, 40)], LEAF)
