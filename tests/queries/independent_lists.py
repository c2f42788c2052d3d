"""Independent answers: needs, candidates, projects."""

from collections import Counter, defaultdict
from functools import lru_cache
from typing import Any

from tests.queries.content import Content, Node
from tests.queries.independent_areas import Rows, named
from tests.queries.independent_partners import OTHERS, agreement_with, owner_name, wide_category

CLOSED = ("销号", "合并", "撤回", "退回")


def needs(content: Content, scope: Node) -> list[tuple[Node, Node]]:
    """Needs raised in an area or a part of it, each with the place."""
    return [(need, a) for a in content.within(scope) for need in content.starts(a, "RAISED_IN")]


def is_open(content: Content, need: Node) -> bool:
    return content.get(need, "state") not in CLOSED


def is_overdue(content: Content, need: Node, day: str) -> bool:
    deadline = content.get(need, "deadline")
    return is_open(content, need) and deadline is not None and deadline < day


def needs_by_community(content: Content, scope: Node, as_of: str) -> Rows:
    found: dict[tuple[Node | None, Any], list[Node]] = defaultdict(list)
    for need, place in needs(content, scope):
        street = content.get(content.around(place, "Street"), "name")
        found[content.around(place, "Community"), street].append(need)
    return [
        {
            "street": street, **named(content, community, "community"), "needs": len(raised),
            "open": sum(is_open(content, n) for n in raised),
            "overdue": sum(is_overdue(content, n, as_of) for n in raised),
        }
        for (community, street), raised in found.items()
    ]  # fmt: skip


def _categories(content: Content, scope: Node, label: str, prefix: str) -> Rows:
    counts: Counter[tuple[Node | None, str]] = Counter()
    opened: Counter[tuple[Node | None, str]] = Counter()
    for need, place in needs(content, scope):
        key = (content.around(place, label), wide_category(content, need) or OTHERS)
        counts[key] += 1
        opened[key] += is_open(content, need)
    return [
        {**named(content, place, prefix), "category": category, "needs": n, "open": opened[place, category]}
        for (place, category), n in counts.items()
    ]


def needs_by_category(content: Content, scope: Node) -> Rows:
    return _categories(content, scope, "Community", "community")


def needs_by_street(content: Content, scope: Node) -> Rows:
    found = _categories(content, scope, "Street", "street")
    return [row for row in found if row["street_id"] is not None]


def needs_overdue(content: Content, scope: Node, as_of: str) -> Rows:
    return [
        {
            "need_id": need[1],
            **{n: content.get(need, n) for n in ("title", "state", "deadline")},
            "place": content.get(place, "name"),
        }
        for need, place in needs(content, scope)
        if is_overdue(content, need, as_of)
    ]


def _asked_for(row: dict[str, Any], **wanted: Any) -> bool:
    return all(value is None or row[name] == value for name, value in wanted.items())


def needs_list(
    content: Content, scope: Node, as_of: str, state: str | None, category: str | None, urgency: int | None,
    overdue: bool | None,
) -> Rows:  # fmt: skip
    rows = [
        {
            "need_id": need[1], "category": wide_category(content, need) or OTHERS,
            **{n: content.get(need, n) for n in ("title", "urgency", "quantity", "unit", "raised_at", "deadline")},
            "state": content.get(need, "state") or "提出", **named(content, place, "place"),
            "overdue": is_overdue(content, need, as_of),
        }
        for need, place in needs(content, scope)
    ]  # fmt: skip
    return [
        r for r in rows if _asked_for(r, state=state, category=category, urgency=urgency, overdue=overdue)
    ]


def projects_list(
    content: Content, scope: Node, as_of: str, state: str | None, origin: str | None, overdue: bool | None
) -> Rows:
    rows = []
    for area in content.within(scope):
        for project in (p for p in content.starts(area, "IN_AREA") if p[0] == "Project"):
            at = content.get(project, "state") or "立项"
            due, done = content.get(project, "planned_to"), content.get(project, "actual_to")
            rows.append({
                "project_id": project[1], "project": content.get(project, "name"), "state": at,
                **{n: content.get(project, n) for n in ("origin", "progress", "planned_to", "actual_from", "actual_to")},
                **named(content, area, "place"), "funds_yuan": funds_yuan(content, project),
                "overdue": at in ("立项", "实施") and done is None and due is not None and due < as_of,
            })  # fmt: skip
    return [row for row in rows if _asked_for(row, state=state, origin=origin, overdue=overdue)]


def widening(content: Content, category: Node) -> list[Node]:
    """A category and the wider one above it."""
    return [category, *content.ends(category, "BROADER")]


@lru_cache(maxsize=20_000)
def offers(content: Content, area: Node, day: str) -> list[tuple[Node, dict[Node, float]]]:
    """Resources on offer that serve an area itself, with the categories that they can meet and how well."""
    found = []
    for resource in content.starts(area, "SERVES"):
        kind = content.end(resource, "IN_CATEGORY")
        if kind and content.valid(resource, day) and content.get(resource, "capacity"):
            met: dict[Node, float] = {}
            for giving in widening(content, kind):
                for wide, p in content.outgoing(giving, "CAN_SERVE"):
                    weight = 1.0 if p.get("weight") is None else p["weight"]
                    met[wide] = max(weight, met.get(wide, weight))
            found.append((resource, met))
    return found


