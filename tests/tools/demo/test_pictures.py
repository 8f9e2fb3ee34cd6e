"""The demo's pictures are files: one for every text and person, large enough for every size, small in all."""

from collections.abc import Iterator
from itertools import combinations

import pytest
from PIL import Image, ImageChops, ImageStat

from cms.images.conversion import converted
from cms.images.pictures import WIDTHS
from tests.live_site import PROJECT
from tools.demo.loading.content import read, read_folder
from tools.demo.loading.images import PICTURES_DIR

BRAND_DIR = PROJECT / "cms" / "static" / "img"
FILES = sorted(PICTURES_DIR.iterdir())
MAX_FILE_BYTES, MAX_BYTES = 150_000, 3_000_000


def keys() -> Iterator[str]:
    """Every key under which the loading steps ask for a picture."""
    yield "home"
    yield from (person["key"] for person in read("site")["person"])
    yield from (package["sku"] for package in read("packages")["package"])
    for article in read_folder("articles"):
        yield article["slug"]
        yield from (block["picture"] for block in article["body"] if "picture_alt" in block)
    yield from (faq["slug"] for faq in read_folder("faqs"))


def test_every_key_has_a_file_of_its_own_and_no_file_is_left_over():
    wanted = sorted(f"{key.lower()}.webp" for key in keys())
    assert wanted == [path.name for path in FILES]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_picture_is_an_original_for_every_size_of_the_site(path):
    with Image.open(path) as picture:
        assert picture.format == "WEBP"
        assert picture.size == (1200, 900)
        assert picture.width == max(max(widths) for widths in WIDTHS.values())
        assert converted(picture) is None
    assert path.stat().st_size < MAX_FILE_BYTES


def test_all_pictures_together_stay_small():
    assert sum(path.stat().st_size for path in FILES) < MAX_BYTES


def test_no_two_keys_share_a_picture():
    thumbnails = {}
    for path in FILES:
        with Image.open(path) as picture:
            thumbnails[path.stem] = picture.convert("RGB").resize((160, 120))
    alike = [
        (first, second)
        for first, second in combinations(thumbnails, 2)
        if _difference(thumbnails[first], thumbnails[second]) < 4
    ]
    assert alike == []


@pytest.mark.parametrize(
    ("name", "size"),
    [("apple-touch-icon.png", (180, 180)), ("favicon-32.png", (32, 32)), ("share.png", (1200, 630))],
)
def test_the_brand_s_files_have_the_sizes_that_are_asked_for(name: str, size: tuple[int, int]):
    with Image.open(BRAND_DIR / name) as picture:
        assert picture.size == size
    assert (BRAND_DIR / name).stat().st_size < 60_000


def _difference(first: Image.Image, second: Image.Image) -> float:
    """Return the mean distance of two pictures in steps of brightness (0 to 255)."""
    return sum(ImageStat.Stat(ImageChops.difference(first, second)).mean) / 3
