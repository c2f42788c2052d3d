"""查询: every named query with its documentation, a form for its parameters, its answer and its text."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

from apiflask import APIFlask
from flask import Response, make_response, render_template, request

from api.answers import facts
from api.endpoints import given, hidden
from api.errors import UnknownQueryError
from api.formats import as_file
from api.pages.frame import AROUND, Asked, Frame, add_page, frame, query_address
from api.pages.tables import Table, has_page, thing
from api.remembered import Remembered
from graph.ask import Answer, ParameterError, ask
from graph.catalog import queries
from graph.prepare import is_synthetic
from graph.query_file import SUBJECTS, QueryFile

LABELS = {
    "scope": "范围（区域编号）", "as_of": "截至", "limit": "最多几条", "id": "对象编号", "need": "需求编号", "unit": "单位编号",
    "person": "人员编号", "organization": "组织编号", "owner": "提供方编号", "category": "大类", "soon": "到期早于", "expired": "已到期",
    "confirmed": "已确认", "confirmed_since": "确认不早于", "overdue": "已超期", "used": "用过或已承诺", "complete": "三方齐备",
    "start": "起点编号", "end": "终点编号",
}  # fmt: skip
"""What a form calls the parameters that no code list names; others keep their own name."""


def add(app: APIFlask, store: Remembered) -> None:
    """Serve the list, a page per query, and its answer as a file."""
    app.jinja_env.globals.update(key_url=_key_url, facts=facts)

    def index(asked: Asked) -> str:
        words = asked.own.get("q", "").lower().split()
        found = [query for query in queries().values() if all(word in _told(query) for word in words)]
        groups = [(subject, [q for q in found if q.subject == subject]) for subject in SUBJECTS]
        return render_template(
            "queries.html", frame=asked.frame, total=len(queries()), found=len(found), words=" ".join(words),
            groups=[(subject, of) for subject, of in groups if of],
        )  # fmt: skip

    add_page(app, store, "/queries", "queries", index, ("q",))
    for rule, name, view in (
        ("/queries/<name>", "query", lambda name: _query(store, name)),
        ("/queries/<name>.<any(csv, xlsx):kind>", "download", lambda name, kind: _download(store, name, kind)),
    ):  # fmt: skip
        app.add_url_rule(rule, name, hidden(app, view), methods=["GET"])


def _told(query: QueryFile) -> str:
    """Everything that is said of a query in the list, in small letters."""
    said = (query.subject, query.title, query.name, *(p.name for p in query.params), *(c.heading for c in query.returns))  # fmt: skip
    return " ".join(said).lower()


def _query(store: Remembered, name: str) -> Response:
    query = _named(name)
    asked = _given()
    turned = (
        {"page": asked.pop("page")}
        if "page" in asked and not any(p.name == "page" for p in query.params)
        else {}
    )
    answer: Answer | None = None
    table: Table | None = None
    refusal = ""
    try:
        found = ask(store, query, asked)
        answer, table = found, Table("rows", query.title, found).turned(turned)
    except ParameterError as error:
        refusal = str(error)
    page = render_template(
        "query.html", frame=_frame(store, asked), query=query, asked=asked, answer=answer, refusal=refusal,
        table=table, labels=LABELS, downloads=_downloads(query, asked), api=_api_url(query, answer) if answer else None,
    )  # fmt: skip
    # Opening a query that needs something more is the way to its form, not an error.
    return make_response(page, 400 if refusal and (turned or set(asked) - set(AROUND)) else 200)


def _given() -> dict[str, str]:
    return {k: v for k, v in given(request.args).items() if v != ""}


def _frame(store: Remembered, asked: Mapping[str, str]) -> Frame:
    """The frame; that of the whole when the answer's own refusal already says what is wrong with scope or day."""
    try:
        return frame(store, asked)
    except ParameterError:
        return frame(store, {})


def _downloads(query: QueryFile, asked: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(word, address) of each file that an answer can be taken away as."""
    kinds = (("下载 Excel", "xlsx"), ("下载 CSV", "csv"))
    return [(word, query_address(query.name, asked, "download", kind=kind)) for word, kind in kinds]


def _api_url(query: QueryFile, answer: Answer) -> str | None:
    if not query.route:
        return None
    values = {k: v for k, v in answer.parameters.items() if v is not None and not isinstance(v, list | dict)}
    in_path = {name: quote(str(value), safe="") for name, value in values.items()}
    beside = {
        name: str(value).lower() if isinstance(value, bool) else value
        for name, value in values.items()
        if f"{{{name}}}" not in query.route
    }
    return f"{query.route.format_map(in_path)}?{urlencode(beside)}"


def _key_url(column: str, value: Any) -> str | None:
    """Where a key in a table leads: to the page of what it names, unless it is a person's."""
    if isinstance(value, dict) and set(value) == {"label", "properties"} and has_page(value["label"].lower()):
        return thing(value["label"].lower(), value["properties"]["id"])
    if not isinstance(value, str) or not (column == "id" or column.endswith("_id")):
        return None
    kind = column.removesuffix("_id")
    return thing(kind, value) if has_page(kind) else None


def _download(store: Remembered, name: str, kind: str) -> Response:
    query = _named(name)
    answer = ask(store, query, _given())
    return as_file(replace(answer, synthetic=is_synthetic(store)), kind)


def _named(name: str) -> QueryFile:
    found = queries().get(name)
    if found is None:
        raise UnknownQueryError(f"没有名为“{name[:60]}”的查询；所有查询见“查询”页")
    return found
