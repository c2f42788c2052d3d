"""Independent answers: what pictures are made of."""

from collections import Counter
from itertools import pairwise
from typing import Any

import networkx as nx

from tests.queries.content import Content, Node, holds
from tests.queries.independent_areas import leaders, valid_areas

Rows = list[dict[str, Any]]
LEVELS = {"Street": 1, "Community": 2, "Estate": 3, "Grid": 4, "Building": 5}
WAYS = (
    "REPORTS_TO", "LEADS", "OF_UNIT", "LOCATED_IN", "SEATED_ON", "WITH_UNIT", "WITH_ORGANIZATION", "PROMISES", "RAISED_BY",
    "RAISED_IN", "OFFERED_BY", "MEETS", "USES", "UNDER", "LED_BY", "RESULTS_IN", "BY_UNIT", "FOR_NEED", "WITH_RESOURCE",
    "DISCUSSED", "DECIDED", "IN_AREA",
)  # fmt: skip
ENDED = ("销号", "合并", "撤回", "退回")


def is_due(content: Content, area: Node) -> bool:
    return area[0] in LEVELS and (area[0] != "Community" or content.get(area, "kind") == "居委会")


def territory_map(content: Content, scope: Node, as_of: str) -> Rows:
    rows = []
    for area in valid_areas(content, scope, as_of):
        due = is_due(content, area)
        needs = content.starts(area, "RAISED_IN")
        rows.append({
            "id": area[1], "label": area[0], "name": content.get(area, "name"),
            "parent_id": None if area == scope else content.get(content.end(area, "PART_OF"), "id"), "due": int(due),
            "led": int(due and bool(leaders(content, area, as_of, LEVELS[area[0]]))),
            "needs": sum((content.get(n, "state") or "提出") not in ENDED for n in needs),
        })  # fmt: skip
    return rows


def organization_tree(content: Content, scope: Node, as_of: str) -> Rows:
    areas: dict[Node, list[str]] = {}
    for area in content.within(scope):
        for organization in content.starts(area, "LEADS", day=as_of):
            if content.valid(organization, as_of):
                areas.setdefault(organization, []).append(area[1])
    return [
        {
            "id": o[1], "name": content.get(o, "name"), "level": content.get(o, "level"),
            "parent_id": min((p[1] for p in content.ends(o, "REPORTS_TO", day=as_of)), default=None),
            "area_id": min(ids),
            "members": sum(holds(p, as_of, "from", "to") for _, p in content.incoming(o, "BELONGS_TO")),
        }
        for o, ids in areas.items()
    ]  # fmt: skip


def wide(content: Content, category: Node | None) -> Node | None:
    return (content.end(category, "BROADER") or category) if category else None


def supply_demand(content: Content, scope: Node) -> Rows:
    counts: Counter[tuple[str | None, str | None, Node]] = Counter()
    quantities: Counter[tuple[str | None, str | None, Node]] = Counter()
    for at in content.within(scope):
        way = content.upward(at)
        area = way[way.index(scope) - 1] if at != scope else scope
        for need in content.starts(at, "RAISED_IN"):
            if (content.get(need, "state") or "提出") in ENDED[1:]:
                continue
            demand = wide(content, content.end(need, "IN_CATEGORY"))
            supplies = [
                wide(content, content.end(resource, "IN_CATEGORY"))
                for project in content.starts(need, "MEETS")
                for resource in content.ends(project, "USES")
            ]
            supply = min((s[1] for s in supplies if s), default=None)
            group = supply, demand[1] if demand else None, area
            counts[group] += 1
            quantities[group] += content.get(need, "quantity") or 0
    return [
        {
            "supply_id": s, "supply": content.get(("Category", s) if s else None, "name"),
            "demand_id": d, "demand": content.get(("Category", d) if d else None, "name"),
            "area_id": area[1], "area": content.get(area, "name"), "needs": n, "quantity": quantities[s, d, area],
        }
        for (s, d, area), n in counts.items()
    ]  # fmt: skip


def path_between(content: Content, scope: Node, start: str, end: str) -> Rows:
    labels = {label for label, _ in content.graph} - {
        "Province",
        "City",
        "Category",
        "Person",
        "Batch",
        "StateChange",
        "Operation",
    }
    first, last = content.find(start, labels), content.find(end, labels)
    if first == last or not _belongs(content, first, scope):
        return []
    ties: nx.Graph[Node] = nx.Graph()
    for a, b, data in content.graph.edges(data=True):
        if data["type"] in WAYS:
            ties.add_edge(a, b)
    if first not in ties or last not in ties or not nx.has_path(ties, first, last):
        return []
    ways = list(nx.all_shortest_paths(ties, first, last))
    if len(ways[0]) > 7:
        return []
    told = [each for way in ways for each in _told(content, way)]
    _, nodes, found = min(told, key=lambda each: each[0])
    return [{
        "nodes": [{"label": n[0], "properties": content.properties(n)} for n in nodes],
        "ties": [{"relationship": kind, "start": at[1]} for kind, at in found],
    }]  # fmt: skip


def _told(content: Content, way: list[Node]) -> list[tuple[str, list[Node], list[tuple[str, Node]]]]:
    """A way with each choice of relationships along it, and the text by which the first of them is known."""
    found: list[list[tuple[str, Node]]] = [[]]
    for a, b in pairwise(way):
        ties = [
            (data["type"], a)
            for data in (content.graph.get_edge_data(a, b) or {}).values()
            if data["type"] in WAYS
        ]
        ties += [
            (data["type"], b)
            for data in (content.graph.get_edge_data(b, a) or {}).values()
            if data["type"] in WAYS
        ]
        found = [[*before, tie] for before in found for tie in ties]
    keys = "".join(f"{label}:{id_} " for label, id_ in way)
    return [(keys + "".join(f"{kind} " for kind, _ in ties), way, ties) for ties in found]


def _belongs(content: Content, node: Node, scope: Node) -> bool:
    from graph.export_content import STEPS
    from graph.export_content import WAYS as TOWARDS

    reached, edge = {node}, {node}
    for _ in range(STEPS):
        edge = {end for each in edge for end in content.ends(each, *TOWARDS)} - reached
        reached |= edge
    return scope in reached
