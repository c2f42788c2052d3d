"""Rows of the demo's sheets: from the schema's names to the headings and words that an office writes."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from graph.schema import SCHEMA
from loaders.layout import Column, Role, SheetLayout, layouts

Cell = str | int | float | date
Row = dict[str, Cell]
"""Heading -> what stands in the cell; an empty cell has no key."""

LAYOUTS: Mapping[str, SheetLayout] = {layout.name: layout for layout in layouts(SCHEMA)}


class SheetRows:
    """Makes the rows of one layout, so that no heading is ever typed here.

    >>> sheet = SheetRows("Person")
    >>> sheet.row(id="demo-1", name="示例", BELONGS_TO="demo-2", BELONGS_TO_from=date(2020, 1, 1))
    {'编号': 'demo-1', '姓名': '示例', '所属党组织': 'demo-2', '转入日期': datetime.date(2020, 1, 1)}
    """

    def __init__(self, name: str) -> None:
        self.layout = LAYOUTS[name]
        self._columns = {_key(column): column for column in self.layout.columns}

    def row(self, **values: Any) -> Row:
        """One row. Keys are property names, names of relationships, `RELATIONSHIP_property`, and for a sheet
        of relationships `start` and `end`; a trailing underscore is cut off (`from_`). None is an empty cell.

        Raises `KeyError` for a key that the sheet has no column for, `ValueError` for a value outside its
        code list.
        """
        row: Row = {}
        for key, value in values.items():
            column = self._columns[key.rstrip("_")]
            if value is not None and value != () and value != []:
                row[column.heading] = _written(column, value)
        return row


def _key(column: Column) -> str:
    if column.role is Role.PROPERTY:
        assert column.property
        return column.property.name
    if column.role in (Role.START, Role.END):
        return column.role.value
    assert column.relationship
    relationship = column.relationship.name
    return f"{relationship}_{column.property.name}" if column.property else relationship


def _written(column: Column, value: Any) -> Cell:
    if isinstance(value, (list, tuple)):
        return "、".join(str(_written(column, each)) for each in value)
    if isinstance(value, bool):
        return "是" if value else "否"
    codes = column.property.codes if column.property else None
    if codes is not None:
        if value not in codes.values:
            raise ValueError(f"{column.heading}: {value!r} is not in the code list {codes.name}")
        return codes.label(value)
    assert isinstance(value, (str, int, float, date)), f"{column.heading}: {value!r}"
    return value


def used_columns(layout: SheetLayout, rows: Iterable[Row]) -> list[Column]:
    """The columns of a layout that any of the rows fills, in the layout's order."""
    filled: set[str] = set()
    for row in rows:
        filled.update(row)
    return [column for column in layout.columns if column.heading in filled]
