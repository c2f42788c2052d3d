"""The pages: the summary of an area, and a page per query. Rendered here; no script is needed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from apiflask import APIFlask
from flask import Response, make_response, render_template, request, url_for

from api.answers import cell, facts, heading, is_numeric
from api.endpoints import given, hidden
from api.errors import UnknownQueryError, problem
from api.figures import RELATIONS, UNITS, agreement, figure, published_figures
from api.output import csv_text, xlsx_bytes
from api.remembered import Remembered
from api.shares import percent
from graph.ask import (
    Answer,
    ParameterError,
    Reader,
    ask,
    default_scope,
    districts,
    reference_date,
)  # fmt: skip
from graph.catalog import queries
from graph.coverage import Coverage, coverage
from graph.gaps import Gap
from graph.prepare import store_record
from graph.query_file import QueryFile
from graph.schema.people import MEMBER_KIND
from loaders.batches import batches
from loaders.reconcile import Line, reconcile

ROWS_SHOWN = 500
RECENT_BATCHES = 5
SHOWN_GAPS = 10
"""Gaps that are shown at once; the rest unfolds."""
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Frame:
    """What every page shows around its content: whose data, of which day, and whether it is synthetic."""

    district: str | None
    district_name: str
    as_of: str
    demo: bool
    streets: list[tuple[str, str]]


def add_pages(app: APIFlask, given_store: Reader) -> None:
    """Serve the pages."""
    store = Remembered(given_store)
    app.jinja_env.filters.update(thousands=lambda n: f"{n:,}", percent=percent, figure=figure)
    app.jinja_env.globals.update(cell=cell, heading=heading, is_numeric=is_numeric, gap_url=_gap_url, key_url=_key_url, facts=facts, address=_address)  # fmt: skip
    for rule, name, view in (
        ("/", "home", lambda: _home(store)),
        ("/figures", "figures", lambda: _figures(store)),
        ("/queries", "queries", lambda: render_template("queries.html", frame=frame(store), queries=queries())),
        ("/queries/<name>", "query", lambda name: _query(store, name)),
        ("/queries/<name>.<any(csv, xlsx):kind>", "download", lambda name, kind: _download(store, name, kind)),
    ):  # fmt: skip
        app.add_url_rule(rule, name, hidden(app, view), methods=["GET"])


def frame(store: Remembered) -> Frame:
    """The frame of a store's pages, as the store is now."""
    store.refresh()
    record = store_record(store)
    day = reference_date(store)
    district = default_scope(store)
    lines = ask(store, queries()["streets"], {"scope": district, "as_of": day}).rows if district else []
    names = {d["id"]: d["name"] for d in districts(store, limit=1)} if district else {}
    return Frame(
        district, names.get(district, ""), day, bool(record and record.demo),
        [(line["street_id"], line["street"]) for line in lines],
    )  # fmt: skip


def _home(store: Remembered) -> str | Response:
    arguments = given(request.args)
    if unknown := [name for name in arguments if name not in ("scope", "as_of")]:
        raise ParameterError(unknown[0], f"首页没有参数 {unknown[0]}，可用的有：scope、as_of")
    around = frame(store)
    scope = arguments.get("scope") or around.district
    if scope is None:
        known = districts(store, limit=200)
        return render_template("choose.html" if known else "empty.html", frame=around, districts=known)
    summary = coverage(store, scope, arguments.get("as_of") or None)
    whole = scope == around.district
    return render_template(
        "home.html", frame=around, c=summary, whole=whole, members=_members(summary), areas=_areas(summary), gaps=summary.gaps[:SHOWN_GAPS], more_gaps=summary.gaps[SHOWN_GAPS:],
        recent=list(reversed(batches(store)))[:RECENT_BATCHES],
        figures=agreement(reconcile(store, published_figures(), scope)) if around.demo and whole else None,
        heat=_heat(summary),
    )  # fmt: skip


def _areas(summary: Coverage) -> str:
    order = ["街道", "居委会", "村委会", "类似", "小区", "网格", "楼栋"]
    words = [
        f"{summary.areas[kind]:,} {'栋楼' if kind == '楼栋' else f'个{kind}'}"
        for kind in order
        if summary.areas.get(kind) and kind != summary.scope_kind
    ]
    return "，".join(words)


