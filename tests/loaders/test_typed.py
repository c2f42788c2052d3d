"""From rows to drafts: what is taken, what is refused, and what is said of it."""

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from loaders.cells import CellValue
from loaders.drafts import LinkDraft, NodeDraft, Reference, TableDrafts
from loaders.layout import SheetLayout
from loaders.problems import Severity
from loaders.recognise import recognise
from loaders.tables import Table
from loaders.typed import draft
from tests.loaders.fixtures_offices import SHEETS, code, table


def drafts(of: Table) -> TableDrafts:
    found = recognise(of, SHEETS)
    assert found.loadable
    return draft(of, found, sha256="0" * 64, source="表")


def messages(of: TableDrafts) -> list[str]:
    return [p.message for p in of.problems]


def one(sheet: str, cells: dict[str, CellValue]) -> TableDrafts:
    """The drafts of a sheet of ours with one row."""
    return drafts(table(list(cells), list(cells.values()), sheet=sheet))


def properties(sheet: str, cells: dict[str, CellValue]) -> Any:
    [node] = one(sheet, cells).nodes
    return node.properties


def person(**more: CellValue) -> dict[str, CellValue]:
    return {"编号": "RY-1", "姓名": "赵甲", **more}


def test_a_row_becomes_typed_properties_and_references_as_written() -> None:
    of = table(
        ["编号", "姓名", "性别", "出生年份", "联系电话", "党员类别", "特长", "所属党组织", "转入日期", "转出日期", "报到社区"],
        ["RY-1", "赵 甲", "男性", datetime(1980, 5, 1), 13800008000.0, "在职党员", "医疗、书法；医疗", "东院党支部", "2019.3.1", None, None],
        sheet="人员",
    )  # fmt: skip
    assert drafts(of) == TableDrafts(
        "表.xlsx", "人员", "0" * 64, "表", "Person",
        [
            NodeDraft(
                "Person", "RY-1",
                {"name": "赵甲", "gender": "男", "birth_year": 1980, "phone": "13800008000", "member_kind": "在职", "skills": ["医疗", "书法"]},
                (Reference("BELONGS_TO", ("PartyOrganization",), "东院党支部", "所属党组织", {"from": "2019-03-01", "to": None}),),
                ("REPORTED_TO",), 2,
            )
        ],
        [], (), frozenset(),
    )  # fmt: skip


def test_a_column_that_the_file_lacks_is_left_out_and_an_empty_cell_is_none() -> None:
    assert properties("人员", {"编号": "RY-1", "姓名": "赵甲", "联系电话": None}) == {
        "name": "赵甲",
        "phone": None,
    }


def test_several_ends_in_one_cell_become_several_references() -> None:
    [node] = one(
        "网格",
        {
            "编号": "W1",
            "名称": "第1网格",
            "所属社区": "飞行社区",
            "覆盖小区": "东院、西院\n示例小区（一期、二期）",
        },
    ).nodes
    assert [r.text for r in node.references] == ["飞行社区", "东院", "西院", "示例小区（一期、二期）"]


def test_a_place_is_told_from_its_namesake_by_the_column_beside_it() -> None:
    of = table(
        ["名称", "管理方式", "所属街道", "所属社区", "覆盖小区"],
        ["甲区域", "无人管理", "北渡街道", "谢庄", "东院"],
        ["乙区域", "无人管理", "曹镇乡", "谢庄村", "西院"],
        ["丙区域", "无人管理", "曹镇乡", "曹镇乡谢庄村", None],
        ["丁区域", "无人管理", None, "410411004004", None],
        sheet="物业管理区域",
    )
    assert [[r.text for r in n.references] for n in drafts(of).nodes] == [
        ["北渡街道/谢庄", "东院"], ["曹镇乡/谢庄村", "西院"], ["曹镇乡谢庄村"], ["410411004004"],
    ]  # fmt: skip


def test_the_places_around_one_stand_from_the_outside_in() -> None:
    of = table(
        ["楼栋名称", "小区", "社区", "街道"], ["3号楼", "示例小区", "飞行社区", "九里山街道"], sheet="楼栋"
    )
    [node] = drafts(of).nodes
    assert [(r.relationship, r.text) for r in node.references] == [
        ("PART_OF", "九里山街道/飞行社区/示例小区")
    ]


def test_a_row_of_a_link_sheet_becomes_a_link() -> None:
    found = one(
        "任职",
        {"人员": "RY-1", "任职处": "飞行社区", "岗位": "楼长", "兼职": "是", "起始日期": "2020年4月13日"},
    )
    ends = (
        "District",
        "Street",
        "Community",
        "Estate",
        "Grid",
        "Building",
        "PartyOrganization",
        "Organization",
    )
    assert found.links == [
        LinkDraft(
            "HOLDS", Reference("", ("Person",), "RY-1", "人员"), Reference("", ends, "飞行社区", "任职处"),
            {"post": "楼栋长", "part_time": True, "from": "2020-04-13"}, 2,
        )
    ]  # fmt: skip
    assert found.nodes == []


