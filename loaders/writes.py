"""One transaction's worth of a load: rows, change records and the batch's counts, written together.

Because a chunk, what it replaced and its counts are in one transaction, an interrupted load leaves a store
that a repetition can complete: what was written is found unchanged and not counted again.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graph.model import GraphSchema, RelationshipType
from graph.statements import keyed
from graph.store import Transaction
from graph.writing import (
    chunks,
    create_nodes,
    create_relationships,
    drop_relationships,
    put_nodes,
    put_relationships,
)

Pair = tuple[str, str, str]
"""Relationship type, label of the start, label of the end."""

DELETED = "null"
"""`after` of a change record of a relationship that was deleted."""

ENDED_AS_MISSING = ":missing"
"""How the key of a change record ends when a row was ended because it was missing in a later issue."""


def node_subject(label: str, id_: str) -> str:
    """How change records name a node."""
    return json.dumps([label, id_], ensure_ascii=False, separators=(",", ":"))


def relationship_subject(pair: Pair, start: str, end: str, key: str) -> str:
    """How change records name a relationship: type, labels and keys of both ends, its own key."""
    parts = [pair[0], pair[1], start, pair[2], end, key]
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))


def change_id(batch: str, subject: str, missing: bool = False) -> str:
    """Key of the change record of a batch about a subject."""
    digest = hashlib.sha256(subject.encode()).hexdigest()[:20]
    return f"{batch}:{digest}{ENDED_AS_MISSING if missing else ''}"


@dataclass
class Writes:
    """What one transaction of one batch writes. Rows are what `graph.statements` takes, by their kind and whether
    they are new; all of these get the same marks.

    `added` and `changed` count nodes and relationships; every changed or deleted one that the batch has not
    itself added has a change record. `distinct`: what is new here is in no other transaction of the load that is
    planned without a look at what this one wrote, so that it may be created where merging would look for it again.
    """

    batch: str
    distinct: bool = False
    nodes: dict[tuple[str, bool], list[dict[str, Any]]] = field(default_factory=dict)
    relationships: dict[tuple[Pair, bool], dict[tuple[str, str, str], dict[str, Any]]] = field(
        default_factory=dict
    )
    deleted: dict[Pair, list[dict[str, Any]]] = field(default_factory=dict)
    changes: dict[str, dict[str, Any]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    def __bool__(self) -> bool:
        return bool(self.nodes or self.relationships or self.deleted)

    def marks(self, new: bool) -> dict[str, str]:
        """What all rows carry that are new, or that are not."""
        return {"first_batch": self.batch, "batch": self.batch} if new else {"batch": self.batch}

    def add_node(self, label: str, id_: str, properties: Mapping[str, Any]) -> None:
        """A node that is not there yet."""
        self.nodes.setdefault((label, True), []).append({"id": id_, "properties": properties})
        self.counts["added"] += 1

    def change_node(
        self, label: str, id_: str, stored: Mapping[str, Any], changed: dict[str, Any], missing: bool = False
    ) -> None:
        """Properties of a stored node; None removes one."""
        self.nodes.setdefault((label, False), []).append({"id": id_, "properties": changed})
        self.counts["changed"] += 1
        self._remember(node_subject(label, id_), stored, changed, missing)

    def add_relationship(self, pair: Pair, start: str, end: str, properties: Mapping[str, Any]) -> None:
        """A relationship that is not there yet; its key is among the properties."""
        self._put_relationship((pair, True), _row(start, end, properties.get("key"), properties))
        self.counts["added"] += 1

    def change_relationship(
        self,
        pair: Pair,
        ends: tuple[str, str],
        stored: Mapping[str, Any],
        changed: dict[str, Any],
        missing: bool = False,
    ) -> None:
        """Properties of a stored relationship; None removes one."""
        self._put_relationship((pair, False), _row(*ends, stored.get("key"), changed))
        self.counts["changed"] += 1
        subject = relationship_subject(pair, *ends, stored.get("key") or "")
        self._remember(subject, stored, changed, missing)

    def _put_relationship(self, kind: tuple[Pair, bool], row: dict[str, Any]) -> None:
        """Two rows about one relationship are one."""
        rows = self.relationships.setdefault(kind, {})
        known = rows.setdefault((row["start"], row["end"], row["key"]), row)
        if known is not row:
            known["properties"] = {**known["properties"], **row["properties"]}

    def delete_relationship(self, pair: Pair, start: str, end: str, stored: Mapping[str, Any]) -> None:
        """A stored relationship that the change record alone remembers from now on."""
        self.deleted.setdefault(pair, []).append(_row(start, end, stored.get("key"), {}))
        self.counts["changed"] += 1
        if stored.get("first_batch") == self.batch:
            return
        subject = relationship_subject(pair, start, end, stored.get("key") or "")
        id_ = change_id(self.batch, subject)
        self.changes[id_] = _change(self.batch, subject, _json(stored), DELETED)

    def _remember(
        self, subject: str, stored: Mapping[str, Any], changed: Mapping[str, Any], missing: bool
    ) -> None:
        if stored.get("first_batch") == self.batch:
            return  # undoing the batch deletes it altogether
        before = {name: stored.get(name) for name in (*changed, "batch")}
        id_ = change_id(self.batch, subject, missing)
        after = {**changed, "batch": self.batch}
        self.changes[id_] = _change(self.batch, subject, _json(before), _json(after))

    def write(self, transaction: Transaction, schema: GraphSchema, create: bool = False) -> None:
        """Write everything but the batch's counts. Raises `LookupError` when an end has vanished.

        `create`: what is new certainly is not there, and is created. It is merged otherwise.
        """
        for (label, new), rows in self.nodes.items():
            put = create_nodes if create and new else put_nodes
            put(transaction, schema.node(label), rows, self.marks(new))
        for (name, start, end), rows in self.deleted.items():
            drop_relationships(transaction, schema.relationship(name), start, end, rows)
        for (pair, new), ties in self.relationships.items():
            name, start, end = pair
            tie = create_relationships if create and new else put_relationships
            of = schema.relationship(name)
            found = tie(transaction, of, start, end, list(ties.values()), self.marks(new))
            if found != len(ties):
                raise LookupError(f"{pair}: {len(ties) - found} of {len(ties)} rows lack an end")
        if self.changes:
            self._write_changes(transaction, schema)

    def _write_changes(self, transaction: Transaction, schema: GraphSchema) -> None:
        """A subject that the batch changed before keeps its first `before`: that is what undoing restores."""
        earlier = {
            row["id"]: row
            for chunk in chunks(self.changes)
            for row in transaction.run(
                "UNWIND $ids AS id MATCH (c:Change {id: id}) "
                "RETURN c.id AS id, c.before AS before, c.after AS after",
                {"ids": chunk},
            )
        }
        rows: list[dict[str, Any]] = []
        for id_, properties in self.changes.items():
            if id_ in earlier:
                properties = {**properties, **_joined(earlier[id_], properties)}
            rows.append({"id": id_, "properties": properties})
        put_nodes(transaction, schema.node("Change"), rows)


def key_of(relationship: RelationshipType, properties: Mapping[str, Any]) -> str:
    """The stored key of a relationship, "" for a type that has none."""
    return str(properties.get("key") or "") if keyed(relationship) else ""


def _joined(earlier: Mapping[str, Any], later: Mapping[str, Any]) -> dict[str, str]:
    before = {**json.loads(later["before"]), **json.loads(earlier["before"])}
    if DELETED in (later["after"], earlier["after"]):
        return {"before": _json(before), "after": later["after"]}
    return {
        "before": _json(before),
        "after": _json({**json.loads(earlier["after"]), **json.loads(later["after"])}),
    }


def _change(batch: str, subject: str, before: str, after: str) -> dict[str, Any]:
    return {"batch": batch, "subject": subject, "before": before, "after": after}


def _row(start: str, end: str, key: Any, properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"start": start, "end": end, "key": key or "", "properties": properties}


def _json(value: Mapping[str, Any] | Sequence[Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
