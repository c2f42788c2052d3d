"""A page about one thing: a need, a resource, a project, a unit, an organization, whatever has a key.

Its properties in words, where it is in its life, what happened when, and what it has to do with. Areas have
pages of their own; people have none, so that no address says who somebody is.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from apiflask import APIFlask
from flask import Response, current_app, redirect, render_template

from api.answers import RELATIONSHIPS, facts, text
from api.pages.frame import Asked, add_page, query_address, to
from api.pages.tables import has_page, thing
from api.refusals import UnknownKeyError
from api.remembered import Remembered
from graph.ask import ask
from graph.catalog import queries
from graph.model import ValueType
from graph.schema import AREAS, SCHEMA
from graph.what_if import MEANINGS, coverage_without

_RULES = {
    "need": "/lists/needs/<id>", "resource": "/lists/resources/<id>", "project": "/lists/projects/<id>",
    "unit": "/partners/units/<id>", "entity": "/entities/<id>",
}  # fmt: skip
_PART = {
    "Need": "lists",
    "Resource": "lists",
    "Project": "lists",
    "Claim": "lists",
    "Unit": "partners",
    "Agreement": "partners",
}
"""The part of the navigation to which a page about a thing belongs; the others belong to the organizations."""
_MATCHES = {"Need": ("可对接的资源", "need_matches"), "Unit": ("可认领的需求", "unit_needs")}
"""What a thing can be matched with, and the page whose list is brought in."""
_LOSABLE = ("Unit", "PartyOrganization", "Organization")
_ASIDE = ("退回", "挂起", "合并", "撤回", "退出审批", "终止", "续签")
"""States beside the way that a thing usually takes."""
_EVENTS = ("Claim", "Meeting", "Project", "Evaluation", "StateChange", "Agreement")
"""Kinds of neighbour whose days belong to the history of a thing."""
_PLANS = ("planned_from", "planned_to", "valid_from", "confirmed_at")
"""Days of neighbours that say nothing of what happened to the thing itself."""
_SHOWN_KINDS = tuple(node.label for node in SCHEMA.nodes if not node.internal and node.label != "StateChange")
"""Kinds of neighbour that are listed; what happened stands in the history instead."""
_FEW = 2
_SHOWN = 300


@dataclass(frozen=True)
class Neighbour:
    """What a thing has to do with: its words, its address (None for people), its state, what ties the two."""

    name: str
    url: str | None
    state: str
    details: str


@dataclass(frozen=True)
class Group:
    """Neighbours of one kind by one relationship."""

    heading: str
    relationship: str
    outgoing: bool
    neighbours: Sequence[Neighbour]

    @property
    def title(self) -> str:
        """What the neighbours are to the thing: its 提出方; seen from the other end, their kind."""
        return self.relationship if self.outgoing else self.heading


@dataclass(frozen=True)
class Event:
    """What happened on a day."""

    day: str
    what: str
    url: str | None = None


def add(app: APIFlask, store: Remembered) -> None:
    """Serve the pages, and what would be lost without a unit or an organization."""
    for name, rule in _RULES.items():
        add_page(app, store, rule, name, partial(_page, store, name))
    add_page(app, store, "/entities/<id>/loss", "loss", partial(_loss, store))


def _page(store: Remembered, endpoint: str, asked: Asked, **address: str) -> str | Response:
    key = address["id"]
    district = asked.frame.path[0].id
    found = ask(store, queries()["entity"], {"scope": district, "id": key}).rows
    node = next((row["entity"] for row in found if row["entity"]["label"] != "Person"), None)
    if node is None:
        raise UnknownKeyError(
            f"{asked.frame.path[0].name}内没有编号为“{key[:60]}”的对象；请检查编号，或在上方查找"
        )
    label = node["label"]
    if label in AREAS:
        return _to(to("members" if label == "Building" else "home", scope=key))
    kind = label.lower()
    if endpoint != (kind if kind in _RULES else "entity"):
        return _to(thing(kind, key))
    rows = ask(store, queries()["neighbours"], {"scope": district, "id": key, "limit": _SHOWN}).rows
    groups = _groups(rows)
    # What it has one or two of stands among its properties; what it has many of in a list.
    near = [
        group
        for group in groups
        if len(group.neighbours) <= _FEW and not any(n.details for n in group.neighbours)
    ]
    return render_template(
        "thing.html", frame=asked.frame, asked=asked, here=_PART.get(label, "organizations"), kind=SCHEMA.node(label).heading, key=key,
        title=_name(node), state=node["properties"].get("state"), track=_track(node),
        facts=_facts(node), near=near,
        groups=[group for group in groups if group not in near], shown=len(rows), every=sum({(r["relationship"], r["outgoing"]): r["total"] for r in rows}.values()), events=sorted(_events(node, rows), key=lambda event: event.day, reverse=True),
        matches=_MATCHES.get(label),
        loss=to("loss", id=key) if label in _LOSABLE else None,
        neighbours=query_address("neighbours", {"scope": district, "id": key}),
        network=to("network", node=f"{label}:{key}") if "network" in current_app.view_functions else None,
    )  # fmt: skip


def _name(node: Mapping[str, Any]) -> str:
    """What a node is called: its title; the kind and the first day of one that has none but its key."""
    declared, properties = SCHEMA.node(node["label"]), node["properties"]
    if declared.title != "id":
        return str(properties.get(declared.title) or properties["id"])
    days = (properties.get(p.name) for p in declared.properties if p.type is ValueType.DATE)
    return f"{declared.heading} {next((day for day in days if day), properties['id'])}"


def _facts(node: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The properties in words, without what the page's head and its history say; a number with what it counts."""
    declared, properties = SCHEMA.node(node["label"]), node["properties"]
    said = {"状态", declared.property(declared.title).heading}
    said |= {p.heading for p in declared.properties if p.type is ValueType.DATE}
    found = [(name, value) for name, value in facts(dict(node))[1:] if name not in said]
    counted = properties.get("unit")
    if not counted:
        return found
    return [(n, f"{v} {counted}" if n == "数量" else v) for n, v in found if n != "计量单位"]


