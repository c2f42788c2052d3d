"""OpenAPI of the query endpoints, computed from the query files. Pure."""

from collections.abc import Iterable
from typing import Any

from graph.query_file import Column, Param, QueryFile
from graph.schema import SCHEMA

_KINDS: dict[str, dict[str, Any]] = {
    "string": {"type": "string"}, "integer": {"type": "integer"}, "decimal": {"type": "number"},
    "boolean": {"type": "boolean"}, "date": {"type": "string", "format": "date"}, "area": {"type": "string"},
    "strings": {"type": "array", "items": {"type": "string"}}, "map": {"type": "object"},
    "maps": {"type": "array", "items": {"type": "object"}},
    "node": {"$ref": "#/components/schemas/Node"},
    "nodes": {"type": "array", "items": {"$ref": "#/components/schemas/Node"}},
}  # fmt: skip
SCHEMAS: dict[str, Any] = {
    "Node": {
        "type": "object",
        "required": ["label", "properties"],
        "properties": {"label": {"enum": [n.label for n in SCHEMA.nodes]}, "properties": {"type": "object"}},
    },
    "Column": {
        "type": "object",
        "required": ["name", "heading", "type"],
        "properties": {
            "name": {"type": "string"},
            "heading": {"type": "string"},
            "type": {"type": "string"},
            "unit": {"type": "string"},
        },
    },
    "Problem": {
        "type": "object",
        "description": "Problem details, RFC 9457.",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "parameter": {"type": "string"},
        },
    },
}
"""The schemas that every path refers to."""


def paths(queries: Iterable[QueryFile]) -> dict[str, Any]:
    """The OpenAPI paths of the queries that have a route."""
    return {query.route: {"get": _operation(query)} for query in queries if query.route}


def _operation(query: QueryFile) -> dict[str, Any]:
    return {
        "operationId": query.name,
        "summary": query.title,
        "description": query.doc,
        "tags": [query.route.split("/")[2]],
        "parameters": [_parameter(p, query) for p in query.params],
        "responses": {
            "200": {"description": query.title, "content": {"application/json": {"schema": _answer(query)}}},
            **{
                str(status): {
                    "description": meaning,
                    "content": {
                        "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
                    },
                }
                for status, meaning in (
                    (400, "A parameter is unknown, missing or wrong."),
                    (503, "The store cannot be reached."),
                    (504, "The query took too long."),
                )
            },
        },
    }


def _parameter(param: Param, query: QueryFile) -> dict[str, Any]:
    in_path = f"{{{param.name}}}" in query.route
    kind: dict[str, Any] = dict(_KINDS[param.type])
    if param.codes:
        words = list(dict.fromkeys((*param.codes.values, *param.codes.labels)))
        kind = {"enum": words}
    if param.default is not None and param.days_from_today is None:
        kind["default"] = param.default
    doc = param.doc
    if param.type == "area":
        labels = ", ".join(param.areas)
        doc = f"{doc} ({labels}). May be left out where the store holds exactly one district."
    elif param.days_from_today is not None:
        doc = f"{doc} Default: {param.default}, from the store's reference date."
    # A store of one district needs no scope, so it is never required.
    required = in_path or (param.required and param.type != "area")
    described = {
        "name": param.name,
        "in": "path" if in_path else "query",
        "required": required,
        "description": doc.strip(),
        "schema": kind,
    }
    if param.type == "strings":
        described |= {"style": "form", "explode": False}
    return described


def _answer(query: QueryFile) -> dict[str, Any]:
    row = {
        "type": "object",
        "required": [column.name for column in query.returns],
        "properties": {column.name: _column(column) for column in query.returns},
    }
    return {
        "type": "object",
        "required": ["query", "title", "parameters", "columns", "rows"],
        "properties": {
            "query": {"const": query.name},
            "title": {"type": "string"},
            "parameters": {"type": "object"},
            "columns": {"type": "array", "items": {"$ref": "#/components/schemas/Column"}},
            "rows": {"type": "array", "items": row},
        },
    }


def _column(column: Column) -> dict[str, Any]:
    kind = dict(_KINDS[column.type])
    if "$ref" in kind:
        return {"anyOf": [kind, {"type": "null"}]}
    described = "，".join(part for part in (column.heading, column.unit, column.doc) if part)
    masked = {"description": f"{described} (masked)"} if column.personal else {"description": described}
    return {**kind, "type": [kind["type"], "null"], **masked}
