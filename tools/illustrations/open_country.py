"""Landscapes for every key that has no scene of its own."""

from tools.illustrations.canvas import Canvas
from tools.illustrations.nature import birds, blade, cloud, grass, hill, ripples, sky, stone, sun, wood
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
from tools.illustrations.shapes import ellipse

SKIES = (
    (TINT, SUN),
    (PEACH, SUN),
    (HONEY, SUN),
    (mix(MINT, TINT, 0.4), MIST),
    (SAND, mix(SUN, PAPER, 0.3)),
    (CLAY, HONEY),
)
LANDS = (
    (SAGE, MINT, FERN, LEAF, DEEP),
    (PEACH, APRICOT, CLAY, CORAL, WINE),
    (SUN, HONEY, AMBER, mix(AMBER, CLAY, 0.5), CLAY),
    (TINT, SAGE, MINT, FERN, LEAF),
    (mix(SUN, TINT, 0.4), OAT, mix(OAT, FERN, 0.4), FERN, LEAF),
)


def open_country(canvas: Canvas) -> None:
    """Draw a landscape whose light, hills and foreground follow from the key."""
    choose, between = canvas.random.choice, canvas.random.uniform
    sky(canvas, *choose(SKIES), 780)
    x = choose((between(330, 600), between(1000, 1270)))
    sun(
        canvas,
        (x, between(420, 540)),
        between(150, 250),
        choose((Gradient(HONEY, AMBER), Gradient(APRICOT, CLAY), Gradient(PAPER, HONEY))),
        halo=PAPER,
    )
    cloud(canvas, (1600 - x, between(250, 330)), between(300, 430))
    land = choose(LANDS)
    for index in range(4):
        level = 620 + index * 120
        height = between(30, 80)
        shift = between(-200, 200)
        line = [
            (shift + place, level + (height if number % 2 else -height))
            for number, place in enumerate(range(-600, 2300, 420))
        ]
        hill(canvas, line, land[index], land[index + 1])
        if index in (1, 2):
            start = between(80, 1300)
            wood(
                canvas,
                [(start + step * 68, level + 30, between(100, 170)) for step in range(3)],
                mix(land[index + 1], DEEP, 0.5),
            )
    choose((_reedy_pond, _stony_bank, _leafy_bank))(canvas)
    birds(canvas, [(1500 - x, 420, 56), (1580 - x, 385, 40)], LEAF)


def _reedy_pond(canvas: Canvas) -> None:
    """Draw a pond with rings and grass in the foreground."""
    canvas.paint(ellipse((800, 1085), 520, 92), Gradient(MIST, MINT))
    ripples(canvas, (800, 1085), (120, 240, 380), PAPER, flat=0.17)
    grass(canvas, -20, 420, 1240, 250, (DEEP, LEAF, FERN), 30)
    grass(canvas, 1180, 1620, 1240, 250, (DEEP, LEAF, FERN), 30)


def _stony_bank(canvas: Canvas) -> None:
    """Draw a small cairn in the foreground."""
    x = canvas.random.choice((430, 1170))
    for rise, rx, ry, colour in (
        (0, 190, 62, FERN),
        (96, 140, 52, OAT),
        (182, 100, 42, CLAY),
        (250, 66, 34, SUN),
    ):
        stone(canvas, (x + rise * 0.06, 1050 - rise), rx, ry, colour)
    grass(canvas, x - 330, x + 330, 1240, 170, (DEEP, LEAF), 30)


def _leafy_bank(canvas: Canvas) -> None:
    """Draw tall leaves from both lower corners."""
    for x, tip in (
        (90, (300, 640)),
        (40, (120, 540)),
        (160, (480, 860)),
        (1510, (1300, 660)),
        (1570, (1500, 560)),
        (1440, (1130, 880)),
    ):
        blade(
            canvas,
            (x, 1250),
            tip,
            0.3,
            canvas.random.choice((LEAF, FERN, mix(LEAF, DEEP, 0.4))),
            lean=0.1 if x < 800 else -0.1,
        )
