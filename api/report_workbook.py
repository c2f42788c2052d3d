"""The quarterly report as a workbook: a cover, the gaps, a sheet per question, each ready to be printed on A4.

Pure: a `Report` in, the bytes of an .xlsx out.
"""

import io
import math
import unicodedata
from collections.abc import Sequence
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from api.answers import cell, heading, is_numeric
from api.report import Report, Section
from graph.gaps import Gap
from graph.query_file import Column

COVER, GAPS = "封面", "缺口总表"
_A4 = 9
_PORTRAIT_CHARACTERS = 88
"""So many characters of the body's size stand side by side on an upright A4 sheet."""
_LANDSCAPE_CHARACTERS = 150
"""As many on a lying one, in print that is still read easily; more are wrapped."""
_LEAST_CHARACTERS = 60
_WIDEST, _NARROWEST = 44, 8
_LONGEST = 32_000
_HEADING_ROW, _FIRST_ROW = 2, 3

_BODY: dict[str, Any] = {"font_name": "宋体", "font_size": 10.5, "valign": "vcenter"}
_BOXED = {**_BODY, "border": 1, "border_color": "#9aa5b1"}
_FORMATS: dict[str, dict[str, Any]] = {
    "cover": {"font_name": "黑体", "font_size": 22, "align": "center", "valign": "vcenter", "text_wrap": True},
    "title": {"font_name": "黑体", "font_size": 16, "valign": "vcenter"},
    "line": {**_BODY, "font_color": "#52606d", "text_wrap": True},
    "warning": {**_BODY, "bold": True, "font_color": "#b3261e", "text_wrap": True},
    "head": {**_BOXED, "bold": True, "bg_color": "#e4ecf4", "align": "center", "text_wrap": True},
    "text": {**_BOXED, "text_wrap": True},
    "link": {**_BOXED, "font_color": "#0b5394", "underline": 1},
    "whole": {**_BOXED, "num_format": "#,##0"},
    "decimal": {**_BOXED, "num_format": "#,##0.##"},
    "share": {**_BOXED, "num_format": "0.0%"},
    "total": {**_BOXED, "bold": True, "num_format": "#,##0", "top": 2},
}  # fmt: skip


def report_bytes(report: Report) -> bytes:
    """The workbook of a report."""
    written = io.BytesIO()
    book = xlsxwriter.Workbook(
        written, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"title": _title(report), "comments": "LinMai 邻脉"})
    formats = {name: book.add_format(values) for name, values in _FORMATS.items()}
    _cover(book.add_worksheet(COVER), report, formats)
    _gaps(book.add_worksheet(GAPS), report, formats)
    for section in report.sections:
        _sheet(book.add_worksheet(section.part.sheet), report, section, formats)
    book.close()
    return written.getvalue()


def _title(report: Report) -> str:
    return f"{report.scope_name}组织与资源季度报告"


def _cover(sheet: Worksheet, report: Report, formats: dict[str, Format]) -> None:
    widths = (5, 21, 26, 7, 29)
    for x, width in enumerate(widths):
        sheet.set_column(x, x, width)
    sheet.set_row(0, 64)
    sheet.merge_range(0, 0, 0, 4, _title(report), formats["cover"])
    facts = [
        f"范围：{report.scope_kind} {report.scope_name}（编号 {report.scope}）",
        f"数据截至：{report.as_of}　　生成时间：{report.made_at}",
        "个人信息：完整，请勿外传，用完请删除" if report.unmasked else "个人信息：已遮盖",
        "填报单位：　　　　　　　　填表人：　　　　　　　　审核人：　　　　　　　　日期：",
    ]
    y = 1
    if report.demo:
        sheet.set_row(y, 22)
        sheet.merge_range(
            y, 0, y, 4, "示例数据：本报告的数据由程序生成，不是真实情况，不能上报", formats["warning"]
        )
        y += 1
    for fact in facts:
        sheet.set_row(y, 22)
        alarming = report.unmasked and fact.startswith("个人信息")
        sheet.merge_range(y, 0, y, 4, fact, formats["warning" if alarming else "line"])
        y += 1
    y += 1
    for x, text in enumerate(("序号", "工作表", "回答什么", "行数", "来源（查询名）")):
        sheet.write_string(y, x, text, formats["head"])
    sheet.repeat_rows(y)
    contents = [(GAPS, "缺了什么、缺多少，缺得多的在前", len(report.gaps), "linmai coverage")]
    contents += [(s.part.sheet, s.query.title, len(s.rows), s.query.name) for s in report.sections]
    for number, (name, title, rows, source) in enumerate(contents, 1):
        y += 1
        sheet.write_number(y, 0, number, formats["whole"])
        sheet.write_url(y, 1, f"internal:'{name}'!A1", formats["link"], name)
        sheet.write_string(y, 2, title, formats["text"])
        sheet.write_number(y, 3, rows, formats["whole"])
        sheet.write_string(y, 4, source, formats["text"])
    _print(sheet, report, last_row=y, widths=widths)


