"""Undo a batch: what it changed gets its previous values back, what it added is deleted.

Nothing is undone under the feet of others: when a later batch, or a person, changed the same fields, or tied
something to what the batch added, all of it is refused, with the list. It runs in chunks that each forget
the change records they have restored, so an undo that was killed goes on where it stopped.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from graph import statements
from graph.model import GraphSchema
from graph.schema import SCHEMA
from graph.store import Store, Transaction
from graph.writing import CHUNK, chunks, drop_relationships, put_nodes, put_relationships
from loaders.batches import Batch, BatchState, batches
from loaders.lease import Lease, LoadRefused, load_lease
from loaders.undo_conflicts import Change, Conflict, conflicts, with_stored
from loaders.writes import ENDED_AS_MISSING, Pair

_READ = 50 * CHUNK
_READ_S = 300.0


@dataclass(frozen=True)
class UndoResult:
    """What undoing did. With `conflicts` nothing was done; `batch` is the batch as it is now.

    `restored` counts nodes and relationships that got their previous values, or were brought back;
    `deleted` those that the batch had added.
    """

    batch: Batch
    restored: int
    deleted: int
    conflicts: tuple[Conflict, ...]


def undo(
    store: Store,
    batch_id: str,
    *,
    schema: GraphSchema = SCHEMA,
    progress: Callable[[int], None] = lambda done: None,
) -> UndoResult:
    """Undo one batch of a prepared store; `progress` is told how many nodes and relationships are done.

    Raises `LoadRefused` for a batch that there is not, one that is undone already, and while another load
    is under way.
    """
    with load_lease(store) as lease:
        batch = _batch(store, batch_id)
        if batch.state is BatchState.UNDONE:
            raise LoadRefused(f"批次 {batch.id}（{batch.file}）已经撤销过了，无需再撤销")
        found = conflicts(store, schema, batch, batches(store))
        if found:
            return UndoResult(batch, 0, 0, found)
        run = _Undo(store, schema, lease, batch.id, progress)
        run.apply()
        return UndoResult(_batch(store, batch_id), run.restored, run.deleted, ())


def _batch(store: Store, id_: str) -> Batch:
    known = batches(store)
    for batch in known:
        if batch.id == id_:
            return batch
    listed = "、".join(f"{batch.id}（{batch.file}）" for batch in known[-5:]) or "库中还没有批次"
    raise LoadRefused(f"没有批次 {id_}；最近的批次：{listed}")


class _Undo:
    def __init__(
        self, store: Store, schema: GraphSchema, lease: Lease, batch: str, progress: Callable[[int], None]
    ) -> None:
        self._store, self._schema, self._lease, self._batch = store, schema, lease, batch
        self._progress = progress
        self.restored = self.deleted = 0

    def apply(self) -> None:
        """Added relationships go first, so that what they replaced can come back; added nodes last."""
        self._set_state(BatchState.UNDOING)
        self._delete_relationships()
        # A row that a batch changed and then ended has two records: the later one is undone first.
        for missing in (True, False):
            while changes := self._changes(missing):
                self._restore(changes)
        self._delete_nodes()
        self._set_state(BatchState.UNDONE)

    def _set_state(self, state: BatchState) -> None:
        parameters = {"id": self._batch, "state": state.value}
        text = "MATCH (b:Batch {id: $id}) SET b.state = $state"
        self._lease.transact(lambda transaction: transaction.run(text, parameters))

    def _delete_relationships(self) -> None:
        text = (
            "MATCH (a)-[r]->(b) WHERE r.first_batch = $batch "
            "RETURN type(r) AS type, labels(a)[0] AS start_label, a.id AS start, "
            f"labels(b)[0] AS end_label, b.id AS end, r.key AS key LIMIT {_READ}"
        )
        while found := self._store.read(text, {"batch": self._batch}, timeout_s=_READ_S):
            for chunk in chunks(found):
                self._lease.transact(partial(self._drop, found=chunk))
                self._count(deleted=len(chunk))

    def _drop(self, transaction: Transaction, found: Sequence[Mapping[str, Any]]) -> None:
        pairs: dict[Pair, list[dict[str, Any]]] = {}
        for row in found:
            pair = (row["type"], row["start_label"], row["end_label"])
            pairs.setdefault(pair, []).append(_row(row["start"], row["end"], row["key"]))
        for (name, start, end), rows in pairs.items():
            drop_relationships(transaction, self._schema.relationship(name), start, end, rows)

    def _delete_nodes(self) -> None:
        text = (
            f"MATCH (n) WHERE n.first_batch = $batch RETURN labels(n)[0] AS label, n.id AS id LIMIT {_READ}"
        )
        while found := self._store.read(text, {"batch": self._batch}, timeout_s=_READ_S):
            for chunk in chunks(found):
                self._lease.transact(partial(self._delete, found=chunk))
                self._count(deleted=len(chunk))

    def _delete(self, transaction: Transaction, found: Sequence[Mapping[str, str]]) -> None:
        by_label: dict[str, list[str]] = {}
        for row in found:
            by_label.setdefault(row["label"], []).append(row["id"])
        for label, ids in by_label.items():
            transaction.run(statements.delete_nodes(self._schema.node(label)), {"ids": ids})

    def _changes(self, missing: bool) -> list[Change]:
        rows = self._store.read(
            "MATCH (c:Change {batch: $batch}) WHERE c.id ENDS WITH $ending OR NOT $missing "
            f"RETURN c.id AS id, c.subject AS subject, c.before AS before, c.after AS after LIMIT {CHUNK}",
            {"batch": self._batch, "ending": ENDED_AS_MISSING, "missing": missing},
        )
        return [Change.of(row) for row in rows]

    def _restore(self, changes: Sequence[Change]) -> None:
        nodes: dict[str, list[dict[str, Any]]] = {}
        relationships: dict[Pair, list[dict[str, Any]]] = {}
        moved: dict[str, str | None] = {}
        for change, stored in with_stored(self._store, self._schema, changes):
            properties = dict(change.before)
            if stored is not None and change.after is not None and stored.get("batch") != self._batch:
                # A later batch changed other fields of it: its own record leads back to us, so mend that.
                moved[change.subject] = properties.pop("batch", None)
            if change.is_node:
                label, id_ = change.parts
                nodes.setdefault(label, []).append({"id": id_, "properties": properties})
            else:
                name, start_label, start, end_label, end, key = change.parts
                row = {**_row(start, end, key), "properties": properties}
                relationships.setdefault((name, start_label, end_label), []).append(row)

        def work(transaction: Transaction) -> None:
            for label, rows in nodes.items():
                put_nodes(transaction, self._schema.node(label), rows)
            for pair, rows in relationships.items():
                put_relationships(transaction, self._schema.relationship(pair[0]), pair[1], pair[2], rows)
            if moved:
                self._mend_later(transaction, moved)
            ids = {"ids": [change.id for change in changes]}
            transaction.run("UNWIND $ids AS id MATCH (c:Change {id: id}) DELETE c", ids)

        self._lease.transact(work)
        self._count(restored=len(changes))

    def _mend_later(self, transaction: Transaction, moved: Mapping[str, str | None]) -> None:
        rows = transaction.run(
            "UNWIND $subjects AS subject MATCH (c:Change {subject: subject}) WHERE c.batch <> $batch "
            "RETURN c.id AS id, c.subject AS subject, c.before AS before",
            {"subjects": list(moved), "batch": self._batch},
        )
        mended = []
        for row in rows:
            before = json.loads(row["before"])
            if before.get("batch") == self._batch:
                before["batch"] = moved[row["subject"]]
                text = json.dumps(before, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
                mended.append({"id": row["id"], "before": text})
        transaction.run(
            "UNWIND $rows AS row MATCH (c:Change {id: row.id}) SET c.before = row.before", {"rows": mended}
        )

    def _count(self, restored: int = 0, deleted: int = 0) -> None:
        self.restored += restored
        self.deleted += deleted
        self._progress(self.restored + self.deleted)


def _row(start: str, end: str, key: str | None) -> dict[str, Any]:
    return {"start": start, "end": end, "key": key or ""}
