"""A record as a form: fields computed from the schema, and what a form says as the body of an act. Pure.

What a form shows travels with it (`was.NAME`), so that only what a person has changed is written, and a
conflict names only what two people wanted otherwise.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.records.kinds import Kind, TieField
from api.refusals import Finding
from graph.model import CodeList, Property, ValueType
from graph.schema import SCHEMA
from loaders.converters import split
from loaders.templates import property_note

_BLANK_ROWS = 2
"""Empty rows that a field of several ends offers beside those that are filled."""
_MOST_ROWS = 60


@dataclass(frozen=True)
class Group:
    """Records that a field may name, under a heading that may be empty: (key, name) each."""

    heading: str
    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Field:
    """One field of a form. `widget` is text, long, number, date, choice or several; `options` are (value, words),
    of `several` any number may be chosen.

    `value` is what it shows, `was` what is stored. A `personal` value is never shown: `masked` stands for it,
    and a field that is left empty keeps it. `error` says what is wrong with what was entered.
    """

    name: str
    heading: str
    widget: str
    required: bool = False
    unit: str = ""
    hint: str = ""
    options: tuple[tuple[str, str], ...] = ()
    value: str = ""
    was: str = ""
    personal: bool = False
    masked: str = ""
    error: str = ""

    @property
    def chosen(self) -> list[str]:
        """The values of a field of several."""
        return split(self.value)


@dataclass(frozen=True)
class Ends:
    """A field that names other records: a row per end, with the properties of the tie as fields of their own.

    Where all that it may name is known, `groups` are to be chosen from.
    """

    name: str
    heading: str
    required: bool
    many: bool
    hint: str
    rows: tuple[tuple[str, tuple[Field, ...]], ...]
    was: str
    fixed: bool = False
    error: str = ""
    groups: Sequence[Group] = ()


def fields(
    kind: Kind, record: Mapping[str, Any], said: Mapping[str, str], findings: Sequence[Finding] = (),
    groups: Mapping[str, Sequence[Group]] | None = None,
) -> list[Field | Ends]:  # fmt: skip
    """The fields of a form: those that must be filled first, then the words and what they are filed under.

    `record` is as `api.records.reading` answers it, empty for a new one; `said` what was entered, which then
    is shown as it was; `findings` are shown at their fields; `groups` are what fields may be chosen from.
    """
    wrong: dict[str, list[str]] = {}
    for each in findings:
        wrong.setdefault(each.field.partition(".")[0], []).append(each.detail)
    errors = {name: "；".join(dict.fromkeys(details)) for name, details in wrong.items()}
    made: list[Field | Ends] = [
        _field(of, name, kind.required(name), record.get(name), said, errors.get(name, ""))
        for name, of in kind.properties.items()
    ]
    chosen = groups or {}
    made += [_ends(kind, tie, record, said, errors.get(name, ""), chosen.get(name, ())) for name, tie in kind.ties.items()]  # fmt: skip
    told = next((each for each in made if isinstance(each, Field) and each.widget == "long"), None)

    def place(each: Field | Ends) -> tuple[bool, int]:
        # What it is filed under follows what tells it: the words, which the choice is suggested from.
        return not each.required, 0 if each is told else 1 if isinstance(each, Ends) and each.groups else 2

    return sorted(made, key=place)


def _field(
    of: Property, name: str, required: bool, stored: Any, said: Mapping[str, str], error: str
) -> Field:
    several = of.codes is not None and of.type is ValueType.STRINGS
    was = "" if of.personal else written(_ordered(of.codes, stored) if of.codes and several else stored)
    options: tuple[tuple[str, str], ...] = ()
    if of.codes:
        options = tuple((str(code.value), code.label) for code in of.codes.codes)
    elif of.type is ValueType.BOOLEAN:
        options = (("是", "是"), ("否", "否"))
    numeric = of.type in (ValueType.INTEGER, ValueType.DECIMAL)
    widget = "several" if several else "choice" if options else "number" if numeric else {ValueType.TEXT: "long", ValueType.DATE: "date"}.get(of.type, "text")  # fmt: skip
    notes = [
        note for note in property_note(of) if not note.startswith(("单位：", "从这些里选：", "个人信息"))
    ]
    hint = "" if options or widget == "date" else "；".join(notes)
    return Field(
        name, of.heading, widget, required, of.unit, hint, options, said.get(name, was), was,
        of.personal, str(stored) if of.personal and stored is not None else "", error,
    )  # fmt: skip


def _ordered(codes: CodeList, stored: Any) -> list[str]:
    """The values in the order of their code list, as a form sends them; others follow."""
    values = list(map(str, stored or ()))
    known = [str(value) for value in codes.values if str(value) in values]
    return [*known, *(value for value in values if value not in known)]


def _ends(
    kind: Kind, tie: TieField, record: Mapping[str, Any], said: Mapping[str, str], error: str, groups: Sequence[Group]
) -> Ends:  # fmt: skip
    stored = ends_of(record.get(tie.name))
    was = _canonical(stored)
    shown = _said_ends(tie, said) if f"{tie.name}.0" in said else stored
    blank = (_BLANK_ROWS if tie.many else not shown) if len(shown) < _MOST_ROWS else 0
    rows = []
    for number, end in enumerate([*shown, *({} for _ in range(int(blank)))]):
        own = tuple(
            _field(of, f"{tie.name}.{number}.{of.name}", False, end.get(of.name), {}, "")
            for of in tie.properties
        )
        rows.append((str(end.get("id", "")), own))
    names = "、".join(SCHEMA.node(end).heading for end in tie.tie.ends)
    hint = f"填：{names}的编号或名称" + ("；去掉一个，就把它清空" if tie.many else "")
    fixed = bool(record) and tie.name in kind.fixed
    return Ends(tie.name, tie.heading, kind.required(tie.name), tie.many, hint, tuple(rows), was, fixed, error, groups)  # fmt: skip


def written(value: Any) -> str:
    """A stored value as one would enter it.

    >>> written(None), written(80), written(True), written(["老人", "儿童"])
    ('', '80', '是', '老人、儿童')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def ends_of(value: Any) -> list[dict[str, Any]]:
    """The ends that an answer gives for a field: always a list, without labels."""
    given = value if isinstance(value, list) else [value] if value else []
    return [{k: v for k, v in each.items() if k != "label" and v is not None} for each in given]


