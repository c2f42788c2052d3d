"""Promises of loading: what is written, what stays, what ends, what is reported."""

from collections.abc import Callable
from datetime import datetime

import pytest

from graph.model import GraphSchema
from graph.prepare import prepare
from graph.schema import SCHEMA
from graph.store import Store, Transaction
from loaders.batches import BatchState, batch_id, batches
from loaders.divisions import Divisions
from loaders.drafts import TableDrafts
from loaders.lease import LoadRefused, load_lease
from loaders.load import LoadResult, check, load
from loaders.official import init_district
from loaders.writes import Writes
from tests.loaders.drafting import one, sheet, snapshot

NOW = datetime(2020, 10, 1, 9, 30)
DAY = "2020-10-01"
FEIXING, YANGGUANG = "410411004004", "410411003002"


@pytest.fixture
def district(store: Store) -> Store:
    """A prepared store with the official territory of one district."""
    prepare(store, SCHEMA)
    init_district(store, Divisions.open(), "410411", now=NOW)
    return store


def loaded(store: Store, *tables: TableDrafts, end_missing: bool = False, as_of: str = DAY) -> LoadResult:
    return load(store, tables, as_of=as_of, now=NOW, end_missing=end_missing)


def messages(result: LoadResult) -> list[str]:
    return [problem.message for problem in result.problems]


UNITS = sheet(
    "Unit",
    {"编号": "DW-1", "名称": "示例医院", "单位类型": "医疗机构", "所在社区": "飞行社区"},
    {"编号": "DW-2", "名称": "示例学校", "单位类型": "学校", "所在社区": "九里山街道飞行社区居委会"},
)
PARTY = sheet(
    "PartyOrganization",
    {"编号": "DZZ-2", "名称": "示例小区党支部", "层级": 3, "上级党组织": "飞行社区大党委", "覆盖区域": None},
    {"编号": "DZZ-1", "名称": "飞行社区大党委", "层级": 2, "上级党组织": None, "覆盖区域": FEIXING},
)


def member(organization: str, **more: object) -> TableDrafts:
    cells = {"编号": "RY-1", "姓名": "示例一", "党员类别": "自管", "所属党组织": organization, **more}
    return sheet("Person", cells, source="花名册")


def test_files_may_refer_to_each_other_in_any_order(district: Store) -> None:
    result = loaded(district, member("示例小区党支部"), PARTY, UNITS)
    assert (result.added, result.changed, result.unchanged) == (5 + 5, 0, 0)
    assert (result.rejected, result.missing, messages(result)) == (0, 0, [])
    rows = district.read(
        "MATCH (p:Person)-[:BELONGS_TO]->(o:PartyOrganization)-[:REPORTS_TO]->(above)-[:LEADS]->(c:Community) "
        "RETURN p.name AS person, o.name AS organization, above.name AS above, c.id AS community"
    )
    assert rows == [
        {
            "person": "示例一",
            "organization": "示例小区党支部",
            "above": "飞行社区大党委",
            "community": FEIXING,
        }
    ]


def test_every_node_and_relationship_knows_the_batch_of_its_file(district: Store) -> None:
    result = loaded(district, UNITS)
    (batch,) = result.batches
    assert batch.id == batch_id("共建单位", UNITS.sha256)
    assert (batch.state, batch.order, batch.file, batch.rows) == (BatchState.LOADED, 2, "共建单位.xlsx", 2)
    assert (batch.added, batch.changed, batch.rejected, batch.loaded_at) == (4, 0, 0, "2020-10-01T09:30:00")
    rows = district.read(
        "MATCH (u:Unit)-[r:LOCATED_IN]->() RETURN u.id AS id, u.first_batch AS u1, u.batch AS u2, "
        "r.first_batch AS r1, r.batch AS r2"
    )
    assert sorted(map(tuple, (row.values() for row in rows))) == [
        (id_, batch.id, batch.id, batch.id, batch.id) for id_ in ("DW-1", "DW-2")
    ]


