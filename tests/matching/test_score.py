from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.candidates import Pairs, candidates
from matching.profile import Profile, default_profile, parse
from matching.score import PARTS, score
from tests.matching.three_lists import by_chance, need, resource, small

DEFAULT = default_profile()
AGREEMENT: Any = {"kind": "agreement", "owner": "DW-1", "area": "C1", "organization": "DZZ-1", "id": "XY-1"}
SEAT: Any = {"kind": "seat", "owner": "DW-1", "area": "S1", "organization": "DZZ-2"}


def part(
    name: str, asked: dict[str, Any], offered: dict[str, Any], profile: Profile = DEFAULT, **rows: Any
) -> float:
    """One part of the score of the small district's pair, changed as said."""
    snapshot = small(needs=[need(**asked)], resources=[resource(**offered)], **rows).snapshot()
    only = Pairs(np.array([0], np.int32), np.array([0], np.int32))
    return float(score(snapshot, profile, only).parts[0, PARTS.index(name)])


@pytest.mark.parametrize(
    ("name", "asked", "offered", "rows", "value"),
    [
        ("category", {}, {}, {}, 1.0),
        ("category", {}, {"category": "会议场地"}, {}, 0.7),
        ("category", {"category": "助餐"}, {"category": "日托"}, {}, 0.6),
        ("category", {"category": "照料"}, {"category": "日托"}, {}, 0.6),
        ("category", {"category": "助餐"}, {"category": "助餐"}, {}, 1.0),
        ("category", {"category": "停车"}, {}, {}, 0.0),
        ("place", {}, {}, {}, 1.0),
        ("place", {"area": "B1"}, {}, {}, 1.0),
        ("place", {"area": "C2"}, {}, {}, 0.7),
        ("place", {"area": "S1"}, {}, {}, 0.7),
        ("place", {"area": "C3"}, {}, {}, 0.4),
        ("place", {}, {"owner": None}, {}, 0.1),
        ("place", {"area": "S1"}, {}, {"owners": [{"id": "DW-1", "label": "Unit", "name": "示例", "area": "D"}]}, 0.4),
        ("tie", {}, {}, {}, 0.0),
        ("tie", {}, {}, {"ties": [SEAT]}, 0.7),
        ("tie", {}, {}, {"ties": [SEAT, AGREEMENT]}, 1.0),
        ("tie", {"area": "C2"}, {}, {"ties": [SEAT, AGREEMENT]}, 0.7),
        ("tie", {"area": "C3"}, {}, {"ties": [SEAT, AGREEMENT]}, 0.0),
        ("tie", {}, {"owner": "DW-2"}, {"ties": [SEAT, AGREEMENT]}, 0.0),
        ("window", {}, {}, {}, 1.0),
        ("window", {"wanted_from": "2020-05-01", "wanted_to": "2020-05-10"}, {"valid_to": "2020-05-04"}, {}, 0.3),
        ("window", {"wanted_from": "2020-01-01", "wanted_to": "2020-04-22"}, {"valid_to": "2020-04-18"}, {}, 0.5),
        ("window", {"wanted_to": "2020-05-10"}, {"valid_from": "2020-06-01"}, {}, 0.0),
        ("capacity", {}, {"capacity": 5}, {}, 0.25),
        ("capacity", {"met": 10}, {"capacity": 8, "promised": 3}, {}, 0.5),
        ("capacity", {}, {}, {}, 1.0),
        ("record", {}, {}, {}, 0.6),
        ("record", {}, {}, {"records": [{"owner": "DW-1", "id": "PJ-1", "score": 100}]}, 0.7),
        ("record", {}, {}, {"records": [{"owner": "DW-1", "id": "XM-1", "promised": 8, "delivered": 2}]}, 0.5125),
        ("record", {}, {"owner": "DW-2"}, {"records": [{"owner": "DW-1", "id": "PJ-1", "score": 0}]}, 0.6),
    ],
)  # fmt: skip
def test_each_part_is_what_the_profile_says(
    name: str, asked: dict[str, Any], offered: dict[str, Any], rows: dict[str, Any], value: float
) -> None:
    assert part(name, asked, offered, **rows) == pytest.approx(value)


def test_alike_texts_count_more_than_unlike_ones() -> None:
    alike = part("text", {"title": "老人中午吃饭"}, {"title": "老人中午热饭"})
    assert part("text", {"title": "老人中午吃饭"}, {"title": "会议室"}) == 0 < alike < 1


def test_a_weight_is_the_score_times_a_thousand_times_the_urgency() -> None:
    rows = small(needs=[need(f"XQ-{u}", urgency=u) for u in range(1, 6)])
    snapshot = rows.snapshot()
    scores = score(snapshot, DEFAULT, candidates(snapshot, DEFAULT))
    millionths = round(scores.score[0] * 1e6)
    assert set(scores.score.tolist()) == {millionths / 1e6}
    assert scores.weight.tolist() == [(millionths * urgency + 500) // 1000 for urgency in range(1, 6)]


def test_the_weights_of_the_profile_choose_what_counts() -> None:
    only_place = parse(
        "[weights]\ncategory = 0\ntext = 0\nplace = 1\ntie = 0\nwindow = 0\ncapacity = 0\nrecord = 0"
    )
    snapshot = small(needs=[need(area="C2")]).snapshot()
    assert score(snapshot, only_place, candidates(snapshot, only_place)).score.tolist() == [0.7]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_scores_lie_between_0_and_1_and_do_not_depend_on_what_else_is_scored(seed: int) -> None:
    rows = by_chance(seed)
    owners = [row["id"] for row in rows.owners]
    rows.ties = [
        {**AGREEMENT, "owner": owners[0], "area": "S0C0"},
        {**SEAT, "owner": owners[1], "area": "S1"},
    ]
    rows.records = [{"owner": owners[2], "id": "PJ-1", "score": 40}]
    snapshot = rows.snapshot()
    profile = replace(DEFAULT, limits=replace(DEFAULT.limits, confirmed_within_days=0))
    pairs = candidates(snapshot, profile)
    scores = score(snapshot, profile, pairs)
    assert ((scores.parts >= 0) & (scores.parts <= 1)).all()
    assert ((scores.score >= 0) & (scores.score <= 1)).all()
    assert (scores.weight >= 1).all()
    backwards = score(snapshot, profile, Pairs(pairs.need[::-1], pairs.resource[::-1]))
    assert backwards.weight[::-1].tolist() == scores.weight.tolist()
