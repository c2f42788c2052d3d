"""Answers as files: CSV and XLSX, private to their owner."""

import csv
import datetime
import io
import os
from pathlib import Path
from typing import IO, Any

from api.answers import cell, heading, is_numeric
from graph.ask import Answer
from graph.export_content import SYNTHETIC

FORMATS = ("table", "csv", "xlsx", "json")
HEADING_ROW = 3
"""The row of a workbook, counted from 0, that holds the headings; above it stand title, scope and day, and what is made up."""
_WARNING = "#b42318"
_MADE = datetime.datetime(2020, 1, 1)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_text(answer: Answer) -> str:
    """An answer as CSV with Chinese headings, without a byte order mark.

    A text that a spreadsheet would run as a formula is preceded by an apostrophe. That it is synthetic is said
    beside it, never in it: programs read every line as data.
    """
    written = io.StringIO()
    writer = csv.writer(written)
    columns = answer.query.returns
    writer.writerow([heading(column) for column in columns])
    for row in answer.rows:
        writer.writerow(
            [_plain(row[c.name]) if is_numeric(c) else _safe(cell(c, row[c.name])) for c in columns]
        )
    return written.getvalue()


def _plain(value: Any) -> Any:
    return "" if value is None else value


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def xlsx_bytes(answer: Answer, scope_name: str = "") -> bytes:
    """An answer as a workbook: title, scope and day, then a bold heading row that stays in view.

    A synthetic one says so above the headings and in the properties of the file.

    Numbers are numbers, texts are texts and never formulas. The same answer gives the same bytes.
    """
    import xlsxwriter  # here: slow to import, and most commands write no workbook

    written = io.BytesIO()
    book = xlsxwriter.Workbook(
        written, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    said = {"comments": SYNTHETIC} if answer.synthetic else {}
    book.set_properties({"title": answer.query.title, "created": _MADE, **said})
    sheet = book.add_worksheet(answer.query.title[:31].translate(str.maketrans("[]:*?/\\", "       ")))
    bold, large = (
        book.add_format({"bold": True, "bottom": 1}),
        book.add_format({"bold": True, "font_size": 14}),
    )
    columns = answer.query.returns
    sheet.write_string(0, 0, answer.query.title, large)
    sheet.write_string(1, 0, about(answer, scope_name))
    if answer.synthetic:
        sheet.write_string(
            HEADING_ROW - 1, 0, SYNTHETIC, book.add_format({"bold": True, "font_color": _WARNING})
        )
    for x, column in enumerate(columns):
        sheet.write_string(HEADING_ROW, x, heading(column), bold)
        sheet.set_column(x, x, min(48, max(10, 2 * len(heading(column)))))
    for y, row in enumerate(answer.rows, HEADING_ROW + 1):
        for x, column in enumerate(columns):
            value = row[column.name]
            if is_numeric(column) and value is not None:
                sheet.write_number(y, x, value)
            else:
                sheet.write_string(y, x, cell(column, value)[:32_000])
    sheet.freeze_panes(HEADING_ROW + 1, 0)
    book.close()
    return written.getvalue()


def about(answer: Answer, scope_name: str = "") -> str:
    """What an answer was asked of: 范围：飞行社区（410411004004）  日期：2020-10-01."""
    scope, day = answer.parameters.get("scope"), answer.parameters.get("as_of")
    place = f"{scope_name}（{scope}）" if scope_name else scope
    words = (("范围", place), ("日期", day))
    return "  ".join(f"{word}：{value}" for word, value in words if value)


def open_private(path: Path) -> IO[bytes]:
    """Open a file for writing that only its owner can read, an existing one included."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
    if os.name == "posix":
        os.fchmod(handle, 0o600)
    return os.fdopen(handle, "wb")


def write_file(answer: Answer, path: Path, kind: str) -> None:
    """Write an answer to a private file; `kind` is csv or xlsx."""
    content = xlsx_bytes(answer) if kind == "xlsx" else csv_text(answer).encode("utf-8-sig")
    with open_private(path) as file:
        file.write(content)
