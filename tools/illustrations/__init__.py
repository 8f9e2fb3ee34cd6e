"""Pictures for the demo content: flat, warm, abstract, one family, each drawn for its subject.

A picture follows from its key alone: the same key always gives the same bytes.
"""

from io import BytesIO

from PIL import Image

from tools.illustrations.canvas import Canvas
from tools.illustrations.scenes import scene_for

__all__ = ["draw_picture", "picture_file"]

SIZE = (1600, 1200)

# Flat colour shows no loss at this quality, and a picture stays well below 80 kilobytes.
QUALITY = 76


def draw_picture(key: str, scene: str = "", size: tuple[int, int] = SIZE) -> Image.Image:
    """Draw the picture of a key, in pixels of width and height.

    The scene is the key of another picture whose motif is wanted, or "portrait" for a person or
    "landscape" for open country; without one the key decides, and an unknown key gives a landscape
    of its own. A size of another proportion than 4:3 shows the middle of the drawing.
    Raises KeyError for an unknown scene.
    """
    canvas = Canvas(size, key)
    scene_for(key, scene)(canvas)
    return canvas.finished()


def picture_file(key: str, scene: str = "", width: int = SIZE[0]) -> bytes:
    """Give a key's picture as a WebP file of that width at 4:3; raises KeyError for an unknown scene."""
    stream = BytesIO()
    draw_picture(key, scene, size=(width, width * 3 // 4)).save(stream, "WEBP", quality=QUALITY, method=4)
    return stream.getvalue()
