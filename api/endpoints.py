"""An endpoint per query with a route, and what tells a supervisor how the service is."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from apiflask import APIFlask
from flask import Response, request
from werkzeug.datastructures import MultiDict

from api import openapi
from api.formats import FORMAT, as_json, as_response, format_of
from api.paging import AFTER, LIMIT, USUAL, limits_itself, page, wanted
from api.refusals import UnknownKeyError
from graph.ask import SCOPE_TEXT, Answer, ParameterError, Reader, ask, reference_date
from graph.catalog import queries
from graph.data_version import data_version
from graph.prepare import is_synthetic
from graph.query_file import Param, QueryFile

Ask = Callable[[Mapping[str, Any], str], Answer]
"""The answer to the parameters that are given, over the data of a version. Raises ParameterError."""

_INTEGER = re.compile(r"-?[0-9]{1,18}")


def add_endpoints(app: APIFlask, store: Reader) -> None:
    """Serve every query that has a route, and describe each in the OpenAPI document."""
    routed = [query for query in queries().values() if query.route]
    for query in routed:
        add_query(app, store, query, _asking(store, query))

    def healthz() -> Response:
        return as_json({"status": "ok"})

    def readyz() -> Response:
        return as_json({"status": "ok", "reference_date": reference_date(store)})

    app.add_url_rule("/healthz", "healthz", hidden(app, healthz), methods=["GET"])
    app.add_url_rule("/readyz", "readyz", hidden(app, readyz), methods=["GET"])

    def describe(spec: dict[str, Any]) -> dict[str, Any]:
        spec["paths"] = {**spec.get("paths", {}), **openapi.SERVICE}
        spec.setdefault("components", {}).update(schemas=openapi.SCHEMAS, headers=openapi.HEADERS)
        return spec

    document(app, describe)


def add_query(
    app: APIFlask,
    store: Reader,
    query: QueryFile,
    asking: Ask,
    notes: Mapping[str, Mapping[str, Any]] | None = None,
) -> None:
    """Serve a query at its route: its own parameters, and paging and formats, which are the same for all.

    `notes` has the JSON schema of each note that its answers carry.
    """
    rule = re.sub(r"{(\w+)}", r"<\1>", query.route)
    app.add_url_rule(
        rule, f"query_{query.name}", hidden(app, _endpoint(store, query, asking)), methods=["GET"]
    )

    def describe(spec: dict[str, Any]) -> dict[str, Any]:
        spec["paths"] = {**spec.get("paths", {}), query.route: {"get": openapi.operation(query, notes)}}
        tags = {each["name"] for each in spec.get("tags", [])} | {openapi.tag(query)}
        spec["tags"] = [{"name": name} for name in sorted(tags)]
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


def _asking(store: Reader, query: QueryFile) -> Ask:
    return lambda parameters, _version: ask(store, query, parameters)


def _endpoint(store: Reader, query: QueryFile, asking: Ask) -> Callable[..., Response]:
    def endpoint(**in_path: str) -> Response:
        arguments = given(request.args, in_path)
        kind = format_of(arguments.pop(FORMAT, None))
        _known(query, arguments)
        # A file is taken away whole unless a page of it is asked for.
        whole = kind != "json" and AFTER not in arguments
        asked, parameters = wanted(query, arguments, None if whole else USUAL)
        _well_formed(query, parameters)
        version = data_version(store)
        answer = replace(asking(parameters, version), synthetic=is_synthetic(store))
        if not answer.rows and not answer.notes and query.route.endswith("}"):
            raise UnknownKeyError(f"范围“{answer.parameters['scope']}”内没有这个编号的对象；请检查编号和范围")
        scope_name = _scope_name(store, answer) if kind == "xlsx" else ""
        return as_response(answer, page(answer, asked), kind, version, scope_name)

    return endpoint


def _known(query: QueryFile, arguments: Mapping[str, str]) -> None:
    own = [param.name for param in query.params]
    ours = [FORMAT] if limits_itself(query) else [LIMIT, AFTER, FORMAT]
    for name in arguments:
        if name not in own and name not in ours:
            raise ParameterError(
                name, f"查询 {query.name} 没有参数 {name[:60]}，可用的有：{'、'.join([*own, *ours])}"
            )


def visible(parameters: Mapping[str, str]) -> None:
    """Refuse a parameter that is empty or holds what nobody can see. Raises ParameterError."""
    for name, text in parameters.items():
        if not text.strip():
            raise ParameterError(name, f"参数 {name} 是空的；请给出值，或去掉这个参数")
        if not text.isprintable():
            raise ParameterError(name, f"参数 {name} 中有不能显示的字符，请去掉")


def _well_formed(query: QueryFile, parameters: Mapping[str, str]) -> None:
    """Programs write values in one form; what a clerk may type more freely elsewhere is refused here.

    Raises ParameterError.
    """
    visible(parameters)
    for name, text in parameters.items():
        param = query.param(name)
        if not _plain(param, text):
            form = "整数，例如 10" if param.type == "integer" else "true 或 false"
            raise ParameterError(name, f"参数 {name} 的值“{text[:60]}”不对：应为{form}")


def _plain(param: Param, text: str) -> bool:
    if param.type == "boolean":
        return text in ("true", "false")
    return param.type != "integer" or param.codes is not None or bool(_INTEGER.fullmatch(text))


def _scope_name(store: Reader, answer: Answer) -> str:
    found = store.read(SCOPE_TEXT, {"scope": answer.parameters["scope"]})
    return str(found[0]["name"] or "") if found else ""


def given(arguments: MultiDict[str, str], in_path: dict[str, str] | None = None) -> dict[str, Any]:
    """The parameters of a request. Raises ParameterError for one that is given twice."""
    found: dict[str, Any] = dict(in_path or {})
    for name, values in arguments.lists():
        if len(values) > 1 or name in found:
            raise ParameterError(name, f"参数 {name[:60]} 只能给一次")
        found[name] = values[0]
    return found
