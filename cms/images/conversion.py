"""Converts a picture to what every size and format of the site can be made of, or refuses it."""

from dataclasses import dataclass
from io import BytesIO
from typing import IO, cast

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import ExifTags, Image, ImageCms, ImageOps, UnidentifiedImageError
from PIL.Image import Image as Picture

# Pillow's names of what may be uploaded (settings.WAGTAILIMAGES_EXTENSIONS); MPO is a phone's JPEG.
FORMATS = ("AVIF", "GIF", "JPEG", "PNG", "WEBP")
# What each format of the site takes as it is: eight bits a colour, with or without transparency.
PLAIN_MODES = ("L", "RGB", "RGBA")
# What Willow scales well besides.
SCALED_MODES = (*PLAIN_MODES, "P", "1")
TRANSPARENT_MODES = ("LA", "La", "PA", "RGBa")
# WebP takes no longer side, and no size is made larger than its original.
MAX_SIDE_PIXELS = 16_383
SIXTEEN_TO_EIGHT_BITS = 1 / 257
QUALITY = 92


@dataclass(frozen=True)
class Converted:
    """A picture in another form, and the extension that its file has now."""

    content: bytes
    extension: str


def readable(file: IO[bytes]) -> Picture:
    """Return the whole picture, decoded. Raise ValidationError with the reason if it cannot be shown."""
    try:
        _refuse_too_large(_opened(file).size)
        if _opened(file).format == "PNG":
            _opened(file).verify()  # the only way to have the check sums of the pixels looked at
        picture = _opened(file)
        picture.load()
    except ValidationError:
        raise
    except UnidentifiedImageError as error:
        raise ValidationError(
            _("This is not a picture that can be shown. Use a JPEG, PNG, WebP, AVIF or GIF file."),
            code="unknown_image",
        ) from error
    except Exception as error:  # decoders raise whatever comes to their mind
        raise ValidationError(
            _(
                "This picture is damaged or incomplete. Open it in an image program, save it again, "
                "and upload that file."
            ),
            code="damaged_image",
        ) from error
    return picture


def converted(picture: Picture) -> Converted | None:
    """Return the first frame upright and in plain colours; None when the picture is so already."""
    is_upright = picture.getexif().get(ExifTags.Base.Orientation, 1) == 1
    is_single = getattr(picture, "n_frames", 1) == 1
    if picture.mode in PLAIN_MODES and is_upright and is_single and picture.format != "GIF":
        return None
    return as_plain(picture)


def as_plain(picture: Picture) -> Converted:
    """Return the first frame as a file, in the picture's own format where that is fit for it."""
    plain = _in_plain_colours(ImageOps.exif_transpose(picture))
    kind = {"GIF": "PNG", "MPO": "JPEG", None: "PNG"}.get(picture.format, picture.format)
    output = BytesIO()
    plain.save(output, kind, quality=QUALITY, icc_profile=plain.info.get("icc_profile"))
    return Converted(output.getvalue(), "jpg" if kind == "JPEG" else str(kind).lower())


def plain_source(file: IO[bytes]) -> BytesIO | None:
    """Return what to scale instead of an original that was never converted; None where it is fit as it is."""
    picture = _opened(file)
    return None if picture.mode in SCALED_MODES else BytesIO(as_plain(picture).content)


def _opened(file: IO[bytes]) -> Picture:
    """Return the picture with only its header read."""
    file.seek(0)
    return Image.open(file, formats=FORMATS)


def _refuse_too_large(size: tuple[int, int]) -> None:
    pixels = settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS
    if max(size) > MAX_SIDE_PIXELS:
        raise ValidationError(
            _("This picture is too long: no side may have more than %(number)s pixels.")
            % {"number": MAX_SIDE_PIXELS},
            code="image_too_long",
        )
    if size[0] * size[1] > pixels:
        raise ValidationError(
            _("This picture has too many pixels: at most %(number)s are taken.") % {"number": pixels},
            code="image_too_large",
        )


def _in_plain_colours(picture: Picture) -> Picture:
    if picture.mode in PLAIN_MODES:
        return picture
    if picture.mode in ("I", "F") or picture.mode.startswith("I;16"):
        numbers = picture.convert("F")
        _lowest, highest = cast(tuple[float, float], numbers.getextrema())
        is_deep = highest > 255
        return numbers.point(lambda value: value * (SIXTEEN_TO_EIGHT_BITS if is_deep else 1) + 0).convert("L")
    if picture.mode in TRANSPARENT_MODES or "transparency" in picture.info:
        return picture.convert("RGBA")
    if picture.mode == "CMYK" and (profile := picture.info.get("icc_profile")):
        return _in_screen_colours(picture, profile)
    plain = picture.convert("RGB")
    if picture.mode != "P":
        plain.info.pop("icc_profile", None)  # it describes other colours than these
    return plain


def _in_screen_colours(picture: Picture, profile: bytes) -> Picture:
    try:
        source, screen = ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB")
        plain = ImageCms.profileToProfile(picture, source, screen, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        plain = None
    plain = plain or picture.convert("RGB")
    plain.info.pop("icc_profile", None)
    return plain
