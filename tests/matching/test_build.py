from typing import Any

import pytest

from matching.candidates import candidates
from matching.match import match_need, match_resource
from matching.profile import default_profile
from matching.snapshot import NeedBar
from tests.matching.three_lists import Rows, need, resource, small

DEFAULT = default_profile()

BAD_NEEDS: list[tuple[dict[str, Any], tuple[NeedBar, ...], list[str]]] = [
    ({"quantity": -5}, (NeedBar.NO_QUANTITY,), ["需求 XQ-1「数量」：内容是“-5”，应为 1 到 1000000000 的整数"]),
    ({"quantity": 0}, (NeedBar.NO_QUANTITY,), ["需求 XQ-1「数量」：内容是“0”，应为 1 到 1000000000 的整数"]),
    ({"quantity": 10**12}, (NeedBar.NO_QUANTITY,), ["需求 XQ-1「数量」：内容是“1000000000000”，应为 1 到 1000000000 的整数"]),
    ({"quantity": 2.5}, (NeedBar.NO_QUANTITY,), ["需求 XQ-1「数量」：内容是“2.5”，应为 1 到 1000000000 的整数"]),
    ({"met": -1}, (NeedBar.NO_QUANTITY,), ["需求 XQ-1「已满足数量」：内容是“-1”，应为 0 到 1000000000 的整数"]),
    ({"met": 20}, (NeedBar.MET,), []),
    ({"category": None}, (NeedBar.NO_CATEGORY,), ["需求 XQ-1「需求类别」：没有填写，无法对接；请选择类别（可参考系统建议）"]),
    ({"category": "X"}, (NeedBar.NO_CATEGORY,), ["需求 XQ-1「需求类别」：“X”不在登记之列，请核对编号"]),
    ({"area": "C9"}, (NeedBar.NO_PLACE,), ["需求 XQ-1「提出区域」：“C9”不在登记之列，请核对编号"]),
    (
        {"wanted_from": "2020-06-01", "wanted_to": "2020-05-31"},
        (NeedBar.WINDOW_REVERSED,),
        ["需求 XQ-1「期望结束」：2020-05-31 早于期望开始 2020-06-01，请改正其中一个日期"],
    ),
    ({"state": "销号"}, (NeedBar.CLOSED,), []),
    ({"deadline": "2020-04-12"}, (NeedBar.OVERDUE,), []),
    ({"quantity": -1, "category": None, "state": "撤回"}, (NeedBar.CLOSED, NeedBar.NO_QUANTITY, NeedBar.NO_CATEGORY), [
        "需求 XQ-1「数量」：内容是“-1”，应为 1 到 1000000000 的整数",
        "需求 XQ-1「需求类别」：没有填写，无法对接；请选择类别（可参考系统建议）",
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "bars", "messages"), BAD_NEEDS)
def test_a_need_that_makes_no_sense_is_barred_named_and_answered(
    changes: dict[str, Any], bars: tuple[NeedBar, ...], messages: list[str]
) -> None:
    snapshot = small(needs=[need(**changes), need("XQ-2")]).snapshot()
    answer = match_need(snapshot, "XQ-1", DEFAULT)
    assert (answer.matches, answer.bars) == ((), bars)
    assert [finding.message for finding in answer.findings] == messages
    assert answer.sentence.count("；") == len(bars) - 1
    # The sound one beside it is matched all the same.
    assert candidates(snapshot, DEFAULT).need.tolist() == [1]


BAD_RESOURCES: list[tuple[dict[str, Any], list[str]]] = [
    ({"capacity": -1}, ["资源 ZY-1「数量」：内容是“-1”，应为 0 到 1000000000 的整数"]),
    ({"capacity": None}, ["资源 ZY-1「数量」：没有填写，不知道能提供多少，暂不对接；请补填"]),
    ({"owner": "DW-9"}, ["资源 ZY-1「提供方」：“DW-9”不在登记之列，请核对编号"]),
    ({"serves": []}, ["资源 ZY-1「服务区域」：没有填写，暂不对接；请填写街道、社区等"]),
    ({"serves": ["C9"]}, ["资源 ZY-1「服务区域」：“C9”不在登记之列，请核对编号"]),
    (
        {"valid_from": "2020-05-01", "valid_to": "2020-05-01"},
        ["资源 ZY-1「有效期止」：不晚于有效期起，资源没有一天可用，请改正"],
    ),
]


@pytest.mark.parametrize(("changes", "messages"), BAD_RESOURCES)
def test_a_resource_that_makes_no_sense_is_never_proposed_and_named(
    changes: dict[str, Any], messages: list[str]
) -> None:
    snapshot = small(resources=[resource(**changes)]).snapshot()
    answer = match_resource(snapshot, "ZY-1", DEFAULT)
    assert (answer.matches, [finding.message for finding in answer.findings]) == ((), messages)
    assert match_need(snapshot, "XQ-1", DEFAULT).total == 0


def test_values_that_can_be_read_another_way_are_named_and_used() -> None:
    rows = small(
        needs=[need(urgency=9, deadline="2020-4-20"), need()],
        resources=[resource(last_confirmed="2020-04-01")],
    )
    snapshot = rows.snapshot()
    assert [finding.message for finding in snapshot.findings] == [
        "需求 XQ-1「编号」：出现了不止一次，只用第一次的内容，请合并",
        "需求 XQ-1「紧急程度」：内容是“9”，应为 1 到 5；现按 3 计",
        "需求 XQ-1「办结时限」：内容是“2020-4-20”，应为日期，例如 2020-04-13；现按未填处理",
    ]
    assert snapshot.needs.urgency.tolist() == [3]
    assert len(candidates(snapshot, DEFAULT)) == 1


def test_ties_records_and_categories_that_make_no_sense_are_left_out_and_named() -> None:
    rows = small(
        can_serve=[{"giving": "餐饮场地", "wanted": "助餐", "weight": 7}, {"giving": "无", "wanted": "助餐"}],
        ties=[{"kind": "agreement", "owner": "DW-9", "area": "C1", "organization": "DZZ-1", "id": "XY-1"}],
        records=[
            {"owner": "DW-1", "id": "PJ-1", "score": 101},
            {"owner": "DW-1", "id": "XM-1", "promised": 0, "delivered": 5},
            {"owner": "DW-1", "id": "XM-2", "promised": 4, "delivered": 8},
        ],
    )
    snapshot = rows.snapshot()
    assert [finding.message for finding in snapshot.findings] == [
        "类别 餐饮场地→助餐「权重」：内容是“7”，应为 0 到 1 的数字；这一行不计",
        "类别 无→助餐「资源类别」：“无”不在登记之列，请核对编号",
        "协议或席位 XY-1「单位」：“DW-9”不在登记之列，请核对编号",
        "履约记录 PJ-1「评分」：内容是“101”，应为 0 到 100 的数字；这一行不计",
    ]
    assert (snapshot.ties.ids, snapshot.records.ids, snapshot.records.value.tolist()) == (
        (),
        ("XM-2",),
        [1.0],
    )


def test_an_empty_district_is_a_snapshot_without_findings() -> None:
    snapshot = Rows().snapshot()
    assert (snapshot.findings, len(candidates(snapshot, DEFAULT))) == ((), 0)
