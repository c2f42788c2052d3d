"""GET /api/structure: the measures of an area's network, and their entry in the OpenAPI document."""

from dataclasses import asdict
from typing import Any

from apiflask import APIFlask
from flask import Response, request

from api import openapi
from api.endpoints import document, given, hidden
from api.formats import as_json
from graph.ask import ParameterError, Reader
from graph.measures import MEANINGS
from graph.network import MOST, network_structure

ROUTE = "/api/structure"
_ALLOWED = ("scope", "as_of", "limit")


def add_structure(app: APIFlask, store: Reader) -> None:
    """Serve the measures and describe them."""

    def endpoint() -> Response:
        arguments = given(request.args)
        if unknown := [name for name in arguments if name not in _ALLOWED]:
            raise ParameterError(unknown[0], f"没有参数 {unknown[0]}，可用的有：{'、'.join(_ALLOWED)}")
        limit = _limit(arguments.pop("limit", "20"))
        return as_json(asdict(network_structure(store, arguments, limit)))

    app.add_url_rule(ROUTE, "structure", hidden(app, endpoint), methods=["GET"])

    def describe(spec: dict[str, Any]) -> dict[str, Any]:
        spec.setdefault("paths", {})[ROUTE] = {"get": _OPERATION}
        return spec

    document(app, describe)


def _limit(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ParameterError("limit", f"参数 limit 的值“{text[:60]}”不对：应为 1 到 {MOST} 的整数") from None


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


def _list(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


_TEXT, _COUNT = {"type": "string"}, {"type": "integer", "minimum": 0}
_MEMBER = _object(label=_TEXT, id=_TEXT, name=_TEXT)
_ANSWER = _object(
    scope=_TEXT, scope_name=_TEXT, as_of={"type": "string", "format": "date"}, nodes=_COUNT, ties=_COUNT,
    component_count=_COUNT, components=_list(_object(size=_COUNT, members=_list(_MEMBER))),
    articulation_point_count=_COUNT,
    articulation_points=_list(_object(member=_MEMBER, cut_off=_COUNT, lost=_list(_MEMBER))),
    bridge_count=_COUNT,
    bridges=_list(_object(start=_MEMBER, end=_MEMBER, relationships=_list(_TEXT), cut_off=_COUNT)),
    central=_list(_object(
        member=_MEMBER, betweenness={"type": "number", "minimum": 0, "maximum": 1}, degree=_COUNT,
    )),
    meanings=_object(**dict.fromkeys(MEANINGS, _TEXT)),
)  # fmt: skip
_PARAMETERS = (
    ("scope", "Key of the area (District, Street, Community). May be left out where the store holds one district.", _TEXT),
    ("as_of", "The day that counts. Default: the store's reference date.", {"type": "string", "format": "date"}),
    ("limit", "How many of each list, the most important first.", {"type": "integer", "minimum": 1, "maximum": MOST, "default": 20}),
)  # fmt: skip
_OPERATION: dict[str, Any] = {
    "operationId": "structure",
    "summary": "网络结构",
    "description": "Components, articulation points, bridges and centrality of the network of organizations and units.",
    "tags": ["networks"],
    "parameters": [
        {"name": name, "in": "query", "required": False, "description": doc, "schema": schema}
        for name, doc, schema in _PARAMETERS
    ],
    "responses": {
        "200": {"description": "网络结构", "content": {"application/json": {"schema": _ANSWER}}},
        **{code: openapi.PROBLEMS[code] for code in ("400", "503", "504")},
    },
}
