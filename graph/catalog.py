"""The named queries of the product: every file of `cypher/`, parsed against the schema."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from graph.query_file import QueryError, QueryFile, parse
from graph.schema import AREAS, SCHEMA


@cache
def queries(folder: str = "read") -> Mapping[str, QueryFile]:
    """The query files of `cypher/read` or `cypher/write` by name, in alphabetical order.

    Raises QueryError when a file cannot be used, when a reading query writes, takes no `$scope` or has no subject.
    """
    found: dict[str, QueryFile] = {}
    place = files("cypher").joinpath(folder)
    for entry in sorted(place.iterdir(), key=lambda e: e.name) if place.is_dir() else ():
        if not entry.name.endswith(".cypher"):
            continue
        query = parse(entry.name.removesuffix(".cypher"), entry.read_text(encoding="utf-8"), SCHEMA, AREAS)
        if folder == "read":
            if query.writes:
                raise QueryError(f"{query.name}.cypher: a query in cypher/read must not write")
            if "scope" not in {p.name for p in query.params}:
                raise QueryError(f"{query.name}.cypher: every reading query takes $scope")
            if not query.subject:
                raise QueryError(f"{query.name}.cypher: '// subject: ' says what a reading query is about")
        found[query.name] = query
    return found
