"""Independent answers: members, reporting, buildings, posts."""

from collections import Counter, defaultdict
from typing import Any

from tests.queries.content import Content, Node, holds
from tests.queries.independent_areas import Rows, committees_communities, named, valid_areas

PLACES = ("PartyOrganization", "Organization")


def is_member(content: Content, person: Node, day: str) -> bool:
    return content.get(person, "member_kind") is not None and content.valid(person, day)


def reported(content: Content, person: Node, day: str) -> bool:
    return bool(content.ends(person, "REPORTED_TO", day=day))


def _first(areas: list[Node]) -> Node:
    return min(areas, key=lambda area: area[1])


def counts_in(content: Content, person: Node, day: str) -> list[Node]:
    """Where a member counts: home, else reporting community, else what the own organization leads, else its unit."""
    if content.ends(person, "LIVES_IN"):
        return content.ends(person, "LIVES_IN")
    if content.ends(person, "REPORTED_TO", day=day):
        return content.ends(person, "REPORTED_TO", day=day)
    places = []
    for organization in content.ends(person, "BELONGS_TO", day=day):
        if led := content.ends(organization, "LEADS", day=day):
            places.append(_first(led))
        elif unit := content.end(organization, "OF_UNIT"):
            places += content.ends(unit, "LOCATED_IN")
    return places


def members_of(content: Content, scope: Node, day: str) -> list[tuple[Node, Node]]:
    """The members who count in an area, each with the place where they do."""
    inside = set(content.within(scope))
    if scope[0] == "Grid":
        inside |= set(content.starts(scope, "IN_GRID"))
    return [
        (person, place)
        for person in content.every("Person")
        if is_member(content, person, day)
        for place in counts_in(content, person, day)
        if place in inside
    ]


def _by(
    content: Content, scope: Node, day: str, label: str
) -> dict[tuple[Node | None, Any, str], list[bool]]:
    found: dict[tuple[Node | None, Any, str], list[bool]] = defaultdict(list)
    for person, place in members_of(content, scope, day):
        street = content.get(content.around(place, "Street"), "name")
        key = (content.around(place, label), street, content.get(person, "member_kind"))
        found[key].append(reported(content, person, day))
    return found


def members_by_kind(content: Content, scope: Node, as_of: str) -> Rows:
    found: dict[str, list[bool]] = defaultdict(list)
    for person, _ in members_of(content, scope, as_of):
        found[content.get(person, "member_kind")].append(reported(content, person, as_of))
    return [{"kind": kind, "members": len(r), "reported": sum(r)} for kind, r in found.items()]


def members_by_community(content: Content, scope: Node, as_of: str) -> Rows:
    return [
        {
            "street": street,
            **named(content, community, "community"),
            "kind": kind,
            "members": len(r),
            "reported": sum(r),
        }
        for (community, street, kind), r in _by(content, scope, as_of, "Community").items()
    ]


def members_by_street(content: Content, scope: Node, as_of: str) -> Rows:
    return [
        {**named(content, street, "street"), "kind": kind, "members": len(r), "reported": sum(r)}
        for (street, _, kind), r in _by(content, scope, as_of, "Street").items()
    ]


def reporting_rates(content: Content, scope: Node, as_of: str) -> Rows:
    found: dict[tuple[Node | None, Any], list[bool]] = {
        (c, content.get(content.around(c, "Street"), "name")): [] for c in content.within(scope, "Community")
    }
    for (community, street, kind), r in _by(content, scope, as_of, "Community").items():
        if kind == "在职":
            found.setdefault((community, street), []).extend(r)
    return [
        {
            "street": street, **named(content, community, "community"), "in_service": len(r), "reported": sum(r),
            "rate": sum(r) / len(r) if r else None,
        }
        for (community, street), r in found.items()
    ]  # fmt: skip


def buildings(content: Content, scope: Node, day: str) -> list[Node]:
    """Buildings of an area; of a grid, those that belong to it."""
    found = content.starts(scope, "IN_GRID") if scope[0] == "Grid" else content.within(scope, "Building")
    return [b for b in found if content.valid(b, day)]


def living(content: Content, building: Node, day: str) -> list[Node]:
    return [p for p in content.starts(building, "LIVES_IN") if is_member(content, p, day)]


def holding(content: Content, place: Node, day: str) -> list[tuple[Node, dict[str, Any]]]:
    """Who holds a post at a place, and the post."""
    from_to = content.incoming(place, "HOLDS")
    return [(p, h) for p, h in from_to if holds(h, day, "from", "to")]


