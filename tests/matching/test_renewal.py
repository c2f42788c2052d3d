"""A plan repaired from its stored prices when anything of its instance has changed."""

import numpy as np
import pytest

from matching.certificate import faults
from matching.flow import solve
from matching.instance import Instance
from matching.plan_file import Names
from matching.practical import practical_plan
from matching.renewal import NotProved, renewed
from tests.matching.random_instances import random_instance


def names(instance: Instance, seed: int) -> Names:
    """Ids from so few that some rows of two instances are the same thing, some not, and in another order."""
    random = np.random.default_rng(seed)
    sizes = (instance.needs, instance.resources, instance.units, instance.communities)
    return Names(
        *([f"{k}" for k in random.permutation(9)[:size]] for size in sizes),
    )


@pytest.mark.parametrize("hundred", range(3))
def test_a_plan_renewed_for_another_instance_is_worth_a_full_solution_and_proves_it(hundred: int) -> None:
    for seed in range(100 * hundred, 100 * hundred + 100):
        before, after = random_instance(seed), random_instance(seed + 50_000)
        found = renewed(before, solve(before), names(before, seed), after, names(after, seed + 1))
        assert (found.plan.value, found.plan.gap) == (solve(after).value, 0.0), seed
        assert faults(after, found.plan) == [], seed


def test_nothing_moves_where_nothing_has_changed() -> None:
    for seed in range(20):
        instance = random_instance(seed)
        plan = solve(instance)
        found = renewed(instance, plan, names(instance, 1), instance, names(instance, 1))
        assert (found.changes, found.moved) == (0, 0)
        assert found.plan.quantity.tolist() == plan.quantity.tolist()


def test_one_arrival_moves_little_of_a_large_plan() -> None:
    random = np.random.default_rng(7)
    needs, resources = 300, 300
    need, resource = np.nonzero(random.random((needs, resources)) < 0.05)
    columns = {
        "need_quantity": random.integers(1, 9, needs), "resource_capacity": random.integers(1, 9, resources),
        "pair_need": need, "pair_resource": resource, "pair_weight": random.integers(1, 1000, len(need)),
    }  # fmt: skip
    after = Instance.build(**columns)
    without = np.flatnonzero(need < needs - 1)
    before = Instance.build(**{
        **columns, "need_quantity": columns["need_quantity"][:-1],
        **{name: columns[name][without] for name in ("pair_need", "pair_resource", "pair_weight")},
    })  # fmt: skip
    ids = [str(k) for k in range(needs)]
    found = renewed(before, solve(before), Names(ids[:-1], ids), after, Names(ids, ids))
    assert (found.plan.value, found.plan.gap) == (solve(after).value, 0.0)
    # Its own arc and those of its pairs, of some thousand.
    assert found.changes == 1 + int(np.count_nonzero(need == needs - 1))
    assert found.moved < 200


def test_a_plan_that_is_not_proved_best_has_no_prices_to_begin_with() -> None:
    instance = Instance.build(
        need_quantity=[3], resource_capacity=[1, 1, 1], pair_need=[0, 0, 0], pair_resource=[0, 1, 2],
        pair_weight=[5, 9, 4], max_parties=[1],
    )  # fmt: skip
    plan = practical_plan(instance)
    assert plan.gap > 0
    with pytest.raises(NotProved, match="is not proved best"):
        renewed(instance, plan, names(instance, 1), instance, names(instance, 1))
