"""Which data a store holds: a short text that changes with every load, undo and change of the store's record."""

import hashlib

from graph.ask import Reader

_STATE = """
OPTIONAL MATCH (r:StoreRecord)
WITH collect([r.schema_version, r.demo, r.reference_date]) AS record
OPTIONAL MATCH (b:Batch)
RETURN record, collect([b.id, b.state, b.order, b.loaded_at]) AS batches
"""


def data_version(store: Reader) -> str:
    """The version of a store's data, 16 hexadecimal digits: one read."""
    rows = store.read(_STATE)
    # A list that is collected has no order of its own.
    state = [sorted(map(repr, rows[0][name])) for name in ("record", "batches")] if rows else []
    return hashlib.sha256(repr(state).encode()).hexdigest()[:16]
