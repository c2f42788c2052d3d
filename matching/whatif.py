"""What if: a unit leaves, a resource comes, capacities shrink. The plan before beside the plan after."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from matching.certificate import Plan
from matching.flow import solve
from matching.instance import NO_UNIT, Instance, IntArray, total_by


@dataclass(frozen=True)
class Effect:
    """What a change does. Shares are of the units wanted; `needs_lost` are needs served less than before.

    `worst_before` and `worst_after` are the smallest served share of any community that wants something
    (1.0 when none does). `lost_units` has the units that each of `needs_lost` loses.
    """

    value_before: int
    value_after: int
    served_before: int
    served_after: int
    worst_before: float
    worst_after: float
    needs_lost: tuple[int, ...]
    lost_units: tuple[int, ...]

    @property
    def value_change(self) -> int:
        """What the change adds to the plan's value; negative when it costs."""
        return self.value_after - self.value_before


def effect(
    before: Instance, after: Instance, plan: Plan | None = None, solver: Callable[[Instance], Plan] = solve
) -> Effect:
    """Plan both instances and compare; `plan` is the one of `before` when it is known already.

    Both have the same needs in the same positions (`ValueError` otherwise).
    """
    if before.needs != after.needs:
        raise ValueError(f"{before.needs} needs before and {after.needs} after: only their supply may differ")
    old, new = plan if plan is not None else solver(before), solver(after)
    served = [total_by(i.pair_need, p.quantity, i.needs) for i, p in ((before, old), (after, new))]
    lost = served[0] - served[1]
    rows = np.flatnonzero(lost > 0)
    return Effect(
        old.value,
        new.value,
        int(served[0].sum()),
        int(served[1].sum()),
        worst_community(before, old),
        worst_community(after, new),
        tuple(rows.tolist()),
        tuple(lost[rows].tolist()),
    )


def worst_community(instance: Instance, plan: Plan) -> float:
    """The smallest share of its wanted units that any community gets; 1.0 when none wants any."""
    inside = instance.need_community >= 0
    community = instance.need_community[inside]
    served = total_by(instance.pair_need, plan.quantity, instance.needs)[inside]
    wanted = total_by(community, instance.need_quantity[inside], instance.communities)
    got = total_by(community, served, instance.communities)
    return float((got[wanted > 0] / wanted[wanted > 0]).min(initial=1.0))


def without_unit(instance: Instance, unit: int) -> Instance:
    """A unit leaves with everything it offers, its signed promises included."""
    if not 0 <= unit < instance.units:
        raise ValueError(f"unit {unit} is not one of {instance.units}")
    gone = instance.resource_unit == unit
    stays = ~gone[instance.pair_resource]
    return replace(
        _with_pairs(instance, np.flatnonzero(stays)),
        resource_capacity=np.where(gone, 0, instance.resource_capacity),
    )


def with_resource(
    instance: Instance, capacity: int, weights: Mapping[int, int], unit: int = NO_UNIT
) -> Instance:
    """One more resource, with the weight of a unit for each need that it fits."""
    needs = np.array(sorted(weights), np.int64)
    zeros = np.zeros(len(needs), np.int64)
    return replace(
        instance,
        resource_capacity=np.append(instance.resource_capacity, capacity),
        resource_unit=np.append(instance.resource_unit, unit),
        pair_need=np.append(instance.pair_need, needs),
        pair_resource=np.append(instance.pair_resource, zeros + instance.resources),
        pair_weight=np.append(instance.pair_weight, [weights[n] for n in needs.tolist()]).astype(np.int64),
        locked=np.append(instance.locked, zeros),
        announced=np.append(instance.announced, zeros),
        move_price=np.append(instance.move_price, zeros),
    )


def with_capacities(instance: Instance, percent: int) -> Instance:
    """All capacities at `percent` of what they are, rounded down, but never below what is signed.

    >>> half = with_capacities(Instance.build(need_quantity=[9], resource_capacity=[5], pair_need=[0],
    ...                                       pair_resource=[0], pair_weight=[1], locked=[3]), 50)
    >>> half.resource_capacity.tolist()
    [3]
    """
    if percent < 0:
        raise ValueError(f"{percent} %: capacities cannot be negative")
    locked = total_by(instance.pair_resource, instance.locked, instance.resources)
    return replace(
        instance, resource_capacity=np.maximum(instance.resource_capacity * percent // 100, locked)
    )


def _with_pairs(instance: Instance, rows: IntArray) -> Instance:
    return replace(
        instance,
        pair_need=instance.pair_need[rows],
        pair_resource=instance.pair_resource[rows],
        pair_weight=instance.pair_weight[rows],
        locked=instance.locked[rows],
        announced=instance.announced[rows],
        move_price=instance.move_price[rows],
    )
