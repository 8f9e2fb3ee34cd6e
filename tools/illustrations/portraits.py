"""Busts of made-up people."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from tools.illustrations.canvas import Canvas
from tools.illustrations.nature import sky, sprig, sun
from tools.illustrations.palette import (
    AMBER,
    APRICOT,
    CLAY,
    CORAL,
    DEEP,
    FERN,
    HONEY,
    INK,
    LEAF,
    MINT,
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
    Shape,
    arc,
    bend,
    box,
    curve,
    ellipse,
    mirrored,
    pebble,
    stroke,
)

SKINS = ("#f3c9a5", "#e2a878", "#c4845a", "#96603f", "#6e432d", "#f0d3b8")
HAIRS = ("#2b1d18", "#5a3422", "#8a4a24", "#c98d45", "#9aa39c", "#13251f")
CLOTHES = (LEAF, CORAL, AMBER, FERN, DEEP, CLAY)
BACKGROUNDS = (
    (SAGE, TINT, SUN),
    (SUN, SAND, APRICOT),
    (PEACH, SAND, AMBER),
    (MINT, TINT, HONEY),
    (TINT, SAND, MINT),
    (HONEY, SUN, CLAY),
)

HEAD = (800.0, 500.0)

# Draws hair of a colour: first what hangs behind the head, then what lies upon it.
HairStyle = Callable[[Canvas, str, bool], None]


class Sitter(NamedTuple):
    """What a made-up person looks like."""

    style: HairStyle
    hair: str
    skin: str
    cloth: str
    collar: str
    background: tuple[str, str, str]
    bearded: bool = False
    bespectacled: bool = False


def bust(canvas: Canvas, sitter: Sitter | None = None) -> None:
    """Draw head and shoulders before a disc and leaves; without a sitter the key decides every trait."""
    sitter = sitter or _anyone(canvas)
    top, bottom, disc = sitter.background
    sky(canvas, top, bottom, 1200)
    sun(canvas, (800, 560), 400, Gradient(mix(disc, PAPER, 0.25), disc), halo=PAPER, rings=2, strength=0.22)
    green = canvas.random.choice((LEAF, FERN))
    for base, tip in (
        ((330, 1260), (250, 520)),
        ((1270, 1260), (1350, 480)),
        ((190, 1260), (90, 760)),
        ((1420, 1260), (1520, 720)),
    ):
        sprig(canvas, bend(base, tip, 0.05), green, pairs=6, size=165, stem_width=12)
    sitter.style(canvas, sitter.hair, True)
    _shoulders(canvas, sitter)
    _face(canvas, sitter.skin)
    sitter.style(canvas, sitter.hair, False)
    if sitter.bearded:
        _beard(canvas, sitter.hair)
    if sitter.bespectacled:
        _glasses(canvas)


def portrait_of(sitter: Sitter) -> Callable[[Canvas], None]:
    """Give the scene that draws one sitter."""
    return partial(bust, sitter=sitter)


def _anyone(canvas: Canvas) -> Sitter:
    """Give a sitter whose traits follow from the canvas's key."""
    choose = canvas.random.choice
    style = choose(HAIR_STYLES)
    return Sitter(
        style=style,
        hair=choose(CLOTHES if style is headscarf else HAIRS),
        skin=choose(SKINS),
        cloth=choose(CLOTHES),
        collar=choose(("shirt", "round", "coat")),
        background=choose(BACKGROUNDS),
        bearded=style in (short, cropped) and choose((True, False)),
        bespectacled=choose((True, False, False)),
    )


