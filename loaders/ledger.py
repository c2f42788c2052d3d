"""The book that a load keeps of its batches: opened before the first row, counted with each, closed at the end."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from graph.data_version import OPERATIONS
from graph.model import GraphSchema
from graph.store import Store, Transaction
from graph.store_errors import UniqueViolation
from loaders.batches import Batch, BatchState, batch_id, batches
from loaders.lease import Lease, LoadRefused
from loaders.writes import Writes

_CHINA = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class LoadedFile:
    """A file of a load: `file` is its name, `rows` how many were read, `rejected` how many sent back."""

    source: str
    sha256: str
    file: str
    rows: int
    rejected: int


class _Operated(Exception):
    """Somebody has written over a front door since the load began, maybe what it is about to create.

    Looking for that at the end of a transaction misses nobody: who changes a record after the look meets what is
    written here, by its lock (Neo4j) or when the second of the two commits (ArcadeDB), and does it again.
    """


class Ledger:
    """Which batch each file of a load writes under.

    - A new file opens a batch. One that an interruption left loading, or that was undone, is taken up again.
    - A file that is loaded already writes nothing if nothing differs, and its batch stays as it is, its time
      of loading included. If something differs, because a later batch changed it, what is written now is a
      batch of its own (`-2` and so on after the same key): undoing goes backwards through the batches, which
      one batch at two places in their order would make impossible.
    """

    def __init__(self, store: Store, schema: GraphSchema, lease: Lease | None) -> None:
        """Without a `lease` nothing is written: batches are only named, as a check needs."""
        self._store, self._schema, self._lease = store, schema, lease
        self._ids: dict[tuple[str, str], str] = {}
        self._files: dict[str, LoadedFile] = {}
        self._opened: set[str] = set()
        self._shown: list[str] = []
        self._known = batches(store)
        # Before anything is compared: see `_Operated`.
        self._operations: int | None = store.read(OPERATIONS)[0]["operations"] if lease else None

    def open(self, files: Iterable[LoadedFile]) -> None:
        """Begin the batches of a load, in the order of its files. Raises `LoadRefused` for one being undone."""
        begin: list[str] = []
        for file in files:
            base = batch_id(file.source, file.sha256)
            if base in self._files:
                continue
            id_, state = self._latest(base)
            if state is BatchState.UNDOING:
                raise LoadRefused(
                    f"文件 {file.file} 的批次 {id_} 正在撤销而被中断；请先运行 linmai undo {id_} 完成撤销"
                )
            self._shown.append(id_)
            if state is BatchState.LOADED:
                id_ = _next(base, id_)
            elif state is BatchState.LOADING:
                self._opened.add(id_)
            elif id_ == base:
                begin.append(id_)
            self._ids[file.source, file.sha256] = id_
            self._files[base] = self._files[id_] = file
        if begin and self._lease:
            self._lease.transact(lambda transaction: self._begin_all(transaction, begin))
            self._opened.update(begin)

    def id(self, source: str, sha256: str) -> str:
        """The batch under which a file's rows are written now."""
        return self._ids[source, sha256]

    def earlier(self, source: str) -> list[str]:
        """Batches of a source that hold other files than this load's: earlier issues of the register."""
        now = {file.sha256 for file in self._files.values() if file.source == source}
        return [
            batch.id
            for batch in self._known
            if batch.source == source and batch.sha256 not in now and batch.state is BatchState.LOADED
        ]

    def commit(self, writes: Writes) -> None:
        """Write a chunk with its counts in one transaction; for an empty one only the lease is kept.

        What is new is created once, and merged whenever that is not certain: when the transaction is run again,
        because nobody knows what became of the first run, and when somebody has written over a front door since
        the load began.
        """
        if self._lease is None:
            return
        if not writes:
            self._lease.keep()
            return
        opened = writes.batch in self._opened
        first_run = writes.distinct
        commit = secrets.token_hex(8)

        def work(transaction: Transaction) -> None:
            nonlocal first_run
            create, first_run = first_run and self._operations is not None, False
            if not opened:
                self._begin(transaction, writes.batch)
            writes.write(transaction, self._schema, create)
            transaction.run(
                "MATCH (b:Batch {id: $id}) WHERE coalesce(b.commit, '') <> $commit "
                "SET b.added = b.added + $added, b.changed = b.changed + $changed, b.commit = $commit",
                {
                    "id": writes.batch,
                    "commit": commit,
                    "added": writes.counts["added"],
                    "changed": writes.counts["changed"],
                },
            )
            if create and transaction.run(OPERATIONS)[0]["operations"] != self._operations:
                raise _Operated

        try:
            self._lease.transact(work)
        except (UniqueViolation, _Operated):
            self._operations = None
            self._lease.transact(work)
        self._opened.add(writes.batch)

    def close(self, now: datetime | None = None) -> tuple[Batch, ...]:
        """Mark the opened batches as loaded, now, and return every batch of the load's files."""
        loaded_at = (now or datetime.now(_CHINA)).isoformat(timespec="seconds")
        rows = [
            {
                "id": id_,
                "loaded_at": loaded_at,
                "rows": self._files[id_].rows,
                "rejected": self._files[id_].rejected,
            }
            for id_ in self._opened
        ]
        if rows and self._lease:
            self._lease.transact(
                lambda tx: tx.run(
                    "UNWIND $rows AS row MATCH (b:Batch {id: row.id}) "
                    "SET b.state = 'loaded', b.loaded_at = row.loaded_at, b.rows = row.rows, b.rejected = row.rejected, "
                    "b.commit = null",
                    {"rows": rows},
                )
            )
        mine = {*self._opened, *self._shown}
        return tuple(batch for batch in batches(self._store) if batch.id in mine)

    def _latest(self, base: str) -> tuple[str, BatchState | None]:
        """The last batch of a file, with its state; the key of the first one and None when there is none."""
        chain = [b for b in self._known if b.id == base or b.id.startswith(f"{base}-")]
        last = max(chain, key=lambda b: _number(b.id), default=None)
        return (last.id, last.state) if last else (base, None)

    def _begin_all(self, transaction: Transaction, ids: Iterable[str]) -> None:
        for id_ in ids:
            self._begin(transaction, id_)

    def _begin(self, transaction: Transaction, id_: str) -> None:
        last = transaction.run(
            "MATCH (b:Batch) WHERE b.id <> $id AND b.state <> 'undone' RETURN max(b.order) AS last",
            {"id": id_},
        )
        file = self._files[id_]
        properties = {
            "source": file.source,
            "file": file.file,
            "sha256": file.sha256,
            "state": "loading",
            "order": (last[0]["last"] or 0) + 1,
            "loaded_at": None,
            "rows": 0,
            "added": 0,
            "changed": 0,
            "rejected": 0,
        }
        transaction.run(
            "MERGE (b:Batch {id: $id}) SET b += $properties", {"id": id_, "properties": properties}
        )


def _number(id_: str) -> int:
    return int(id_.partition("-")[2] or 1)


def _next(base: str, id_: str) -> str:
    return f"{base}-{_number(id_) + 1}"
