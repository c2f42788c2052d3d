"""OpenAPI of the query endpoints, computed from the query files. Pure."""

from collections.abc import Mapping
from typing import Any

from api.formats import TYPES
from api.paging import MOST, USUAL, limits_itself
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
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["field", "detail"],
                    "properties": {"field": {"type": "string"}, "detail": {"type": "string"}},
                },
            },
        },
    },
}
"""The schemas that every path refers to."""
HEADERS: dict[str, Any] = {
    "ETag": {"description": "Version of this answer, for If-None-Match.", "schema": {"type": "string"}},
    "TotalCount": {
        "description": "Rows of the whole answer.",
        "schema": {"type": "string", "pattern": "^[0-9]+$"},
    },
    "Link": {
        "description": 'Address of the next page, rel="next"; not on the last.',
        "schema": {"type": "string"},
    },
    "SyntheticData": {
        "description": "`?1` where the store holds a demo: everything below the community is made up. Else absent.",
        "schema": {"const": "?1"},
    },
}
"""The headers of an answer."""
_KEYS = {"District": "410411", "Street": "410411004", "Community": "410411004004", "Building": "B1"}
"""Official codes of one district and a building in it, for examples: every operation can be tried as it stands."""
_EXAMPLES: dict[str, str | int] = {
    "id": _KEYS["Community"], "need": "N1", "q": "飞行", "unit": "U1", "owner": "U1", "resource": "Z1", "plan": "F1", "later": "F1", "area": _KEYS["Community"], "category": "K1", "quantity": 10, "start": "U1", "end": "P2", "text": "老人吃饭难", "person": "R1", "organization": "P1", "profile": '{"practice": {"unit_load": 50}}',
}  # fmt: skip


def problem(status: int, meaning: str, title: str, detail: str, **further: str) -> dict[str, Any]:
    """A response that is problem details, with an example."""
    example = {"type": "about:blank", "title": title, "status": status, "detail": detail, **further}
    return {
        "description": meaning,
        "content": {
            "application/problem+json": {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "example": example,
            }
        },
    }


PROBLEMS = {
    "400": problem(400, "A parameter is unknown, missing or wrong.", "请求不对", "参数 limit 的值“0”不对：应为 1 到 1000 的整数", parameter="limit"),
    "406": problem(406, "The Accept header allows none of the formats.", "没有这种格式", "请用参数 format"),
    "503": problem(503, "The store cannot be reached, or all of its connections are taken for longer than a while: then with a header Retry-After.", "数据库不可用", "数据库暂时连接不上，请稍后再试"),
    "504": problem(504, "The query took too long.", "超出时限", "查询用时太长，请缩小范围再试"),
}  # fmt: skip
"""How every operation that asks the store may be refused."""
_NOT_FOUND = problem(404, "Nothing in the scope has this key.", "没有找到", "范围“410411”内没有这个编号的对象；请检查编号和范围")  # fmt: skip


def _service(
    name: str, summary: str, doc: str, properties: dict[str, Any], **problems: Any
) -> dict[str, Any]:
    schema = {"type": "object", "required": list(properties), "properties": properties}
    responses = {
        "200": {"description": summary, "content": {"application/json": {"schema": schema}}},
        **problems,
    }
    return {"get": {"operationId": name, "summary": summary, "description": doc, "tags": ["service"], "responses": responses}}  # fmt: skip


_OK = {"const": "ok"}
SERVICE: dict[str, Any] = {
    "/healthz": _service("healthz", "进程在运行", "The process answers; the store is not asked.", {"status": _OK}),
    "/readyz": _service(
        "readyz", "数据库可用", "The store answers.",
        {"status": _OK, "reference_date": {"type": "string", "format": "date"}},
        **{code: PROBLEMS[code] for code in ("503", "504")},
    ),
}  # fmt: skip
"""The paths that tell a supervisor how the service is."""


def tag(query: QueryFile) -> str:
    """The group that a query is shown in: the first word of its route after /api/."""
    return query.route.split("/")[2]


