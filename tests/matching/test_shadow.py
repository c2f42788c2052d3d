"""Reasons and shadow prices are provable: what they say happens when the plan is made again."""

from dataclasses import replace

import numpy as np

from matching.flow import solve
from matching.instance import Instance, Tier, total_by
from matching.network import free_need
from matching.practical import practical_plan
from matching.shadow import Idle, Unserved, further_unit_prices, idle, resource_shadow_prices, unserved
from matching.whatif import with_resource
from tests.matching.random_instances import random_instance


def test_each_unserved_need_and_idle_resource_has_its_reason() -> None:
    instance = Instance.build(
        need_quantity=[2, 2, 1, 1, 1], resource_capacity=[2, 5, 1, 3], resource_unit=[-1, 0, -1, -1], unit_limit=[1],
        pair_need=[0, 1, 2, 3, 4], pair_resource=[0, 0, 1, 1, 2], pair_weight=[9, 7, 8, 5, 6],
    )  # fmt: skip
    signed = replace(instance, need_quantity=np.array([2, 2, 1, 1, 2]), locked=np.array([0, 0, 0, 0, 1]))
    plan = solve(signed)
    assert unserved(signed, plan) == [
        Unserved(1, 2, "worth-more-elsewhere", 7, 7, (0,)),
        Unserved(3, 1, "unit-limit", 5, 5, (2,)),
        Unserved(4, 1, "signed-away", 6, 0, ()),
    ]
    assert idle(signed, plan) == [Idle(1, 4, "unit-limit", (2, 3)), Idle(3, 3, "no-candidate", ())]


def test_practical_rules_are_named_when_they_are_what_stands_between() -> None:
    instance = Instance.build(
        need_quantity=[5],
        resource_capacity=[4],
        pair_need=[0],
        pair_resource=[0],
        pair_weight=[9],
        all_or_nothing=[1],
    )
    plan = practical_plan(instance)
    assert unserved(instance, plan) == [Unserved(0, 5, "practical-rules", 9, 9, ())]
    assert idle(instance, plan) == [Idle(0, 4, "practical-rules", (0,))]


def test_worth_more_elsewhere_is_a_proof() -> None:
    """Every resource of such a need has a price of at least the pair's weight and its community's tier."""
    seen = 0
    for seed in range(300):
        instance = random_instance(seed)
        plan = solve(instance)
        for found in unserved(instance, plan):
            assert found.reason != "practical-rules"
            if found.reason != "worth-more-elsewhere":
                continue
            seen += 1
            pairs = np.flatnonzero(instance.pair_need == found.need)
            free = instance.resource_capacity - total_by(
                instance.pair_resource, instance.locked, instance.resources
            )
            pairs = pairs[free[instance.pair_resource[pairs]] > 0]
            community = int(instance.need_community[found.need])
            tier = int(plan.potentials.communities[community]) if community >= 0 else 0
            assert (
                plan.resource_price[instance.pair_resource[pairs]] >= instance.pair_weight[pairs] + tier
            ).all()
    assert seen > 100


def test_the_price_of_a_resource_is_what_one_more_unit_of_it_adds() -> None:
    for seed in range(150):
        instance = random_instance(seed)
        plan = solve(instance)
        owned_freely = np.flatnonzero(instance.resource_unit < 0)
        free = instance.resource_capacity - total_by(
            instance.pair_resource, instance.locked, instance.resources
        )
        for resource in owned_freely[free[owned_freely] > 0].tolist():
            more = instance.resource_capacity.copy()
            more[resource] += 1
            gain = solve(replace(instance, resource_capacity=more)).value - plan.value
            assert plan.resource_price[resource] == gain


def test_the_price_of_a_further_unit_is_what_a_new_resource_adds() -> None:
    for seed in range(150):
        instance = random_instance(seed)
        plan, weight = solve(instance), np.full(instance.needs, 25)
        for found in further_unit_prices(instance, plan, np.arange(instance.needs), weight):
            if free_need(instance)[found.group] > 0:
                with_one_more = solve(with_resource(instance, 1, {found.group: 25}))
                assert with_one_more.value - plan.value == found.price


def test_groups_come_by_price_with_their_best_row_and_their_units() -> None:
    instance = Instance.build(
        need_quantity=[3, 3, 1], need_community=[0, 0, 0], resource_capacity=[1, 2, 4], pair_need=[0, 1, 2],
        pair_resource=[0, 1, 2], pair_weight=[9, 7, 3], tiers=[Tier(100, 2)],
    )  # fmt: skip
    prices = resource_shadow_prices(instance, solve(instance), np.array([5, 6, 6]))
    assert [(p.group, p.price, p.row, p.units) for p in prices] == [(5, 11, 0, 1), (6, 9, 1, 6)]