def building_members(content: Content, scope: Node, as_of: str) -> Rows:
    def first(places: list[Node]) -> Any:
        return min((content.get(place, "name") for place in places), default=None)

    return [
        {
            "name": content.get(person, "name"), "kind": content.get(person, "member_kind"),
            "organization": first(content.ends(person, "BELONGS_TO", day=as_of)),
            "reported_to": first(content.ends(person, "REPORTED_TO", day=as_of)),
            "posts": sorted({h["post"] for p, h in holding(content, scope, as_of) if p == person}),
        }
        for person in living(content, scope, as_of)
    ]  # fmt: skip


def heads(content: Content, building: Node, day: str) -> int:
    return sum(h["post"] == "楼栋长" for _, h in holding(content, building, day))


def _building_row(content: Content, building: Node) -> dict[str, Any]:
    return {
        "community": content.get(content.around(building, "Community"), "name"),
        "estate": content.get(content.around(building, "Estate"), "name"),
        **named(content, building, "building"),
    }


def members_by_building(content: Content, scope: Node, as_of: str) -> Rows:
    return [
        {
            **_building_row(content, b),
            "members": len(living(content, b, as_of)),
            "heads": heads(content, b, as_of),
        }
        for b in buildings(content, scope, as_of)
    ]


def buildings_without_member(content: Content, scope: Node, as_of: str) -> Rows:
    found = buildings(content, scope, as_of)
    return [_building_row(content, b) for b in found if not living(content, b, as_of)]


def buildings_without_head(content: Content, scope: Node, as_of: str) -> Rows:
    found = buildings(content, scope, as_of)
    return [_building_row(content, b) for b in found if not heads(content, b, as_of)]


def building_gaps(content: Content, scope: Node, as_of: str) -> Rows:
    found = buildings(content, scope, as_of)
    return [{
        "buildings": len(found),
        "without_member": sum(not living(content, b, as_of) for b in found),
        "without_head": sum(not heads(content, b, as_of) for b in found),
    }]  # fmt: skip


def places_of(content: Content, area: Node, day: str) -> list[Node]:
    """Where posts of an area are held: at the area, and at organizations that lead or serve it."""
    return [area, *(o for o in content.starts(area, "LEADS", "SERVES", day=day) if o[0] in PLACES)]


def posts_at(content: Content, area: Node, day: str) -> list[tuple[Node, str]]:
    return [
        (p, h["post"]) for place in places_of(content, area, day) for p, h in holding(content, place, day)
    ]


def posts_by_community(content: Content, scope: Node, as_of: str) -> Rows:
    rows = []
    for community in committees_communities(content, scope, as_of):
        grids = valid_areas(content, community, as_of, "Grid")
        staffed = [g for g in grids if any(h["post"] == "网格员" for _, h in holding(content, g, as_of))]
        rows.append({
            "street": content.get(content.around(community, "Street"), "name"),
            **named(content, community, "community"), "grids": len(grids), "grids_staffed": len(staffed),
            "posts": sorted({post for _, post in posts_at(content, community, as_of)}),
        })  # fmt: skip
    return rows


def communities_without_post(content: Content, scope: Node, post: str, as_of: str) -> Rows:
    return [
        {"street": content.get(content.around(c, "Street"), "name"), **named(content, c, "community")}
        for c in committees_communities(content, scope, as_of)
        if post not in {held for _, held in posts_at(content, c, as_of)}
    ]


def grids_without_post(content: Content, scope: Node, post: str, as_of: str) -> Rows:
    return [
        {**named(content, content.around(g, "Community"), "community"), **named(content, g, "grid")}
        for g in valid_areas(content, scope, as_of, "Grid")
        if post not in {h["post"] for _, h in holding(content, g, as_of)}
    ]


def sole_post_holders(content: Content, scope: Node, as_of: str) -> Rows:
    rows = []
    for community in valid_areas(content, scope, as_of, "Community"):
        held = set(posts_at(content, community, as_of))
        holders = Counter(post for _, post in held)
        rows += [
            {
                **named(content, community, "community"),
                "post": post,
                "person_id": p[1],
                "name": content.get(p, "name"),
            }
            for p, post in held
            if holders[post] == 1
        ]
    return rows


def post_holders(content: Content, scope: Node, as_of: str) -> Rows:
    found: dict[tuple[Any, ...], set[str]] = defaultdict(set)
    for area in content.within(scope):
        community = content.get(content.around(area, "Community"), "name")
        for place in places_of(content, area, as_of):
            for person, h in holding(content, place, as_of):
                key = (place, person, h["post"], h.get("part_time"), h.get("from"))
                found[key] |= {community} - {None}
    return [
        {
            "community": min(communities, default=None), "place": content.get(place, "name"), "post": post,
            "person_id": person[1], "name": content.get(person, "name"), "phone": content.get(person, "phone"),
            "part_time": part_time, "since": since,
        }
        for (place, person, post, part_time, since), communities in found.items()
    ]  # fmt: skip
