"""The official territory into a store: a district with what is above and below it, or the whole country.

Keys of official areas are their statistical codes. What an office has written about an area (population,
codes of its own) stays; name, kind and place in the territory follow the register. Streams: memory does
not grow with the number of areas.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from itertools import chain
from typing import Any

from graph.model import GraphSchema
from graph.schema import SCHEMA
from graph.store import Store
from graph.writing import CHUNK, chunks
from loaders.areas import TERRITORY
from loaders.behind import write_behind
from loaders.compare import WantedTie, difference, plan_ties, present
from loaders.division_codes import Division
from loaders.divisions import Divisions
from loaders.lease import load_lease
from loaders.ledger import Ledger, LoadedFile
from loaders.load import LoadResult, Progress
from loaders.view import StoreView
from loaders.writes import Writes

SOURCE = "国家统计局区划代码"
"""The source of all batches of official areas. No issue of it is complete, so nothing is ever missing in one."""

_COUNTRY = "全国"


def init_district(
    store: Store,
    divisions: Divisions,
    code: str,
    *,
    now: datetime | None = None,
    schema: GraphSchema = SCHEMA,
    progress: Progress = lambda done, total: None,
) -> LoadResult:
    """Write the area of a code with all above and below it into a prepared store, as one batch.

    Raises `UnknownDivisionError` for a code that no area has, `LoadRefused` while another load is under way.
    """
    root = divisions.require(code).code

    def areas() -> Iterator[Division]:
        return chain(divisions.ancestors(root), divisions.subtree(root))

    return _Init(store, schema, now, progress).apply(root, areas)


def init_country(
    store: Store,
    divisions: Divisions,
    *,
    now: datetime | None = None,
    schema: GraphSchema = SCHEMA,
    progress: Progress = lambda done, total: None,
) -> LoadResult:
    """Write every area of the country into a prepared store, as one batch."""
    return _Init(store, schema, now, progress).apply(_COUNTRY, divisions.areas)


class _Init:
    def __init__(self, store: Store, schema: GraphSchema, now: datetime | None, progress: Progress) -> None:
        self._store, self._schema, self._now, self._progress = store, schema, now, progress
        self._part_of = schema.relationship("PART_OF")
        self._counts = {"added": 0, "changed": 0, "unchanged": 0}

    def apply(self, name: str, areas: Callable[[], Iterable[Division]]) -> LoadResult:
        """Write the areas that `areas` gives, twice the same, each after the one above it."""
        digest, total = _digest(areas())
        with load_lease(self._store) as lease, write_behind(self._store) as behind:
            view = StoreView(behind, self._schema)
            ledger = Ledger(self._store, self._schema, lease)
            ledger.open([LoadedFile(SOURCE, digest, f"{SOURCE}（{name}）", total, 0)])
            for label, above in TERRITORY.items():
                view.begin(label)
                if above:
                    view.begin(label, self._part_of)
            done = 0
            for window in chunks(areas(), CHUNK):
                writes = Writes(ledger.id(SOURCE, digest), distinct=True)
                self._plan(view, writes, window)
                behind.begin(partial(ledger.commit, writes))
                for count in ("added", "changed"):
                    self._counts[count] += writes.counts[count]
                done += len(window)
                self._progress(done, total)
            behind.settle()
            batches = ledger.close(self._now)
        return LoadResult(batches, **self._counts, rejected=0, missing=0, problems=())

    def _plan(self, view: StoreView, writes: Writes, window: Iterable[Division]) -> None:
        """Nodes and ties of a window of areas; what is above them is in it too, or in one before."""
        by_label: dict[str, list[Division]] = {}
        for area in window:
            by_label.setdefault(area.level.label, []).append(area)
        for label, areas in by_label.items():
            stored = view.nodes(label, [area.code for area in areas])
            ties = view.ties(self._part_of, label, [area.code for area in areas])
            for area in areas:
                known = stored.get(area.code)
                wanted = _properties(area, known or {})
                if known is None:
                    writes.add_node(label, area.code, present(wanted))
                elif changed := difference(known, wanted):
                    writes.change_node(label, area.code, known, changed)
                else:
                    self._counts["unchanged"] += 1
                if area.parent is not None:
                    self._plan_parent(writes, label, area, ties.get(area.code, ()))

    def _plan_parent(self, writes: Writes, label: str, area: Division, stored: Any) -> None:
        above = TERRITORY[label]
        wanted = [WantedTie(above, area.parent or "", {})]
        plan = plan_ties(self._part_of, wanted, stored, single=True, whole=True, as_of="")
        for tie in plan.deleted:
            writes.delete_relationship(("PART_OF", label, tie.label), area.code, tie.end, tie.properties)
        for added in plan.added:
            writes.add_relationship(("PART_OF", label, above), area.code, added.end, {})
        self._counts["unchanged"] += plan.unchanged


def _properties(area: Division, stored: Mapping[str, Any]) -> dict[str, Any]:
    """What the register says; codes that others gave an area are kept beside the official one."""
    official = f"nbs:{area.code}"
    codes = list(stored.get("codes") or ())
    properties: dict[str, Any] = {
        "name": area.name,
        "codes": codes if official in codes else [official, *codes],
    }
    if area.kind is not None:
        properties["kind"] = area.kind.value
    return properties


def _digest(areas: Iterable[Division]) -> tuple[str, int]:
    """SHA-256 over codes and names, and how many areas there are."""
    digest, count = hashlib.sha256(), 0
    for area in areas:
        digest.update(f"{area.code} {area.name}\n".encode())
        count += 1
    return digest.hexdigest(), count
