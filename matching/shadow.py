"""What the prices say: why a need goes unserved, why a resource is idle, and what would help most.

All of it follows from the plan's potentials, so each statement can be checked like the plan itself.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from matching.certificate import Plan
from matching.instance import NO_LIMIT, Instance, IntArray, total_by
from matching.network import free_need, free_resource, free_unit

UnservedReason = Literal[
    "no-candidate", "worth-more-elsewhere", "unit-limit", "signed-away", "practical-rules"
]
IdleReason = Literal["no-candidate", "needs-served-better", "unit-limit", "practical-rules"]


@dataclass(frozen=True)
class Unserved:
    """A need that lacks `missing` units, why, and the needs that hold the resources it could use.

    `best_weight` is the worth of a unit from its best pair (tier included), `least_price` what a unit of
    the cheapest of its resources is worth to the needs that hold it (0 when none has units beyond signed
    ones). `held_by` are positions of needs, the greatest holder first.

    Where the reason is worth-more-elsewhere and the plan's gap is 0, the price of each of its resources is
    proved to be at least the pair's weight and tier. Under the practical rules the prices are the flow's.
    """

    need: int
    missing: int
    reason: UnservedReason
    best_weight: int
    least_price: int
    held_by: tuple[int, ...]


@dataclass(frozen=True)
class Idle:
    """A resource with `left` units that nobody gets, why, and the needs it could have served."""

    resource: int
    left: int
    reason: IdleReason
    could_serve: tuple[int, ...]


@dataclass(frozen=True)
class GroupPrice:
    """What one more unit for a group is worth at most, at which row, and the units short in the group."""

    group: int
    price: int
    row: int
    units: int


def unserved(instance: Instance, plan: Plan, named: int = 3) -> list[Unserved]:
    """Every need that is not served in full, with its reason; at most `named` holders each."""
    missing = instance.need_quantity - total_by(instance.pair_need, plan.quantity, instance.needs)
    by_need, by_resource = (
        _rows_by(instance.pair_need, instance.needs),
        _rows_by(instance.pair_resource, instance.resources),
    )
    tight = _tight_resources(instance, plan)
    free = free_resource(instance)
    left = instance.resource_capacity - total_by(instance.pair_resource, plan.quantity, instance.resources)
    found = []
    for need in np.flatnonzero(missing).tolist():
        pairs = by_need[need]
        resources = instance.pair_resource[pairs]
        holders: dict[int, int] = {}
        for resource in resources.tolist():
            for pair in by_resource[resource].tolist():
                other = int(instance.pair_need[pair])
                if plan.quantity[pair] and other != need:
                    holders[other] = holders.get(other, 0) + int(plan.quantity[pair])
        open_ones = left[resources] > 0
        reason: UnservedReason
        if not len(pairs):
            reason = "no-candidate"
        elif not free[resources].any():
            reason = "signed-away"
        elif not open_ones.any():
            reason = "worth-more-elsewhere"
        elif tight[resources][open_ones].all():
            reason = "unit-limit"
        else:
            reason = "practical-rules"
        prices = plan.resource_price[resources[free[resources] > 0]]
        tier = max(0, _community_price(instance, plan, need))
        found.append(
            Unserved(
                need,
                int(missing[need]),
                reason,
                int((instance.pair_weight[pairs] + tier).max(initial=0)),
                int(prices.min()) if len(prices) else 0,
                tuple(sorted(holders, key=lambda n: (-holders[n], n))[:named]),
            )
        )
    return found


def idle(instance: Instance, plan: Plan, named: int = 3) -> list[Idle]:
    """Every resource with units left, with its reason; at most `named` needs each."""
    left = instance.resource_capacity - total_by(instance.pair_resource, plan.quantity, instance.resources)
    missing = instance.need_quantity - total_by(instance.pair_need, plan.quantity, instance.needs)
    by_resource = _rows_by(instance.pair_resource, instance.resources)
    tight = _tight_resources(instance, plan)
    found = []
    for resource in np.flatnonzero(left).tolist():
        pairs = by_resource[resource]
        needs = instance.pair_need[pairs]
        reason: IdleReason
        if not len(pairs):
            reason = "no-candidate"
        elif not missing[needs].any():
            reason = "needs-served-better"
        else:
            reason = "unit-limit" if tight[resource] else "practical-rules"
        order = np.lexsort((needs, -instance.pair_weight[pairs]))
        found.append(Idle(resource, int(left[resource]), reason, tuple(needs[order][:named].tolist())))
    return found


def resource_shadow_prices(instance: Instance, plan: Plan, group: IntArray) -> list[GroupPrice]:
    """Per group of resources (`group` has a number per resource), what one more unit of its best is worth.

    `units` counts what the group already has. Groups come by price, the highest first.
    """
    return _by_group(group, plan.resource_price, instance.resource_capacity)


def further_unit_prices(
    instance: Instance, plan: Plan, group: IntArray, weight: IntArray
) -> list[GroupPrice]:
    """Per group of needs, what a new resource of one unit would add if it fitted them with `weight` each.

    Exact for a plan made anew with gap 0 (never too small otherwise): a unit that reaches a need is worth
    its weight plus what that need's present supply is worth elsewhere. `units` counts what is short.
    Groups come by price, the highest first.
    """
    missing = instance.need_quantity - total_by(instance.pair_need, plan.quantity, instance.needs)
    gain = np.where(free_need(instance) > 0, weight + plan.potentials.needs, 0)
    return _by_group(group, np.maximum(gain, 0), missing)


def _by_group(group: IntArray, price: IntArray, units: IntArray) -> list[GroupPrice]:
    order = np.lexsort((np.arange(len(group)), -price, group))
    groups, first = np.unique(group[order], return_index=True)
    best = order[first]
    totals = [int(units[group == g].sum()) for g in groups]
    found = [
        GroupPrice(int(g), int(price[row]), int(row), total)
        for g, row, total in zip(groups, best, totals, strict=True)
    ]
    return sorted(found, key=lambda p: (-p.price, p.group))


def _rows_by(side: IntArray, size: int) -> list[IntArray]:
    order = np.argsort(side, kind="stable")
    return np.split(order, np.searchsorted(side[order], np.arange(1, size))) if size else []


def _tight_resources(instance: Instance, plan: Plan) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Resources whose unit is asked for all that its limit allows."""
    owner = instance.resource_unit[instance.pair_resource]
    added = plan.quantity - instance.locked
    asked = total_by(owner[owner >= 0], added[owner >= 0], instance.units)
    full = (instance.unit_limit != NO_LIMIT) & (asked >= free_unit(instance))
    return np.append(full, False)[instance.resource_unit]


def _community_price(instance: Instance, plan: Plan, need: int) -> int:
    community = int(instance.need_community[need])
    return int(plan.potentials.communities[community]) if community >= 0 else 0
