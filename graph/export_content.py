"""What an export holds: the nodes that belong to a scope, the relationships between them, the properties told.

A node belongs to a scope when a way of at most six steps leads from it to the scope: the ways of
`cypher/read/entity.cypher`. The categories of what belongs come with it. Found from the scope outwards, a step
at a time, so the cost grows with the scope and not with the graph; the keys are held in memory, the rest is
streamed. Only what the schema declares is told, personal properties only by name; batches and other records of
the product's own work are not.

A key that was computed from personal values could be computed again from a list of names. Unless these values are
asked for, it is told as another one, which is the same throughout one export and differs in the next.
"""

import math
import secrets
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, Protocol

from graph.ask import SCOPE_TEXT, Reader
from graph.backup_file import NodeRecord, RelationshipRecord
from graph.computed_keys import computed_key, is_computed, made_of_personal_values
from graph.model import GraphSchema, NodeType, Property, RelationshipType, ValueType
from graph.prepare import store_record
from graph.statements import keyed, read_nodes
from graph.store_errors import Told
from graph.writing import chunks

WAYS = frozenset((
    "PART_OF", "IN_GRID", "LEADS", "OF_UNIT", "BELONGS_TO", "REPORTED_TO", "LIVES_IN", "HOLDS", "LOCATED_IN",
    "WITH_ORGANIZATION", "WITH_UNIT", "SERVES", "IN_AREA", "IN_COMMUNITY", "RAISED_IN", "OFFERED_BY", "FOR_NEED",
    "BY_UNIT", "OF",
))  # fmt: skip
"""The relationships that lead from what belongs to a scope towards it."""
STEPS = 6
"""So many of them at most."""
EXPLAINING = ("IN_CATEGORY", "BROADER")
"""The relationships whose ends come with what belongs, since it cannot be read without them."""

SYNTHETIC = "示例数据：社区以下的内容都是生成的，不是真实的人、单位和数据"
"""What every export of a demo store says in itself."""

Progress = Callable[[int, int], None]
Key = tuple[str, str]


class ExportError(Told):
    """An export that cannot be made."""


class Content(Protocol):
    """What a writer of a format needs. `nodes` comes before `relationships`, each once.

    `synthetic`: the store is a demo, and the export has to say so.
    """

    scope: str
    labels: tuple[str, ...]
    synthetic: bool

    def properties(self, owner: str) -> tuple[Property, ...]:
        """The properties that are told of a label or relationship type, in the schema's order."""
        ...

    def relationship_types(self) -> tuple[str, ...]:
        """The types that can join the labels that are there."""
        ...

    def nodes(self) -> Iterator[NodeRecord]:
        """Every node, by label and key."""
        ...

    def relationships(self) -> Iterator[RelationshipRecord]:
        """Every relationship between two of the nodes, by label and key of the start."""
        ...


def personal_names(schema: GraphSchema) -> dict[str, str]:
    """The personal properties that can be asked for by name: `Person.phone` to its Chinese name.

    >>> from graph.schema import SCHEMA
    >>> personal_names(SCHEMA)["Person.phone"]
    '人员的联系电话'
    """
    owners = [(n.label, n) for n in schema.nodes if _told(n)] + [(r.name, r) for r in schema.relationships]
    return {
        f"{name}.{p.name}": f"{owner.heading}的{p.heading}"
        for name, owner in owners
        for p in owner.properties
        if p.personal
    }


def belonging(store: Reader, scope: str, schema: GraphSchema) -> dict[str, set[str]]:
    """The keys, by label, of the nodes that belong to an area, itself included.

    Raises ExportError when there is no such area.
    """
    rows = store.read(SCOPE_TEXT, {"scope": scope})
    if not rows:
        raise ExportError(
            f"没有编号为“{scope[:60]}”的区域；可以用 linmai divisions 查编号",
            f"No area has the key {scope[:60]!r}; linmai divisions finds keys",
        )
    found: dict[str, set[str]] = {rows[0]["label"]: {scope}}
    newest: dict[str, set[str]] = {rows[0]["label"]: {scope}}
    for _ in range(STEPS):
        newest = _step(store, newest, found, schema, inwards=True)
    newest = {label: set(ids) for label, ids in found.items()}
    while newest:
        newest = _step(store, newest, found, schema, inwards=False)
    return found