def test_loading_the_same_workbook_twice_changes_nothing(district: Store) -> None:
    tables = (UNITS, PARTY, member("示例小区党支部", 转入日期="2019-07-01"))
    loaded(district, *tables)
    before, listed = snapshot(district, without=()), batches(district)
    again = load(district, tables, as_of="2021-01-01", now=datetime(2021, 1, 1))
    assert (again.added, again.changed, again.unchanged) == (0, 0, 10)
    assert snapshot(district, without=()) == before
    assert batches(district) == listed


def test_a_check_counts_what_a_load_then_does_and_writes_nothing(district: Store) -> None:
    loaded(district, UNITS)
    other = sheet("Unit", {"编号": "DW-1", "名称": "示例医院", "单位类型": "事业单位"}, source="补充")
    twice = sheet("Unit", {"编号": "DW-3", "名称": "示例银行", "所在社区": "飞行社区"}, source="补充二")
    thrice = sheet("Unit", {"编号": "DW-3", "职工人数": 30, "所在社区": "飞行社区"}, source="补充三")
    before = snapshot(district, without=())
    seen = check(district, [other, twice, thrice], as_of=DAY)
    assert snapshot(district, without=()) == before
    done = loaded(district, other, twice, thrice)
    counts = [(r.added, r.changed, r.unchanged, r.rejected, r.missing) for r in (seen, done)]
    assert counts[0] == counts[1] == (2, 2, 1, 0, 0)


def test_a_later_file_changes_the_fields_it_has_and_leaves_the_others(district: Store) -> None:
    loaded(district, UNITS)
    result = loaded(
        district,
        sheet("Unit", {"编号": "DW-1", "名称": "示例医院", "单位类型": None, "职工人数": 300}, source="补充"),
    )
    assert (result.added, result.changed, result.unchanged) == (0, 1, 0)
    properties = one(district, "MATCH (u:Unit {id: 'DW-1'}) RETURN properties(u)")
    assert properties == {
        "id": "DW-1",
        "name": "示例医院",
        "employees": 300,
        "first_batch": batch_id("共建单位", UNITS.sha256),
        "batch": result.batches[0].id,
    }
    change = one(district, "MATCH (c:Change) RETURN properties(c)")
    assert (change["batch"], change["subject"]) == (result.batches[0].id, '["Unit","DW-1"]')
    assert change["before"] == (
        '{{"batch":"{}","employees":null,"type":"医疗机构"}}'.format(properties["first_batch"])
    )


def test_a_row_without_a_number_gets_the_same_key_at_every_load(district: Store) -> None:
    estate = sheet("Estate", {"编号": None, "名称": "示例小区", "所属社区": "飞行社区"})
    building = sheet("Building", {"编号": None, "名称": "3号楼", "所属小区": "飞行社区示例小区"})
    loaded(district, building, estate)
    ids = district.read("MATCH (b:Building)-[:PART_OF]->(e:Estate) RETURN b.id AS b, e.id AS e")
    assert ids == [{"b": "building-1d1a1d39037fe6e5", "e": "estate-44ad85664ead05e0"}]
    assert loaded(district, building, estate).unchanged == 4


def test_a_new_organization_ends_the_old_tie_on_the_day_of_the_change(district: Store) -> None:
    loaded(district, PARTY, member("DZZ-1", 转入日期="2018-01-01"))
    loaded(district, member("DZZ-2", 转入日期="2020-05-04"))
    rows = district.read(
        "MATCH (:Person)-[r:BELONGS_TO]->(o) RETURN o.id AS o, r.from AS begins, r.to AS ends ORDER BY o"
    )
    assert rows == [
        {"o": "DZZ-1", "begins": "2018-01-01", "ends": "2020-05-04"},
        {"o": "DZZ-2", "begins": "2020-05-04", "ends": None},
    ]


