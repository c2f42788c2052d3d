"""The best plan for all needs: an exact min-cost flow, one connected component at a time.

The solver is OR-Tools' `SimpleMinCostFlow`. It gives no prices; `certificate` computes them from the flow,
so that the plan can be checked without any solver. Where OR-Tools has no wheel, `auction` takes over.
"""

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
import scipy  # its parts are imported when they are first used: half a second of every start

from matching.certificate import Plan, plan_of
from matching.instance import Instance, IntArray
from matching.network import HUB, Network, network

HAS_ORTOOLS = find_spec("ortools") is not None
"""Whether the exact solver is installed; `auction` takes over otherwise."""


def _min_cost_flow() -> Any:
    """The solver's module, imported when there is something to solve: a tenth of a second of every start."""
    return import_module("ortools.graph.python.min_cost_flow")


def solve(instance: Instance) -> Plan:
    """The best plan of `instance`, without its practical rules; exact where OR-Tools is installed.

    >>> plan = solve(Instance.build(need_quantity=[2, 2], resource_capacity=[3], pair_need=[0, 1],
    ...                             pair_resource=[0, 0], pair_weight=[5, 7]))
    >>> plan.quantity.tolist(), plan.value, plan.gap
    ([1, 2], 19, 0.0)
    """
    if not HAS_ORTOOLS:
        from matching.auction import auction

        return auction(instance)
    arcs = network(instance)
    return plan_of(instance, arcs, optimal_flow(arcs), "flow")


@dataclass(frozen=True, eq=False)
class Component:
    """One connected part of a network, the hub aside: its arcs, and the ends of each in local numbers.

    Local node 0 is the hub.
    """

    arcs: IntArray
    tail: IntArray
    head: IntArray
    nodes: int


def components(arcs: Network) -> list[Component]:
    """The parts of a network that share nothing but the hub, and that a unit can pass.

    Arcs without capacity are left out, and so are the nodes that have no pair.
    """
    live = np.flatnonzero(arcs.capacity > 0)
    tail, head = arcs.tail[live], arcs.head[live]
    inner = (tail != HUB) & (head != HUB)
    links = scipy.sparse.coo_array(
        (np.ones(int(inner.sum()), np.int8), (tail[inner], head[inner])), (arcs.nodes, arcs.nodes)
    )
    count, label = scipy.sparse.csgraph.connected_components(links, directed=False)
    by_label = np.argsort(label, kind="stable")
    first = np.searchsorted(label[by_label], np.arange(count))
    local = np.empty(arcs.nodes, np.int64)
    local[by_label] = np.arange(arcs.nodes) - first[label[by_label]] + 1
    local[HUB] = 0
    part = label[np.where(tail == HUB, head, tail)]
    order = np.argsort(part, kind="stable")
    ends = np.searchsorted(part[order], np.arange(count + 1))
    sizes = np.bincount(label, minlength=count)
    paired = np.bincount(part[arcs.pair[live] >= 0], minlength=count) > 0
    tail, head, live = local[tail][order], local[head][order], live[order]
    return [
        Component(live[a:b], tail[a:b], head[a:b], int(sizes[k]) + 1)
        for k, (a, b) in enumerate(zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True))
        if paired[k]
    ]


def optimal_flow(arcs: Network) -> IntArray:
    """Units on every arc in a circulation of the greatest weight; whole numbers."""
    flow = np.zeros(len(arcs.tail), np.int64)
    for part in components(arcs):
        flow[part.arcs] = _solve(part, arcs)
    return flow


def _solve(part: Component, arcs: Network) -> IntArray:
    capacity, weight = arcs.capacity[part.arcs], arcs.weight[part.arcs]
    # An arc of the two trees is stated as full, with an arc back that empties it: the same problem, but
    # the solver starts from supplies and demands, which takes it half the time of a circulation.
    tree = arcs.pair[part.arcs] < 0
    tail = np.where(tree, part.head, part.tail)
    head = np.where(tree, part.tail, part.head)
    solver = _min_cost_flow().SimpleMinCostFlow()
    added = solver.add_arcs_with_capacity_and_unit_cost(tail, head, capacity, np.where(tree, weight, -weight))
    supply = np.bincount(tail[tree], capacity[tree], part.nodes) - np.bincount(
        head[tree], capacity[tree], part.nodes
    )
    solver.set_nodes_supplies(np.arange(part.nodes), supply.astype(np.int64))
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise RuntimeError(f"the flow solver ended with {status} on {part.nodes} nodes")
    found = solver.flows(added)
    flow: IntArray = np.where(tree, capacity - found, found)
    return flow
