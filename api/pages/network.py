"""网络: the explorer that begins with a search, and the pictures of an area. Every view stands in its address."""

from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import urlencode

from apiflask import APIFlask
from flask import Response, render_template, request

from api.answers import facts
from api.formats import attached
from api.pages.frame import Asked, add_page, to
from api.pictures.catalog import PICTURES, key_of, make
from api.pictures.endpoints import picture_json, route
from api.pictures.files import FORMS
from api.remembered import Remembered
from api.search import Search
from graph.ask import ParameterError
from graph.data_version import data_version
from graph.measures import MEANINGS as MEASURES
from graph.neighbourhood import entity
from graph.network import organization_ties, weakest
from graph.schema import SCHEMA
from graph.what_if import MEANINGS, WhatIf, coverage_without
from viz.kinds import kind_of
from viz.map_svg import NONE, SHADES, map_svg
from viz.picture import Node, Picture
from viz.territory import COVERAGE, NEEDS

LOSABLE = ("Unit", "PartyOrganization", "Organization")
"""What the panel asks about: what would be lost without it. People are not in addresses."""
_HITS, _POINTS = 40, 20
_WORDS = {"html": "一个 HTML 文件", "graphml": "GraphML", "gexf": "GEXF", "csv": "表格 CSV（zip）"}
_FIGURES = {"coverage": COVERAGE, "needs": NEEDS}
_VIEW = ("node", "depth", "open", "more", "start", "end")


def add(app: APIFlask, store: Remembered, search: Search) -> None:
    """Serve the pages, and the panel about one thing."""
    views = _Views(store, search)
    app.jinja_env.globals.update(kind_of=kind_of)
    drawn = ("colour", "size", "hide")
    for rule, name, view, own in (
        ("", "network", views.explorer, (*_VIEW, "q", *drawn)),
        ("/map", "network_map", views.territory, ("colour",)),
        ("/map.svg", "network_map_svg", views.territory_svg, ("colour",)),
        ("/party", "network_party", partial(views.chart, "party"), ()),
        ("/flows", "network_flows", partial(views.chart, "flows"), ()),
        ("/weak-points", "network_weak", views.weak_points, ("node", *drawn)),
        ("/detail", "network_detail", views.detail, ("node",)),
    ):
        add_page(app, store, f"/network{rule}", name, view, own)


