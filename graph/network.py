"""The network of party organizations, co-building units and the areas they are tied to, measured.

Who holds it together, and what would fall apart without whom. Composes the query `organization_network` and
`graph.measures`. A tie counts once, however many relationships it stands for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graph.ask import SCOPE_TEXT, ParameterError, Reader, ask, bind
from graph.catalog import queries
from graph.measures import MEANINGS, Structure, bridge_cuts, cut_points, lost_without, structure
from graph.schema import SCHEMA

NAMED = 20
"""So many names at most are told of what is cut off, and of a component."""
MOST = 200
"""The largest `limit`."""
# A reader knows communities and units by their names; there is a 1号楼 in every estate.
_TELLING = ("District", "Street", "Community", "Unit", "PartyOrganization", "Estate", "Grid", "Building")
MEASURED = ("Unit", "PartyOrganization")
"""The labels whose degree and betweenness are told; areas are what they are tied to."""


@dataclass(frozen=True)
class Member:
    """A node of the network."""

    label: str
    id: str
    name: str

    @property
    def shown(self) -> str:
        """How people read it: 共建单位 示例医院."""
        return f"{SCHEMA.node(self.label).heading} {self.name}"


@dataclass(frozen=True)
class Component:
    """A part that is tied to no other: its size, and its first members, wide areas before narrow ones."""

    size: int
    members: list[Member]


@dataclass(frozen=True)
class CutPoint:
    """A member without which its part falls apart: how many would be cut off, and the first of them."""

    member: Member
    cut_off: int
    lost: list[Member]


@dataclass(frozen=True)
class Bridge:
    """A tie without which its part falls apart, the relationships it stands for, and how many it would cut off."""

    start: Member
    end: Member
    relationships: list[str]
    cut_off: int


@dataclass(frozen=True)
class Central:
    """How much goes through a unit or organization: `betweenness` 0 to 1, `degree` in neighbours."""

    member: Member
    betweenness: float
    degree: int


@dataclass(frozen=True)
class NetworkStructure:
    """The measures of an area's network on a day.

    Lists hold the first `limit`, the most important first; the counts are of all. `meanings` says in a Chinese
    sentence what each measure tells.
    """

    scope: str
    scope_name: str
    as_of: str
    nodes: int
    ties: int
    component_count: int
    components: list[Component]
    articulation_point_count: int
    articulation_points: list[CutPoint]
    bridge_count: int
    bridges: list[Bridge]
    central: list[Central]
    meanings: Mapping[str, str]


@dataclass(frozen=True)
class OrganizationTies:
    """The network itself: what was asked, members by key, and the relationship types of each tie by its two keys."""

    asked: Mapping[str, Any]
    members: Mapping[str, Member]
    ties: Mapping[tuple[str, str], set[str]]


def organization_ties(store: Reader, given: Mapping[str, Any]) -> OrganizationTies:
    """The network of an area; `given` may hold `scope` and `as_of`. Keys are `Label:id`.

    Communities of residents' committees that nothing ties to the rest are in it. Raises ParameterError.
    """
    asked = bind(queries()["organization_network"], given, store)
    rows = ask(store, queries()["organization_network"], asked).rows
    members: dict[str, Member] = {}
    ties: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        ends = [
            Member(row[f"{end}_label"], row[f"{end}_id"], row[f"{end}_name"] or "")
            for end in ("start", "end")
        ]
        keys = sorted(_key(member) for member in ends)
        members.update((_key(member), member) for member in ends)
        ties.setdefault((keys[0], keys[1]), set()).add(row["relationship"])
    for row in ask(store, queries()["community_organizations"], asked).rows:
        alone = Member("Community", row["community_id"], row["community"])
        members.setdefault(_key(alone), alone)
    return OrganizationTies(asked, members, ties)


def network_structure(store: Reader, given: Mapping[str, Any], limit: int = 20) -> NetworkStructure:
    """Measure the network of an area; `given` may hold `scope` and `as_of`, as `graph.ask` takes them.

    Communities of residents' committees that nothing ties to the rest are parts of their own.

    Raises ParameterError for what cannot be used.
    """
    if not 1 <= limit <= MOST:
        raise ParameterError("limit", f"参数 limit 的值“{limit}”不对：应为 1 到 {MOST} 的整数")
    network = organization_ties(store, given)
    asked, members, ties = network.asked, network.members, network.ties
    measured = structure(ties, members)
    return NetworkStructure(
        scope=asked["scope"], scope_name=store.read(SCOPE_TEXT, {"scope": asked["scope"]})[0]["name"],
        as_of=asked["as_of"], nodes=measured.nodes, ties=measured.edges,
        component_count=len(measured.components),
        components=[Component(len(c), _named(c, members)) for c in measured.components[:limit]],
        articulation_point_count=len(measured.articulation_points),
        articulation_points=[
            CutPoint(members[p], measured.cut_off[p], _named(lost_without(ties, p), members))
            for p in measured.articulation_points[:limit]
        ],
        bridge_count=len(measured.bridges),
        bridges=_bridges(ties, members, limit), central=_central(measured, members, limit),
        meanings=MEANINGS,
    )  # fmt: skip


def weakest(network: OrganizationTies, limit: int = 20) -> tuple[dict[str, int], list[CutPoint]]:
    """The articulation points of a network: how many each would cut off by key, and the first `limit` of them."""
    cut_off = cut_points(network.ties)
    first = sorted(cut_off, key=lambda key: (-cut_off[key], key))[:limit]
    members = network.members
    return cut_off, [
        CutPoint(members[key], cut_off[key], _named(lost_without(network.ties, key), members))
        for key in first
    ]


def _key(member: Member) -> str:
    """Keys are unique within a label only."""
    return f"{member.label}:{member.id}"


def _named(keys: list[str], members: Mapping[str, Member]) -> list[Member]:
    found = sorted((members[key] for key in keys), key=lambda m: (_TELLING.index(m.label), m.id))
    return found[:NAMED]


def _bridges(
    ties: Mapping[tuple[str, str], set[str]], members: Mapping[str, Member], limit: int
) -> list[Bridge]:
    cuts = bridge_cuts(ties)
    first = sorted(cuts, key=lambda tie: (-cuts[tie], tie))[:limit]
    return [Bridge(members[a], members[b], sorted(ties[a, b]), cuts[a, b]) for a, b in first]


def _central(measured: Structure, members: Mapping[str, Member], limit: int) -> list[Central]:
    candidates = [key for key, member in members.items() if member.label in MEASURED]
    candidates.sort(key=lambda key: (-measured.betweenness[key], -measured.degree[key], key))
    return [Central(members[k], measured.betweenness[k], measured.degree[k]) for k in candidates[:limit]]
