"""From a recognised table to drafts: every cell typed and checked, every finding a problem.

A row with any problem is rejected as a whole: a value that was left out in silence would be missed by
nobody until it is needed. All problems of a row are reported at once, so that a clerk mends it once.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from graph.schema.formats import AREA_CODE, PERSON_NUMBER
from loaders.cells import UNCALCULATED, CellValue, Refused
from loaders.converters import Converter, converter, percent_of_fractions, reference_converter
from loaders.drafts import LinkDraft, NodeDraft, Reference, TableDrafts
from loaders.heading_words import unit_factor
from loaders.layout import Column, Role, SheetLayout
from loaders.problems import Problem, error, note, warning
from loaders.qualifiers import order_of, qualified
from loaders.recognise import Certainty, Recognition
from loaders.repeats import Repeat, identity_parts, sift
from loaders.tables import Row, Table

_SHOWN = 40
_EMPTY = "是空的，这一列必须填写；这一行没有导入"


@dataclass(frozen=True, slots=True)
class _Field:
    """One column of ours in this table: where its cells stand (-1: a constant) and how they are typed.

    `outer` are the columns that say in what the place named here lies, the outermost first.
    """

    column: Column
    heading: str
    position: int
    convert: Converter
    constant: object = None
    outer: tuple["_Field", ...] = ()

    @property
    def name(self) -> str:
        """Name of the property; empty for a reference."""
        return self.column.property.name if self.column.property else ""

    @property
    def personal(self) -> bool:
        """Whether the content may say who someone is, so that no message quotes it."""
        of = self.column.property
        return of.personal or of.format == PERSON_NUMBER if of else "Person" in self.column.ends


@dataclass(slots=True)
class _Work:
    """The table being typed, and what was found so far."""

    table: Table
    layout: SheetLayout
    fields: list[_Field]
    problems: list[Problem] = field(default_factory=list)
    rejected: set[int] = field(default_factory=set)

    def refuse(
        self, row: int, code: str, sentence: str, heading: str | None = None, found: str | None = None
    ) -> None:
        """Reject a row for a reason."""
        self.rejected.add(row)
        table = self.table
        self.problems.append(
            error(code, sentence, file=table.file, sheet=table.sheet, row=row, column=heading, found=found)
        )


def draft(table: Table, recognition: Recognition, *, sha256: str, source: str) -> TableDrafts:
    """Type the rows of a table with its sure columns and constants.

    `sha256` is of the file's content, `source` the register it is an issue of (`source_names.source_name`).
    `problems` of the result are those of rows and cells; `findings.recognition_problems` has those of
    columns. Raises ValueError for a recognition that is not `loadable`: the caller reports why instead.
    """
    if not recognition.loadable or recognition.layout is None:
        raise ValueError(f"{table.file} {table.sheet}: not loadable, report recognition_problems instead")
    work = _Work(table, recognition.layout, _fields(table, recognition))
    nodes: list[NodeDraft] = []
    links: list[LinkDraft] = []
    if _constants_hold(work):
        _note_fractions(work)
        if recognition.layout.node:
            nodes = _without_repeats(work, _nodes(work))
        else:
            links = _without_repeats(work, _links(work))
    return TableDrafts(
        table.file, table.sheet, sha256, source, recognition.layout.name,
        nodes, links, tuple(work.problems), frozenset(work.rejected),
    )  # fmt: skip


_Draft = TypeVar("_Draft", NodeDraft, LinkDraft)


def _without_repeats(work: _Work, drafts: Iterator[_Draft]) -> list[_Draft]:
    """Rows that come twice: the second of two identical ones is noted, one with the same key refused."""
    kept, repeats = sift(drafts, work.layout)
    for repeat in repeats:
        if repeat.identical:
            table, sentence = work.table, f"与第 {repeat.first} 行完全相同，只导入一次"
            work.problems.append(
                note("row-repeated", sentence, file=table.file, sheet=table.sheet, row=repeat.row)
            )
        else:
            work.refuse(repeat.row, "key-repeated", _repeat_sentence(work.layout, repeat))
    return kept


def _repeat_sentence(layout: SheetLayout, repeat: Repeat) -> str:
    if layout.node is None:
        return f"与第 {repeat.first} 行说的是同一条{layout.title}，内容却不同；请只留对的一行。这一行没有导入"
    if repeat.numbered:
        return f"编号与第 {repeat.first} 行相同，内容却不同；请改正编号，或只留对的一行。这一行没有导入"
    return f"与第 {repeat.first} 行像是同一个{layout.title}，内容却不同；同一个请只留一行，不同的请各填编号。这一行没有导入"


def _fields(table: Table, recognition: Recognition) -> list[_Field]:
    found: list[_Field] = []
    outer: dict[str, list[_Field]] = {}
    sure = [(n, m, m.column) for n, m in enumerate(recognition.columns) if m.certainty is Certainty.SURE]
    for position, match, column in sure:
        if column and match.qualifies:
            one = _Field(column, match.heading, position, reference_converter(replace(column, many=False)))
            outer.setdefault(column.heading, []).append(one)
    for position, match, column in sure:
        if column and not match.qualifies:
            cells = [row.values[position] for row in table.rows] if _percent(column) else []
            convert = _converter(column, match.heading, table, cells)
            around = sorted(outer.get(column.heading, ()), key=lambda f: order_of(f.heading))
            found.append(_Field(column, match.heading, position, convert, outer=tuple(around)))
    there = {f.column.heading for f in found}
    for constant in recognition.constants:
        column = constant.column
        if constant.certainty is Certainty.SURE and column.heading not in there:
            convert = _converter(column, column.heading, table, [])
            found.append(_Field(column, column.heading, -1, convert, convert(constant.value)))
    return found


def _percent(column: Column) -> bool:
    return column.property is not None and column.property.unit == "%"


def _converter(column: Column, heading: str, table: Table, cells: Sequence[CellValue]) -> Converter:
    if column.property is None:
        return reference_converter(column)
    factor = 100.0 if percent_of_fractions(cells) else unit_factor(heading, table.title, column.property)
    if factor is None:
        raise ValueError(f"{table.file} {table.sheet}: unit of {heading!r} does not go with {column.heading}")
    return converter(column.property, factor=factor, date1904=table.date1904)


def _constants_hold(work: _Work) -> bool:
    """Whether every constant can be typed; if not, no row is loaded, and one problem says why."""
    for each in work.fields:
        if isinstance(each.constant, Refused):
            sentence = f"给整张表定的「{each.heading}」不对，{each.constant.reason}；请在对照表里改正。整张表没有导入"
            work.problems.append(
                error("bad-constant", sentence, file=work.table.file, sheet=work.table.sheet)
            )
            work.rejected.update(row.number for row in work.table.rows)
            return False
    return True


def _note_fractions(work: _Work) -> None:
    for each in work.fields:
        if _percent(each.column) and each.position >= 0:
            cells = [row.values[each.position] for row in work.table.rows]
            if percent_of_fractions(cells):
                sentence = "的数都不超过 1，已当作百分比读：0.25 读作 25%；若确实是 0.25%，请写成文字“0.25%”"
                table = work.table
                work.problems.append(
                    warning(
                        "percent-fractions", sentence, file=table.file, sheet=table.sheet, column=each.heading
                    )
                )


def _cell(work: _Work, row: Row, each: _Field) -> object:
    """The typed value of one field of a row; a refused cell rejects the row and counts as empty."""
    if each.position < 0:
        return each.constant
    value = each.convert(row.values[each.position])
    if value.__class__ is Refused:
        assert isinstance(value, Refused)
        _refuse_cell(work, row, each, value)
        return None
    if value is None and each.column.required:
        work.refuse(row.number, "required-empty", _EMPTY, each.heading)
    return value


def _refuse_cell(work: _Work, row: Row, each: _Field, refused: Refused) -> None:
    found = None if each.personal else _shown(row.values[each.position])
    says = "内容不合要求（个人信息，这里不显示）" if found is None else f"内容是“{found}”"
    blank = "" if each.column.required or "请留空" in refused.reason else "；没有请留空"
    work.refuse(
        row.number, "bad-cell", f"{says}，{refused.reason}{blank}。改好之前这一行不导入", each.heading, found
    )


def _shown(value: CellValue) -> str:
    if value == UNCALCULATED:
        return "公式"
    text = str(value).replace("\n", " ")
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def _nodes(work: _Work) -> Iterator[NodeDraft]:
    assert work.layout.node
    node = work.layout.node
    own = [f for f in work.fields if f.column.role is Role.PROPERTY and f.name != "id"]
    key = next((f for f in work.fields if f.name == "id" and f.column.role is Role.PROPERTY), None)
    ties = [f for f in work.fields if f.column.role is Role.REFERENCE]
    of_ties = {t.heading: _tie_fields(work, t) for t in ties}
    orders = {heading: _follows(fields) for heading, fields in of_ties.items()}
    orphans = [
        f
        for f in work.fields
        if f.column.role is Role.REFERENCE_PROPERTY and not any(f in fs for fs in of_ties.values())
    ]
    follows = _follows(own)
    codes = next((f.name for f in own if f.column.property and f.column.property.format == AREA_CODE), "")
    for row in work.table.rows:
        before = len(work.problems)
        properties = {f.name: _cell(work, row, f) for f in own}
        identifier = _cell(work, row, key) if key else None
        references: list[Reference] = []
        absent: list[str] = []
        for tie in ties:
            named = _references(work, row, tie, of_ties[tie.heading], orders[tie.heading])
            references.extend(named)
            if not named and tie.column.relationship:
                absent.append(tie.column.relationship.name)
        for orphan in orphans:
            if _cell(work, row, orphan) is not None:
                work.refuse(
                    row.number,
                    "tie-missing",
                    f"填了，但表里没有它所说的{_naming(orphan.column)}列；请补上那一列，或清空这一格",
                    orphan.heading,
                )
        _check_order(work, row, properties, follows)
        if not identifier and not node.identity:
            identifier = _official_id(properties.get(codes))
        made = NodeDraft(
            node.label, str(identifier or ""), properties, tuple(references), tuple(absent), row.number
        )
        # An official area without its code is found by its name when it is resolved.
        if not made.id and node.identity and not any(identity_parts(made, work.layout)):
            work.refuse(row.number, "no-identity", _identity_sentence(work.layout))
        if len(work.problems) == before:
            yield made


def _references(
    work: _Work, row: Row, tie: _Field, details: Sequence[_Field], follows: Sequence["_Order"]
) -> list[Reference]:
    """What one cell names, with the properties of the tie from their own columns."""
    named = _cell(work, row, tie)
    properties = {f.name: _cell(work, row, f) for f in details}
    assert tie.column.relationship
    if named is None:
        for each in details:
            if properties[each.name] is not None and tie.position >= 0 and row.values[tie.position] is None:
                sentence = f"填了，但「{tie.heading}」是空的；请补填「{tie.heading}」，或清空这一格"
                work.refuse(row.number, "tie-missing", sentence, each.heading)
        return []
    _check_order(work, row, properties, follows)
    texts: Sequence[Any] = named if isinstance(named, list) else [named]
    if tie.outer:
        around = _around(work, row, tie.outer)
        texts = [qualified(text, around) for text in texts]
    return [
        Reference(tie.column.relationship.name, tie.column.ends, t, tie.heading, properties) for t in texts
    ]


def _around(work: _Work, row: Row, outer: Sequence[_Field]) -> list[str]:
    """The names of the places around the one that a row names; empty cells say nothing."""
    names: list[str] = []
    for each in outer:
        value = each.convert(row.values[each.position])
        if isinstance(value, Refused):
            _refuse_cell(work, row, each, value)
        elif value is not None:
            names.append(str(value))
    return names


def _tie_fields(work: _Work, tie: _Field) -> list[_Field]:
    return [
        f for f in work.fields
        if f.column.role is Role.REFERENCE_PROPERTY and f.column.relationship == tie.column.relationship and f.column.ends == tie.column.ends
    ]  # fmt: skip


def _links(work: _Work) -> Iterator[LinkDraft]:
    relationship = work.layout.relationship
    assert relationship
    by_role = {f.column.role: f for f in work.fields if f.column.role in (Role.START, Role.END)}
    start, end = by_role[Role.START], by_role[Role.END]
    own = [f for f in work.fields if f.column.role is Role.PROPERTY]
    follows = _follows(own)
    for row in work.table.rows:
        before = len(work.problems)
        ends = [_cell(work, row, start), _cell(work, row, end)]
        properties = {f.name: _cell(work, row, f) for f in own}
        _check_order(work, row, properties, follows)
        if len(work.problems) == before:
            first, second = (
                Reference("", f.column.ends, str(text), f.heading)
                for f, text in zip((start, end), ends, strict=True)
            )
            yield LinkDraft(relationship.name, first, second, properties, row.number)


_Order = tuple[str, str, _Field, _Field]


def _follows(fields: Sequence[_Field]) -> list[_Order]:
    """Pairs of dates of which the second must not precede the first."""
    by_name = {f.name: f for f in fields if f.name}
    return [
        (p.follows, p.name, by_name[p.follows], f)
        for f in fields
        if (p := f.column.property) and p.follows in by_name
    ]


def _check_order(work: _Work, row: Row, properties: Mapping[str, Any], follows: Sequence[_Order]) -> None:
    for earlier, later, first, second in follows:
        begin, end = properties[earlier], properties[later]
        if begin is not None and end is not None and end < begin:
            says = "" if second.personal else f"是 {end}，"
            sentence = f"{says}早于「{first.heading}」{'' if first.personal else begin}；请核对这两个日期。改好之前这一行不导入"
            work.refuse(row.number, "wrong-order", sentence, second.heading, None if second.personal else end)


def _official_id(codes: object) -> str:
    """The key of an official area from its codes: the statistical one."""
    found = codes if isinstance(codes, list) else []
    return next((c.removeprefix("nbs:") for c in found if c.startswith("nbs:")), "")


def _identity_sentence(layout: SheetLayout) -> str:
    assert layout.node
    key = next(c.heading for c in layout.columns if c.property and c.property.name == "id")
    names = {c.property.name: c.heading for c in layout.columns if c.property}
    parts = "」「".join(names.get(i, i) for i in layout.node.identity)
    return f"没有「{key}」，「{parts}」也都是空的，认不出是哪一条；请补填编号，或补填这几列"


def _naming(column: Column) -> str:
    return f"“{column.relationship.heading}”" if column.relationship else ""
