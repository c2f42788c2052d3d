"""The proof that a plan is as good as it claims, and its check in one pass, without any solver.

In the form of `network` a plan is a circulation. Give every node any whole number, its potential. An arc
from u to v whose unit is worth `weight` then has the reduced weight

    weight - potential[u] + potential[v]

and no plan at all can be worth more than the constant plus, over all arcs, capacity times the reduced
weight where that is positive: around a circulation the potentials cancel. That sum is the plan's bound; a
plan worth exactly its bound is optimal, whoever computed it and however. The potential of a node is what
one more unit there would be worth (the hub's is 0): the price of a resource, minus the price of a need.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from matching.instance import NO_LIMIT, Instance, IntArray, objective, total_by
from matching.network import HUB, Network, free_unit, network

Method = Literal["flow", "auction", "practical"]


@dataclass(frozen=True, eq=False)
class Potentials:
    """One number per unit, resource, need and community; the hub's is 0."""

    units: IntArray
    resources: IntArray
    needs: IntArray
    communities: IntArray

    @property
    def all(self) -> IntArray:
        """All of them in the order of the network's nodes, the hub first."""
        return np.concatenate(([0], self.units, self.resources, self.needs, self.communities))

    @classmethod
    def of(cls, nodes: IntArray, starts: tuple[int, int, int, int, int]) -> "Potentials":
        """From numbers in the order of the network's nodes, shifted so that the hub's is 0."""
        shifted = nodes - nodes[HUB]
        return cls(*(shifted[a:b] for a, b in pairwise(starts)))


@dataclass(frozen=True, eq=False)
class Plan:
    """Units per pair (locked ones included), what they are worth, and the proof of how good that is."""

    quantity: IntArray
    potentials: Potentials
    value: int
    bound: int
    method: Method

    @property
    def gap(self) -> float:
        """How far the plan may be from the best, as a share of the bound; 0.0 is proved optimal."""
        return gap(self.value, self.bound)

    @property
    def need_price(self) -> IntArray:
        """Per need, what its last unit gains beyond what the resource is worth elsewhere (dual a)."""
        return np.maximum(-self.potentials.needs, 0)

    @property
    def resource_price(self) -> IntArray:
        """Per resource, what one unit of it is worth to all other needs: what using it costs (dual b)."""
        return np.maximum(self.potentials.resources, 0)


@dataclass(frozen=True)
class Fault:
    """One thing that a check found wrong: a stable `code`, the `row` it concerns, found and allowed."""

    code: Literal[
        "negative", "below-lock", "need", "resource", "unit", "parties", "lot", "partial", "value", "bound"
    ]
    row: int
    found: int
    allowed: int


def gap(value: int, bound: int) -> float:
    """(bound - value) / bound to 9 digits; 0.0 where both are equal, 1.0 where the bound proves nothing.

    >>> gap(99, 100), gap(0, 0)
    (0.01, 0.0)
    """
    if value == bound:
        return 0.0
    return round((bound - value) / bound, 9) if bound > 0 else 1.0


def plan_of(instance: Instance, arcs: Network, flow: IntArray, method: Method) -> Plan:
    """The plan of an optimal `flow`, with its prices and its bound."""
    prices = optimal_potentials(arcs, flow)
    on_pairs = arcs.pair >= 0
    quantity = instance.locked + total_by(arcs.pair[on_pairs], flow[on_pairs], instance.pairs)
    return Plan(
        quantity,
        Potentials.of(prices, arcs.starts),
        objective(instance, quantity),
        upper_bound(arcs, prices),
        method,
    )


def upper_bound(arcs: Network, potentials: IntArray) -> int:
    """What no circulation can be worth more than, proved by `potentials` (one per node)."""
    reduced = arcs.weight - potentials[arcs.tail] + potentials[arcs.head]
    return arcs.constant + int(arcs.capacity @ np.maximum(reduced, 0))