def test_a_member_who_comes_back_has_two_periods_in_the_same_organization(district: Store) -> None:
    loaded(district, PARTY, member("DZZ-1", 转入日期="2018-01-01"))
    loaded(district, member("DZZ-2"), as_of="2019-01-01")
    result = loaded(district, member("DZZ-1", 转入日期="2020-05-04"))
    rows = district.read(
        "MATCH (:Person)-[r:BELONGS_TO]->(o) RETURN o.id AS o, r.from AS begins, r.to AS ends"
    )
    assert sorted((row["o"], row["begins"], row["ends"]) for row in rows if row["ends"]) == [
        ("DZZ-1", "2018-01-01", "2019-01-01"),
        ("DZZ-2", "2019-01-01", "2020-05-04"),
    ]
    assert [row for row in rows if not row["ends"]] == [{"o": "DZZ-1", "begins": "2020-05-04", "ends": None}]
    assert (result.added, result.changed) == (1, 1)


def test_a_tie_without_dates_is_replaced_and_remembered(district: Store) -> None:
    loaded(district, UNITS)
    result = loaded(
        district,
        sheet("Unit", {"编号": "DW-1", "名称": "示例医院", "所在社区": "阳光苑社区"}, source="补充"),
    )
    assert (result.added, result.changed) == (1, 1)
    assert one(district, "MATCH (:Unit {id: 'DW-1'})-[:LOCATED_IN]->(c) RETURN c.id") == YANGGUANG
    subject = one(district, "MATCH (c:Change) WHERE c.after = 'null' RETURN c.subject")
    assert subject == f'["LOCATED_IN","Unit","DW-1","Community","{FEIXING}",""]'


def test_a_second_row_that_contradicts_is_sent_back_with_the_number_of_the_first(district: Store) -> None:
    result = loaded(
        district,
        sheet("Unit", {"编号": "DW-1", "名称": "示例医院", "所在社区": "飞行社区"}, file="甲.xlsx", source="甲"),
        sheet("Unit", {"编号": "DW-1", "名称": "示例医院", "所在社区": "阳光苑社区"}, file="乙.xlsx", source="乙"),
    )  # fmt: skip
    assert (result.added, result.rejected) == (2, 1)
    assert messages(result) == [
        "乙.xlsx「共建单位」第 2 行：与《甲.xlsx》「共建单位」第 2 行说的是同一个共建单位，但「所在社区」不同；"
        "请改成一致，或删去其中一行"
    ]


def test_rows_of_two_sheets_complete_each_other(district: Store) -> None:
    tables = (
        sheet("Unit", {"编号": "DW-1", "名称": "示例医院", "职工人数": None, "所在社区": "飞行社区"}, source="甲"),
        sheet("Unit", {"编号": "DW-1", "职工人数": 30}, source="乙"),
    )  # fmt: skip
    assert messages(loaded(district, *tables)) == []
    assert one(district, "MATCH (u:Unit) RETURN u.employees") == 30
    again = loaded(district, *tables)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 3)


def test_a_new_node_without_what_it_needs_is_sent_back(district: Store) -> None:
    result = loaded(district, sheet("Unit", {"编号": "DW-9", "名称": "示例银行"}))
    assert (result.added, result.rejected) == (0, 1)
    assert messages(result) == [
        "共建单位.xlsx「共建单位」第 2 行：库中还没有共建单位 DW-9，新增时必须有「所在社区」；请补上，或核对编号"
    ]


def test_organizations_above_each_other_in_a_circle_are_sent_back(district: Store) -> None:
    loaded(district, PARTY)
    result = loaded(
        district,
        sheet(
            "PartyOrganization", {"编号": "DZZ-1", "名称": "飞行社区大党委", "层级": 2, "上级党组织": "DZZ-2"}, source="改"
        ),
    )  # fmt: skip
    assert (result.changed, result.rejected) == (0, 1)
    assert messages(result) == [
        "党组织.xlsx「党组织」第 2 行：上下级绕成了圈：DZZ-1 → DZZ-2 → DZZ-1；请改正其中一行的上级"
    ]


