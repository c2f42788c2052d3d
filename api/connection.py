"""A store that is opened again when its server has gone: what a long-running front door asks."""

import threading
from collections.abc import Callable, Mapping
from typing import Any

from graph.ask import Reader
from graph.store import Store
from graph.store_errors import StoreUnavailable


class Connection:
    """Reads from a store; after its server was stopped or killed, opens it again and asks once more.

    An embedded server that was started again listens on another port, so the old connection cannot heal.
    Safe to share between threads.
    """

    def __init__(self, open_store: Callable[[], Store]) -> None:
        self._open = open_store
        self._lock = threading.Lock()
        self._store = open_store()

    def read(
        self, text: str, parameters: Mapping[str, Any] | None = None, *, timeout_s: float = 60
    ) -> list[dict[str, Any]]:
        """As `Store.read`. Raises StoreUnavailable when opening again does not help either."""
        store = self._store
        try:
            return store.read(text, parameters, timeout_s=timeout_s)
        except StoreUnavailable:
            return self._again(store).read(text, parameters, timeout_s=timeout_s)

    def use(self) -> Store:
        """The store for a writer, opened again if its server has gone. Keep it for one piece of work only.

        Raises StoreUnavailable when opening again does not help either.
        """
        store = self._store
        try:
            store.read("RETURN 1 AS one")
        except StoreUnavailable:
            return self._again(store)
        return store

    def _again(self, failed: Store) -> Store:
        with self._lock:
            if self._store is failed:
                self._store = self._open()
                failed.close()
            return self._store

    def close(self) -> None:
        """Close the connection."""
        self._store.close()


def writable(store: Reader) -> Store:
    """The store to write to behind what an application reads from.

    Raises TypeError for what can only be read: that is a mistake of whoever made the application.
    """
    if isinstance(store, Connection):
        return store.use()
    if isinstance(store, Store):
        return store
    raise TypeError(f"{type(store).__name__} can only be read")
