"""Independent answers: what matching reads of a district."""

from typing import Any

from tests.queries.content import AREAS, Content, Node
from tests.queries.independent_areas import Rows
from tests.queries.independent_lists import needs

PLACES = ("LOCATED_IN", "SERVES", "LEADS")


def keys(nodes: list[Node]) -> list[str]:
    return sorted(node[1] for node in nodes)


def first_key(nodes: list[Node]) -> str | None:
    return min(keys(nodes), default=None)


def matching_areas(content: Content, scope: Node) -> Rows:
    return [
        {"area_id": area[1], "label": area[0], "name": content.get(area, "name"),
         "parents": keys([p for p in content.ends(area, "PART_OF", "IN_GRID") if p[0] in AREAS])}
        for area in content.within(scope)
    ]  # fmt: skip


def matching_categories(content: Content, scope: Node) -> Rows:
    return [
        {"category": category[1], "name": content.get(category, "name"), "list_kind": content.get(category, "list"),
         "parent": first_key(content.ends(category, "BROADER")), "synonyms": content.get(category, "synonyms")}
        for category in content.every("Category")
    ]  # fmt: skip


def matching_can_serve(content: Content, scope: Node) -> Rows:
    return [
        {"giving": giving[1], "wanted": wanted[1], "weight": properties.get("weight")}
        for giving in content.every("Category")
        for wanted, properties in content.outgoing(giving, "CAN_SERVE")
    ]


def offered_here(content: Content, scope: Node) -> list[Node]:
    """Resources that serve an area of the scope, or whose owner is one, or is located, serves, leads or lives in one."""
    found: dict[Node, None] = {}
    for area in content.within(scope):
        found |= dict.fromkeys(r for r in content.starts(area, "SERVES") if r[0] == "Resource")
        owners = [o for o in content.starts(area, *PLACES, "LIVES_IN") if o[0] != "Resource"]
        for owner in [area, *owners] if area[0] == "Community" else owners:
            found |= dict.fromkeys(content.starts(owner, "OFFERED_BY"))
    return list(found)


def matching_owners(content: Content, scope: Node, as_of: str) -> Rows:
    owners = dict.fromkeys(
        unit for area in content.within(scope) for unit in content.starts(area, "LOCATED_IN")
    )
    owners |= dict.fromkeys(o for r in offered_here(content, scope) for o in content.ends(r, "OFFERED_BY"))
    return [
        {"owner": owner[1], "label": owner[0], "name": "" if owner[0] == "Person" else content.get(owner, "name"),
         "areas": _places(content, owner, as_of), "active": content.valid(owner, as_of),
         **{name: content.get(owner, name) for name in ("declined_categories", "declined_groups")}}
        for owner in owners
    ]  # fmt: skip


def _places(content: Content, owner: Node, day: str) -> list[str]:
    homes = [content.around(building, "Community") for building in content.ends(owner, "LIVES_IN")]
    return keys([*(h for h in homes if h), *content.ends(owner, *PLACES, day=day)])


def matching_needs(content: Content, scope: Node) -> Rows:
    names = (
        "title", "text", "quantity", "unit", "whole", "urgency", "wanted_from", "wanted_to", "deadline", "beneficiary", "state",
    )  # fmt: skip
    return [
        {"need_id": need[1], **{n: content.get(need, n) for n in names}, "area": place[1],
         "category": first_key(content.ends(need, "IN_CATEGORY")), "met": _met(content, need)}
        for need, place in needs(content, scope)
    ]  # fmt: skip


def _met(content: Content, need: Node) -> int:
    units = 0
    for _, properties in content.incoming(need, "MEETS"):
        given = (properties.get("quantity"), content.get(need, "quantity"), 1)
        units += next(g for g in given if g is not None)
    projects = content.starts(need, "MEETS")
    for claim in content.starts(need, "FOR_NEED"):
        leading = any(
            p in content.starts(u, "LED_BY") for u in content.ends(claim, "BY_UNIT") for p in projects
        )
        if (
            content.get(claim, "state") in ("确认", "履行", "完成")
            and not leading
            and not content.ends(claim, "BECAME")
        ):
            using = [p for r in content.ends(claim, "WITH_RESOURCE") for p in content.starts(r, "USES")]
            units += 0 if set(using) & set(projects) else content.get(claim, "quantity") or 0
    return units


