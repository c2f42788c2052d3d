"""What a reader hands over: sheets of plain values, and how they cross the pipe from the child process.

The pipe carries JSON, one object a line: it is as fast as any format here that cannot run code in the
reader, and lines let the parent take in one block of rows while the child writes the next.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from loaders.cells import CellValue
from loaders.problems import Problem, Severity

_BLOCK = 2_000  # rows in a line


@dataclass(frozen=True, slots=True)
class Range:
    """A rectangle of cells; rows and columns count from 1 and the last ones are included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet, exactly as it stands in the file: nothing is filled, skipped or cleaned yet.

    `rows[0]` is row number `first_row` (1 = the first row that the clerk sees); every row starts at
    column A and all have the same length. An empty cell is None. An Excel error such as `#N/A` stays
    as that text, a formula without a stored result is `cells.UNCALCULATED`, and `loaders.cells` refuses
    both. `hidden_rows` are row numbers. `name` is empty for a CSV file, which has no sheets.
    """

    file: str
    name: str
    rows: tuple[tuple[CellValue, ...], ...]
    first_row: int = 1
    hidden_rows: frozenset[int] = frozenset()
    hidden: bool = False
    merged: tuple[Range, ...] = ()
    date1904: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost. Sizes are bytes, time is seconds, `cells` and `columns` are of one sheet."""

    seconds: float = 60.0
    memory: int = 1_500_000_000
    unpacked: int = 400_000_000
    cells: int = 6_000_000
    columns: int = 500


def column_letters(column: int) -> str:
    """The letters of a column that counts from 1.

    >>> [column_letters(n) for n in (1, 26, 27, 16384)]
    ['A', 'Z', 'AA', 'XFD']
    """
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def encode_sheet(sheet: Sheet, rows: Sequence[Sequence[object]]) -> Iterator[bytes]:
    """The lines of one sheet; `rows` hold what calamine gives, and `sheet.rows` is not looked at."""
    head = asdict(replace(sheet, rows=()))
    head["hidden_rows"] = sorted(sheet.hidden_rows)
    yield _line({"sheet": head})
    for start in range(0, len(rows), _BLOCK):
        yield _line({"rows": rows[start : start + _BLOCK]})


def encode_refusal(problem: Problem) -> bytes:
    """The line of a problem that makes the whole file unreadable: sheets sent before it do not count."""
    return _line({"problem": asdict(problem), "refused": True})


def encode_problem(problem: Problem) -> bytes:
    """The line of one problem."""
    return _line({"problem": asdict(problem)})


def decode(lines: Iterable[bytes]) -> tuple[list[Sheet], list[Problem]]:
    """The sheets and problems of a child's lines. Raises ValueError for a line cut off in the middle."""
    sheets: list[Sheet] = []
    problems: list[Problem] = []
    rows: list[tuple[CellValue, ...]] = []
    for line in lines:
        item = json.loads(line, object_hook=_plain)
        if "rows" in item:
            rows += [tuple([None if v == "" else v for v in row]) for row in item["rows"]]
            continue
        if sheets:
            sheets[-1] = replace(sheets[-1], rows=(*sheets[-1].rows, *rows))
        rows = []
        if "sheet" in item:
            sheets.append(_sheet(item["sheet"]))
        else:
            if item.get("refused"):
                sheets, problems = [], []
            problems.append(_problem(item["problem"]))
    if sheets:
        sheets[-1] = replace(sheets[-1], rows=(*sheets[-1].rows, *rows))
    return sheets, problems


def _sheet(item: Mapping[str, Any]) -> Sheet:
    return Sheet(
        **{
            **item,
            "rows": (),
            "hidden_rows": frozenset(item["hidden_rows"]),
            "merged": tuple(Range(**one) for one in item["merged"]),
        }
    )


def _problem(item: Mapping[str, Any]) -> Problem:
    return Problem(**{**item, "severity": Severity(item["severity"])})


def _line(item: object) -> bytes:
    return json.dumps(item, default=_tagged, separators=(",", ":")).encode("ascii") + b"\n"


def _tagged(value: object) -> object:
    match value:
        case datetime():
            return {"$datetime": value.isoformat()}
        case date():
            return {"$date": value.isoformat()}
        case time():
            return {"$time": value.isoformat()}
        case timedelta():
            minutes, seconds = divmod(round(value.total_seconds()), 60)
            return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    raise TypeError(f"a reader gave a {type(value).__name__}, which no cell holds")


def _plain(item: dict[str, Any]) -> Any:
    if len(item) == 1:
        if "$date" in item:
            return date.fromisoformat(item["$date"])
        if "$datetime" in item:
            return datetime.fromisoformat(item["$datetime"])
        if "$time" in item:
            return time.fromisoformat(item["$time"])
    return item
