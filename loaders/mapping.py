"""Mappings: what the headings of one source mean, proposed by us, confirmed by people, applied to its tables. Pure.

A proposal that is not sure is marked 待确认：, and stays unused until someone takes the mark away.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from loaders.column_values import ColumnValues
from loaders.heading_words import heading_words, unit_factor
from loaders.layout import Column, SheetLayout
from loaders.qualifiers import QUALIFIES
from loaders.recognise import (
    IGNORED_ON_LOADING,
    Certainty,
    ColumnMatch,
    Constant,
    Recognition,
    column_values,
    match_columns,
    recognise,
    with_qualifiers,
)
from loaders.tables import Table

IGNORE = "忽略"
UNSURE = "待确认："

_SAMPLES = 3
_SAMPLE_LENGTH = 20


@dataclass(frozen=True)
class SheetMapping:
    """What one sheet holds.

    `layout` is the title of ours (人员), or `IGNORE`. `columns`: their heading -> our heading, our heading and `QUALIFIES`
    (a place in which the one named there lies), `IGNORE`, "" (unknown), or `UNSURE` and one of the first two. `constants`: our heading -> the value that every row has, or `UNSURE` and it.
    `remarks` are comments by heading of theirs (or ours, for constants) and take no part in comparisons.
    """

    sheet: str
    layout: str
    columns: Mapping[str, str]
    constants: Mapping[str, str] = field(default_factory=dict)
    remarks: Mapping[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class SourceMapping:
    """The mappings of the sheets of one source."""

    source: str
    sheets: tuple[SheetMapping, ...]


def propose(tables: Sequence[Table], layouts: Sequence[SheetLayout], source: str) -> SourceMapping:
    """The mapping that recognition finds, unsure entries marked. Several tables of one sheet give one entry each."""
    return SourceMapping(source, tuple(describe(table, recognise(table, layouts)) for table in tables))


def describe(table: Table, found: Recognition) -> SheetMapping:
    """What is known of a table as an entry that people can change: `apply` of it knows the same."""
    remarks: dict[str, str] = {}
    columns: dict[str, str] = {}
    for match, values in zip(found.columns, column_values(table), strict=True):
        columns[match.heading] = _entry(match)
        if match.certainty in (Certainty.LIKELY, Certainty.UNKNOWN):
            samples = "" if maybe_personal(match, values, found) else _samples(values)
            reason = match.reason or "没有认出"
            remarks[match.heading] = f"{reason}；例：{samples}" if samples else reason
    constants = {}
    for constant in found.constants:
        sure = constant.certainty is Certainty.SURE
        constants[constant.column.heading] = constant.value if sure else UNSURE + constant.value
        remarks[constant.column.heading] = constant.reason
    title = found.layout.title if found.layout else ""
    if found.certainty is Certainty.IGNORED:
        title = IGNORE
    elif title and found.certainty is not Certainty.SURE:
        title = UNSURE + title
    return SheetMapping(table.sheet, title, columns, constants, remarks)


def _entry(match: ColumnMatch) -> str:
    if match.certainty is Certainty.IGNORED:
        return IGNORE
    if match.column is None:
        return ""
    ours = match.column.heading + QUALIFIES * match.qualifies
    return ours if match.certainty is Certainty.SURE else UNSURE + ours


def maybe_personal(match: ColumnMatch, values: ColumnValues, found: Recognition) -> bool:
    """Whether a column may say who someone is. What is not recognised is not shown when it looks like it."""
    column = match.column
    if column and ((column.property and column.property.personal) or "Person" in column.ends):
        return True
    looks = values.persons > 0.3 or values.share(lambda t: re.search(r"\d{7,}", t)) > 0.3
    about_people = found.layout is not None and found.layout.node is not None and any(
        p.personal and p.name == found.layout.node.title for p in found.layout.node.properties
    )  # fmt: skip
    named = re.search(
        r"姓名|联系|电话|手机|身份|住址|地址|负责|书记|员$|长$", heading_words(match.heading).whole
    )
    return looks or bool(named) or (about_people and column is None)


def _samples(values: ColumnValues) -> str:
    shown = [t.replace("\n", " ")[:_SAMPLE_LENGTH] for t in dict.fromkeys(values.texts)][:_SAMPLES]
    return "、".join(shown)


def with_earlier(mapping: SourceMapping, earlier: SourceMapping) -> SourceMapping:
    """The mapping, and what an earlier one of the same source says of sheets that this one does not have."""
    here = {(sheet.sheet, frozenset(sheet.columns)) for sheet in mapping.sheets}
    kept = (s for s in earlier.sheets if (s.sheet, frozenset(s.columns)) not in here)
    return SourceMapping(mapping.source, (*mapping.sheets, *kept))


def apply(mapping: SourceMapping, table: Table, layouts: Sequence[SheetLayout]) -> Recognition:
    """Recognise a table with a mapping.

    What the mapping says is sure; what it marks 待确认 stays likely; headings that it does not name are
    recognised as usual. A table that the mapping does not know is recognised without it.
    """
    sheet = _sheet_for(mapping, table)
    if sheet is None:
        return recognise(table, layouts)
    if sheet.layout == IGNORE:
        ignored = tuple(ColumnMatch(h, None, Certainty.IGNORED) for h in table.headings)
        return Recognition(None, Certainty.IGNORED, ignored)
    named = sheet.layout.removeprefix(UNSURE)
    layout = next((each for each in layouts if named in (each.title, each.name)), None)
    if layout is None:
        unknown = tuple(ColumnMatch(h, None, Certainty.UNKNOWN) for h in table.headings)
        return Recognition(None, Certainty.UNKNOWN, unknown)
    certainty = Certainty.LIKELY if sheet.layout.startswith(UNSURE) else Certainty.SURE
    columns = _apply_columns(sheet, table, layout)
    constants = tuple(_constant(layout, heading, value) for heading, value in sheet.constants.items())
    return Recognition(layout, certainty, columns, constants, (layout,))


def _sheet_for(mapping: SourceMapping, table: Table) -> SheetMapping | None:
    """The entry of a table: by the sheet's name and most headings; a sheet that was renamed, by all its headings."""
    headings = {h for h in table.headings if not h.endswith(IGNORED_ON_LOADING)}
    shared = [(len(headings & set(s.columns)), s) for s in mapping.sheets if s.sheet == table.sheet]
    if shared:
        return max(shared, key=lambda pair: pair[0])[1]
    return next((s for s in mapping.sheets if s.columns and set(s.columns) == headings), None)


