"""An endpoint per query with a route, and what tells a supervisor how the service is."""

import re
from collections.abc import Callable
from typing import Any

from apiflask import APIFlask
from flask import Response, json, request
from werkzeug.datastructures import MultiDict

from api import openapi
from api.answers import answer_json
from graph.ask import ParameterError, Reader, ask, reference_date
from graph.catalog import queries
from graph.query_file import QueryFile


def add_endpoints(app: APIFlask, store: Reader) -> None:
    """Serve every query that has a route, and describe each in the OpenAPI document."""
    for query in queries().values():
        if query.route:
            rule = re.sub(r"{(\w+)}", r"<\1>", query.route)
            app.add_url_rule(
                rule, f"query_{query.name}", hidden(app, _endpoint(store, query)), methods=["GET"]
            )

    def healthz() -> Response:
        return as_json({"status": "ok"})

    def readyz() -> Response:
        return as_json({"status": "ok", "reference_date": reference_date(store)})

    app.add_url_rule("/healthz", "healthz", hidden(app, healthz), methods=["GET"])
    app.add_url_rule("/readyz", "readyz", hidden(app, readyz), methods=["GET"])

    def describe(spec: dict[str, Any]) -> dict[str, Any]:
        spec["paths"] = {**spec.get("paths", {}), **openapi.paths(queries().values())}
        spec.setdefault("components", {})["schemas"] = openapi.SCHEMAS
        spec["tags"] = [{"name": name} for name in sorted({q.route.split("/")[2] for q in queries().values() if q.route})]  # fmt: skip
        return spec

    document(app, describe)


def document(app: APIFlask, describe: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Let `describe` add to the OpenAPI document, after those that were here before: the framework keeps one only."""
    before: Callable[[Any], Any] = app.spec_callback or (lambda spec: spec)
    app.spec_callback = lambda spec: describe(before(spec))


def hidden(app: APIFlask, view: Callable[..., Any]) -> Callable[..., Any]:
    """A view that the framework leaves out of the document: ours is computed, pages have none."""
    decorated: Callable[..., Any] = app.doc(hide=True)(view)
    return decorated


def _endpoint(store: Reader, query: QueryFile) -> Callable[..., Response]:
    def endpoint(**in_path: str) -> Response:
        return as_json(answer_json(ask(store, query, given(request.args, in_path))))

    return endpoint


def given(arguments: MultiDict[str, str], in_path: dict[str, str] | None = None) -> dict[str, Any]:
    """The parameters of a request. Raises ParameterError for one that is given twice."""
    found: dict[str, Any] = dict(in_path or {})
    for name, values in arguments.lists():
        if len(values) > 1 or name in found:
            raise ParameterError(name, f"参数 {name} 只能给一次")
        found[name] = values[0]
    return found


def as_json(value: Any, status: int = 200) -> Response:
    """A JSON answer; Chinese stays readable."""
    return Response(
        json.dumps(value, ensure_ascii=False, sort_keys=False), status, content_type="application/json"
    )
