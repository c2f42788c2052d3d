"""OpenAPI of the records that are written by hand, computed from the schema. Pure."""

from collections.abc import Mapping
from typing import Any

from api.openapi_writes import MISSING, in_path, write_operation
from api.records.kinds import EVALUATION, KINDS, Kind, TieField
from graph.model import Property, ValueType
from loaders.converters import LONGEST_STRING, LONGEST_TEXT

_KEY = {"type": "string", "minLength": 1, "maxLength": LONGEST_STRING}
_KNOWN = {"need": "N1", "unit": "U1", "agreement": "A1"}
"""Keys for examples, where the district of the other examples has such a record."""
_TEXT = {"type": "string", "maxLength": 2000}
_REVISION = {"type": "integer", "minimum": 0, "description": "The revision that the editor saw; as If-Match."}
IF_MATCH: dict[str, Any] = {
    "name": "If-Match", "in": "header", "required": False,
    "description": "The revision that the editor saw, as its ETag. Refused with 409 when the record has changed since.",
    "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$'},
}  # fmt: skip
EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "need": {
        "title": "老年助餐点位",
        "quantity": 20,
        "unit": "人次",
        "urgency": 4,
        "raised_in": "410411004004",
    },
    "resource": {
        "title": "多功能厅",
        "capacity": 80,
        "unit": "座",
        "offered_by": "U1",
        "serves": ["410411004004"],
    },
    "unit": {"name": "示例第三医院", "type": "医疗机构", "located_in": "410411004004"},
    "agreement": {"name": "共驻共建协议书", "with_unit": "U1", "with_organization": "P2"},
    "claim": {"by_unit": "U1", "for_need": "N1", "quantity": 5},
    "project": {"name": "日间照料中心建设", "origin": "交办", "meets": [{"id": "N1", "quantity": 5}]},
    "meeting": {"name": "4月共建单位联席会议", "held_at": "2020-04-20", "of": "P2", "discussed": ["N1"]},
}
"""A body that creates a record of each kind in the district of the other examples."""


def body_schema(kind: Kind, *, creating: bool) -> dict[str, Any]:
    """The fields of a body that creates a record, or that changes one."""
    required = [name for name in (*kind.properties, *kind.ties) if kind.required(name)]
    fields: dict[str, Any] = {}
    if creating:
        fields["id"] = {**_KEY, "description": "Key in the register; computed when left out."}
    for name, of in kind.properties.items():
        if creating or name not in kind.fixed:
            fields[name] = _field(of, empty=name not in required)
    for name, tie_field in kind.ties.items():
        if creating or name not in kind.fixed:
            fields[name] = _tie(tie_field)
    if creating and kind.label == "Project":
        fields["meeting"] = {
            **_KEY,
            "description": "The joint meeting that decided it; only with that origin.",
        }
    if not creating:
        fields["revision"] = _REVISION
    schema: dict[str, Any] = {"type": "object", "properties": fields, "additionalProperties": False}
    return {**schema, "required": required} if creating else {**schema, "minProperties": 1}


def record_schema(kind: Kind) -> dict[str, Any]:
    """A record as it is answered."""
    properties: dict[str, Any] = {
        "id": {"type": "string"}, "label": {"const": kind.label}, "revision": {"type": "integer", "minimum": 0},
        "state": {"type": ["string", "null"]}, "next": {"type": "array", "items": {"type": "string"}},
    }  # fmt: skip
    for name, of in kind.properties.items():
        properties[name] = {"description": _meaning(of) + (" (masked)" if of.personal else "")}
    for name, tie_field in kind.ties.items():
        end = {"type": "object", "required": ["label", "id"], "properties": {"label": {"type": "string"}, "id": {"type": "string"}}}  # fmt: skip
        properties[name] = {"type": "array", "items": end} if tie_field.many else {"anyOf": [end, {"type": "null"}]}  # fmt: skip
    return {"type": "object", "required": list(properties), "properties": properties}