def candidates(content: Content, need: Node, day: str) -> dict[Node, float]:
    """Resources that can serve a need, and how well by category, 0 to 1: on offer, of a category that can meet
    the need's, serving its place or an area around it."""
    wanted, place = content.end(need, "IN_CATEGORY"), content.end(need, "RAISED_IN")
    if wanted is None or place is None:
        return {}
    asked, found = widening(content, wanted), {}
    for area in content.upward(place):
        for resource, met in offers(content, area, day):
            if weights := [met[category] for category in asked if category in met]:
                found[resource] = max(weights)
    return found


def needs_without_candidate(content: Content, scope: Node, as_of: str) -> Rows:
    return [
        {
            "need_id": need[1], "title": content.get(need, "title"), "place": content.get(place, "name"),
            "category": content.get(content.end(need, "IN_CATEGORY"), "name"), "deadline": content.get(need, "deadline"),
        }
        for need, place in needs(content, scope)
        if is_open(content, need) and not candidates(content, need, as_of)
    ]  # fmt: skip


def _closeness(content: Content, owner: Node, place: Node) -> str:
    home = owner if owner[0] == "Community" else content.end(owner, "LOCATED_IN")
    community, street = content.around(place, "Community"), content.around(place, "Street")
    if home is not None and home == community:
        return "同社区"
    if home is not None and street is not None and content.around(home, "Street") == street:
        return "同街道"
    return "同区"


def told_key(node: Node) -> str | None:
    """The key of whoever is no person."""
    return None if node[0] == "Person" else node[1]


def resources_for_need(content: Content, scope: Node, need: str, as_of: str, limit: int) -> Rows:
    node = ("Need", need)
    place = content.end(node, "RAISED_IN")
    if place is None or scope not in content.upward(place):
        return []
    rows = []
    for resource, fit in candidates(content, node, as_of).items():
        owner, kind, wanted = (
            content.end(resource, "OFFERED_BY"), content.end(resource, "IN_CATEGORY"), content.end(node, "IN_CATEGORY"),
        )  # fmt: skip
        assert owner
        assert kind
        assert wanted
        close = _closeness(content, owner, place)
        agreement = agreement_with(content, owner, content.around(place, "Community"), as_of)
        nearness = {"同社区": 0.25, "同街道": 0.175, "同区": 0.1}[close]
        steps = [(node, "title", ""), (wanted, "name", "IN_CATEGORY"), (kind, "name", "CAN_SERVE"),
                 (resource, "title", "IN_CATEGORY"), (owner, "name", "OFFERED_BY")]  # fmt: skip
        rows.append({
            "resource_id": resource[1], **{n: content.get(resource, n) for n in ("title", "capacity", "unit")},
            "owner": owner_name(content, owner), "owner_id": told_key(owner), "category_score": fit, "place": close,
            "agreement": agreement, "score": 0.6 * fit + nearness + (0.15 if agreement else 0.0),
            "path": [{"label": n[0], "id": told_key(n), "name": owner_name(content, n) if title == "name" else content.get(n, title), "by": by} for n, title, by in steps],
        })  # fmt: skip
    return sorted(rows, key=lambda row: (-round(row["score"], 9), row["resource_id"]))[:limit]


def _projects(content: Content, scope: Node) -> list[Node]:
    return [p for a in content.within(scope) for p in content.starts(a, "IN_AREA") if p[0] == "Project"]


def funds_yuan(content: Content, project: Node) -> float:
    names = ("funds_fiscal_yuan", "funds_unit_yuan", "funds_other_yuan")
    return sum(content.get(project, name) or 0.0 for name in names)


def projects_of_area(content: Content, scope: Node) -> Rows:
    found: dict[str, list[Node]] = defaultdict(list)
    for project in _projects(content, scope):
        found[content.get(project, "origin") or ""].append(project)
    return [
        {
            "origin": origin,
            "projects": len(projects),
            "running": sum(content.get(p, "state") != "销号" for p in projects),
            "funds_yuan": sum(funds_yuan(content, p) for p in projects),
        }
        for origin, projects in found.items()
    ]


def project_stories(content: Content, scope: Node) -> Rows:
    return [
        {
            **named(content, project, "project"), "origin": content.get(project, "origin"),
            "need": content.get(need, "title"), "raised_at": content.get(need, "raised_at"),
            "meeting": content.get(meeting, "name"), "held_at": content.get(meeting, "held_at"),
            "started": content.get(project, "actual_from"), "funds_yuan": funds_yuan(content, project),
            "venue": content.get(venue, "name"), "venue_from": content.get(venue, "valid_from"),
            "floor_area_m2": content.get(venue, "floor_area_m2"),
        }
        for project in _projects(content, scope)
        for venue in content.ends(project, "RESULTS_IN")
        for need in content.ends(project, "MEETS") or [None]
        for meeting in content.starts(project, "DECIDED") or [None]
    ]  # fmt: skip
