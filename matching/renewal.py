"""A proved plan of one instance made the best plan of another one, from its stored prices.

What differs between the two is applied arc by arc to the residual network of the old plan (see `residual`), each
change repaired exactly, so that the outcome is the best plan of the new instance with a certificate of its own.
Anything may differ: needs, resources, owners and communities that come and go, quantities, pairs, weights,
promises, loads. The rules of practice are not part of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from matching.certificate import Plan, plan_of
from matching.instance import Instance
from matching.network import HUB, Network, blocks, flow_of, network
from matching.plan_file import Names
from matching.residual import Residual

Node = tuple[str, str]
"""Which of the network's kinds, and the id."""
_KINDS = ("unit", "resource", "need", "community")


class NotProved(ValueError):
    """The plan to begin with is not the best one of its instance: its prices prove nothing."""


@dataclass(frozen=True)
class Renewed:
    """The best plan of the new instance; how many `changes` of the network led to it, and how many arcs they moved
    units on."""

    plan: Plan
    changes: int
    moved: int


class _Arc(NamedTuple):
    """What an arc is, whatever its number: `kind` tells the two arcs of a pair, and the tiers, apart."""

    kind: str
    tail: Node
    head: Node


def renewed(before: Instance, plan: Plan, names: Names, after: Instance, after_names: Names) -> Renewed:
    """The best plan of `after`, from a proved best `plan` of `before`. Rows are the same where their ids are.

    Raises `NotProved` when the gap of `plan` is not 0.

    >>> from matching.flow import solve
    >>> one = Instance.build(need_quantity=[2], resource_capacity=[3], pair_need=[0], pair_resource=[0], pair_weight=[5])
    >>> two = Instance.build(need_quantity=[2, 2], resource_capacity=[3], pair_need=[0, 1], pair_resource=[0, 0],
    ...                      pair_weight=[5, 7])
    >>> found = renewed(one, solve(one), Names(["N1"], ["R1"]), two, Names(["N1", "N2"], ["R1"]))
    >>> found.plan.quantity.tolist(), found.plan.value, found.plan.gap
    ([1, 2], 19, 0.0)
    """
    if plan.value != plan.bound:
        raise NotProved(f"a plan worth {plan.value} with bound {plan.bound} is not proved best")
    old, new = network(before), network(after)
    net, nodes, arcs = _residual(before, old, plan, names)
    wanted = dict(zip(_named(after, new, after_names), range(len(new.tail)), strict=True))
    _add_nodes(net, nodes, wanted, new)
    changes = 0
    for key in [key for key in arcs if key not in wanted]:
        net.change(arcs[key], 0, net.weight[arcs[key]])
        changes += 1
    for key, k in wanted.items():
        capacity, weight = int(new.capacity[k]), int(new.weight[k])
        if key not in arcs:
            arcs[key] = net.add_arc(nodes[key.tail], nodes[key.head], 0, weight)
        arc = arcs[key]
        if (net.capacity[arc], net.weight[arc]) != (capacity, weight):
            net.change(arc, capacity, weight)
            changes += 1
    flow = np.array([net.flow[arcs[key]] for key in wanted], np.int64)
    return Renewed(plan_of(after, new, flow, "flow"), changes, net.moved)


def _residual(
    instance: Instance, arcs: Network, plan: Plan, names: Names
) -> tuple[Residual, dict[Node, int], dict[_Arc, int]]:
    """The old plan as a circulation in order, with the numbers of its nodes and arcs."""
    net, nodes = Residual(), dict[Node, int]()
    for node, price in zip(_nodes(instance, names), plan.potentials.all.tolist(), strict=True):
        nodes[node] = HUB if node == _THE_HUB else net.add_node(price)
    columns = (arcs.tail, arcs.head, arcs.capacity, arcs.weight, flow_of(instance, arcs, plan.quantity))
    for row in zip(*(column.tolist() for column in columns), strict=True):
        net.add_arc(*row)
    keys = _named(instance, arcs, names)
    return net, nodes, {key: k for k, key in enumerate(keys)}


def _add_nodes(net: Residual, nodes: dict[Node, int], wanted: dict[_Arc, int], arcs: Network) -> None:
    """The nodes that only the new instance has, at prices at which no pair gains: little is out of order then."""
    near: dict[Node, list[int]] = {}
    for key, k in wanted.items():
        for node, other, sign in ((key.tail, key.head, 1), (key.head, key.tail, -1)):
            if node not in nodes:
                price = net.potential[nodes[other]] if other in nodes else 0
                near.setdefault(node, []).append(price + sign * int(arcs.weight[k]))
    for node, prices in near.items():
        nodes[node] = net.add_node(min(prices) if node[0] == "need" else max(prices))


_THE_HUB: Node = ("hub", "")


def _nodes(instance: Instance, names: Names) -> list[Node]:
    """The nodes of the network in its order. An id that is not named stands by its position."""
    sizes = (instance.units, instance.resources, instance.needs, instance.communities)
    given = (names.units, names.resources, names.needs, names.communities)
    return [
        _THE_HUB,
        *(
            (kind, ids[k] if ids else str(k))
            for kind, size, ids in zip(_KINDS, sizes, given, strict=True)
            for k in range(size)
        ),
    ]


def _named(instance: Instance, arcs: Network, names: Names) -> Iterator[_Arc]:
    """What each arc of the network is, in its order."""
    nodes, kinds = _nodes(instance, names), blocks(instance)
    ends = zip(arcs.tail.tolist(), arcs.head.tolist(), strict=True)
    tier_size = max(1, instance.communities)
    for k, (tail, head) in enumerate(ends):
        if k >= kinds.tiers.start:
            kind = f"tier {(k - kinds.tiers.start) // tier_size}"
        else:
            kind = "promised" if kinds.announced.start <= k < kinds.announced.stop else "further"
        yield _Arc(kind, nodes[tail], nodes[head])