def paths() -> dict[str, dict[str, Any]]:
    """The path items of every kind: what each method of each address does."""
    found: dict[str, dict[str, Any]] = {}
    for kind in KINDS.values():
        root, one = f"/api/{kind.path}", f"/api/{kind.path}/{{key}}"
        found[root] = {"post": _create(kind)}
        found[one] = {"get": _read(kind), "patch": _change(kind), "delete": _withdraw(kind)}
        found[f"{one}/history"] = {"get": history_operation(kind, _id(kind))}
        if kind.life:
            found[f"{one}/transitions"] = {"post": _move(kind)}
    project = KINDS["project"]
    found["/api/projects/{key}/deliveries"] = {"post": _deliver(project)}
    found["/api/projects/{key}/evaluations"] = {"post": _evaluate(project)}
    return found


def _create(kind: Kind) -> dict[str, Any]:
    return write_operation(
        f"create_{kind.command}", f"新建{kind.heading}", f"{kind.node.doc} The answer is the record.", kind.path,
        answers={"201": ("已新建", record_schema(kind)), "200": ("这个操作先前已经完成", record_schema(kind))},
        body=body_schema(kind, creating=True), example=EXAMPLES[kind.command],
    )  # fmt: skip


def _change(kind: Kind) -> dict[str, Any]:
    return write_operation(
        f"change_{kind.command}", f"修改{kind.heading}",
        "Sets the given fields; null removes a value, a list names all. The answer is the record.", kind.path,
        answers={"200": ("已修改", record_schema(kind))}, body=body_schema(kind, creating=False),
        example={"note": "已核对"} if "note" in kind.properties else {}, parameters=[_id(kind), IF_MATCH], problems={"404": MISSING},
    )  # fmt: skip


def _withdraw(kind: Kind) -> dict[str, Any]:
    doc = "Takes the step that ends its life" if kind.life else "Ends it today"
    return write_operation(
        f"withdraw_{kind.command}", f"撤回或终止{kind.heading}", f"{doc}; nothing is deleted.", kind.path,
        answers={"200": ("已办理", record_schema(kind))},
        body={"type": "object", "properties": {"reason": _TEXT}, "additionalProperties": False},
        example={"reason": "登记有误"}, parameters=[_id(kind), IF_MATCH], problems={"404": MISSING},
    )  # fmt: skip


def _move(kind: Kind) -> dict[str, Any]:
    assert kind.life
    fields: dict[str, Any] = {
        "to": {"enum": list(kind.life.codes.values), "description": "The state it goes to."},
        "reason": _TEXT, "feedback": _TEXT, "day": {"type": "string", "format": "date"}, "revision": _REVISION,
    }  # fmt: skip
    if kind.label == "Claim":
        fields["project"] = {**body_schema(KINDS["project"], creating=True), "required": []}
    first = next(step for step in kind.life.transitions if not step.requires)
    return write_operation(
        f"move_{kind.command}", f"办理{kind.heading}",
        "Takes a step of its life, see docs/lifecycle.md; `next` of the record lists those there are.", kind.path,
        answers={"200": ("已办理", record_schema(kind))},
        body={"type": "object", "required": ["to"], "properties": fields, "additionalProperties": False},
        example={"to": first.target}, parameters=[_id(kind), IF_MATCH], problems={"404": MISSING},
    )  # fmt: skip


def _deliver(kind: Kind) -> dict[str, Any]:
    quantity = {"type": "integer", "minimum": 0, "maximum": 10**15 - 1}
    return write_operation(
        "deliver", "登记兑现数量", "What has come of a resource so far. The answer is the project.", kind.path,
        answers={"200": ("已登记", record_schema(kind))},
        body={"type": "object", "required": ["resource", "quantity"], "properties": {"resource": _KEY, "quantity": quantity}, "additionalProperties": False},
        example={"resource": "ZY-0001", "quantity": 5}, parameters=[_id(kind)], problems={"404": MISSING},
    )  # fmt: skip


def _evaluate(kind: Kind) -> dict[str, Any]:
    body = body_schema(EVALUATION, creating=True)
    fields = {name: each for name, each in body["properties"].items() if name != "of"}
    return write_operation(
        "evaluate", "登记评价", "What one side says of a project that is done. The answer is the evaluation.", kind.path,
        answers={"201": ("已登记", record_schema(EVALUATION)), "200": ("这个操作先前已经完成", record_schema(EVALUATION))},
        body={**body, "properties": fields, "required": [name for name in body["required"] if name != "of"]},
        example={"direction": "居民→项目", "score": 95, "text": "办得及时。"}, parameters=[_id(kind)], problems={"404": MISSING},
    )  # fmt: skip


