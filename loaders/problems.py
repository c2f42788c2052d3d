"""What is wrong with data, as values: bad data is never an exception.

A `Problem` carries a whole Chinese sentence that says where, what was found and how to mend it,
beside the same facts as fields, so that a program can group, count and write them to a workbook.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Required, TypedDict, Unpack


class Severity(StrEnum):
    """How much a problem matters to the clerk."""

    ERROR = "error"
    """The row, the sheet or the file is not loaded."""
    WARNING = "warning"
    """Loaded, but someone must look at it (待确认)."""
    NOTE = "note"
    """What was done on purpose, for example a subtotal row that was left out."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding about an input file.

    `code` is a stable kebab-case reason code for programs and tests. `message` is the whole sentence
    for the clerk. `row` counts from 1 as the clerk sees it in the spreadsheet, `column` is the heading.
    `found` is the content of the cell; it is never set for a column that holds personal data.
    """

    severity: Severity
    code: str
    message: str
    file: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    found: str | None = None

    @property
    def sentence(self) -> str:
        """The message without its place, for where the place is shown by itself."""
        return self.message.removeprefix(f"{at(self.file, self.sheet, self.row, self.column)}：")


def at(file: str, sheet: str | None = None, row: int | None = None, column: str | None = None) -> str:
    """Name a place in a file as every message does; parts that are not known are left out.

    >>> at("资源清单.xlsx", "资源", 2, "数量")
    '资源清单.xlsx「资源」第 2 行「数量」列'
    >>> at("资源清单.xlsx", row=2)
    '资源清单.xlsx 第 2 行'
    >>> at("资源清单.xlsx")
    '资源清单.xlsx'
    """
    place = f"{file}「{sheet}」" if sheet else file
    if row is not None:
        place += f"第 {row} 行" if sheet else f" 第 {row} 行"
    if column is not None:
        place += f"「{column}」列" if sheet or row is not None else f" 「{column}」列"
    return place


class Place(TypedDict, total=False):
    """The keyword arguments of `error`, `warning` and `note` that say where; `file` is required."""

    file: Required[str]
    sheet: str | None
    row: int | None
    column: str | None
    found: str | None


def _problem(severity: Severity, code: str, sentence: str, place: Place) -> Problem:
    where = at(place["file"], place.get("sheet"), place.get("row"), place.get("column"))
    return Problem(severity, code, f"{where}：{sentence}", **place)


def error(code: str, sentence: str, **place: Unpack[Place]) -> Problem:
    """An ERROR whose message is the place followed by `sentence`.

    >>> error("empty-file", "是空文件", file="a.xlsx").message
    'a.xlsx：是空文件'
    """
    return _problem(Severity.ERROR, code, sentence, place)


def warning(code: str, sentence: str, **place: Unpack[Place]) -> Problem:
    """A WARNING (待确认) whose message is the place followed by `sentence`."""
    return _problem(Severity.WARNING, code, sentence, place)


def note(code: str, sentence: str, **place: Unpack[Place]) -> Problem:
    """A NOTE whose message is the place followed by `sentence`."""
    return _problem(Severity.NOTE, code, sentence, place)


class UnreadableError(Exception):
    """A file that cannot be read: raised inside a reader, and a Problem as soon as it leaves it."""

    def __init__(self, code: str, sentence: str, sheet: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence
        self.sheet = sheet

    def problem(self, file: str) -> Problem:
        """The ERROR that says this about `file`."""
        return error(self.code, self.sentence, file=file, sheet=self.sheet)
