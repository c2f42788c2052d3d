"""网络: the explorer that begins with a search, and the pictures of an area. Every view stands in its address."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from apiflask import APIFlask
from flask import Response, render_template, request

from api.answers import facts
from api.pages.frame import Asked, add_page, to
from api.pictures.catalog import PICTURES, key_of, make
from api.pictures.endpoints import picture_json, route
from api.pictures.files import FORMS
from api.remembered import Remembered
from api.search import Search
from graph.ask import ParameterError
from graph.data_version import data_version
from graph.measures import MEANINGS as MEASURES
from graph.neighbourhood import Key, entity
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

    def hits(asked: Asked, text: str) -> list[dict[str, Any]]:
        assert asked.frame.district is not None  # there is an area, so there is its district
        found = search({"q": text, "scope": asked.frame.district.id}, data_version(store.source)).rows
        return found[:_HITS]

    def explorer(asked: Asked) -> str:
        text = asked.own.get("q", "")
        given = {k: asked.own[k] for k in _VIEW if k in asked.own}
        name = "path" if "start" in given and "end" in given else "neighbourhood" if "node" in given else ""
        picture, refusal = None, ""
        wanted = {p.name for p in PICTURES[name].parameters} if name else set()
        try:
            picture = (
                make(store, name, {**asked.around, **{k: v for k, v in given.items() if k in wanted}})
                if name
                else None
            )
        except ParameterError as error:
            refusal = str(error)
        middle = next((n for n in picture.nodes if n.mark == "middle"), None) if picture else None
        return render_template(
            "network.html", frame=asked.frame, view="explorer", q=text, hits=hits(asked, text) if text else [], refusal=refusal,
            start=given.get("node") or given.get("start", ""), kinds=PICTURES, panel=_panel(store, asked, middle) if middle else None,
            **_shown(picture, asked),
        )  # fmt: skip

    def territory(asked: Asked) -> str:
        figure = _FIGURES.get(asked.own.get("colour", "coverage"), COVERAGE)
        picture = make(store, "territory", asked.around)
        shades = [*SHADES[figure], *([NONE] if figure == COVERAGE else [])]
        return render_template(
            "network_map.html", frame=asked.frame, view="territory", figure=figure, figures=_FIGURES, shades=shades,
            svg=map_svg(picture, figure, lambda node: _deeper(node, asked)), **_shown(picture, asked),
        )  # fmt: skip

    def territory_svg(asked: Asked) -> Response:
        figure = _FIGURES.get(asked.own.get("colour", "coverage"), COVERAGE)
        drawn = map_svg(make(store, "territory", asked.around), figure).encode("utf-8", "replace")
        answer = Response(drawn, content_type="image/svg+xml")
        answer.headers.set("Content-Disposition", "attachment", filename="territory.svg")
        return answer

    def chart(name: str) -> Any:
        def page(asked: Asked) -> str:
            picture = make(store, name, asked.around)
            return render_template(
                "network_chart.html", frame=asked.frame, view=name, **_shown(picture, asked)
            )

        return page

    def weak_points(asked: Asked) -> str:
        picture = make(store, "weak-points", asked.around)
        cut_off, points = weakest(organization_ties(store, asked.around), _POINTS)
        lost = None
        if node := asked.own.get("node"):
            key, properties = entity(store, asked.scope.id, *reversed(key_of(node)))
            lost = _panel(store, asked, Node(key[0], properties))
        return render_template(
            "network_weak.html", frame=asked.frame, view="weak-points", points=points, total=len(cut_off), means=MEASURES["articulation_points"], panel=lost, **_shown(picture, asked),
        )  # fmt: skip

    def detail(asked: Asked) -> str:
        key, properties = entity(store, asked.scope.id, *reversed(key_of(asked.own.get("node", ""))))
        return render_template(
            "network_panel.html", frame=asked.frame, panel=_panel(store, asked, Node(key[0], properties))
        )

    app.jinja_env.globals.update(kind_of=kind_of)
    add_page(app, store, "/network", "network", explorer, (*_VIEW, "q", "colour", "size", "hide"))
    add_page(app, store, "/network/map", "network_map", territory, ("colour",))
    add_page(app, store, "/network/map.svg", "network_map_svg", territory_svg, ("colour",))
    add_page(app, store, "/network/party", "network_party", chart("party"))
    add_page(app, store, "/network/flows", "network_flows", chart("flows"))
    add_page(
        app, store, "/network/weak-points", "network_weak", weak_points, ("node", "colour", "size", "hide")
    )
    add_page(app, store, "/network/detail", "network_detail", detail, ("node",))


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


def _panel(store: Remembered, asked: Asked, node: Node) -> Mapping[str, Any]:
    """What the panel says of a thing, and what would be lost without it."""
    key: Key = (node.label, node.id)
    person = node.label == "Person"
    lost: WhatIf | None = None
    if node.label in LOSABLE and asked.scope.label in ("District", "Street", "Community"):
        lost = _lost(store, asked, key)
    return {
        "key": "" if person else node.key, "name": node.name, "kind": SCHEMA.node(node.label), "label": node.label, "id": node.id,
        "facts": facts({"label": node.label, "properties": node.properties})[1:], "lost": lost, "meanings": MEANINGS,
    }  # fmt: skip


def _lost(store: Remembered, asked: Asked, key: Key) -> WhatIf | None:
    try:
        return coverage_without(store, key[1], asked.scope.id, asked.as_of)
    except ParameterError:
        return None  # a key that two labels share: the question is of the other
