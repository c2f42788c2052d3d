"""Which sheet a table is and what its columns hold."""

import pytest

from loaders.findings import recognition_problems
from loaders.heading_words import unit_factor
from loaders.qualifiers import QUALIFIES
from loaders.recognise import Certainty, Recognition, recognise
from loaders.tables import Table
from tests.loaders.fixtures_offices import OFFICES, SHEETS, Office, layout, table, tables_of


@pytest.fixture(scope="module")
def offices(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Table]:
    """The tables of all offices, read from real files once."""
    folder = tmp_path_factory.mktemp("offices")
    for office in OFFICES:
        office.save(folder)
    return {each.file: each for each in tables_of(folder)[0]}


MAP = "在“导入”页或对照表（linmai map 文件）里改好再装入"


def seen(found: Recognition) -> dict[str, tuple[str | None, str]]:
    """Our heading and the certainty for every heading of theirs."""
    return {
        m.heading: (m.column.heading + QUALIFIES * m.qualifies if m.column else None, m.certainty.value)
        for m in found.columns
    }


def messages(of: Table) -> list[str]:
    return [p.message for p in recognition_problems(of, recognise(of, SHEETS))]


def test_a_sheet_of_our_own_is_recognised_by_its_name_and_headings() -> None:
    for sheet in SHEETS:
        headings = [c.heading for c in sheet.columns]
        found = recognise(table(headings, sheet=sheet.title), SHEETS)
        assert (found.layout, found.certainty, found.loadable) == (sheet, Certainty.SURE, True)
        assert [m.column for m in found.columns] == list(sheet.columns)


def test_our_headings_are_recognised_without_the_sheets_name() -> None:
    for name in ("Person", "Unit", "Agreement", "Need", "Resource", "Project", "Community", "Building"):
        sheet = layout(name)
        found = recognise(table([c.heading for c in sheet.columns]), SHEETS)
        assert (found.layout, found.certainty) == (sheet, Certainty.SURE)


@pytest.mark.parametrize("office", OFFICES, ids=lambda o: o.file)
def test_an_offices_sheet_is_recognised_for_what_it_is(office: Office, offices: dict[str, Table]) -> None:
    found = recognise(offices[office.file], SHEETS)
    assert found.layout is not None
    assert (found.layout.name, found.certainty) == (office.layout, Certainty.SURE)
    assert {
        c.column.heading: c.value for c in found.constants if c.column.heading in office.constants
    } == office.constants


def test_nine_of_ten_columns_of_offices_are_right_and_none_is_wrong_without_a_mark(
    offices: dict[str, Table],
) -> None:
    right, held_out, wrong = [], [], []
    for office in OFFICES:
        found = seen(recognise(offices[office.file], SHEETS))
        assert set(found) == set(office.expected)
        for heading, (ours, certainty) in found.items():
            fits = ours == office.expected[heading]
            (held_out if office.held_out else right).append(fits)
            if not fits and certainty == "sure":
                wrong.append((office.file, heading, ours))
    assert wrong == []
    assert len(right) >= 110
    assert sum(right) / len(right) >= 0.9
    assert len(held_out) >= 35
    assert sum(held_out) / len(held_out) >= 0.9


def test_english_headings_are_property_names_and_labels_in_any_case_with_any_separator() -> None:
    found = recognise(
        table(["NAME", "Liaison Phone", "community", "valid_from", "USCC"], sheet="units"), SHEETS
    )
    assert seen(found) == {
        "NAME": ("名称", "sure"), "Liaison Phone": ("联系电话", "sure"), "community": ("所在社区", "sure"),
        "valid_from": ("起始日期", "sure"), "USCC": ("统一社会信用代码", "sure"),
    }  # fmt: skip


def test_values_that_speak_against_a_heading_make_it_unsure_or_another_column() -> None:
    found = recognise(
        table(
            ["资源名称", "单位", "数量", "联系人"],
            ["会议室", "间", 1, "赵甲"],
            ["车位", "个", 20, "钱乙"],
            sheet="资源清单",
        ),
        SHEETS,
    )
    assert seen(found) == {
        "资源名称": ("名称", "sure"), "单位": ("计量单位", "likely"), "数量": ("数量", "sure"), "联系人": (None, "unknown"),
    }  # fmt: skip


def test_an_unknown_heading_is_likely_when_its_values_are_of_one_code_list() -> None:
    found = recognise(
        table(
            ["党员姓名", "所在党支部", "身份", "M"],
            ["赵甲", "东院党支部", "在职党员", "男"],
            ["钱乙", "东院党支部", "自管党员", "女"],
        ),
        SHEETS,
    )
    assert seen(found)["身份"] == ("党员类别", "likely")
    assert seen(found)["M"] == ("性别", "likely")
    assert [m.reason for m in found.columns if m.certainty is Certainty.LIKELY] == [
        "内容像「党员类别」",
        "内容像「性别」",
    ]


