"""The tree of party organizations: who reports to whom, as deep as it can be read. Pure."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from graph.schema import SCHEMA
from graph.schema.party import PARTY_LEVEL
from viz.picture import Edge, Node, Picture
from viz.tidy import tidy

READABLE = 400
"""So many organizations at most; deeper levels are counted in the one above."""
BELOW, MEMBERS = "下属党组织（个）", "党员（名）"


def party_tree(scope: str, as_of: str, name: str, rows: Sequence[Mapping[str, Any]]) -> Picture:
    """The tree of a scope called `name`, from the rows of the query `organization_tree`.

    Levels are drawn from the top as long as there is room; `下属党组织` counts everything below, drawn or not.
    """
    by_id = {row["id"]: row for row in rows}
    parents = {row["id"]: row["parent_id"] if row["parent_id"] in by_id else None for row in rows}
    order = sorted(by_id, key=lambda id_: (by_id[id_]["level"] or 9, by_id[id_]["area_id"] or "", id_))
    depths = _depths(parents)
    deepest = _deepest(depths)
    shown = [id_ for id_ in order if depths[id_] <= deepest]
    below = _below(parents, depths)
    places = tidy({id_: parents[id_] for id_ in shown})
    nodes = [
        Node(
            "PartyOrganization", {n: by_id[id_][n] for n in ("id", "name", "level")}, places[id_].x, places[id_].y, 8.0,
            note=_note(by_id[id_], below[id_]), numbers={MEMBERS: by_id[id_]["members"], BELOW: below[id_]},
        )
        for id_ in shown
    ]  # fmt: skip
    reports = SCHEMA.relationship("REPORTS_TO")
    edges = [
        Edge(f"PartyOrganization:{id_}", f"PartyOrganization:{parents[id_]}", reports.name, reports.heading)
        for id_ in shown
        if parents[id_]
    ]
    return Picture("party", _title(name, rows, len(shown)), scope, as_of, nodes, edges)


def _depths(parents: Mapping[str, str | None]) -> dict[str, int]:
    """How far below a root each is; what reports to itself, by whatever detour, hangs on nothing."""
    found: dict[str, int] = {}
    below = defaultdict(list)
    for id_, parent in parents.items():
        below[parent].append(id_)
    waiting = [(id_, 0) for id_ in below[None]]
    while waiting:
        id_, depth = waiting.pop()
        found[id_] = depth
        waiting += [(each, depth + 1) for each in below[id_]]
    return {id_: found.get(id_, len(parents)) for id_ in parents}


def _deepest(depths: Mapping[str, int]) -> int:
    counts = Counter(depths.values())
    total, deepest = 0, 0
    for depth in sorted(counts):
        total += counts[depth]
        if depth and total > READABLE:
            break
        deepest = depth
    return deepest if deepest < len(depths) else 0


def _below(parents: Mapping[str, str | None], depths: Mapping[str, int]) -> Counter[str]:
    found: Counter[str] = Counter()
    for id_ in sorted(parents, key=lambda each: -depths[each]):
        parent = parents[id_]
        if parent is not None:
            found[parent] += found[id_] + 1
    return found


def _note(row: Mapping[str, Any], below: int) -> str:
    words = [PARTY_LEVEL.label(row["level"])]
    words += [f"下属党组织 {below:,} 个"] if below else []
    words += [f"党员 {row['members']:,} 名"] if row["members"] else []
    return "，".join(words)


def _title(name: str, rows: Sequence[Mapping[str, Any]], shown: int) -> str:
    counts = Counter(row["level"] for row in rows)
    levels = "、".join(
        f"{PARTY_LEVEL.label(level)} {counts[level]:,} 个" for level in PARTY_LEVEL.values if counts[level]
    )
    rest = f"；图中 {shown:,} 个，更下级的在点开各街道、社区时显示" if shown < len(rows) else ""
    return f"{name}的党组织：{levels or '还没有登记'}{rest}"
