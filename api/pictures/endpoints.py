"""GET /api/pictures/...: every picture as data for a page, or as a file, and its entry in the OpenAPI document."""

from collections.abc import Callable
from typing import Any

from apiflask import APIFlask
from flask import Response, request

from api import openapi
from api.endpoints import document, given, hidden
from api.formats import FORMAT, as_json, attached, marked
from api.pictures.catalog import PICTURES, PictureKind, make
from api.pictures.files import FORMS, written
from graph.ask import ParameterError, Reader
from viz.charts import CHARTS
from viz.html_file import TooLarge
from viz.picture import Picture, Table
from viz.vis import payload

_JSON = "json"


def add_pictures(app: APIFlask, store: Reader) -> None:
    """Serve the pictures and describe them."""
    for kind in PICTURES.values():
        name = kind.name.replace("-", "_")
        app.add_url_rule(route(kind), f"picture_{name}", hidden(app, _endpoint(store, kind)), methods=["GET"])

    def describe(spec: dict[str, Any]) -> dict[str, Any]:
        for kind in PICTURES.values():
            spec.setdefault("paths", {})[route(kind)] = {"get": _operation(kind)}
        return spec

    document(app, describe)


def route(kind: PictureKind) -> str:
    """The address of a picture for programs."""
    return f"/api/pictures/{kind.name}"


def picture_json(picture: Picture) -> dict[str, Any]:
    """A picture for programs and pages: nodes and edges with their places, legend, tables, the chart if it is one."""
    chart = CHARTS[picture.name](picture) if picture.name in CHARTS else None
    return {
        **payload(picture), "tables": {"things": _table(picture.things()), "ties": _table(picture.ties())}, "chart": chart,
    }  # fmt: skip


def _endpoint(store: Reader, kind: PictureKind) -> Callable[[], Response]:
    def endpoint() -> Response:
        arguments = given(request.args)
        form = arguments.pop(FORMAT, _JSON)
        if form not in (_JSON, *FORMS):
            raise ParameterError(
                FORMAT, f"参数 format 的值“{form[:60]}”不对：应为 {'、'.join((_JSON, *FORMS))} 之一"
            )
        for name, text in arguments.items():
            if not text.strip() or not text.isprintable():
                raise ParameterError(
                    name, f"参数 {name[:60]} 是空的，或有不能显示的字符；请给出值，或去掉这个参数"
                )
        picture = make(store, kind.name, arguments)
        if form == _JSON:
            return marked(as_json(picture_json(picture)), synthetic=picture.synthetic)
        try:
            content = written(picture, form)
        except TooLarge as error:
            raise ParameterError(FORMAT, str(error)) from None
        media_type, ending = FORMS[form]
        return attached(content, media_type, f"{kind.name}{ending}", synthetic=picture.synthetic)

    return endpoint


def _table(table: Table) -> dict[str, Any]:
    return {
        "headings": list(table.headings),
        "numeric": list(table.numeric),
        "rows": [list(row) for row in table.rows],
    }


_TEXT, _NUMBER, _COUNT = {"type": "string"}, {"type": "number"}, {"type": "integer", "minimum": 0}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


def _list(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


_TABLE = _object(headings=_list(_TEXT), numeric=_list({"type": "boolean"}), rows=_list({"type": "array"}))
_ANSWER = _object(
    name=_TEXT, title=_TEXT, scope=_TEXT, as_of={"type": "string", "format": "date"},
    nodes=_list(_object(id=_TEXT, kind=_TEXT, heading=_TEXT, name=_TEXT, mark=_TEXT, x=_NUMBER, y=_NUMBER, size=_NUMBER)),
    edges=_list({
        "type": "object", "required": ["id", "from", "to", "type", "heading", "mark"],
        "properties": dict.fromkeys(("id", "from", "to", "type", "heading", "mark"), _TEXT),
    }),
    more=_list(_object(id=_TEXT, at=_TEXT, kind=_TEXT, count=_COUNT, x=_NUMBER, y=_NUMBER, text=_TEXT)),
    legend=_list(_object(kind=_TEXT, heading=_TEXT, colour=_TEXT, shape=_TEXT, count=_COUNT)),
    colour_by=_list({"type": "object"}), size_by=_list({"type": "object"}),
    tables=_object(things=_TABLE, ties=_TABLE), chart={"type": ["object", "null"]},
)  # fmt: skip


def _operation(kind: PictureKind) -> dict[str, Any]:
    scope = {"type": "string", "minLength": 1}
    parameters = [
        _parameter(
            "scope",
            "Key of the area. May be left out where the store holds exactly one district.",
            scope,
            "410411",
        ),
        _parameter(
            "as_of",
            "The day that counts. Default: the store's reference date.",
            {"type": "string", "format": "date"},
        ),
        *(_parameter(p.name, p.doc, scope, p.example, required=p.required) for p in kind.parameters),
        _parameter(FORMAT, "Form of the answer.", {"enum": [_JSON, *FORMS]}),
    ]
    content: dict[str, Any] = {"application/json": {"schema": _ANSWER}}
    for media_type, _ in FORMS.values():
        content[media_type.split(";")[0]] = {"schema": {"type": "string", "format": "binary"}}
    return {
        "operationId": f"picture_{kind.name.replace('-', '_')}", "summary": kind.title, "description": kind.doc,
        "tags": ["pictures"], "parameters": parameters,
        "responses": {
            "200": {"description": kind.meaning, "content": content},
            "400": openapi.problem(400, "A parameter is unknown, missing or wrong.", "请求不对", "缺少参数 node：对象编号，例如 Unit:U1", parameter="node"),
            **{code: openapi.PROBLEMS[code] for code in ("503", "504")},
        },
    }  # fmt: skip


def _parameter(
    name: str, doc: str, schema: dict[str, Any], example: str = "", *, required: bool = False
) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": name,
        "in": "query",
        "required": required,
        "description": doc,
        "schema": schema,
    }
    return {**described, "example": example} if example else described