def _gaps(sheet: Worksheet, report: Report, formats: dict[str, Format]) -> None:
    titles = ("问题", "缺", "应有", "单位", "占比", "名单的来源（查询名）")
    widths = [34, 8, 8, 6, 9, 54]
    line = f"{_where(report)}　截至 {report.as_of}　只列有缺口的项，占比大的在前"
    _head(sheet, "缺口总表", line, titles, widths, formats)
    for y, gap in enumerate(report.gaps, _FIRST_ROW):
        sheet.set_row(y, _height([gap.heading, _asked(gap)], [widths[0], widths[-1]]))
        sheet.write_string(y, 0, gap.heading, formats["text"])
        sheet.write_number(y, 1, gap.lacking, formats["whole"])
        sheet.write_number(y, 2, gap.due, formats["whole"])
        sheet.write_string(y, 3, gap.unit, formats["text"])
        sheet.write_number(y, 4, gap.share, formats["share"])
        sheet.write_string(y, 5, _asked(gap), formats["text"])
    last = _FIRST_ROW + len(report.gaps) - 1
    if not report.gaps:
        last = _nothing(sheet, "没有缺口", len(titles), formats)
    _print(sheet, report, last_row=last, widths=widths)


def _asked(gap: Gap) -> str:
    told = (f"{name}={value}" for name, value in gap.arguments.items() if name not in ("scope", "as_of"))
    return " ".join((gap.query, *told))


def _sheet(sheet: Worksheet, report: Report, section: Section, formats: dict[str, Format]) -> None:
    part, columns = section.part, section.columns
    shown = [[_shown(c, row[c.name]) for c in columns] for row in section.rows]
    titles = [heading(column) for column in columns]
    widths = _widths(titles, [[_text(value) for value in row] for row in shown])
    day = f"截至 {report.as_of}" if section.dated else "不分日期，为库中全部记录"
    masked = "　个人信息已遮盖" if section.personal and not report.unmasked else ""
    line = f"{_where(report)}　{day}　来源：查询 {section.query.name}（{section.query.title}）{masked}"
    _head(sheet, part.sheet, line, titles, widths, formats)
    for y, row in enumerate(shown, _FIRST_ROW):
        sheet.set_row(y, _height([_text(value) for value in row], widths))
        for x, (column, value) in enumerate(zip(columns, row, strict=True)):
            _write(sheet, y, x, value, formats[_format_of(part.shares, column, value)])
    last = _FIRST_ROW + len(shown) - 1
    if not shown:
        last = _nothing(sheet, "没有缺口" if part.is_gap else "没有记录", len(columns), formats)
    else:
        sheet.autofilter(_HEADING_ROW, 0, last, len(columns) - 1)
        if part.totals and len(shown) > 1:
            last += 1
            _totals(sheet, section, last, formats["total"])
    _print(sheet, report, last_row=last, widths=widths)


def _head(
    sheet: Worksheet,
    title: str,
    line: str,
    titles: Sequence[str],
    widths: Sequence[float],
    formats: dict[str, Format],
) -> None:
    """Title, the line on scope, day and source, and the heading row."""
    for x, width in enumerate(widths):
        sheet.set_column(x, x, width)
    sheet.set_row(0, 26)
    sheet.write_string(0, 0, title, formats["title"])
    sheet.set_row(1, _height([line], [sum(widths)]))
    sheet.merge_range(1, 0, 1, len(widths) - 1, line, formats["line"])
    sheet.set_row(_HEADING_ROW, _height(titles, widths))
    for x, text in enumerate(titles):
        sheet.write_string(_HEADING_ROW, x, text, formats["head"])
    sheet.freeze_panes(_FIRST_ROW, 0)
    sheet.repeat_rows(_HEADING_ROW)


