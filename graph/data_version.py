"""Which data a store holds: a short text that changes with every load, undo, operation and change of its record."""

import hashlib

from graph.ask import Reader

_STATE = """
OPTIONAL MATCH (r:StoreRecord)
WITH collect([r.schema_version, r.demo, r.reference_date]) AS record
OPTIONAL MATCH (b:Batch)
RETURN record, collect([b.id, b.state, b.order, b.loaded_at]) AS batches
"""
OPERATIONS = "MATCH (o:Operation) RETURN count(*) AS operations"
"""How many `operations` there were. Every write that is no load leaves an Operation, and none is ever deleted. Neo4j keeps the count of a label,
ArcadeDB counts (some milliseconds for twenty thousand). No writer waits for another over it, as all would over a
counter of our own."""


def data_version(store: Reader) -> str:
    """The version of a store's data, 16 hexadecimal digits: two short reads."""
    rows = store.read(_STATE)
    # A list that is collected has no order of its own.
    state: list[object] = [sorted(map(repr, rows[0][name])) for name in ("record", "batches")] if rows else []
    state.append(store.read(OPERATIONS)[0]["operations"])
    return hashlib.sha256(repr(state).encode()).hexdigest()[:16]
