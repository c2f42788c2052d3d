"""A plan as a workbook that an office prints: by community, by owner, what is left out and why, what is idle, the proof.

Pure: a `PlanView` in, the bytes of an .xlsx out. A4 lying, heads repeated on every sheet of paper.
"""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from api.matching.plan_view import PlanView, Row
from graph.export_content import SYNTHETIC
from graph.schema.records import PLAN_STATE

_A4 = 9
_HEADING_ROW, _FIRST_ROW = 2, 3
_LONGEST = 32_000
_PAGES = "&R第 &P 页，共 &N 页"
_BODY: dict[str, Any] = {"font_name": "宋体", "font_size": 10.5, "valign": "vcenter"}
_BOXED = {**_BODY, "border": 1, "border_color": "#9aa5b1"}
_FORMATS: dict[str, dict[str, Any]] = {
    "title": {"font_name": "黑体", "font_size": 16, "valign": "vcenter"},
    "line": {**_BODY, "font_color": "#52606d"},
    "warning": {**_BODY, "bold": True, "font_color": "#b42318"},
    "head": {**_BOXED, "bold": True, "bg_color": "#e4ecf4", "align": "center", "text_wrap": True},
    "text": {**_BOXED, "text_wrap": True},
    "whole": {**_BOXED, "num_format": "#,##0"},
    "share": {**_BOXED, "num_format": "0.0%"},
}  # fmt: skip
_METHODS = {"flow": "精确求解（最小费用流）", "auction": "拍卖法", "practical": "按实用规则求解"}


@dataclass(frozen=True)
class _Column:
    """A column: the name in a row, its heading, its width in characters, and the format of its cells."""

    name: str
    heading: str
    width: int
    form: str = "text"


_BY_COMMUNITY = (
    _Column("community", "社区", 20), _Column("need", "需求", 30), _Column("need_id", "需求编号", 20), _Column("urgency", "紧急程度", 6, "whole"),
    _Column("wanted", "需要数量", 8, "whole"), _Column("quantity", "分配数量", 8, "whole"), _Column("unit", "单位", 6),
    _Column("resource", "资源", 28), _Column("owner", "提供方", 24), _Column("score", "匹配度", 8, "share"),
)  # fmt: skip
_BY_OWNER = (
    _Column("owner", "提供方", 24), _Column("resource", "资源", 28), _Column("resource_id", "资源编号", 20), _Column("quantity", "分配数量", 8, "whole"),
    _Column("unit", "单位", 6), _Column("community", "给哪个社区", 20), _Column("need", "用于需求", 30), _Column("need_id", "需求编号", 20),
    _Column("announced", "其中已公布", 8, "whole"),
)  # fmt: skip
_UNSERVED = (
    _Column("community", "社区", 20), _Column("need", "需求", 28), _Column("need_id", "需求编号", 20), _Column("urgency", "紧急程度", 6, "whole"),
    _Column("wanted", "需要数量", 8, "whole"), _Column("missing", "缺少数量", 8, "whole"), _Column("unit", "单位", 6),
    _Column("heading", "原因", 16), _Column("sentence", "说明", 46),
)  # fmt: skip
_IDLE = (
    _Column("owner", "提供方", 26), _Column("resource", "资源", 32), _Column("resource_id", "资源编号", 20), _Column("capacity", "可用数量", 9, "whole"),
    _Column("left", "闲置数量", 9, "whole"), _Column("heading", "原因", 22), _Column("sentence", "说明", 44),
)  # fmt: skip
_SHARES = (
    _Column("community", "社区", 26), _Column("needs", "需求（条）", 10, "whole"), _Column("served", "满足（条）", 10, "whole"),
    _Column("wanted_units", "需要数量", 10, "whole"), _Column("served_units", "满足数量", 10, "whole"), _Column("share", "满足率", 10, "share"),
)  # fmt: skip


