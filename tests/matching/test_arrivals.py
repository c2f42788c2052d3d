"""A live plan stays the best one through thousands of random events, with every feature on."""

import numpy as np
import pytest

from matching.arrivals import LivePlan
from matching.auction import auction
from matching.certificate import faults
from matching.flow import solve
from matching.instance import NO_COMMUNITY, NO_UNIT, Instance, Tier
from tests.matching.random_instances import random_instance


def _weights(random: np.random.Generator, rows: int) -> dict[int, int]:
    return {row: int(random.integers(1, 40)) for row in np.flatnonzero(random.random(rows) < 0.5).tolist()}


def _event(live: LivePlan, random: np.random.Generator) -> None:
    """One of seven kinds of event, at random."""
    now = live.instance()
    need, resource = int(random.integers(now.needs)), int(random.integers(now.resources))
    locked_need = int(now.locked[now.pair_need == need].sum())
    locked_resource = int(now.locked[now.pair_resource == resource].sum())
    kind = random.integers(7)
    if kind == 0:
        live.add_need(
            int(random.integers(6)),
            _weights(random, now.resources),
            int(random.integers(NO_COMMUNITY, now.communities)),
        )
    elif kind == 1:
        live.add_resource(
            int(random.integers(6)), _weights(random, now.needs), int(random.integers(NO_UNIT, now.units))
        )
    elif kind == 2:
        live.set_quantity(need, locked_need + int(random.integers(6)))
    elif kind == 3:
        live.set_capacity(resource, locked_resource + int(random.integers(6)))
    elif kind == 4 and not locked_need:
        live.withdraw_need(need)
    elif kind == 5 and not locked_resource:
        live.withdraw_resource(resource)
    elif now.pairs:
        pair = int(random.integers(now.pairs))
        live.set_weight(int(now.pair_need[pair]), int(now.pair_resource[pair]), int(random.integers(1, 40)))


def test_three_thousand_random_events_leave_the_plan_that_a_new_one_would_be() -> None:
    events = 0
    for seed in range(100):
        start, random = random_instance(seed), np.random.default_rng(seed)
        live = LivePlan(start, solve(start))
        for _ in range(30):
            _event(live, random)
            now, plan = live.instance(), live.plan()
            assert (plan.value, plan.bound) == (solve(now).value, plan.value)
            assert faults(now, plan) == []
            events += 1
    assert events == 3000


def test_a_need_that_comes_and_goes_leaves_the_value_as_it_was() -> None:
    start = random_instance(2)
    live = LivePlan(start, solve(start))
    need = live.add_need(5, dict.fromkeys(range(start.resources), 99), community=0)
    assert live.plan().value > solve(start).value
    live.withdraw_need(need)
    assert live.plan().value == solve(start).value


def test_a_better_need_pushes_the_poorest_aside_and_moves_as_little_as_it_can() -> None:
    start = Instance.build(
        need_quantity=[1, 1], resource_capacity=[1, 1], pair_need=[0, 0, 1], pair_resource=[0, 1, 1],
        pair_weight=[5, 4, 3],
    )  # fmt: skip
    live = LivePlan(start, solve(start))
    live.add_need(1, {0: 9})
    assert live.plan().quantity.tolist() == [0, 1, 0, 1]
    assert live.last_moves > 0


def test_a_plan_without_proof_is_not_taken_as_a_start() -> None:
    random = np.random.default_rng(1)
    need, resource = np.nonzero(random.random((20, 20)) < 0.5)
    instance = Instance.build(
        need_quantity=random.integers(1, 9, 20), resource_capacity=random.integers(1, 5, 20), pair_need=need,
        pair_resource=resource, pair_weight=random.integers(500, 900, len(need)),
    )  # fmt: skip
    rough = auction(instance, 0.9)
    assert rough.value < rough.bound
    with pytest.raises(ValueError, match="is not proved best"):
        LivePlan(instance, rough)


def test_nonsense_events_are_refused_and_change_nothing() -> None:
    start = Instance.build(
        need_quantity=[3], need_community=[0], resource_capacity=[3], pair_need=[0], pair_resource=[0],
        pair_weight=[5], locked=[2], tiers=[Tier(50, 3)],
    )  # fmt: skip
    live = LivePlan(start, solve(start))
    for act, sentence in (
        (lambda: live.add_need(-1, {0: 5}), "-1 units"),
        (lambda: live.add_need(1, {7: 5}), "resource 7 is not one of 1"),
        (lambda: live.add_need(1, {0: 0}), "weight 0"),
        (lambda: live.add_need(1, {0: 5}, community=4), "community 4 is not one of 1"),
        (lambda: live.add_resource(1, {0: 5}, unit=0), "unit 0 is not one of 0"),
        (lambda: live.withdraw_need(0), "0 units: 2"),
        (lambda: live.set_capacity(0, 1), "1 units: 2"),
        (lambda: live.set_weight(0, 5, 3), "no pair"),
    ):
        with pytest.raises(ValueError, match=sentence):
            act()
    assert (live.plan().value, live.instance().needs) == (solve(start).value, 1)
