"""A surface that fills smooth-edged shapes with flat colours, gradients and soft shade."""

import math
import random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from tools.illustrations.palette import DEEP, Gradient, rgb
from tools.illustrations.shapes import HEIGHT, WIDTH, Shape, bounds, moved

Fill = str | Gradient
Box = tuple[int, int, int, int]

# Each pixel is the mean of this many squared: edges are smooth and thirty pictures still draw in seconds.
OVERSAMPLING = 2
# Blurred shade has no detail, so it is made on a surface this much smaller.
SHADE_REDUCTION = 8


class Canvas:
    """A picture in the making; shapes are placed in the drawing space and cover the whole size.

    A size of another proportion than 4:3 shows the middle of the drawing space.
    """

    def __init__(self, size: tuple[int, int], key: str) -> None:
        self.random = random.Random(key)  # noqa: S311 (the same key must give the same picture)
        self.image = Image.new("RGB", (size[0] * OVERSAMPLING, size[1] * OVERSAMPLING))
        self._scale = max(self.image.width / WIDTH, self.image.height / HEIGHT)
        self._left = (self.image.width - WIDTH * self._scale) / 2
        self._top = (self.image.height - HEIGHT * self._scale) / 2

    def finished(self) -> Image.Image:
        """Give the picture in its final size, with smooth edges."""
        return self.image.reduce(OVERSAMPLING)

    def paint(self, shape: Shape, fill: Fill, *, opacity: float = 1, clip: Shape | None = None) -> None:
        """Fill a shape, wholly or partly opaque, and only where it lies inside ``clip``."""
        placed = self._placed(shape)
        if isinstance(fill, str) and opacity == 1 and clip is None:
            draw = ImageDraw.Draw(self.image)
            for polygon in placed:
                draw.polygon(polygon, fill=rgb(fill))
            return
        area = self._visible(bounds(placed))
        if area is None:
            return
        mask = _mask(placed, area)
        if clip is not None:
            mask = ImageChops.multiply(mask, _mask(self._placed(clip), area))
        if opacity < 1:
            mask = mask.point([round(value * opacity) for value in range(256)])
        self._fill(area, fill, mask, bounds(placed))

    def shade(
        self,
        shape: Shape,
        *,
        colour: str = DEEP,
        opacity: float = 0.2,
        blur: float = 30,
        offset: tuple[float, float] = (0, 0),
        clip: Shape | None = None,
    ) -> None:
        """Lay a blurred copy of the shape, as a shadow or a glow."""
        placed = self._placed(moved(shape, *offset))
        left, top, right, bottom = bounds(placed)
        margin = blur * self._scale * 3
        area = self._visible((left - margin, top - margin, right + margin, bottom + margin))
        if area is None:
            return
        reach = math.ceil(margin / SHADE_REDUCTION) * SHADE_REDUCTION
        around = (area[0] - reach, area[1] - reach, area[2] + reach, area[3] + reach)
        small = _mask(placed, around, SHADE_REDUCTION)
        small = small.filter(ImageFilter.GaussianBlur(blur * self._scale / SHADE_REDUCTION))
        small = small.point([round(value * opacity) for value in range(256)])
        size = (area[2] - area[0], area[3] - area[1])
        inset = reach / SHADE_REDUCTION
        inner = (inset, inset, inset + size[0] / SHADE_REDUCTION, inset + size[1] / SHADE_REDUCTION)
        mask = small.resize(size, Image.Resampling.BILINEAR, box=inner)
        if clip is not None:
            mask = ImageChops.multiply(mask, _mask(self._placed(clip), area))
        self.image.paste(rgb(colour), area, mask)

    def _placed(self, shape: Shape) -> Shape:
        return [
            [(self._left + x * self._scale, self._top + y * self._scale) for x, y in polygon]
            for polygon in shape
        ]

    def _visible(self, edges: tuple[float, float, float, float]) -> Box | None:
        left, top = max(0, math.floor(edges[0])), max(0, math.floor(edges[1]))
        right = min(self.image.width, math.ceil(edges[2]) + 1)
        bottom = min(self.image.height, math.ceil(edges[3]) + 1)
        return (left, top, right, bottom) if left < right and top < bottom else None

    def _fill(
        self, area: Box, fill: Fill, mask: Image.Image, edges: tuple[float, float, float, float]
    ) -> None:
        if isinstance(fill, str):
            self.image.paste(rgb(fill), area, mask)
            return
        self.image.paste(_gradient(fill, area, edges), area, mask)


def _mask(placed: Shape, area: Box, reduction: int = 1) -> Image.Image:
    """Give the shape's coverage of an area, white inside, on a surface that may be smaller."""
    size = ((area[2] - area[0]) // reduction or 1, (area[3] - area[1]) // reduction or 1)
    mask = Image.new("L", size)
    draw = ImageDraw.Draw(mask)
    for polygon in placed:
        draw.polygon([((x - area[0]) / reduction, (y - area[1]) / reduction) for x, y in polygon], fill=255)
    return mask


def _gradient(fill: Gradient, area: Box, edges: tuple[float, float, float, float]) -> Image.Image:
    """Give the part of a gradient that covers an area, the gradient running from edge to edge."""
    axis = 0 if fill.across else 1
    low, high = edges[axis], edges[axis + 2]
    length = area[axis + 2] - area[axis]
    start, end = rgb(fill.start), rgb(fill.end)
    strip = Image.new("RGB", (length, 1) if fill.across else (1, length))
    shares = [(area[axis] + step - low) / max(1, high - low) for step in range(length)]
    strip.putdata(
        [tuple(round(a + (b - a) * share) for a, b in zip(start, end, strict=True)) for share in shares]
    )
    return strip.resize((area[2] - area[0], area[3] - area[1]), Image.Resampling.NEAREST)