def _to(address: str) -> Response:
    answer = redirect(address)
    assert isinstance(answer, Response)
    return answer


def _track(node: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The states that a thing of this kind usually goes through, each `done`, `now` or `next`; none where it
    has no state or has left the usual way."""
    declared = {p.name: p for p in SCHEMA.node(node["label"]).properties}
    now = node["properties"].get("state")
    codes = declared["state"].codes if "state" in declared else None
    states = [code.label for code in codes.codes if code.label not in _ASIDE] if codes else []
    if now not in states:
        return []
    at = states.index(now)
    return [(each, "done" if i < at else "now" if i == at else "next") for i, each in enumerate(states)]


def _groups(rows: Sequence[Mapping[str, Any]]) -> list[Group]:
    found: dict[tuple[str, bool, str], list[Neighbour]] = defaultdict(list)
    for row in rows:
        if row["neighbour"]["label"] in _SHOWN_KINDS:
            key = (row["relationship"], row["outgoing"], row["neighbour"]["label"])
            found[key].append(_neighbour(row))
    return [
        Group(SCHEMA.node(label).heading, RELATIONSHIPS[name], outgoing, neighbours)
        for (name, outgoing, label), neighbours in found.items()
    ]


def _neighbour(row: Mapping[str, Any]) -> Neighbour:
    label, properties = row["neighbour"]["label"], row["neighbour"]["properties"]
    relationship = SCHEMA.relationship(row["relationship"])
    details = [
        f"{p.heading} {text(row['details'][p.name])}{p.unit}"
        for p in relationship.properties
        if row["details"].get(p.name) is not None
    ]
    url = thing(label.lower(), properties["id"]) if has_page(label.lower()) else None
    return Neighbour(
        _name(row["neighbour"]),
        url,
        str(properties.get("state") or ""),
        "，".join(details),
    )


def _events(node: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> Iterator[Event]:
    """The days of a thing and of what it went through, in words."""
    for each, owner in [(node, ""), *((row["neighbour"], row["neighbour"]["label"]) for row in rows)]:
        if owner and owner not in _EVENTS:
            continue
        declared, properties = SCHEMA.node(each["label"]), each["properties"]
        if owner == "StateChange":
            yield Event(properties["at"][:10], _step(properties))
            continue
        name = f"{_name(each)}：" if owner else ""
        url = thing(owner.lower(), properties["id"]) if owner else None
        for each_property in declared.properties:
            day = properties.get(each_property.name)
            if each_property.type is ValueType.DATE and day and not (owner and each_property.name in _PLANS):
                yield Event(day, f"{name}{each_property.heading}", url)


def _step(change: Mapping[str, Any]) -> str:
    """A change of state in words: 对接中 → 已认领：会议议定."""
    words = " → ".join(word for word in (change.get("from_state"), change["to_state"]) if word)
    return f"{words}：{change['reason']}" if change.get("reason") else words


def _loss(store: Remembered, asked: Asked, **address: str) -> str:
    lost = coverage_without(store, address["id"], asked.frame.path[0].id, asked.as_of)
    by_kind: dict[str, list[Any]] = defaultdict(list)
    for each in lost.losses:
        by_kind[each.loss].append(each)
    here = _PART.get(lost.label, "organizations")
    return render_template(
        "loss.html", frame=asked.frame, here=here, lost=lost, by_kind=by_kind, meanings=MEANINGS
    )