def _nothing(sheet: Worksheet, text: str, columns: int, formats: dict[str, Format]) -> int:
    """Says in the first row that there is none; returns that row."""
    sheet.merge_range(_FIRST_ROW, 0, _FIRST_ROW, columns - 1, text, formats["text"])
    return _FIRST_ROW


def _totals(sheet: Worksheet, section: Section, y: int, style: Format) -> None:
    """Sums as formulas, so that they follow when a clerk mends a figure; with the value for who cannot compute."""
    for x, column in enumerate(section.columns):
        if column.name in section.part.totals:
            letter = xl_col_to_name(x)
            total = sum(row[column.name] or 0 for row in section.rows)
            sheet.write_formula(y, x, f"=SUM({letter}{_FIRST_ROW + 1}:{letter}{y})", style, total)
        else:
            sheet.write_string(y, x, "合计" if x == 0 else "", style)


def _shown(column: Column, value: Any) -> Any:
    """A number as itself, anything else as people read it."""
    if is_numeric(column) and isinstance(value, int | float):
        return value
    return cell(column, value)[:_LONGEST]


def _write(sheet: Worksheet, y: int, x: int, value: Any, style: Format) -> None:
    if isinstance(value, str):
        sheet.write_string(y, x, value, style)
    else:
        sheet.write_number(y, x, value, style)


def _format_of(shares: tuple[str, ...], column: Column, value: Any) -> str:
    if isinstance(value, str):
        return "text"
    if column.name in shares:
        return "share"
    return "whole" if value == int(value) else "decimal"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else f"{value:,.1f}" if isinstance(value, float) else f"{value:,}"


def _widths(titles: list[str], rows: list[list[str]]) -> list[int]:
    """Widths in characters: each column as wide as its longest text, within bounds; the last fills the sheet."""
    longest = [
        max((_measure(text) for text in (title, *(row[x] for row in rows))), default=0)
        for x, title in enumerate(titles)
    ]
    # The widest give way first, so that a sheet of many columns is still read without a glass.
    caps = range(_WIDEST, _NARROWEST, -1)
    most = next((m for m in caps if sum(_bounded(longest, m)) <= _LANDSCAPE_CHARACTERS), _NARROWEST)
    widths = _bounded(longest, most)
    widths[-1] += max(0, _LEAST_CHARACTERS - sum(widths))
    return widths


def _bounded(longest: Sequence[int], most: int) -> list[int]:
    return [min(most, max(_NARROWEST, length + 2)) for length in longest]


def _height(texts: Sequence[str], widths: Sequence[float]) -> float:
    """The height in points of a row whose texts are wrapped. A reader does not find it out by itself in every
    program, and a line that is cut off in print is lost."""
    lines = max(math.ceil((_measure(text) + 1) / width) for text, width in zip(texts, widths, strict=True))
    return 4.0 + 13.5 * max(1, lines)


def _measure(text: str) -> int:
    """How wide a text is in characters of the Latin alphabet; a Chinese one counts twice.

    >>> _measure("第1网格")
    7
    """
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _where(report: Report) -> str:
    return f"范围：{report.scope_name}（{report.scope}）"


def _print(sheet: Worksheet, report: Report, *, last_row: int, widths: Sequence[float]) -> None:
    """A4, lying where the columns do not fit upright, one page wide, as many high as needed."""
    sheet.set_paper(_A4)
    if sum(widths) > _PORTRAIT_CHARACTERS:
        sheet.set_landscape()
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, last_row, len(widths) - 1)
    sheet.center_horizontally()
    sheet.hide_gridlines(2)
    name = report.scope_name.replace("&", "&&") + ("　示例数据" if report.demo else "")
    sheet.set_footer(f"&L{name}&C第 &P 页，共 &N 页&R截至 {report.as_of}")
