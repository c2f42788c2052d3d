"""Answers over HTTP as JSON, CSV or a workbook: which one is wanted, and the response with its ETag."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

from flask import Response, json, request
from werkzeug.exceptions import NotAcceptable

from api.answers import answer_json
from api.output import csv_text, xlsx_bytes
from api.paging import AFTER, Page
from graph.ask import Answer, ParameterError

FORMAT = "format"
TYPES = {
    "json": "application/json",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""The formats and their media types."""


def format_of(given: str | None) -> str:
    """The format that is asked for: the parameter before the Accept header, JSON where neither decides.

    Raises ParameterError for an unknown format and NotAcceptable where the header allows none of ours.
    """
    if given is not None:
        if given not in TYPES:
            raise ParameterError(FORMAT, f"参数 format 的值“{given[:60]}”不对：应为 {'、'.join(TYPES)} 之一")
        return given
    if not request.accept_mimetypes:
        return "json"
    best = request.accept_mimetypes.best_match(list(TYPES.values()))
    for name, media_type in TYPES.items():
        if best == media_type:
            return name
    # A browser that follows a link: whoever reads there can read JSON.
    if request.accept_mimetypes.accept_html:
        return "json"
    raise NotAcceptable


def as_json(value: Any, status: int = 200) -> Response:
    """A JSON answer; Chinese stays readable."""
    return Response(
        json.dumps(value, ensure_ascii=False, sort_keys=False), status, content_type="application/json"
    )


def attached(content: bytes, media_type: str, name: str, *, synthetic: bool) -> Response:
    """A file to take away. That it is synthetic stands in its name, which stays with it, and in a header."""
    response = Response(content, content_type=media_type)
    further = {"filename*": f"UTF-8''{quote(f'示例-{name}', safe='')}"} if synthetic else {}
    response.headers.set("Content-Disposition", "attachment", filename=name, **further)
    return marked(response, synthetic=synthetic)


def as_file(answer: Answer, kind: str, scope_name: str = "") -> Response:
    """An answer as a file to keep; `kind` is csv or xlsx, `scope_name` the name of its area."""
    content = xlsx_bytes(answer, scope_name) if kind == "xlsx" else csv_text(answer).encode("utf-8-sig")
    media_type = TYPES["xlsx"] if kind == "xlsx" else "text/csv; charset=utf-8"
    return attached(content, media_type, f"{answer.query.name}.{kind}", synthetic=answer.synthetic)


def marked(response: Response, *, synthetic: bool) -> Response:
    """The response, with the header that tells programs of synthetic data: `?1`, a true of RFC 9651."""
    if synthetic:
        response.headers["Synthetic-Data"] = "?1"
    return response


def as_response(answer: Answer, page: Page, kind: str, version: str, scope_name: str) -> Response:
    """A page of an answer in a format, or 304 when the client holds it already.

    The ETag covers the format, the rows and the data's version. A next page is named in the Link header too,
    because a file has no other place for it.
    """
    shown = replace(answer, rows=page.rows)
    body = {**answer_json(shown), "total": page.total, "next": page.next or None, "data_version": version}
    written = json.dumps(body, ensure_ascii=False, sort_keys=False)
    if kind == "json":
        response = marked(Response(written, content_type=TYPES[kind]), synthetic=answer.synthetic)
    else:
        response = as_file(shown, kind, scope_name)
    response.headers["Total-Count"] = str(page.total)
    if page.next:
        response.headers["Link"] = f'<{_next_address(request.args.to_dict(), page.next)}>; rel="next"'
    response.vary.add("Accept")
    response.set_etag(hashlib.sha256(f"{kind}\n{written}".encode("utf-8", "surrogatepass")).hexdigest()[:32])
    # May be kept by who asked, and must be asked for again each time.
    response.headers["Cache-Control"] = "private, no-cache"
    return response.make_conditional(request)  # type: ignore[return-value]


def _next_address(arguments: Mapping[str, str], cursor: str) -> str:
    return f"{request.path}?{urlencode({**arguments, AFTER: cursor})}"
