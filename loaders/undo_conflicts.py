"""What stands against undoing a batch: later changes of the same fields, and ties to what it added."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from graph.model import GraphSchema
from graph.store import Store
from graph.writing import chunks, read_nodes, read_relationships
from loaders.batches import Batch, BatchState
from loaders.compare import difference
from loaders.writes import DELETED

BY_OPERATION = "op:"
"""How the provenance of what was written over a front door begins: the key of an operation, not of a batch."""
_SHOWN = 200


@dataclass(frozen=True)
class Conflict:
    """One thing that stands against undoing. `message` is a Chinese sentence; `batch` is the later batch,
    None when it was no batch."""

    message: str
    batch: str | None


@dataclass(frozen=True)
class Change:
    """A change record as it is stored; `after` is None when a relationship was deleted."""

    id: str
    subject: str
    before: Mapping[str, Any]
    after: Mapping[str, Any] | None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """From a row of {id, subject, before, after}, the latter two as JSON."""
        return cls(row["id"], row["subject"], json.loads(row["before"]), json.loads(row["after"]))

    @property
    def parts(self) -> list[str]:
        """Label and key of a node; type, labels and keys of both ends, and key of a relationship."""
        found: list[str] = json.loads(self.subject)
        return found

    @property
    def is_node(self) -> bool:
        """Whether it is about a node."""
        return len(self.parts) == 2


def with_stored(
    store: Store, schema: GraphSchema, changes: Sequence[Change]
) -> Iterator[tuple[Change, Mapping[str, Any] | None]]:
    """Each change with the properties that its subject has now; None when it is not there."""
    nodes: dict[str, list[str]] = {}
    starts: dict[tuple[str, str], list[str]] = {}
    for change in changes:
        if change.is_node:
            nodes.setdefault(change.parts[0], []).append(change.parts[1])
        else:
            starts.setdefault((change.parts[0], change.parts[1]), []).append(change.parts[2])
    stored: dict[tuple[str, ...], Mapping[str, Any]] = {}
    for label, ids in nodes.items():
        for id_, properties in read_nodes(store, schema.node(label), ids).items():
            stored[label, id_] = properties
    for (name, label), ids in starts.items():
        for row in read_relationships(store, schema.relationship(name), label, sorted(set(ids))):
            key = row["properties"].get("key") or ""
            stored[name, label, row["start"], row["label"], row["end"], key] = row["properties"]
    for change in changes:
        yield change, stored.get(tuple(change.parts))


def conflicts(
    store: Store, schema: GraphSchema, batch: Batch, known: Sequence[Batch]
) -> tuple[Conflict, ...]:
    """Everything that stands against undoing `batch`; the first 200, since one is enough to refuse."""
    found: list[Conflict] = []
    for each in _Conflicts(store, schema, batch, known).all():
        found.append(each)
        if len(found) == _SHOWN:
            break
    return tuple(found)


class _Conflicts:
    def __init__(self, store: Store, schema: GraphSchema, batch: Batch, known: Sequence[Batch]) -> None:
        self._store, self._schema, self._batch = store, schema, batch
        self._files = {each.id: each.file for each in known}
        self._later = [
            each.id for each in known if each.order > batch.order and each.state is not BatchState.UNDONE
        ]

    def all(self) -> Iterator[Conflict]:
        yield from self._changed_again()
        yield from self._replaced()
        yield from self._added_nodes()
        yield from self._added_relationships()

    def _changed_again(self) -> Iterator[Conflict]:
        rows = self._store.read(
            "MATCH (c:Change {batch: $batch}) "
            "RETURN c.id AS id, c.subject AS subject, c.before AS before, c.after AS after",
            {"batch": self._batch.id},
        )
        for chunk in chunks(Change.of(row) for row in rows):
            later = self._later_fields(chunk)
            for change, stored in with_stored(self._store, self._schema, chunk):
                yield from self._change(change, stored, later.get(change.subject, {}))

    def _change(
        self, change: Change, stored: Mapping[str, Any] | None, later: Mapping[str, str]
    ) -> Iterator[Conflict]:
        if change.after is None:
            if stored is not None:
                yield self._conflict(change.parts, "又重新加入", str(stored.get("batch") or ""))
            return
        after = {name: value for name, value in change.after.items() if name != "batch"}
        if stored is None:
            yield self._conflict(change.parts, "已被删除", "")
            return
        fields = [name for name in after if name in later]
        fields += [name for name in difference(stored, after) if name not in fields]
        if fields:
            by = next((later[name] for name in fields if name in later), str(stored.get("batch") or ""))
            headings = "、".join(f"「{self._heading(change.parts, name)}」" for name in fields)
            yield self._conflict(change.parts, f"的{headings}后来又被改过", by)

    def _later_fields(self, changes: Sequence[Change]) -> dict[str, dict[str, str]]:
        """Subject -> field -> the later batch that changed it."""
        found: dict[str, dict[str, str]] = {}
        if self._later:
            rows = self._store.read(
                "UNWIND $subjects AS subject MATCH (c:Change {subject: subject}) WHERE c.batch IN $later "
                "RETURN c.subject AS subject, c.batch AS batch, c.before AS before",
                {"subjects": sorted({change.subject for change in changes}), "later": self._later},
            )
            for row in rows:
                fields = found.setdefault(row["subject"], {})
                fields.update(dict.fromkeys(json.loads(row["before"]), row["batch"]))
        return found

    def _replaced(self) -> Iterator[Conflict]:
        """Relationships of this batch that a later one deleted, because it put others in their place."""
        rows = self._store.read(
            "MATCH (c:Change) WHERE c.after = $deleted AND c.before CONTAINS $mark "
            "RETURN c.id AS id, c.subject AS subject, c.before AS before, c.after AS after, c.batch AS batch "
            f"LIMIT {_SHOWN}",
            {"deleted": DELETED, "mark": f'"first_batch":"{self._batch.id}"'},
        )
        for row in rows:
            yield self._conflict(Change.of(row).parts, "后来被替换", row["batch"])

    def _added_nodes(self) -> Iterator[Conflict]:
        """One look at the whole graph: a query per label and pair of labels would cost more in planning."""
        parameters = {"batch": self._batch.id}
        changed = self._store.read(
            "MATCH (n) WHERE n.first_batch = $batch AND n.batch <> $batch "
            f"RETURN labels(n)[0] AS label, n.id AS id, n.batch AS batch LIMIT {_SHOWN}",
            parameters,
        )
        for row in changed:
            yield self._conflict([row["label"], row["id"]], "由本批次新增，后来又被改过", row["batch"])
        tied = self._store.read(
            "MATCH (n)-[r]-(m) "
            "WHERE n.first_batch = $batch AND (r.first_batch IS NULL OR r.first_batch <> $batch) "
            "RETURN labels(n)[0] AS label, n.id AS id, labels(m)[0] AS other_label, m.id AS other, "
            f"r.first_batch AS batch LIMIT {_SHOWN}",
            parameters,
        )
        for row in tied:
            other = f"{self._schema.node(row['other_label']).heading} {row['other']} "
            what = f"由本批次新增，后来与{other}建立了关系"
            yield self._conflict([row["label"], row["id"]], what, row["batch"] or "")

    def _added_relationships(self) -> Iterator[Conflict]:
        rows = self._store.read(
            "MATCH (a)-[r]->(b) WHERE r.first_batch = $batch AND r.batch <> $batch "
            "RETURN type(r) AS type, labels(a)[0] AS start_label, a.id AS start, "
            f"labels(b)[0] AS end_label, b.id AS end, r.batch AS batch LIMIT {_SHOWN}",
            {"batch": self._batch.id},
        )
        for row in rows:
            parts = [row["type"], row["start_label"], row["start"], row["end_label"], row["end"], ""]
            yield self._conflict(parts, "由本批次新增，后来又被改过", row["batch"])

    def _heading(self, parts: Sequence[str], name: str) -> str:
        owner = self._schema.node(parts[0]) if len(parts) == 2 else self._schema.relationship(parts[0])
        return next((each.heading for each in owner.properties if each.name == name), name)

    def _conflict(self, parts: Sequence[str], what: str, batch: str) -> Conflict:
        if len(parts) == 2:
            subject = f"{self._schema.node(parts[0]).heading} {parts[1]} "
        else:
            name, start_label, start, end_label, end, _ = parts
            ends = (
                f"{self._schema.node(start_label).heading} {start}",
                f"{self._schema.node(end_label).heading} {end}",
            )
            subject = f"{ends[0]} 与{ends[1]} 的“{self._schema.relationship(name).heading}”"
        file = self._files.get(batch)
        by = f"（批次 {batch}，{file}），请先撤销那个批次" if file else ""
        if batch.startswith(BY_OPERATION):
            by = "（在系统中办理），不能随批次撤销"
        return Conflict(f"{subject}{what}{by}", batch if file else None)