@pytest.mark.parametrize(
    ("written", "year"),
    [(1980, 1980), ("1980", 1980), ("1980-05", 1980), ("1980.05", 1980), (1980.05, 1980), ("1980年5月", 1980), ("198005", 1980),
     (19800512, 1980), ("1980-05-12", 1980), (date(1980, 5, 12), 1980), (29353, 1980), ("１９８０年", 1980)],
)  # fmt: skip
def test_only_the_year_of_a_birth_is_kept(written: CellValue, year: int) -> None:
    assert properties("人员", person(出生年份=written))["birth_year"] == year


@pytest.mark.parametrize("written", ["80年", "410411198005123", "不详", 1880, "198013"])
def test_what_is_no_year_of_birth_is_refused_without_being_quoted(written: CellValue) -> None:
    found = one("人员", person(出生年份=written))
    [problem] = found.problems
    assert found.rejected == {2}
    assert problem.found is None
    assert str(written) not in problem.message
    assert problem.message.startswith(
        "表.xlsx「人员」第 2 行「出生年份」列：内容不合要求（个人信息，这里不显示），应"
    )


def test_a_word_that_no_list_has_is_answered_with_the_words_of_the_list() -> None:
    assert messages(one("人员", person(党员类别="群众"))) == [
        "表.xlsx「人员」第 2 行「党员类别」列：内容是“群众”，应为“自管”“在职”“离退休”“流动”之一；没有请留空。改好之前这一行不导入"
    ]
    [message] = messages(one("组织", {"编号": "Z1", "名称": "甲", "服务区域": "飞行社区", "类型": "俱乐部"}))
    assert message == (
        "表.xlsx「组织」第 2 行「类型」列：内容是“俱乐部”，应为“居委会”“业委会”“红色议事会”“物业公司”“工会”“妇联”“共青团”“科协”等 13 种之一。"
        "改好之前这一行不导入"
    )


def test_urgency_is_read_from_its_word_or_its_number() -> None:
    need: dict[str, CellValue] = {"编号": "X1", "标题": "充电桩", "提出区域": "飞行社区"}
    assert [properties("需求", need | {"紧急程度": w})["urgency"] for w in ("特急", 5, "5", 3.0, "不急")] == [
        5,
        5,
        5,
        3,
        1,
    ]


def test_all_problems_of_a_row_are_reported_at_once_and_sound_rows_are_kept() -> None:
    of = table(
        ["编号", "名称", "所在社区", "统一社会信用代码", "职工人数", "联系电话"],
        ["D1", None, "飞行社区", "123", "80 人", "12"],
        ["D2", "示例医院", "飞行社区", code("12410400MB1234567").lower(), "1,234", "0375-1234567"],
        sheet="共建单位",
    )
    found = drafts(of)
    assert found.rejected == {2}
    assert [n.id for n in found.nodes] == ["D2"]
    assert found.nodes[0].properties["uscc"] == code("12410400MB1234567")
    assert messages(found) == [
        "表.xlsx「共建单位」第 2 行「名称」列：是空的，这一列必须填写；这一行没有导入",
        "表.xlsx「共建单位」第 2 行「统一社会信用代码」列：内容是“123”，应为 18 位数字或大写字母（不含 I、O、S、V、Z）；没有请留空。改好之前这一行不导入",
        "表.xlsx「共建单位」第 2 行「职工人数」列：内容是“80 人”，只写数字，不写单位，例如 80；没有请留空。改好之前这一行不导入",
        "表.xlsx「共建单位」第 2 行「联系电话」列：内容不合要求（个人信息，这里不显示），应为 11 位手机号，或带区号的座机，例如 0375-1234567；没有请留空。改好之前这一行不导入",
    ]


@pytest.mark.parametrize(
    ("written", "stored"),
    [("138 0000 8000", "13800008000"), ("+86 13800008000", "13800008000"), ("0375—1234567", "0375-1234567"), ("（0375）1234567", "0375-1234567"), (13800008000, "13800008000")],
)  # fmt: skip
def test_a_telephone_number_is_stored_in_one_form(written: CellValue, stored: str) -> None:
    assert properties("人员", person(联系电话=written))["phone"] == stored