def _shoulders(canvas: Canvas, sitter: Sitter) -> None:
    """Draw the neck and a garment with its collar."""
    skin, cloth, collar = sitter.skin, sitter.cloth, sitter.collar
    right = curve([(860, 770), (930, 815), (1090, 865), (1190, 990), (1215, 1280)])
    body: Shape = [[*mirrored([right], 800)[0][::-1], *right]]
    canvas.shade(body, opacity=0.25, blur=30, offset=(10, -4))
    canvas.paint(body, Gradient(mix(cloth, SUN, 0.16), mix(cloth, DEEP, 0.2)))
    neck = box(722, 600, 878, 850, 70)
    canvas.paint(neck, mix(skin, WINE, 0.16))
    canvas.shade(ellipse((800, 690), 120, 50), colour=WINE, opacity=0.3, blur=18, clip=neck)
    if collar == "round":
        canvas.paint(stroke(arc((800, 780), 108, 10, 170), 36), mix(cloth, PAPER, 0.35))
        return
    inner = PAPER if collar == "coat" else mix(cloth, PAPER, 0.3)
    if collar == "coat":
        canvas.paint([[(722, 800), (878, 800), (850, 1240), (750, 1240)]], mix(SAGE, PAPER, 0.3), clip=body)
    for side in (False, True):
        flap: Shape = [[(716, 768), (690, 830), (752, 950), (800, 858)]]
        canvas.paint(mirrored(flap, 800) if side else flap, inner)
    canvas.paint([[(722, 780), (878, 780), (800, 868)]], mix(skin, WINE, 0.1))


def _face(canvas: Canvas, skin: str) -> None:
    """Draw a face without features: ears, a soft shade on one side, warm cheeks."""
    x, y = HEAD
    for side in (-1, 1):
        canvas.paint(ellipse((x + side * 168, y + 18), 32, 46), mix(skin, WINE, 0.12))
    head = pebble(HEAD, 168, 212, squareness=2.25)
    canvas.paint(head, Gradient(mix(skin, SUN, 0.2), skin))
    canvas.shade(
        box(x + 66, y - 240, x + 200, y + 240), colour=mix(skin, WINE, 0.4), opacity=0.42, blur=26, clip=head
    )
    for side in (-1, 1):
        canvas.shade(ellipse((x + side * 88, y + 74), 34, 26), colour=CORAL, opacity=0.24, blur=14, clip=head)
    canvas.paint(
        stroke(bend((x + 4, y + 4), (x + 2, y + 76), -0.12), 9, 6), mix(skin, WINE, 0.3), opacity=0.75
    )
    canvas.paint(stroke(arc((x, y + 92), 46, 40, 140), 9), mix(skin, WINE, 0.5), opacity=0.8)
    for side in (-1, 1):
        canvas.paint(stroke(arc((x + side * 72, y - 8), 30, 35, 145), 8), mix(skin, INK, 0.65), opacity=0.9)


def _cap(canvas: Canvas, colour: str, points: Sequence[Point]) -> Shape:
    """Fill hair with a lit crown."""
    shape: Shape = [curve(points, closed=True)]
    canvas.paint(shape, Gradient(mix(colour, SUN, 0.14), colour))
    canvas.paint(
        stroke(bend((690, 345), (900, 320), -0.14), 12, 4), mix(colour, SUN, 0.4), opacity=0.5, clip=shape
    )
    return shape


FRINGE = [
    (622, 520),
    (612, 400),
    (680, 290),
    (800, 262),
    (920, 290),
    (990, 400),
    (978, 520),
    (950, 430),
    (860, 385),
    (720, 395),
    (655, 440),
]


def short(canvas: Canvas, colour: str, behind: bool) -> None:
    """Draw short hair with a parting."""
    if not behind:
        _cap(canvas, colour, FRINGE)


def cropped(canvas: Canvas, colour: str, behind: bool) -> None:
    """Draw close-cropped hair with a high line."""
    if not behind:
        _cap(
            canvas,
            colour,
            [
                (632, 480),
                (630, 390),
                (700, 296),
                (800, 274),
                (900, 296),
                (970, 390),
                (968, 480),
                (944, 400),
                (860, 350),
                (740, 350),
                (656, 400),
            ],
        )


def bob(canvas: Canvas, colour: str, behind: bool) -> None:
    """Draw hair that ends at the chin."""
    if behind:
        canvas.paint(pebble((800, 520), 234, 272, squareness=2.7), Gradient(colour, mix(colour, INK, 0.4)))
    else:
        _cap(
            canvas,
            colour,
            [
                (596, 640),
                (580, 440),
                (660, 290),
                (800, 252),
                (940, 290),
                (1020, 440),
                (1004, 640),
                (966, 560),
                (940, 430),
                (790, 370),
                (664, 470),
                (634, 580),
            ],
        )


