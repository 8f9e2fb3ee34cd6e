"""Made things and small creatures of the demo pictures."""

import math
from collections.abc import Sequence

from tools.illustrations.canvas import Canvas
from tools.illustrations.nature import blade, rounded
from tools.illustrations.palette import AMBER, DEEP, HONEY, LEAF, MIST, PAPER, SUN, TINT, Gradient, mix
from tools.illustrations.shapes import (
    Point,
    Polygon,
    Shape,
    along,
    arc,
    archway,
    bend,
    bounds,
    box,
    curve,
    ellipse,
    mirrored,
    moved,
    polar,
    scaled,
    stroke,
    turned,
)


def niche(
    canvas: Canvas, wall: str, light: str, dark: str, *, centre: float = 800, width: float = 860
) -> Shape:
    """Draw a wall with an arched window; give the opening, to clip what is seen through it."""
    canvas.paint(box(-40, -40, 1640, 1240), Gradient(mix(wall, PAPER, 0.25), mix(wall, DEEP, 0.05)))
    outer = archway(centre, 96, width + 76, 1010)
    opening = archway(centre, 134, width, 1010)
    canvas.paint(outer, mix(wall, PAPER, 0.55))
    canvas.paint(opening, Gradient(light, dark))
    return opening


def reveal(canvas: Canvas, opening: Shape, strength: float = 0.2) -> None:
    """Cast the wall's shadow into the window."""
    left, top, right, bottom = bounds(opening)
    frame = [[*archway((left + right) / 2, top, right - left, bottom)[0]]]
    rim = stroke([*frame[0], frame[0][0]], 40)
    canvas.shade(rim, opacity=strength, blur=20, offset=(16, 14), clip=opening)


def shelf(canvas: Canvas, colour: str, top: float = 985) -> None:
    """Draw the ledge on which a still life stands."""
    canvas.shade(box(-60, top, 1660, top + 40), opacity=0.14, blur=24, offset=(0, -10))
    canvas.paint(box(-40, top, 1640, 1240), Gradient(colour, mix(colour, DEEP, 0.16)))
    canvas.paint(box(-40, top, 1640, top + 16), mix(colour, PAPER, 0.5))


def foot_shadow(canvas: Canvas, centre: Point, reach: float, opacity: float = 0.3) -> None:
    """Draw the shadow that something standing throws to the right."""
    x, y = centre
    canvas.shade(ellipse((x + reach * 0.25, y), reach, reach * 0.11), opacity=opacity, blur=14)


def tube(
    canvas: Canvas,
    centre: float,
    top: float,
    bottom: float,
    width: float,
    filling: str,
    *,
    level: float = 0.5,
) -> None:
    """Draw a sample tube with a coloured filling up to a level (0 to 1) and a rim."""
    half = width / 2
    glass = box(centre - half, top, centre + half, bottom, half * 0.98)
    body = [
        [point for point in glass[0] if point[1] > top + half] + [(centre - half, top), (centre + half, top)]
    ]
    surface = bottom - (bottom - top) * level
    canvas.paint(body, PAPER, opacity=0.5)
    inside = scaled(body, (centre, (top + bottom) / 2), 0.9)
    liquid = box(centre - half, surface, centre + half, bottom + 10)
    canvas.paint(inside, Gradient(mix(filling, SUN, 0.2), mix(filling, DEEP, 0.2)), clip=liquid)
    canvas.paint(ellipse((centre, surface), half * 0.9, half * 0.17), mix(filling, PAPER, 0.35), clip=body)
    canvas.paint(
        box(centre - half * 0.66, top + 40, centre - half * 0.42, bottom - half, 8), PAPER, opacity=0.5
    )
    canvas.paint(
        box(centre - half * 1.16, top - 14, centre + half * 1.16, top + 16, 15), mix(PAPER, TINT, 0.4)
    )


def vase(
    canvas: Canvas, profile: Sequence[Point], centre: float, colour: str, band: str | None = None
) -> Shape:
    """Draw a turned vessel from its right-hand profile (distance from the axis, height); give it."""
    right = curve([(centre + reach, y) for reach, y in profile])
    shape = [[*right, *reversed(mirrored([right], centre)[0])]]
    left, top, edge, bottom = bounds(shape)
    foot_shadow(canvas, (centre, bottom), (edge - left) / 2)
    canvas.paint(shape, Gradient(mix(colour, SUN, 0.22), mix(colour, DEEP, 0.22), across=True))
    if band:
        third = (bottom - top) / 3
        stripe = box(left, top + third * 1.45, edge, top + third * 1.95)
        canvas.paint(stripe, Gradient(mix(band, SUN, 0.2), mix(band, DEEP, 0.15), across=True), clip=shape)
    mouth = profile[0][0]
    canvas.paint(ellipse((centre, profile[0][1]), mouth, mouth * 0.2), mix(colour, DEEP, 0.45))
    shine = [(centre - reach * 0.62, y) for reach, y in profile[1:-1]]
    canvas.paint(stroke(curve(shine), 16, 6), PAPER, opacity=0.22, clip=shape)
    return shape


