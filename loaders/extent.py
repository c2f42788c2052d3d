"""How far the content of a sheet reaches, and what to keep when one cell stands far from all others. Pure.

A stray cell in the last row of the last column makes a sheet of 17 thousand million cells. Readers that
build the whole rectangle end the process, so the rectangle is computed before anything is read.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from loaders.problems import UnreadableError
from loaders.sheets import Limits, column_letters

_ROW_GAP = 1_000
_COLUMN_GAP = 50


@dataclass(frozen=True, slots=True)
class Extent:
    """The rectangle to read, from A1 to the given cell, and the cells outside it."""

    last_row: int
    last_column: int
    outside: tuple[tuple[int, int], ...] = ()

    def warning(self) -> str:
        """The sentence about the cells outside: how many, the first of them, and how to mend it."""
        row, column = self.outside[0]
        count = f"等 {len(self.outside)} 个单元格" if len(self.outside) > 1 else "单元格"
        return (
            f"{column_letters(column)}{row} {count}有内容，但离表格太远，已略过；"
            "如果不需要，请删除它所在的行和列后保存"
        )


def sound_extent(cells: Iterable[tuple[int, int]], limits: Limits, sheet: str) -> Extent:
    """The rectangle of the cells with content, given as (row, column) from 1.

    When it is larger than `limits`, it is cut at the first wide gap of empty rows or columns. Raises
    UnreadableError when even that is too large.

    >>> sound_extent([(1, 1), (2, 3), (1048576, 16384)], Limits(), "S")
    Extent(last_row=2, last_column=3, outside=((1048576, 16384),))
    """
    filled = sorted(cells)
    if not filled:
        return Extent(0, 0)
    last_row, last_column = filled[-1][0], max(column for _, column in filled)
    if _fits(last_row, last_column, limits):
        return Extent(last_row, last_column)
    last_row = _before_gap({row for row, _ in filled}, _ROW_GAP)
    last_column = _before_gap({column for row, column in filled if row <= last_row}, _COLUMN_GAP)
    if not last_row or not last_column or not _fits(last_row, last_column, limits):
        raise _too_large(filled, limits, sheet)
    outside = tuple((row, column) for row, column in filled if row > last_row or column > last_column)
    return Extent(last_row, last_column, outside)


def _fits(rows: int, columns: int, limits: Limits) -> bool:
    return columns <= limits.columns and rows * columns <= limits.cells


def _before_gap(numbers: set[int], gap: int) -> int:
    last = 0
    for number in sorted(numbers):
        if number - last > gap:
            break
        last = number
    return last


def _too_large(filled: list[tuple[int, int]], limits: Limits, sheet: str) -> UnreadableError:
    row, column = filled[-1][0], max(column for _, column in filled)
    if column > limits.columns:
        return UnreadableError(
            "too-many-columns",
            f"内容一直到 {column_letters(column)} 列（第 {column} 列），最多能读 {limits.columns} 列；"
            "请删除多余的列后保存",
            sheet,
        )
    return UnreadableError(
        "too-many-cells",
        f"内容一直到 {column_letters(column)}{row}，有 {row * column:,} 个单元格，"
        f"最多能读 {limits.cells:,} 个；请拆成几个文件",
        sheet,
    )
