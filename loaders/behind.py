"""Write behind: one transaction is committed while the next is planned, and whoever reads waits for it.

A store that commits keeps our processor idle, and planning keeps the store's. Since every read waits, what is planned
is what it would be if each commit had been waited for, and the order of commits is the same.
"""

import contextlib
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any

from graph.ask import Reader

_USUAL_S = sys.getswitchinterval()
_SHORT_S = 0.0005
"""The committing thread needs the interpreter for moments only. Waiting for it as long as usual (5 ms) would be as
long as planning takes, and the store would idle meanwhile."""


class WriteBehind:
    """A store's reader beside at most one commit. Take it with `write_behind`."""

    def __init__(self, store: Reader, thread: Executor) -> None:
        self._store, self._thread = store, thread
        self._under_way: Future[None] | None = None

    def begin(self, commit: Callable[[], None]) -> None:
        """Begin a commit when the one before it has succeeded; otherwise raise what that one raised."""
        self.settle()
        self._under_way = self._thread.submit(commit)

    def settle(self) -> None:
        """Wait until no commit is under way. Raises what it raised."""
        under_way, self._under_way = self._under_way, None
        if under_way is not None:
            under_way.result()

    def read(
        self, text: str, parameters: Mapping[str, Any] | None = None, *, timeout_s: float = 60
    ) -> list[dict[str, Any]]:
        """The rows of a reading statement, everything that was begun included."""
        self.settle()
        return self._store.read(text, parameters, timeout_s=timeout_s)


@contextlib.contextmanager
def write_behind(store: Reader) -> Iterator[WriteBehind]:
    """Commit behind one's back; when the block is left, nothing is under way any more, and all has succeeded.

    Raises what the last commit raised, unless the block itself raised.
    """
    sys.setswitchinterval(_SHORT_S)
    try:
        with ThreadPoolExecutor(1, "commit") as thread:
            behind = WriteBehind(store, thread)
            yield behind
            behind.settle()
    finally:
        sys.setswitchinterval(_USUAL_S)
