"""Batches: which files were loaded, from which source, in which order, and what became of them."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from graph.ask import Reader


class BatchState(StrEnum):
    """The life of a batch. LOADING and UNDOING are also what an interruption leaves behind: the same command
    again completes it."""

    LOADING = "loading"
    LOADED = "loaded"
    UNDOING = "undoing"
    UNDONE = "undone"


@dataclass(frozen=True)
class Batch:
    """One file loaded from one source.

    `order` counts a store's batches from 1. `loaded_at` is an ISO date and time, None until it is loaded.
    `rows` were read, of which `rejected` were sent back; `added` and `changed` count nodes and relationships.
    """

    id: str
    source: str
    file: str
    sha256: str
    state: BatchState
    order: int
    loaded_at: str | None
    rows: int
    added: int
    changed: int
    rejected: int


def batch_id(source: str, sha256: str) -> str:
    """Key of the batch of a file: the same content from the same source is the same batch.

    >>> batch_id("党员花名册", "00ff")
    'f4c1913cb8c85a88'
    """
    return hashlib.sha256(f"{source}\0{sha256}".encode()).hexdigest()[:16]


def batches(store: Reader) -> list[Batch]:
    """All batches of a store in the order in which they were begun."""
    rows = store.read("MATCH (b:Batch) RETURN properties(b) AS b")
    found = [
        Batch(
            b["id"],
            b["source"],
            b["file"],
            b["sha256"],
            BatchState(b["state"]),
            b["order"],
            b.get("loaded_at"),
            b.get("rows", 0),
            b.get("added", 0),
            b.get("changed", 0),
            b.get("rejected", 0),
        )
        for b in (row["b"] for row in rows)
    ]
    return sorted(found, key=lambda batch: (batch.order, batch.id))
