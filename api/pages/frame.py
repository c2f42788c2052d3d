"""What every page shares: whose data, of which day; the way to other areas; the one way to add a page.

The area and the day stand in the address as `scope` and `as_of`, and every link made by `to` keeps them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from apiflask import APIFlask
from flask import Response, current_app, make_response, render_template, request, url_for

from api.endpoints import given, hidden
from api.errors import problem
from api.pages.navigation import Group, entry, groups
from api.remembered import Remembered
from graph.ask import ParameterError, ask, default_scope, districts, reference_date, typed
from graph.catalog import queries
from graph.prepare import store_record
from graph.query_file import Param
from graph.schema import SCHEMA

AROUND = ("scope", "as_of")
"""The parameters that every page takes."""
_DAY = Param("as_of", "date", "the day that counts", True)
_MOST_DISTRICTS = 200


@dataclass(frozen=True)
class Area:
    """An area: its key, name and kind, as a label of the schema."""

    id: str
    name: str
    label: str

    @property
    def kind(self) -> str:
        """What people call this kind of area: 街道."""
        return SCHEMA.node(self.label).heading


@dataclass(frozen=True)
class Frame:
    """What every page shows around its content.

    `path` leads from the district to the area that is looked at, both included; it is empty when a store of
    several districts, or of none, is asked without a scope. `streets` and `communities` are what the picker
    offers: those of the district, and those of the street in the path.
    """

    path: tuple[Area, ...]
    as_of: str
    demo: bool
    streets: tuple[Area, ...]
    communities: tuple[Area, ...]
    groups: tuple[Group, ...]

    @property
    def scope(self) -> Area | None:
        """The area that is looked at."""
        return self.path[-1] if self.path else None

    @property
    def district(self) -> Area | None:
        """The district in which the area lies."""
        return self.path[0] if self.path else None

    @property
    def whole(self) -> bool:
        """Whether the whole district is looked at."""
        return len(self.path) == 1

    def within(self, label: str) -> Area | None:
        """The area of that kind in the path."""
        return next((area for area in self.path if area.label == label), None)


@dataclass(frozen=True)
class Asked:
    """A request for a page: its frame, the area, the day, and the page's own parameters."""

    frame: Frame
    scope: Area
    as_of: str
    own: Mapping[str, str]

    @property
    def around(self) -> dict[str, str]:
        """Scope and day as parameters of a query or a link."""
        return {"scope": self.scope.id, "as_of": self.as_of}


View = Callable[..., str | Response]


def add_page(
    app: APIFlask, store: Remembered, rule: str, name: str, view: View, own: tuple[str, ...] = ()
) -> None:
    """Serve a page that shows an area: `view(asked, **parts of the address)`.

    Parameters other than scope, as_of and `own` are refused. Without an area to show, the page leads to the
    choice of a district, or to the first steps.
    """

    def serve(**in_path: str) -> str | Response:
        around = frame(store, _known(own))
        return view(_asked(around), **in_path) if around.scope else beginning(store, around)

    app.add_url_rule(rule, name, hidden(app, serve), methods=["GET"])


def asked_for(store: Remembered, own: tuple[str, ...] = ()) -> Asked:
    """The request for a page whose form was sent, with the parameters of its address, as `add_page` reads them.

    Raises ParameterError, also where there is no area to show.
    """
    around = frame(store, _known(own))
    if around.scope is None:
        raise ParameterError("scope", "请先选定一个区域")
    return _asked(around)


def _known(own: tuple[str, ...]) -> dict[str, str]:
    """The parameters of the address. Raises ParameterError for one that the page does not have."""
    arguments = given(request.args)
    allowed = (*AROUND, *own)
    if unknown := [each for each in arguments if each not in allowed]:
        raise ParameterError(
            unknown[0], f"这个页面没有参数 {unknown[0][:60]}，可用的有：{'、'.join(allowed)}"
        )
    return arguments


def _asked(around: Frame) -> Asked:
    assert around.scope is not None  # whoever asks for a page without an area is led to the choice of one
    further = {k: v.strip() for k, v in request.args.items() if k not in AROUND and v.strip()}
    return Asked(around, around.scope, around.as_of, further)


def frame(store: Remembered, arguments: Mapping[str, str]) -> Frame:
    """The frame for these parameters, as the store is now. Raises ParameterError for a wrong scope or day."""
    store.refresh()
    record = store_record(store)
    day = typed(_DAY, arguments["as_of"]) if arguments.get("as_of") else reference_date(store)
    scope = arguments.get("scope") or default_scope(store)
    path = _areas(store, "area_path", {"scope": scope}) if scope else ()
    street = next((area for area in path if area.label == "Street"), None)
    return Frame(
        path, day, bool(record and record.demo),
        _areas(store, "areas_below", {"scope": path[0].id, "as_of": day}) if path else (),
        _areas(store, "areas_below", {"scope": street.id, "as_of": day}) if street else (),
        tuple(groups(current_app, bool(record and record.demo))),
    )  # fmt: skip


def _areas(store: Remembered, query: str, asked: Mapping[str, Any]) -> tuple[Area, ...]:
    rows = ask(store, queries()[query], asked).rows
    return tuple(Area(row["area_id"], row["area"] or row["area_id"], row["label"]) for row in rows)


def beginning(store: Remembered, around: Frame) -> str:
    """What a page shows when there is no area to look at: the districts to choose from, or the first steps."""
    known = districts(store, limit=_MOST_DISTRICTS)
    return render_template("choose.html" if known else "empty.html", frame=around, districts=known)


def to(endpoint: str, **values: Any) -> str:
    """The address of a page, with the scope and the day of this one unless other values are given."""
    kept = {name: request.args[name] for name in AROUND if request.args.get(name)}
    return url_for(endpoint, **{**kept, **{k: v for k, v in values.items() if v is not None}})


def here_with(**values: Any) -> str:
    """The address of this page with other values of some parameters; None takes a parameter away."""
    kept = {**request.args.to_dict(), **values}
    asked = urlencode({k: v for k, v in kept.items() if v is not None})
    return f"{request.path}?{asked}" if asked else request.path


def elsewhere(scope: str, here: str = "") -> str:
    """This page for another area; for a page about one thing, the page of its part of the navigation."""
    if "id" in {**request.args, **(request.view_args or {})}:
        return to(entry(here).endpoint if here else "home", scope=scope)
    return here_with(scope=scope)


def query_address(name: str, values: Mapping[str, Any], endpoint: str = "query", **further: Any) -> str:
    """The page of a query with parameters, or another endpoint that takes the query's name."""
    # Not as arguments of url_for: a parameter may have the name of one of its own.
    asked = {k: str(v).lower() if isinstance(v, bool) else v for k, v in values.items() if v is not None}
    return f"{url_for(endpoint, name=name, **further)}?{urlencode(asked)}"


def error_page(error: Exception) -> Response:
    """A page for an error. It asks the store nothing: the store may be the error."""
    body, headers = problem(error)
    response = make_response(render_template("error.html", problem=body), body["status"])
    response.headers.update(headers)
    return response
