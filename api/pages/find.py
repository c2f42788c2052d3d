"""The search of every page: a page of hits, and the list below the box while one types."""

from apiflask import APIFlask
from flask import render_template, request

from api.pages.frame import Asked, add_page
from api.remembered import Remembered
from api.search import Search
from graph.data_version import data_version

_LISTED, _SHOWN = 12, 200
"""Hits in the list below the box, and on the page."""


def add(app: APIFlask, store: Remembered, search: Search) -> None:
    """Serve the page; htmx asks it for the list."""

    def page(asked: Asked) -> str:
        text = asked.own.get("q", "")
        assert asked.frame.district is not None  # there is an area, so there is its district
        given = {"q": text, "scope": asked.frame.district.id}
        hits = search(given, data_version(store.source)).rows if text else []
        listed = request.headers.get("HX-Request") == "true"
        return render_template(
            "hits.html" if listed else "find.html",
            frame=asked.frame, q=text, hits=hits[: _LISTED if listed else _SHOWN], total=len(hits),
        )  # fmt: skip

    add_page(app, store, "/search", "search", page, ("q",))
