"""Workbooks to fill in: one per part of the domain, computed from the sheets that the schema has.

Per sheet: headings (required ones marked), a note on each of them, drop-downs from code lists, formats that
keep codes and telephone numbers as they are typed, and an example row that is never loaded.
"""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

import xlsxwriter

from graph.model import Property, ValueType
from graph.schema import GROUPS, SCHEMA
from loaders.column_values import is_year
from loaders.layout import Column, Role, SheetLayout
from loaders.tables import EXAMPLE_MARKER

GUIDE, WORDS = "填写说明", "代码"
"""The two sheets of a template that hold no data: how to fill it in, and the words of long drop-downs."""

_LAST_ROW = 20_000
_LONGEST_LIST = 255  # characters that Excel takes for a drop-down written out
_EXAMPLE_DAY = date(2020, 4, 13)
_TYPES = {
    ValueType.STRING: "文字", ValueType.TEXT: "文字，可以写多句", ValueType.INTEGER: "整数", ValueType.DECIMAL: "数字",
    ValueType.BOOLEAN: "是 或 否", ValueType.DATE: "日期，例如 2020-04-13", ValueType.STRINGS: "文字，几项之间用“、”隔开",
}  # fmt: skip
_ADVICE = (
    "一张工作表填一类内容，一行填一条。表头请勿改动；红底的列必须填写，灰底的列可以空着。",
    "把鼠标移到表头上，可以看到这一列怎么填。有下拉箭头的列请从下拉框里选。",
    f"第 2 行是例子，以“{EXAMPLE_MARKER}”开头，导入时自动略过，可以留着也可以删掉。",
    "“编号”没有可以空着，系统会按名称等内容认出同一条；有编号的请照实填写，以后各期保持不变。",
    "提到别的内容（例如所属社区、党组织）时，写编号或名称都可以；名称重复时请写编号，或写成“街道+社区”。",
    "日期写成 2020-04-13；数字只写数，单位已写在表头的说明里。",
    "填好以后：先运行 linmai check 文件 检查，再运行 linmai load 文件 导入。",
)


class _Book(Protocol):
    """What is used of xlsxwriter's Workbook, which has no types."""

    def add_format(self, properties: dict[str, Any]) -> Any: ...
    def add_worksheet(self, name: str) -> Any: ...