def _apply_columns(sheet: SheetMapping, table: Table, layout: SheetLayout) -> tuple[ColumnMatch, ...]:
    ours = {c.heading: c for c in layout.columns}
    taken = [
        ours[e.removeprefix(UNSURE)]
        for t, e in sheet.columns.items()
        if t in table.headings and e.removeprefix(UNSURE) in ours
    ]
    values = column_values(table)
    usual = match_columns(table, layout, values, taken)
    said = tuple(
        _said(match.heading, sheet.columns[match.heading], ours, table.title)
        if match.heading in sheet.columns
        else match
        for match in usual
    )
    found = with_qualifiers(said, values)
    # What the mapping leaves empty stays unknown; only headings that it does not name are looked at again.
    return tuple(s if s.heading in sheet.columns else f for s, f in zip(said, found, strict=True))


def _said(heading: str, entry: str, ours: Mapping[str, Column], title: str) -> ColumnMatch:
    if entry == IGNORE:
        return ColumnMatch(heading, None, Certainty.IGNORED)
    named = entry.removeprefix(UNSURE)
    qualifies = named.endswith(QUALIFIES) and named not in ours
    column = ours.get(named.removesuffix(QUALIFIES) if qualifies else named)
    if column is None or unit_factor(heading, title, column.property) is None:
        return ColumnMatch(heading, None, Certainty.UNKNOWN)
    if entry.startswith(UNSURE):
        return ColumnMatch(heading, column, Certainty.LIKELY, "对照表里还标着待确认", qualifies)
    return ColumnMatch(heading, column, Certainty.SURE, "", qualifies)


def _constant(layout: SheetLayout, heading: str, value: str) -> Constant:
    if value.startswith(UNSURE):
        return Constant(
            layout.column(heading), value.removeprefix(UNSURE), Certainty.LIKELY, "对照表里还标着待确认"
        )
    return Constant(layout.column(heading), value, Certainty.SURE)
