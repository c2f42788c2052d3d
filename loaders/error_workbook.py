"""A workbook of the rows that were not loaded, for the clerk to mend and load again.

The headings are those of the clerk's own file, so that a mapping for it fits here too; two columns are
added that say what is wrong and where the row stood, and that are never read.
"""

import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter

from loaders.cells import CellValue
from loaders.problems import Problem, Severity
from loaders.recognise import IGNORED_ON_LOADING
from loaders.tables import Row, Table

PROBLEM_HEADING = f"问题{IGNORED_ON_LOADING}"
PLACE_HEADING = f"原来位置{IGNORED_ON_LOADING}"

_MOST_DIGITS = 10**15
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def write_error_workbook(path: Path, tables: Sequence[Table], problems: Sequence[Problem]) -> int:
    """Write the rejected rows as they were, with what is wrong. Returns their number; writes nothing for 0.

    A row is rejected when an ERROR of `problems` names its file, sheet and row. Cells at fault are red and
    carry the reason as a note. The file may hold personal data and has mode 0600. Call it once per input
    file, with `source_names.rejected_name` for the name, so that the mapping of its source is found again.
    """
    found = _by_place(problems)
    sheets = [
        (table, [row for row in table.rows if (table.file, table.sheet, row.number) in found])
        for table in tables
    ]
    sheets = [(table, rows) for table, rows in sheets if rows]
    if not sheets:
        return 0
    # Made before anything is written, so that no one else can ever open it.
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
    path.chmod(0o600)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(path, options | {"in_memory": True}) as book:
        looks = _Looks(book)
        names: set[str] = set()
        for table, rows in sheets:
            page = book.add_worksheet(_sheet_name(table.sheet, names))
            _write_sheet(page, table, rows, found, looks)
    return sum(len(rows) for _, rows in sheets)


_ByPlace = Mapping[tuple[str, str | None, int | None], Sequence[Problem]]


def _by_place(problems: Sequence[Problem]) -> _ByPlace:
    found: dict[tuple[str, str | None, int | None], list[Problem]] = defaultdict(list)
    for problem in problems:
        if problem.severity is Severity.ERROR and problem.row is not None:
            found[problem.file, problem.sheet, problem.row].append(problem)
    return dict(found)


class _Looks:
    def __init__(self, book: Any) -> None:
        self.head = book.add_format({"bold": True, "bg_color": "#e8eaed", "border": 1, "text_wrap": True})
        self.added = book.add_format({"bold": True, "bg_color": "#fce8b2", "border": 1, "text_wrap": True})
        self.why = book.add_format({"text_wrap": True, "valign": "top", "font_color": "#7f0000"})
        red = {"bg_color": "#f4c7c3"}
        # One pair per kind of cell: as it was, and at fault.
        self.text = (book.add_format({"num_format": "@"}), book.add_format(red | {"num_format": "@"}))
        self.day = tuple(book.add_format(f | {"num_format": "yyyy-mm-dd"}) for f in ({}, red))
        self.moment = tuple(book.add_format(f | {"num_format": "yyyy-mm-dd hh:mm:ss"}) for f in ({}, red))
        self.clock = tuple(book.add_format(f | {"num_format": "hh:mm:ss"}) for f in ({}, red))
        self.number = tuple(book.add_format(f) for f in ({}, red))


def _write_sheet(page: Any, table: Table, rows: Sequence[Row], found: _ByPlace, looks: _Looks) -> None:
    width = len(table.headings)
    line = _write_titles(page, table)
    page.freeze_panes(line + 1, 0)
    for position, heading in enumerate(table.headings):
        page.write_string(line, position, heading, looks.head)
        page.set_column(position, position, max(10, min(40, 2 * len(heading) + 4)))
    page.write_string(line, width, PROBLEM_HEADING, looks.added)
    page.write_string(line, width + 1, PLACE_HEADING, looks.added)
    page.set_column(width, width, 60)
    page.set_column(width + 1, width + 1, 24)
    for row in rows:
        line += 1
        wrong = found[table.file, table.sheet, row.number]
        reasons: dict[str | None, list[str]] = defaultdict(list)
        for problem in wrong:
            reasons[problem.column].append(problem.sentence)
        for position, (heading, value) in enumerate(zip(table.headings, row.values, strict=True)):
            _write_cell(page, line, position, value, looks, at_fault=heading in reasons)
            if heading in reasons:
                page.write_comment(
                    line, position, "\n".join(reasons[heading]), {"x_scale": 2.2, "author": "邻脉"}
                )
        said = [f"「{p.column}」列：{p.sentence}" if p.column else p.sentence for p in wrong]
        page.write_string(line, width, "\n".join(said)[:32_000], looks.why)
        page.write_string(line, width + 1, f"{table.sheet} 第 {row.number} 行", looks.why)


def _write_titles(page: Any, table: Table) -> int:
    """Title rows as they were: they may say what the sheet is, or the unit of its numbers. Returns the next line."""
    titles = table.title.splitlines()
    for line, title in enumerate(titles):
        page.write_string(line, 0, title)
    return len(titles)


def _write_cell(page: Any, row: int, column: int, value: CellValue, looks: _Looks, *, at_fault: bool) -> None:
    """A cell with the value that it had. Text stays text, also when it looks like a formula or a number."""
    match value:
        case None:
            page.write_blank(row, column, None, looks.number[at_fault])
        case bool():
            page.write_boolean(row, column, value, looks.number[at_fault])
        case str():
            page.write_string(row, column, _writable(value), looks.text[at_fault])
        case int() | float() if abs(value) < _MOST_DIGITS:
            page.write_number(row, column, value, looks.number[at_fault])
        case int() | float():
            page.write_string(row, column, str(value), looks.text[at_fault])
        case datetime() if value.time() != time() and value.year >= 1900:
            page.write_datetime(row, column, value.replace(tzinfo=None), looks.moment[at_fault])
        case date() if value.year >= 1900:
            page.write_datetime(row, column, date(value.year, value.month, value.day), looks.day[at_fault])
        case time():
            page.write_datetime(row, column, value.replace(tzinfo=None), looks.clock[at_fault])
        case _:  # a day before 1900, which a spreadsheet cannot hold as a date
            page.write_string(row, column, str(value), looks.text[at_fault])


def _writable(text: str) -> str:
    """A text as a cell can hold it: at most 32,767 characters, none of them half of one."""
    return text[:32_767].encode("utf-8", "replace").decode()


def _sheet_name(name: str, taken: set[str]) -> str:
    """The sheet's own name, or the nearest that Excel allows and that is not taken."""
    base = " ".join(name.translate(_FORBIDDEN).split()).strip("'")[:31] or "Sheet"
    if base.casefold() in ("history",):
        base = f"{base}_"
    number, chosen = 1, base
    while chosen.casefold() in taken:
        number += 1
        chosen = f"{base[:26]} {number}"
    taken.add(chosen.casefold())
    return chosen
