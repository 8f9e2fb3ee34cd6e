"""AVIF in a fifth of the time: a picture of 1200 pixels takes 0.1 s instead of 0.6 s, hardly larger."""

from functools import partial

from willow.plugins.pillow import PillowImage

# From 0 (slow) to 10; the encoder's own default is 6. Faster than 8 costs a quarter in size.
SPEED = 8

_save = PillowImage.save_as_avif


def save_as_avif(image: PillowImage, file, **options):
    """Run Willow's own operation with less effort asked of the encoder, and return its result."""
    faster = PillowImage(image.image.copy())
    faster.image.save = partial(faster.image.save, speed=SPEED)
    return _save(faster, file, **options)


def register() -> None:
    """Make Wagtail's renditions use `save_as_avif`."""
    # Neither Willow nor Wagtail passes a speed on, and Willow's registry yields to its own methods.
    PillowImage.save_as_avif = save_as_avif  # type: ignore[method-assign]  # no other way in, see above
