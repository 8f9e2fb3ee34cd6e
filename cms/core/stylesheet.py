"""One stylesheet for the browser, many small files for people.

A finder joins the `static/css/**` of all rooms into `css/site.css`, so that it exists for the development
server and for `collectstatic` alike and nobody has to build anything. A folder names a cascade layer.
"""

import gzip
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from threading import get_ident

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

LAYERS = ["reset", "tokens", "base", "layout", "components", "pages", "print"]
ROOMS = [settings.BASE_DIR / room for room in ("articles", "cms", "home", "shop")]
SOURCES = [folder for room in ROOMS for folder in sorted(room.rglob("static/css"))]
BUNDLE = "css/site.css"

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_INDENT = re.compile(r"\n\s*")


def source_files(folders: Iterable[Path] = SOURCES) -> list[tuple[str, Path]]:
    """Return each file of the stylesheet with its layer, in the order of the layers, then by name."""
    files = [(_layer(path, folder), path) for folder in folders for path in folder.rglob("*.css")]
    return sorted(
        ((layer, path) for layer, path in files if layer in LAYERS),
        key=lambda file: (LAYERS.index(file[0]), file[1].name),
    )


def bundle(folders: Iterable[Path] = SOURCES) -> str:
    """Return the whole stylesheet, without comments and indentation."""
    rules = (
        f"@layer {layer} {{\n{path.read_text(encoding='utf-8')}\n}}" for layer, path in source_files(folders)
    )
    text = "\n".join([f"@layer {', '.join(LAYERS)};", *rules])
    return _INDENT.sub("\n", _COMMENT.sub("", text)).strip() + "\n"


def _layer(path: Path, folder: Path) -> str:
    return path.relative_to(folder).with_suffix("").parts[0]


class StylesheetFinder(BaseFinder):
    """Gives `css/site.css`, written anew whenever one of its sources changed."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.storage = FileSystemStorage(location=settings.VAR_DIR / "stylesheet")

    def check(self, **kwargs) -> list:
        return []

    def find(  # type: ignore[override]  # the stubs allow None, Django's own finders give an empty list
        self, path: str, find_all: bool = False, **kwargs
    ) -> str | list[str]:
        """Return where the stylesheet lies, or an empty list for every other path."""
        if path.replace("\\", "/") != BUNDLE:
            return []
        written = str(self._written())
        return [written] if find_all else written

    def list(self, ignore_patterns) -> Iterator[tuple[str, FileSystemStorage]]:
        self._written()
        yield BUNDLE, self.storage
        # WhiteNoise sends the compressed neighbour only if it has been listed.
        yield f"{BUNDLE}.gz", self.storage

    def _written(self) -> Path:
        target = Path(self.storage.path(BUNDLE))
        folders = [child for folder in SOURCES for child in (folder, *folder.glob("*/"))]
        files = [path for _layer, path in source_files()]
        newest = max(path.stat().st_mtime for path in [*files, *folders])
        if not target.exists() or target.stat().st_mtime < newest:
            target.parent.mkdir(parents=True, exist_ok=True)
            content = bundle().encode()
            # WhiteNoise sends a compressed neighbour by itself, in development too.
            _replace(target.with_name(f"{target.name}.gz"), gzip.compress(content, mtime=0))
            _replace(target, content)
        return target


def _replace(target: Path, content: bytes) -> None:
    """Write at once: several processes may write the same file, and none may read half of it."""
    scratch = target.with_name(f"{target.name}.{os.getpid()}.{get_ident()}")
    scratch.write_bytes(content)
    scratch.replace(target)
