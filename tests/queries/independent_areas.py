"""Independent answers: territory, party organizations, organizations by kind, property areas, venues."""

from collections import Counter, defaultdict
from typing import Any

from graph.schema.party import LEVEL_AREA
from tests.queries.content import AREAS, Content, Node

Rows = list[dict[str, Any]]
MANAGED = "专业化物业"


def valid_areas(content: Content, scope: Node, day: str, *labels: str) -> list[Node]:
    return [area for area in content.within(scope, *labels) if content.valid(area, day)]


def committees_communities(content: Content, scope: Node, day: str) -> list[Node]:
    """Communities of residents' committees that are valid on the day."""
    found = valid_areas(content, scope, day, "Community")
    return [c for c in found if content.get(c, "kind") == "居委会"]


def due_areas(content: Content, scope: Node, day: str, level: int) -> list[Node]:
    """The areas that a party organization of a level should lead; none for the organization inside a unit."""
    if level not in LEVEL_AREA:
        return []
    if LEVEL_AREA[level] == "Community":
        return committees_communities(content, scope, day)
    return valid_areas(content, scope, day, LEVEL_AREA[level])


def leaders(content: Content, area: Node, day: str, level: int) -> list[Node]:
    found = content.starts(area, "LEADS", day=day)
    return [o for o in found if content.get(o, "level") == level and content.valid(o, day)]


def named(content: Content, node: Node | None, prefix: str) -> dict[str, Any]:
    return {f"{prefix}_id": content.get(node, "id"), prefix: content.get(node, "name")}


def area_path(content: Content, scope: Node) -> Rows:
    return [{**named(content, area, "area"), "label": area[0]} for area in content.upward(scope)]


def areas_below(content: Content, scope: Node, as_of: str) -> Rows:
    below = content.starts(scope, "PART_OF", "IN_GRID")
    return [
        {**named(content, area, "area"), "label": area[0], "kind": content.get(area, "kind") or ""}
        for area in below if area[0] in AREAS and content.valid(area, as_of)
    ]  # fmt: skip


def area_counts(content: Content, scope: Node, as_of: str) -> Rows:
    areas = valid_areas(content, scope, as_of)
    counts = Counter((a[0], content.get(a, "kind") or "") for a in areas)
    return [{"label": label, "kind": kind, "areas": n} for (label, kind), n in counts.items()]


def areas_without_party_organization(content: Content, scope: Node, level: int, as_of: str) -> Rows:
    lacking = [a for a in due_areas(content, scope, as_of, level) if not leaders(content, a, as_of, level)]
    return [
        {"id": a[1], "name": content.get(a, "name"), **named(content, content.end(a, "PART_OF"), "parent")}
        for a in lacking
    ]


def party_levels(content: Content, scope: Node, as_of: str) -> Rows:
    rows = []
    for level in LEVEL_AREA:
        due = due_areas(content, scope, as_of, level)
        found = [leaders(content, area, as_of, level) for area in due]
        if due:
            rows.append({
                "level": level, "organizations": len({o for each in found for o in each}),
                "areas": len(due), "lacking": sum(not each for each in found),
            })  # fmt: skip
    return rows


def party_levels_below(content: Content, scope: Node, as_of: str) -> Rows:
    parts = [
        a for a in content.starts(scope, "PART_OF", "IN_GRID") if a[0] in AREAS and content.valid(a, as_of)
    ]
    return [
        {
            **named(content, part, "area"),
            "label": part[0],
            **{n: row[n] for n in ("level", "areas", "lacking")},
        }
        for part in parts
        for row in party_levels(content, part, as_of)
    ]


def streets(content: Content, scope: Node, as_of: str) -> Rows:
    rows = []
    for street in content.starts(scope, "PART_OF"):
        due = [(a, n) for n in (2, 3, 4, 5) for a in due_areas(content, street, as_of, n)]
        rows.append({
            "street_id": street[1], "street": content.get(street, "name"),
            "communities": len(valid_areas(content, street, as_of, "Community")),
            "due": len(due), "led": sum(bool(leaders(content, a, as_of, n)) for a, n in due),
        })  # fmt: skip
    return rows


def district_figures(content: Content, scope: Node) -> Rows:
    names = ("name", "area_km2", "population", "urban_population", "households")
    return [{name: content.get(scope, name) for name in names}]


def _kinds_at(content: Content, area: Node, day: str) -> set[str]:
    serving = [o for o in content.starts(area, "SERVES") if o[0] == "Organization" and content.valid(o, day)]
    return {content.get(o, "kind") for o in serving}


def community_organizations(content: Content, scope: Node, as_of: str) -> Rows:
    return [
        {
            "street": content.get(content.around(c, "Street"), "name"), **named(content, c, "community"),
            "kinds": sorted(_kinds_at(content, c, as_of)),
        }
        for c in committees_communities(content, scope, as_of)
    ]  # fmt: skip


def communities_without_organization(content: Content, scope: Node, kind: str, as_of: str) -> Rows:
    return [
        {"street": content.get(content.around(c, "Street"), "name"), **named(content, c, "community")}
        for c in committees_communities(content, scope, as_of)
        if kind not in _kinds_at(content, c, as_of)
    ]


def _serving(content: Content, scope: Node) -> dict[Node, set[Node]]:
    """Organizations by what they serve in an area: areas, grounds of property areas, what covers an estate."""
    found: dict[Node, set[Node]] = defaultdict(set)
    for area in content.within(scope):
        grounds = [area, *content.starts(area, "COVERS", "IN_COMMUNITY")]
        for ground in grounds:
            for organization in content.starts(ground, "SERVES"):
                if organization[0] == "Organization":
                    found[organization].add(ground)
    return found


