"""Promises of batches and of undoing them."""

from datetime import datetime

import pytest

from graph.prepare import prepare
from graph.schema import SCHEMA
from graph.store import Store
from loaders.batches import BatchState, batches
from loaders.divisions import Divisions
from loaders.drafts import TableDrafts
from loaders.lease import LoadRefused
from loaders.load import load
from loaders.official import init_district
from loaders.undo import UndoResult, undo
from tests.loaders.drafting import one, sheet, snapshot

NOW = datetime(2020, 10, 1, 9, 30)
WITHOUT_BATCHES = ("StoreRecord", "Batch")


@pytest.fixture
def district(store: Store) -> Store:
    """A prepared store with the official territory of one district."""
    prepare(store, SCHEMA)
    init_district(store, Divisions.open(), "410411", now=NOW)
    return store


def loaded(store: Store, *tables: TableDrafts, end_missing: bool = False, as_of: str = "2020-10-01") -> str:
    """Load the tables and return the key of the last batch."""
    return load(store, tables, as_of=as_of, now=NOW, end_missing=end_missing).batches[-1].id


def reasons(result: UndoResult) -> list[str]:
    return [conflict.message for conflict in result.conflicts]


def unit(source: str, **cells: object) -> TableDrafts:
    return sheet("Unit", {"编号": "DW-1", **cells}, source=source, file=f"{source}.xlsx")


FIRST = unit("甲", 名称="示例医院", 单位类型="医疗机构", 所在社区="飞行社区")
PARTY = sheet(
    "PartyOrganization",
    {"编号": "DZZ-1", "名称": "飞行社区大党委", "层级": 2, "覆盖区域": "飞行社区、阳光苑社区"},
    {"编号": "DZZ-2", "名称": "示例支部", "层级": 3, "上级党组织": "DZZ-1"},
)
MEMBERS = sheet(
    "Person",
    {"编号": "RY-1", "姓名": "示例一", "联系电话": "0375-0000001", "所属党组织": "DZZ-1"},
    {"编号": "RY-2", "姓名": "示例二", "所属党组织": "DZZ-1"},
    source="花名册",
)
LATER_MEMBERS = sheet(
    "Person",
    {"编号": "RY-1", "姓名": "示例一", "联系电话": None, "所属党组织": "DZZ-2", "转入日期": "2020-05-04"},
    {"编号": "RY-3", "姓名": "示例三", "所属党组织": "DZZ-2"},
    source="花名册",
)


def test_undoing_a_batch_leaves_the_graph_as_it_was_before(district: Store) -> None:
    loaded(district, FIRST, PARTY, MEMBERS)
    before = snapshot(district, without=WITHOUT_BATCHES)
    moved = unit("乙", 名称="示例人民医院", 职工人数=300, 所在社区="阳光苑社区")
    fewer = sheet(
        "PartyOrganization", {"编号": "DZZ-1", "名称": "飞行社区大党委", "层级": 2, "覆盖区域": "飞行社区"}
    )
    for tables in ((moved,), (LATER_MEMBERS,), (fewer,)):
        last = loaded(district, *tables, end_missing=True)
        assert snapshot(district, without=WITHOUT_BATCHES) != before
        result = undo(district, last)
        assert (reasons(result), result.batch.state) == ([], BatchState.UNDONE)
        assert snapshot(district, without=WITHOUT_BATCHES) == before


def test_undoing_counts_what_it_brought_back_and_what_it_deleted(district: Store) -> None:
    loaded(district, FIRST, PARTY, MEMBERS)
    last = loaded(district, LATER_MEMBERS, end_missing=True)
    result = undo(district, last)
    # Brought back: RY-1, its ended tie, RY-2 that was ended as missing. Deleted: RY-3 and two ties.
    assert (result.restored, result.deleted) == (3, 3)


def test_batches_undone_in_reverse_order_leave_the_official_territory(district: Store) -> None:
    before = snapshot(district, without=WITHOUT_BATCHES)
    loaded(district, FIRST, PARTY, MEMBERS)
    loaded(district, LATER_MEMBERS, end_missing=True)
    for batch in reversed(batches(district)[1:]):
        assert reasons(undo(district, batch.id)) == []
    assert snapshot(district, without=WITHOUT_BATCHES) == before
    assert [batch.state for batch in batches(district)] == [BatchState.LOADED, *[BatchState.UNDONE] * 4]


def test_an_undone_file_can_be_loaded_again(district: Store) -> None:
    batch = loaded(district, FIRST)
    before = snapshot(district, without=WITHOUT_BATCHES)
    undo(district, batch)
    assert loaded(district, FIRST) == batch
    assert snapshot(district, without=WITHOUT_BATCHES) == before
    assert [(each.state, each.order, each.added) for each in batches(district)[1:]] == [
        (BatchState.LOADED, 2, 2)
    ]


