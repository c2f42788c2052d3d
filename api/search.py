"""GET /api/search: things by a part of their name, from an index that is made once per version of the data."""

import threading
from collections.abc import Mapping
from typing import Any

from apiflask import APIFlask

from api.endpoints import add_query
from graph.ask import Answer, Reader, bind
from graph.query_file import Column, Param, QueryFile
from graph.schema import AREAS, SCHEMA
from graph.search import SearchIndex, search_index

SEARCH = QueryFile(
    name="search",
    title="按名称查找",
    doc="Areas, organizations, units, venues, needs, resources and projects by a part of their name, by the initials"
    " of its pinyin or by their key, the best thousand, the best first. People cannot be searched by name.",
    params=(
        Param("q", "string", "a part of the name, or initials of its pinyin: 飞行, fx", True),
        Param("scope", "area", "key of an area that the thing has to do with", True, areas=AREAS),
    ),
    returns=(
        Column("label", "string", "标签", "label of the node"),
        Column("kind", "string", "类型", "what the label is called"),
        Column("id", "string", "编号", "key"),
        Column("name", "string", "名称", "name or title"),
        Column("place", "string", "所在", "street, community and estate, as far as there is one of each"),
    ),
    route="/api/search",
    text="",
    writes=False,
)
"""Search as a query, so that it has parameters, pages and formats like every other."""


class Search:
    """Answers a search; makes the index anew when data were loaded or undone. What others write past this
    product is found after the next load or start. Safe to share between threads: one makes the index, the
    others wait."""

    def __init__(self, store: Reader) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._made: tuple[str, SearchIndex] | None = None

    def __call__(self, given: Mapping[str, Any], version: str) -> Answer:
        """The hits for `q` within `scope`. Raises ParameterError."""
        parameters = bind(SEARCH, given, self._store)
        hits = self._index(version).find(parameters["q"], parameters["scope"])
        rows = [
            {"label": hit.label, "kind": SCHEMA.node(hit.label).heading, "id": hit.id, "name": hit.name, "place": hit.place}
            for hit in hits
        ]  # fmt: skip
        return Answer(SEARCH, parameters, rows)

    def _index(self, version: str) -> SearchIndex:
        with self._lock:
            made = self._made
            if made is None or made[0] != version:
                made = self._made = (version, search_index(self._store))
            return made[1]


def add_search(app: APIFlask, store: Reader, search: Search) -> None:
    """Serve the search and describe it."""
    add_query(app, store, SEARCH, search)
