"""In which process of a parallel run a test runs, and when."""

from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

# Tests in a browser, which share one whole site.
SITE = "site"
# Files whose tests are long and share nothing: each may run anywhere.
SPREAD = ("tests/test_odd_input.py",)
# Seconds of what takes longer than its number of tests suggests: a file, or a test of a spread file.
SLOW = {
    SITE: 200,
    "tests/tools/launch/test_launcher.py": 60,
    **dict.fromkeys(SPREAD, 10),
    "tests/shop/privacy/test_erasure.py": 15,
    "tests/shop/payments/settling/test_refund_receipts.py": 15,
    "tests/shop/backoffice/orders/test_refunds.py": 15,
    "tests/home/test_demo_pages.py": 30,
    "tests/cms/core/test_checks.py": 20,
    "tests/articles/test_demo_pages.py": 15,
    "tests/shop/checkout/test_abuse.py": 15,
    "tests/tools/torture/test_audit.py": 10,
    "tests/tools/torture/test_short_storm.py": 100,
    "tests/tools/bench/test_money.py": 50,
}
USUAL_SECONDS = 0.15


class LongestFirstScheduling(LoadFileScheduling):
    """A file's tests stay together, what takes longest begins first, and browser tests share one site.

    pytest-xdist's own groups (`--dist loadgroup`) do not reach pytest 9.2, which no longer takes a test's
    name with the group's name added.
    """

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith("tests/browser/"):
            return SITE
        return nodeid if nodeid.startswith(SPREAD) else super()._split_scope(nodeid)

    def _assign_work_unit(self, node: WorkerController) -> None:
        self.workqueue.move_to_end(max(self.workqueue, key=self._seconds), last=False)
        super()._assign_work_unit(node)

    def _seconds(self, scope: str) -> float:
        file = scope.partition("::")[0]
        return SLOW.get(file, len(self.workqueue[scope]) * USUAL_SECONDS)
