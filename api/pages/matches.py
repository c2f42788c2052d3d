"""What meets one need, and what one unit could claim: ranked, explained, each with the button that acts on it.

Asked by htmx, a page answers with its list alone: the pages about a need and about a unit load it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apiflask import APIFlask
from flask import render_template, request

from api.answers import RELATIONSHIPS
from api.matching.desk import Situation
from api.matching.endpoints import Matching
from api.pages.frame import Asked, add_page, to
from api.refusals import UnknownKeyError
from api.remembered import Remembered
from graph.schema import SCHEMA
from graph.schema.lifecycles import TAKEABLE
from matching.snapshot import Snapshot

FIRST, MOST = 10, 100
"""Matches that are shown at once, and when all of them are asked for."""
Row = dict[str, Any]


@dataclass(frozen=True)
class Impact:
    """What a match means for others, in a word, a sentence and the kind of its chip."""

    word: str
    sentence: str
    chip: str


def add(app: APIFlask, store: Remembered) -> None:
    """Serve the two pages."""
    matching: Matching = app.extensions["linmai-matching"]
    app.jinja_env.globals.update(step_words=step_words)

    def need(asked: Asked, id: str) -> str:  # noqa: A002
        return _need_page(matching, asked, id)

    def unit(asked: Asked, id: str) -> str:  # noqa: A002
        return _unit_page(matching, asked, id)

    add_page(app, store, "/lists/needs/<id>/matches", "need_matches", need, ("all",))
    add_page(app, store, "/partners/units/<id>/needs", "unit_needs", unit, ("all",))


def _need_page(matching: Matching, asked: Asked, key: str) -> str:
    given = {**_around(asked), "need": key, "limit": _limit(asked), "bundle": "true"}
    answer = matching.matches.need(given)
    snapshot = situation_of(matching, asked).snapshot
    need = need_facts(snapshot, key)
    for row in answer.rows:
        row |= _told(row) | resource_facts(snapshot, row["resource_id"])
    bundle = answer.notes["bundle"]
    shares = [
        {**share, **resource_facts(snapshot, share["resource"])}
        for share in (bundle["shares"] if bundle else ())
    ]
    return render_template(
        _template("need_matches"), frame=asked.frame, here="lists", need=need, rows=answer.rows, notes=answer.notes,
        nearest=[_near(snapshot, each) for each in answer.notes["nearest"]], shares=shares if len(shares) > 1 else [],
        bundle=bundle, takeable=need["state"] in TAKEABLE, shown=len(answer.rows), all=to("need_matches", id=key, all="1"),
    )  # fmt: skip


def _unit_page(matching: Matching, asked: Asked, key: str) -> str:
    answer = matching.matches.unit({**_around(asked), "unit": key, "limit": _limit(asked)})
    snapshot = situation_of(matching, asked).snapshot
    at = snapshot.owner_position[key]
    if snapshot.owners.labels[at] != "Unit":
        raise UnknownKeyError(f"没有编号为“{key[:60]}”的共建单位；请检查编号，或在上方查找")
    for row in answer.rows:
        row |= (
            _told(row)
            | resource_facts(snapshot, row["resource_id"])
            | {"need": need_facts(snapshot, row["need_id"])}
        )
    return render_template(
        _template("unit_needs"), frame=asked.frame, here="partners", unit={"id": key, "name": snapshot.owners.names[at]},
        rows=answer.rows, notes=answer.notes, shown=len(answer.rows),
        nearest=[_near(snapshot, each) for each in answer.notes["nearest"]], takeable=TAKEABLE, all=to("unit_needs", id=key, all="1"),
    )  # fmt: skip


def _around(asked: Asked) -> dict[str, str]:
    """Matching is done in the whole district, whatever part of it is looked at."""
    return {"scope": asked.frame.path[0].id, "as_of": asked.as_of}


def _limit(asked: Asked) -> int:
    return MOST if asked.own.get("all") else FIRST


def _template(name: str) -> str:
    return f"{name}_list.html" if request.headers.get("HX-Request") == "true" else f"{name}.html"


def situation_of(matching: Matching, asked: Asked) -> Situation:
    """The three lists of the district that a page looks at, as they are now."""
    return matching.desk.situation(asked.frame.path[0].id, asked.as_of)


def need_facts(snapshot: Snapshot, key: str) -> Row:
    """What a page says of a need: title, place, category, what it still asks for."""
    at, needs = snapshot.need_position[key], snapshot.needs
    area, category = int(needs.area[at]), int(needs.category[at])
    return {
        "id": key, "title": needs.titles[at], "state": needs.states[at], "unit": needs.units[at],
        "quantity": int(needs.quantity[at]), "remaining": int(needs.remaining[at]), "urgency": int(needs.urgency[at]),
        "area": snapshot.areas.names[area] if area >= 0 else "", "area_id": snapshot.areas.ids[area] if area >= 0 else "",
        "category": snapshot.categories.names[category] if category >= 0 else "",
    }  # fmt: skip


def resource_facts(snapshot: Snapshot, key: str) -> Row:
    """What a page says of a resource: title, who offers it, what is left of it. A person is told as one and no more."""
    at, resources = snapshot.resource_position[key], snapshot.resources
    owner = int(resources.owner[at])
    label = snapshot.owners.labels[owner] if owner >= 0 else ""
    personal = label in ("", "Person")
    return {
        "resource": resources.titles[at], "left": int(resources.remaining[at]), "resource_unit": resources.units[at],
        "owner_label": label, "owner_id": "" if personal else snapshot.owners.ids[owner],
        "owner": "个人" if label == "Person" else snapshot.owners.names[owner] if owner >= 0 else "",
    }  # fmt: skip


def _told(row: Mapping[str, Any]) -> Row:
    """The sentence without the price, which a page shows beside it."""
    sentence, impact = row["sentence"], None
    if row["price"] is not None:
        sentence, _, said = sentence.rpartition("；")
        impact = _impact(row, said)
    place = next(part["phrase"] for part in row["parts"] if part["name"] == "place")
    return {"why": sentence, "impact": impact, "place": place}


def _impact(row: Mapping[str, Any], said: str) -> Impact:
    if row["price"] <= 0:
        return Impact("不影响别处", said, "good")
    if row["net"] >= 0:
        return Impact("别处也用得上", said, "few")
    return Impact("别处更需要", said, "gap")


def _near(snapshot: Snapshot, miss: Mapping[str, Any]) -> Row:
    """What one condition alone keeps apart."""
    return {
        "need_id": miss["need"], "need": need_facts(snapshot, miss["need"])["title"], "resource_id": miss["resource"],
        **resource_facts(snapshot, miss["resource"]), "reason": miss["sentence"].rpartition("：")[2],
    }  # fmt: skip


def step_words(step: Mapping[str, str]) -> tuple[str, str, str]:
    """A step of a path in words: the relationship with its direction, the kind, and the name of what it leads to.

    >>> step_words({"by": "<CAN_SERVE", "label": "Category", "id": "Z1", "name": "保洁"})
    ('← 可满足', '类别', '保洁')
    """
    by, label = step["by"], step["label"]
    heading = RELATIONSHIPS[by.strip("<>")] if by else ""
    arrow = f"← {heading}" if by.startswith("<") else f"{heading} →" if by else ""
    name = "" if label == "Person" else step["name"] or step["id"]
    return arrow, SCHEMA.node(label).heading, name