def _canonical(ends: Sequence[Mapping[str, Any]]) -> str:
    texts = [{name: written(value) for name, value in end.items()} for end in ends]
    return json.dumps(
        sorted(texts, key=lambda end: end["id"]), ensure_ascii=True, sort_keys=True, separators=(",", ":")
    )


def _said_ends(tie: TieField, said: Mapping[str, str]) -> list[dict[str, Any]]:
    """The ends that a form names; rows without a key are left out."""
    found = []
    for number in range(_MOST_ROWS + _BLANK_ROWS):
        key = said.get(f"{tie.name}.{number}", "").strip()
        own = {of.name: said.get(f"{tie.name}.{number}.{of.name}", "").strip() for of in tie.properties}
        given = {name: value for name, value in own.items() if value}
        if key or given:
            found.append({"id": key, **given})
    return found


def body_of(kind: Kind, said: Mapping[str, str], *, creating: bool) -> dict[str, Any]:
    """What a form asks for, as the body of an act on untyped values: only what differs from what the form showed.

    `choose.NAME` = theirs, from a comparison, gives a field up. A personal field that is empty stays as it is,
    unless `clear.NAME` asks to remove it.
    """
    body: dict[str, Any] = {}
    for name, of in kind.properties.items():
        if name not in said or said.get(f"choose.{name}") == "theirs":
            continue
        value = said[name].strip()
        if of.personal and not creating:
            if value or said.get(f"clear.{name}"):
                body[name] = value or None
        elif value != said.get(f"was.{name}", "").strip().replace("\r\n", "\n"):
            body[name] = value or None
    for name, tie in kind.ties.items():
        if f"{name}.0" not in said or said.get(f"choose.{name}") == "theirs":
            continue
        if not creating and name in kind.fixed:
            continue
        ends = _said_ends(tie, said)
        if _canonical(ends) != said.get(f"was.{name}", "[]"):
            body[name] = ends if tie.many else next(iter(ends), None)
    return body