def test_a_number_that_only_counts_rows_is_not_taken_for_a_key() -> None:
    of = table(
        ["编号", "小区名称", "所属社区"],
        [1, "东院", "飞行社区"],
        [2, "西院", "飞行社区"],
        [3, "南院", "铁南社区"],
        sheet="小区",
    )
    assert seen(recognise(of, SHEETS)) == {
        "编号": ("编号", "likely"),
        "小区名称": ("名称", "sure"),
        "所属社区": ("所属社区", "sure"),
    }
    assert messages(of) == [
        f"表.xlsx「小区」「编号」列：待确认：可能是「编号」（内容只是 1、2、3……，像序号而不像编号）。没有确认，这一列没有导入；{MAP}"
    ]


def test_a_heading_of_somebody_else_is_not_taken_for_the_persons_own() -> None:
    found = recognise(
        table(
            ["姓名", "配偶·姓名", "所在党支部", "联系人（电话）"],
            ["赵甲", "钱乙", "东院党支部", "13800000000"],
            sheet="党员",
        ),
        SHEETS,
    )
    assert [m.heading for m in found.columns if m.certainty is Certainty.SURE] == ["姓名", "所在党支部"]


def test_every_column_is_used_or_ignored_or_reported() -> None:
    of = table(
        ["序号", "姓名", "身份证号", "所在党支部", "文化程度", "填表人"],
        [1, "赵甲", "x", "东院党支部", "大专", "钱乙"],
        sheet="党员",
    )
    assert messages(of) == [
        f"表.xlsx「党员」「文化程度」列：「人员」表里没有这一列，没有导入；若有对应的列，{MAP}；不需要的在对照表里写“忽略”",
        "表.xlsx「党员」：这些列按约定不导入：「序号」、「身份证号」、「填表人」",
    ]


def test_a_missing_required_column_is_one_problem_for_the_table() -> None:
    of = table(["名称", "单位类型", "联系人"], ["示例医院", "医疗机构", "赵甲"], sheet="共建单位")
    found = recognise(of, SHEETS)
    assert not found.loadable
    assert messages(of) == [
        f"表.xlsx「共建单位」：当作「共建单位」表，缺少必需的列「所在社区」；请补上，或{MAP}。整张表没有导入"
    ]


def test_a_community_in_the_title_is_proposed_where_the_column_is_missing() -> None:
    of = table(
        ["单位名称", "单位性质"], ["示例医院", "医疗机构"], sheet="驻区单位", title="飞行社区驻区单位名册"
    )
    found = recognise(of, SHEETS)
    assert [(c.column.heading, c.value, c.certainty) for c in found.constants] == [
        ("所在社区", "飞行社区", Certainty.LIKELY)
    ]
    assert messages(of) == [
        f"表.xlsx「驻区单位」：当作「共建单位」表，缺少必需的列「所在社区」。「所在社区」可能都是“飞行社区”，待确认：{MAP}。整张表没有导入"
    ]


def test_a_sheet_called_by_a_code_word_gives_every_row_that_code() -> None:
    of = table(
        ["姓名", "性别", "所在党支部", "联系电话"],
        ["赵甲", "男", "东院党支部", "13800000000"],
        sheet="在职党员",
    )
    found = recognise(of, SHEETS)
    assert [(c.column.heading, c.value, c.certainty) for c in found.constants] == [
        ("党员类别", "在职", Certainty.SURE)
    ]
    assert messages(of) == ["表.xlsx「在职党员」：整张表的「党员类别」都填“在职”（表名或标题里写着）"]


def test_a_table_like_none_of_ours_is_one_problem() -> None:
    of = table(["日期", "摘要", "收入", "支出"], ["2020-01-01", "买纸", 1, 2], ["2020-01-02", "买笔", 3, 4])
    assert messages(of) == [
        f"表.xlsx「Sheet1」：认不出这是哪一类表，最接近的是「联席会议」；请把工作表改成模板里的名称和表头，或{MAP}"
    ]


def test_a_table_like_two_of_ours_names_both_and_loads_nothing() -> None:
    of = table(["名称", "所属社区"], ["东院", "飞行社区"], ["西院", "飞行社区"])
    found = recognise(of, SHEETS)
    assert not found.loadable
    first, second = (c.title for c in found.candidates[:2])
    assert messages(of) == [
        f"表.xlsx「Sheet1」：分不清是「{first}」、「{second}」中的哪一类；请把工作表名改成其中一个，或{MAP}"
    ]


def test_a_unit_in_the_heading_or_the_title_is_converted_and_one_of_another_kind_refused() -> None:
    funds = layout("Project").column("财政资金").property
    area = layout("Community").column("面积").property
    assert unit_factor("财政资金（万元）", "", funds) == 10_000
    assert unit_factor("财政资金", "项目表\n单位：万元", funds) == 10_000
    assert unit_factor("财政资金", "填报单位：财政局", funds) == 1
    assert unit_factor("面积（平方公里）", "", area) == 1
    assert unit_factor("面积（平方米）", "", area) == 1e-6
    assert unit_factor("面积（户）", "", area) is None
    of = table(
        ["社区名称", "编号", "所属街道", "面积（户）"],
        ["飞行社区", "410411004004", "九里山街道", 3],
        sheet="社区",
    )
    assert seen(recognise(of, SHEETS))["面积（户）"] == (None, "unknown")
    assert messages(of) == [
        "表.xlsx「社区」「面积（户）」列：的单位与「面积」的单位“平方千米”不同类，没有导入；请换算后改写单位，或在对照表里写“忽略”"
    ]