def _step(
    store: Reader,
    newest: dict[str, set[str]],
    found: dict[str, set[str]],
    schema: GraphSchema,
    *,
    inwards: bool,
) -> dict[str, set[str]]:
    """What is one step from the newest and not found yet; it is added to what is found."""
    reached: dict[str, set[str]] = {}
    for label, ids in newest.items():
        ways = _leading_to(schema, label) if inwards else _explaining(schema, label)
        if not ways:
            continue
        arrow = f"<-[:{'|'.join(ways)}]-" if inwards else f"-[:{'|'.join(ways)}]->"
        text = (
            f"UNWIND $ids AS id MATCH (a:{label} {{id: id}}){arrow}(b) "
            "RETURN DISTINCT labels(b)[0] AS label, b.id AS id"
        )
        for chunk in chunks(sorted(ids)):
            for row in store.read(text, {"ids": chunk}, timeout_s=600):
                if row["id"] not in found.setdefault(row["label"], set()):
                    reached.setdefault(row["label"], set()).add(row["id"])
    for label, ids in reached.items():
        found[label] |= ids
    return reached


def _leading_to(schema: GraphSchema, label: str) -> list[str]:
    return [r.name for r in schema.relationships if r.name in WAYS and any(label in t.ends for t in r.ties)]


def _explaining(schema: GraphSchema, label: str) -> list[str]:
    return [r.name for r, _ in schema.ties_from(label) if r.name in EXPLAINING]


def _told(node: NodeType) -> bool:
    """The records of the product's own work stay at home, but a state's changes are part of its subject."""
    return not node.internal or node.label == "StateChange"


