"""In which process of a parallel run a test runs, and when."""

from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

# All that start a whole site: two that start at once take longer than one after the other.
SITE = "site"
STARTING_A_SITE = ("tests/browser/", "tests/tools/launch/test_launcher.py")
# Seconds of what takes longer than its number of tests suggests.
SLOW = {
    SITE: 200,
}
USUAL_SECONDS = 0.15


class LongestFirstScheduling(LoadFileScheduling):
    """A file's tests stay together, what takes longest begins first, and browser tests share one site.

    pytest-xdist's own groups (`--dist loadgroup`) do not reach pytest 9.2, which no longer takes a test's
    name with the group's name added.
    """

    def _split_scope(self, nodeid: str) -> str:
        return SITE if nodeid.startswith(STARTING_A_SITE) else super()._split_scope(nodeid)

    def _assign_work_unit(self, node: WorkerController) -> None:
        self.workqueue.move_to_end(max(self.workqueue, key=self._seconds), last=False)
        super()._assign_work_unit(node)

    def _seconds(self, scope: str) -> float:
        return SLOW.get(scope, len(self.workqueue[scope]) * USUAL_SECONDS)
