import pytest

from matching.candidates import Reason
from matching.explain import BARS, REASONS, Step
from matching.match import NearMiss, UnknownKeyError, match_need, match_resource, match_unit
from matching.profile import default_profile
from matching.score import PARTS
from matching.snapshot import NeedBar, Snapshot
from tests.matching.three_lists import Rows, need, resource, small

DEFAULT = default_profile()


@pytest.fixture
def district() -> Snapshot:
    return small(
        resources=[
            resource(),
            resource(
                "ZY-2", title="会议室", owner="DW-2", category="会议场地", capacity=5, valid_to="2020-04-18"
            ),
            resource("ZY-3", owner="DW-3", capacity=0),
            resource("ZY-4", owner="DW-3", serves=["S2"]),
            resource("ZY-5", owner="DW-3", serves=["S2"], last_confirmed=None),
        ],
        needs=[
            need(wanted_to="2020-04-22"),
            need("XQ-2", area="C2", urgency=5, quantity=6, unit=None),
            need("XQ-3", area="C3", category="停车"),
        ],
        ties=[
            {
                "kind": "agreement",
                "owner": "DW-1",
                "area": "C1",
                "organization": "DZZ-1",
                "id": "XY-2020-0001",
            },
            {"kind": "seat", "owner": "DW-2", "area": "S1", "organization": "DZZ-2"},
        ],
        records=[
            {"owner": "DW-1", "id": "PJ-1", "score": 90},
            {"owner": "DW-1", "id": "XM-1", "promised": 10, "delivered": 7},
        ],
    ).snapshot()


def test_the_matches_of_a_need_are_ranked_and_each_says_why(district: Snapshot) -> None:
    answer = match_need(district, "XQ-1", DEFAULT)
    assert [(match.resource, match.owner, match.quantity, match.sentence) for match in answer.matches] == [
        (
            "ZY-1", "DW-1", 20,
            "同社区、类别完全对应、已签协议 XY-2020-0001、以往履约与评价 80%（2 次），可用 80 座，满足 20 人次",
        ),
        (
            "ZY-2", "DW-2", 5,
            "同街道、类别可对应（70%）、有兼职席位、时间覆盖 50%，可用 5 座，满足 20 人次中的 5",
        ),
    ]  # fmt: skip
    assert answer.matches[0].score > answer.matches[1].score
    assert (answer.total, answer.owners) == (2, ("DW-1", "DW-2"))
    assert answer.refused == {Reason.CAPACITY_ZERO: 1, Reason.NOT_CONFIRMED: 1, Reason.PLACE: 1}
    assert answer.nearest == (
        NearMiss("XQ-1", "ZY-3", Reason.CAPACITY_ZERO, "资源 ZY-3 对需求 XQ-1 仅差一条：没有余量"),
    )
    assert answer.sentence == "有 2 个资源可以对接"


def test_the_parts_of_a_score_add_up_and_carry_their_paths(district: Snapshot) -> None:
    first, second = match_need(district, "XQ-1", DEFAULT).matches
    for match in (first, second):
        assert tuple(part.name for part in match.parts) == PARTS
        assert sum(part.value * part.weight for part in match.parts) == pytest.approx(match.score, abs=1e-6)
    paths = {part.name: [(step.by, step.id) for step in part.path] for part in first.parts}
    assert paths == {
        "category": [
            ("", "XQ-1"),
            ("IN_CATEGORY>", "助餐"),
            ("<CAN_SERVE", "餐饮场地"),
            ("<IN_CATEGORY", "ZY-1"),
        ],
        "place": [("", "XQ-1"), ("RAISED_IN>", "C1"), ("<LOCATED_IN", "DW-1")],
        "tie": [
            ("", "DW-1"),
            ("<WITH_UNIT", "XY-2020-0001"),
            ("WITH_ORGANIZATION>", "DZZ-1"),
            ("LEADS>", "C1"),
        ],
        "record": [("", "DW-1"), ("<OF", "PJ-1"), ("<USES", "XM-1")],
        "text": [],
        "window": [],
        "capacity": [],
    }
    assert first.path[-1] == Step("OFFERED_BY>", "Unit", "DW-1", "示例第三医院")
    paths = {part.name: [(step.by, step.id) for step in part.path] for part in second.parts}
    assert paths["category"] == [
        ("", "XQ-1"), ("IN_CATEGORY>", "助餐"), ("BROADER>", "照料"),
        ("<CAN_SERVE", "场地"), ("<BROADER", "会议场地"), ("<IN_CATEGORY", "ZY-2"),
    ]  # fmt: skip
    assert paths["place"] == [
        ("", "XQ-1"), ("RAISED_IN>", "C1"), ("PART_OF>", "S1"), ("<PART_OF", "C2"), ("<LOCATED_IN", "DW-2"),
    ]  # fmt: skip
    assert paths["tie"] == [("", "DW-2"), ("SEATED_ON>", "DZZ-2"), ("LEADS>", "S1")]


def test_a_category_under_the_same_wider_one_is_reached_through_it() -> None:
    snapshot = small(can_serve=[], resources=[resource(category="日托")]).snapshot()
    (match,) = match_need(snapshot, "XQ-1", DEFAULT).matches
    assert [(step.by, step.id) for step in match.path] == [
        ("", "XQ-1"), ("IN_CATEGORY>", "助餐"), ("BROADER>", "照料"), ("<BROADER", "日托"),
        ("<IN_CATEGORY", "ZY-1"), ("OFFERED_BY>", "DW-1"),
    ]  # fmt: skip
    assert "类别相近（60%）" in match.sentence


