"""Outlines of the demo pictures, in a drawing space 1600 units wide and 1200 high.

A shape is a list of polygons that are filled together, so that a stroke may cross itself.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

WIDTH, HEIGHT = 1600, 1200

Point = tuple[float, float]
Polygon = list[Point]
Shape = list[Polygon]


def along(start: Point, end: Point, share: float) -> Point:
    """Give the point that lies ``share`` (0 to 1) of the way from start to end."""
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def polar(centre: Point, radius: float, degrees: float) -> Point:
    """Give the point at a distance and angle from a centre; angles run clockwise from the right."""
    angle = math.radians(degrees)
    return centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle)


def _spline_point(four: Sequence[Point], t: float) -> Point:
    """Give a point of the Catmull-Rom curve between the second and third of four points."""
    before, start, end, after = four
    weights = (
        -0.5 * t + t * t - 0.5 * t**3,
        1 - 2.5 * t * t + 1.5 * t**3,
        0.5 * t + 2 * t * t - 1.5 * t**3,
        -0.5 * t * t + 0.5 * t**3,
    )
    pairs = list(zip(weights, (before, start, end, after), strict=True))
    return sum(w * p[0] for w, p in pairs), sum(w * p[1] for w, p in pairs)


def curve(points: Sequence[Point], *, closed: bool = False, steps: int = 18) -> Polygon:
    """Give a smooth line through all points; a closed one returns to the first."""
    before, after = (points[-1], points[:2]) if closed else (points[0], points[-1:])
    padded = [before, *points, *after]
    line = [
        _spline_point(padded[index : index + 4], step / steps)
        for index in range(len(padded) - 3)
        for step in range(steps)
    ]
    return line if closed else [*line, points[-1]]


def bend(start: Point, end: Point, bulge: float, steps: int = 28) -> Polygon:
    """Give an arc-like line whose middle is pushed aside by ``bulge`` times its length."""
    middle = along(start, end, 0.5)
    control = (
        middle[0] + (start[1] - end[1]) * bulge * 2,
        middle[1] + (end[0] - start[0]) * bulge * 2,
    )
    return [
        along(along(start, control, t), along(control, end, t), t)
        for t in (step / steps for step in range(steps + 1))
    ]


def arc(centre: Point, radius: float, start: float, end: float) -> Polygon:
    """Give the points of a circle's arc between two angles in degrees."""
    steps = max(8, int(abs(end - start) / 2.5))
    return [polar(centre, radius, start + (end - start) * step / steps) for step in range(steps + 1)]


def stroke(line: Sequence[Point], width: float, end_width: float | None = None) -> Shape:
    """Give a round-ended line of a width, or one that tapers from one width to another."""
    last = width if end_width is None else end_width
    widths = [width + (last - width) * index / (len(line) - 1) for index in range(len(line))]
    shape: Shape = [ellipse(point, w / 2)[0] for point, w in zip(line, widths, strict=True)]
    for (start, w0), (end, w1) in pairwise(zip(line, widths, strict=True)):
        length = math.dist(start, end)
        if length:
            nx, ny = (start[1] - end[1]) / length / 2, (end[0] - start[0]) / length / 2
            shape.append(
                [
                    (start[0] + nx * w0, start[1] + ny * w0),
                    (end[0] + nx * w1, end[1] + ny * w1),
                    (end[0] - nx * w1, end[1] - ny * w1),
                    (start[0] - nx * w0, start[1] - ny * w0),
                ]
            )
    return shape


def ellipse(centre: Point, rx: float, ry: float | None = None, turn: float = 0) -> Shape:
    """Give an ellipse, or a circle when there is one radius; turned by degrees."""
    return pebble(centre, rx, rx if ry is None else ry, turn=turn, squareness=2)


def pebble(centre: Point, rx: float, ry: float, *, turn: float = 0, squareness: float = 2.6) -> Shape:
    """Give a superellipse: 2 is an ellipse, more grows towards a rectangle."""
    steps = min(180, max(14, int(math.sqrt(max(rx, ry)) * 7)))
    cos_turn, sin_turn = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    outline = []
    for step in range(steps):
        angle = 2 * math.pi * step / steps
        c, s = math.cos(angle), math.sin(angle)
        x = math.copysign(abs(c) ** (2 / squareness), c) * rx
        y = math.copysign(abs(s) ** (2 / squareness), s) * ry
        outline.append((centre[0] + x * cos_turn - y * sin_turn, centre[1] + x * sin_turn + y * cos_turn))
    return [outline]