def glass(
    canvas: Canvas, centre: float, top: float, bottom: float, width: float, drink: str, level: float
) -> None:
    """Draw a tall tumbler with a drink up to a level (0 to 1)."""
    half, foot = width / 2, width * 0.38
    body = [[(centre - half, top), (centre + half, top), (centre + foot, bottom), (centre - foot, bottom)]]
    canvas.paint(body, PAPER, opacity=0.45)
    inner = scaled(body, (centre, (top + bottom) / 2), 0.93)
    surface = bottom - (bottom - top) * level
    fluid = box(centre - half, surface, centre + half, bottom)
    canvas.paint(inner, Gradient(mix(drink, PAPER, 0.3), mix(drink, DEEP, 0.1)), clip=fluid)
    reach = along((centre + foot, bottom), (centre + half, top), level)[0] - centre
    canvas.paint(ellipse((centre, surface), reach * 0.94, reach * 0.15), mix(drink, PAPER, 0.6))
    shine = [(centre - half * 0.72, top + 50), (centre - foot * 0.74, bottom - 60)]
    canvas.paint(stroke(shine, 18, 12), PAPER, opacity=0.65)
    canvas.paint(stroke([(centre - half, top), (centre + half, top)], 10), PAPER, opacity=0.8)


def butterfly(
    canvas: Canvas, centre: Point, size: float, colours: tuple[str, str], *, turn: float = 0, body: str = DEEP
) -> None:
    """Draw a butterfly with open wings; the first colour is the upper pair's."""
    upper = [[*curve([(0, -6), (-28, -66), (-92, -92), (-128, -62), (-112, -14), (-52, 8)], closed=True)]]
    lower = [[*curve([(0, 4), (-60, 10), (-92, 40), (-78, 88), (-38, 84), (-10, 40)], closed=True)]]

    def place(shape: Shape) -> Shape:
        grown = [[(x * size / 100, y * size / 100) for x, y in polygon] for polygon in shape]
        return turned(moved(grown, *centre), centre, turn)

    for wing, colour in ((lower, colours[1]), (upper, colours[0])):
        for side in (wing, mirrored(wing, 0)):
            left, top, right, bottom = bounds(side)
            inner = scaled(side, (left * 0.45 + right * 0.55, 0), 0.62)
            canvas.paint(place(side), Gradient(mix(colour, SUN, 0.25), colour))
            canvas.paint(place(inner), mix(colour, PAPER, 0.42), opacity=0.75)
            canvas.paint(place(ellipse(((left + right) / 2, (top + bottom) / 2), 11)), colour)
    canvas.paint(place(ellipse((0, 8), 9, 62)), body)
    for sign in (-1, 1):
        canvas.paint(place(stroke(bend((0, -48), (sign * 40, -108), sign * 0.12), 5, 3)), body)


def wheat(canvas: Canvas, stem: Polygon, colour: str, size: float = 62, grains: int = 7) -> None:
    """Draw an ear of wheat on a stem."""
    canvas.paint(stroke(stem, 9, 6), mix(colour, DEEP, 0.18))
    tip, before = stem[-1], stem[-3]
    length = ((tip[0] - before[0]) ** 2 + (tip[1] - before[1]) ** 2) ** 0.5
    ux, uy = (tip[0] - before[0]) / length, (tip[1] - before[1]) / length
    for grain in range(grains):
        base = (tip[0] + ux * size * 0.55 * grain, tip[1] + uy * size * 0.55 * grain)
        for side in (-1, 1):
            point = (
                base[0] + (ux * 1.05 - uy * side * 0.62) * size,
                base[1] + (uy * 1.05 + ux * side * 0.62) * size,
            )
            awn = along(base, point, 2.1)
            canvas.paint(stroke([point, awn], 4, 2), mix(colour, PAPER, 0.25))
            blade(
                canvas, base, point, 0.62, colour, lean=0.1 * side, vein=False, light=mix(colour, SUN, 0.35)
            )
    crown = (tip[0] + ux * size * 0.55 * grains, tip[1] + uy * size * 0.55 * grains)
    blade(canvas, crown, (crown[0] + ux * size, crown[1] + uy * size), 0.55, colour, vein=False)


