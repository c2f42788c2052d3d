"""Supply and demand as flows: categories of resources, of needs, and the areas that the needs come from. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from viz.kinds import LACKING
from viz.picture import Edge, Node, Picture

QUANTITY = "数量"
_COLUMN, _ROW = 320.0, 46.0
NOT_MET = "尚无对接"


def flows(
    scope: str, as_of: str, name: str, rows: Sequence[Mapping[str, Any]], labels: Mapping[str, str]
) -> Picture:
    """The flows of a scope called `name` from the rows of the query `supply_demand`; `labels` are those of the areas.

    Every need is counted once on each side, so what flows in flows out.
    """
    supply_to_demand: Counter[tuple[str, str]] = Counter()
    demand_to_area: Counter[tuple[str, str]] = Counter()
    columns: tuple[dict[str, Node], ...] = ({}, {}, {})
    for row in rows:
        supply = (
            _category(row["supply_id"], row["supply"], "资源")
            if row["supply_id"]
            else Node(LACKING, {"id": "none", "name": NOT_MET})
        )
        demand = _category(row["demand_id"], row["demand"], "需求")
        area = Node(
            labels.get(row["area_id"], "Community"),
            {"id": row["area_id"], "name": row["area"] or row["area_id"]},
        )
        for column, node in zip(columns, (supply, demand, area), strict=True):
            column.setdefault(node.key, node)
        supply_to_demand[supply.key, demand.key] += row["needs"]
        demand_to_area[demand.key, area.key] += row["needs"]
    through: Counter[str] = Counter()
    for (start, end), count in (*supply_to_demand.items(), *demand_to_area.items()):
        through[start] += count
        if end in columns[2]:
            through[end] += count
    nodes = []
    for x, column in enumerate(columns):
        # What nobody supplies stands last, areas in the order of their keys, categories by how much flows.
        order = sorted(
            column.values(), key=lambda n: (n.label == LACKING, 0 if x == 2 else -through[n.key], n.id)
        )
        nodes += [
            Node(
                n.label,
                n.properties,
                x * _COLUMN,
                y * _ROW,
                10.0,
                "",
                n.note or _SIDES[x],
                {"需求（条）": through[n.key]},
            )
            for y, n in enumerate(order)
        ]
    edges = [
        Edge(start, end, kind, heading, "", {QUANTITY: count})
        for kind, heading, counted in (
            ("MEETS", "满足", supply_to_demand),
            ("RAISED_IN", "提出于", demand_to_area),
        )
        for (start, end), count in sorted(counted.items())
    ]
    return Picture("flows", _title(name, rows), scope, as_of, nodes, edges)


_SIDES = ("资源大类", "需求大类", "提出需求的区域")


def _category(id_: str | None, name: str | None, side: str) -> Node:
    # A category may in principle be on both sides; its side is a part of its key here.
    return Node("Category", {"id": f"{side}:{id_ or ''}", "name": name or "未分类"})


def _title(name: str, rows: Sequence[Mapping[str, Any]]) -> str:
    total = sum(row["needs"] for row in rows)
    lacking = sum(row["needs"] for row in rows if not row["supply_id"])
    if not total:
        return f"{name}：还没有需求"
    return f"{name}：{total:,} 条需求，{total - lacking:,} 条已有项目和资源对接，{lacking:,} 条尚无对接"
