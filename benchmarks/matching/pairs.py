"""Which pairs fit: the blocks of `matching.candidates` beside a loop over dicts, on the same rows.

    python -m benchmarks.matching.pairs [districts]

All keep the same rules; CAN_SERVE is left out, of which there is none here. Prints CPU seconds of each,
the ratio, and whether they found the same pairs. 1 district by default, 20 make a city. Reading the rows
is not timed on either side; filing them (blocks, dict) is, on both.
"""

import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from benchmarks.matching.generator import (
    COMMUNITIES,
    COMMUNITIES_PER_STREET,
    LEAVES_PER_PARENT,
    MINIMUM_OVERLAP,
    PARENTS,
    District,
    Side,
    district,
)
from matching.build import build
from matching.candidates import candidates
from matching.profile import parse
from matching.rows import AreaRow, CategoryRow, NeedRow, OwnerRow, ResourceRow
from matching.snapshot import Ints, Snapshot

TODAY = date(2020, 1, 1)
Record = dict[str, Any]
NO_VETOES: set[tuple[int, int]] = set()
GOAL = 5.0
"""How many times faster than the loop the blocks promise to be at city size."""


@dataclass(frozen=True)
class Comparison:
    """CPU seconds of each way, and whether all found the same pairs."""

    pairs: int
    blocks_s: float
    loop_s: float
    filed_loop_s: float
    reading_s: float
    same: bool

    @property
    def ratio(self) -> float:
        """How many times faster the blocks are than the dict loop."""
        return self.loop_s / self.blocks_s


def compare(districts: int, seed: int = 7) -> Comparison:
    """Both ways on `districts` districts."""
    data = district(seed, districts)
    started = time.process_time()
    snapshot = snapshot_of(data, districts)
    reading = time.process_time() - started
    profile = parse(f"[limits]\nminimum_overlap_days = {MINIMUM_OVERLAP}")
    started = time.process_time()
    found = candidates(snapshot, profile)
    blocks = time.process_time() - started
    width = len(snapshot.resources.ids)
    keys: Ints = found.need.astype(np.int64) * width + found.resource
    seconds, same = [], True
    needs, resources = records_of(data.needs), records_of(data.resources)
    for way in (by_loop, by_filed_loop):
        started = time.process_time()
        looped = way(needs, resources)
        seconds.append(time.process_time() - started)
        same = same and np.array_equal(keys, np.sort(np.array([i * width + j for i, j in looped], np.int64)))
    return Comparison(len(found), blocks, seconds[0], seconds[1], reading, same)


def by_loop(needs: list[Record], resources: list[Record]) -> list[tuple[int, int]]:
    """What a programmer writes first: a dict from (district, parent category) to resources, and two loops."""
    filed: dict[tuple[str, int], list[Record]] = defaultdict(list)
    for r in resources:
        if _offered(r):
            filed[r["district"], r["parent"]].append(r)
    return [
        (n["row"], r["row"])
        for n in needs
        for r in filed.get((n["district"], n["parent"]), ())
        if r["serves"] in n["places"] and _fits(n, r)
    ]


def by_filed_loop(needs: list[Record], resources: list[Record]) -> list[tuple[int, int]]:
    """The same, tuned: resources filed by (service area, parent category), as the blocks do."""
    filed: dict[tuple[str, int], list[Record]] = defaultdict(list)
    for r in resources:
        if _offered(r):
            filed[r["serves"], r["parent"]].append(r)
    return [
        (n["row"], r["row"])
        for n in needs
        for place in n["places"]
        for r in filed.get((place, n["parent"]), ())
        if _fits(n, r)
    ]


def _offered(r: Record) -> bool:
    return r["capacity"] > 0 and r["to"] > 0 and r["confirmed"] >= -365 and r["active"] and not r["vetoed"]


def _fits(n: Record, r: Record) -> bool:
    begins = max(n["from"], r["from"], 0)
    return (
        (not r["groups"] or n["group"] in r["groups"])
        and min(n["to"], r["to"]) - begins >= MINIMUM_OVERLAP
        and begins <= n["deadline"]
        and (n["row"], r["row"]) not in NO_VETOES
    )


