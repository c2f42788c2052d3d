"""Answers as files: CSV and XLSX, private to their owner."""

import csv
import io
import os
from pathlib import Path
from typing import IO, Any

from api.answers import cell, heading, is_numeric
from graph.ask import Answer

FORMATS = ("table", "csv", "xlsx", "json")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_text(answer: Answer) -> str:
    """An answer as CSV with Chinese headings, without a byte order mark.

    A text that a spreadsheet would run as a formula is preceded by an apostrophe.
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


def xlsx_bytes(answer: Answer) -> bytes:
    """An answer as a workbook: a bold heading row that stays in view, numbers as numbers, texts as texts."""
    import xlsxwriter  # here: slow to import, and most commands write no workbook

    written = io.BytesIO()
    book = xlsxwriter.Workbook(
        written, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(answer.query.title[:31].translate(str.maketrans("[]:*?/\\", "       ")))
    bold = book.add_format({"bold": True, "bottom": 1})
    columns = answer.query.returns
    for x, column in enumerate(columns):
        sheet.write_string(0, x, heading(column), bold)
        sheet.set_column(x, x, min(48, max(10, 2 * len(heading(column)))))
    for y, row in enumerate(answer.rows, 1):
        for x, column in enumerate(columns):
            value = row[column.name]
            if is_numeric(column) and value is not None:
                sheet.write_number(y, x, value)
            else:
                sheet.write_string(y, x, cell(column, value)[:32_000])
    sheet.freeze_panes(1, 0)
    book.close()
    return written.getvalue()


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
