"""The demo pictures: one for every key, each different, always the same, small, and the mark's files."""

from io import BytesIO
from itertools import combinations
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from tools.illustrations import brand, draw_picture, picture_file
from tools.illustrations.scenes import ARTICLES, INSIDE_ARTICLES, PACKAGES, PEOPLE, QUESTIONS, SCENES

ROOT = Path(__file__).resolve().parents[3]
THUMBNAIL = (160, 120)
KEYS = sorted(SCENES)


def difference(first: Image.Image, second: Image.Image) -> float:
    """Mean distance of two pictures in steps of brightness (0 to 255)."""
    return sum(ImageStat.Stat(ImageChops.difference(first, second)).mean) / 3


def test_every_demo_text_has_a_scene_of_its_own():
    content = ROOT / "tools" / "demo" / "content"
    assert {path.stem for path in (content / "articles").glob("*.toml")} <= set(ARTICLES)
    assert {path.stem for path in (content / "faqs").glob("*.toml")} <= set(QUESTIONS)
    assert set(PACKAGES) == {f"P{number}" for number in range(1, 11)}


def test_no_two_keys_share_a_picture():
    drawn = {
        key: draw_picture(key, size=THUMBNAIL) for key in [*KEYS, "an unknown key", "another unknown key"]
    }
    alike = [
        (first, second)
        for first, second in combinations(drawn, 2)
        if difference(drawn[first], drawn[second]) < 4
    ]
    assert alike == []


def test_a_key_always_gives_the_same_bytes():
    assert picture_file("hair-loss") == picture_file("hair-loss")
    assert draw_picture("any key", size=THUMBNAIL) == draw_picture("any key", size=THUMBNAIL)


def test_a_scene_can_be_borrowed_and_still_follows_the_key():
    first = draw_picture("first person", "portrait", size=THUMBNAIL)
    second = draw_picture("second person", "portrait", size=THUMBNAIL)
    assert difference(first, second) > 2
    assert difference(draw_picture("new-key", "P1", size=THUMBNAIL), draw_picture("P1", size=THUMBNAIL)) < 1


def test_an_unknown_scene_is_refused():
    with pytest.raises(KeyError):
        draw_picture("always-tired", "no such scene")


@pytest.mark.parametrize("key", [*ARTICLES, *INSIDE_ARTICLES, *PACKAGES, *QUESTIONS, *PEOPLE, "home"])
def test_a_file_is_a_small_webp_of_the_promised_size(key: str):
    data = picture_file(key)
    picture = Image.open(BytesIO(data))
    assert picture.format == "WEBP"
    assert picture.size == (1600, 1200)
    assert len(data) < 80_000


@pytest.mark.parametrize("size", [(1600, 1200), (1600, 1000), (1200, 630), (300, 300)])
def test_every_proportion_is_filled_to_its_corners(size: tuple[int, int]):
    picture = draw_picture("home", size=size)
    assert picture.size == size
    corners = [picture.getpixel((x, y)) for x in (0, size[0] - 1) for y in (0, size[1] - 1)]
    assert (0, 0, 0) not in corners


def test_the_committed_brand_files_are_what_the_script_writes(tmp_path: Path):
    brand.write(tmp_path)
    for name in ("apple-touch-icon.png", "favicon-32.png", "share.png"):
        fresh, kept = Image.open(tmp_path / name), Image.open(brand.FOLDER / name)
        assert fresh.size == kept.size
        assert difference(fresh.convert("RGB"), kept.convert("RGB")) < 1
    assert Image.open(brand.FOLDER / "share.png").size == (1200, 630)
    assert (brand.FOLDER / "share.png").stat().st_size < 60_000
