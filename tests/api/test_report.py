"""The quarterly report: every figure is the query's own, says where it comes from, and can be printed."""

import stat
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from api.answers import heading
from api.report import PARTS, gather
from api.report_workbook import COVER, GAPS, report_bytes
from graph.ask import ParameterError, ask
from graph.catalog import queries
from graph.coverage import coverage
from graph.store import Store
from tests.api.front_door import command
from tests.api.small_district import FEIXING

STREET = "410411004"
MADE_AT = "2020-10-01 09:30"


@pytest.fixture(scope="module")
def holder(district: Store) -> Store:
    """The small district with one post and one liaison."""
    district.write(
        "MATCH (p:Person {id: 'R3'}) MATCH (e:Building {id: 'B1'}) "
        "CREATE (p)-[:HOLDS {key: '楼栋长', post: '楼栋长', `from`: '2020-01-01'}]->(e) SET p.phone = '13800008002'"
    )
    district.write("MATCH (u:Unit {id: 'U1'}) SET u.liaison = '示例丁', u.liaison_phone = '0375-1234567'")
    return district


@pytest.fixture(scope="module")
def book(holder: Store, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The street's workbook, read back."""
    return opened(holder, tmp_path_factory.mktemp("report") / "report.xlsx", STREET)


def opened(store: Store, path: Path, scope: str, *, unmasked: bool = False) -> Any:
    path.write_bytes(report_bytes(gather(store, scope, "", MADE_AT, unmasked=unmasked)))
    return openpyxl.load_workbook(path)


def rows(sheet: Any) -> list[list[Any]]:
    """The cells of a sheet, empty ones as None."""
    return [[None if cell.value == "" else cell.value for cell in row] for row in sheet.iter_rows()]


def test_the_cover_says_of_what_when_and_that_the_data_are_synthetic_and_lists_every_sheet(book: Any) -> None:
    lines = rows(book[COVER])
    assert [line[0] for line in lines[:6]] == [
        "九里山街道组织与资源季度报告",
        "示例数据：本报告的数据由程序生成，不是真实情况，不能上报",
        "范围：街道 九里山街道（编号 410411004）",
        "数据截至：2020-10-01　　生成时间：2020-10-01 09:30",
        "个人信息：已遮盖",
        "填报单位：　　　　　　　　填表人：　　　　　　　　审核人：　　　　　　　　日期：",
    ]
    listed = [line[1] for line in lines[8:]]
    assert [COVER, *listed] == book.sheetnames
    assert book.sheetnames[1] == GAPS
    links = [book[COVER].cell(9 + n, 2).hyperlink.location for n in range(len(listed))]
    assert links == [f"'{name}'!A1" for name in listed]


def test_data_that_are_not_synthetic_are_not_called_so(holder: Store) -> None:
    holder.write("MATCH (r:StoreRecord) SET r.demo = false")
    try:
        report = gather(holder, STREET, "", MADE_AT)
    finally:
        holder.write("MATCH (r:StoreRecord) SET r.demo = true")
    assert report.demo is False
    assert "示例数据" not in str(report_bytes(report))


def test_the_gaps_come_right_after_the_cover_as_coverage_counts_them(holder: Store, book: Any) -> None:
    gaps = coverage(holder, STREET).gaps
    lines = rows(book[GAPS])
    assert lines[1][0] == "范围：九里山街道（410411004）　截至 2020-10-01　只列有缺口的项，占比大的在前"
    assert [line[:5] for line in lines[3:]] == [[g.heading, g.lacking, g.due, g.unit, g.share] for g in gaps]
    assert lines[3][5] == "areas_without_party_organization level=4"


def test_each_sheet_holds_the_rows_of_its_query_and_says_scope_day_and_source(
    holder: Store, book: Any
) -> None:
    for part in PARTS:
        query = queries()[part.query]
        if part.each or part.sheet not in book.sheetnames:
            continue
        answer = ask(holder, query, {"scope": STREET})
        found = [row for row in answer.rows if not (part.lacking and row[part.lacking])]
        lines = rows(book[part.sheet])
        assert lines[0][0] == part.sheet
        assert f"来源：查询 {query.name}（{query.title}）" in lines[1][0]
        dated = any(p.name == "as_of" for p in query.params)
        assert ("截至 2020-10-01" in lines[1][0]) is dated
        assert lines[2] == [heading(column) for column in query.returns]
        summed = 1 if part.totals and len(found) > 1 else 0
        assert len(lines) - 3 - summed == max(1, len(found)), part.sheet
        for column, shown in zip(query.returns, zip(*lines[3:], strict=True), strict=True):
            if column.type == "integer" and column.codes is None and found:
                assert list(shown[: len(found)]) == [row[column.name] for row in found]


def test_a_list_of_gaps_that_is_asked_for_each_kind_is_one_sheet(book: Any) -> None:
    lines = rows(book["缺组织的社区"])
    assert lines[2] == ["缺少的组织类型", "街道", "社区编号", "社区"]
    lacking = [line[0] for line in lines[3:] if line[2] == FEIXING]
    assert lacking == ["居委会", "工会", "妇联", "共青团", "人民调解委员会"]
    assert [line[0] for line in rows(book["无党组织的区域"])[3:]].count("社区大党委") == 7


def test_an_empty_list_says_so(book: Any) -> None:
    assert rows(book["独家支撑"])[3][0] == "没有缺口"
    assert rows(book["阵地"])[3][0] == "没有记录"


def test_sums_are_formulas_over_the_rows_above(book: Any) -> None:
    lines = rows(book["双报到"])
    end = len(lines) - 1
    assert lines[-1] == ["合计", None, None, f"=SUM(D4:D{end})", f"=SUM(E4:E{end})", None]


def test_a_text_that_looks_like_a_formula_stays_a_text(holder: Store, tmp_path: Path) -> None:
    holder.write("MATCH (u:Unit {id: 'U1'}) SET u.name = '=1+1'")
    try:
        sheet = opened(holder, tmp_path / "x.xlsx", FEIXING)["共建单位名录"]
    finally:
        holder.write("MATCH (u:Unit {id: 'U1'}) SET u.name = '示例医院'")
    assert (sheet["C4"].value, sheet["C4"].data_type) == ("=1+1", "s")


def test_every_sheet_prints_on_a4_one_page_wide_with_its_heading_on_each_page(book: Any) -> None:
    for sheet in book:
        columns = sheet.column_dimensions.values()
        wide = sum(int(column.width) * (column.max - column.min + 1) for column in columns) > 88
        setup = sheet.page_setup
        # One page wide is what the file says by saying nothing.
        assert (setup.paperSize, setup.fitToWidth or 1, setup.fitToHeight) == (9, 1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage is True
        assert (sheet.title, setup.orientation) == (sheet.title, "landscape" if wide else "portrait")
        assert sheet.print_title_rows == ("$8:$8" if sheet.title == COVER else "$3:$3")
        assert sheet.oddFooter.center.text == "第 &P 页，共 &N 页"
        assert (sheet.oddFooter.left.text, sheet.oddFooter.right.text) == (
            "九里山街道　示例数据", "截至 2020-10-01",
        )  # fmt: skip


def test_personal_values_are_masked_unless_asked_for(holder: Store, book: Any, tmp_path: Path) -> None:
    masked = rows(book["在岗人员"])
    assert masked[1][0].endswith("个人信息已遮盖")
    assert masked[3] == [
        "飞行社区居民委员会",
        "1号楼",
        "楼栋长",
        "R3",
        "示*",
        "138****8002",
        None,
        "2020-01-01",
    ]
    assert rows(book["共建单位名录"])[3][5:] == ["示*", "037****4567"]
    whole = opened(holder, tmp_path / "x.xlsx", STREET, unmasked=True)
    assert rows(whole["在岗人员"])[3][4:6] == ["示例丙", "13800008002"]
    assert rows(whole["共建单位名录"])[3][5:] == ["示例丁", "0375-1234567"]
    assert rows(whole[COVER])[4][0] == "个人信息：完整，请勿外传，用完请删除"


def test_a_district_and_a_community_get_the_sheets_whose_queries_take_them(holder: Store) -> None:
    def sheets(scope: str) -> set[str]:
        return {section.part.sheet for section in gather(holder, scope, "", MADE_AT).sections}

    of_all = {part.sheet for part in PARTS}
    assert of_all - sheets("410411") == {"楼栋党员与楼栋长", "在岗人员"}
    assert of_all - sheets(STREET) == of_all - sheets(FEIXING) == {"各街道概况"}


def test_an_estate_does_not_report(holder: Store) -> None:
    with pytest.raises(ParameterError, match="“E1”是小区，此查询的范围应为：区、街道、社区"):
        gather(holder, "E1", "", MADE_AT)


def test_the_command_writes_a_private_workbook_and_says_what_is_in_it(holder: Store, tmp_path: Path) -> None:
    out = tmp_path / "季度报告.xlsx"
    said = command(holder, "report", "--scope", FEIXING, "--out", str(out), "--with-personal", "--json")
    assert (said.status, {k: v for k, v in said.json.items() if k != "sheets"}) == (0, {
        "file": str(out), "scope": FEIXING, "as_of": "2020-10-01", "demo": True, "personal": True,
        "gaps": len(coverage(holder, FEIXING).gaps),
    })  # fmt: skip
    assert [COVER, GAPS, *(s["sheet"] for s in said.json["sheets"])] == openpyxl.load_workbook(out).sheetnames
    assert said.err.splitlines() == [
        f"库：{holder.shown}",
        f"已把 飞行社区居民委员会截至 2020-10-01 的 {len(said.json['sheets']) + 2} 张表写到 {out}，只有本机当前用户能打开",
        "其中有完整的个人信息，请勿外传，用完请删除",
        "这是示例数据，不能上报",
    ]
    assert stat.filemode(out.stat().st_mode) == "-rw-------"


def test_what_cannot_be_reported_ends_with_2_and_leaves_no_file(holder: Store, tmp_path: Path) -> None:
    for words, sentence in (
        (("--out", str(tmp_path / "x.pdf")), f"--out 的值“{tmp_path / 'x.pdf'}”不对：请把文件名写成 .xlsx"),
        (("--scope", "7", "--out", str(tmp_path / "x.xlsx")), "没有编号为“7”的区域；可以用 linmai divisions 或页面上的搜索查编号"),
        (("--as-of", "2020-2-30", "--out", str(tmp_path / "x.xlsx")), "参数 as_of 的值“2020-2-30”不对：应为日期，例如 2020-04-13"),
    ):  # fmt: skip
        said = command(holder, "report", *words)
        assert (said.status, said.out, said.err.splitlines()[-1]) == (2, "", sentence)
    assert list(tmp_path.iterdir()) == []