def _read(kind: Kind) -> dict[str, Any]:
    return _reading(
        f"{kind.command}_record", f"{kind.heading}", "The record as it is now.", kind, record_schema(kind)
    )


def history_operation(kind: Kind, key: Mapping[str, Any]) -> dict[str, Any]:
    """The operation that tells what has happened to a record; `key` is the parameter that names it."""
    text = {"type": ["string", "null"]}
    entry = {
        "what": {"enum": ["step", "change"]}, "at": text, "actor": text, "file": text, "from": text, "to": text, "reason": text,
        "changes": {"type": "array", "items": {"type": "object", "required": ["field", "heading", "before", "after"]}},
    }  # fmt: skip
    item = {"type": "object", "required": list(entry), "properties": entry}
    schema = {"type": "object", "required": ["id", "history"], "properties": {"id": {"type": "string"}, "history": {"type": "array", "items": item}}}  # fmt: skip
    doc = "The steps that it took and the changes of its fields, the oldest first."
    described = _reading(f"{kind.command}_history", f"{kind.heading}的经过", doc, kind, schema)
    return {**described, "parameters": [key]}


def _reading(name: str, summary: str, doc: str, kind: Kind, schema: Mapping[str, Any]) -> dict[str, Any]:
    described = write_operation(
        name, summary, doc, kind.path, answers={"200": (summary, schema)}, parameters=[_id(kind)], problems={"404": MISSING},
    )  # fmt: skip
    del described["security"], described["responses"]["409"]
    described["parameters"] = [_id(kind)]
    return described


def _id(kind: Kind) -> dict[str, Any]:
    return in_path("key", f"Key of the {kind.command}.", _KNOWN.get(kind.command, ""))


def _field(of: Property, *, empty: bool) -> dict[str, Any]:
    schema = _value(of)
    schema["description"] = _meaning(of)
    if not empty:
        return schema
    if "enum" in schema:
        schema["enum"] = [*schema["enum"], None]
    else:
        schema["type"] = [schema["type"], "null"]
    return schema


def _value(of: Property) -> dict[str, Any]:
    if of.codes and of.type is not ValueType.STRINGS:
        return {"enum": list(dict.fromkeys((*of.codes.values, *of.codes.labels)))}
    match of.type:
        case ValueType.INTEGER | ValueType.DECIMAL:
            kind: dict[str, Any] = {"type": "integer" if of.type is ValueType.INTEGER else "number"}
            bounds = {"minimum": of.minimum, "maximum": of.maximum}
            return kind | {name: bound for name, bound in bounds.items() if bound is not None}
        case ValueType.BOOLEAN:
            return {"type": "boolean"}
        case ValueType.DATE:
            return {"type": "string", "format": "date"}
        case ValueType.STRINGS:
            item = {"enum": list(of.codes.values)} if of.codes else {"type": "string", "maxLength": LONGEST_STRING}  # fmt: skip
            return {"type": "array", "items": item}
    return {"type": "string", "maxLength": LONGEST_TEXT if of.type is ValueType.TEXT else LONGEST_STRING}


def _tie(tie_field: TieField) -> dict[str, Any]:
    own = {each.name: _field(each, empty=True) for each in tie_field.properties}
    whole = {
        "type": "object", "required": ["id"], "additionalProperties": False,
        "properties": {"id": _KEY, "label": {"enum": list(tie_field.tie.ends)}, **own},
    }  # fmt: skip
    end: dict[str, Any] = {"anyOf": [_KEY, whole]}
    what = (
        f"{tie_field.heading}: key of {', '.join(tie_field.tie.ends)}; an object where a key needs its label"
    )
    if tie_field.many:
        return {"type": "array", "items": end, "description": f"{what}."}
    return {"anyOf": [_KEY, whole, *([] if tie_field.tie.required else [{"type": "null"}])], "description": f"{what}."}  # fmt: skip


def _meaning(of: Property) -> str:
    return f"{of.heading}{f'（{of.unit}）' if of.unit else ''}: {of.doc}"
