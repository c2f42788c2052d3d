"""Snapshots of a store's districts, made once per version of the data and kept while it lasts."""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from api.matching.snapshot import snapshot_of
from graph.ask import Reader, district_of
from graph.data_version import data_version
from matching.snapshot import Snapshot
from matching.suggest import Suggester

KEPT = 4
"""Snapshots that are kept: days and districts that are asked about in turn."""


@dataclass(frozen=True)
class Situation:
    """A district on a day. `version` is that of the data it was read from."""

    district: str
    as_of: str
    version: str
    snapshot: Snapshot

    @cached_property
    def suggesters(self) -> Mapping[str, Suggester]:
        """What suggests a category for a text, per list (需求, 资源)."""
        return {kind: Suggester.of(self.snapshot, kind) for kind in ("需求", "资源")}


class Desk:
    """Reads the three lists of a store's districts; reads them anew when the data have changed.

    Safe to share between threads: one reads, the others wait.
    """

    def __init__(self, store: Reader) -> None:
        self.store = store
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, str, str], Situation] = OrderedDict()

    def situation(self, scope: str, as_of: str, version: str = "") -> Situation:
        """The district that holds the area `scope` (an existing one) on an ISO day.

        `version` is the data's, when the caller knows it already.
        """
        version = version or data_version(self.store)
        district = district_of(self.store, scope)
        key = (version, district, as_of)
        with self._lock:
            if key not in self._kept:
                for old in [known for known in self._kept if known[0] != version]:
                    del self._kept[old]
                self._kept[key] = Situation(
                    district, as_of, version, snapshot_of(self.store, district, as_of)
                )
                if len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return self._kept[key]
