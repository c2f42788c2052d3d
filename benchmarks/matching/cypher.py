"""What a user of a graph database writes: for each need in turn, one Cypher query for its best resources.

On the embedded engine, with the pairs as relationships that carry their worth. Loading is not timed.
"""

import time
from dataclasses import dataclass

import numpy as np
import psutil

from benchmarks.engines import new_embedded
from graph.store import Store
from matching.instance import Instance, IntArray

TOP = 10
"""So many resources are listed for a need; whoever works down the list takes the first that have units left."""
_ROWS = 5_000
_NEEDS = "UNWIND $rows AS row CREATE (:Need {id: row.id})"
_RESOURCES = "UNWIND $rows AS row CREATE (:Resource {id: row.id})"
_PAIRS = (
    "UNWIND $rows AS row MATCH (n:Need {id: row.need}) MATCH (r:Resource {id: row.resource}) "
    "CREATE (n)-[:CAN_MEET {pair: row.pair, worth: row.worth}]->(r)"
)
_BEST = (
    "MATCH (:Need {id: $id})-[f:CAN_MEET]->(r:Resource) "
    "RETURN f.pair AS pair, r.id AS resource ORDER BY f.worth DESC, f.pair LIMIT $top"
)


@dataclass(frozen=True)
class Asked:
    """Units per pair, and what asking took: CPU seconds of this process and the server's, MB of both at the end."""

    quantity: IntArray
    cpu_s: float
    memory_mb: float


def top_k(instance: Instance) -> Asked:
    """Needs in the order they came; each takes what is left of its `TOP` best resources."""
    with new_embedded() as engine, engine.open() as store:
        _load(store, instance)
        begun = time.process_time() + engine.cpu_s()
        quantity = _first_come(store, instance)
        cpu_s = time.process_time() + engine.cpu_s() - begun
        held = sum(psutil.Process(pid).memory_info().rss for pid in (None, engine.pid))
        return Asked(quantity, cpu_s, held / 2**20)


def _load(store: Store, instance: Instance) -> None:
    for text, size in ((_NEEDS, instance.needs), (_RESOURCES, instance.resources)):
        _write(store, text, [{"id": str(k)} for k in range(size)])
    columns = (instance.pair_need.tolist(), instance.pair_resource.tolist(), instance.pair_weight.tolist())
    rows = [
        {"need": str(i), "resource": str(j), "pair": pair, "worth": worth}
        for pair, (i, j, worth) in enumerate(zip(*columns, strict=True))
    ]
    _write(store, _PAIRS, rows)


def _write(store: Store, text: str, rows: list[dict[str, object]]) -> None:
    for begin in range(0, len(rows), _ROWS):
        store.write(text, {"rows": rows[begin : begin + _ROWS]})


def _first_come(store: Store, instance: Instance) -> IntArray:
    offered = instance.resource_capacity.tolist()
    given = np.zeros(instance.pairs, np.int64)
    for need, wanted in enumerate(instance.need_quantity.tolist()):
        left = wanted
        for row in store.read(_BEST, {"id": str(need), "top": TOP}):
            units = min(left, offered[int(row["resource"])])
            given[row["pair"]] = units
            offered[int(row["resource"])] -= units
            left -= units
    return given