def operation(query: QueryFile, notes: Mapping[str, Mapping[str, Any]] | None = None) -> dict[str, Any]:
    """The GET operation of a query that has a route; `notes` are further members of its answer."""
    files = {TYPES[kind]: {"schema": {"type": "string", "format": "binary"}} for kind in ("csv", "xlsx")}
    found = {
        "description": query.title,
        "headers": {
            "ETag": {"$ref": "#/components/headers/ETag"},
            "Total-Count": {"$ref": "#/components/headers/TotalCount"},
            "Link": {"$ref": "#/components/headers/Link"},
            "Synthetic-Data": {"$ref": "#/components/headers/SyntheticData"},
        },
        "content": {TYPES["json"]: {"schema": _answer(query, notes or {})}, **files},
    }
    unchanged = {"description": "The client's copy is current (If-None-Match)."}
    missing = {"404": _NOT_FOUND} if "{" in query.route else {}
    return {
        "operationId": query.name,
        "summary": query.title,
        "description": query.doc,
        "tags": [tag(query)],
        "parameters": [*(_parameter(p, query) for p in query.params), *_shared(query)],
        "responses": {"200": found, "304": unchanged, **PROBLEMS, **missing},
    }


def _shared(query: QueryFile) -> list[dict[str, Any]]:
    """The parameters that every operation takes beside the query's own."""
    paging = [
        _optional(
            "limit", f"Rows of a page. Default: {USUAL} as JSON; a file holds every row unless this is given.",
            {"type": "integer", "minimum": 1, "maximum": MOST},
        ),
        _optional(
            "after", "Cursor of the page before: the value of its `next`, with the same parameters.",
            {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,200}$"},
        ),
    ]  # fmt: skip
    form = _optional("format", "Form of the answer; before the Accept header.", {"enum": list(TYPES)})
    return [form] if limits_itself(query) else [*paging, form]


def _optional(name: str, doc: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": doc, "schema": schema}


def _parameter(param: Param, query: QueryFile) -> dict[str, Any]:
    in_path = f"{{{param.name}}}" in query.route
    kind: dict[str, Any] = dict(_KINDS[param.type])
    if param.codes:
        words = list(dict.fromkeys((*param.codes.values, *param.codes.labels)))
        kind = {"enum": words}
    elif kind == {"type": "string"}:
        # Something that can be seen; line ends and the like are refused.
        kind["minLength"] = 1
    if param.name == "limit":
        kind |= {"minimum": 1, "maximum": MOST}
    if param.default is not None and param.days_from_today is None:
        kind["default"] = param.default
    # A store of one district needs no scope, unless the query is of something smaller.
    required = in_path or (param.required and (param.type != "area" or "District" not in param.areas))
    described: dict[str, Any] = {
        "name": param.name,
        "in": "path" if in_path else "query",
        "required": required,
        "description": _meaning(param),
        "schema": kind,
    }
    if (example := _example(param)) is not None:
        described["example"] = example
    if param.type == "strings":
        described |= {"style": "form", "explode": False}
    return described


def _meaning(param: Param) -> str:
    if param.type == "area":
        left_out = (
            " May be left out where the store holds exactly one district."
            if "District" in param.areas
            else ""
        )
        return f"{param.doc} ({', '.join(param.areas)}).{left_out}".strip()
    if param.days_from_today is not None:
        return f"{param.doc} Default: {param.default}, from the store's reference date.".strip()
    return param.doc.strip()


def _example(param: Param) -> str | int | None:
    if param.type == "area":
        return next((key for label, key in _KEYS.items() if label in param.areas), None)
    if param.codes and param.required:
        return param.codes.values[0]
    return _EXAMPLES.get(param.name)


def _answer(query: QueryFile, notes: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    row = {
        "type": "object",
        "required": [column.name for column in query.returns],
        "properties": {column.name: _column(column) for column in query.returns},
    }
    properties = {
        "query": {"const": query.name},
        "title": {"type": "string"},
        "parameters": {"type": "object"},
        **notes,
        "columns": {"type": "array", "items": {"$ref": "#/components/schemas/Column"}},
        "rows": {"type": "array", "items": row},
        "total": {"type": "integer", "minimum": 0, "description": "Rows of the whole answer."},
        "next": {"type": ["string", "null"], "description": "`after` of the next page; null on the last."},
        "data_version": {"type": "string", "description": "Changes with every load and every write."},
    }
    said = {
        "synthetic": {"type": "string", "description": "Where the store holds a demo: that it is made up."}
    }
    return {"type": "object", "required": list(properties), "properties": {**properties, **said}}


def _column(column: Column) -> dict[str, Any]:
    kind = dict(_KINDS[column.type])
    if "$ref" in kind:
        return {"anyOf": [kind, {"type": "null"}]}
    described = "，".join(part for part in (column.heading, column.unit, column.doc) if part)
    masked = {"description": f"{described} (masked)"} if column.personal else {"description": described}
    return {**kind, "type": [kind["type"], "null"], **masked}