def test_undoing_is_refused_when_a_later_batch_changed_the_same_field(district: Store) -> None:
    loaded(district, FIRST)
    second = loaded(district, unit("乙", 职工人数=300))
    third = loaded(district, unit("丙", 职工人数=310))
    before = snapshot(district)
    assert reasons(undo(district, second)) == [
        f"共建单位 DW-1 的「职工人数」后来又被改过（批次 {third}，丙.xlsx），请先撤销那个批次"
    ]
    assert snapshot(district) == before


def test_undoing_is_refused_when_a_person_changed_the_same_field(district: Store) -> None:
    loaded(district, FIRST)
    second = loaded(district, unit("乙", 职工人数=300))
    district.write("MATCH (u:Unit) SET u.employees = 5")
    assert reasons(undo(district, second)) == [
        f"共建单位 DW-1 的「职工人数」后来又被改过（批次 {second}，乙.xlsx），请先撤销那个批次"
    ]


def test_a_batch_under_later_changes_of_other_fields_can_be_undone(district: Store) -> None:
    loaded(district, FIRST)
    between = snapshot(district, without=WITHOUT_BATCHES)
    second = loaded(district, unit("乙", 职工人数=300))
    third = loaded(district, unit("丙", 单位类型="事业单位"))
    assert reasons(undo(district, second)) == []
    assert one(district, "MATCH (u:Unit) RETURN [u.employees, u.type, u.batch]") == [None, "事业单位", third]
    assert reasons(undo(district, third)) == []
    assert snapshot(district, without=WITHOUT_BATCHES) == between


def test_undoing_is_refused_when_something_was_tied_to_what_the_batch_added(district: Store) -> None:
    party = loaded(district, PARTY)
    members = loaded(district, MEMBERS)
    first = reasons(undo(district, party))
    assert sorted(first) == [
        f"党组织 DZZ-1 由本批次新增，后来与人员 RY-{n} 建立了关系（批次 {members}，人员.xlsx），请先撤销那个批次"
        for n in (1, 2)
    ]


def test_undoing_is_refused_when_a_later_batch_replaced_a_tie_of_it(district: Store) -> None:
    loaded(district, unit("甲", 名称="示例医院", 所在社区="飞行社区"))
    second = loaded(district, unit("乙", 所在社区="阳光苑社区"))
    third = loaded(district, unit("丙", 所在社区="沿河路社区"))
    assert reasons(undo(district, second)) == [
        f"共建单位 DW-1 与社区 410411003002 的“位于”后来被替换（批次 {third}，丙.xlsx），请先撤销那个批次"
    ]


def test_a_file_loaded_again_over_later_changes_is_a_batch_of_its_own(district: Store) -> None:
    first = loaded(district, FIRST)
    second = loaded(district, unit("乙", 单位类型="事业单位"))
    again = loaded(district, FIRST)
    assert again == f"{first}-2"
    assert reasons(undo(district, second)) == [
        f"共建单位 DW-1 的「单位类型」后来又被改过（批次 {again}，甲.xlsx），请先撤销那个批次"
    ]
    for batch in (again, second, first):
        assert reasons(undo(district, batch)) == []
    assert one(district, "MATCH (u:Unit) RETURN count(u)") == 0


def test_unknown_and_undone_batches_are_refused_with_what_there_is(district: Store) -> None:
    batch = loaded(district, FIRST)
    (official, _) = batches(district)
    with pytest.raises(LoadRefused) as unknown:
        undo(district, "0000")
    assert str(unknown.value) == (
        f"没有批次 0000；最近的批次：{official.id}（{official.file}）、{batch}（甲.xlsx）"
    )
    undo(district, batch)
    with pytest.raises(LoadRefused) as undone:
        undo(district, batch)
    assert str(undone.value) == f"批次 {batch}（甲.xlsx）已经撤销过了，无需再撤销"


class Killed(BaseException):
    """Stands for the end of the process between two transactions."""


@pytest.mark.parametrize("transactions", [1, 2, 3])
def test_an_undo_that_was_killed_is_completed_by_the_next(district: Store, transactions: int) -> None:
    loaded(district, FIRST, PARTY, MEMBERS)
    before = snapshot(district, without=WITHOUT_BATCHES)
    last = loaded(district, LATER_MEMBERS, end_missing=True)
    calls: list[int] = []

    def kill(done: int) -> None:
        calls.append(done)
        if len(calls) == transactions:
            raise Killed

    with pytest.raises(Killed):
        undo(district, last, progress=kill)
    assert batches(district)[-1].state is BatchState.UNDOING
    with pytest.raises(LoadRefused, match=f"请先运行 linmai undo {last} 完成撤销"):
        loaded(district, LATER_MEMBERS)
    assert reasons(undo(district, last)) == []
    assert snapshot(district, without=WITHOUT_BATCHES) == before