def records_of(side: Side) -> list[Record]:
    """The generated columns as plain dicts, days counted from today."""
    return [
        {"row": row, "district": f"D{home}", "places": _places(home, community), "parent": leaf // LEAVES_PER_PARENT,
         "serves": _places(home, community)[reach], "from": start, "to": end, "deadline": 10**6,
         "group": group, "groups": {group} if group else set(), "capacity": 1, "confirmed": 0,
         "active": True, "vetoed": False}
        for row, (home, community, leaf, start, end, group, reach) in enumerate(_columns(side))
    ]  # fmt: skip


def snapshot_of(data: District, districts: int) -> Snapshot:
    """The generated columns as rows of a graph, read into a snapshot."""
    areas: list[AreaRow] = []
    for d in range(districts):
        areas.append(_area(f"D{d}", "District"))
        areas += [_area(f"S{d}-{s}", "Street", f"D{d}") for s in range(COMMUNITIES // COMMUNITIES_PER_STREET)]
        areas += [
            _area(f"C{d}-{c}", "Community", f"S{d}-{c // COMMUNITIES_PER_STREET}") for c in range(COMMUNITIES)
        ]
    categories: list[CategoryRow] = [
        {"id": f"X{p}", "name": f"示例大类{p}", "parent": None} for p in range(PARENTS)
    ]
    categories += [
        {"id": f"X{k // LEAVES_PER_PARENT}-{k}", "name": f"示例类{k}", "parent": f"X{k // LEAVES_PER_PARENT}"}
        for k in range(PARENTS * LEAVES_PER_PARENT)
    ]
    owners: list[OwnerRow] = [
        {"id": f"DW{u}", "label": "Unit", "name": "示例"} for u in sorted(set(data.owner.tolist()))
    ]
    needs: list[NeedRow] = []
    for i, (home, community, leaf, start, end, group, _) in enumerate(_columns(data.needs)):
        needs.append(
            {"id": f"XQ{i}", "title": "示例", "area": f"C{home}-{community}", "category": _leaf(leaf),
             "quantity": 1, "wanted_from": _day(start), "wanted_to": _day(end - 1),
             "beneficiary": f"G{group}" if group else "全体居民"}
        )  # fmt: skip
    resources: list[ResourceRow] = []
    for j, (home, community, leaf, start, end, group, reach) in enumerate(_columns(data.resources)):
        place = _places(home, community)[reach]
        resources.append(
            {"id": f"ZY{j}", "title": "示例", "owner": f"DW{data.owner[j]}", "category": _leaf(leaf),
             "serves": [place], "capacity": 1, "valid_from": _day(start), "valid_to": _day(end),
             "groups": [f"G{group}"] if group else [], "last_confirmed": TODAY.isoformat()}
        )  # fmt: skip
    return build(
        as_of=TODAY,
        areas=areas,
        categories=categories,
        can_serve=(),
        owners=owners,
        needs=needs,
        resources=resources,
    )


def _columns(side: Side) -> list[tuple[int, ...]]:
    columns: tuple[Any, ...] = (
        side.district, side.community, side.leaf, side.start, side.end, side.group, side.reach,
    )  # fmt: skip
    return list(zip(*(column.tolist() for column in columns), strict=True))


def _places(home: int, community: int) -> tuple[str, str, str]:
    return f"C{home}-{community}", f"S{home}-{community // COMMUNITIES_PER_STREET}", f"D{home}"


def _area(key: str, label: str, *parents: str) -> AreaRow:
    return {"id": key, "label": label, "name": "示例", "parents": list(parents)}


def _leaf(leaf: int) -> str:
    return f"X{leaf // LEAVES_PER_PARENT}-{leaf}"


def _day(day: int) -> str:
    return (TODAY + timedelta(day)).isoformat()


if __name__ == "__main__":
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    result = compare(size)
    print(
        f"{size} district(s), {result.pairs} pairs, the same each way: {result.same}\n"
        f"blocks {result.blocks_s:.3f} s, dict loop {result.loop_s:.3f} s, tuned loop {result.filed_loop_s:.3f} s\n"
        f"{result.ratio:.1f} times faster than the dict loop (goal {GOAL:g} at 20 districts); "
        f"reading the rows took {result.reading_s:.1f} s"
    )
