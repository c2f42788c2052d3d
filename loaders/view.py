"""What a load compares its rows with: the store as it is, or as it would be after what a check has planned."""

from collections.abc import Iterable
from typing import Any

from graph import statements
from graph.ask import Reader
from graph.model import GraphSchema, RelationshipType
from graph.writing import read_nodes, read_relationships
from loaders.compare import StoredTie
from loaders.writes import Writes


class StoreView:
    """Reads from the store. What is known to be empty is not read: a first load compares with nothing."""

    def __init__(self, store: Reader, schema: GraphSchema) -> None:
        self._store, self._schema = store, schema
        self._empty: set[tuple[str, str]] = set()

    def begin(self, label: str, relationship: RelationshipType | None = None) -> None:
        """Look whether there is anything of a label, or any relationship of a type from it, before a table.

        Until the next `begin` for the same, nothing is read where nothing was: within one table no node and
        no relationship comes twice.
        """
        key = (label, relationship.name if relationship else "")
        text = (
            statements.any_relationship_from(relationship, label)
            if relationship
            else f"MATCH (n:{label}) RETURN n.id AS id LIMIT 1"
        )
        if self._store.read(text):
            self._empty.discard(key)
        else:
            self._empty.add(key)

    def nodes(self, label: str, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Stored properties of the nodes that are there."""
        if (label, "") in self._empty:
            return {}
        return read_nodes(self._store, self._schema.node(label), ids)

    def ties(
        self, relationship: RelationshipType, label: str, ids: Iterable[str]
    ) -> dict[str, list[StoredTie]]:
        """Stored relationships of a type by the key of their start."""
        found: dict[str, list[StoredTie]] = {}
        if (label, relationship.name) not in self._empty:
            for row in read_relationships(self._store, relationship, label, ids):
                tie = StoredTie(row["label"], row["end"], row["properties"])
                found.setdefault(row["start"], []).append(tie)
        return found


class Preview(StoreView):
    """The store with planned writes on top, in memory; the store itself stays as it is."""

    def __init__(self, store: Reader, schema: GraphSchema) -> None:
        super().__init__(store, schema)
        self._nodes: dict[tuple[str, str], dict[str, Any]] = {}
        self._ties: dict[tuple[str, str, str], dict[tuple[str, str, str], StoredTie]] = {}

    def nodes(self, label: str, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        """As in the store, with what was planned."""
        asked = list(ids)
        stored = super().nodes(label, asked)
        for id_ in asked:
            if (label, id_) in self._nodes:
                stored[id_] = {**stored.get(id_, {}), **self._nodes[label, id_]}
        return stored

    def ties(
        self, relationship: RelationshipType, label: str, ids: Iterable[str]
    ) -> dict[str, list[StoredTie]]:
        """As in the store, with what was planned; a planned deletion is a tie without properties."""
        asked = list(ids)
        stored = super().ties(relationship, label, asked)
        for id_ in asked:
            planned = self._ties.get((relationship.name, label, id_))
            if planned:
                ties = {(tie.label, tie.end, tie.key): tie for tie in stored.get(id_, ())}
                for key, tie in planned.items():
                    before = ties.get(key)
                    properties = {**(before.properties if before else {}), **tie.properties}
                    ties[key] = StoredTie(tie.label, tie.end, properties)
                stored[id_] = [tie for tie in ties.values() if tie.properties]
        return stored

    def plan(self, writes: Writes) -> None:
        """Remember what a load would write."""
        for (label, new), rows in writes.nodes.items():
            for row in rows:
                known = self._nodes.setdefault((label, row["id"]), {})
                known.update(row["properties"], **writes.marks(new))
        for ((name, start, end), new), ties in writes.relationships.items():
            marks = writes.marks(new)
            for row in ties.values():
                planned = self._ties.setdefault((name, start, row["start"]), {})
                key = (end, row["end"], row["key"])
                before = planned.get(key)
                properties = {**(before.properties if before else {}), **row["properties"], **marks}
                planned[key] = StoredTie(end, row["end"], properties)
        for (name, start, end), rows in writes.deleted.items():
            for row in rows:
                planned = self._ties.setdefault((name, start, row["start"]), {})
                planned[end, row["end"], row["key"]] = StoredTie(end, row["end"], {})
