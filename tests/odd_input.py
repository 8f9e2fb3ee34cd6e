"""What may come from outside, made by Hypothesis: addresses, parameters, fields, cookies and headers.

Names are not listed here: a first request to each address records which parameters, cookies and headers the
code reads, and those get odd values afterwards.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from encodings.aliases import aliases
from unittest import mock
from urllib.parse import quote

from django.core.handlers import wsgi
from django.http import QueryDict, parse_cookie
from django.test import Client
from django.urls import URLPattern, URLResolver
from hypothesis import strategies as st

# What a program gets wrong that was tried with plain words only.
# fmt: off
AWKWARD = st.sampled_from([
    "\0", "\x0b", "\x7f", "\r\n", "\u00a0", "\u200b", "\u202e", "\ufeff", "\ufffe", "\ud800", "😀", "ı", "ß",
    "İ", "१", "²", "-1", "0", "1e999", "NaN", "Infinity", "null", "[]", "{}", "%", "%00", "%s", "{0}", "..",
    "/", "\\", "'", '"', ";", "=", "&", "?", "#", "<", "@", "+", "*", ":", "://", "//", "[", "http://[",
])
# fmt: on
LENGTHS = st.sampled_from([2, 17, 41, 200, 300, 5000])
STRINGS = st.one_of(
    st.text(max_size=20),
    AWKWARD,
    st.builds(lambda start, odd, end: start + odd + end, st.text(max_size=4), AWKWARD, st.text(max_size=4)),
    LENGTHS.map(lambda length: "9" * length),
    st.builds(lambda piece, length: (piece * length)[:length], st.sampled_from("aéw०./ ,-"), LENGTHS),
)
# What many databases, numbers and columns refuse; each is tried in each place.
CLASSIC = ["\0", "\ud800", "9" * 20, "9" * 5000, "x" * 300, "१", "["]
# A header or cookie as a server hands it on: Latin-1, without what would end it.
HEADERS = STRINGS.map(
    lambda text: "".join(c for c in text.encode("utf-8", "replace").decode("latin-1") if c not in "\r\n\0")
)
# Python reads octal numbers in a quoted cookie as characters.
COOKIES = st.one_of(HEADERS, st.binary(max_size=4).map(lambda raw: quoted_cookie(raw)))


def quoted_cookie(raw: bytes) -> str:
    """Return a cookie's value in octal numbers."""
    return '"' + "".join(f"\\{byte:03o}" for byte in raw) + '"'


# Mostly what a browser does, so that the odd value beside it meets the code behind.
METHODS = st.sampled_from(["GET"] * 8 + ["HEAD", "OPTIONS", "PUT", "DELETE"])
FORM = "application/x-www-form-urlencoded"
# Python knows charsets that are none.
CHARSETS = st.sampled_from(["utf-8", "UTF8", *sorted(set(aliases.values()))])
CHARSET_TYPES = st.builds(
    "{}; charset={}".format,
    st.sampled_from([FORM, "multipart/form-data; boundary=x", "text/plain"]),
    CHARSETS,
)
CONTENT_TYPES = st.integers(0, 9).flatmap(
    lambda number: st.just(FORM) if number > 1 else CHARSET_TYPES if number else HEADERS
)

JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), STRINGS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2), st.dictionaries(st.text(max_size=5), inner, max_size=2)
    ),
    max_leaves=4,
)


def altered(value: object) -> st.SearchStrategy:
    """Return a strategy for the JSON value with one part of it replaced, left out or odd."""
    if not isinstance(value, dict) or not value:
        return JSON
    return st.one_of(
        JSON,
        st.sampled_from(sorted(value)).flatmap(
            lambda name: st.one_of(
                st.just({key: part for key, part in value.items() if key != name}),
                altered(value[name]).map(lambda part: {**value, name: part}),
                altered(value[name]).map(lambda part: {**value, name: part}),
            )
        ),
    )


@dataclass
class Names:
    """What the code has read from a request."""

    parameters: set[str] = field(default_factory=set)
    fields: set[str] = field(default_factory=set)
    cookies: set[str] = field(default_factory=set)
    headers: set[str] = field(default_factory=set)


class RecordingDict(dict):
    """A dictionary that records which keys are looked up."""

    def __init__(self, values: dict, keys: set[str]) -> None:
        super().__init__(values)
        self.looked_up = keys

    def __getitem__(self, key: str):
        self.looked_up.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.looked_up.add(str(key))
        return super().__contains__(key)

    def get(self, key: str, default=None):
        self.looked_up.add(key)
        return super().get(key, default)


class RecordingClient(Client):
    """A client whose requests record what the code reads from their environment."""

    def __init__(self, names: Names) -> None:
        super().__init__()
        self.names = names

    def _base_environ(self, **request) -> dict:
        return RecordingDict(super()._base_environ(**request), self.names.headers)


@contextmanager
def recording(names: Names, keys: set[str]) -> Iterator[RecordingClient]:
    """Yield a client; the keys that the code looks up in its parameters go to `keys`, cookies to `names`."""

    def record(method: str):
        original = getattr(QueryDict, method)

        def recorded(self, key, *arguments):
            keys.add(str(key))
            return original(self, key, *arguments)

        return mock.patch.object(QueryDict, method, recorded)

    def cookies(header: str) -> RecordingDict:
        return RecordingDict(parse_cookie(header), names.cookies)

    patches = [record(method) for method in ("__getitem__", "get", "getlist", "__contains__")]
    with ExitStack() as stack:
        for patch in [*patches, mock.patch.object(wsgi, "parse_cookie", cookies)]:
            stack.enter_context(patch)
        yield RecordingClient(names)


def names_read(address: str, fields: dict[str, str], cookie: str) -> Names:
    """Return what the code reads at this address when it is requested and when a form is sent to it."""
    names = Names()
    with recording(names, names.parameters) as client:
        client.get(address, headers={"cookie": cookie})
    with recording(names, names.fields) as client:
        client.post(address, fields, headers={"cookie": cookie, "sec-fetch-site": "same-origin"})
    names.headers = {name for name in names.headers if name.startswith("HTTP_")} - {"HTTP_COOKIE"}
    return names


def public_patterns(patterns: list, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Yield each pattern outside the admin with the literal text in front of it."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            below = prefix + str(pattern.pattern).removeprefix("^")
            if below != "admin/":
                yield from public_patterns(pattern.url_patterns, below)
        else:
            yield prefix, pattern


def paths(prefix: str, pattern: URLPattern) -> st.SearchStrategy[str]:
    """Return a strategy for paths that lead to this pattern, whatever its converters take."""
    return st.from_regex(pattern.pattern.regex, fullmatch=True).map(lambda tail: "/" + encoded(prefix + tail))


def encoded(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe="/")


def query(values: dict[str, str]) -> str:
    """Return a query string or a form's body; lone surrogates become bytes that are no UTF-8."""
    return "&".join(f"{encoded(name)}={encoded(value)}" for name, value in values.items())
