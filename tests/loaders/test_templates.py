"""Templates: whole, usable in a spreadsheet program, and read back as exactly what was filled in."""

import zipfile
from pathlib import Path

import openpyxl
import pytest
from defusedxml import ElementTree

from graph.schema import GROUPS
from loaders.findings import recognition_problems
from loaders.layout import Role
from loaders.problems import Severity
from loaders.recognise import recognise
from loaders.tables import EXAMPLE_MARKER
from loaders.templates import GUIDE, WORDS, example, write_templates
from loaders.typed import draft
from tests.loaders.fixtures_offices import SHEETS, layout, tables_of

SHEET_NAMES = {heading: [s.title for s in SHEETS if s.group == group] for group, heading in GROUPS.items()}


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("templates") / "模板"
    assert [p.name for p in write_templates(folder, SHEETS)] == [f"{name}.xlsx" for name in GROUPS.values()]
    return folder


def test_every_sheet_of_the_schema_is_in_the_template_of_its_group(templates: Path) -> None:
    for name, titles in SHEET_NAMES.items():
        book = openpyxl.load_workbook(templates / f"{name}.xlsx")
        assert [s for s in book.sheetnames if s != WORDS] == [GUIDE, *titles]
        for title in titles:
            sheet = next(s for s in SHEETS if s.title == title)
            assert [c.value for c in book[title][1]] == [c.heading for c in sheet.columns]
            assert all(c.comment is not None for c in book[title][1])
            assert book[title].freeze_panes == "B2"


def test_a_required_heading_looks_different_and_its_note_says_so(templates: Path) -> None:
    page = openpyxl.load_workbook(templates / "三项清单.xlsx")["需求"]
    looks = {c.value: (c.fill.fgColor.rgb, c.comment.text) for c in page[1] if c.comment}
    assert looks["标题"] == ("FFF4C7C3", "必填\n填：文字\n例：老年助餐点位")
    assert looks["紧急程度"] == ("FFE8EAED", "选填\n从这些里选：不急、较缓、一般、较急、紧急")
    assert looks["受益人数"][1] == "选填\n填：整数\n单位：人\n不小于 0"
    assert looks["提出方"][1] == "选填\n填：人员、共建单位、社区、组织的编号或名称"


def test_code_lists_are_drop_downs_and_long_ones_stand_on_a_hidden_sheet(templates: Path) -> None:
    book = openpyxl.load_workbook(templates / "人员.xlsx")
    rules = {str(r.sqref): r.formula1 for r in book["人员"].data_validations.dataValidation}
    headings = [c.value for c in book["人员"][1]]
    letter = chr(ord("A") + headings.index("党员类别"))
    assert rules[f"{letter}3:{letter}20001"] == '"自管,在职,离退休,流动"'
    for name in GROUPS.values():
        book = openpyxl.load_workbook(templates / f"{name}.xlsx")
        for page in book:
            for rule in page.data_validations.dataValidation:
                assert len(rule.formula1) <= 257
        if WORDS in book.sheetnames:
            assert book[WORDS].sheet_state == "hidden"


def test_columns_of_codes_and_telephones_are_text_and_those_of_dates_are_dates(templates: Path) -> None:
    page = openpyxl.load_workbook(templates / "共建单位与协议.xlsx")["共建单位"]
    styles = {h.value: page.column_dimensions[h.column_letter].number_format for h in page[1]}
    assert (styles["编号"], styles["统一社会信用代码"], styles["联系电话"]) == ("@", "@", "@")
    assert styles["起始日期"] == "yyyy-mm-dd"
    assert styles["职工人数"] == "General"


def test_every_part_of_a_template_is_sound_xml_and_holds_no_formula_or_link(templates: Path) -> None:
    for path in templates.iterdir():
        with zipfile.ZipFile(path) as package:
            assert package.testzip() is None
            for name in package.namelist():
                if name.endswith((".xml", ".rels", ".vml")):
                    ElementTree.fromstring(package.read(name))
                if name.startswith("xl/worksheets/sheet"):
                    assert b"<f>" not in package.read(name)
                    assert b"<hyperlink" not in package.read(name)