def test_units_that_are_probably_one_are_listed_and_loaded(district: Store) -> None:
    loaded(district, UNITS)
    result = loaded(
        district,
        sheet(
            "Unit",
            {"编号": "DW-3", "名称": "示例机械有限公司", "统一社会信用代码": "91410400MA45678904", "所在社区": "飞行社区"},
            {"编号": "DW-4", "名称": "示例机械厂", "统一社会信用代码": "91410400MA45678904", "所在社区": "阳光苑社区"},
            {"编号": "DW-5", "名称": "示例 机械公司", "统一社会信用代码": "91410400MA00000003", "所在社区": "飞行社区"},
            {"编号": "DW-6", "名称": "示例机械有限责任公司", "所在社区": "阳光苑社区"},
            {"编号": "DW-7", "名称": "示例　医院", "所在社区": "阳光苑社区"},
            file="新单位.xlsx",
            source="新单位",
        ),
    )  # fmt: skip
    assert (result.added, result.rejected) == (10, 0)
    ends = "可能是同一个共建单位，已照表导入；如果是同一个，请改用同一个编号后再装入"
    first = "《新单位.xlsx》「共建单位」第 2 行（编号 DW-3）"
    assert [(p.severity, p.code, p.message) for p in result.problems] == [
        ("warning", "likely-same", f"新单位.xlsx「共建单位」第 {row} 行：与{other}的{alike}相同，{ends}")
        for row, other, alike in (
            (3, first, "统一社会信用代码"),
            (5, first, "名称"),
            (6, "库中的“示例医院”（编号 DW-1）", "名称"),
        )
    ]


def roster(*numbers: int, **more: object) -> TableDrafts:
    rows = [{"编号": f"RY-{n}", "姓名": f"示例{n}", "所属党组织": "DZZ-1", **more} for n in numbers]
    return sheet("Person", *rows, source="花名册")


def test_rows_that_are_gone_from_the_next_issue_are_reported_and_kept(district: Store) -> None:
    loaded(district, PARTY, roster(1, 2, 3))
    result = loaded(district, roster(2, 4))
    assert (result.added, result.missing) == (2, 2)
    assert messages(result) == [
        "人员.xlsx「人员」：以前导入、本期没有的人员有 2 条：RY-1、RY-3；仍然保留；如确已终止，请选“结束缺失”（命令行是 --end-missing）再导入一次"
    ]
    assert one(district, "MATCH (p:Person) WHERE p.valid_to IS NULL RETURN count(p)") == 4


def test_missing_rows_end_on_the_day_when_asked_and_begin_again_when_they_are_back(district: Store) -> None:
    loaded(district, PARTY, roster(1, 2))
    result = loaded(district, roster(2), end_missing=True)
    assert (result.changed, result.missing) == (1, 1)
    assert one(district, "MATCH (p:Person {id: 'RY-1'}) RETURN p.valid_to") == DAY
    assert loaded(district, roster(2), end_missing=True).missing == 0
    back = loaded(district, roster(1, 2, 3), as_of="2021-01-01")
    assert (back.added, back.changed, back.missing) == (2, 1, 0)
    assert one(district, "MATCH (p:Person {id: 'RY-1'}) RETURN p.valid_to") is None


def test_a_node_that_a_file_ended_stays_ended_until_a_file_says_otherwise(district: Store) -> None:
    loaded(district, PARTY, roster(1, 终止日期="2020-01-01"))
    loaded(district, roster(1))
    assert one(district, "MATCH (p:Person) RETURN p.valid_to") == "2020-01-01"
    loaded(district, roster(1, 终止日期=None))
    assert one(district, "MATCH (p:Person) RETURN p.valid_to") is None


