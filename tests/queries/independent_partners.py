"""Independent answers: co-building units, seats, agreements, what only one of them covers, the network."""

from collections import defaultdict
from typing import Any

from tests.queries.content import BEGINNING, END, Content, Node
from tests.queries.independent_areas import Rows, leaders, named

OTHERS = "未分类"


def units(content: Content, scope: Node, day: str | None = None) -> list[tuple[Node, Node]]:
    """Units located in the communities of an area, each with its community; with a day, the valid ones."""
    return [
        (community, unit)
        for community in content.within(scope, "Community")
        for unit in content.starts(community, "LOCATED_IN")
        if day is None or content.valid(unit, day)
    ]


def in_force(content: Content, agreement: Node, day: str) -> bool:
    return content.valid(agreement, day) and content.get(agreement, "state") != "终止"


def units_list(content: Content, scope: Node, as_of: str) -> Rows:
    return [
        {
            "community": content.get(community, "name"), **named(content, unit, "unit"),
            **{n: content.get(unit, n) for n in ("type", "liaison", "liaison_phone")},
            "seats": sorted(content.get(o, "name") for o in content.ends(unit, "SEATED_ON", day=as_of)),
        }
        for community, unit in units(content, scope, as_of)
    ]  # fmt: skip


def seats_by_committee(content: Content, scope: Node, as_of: str) -> Rows:
    rows = []
    for area in content.within(scope, "Street", "Community"):
        for committee in leaders(content, area, as_of, 1 if area[0] == "Street" else 2):
            seated = content.starts(committee, "SEATED_ON", day=as_of)
            rows.append({
                **named(content, area, "area"), **named(content, committee, "organization"),
                "seats": len(seated), "units": sorted(content.get(u, "name") for u in seated),
            })  # fmt: skip
    return rows


def units_and_agreements(content: Content, scope: Node, as_of: str, soon: str) -> Rows:
    rows = []
    for community in content.within(scope, "Community"):
        own = [u for u in content.starts(community, "LOCATED_IN") if content.valid(u, as_of)]
        committees = [
            o for o in content.starts(community, "LEADS", day=as_of) if content.get(o, "level") == 2
        ]
        signed = [g for o in committees for g in content.starts(o, "WITH_ORGANIZATION")]
        current = [g for g in signed if in_force(content, g, as_of)]
        ends = [content.get(g, "valid_to") or END for g in signed]
        rows.append({
            "street": content.get(content.around(community, "Street"), "name"), **named(content, community, "community"),
            "units": len(own), "seated": sum(bool(content.ends(u, "SEATED_ON", day=as_of)) for u in own),
            "agreements": len(signed), "in_force": len(current),
            "expiring": sum((content.get(g, "valid_to") or END) < soon for g in current),
            "expired": sum(end <= as_of for end in ends),
        })  # fmt: skip
    return rows


def agreements_registered(content: Content, scope: Node, as_of: str, soon: str) -> Rows:
    signed = [g for _, u in units(content, scope) for g in content.starts(u, "WITH_UNIT")]
    current = [g for g in signed if in_force(content, g, as_of)]
    expiring = [g for g in current if (content.get(g, "valid_to") or END) < soon]
    return [{"agreements": len(signed), "in_force": len(current), "expiring": len(expiring)}]


def agreements_ending(content: Content, scope: Node, as_of: str, soon: str, expired: bool | None) -> Rows:
    rows = []
    for community, unit in units(content, scope):
        for agreement in content.starts(unit, "WITH_UNIT"):
            begins = content.get(agreement, "valid_from") or BEGINNING
            ends: str = content.get(agreement, "valid_to") or END
            listed = ends < soon and begins <= as_of and content.get(agreement, "state") != "终止"
            if listed and expired in (None, ends <= as_of):
                rows.append({
                    **named(content, agreement, "agreement"), **named(content, unit, "unit"),
                    "community": content.get(community, "name"), "valid_to": ends, "expired": ends <= as_of,
                })  # fmt: skip
    return rows