def test_of_two_equal_ties_the_nearer_one_is_told() -> None:
    seats = [
        {"kind": "seat", "owner": "DW-1", "area": key, "organization": f"DZZ-{key}"}
        for key in ("S1", "C1", "D")
    ]
    (match,) = match_need(small(ties=seats).snapshot(), "XQ-1", DEFAULT).matches
    assert [step.id for part in match.parts if part.name == "tie" for step in part.path] == [
        "DW-1",
        "DZZ-C1",
        "C1",
    ]


def test_prices_say_what_a_match_costs_others(district: Snapshot) -> None:
    first, second = match_need(district, "XQ-1", DEFAULT, prices={"ZY-1": 1000}).matches
    assert (first.price, first.net) == (1000, first.weight - 1000)
    assert first.sentence.endswith(f"；其他需求也用得上：每单位对别处值 1000，用在这里值 {first.weight}")
    assert (second.price, second.net) == (0, second.weight)
    assert second.sentence.endswith("；不影响其他需求")
    dear = match_need(district, "XQ-1", DEFAULT, prices={"ZY-1": 9999}).matches[0]
    assert dear.sentence.endswith(f"；其他需求更用得上：每单位对别处值 9999，用在这里只值 {dear.weight}")
    assert match_need(district, "XQ-1", DEFAULT).matches[0].net is None


def test_a_resource_and_a_unit_see_the_open_needs_the_most_worth_first(district: Snapshot) -> None:
    resource_answer = match_resource(district, "ZY-1", DEFAULT)
    assert [(match.need, match.resource) for match in resource_answer.matches] == [
        ("XQ-2", "ZY-1"),
        ("XQ-1", "ZY-1"),
    ]
    assert resource_answer.refused == {Reason.CATEGORY: 1}
    assert resource_answer.sentence == "有 2 个需求可以认领"
    unit_answer = match_unit(district, "DW-1", DEFAULT)
    assert unit_answer.matches == resource_answer.matches
    nothing = match_unit(district, "DW-3", DEFAULT)
    assert (nothing.matches, nothing.total) == ((), 0)
    assert nothing.sentence.startswith("没有需求可以认领：")


def test_a_unit_with_two_fitting_resources_sees_each_need_once_with_the_better_one() -> None:
    snapshot = small(resources=[resource("ZY-1", category="会议场地"), resource("ZY-2")]).snapshot()
    answer = match_unit(snapshot, "DW-1", DEFAULT)
    assert [(match.need, match.resource) for match in answer.matches] == [("XQ-1", "ZY-2")]
    assert answer.total == 1


def test_only_as_many_matches_as_asked_for_are_explained_and_all_are_counted() -> None:
    snapshot = small(resources=[resource(f"ZY-{k}") for k in range(9)]).snapshot()
    answer = match_need(snapshot, "XQ-1", DEFAULT, limit=3)
    assert ([match.resource for match in answer.matches], answer.total) == (["ZY-0", "ZY-1", "ZY-2"], 9)
    assert len(match_need(snapshot, "XQ-1", DEFAULT, limit=None).matches) == 9


def test_the_name_of_a_person_who_offers_something_is_not_told() -> None:
    rows = small(resources=[resource(owner="RY-1")])
    rows.owners.append({"id": "RY-1", "label": "Person", "name": "示例居民", "area": "C1"})
    (match,) = match_need(rows.snapshot(), "XQ-1", DEFAULT).matches
    assert match.path[-1] == Step("OFFERED_BY>", "Person", "RY-1", "")
    assert "示例居民" not in repr(match)


def test_when_nothing_fits_the_answer_says_what_refused_it() -> None:
    snapshot = small(resources=[resource(capacity=0), resource("ZY-2", serves=["S2"])]).snapshot()
    answer = match_need(snapshot, "XQ-1", DEFAULT)
    assert answer.sentence == "没有资源可以对接：没有余量 1 个，不在服务区域内 1 个"


def test_empty_lists_and_unknown_keys_have_an_answer_of_their_own() -> None:
    assert (
        match_need(small(resources=[]).snapshot(), "XQ-1", DEFAULT).sentence == "没有登记任何资源，无从对接"
    )
    assert match_resource(small(needs=[]).snapshot(), "ZY-1", DEFAULT).sentence == "目前没有待对接的需求"
    assert match_unit(small().snapshot(), "DW-2", DEFAULT).sentence == "没有登记资源，请先登记"
    empty = Rows().snapshot()
    for ask, message in (
        (match_need, "没有编号为“无”的需求，请核对编号"),
        (match_resource, "没有编号为“无”的资源，请核对编号"),
        (match_unit, "没有编号为“无”的提供方，请核对编号"),
    ):
        with pytest.raises(UnknownKeyError) as unknown:
            ask(empty, "无", DEFAULT)
        assert str(unknown.value) == message


def test_every_reason_and_every_bar_has_a_name() -> None:
    assert (set(REASONS), set(BARS)) == (set(Reason), set(NeedBar))
