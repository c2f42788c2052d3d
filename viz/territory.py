"""The map of a territory: areas as circles inside circles, coloured by how well they are covered. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph.schema import AREAS, SCHEMA
from viz.containment import containment
from viz.picture import INTERACTIVE, Edge, Node, Picture

RADIUS = 500.0
"""Radius of the whole map."""
DRAWN = ("District", "Street", "Community", "Estate", "Building")
"""The kinds that hold each other; grids lie across estates and are counted with their community."""
COVERAGE, NEEDS, DUE, LED = "组织覆盖率（%）", "在办需求（条）", "应建党组织（个）", "已建党组织（个）"
LEVELS = 2
"""So many levels below the scope are drawn; what lies deeper is counted in the area that holds it."""


@dataclass(frozen=True)
class _Sums:
    """What lies in an area, itself included."""

    due: int = 0
    led: int = 0
    needs: int = 0

    def __add__(self, other: "_Sums") -> "_Sums":
        return _Sums(self.due + other.due, self.led + other.led, self.needs + other.needs)


def territory(scope: str, as_of: str, rows: Sequence[Mapping[str, Any]]) -> Picture:
    """The map of a scope from the rows of the query `territory_map`.

    The places follow from every area there is, so they stay where they are at whatever depth is drawn.
    """
    areas = {(row["label"], row["id"]): row for row in rows}
    by_id = {row["id"]: row for row in rows}
    root = next(row for row in rows if row["id"] == scope)
    sums = _sums(rows, by_id)
    drawn = sorted((k for k in areas if k[0] in DRAWN), key=lambda k: (DRAWN.index(k[0]), k[1]))
    position = {key[1]: i for i, key in enumerate(drawn)}
    circles = containment([position.get(areas[key]["parent_id"], -1) for key in drawn])
    levels = _levels(drawn, circles.depth.tolist())
    nodes = [
        Node(
            key[0], {"id": key[1], "name": areas[key]["name"] or key[1]},
            round(float(circles.x[i]) * RADIUS, 2), round(float(circles.y[i]) * RADIUS, 2), round(float(circles.radius[i]) * RADIUS, 2),
            "leaf" if circles.depth[i] == levels else "holder", _note(sums[key[1]]), _numbers(sums[key[1]]),
        )
        for i, key in enumerate(drawn)
        if circles.depth[i] <= levels
    ]  # fmt: skip
    # What holds nothing of the next kind is shown like the others of the last level, and not as an empty ring.
    shown = {node.id for node in nodes}
    holding = {areas[k]["parent_id"] for k in drawn if k[1] in shown}
    nodes = [_leaf(node) if node.id not in holding else node for node in nodes]
    edges = [
        Edge(n.key, f"{by_id[p]['label']}:{p}", "PART_OF", SCHEMA.relationship("PART_OF").heading)
        for n in nodes
        if (p := areas[n.label, n.id]["parent_id"]) in shown
    ]
    return Picture("territory", _title(root, sums[scope]), scope, as_of, nodes, edges)


def _levels(drawn: Sequence[tuple[str, str]], depths: Sequence[int]) -> int:
    """How deep may be drawn: LEVELS, less where that would be too much for one picture."""
    counts = [depths.count(depth) for depth in range(max(depths) + 1)]
    return max(
        d for d in range(min(LEVELS, len(counts) - 1) + 1) if d == 0 or sum(counts[: d + 1]) <= INTERACTIVE
    )


def _leaf(node: Node) -> Node:
    return Node(node.label, node.properties, node.x, node.y, node.size, "leaf", node.note, node.numbers)


def _sums(rows: Sequence[Mapping[str, Any]], by_id: Mapping[str, Mapping[str, Any]]) -> dict[str, _Sums]:
    """The sums of each area, from the smallest kinds up."""
    found = {row["id"]: _Sums(row["due"], row["led"], row["needs"]) for row in rows}
    for row in sorted(rows, key=lambda row: -AREAS.index(row["label"])):
        if row["parent_id"] in by_id:
            found[row["parent_id"]] += found[row["id"]]
    return found


def _numbers(sums: _Sums) -> dict[str, float]:
    share = {COVERAGE: round(100 * sums.led / sums.due, 1)} if sums.due else {}
    return {**share, DUE: sums.due, LED: sums.led, NEEDS: sums.needs}


def _note(sums: _Sums) -> str:
    covered = f"党组织应建 {sums.due:,} 个，已建 {sums.led:,} 个" if sums.due else "没有应建的党组织"
    return f"{covered}；在办需求 {sums.needs:,} 条"


def _title(root: Mapping[str, Any], sums: _Sums) -> str:
    if not sums.due:
        return f"{root['name']}：没有应建的党组织，在办需求 {sums.needs:,} 条"
    lacking = sums.due - sums.led
    said = f"还缺 {lacking:,} 个" if lacking else "没有缺口"
    return f"{root['name']}：应建党组织 {sums.due:,} 个，已建 {sums.led:,} 个，{said}；在办需求 {sums.needs:,} 条"
