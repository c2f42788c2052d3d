from collections import Counter
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.candidates import BITS, Reason, candidates, counted, refusals, refusals_of_resource
from matching.profile import Profile, default_profile, parse
from matching.snapshot import Snapshot
from tests.matching.three_lists import TODAY, allowed_by_loops, area, by_chance, need, resource, small

DEFAULT = default_profile()


def pairs(snapshot: Snapshot, profile: Profile = DEFAULT) -> list[tuple[str, str]]:
    found = candidates(snapshot, profile)
    return [
        (snapshot.needs.ids[i], snapshot.resources.ids[j])
        for i, j in zip(found.need.tolist(), found.resource.tolist(), strict=True)
    ]


def test_a_need_and_a_resource_that_keep_every_rule_are_a_pair() -> None:
    assert pairs(small().snapshot()) == [("XQ-1", "ZY-1")]


REFUSED: list[tuple[Reason, dict[str, Any], dict[str, Any]]] = [
    (Reason.CAPACITY_ZERO, {}, {"capacity": 0}),
    (Reason.CAPACITY_ZERO, {}, {"capacity": 5, "promised": 5}),
    (Reason.CAPACITY_ZERO, {}, {"capacity": None}),
    (Reason.EXPIRED, {}, {"valid_to": "2020-04-13"}),
    (Reason.NOT_CONFIRMED, {}, {"last_confirmed": "2019-04-13"}),
    (Reason.NOT_CONFIRMED, {}, {"last_confirmed": None}),
    (Reason.OWNER_INACTIVE, {}, {"owner": "DW-9"}),
    (Reason.OWNER_INACTIVE, {}, {"owner": "gone"}),
    (Reason.OWNER_VETOED, {}, {"owner": "never"}),
    (Reason.DECLINED, {}, {"owner": "no meals"}),
    (Reason.DECLINED, {}, {"owner": "no care"}),
    (Reason.DECLINED, {"beneficiary": "退役军人"}, {"owner": "no veterans"}),
    (Reason.CATEGORY, {"category": "停车"}, {}),
    (Reason.CATEGORY, {}, {"category": None}),
    (Reason.PLACE, {}, {"serves": ["S2", "C2"]}),
    (Reason.PLACE, {}, {"serves": ["E1"]}),
    (Reason.PLACE, {}, {"serves": []}),
    (Reason.GROUP, {"beneficiary": "老年人"}, {"groups": ["妇女"]}),
    (Reason.GROUP, {"beneficiary": "全体居民"}, {"groups": ["老年人"]}),
    (Reason.WINDOW, {"wanted_to": "2020-05-01"}, {"valid_from": "2020-05-02"}),
    (Reason.WINDOW, {"wanted_to": "2020-04-12"}, {}),
    (Reason.DEADLINE, {"deadline": "2020-04-30"}, {"valid_from": "2020-05-01"}),
]


@pytest.mark.parametrize(("reason", "asked", "offered"), REFUSED)
def test_each_constraint_refuses_with_its_own_reason_from_either_side(
    reason: Reason, asked: dict[str, Any], offered: dict[str, Any]
) -> None:
    rows = small(needs=[need(**asked)], resources=[resource(**offered)])
    rows.owners += [
        {"id": "gone", "label": "Unit", "name": "示例", "active": False},
        {"id": "never", "label": "Unit", "name": "示例", "vetoed": True},
        {"id": "no meals", "label": "Unit", "name": "示例", "declined_categories": ["老年助餐"]},
        {"id": "no care", "label": "Unit", "name": "示例", "declined_categories": ["照料"]},
        {"id": "no veterans", "label": "Unit", "name": "示例", "declined_groups": ["退役军人"]},
    ]
    snapshot = rows.snapshot()
    assert pairs(snapshot) == []
    assert counted(refusals(snapshot, DEFAULT, 0)) == {reason: 1}
    assert counted(refusals_of_resource(snapshot, DEFAULT, 0)) == {reason: 1}


def test_what_an_owner_declines_and_nobody_knows_is_told_and_bars_nothing() -> None:
    rows = small()
    rows.owners[0] |= {"declined_categories": ["助餐点"], "declined_groups": ["全体居民"]}
    snapshot = rows.snapshot()
    assert pairs(snapshot) == [("XQ-1", "ZY-1")]
    assert [each.message for each in snapshot.findings] == [
        "提供方 DW-1「不承接类别」：没有名为“助餐点”的需求类别，这一项不起作用；请核对类别的名称或编号",
        "提供方 DW-1「不服务人群」：写的是“全体居民”，这一项不起作用；什么都不承接的，请在「不承接类别」写“全部”",
    ]


ACCEPTED: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"area": "B1"}, {"serves": ["G1"]}),
    ({"area": "B1"}, {"serves": ["D"]}),
    ({"category": "日托"}, {"category": "会议场地"}),
    ({"beneficiary": "老年人"}, {"groups": ["老年人"]}),
    ({"beneficiary": None}, {"groups": ["老年人"]}),
    ({"beneficiary": "老年人"}, {"groups": ["全体居民"]}),
    (
        {"wanted_from": "2020-05-01", "wanted_to": "2020-05-01"},
        {"valid_from": "2020-05-01", "valid_to": "2020-05-02"},
    ),
    ({"deadline": "2020-04-13"}, {}),
    ({"deadline": "2020-05-01"}, {"valid_from": "2020-05-01"}),
    ({}, {"last_confirmed": "2019-04-14"}),
    ({}, {"valid_to": "2020-04-14"}),
]


