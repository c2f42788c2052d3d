"""Promises of resolving: what a cell means, and what is sent back because nobody can know."""

from datetime import datetime

import pytest

from graph.prepare import prepare
from graph.schema import SCHEMA
from graph.store import Store
from loaders.divisions import Divisions
from loaders.drafts import TableDrafts
from loaders.lease import LoadRefused
from loaders.load import load
from loaders.official import init_district
from loaders.problems import Problem
from loaders.resolve import resolve
from loaders.resolved import ResolvedTable
from tests.loaders.drafting import sheet

NOW = datetime(2020, 10, 1)
DAY = "2020-10-01"
FEIXING = "410411004004"


@pytest.fixture
def district(store: Store) -> Store:
    """A prepared store with the official territory of one district."""
    prepare(store, SCHEMA)
    init_district(store, Divisions.open(), "410411", now=NOW)
    return store


def resolved(store: Store, *tables: TableDrafts, scope: str | None = None) -> list[ResolvedTable]:
    return resolve(store, SCHEMA, tables, scope=scope, as_of=DAY)


def ends(table: ResolvedTable) -> list[list[tuple[str, str, str]]]:
    return [[(tie.relationship, tie.label, tie.end) for tie in row.ties] for row in table.nodes]


def problems(*tables: ResolvedTable) -> list[Problem]:
    return [problem for table in tables for problem in table.problems]


def units(*places: str) -> TableDrafts:
    rows = [{"编号": f"DW-{n}", "名称": f"示例单位{n}", "所在社区": place} for n, place in enumerate(places)]
    return sheet("Unit", *rows)


def test_a_community_is_known_by_every_writing_that_people_use(district: Store) -> None:
    writings = (
        FEIXING,
        "飞行社区居民委员会",
        "飞行社区",
        "飞行",
        "九里山街道飞行社区居委会",
        "湛河区九里山飞行居委会",
    )
    (table,) = resolved(district, units(*writings))
    assert ends(table) == [[("LOCATED_IN", "Community", FEIXING)]] * 6
    assert problems(table) == []


def test_a_name_that_fits_two_villages_is_sent_back_with_both(district: Store) -> None:
    (table,) = resolved(district, units("谢庄", "北渡谢庄"))
    assert [row.id for row in table.nodes] == ["DW-1"]
    (problem,) = problems(table)
    assert (problem.code, problem.row, problem.column, problem.found) == (
        "ambiguous-reference",
        2,
        "所在社区",
        "谢庄",
    )
    assert problem.message.startswith(
        "共建单位.xlsx「共建单位」第 2 行「所在社区」列：“谢庄”对应 2 个地点，无法确定是哪一个，请写明其一："
    )


def test_an_unknown_place_is_sent_back_with_the_nearest_names(district: Store) -> None:
    (table,) = resolved(district, units("飞鹰社区"))
    (problem,) = problems(table)
    assert (table.rejected, problem.code) == ({2}, "unknown-reference")
    assert (
        "找不到地点“飞鹰社区”；最接近的有“飞翔社区居民委员会”（410411004002）、“飞行社区居民委员会”（410411004004）"
        in problem.message
    )


def test_a_grid_name_is_understood_within_the_community_that_the_row_names(district: Store) -> None:
    grids = sheet(
        "Grid",
        {"编号": "W-1", "名称": "第1网格", "所属社区": "飞行社区", "覆盖小区": "示例小区"},
        {"编号": "W-2", "名称": "第1网格", "所属社区": "阳光苑社区", "覆盖小区": "示例小区"},
    )
    estates = sheet(
        "Estate",
        {"编号": "X-1", "名称": "示例小区", "所属社区": "飞行社区"},
        {"编号": "X-2", "名称": "示例小区", "所属社区": "阳光苑社区"},
    )
    buildings = sheet(
        "Building",
        {"编号": "L-1", "名称": "1号楼", "所属小区": "X-1", "所属网格": "第1网格"},
        {"编号": "L-2", "名称": "1号楼", "所属小区": "阳光苑示例小区", "所属网格": "第1网格"},
    )
    found = resolved(district, grids, buildings, estates)
    assert problems(*found) == []
    assert [tie[2] for row in ends(found[0]) for tie in row if tie[0] == "COVERS"] == ["X-1", "X-2"]
    assert ends(found[1]) == [
        [("PART_OF", "Estate", "X-1"), ("IN_GRID", "Grid", "W-1")],
        [("PART_OF", "Estate", "X-2"), ("IN_GRID", "Grid", "W-2")],
    ]


def test_names_are_looked_for_in_the_load_first_and_then_in_the_store(district: Store) -> None:
    load(district, [units("飞行社区", "飞行社区")], as_of=DAY, now=NOW)
    claims = sheet(
        "Agreement",
        {"编号": "XY-1", "名称": "示例协议", "共建单位": "示例单位1", "党组织": "飞行社区大党委"},
    )
    party = sheet("PartyOrganization", {"编号": "DZZ-1", "名称": "飞行社区大党委", "层级": 2})
    (table, _) = resolved(district, claims, party)
    assert ends(table) == [
        [("WITH_UNIT", "Unit", "DW-1"), ("WITH_ORGANIZATION", "PartyOrganization", "DZZ-1")]
    ]