def organizations_by_kind(content: Content, scope: Node, kind: str | None, as_of: str) -> Rows:
    people: dict[str, list[int]] = defaultdict(list)
    for organization in _serving(content, scope):
        own = content.get(organization, "kind")
        if kind in (None, own) and content.valid(organization, as_of):
            people[own].append(content.get(organization, "members_count") or 0)
    return [{"kind": k, "organizations": len(n), "people": sum(n)} for k, n in people.items()]


def organizations_list(content: Content, scope: Node, kind: str, as_of: str) -> Rows:
    return [
        {
            **named(content, organization, "organization"),
            **{n: content.get(organization, n) for n in ("members_count", "party_members_count", "member_share")},
            **named(content, ground, "served"),
        }
        for organization, grounds in _serving(content, scope).items()
        if content.get(organization, "kind") == kind and content.valid(organization, as_of)
        for ground in grounds
    ]  # fmt: skip


def _property_areas(content: Content, scope: Node, day: str) -> list[tuple[Node, Node]]:
    return [
        (community, ground)
        for community in content.within(scope, "Community")
        for ground in content.starts(community, "IN_COMMUNITY")
        if content.valid(ground, day)
    ]


def _has_council(content: Content, ground: Node, day: str) -> bool:
    return "红色议事会" in _kinds_at(content, ground, day)


def property_areas_by_management(content: Content, scope: Node, as_of: str) -> Rows:
    councils: dict[str, list[bool]] = defaultdict(list)
    for _, ground in _property_areas(content, scope, as_of):
        councils[content.get(ground, "management")].append(_has_council(content, ground, as_of))
    return [{"management": k, "areas": len(v), "with_council": sum(v)} for k, v in councils.items()]


def _property_row(content: Content, community: Node, ground: Node) -> dict[str, Any]:
    return {
        **named(content, community, "community"),
        **named(content, ground, "property_area"),
        "management": content.get(ground, "management"),
    }


def property_areas_without_council(content: Content, scope: Node, as_of: str) -> Rows:
    return [
        _property_row(content, community, ground)
        for community, ground in _property_areas(content, scope, as_of)
        if content.get(ground, "management") != MANAGED and not _has_council(content, ground, as_of)
    ]


def three_party_estates(
    content: Content, scope: Node, management: str | None, complete: bool | None, as_of: str
) -> Rows:
    rows = []
    for community, ground in _property_areas(content, scope, as_of):
        there = [_kinds_at(content, g, as_of) for g in (ground, *content.ends(ground, "COVERS"))]
        kinds = set().union(*there)
        row = {
            **_property_row(content, community, ground),
            "committee": "居委会" in _kinds_at(content, community, as_of),
            "owners": "业委会" in kinds,
            "company": "物业公司" in kinds,
        }
        row["complete"] = row["committee"] and row["owners"] and row["company"]
        if management in (None, row["management"]) and complete in (None, row["complete"]):
            rows.append(row)
    return rows


def venues(content: Content, scope: Node, kind: str | None) -> Rows:
    return [
        {
            **named(content, venue, "venue"), **named(content, area, "area"),
            **{n: content.get(venue, n) for n in ("kind", "floor_area_m2", "valid_from", "valid_to")},
        }
        for area in content.within(scope)
        for venue in content.starts(area, "IN_AREA")
        if venue[0] == "Venue" and kind in (None, content.get(venue, "kind"))
    ]  # fmt: skip


# One entity may be seen from an area to which at most six of these ties lead.
TIES = (
    "PART_OF", "IN_GRID", "LEADS", "OF_UNIT", "BELONGS_TO", "REPORTED_TO", "LIVES_IN", "HOLDS", "LOCATED_IN",
    "WITH_ORGANIZATION", "WITH_UNIT", "SERVES", "IN_AREA", "IN_COMMUNITY", "RAISED_IN", "OFFERED_BY", "FOR_NEED",
    "BY_UNIT", "OF",
)  # fmt: skip
_ENTITIES = (
    *AREAS, "PartyOrganization", "Person", "Unit", "Agreement", "Organization", "Venue", "PropertyArea", "Need",
    "Resource", "Project", "Claim", "Meeting", "Evaluation",
)  # fmt: skip


def seen(content: Content, scope: Node, id_: str) -> list[Node]:
    """The entities with a key that have to do with an area."""
    found = []
    for node in ((label, id_) for label in _ENTITIES if (label, id_) in content.graph):
        reached = {node}
        for _ in range(6):
            reached |= {end for each in reached for end in content.ends(each, *TIES)}
        if scope in reached:
            found.append(node)
    return found


def shown(content: Content, node: Node) -> dict[str, Any]:
    return {"label": node[0], "properties": content.properties(node)}


def entity(content: Content, scope: Node, id: str) -> Rows:  # noqa: A002  # the parameter's name
    return [{"entity": shown(content, node)} for node in seen(content, scope, id)]


def neighbours(content: Content, scope: Node, id: str, limit: int) -> Rows:  # noqa: A002
    rows = []
    for node in seen(content, scope, id):
        ties = [
            (type_, True, end, p) for _, end, type_, p in _edges(content.graph.out_edges(node, data=True))
        ]
        ties += [
            (type_, False, start, p) for start, _, type_, p in _edges(content.graph.in_edges(node, data=True))
        ]
        totals = Counter((type_, out) for type_, out, _, _ in ties)
        assert len(ties) <= limit, "which of them an answer holds when there are more is not promised"
        rows += [
            {"relationship": t, "outgoing": out, "details": p, "neighbour": shown(content, other), "total": totals[t, out]}
            for t, out, other, p in ties
        ]  # fmt: skip
    return rows


def _edges(edges: Any) -> list[tuple[Node, Node, str, dict[str, Any]]]:
    return [(start, end, data["type"], data["properties"]) for start, end, data in edges]