def matching_resources(content: Content, scope: Node) -> Rows:
    names = ("title", "text", "capacity", "unit", "valid_from", "valid_to", "groups", "last_confirmed")
    return [
        {"resource_id": resource[1], **{n: content.get(resource, n) for n in names},
         "owner": first_key(content.ends(resource, "OFFERED_BY")), "category": first_key(content.ends(resource, "IN_CATEGORY")),
         "serves": keys(content.ends(resource, "SERVES")), "promised": _promised(content, resource)}
        for resource in offered_here(content, scope)
    ]  # fmt: skip


def _promised(content: Content, resource: Node) -> int:
    units = sum(
        properties.get("promised") or 0
        for project, properties in content.incoming(resource, "USES")
        if content.get(project, "state") != "销号"
    )
    for claim in content.starts(resource, "WITH_RESOURCE"):
        behind = {p for n in content.ends(claim, "FOR_NEED") for p in content.starts(n, "MEETS")}
        open_ = content.get(claim, "state") in ("申请", "审批", "确认", "履行")
        if open_ and not content.ends(claim, "BECAME") and not behind & set(content.starts(resource, "USES")):
            units += content.get(claim, "quantity") or 0
    return units


def matching_ties(content: Content, scope: Node, as_of: str) -> Rows:
    found: dict[tuple[str, ...], None] = {}
    for area in content.within(scope, "District", "Street", "Community"):
        for party in content.starts(area, "LEADS", day=as_of):
            for agreement in content.starts(party, "WITH_ORGANIZATION"):
                if content.valid(agreement, as_of) and content.get(agreement, "state") != "终止":
                    for unit in content.ends(agreement, "WITH_UNIT"):
                        found["agreement", unit[1], area[1], party[1], agreement[1]] = None
            for unit in content.starts(party, "SEATED_ON", day=as_of):
                found["seat", unit[1], area[1], party[1], ""] = None
    return [
        dict(zip(("kind", "owner", "area", "organization", "agreement"), row, strict=True)) for row in found
    ]


def matching_records(content: Content, scope: Node) -> Rows:
    rows: list[dict[str, Any]] = []
    for area in content.within(scope):
        for project in content.starts(area, "IN_AREA"):
            delivered: dict[Node, list[int]] = {}
            owners: dict[Node, None] = {}
            for resource, properties in content.outgoing(project, "USES"):
                for owner in content.ends(resource, "OFFERED_BY"):
                    owners[owner] = None
                    if properties.get("delivered") is not None:
                        sums = delivered.setdefault(owner, [0, 0])
                        sums[0] += properties.get("promised") or 0
                        sums[1] += properties["delivered"]
            if content.get(project, "state") in ("验收", "评价", "销号"):
                rows += [
                    {"owner": o[1], "record": project[1], "promised": p, "delivered": d, "score": None}
                    for o, (p, d) in delivered.items()
                ]
            for each in content.starts(project, "OF"):
                if content.get(each, "direction") in ("社区→单位", "居民→项目"):
                    rows += [
                        {"owner": o[1], "record": each[1], "promised": None, "delivered": None, "score": content.get(each, "score")}
                        for o in owners
                    ]  # fmt: skip
    return rows


def matching_vetoes(content: Content, scope: Node) -> Rows:
    pairs = {
        (need[1], resource[1])
        for need, _ in needs(content, scope)
        for claim in content.starts(need, "FOR_NEED")
        if content.get(claim, "state") == "退出审批"
        for resource in content.ends(claim, "WITH_RESOURCE")
    }
    return [{"need": need, "resource": resource} for need, resource in pairs]


def matching_announced(content: Content, scope: Node) -> Rows:
    return [
        {"plan": plan[1], "need": need[1], "resource": properties.get("partner"), "quantity": properties.get("quantity")}
        for need, _ in needs(content, scope)
        for plan, properties in content.incoming(need, "ASSIGNS")
        if content.get(plan, "state") in ("announced", "running")
    ]  # fmt: skip


def plans(content: Content, scope: Node) -> Rows:
    areas = {area[1]: area for area in (*content.within(scope), *content.upward(scope))}
    names = ("state", "made_at", "announced_at", "method", "value", "bound", "gap", "m3_gap")
    return [
        {"plan": plan[1], "area_id": key, "area": content.get(areas[key], "name"), **{n: content.get(plan, n) for n in names}}
        for plan in content.every("Plan")
        if (key := content.get(plan, "scope")) in areas
    ]  # fmt: skip
