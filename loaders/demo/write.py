"""Workbooks of a demo, one per register, as a district's offices keep them: a title row, headings, rows.

Every title says 示例数据. Most registers have real dates; those of agreements and meetings are typed as
offices type them, so that loading the demo reads these forms as well.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter

from loaders.demo.figures import REFERENCE_DATE, SEED
from loaders.demo.generate import DemoDistrict, generate
from loaders.demo.rows import LAYOUTS, Cell, Row, used_columns
from loaders.layout import SheetLayout

REGISTERS: dict[str, tuple[str, ...]] = {
    # file: the sheets in it
    "区": ("District",), "街道": ("Street",), "社区": ("Community",), "小区": ("Estate",), "网格": ("Grid",),
    "楼栋": ("Building",), "党组织": ("PartyOrganization",), "党员花名册": ("Person",), "任职": ("HOLDS",),
    "共建单位": ("Unit",), "共建协议": ("Agreement", "PROMISES"), "组织名录": ("Organization",), "阵地": ("Venue",),
    "物业管理区域": ("PropertyArea",), "类别": ("Category", "CAN_SERVE"), "需求清单": ("Need",), "资源清单": ("Resource",),
    "项目清单": ("Project", "MEETS", "USES"), "认领": ("Claim",), "联席会议": ("Meeting",), "项目评价": ("Evaluation",),
}  # fmt: skip
"""The files of one district; all layouts are in one of them."""

_TYPED_DATES = {"Agreement": "{0.year}.{0.month}.{0.day}", "Meeting": "{0.year}年{0.month}月{0.day}日"}
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write_workbooks(folder: Path, districts: int = 1, seed: int = SEED) -> list[Path]:
    """Write the workbooks of a demo into a folder, which is made if it is not there; the files in order.

    With several districts a file's name begins with the district's, so that one district's register is
    never taken for a later issue of another's. The same arguments write the same bytes. All persons are
    made up (see `names`). Raises `ValueError` when there are not that many districts, `OSError` when the
    folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for district in generate(districts, seed):
        for register, names in REGISTERS.items():
            present = [name for name in names if name in district.rows]
            if present:
                path = folder / f"{f'{district.name}-' if districts > 1 else ''}{register}.xlsx"
                _write_workbook(path, district, present)
                written.append(path)
    return written


def _write_workbook(path: Path, district: DemoDistrict, names: Sequence[str]) -> None:
    with xlsxwriter.Workbook(str(path), _OPTIONS) as workbook:
        workbook.set_properties({
            "title": f"{district.name}{path.stem}（示例数据）",
            "comments": "示例数据：社区以下均为虚构，不含真实人员",
            "created": datetime.combine(REFERENCE_DATE, time()),
        })  # fmt: skip
        for name in names:
            layout = LAYOUTS[name]
            _write_sheet(
                workbook, workbook.add_worksheet(layout.title), district, layout, district.rows[name]
            )


def _write_sheet(
    workbook: Any, sheet: Any, district: DemoDistrict, layout: SheetLayout, rows: Sequence[Row]
) -> None:
    columns = used_columns(layout, rows)
    for position, width in enumerate(_widths([column.heading for column in columns], rows)):
        sheet.set_column(position, position, width)
    sheet.freeze_panes(2, 0)
    title = workbook.add_format({"bold": True, "font_size": 14, "align": "center"})
    bold = workbook.add_format({"bold": True, "bg_color": "#e8eef5", "border": 1})
    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
    sheet.merge_range(
        0,
        0,
        0,
        len(columns) - 1,
        f"{district.name}{layout.title}登记表（示例数据，截至{REFERENCE_DATE}）",
        title,
    )
    for position, column in enumerate(columns):
        sheet.write_string(1, position, column.heading, bold)
    write = _cell_writer(sheet, day, _TYPED_DATES.get(layout.name))
    for number, row in enumerate(rows, 2):
        for position, column in enumerate(columns):
            value = row.get(column.heading)
            if value is not None:
                write(number, position, value)


def _cell_writer(sheet: Any, day: Any, typed_date: str | None) -> Callable[[int, int, Cell], None]:
    def write(row: int, column: int, value: Cell) -> None:
        if isinstance(value, str):
            sheet.write_string(row, column, value)
        elif not isinstance(value, date):
            sheet.write_number(row, column, value)
        elif typed_date is None:
            sheet.write_datetime(row, column, value, day)
        else:
            sheet.write_string(row, column, typed_date.format(value))

    return write


def _widths(headings: Sequence[str], rows: Sequence[Row]) -> Iterator[float]:
    """Column widths that show most cells; a Han character takes the room of two letters."""
    for heading in headings:
        lengths = [2 * len(heading)]
        lengths += [sum(1 + (c > "\u2e80") for c in str(row.get(heading, ""))) for row in rows[:40]]
        yield min(46, max(lengths) + 2)
