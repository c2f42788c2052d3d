"""The network of organizations and units with what holds it together; a large one summed up by community. Pure."""

from collections import Counter, defaultdict, deque
from collections.abc import Mapping, Sequence
from typing import Any

from graph.network import Member, OrganizationTies
from graph.schema import SCHEMA
from viz.picture import Edge, Node, Picture
from viz.rings import rings
from viz.telling import heading_of
from viz.territory import territory

READABLE = 400
"""More nodes than this are summed up by community and street."""
_MARKED, _SPREAD = 20, 1.5
"""In a summed up network the homes of so many points are marked, the worst; it is drawn so much wider than the map."""
CUT_OFF, MEMBERS, WEAK = "失去后断开（个）", "组织和单位（个）", "关键节点（个）"


def weak_points(
    network: OrganizationTies, name: str, cut_off: Mapping[str, int], areas: Sequence[Mapping[str, Any]]
) -> Picture:
    """The network of a scope called `name`. `cut_off` are its articulation points with how many each would cut
    off, `areas` the rows of the query `territory_map`, for a network that is summed up.

    The worst points are marked "weak".
    """
    scope, as_of = str(network.asked["scope"]), str(network.asked["as_of"])
    if len(network.members) <= READABLE:
        nodes, edges = _whole(network, cut_off)
        left_out = len(network.members) - len(nodes)
        summed = f"；只由一个组织领导的 {left_out:,} 个小区、网格和楼栋没有画出" if left_out else ""
    else:
        nodes, edges = _summed(network, cut_off, scope, as_of, areas)
        summed = "；图按社区汇总，选一个社区看每个组织和单位"
    said = f"{len(cut_off):,} 个一旦失去就会断开的关键节点" if cut_off else "没有一旦失去就会断开的关键节点"
    title = f"{name}的组织与单位网络：{len(network.members):,} 个，{said}{summed}"
    return Picture("weak-points", title, scope, as_of, nodes, edges)


def _worst(cut_off: Mapping[str, int]) -> list[str]:
    return sorted(cut_off, key=lambda key: (-cut_off[key], key))[:_MARKED]


def _whole(network: OrganizationTies, cut_off: Mapping[str, int]) -> tuple[list[Node], list[Edge]]:
    """Every member but the small areas that a single organization leads: they would hide what ties the rest."""
    degree = Counter(end for tie in network.ties for end in tie)
    members = {k: m for k, m in network.members.items() if m.label not in SMALL or degree[k] > 1}
    ties = {ends: types for ends, types in network.ties.items() if set(ends) <= members.keys()}
    neighbours: dict[str, list[str]] = defaultdict(list)
    for a, b in ties:
        neighbours[a].append(b)
        neighbours[b].append(a)
    middle = min(members, key=lambda key: (-len(neighbours[key]), key), default="")
    places = rings(_hops(members, neighbours, middle), middle)
    marked = set(_worst(cut_off))
    nodes = [
        _node(
            member, places[key].x, places[key].y, 13.0 if key in marked else 8.0, "weak" if key in marked else "",
            f"一旦失去，{cut_off[key]:,} 个会断开" if key in cut_off else "", {CUT_OFF: cut_off.get(key, 0)},
        )
        for key, member in sorted(members.items())
    ]  # fmt: skip
    return nodes, [
        Edge(a, b, kinds[0], "、".join(_heading(kind) for kind in kinds))
        for (a, b), types in sorted(ties.items())
        for kinds in [sorted(types)]
    ]


def _hops(
    members: Mapping[str, Member], neighbours: Mapping[str, Sequence[str]], middle: str
) -> list[list[tuple[str, str]]]:
    """Hop by hop from the middle; the other parts follow, each around its best tied member, on further rings."""
    hops: list[list[tuple[str, str]]] = []
    seen: set[str] = set()
    rest = sorted(members, key=lambda key: (key != middle, -len(neighbours.get(key, ())), key))
    base = 0
    for start in rest:
        if start in seen:
            continue
        seen.add(start)
        depth = {start: base - 1 if start == middle else base}
        waiting = deque([start])
        if start != middle:
            _put(hops, base, (start, middle))
        while waiting:
            key = waiting.popleft()
            for other in sorted(neighbours.get(key, ())):
                if other not in seen:
                    seen.add(other)
                    depth[other] = depth[key] + 1
                    _put(hops, depth[other], (other, key))
                    waiting.append(other)
        if start == middle:
            base = len(hops)
    return hops


def _put(hops: list[list[tuple[str, str]]], depth: int, each: tuple[str, str]) -> None:
    while len(hops) <= depth:
        hops.append([])
    hops[depth].append(each)


def _summed(
    network: OrganizationTies,
    cut_off: Mapping[str, int],
    scope: str,
    as_of: str,
    areas: Sequence[Mapping[str, Any]],
) -> tuple[list[Node], list[Edge]]:
    """A node per community and street, where the map has it; ties between them, summed up."""
    homes = _homes(network, areas)
    count, weak = Counter(homes.values()), Counter(homes[key] for key in cut_off if key in homes)
    marked = {homes.get(key, "") for key in _worst(cut_off)}
    crossing: Counter[tuple[str, str]] = Counter()
    for a, b in network.ties:
        ends = sorted((homes.get(a, ""), homes.get(b, "")))
        if ends[0] and ends[0] != ends[1]:
            crossing[ends[0], ends[1]] += 1
    picture = territory(scope, as_of, areas)
    nodes = [
        Node(
            n.label, n.properties, n.x * _SPREAD, n.y * _SPREAD, 7.0 + min(11.0, count[n.key] ** 0.5), "weak" if n.key in marked else "",
            f"组织和单位 {count[n.key]:,} 个，其中关键节点 {weak[n.key]:,} 个", {MEMBERS: count[n.key], WEAK: weak[n.key]},
        )
        for n in picture.nodes
        if n.label != "District" and count[n.key] > 1
    ]  # fmt: skip
    known = {node.key for node in nodes}
    edges = [
        Edge(a, b, "TIES", "联系", properties={"数量": n})
        for (a, b), n in sorted(crossing.items())
        if {a, b} <= known
    ]
    return nodes, edges


def _homes(network: OrganizationTies, areas: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The community, or the street, that each member is summed up in: by the ties that place it."""
    by_id = {row["id"]: row for row in areas}

    def upward(id_: str) -> str:
        while id_ in by_id and by_id[id_]["label"] not in ("Community", "Street"):
            id_ = by_id[id_]["parent_id"]
        return f"{by_id[id_]['label']}:{id_}" if id_ in by_id else ""

    homes = {key: upward(m.id) for key, m in network.members.items() if m.label in SUMMED}
    for types in ({"LOCATED_IN", "LEADS"}, {"OF_UNIT"}, {"REPORTS_TO"}):
        for (a, b), found in sorted(network.ties.items()):
            if found & types:
                for placed, other in ((a, b), (b, a)):
                    if homes.get(placed) and other not in homes:
                        homes[other] = homes[placed]
    return {key: home for key, home in homes.items() if home}


SMALL = ("Estate", "Grid", "Building")
SUMMED = ("Street", "Community", "Estate", "Grid", "Building")


def _node(
    member: Member, x: float, y: float, size: float, mark: str, note: str, numbers: Mapping[str, float]
) -> Node:
    title = SCHEMA.node(member.label).title
    return Node(member.label, {"id": member.id, title: member.name}, x, y, size, mark, note, numbers)


def _heading(kind: str) -> str:
    return SCHEMA.node("Agreement").heading if kind == "AGREEMENT" else heading_of(kind)