class StoreContent:
    """The content of one scope of a store.

    `personal` names the personal properties to tell (`Person.phone`). `counted` counts what was given out, by
    label and by type. Relationships are numbered per `key` where the type needs one (`graph.statements.keyed`).
    """

    def __init__(
        self,
        store: Reader,
        scope: str,
        schema: GraphSchema,
        personal: Collection[str] = (),
        progress: Progress | None = None,
    ) -> None:
        """Find what belongs to `scope`. Raises ExportError for an unknown area or personal property."""
        known = personal_names(schema)
        if unknown := sorted(set(personal) - set(known)):
            listed = "、".join(f"{name}（{meaning}）" for name, meaning in known.items())
            raise ExportError(
                f"没有名为“{'、'.join(unknown)[:80]}”的个人信息属性；可以写的有：{listed}",
                f"No personal property is called {', '.join(unknown)[:80]!r}; there are {', '.join(known)}",
            )
        self._store, self._schema, self._personal = store, schema, frozenset(personal)
        self._disguised = {
            label for label, values in made_of_personal_values(schema).items() if not values <= self._personal
        }
        self._secret = secrets.token_hex(32)
        self.scope = scope
        record = store_record(store)
        self.synthetic = record is not None and record.demo
        found = belonging(store, scope, schema)
        self._ids = {n.label: found[n.label] for n in schema.nodes if _told(n) and found.get(n.label)}
        self.labels = tuple(self._ids)
        self.counted: Counter[str] = Counter()
        self._progress, self._done = progress, 0

    def properties(self, owner: str) -> tuple[Property, ...]:
        """As `Content.properties`."""
        declared = self._owner(owner).properties
        return tuple(p for p in declared if not p.personal or f"{owner}.{p.name}" in self._personal)

    def relationship_types(self) -> tuple[str, ...]:
        """As `Content.relationship_types`."""
        return tuple(
            r.name
            for r in self._schema.relationships
            if any(t.start in self._ids and any(e in self._ids for e in t.ends) for t in r.ties)
        )

    def nodes(self) -> Iterator[NodeRecord]:
        """As `Content.nodes`; a node that was deleted since is left out, and its relationships too."""
        for label in self._ids:
            text = read_nodes(self._schema.node(label))
            seen: set[str] = set()
            for chunk in self._chunks(label):
                rows = self._store.read(text, {"ids": chunk}, timeout_s=600)
                told = {self._key(label, row["id"]): row for row in rows}
                for key, row in sorted(told.items()):
                    seen.add(row["id"])
                    yield NodeRecord(label, {**self._shown(label, key, row["properties"]), "id": key})
                self._tell(len(chunk))
            self._ids[label] = seen
            self.counted[label] = len(seen)

    def relationships(self) -> Iterator[RelationshipRecord]:
        """As `Content.relationships`."""
        known = set(self.relationship_types())
        for label in self._ids:
            text = (
                f"UNWIND $ids AS id MATCH (a:{label} {{id: id}})-[r]->(b) RETURN a.id AS start, type(r) AS type, "
                "labels(b)[0] AS label, b.id AS end, properties(r) AS properties"
            )
            for chunk in self._chunks(label):
                rows = self._store.read(text, {"ids": chunk}, timeout_s=600)
                yield from self._between(label, (row for row in rows if row["type"] in known))
                self._tell(len(chunk))

    def _between(self, label: str, rows: Iterable[dict[str, Any]]) -> Iterator[RelationshipRecord]:
        inside = [
            {**row, "start": self._key(label, row["start"]), "end": self._key(row["label"], row["end"])}
            for row in rows
            if row["end"] in self._ids.get(row["label"], ())
        ]
        for row in sorted(inside, key=_order):
            shown = self._shown(row["type"], row["start"], row["properties"])
            if keyed(self._schema.relationship(row["type"])):
                shown["key"] = str(row["properties"].get("key") or "")
            self.counted[row["type"]] += 1
            yield RelationshipRecord(row["type"], (label, row["start"]), (row["label"], row["end"]), shown)

    def _key(self, label: str, id_: str) -> str:
        """The key that is told of a node."""
        if label in self._disguised and is_computed(label, id_):
            return computed_key(label, (self._secret, id_))
        return id_

    def _chunks(self, label: str) -> Iterator[list[str]]:
        """The nodes of a label in the order of the keys that are told: another order would tell of the others."""
        return chunks(sorted(self._ids[label], key=lambda id_: self._key(label, id_)))

    def _shown(self, owner: str, id_: str, properties: dict[str, Any]) -> dict[str, Any]:
        return {
            p.name: _typed(owner, id_, p, properties[p.name])
            for p in self.properties(owner)
            if properties.get(p.name) is not None
        }

    def _owner(self, name: str) -> NodeType | RelationshipType:
        return self._schema.node(name) if name in self._ids else self._schema.relationship(name)

    def _tell(self, done: int) -> None:
        self._done += done
        if self._progress:
            # Every node is read once for itself and once for its relationships.
            self._progress(self._done, 2 * sum(len(ids) for ids in self._ids.values()))


def _order(row: dict[str, Any]) -> tuple[str, ...]:
    key = str(row["properties"].get("key") or "")
    return (str(row["start"]), str(row["type"]), str(row["label"]), str(row["end"]), key)


def _typed(owner: str, id_: str, declared: Property, value: Any) -> Any:
    """A stored value as its declared type: formats that give columns a type depend on it."""
    try:
        match declared.type:
            case ValueType.INTEGER if not isinstance(value, bool) and int(value) == value:
                return int(value)
            case ValueType.DECIMAL if not isinstance(value, bool) and math.isfinite(value):
                return float(value)
            case ValueType.BOOLEAN if isinstance(value, bool):
                return value
            case ValueType.STRINGS if isinstance(value, list):
                return [str(each) for each in value]
            case ValueType.STRING | ValueType.TEXT | ValueType.DATE if isinstance(value, str):
                return value
    except (TypeError, ValueError):
        pass
    raise ExportError(
        f"{owner} {id_} 的属性“{declared.heading}”（{declared.name}）的内容与声明的类型（{declared.type}）不符，"
        "没有导出；请先用 linmai check 检查库，改正后再导出",
        f"The property {declared.name!r} of {owner} {id_} is not of its declared type ({declared.type}), nothing was "
        "exported; look at the store with linmai check, mend it, then export",
    )