def write_templates(folder: Path, layouts: Sequence[SheetLayout]) -> list[Path]:
    """Write the templates into a folder (made if missing; files of the same names replaced).

    One workbook per group of sheets, called by the group's Chinese name (三项清单.xlsx), in the order in
    which a district fills them. Raises OSError when the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for group, heading in GROUPS.items():
        sheets = [layout for layout in layouts if layout.group == group]
        if sheets:
            path = folder / f"{heading}.xlsx"
            _write_book(path, sheets)
            written.append(path)
    return written


def _write_book(path: Path, sheets: Sequence[SheetLayout]) -> None:
    # A fixed creation time: the same schema gives the same file.
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": datetime(2020, 1, 1), "title": path.stem})
        formats = _Formats(book)
        guide = book.add_worksheet(GUIDE)
        pages = [book.add_worksheet(layout.title) for layout in sheets]
        words = _Words(book)
        for layout, page in zip(sheets, pages, strict=True):
            _write_sheet(page, layout, formats, words)
        _write_guide(guide, sheets, formats)
        pages[0].activate()


class _Formats:
    """The looks of cells in one workbook."""

    def __init__(self, book: _Book) -> None:
        head = {"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter", "align": "center"}
        self.required = book.add_format(head | {"bg_color": "#f4c7c3", "font_color": "#7f0000"})
        self.optional = book.add_format(head | {"bg_color": "#e8eaed"})
        self.text = book.add_format({"num_format": "@"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.plain = book.add_format({})
        example = {"italic": True, "font_color": "#80868b"}
        self.example_text = book.add_format(example | {"num_format": "@"})
        self.example_day = book.add_format(example | {"num_format": "yyyy-mm-dd"})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})


class _Words:
    """The hidden sheet with the words of drop-downs that are too long to be written out; made when needed."""

    def __init__(self, book: _Book) -> None:
        self._book = book
        self._sheet: Any = None
        self._ranges: dict[tuple[str, ...], str] = {}

    def source(self, labels: tuple[str, ...]) -> list[str] | str:
        """What a drop-down of these words refers to: the words, or a range that holds them."""
        if len(",".join(labels)) <= _LONGEST_LIST:
            return list(labels)
        if labels not in self._ranges:
            if self._sheet is None:
                self._sheet = self._book.add_worksheet(WORDS)
                self._sheet.hide()
            column = len(self._ranges)
            for row, label in enumerate(labels):
                self._sheet.write_string(row, column, label)
            letter = chr(ord("A") + column)
            self._ranges[labels] = f"={WORDS}!${letter}$1:${letter}${len(labels)}"
        return self._ranges[labels]


def _write_sheet(page: Any, layout: SheetLayout, formats: _Formats, words: _Words) -> None:
    page.freeze_panes(1, 1)
    page.set_row(0, 30)
    for position, column in enumerate(layout.columns):
        of = column.property
        day = of is not None and of.type is ValueType.DATE
        number = of is not None and of.type in (ValueType.INTEGER, ValueType.DECIMAL) and not of.codes
        width = max(12, min(40, 2 * len(column.heading) + 6), 30 if of and of.type is ValueType.TEXT else 0)
        page.set_column(
            position, position, width, formats.day if day else formats.plain if number else formats.text
        )
        page.write_string(
            0, position, column.heading, formats.required if column.required else formats.optional
        )
        page.write_comment(
            0, position, column_note(column), {"x_scale": 2.2, "y_scale": 1.6, "author": "邻脉"}
        )
        choices = _choices(column)
        if choices:
            page.data_validation(2, position, _LAST_ROW, position, {
                "validate": "list", "source": words.source(choices), "error_type": "warning",
                "error_title": column.heading[:32], "error_message": "请从下拉框中选择。",
            })  # fmt: skip
        _write_example(page, position, column, formats)


def _write_example(page: Any, position: int, column: Column, formats: _Formats) -> None:
    marker = EXAMPLE_MARKER if position == 0 else ""
    if column.property and column.property.type is ValueType.DATE:
        page.write_datetime(1, position, _EXAMPLE_DAY, formats.example_day)
    else:
        page.write_string(1, position, marker + example(column), formats.example_text)


def _choices(column: Column) -> tuple[str, ...]:
    of = column.property
    if of is None or of.type is ValueType.STRINGS:
        return ()
    if of.codes:
        return of.codes.labels
    return ("是", "否") if of.type is ValueType.BOOLEAN else ()


def example(column: Column) -> str:
    """What a cell of a column may look like, as text; nothing in it is real."""
    of = column.property
    if of is None:
        node = SCHEMA.node(column.ends[0])
        title = node.property(node.title)
        return title.example or node.property("id").example or f"示例{node.heading}"
    if of.example:
        return of.example
    if of.codes:
        return of.codes.labels[0]
    if of.format:
        return of.format.example
    if of.type is ValueType.BOOLEAN:
        return "是"
    if of.type in (ValueType.INTEGER, ValueType.DECIMAL):
        usual = 1980 if is_year(of) else 20
        return f"{usual if of.maximum is None else min(usual, of.maximum):g}"
    return f"示例{column.heading}" if of.required else ""


def column_note(column: Column) -> str:
    """How a column is filled in, in Chinese, a line per fact.

    >>> from loaders.layout import layouts
    >>> resource = next(s for s in layouts(SCHEMA) if s.name == "Resource")
    >>> print(column_note(resource.column("数量")))
    选填
    填：整数
    不小于 0
    例：80
    >>> print(column_note(resource.column("服务区域")))
    选填
    填：区、街道、社区、小区、网格、楼栋的编号或名称
    可以填几个，用“、”隔开
    """
    lines = ["必填" if column.required else "选填"]
    of = column.property
    if of is None:
        lines.append(f"填：{'、'.join(SCHEMA.node(end).heading for end in column.ends)}的编号或名称")
        if column.many:
            lines.append("可以填几个，用“、”隔开")
    else:
        lines.extend(property_note(of))
    if column.role is Role.REFERENCE_PROPERTY and column.relationship:
        lines.append(f"说的是“{column.relationship.heading}”这件事")
    return "\n".join(lines)


def property_note(of: Property) -> list[str]:
    """How a property is filled in, in Chinese, a line per fact."""
    if of.codes:
        lines = [f"从这些里选：{'、'.join(of.codes.labels)}"]
        if of.type is ValueType.STRINGS:
            lines.append("可以填几个，用“、”隔开")
    else:
        lines = [f"填：{_TYPES[of.type]}"]
    if of.unit:
        lines.append(f"单位：{of.unit}")
    if not of.codes and of.minimum is not None:
        lines.append(
            f"不小于 {of.minimum:g}" + (f"，不大于 {of.maximum:g}" if of.maximum is not None else "")
        )
    if of.name == "id":
        lines.append("没有可以空着")
    if of.personal:
        lines.append("个人信息，请按规定保管本文件")
    sample = of.example or (of.format.example if of.format else "")
    return [*lines, f"例：{sample}"] if sample else lines


def _write_guide(page: Any, sheets: Sequence[SheetLayout], formats: _Formats) -> None:
    page.set_column(0, 0, 90, formats.wrapped)
    lines = [GUIDE, *(f"{n}. {line}" for n, line in enumerate(_ADVICE, 1)), "", "本文件的工作表："]
    lines += [f"「{s.title}」：必填 {'、'.join(c.heading for c in s.columns if c.required)}" for s in sheets]
    for row, line in enumerate(lines):
        page.write_string(row, 0, line, formats.wrapped)