class _Views:
    def __init__(self, store: Remembered, search: Search) -> None:
        self.store, self.search = store, search

    def explorer(self, asked: Asked) -> str:
        """A search; what surrounds a thing; the way from one to another."""
        text = asked.own.get("q", "")
        given = {k: asked.own[k] for k in _VIEW if k in asked.own}
        picture, refusal = None, ""
        try:
            picture = self._asked_for(asked, given)
        except ParameterError as error:
            refusal = str(error)
        middle = next((n for n in picture.nodes if n.mark == "middle"), None) if picture else None
        return render_template(
            "network.html", frame=asked.frame, view="explorer", q=text, hits=self._hits(asked, text) if text else [], refusal=refusal,
            start=given.get("node") or given.get("start", ""), kinds=PICTURES, panel=self._panel(asked, middle) if middle else None,
            **_shown(picture, asked),
        )  # fmt: skip

    def _asked_for(self, asked: Asked, given: Mapping[str, str]) -> Picture | None:
        """The picture that the address asks for, if it does. Raises ParameterError."""
        name = "path" if "start" in given and "end" in given else "neighbourhood" if "node" in given else ""
        if not name:
            return None
        wanted = {p.name for p in PICTURES[name].parameters}
        return make(self.store, name, {**asked.around, **{k: v for k, v in given.items() if k in wanted}})

    def _hits(self, asked: Asked, text: str) -> list[dict[str, Any]]:
        assert asked.frame.district is not None  # there is an area, so there is its district
        found = self.search(
            {"q": text, "scope": asked.frame.district.id}, data_version(self.store.source)
        ).rows
        return found[:_HITS]

    def territory(self, asked: Asked) -> str:
        """The map of an area."""
        figure = _FIGURES.get(asked.own.get("colour", "coverage"), COVERAGE)
        picture = make(self.store, "territory", asked.around)
        shades = [*SHADES[figure], *([NONE] if figure == COVERAGE else [])]
        return render_template(
            "network_map.html", frame=asked.frame, view="territory", figure=figure, figures=_FIGURES, shades=shades,
            svg=map_svg(picture, figure, lambda node: _deeper(node, asked)), **_shown(picture, asked),
        )  # fmt: skip

    def territory_svg(self, asked: Asked) -> Response:
        """The map as a file."""
        figure = _FIGURES.get(asked.own.get("colour", "coverage"), COVERAGE)
        picture = make(self.store, "territory", asked.around)
        drawn = map_svg(picture, figure).encode("utf-8", "replace")
        return attached(drawn, "image/svg+xml", "territory.svg", synthetic=picture.synthetic)

    def chart(self, name: str, asked: Asked) -> str:
        """A picture that ECharts draws."""
        picture = make(self.store, name, asked.around)
        return render_template("network_chart.html", frame=asked.frame, view=name, **_shown(picture, asked))

    def weak_points(self, asked: Asked) -> str:
        """The network of organizations and units, and what holds it together."""
        # Half a second of a district's network, and the same until data change.
        picture, (cut_off, points) = self.store.once(
            ("weak-points", asked.scope.id, asked.as_of),
            lambda: (make(self.store, "weak-points", asked.around), weakest(organization_ties(self.store, asked.around), _POINTS)),
        )  # fmt: skip
        lost = self._told(asked, asked.own["node"]) if "node" in asked.own else None
        return render_template(
            "network_weak.html", frame=asked.frame, view="weak-points", points=points, total=len(cut_off), means=MEASURES["articulation_points"], panel=lost, **_shown(picture, asked),
        )  # fmt: skip

    def detail(self, asked: Asked) -> str:
        """What the panel says of a thing that was clicked."""
        panel = self._told(asked, asked.own.get("node", ""))
        return render_template("network_panel.html", frame=asked.frame, panel=panel)

    def _told(self, asked: Asked, text: str) -> Mapping[str, Any]:
        key, properties = entity(self.store, asked.scope.id, *reversed(key_of(text)))
        return self._panel(asked, Node(key[0], properties))

    def _panel(self, asked: Asked, node: Node) -> Mapping[str, Any]:
        """What the panel says of a thing, and what would be lost without it."""
        person = node.label == "Person"
        lost: WhatIf | None = None
        if node.label in LOSABLE and asked.scope.label in ("District", "Street", "Community"):
            # A key that two labels share: the question is of the other.
            with suppress(ParameterError):
                lost = coverage_without(self.store, node.id, asked.scope.id, asked.as_of)
        return {
            "key": "" if person else node.key, "name": node.name, "kind": SCHEMA.node(node.label), "label": node.label, "id": node.id,
            "facts": facts({"label": node.label, "properties": node.properties})[1:], "lost": lost, "meanings": MEANINGS,
        }  # fmt: skip


def _shown(picture: Picture | None, asked: Asked) -> dict[str, Any]:
    """What a template needs of a picture: its data, its tables, and the addresses of its files."""
    if picture is None:
        return {"picture": None, "data": None, "downloads": [], "behind": []}
    own = {k: v for k, v in asked.own.items() if k in {p.name for p in PICTURES[picture.name].parameters}}
    address = route(PICTURES[picture.name])
    downloads = [
        (_WORDS[form], f"{address}?{urlencode({**asked.around, **own, 'format': form})}") for form in FORMS
    ]
    return {
        "picture": picture, "data": picture_json(picture), "downloads": downloads,
        "behind": [(name, _behind(name, picture, asked)) for name in PICTURES[picture.name].queries],
    }  # fmt: skip


def _behind(name: str, picture: Picture, asked: Asked) -> dict[str, str]:
    """The parameters with which a query stands behind a picture."""
    ends = [n.id for n in picture.nodes if n.mark == "middle"]
    own = {
        "entity": {"id": ends[:1]},
        "neighbours": {"id": ends[:1]},
        "path_between": {"start": ends[:1], "end": ends[-1:]},
    }
    day = {} if name in ("entity", "neighbours", "path_between", "supply_demand") else {"as_of": asked.as_of}
    return {"scope": asked.scope.id, **day, **{k: v[0] for k, v in own.get(name, {}).items() if v}}


def _deeper(node: Node, asked: Asked) -> str:
    """Where an area of the map leads: one level deeper; from the smallest, to what surrounds it."""
    if node.id == asked.scope.id:
        return ""
    if node.label == "Building":
        return to("network", node=node.key)
    return to("network_map", scope=node.id, colour=request.args.get("colour"))