def plan_bytes(view: PlanView, *, synthetic: bool) -> bytes:
    """The workbook of a plan. A synthetic one says so at the head and foot of every sheet and in its properties."""
    written = io.BytesIO()
    book = xlsxwriter.Workbook(
        written, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"title": _title(view), "comments": SYNTHETIC if synthetic else "LinMai 邻脉"})
    formats = {name: book.add_format(values) for name, values in _FORMATS.items()}
    assignments = view.assignments()
    by_owner = sorted(
        assignments, key=lambda row: (row["owner_id"], row["resource_id"], row["community_id"], row["need_id"])
    )  # fmt: skip
    for name, columns, rows in (
        ("按社区", _BY_COMMUNITY, assignments),
        ("按单位", _BY_OWNER, by_owner),
        ("未满足及原因", _UNSERVED, view.unserved()),
        ("闲置资源", _IDLE, view.idle()),
    ):
        sheet = book.add_worksheet(name)
        _page(sheet, view, name, columns, formats)
        _table(sheet, columns, rows, formats, _FIRST_ROW)
    _proof(book.add_worksheet("参数与证明"), view, formats)
    if synthetic:
        for sheet in book.worksheets():
            sheet.write_string(1, 0, f"{SYNTHETIC}  {_about(view)}", formats["warning"])
            sheet.set_footer(f"&L&F &A　{SYNTHETIC[:4]}{_PAGES}")
    book.close()
    return written.getvalue()


def _title(view: PlanView) -> str:
    summary = view.summary()
    return f"{summary['area'] or summary['area_id']}资源对接方案"


def _page(
    sheet: Worksheet, view: PlanView, name: str, columns: Sequence[_Column], formats: dict[str, Format]
) -> None:
    """The head of a sheet, and how it is printed."""
    sheet.write_string(0, 0, f"{_title(view)}：{name}", formats["title"])
    sheet.write_string(1, 0, _about(view), formats["line"])
    sheet.set_row(0, 26)
    for x, column in enumerate(columns):
        sheet.set_column(x, x, column.width)
        sheet.write_string(_HEADING_ROW, x, column.heading, formats["head"])
    sheet.set_row(_HEADING_ROW, 30)
    sheet.freeze_panes(_FIRST_ROW, 0)
    sheet.repeat_rows(_HEADING_ROW)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer(f"&L&F &A{_PAGES}")


def _about(view: PlanView) -> str:
    state = PLAN_STATE.label(view.state) if view.state else "文件"
    return f"方案 {view.id or '（未保存）'}  {state}  生成于 {view.file.made_at.replace('T', ' ')[:16]}"


def _table(
    sheet: Worksheet, columns: Sequence[_Column], rows: Sequence[Row], formats: dict[str, Format], first: int
) -> None:
    for y, row in enumerate(rows, first):
        for x, column in enumerate(columns):
            value = row[column.name]
            if column.form == "text":
                sheet.write_string(y, x, str(value)[:_LONGEST], formats["text"])
            else:
                sheet.write_number(y, x, value, formats[column.form])
    if not rows:
        sheet.write_string(first, 0, "（无）", formats["line"])
    else:
        sheet.autofilter(first - 1, 0, first - 1 + len(rows), len(columns) - 1)


def _proof(sheet: Worksheet, view: PlanView, formats: dict[str, Format]) -> None:
    """Figures, shares per community, the profile, and how to check the proof."""
    summary = view.summary()
    _page(sheet, view, "参数与证明", _SHARES, formats)
    communities = view.communities()
    _table(sheet, _SHARES, communities, formats, _FIRST_ROW)
    y = _FIRST_ROW + max(1, len(communities)) + 1
    proved = (
        "已证明没有更好的方案"
        if view.file.plan.gap == 0
        else f"已证明与最好的方案相差不超过 {view.file.plan.gap:.2%}"
    )
    lines = [
        ("方法", _METHODS[view.file.plan.method]),
        ("方案值", f"{summary['value']:,}"),
        ("上界", f"{summary['bound']:,}"),
        ("差距", f"{view.file.plan.gap:.4%}，{proved}"),
        ("需求", f"{summary['needs']:,} 条，满足 {summary['served']:,} 条，未满足 {summary['unserved']:,} 条"),
        ("数量", f"需要 {summary['wanted_units']:,}，满足 {summary['served_units']:,}"),
        ("核验", "linmai plan verify 方案文件：不用求解器，按文件中的价格逐项重算"),
        *((f"参数 {name}", json.dumps(value, ensure_ascii=False)) for name, value in view.file.profile.items()),
    ]  # fmt: skip
    for heading, text in lines:
        sheet.write_string(y, 0, heading, formats["head"])
        sheet.merge_range(y, 1, y, len(_SHARES) - 1, text, formats["text"])
        sheet.set_row(y, 15 * (1 + len(text) // 60))
        y += 1
