"""What a request that writes brings with it: a JSON body, an operation's key, and who acts."""

import re
from collections.abc import Mapping
from typing import Any, TypeVar
from urllib.parse import unquote

from flask import request
from pydantic import BaseModel, ValidationError

from api.records.acts import KEY, new_operation
from api.records.kinds import LOCAL_USER
from api.refusals import Finding, InvalidInput
from graph.ask import ParameterError

OPERATION = "Idempotency-Key"
ACTOR = "X-Actor"

_LONGEST_ACTOR = 60
_ETAG = re.compile(r'(?:W/)?"?([0-9]{1,9})"?')
_SENTENCES = {
    "missing": "是必填的",
    "extra_forbidden": "没有这一项，请去掉",
    "string_type": "应为文字",
    "int_type": "应为整数，例如 10",
    "int_parsing": "应为整数，例如 10",
    "int_from_float": "应为整数，例如 10",
    "float_type": "应为数字，例如 0.5",
    "float_parsing": "应为数字，例如 0.5",
    "finite_number": "应为有限的数",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "list_type": "应为列表",
    "dict_type": "应为对象",
    "model_type": "应为对象",
    "greater_than_equal": "不能小于 {ge}",
    "greater_than": "应大于 {gt}",
    "less_than_equal": "不能大于 {le}",
    "less_than": "应小于 {lt}",
    "literal_error": "应为以下之一：{expected}",
    "enum": "应为以下之一：{expected}",
    "string_too_short": "不能少于 {min_length} 个字",
    "string_too_long": "不能超过 {max_length} 个字",
    "string_pattern_mismatch": "写法不对",
    "too_short": "不能少于 {min_length} 项",
    "too_long": "不能超过 {max_length} 项",
}
"""What pydantic's kinds of error are called; `value_error` carries our own sentence."""

Model = TypeVar("Model", bound=BaseModel)


def operation_id() -> str:
    """The request's `Idempotency-Key`, a new one where it has none. Raises ParameterError."""
    given = request.headers.get(OPERATION)
    if given is None:
        return new_operation()
    if not KEY.fullmatch(given):
        raise ParameterError(
            OPERATION, f"请求头 {OPERATION} 应为 1 到 100 个字母、数字或 . _ ~ -，例如一个 UUID"
        )
    return given


def actor() -> str:
    """Who acts: the request's `X-Actor` (percent-encoded where it is not ASCII). Raises ParameterError."""
    given = request.headers.get(ACTOR)
    if given is None:
        return LOCAL_USER
    name = unquote(given, errors="replace").strip()
    if not name or not name.isprintable() or len(name) > _LONGEST_ACTOR or "\ufffd" in name:
        raise ParameterError(
            ACTOR, f"请求头 {ACTOR} 应为经办人的编号，不超过 {_LONGEST_ACTOR} 个字；中文请按 URL 编码"
        )
    return name


def seen_revision() -> int | None:
    """The revision that the sender saw, from If-Match. Raises ParameterError."""
    given = request.headers.get("If-Match")
    if given is None or given == "*":
        return None
    found = _ETAG.fullmatch(given.strip())
    if found is None:
        raise ParameterError("If-Match", '请求头 If-Match 应为读取时得到的 ETag，例如 "3"')
    return int(found[1])


def form_revision(said: Mapping[str, str]) -> int | None:
    """The revision that a page's form was made of; None when the form does not say."""
    given = said.get("revision", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None


def json_object() -> dict[str, Any]:
    """The request's body, which must be one JSON object. Raises InvalidInput."""
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        raise InvalidInput([Finding("", '请求的内容应为一个 JSON 对象，例如 {"title": "…"}')])
    return body


def body_of(model: type[Model]) -> Model:
    """The request's body as a model. Raises InvalidInput with a sentence for each field that is wrong."""
    try:
        return model.model_validate(json_object())
    except ValidationError as error:
        raise InvalidInput(findings_of(error)) from None


def findings_of(error: ValidationError) -> list[Finding]:
    """What pydantic found, in Chinese; the value itself is not repeated."""
    found = []
    for each in error.errors(include_url=False, include_input=False):
        field = ".".join(str(part) for part in each["loc"])
        known = _SENTENCES.get(each["type"])
        context = {name: str(value) for name, value in each.get("ctx", {}).items()}
        sentence = known.format_map(context) if known else context.get("error", "内容不对")
        found.append(Finding(field, sentence))
    return found
