"""Mapping files: proposed, edited, read again, applied and remembered."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.findings import recognition_problems
from loaders.mapping import IGNORE, UNSURE, SheetMapping, SourceMapping, apply, propose
from loaders.mapping_file import parse, recall, remember, write
from loaders.problems import Problem
from loaders.qualifiers import QUALIFIES
from loaders.recognise import Certainty, Recognition
from loaders.source_names import rejected_name, source_name
from loaders.tables import Table
from loaders.typed import draft
from tests.loaders.fixtures_offices import OFFICES, SHEETS, Office, table, tables_of


@pytest.fixture(scope="module")
def offices(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Table]:
    """The tables of all offices, read from real files once."""
    folder = tmp_path_factory.mktemp("offices")
    for office in OFFICES:
        office.save(folder)
    return {each.file: each for each in tables_of(folder)[0]}


def units() -> Table:
    return table(
        ["序号", "单位全称（盖章）", "性质", "所属社区", "联络员", "手机", "备用"],
        [1, "示例医院", "医疗机构", "飞行社区", "赵甲", "13800008001", "甲"],
        [2, "示例小学", "学校", "铁南社区", "钱乙", "13800008002", "乙"],
        sheet="驻区单位",
    )


def seen(found: Recognition) -> dict[str, tuple[str | None, str]]:
    return {
        m.heading: (m.column.heading + QUALIFIES * m.qualifies if m.column else None, m.certainty.value)
        for m in found.columns
    }


def problem(text: str) -> str:
    found = parse(text, SHEETS, "对照表.toml")
    assert isinstance(found, Problem)
    return found.message


def test_a_proposal_marks_what_is_not_sure_and_shows_three_values_but_none_of_persons() -> None:
    mapping = propose([units()], SHEETS, "驻区单位")
    assert mapping == SourceMapping(
        "驻区单位",
        (
            SheetMapping(
                "驻区单位", "共建单位",
                {
                    "序号": IGNORE, "单位全称（盖章）": "待确认：名称", "性质": "单位类型", "所属社区": "所在社区",
                    "联络员": "待确认：联系人", "手机": "待确认：联系电话", "备用": "",
                },
            ),
        ),
    )  # fmt: skip
    text = write(mapping)
    assert '"单位全称（盖章）" = "待确认：名称"  # 标题与「名称」相近；例：示例医院、示例小学\n' in text
    assert '"备用" = ""  # 没有认出；例：甲、乙\n' in text
    assert not any(personal in text for personal in ("赵甲", "钱乙", "13800008001"))


def test_a_proposal_of_a_roster_shows_no_value_of_an_unknown_column() -> None:
    of = table(
        ["姓名", "性别", "所在党支部", "家庭成员", "民族", "身份证"],
        ["赵甲", "男", "东院党支部", "钱乙", "汉", "410411198001010000"],
        sheet="党员",
    )
    text = write(propose([of], SHEETS, "党员"))
    assert not any(value in text for value in ("赵甲", "钱乙", "汉\n", "4104111980"))


@pytest.mark.parametrize("office", OFFICES, ids=lambda o: o.file)
def test_a_confirmed_proposal_loads_an_offices_sheet_whole(office: Office, offices: dict[str, Table]) -> None:
    read = offices[office.file]
    proposed = propose([read], SHEETS, source_name(office.file))
    assert parse(write(proposed), SHEETS, "对照表.toml") == proposed
    confirmed = parse(write(proposed).replace(UNSURE, ""), SHEETS, "对照表.toml")
    assert isinstance(confirmed, SourceMapping)
    found = apply(confirmed, read, SHEETS)
    wrong = {h: got for h, (got, _) in seen(found).items() if got not in (office.expected[h], None)}
    assert wrong == {}
    drafts = draft(read, found, sha256="0" * 64, source=confirmed.source)
    assert (len(drafts.nodes) + len(drafts.links), list(drafts.problems)) == (len(office.rows), [])


def test_what_is_still_marked_is_not_loaded() -> None:
    mapping = propose([units()], SHEETS, "驻区单位")
    found = apply(mapping, units(), SHEETS)
    assert seen(found)["手机"] == ("联系电话", "likely")
    assert not found.loadable
    [missing, *_] = recognition_problems(units(), found)
    assert missing.message == (
        "表.xlsx「驻区单位」：当作「共建单位」表，缺少必需的列「名称」。「单位全称（盖章）」可能是「名称」，待确认："
        "在“导入”页或对照表（linmai map 文件）里改好再装入。整张表没有导入"
    )


def test_a_mapping_has_the_last_word_and_leaves_the_rest_to_recognition() -> None:
    mapping = SourceMapping(
        "驻区单位",
        (
            SheetMapping(
                "驻区单位",
                "共建单位",
                {"单位全称（盖章）": "名称", "备用": "备注", "手机": IGNORE},
                {"统一社会信用代码": ""},
            ),
        ),
    )
    assert seen(apply(mapping, units(), SHEETS)) == {
        "序号": (None, "ignored"), "单位全称（盖章）": ("名称", "sure"), "性质": ("单位类型", "sure"),
        "所属社区": ("所在社区", "sure"), "联络员": ("联系人", "likely"), "手机": (None, "ignored"), "备用": ("备注", "sure"),
    }  # fmt: skip


def test_a_constant_of_a_mapping_fills_every_row_and_a_wrong_one_refuses_the_table() -> None:
    of = table(["姓名", "性别"], ["赵甲", "男"], sheet="名单")
    columns = {"姓名": "姓名", "性别": "性别"}
    good = SourceMapping("名单", (SheetMapping("名单", "人员", columns, {"党员类别": "在职党员"}),))
    [node] = draft(of, apply(good, of, SHEETS), sha256="", source="名单").nodes
    assert node.properties == {"name": "赵甲", "gender": "男", "member_kind": "在职"}
    bad = SourceMapping("名单", (SheetMapping("名单", "人员", columns, {"党员类别": "群众"}),))
    drafts = draft(of, apply(bad, of, SHEETS), sha256="", source="名单")
    assert (drafts.nodes, drafts.rejected) == ([], frozenset({2}))
    assert [p.message for p in drafts.problems] == [
        "表.xlsx「名单」：给整张表定的「党员类别」不对，应为“自管”“在职”“离退休”“流动”之一；请在对照表里改正。整张表没有导入"
    ]


def test_a_mapping_can_say_that_a_column_goes_before_a_place() -> None:
    of = table(["姓名", "院", "楼"], ["赵甲", "东院", "3号楼"], sheet="名单")
    text = (
        HEAD.replace("9月", "名单")
        + '[sheet.columns]\n"姓名" = "姓名"\n"院" = "居住楼栋的上级"\n"楼" = "居住楼栋"\n'
    )
    mapping = parse(text, SHEETS, "对照表.toml")
    assert isinstance(mapping, SourceMapping)
    [node] = draft(of, apply(mapping, of, SHEETS), sha256="", source="名单").nodes
    assert [(r.relationship, r.text) for r in node.references] == [("LIVES_IN", "东院/3号楼")]
    assert problem(text.replace("居住楼栋的上级", "姓名的上级")).startswith(
        "对照表.toml 第 7 行：「人员」表没有「姓名的上级」列；"
    )


def test_a_sheet_that_was_renamed_is_known_by_its_headings() -> None:
    mapping = SourceMapping("名单", (SheetMapping("9月", "人员", {"姓名": "姓名", "甲": "备注"}),))
    assert seen(apply(mapping, table(["姓名", "甲"], ["赵甲", "x"], sheet="10月"), SHEETS))["甲"] == (
        "备注",
        "sure",
    )


def test_a_mapping_that_does_not_know_a_sheet_leaves_it_to_recognition() -> None:
    mapping = SourceMapping("名单", (SheetMapping("9月", "人员", {"姓名": "姓名"}),))
    found = apply(mapping, units(), SHEETS)
    assert found.layout is not None
    assert (found.layout.title, found.certainty) == ("共建单位", Certainty.SURE)


def test_a_sheet_can_be_ignored_as_a_whole() -> None:
    mapping = parse(HEAD.replace("人员", IGNORE).replace("9月", "驻区单位"), SHEETS, "对照表.toml")
    assert isinstance(mapping, SourceMapping)
    found = apply(mapping, units(), SHEETS)
    assert not found.loadable
    assert [p.message for p in recognition_problems(units(), found)] == [
        "表.xlsx「驻区单位」：对照表里写着“忽略”，整张表没有导入"
    ]


HEAD = 'source = "名单"\n[[sheet]]\nname = "9月"\nlayout = "人员"\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEAD + '[sheet.columns]\n手机 = "联系电话"\n', "对照表.toml 第 6 行：不合对照表的写法；列名和内容都要放在英文双引号里，中间是英文等号，同一列名只写一次，例如 \"手机号码\" = \"联系电话\""),
        (HEAD + '[sheet.columns]\n"手机" = "电话号"\n', "对照表.toml 第 6 行：「人员」表没有「电话号」列；可以写：编号、姓名、所属党组织、转入日期、转出日期、报到社区、报到日期、报到结束日期、居住楼栋、性别、出生年份、联系电话、党员类别、特长、备注、起始日期、终止日期，或“忽略”"),
        (HEAD + '[sheet.columns]\n"甲" = "姓名"\n"乙" = "待确认：姓名"\n', "对照表.toml 第 7 行：「甲」和「乙」都写成了「姓名」；只能有一列，另一列请写“忽略”"),
        (HEAD.replace("人员", "党员证") + "[sheet.columns]\n", "对照表.toml 第 4 行：没有“党员证”这种表；可以写：" + "、".join(s.title for s in SHEETS) + "，或“忽略”"),
        (HEAD + "[sheet.columns]\n\"手机\" = 3\n", "对照表.toml 第 2 行：列名、表名和内容都要放在英文双引号里，例如 \"手机号码\" = \"联系电话\""),
        ('source = "名单"\n', "对照表.toml：没有一张表；每张表以 [[sheet]] 开头，可用 linmai map 文件 重新写出一份"),
        ("[[sheet]]\nname = \"a\"\n", "对照表.toml：缺少来源；请在开头写一行，例如 source = \"党员花名册\""),
        ('source = "名单"\n[[sheet]]\nlayout = "人员"\n', "对照表.toml 第 2 行：缺少工作表名；请写一行，例如 name = \"Sheet1\""),
        ("", "对照表.toml：缺少来源；请在开头写一行，例如 source = \"党员花名册\""),
    ],
)  # fmt: skip
def test_a_bad_mapping_file_is_answered_with_one_sentence_and_the_line(text: str, message: str) -> None:
    assert problem(text) == message


_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(
    _text, st.dictionaries(_text, st.sampled_from(["", IGNORE, "姓名", "待确认：备注"]), max_size=4), _text
)
def test_whatever_stands_in_a_heading_survives_the_file(
    sheet: str, columns: dict[str, str], remark: str
) -> None:
    once = {h: ours for h, ours in columns.items() if ours in ("", IGNORE)}
    mapping = SourceMapping("名单", (SheetMapping(sheet, "人员", once, {}, dict.fromkeys(once, remark)),))
    assert parse(write(mapping), SHEETS, "对照表.toml") == mapping


def test_a_mapping_is_remembered_per_source_and_for_the_rows_that_came_back(tmp_path: Path) -> None:
    folder = tmp_path / "mappings"
    mapping = SourceMapping("驻区单位/名册:2", (SheetMapping("表", "人员", {"姓名": "姓名"}),))
    assert recall(folder, mapping.source, SHEETS) is None
    remember(folder, SourceMapping(mapping.source, ()))
    path = remember(folder, mapping)
    assert [p.name for p in folder.iterdir()] == [path.name]
    assert recall(folder, mapping.source, SHEETS) == mapping
    assert recall(folder, mapping.source + "-退回行", SHEETS) == mapping
    assert recall(folder, "驻区单位_名册_2", SHEETS) is None


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("党员花名册(2020年9月)最新版(1).xlsx", "党员花名册"),
        ("2020年9月党员花名册 - 副本.xlsx", "党员花名册"),
        ("党员花名册_20200930_v2.1.xls", "党员花名册"),
        ("党员花名册2020-09-30（最终版）.csv", "党员花名册"),
        ("清单.zip/三季度/共建单位资源清单（第3季度）.ods", "共建单位资源清单"),
        ("2020年度共建协议台账终稿.xlsx", "共建协议台账"),
        ("资源清单.v2.xlsx", "资源清单"),
        ("资源清单", "资源清单"),
        ("城市更新项目.xlsx", "城市更新项目"),
        ("renewal list final.xlsx", "renewal list"),
        ("第1网格楼栋表.xlsx", "第1网格楼栋表"),
        ("410411001003小区.xlsx", "410411001003小区"),
        ("2020年9月.xlsx", "2020年9月"),
        ("资源清单-退回行.xlsx", "资源清单-退回行"),
    ],
)
def test_a_source_is_named_by_its_file_without_dates_and_version_words(file: str, source: str) -> None:
    assert source_name(file) == source


def test_the_error_workbook_of_a_file_is_called_by_it() -> None:
    assert rejected_name("清单.zip/资源清单.csv") == "资源清单-退回行.xlsx"
    assert rejected_name("资源清单-退回行.xlsx") == "资源清单-退回行.xlsx"
