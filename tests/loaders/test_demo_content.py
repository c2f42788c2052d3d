"""What the demo district is like inside: hierarchies that cross, gaps, states that agree with dates, the golden case."""

from collections import Counter
from datetime import date, timedelta

import pytest

from graph.schema import SCHEMA
from loaders.demo.figures import REFERENCE_DATE
from loaders.demo.generate import Rows
from loaders.demo.rows import Row
from tests.loaders.demo_rows import column, day, heading, number, several, two_districts, where


@pytest.fixture(scope="module")
def rows() -> Rows:
    return two_districts()[0].rows


def test_the_golden_case_leads_from_the_need_to_the_new_venue(rows: Rows) -> None:
    def cells(sheet: str, row: Row, *keys: str) -> list[object]:
        return [row.get(heading(sheet, key)) for key in keys]

    [project] = where(rows, "Project", name="飞行社区日间照料中心建设项目")
    number_, venue = cells("Project", project, "id", "RESULTS_IN")
    assert cells("Project", project, "origin", "actual_from", "IN_AREA", "state") == [
        "联席会议", date(2020, 4, 13), "飞行社区", "销号",
    ]  # fmt: skip
    [met] = where(rows, "MEETS", start=number_)
    [need] = where(rows, "Need", id=met[heading("MEETS", "end")])
    raised = day(need[heading("Need", "raised_at")])
    assert (raised.year, raised.month) == (2020, 3)
    assert cells("Need", need, "RAISED_IN", "IN_CATEGORY") == ["飞行社区", "日间照料"]
    [meeting] = [row for row in rows["Meeting"] if number_ in several(row.get(heading("Meeting", "DECIDED")))]
    assert cells("Meeting", meeting, "DISCUSSED") == [need[heading("Need", "id")]]
    assert raised < day(meeting[heading("Meeting", "held_at")]) < date(2020, 4, 13)
    [committee] = where(rows, "PartyOrganization", id=meeting[heading("Meeting", "OF")])
    assert cells("PartyOrganization", committee, "name", "LEADS") == ["飞行社区大党委", "飞行社区"]
    [agreement] = where(rows, "Agreement", id=project[heading("Project", "UNDER")])
    assert day(agreement[heading("Agreement", "valid_from")]) <= date(2020, 4, 13)
    used = {row[heading("USES", "end")] for row in where(rows, "USES", start=number_)}
    promised = {row[heading("PROMISES", "end")] for row in where(rows, "PROMISES", start=agreement[heading("Agreement", "id")])}  # fmt: skip
    assert len(used) == 3
    assert promised <= used
    [new] = where(rows, "Venue", id=venue)
    [old] = where(rows, "Venue", name="飞行社区日间照料室")
    assert cells("Venue", old, "valid_to", "floor_area_m2") == [date(2020, 4, 13), 30]
    assert cells("Venue", new, "kind", "IN_AREA") == ["日间照料中心", "飞行社区"]
    assert date(2020, 4, 13) < day(new[heading("Venue", "valid_from")]) <= REFERENCE_DATE


def test_party_hierarchies_cross_the_territory_and_leave_gaps(rows: Rows) -> None:
    level = dict(
        zip(column(rows, "PartyOrganization", "id"), column(rows, "PartyOrganization", "level"), strict=True)
    )
    above = dict(
        zip(
            column(rows, "PartyOrganization", "id"),
            column(rows, "PartyOrganization", "REPORTS_TO"),
            strict=True,
        )
    )
    reports = Counter((level[key], level[upper]) for key, upper in above.items() if upper is not None)
    assert set(reports) == {
        ("社区大党委", "街道大工委"), ("小区党组织", "社区大党委"), ("网格党支部", "社区大党委"),
        ("网格党支部", "小区党组织"), ("楼栋党小组", "网格党支部"), ("楼栋党小组", "小区党组织"),
    }  # fmt: skip
    assert min(reports.values()) >= 30
    led = {
        name: {area for row in where(rows, "PartyOrganization", level=name) for area in several(row[heading("PartyOrganization", "LEADS")])}
        for name in ("小区党组织", "网格党支部", "楼栋党小组")
    }  # fmt: skip
    estates = {
        f"{row[heading('Estate', 'PART_OF')]}{row[heading('Estate', 'name')]}" for row in rows["Estate"]
    }
    assert len(estates - led["小区党组织"]) == 22
    assert led["网格党支部"] >= set(column(rows, "Grid", "id"))
    assert len(set(column(rows, "Building", "id")) - led["楼栋党小组"]) == 214


