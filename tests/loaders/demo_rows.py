"""Reading the demo's rows in tests by the names of the schema, so that no test repeats a heading."""

from datetime import date
from functools import cache

from loaders.demo.generate import DemoDistrict, Rows, generate
from loaders.demo.rows import LAYOUTS, Row, SheetRows

SHEETS = {name: SheetRows(name) for name in LAYOUTS}


@cache
def two_districts() -> tuple[DemoDistrict, ...]:
    """The first two districts of the demo; made once per run, never to be changed."""
    return tuple(generate(2))


def heading(sheet: str, key: str) -> str:
    """The heading of a property or relationship in a sheet, so that tests do not repeat it."""
    return SHEETS[sheet]._columns[key].heading


def column(rows: Rows, sheet: str, key: str) -> list[object]:
    return [row.get(heading(sheet, key)) for row in rows[sheet]]


def where(rows: Rows, sheet: str, **equal: object) -> list[Row]:
    wanted = {heading(sheet, key): value for key, value in equal.items()}
    return [row for row in rows[sheet] if all(row.get(h) == value for h, value in wanted.items())]


def several(cell: object) -> list[str]:
    return str(cell).split("、") if cell is not None else []


def number(value: object) -> float:
    assert isinstance(value, (int, float))
    return value


def day(value: object) -> date:
    assert isinstance(value, date)
    return value