def long_hair(canvas: Canvas, colour: str, behind: bool) -> None:
    """Draw long hair over the shoulders."""
    if behind:
        fall = curve(
            [
                (600, 420),
                (800, 250),
                (1000, 420),
                (1040, 700),
                (1030, 960),
                (800, 900),
                (570, 960),
                (560, 700),
            ],
            closed=True,
        )
        canvas.paint([fall], Gradient(colour, mix(colour, INK, 0.4)))
    else:
        _cap(
            canvas,
            colour,
            [
                (612, 600),
                (598, 420),
                (670, 290),
                (800, 252),
                (930, 290),
                (1002, 420),
                (988, 600),
                (960, 470),
                (800, 340),
                (640, 470),
            ],
        )


def bun(canvas: Canvas, colour: str, behind: bool) -> None:
    """Draw hair that is tied up."""
    if behind:
        canvas.paint(ellipse((800, 240), 104), Gradient(mix(colour, SUN, 0.2), colour))
    else:
        _cap(canvas, colour, FRINGE)


def curls(canvas: Canvas, colour: str, behind: bool) -> None:
    """Draw a full head of curls."""
    spots = [
        (600, 470, 84),
        (612, 370, 92),
        (680, 290, 98),
        (800, 258, 108),
        (920, 290, 98),
        (988, 370, 92),
        (1000, 470, 84),
        (606, 560, 66),
        (994, 560, 66),
    ]
    if behind:
        for x, y, radius in spots:
            canvas.paint(ellipse((x, y), radius), Gradient(mix(colour, SUN, 0.12), colour))
    else:
        for x, y, radius in ((668, 378, 58), (740, 345, 62), (820, 338, 62), (895, 352, 60), (945, 395, 48)):
            canvas.paint(ellipse((x, y), radius), Gradient(mix(colour, SUN, 0.2), colour))


def headscarf(canvas: Canvas, colour: str, behind: bool) -> None:
    """Draw a headscarf."""
    if behind:
        canvas.paint(pebble((800, 540), 236, 300, squareness=2.3), Gradient(colour, mix(colour, DEEP, 0.4)))
        return
    rim = [*arc((800, 505), 178, 0, 360)]
    canvas.paint(
        stroke([(800 + (x - 800) * 0.98, 505 + (y - 505) * 1.2) for x, y in rim], 62),
        Gradient(mix(colour, SUN, 0.3), colour),
    )
    canvas.paint(pebble((800, 790), 190, 96), Gradient(mix(colour, SUN, 0.2), mix(colour, DEEP, 0.2)))
    for shift in (0, 34, 66):
        canvas.paint(
            stroke(bend((660, 740 + shift), (950, 730 + shift), 0.14), 8, 4),
            mix(colour, PAPER, 0.4),
            opacity=0.5,
        )


HAIR_STYLES: tuple[HairStyle, ...] = (short, bob, bun, cropped, long_hair, curls, headscarf)


def _beard(canvas: Canvas, colour: str) -> None:
    """Draw a full beard."""
    shape = curve(
        [
            (632, 520),
            (650, 640),
            (720, 725),
            (800, 748),
            (880, 725),
            (950, 640),
            (968, 520),
            (920, 585),
            (800, 570),
            (680, 585),
        ],
        closed=True,
    )
    canvas.paint([shape], Gradient(mix(colour, SUN, 0.1), colour))
    canvas.paint(stroke(arc((800, 598), 44, 25, 155), 9), mix(CORAL, WINE, 0.3))


def _glasses(canvas: Canvas) -> None:
    """Draw round glasses."""
    for side in (-1, 1):
        centre = (800 + side * 74, 500)
        canvas.paint(ellipse(centre, 56), PAPER, opacity=0.25)
        canvas.paint(stroke(arc(centre, 56, 0, 360), 9), INK)
    canvas.paint(stroke(arc((800, 502), 20, 200, 340), 9), INK)