@pytest.mark.parametrize(("asked", "offered"), ACCEPTED)
def test_what_is_just_within_a_constraint_is_a_pair(asked: dict[str, Any], offered: dict[str, Any]) -> None:
    snapshot = small(needs=[need(**asked)], resources=[resource(**offered)]).snapshot()
    assert pairs(snapshot) == [("XQ-1", "ZY-1")]


def test_a_pair_that_was_turned_down_is_not_proposed_again() -> None:
    snapshot = small(
        resources=[resource(), resource("ZY-2")], vetoes=[{"need": "XQ-1", "resource": "ZY-1"}]
    ).snapshot()
    assert pairs(snapshot) == [("XQ-1", "ZY-2")]
    assert counted(refusals(snapshot, DEFAULT, 0)) == {Reason.PAIR_VETOED: 1}


def test_a_building_served_through_its_estate_and_its_grid_is_one_pair() -> None:
    snapshot = small(
        needs=[need(area="B1")], resources=[resource(serves=["E1", "G1", "C1", "S1"])]
    ).snapshot()
    assert pairs(snapshot) == [("XQ-1", "ZY-1")]
    assert [snapshot.areas.ids[k] for k in snapshot.resources.serves.row(0)] == ["S1"]
    snapshot = small(needs=[need(area="B1")], resources=[resource(serves=["E1", "G1"])]).snapshot()
    assert pairs(snapshot) == [("XQ-1", "ZY-1")]


def test_a_profile_moves_the_limits() -> None:
    rows = small(
        needs=[need(wanted_to="2020-04-17", deadline="2020-04-20")], resources=[resource(last_confirmed=None)]
    )
    for text, expected in (
        ("confirmed_within_days = 0", 1),
        ("confirmed_within_days = 0\nminimum_overlap_days = 5", 1),
        ("confirmed_within_days = 0\nminimum_overlap_days = 6", 0),
        ("confirmed_within_days = 0\nlead_days = 7", 1),
        ("confirmed_within_days = 0\nlead_days = 8", 0),
    ):
        assert len(pairs(rows.snapshot(), parse(f"[limits]\n{text}"))) == expected, text


def test_an_overdue_need_is_matched_only_when_the_profile_says_so() -> None:
    snapshot = small(needs=[need(deadline="2020-04-12")]).snapshot()
    assert pairs(snapshot) == []
    assert pairs(snapshot, parse("[limits]\nmatch_overdue = true")) == [("XQ-1", "ZY-1")]


def test_areas_that_hold_each_other_do_not_hang_the_reading() -> None:
    rows = small(areas=[area("S1", "Street", "C1"), area("C1", "Community", "S1")])
    assert rows.snapshot().areas.community.tolist() == [1, 1]


@settings(max_examples=150, deadline=None)
@given(
    st.integers(0, 2**32),
    st.integers(1, 10),
    st.integers(0, 5),
    st.booleans(),
    st.sampled_from([0, 100, 365]),
)
def test_the_blocks_find_the_same_pairs_as_plain_loops_over_the_rows(
    seed: int, overlap: int, lead: int, late: bool, confirmed: int
) -> None:
    profile = parse(
        f"[limits]\nminimum_overlap_days = {overlap}\nlead_days = {lead}\nmatch_overdue = {str(late).lower()}\n"
        f"confirmed_within_days = {confirmed}"
    )
    rows = by_chance(seed)
    snapshot = rows.snapshot()
    found = pairs(snapshot, profile)
    assert sorted(found) == sorted(allowed_by_loops(rows, profile))
    assert len(set(found)) == len(found)
    for i in {snapshot.need_position[key] for key, _ in found}:
        fit = np.flatnonzero(refusals(snapshot, profile, i) == 0)
        assert [(snapshot.needs.ids[i], snapshot.resources.ids[j]) for j in fit] == [
            pair for pair in found if pair[0] == snapshot.needs.ids[i]
        ]


def test_the_districts_by_chance_refuse_for_every_reason_and_still_match() -> None:
    seen: Counter[Reason] = Counter()
    matched = 0
    for seed in range(40):
        snapshot = by_chance(seed).snapshot()
        matched += len(candidates(snapshot, DEFAULT))
        for i in range(len(snapshot.needs.ids)):
            mask = refusals(snapshot, DEFAULT, i)
            seen.update(reason for reason, bit in BITS.items() if (mask & bit).any())
            by_resource = [refusals_of_resource(snapshot, DEFAULT, j)[i] for j in range(len(mask))]
            assert mask.tolist() == by_resource
    assert set(seen) == set(Reason)
    assert matched > 50


def test_an_empty_district_has_no_pairs() -> None:
    assert (
        pairs(small(needs=[], resources=[], owners=[], areas=[], categories=[], can_serve=[]).snapshot())
        == []
    )
    assert pairs(small(resources=[]).snapshot(date.max)) == []
    assert pairs(small(needs=[]).snapshot(TODAY)) == []