def promised_and_delivered(content: Content, scope: Node) -> Rows:
    rows = []
    for community, unit in units(content, scope):
        used = [
            (project, p)
            for resource in content.starts(unit, "OFFERED_BY")
            for project, p in content.incoming(resource, "USES")
        ]
        if used:
            promised = sum(p.get("promised") or 0 for _, p in used)
            delivered = sum(p.get("delivered") or 0 for _, p in used)
            rows.append({
                **named(content, unit, "unit"), "community": content.get(community, "name"),
                "projects": len({project for project, _ in used}),
                "promised": promised, "delivered": delivered, "shortfall": promised - delivered,
            })  # fmt: skip
    return rows


def agreement_promises(content: Content, scope: Node) -> Rows:
    rows = []
    for community, unit in units(content, scope):
        offered = set(content.starts(unit, "OFFERED_BY"))
        for agreement in content.starts(unit, "WITH_UNIT"):
            promised = sum(p.get("quantity") or 0 for _, p in content.outgoing(agreement, "PROMISES"))
            used = [
                (project, p)
                for project in content.starts(agreement, "UNDER")
                for resource, p in content.outgoing(project, "USES")
                if resource in offered
            ]
            if promised or used:
                delivered = sum(p.get("delivered") or 0 for _, p in used)
                rows.append({
                    **named(content, agreement, "agreement"), "state": content.get(agreement, "state"), **named(content, unit, "unit"),
                    "community": content.get(community, "name"), "promised": promised, "projects": len({project for project, _ in used}),
                    "called": sum(p.get("promised") or 0 for _, p in used), "delivered": delivered, "shortfall": promised - delivered,
                })  # fmt: skip
    return rows


def wide_category(content: Content, thing: Node) -> str | None:
    """The name of the wide category of a need or resource; None when it has no category."""
    category = content.end(thing, "IN_CATEGORY")
    wide = content.end(category, "BROADER") if category else None
    found: str | None = content.get(wide or category, "name")
    return found


def sole_covers(content: Content, scope: Node, as_of: str) -> Rows:
    rows = []
    for community in content.within(scope, "Community"):
        offering: dict[str, set[Node]] = defaultdict(set)
        for unit in content.starts(community, "LOCATED_IN"):
            for resource in content.starts(unit, "OFFERED_BY"):
                wide = wide_category(content, resource)
                if wide and content.valid(unit, as_of) and content.valid(resource, as_of):
                    offering[wide].add(unit)
        alone: dict[Node, list[str]] = defaultdict(list)
        for category, owners in offering.items():
            if len(owners) == 1:
                alone[next(iter(owners))].append(category)
        rows += [
            {
                **named(content, unit, "unit"),
                "community": content.get(community, "name"),
                "categories": sorted(categories),
            }
            for unit, categories in alone.items()
        ]
    return rows


def organization_network(content: Content, scope: Node, as_of: str) -> Rows:
    ties: set[tuple[Node, str, Node]] = set()
    members = {
        x
        for area in content.within(scope)
        for x in content.starts(area, "LEADS", "LOCATED_IN", day=as_of)
        if content.valid(x, as_of)
    }
    inside = set(content.within(scope))
    for x in members:
        for type_ in ("LEADS", "LOCATED_IN"):
            ties |= {(x, type_, area) for area in content.ends(x, type_, day=as_of) if area in inside}
        for type_ in ("REPORTS_TO", "SEATED_ON", "OF_UNIT"):
            ties |= {(x, type_, other) for other in content.ends(x, type_, day=as_of)}
        for agreement in content.starts(x, "WITH_UNIT"):
            if in_force(content, agreement, as_of):
                ties |= {(x, "AGREEMENT", o) for o in content.ends(agreement, "WITH_ORGANIZATION")}
    return [
        {
            "start_id": start[1], "start_label": start[0], "start_name": content.get(start, "name"), "relationship": type_,
            "end_id": end[1], "end_label": end[0], "end_name": content.get(end, "name"),
        }
        for start, type_, end in ties
    ]  # fmt: skip


def owned_resources(content: Content, scope: Node, day: str) -> dict[Node, set[Node]]:
    """Resources of an area with the areas that make them so: the owner, or where it is, lives, leads, serves."""
    found: dict[Node, set[Node]] = defaultdict(set)
    for area in content.within(scope):
        owners = content.starts(area, "LOCATED_IN", "LIVES_IN", "LEADS", "SERVES", day=day)
        if area[0] == "Community":
            owners.append(area)
        for owner in owners:
            for resource in content.starts(owner, "OFFERED_BY"):
                found[resource].add(area)
    return found


