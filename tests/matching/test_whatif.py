"""What-if answers compare the best plan before with the best plan after."""

import numpy as np
import pytest

from matching.flow import solve
from matching.instance import Instance
from matching.whatif import Effect, effect, with_capacities, with_resource, without_unit
from tests.matching.random_instances import random_instance


def _district() -> Instance:
    return Instance.build(
        need_quantity=[4, 4], need_community=[0, 1], resource_capacity=[4, 3], resource_unit=[0, 1], unit_limit=[-1, -1],
        pair_need=[0, 1, 1], pair_resource=[0, 0, 1], pair_weight=[10, 6, 5],
    )  # fmt: skip


def test_a_unit_that_leaves_takes_its_resources_and_the_needs_lose() -> None:
    before = _district()
    assert effect(before, without_unit(before, 1)) == Effect(55, 40, 7, 4, 0.75, 0.0, (1,), (3,))


def test_a_new_resource_serves_who_was_left_out() -> None:
    before = _district()
    found = effect(before, with_resource(before, 5, {1: 8}))
    assert (found, found.value_change) == (Effect(55, 72, 7, 8, 0.75, 1.0, (), ()), 17)


def test_capacities_that_halve_cost_value() -> None:
    before = _district()
    assert effect(before, with_capacities(before, 50)) == Effect(55, 25, 7, 3, 0.75, 0.25, (0, 1), (2, 2))


def test_signed_promises_survive_shrinking_but_not_the_unit_itself() -> None:
    for seed in range(60):
        instance = random_instance(seed)
        assert solve(with_capacities(instance, 0)).quantity.tolist() == instance.locked.tolist()
        left = without_unit(instance, 0)
        gone = instance.resource_unit == 0
        assert left.locked.sum() == instance.locked[~gone[instance.pair_resource]].sum()
        assert not left.resource_capacity[gone].any()


def test_less_supply_never_adds_value_and_more_never_costs() -> None:
    for seed in range(60):
        instance = random_instance(seed)
        assert effect(instance, with_capacities(instance, 50)).value_change <= 0
        assert (
            effect(instance, with_resource(instance, 3, dict.fromkeys(range(instance.needs), 9))).value_change
            >= 0
        )


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="unit 9 is not one of 2"):
        without_unit(_district(), 9)
    with pytest.raises(ValueError, match="-1 %"):
        with_capacities(_district(), -1)
    with pytest.raises(ValueError, match="2 needs before and 1 after"):
        effect(
            _district(),
            Instance.build(
                need_quantity=[1], resource_capacity=[1], pair_need=(), pair_resource=(), pair_weight=()
            ),
        )
    assert np.array_equal(_district().unit_limit, [-1, -1])