@pytest.mark.parametrize(
    ("number", "found"),
    [(f"41041118990101000{ric.calc_check_digit('41041118990101000')}", "身份证号"), ("13800008000", "手机号"), (13800008000, "手机号")],
)  # fmt: skip
def test_the_number_of_a_person_is_none_that_others_know_the_person_by(number: CellValue, found: str) -> None:
    draft = one("人员", person(编号=number))
    assert messages(draft) == [
        "表.xlsx「人员」第 2 行「编号」列：内容不合要求（个人信息，这里不显示），"
        f"像是{found}，编号会显示在页面和导出的文件里，不能用它；应为本单位自编的编号，没有请留空。改好之前这一行不导入"
    ]
    assert str(number) not in repr(draft.problems)
    assert messages(one("人员", person(编号="DY-20200101"))) == []


def test_an_end_before_its_beginning_is_refused() -> None:
    cells: dict[str, CellValue] = {
        "编号": "Z1",
        "名称": "多功能厅",
        "提供方": "示例医院",
        "起始日期": "2020-05-01",
        "终止日期": "2020-04-01",
    }
    assert messages(one("资源", cells)) == [
        "表.xlsx「资源」第 2 行「终止日期」列：是 2020-04-01，早于「起始日期」2020-05-01；请核对这两个日期。改好之前这一行不导入"
    ]
    assert messages(
        one("人员", person(所属党组织="东院党支部", 转入日期="2020-05-01", 转出日期="2020-04-01"))
    ) == [
        "表.xlsx「人员」第 2 行「转出日期」列：是 2020-04-01，早于「转入日期」2020-05-01；请核对这两个日期。改好之前这一行不导入"
    ]


def test_a_date_of_a_tie_that_is_not_there_is_refused() -> None:
    assert messages(one("人员", person(报到社区=None, 报到日期="2020-05-01"))) == [
        "表.xlsx「人员」第 2 行「报到日期」列：填了，但「报到社区」是空的；请补填「报到社区」，或清空这一格"
    ]
    assert messages(one("人员", person(报到日期="2020-05-01"))) == [
        "表.xlsx「人员」第 2 行「报到日期」列：填了，但表里没有它所说的“报到”列；请补上那一列，或清空这一格"
    ]


def test_numbers_are_bounded_and_units_of_the_heading_converted() -> None:
    project: dict[str, CellValue] = {"编号": "M1", "名称": "充电桩", "实施区域": "飞行社区"}
    assert properties("项目", project | {"财政资金（万元）": 3.5})["funds_fiscal_yuan"] == 35_000
    assert properties("项目", project | {"进度": "60%"})["progress"] == 60
    assert messages(one("项目", project | {"进度": 120})) == [
        "表.xlsx「项目」第 2 行「进度」列：内容是“120”，应在 0 到 100 之间；没有请留空。改好之前这一行不导入"
    ]
    assert messages(one("项目", project | {"财政资金": -1})) == [
        "表.xlsx「项目」第 2 行「财政资金」列：内容是“-1”，不能小于 0；没有请留空。改好之前这一行不导入"
    ]


def test_a_column_of_percentage_cells_is_read_as_per_cent_and_says_so() -> None:
    rows = [["M1", "充电桩", "飞行社区", 0.25], ["M2", "托管班", "飞行社区", 1]]
    found = drafts(table(["编号", "名称", "实施区域", "进度"], *rows, sheet="项目"))
    assert [n.properties["progress"] for n in found.nodes] == [25, 100]
    assert messages(found) == [
        "表.xlsx「项目」「进度」列：的数都不超过 1，已当作百分比读：0.25 读作 25%；若确实是 0.25%，请写成文字“0.25%”"
    ]


def test_a_number_that_comes_twice_is_refused_and_a_row_that_comes_twice_is_noted() -> None:
    of = table(
        ["编号", "姓名", "性别"],
        ["RY-1", "赵甲", "男"],
        ["RY-1", "赵甲", "女"],
        ["RY-1", "赵甲", "男"],
        sheet="人员",
    )
    found = drafts(of)
    assert [n.row for n in found.nodes] == [2]
    assert found.rejected == {3}
    assert messages(found) == [
        "表.xlsx「人员」第 3 行：编号与第 2 行相同，内容却不同；请改正编号，或只留对的一行。这一行没有导入",
        "表.xlsx「人员」第 4 行：与第 2 行完全相同，只导入一次",
    ]


def test_two_rows_without_numbers_are_told_apart_by_their_identity() -> None:
    of = table(
        ["姓名", "出生年份", "所属党组织", "性别"],
        ["赵甲", 1980, "东院党支部", "男"],
        ["赵甲", 1981, "东院党支部", "男"],
        ["赵甲", 1980, "西院党支部", "男"],
        ["赵甲", 1980, "东院党支部", "女"],
        sheet="人员",
    )
    found = drafts(of)
    assert [n.row for n in found.nodes] == [2, 3, 4]
    assert messages(found) == [
        "表.xlsx「人员」第 5 行：与第 2 行像是同一个人员，内容却不同；同一个请只留一行，不同的请各填编号。这一行没有导入"
    ]


