"""GET /api/docs: the OpenAPI document as a page for people. No script: the page's rules allow none from elsewhere."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from apiflask import APIFlask
from flask import render_template

from api.endpoints import hidden
from api.openapi_writes import METHODS

ROUTE = "/api/docs"
_PLACES = {"path": "地址中", "query": "参数", "header": "请求头"}


@dataclass(frozen=True)
class Row:
    """A parameter as people read it: where it stands, whether it must be given, its kind and its meaning."""

    name: str
    place: str
    required: bool
    kind: str
    meaning: str


@dataclass(frozen=True)
class Operation:
    """One method of an address. `example` is the address of a request that works as it stands, `body` the
    content that goes with it, as JSON; empty where none does."""

    name: str
    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[Row, ...]
    answers: tuple[tuple[str, str, str], ...]
    example: str
    body: str

    @property
    def opens(self) -> bool:
        """Whether its example can be opened by following a link: it reads, and names a key where it needs one."""
        return self.method == "GET" and "{" not in self.example


def add_viewer(app: APIFlask) -> None:
    """Serve the page; call it after everything that is described."""

    def page() -> str:
        document = app.spec
        assert isinstance(document, dict)  # JSON, as the application says; YAML would be a text
        return render_template("api.html", groups=groups(document), version=app.version)

    app.add_url_rule(ROUTE, "api_docs", hidden(app, page), methods=["GET"])


def groups(document: Mapping[str, Any]) -> dict[str, list[Operation]]:
    """The operations of a document by tag, both in alphabetical order."""
    found: dict[str, list[Operation]] = {}
    for path, item in sorted(document["paths"].items()):
        for method in METHODS:
            if method in item:
                described = _operation(method.upper(), path, item[method])
                found.setdefault(item[method]["tags"][0], []).append(described)
    return dict(sorted(found.items()))


def _operation(method: str, path: str, described: Mapping[str, Any]) -> Operation:
    parameters = described.get("parameters", ())
    content = described.get("requestBody", {}).get("content", {}).get("application/json", {})
    answers = tuple(
        (status, answer["description"], "、".join(answer.get("content", {})))
        for status, answer in sorted(described["responses"].items())
    )
    return Operation(
        described["operationId"], method, path, described["summary"], described["description"],
        (*_rows(parameters), *_fields(content.get("schema", {}))), answers, _example(path, parameters),
        json.dumps(content["example"], ensure_ascii=False) if "example" in content else "",
    )  # fmt: skip


def _rows(parameters: Any) -> Iterator[Row]:
    for each in parameters:
        place = _PLACES[each["in"]]
        yield Row(each["name"], place, each["required"], kind(each["schema"]), each["description"])


def _fields(schema: Mapping[str, Any]) -> Iterator[Row]:
    """The fields of a body."""
    for name, each in schema.get("properties", {}).items():
        yield Row(name, "内容", name in schema.get("required", ()), kind(each), each.get("description", ""))


def kind(schema: Mapping[str, Any]) -> str:
    """What a value may be.

    >>> kind({"type": "integer", "minimum": 1, "maximum": 1000, "default": 50})
    'integer，1–1000，默认 50'
    >>> kind({"enum": ["json", "csv"]})
    'json、csv'
    """
    if "enum" in schema:
        found = "、".join(map(str, schema["enum"]))
    else:
        types = schema.get("type", ())
        found = " ".join(
            filter(None, (*([types] if isinstance(types, str) else types), schema.get("format")))
        )
    if "minimum" in schema and "maximum" in schema:
        found += f"，{schema['minimum']}–{schema['maximum']}"
    return f"{found}，默认 {schema['default']}" if "default" in schema else found


def _example(path: str, parameters: Any) -> str:
    given = {each["name"]: (each["in"], each["example"]) for each in parameters if "example" in each}
    address = path
    for name, (place, value) in given.items():
        if place == "path":
            address = address.replace(f"{{{name}}}", quote(str(value), safe=""))
    asked = urlencode({name: value for name, (place, value) in given.items() if place == "query"})
    return f"{address}?{asked}" if asked else address
