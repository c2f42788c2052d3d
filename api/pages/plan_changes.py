"""假如: a unit leaves, an area gets a resource, capacities shrink: the plan before beside the plan after. Nothing is written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from apiflask import APIFlask
from flask import Response, make_response, render_template

from api.matching.endpoints import Matching
from api.pages.frame import Asked, add_page
from api.pages.matches import situation_of
from api.pages.tables import PAGE_ROWS, taken
from api.refusals import UnknownKeyError
from api.remembered import Remembered
from api.shares import percent
from graph.ask import Answer, ParameterError
from matching.snapshot import Snapshot

Choice = tuple[str, str]
_CHANGES = {"unit": ("unit",), "resource": ("area", "category", "quantity"), "capacity": ("percent",)}
"""What may change, with the parameters that say how."""


@dataclass(frozen=True)
class Figure:
    """One figure before and after; `better` is None where it stays the same."""

    heading: str
    before: str
    after: str
    better: bool | None


def add(app: APIFlask, store: Remembered) -> None:
    """Serve the page."""
    matching: Matching = app.extensions["linmai-matching"]

    def page(asked: Asked) -> Response:
        return _page(matching, asked)

    own = ("what", "file", *(name for names in _CHANGES.values() for name in names))
    add_page(app, store, "/plans/what-if", "plan_changes", page, own)


def _page(matching: Matching, asked: Asked) -> Response:
    what, refusal, answer = asked.own.get("what", ""), "", None
    if what and what not in _CHANGES:
        raise ParameterError("what", f"参数 what 的值不对：应为 {'、'.join(_CHANGES)} 之一")
    if what:
        try:
            answer = _asked(matching, what, asked)
        except (ParameterError, UnknownKeyError) as error:
            refusal = str(error)
    if answer and asked.own.get("file"):
        return taken(answer, asked)
    snapshot = situation_of(matching, asked).snapshot
    body = render_template(
        "plan_changes.html", frame=asked.frame, own=asked.own, what=what, refusal=refusal, answer=answer, units=_units(snapshot), categories=_categories(snapshot),
        areas=[(area.id, area.name) for area in (*asked.frame.streets, *asked.frame.communities)],
        figures=_figures(answer.notes) if answer else [], lost=answer.rows[:PAGE_ROWS] if answer else [],
    )  # fmt: skip
    return make_response(body, 400 if refusal else 200)


def _asked(matching: Matching, what: str, asked: Asked) -> Answer:
    """The answer of a what-if. Raises ParameterError and UnknownKeyError."""
    given: dict[str, Any] = {name: asked.own[name] for name in _CHANGES[what] if name in asked.own}
    ask: Callable[[Mapping[str, Any]], Answer] = {
        "unit": matching.what_if.unit_leaves, "resource": matching.what_if.new_resource, "capacity": matching.what_if.capacity,
    }[what]  # fmt: skip
    return ask({**given, "scope": asked.scope.id, "as_of": asked.as_of})


def _figures(notes: Mapping[str, Any]) -> list[Figure]:
    found = []
    for heading, name, share in (("方案值", "value", False), ("满足数量", "served", False), ("满足率最低的社区", "worst", True)):  # fmt: skip
        before, after = notes[f"{name}_before"], notes[f"{name}_after"]
        first, then = (percent(value) if share else f"{value:,}" for value in (before, after))
        found.append(Figure(heading, first, then, None if before == after else after > before))
    return found


def _units(snapshot: Snapshot) -> list[Choice]:
    """Units that offer something, by name."""
    giving = set(snapshot.resources.owner.tolist())
    owners = snapshot.owners
    found = [(owners.ids[k], owners.names[k]) for k in giving if k >= 0 and owners.labels[k] == "Unit"]
    return sorted(found, key=lambda each: each[1])


def _categories(snapshot: Snapshot) -> list[Choice]:
    """Categories that resources have."""
    used = set(snapshot.resources.category.tolist())
    return sorted((snapshot.categories.ids[k], snapshot.categories.names[k]) for k in used if k >= 0)
