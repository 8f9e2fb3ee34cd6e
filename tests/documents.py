"""What must hold in the HTML of every page, and the structured data in it."""

import json
from collections import Counter
from html import unescape
from html.parser import HTMLParser
from urllib.parse import unquote

NAMING = ("aria-labelledby", "aria-describedby", "for", "popovertarget")


class _Names(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.leads: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids[value or ""] += 1
            elif name == "href" and (value or "").startswith("#"):
                self.leads.add(unquote(unescape(value or "")[1:]))
            elif name in NAMING:
                self.leads |= set((value or "").split())


def ids_of(html: str) -> Counter[str]:
    """Return how often each id stands in a document."""
    names = _Names()
    names.feed(html)
    return names.ids


def assert_ids_hold(html: str) -> None:
    """Assert that no id stands twice or is empty, and that whatever refers to one on this page finds it."""
    names = _Names()
    names.feed(html)
    assert [name for name, number in names.ids.items() if number > 1 or not name.strip()] == []
    assert names.leads <= names.ids.keys(), names.leads - names.ids.keys()


def things_of(html: str) -> dict[str, dict]:
    """Return the objects of the page's structured data by type."""
    graph = html.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    return {thing["@type"]: thing for thing in json.loads(graph)["@graph"]}
