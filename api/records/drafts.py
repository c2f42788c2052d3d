"""From what was handed in to typed values, with the checks that loading makes: pure, every finding in Chinese."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from api.records.kinds import Kind, TieField
from api.refusals import Finding, InvalidInput
from graph.model import Property, ValueType
from loaders.cells import Refused
from loaders.converters import Converter, converter

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SHOWN = 40
_MOST_ENDS = 500
"""So many ends a record may name at once."""


@dataclass(frozen=True)
class End:
    """A record that a field names; `label` is empty where only the key was given."""

    id: str
    label: str
    properties: Mapping[str, Any]


@dataclass
class Draft:
    """What was handed in for one record. A value of None removes the property; a field that is left out stays."""

    id: str = ""
    properties: dict[str, Any] = field(default_factory=dict)
    ties: dict[str, list[End]] = field(default_factory=dict)


def draft_of(kind: Kind, body: Mapping[str, Any], *, creating: bool, typed: bool = True) -> Draft:
    """The draft of a body. Raises InvalidInput with everything that is wrong with it.

    `typed` values have JSON's own types, as programs write them; without it a text is read as a cell would be.
    """
    if typed:
        body, untyped = _typed(kind, body)
    else:
        untyped = []
    draft, findings = Draft(), list[Finding]()
    for name, value in body.items():
        if name == "id" and creating:
            draft.id = str(_checked(kind.node.property("id"), name, value, findings) or "")
        elif not creating and name in kind.fixed:
            findings.append(Finding(name, f"「{kind.field_heading(name)}」定下后不能再改；请撤回后重新登记"))
        elif name in kind.properties:
            draft.properties[name] = _checked(kind.properties[name], name, value, findings)
        elif name in kind.ties:
            draft.ties[name] = _ends(kind.ties[name], value, findings)
        else:
            known = [*(("id",) if creating else ()), *kind.properties, *kind.ties]
            findings.append(Finding(name[:60], f"没有这一项；可用的有：{'、'.join(known)}"))
    findings += _lacking(
        kind, draft, {each.field.partition(".")[0] for each in (*findings, *untyped)}, creating=creating
    )
    if findings or untyped:
        raise InvalidInput([*untyped, *findings])
    return draft


def _typed(kind: Kind, body: Mapping[str, Any]) -> tuple[dict[str, Any], list[Finding]]:
    """The fields whose values have the type of their property, and a finding for each of the others."""
    findings: list[Finding] = []
    for name, value in body.items():
        if name in kind.properties and not _has_type(kind.properties[name], value):
            of = kind.properties[name]
            findings.append(Finding(name, f"「{of.heading}」应为{_TYPES[of.type]}"))
        elif name in kind.ties:
            own = {each.name: each for each in kind.ties[name].properties}
            for end in value if isinstance(value, list) else [value]:
                for inner, given in end.items() if isinstance(end, dict) else ():
                    if inner in own and not _has_type(own[inner], given):
                        findings.append(
                            Finding(
                                f"{name}.{inner}", f"「{own[inner].heading}」应为{_TYPES[own[inner].type]}"
                            )
                        )
    wrong = {each.field.partition(".")[0] for each in findings}
    return {name: value for name, value in body.items() if name not in wrong}, findings


_TYPES = {
    ValueType.STRING: "文字", ValueType.TEXT: "文字", ValueType.INTEGER: "整数，例如 10", ValueType.DECIMAL: "数字，例如 0.5",
    ValueType.BOOLEAN: "true 或 false", ValueType.DATE: "日期，例如 2020-04-13", ValueType.STRINGS: "文字的列表",
}  # fmt: skip


def _has_type(of: Property, value: Any) -> bool:
    if value is None:
        return True
    number = isinstance(value, int | float) and not isinstance(value, bool)
    match of.type:
        case ValueType.INTEGER:
            return (number and value == int(value)) if not of.codes else number or isinstance(value, str)
        case ValueType.DECIMAL:
            return number
        case ValueType.BOOLEAN:
            return isinstance(value, bool)
        case ValueType.DATE:
            return isinstance(value, str) and bool(_DAY.fullmatch(value))
        case ValueType.STRINGS:
            return isinstance(value, list)
    return isinstance(value, str)


def order_findings(properties: Sequence[Property], values: Mapping[str, Any]) -> Iterator[Finding]:
    """Dates that precede the date that they must follow; `values` are all of a record, stored ones included."""
    by_name = {each.name: each for each in properties}
    for each in properties:
        begin, end = values.get(each.follows) if each.follows else None, values.get(each.name)
        if begin is not None and end is not None and end < begin:
            earlier = by_name[each.follows].heading
            yield Finding(
                each.name, f"「{each.heading}」是 {end}，早于「{earlier}」{begin}；请核对这两个日期"
            )


def _lacking(kind: Kind, draft: Draft, wrong: set[str], *, creating: bool) -> Iterator[Finding]:
    for name in (*kind.properties, *kind.ties):
        given: Any = draft.properties.get(name) if name in kind.properties else draft.ties.get(name)
        absent = given is None or given == []
        said = name in draft.properties or name in draft.ties
        if kind.required(name) and absent and (creating or said) and name not in wrong:
            yield Finding(name, f"「{kind.field_heading(name)}」是空的，这一项必须填写")
    yield from order_findings(tuple(kind.properties.values()), draft.properties)
    if kind.label == "Claim" and draft.properties.get("quantity") == 0:
        yield Finding("quantity", "「认领数量」是 0，应为 1 以上的整数")


def _checked(of: Property, name: str, value: Any, findings: list[Finding]) -> Any:
    """The typed value; None after a finding."""
    if value is None or isinstance(value, str | int | float):
        converted = _converter(of)(value)
    elif isinstance(value, list) and of.type is ValueType.STRINGS and all(isinstance(v, str) for v in value):
        converted = _converter(of)("、".join(value))
    else:
        converted = Refused(
            "应为一个值，不是列表或对象" if of.type is not ValueType.STRINGS else "应为文字的列表"
        )
    if isinstance(converted, Refused):
        says = "内容不合要求（个人信息，这里不显示）" if of.personal else f"内容是“{_shown(value)}”"
        findings.append(Finding(name, f"「{of.heading}」{says}，{converted.reason}"))
        return None
    return converted


@cache
def _converter(of: Property) -> Converter:
    return converter(of)


def _shown(value: Any) -> str:
    text = str(value).replace("\n", " ")
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def _ends(field_: TieField, value: Any, findings: list[Finding]) -> list[End]:
    if value is None:
        return []
    given = value if isinstance(value, list) else [value]
    if len(given) > 1 and not field_.many:
        findings.append(Finding(field_.name, f"「{field_.heading}」只能有一个"))
        return []
    if len(given) > _MOST_ENDS:
        findings.append(Finding(field_.name, f"「{field_.heading}」最多 {_MOST_ENDS} 个"))
        return []
    found = [_end(field_, each, findings) for each in given]
    ends = [each for each in found if each is not None]
    if len({(each.label, each.id) for each in ends}) < len(ends):
        findings.append(Finding(field_.name, f"「{field_.heading}」中有重复的编号"))
    return ends


def _end(field_: TieField, value: Any, findings: list[Finding]) -> End | None:
    """One end: a key, or an object of `id`, `label` where keys repeat, and the properties of the relationship."""
    given: Mapping[str, Any] = value if isinstance(value, dict) else {"id": value}
    before = len(findings)
    own = {each.name: each for each in field_.properties}
    for name in given:
        if name not in ("id", "label") and name not in own:
            known = "、".join(["id", "label", *own])
            findings.append(Finding(field_.name, f"没有“{name[:_SHOWN]}”这一项；可用的有：{known}"))
    id_, label = given.get("id"), given.get("label", "")
    if not isinstance(id_, str) or not id_.strip() or not id_.isprintable() or len(id_) > 200:
        findings.append(Finding(field_.name, f"「{field_.heading}」应为编号"))
    if label and label not in field_.tie.ends:
        findings.append(
            Finding(field_.name, f"「{field_.heading}」的 label 应为以下之一：{'、'.join(field_.tie.ends)}")
        )
    properties = {
        name: _checked(of, f"{field_.name}.{name}", given[name], findings)
        for name, of in own.items()
        if name in given
    }
    findings += order_findings(field_.properties, properties)
    if len(findings) > before:
        return None
    return End(str(id_).strip(), str(label or ""), properties)