def test_nothing_is_ended_while_rows_of_the_issue_are_sent_back(district: Store) -> None:
    loaded(district, PARTY, roster(1, 2))
    issue = sheet("Person", {"编号": "RY-2", "姓名": "示例2"}, source="花名册", rejected=frozenset({3}))
    result = loaded(district, issue, end_missing=True)
    assert (result.changed, result.rejected, result.missing) == (0, 1, 1)
    assert messages(result) == [
        "人员.xlsx「人员」：以前导入、本期没有的人员有 1 条：RY-1；"
        "本期有退回的行，无法断定它们是否真的没有了，一条都没有终止；请先改正退回的行再导入"
    ]


def test_ends_that_a_cell_no_longer_names_are_missing_and_end_when_asked(district: Store) -> None:
    def leads(cell: str) -> TableDrafts:
        row = {"编号": "DZZ-1", "名称": "示例大工委", "层级": 1, "覆盖区域": cell}
        return sheet("PartyOrganization", row, source="党组织")

    loaded(district, leads("飞行社区、阳光苑社区"))
    result = loaded(district, leads("飞行社区"))
    assert (result.added, result.changed, result.missing) == (0, 0, 1)
    result = loaded(district, leads("飞行社区"), end_missing=True)
    assert (result.changed, result.missing) == (1, 1)
    ended = one(district, "MATCH ()-[r:LEADS]->(c:Community) WHERE r.to IS NOT NULL RETURN [c.id, r.to]")
    assert ended == [YANGGUANG, DAY]


def test_relationship_rows_that_are_gone_end_when_asked(district: Store) -> None:
    def posts(*names: str) -> TableDrafts:
        rows = [
            {"人员": "RY-1", "任职处": "飞行社区", "岗位": post, "起始日期": "2019-01-01"} for post in names
        ]
        return sheet("HOLDS", *rows, source="任职")

    loaded(district, PARTY, roster(1), posts("书记", "网格员"))
    result = loaded(district, posts("书记"), end_missing=True)
    assert (result.added, result.changed, result.unchanged, result.missing) == (0, 1, 1, 1)
    rows = district.read("MATCH ()-[r:HOLDS]->() RETURN r.key AS key, r.to AS ends ORDER BY key")
    assert rows == [
        {"key": "书记|2019-01-01", "ends": None},
        {"key": "网格员|2019-01-01", "ends": DAY},
    ]


def test_a_second_load_at_the_same_time_is_refused_in_one_sentence(district: Store) -> None:
    before = snapshot(district)
    with (
        load_lease(district),
        pytest.raises(
            LoadRefused, match=r"^另一个导入正在写入本数据库（主机 .+，进程 \d+）；请等它结束后再试"
        ),
    ):
        loaded(district, UNITS)
    assert snapshot(district) == before
    assert loaded(district, UNITS).added == 4


def test_a_load_whose_lease_was_taken_over_writes_nothing_more(district: Store) -> None:
    with load_lease(district) as lease:
        district.write("MATCH (s:StoreRecord) SET s.load_owner = 'elsewhere|1|1.0|x'")
        with pytest.raises(LoadRefused, match="另一个导入已接管本数据库"):
            lease.transact(lambda transaction: transaction.run("CREATE (:Unit {id: 'never'})"))
    assert one(district, "MATCH (u:Unit) RETURN count(u)") == 0
    with pytest.raises(LoadRefused):
        loaded(district, UNITS)
    district.write("MATCH (s:StoreRecord) SET s.load_until = 1.0")
    assert loaded(district, UNITS).added == 4


def test_a_load_stops_at_the_first_commit_that_fails_and_can_be_run_again(
    district: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        {"编号": f"DW-{n}", "名称": f"示例单位{n}", "单位类型": "学校", "所在社区": FEIXING} for n in range(4)
    ]
    write = Writes.write

    def fails(self: Writes, transaction: Transaction, schema: GraphSchema, create: bool) -> None:
        if any(row["id"] == "DW-1" for rows in self.nodes.values() for row in rows):
            raise OSError("示例")
        write(self, transaction, schema, create)

    units = sheet("Unit", *rows)
    with monkeypatch.context() as broken:
        broken.setattr(Writes, "write", fails)
        with pytest.raises(OSError, match="示例"):
            load(district, [units], as_of=DAY, now=NOW, chunk=1)
    assert one(district, "MATCH (u:Unit) RETURN collect(u.id)") == ["DW-0"]
    assert batches(district)[-1].state is BatchState.LOADING
    result = loaded(district, units)
    assert (result.added, result.unchanged) == (7, 1)
    assert batches(district)[-1].added == 8