def optimal_potentials(arcs: Network, flow: IntArray) -> IntArray:
    """Per node, what one more unit there is worth: the longest path to the hub in the residual network.

    Bellman-Ford, over all arcs whose end has risen at once. `flow` must be optimal: otherwise some cycle still gains, and
    `ValueError` says so. A node that no unit can pass on from (a resource without pairs) is
    worth nothing, or as little as the unit that it hangs on.
    """
    ahead, back = flow < arcs.capacity, flow > 0
    tail = np.concatenate((arcs.tail[ahead], arcs.head[back]))
    head = np.concatenate((arcs.head[ahead], arcs.tail[back]))
    weight = np.concatenate((arcs.weight[ahead], -arcs.weight[back]))
    price = np.full(arcs.nodes, _UNREACHED)
    price[HUB] = 0
    risen = np.zeros(arcs.nodes, np.bool_)
    risen[HUB] = True
    for _ in range(arcs.nodes + 1):
        active = np.flatnonzero(risen[head])
        before = price.copy()
        np.maximum.at(price, tail[active], weight[active] + price[head[active]])
        risen = price > before
        if not risen.any():
            break
    else:
        raise ValueError("the flow is not optimal: a cycle of the residual network still gains")
    lost = price < _UNREACHED // 2
    price[lost] = 0
    into = np.flatnonzero(lost[head])
    np.minimum.at(price, head[into], price[tail[into]])
    return price


def faults(instance: Instance, plan: Plan) -> list[Fault]:
    """Everything that is wrong with a plan: quantities, locks, limits, rules, value and bound.

    An empty list proves that the plan is feasible and no more than its gap away from the best.
    """
    found = _feasibility(instance, plan.quantity)
    if plan.method == "practical":
        found += practical_faults(instance, plan.quantity)
    value = objective(instance, plan.quantity)
    if value != plan.value:
        found.append(Fault("value", 0, plan.value, value))
    bound = upper_bound(network(instance), plan.potentials.all)
    if bound != plan.bound:
        found.append(Fault("bound", 0, plan.bound, bound))
    return found


def _feasibility(instance: Instance, quantity: IntArray) -> list[Fault]:
    owner = instance.resource_unit[instance.pair_resource]
    owned = owner >= 0
    asked = total_by(owner[owned], quantity[owned], instance.units)
    locked = total_by(owner[owned], instance.locked[owned], instance.units)
    limit = np.where(instance.unit_limit == NO_LIMIT, asked, locked + free_unit(instance))
    served = total_by(instance.pair_need, quantity, instance.needs)
    used = total_by(instance.pair_resource, quantity, instance.resources)
    return [
        *_over("negative", -quantity, np.zeros_like(quantity)),
        *_over("below-lock", instance.locked, quantity),
        *_over("need", served, instance.need_quantity),
        *_over("resource", used, instance.resource_capacity),
        *_over("unit", asked, limit),
    ]


def practical_faults(instance: Instance, quantity: IntArray) -> list[Fault]:
    """Where the practical rules are broken; they hold for what is added, signed promises stay as they are."""
    used, added = quantity > 0, quantity > instance.locked
    parties = total_by(instance.pair_need, used.astype(np.int64), instance.needs)
    signed = total_by(instance.pair_need, (instance.locked > 0).astype(np.int64), instance.needs)
    most = np.where(instance.max_parties > 0, np.maximum(instance.max_parties, signed), parties)
    lot = np.minimum(instance.minimum_lot, instance.need_quantity)[instance.pair_need]
    served = total_by(instance.pair_need, quantity, instance.needs)
    grows = total_by(instance.pair_need, added.astype(np.int64), instance.needs) > 0
    whole = np.where((instance.all_or_nothing == 1) & grows, instance.need_quantity, 0)
    return [
        *_over("parties", parties, most),
        *_over("lot", np.where(added, lot, 0), quantity),
        *_over("partial", whole, served),
    ]


def _over(code: str, found: IntArray, allowed: IntArray) -> list[Fault]:
    rows = np.flatnonzero(found > allowed).tolist()
    return [Fault(code, row, int(found[row]), int(allowed[row])) for row in rows]  # type: ignore[arg-type]


_UNREACHED = -(2**60)