def test_an_unfilled_template_loads_nothing_and_finds_nothing_wrong(templates: Path) -> None:
    tables, problems = tables_of(templates)
    assert [t for t in tables if t.rows] == []
    assert [p.message for p in problems if p.severity is not Severity.NOTE] == []
    found = {t.sheet: recognise(t, SHEETS) for t in tables}
    assert {s.title for s in SHEETS} == {f.layout.title for f in found.values() if f.layout and f.loadable}
    assert [p for t in tables for p in recognition_problems(t, found[t.sheet])] == []


def test_the_example_row_would_be_a_sound_row(templates: Path, tmp_path: Path) -> None:
    """The example is not loaded, but a clerk copies it: all of it must be right."""
    for name, titles in SHEET_NAMES.items():
        book = openpyxl.load_workbook(templates / f"{name}.xlsx")
        for title in titles:
            page = book[title]
            assert str(page["A2"].value).startswith(EXAMPLE_MARKER)
            page["A3"].value = str(page["A2"].value).removeprefix(EXAMPLE_MARKER)
            for cell in page[2][1:]:
                page.cell(3, cell.column, cell.value)
        book.save(tmp_path / f"{name}.xlsx")
    tables, _ = tables_of(tmp_path)
    drafts = [draft(t, recognise(t, SHEETS), sha256="", source="") for t in tables]
    assert [p.message for d in drafts for p in d.problems] == []
    assert {(d.name, len(d.nodes) + len(d.links)) for d in drafts} == {(s.name, 1) for s in SHEETS}


def test_a_filled_template_gives_exactly_what_was_filled_in(templates: Path, tmp_path: Path) -> None:
    sheet = layout("Unit")
    book = openpyxl.load_workbook(templates / "共建单位与协议.xlsx")
    rows = [
        {"编号": "D1", "名称": "示例医院", "所在社区": "飞行社区", "单位类型": "医疗机构", "职工人数": 320, "联系人": "赵甲", "联系电话": "0375-1234567"},
        {"编号": "D2", "名称": "=1+1 公司", "所在社区": "410411001007", "兼职席位": "甲、乙", "备注": "长期合作。\n每月一次。"},
    ]  # fmt: skip
    for row in rows:
        book[sheet.title].append([row.get(c.heading) for c in sheet.columns])
    book[sheet.title]["B4"].data_type = "s"  # openpyxl takes it for a formula, a clerk types it as text
    path = tmp_path / "共建单位.xlsx"
    book.save(path)
    [filled] = [t for t in tables_of(path)[0] if t.rows]
    drafts = draft(filled, recognise(filled, SHEETS), sha256="", source="")
    assert drafts.problems == ()
    properties = [
        c.property.name
        for c in sheet.columns
        if c.role is Role.PROPERTY and c.property and c.property.name != "id"
    ]
    empty = dict.fromkeys(properties)
    first, second = drafts.nodes
    assert (first.id, first.row, first.properties, first.absent) == (
        "D1", 3,
        empty | {"name": "示例医院", "type": "医疗机构", "employees": 320, "liaison": "赵甲", "liaison_phone": "0375-1234567"},
        ("SEATED_ON",),
    )  # fmt: skip
    assert [(r.relationship, r.text) for r in second.references] == [
        ("LOCATED_IN", "410411001007"),
        ("SEATED_ON", "甲"),
        ("SEATED_ON", "乙"),
    ]
    assert second.properties == empty | {"name": "=1+1 公司", "note": "长期合作。\n每月一次。"}


def test_the_same_schema_gives_the_same_files(templates: Path, tmp_path: Path) -> None:
    again = write_templates(tmp_path, SHEETS)
    assert [p.read_bytes() for p in again] == [(templates / p.name).read_bytes() for p in again]


def test_no_example_is_of_a_real_person_or_code() -> None:
    for sheet in SHEETS:
        for column in sheet.columns:
            if column.property and column.property.personal and not column.property.codes:
                assert example(column) in {"示例一", "0375-1234567", "1980", ""}
