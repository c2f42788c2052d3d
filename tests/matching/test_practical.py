"""Plans under the practical rules keep every rule and know how far from the best they may be."""

from dataclasses import replace
from itertools import product

import numpy as np

from matching.certificate import faults, practical_faults
from matching.flow import solve
from matching.instance import Instance, objective
from matching.practical import Effort, practical_plan
from matching.repair import repair
from tests.matching.random_instances import random_instance


def _with_rules(seed: int) -> Instance:
    plain, random = random_instance(seed), np.random.default_rng(seed)
    return replace(
        plain,
        max_parties=random.integers(0, 3, plain.needs),
        minimum_lot=random.integers(0, 4, plain.needs),
        all_or_nothing=random.integers(0, 2, plain.needs),
    )


def _best_by_trying_all(instance: Instance) -> int:
    """The best value of a plain instance under its rules, by trying every plan."""
    room = np.minimum(
        instance.need_quantity[instance.pair_need], instance.resource_capacity[instance.pair_resource]
    )
    best = 0
    for units in product(*(range(r + 1) for r in room.tolist())):
        quantity = np.array(units, np.int64)
        value = objective(instance, quantity)
        if value > best:
            plan = replace(solve(instance), quantity=quantity, value=value, method="practical")
            if not faults(instance, plan):
                best = value
    return best


def test_every_rule_lock_and_limit_is_kept_and_the_bound_is_never_beaten() -> None:
    for seed in range(150):
        instance = _with_rules(seed)
        plan = practical_plan(instance)
        assert faults(instance, plan) == []
        assert plan.value <= plan.bound == solve(instance).value


def test_repair_keeps_every_rule_by_itself() -> None:
    for seed in range(300):
        instance = _with_rules(seed)
        quantity = repair(instance, solve(instance).quantity, instance.pair_weight)
        plan = replace(
            solve(instance), quantity=quantity, value=objective(instance, quantity), method="practical"
        )
        assert faults(instance, plan) == []


def test_small_plans_are_the_best_that_trying_every_plan_finds() -> None:
    tried = 0
    for seed in range(15):
        random = np.random.default_rng(seed)
        instance = Instance.build(
            need_quantity=random.integers(1, 4, 3), resource_capacity=random.integers(1, 4, 3),
            pair_need=[0, 0, 1, 1, 2, 2], pair_resource=[0, 1, 1, 2, 2, 0], pair_weight=random.integers(1, 30, 6),
            max_parties=random.integers(0, 3, 3), minimum_lot=random.integers(0, 3, 3),
            all_or_nothing=random.integers(0, 2, 3),
        )  # fmt: skip
        assert practical_plan(instance, Effort(block_gap=0.0)).value == _best_by_trying_all(instance)
        tried += bool(practical_faults(instance, solve(instance).quantity))
    assert tried >= 5


def test_without_rules_the_practical_plan_is_the_exact_one() -> None:
    instance = random_instance(4)
    assert practical_plan(instance).quantity.tolist() == solve(instance).quantity.tolist()


def test_a_need_in_full_or_not_at_all_gives_way_when_it_cannot_be_full() -> None:
    instance = Instance.build(
        need_quantity=[5, 2], resource_capacity=[4], pair_need=[0, 1], pair_resource=[0, 0],
        pair_weight=[9, 1], all_or_nothing=[1, 0],
    )  # fmt: skip
    plan = practical_plan(instance)
    assert (plan.quantity.tolist(), plan.value, plan.bound) == ([0, 2], 2, 36)