def dandelion(
    canvas: Canvas, centre: Point, radius: float, colour: str, missing: tuple[float, float]
) -> None:
    """Draw a seed head that has lost the seeds between two angles."""
    canvas.shade(ellipse(centre, radius * 0.9), colour=PAPER, opacity=0.35, blur=radius * 0.18)
    for ring, count in ((1.0, 34), (0.74, 24), (0.48, 15)):
        for index in range(count):
            angle = index * 360 / count + ring * 40
            if missing[0] < angle % 360 < missing[1]:
                continue
            seed(canvas, centre, polar(centre, radius * ring, angle), colour, radius * 0.12)
    rounded(canvas, ellipse(centre, radius * 0.13), mix(LEAF, AMBER, 0.35))


def seed(canvas: Canvas, base: Point, tip: Point, colour: str, tuft: float) -> None:
    """Draw a dandelion seed: a thread that opens in a tuft."""
    canvas.paint(stroke([base, tip], 3, 3), colour, opacity=0.75)
    start = along(base, tip, 0.93)
    length = max(1.0, ((tip[0] - base[0]) ** 2 + (tip[1] - base[1]) ** 2) ** 0.5)
    ux, uy = (tip[0] - base[0]) / length, (tip[1] - base[1]) / length
    for side in (-1, -0.5, 0, 0.5, 1):
        end = (start[0] + (ux - uy * side) * tuft, start[1] + (uy + ux * side) * tuft)
        canvas.paint(stroke([start, end], 3.5, 2.5), colour)
    canvas.paint(ellipse(tip, 5), colour)


def bean(centre: Point, size: float, *, left: bool = True, turn: float = 0) -> Shape:
    """Give a kidney's outline; the left one is hollow on its right."""
    outline = []
    for step in range(96):
        angle = 2 * math.pi * step / 96
        hollow = 0.95 * math.exp(-((min(angle, 2 * math.pi - angle) / 0.52) ** 2))
        outline.append((size * 0.8 * math.cos(angle) * (1 - hollow), size * 1.14 * math.sin(angle)))
    shape = [outline] if left else mirrored([outline], 0)
    return turned(moved(shape, *centre), centre, turn)


def liver(centre: Point, size: float) -> Shape:
    """Give a wedge with a round right end, heavy on the left and tapering to the right."""
    points = [
        (-150, -30),
        (-110, -86),
        (-20, -92),
        (70, -78),
        (160, -52),
        (168, -30),
        (90, 2),
        (20, 40),
        (-50, 92),
        (-120, 84),
        (-152, 30),
    ]
    return moved([curve([(x * size / 100, y * size / 100) for x, y in points], closed=True)], *centre)


def heart(centre: Point, size: float) -> Shape:
    """Give a soft heart."""
    points = [(0, 100), (-62, 48), (-108, -12), (-88, -78), (-36, -84), (0, -46)]
    outline = curve([(x * size / 100, y * size / 100) for x, y in points])
    return moved([[*outline, *reversed(mirrored([outline], 0)[0])]], *centre)


def parcel(
    canvas: Canvas, left: float, top: float, width: float, height: float, colour: str, ribbon: str
) -> None:
    """Draw a parcel with a ribbon."""
    body = box(left, top, left + width, top + height, 14)
    canvas.paint(body, Gradient(mix(colour, SUN, 0.3), mix(colour, DEEP, 0.12)))
    canvas.paint(
        box(left + width * 0.62, top, left + width, top + height, 14), mix(colour, DEEP, 0.14), opacity=0.5
    )
    canvas.paint(box(left + width * 0.26, top, left + width * 0.4, top + height), ribbon)
    canvas.paint(box(left, top + height * 0.28, left + width, top + height * 0.4), ribbon, opacity=0.85)


def coin(canvas: Canvas, centre: Point, radius: float) -> None:
    """Draw a golden disc with an inner rim."""
    rounded(canvas, ellipse(centre, radius), AMBER)
    ring = arc(centre, radius * 0.7, 0, 360)
    canvas.paint(stroke(ring, radius * 0.08), mix(HONEY, MIST, 0.4), opacity=0.8)
