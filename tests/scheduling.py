"""How pytest-xdist spreads the tests over its processes (`-n 2 --dist loadfile`).

The tests of one file stay together, because they share its fixtures; and so do those that share servers that are
dear to start, whichever file they stand in. A test that is missing here costs time, not soundness: each process
starts the servers that its tests ask for.

pytest-xdist begins with the units of the most tests. What takes minutes comes first here, however few its tests are:
begun last, it would run alone while the other processes have nothing left to do.
"""

import re

from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

_DEAR = {
    "neo4j": re.compile(r"neo4j[-_]|^tests/graph/test_backup\.py"),
    "demo": re.compile(
        r"^tests/queries/test_(coverage|demo_plan|examples|independent|queries|reconcile)\.py|^tests/browser/test_demo\.py"
    ),
}
"""Servers, and the names of the tests that ask for them."""

_LONG = (
    "demo",
    "neo4j",
    "tests/loaders/test_interrupted.py",
    "tests/queries/test_small_districts.py",
    "tests/test_benchmarks.py",
    "tests/browser/test_hostile.py",
    "tests/browser/test_pages.py",
    "tests/api/test_schemathesis.py",
)
"""Units that take minutes, the longest first."""


class ByServer(LoadFileScheduling):
    """One unit of work for the tests of each of the dear servers, and one for each file of the others."""

    def _split_scope(self, nodeid: str) -> str:
        dear = (name for name, tests in _DEAR.items() if tests.search(nodeid))
        return next(dear, super()._split_scope(nodeid))

    def _assign_work_unit(self, node: WorkerController) -> None:
        if long := next((unit for unit in _LONG if unit in self.workqueue), None):
            self.workqueue.move_to_end(long, last=False)
        super()._assign_work_unit(node)
