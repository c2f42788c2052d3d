"""Records as they are answered, and what has happened to them. Personal values are masked."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from api.records.kinds import LOCAL_USER, Kind
from api.refusals import UnknownKeyError
from graph.ask import Reader
from graph.history import changes, steps
from graph.masking import mask
from graph.schema import SCHEMA
from graph.statements import read_nodes, read_ties_of
from loaders.compare import StoredTie
from loaders.writes import node_subject

_MARKS = ("first_batch", "batch", "revision", "by_hand", "locked_by", "key")


def record(store: Reader, kind: Kind, id_: str) -> dict[str, Any]:
    """One record as it is now. Raises UnknownKeyError."""
    ties: dict[str, list[StoredTie]] = {}
    for row in store.read(read_ties_of(kind.node), {"id": id_}):
        tie = StoredTie(row["label"], row["end"], row["properties"])
        ties.setdefault(row["relationship"], []).append(tie)
    return record_json(kind, _properties(store, kind, id_), ties)


def record_json(
    kind: Kind, stored: Mapping[str, Any], ties: Mapping[str, Sequence[StoredTie]]
) -> dict[str, Any]:
    """A record for programs: its key, label, revision, state (None for what has no life), and its fields.

    The steps that its life allows next are `next`.
    """
    life = kind.life
    state = life.state_of(stored.get("state")) if life else None
    shown: dict[str, Any] = {
        "id": stored["id"],
        "label": kind.label,
        "revision": stored.get("revision") or 0,
        "state": state,
        "next": [step.target for step in life.steps_from(state)] if life and state else [],
    }
    for name, of in kind.properties.items():
        value = stored.get(name)
        shown[name] = mask(value) if of.personal else value
    for name, tie_field in kind.ties.items():
        ends = [_end(tie) for tie in ties.get(tie_field.relationship.name, ())]
        ends.sort(key=lambda end: (end["label"], end["id"]))
        shown[name] = ends if tie_field.many else next(iter(ends), None)
    return shown


def _end(tie: StoredTie) -> dict[str, Any]:
    own = {name: value for name, value in tie.properties.items() if name not in _MARKS}
    return {"label": tie.label, "id": tie.end, **own}


def history(store: Reader, kind: Kind, id_: str) -> list[dict[str, Any]]:
    """What has happened to a record, the oldest first: steps (`from`, `to`, `reason`) and changes of its fields.

    `actor` is masked, as whom it names is a person; `file` is the spreadsheet that changed it. Raises
    UnknownKeyError.
    """
    _properties(store, kind, id_)
    found = [
        {
            "what": "step", "at": step["at"], "actor": _actor(step.get("actor")), "file": None, "from": step.get("from_state"),
            "to": step["to_state"], "reason": step.get("reason"), "changes": [],
        }
        for step in steps(store, kind.node, id_)
    ]  # fmt: skip
    for row in changes(store, node_subject(kind.label, id_)):
        fields = list(changed_fields(kind, *(_side(row[name]) for name in ("before", "after"))))
        if fields:
            found.append({
                "what": "change", "at": row["at"], "actor": _actor(row["actor"]), "file": row["file"], "from": None, "to": None,
                "reason": None, "changes": fields,
            })  # fmt: skip
    return sorted(found, key=lambda each: (each["at"] or "", each["what"], each["to"] or ""))


def _side(stored: str) -> dict[str, Any]:
    """A side of a Change record; null stands for a record that was deleted."""
    found: dict[str, Any] | None = json.loads(stored)
    return found or {}


def _actor(stored: str | None) -> Any:
    return stored if stored == LOCAL_USER else mask(stored)


def changed_fields(
    kind: Kind, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """The fields of a Change record with their values before and after; a state has its own entry."""
    for name in after:
        if name in _MARKS or name == "state":
            continue
        values = [side.get(name) for side in (before, after)]
        if name in kind.properties and kind.properties[name].personal:
            values = [mask(value) for value in values]
        heading = kind.field_heading(name) if name in kind.ties or name in kind.properties else "理由"
        yield {"field": name, "heading": heading, "before": values[0], "after": values[1]}


def _properties(store: Reader, kind: Kind, id_: str) -> dict[str, Any]:
    rows = store.read(read_nodes(SCHEMA.node(kind.label)), {"ids": [id_]})
    if not rows:
        raise UnknownKeyError(f"没有编号为“{id_[:60]}”的{kind.heading}；请检查编号")
    properties: dict[str, Any] = rows[0]["properties"]
    return properties
