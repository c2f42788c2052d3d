"""A plan as a flow that circulates: the arcs, their capacities and weights.

One node is the hub, source and sink in one. A unit of service flows

    hub -> unit (its load limit) -> resource (its capacity) -> need -> community -> hub (its tiers)

and earns the weights on its way. A resource whose unit has no limit hangs on the hub itself, and so does
a need where no tier counts it. A pair with an announced promise has two arcs side by side: the announced
units, which also save the price of moving them, and the further ones. Locked units are taken out of every
capacity first and are part of `constant`. Capacities and needs form two trees, so the best real-valued
flow is one of whole units.
"""

from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import NamedTuple

import numpy as np

from matching.instance import NO_LIMIT, Instance, IntArray, objective, tier_sizes, total_by

HUB = 0
"""The node where every unit of service begins and ends."""


@dataclass(frozen=True, eq=False)
class Network:
    """The arcs of an instance. Per arc: `tail`, `head`, `capacity`, `weight`, `pair` (or -1).

    Nodes are numbered hub, units, resources, needs, communities; `starts` holds the first number of each
    of the last four and, at its end, the number of nodes. A plan is worth `constant` plus its flow's
    weight. `blocks` says which arcs are which.
    """

    tail: IntArray
    head: IntArray
    capacity: IntArray
    weight: IntArray
    pair: IntArray
    starts: tuple[int, int, int, int, int]
    constant: int

    @property
    def nodes(self) -> int:
        """How many nodes."""
        return self.starts[4]


def network(instance: Instance) -> Network:
    """The network whose best circulation is the best plan of `instance`."""
    starts = _starts(instance)
    blocks = [
        _unit_arcs(instance, starts),
        *_pair_arcs(instance, starts),
        _resource_arcs(instance, starts),
        _need_arcs(instance, starts),
        *_tier_arcs(instance, starts),
    ]
    tail, head, capacity, weight, pair = (
        np.concatenate([np.broadcast_to(block[i], len(block[0])) for block in blocks]) for i in range(5)
    )
    constant = objective(instance, instance.locked)
    return Network(tail, head, capacity, weight, pair, starts, constant)


_Arcs = tuple[IntArray, IntArray, IntArray, IntArray, IntArray]
_NONE = np.array([-1])
_ZERO = np.array([0])


class Blocks(NamedTuple):
    """Where each kind of arc stands: hub -> unit, the pairs' announced and further units, parent ->
    resource, need -> parent, community -> hub tier by tier (the last one is what no tier rewards)."""

    units: slice
    announced: slice
    further: slice
    resources: slice
    needs: slice
    tiers: slice


def blocks(instance: Instance) -> Blocks:
    """The kinds of arcs in `network(instance)`."""
    sizes = (
        int(np.count_nonzero(instance.unit_limit != NO_LIMIT)),
        int(np.count_nonzero(instance.announced)),
        instance.pairs,
        instance.resources,
        instance.needs,
        (len(instance.tiers) + 1) * instance.communities if instance.tiers else 0,
    )
    ends = list(accumulate(sizes, initial=0))
    return Blocks(*(slice(a, b) for a, b in pairwise(ends)))


def flow_of(instance: Instance, arcs: Network, quantity: IntArray) -> IntArray:
    """The circulation of a plan: units on every arc, for feasible `quantity` per pair (locked included)."""
    kinds = blocks(instance)
    flow = np.zeros(len(arcs.tail), np.int64)
    kept = quantity - instance.locked
    announced = np.minimum(kept, instance.announced)
    flow[kinds.announced] = announced[arcs.pair[kinds.announced]]
    flow[kinds.further] = kept - announced
    used = total_by(instance.pair_resource, kept, instance.resources)
    flow[kinds.resources] = used
    flow[kinds.units] = total_by(arcs.tail[kinds.resources], used, arcs.nodes)[arcs.head[kinds.units]]
    served = total_by(instance.pair_need, kept, instance.needs)
    flow[kinds.needs] = served
    if instance.tiers:
        left = total_by(arcs.head[kinds.needs], served, arcs.nodes)[arcs.starts[3] :]
        size = instance.communities
        for begin in range(kinds.tiers.start, kinds.tiers.stop, size):
            tier = slice(begin, begin + size)
            flow[tier] = np.minimum(left, arcs.capacity[tier])
            left = left - flow[tier]
    return flow


