"""OpenAPI of the operations that write: the same keys, token and refusals for all. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from api.openapi import PROBLEMS, problem
from api.writing import ACTOR, OPERATION

METHODS = ("get", "post", "put", "patch", "delete")
"""The methods that a document may describe, as its path items name them."""
IDEMPOTENCY: dict[str, Any] = {
    "name": OPERATION, "in": "header", "required": False,
    "description": "Key of this operation. Sent again with the same key, it acts once and answers the same.",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9._~-]{1,100}$"},
}  # fmt: skip
AS: dict[str, Any] = {
    "name": ACTOR, "in": "header", "required": False,
    "description": "Who acts, percent-encoded; the local user without it.",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9_.-]{1,60}$"},
}  # fmt: skip
CONFLICT = problem(409, "Does not go with what is there now.", "与现有的内容冲突", "内容已经变了，请重新读取后再试")  # fmt: skip
INVALID = problem(
    422, "The content is wrong; `errors` says which fields.", "内容不对", "quantity：不能小于 0"
)
MISSING = problem(404, "There is nothing with this key.", "没有找到", "没有编号为“XQ-1”的需求；请检查编号")


def in_path(name: str, doc: str, example: str) -> dict[str, Any]:
    """A parameter that stands in the address; without an example when that is empty."""
    described: dict[str, Any] = {
        "name": name, "in": "path", "required": True, "description": doc,
        "schema": {"type": "string", "minLength": 1},
    }  # fmt: skip
    return {**described, "example": example} if example else described


def write_operation(
    name: str,
    summary: str,
    doc: str,
    tag: str,
    *,
    answers: Mapping[str, tuple[str, Mapping[str, Any]]],
    body: type[BaseModel] | Mapping[str, Any] | None = None,
    example: Mapping[str, Any] | None = None,
    parameters: Sequence[Mapping[str, Any]] = (),
    problems: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """An operation that writes. `answers` maps a status to its meaning in Chinese and the JSON schema of its
    content; `body` is a pydantic model or a JSON schema, `example` a body that works on its own. `problems`
    are responses beside those that every such operation has: 400, 409, 503, 504, and 422 with a body."""
    described: dict[str, Any] = {
        "operationId": name, "summary": summary, "description": doc, "tags": [tag],
        "security": [{"csrf": []}],
        "parameters": [*parameters, IDEMPOTENCY, AS],
        "responses": {
            **{status: _answer(meaning, schema) for status, (meaning, schema) in answers.items()},
            **{status: PROBLEMS[status] for status in ("400", "503", "504")},
            "409": CONFLICT,
            **(problems or {}),
        },
    }  # fmt: skip
    if body is not None:
        schema = dict(body) if isinstance(body, Mapping) else json_schema(body)
        content: dict[str, Any] = {"schema": schema}
        if example is not None:
            content["example"] = dict(example)
        described["requestBody"] = {"required": True, "content": {"application/json": content}}
        described["responses"]["422"] = INVALID
    return described


def json_schema(model: type[BaseModel]) -> dict[str, Any]:
    """The JSON schema of a pydantic model, whole in itself: models inside it stand where they are used."""
    schema = model.model_json_schema()
    inlined: dict[str, Any] = _inlined(schema, schema.pop("$defs", {}))
    return inlined


def _inlined(schema: Any, definitions: Mapping[str, Any]) -> Any:
    if isinstance(schema, list):
        return [_inlined(each, definitions) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    return {name: _inlined(value, definitions) for name, value in schema.items()}


def _answer(meaning: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    if not schema:
        return {"description": meaning}
    return {"description": meaning, "content": {"application/json": {"schema": dict(schema)}}}
