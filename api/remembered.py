"""A store that remembers its answers until somebody writes to it: what the summary pages ask."""

import json
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any, TypeVar

from api.kept_answers import KeptAnswers
from graph.ask import Reader
from graph.data_version import data_version

_KEPT = 1000
_KEPT_S = 300.0
T = TypeVar("T")


class Remembered:
    """Reads from a store; asked the same again, it answers from memory.

    A summary asks some thirty questions of the whole district, many of them more than once, and is looked
    at far more often than data change. `refresh` looks at the version of the data and forgets when it differs;
    after five minutes it forgets in any case, for stores that others write to. Safe to share between threads;
    who asks what another thread is just asking waits for its answer, so that two first visitors do not make the
    store answer twice. With `kept` it begins with what a former run of the pages has kept of the same data.
    """

    def __init__(self, store: Reader, kept: KeptAnswers | None = None) -> None:
        self._store = store
        self._kept = kept
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[str, ...], Future[Any]] = OrderedDict()
        self._former: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        self._state = self._saved = ""
        self._since = 0.0

    @property
    def source(self) -> Reader:
        """The store itself: what must not be remembered, and what is written to."""
        return self._store

    @property
    def behind(self) -> Reader:
        """What it reads from: for whoever writes, or must know how things are at this moment."""
        return self._store

    def refresh(self) -> None:
        """Forget the answers if the store has changed since they were given. Call it once per page."""
        state = data_version(self._store)
        with self._lock:
            if state != self._state or time.monotonic() - self._since > _KEPT_S:
                self._known.clear()
                self._former = self._kept.of(state) if self._kept is not None and not self._state else {}
                self._state, self._since = state, time.monotonic()

    def keep(self) -> None:
        """Keep the answers that are known now for the next run, once for each version of the data."""
        with self._lock:
            if self._kept is None or self._saved == self._state:
                return
            state, known = self._state, dict(self._known)
            self._saved = state
        answered = {key: made.result() for key, made in known.items() if made.done() and not made.exception()}
        self._kept.keep(state, {key: answer for key, answer in answered.items() if isinstance(answer, list)})

    def read(
        self, text: str, parameters: Mapping[str, Any] | None = None, *, timeout_s: float = 60
    ) -> list[dict[str, Any]]:
        """As `Store.read`; the rows must not be changed."""
        key = (text, json.dumps(parameters, sort_keys=True, default=str))

        def rows() -> list[dict[str, Any]]:
            former = self._former.pop(key, None)
            return self._store.read(text, parameters, timeout_s=timeout_s) if former is None else former

        return list(self.once(key, rows))

    def once(self, key: tuple[str, ...], make: Callable[[], T]) -> T:
        """What `make` works out of answers, as long as they are remembered; what it gives must not be changed.

        For what costs more than the answers themselves; `key` says what it is, and of what.
        """
        with self._lock:
            made = self._known.get(key)
            making = made is None
            if made is None:
                made = self._known[key] = Future()
                if len(self._known) > _KEPT:
                    self._known.popitem(last=False)
        if making:
            try:
                made.set_result(make())
            except BaseException as error:
                self._forget(key, made)
                made.set_exception(error)
        found: T = made.result()
        return found

    def _forget(self, key: tuple[str, ...], made: "Future[Any]") -> None:
        with self._lock:
            if self._known.get(key) is made:
                del self._known[key]
