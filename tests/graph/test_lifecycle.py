"""The declared lives: what the declaration promises by itself, without a store."""

from dataclasses import replace

import pytest

from graph.lifecycle import Carries, Lifecycle, Transition, check_carried
from graph.model import Code, CodeList
from graph.schema import SCHEMA
from graph.schema.lifecycles import (
    HELD_BY_CLAIM,
    HELD_BY_PROJECT,
    LIFECYCLES,
    MEETING_LIFE,
    NEED_LIFE,
    PROJECT_LIFE,
    TAKEABLE,
)

LIGHT = CodeList("Light", "灯", "A light.", (Code("关"), Code("开"), Code("坏")))


def step(source: str, target: str) -> Transition:
    return Transition("拨", (source,), target, ("居民",), "Flip it.")


def test_a_state_that_no_step_reaches_or_leaves_is_refused() -> None:
    with pytest.raises(ValueError, match="Need: states without a step, or unknown: 坏"):
        Lifecycle("Need", LIGHT, "关", (step("关", "开"),), ended_by="开")


def test_two_steps_between_the_same_states_are_refused() -> None:
    with pytest.raises(ValueError, match="two steps lead from 关 to 开"):
        Lifecycle("Need", LIGHT, "关", (step("关", "开"), step("关", "开"), step("开", "坏")), ended_by="坏")


def test_carrying_to_a_state_that_the_other_does_not_have_is_refused() -> None:
    carrying = replace(step("关", "开"), carries=(Carries("Need", "飞"),))
    light = Lifecycle("Project", LIGHT, "关", (carrying, step("开", "坏")), ended_by="坏")
    with pytest.raises(ValueError, match="Project 拨: carries Need to 飞"):
        check_carried([light, NEED_LIFE])


def test_every_state_can_be_reached_from_the_beginning() -> None:
    for life in LIFECYCLES.values():
        reached, waiting = {life.begins}, [life.begins]
        while waiting:
            for each in life.steps_from(waiting.pop()):
                if each.target not in reached:
                    reached.add(each.target)
                    waiting.append(each.target)
        assert reached == set(life.codes.values), life.label


def test_every_step_that_ends_in_refusal_or_withdrawal_asks_for_the_reason() -> None:
    ends = {"Need": ("退回", "挂起", "合并", "撤回"), "Claim": ("退出审批",), "Agreement": ("终止",), "Meeting": ("取消",)}  # fmt: skip
    silent = [
        (label, each.heading)
        for label, targets in ends.items()
        for each in LIFECYCLES[label].transitions
        if each.target in targets and "理由" not in [need.value for need in each.requires]
    ]
    assert silent == []


def test_the_states_that_other_parts_rely_on_are_declared_ones() -> None:
    assert set(TAKEABLE) <= set(NEED_LIFE.codes.values)
    assert set(HELD_BY_CLAIM) == set(LIFECYCLES["Claim"].codes.values) - {"完成", "退出审批"}
    assert set(HELD_BY_PROJECT) == set(PROJECT_LIFE.codes.values) - {"销号"}
    stamped = [(life.label, each.stamps) for life in LIFECYCLES.values() for each in life.transitions if each.stamps]  # fmt: skip
    kinds = {SCHEMA.node(label).property(name).type.value for label, name in stamped if label != "Plan"}
    assert kinds == {"date"}
    assert ("Plan", "announced_at") in stamped


def test_a_record_without_a_state_is_where_its_life_says() -> None:
    assert (MEETING_LIFE.state_of(None), NEED_LIFE.state_of(None), NEED_LIFE.state_of("入单")) == ("召开", "提出", "入单")  # fmt: skip