def test_grids_cover_several_estates_and_estates_lie_in_several_grids(rows: Rows) -> None:
    covered = [several(cell) for cell in column(rows, "Grid", "COVERS")]
    grids_of = Counter(estate for estates in covered for estate in estates)
    assert sum(len(estates) > 1 for estates in covered) > 100
    assert sum(count > 1 for count in grids_of.values()) > 60
    assert len(grids_of) == len(rows["Estate"]) == 458
    areas = [several(cell) for cell in column(rows, "PropertyArea", "COVERS")]
    assert sum(len(estates) == 2 for estates in areas) == 12
    assert sorted(Counter(Counter(e for estates in areas for e in estates).values()).items()) == [
        (1, 446),
        (2, 12),
    ]


def test_members_in_service_belong_to_their_units_and_report_where_they_live(rows: Rows) -> None:
    of_units = {
        row[heading("PartyOrganization", "id")]
        for row in where(rows, "PartyOrganization", level="单位党组织")
    }
    assert len(of_units) == len(rows["Unit"]) == 600
    in_service = where(rows, "Person", member_kind="在职")
    assert {row[heading("Person", "BELONGS_TO")] for row in in_service} == of_units
    reported = sum(heading("Person", "REPORTED_TO") in row for row in in_service)
    assert reported == round(len(in_service) * 0.913)
    others = [row for row in rows["Person"] if row.get(heading("Person", "member_kind")) in ("自管", "流动")]
    assert not of_units & {row[heading("Person", "BELONGS_TO")] for row in others}
    assert all(heading("Person", "BELONGS_TO_from") in row for row in others)


def test_some_buildings_have_no_member_and_some_posts_are_vacant(rows: Rows) -> None:
    posts = Counter(column(rows, "HOLDS", "post"))
    assert (posts["社区民警"], posts["法律顾问"], posts["区司法总顾问"], posts["主任"]) == (33, 31, 1, 36)
    assert 300 < posts["网格员"] < 344
    assert 1600 < posts["楼栋长"] < 2000
    homes = {str(home) for home in column(rows, "Person", "LIVES_IN")}
    parent, name = heading("Estate", "PART_OF"), heading("Estate", "name")
    estates = {row[heading("Estate", "id")]: f"{row[parent]}{row[name]}" for row in rows["Estate"]}
    empty = [
        row
        for row in rows["Building"]
        if row[heading("Building", "id")] not in homes
        and f"{estates[row[heading('Building', 'PART_OF')]]}{row[heading('Building', 'name')]}" not in homes
    ]
    assert 50 < len(empty) < 400
    several_posts = Counter(column(rows, "HOLDS", "start"))
    assert sum(count > 1 for count in several_posts.values()) > 50


def test_the_states_of_agreements_agree_with_their_dates(rows: Rows) -> None:
    soon = 0
    for row in rows["Agreement"]:
        state = row[heading("Agreement", "state")]
        begins, ends = (
            day(row[heading("Agreement", "valid_from")]),
            day(row[heading("Agreement", "valid_to")]),
        )
        signed = row.get(heading("Agreement", "signed"))
        assert (signed is None) == (state == "拟定"), row
        assert signed is None or day(signed) <= min(begins, REFERENCE_DATE), row
        if state in ("到期", "续签", "终止"):
            assert ends <= REFERENCE_DATE, row
        elif state == "生效":
            assert begins <= REFERENCE_DATE < ends, row
        else:
            assert begins > REFERENCE_DATE, row
        soon += state == "生效" and ends <= REFERENCE_DATE + timedelta(days=30)
    states = Counter(column(rows, "Agreement", "state"))
    assert states.keys() == {"拟定", "签订", "生效", "到期", "续签", "终止"}
    assert states["到期"] > 50
    assert soon > 20


