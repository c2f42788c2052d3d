"""From a sheet as it stands to tables: headings found, nothing dropped in silence."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from loaders.cells import CellValue
from loaders.sheets import Range, Sheet
from loaders.tables import EXAMPLE_MARKER, Row, Table, find_tables


def sheet(*rows: list[CellValue], merged: tuple[Range, ...] = (), hidden_rows: tuple[int, ...] = ()) -> Sheet:
    """A sheet 清单 of a.xlsx; short rows are filled up with empty cells."""
    width = max(map(len, rows), default=0)
    cells = tuple(tuple(row) + (None,) * (width - len(row)) for row in rows)
    return Sheet("a.xlsx", "清单", cells, merged=merged, hidden_rows=frozenset(hidden_rows))


def said(found: Sheet, known: tuple[str, ...] = ()) -> list[str]:
    """The messages, without the place that all of them share."""
    return [p.message.removeprefix("a.xlsx「清单」").removeprefix("：") for p in find_tables(found, known)[1]]


def only(found: Sheet, known: tuple[str, ...] = ()) -> Table:
    """The one table of a sheet."""
    (table,) = find_tables(found, known)[0]
    return table


def test_a_plain_table_is_taken_as_it_stands() -> None:
    found = sheet(["名称", "数量", "日期"], ["会议室", 1.0, date(2020, 4, 13)], ["活动室", None, None])
    assert find_tables(found) == (
        [
            Table(
                file="a.xlsx",
                sheet="清单",
                headings=("名称", "数量", "日期"),
                columns=("A", "B", "C"),
                heading_row=1,
                rows=(
                    Row(2, ("会议室", 1.0, date(2020, 4, 13))),
                    Row(3, ("活动室", None, None)),
                ),
            )
        ],
        [],
    )


def test_title_rows_and_form_fields_above_the_heading_become_the_title() -> None:
    found = sheet(
        ["九里山街道  资源清单"],
        ["填报单位：飞行社区", None, None, "填报日期：2020年4月13日"],
        [],
        ["序号", "名　称", "联系\n电话", "备注"],
        [1.0, "会议室", "283", None],
        merged=(Range(1, 1, 1, 4),),
    )
    table = only(found)
    assert (table.title, table.headings, table.heading_row, table.rows) == (
        "九里山街道资源清单\n填报单位：飞行社区 填报日期：2020年4月13日",
        ("序号", "名称", "联系电话", "备注"),
        4,
        (Row(5, (1.0, "会议室", "283", None)),),
    )


def test_a_heading_of_two_rows_with_merged_cells_is_joined() -> None:
    found = sheet(
        ["单位信息表"],
        ["名称", "联系人", None, "数量"],
        [None, "姓名", "电话", None],
        ["第一小学", "甲", "1", 2.0],
        merged=(Range(1, 1, 1, 4), Range(2, 1, 3, 1), Range(2, 2, 2, 3), Range(2, 4, 3, 4)),
    )
    for known in ((), ("名称", "数量"), ("姓名", "电话")):
        table = only(found, known)
        assert (table.headings, table.heading_row, table.rows) == (
            ("名称", "联系人·姓名", "联系人·电话", "数量"),
            3,
            (Row(4, ("第一小学", "甲", "1", 2.0)),),
        ), known


def test_a_heading_of_two_rows_whose_merged_cells_were_lost_is_joined() -> None:
    found = sheet(
        ["名称", "联系人", None, "数量"],
        [None, "姓名", "电话", None],
        ["第一小学", "甲", "1", "2"],
    )
    assert (only(found).headings, only(found).heading_row) == (
        ("名称", "联系人·姓名", "联系人·电话", "数量"),
        2,
    )


def test_a_heading_whose_first_row_only_groups_is_joined() -> None:
    found = sheet(
        ["基本情况", None, "联系", None],
        ["编号", "名称", "姓名", "电话"],
        ["1", "第一小学", "甲", "2"],
        merged=(Range(1, 1, 1, 2), Range(1, 3, 1, 4)),
    )
    for known in ((), ("编号", "名称")):
        assert only(found, known).headings == ("基本情况·编号", "基本情况·名称", "联系·姓名", "联系·电话")


def test_merged_data_cells_are_filled_down_and_noted() -> None:
    found = sheet(
        ["社区", "名称"],
        ["飞行社区", "会议室"],
        [None, "活动室"],
        ["铁南社区", "舞台"],
        merged=(Range(2, 1, 3, 1),),
    )
    assert [row.values for row in only(found).rows] == [
        ("飞行社区", "会议室"),
        ("飞行社区", "活动室"),
        ("铁南社区", "舞台"),
    ]
    assert said(found) == ["第 2 行有纵向合并的单元格，已把内容填到合并的每一行"]


def test_blank_total_example_remark_and_ordinal_rows_are_left_out_with_a_note() -> None:
    found = sheet(
        ["名称", "数量", "单位"],
        ["1", "2", "3"],
        [f"{EXAMPLE_MARKER}大会议室", 1.0, "间"],
        ["会议室", 1.0, "间"],
        ["\u3000", "\u200b", None],
        ["小 计", 1.0, "—"],
        ["名称", "数量", "单位"],
        ["活动室", 2.0, "间"],
        ["合计：", "3 间", None],
        ["注：数量以实际为准", None, None],
        ["填表人：甲　审核人：乙", None, None],
        [],
    )
    assert [row.number for row in only(found).rows] == [4, 8]
    assert said(found) == [
        "第 5 行是空行，已略过",
        "第 6、9 行是合计行，已略过",
        "第 10、11 行是表格下方的说明或签字，已略过",
        "第 3 行是示例行，已略过",
        "第 7 行重复了标题行，已略过",
        "第 2 行是栏次编号，已略过",
    ]


def test_a_name_that_only_begins_like_an_example_or_a_total_is_data() -> None:
    found = sheet(["名称", "地址"], ["示例小区", "甲路"], ["合计办公室", "乙路"], ["总计", "丙路 3 号"])
    assert [row.number for row in only(found).rows] == [2, 3, 4]
    assert said(found) == ["第 4 行：像是合计行，但还有别的文字，已按数据读取；如果是合计，请删除该行"]


def test_hidden_rows_are_read_marked_and_noted() -> None:
    found = sheet(["名称", "数量"], ["会议室", 1.0], ["活动室", 2.0], hidden_rows=(3,))
    assert only(found).rows == (Row(2, ("会议室", 1.0)), Row(3, ("活动室", 2.0), hidden=True))
    assert said(found) == ["第 3 行是隐藏行，已照常读取；如不需要，请删除后再装入"]


def test_repeated_headings_and_columns_without_heading_are_doubted() -> None:
    found = sheet(["名称", "电话", "电话", None, None], ["会议室", "1", "2", "x", None])
    table = only(found)
    assert (table.headings, table.columns, table.rows) == (
        ("名称", "电话", "电话 2", "（D 列无标题）"),
        ("A", "B", "C", "D"),
        (Row(2, ("会议室", "1", "2", "x")),),
    )
    assert said(found) == [
        "D 列有内容但没有标题；请在标题行写上列名，或清空该列",
        "「电话」列：标题“电话”出现了不止一次，后面的依次编号为“电话 2”等；请把标题改成不同的名称",
    ]


def test_a_table_that_begins_further_right_keeps_its_column_letters() -> None:
    found = sheet([], [None, None, "名称", "数量"], [None, None, "会议室", 1.0])
    assert (only(found).columns, only(found).rows) == (("C", "D"), (Row(3, ("会议室", 1.0)),))


def test_two_tables_one_above_the_other_are_told_apart_by_known_headings() -> None:
    found = sheet(
        ["一、资源清单"],
        ["名称", "数量"],
        ["会议室", 1.0],
        [],
        ["二、需求清单"],
        ["需求名称", "期望日期", "数量"],
        ["体检", "2020-04-13", 2.0],
    )
    tables, _ = find_tables(found, ("名称", "数量", "需求名称", "期望日期"))
    assert [(t.title, t.headings, [row.values for row in t.rows]) for t in tables] == [
        ("一、资源清单", ("名称", "数量"), [("会议室", 1.0)]),
        ("二、需求清单", ("需求名称", "期望日期", "数量"), [("体检", "2020-04-13", 2.0)]),
    ]


def test_known_headings_find_a_heading_that_looks_like_data() -> None:
    found = sheet(["2020", "2021", "2022"], ["*名称（必填）", "数量", "7"], ["会议室", "1", "2"])
    assert only(found, ("名称", "数量")).headings == ("*名称（必填）", "数量", "7")


def test_sheets_without_data_say_what_they_lack() -> None:
    hidden = Sheet("a.xlsx", "清单", (("名称", "数量"), ("会议室", 1)), hidden=True)
    cases = [
        sheet(),
        sheet([None, " "], ["\u3000"]),
        sheet(["名称", "数量"]),
        sheet(["只有一段说明文字，不是表格"]),
        hidden,
    ]
    assert [(len(find_tables(one)[0]), said(one)) for one in cases] == [
        (0, ["是空表，没有内容"]),
        (0, ["是空表，没有内容"]),
        (1, ["只有标题行，下面没有数据"]),
        (0, ["没有找到标题行，整张表没有读取；请在数据上方加一行列名，例如 名称、地址、联系电话"]),
        (0, ["是隐藏的工作表，没有读取；如果里面是要装入的数据，请取消隐藏并保存"]),
    ]


VALUES = st.one_of(st.none(), st.text(max_size=8), st.floats(allow_nan=False), st.booleans(), st.dates())
GRIDS = st.lists(st.lists(VALUES, min_size=4, max_size=4), max_size=12)
RANGES = st.builds(
    lambda r, c, down, across: Range(r, c, r + down, c + across),
    *(st.integers(1, 14), st.integers(1, 6), st.integers(0, 1_048_575), st.integers(0, 16_383)),
)


@given(GRIDS, st.lists(RANGES, max_size=4))
def test_any_sheet_gives_tables_whose_parts_fit_together(
    grid: list[list[CellValue]], merged: list[Range]
) -> None:
    found = sheet(*grid, merged=tuple(merged))
    for known in ((), ("名称", "数量")):
        for table in find_tables(found, known)[0]:
            numbers = [row.number for row in table.rows]
            assert numbers == sorted(set(numbers))
            assert all(table.heading_row < number <= len(grid) for number in numbers)
            assert len(table.headings) == len(table.columns)
            assert {len(row.values) for row in table.rows} <= {len(table.headings)}


@given(
    st.lists(
        st.lists(st.text("甲乙丙丁0123456789", min_size=1, max_size=6), min_size=3, max_size=3), min_size=1
    )
)
def test_every_row_is_either_read_or_has_a_note(rows: list[list[str]]) -> None:
    found = sheet(["名称", "地址", "数量"], *[list(row) for row in rows])
    tables, problems = find_tables(found, ("名称", "地址", "数量"))
    read = sum(len(table.rows) for table in tables)
    assert read == len(rows) or any(p.code in ("ordinal-row", "repeated-heading") for p in problems)
