"""The records over HTTP: read, created, changed, moved through their lives, withdrawn."""

from collections.abc import Callable
from typing import Any

from apiflask import APIFlask
from flask import Response, request, url_for

from api.connection import writable
from api.endpoints import document, hidden
from api.formats import as_json
from api.records import describing, editing, moving, projects, reading
from api.records.acts import Act
from api.records.kinds import KINDS, Kind
from api.writing import actor, json_object, operation_id, seen_revision
from graph.ask import ParameterError, Reader
from graph.operations import Outcome


def add_records(app: APIFlask, store: Reader) -> None:
    """Serve every kind of record and describe it; call it after the queries, which share some addresses."""
    for kind in KINDS.values():
        _add_kind(app, store, kind)

    def act() -> Act:
        return Act(writable(store), operation_id(), actor())

    def deliver(key: str) -> Response:
        _no_parameters()
        return _answer(projects.deliver(act(), key, json_object()))

    def evaluate(key: str) -> Response:
        _no_parameters()
        return _answer(projects.evaluate(act(), key, json_object()), 201)

    _serve(app, "/api/projects/<key>/deliveries", "project_deliveries", deliver, "POST")
    _serve(app, "/api/projects/<key>/evaluations", "project_evaluations", evaluate, "POST")

    def describe(spec: dict[str, Any]) -> dict[str, Any]:
        for path, item in describing.paths().items():
            spec["paths"][path] = {**spec["paths"].get(path, {}), **item}
        tags = {each["name"] for each in spec.get("tags", [])} | {kind.path for kind in KINDS.values()}
        spec["tags"] = [{"name": name} for name in sorted(tags)]
        return spec

    document(app, describe)


def _add_kind(app: APIFlask, store: Reader, kind: Kind) -> None:
    name, root = kind.command, f"/api/{kind.path}"

    def act() -> Act:
        return Act(writable(store), operation_id(), actor())

    def create() -> Response:
        _no_parameters()
        outcome = editing.create(act(), kind, json_object())
        response = _answer(outcome, 201)
        response.headers["Location"] = url_for(f"{name}_read", key=outcome.answer["id"])
        return response

    def read(key: str) -> Response:
        _no_parameters()
        return _answer(Outcome(reading.record(store, kind, key), repeated=False))

    def change(key: str) -> Response:
        _no_parameters()
        return _answer(editing.change(act(), kind, key, json_object(), seen_revision()))

    def withdraw(key: str) -> Response:
        _no_parameters()
        return _answer(editing.withdraw(act(), kind, key, json_object(), seen_revision()))

    def move(key: str) -> Response:
        _no_parameters()
        return _answer(moving.move(act(), kind, key, json_object(), seen_revision()))

    def history(key: str) -> Response:
        _no_parameters()
        return as_json({"id": key, "history": reading.history(store, kind, key)})

    _serve(app, root, f"{name}_create", create, "POST")
    _serve(app, f"{root}/<key>", f"{name}_read", read, "GET")
    _serve(app, f"{root}/<key>", f"{name}_change", change, "PATCH")
    _serve(app, f"{root}/<key>", f"{name}_withdraw", withdraw, "DELETE")
    _serve(app, f"{root}/<key>/history", f"{name}_history", history, "GET")
    if kind.life:
        _serve(app, f"{root}/<key>/transitions", f"{name}_move", move, "POST")


def _serve(app: APIFlask, rule: str, name: str, view: Callable[..., Response], method: str) -> None:
    app.add_url_rule(rule, name, hidden(app, view), methods=[method])


def _answer(outcome: Outcome, created: int = 200) -> Response:
    """The answer of an act; a repetition of one that created something is told by 200 in place of 201."""
    response = as_json(outcome.answer, 200 if outcome.repeated else created)
    response.set_etag(str(outcome.answer["revision"]))
    return response


def _no_parameters() -> None:
    if name := next(iter(request.args), None):
        raise ParameterError(name, f"这个地址没有参数 {name[:60]}；内容写在请求的 JSON 中")
