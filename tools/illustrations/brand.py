"""The site's icons and default sharing picture: ``python -m tools.illustrations.brand`` writes them."""

from pathlib import Path

from PIL import Image

from tools.illustrations.canvas import Canvas
from tools.illustrations.landscapes import sunrise_over_the_valley
from tools.illustrations.palette import LEAF, PAPER
from tools.illustrations.shapes import Point, box, stroke

FOLDER = Path(__file__).resolve().parents[2] / "cms" / "static" / "img"

# Sharing services show 1.91:1 and cut off nothing at this size.
SHARE_SIZE = (1200, 630)
# The size that phones ask for when a page is kept on the home screen.
TOUCH_ICON_SIZE = (180, 180)
# For browsers that do not draw favicon.svg.
FAVICON_SIZE = (32, 32)
# Steps of brightness of this width do not show, and keep the sharing picture below 60 kilobytes.
SHARE_STEP = 4


def touch_icon(size: tuple[int, int] = TOUCH_ICON_SIZE) -> Image.Image:
    """Draw the mark on a full square, in pixels; phones round the corners themselves."""
    canvas = Canvas(size, "touch-icon")
    canvas.paint(box(-40, -40, 1640, 1240), LEAF)
    _tick(canvas, (800, 600), 44)
    return canvas.finished()


def share_picture() -> Image.Image:
    """Draw the home page's valley with the mark, 1200 by 630 pixels, in few enough colours to stay small."""
    canvas = Canvas(SHARE_SIZE, "share")
    sunrise_over_the_valley(canvas)
    centre, half = (470.0, 440.0), 120
    mark = box(centre[0] - half, centre[1] - half, centre[0] + half, centre[1] + half, half * 8 / 13)
    canvas.shade(mark, opacity=0.3, blur=26, offset=(0, 18))
    canvas.paint(mark, LEAF)
    _tick(canvas, centre, half / 13)
    steps = [min(255, round(value / SHARE_STEP) * SHARE_STEP) for value in range(256)]
    return canvas.finished().point(steps * 3)


def write(folder: Path = FOLDER) -> None:
    """Write the three files into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    touch_icon(FAVICON_SIZE).quantize(32).save(folder / "favicon-32.png", optimize=True)
    touch_icon().quantize(32).save(folder / "apple-touch-icon.png", optimize=True)
    share_picture().save(folder / "share.png", optimize=True)


def _tick(canvas: Canvas, centre: Point, unit: float) -> None:
    """Draw the logo's tick; a unit is one step of the logo's 32-step grid."""
    x, y = centre
    grid = ((9, 17), (14, 22), (23, 10))
    points = [(x + (column - 16) * unit, y + (row - 16) * unit) for column, row in grid]
    canvas.paint(stroke(points, 3.2 * unit), PAPER)


if __name__ == "__main__":
    write()
