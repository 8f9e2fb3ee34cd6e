import gzip
import os
import re
from pathlib import Path

from django.contrib.staticfiles import finders

from cms.core import stylesheet


def write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_each_file_stands_in_the_layer_of_its_folder(tmp_path):
    shared, room = tmp_path / "shared", tmp_path / "room"
    write(room, "pages/home.css", "p { color: red }")
    write(room, "components/card.css", "p { color: blue }")
    write(shared, "components/band.css", "p { color: green }")
    write(shared, "tokens.css", ":root { --ink: black }")
    text = stylesheet.bundle([shared, room])
    assert text.startswith("@layer reset, tokens, base, layout, components, pages, print;")
    assert re.findall(r"@layer (\w+) \{", text) == ["tokens", "components", "components", "pages"]
    assert text.index("green") < text.index("blue")  # by name within a layer, wherever a file lies


def test_comments_and_indentation_stay_at_home(tmp_path):
    write(tmp_path, "base.css", "/* why\n   so */\np {\n  color: red;\n}\n")
    assert "why" not in stylesheet.bundle([tmp_path])
    assert "\np {\ncolor: red;\n}" in stylesheet.bundle([tmp_path])


def test_every_file_of_the_site_is_in_the_stylesheet():
    rooms = [room.rglob("static/css/**/*.css") for room in stylesheet.ROOMS]
    written = [path for room in rooms for path in room]
    assert sorted(path for _layer, path in stylesheet.source_files()) == sorted(written)
    assert len({path.name for path in written}) == len(written), "two files of one name"


def test_the_braces_of_every_file_are_balanced():
    for _layer, path in stylesheet.source_files():
        text = path.read_text()
        assert text.count("{") == text.count("}"), path
        depth = 0
        for brace in re.findall(r"[{}]", text):
            depth += 1 if brace == "{" else -1
            assert depth >= 0, path


def test_the_finder_writes_anew_when_a_source_changed(tmp_path, settings, monkeypatch):
    settings.VAR_DIR = tmp_path / "var"
    sources = tmp_path / "css"
    write(sources, "base.css", "p { color: red }")
    monkeypatch.setattr(stylesheet, "SOURCES", [sources])
    monkeypatch.setattr(stylesheet.bundle, "__defaults__", ([sources],))
    monkeypatch.setattr(stylesheet.source_files, "__defaults__", ([sources],))
    finder = stylesheet.StylesheetFinder()
    written = Path(finder.find("css/site.css"))
    assert "red" in written.read_text()
    write(sources, "base.css", "p { color: blue }")
    later = written.stat().st_mtime + 2
    os.utime(sources / "base.css", (later, later))
    assert "blue" in Path(finder.find("css/site.css")).read_text()
    assert b"blue" in gzip.decompress(written.with_name("site.css.gz").read_bytes())


def test_django_finds_the_stylesheet_once():
    assert Path(finders.find("css/site.css")).read_text().startswith("@layer")
    listed = [path for finder in finders.get_finders() for path, _storage in finder.list([])]
    assert listed.count("css/site.css") == 1


def test_the_stylesheet_asks_for_nothing_from_another_host():
    assert not re.search(r"url\(|@import|https?:", stylesheet.bundle())


def test_the_stylesheet_stays_small():
    assert len(gzip.compress(stylesheet.bundle().encode())) < 15_000, "45 kilobytes are for a whole page"
