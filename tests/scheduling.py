"""Which tests run in the same process of a parallel run."""

from xdist.scheduler import LoadFileScheduling

# Two sites that start at once take longer than one after the other.
STARTING_A_SITE = ("tests/browser/", "tests/tools/launch/test_launcher.py")


class SharedSiteScheduling(LoadFileScheduling):
    """A file's tests stay together, and so do all that start a whole site: those in a browser share one.

    pytest-xdist's own groups (`--dist loadgroup`) do not reach pytest 9.2, which no longer takes a test's
    name with the group's name added.
    """

    def _split_scope(self, nodeid: str) -> str:
        return "site" if nodeid.startswith(STARTING_A_SITE) else super()._split_scope(nodeid)
