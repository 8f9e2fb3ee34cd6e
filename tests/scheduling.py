"""Which tests run in the same process of a parallel run, and which begin."""

import pytest
from xdist.scheduler import LoadFileScheduling

# Two sites that start at once take longer than one after the other.
STARTING_A_SITE = ("tests/browser/", "tests/launch/test_launcher.py")
# The longest begin: as the last ones they would keep one process busy and the others idle.
LONGEST = ("tests/torture/test_short_storm.py", *STARTING_A_SITE)


def longest_first(items: list[pytest.Item]) -> None:
    """Moves the tests that take longest to the front; the others keep their order."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


class SharedSiteScheduling(LoadFileScheduling):
    """A file's tests stay together, and so do all that start a whole site: those in a browser share one.

    pytest-xdist's own groups (`--dist loadgroup`) do not reach pytest 9.2, which no longer takes a test's
    name with the group's name added.
    """

    def _split_scope(self, nodeid: str) -> str:
        return "site" if nodeid.startswith(STARTING_A_SITE) else super()._split_scope(nodeid)