def test_a_commit_that_is_run_again_though_it_had_succeeded_leaves_nothing_twice(
    district: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the driver does when the connection is lost before the answer comes."""
    transact = Store.transact

    def twice(self: Store, work: Callable[[Transaction], object], *, timeout_s: float = 60) -> object:
        transact(self, work, timeout_s=timeout_s)
        return transact(self, work, timeout_s=timeout_s)

    before = sum(batch.added for batch in batches(district))
    with monkeypatch.context() as lost:
        lost.setattr(Store, "transact", twice)
        loaded(district, member("示例小区党支部"), PARTY, UNITS)
    assert sum(batch.added for batch in batches(district)) - before == 10
    assert one(district, "MATCH (:Unit)-[r:LOCATED_IN]->(:Community) RETURN count(r)") == 2
    assert one(district, "MATCH (:Person)-[r]->(:PartyOrganization) RETURN count(r)") == 1
    assert loaded(district, member("示例小区党支部"), PARTY, UNITS).unchanged == 10


@pytest.mark.parametrize("told", [True, False], ids=["with an operation", "without one"])
def test_what_others_write_while_a_load_plans_is_met_and_not_doubled(
    district: Store, monkeypatch: pytest.MonkeyPatch, told: bool
) -> None:
    """A unit that appears between comparing and writing; with its operation its ties do, too."""
    write = Writes.write
    others = ["CREATE (:Unit {id: 'DW-1', phone: '示例'})"]
    if told:
        others = [
            "CREATE (:Operation {id: 'op:x', result: '{}', actor: '', at: ''})",
            f"MATCH (c:Community {{id: '{FEIXING}'}}) MATCH (u:Unit {{id: 'DW-1'}}) CREATE (u)-[:LOCATED_IN]->(c)",
        ]

    def overtaken(self: Writes, transaction: Transaction, schema: GraphSchema, create: bool) -> None:
        if others and (self.relationships if told else self.nodes):
            for text in (others.pop(0) for _ in list(others)):
                district.write(text)
        write(self, transaction, schema, create)

    monkeypatch.setattr(Writes, "write", overtaken)
    loaded(district, UNITS)
    assert not others
    assert one(district, "MATCH (u:Unit) RETURN count(u)") == 2
    assert one(district, "MATCH (u:Unit {id: 'DW-1'}) RETURN u.name") == "示例医院"
    assert one(district, "MATCH (:Unit)-[r:LOCATED_IN]->(:Community) RETURN count(r)") == 2


def test_two_rows_of_a_sheet_about_one_node_make_one_node_with_one_tie(district: Store) -> None:
    row = {"编号": "DW-1", "名称": "示例医院", "单位类型": "医疗机构", "所在社区": FEIXING}
    units = sheet("Unit", {**row, "联系电话": None}, {**row, "联系电话": "0375-1234567"})
    load(district, [units], as_of=DAY, now=NOW, chunk=1)
    assert one(district, "MATCH (u:Unit) RETURN collect(u.id)") == ["DW-1"]
    assert one(district, "MATCH (:Unit)-[r:LOCATED_IN]->() RETURN count(r)") == 1


def test_a_holder_on_this_machine_that_died_blocks_nobody(district: Store) -> None:
    import socket

    holder = f"{socket.gethostname()}|{2**22 + 7}|1.0|x"
    district.write(
        "MATCH (s:StoreRecord) SET s.load_owner = $holder, s.load_until = 1e12", {"holder": holder}
    )
    assert loaded(district, UNITS).added == 4