def test_the_same_link_twice_is_found() -> None:
    of = table(
        ["项目", "资源", "承诺数量"], ["M1", "Z1", 3], ["M1", "Z1", 4], ["M1", "Z2", 4], sheet="项目使用资源"
    )
    found = drafts(of)
    assert [link.row for link in found.links] == [2, 4]
    assert messages(found) == [
        "表.xlsx「项目使用资源」第 3 行：与第 2 行说的是同一条项目使用资源，内容却不同；请只留对的一行。这一行没有导入"
    ]


def test_an_official_area_has_its_code_for_a_key_and_without_a_code_is_left_to_its_name() -> None:
    of = table(
        ["社区名称", "统计用区划代码", "所属街道"],
        ["飞行社区", 410411004004.0, "九里山街道"],
        ["铁南社区", None, "马庄街道"],
        sheet="社区",
    )
    found = drafts(of)
    assert [(n.id, n.properties["codes"]) for n in found.nodes] == [
        ("410411004004", ["nbs:410411004004"]),
        ("", None),
    ]
    assert messages(found) == []


def test_a_text_that_is_too_long_is_refused_and_a_long_description_is_kept() -> None:
    need: dict[str, CellValue] = {"编号": "X1", "标题": "长" * 201, "提出区域": "飞行社区"}
    [message] = messages(one("需求", need))
    assert message == (
        f"表.xlsx「需求」第 2 行「标题」列：内容是“{'长' * 40}…”，太长，最多 200 个字；请缩短，或把详细内容写到“备注”列。改好之前这一行不导入"
    )
    assert properties("需求", need | {"标题": "短", "需求内容": "长" * 5000})["text"] == "长" * 5000


def test_a_constant_fills_every_row() -> None:
    of = table(["姓名", "性别"], ["赵甲", "男"], ["钱乙", "女"], sheet="在职党员")
    assert [n.properties for n in drafts(of).nodes] == [
        {"name": "赵甲", "gender": "男", "member_kind": "在职"},
        {"name": "钱乙", "gender": "女", "member_kind": "在职"},
    ]


def test_an_unconfirmed_column_is_not_loaded() -> None:
    of = table(["姓名", "性别", "所在单位党组织"], ["赵甲", "男", "示例医院党委"], sheet="党员")
    [node] = drafts(of).nodes
    assert (node.properties, node.references, node.absent) == ({"name": "赵甲", "gender": "男"}, (), ())


def test_a_table_that_cannot_be_loaded_is_a_programs_error() -> None:
    of = table(["日期", "摘要"], ["2020-01-01", "买纸"])
    with pytest.raises(ValueError, match="not loadable"):
        draft(of, recognise(of, SHEETS), sha256="", source="")


def test_no_message_quotes_a_name_or_a_telephone_number() -> None:
    of = table(
        ["姓名", "性别", "联系电话", "所属党组织"],
        ["赵甲" * 150, "赵甲", "1380000800", "东院党支部"],
        sheet="人员",
    )
    found = drafts(of)
    assert len(found.problems) == 3
    assert not any("赵甲" in p.message or "1380000800" in p.message or p.found for p in found.problems)


_cells = st.one_of(
    st.none(), st.text(max_size=8), st.sampled_from(["赵甲", "2020-04-13", "自管", "东院、西院", "80", "#N/A", "长" * 300]),
    st.integers(-(10**18), 10**18), st.floats(), st.booleans(), st.dates(), st.datetimes(), st.times(),
)  # fmt: skip


@given(st.sampled_from(SHEETS), st.data())
def test_whatever_stands_in_its_cells_every_row_is_drafted_or_refused_or_noted(
    sheet: SheetLayout, data: st.DataObject
) -> None:
    headings = [c.heading for c in sheet.columns]
    rows = data.draw(st.lists(st.lists(_cells, min_size=len(headings), max_size=len(headings)), max_size=3))
    of = table(headings, *rows, sheet=sheet.title)
    found = drafts(of)
    taken = {d.row for d in (*found.nodes, *found.links)}
    noted = {p.row for p in found.problems if p.severity is Severity.NOTE}
    assert taken | noted | found.rejected == {r.number for r in of.rows}
    assert not taken & (noted | found.rejected)
    assert found.rejected == {p.row for p in found.problems if p.severity is Severity.ERROR}