def _on_offer(content: Content, scope: Node, day: str) -> dict[Node, set[Node]]:
    found = owned_resources(content, scope, day)
    return {r: areas for r, areas in found.items() if content.valid(r, day)}


def _unconfirmed(content: Content, resource: Node, since: str) -> bool:
    return (content.get(resource, "last_confirmed") or BEGINNING) < since


def resources_of_area(content: Content, scope: Node, as_of: str, confirmed_since: str) -> Rows:
    offered = _on_offer(content, scope, as_of)
    return [{
        "resources": len(owned_resources(content, scope, as_of)), "on_offer": len(offered),
        "unconfirmed": sum(_unconfirmed(content, r, confirmed_since) for r in offered),
    }]  # fmt: skip


def owner_name(content: Content, owner: Node | None) -> Any:
    """The name of who offers something; a person is not named."""
    return "个人" if owner and owner[0] == "Person" else content.get(owner, "name")


def _resource_row(content: Content, resource: Node, areas: set[Node], *names: str) -> dict[str, Any]:
    communities = [c for area in areas if (c := content.around(area, "Community"))]
    return {
        **{name: content.get(resource, name) for name in names},
        "resource_id": resource[1], "title": content.get(resource, "title"),
        "owner": owner_name(content, content.end(resource, "OFFERED_BY")),
        "community": min((content.get(c, "name") for c in communities), default=None),
    }  # fmt: skip


def unconfirmed_resources(content: Content, scope: Node, as_of: str, confirmed_since: str) -> Rows:
    return [
        _resource_row(content, r, areas, "last_confirmed")
        for r, areas in _on_offer(content, scope, as_of).items()
        if _unconfirmed(content, r, confirmed_since)
    ]


def resources_list(
    content: Content, scope: Node, as_of: str, form: str | None, category: str | None, used: bool | None,
    confirmed: bool | None, confirmed_since: str,
) -> Rows:  # fmt: skip
    rows = []
    for r, areas in _on_offer(content, scope, as_of).items():
        row = {
            **_resource_row(content, r, areas, "form", "capacity", "unit", "last_confirmed"),
            "category": wide_category(content, r) or OTHERS,
            "used": bool(content.starts(r, "USES", "PROMISES")),
        }
        asked = (("form", form), ("category", category), ("used", used))
        fits = all(value is None or row[name] == value for name, value in asked)
        if fits and confirmed in (None, not _unconfirmed(content, r, confirmed_since)):
            rows.append(row)
    return rows


def unused_resources(content: Content, scope: Node, as_of: str) -> Rows:
    return [
        _resource_row(content, r, areas, "capacity", "unit")
        for r, areas in _on_offer(content, scope, as_of).items()
        if not content.starts(r, "USES", "PROMISES")
    ]


def _by_place(
    content: Content, scope: Node, day: str, label: str
) -> dict[tuple[Node | None, str], set[Node]]:
    found: dict[tuple[Node | None, str], set[Node]] = defaultdict(set)
    for resource, areas in _on_offer(content, scope, day).items():
        for area in areas:
            found[content.around(area, label), wide_category(content, resource) or OTHERS].add(resource)
    return found


def _resource_counts(content: Content, scope: Node, day: str, label: str, prefix: str) -> Rows:
    return [
        {
            **named(content, place, prefix),
            "category": category,
            "resources": len(found),
            "capacity": sum(content.get(r, "capacity") or 0 for r in found),
        }
        for (place, category), found in _by_place(content, scope, day, label).items()
    ]


def resources_by_category(content: Content, scope: Node, as_of: str) -> Rows:
    return _resource_counts(content, scope, as_of, "Community", "community")


def resources_by_street(content: Content, scope: Node, as_of: str) -> Rows:
    found = _resource_counts(content, scope, as_of, "Street", "street")
    return [row for row in found if row["street_id"] is not None]


def agreement_with(content: Content, owner: Node, community: Node | None, day: str) -> str | None:
    """The first agreement in force between a unit and an organization that leads a community."""
    if community is None:
        return None
    leading = content.starts(community, "LEADS", day=day)
    return min(
        (
            g[1]
            for g in content.starts(owner, "WITH_UNIT")
            if in_force(content, g, day) and any(o in leading for o in content.ends(g, "WITH_ORGANIZATION"))
        ),
        default=None,
    )
