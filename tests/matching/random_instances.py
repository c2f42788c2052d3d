"""Small random instances with every feature on, and two independent solvers of the same model.

`by_networkx` and `by_linear_program` are written from the model's definition, not from our network.
"""

from typing import Any

import networkx as nx
import numpy as np
from scipy.optimize import linprog

from matching.instance import NO_COMMUNITY, NO_LIMIT, NO_UNIT, Instance, Tier, total_by


def random_instance(seed: int, *, scarce: bool = True) -> Instance:
    """Up to 6 needs, 6 resources, 3 units and 3 communities; locks, promises, limits and tiers on."""
    random = np.random.default_rng(seed)
    needs, resources = random.integers(1, 7, 2)
    units, communities = random.integers(1, 4, 2)
    quantity = random.integers(0, 7, needs)
    capacity = random.integers(0, 5 if scarce else 9, resources)
    need, resource = np.nonzero(random.random((needs, resources)) < 0.6)
    pairs = len(need)
    locked = np.zeros(pairs, np.int64)
    free_quantity, free_capacity = quantity.copy(), capacity.copy()
    for pair in np.flatnonzero(random.random(pairs) < 0.15):
        most = min(free_quantity[need[pair]], free_capacity[resource[pair]])
        locked[pair] = random.integers(0, most + 1)
        free_quantity[need[pair]] -= locked[pair]
        free_capacity[resource[pair]] -= locked[pair]
    first = int(random.integers(20, 60))
    return Instance.build(
        need_quantity=quantity,
        need_urgency=random.integers(1, 6, needs),
        need_community=random.integers(NO_COMMUNITY, communities, needs),
        communities=int(communities),
        resource_capacity=capacity,
        resource_unit=random.integers(NO_UNIT, units, resources),
        unit_limit=np.where(random.random(units) < 0.3, NO_LIMIT, random.integers(0, 9, units)),
        pair_need=need,
        pair_resource=resource,
        pair_weight=random.integers(1, 40, pairs),
        locked=locked,
        announced=np.where(random.random(pairs) < 0.3, random.integers(0, 4, pairs), 0),
        move_price=random.integers(0, 30, pairs),
        tiers=(Tier(int(random.integers(20, 55)), int(random.integers(20, 50))), Tier(int(random.integers(60, 101)), int(random.integers(1, 20))))
        if random.random() < 0.9
        else (Tier(first, 5),),
    )  # fmt: skip


def by_linear_program(instance: Instance) -> int:
    """The best value by scipy's HiGHS: x and withdrawn d per pair, served y per tier and community."""
    pairs, communities, tiers = instance.pairs, instance.communities, len(instance.tiers)
    size = 2 * pairs + tiers * communities
    worth = np.concatenate(
        (
            instance.pair_weight,
            -instance.move_price,
            np.repeat([t.bonus for t in instance.tiers], communities),
        )
    ).astype(float)
    rows: list[np.ndarray[Any, Any]] = []
    limits: list[float] = []

    def at_most(row: np.ndarray[Any, Any], limit: float) -> None:
        rows.append(row)
        limits.append(limit)

    for side, most in (
        (instance.pair_need, instance.need_quantity),
        (instance.pair_resource, instance.resource_capacity),
    ):
        for k, limit in enumerate(most):
            at_most(np.concatenate((side == k, np.zeros(size - pairs))).astype(float), limit)
    for unit, limit in enumerate(instance.unit_limit):
        mine = instance.resource_unit[instance.pair_resource] == unit
        if limit != NO_LIMIT:
            at_most(np.concatenate((mine, np.zeros(size - pairs))), max(limit, instance.locked[mine].sum()))
    for pair in range(pairs):
        row = np.zeros(size)
        row[pair] = row[pairs + pair] = -1
        at_most(row, -instance.announced[pair] - instance.locked[pair])
    tops = np.zeros(tiers * communities)
    for g in range(communities):
        row = np.concatenate(
            (-(instance.need_community[instance.pair_need] == g).astype(float), np.zeros(size - pairs))
        )
        demand, before = int(instance.need_quantity[instance.need_community == g].sum()), 0
        for k, tier in enumerate(instance.tiers):
            reach = -(-tier.percent * demand // 100)
            tops[k * communities + g], before = reach - before, reach
            row[2 * pairs + k * communities + g] = 1
        at_most(row, 0)
    low = np.concatenate((instance.locked, np.zeros(size - pairs)))
    high = np.concatenate((np.full(2 * pairs, np.inf), tops))
    result = linprog(-worth, np.array(rows), np.array(limits), bounds=np.column_stack((low, high)))
    assert result.status == 0, result.message
    return round(-result.fun)


def by_networkx(instance: Instance) -> int:
    """The best value by networkx's network simplex, on a graph of names."""
    graph: Any = nx.DiGraph()
    locked_n = total_by(instance.pair_need, instance.locked, instance.needs)
    locked_r = total_by(instance.pair_resource, instance.locked, instance.resources)
    constant = int(instance.pair_weight @ instance.locked) - int(instance.move_price @ instance.announced)
    for unit, limit in enumerate(instance.unit_limit.tolist()):
        signed = int(instance.locked[instance.resource_unit[instance.pair_resource] == unit].sum())
        graph.add_edge(
            "hub", ("unit", unit), capacity=10**6 if limit == NO_LIMIT else max(0, limit - signed), weight=0
        )
    for j, unit in enumerate(instance.resource_unit.tolist()):
        parent = "hub" if unit == NO_UNIT else ("unit", unit)
        graph.add_edge(
            parent, ("resource", j), capacity=int(instance.resource_capacity[j] - locked_r[j]), weight=0
        )
    for k in range(instance.pairs):
        j, i, worth = (
            ("resource", int(instance.pair_resource[k])),
            ("need", int(instance.pair_need[k])),
            int(instance.pair_weight[k]),
        )
        promise = ("promise", k)
        graph.add_edge(
            j, promise, capacity=int(instance.announced[k]), weight=-worth - int(instance.move_price[k])
        )
        graph.add_edge(promise, i, capacity=10**6, weight=0)
        graph.add_edge(j, i, capacity=10**6, weight=-worth)
    for i, g in enumerate(instance.need_community.tolist()):
        parent = "hub" if g == NO_COMMUNITY else ("community", g)
        graph.add_edge(("need", i), parent, capacity=int(instance.need_quantity[i] - locked_n[i]), weight=0)
    for g in range(instance.communities):
        mine = instance.need_community == g
        demand, before, signed = int(instance.need_quantity[mine].sum()), 0, int(locked_n[mine].sum())
        for k, tier in enumerate(instance.tiers):
            reach = -(-tier.percent * demand // 100)
            taken = min(signed, reach - before)
            constant, signed = constant + taken * tier.bonus, signed - taken
            graph.add_edge(
                ("community", g), ("tier", g, k), capacity=reach - before - taken, weight=-tier.bonus
            )
            graph.add_edge(("tier", g, k), "hub", capacity=10**6, weight=0)
            before = reach
        graph.add_edge(("community", g), "hub", capacity=10**6, weight=0)
    cost, _ = nx.network_simplex(graph)
    return constant - int(cost)
