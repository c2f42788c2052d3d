"""One shape for every error over HTTP: problem details (RFC 9457), and one table from exception to status."""

import logging
from typing import Any

from flask import Response, json, request
from werkzeug.exceptions import HTTPException

from api.refusals import Conflict, InvalidInput, UnknownKeyError
from graph.ask import ParameterError
from graph.operations import KeyUsedTwice, Overtaken
from graph.store_errors import QueryTimeout, StoreBusy, StoreUnavailable, UniqueViolation

log = logging.getLogger("linmai.errors")

TITLES = {
    400: ("请求不对", "请检查地址中的参数"),
    404: ("没有这个地址", "请检查地址，或回到首页"),
    405: ("不支持这种请求", "这个地址不支持这种请求；可用的见响应头 Allow"),
    406: (
        "没有这种格式",
        "请求的 Accept 中没有可用的格式；可用的有：application/json、text/csv、xlsx，或用参数 format",
    ),
    409: ("与现有的内容冲突", "内容已经变了，请重新读取后再试"),
    413: ("请求太大", "请求的内容太大"),
    414: ("地址太长", "请求的地址太长"),
    422: ("内容不对", "请求的内容不对，请改正后再试"),
    500: ("程序出错", "程序出错了，请稍后再试；错误已记入服务的输出"),
    503: ("数据库不可用", "数据库暂时连接不上，请稍后再试"),
    504: ("超出时限", "查询用时太长，请缩小范围再试"),
}
"""Chinese title and default detail of each status."""


class ForgedRequest(Exception):
    """A request that writes and shows no valid token."""

    def __init__(self) -> None:
        super().__init__(
            "请求没有带上有效的令牌，为防伪造没有执行。网页请刷新后再试；"
            "程序请先读取 /api/csrf-token，再把令牌写在请求头 X-CSRFToken 中，并带上同时得到的 cookie"
        )


class UnknownQueryError(LookupError):
    """A name that no query has; the text is a Chinese sentence."""


class TooLarge(Exception):
    """A request with more content than is taken here; the text is a Chinese sentence."""


STATUS: tuple[tuple[type[Exception], int], ...] = (
    (ParameterError, 400),
    (ForgedRequest, 400),
    (UnknownQueryError, 404),
    (UnknownKeyError, 404),
    (Conflict, 409),
    (KeyUsedTwice, 409),
    (UniqueViolation, 409),
    (Overtaken, 409),
    (TooLarge, 413),
    (InvalidInput, 422),
    (StoreUnavailable, 503),
    (StoreBusy, 503),
    (QueryTimeout, 504),
)
"""Exceptions whose own sentence is for the user, with the status that they mean."""


def problem(error: Exception) -> tuple[dict[str, Any], dict[str, str]]:
    """Problem details of an exception, and the headers that go with them. What is unexpected says nothing of itself."""
    headers: dict[str, str] = {}
    status = next((code for kind, code in STATUS if isinstance(error, kind)), 500)
    detail = str(error) if status != 500 else ""
    if isinstance(error, StoreBusy):
        headers["Retry-After"] = "5"
    if isinstance(error, HTTPException):
        status = error.code or 500
        if status == 405 and (allowed := getattr(error, "valid_methods", None)):
            headers["Allow"] = ", ".join(sorted(allowed))
    title, usual = TITLES.get(status, ("请求不能完成", "请求不能完成"))
    if isinstance(error, UnknownKeyError):
        title = "没有找到"
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail or usual,
    }
    if isinstance(error, ParameterError):
        body["parameter"] = error.name
    if isinstance(error, InvalidInput):
        body["errors"] = [each._asdict() for each in error.findings]
    if isinstance(error, Conflict):
        body |= error.members
    return body, headers


def respond(error: Exception) -> Response:
    """The answer to a request that ended with `error`, as problem details."""
    body, headers = problem(error)
    if body["status"] == 500:
        # The rule, not the address: an address may hold a key of a person.
        log.error(
            "error in %s: %s",
            request.url_rule or "-",
            type(error).__name__,
            exc_info=error if log.isEnabledFor(logging.DEBUG) else None,
        )
    response = Response(
        json.dumps(body, ensure_ascii=False), body["status"], content_type="application/problem+json"
    )
    response.headers.update(headers)
    return response