def test_the_lists_hold_what_a_planner_must_see(rows: Rows) -> None:
    serves = set(column(rows, "CAN_SERVE", "end"))
    unserved = [row for row in rows["Need"] if row[heading("Need", "IN_CATEGORY")] not in serves]
    assert len(unserved) == 120
    deadline, state = heading("Need", "deadline"), heading("Need", "state")
    open_states = ("提出", "审核", "入单", "对接中", "已认领", "实施中")
    overdue = [
        r
        for r in rows["Need"]
        if deadline in r and day(r[deadline]) < REFERENCE_DATE and r[state] in open_states
    ]
    assert 120 < len(overdue) < 300
    assert set(column(rows, "Need", "state")) == set(SCHEMA.code_lists["NeedState"].labels)
    busy = {*column(rows, "USES", "end"), *column(rows, "Claim", "WITH_RESOURCE")}
    assert 800 < len(set(column(rows, "Resource", "id")) - busy) < 2600
    stale = [
        c
        for c in column(rows, "Resource", "last_confirmed")
        if c and day(c) < REFERENCE_DATE - timedelta(days=180)
    ]
    assert len(stale) > 400
    hottest = Counter(
        where_ for where_ in column(rows, "Need", "RAISED_BY") if str(where_).endswith("社区")
    ).most_common()
    assert hottest[0][1] > 5 * hottest[len(hottest) // 2][1] / 2
    uses = rows["USES"]
    short = sum(
        number(r[heading("USES", "delivered")]) < number(r[heading("USES", "promised")]) for r in uses
    )
    assert 0.05 < short / len(uses) < 0.5


def test_what_is_under_way_takes_no_more_of_a_resource_than_there_is(rows: Rows) -> None:
    capacity = dict(zip(column(rows, "Resource", "id"), column(rows, "Resource", "capacity"), strict=True))
    running = {
        r[heading("Project", "id")]
        for r in rows["Project"]
        if r[heading("Project", "state")] in ("立项", "实施")
    }
    taken: Counter[object] = Counter()
    for row in rows["USES"]:
        if row[heading("USES", "start")] in running:
            taken[row[heading("USES", "end")]] += int(number(row[heading("USES", "promised")]))
    for row in where(rows, "Claim", state="确认"):
        taken[row[heading("Claim", "WITH_RESOURCE")]] += int(number(row[heading("Claim", "quantity")]))
    assert {key: units for key, units in taken.items() if units > number(capacity[key])} == {}
    asked = dict(zip(column(rows, "Need", "id"), column(rows, "Need", "quantity"), strict=True))
    assert all(
        number(r[heading("MEETS", "quantity")]) <= number(asked[r[heading("MEETS", "end")]])
        for r in rows["MEETS"]
    )


def test_projects_of_a_meeting_start_after_it_and_their_needs_were_raised_before(rows: Rows) -> None:
    raised = dict(zip(column(rows, "Need", "id"), column(rows, "Need", "raised_at"), strict=True))
    projects = {row[heading("Project", "id")]: row for row in rows["Project"]}
    decided = 0
    for row in rows["Meeting"]:
        held = day(row[heading("Meeting", "held_at")])
        assert all(day(raised[need]) < held for need in several(row.get(heading("Meeting", "DISCUSSED"))))
        for key in several(row.get(heading("Meeting", "DECIDED"))):
            decided += 1
            assert projects[key][heading("Project", "origin")] == "联席会议"
            assert day(projects[key].get(heading("Project", "actual_from"), date.max)) > held
    assert decided == len(where(rows, "Project", origin="联席会议")) > 400


def test_owners_committees_have_more_members_of_the_party_than_others(rows: Rows) -> None:
    shares = [
        number(r[heading("Organization", "member_share")]) for r in where(rows, "Organization", kind="业委会")
    ]
    assert min(shares) > 50
