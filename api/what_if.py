"""GET /api/what-if/coverage/{id}: what an area would lose without an entity, and its entry in the OpenAPI document."""

from dataclasses import asdict
from typing import Any

from apiflask import APIFlask
from flask import Response, request

from api import openapi
from api.endpoints import document, given, hidden, visible
from api.formats import as_json
from api.refusals import UnknownKeyError
from graph.ask import ParameterError, Reader
from graph.what_if import MEANINGS, UnknownEntityError, coverage_without

ROUTE = "/api/what-if/coverage/{id}"
_ALLOWED = ("scope", "as_of")


def add_what_if(app: APIFlask, store: Reader) -> None:
    """Serve what would be lost and describe it."""

    def endpoint(**in_path: str) -> Response:
        arguments = given(request.args)
        if unknown := [name for name in arguments if name not in _ALLOWED]:
            raise ParameterError(unknown[0], f"没有参数 {unknown[0][:60]}，可用的有：{'、'.join(_ALLOWED)}")
        visible({**arguments, **in_path})
        try:
            found = coverage_without(store, in_path["id"], arguments.get("scope"), arguments.get("as_of"))
        except UnknownEntityError as error:
            raise UnknownKeyError(str(error)) from error
        return as_json({**asdict(found), "meanings": found.meanings})

    rule = ROUTE.replace("{id}", "<id>")
    app.add_url_rule(rule, "coverage_without", hidden(app, endpoint), methods=["GET"])

    def describe(spec: dict[str, Any]) -> dict[str, Any]:
        spec.setdefault("paths", {})[ROUTE] = {"get": _OPERATION}
        return spec

    document(app, describe)


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


def _list(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


_TEXT: dict[str, Any] = {"type": "string"}
_DAY = {"type": "string", "format": "date"}
_ANSWER = _object(
    scope=_TEXT, as_of=_DAY, label=_TEXT, id=_TEXT, name=_TEXT,
    losses=_list(_object(loss={"enum": list(MEANINGS)}, id=_TEXT, name=_TEXT, detail=_TEXT)),
    needs=_list(_object(id=_TEXT, title=_TEXT, category=_TEXT, place=_TEXT)),
    meanings={"type": "object", "additionalProperties": _TEXT},
)  # fmt: skip
_SEEN = {**_TEXT, "minLength": 1}
_OPERATION: dict[str, Any] = {
    "operationId": "coverage_without",
    "summary": "假设失去的影响",
    "description": "What becomes uncovered in an area without a unit, a person or an organization. Nothing is changed.",
    "tags": ["what-if"],
    "parameters": [
        {
            "name": "id", "in": "path", "required": True, "schema": _SEEN, "example": "U1",
            "description": "Key of the unit, person, party organization or organization that is thought away.",
        },
        {
            "name": "scope", "in": "query", "required": False, "schema": _SEEN, "example": "410411",
            "description": "Key of the area. May be left out where the store holds one district.",
        },
        {
            "name": "as_of", "in": "query", "required": False, "schema": _DAY,
            "description": "The day that counts. Default: the store's reference date.",
        },
    ],
    "responses": {
        "200": {"description": "假设失去的影响", "content": {"application/json": {"schema": _ANSWER}}},
        "404": openapi.problem(404, "Nothing in the scope has this key.", "没有找到", "此范围内没有编号为“U9”的对象；应为共建单位、人员、党组织、组织的编号"),
        **{code: openapi.PROBLEMS[code] for code in ("400", "503", "504")},
    },
}  # fmt: skip