def free_need(instance: Instance) -> IntArray:
    """Units each need wants beyond its locked ones."""
    return instance.need_quantity - total_by(instance.pair_need, instance.locked, instance.needs)


def free_resource(instance: Instance) -> IntArray:
    """Units each resource has beyond its locked ones."""
    return instance.resource_capacity - total_by(instance.pair_resource, instance.locked, instance.resources)


def free_unit(instance: Instance) -> IntArray:
    """Units each unit may still be asked for; 0 where its signed promises are beyond its limit already."""
    owner = instance.resource_unit[instance.pair_resource]
    owned = owner >= 0
    locked = total_by(owner[owned], instance.locked[owned], instance.units)
    left: IntArray = np.maximum(instance.unit_limit - locked, 0)
    return left


def _starts(instance: Instance) -> tuple[int, int, int, int, int]:
    units = 1
    resources = units + instance.units
    needs = resources + instance.resources
    communities = needs + instance.needs
    return units, resources, needs, communities, communities + instance.communities


def _unit_arcs(instance: Instance, starts: tuple[int, ...]) -> _Arcs:
    limited = np.flatnonzero(instance.unit_limit != NO_LIMIT)
    return np.zeros_like(limited), starts[0] + limited, free_unit(instance)[limited], _ZERO, _NONE


def _resource_arcs(instance: Instance, starts: tuple[int, ...]) -> _Arcs:
    unit = instance.resource_unit
    limited = unit >= 0
    limited[limited] = instance.unit_limit[unit[limited]] != NO_LIMIT
    parent = np.where(limited, starts[0] + unit, HUB)
    return parent, starts[1] + np.arange(instance.resources), free_resource(instance), _ZERO, _NONE


def _pair_arcs(instance: Instance, starts: tuple[int, ...]) -> tuple[_Arcs, _Arcs]:
    tail, head = starts[1] + instance.pair_resource, starts[2] + instance.pair_need
    # The further units have room for one more than can flow: the arc is never full, so an optimal price
    # never counts it, and the prices of the plain model are its two-sided duals.
    room = np.minimum(
        free_need(instance)[instance.pair_need], free_resource(instance)[instance.pair_resource]
    )
    further = np.where(room > 0, room + 1, 0)
    told = np.flatnonzero(instance.announced)
    bonus = instance.pair_weight + instance.move_price
    return (
        (tail[told], head[told], np.where(room > 0, instance.announced, 0)[told], bonus[told], told),
        (tail, head, further, instance.pair_weight, np.arange(instance.pairs)),
    )


def _need_arcs(instance: Instance, starts: tuple[int, ...]) -> _Arcs:
    inside = (instance.need_community >= 0) & bool(instance.tiers)
    parent = np.where(inside, starts[3] + instance.need_community, HUB)
    return starts[2] + np.arange(instance.needs), parent, free_need(instance), _ZERO, _NONE


def _tier_arcs(instance: Instance, starts: tuple[int, ...]) -> list[_Arcs]:
    if not instance.tiers:
        return []
    inside = instance.need_community >= 0
    wanted = total_by(instance.need_community[inside], instance.need_quantity[inside], instance.communities)
    community = instance.need_community[instance.pair_need]
    held = total_by(community[community >= 0], instance.locked[community >= 0], instance.communities)
    nodes = starts[3] + np.arange(instance.communities)
    hub = np.zeros_like(nodes)
    arcs: list[_Arcs] = []
    for tier, size in zip(instance.tiers, tier_sizes(instance), strict=True):
        taken = np.minimum(held, size)
        held, wanted = held - taken, wanted - size
        arcs.append((nodes, hub, size - taken, np.array([tier.bonus]), _NONE))
    return [*arcs, (nodes, hub, wanted - held, _ZERO, _NONE)]
