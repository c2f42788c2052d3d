"""What the tables of a hand-in are, as people see and correct it: sheet, columns, first rows. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from api.answers import text
from api.loading import sheet_layouts
from graph.masking import mask
from loaders import mapping as mappings
from loaders import mapping_file
from loaders.drafts import LinkDraft, NodeDraft, TableDrafts
from loaders.files import InputFile
from loaders.layout import Column, Role, SheetLayout
from loaders.mapping import IGNORE, UNSURE, SheetMapping, SourceMapping
from loaders.problems import Problem
from loaders.qualifiers import QUALIFIES, can_be_qualified
from loaders.recognise import (
    Certainty,
    Recognition,
    column_values,
    recognise,
    recognise_as,
)
from loaders.source_names import source_name
from loaders.tables import Table
from loaders.typed import draft

HEAD = 2_000
"""Rows of a table that are kept to show it: recognition looks at no more."""
ROWS_SHOWN = 8
COLUMNS_SHOWN = 120
_SAMPLES = 3
_SAMPLE_LENGTH = 24


@dataclass(frozen=True)
class Section:
    """Tables of one register with the same sheet name and headings: understood together, in one way.

    `table` is the first of them, cut after `HEAD` rows; `rows` counts those of all, `files` names theirs.
    """

    source: str
    sha256: str
    files: tuple[str, ...]
    table: Table
    rows: int


@dataclass(frozen=True)
class ColumnLine:
    """One column of a table: how it is headed, what it is taken for (`entry`, as in a mapping file), and why.

    `samples` are a few of its values, masked where they may say who someone is.
    """

    letters: str
    heading: str
    entry: str
    certainty: Certainty
    reason: str
    samples: tuple[str, ...]


@dataclass(frozen=True)
class ConstantLine:
    """A column of ours that the table lacks: what all rows have there (`value`, maybe empty), and whether that is sure."""

    column: Column
    value: str
    sure: bool
    reason: str


@dataclass(frozen=True)
class FirstRow:
    """One row as it would be read: its number in the sheet, a text per heading, and why it is sent back, if it is."""

    number: int
    cells: tuple[str, ...]
    refused: tuple[str, ...] = ()


def sections_of(files: Sequence[tuple[InputFile, Sequence[Table]]], source: str) -> tuple[Section, ...]:
    """The tables of a hand-in, those that are alike together. `source` names the register if the files do not."""
    found: dict[tuple[str, str, tuple[str, ...]], Section] = {}
    for file, tables in files:
        for table in tables:
            register = source or source_name(file.name)
            key = (register, table.sheet, table.headings)
            known = found.get(key)
            if known is None:
                head = replace(table, rows=table.rows[:HEAD])
                found[key] = Section(register, file.sha256, (table.file,), head, len(table.rows))
            else:
                names = tuple(dict.fromkeys((*known.files, table.file)))
                found[key] = replace(known, files=names, rows=known.rows + len(table.rows))
    return tuple(found.values())


def understood(section: Section, mapping: SourceMapping | None) -> Recognition:
    """What is known of a section, by the mapping of its source if there is one."""
    if mapping is None:
        return recognise(section.table, sheet_layouts())
    return mappings.apply(mapping, section.table, sheet_layouts())


def column_lines(section: Section, known: Recognition) -> list[ColumnLine]:
    """The columns of a section, the first `COLUMNS_SHOWN`."""
    table = section.table
    described = mappings.describe(table, known)
    lines = []
    for letters, match, values in zip(table.columns, known.columns, column_values(table), strict=True):
        personal = mappings.maybe_personal(match, values, known)
        samples = () if match.certainty is Certainty.IGNORED else map(sample, values.texts)
        shown = list(dict.fromkeys(mask(each) if personal else each for each in samples))[:_SAMPLES]
        line = ColumnLine(letters, match.heading, described.columns[match.heading], match.certainty, match.reason, tuple(shown))  # fmt: skip
        lines.append(line)
    return lines[:COLUMNS_SHOWN]


def sample(value: str) -> str:
    """A value short enough to stand beside others."""
    line = " ".join(value.split())
    return line if len(line) <= _SAMPLE_LENGTH else line[:_SAMPLE_LENGTH] + "…"


def constant_lines(known: Recognition) -> list[ConstantLine]:
    """What the whole table may have in common: what its names say, and what is required and has no column."""
    said = {c.column.heading: c for c in known.constants}
    lines = [ConstantLine(c.column, c.value, c.certainty is Certainty.SURE, c.reason) for c in said.values()]
    return lines + [ConstantLine(c, "", True, "") for c in known.missing if c.heading not in said]


def choices(layout: SheetLayout) -> list[tuple[str, str]]:
    """(entry, words) of everything that a column of a sheet can be said to be."""
    ours = [(c.heading, f"{c.heading}（必填）" if c.required else c.heading) for c in layout.columns]
    outer = [(c.heading + QUALIFIES, c.heading + QUALIFIES) for c in layout.columns if can_be_qualified(c)]
    return [("", "不认识，先不装入"), (IGNORE, "忽略，不装入"), *ours, *outer]


def first_rows(section: Section, known: Recognition) -> tuple[tuple[str, ...], list[FirstRow]]:
    """The headings of ours that are filled, and the first rows as they would be read; nothing when none would be."""
    if not known.loadable or known.layout is None:
        return (), []
    drafts = draft(section.table, known, sha256=section.sha256, source=section.source)
    filled = {
        m.column.heading: m.heading
        for m in known.columns
        if m.column and m.certainty is Certainty.SURE and not m.qualifies
    }
    filled |= {c.column.heading: c.column.heading for c in known.constants if c.certainty is Certainty.SURE}
    columns = [c for c in known.layout.columns if c.heading in filled]
    every: tuple[NodeDraft | LinkDraft, ...] = (*drafts.nodes, *drafts.links)
    made = {each.row: each for each in every}
    rows = [
        _first_row(row.number, made.get(row.number), columns, filled, drafts)
        for row in section.table.rows[:ROWS_SHOWN]
    ]
    return tuple(c.heading for c in columns), rows


def _first_row(
    number: int,
    made: NodeDraft | LinkDraft | None,
    columns: Sequence[Column],
    filled: Mapping[str, str],
    drafts: TableDrafts,
) -> FirstRow:
    if made is None:
        said = tuple(
            f"「{p.column}」列{p.sentence}" if p.column else p.sentence
            for p in drafts.problems
            if p.row == number
        )
        return FirstRow(number, (), said or ("这一行不装入",))
    return FirstRow(number, tuple(_shown(made, column, filled[column.heading]) for column in columns))


def _shown(made: NodeDraft | LinkDraft, column: Column, heading: str) -> str:
    value = _value(made, column, heading)
    if value is None or value == "":
        return ""
    of = column.property
    if of.personal if of else "Person" in column.ends:
        names = str(value).split("、") if of is None else [value]
        return "、".join(text(mask(each)) for each in names)
    return of.codes.label(value) if of and of.codes and not isinstance(value, list) else text(value)


def _value(made: NodeDraft | LinkDraft, column: Column, heading: str) -> Any:
    if isinstance(made, LinkDraft):
        ends = {Role.START: made.start.text, Role.END: made.end.text}
        of = column.property
        return ends[column.role] if column.role in ends else made.properties.get(of.name) if of else None
    if column.role is Role.REFERENCE:
        return "、".join(r.text for r in made.references if r.heading == heading)
    assert column.property
    if column.role is Role.REFERENCE_PROPERTY:
        assert column.relationship
        name = column.relationship.name
        of_ties = (r for r in made.references if r.relationship == name and r.ends == column.ends)
        return next((r.properties.get(column.property.name) for r in of_ties), None)
    return made.id if column.property.name == "id" else made.properties.get(column.property.name)


def corrected(section: Section, known: Recognition, form: Mapping[str, str]) -> SheetMapping | Problem:
    """What a form says that a section is; a Problem, in the words of a bad mapping file, when it contradicts itself.

    `layout` is the title of a sheet of ours; `column-N` what the column at position N is; `constant-N` what
    all rows have in the column N of ours, with `sure-N` when it is confirmed. What the form leaves out
    stays as it is. With another `layout` the columns are looked at anew.
    """
    now = mappings.describe(section.table, known)
    said = form.get("layout", now.layout)
    if said == IGNORE or (said == "" and known.layout is None):
        return replace(now, layout=said)
    layout = next((each for each in sheet_layouts() if each.title == said.removeprefix(UNSURE)), known.layout)
    if layout is None:
        return now
    if layout is not known.layout:
        return mappings.describe(section.table, recognise_as(section.table, layout))
    allowed = {entry for entry, _ in choices(layout)}
    allowed |= {UNSURE + entry for entry in allowed}
    columns = dict(now.columns)
    for position, heading in enumerate(section.table.headings):
        entry = form.get(f"column-{position}", columns[heading])
        columns[heading] = entry if entry in allowed else columns[heading]
    constants = _constants(layout, now, form)
    made = SheetMapping(section.table.sheet, said, columns, constants, now.remarks)
    if form.get("confirm"):
        made = confirmed(made)
    return _sound(section, made)


def _constants(layout: SheetLayout, now: SheetMapping, form: Mapping[str, str]) -> dict[str, str]:
    constants = dict(now.constants)
    for position, column in enumerate(layout.columns):
        value = form.get(f"constant-{position}")
        if value is None:
            continue
        before = constants.pop(column.heading, "")
        if value.strip():
            unsure = before == UNSURE + value.strip() and not form.get(f"sure-{position}")
            constants[column.heading] = UNSURE * unsure + value.strip()
    return constants


def confirmed(sheet: SheetMapping) -> SheetMapping:
    """The same with everything confirmed that was only likely."""
    return replace(
        sheet,
        layout=sheet.layout.removeprefix(UNSURE),
        columns={theirs: ours.removeprefix(UNSURE) for theirs, ours in sheet.columns.items()},
        constants={ours: value.removeprefix(UNSURE) for ours, value in sheet.constants.items()},
    )


def _sound(section: Section, sheet: SheetMapping) -> SheetMapping | Problem:
    """The mapping as a file of it would be read: the same rules hold for both."""
    text_ = mapping_file.write(SourceMapping(section.source, (sheet,)))
    read = mapping_file.parse(text_, sheet_layouts(), section.files[0])
    return replace(read, row=None) if isinstance(read, Problem) else sheet


def put(
    mapping: SourceMapping | None, section: Section, sheet: SheetMapping, rest: Sequence[Section]
) -> SourceMapping:
    """A source's mapping with one section said anew; sections that it said nothing of are described as they are known."""
    sheets = []
    for each in rest:
        made = sheet if each is section else mappings.describe(each.table, understood(each, mapping))
        sheets.append(made)
    return SourceMapping(section.source, tuple(sheets))
