"""Independent answers: what would be lost without a unit, a person, an organization, an owner of resources."""

from typing import Any

from graph.schema.party import LEVEL_AREA
from tests.queries.content import Content, Node
from tests.queries.independent_areas import Rows, leaders
from tests.queries.independent_lists import candidates, is_open, needs, widening
from tests.queries.independent_partners import in_force
from tests.queries.independent_people import holding, is_member, living


def _loss(content: Content, loss: str, node: Node, detail: Any = None) -> dict[str, Any]:
    return {"loss": loss, "id": node[1], "name": content.get(node, "name"), "detail": detail}


def _offered(content: Content, unit: Node, day: str) -> set[Node]:
    """The wide categories of which a unit offers something."""
    resources = [r for r in content.starts(unit, "OFFERED_BY") if content.valid(r, day)]
    kinds = [k for r in resources if (k := content.end(r, "IN_CATEGORY"))]
    return {widening(content, k)[-1] for k in kinds} if content.valid(unit, day) else set()


def lost_without_unit(content: Content, scope: Node, unit: str, as_of: str) -> Rows:
    node = ("Unit", unit)
    community = content.end(node, "LOCATED_IN")
    if community is None or scope not in content.upward(community):
        return []
    others = [u for u in content.starts(community, "LOCATED_IN") if u != node]
    elsewhere = set().union(*(_offered(content, u, as_of) for u in others))
    alone = _offered(content, node, as_of) - elsewhere
    seats = content.ends(node, "SEATED_ON", day=as_of)
    sole = [o for o in seats if content.starts(o, "SEATED_ON", day=as_of) == [node]]
    projects = set(content.starts(node, "LED_BY")).union(
        *(content.starts(resource, "USES") for resource in content.starts(node, "OFFERED_BY"))
    )
    running = [p for p in projects if content.get(p, "state") != "销号"]
    return [
        *(_loss(content, "独家类别", category, content.get(community, "name")) for category in alone),
        *(_loss(content, "席位", committee) for committee in sole),
        *_agreements(content, content.starts(node, "WITH_UNIT"), as_of),
        *(_loss(content, "项目", project, content.get(project, "state")) for project in running),
    ]


def _agreements(content: Content, signed: list[Node], day: str) -> Rows:
    current = [g for g in signed if in_force(content, g, day)]
    return [_loss(content, "协议", g, content.get(g, "valid_to")) for g in current]


def lost_without_person(content: Content, scope: Node, person: str, as_of: str) -> Rows:
    node = ("Person", person)
    rows = []
    for place in set(content.ends(node, "HOLDS", day=as_of)):
        areas = [place, *content.ends(place, "LEADS", "SERVES")]
        if not any(scope in content.upward(area) for area in areas):
            continue
        held = holding(content, place, as_of)
        own = {h["post"] for p, h in held if p == node}
        sole = [post for post in own if {p for p, h in held if h["post"] == post} == {node}]
        rows += [_loss(content, "岗位", place, post) for post in sole]
    for building in content.ends(node, "LIVES_IN"):
        inside = scope in content.upward(building)
        if inside and is_member(content, node, as_of) and living(content, building, as_of) == [node]:
            estate = content.get(content.around(building, "Estate"), "name")
            rows.append(_loss(content, "楼栋", building, estate))
    return rows


def lost_without_organization(content: Content, scope: Node, organization: str, as_of: str) -> Rows:
    rows = []
    node = ("Organization", organization)
    if node in content.graph and content.valid(node, as_of):
        kind = content.get(node, "kind")
        for served in content.ends(node, "SERVES"):
            area = content.end(served, "IN_COMMUNITY") if served[0] == "PropertyArea" else served
            same = [
                o
                for o in content.starts(served, "SERVES")
                if o[0] == "Organization" and content.get(o, "kind") == kind and content.valid(o, as_of)
            ]
            if area and scope in content.upward(area) and same == [node]:
                rows.append(_loss(content, "区域", served, kind))
    node = ("PartyOrganization", organization)
    if node in content.graph:
        rows += [_loss(content, "区域", area) for area in _led_alone(content, scope, node, as_of)]
        rows += _hanging_on(content, scope, node, as_of)
    return rows


def _led_alone(content: Content, scope: Node, node: Node, day: str) -> list[Node]:
    return [
        area
        for area in content.ends(node, "LEADS", day=day)
        if scope in content.upward(area)
        and content.valid(area, day)
        and (area[0] != "Community" or content.get(area, "kind") == "居委会")
        and LEVEL_AREA.get(content.get(node, "level")) == area[0]
        and leaders(content, area, day, content.get(node, "level")) == [node]
    ]


def _hanging_on(content: Content, scope: Node, node: Node, day: str) -> Rows:
    areas = content.ends(node, "LEADS")
    areas += [c for unit in content.ends(node, "OF_UNIT") for c in content.ends(unit, "LOCATED_IN")]
    if not any(scope in content.upward(area) for area in areas):
        return []
    rows = [_loss(content, "下级组织", below) for below in content.starts(node, "REPORTS_TO", day=day)]
    members = [p for p in content.starts(node, "BELONGS_TO", day=day) if is_member(content, p, day)]
    if members:
        rows.append(_loss(content, "党员", node, f"{len(members)} 名"))
    rows += _agreements(content, content.starts(node, "WITH_ORGANIZATION"), day)
    rows += [_loss(content, "席位", unit) for unit in content.starts(node, "SEATED_ON", day=day)]
    return rows


def needs_lost_without(content: Content, scope: Node, owner: str, as_of: str) -> Rows:
    rows = []
    for need, place in needs(content, scope):
        found = candidates(content, need, as_of) if is_open(content, need) else {}
        owners = {content.get(content.end(resource, "OFFERED_BY"), "id") for resource in found}
        if owners == {owner}:
            rows.append({
                "need_id": need[1], "title": content.get(need, "title"), "place": content.get(place, "name"),
                "category": content.get(content.end(need, "IN_CATEGORY"), "name"),
                "deadline": content.get(need, "deadline"),
            })  # fmt: skip
    return rows