def test_two_organizations_of_one_name_are_sent_back_with_their_numbers_and_where_they_are(
    district: Store,
) -> None:
    party = sheet(
        "PartyOrganization",
        {"编号": "DZZ-1", "名称": "飞行社区大党委", "层级": 2},
        {"编号": "DZZ-2", "名称": "第一支部", "层级": 3, "上级党组织": "DZZ-1"},
        {"编号": "DZZ-3", "名称": "第一支部", "层级": 3},
    )
    load(district, [party], as_of=DAY, now=NOW)
    (table,) = resolved(
        district, sheet("Person", {"编号": "RY-1", "姓名": "示例一", "所属党组织": "第一支部"})
    )
    assert [problem.message for problem in problems(table)] == [
        "人员.xlsx「人员」第 2 行「所属党组织」列：“第一支部”对应 2 个党组织，无法确定是哪一个；请改填编号，"
        "可选：DZZ-2（党组织，上级党组织：飞行社区大党委）、DZZ-3（党组织）"
    ]


def test_a_persons_name_is_in_no_message_and_in_no_field_of_a_problem(district: Store) -> None:
    posts = sheet("HOLDS", {"人员": "示例无名氏", "任职处": "飞行社区", "岗位": "书记"})
    (table,) = resolved(district, posts)
    (problem,) = problems(table)
    assert (problem.code, problem.found, table.unplaced) == ("unknown-reference", None, True)
    assert problem.message == (
        "任职.xlsx「任职」第 2 行「人员」列：找不到人员；请核对写法，或改填编号；如果它登记在另一张表里，请与那张表一起导入"
    )


def test_what_refers_to_a_row_that_was_sent_back_is_sent_back_too(district: Store) -> None:
    party = sheet(
        "PartyOrganization",
        {"编号": "DZZ-1", "名称": "示例支部", "层级": 3, "覆盖区域": "没有这个小区"},
        {"编号": "DZZ-2", "名称": "示例小组", "层级": 5, "上级党组织": "示例支部"},
    )
    members = sheet("Person", {"编号": "RY-1", "姓名": "示例一", "所属党组织": "DZZ-2"})
    posts = sheet("HOLDS", {"人员": "RY-1", "任职处": "飞行社区", "岗位": "书记"})
    found = resolved(district, posts, members, party)
    assert [(len(t.nodes) + len(t.links), t.rejected) for t in found] == [(0, {2}), (0, {2}), (0, {2, 3})]
    assert [problem.code for problem in problems(*found)] == [
        "reference-to-rejected",
        "reference-to-rejected",
        "unknown-reference",
        "reference-to-rejected",
    ]
    assert problems(*found)[0].message == (
        "任职.xlsx「任职」第 2 行「人员」列：所指的是《人员.xlsx》「人员」第 2 行，那一行未能导入；请先改正那一行"
    )


def test_a_row_without_a_number_whose_own_parent_has_none_gets_the_key_of_both_names(district: Store) -> None:
    party = sheet(
        "PartyOrganization",
        {"编号": None, "名称": "示例小组", "层级": 5, "上级党组织": "示例支部"},
        {"编号": None, "名称": "示例支部", "层级": 3, "上级党组织": None},
    )
    (table,) = resolved(district, party)
    (low, high) = table.nodes
    assert ends(table) == [[("REPORTS_TO", "PartyOrganization", high.id)], []]
    assert low.id != high.id
    assert low.id.startswith("partyorganization-")
    (again,) = resolved(district, party)
    assert [row.id for row in again.nodes] == [low.id, high.id]


def test_repeated_rows_are_left_out_and_noted(district: Store) -> None:
    row = {"编号": None, "名称": "示例小区", "所属社区": "飞行社区"}
    post = {"人员": "RY-1", "任职处": "飞行社区", "岗位": "书记"}
    members = sheet("Person", {"编号": "RY-1", "姓名": "示例一"})
    found = resolved(
        district, sheet("Estate", row, {**row, "所属社区": FEIXING}), members, sheet("HOLDS", post, post)
    )
    assert [(len(t.nodes) + len(t.links), t.rejected) for t in found] == [(1, set()), (1, set()), (1, set())]
    assert [problem.message for problem in problems(*found)] == [
        "小区.xlsx「小区」第 3 行：与《小区.xlsx》「小区」第 2 行重复，已略过",
        "任职.xlsx「任职」第 3 行：与《任职.xlsx》第 2 行重复，已略过",
    ]


def test_a_scope_decides_between_places_of_two_districts(district: Store) -> None:
    init_district(district, Divisions.open(), "410402", now=NOW)
    (wide,) = resolved(district, units("光明路街道", "飞行社区"))
    assert wide.rejected == {2}
    (narrow,) = resolved(district, units("谢庄"), scope="410411001")
    assert len(narrow.nodes) + len(narrow.rejected) == 1
    with pytest.raises(LoadRefused, match="库中没有编号为 999999 的区域"):
        resolved(district, units("飞行社区"), scope="999999")


def test_without_a_scope_a_store_of_many_districts_says_that_it_needs_one(
    district: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loaders.areas.WITHOUT_SCOPE", 100)
    with pytest.raises(LoadRefused) as refused:
        resolved(district, units("飞行社区"))
    assert str(refused.value) == (
        "库中有 115 个区、街道和社区，只凭名称无法判断是哪一处；请用 --scope 指明本次导入的区（例如 --scope 410411）"
    )
    (table,) = resolved(district, units("飞行社区"), scope="410411")
    assert ends(table) == [[("LOCATED_IN", "Community", FEIXING)]]
