"""What a user would do instead: each way from the same instance to units per pair."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import coo_array

from matching.instance import Instance, IntArray

_TABLES = """
CREATE TABLE needs (id INTEGER PRIMARY KEY, quantity);
CREATE TABLE resources (id INTEGER PRIMARY KEY, capacity);
CREATE TABLE pairs (id INTEGER PRIMARY KEY, need, resource, worth);
"""
_LIST = """
SELECT p.id FROM needs n JOIN pairs p ON p.need = n.id JOIN resources r ON r.id = p.resource
WHERE n.quantity > 0 AND r.capacity > 0 ORDER BY n.id, p.worth DESC, p.id
"""


def first_come(instance: Instance) -> IntArray:
    """Needs in the order they came, each takes its best resources that are left: a desk officer's way."""
    order = np.lexsort((-instance.pair_weight, instance.pair_need))
    return _take(instance, order)


def greedy(instance: Instance) -> IntArray:
    """All pairs by worth, the best first."""
    return _take(instance, np.argsort(-instance.pair_weight, kind="stable"))


def pandas_first_come(instance: Instance) -> IntArray:
    """The spreadsheet's way: tables joined on keys, sorted, then row by row."""
    pairs = pd.DataFrame(
        {"need": instance.pair_need, "resource": instance.pair_resource, "worth": instance.pair_weight}
    )
    needs = pd.DataFrame({"need": np.arange(instance.needs), "wanted": instance.need_quantity})
    resources = pd.DataFrame(
        {"resource": np.arange(instance.resources), "offered": instance.resource_capacity}
    )
    table = pairs.reset_index().merge(needs, on="need").merge(resources, on="resource")
    table = table.sort_values(["need", "worth"], ascending=[True, False])
    wanted = dict(zip(needs["need"], needs["wanted"], strict=True))
    offered = dict(zip(resources["resource"], resources["offered"], strict=True))
    quantity = np.zeros(instance.pairs, np.int64)
    for row in table.itertuples():
        units = min(wanted[row.need], offered[row.resource])
        if units > 0:
            wanted[row.need] -= units
            offered[row.resource] -= units
            quantity[row.index] = units
    return quantity


def sql_first_come(instance: Instance) -> IntArray:
    """A database's way: one join that lists every need's resources, the best first; then row by row."""
    pairs = zip(
        range(instance.pairs), instance.pair_need.tolist(), instance.pair_resource.tolist(),
        instance.pair_weight.tolist(), strict=True,
    )  # fmt: skip
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript(_TABLES)
        database.executemany("INSERT INTO needs VALUES (?, ?)", enumerate(instance.need_quantity.tolist()))
        database.executemany("INSERT INTO resources VALUES (?, ?)", enumerate(instance.resource_capacity.tolist()))  # fmt: skip
        database.executemany("INSERT INTO pairs VALUES (?, ?, ?, ?)", pairs)
        return _take(instance, np.array([row for (row,) in database.execute(_LIST)], np.int64))


def linear_program(instance: Instance) -> IntArray:
    """scipy.linprog with HiGHS on the plain model."""
    pairs = np.arange(instance.pairs)
    rows = np.concatenate((instance.pair_need, instance.needs + instance.pair_resource))
    matrix = coo_array(
        (np.ones(2 * instance.pairs), (rows, np.tile(pairs, 2))),
        (instance.needs + instance.resources, instance.pairs),
    )
    limits = np.concatenate((instance.need_quantity, instance.resource_capacity))
    result = linprog(-instance.pair_weight, matrix.tocsr(), limits, method="highs")
    return np.rint(result.x).astype(np.int64)


def network_simplex(instance: Instance) -> IntArray:
    """networkx's network simplex."""
    import networkx as nx

    graph: Any = nx.DiGraph()
    for j, capacity in enumerate(instance.resource_capacity.tolist()):
        graph.add_edge("hub", ("r", j), capacity=capacity, weight=0)
    for i, wanted in enumerate(instance.need_quantity.tolist()):
        graph.add_edge(("n", i), "hub", capacity=wanted, weight=0)
    columns = (instance.pair_resource.tolist(), instance.pair_need.tolist(), instance.pair_weight.tolist())
    for j, i, worth in zip(*columns, strict=True):
        graph.add_edge(("r", j), ("n", i), weight=-worth)
    _, flow = nx.network_simplex(graph)
    return np.array([flow["r", j]["n", i] for j, i in zip(*columns[:2], strict=True)], np.int64)


WAYS: dict[str, Callable[[Instance], IntArray]] = {
    "first come": first_come,
    "greedy": greedy,
    "pandas merge, first come": pandas_first_come,
    "SQL join, first come": sql_first_come,
    "scipy.linprog": linear_program,
    "networkx network_simplex": network_simplex,
}


def _take(instance: Instance, order: IntArray) -> IntArray:
    wanted, offered = instance.need_quantity.tolist(), instance.resource_capacity.tolist()
    given = [0] * instance.pairs
    needs, resources = instance.pair_need[order].tolist(), instance.pair_resource[order].tolist()
    for pair, need, resource in zip(order.tolist(), needs, resources, strict=True):
        if wanted[need] and offered[resource]:
            units = min(wanted[need], offered[resource])
            wanted[need] -= units
            offered[resource] -= units
            given[pair] = units
    return np.array(given, np.int64)
