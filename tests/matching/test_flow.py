"""The plan for all needs against two independent solvers, with every feature on and binding."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import flow as flow_module
from matching.auction import auction
from matching.certificate import faults
from matching.flow import solve
from matching.instance import NO_LIMIT, Instance, Tier, objective, total_by
from tests.matching.random_instances import by_linear_program, by_networkx, random_instance

seeds = st.integers(0, 10**6)


def _without(instance: Instance) -> dict[str, Instance]:
    """The instance with one feature switched off at a time."""
    return {
        "tiers": replace(instance, tiers=()),
        "limits": replace(instance, unit_limit=np.full(instance.units, NO_LIMIT)),
        "locks": replace(instance, locked=np.zeros_like(instance.locked)),
        "prices": replace(instance, move_price=np.zeros_like(instance.move_price)),
    }


def test_the_optimum_equals_two_other_solvers_with_every_feature_binding_often() -> None:
    binding: Counter[str] = Counter()
    for seed in range(1000):
        instance = random_instance(seed)
        plan = solve(instance)
        assert (plan.value, plan.bound) == (by_networkx(instance), by_linear_program(instance))
        assert faults(instance, plan) == []
        for feature, other in _without(instance).items():
            # A feature binds when the plan made without it would have been a worse plan with it.
            free = solve(other)
            kept = np.maximum(free.quantity, instance.locked)
            broken = bool(
                faults(
                    instance, replace(free, quantity=kept, value=objective(instance, kept), bound=plan.bound)
                )
            )
            binding[feature] += broken or objective(instance, free.quantity) < plan.value
    assert {feature: count >= 100 for feature, count in binding.items()} == dict.fromkeys(
        ("tiers", "limits", "locks", "prices"), True
    ), binding


@settings(max_examples=150, deadline=None)
@given(seeds)
def test_quantities_are_whole_and_keep_capacities_locks_and_limits(seed: int) -> None:
    instance = random_instance(seed)
    quantity = solve(instance).quantity
    assert quantity.dtype == np.int64
    assert (quantity >= instance.locked).all()
    assert (total_by(instance.pair_need, quantity, instance.needs) <= instance.need_quantity).all()
    assert (
        total_by(instance.pair_resource, quantity, instance.resources) <= instance.resource_capacity
    ).all()
    for unit in np.flatnonzero(instance.unit_limit != NO_LIMIT).tolist():
        mine = instance.resource_unit[instance.pair_resource] == unit
        assert quantity[mine].sum() <= max(instance.unit_limit[unit], instance.locked[mine].sum())


def test_the_same_instance_gives_the_same_plan() -> None:
    for seed in range(50):
        one, two = solve(random_instance(seed)), solve(random_instance(seed))
        assert one.quantity.tolist() == two.quantity.tolist()
        assert one.potentials.all.tolist() == two.potentials.all.tolist()


def test_without_features_the_prices_are_the_two_sided_duals_of_the_assignment() -> None:
    for seed in range(100):
        given_one = random_instance(seed)
        zeros = np.zeros_like(given_one.locked)
        plain = replace(
            given_one, tiers=(), locked=zeros, announced=zeros, unit_limit=np.full(given_one.units, NO_LIMIT)
        )
        plan = solve(plain)
        a, b = plan.need_price, plan.resource_price
        room = np.minimum(plain.need_quantity[plain.pair_need], plain.resource_capacity[plain.pair_resource])
        short = plain.pair_weight - a[plain.pair_need] - b[plain.pair_resource]
        assert (short[room > 0] <= 0).all()
        assert int(plain.need_quantity @ a) + int(plain.resource_capacity @ b) == plan.value


def test_the_two_sided_form_fails_with_a_tier_but_the_potentials_prove_the_plan() -> None:
    instance = Instance.build(
        need_quantity=[1, 1], need_community=[0, 0], resource_capacity=[1, 1], pair_need=[0, 1],
        pair_resource=[0, 1], pair_weight=[10, 10], tiers=[Tier(50, 5)],
    )  # fmt: skip
    plan = solve(instance)
    assert (plan.value, plan.bound, plan.gap) == (25, 25, 0.0)
    assert int(plan.need_price.sum() + plan.resource_price.sum()) != 25


def test_a_promise_moves_only_when_moving_pays_its_price() -> None:
    def served(price: int) -> list[int]:
        return solve(
            Instance.build(
                need_quantity=[1], resource_capacity=[1, 1], pair_need=[0, 0], pair_resource=[0, 1],
                pair_weight=[10, 14], announced=[1, 0], move_price=[price, 0],
            )
        ).quantity.tolist()  # fmt: skip

    assert [served(3), served(5)] == [[0, 1], [1, 0]]


def test_tiers_lift_the_community_that_the_plain_plan_leaves_out() -> None:
    plain = Instance.build(
        need_quantity=[4, 4], need_community=[0, 1], resource_capacity=[4], pair_need=[0, 1],
        pair_resource=[0, 0], pair_weight=[10, 9],
    )  # fmt: skip
    assert solve(plain).quantity.tolist() == [4, 0]
    assert solve(replace(plain, tiers=(Tier(50, 5),))).quantity.tolist() == [2, 2]


@pytest.mark.parametrize("shape", [(0, 0), (3, 0), (0, 3), (2, 2)])
def test_an_empty_district_has_an_empty_plan(shape: tuple[int, int]) -> None:
    empty = Instance.build(
        need_quantity=np.ones(shape[0], np.int64), resource_capacity=np.ones(shape[1], np.int64),
        pair_need=(), pair_resource=(), pair_weight=(),
    )  # fmt: skip
    for plan in (solve(empty), auction(empty)):
        assert (plan.quantity.tolist(), plan.value, plan.bound, plan.gap, faults(empty, plan)) == (
            [],
            0,
            0,
            0.0,
            [],
        )


def test_the_auction_proves_its_gap_with_every_feature_on() -> None:
    for seed in range(150):
        instance = random_instance(seed)
        best, sold = solve(instance).value, auction(instance, 0.05)
        assert faults(instance, sold) == []
        assert sold.value <= best <= sold.bound
    # Whole-number steps cannot prove every gap on numbers as small as these; on real weights they do.


def test_the_auction_reaches_the_wanted_gap_on_weights_of_real_size() -> None:
    random = np.random.default_rng(5)
    need, resource = np.nonzero(random.random((60, 80)) < 0.2)
    instance = Instance.build(
        need_quantity=random.integers(1, 10, 60), resource_capacity=random.integers(1, 8, 80),
        pair_need=need, pair_resource=resource, pair_weight=random.integers(200, 5000, len(need)),
    )  # fmt: skip
    for wanted in (0.05, 0.01, 0.001):
        plan = auction(instance, wanted)
        assert plan.gap <= wanted
        assert plan.value >= (1 - wanted) * solve(instance).value
        assert faults(instance, plan) == []


def test_without_ortools_the_auction_takes_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flow_module, "HAS_ORTOOLS", False)
    assert solve(random_instance(3)).method == "auction"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"need_quantity": [-1]}, r"need_quantity\[0\] is -1; it must lie in 0..1000000000"),
        ({"need_quantity": [10**10]}, r"need_quantity\[0\] is 10000000000"),
        ({"need_quantity": [1.5]}, "need_quantity holds float64 values; whole numbers are expected"),
        ({"pair_need": [1]}, r"pair_need\[0\] is 1; it must lie in 0..0"),
        ({"pair_weight": [0]}, r"pair_weight\[0\] is 0"),
        ({"locked": [3]}, "need 0 has 3 locked units but only 2 in all"),
        ({"locked": [1, 1]}, "locked: 2 rows where 1 are expected"),
        ({"need_quantity": [[2]]}, "need_quantity must be one column"),
        ({"tiers": [Tier(50, 5), Tier(50, 3)]}, "percents must rise"),
        ({"tiers": [Tier(50, 5), Tier(70, 5)]}, "bonuses must fall"),
        ({"need_quantity": [10**9], "pair_weight": [10**9]}, "no plan may be worth more"),
        ({"pair_need": [0, 0], "pair_resource": [0, 0], "pair_weight": [1, 1]}, "is there twice"),
        ({"resource_unit": [0]}, r"resource_unit\[0\] is 0; it must lie in -1..-1"),
    ],
)
def test_a_nonsense_instance_is_refused_by_name(change: dict[str, list[int]], sentence: str) -> None:
    sound = {
        "need_quantity": [2],
        "resource_capacity": [5],
        "pair_need": [0],
        "pair_resource": [0],
        "pair_weight": [7],
    }
    with pytest.raises(ValueError, match=sentence):
        Instance.build(**(sound | change))  # type: ignore[arg-type]