def box(left: float, top: float, right: float, bottom: float, radius: float = 0) -> Shape:
    """Give a rectangle with round corners."""
    corners = [
        ((right - radius, bottom - radius), 0),
        ((left + radius, bottom - radius), 90),
        ((left + radius, top + radius), 180),
        ((right - radius, top + radius), 270),
    ]
    return [[point for centre, start in corners for point in arc(centre, radius, start, start + 90)]]


def archway(centre: float, top: float, width: float, bottom: float) -> Shape:
    """Give a doorway with a half-circle for its head."""
    half = width / 2
    return [[*arc((centre, top + half), half, 180, 360), (centre + half, bottom), (centre - half, bottom)]]


def ground(points: Sequence[Point], floor: float = HEIGHT + 40) -> Shape:
    """Give all that lies below a smooth skyline."""
    line = curve(points)
    return [[*line, (line[-1][0], floor), (line[0][0], floor)]]


def leaf(base: Point, tip: Point, width: float, lean: float = 0) -> Shape:
    """Give a pointed leaf; its width is a share of its length, its lean bends it."""
    return [[*bend(base, tip, lean + width / 2), *reversed(bend(base, tip, lean - width / 2))]]


def half_leaf(base: Point, tip: Point, width: float, lean: float = 0) -> Shape:
    """Give one side of the leaf that the same values draw."""
    return [[*bend(base, tip, lean + width / 2), *reversed(bend(base, tip, lean))]]


def drop(centre: Point, radius: float, stretch: float = 2.1) -> Shape:
    """Give a falling drop: a circle below, a tip ``stretch`` radii above its centre."""
    x, y = centre
    tangent = math.degrees(math.acos(1 / stretch))
    round_part = arc(centre, radius, -90 + tangent, 270 - tangent)
    tip = (x, y - radius * stretch)
    return [[*bend(tip, round_part[0], 0.04), *round_part, *bend(round_part[-1], tip, 0.04)]]


def crescent(centre: Point, radius: float, lit: float) -> Shape:
    """Give the lit part of a moon: 0 is new, 0.5 half, 1 full; negative is lit on the left."""
    side = 1 if lit >= 0 else -1
    edge = 1 - 2 * abs(lit)
    rim = arc(centre, radius, -90, 90)
    inner = [(centre[0] + (x - centre[0]) * edge, y) for x, y in reversed(rim)]
    return [[(centre[0] + (x - centre[0]) * side, y) for x, y in [*rim, *inner]]]


def moved(shape: Shape, dx: float, dy: float) -> Shape:
    """Give the same shape somewhere else."""
    return [[(x + dx, y + dy) for x, y in polygon] for polygon in shape]


def mirrored(shape: Shape, axis: float) -> Shape:
    """Give the shape's mirror image at a vertical axis."""
    return [[(2 * axis - x, y) for x, y in polygon] for polygon in shape]


def scaled(shape: Shape, centre: Point, factor: float) -> Shape:
    """Give the shape larger or smaller, seen from a centre."""
    return [[along(centre, point, factor) for point in polygon] for polygon in shape]


def turned(shape: Shape, centre: Point, degrees: float) -> Shape:
    """Give the shape turned clockwise about a centre."""
    angle = math.radians(degrees)
    c, s = math.cos(angle), math.sin(angle)
    cx, cy = centre
    return [
        [(cx + (x - cx) * c - (y - cy) * s, cy + (x - cx) * s + (y - cy) * c) for x, y in polygon]
        for polygon in shape
    ]


def bounds(shape: Shape) -> tuple[float, float, float, float]:
    """Give left, top, right and bottom of a shape."""
    xs = [x for polygon in shape for x, _ in polygon]
    ys = [y for polygon in shape for _, y in polygon]
    return min(xs), min(ys), max(xs), max(ys)
