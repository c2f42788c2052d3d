"""The workbook of rejected rows: as they were, with what is wrong, to be mended and loaded again."""

import stat
from datetime import date, datetime
from pathlib import Path

import openpyxl

from loaders.error_workbook import PLACE_HEADING, PROBLEM_HEADING, write_error_workbook
from loaders.findings import recognition_problems
from loaders.problems import error
from loaders.recognise import recognise
from loaders.source_names import rejected_name
from loaders.tables import Table
from loaders.typed import draft
from tests.loaders.fixtures_offices import SHEETS, table, tables_of


def members() -> Table:
    return table(
        ["序号", "姓名", "出生年月", "党员类别", "联系电话"],
        [1, "赵甲", "1980-05", "自管", "13800008001"],
        [2, "钱乙", datetime(1981, 2, 3), "群众", "138"],
        [3, "=cmd|' /C calc'!A0", None, "在职", "+8613800008003"],
        [4, "孙丙", date(1990, 1, 1), "不详", None],
        sheet="党员[1]",
        title="飞行社区党员名册",
    )


def test_rejected_rows_stand_as_they_were_with_what_is_wrong(tmp_path: Path) -> None:
    of = members()
    found = draft(of, recognise(of, SHEETS), sha256="", source="")
    path = tmp_path / rejected_name(of.file)
    assert write_error_workbook(path, [of], found.problems) == 2
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["党员 1"]
    page = book["党员 1"]
    rows = [[c.value for c in row] for row in page.iter_rows()]
    assert rows[0][0] == "飞行社区党员名册"
    assert rows[1] == ["序号", "姓名", "出生年月", "党员类别", "联系电话", PROBLEM_HEADING, PLACE_HEADING]
    assert rows[2][:5] == [2, "钱乙", datetime(1981, 2, 3), "群众", "138"]
    assert rows[2][6] == "党员[1] 第 3 行"
    assert rows[2][5].splitlines() == [
        "「党员类别」列：内容是“群众”，应为“自管”“在职”“离退休”“流动”之一；没有请留空。改好之前这一行不导入",
        "「联系电话」列：内容不合要求（个人信息，这里不显示），应为 11 位手机号，或带区号的座机，例如 0375-1234567；没有请留空。改好之前这一行不导入",
    ]
    assert [c.fill.fgColor.rgb == "FFF4C7C3" for c in page[3]] == [
        False,
        False,
        False,
        True,
        True,
        False,
        False,
    ]
    assert page["D3"].comment is not None
    assert "应为“自管”" in page["D3"].comment.text
    assert rows[3][:5] == [4, "孙丙", datetime(1990, 1, 1), "不详", None]


def test_the_mended_workbook_loads_and_its_added_columns_are_left_alone(tmp_path: Path) -> None:
    of = members()
    path = tmp_path / rejected_name(of.file)
    write_error_workbook(path, [of], draft(of, recognise(of, SHEETS), sha256="", source="").problems)
    book = openpyxl.load_workbook(path)
    page = book["党员 1"]
    page["D3"], page["E3"], page["D4"] = "流动", "13800008002", "在职"
    book.save(path)
    [mended], _ = tables_of(path)
    again = recognise(mended, SHEETS)
    assert [p.message for p in recognition_problems(mended, again)] == [
        "表-退回行.xlsx「党员 1」：这些列按约定不导入：「序号」"
    ]
    drafts = draft(mended, again, sha256="", source="")
    assert drafts.problems == ()
    assert [n.properties for n in drafts.nodes] == [
        {"name": "钱乙", "birth_year": 1981, "member_kind": "流动", "phone": "13800008002"},
        {"name": "孙丙", "birth_year": 1990, "member_kind": "在职", "phone": None},
    ]


def test_what_looks_like_a_formula_is_written_as_text(tmp_path: Path) -> None:
    of = table(
        ["姓名", "备注", "电话"], ["=1+1", "@SUM(A1)", "-2"], ["+3", "http://a.b", "\t=x"], sheet="党员"
    )
    path = tmp_path / "错.xlsx"
    problems = [error("bad", "不对", file=of.file, sheet=of.sheet, row=n) for n in (2, 3)]
    assert write_error_workbook(path, [of], problems) == 2
    page = openpyxl.load_workbook(path)["党员"]
    cells = [c for row in page.iter_rows(min_row=2, max_col=3) for c in row]
    assert [(c.data_type, c.value) for c in cells] == [
        ("s", "=1+1"), ("s", "@SUM(A1)"), ("s", "-2"), ("s", "+3"), ("s", "http://a.b"), ("s", "\t=x"),
    ]  # fmt: skip
    assert all(c.hyperlink is None for c in cells)


def test_several_tables_have_a_sheet_each_and_names_stay_apart(tmp_path: Path) -> None:
    one = table(["姓名"], ["赵甲"], sheet="History")
    two = table(["名称"], ["东院"], sheet="history")
    three = table(["名称"], ["西院"], sheet="")
    sound = table(["名称"], ["南院"], sheet="好")
    path = tmp_path / "错.xlsx"
    problems = [error("bad", "不对", file=t.file, sheet=t.sheet, row=2) for t in (one, two, three)]
    assert write_error_workbook(path, [one, two, three, sound], problems) == 3
    assert openpyxl.load_workbook(path).sheetnames == ["History_", "history_ 2", "Sheet"]


def test_without_a_rejected_row_nothing_is_written(tmp_path: Path) -> None:
    of = members()
    problems = [
        error("bad", "不对", file=of.file, sheet=of.sheet),
        error("bad", "不对", file="别的.xlsx", sheet=of.sheet, row=2),
    ]
    assert write_error_workbook(tmp_path / "错.xlsx", [of], problems) == 0
    assert list(tmp_path.iterdir()) == []