def _members(summary: Coverage) -> list[tuple[str, int]]:
    """Members by kind, in the order of the code list."""
    return [(str(kind), summary.members[str(kind)]) for kind in MEMBER_KIND.values if kind in summary.members]


def _heat(summary: Coverage) -> dict[str, int]:
    """How warm the overdue needs of each street are shown, 0 to 3: thirds of the largest number."""
    largest = max((line.overdue for line in summary.streets), default=0)
    return {line.id: -(-3 * line.overdue // largest) if largest else 0 for line in summary.streets}


def _gap_url(gap: Gap) -> str:
    return _address("query", gap.query, gap.arguments)


def _key_url(column: str, value: Any, scope: str) -> str | None:
    """Where a key in a table leads: to the entity, unless it is a person's."""
    if isinstance(value, dict) and set(value) == {"label", "properties"} and value["label"] != "Person":
        return _address("query", "entity", {"scope": scope, "id": value["properties"]["id"]})
    if not isinstance(value, str) or column == "person_id" or not (column == "id" or column.endswith("_id")):
        return None
    return _address("query", "entity", {"scope": scope, "id": value})


def _figures(store: Remembered) -> str:
    lines: list[Line] = reconcile(store, published_figures())
    return render_template(
        "figures.html",
        frame=frame(store),
        lines=lines,
        figures=agreement(lines),
        units=UNITS,
        relations=RELATIONS,
    )


def _query(store: Remembered, name: str) -> Response:
    query = _named(name)
    asked = {k: v for k, v in given(request.args).items() if v != ""}
    answer, refusal = None, ""
    try:
        answer = ask(store, query, asked)
    except ParameterError as error:
        refusal = str(error)
    page = render_template(
        "query.html", frame=frame(store), query=query, asked=asked, answer=answer, refusal=refusal,
        shown=answer.rows[:ROWS_SHOWN] if answer else [], downloads=_downloads(query, asked), api=_api_url(query, answer) if answer else None,
    )  # fmt: skip
    # Opening a query that needs something more is the way to its form, not an error.
    return make_response(page, 400 if refusal and asked else 200)


def _address(endpoint: str, name: str, values: Mapping[str, Any], **further: Any) -> str:
    # Not as arguments of url_for: a parameter may have the name of one of its own.
    return f"{url_for(endpoint, name=name, **further)}?{urlencode(_written(values))}"


def _written(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as the API reads them: a boolean is true or false."""
    return {k: str(v).lower() if isinstance(v, bool) else v for k, v in values.items()}


def _downloads(query: QueryFile, asked: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(word, address) of each file that an answer can be taken away as."""
    kinds = (("下载 Excel", "xlsx"), ("下载 CSV", "csv"))
    return [(word, _address("download", query.name, asked, kind=kind)) for word, kind in kinds]


def _api_url(query: QueryFile, answer: Answer) -> str | None:
    if not query.route:
        return None
    values = {k: v for k, v in answer.parameters.items() if v is not None and not isinstance(v, list | dict)}
    in_path = {name: quote(str(value), safe="") for name, value in values.items()}
    beside = {name: value for name, value in values.items() if f"{{{name}}}" not in query.route}
    return f"{query.route.format_map(in_path)}?{urlencode(_written(beside))}"


def _download(store: Remembered, name: str, kind: str) -> Response:
    query = _named(name)
    answer = ask(store, query, {k: v for k, v in given(request.args).items() if v != ""})
    content, mimetype = (
        (xlsx_bytes(answer), _XLSX)
        if kind == "xlsx"
        else (csv_text(answer).encode("utf-8-sig"), "text/csv; charset=utf-8")
    )
    response = Response(content, content_type=mimetype)
    response.headers.set("Content-Disposition", "attachment", filename=f"{query.name}.{kind}")
    return response


def _named(name: str) -> QueryFile:
    found = queries().get(name)
    if found is None:
        raise UnknownQueryError(f"没有名为“{name[:60]}”的查询；所有查询见“查询”页")
    return found


def error_page(error: Exception) -> Response:
    """A page for an error. It asks the store nothing: the store may be the error."""
    body, headers = problem(error)
    response = make_response(render_template("error.html", problem=body), body["status"])
    response.headers.update(headers)
    return response
