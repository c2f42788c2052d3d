"""What one operation writes, gathered while its transaction runs and written at its end.

Each node gets one row and one Change record, however many parts of the work touch it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from api.records.drafts import End
from api.records.kinds import Kind, TieField
from api.records.reading import record_json
from api.refusals import Finding, InvalidInput, UnknownKeyError
from graph.catalog import queries
from graph.model import Cardinality
from graph.operations import Operation, Overtaken
from graph.schema import SCHEMA
from graph.statements import create_node, find_labels, lock_node, read_ties_of
from graph.store import Transaction
from loaders.compare import StoredTie, WantedTie, difference, plan_ties, present
from loaders.writes import Writes, change_id, node_subject

Ties = dict[str, list[StoredTie]]
"""Relationship type -> what the node is tied to."""


@dataclass
class _Edit:
    """What changes on one stored node; `told` are ties as its Change record tells them: field -> (before, after)."""

    stored: Mapping[str, Any]
    changed: dict[str, Any] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    told: dict[str, tuple[Any, Any]] = field(default_factory=dict)


class Pen:
    """Reads and gathers inside one transaction of one operation. `day` is the ISO day that counts as today."""

    def __init__(
        self, transaction: Transaction, operation: Operation, day: str, locked: Mapping[tuple[str, str], Mapping[str, Any]]
    ) -> None:  # fmt: skip
        self.transaction, self.operation, self.day = transaction, operation, day
        self._known = {subject: dict(properties) for subject, properties in locked.items()}
        self._writes = Writes(operation.id)
        self._edits: dict[tuple[str, str], _Edit] = {}
        self._new: list[tuple[Kind, str]] = []

    def stored(self, kind: Kind, id_: str) -> dict[str, Any]:
        """The properties of a node, to which this operation has the sole right from now on, with what it has set.

        Raises UnknownKeyError.
        """
        known = self._known.get((kind.label, id_))
        if known is None:
            rows = self.transaction.run(lock_node(kind.node), {"id": id_, "operation": self.operation.id})
            if not rows:
                raise UnknownKeyError(f"没有编号为“{id_[:60]}”的{kind.heading}；请检查编号")
            known = self._known[kind.label, id_] = rows[0]["properties"]
        edit = self._edits.get((kind.label, id_))
        return {**known, **edit.changed} if edit else dict(known)

    def knows(self, kind: Kind, id_: str) -> bool:
        """Whether a subject of the operation was there before it."""
        return (kind.label, id_) in self._known

    def ties(self, kind: Kind, id_: str) -> Ties:
        """What a node is tied to, as stored."""
        found: Ties = {}
        for row in self.transaction.run(read_ties_of(kind.node), {"id": id_}):
            tie = StoredTie(row["label"], row["end"], row["properties"])
            found.setdefault(row["relationship"], []).append(tie)
        return found

    def ask(self, query: str, **parameters: Any) -> list[dict[str, Any]]:
        """The rows of a query of cypher/write."""
        return self.transaction.run(queries("write")[query].text, parameters)

    def ends(self, kind: Kind, ties: Mapping[str, Sequence[End]]) -> dict[str, list[WantedTie]]:
        """The records that fields name, by field. Raises InvalidInput for what is not there, or not one only."""
        found, findings = dict[str, list[WantedTie]](), list[Finding]()
        there = self._labels(kind, ties)
        for name, ends in ties.items():
            tie_field = kind.ties[name]
            found[name] = []
            for end in ends:
                labels = [label for label in there.get(end.id, ()) if label in tie_field.tie.ends]
                known = [label for label in labels if end.label in ("", label)]
                if len(known) == 1:
                    found[name].append(WantedTie(known[0], end.id, end.properties))
                else:
                    findings.append(Finding(name, _unknown(tie_field, end, known)))
        if findings:
            raise InvalidInput(findings)
        return found

    def _labels(self, kind: Kind, ties: Mapping[str, Sequence[End]]) -> dict[str, list[str]]:
        """The labels under which each named key is there, of all labels that the fields may name: one question."""
        found: dict[str, list[str]] = {}
        ids = sorted({end.id for ends in ties.values() for end in ends})
        if ids:
            labels = dict.fromkeys(label for name in ties for label in kind.ties[name].tie.ends)
            for row in self.transaction.run(find_labels(labels), {"ids": ids}):
                found.setdefault(row["id"], []).append(row["label"])
        return found

    def add(
        self, kind: Kind, id_: str, properties: Mapping[str, Any], ties: Mapping[str, Sequence[WantedTie]]
    ) -> None:
        """A new record, in the first state of its life; the caller has seen that there is none with this key."""
        life = kind.life
        given = present(properties)
        if life:
            given["state"] = life.begins
        hand = sorted({*given, *(kind.ties[name].relationship.name for name in ties)})
        own = {**given, "revision": 1, "by_hand": hand}
        self._new.append((kind, id_))
        self._writes.add_node(kind.label, id_, own)
        self._known[kind.label, id_] = {"id": id_, **own}
        for name, wanted in ties.items():
            self._plan(kind, id_, kind.ties[name], wanted, ())
        if life:
            self._tell_step(kind, id_, "", life.begins, "")

    def change(self, kind: Kind, id_: str, properties: Mapping[str, Any]) -> None:
        """Set properties of a stored record; what is there already changes nothing."""
        changed = difference(self.stored(kind, id_), properties)
        if changed:
            edit = self._edit(kind, id_)
            edit.changed |= changed
            edit.names += changed

    def tie(
        self, kind: Kind, id_: str, name: str, wanted: Sequence[WantedTie], stored: Sequence[StoredTie]
    ) -> None:
        """Tie a stored record to exactly what is wanted by one field."""
        tie_field = kind.ties[name]
        before = _told(stored)
        known = {(tie.label, tie.end): tie.properties for tie in stored}
        after = _told([
            StoredTie(tie.label, tie.end, present({**known.get((tie.label, tie.end), {}), **tie.properties}))
            for tie in wanted
        ])  # fmt: skip
        if self._plan(kind, id_, tie_field, wanted, stored):
            edit = self._edit(kind, id_)
            edit.names.append(tie_field.relationship.name)
            edit.told[name] = (before, after)

    def tell(self, kind: Kind, id_: str, name: str, words: str) -> None:
        """Words that go with a change, for its Change record alone; nothing when empty."""
        if words:
            self._edit(kind, id_).told[name] = (None, words)

    def link(self, relationship: str, start: tuple[Kind, str], end: tuple[str, str]) -> None:
        """A relationship that follows from what is done, from a record to a node (label, key)."""
        kind, id_ = start
        self._writes.add_relationship((relationship, kind.label, end[0]), id_, end[1], {})

    def step(self, kind: Kind, id_: str, target: str, reason: str) -> None:
        """Move a stored record to a state, with its StateChange; that there is such a step is the caller's to see."""
        assert kind.life
        source = kind.life.state_of(self.stored(kind, id_).get("state"))
        self.change(kind, id_, {"state": target})
        self._tell_step(kind, id_, source, target, reason)

    def _tell_step(self, kind: Kind, id_: str, source: str, target: str, reason: str) -> None:
        told = f"{self.operation.id}:{kind.label}:{id_}:{target}"
        properties = {"from_state": source or None, "to_state": target, "at": self.operation.at, "actor": self.operation.actor, "reason": reason or None}  # fmt: skip
        self._writes.add_node("StateChange", told, present(properties))
        self._writes.add_relationship(("OF", "StateChange", kind.label), told, id_, {})

    def _edit(self, kind: Kind, id_: str) -> _Edit:
        self.stored(kind, id_)
        return self._edits.setdefault((kind.label, id_), _Edit(self._known[kind.label, id_]))

    def _plan(
        self, kind: Kind, id_: str, tie_field: TieField, wanted: Sequence[WantedTie], stored: Sequence[StoredTie]
    ) -> bool:  # fmt: skip
        """Gather what makes the stored ties the wanted ones; whether anything changes."""
        relationship = tie_field.relationship
        single = tie_field.tie.per_start is not Cardinality.MANY
        plan = plan_ties(relationship, wanted, stored, single=single, whole=True, as_of=self.day)
        for added in plan.added:
            self._writes.add_relationship((relationship.name, kind.label, added.label), id_, added.end, added.properties)  # fmt: skip
        for tie, changed in (*plan.changed, *plan.ended):
            self._writes.change_relationship((relationship.name, kind.label, tie.label), (id_, tie.end), tie.properties, changed)  # fmt: skip
        for tie in plan.deleted:
            self._drop(kind, id_, relationship.name, tie)
        for tie in plan.missing:  # a list that names all: what it does not name any more is over
            if relationship.has_validity:
                self._writes.change_relationship((relationship.name, kind.label, tie.label), (id_, tie.end), tie.properties, {"to": self.day})  # fmt: skip
            else:
                self._drop(kind, id_, relationship.name, tie)
        return bool(plan.added or plan.changed or plan.ended or plan.deleted or plan.missing)

    def _drop(self, kind: Kind, id_: str, relationship: str, tie: StoredTie) -> None:
        self._writes.delete_relationship((relationship, kind.label, tie.label), id_, tie.end, tie.properties)

    def write(self) -> None:
        """Write what was gathered; a changed record counts one revision more."""
        for (label, id_), edit in self._edits.items():
            if not edit.names:
                continue
            hand = sorted({*(edit.stored.get("by_hand") or ()), *edit.names})
            marks = {"revision": (edit.stored.get("revision") or 0) + 1, "by_hand": hand}
            self._writes.change_node(label, id_, edit.stored, {**edit.changed, **marks})
            self._tell_ties(label, id_, edit)
            self._known[label, id_] = {**edit.stored, **edit.changed, **marks}
        self._edits.clear()
        for kind, key in self._new:
            self.transaction.run(create_node(kind.node), {"id": key})
        try:
            self._writes.write(self.transaction, SCHEMA)
        except LookupError as vanished:  # an end that was there a moment ago
            raise Overtaken from vanished

    def _tell_ties(self, label: str, id_: str, edit: _Edit) -> None:
        told = self._writes.changes.get(change_id(self.operation.id, node_subject(label, id_)))
        if told and edit.told:
            for at, position in (("before", 0), ("after", 1)):
                values = {name: pair[position] for name, pair in edit.told.items()}
                told[at] = json.dumps({**json.loads(told[at]), **values}, ensure_ascii=False, sort_keys=True)

    def record(self, kind: Kind, id_: str) -> dict[str, Any]:
        """A record as it is answered; after `write`."""
        return record_json(kind, self.stored(kind, id_), self.ties(kind, id_) if kind.ties else {})


def _told(ties: Sequence[StoredTie]) -> list[dict[str, Any]]:
    own = ("first_batch", "batch", "key")
    return [
        {"label": tie.label, "id": tie.end, **{k: v for k, v in tie.properties.items() if k not in own}}
        for tie in sorted(ties, key=lambda tie: (tie.label, tie.end))
    ]


def _unknown(tie_field: TieField, end: End, known: Sequence[str]) -> str:
    quoted = "" if "Person" in tie_field.tie.ends else f"“{end.id[:60]}”"
    what = "、".join(SCHEMA.node(label).heading for label in tie_field.tie.ends)
    if known:
        return f"「{tie_field.heading}」{quoted}有 {len(known)} 个，无法确定是哪一个；请连同 label 一起写：{'、'.join(known)}"
    return f"「{tie_field.heading}」找不到编号为{quoted or '所填'}的{what}；请检查编号"
