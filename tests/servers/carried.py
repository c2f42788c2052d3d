"""A store's whole content in the files of `neo4j-admin database import`, which fills a Neo4j in seconds."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from graph import statements
from graph.backup_file import NodeRecord, RelationshipRecord
from graph.export_tables import neo4j_import
from graph.model import Property
from graph.schema import SCHEMA
from graph.schema.records import EDITED, PROVENANCE
from graph.store import Store

_PROPERTIES = {
    # A record of a change has a declared property of the name `batch`.
    name: tuple({p.name: p for p in (*declared, *PROVENANCE, *EDITED)}.values())
    for name, declared in [
        *((node.label, node.properties) for node in SCHEMA.nodes),
        *((relationship.name, relationship.properties) for relationship in SCHEMA.relationships),
    ]
}


class Whole:
    """The content of an export that keeps nothing at home: no scope, all labels, personal values, provenance."""

    scope = ""
    synthetic = False
    labels = tuple(node.label for node in SCHEMA.nodes)

    def __init__(self, store: Store) -> None:
        self._store = store

    def properties(self, owner: str) -> tuple[Property, ...]:
        """As `Content.properties`: the declared ones and those of the product's own work."""
        return _PROPERTIES[owner]

    def relationship_types(self) -> tuple[str, ...]:
        """As `Content.relationship_types`."""
        return tuple(relationship.name for relationship in SCHEMA.relationships)

    def nodes(self) -> Iterator[NodeRecord]:
        """As `Content.nodes`, in no order."""
        for label in self.labels:
            for row in self._store.stream(f"MATCH (n:{label}) RETURN properties(n) AS properties"):
                yield NodeRecord(label, row["properties"])

    def relationships(self) -> Iterator[RelationshipRecord]:
        """As `Content.relationships`, in no order."""
        for label in self.labels:
            for row in self._store.stream(
                f"MATCH (a:{label})-[r]->(b) RETURN a.id AS start, type(r) AS type, labels(b)[0] AS label, "
                "b.id AS end, properties(r) AS properties"
            ):
                start, end = (label, row["start"]), (row["label"], row["end"])
                yield RelationshipRecord(row["type"], start, end, row["properties"])


def write_whole(store: Store, folder: Path) -> None:
    """Write all that `store` holds into an empty folder, for `running_neo4j(version, folder)`."""
    files: dict[str, list[str]] = defaultdict(list)
    for name, text in neo4j_import(Whole(store)):
        files[name].append(text)
    for name, texts in files.items():
        (folder / name).write_text("".join(texts), encoding="utf-8", newline="\n")


def declare(store: Store) -> None:
    """Make the schema's constraints and indexes, which such files cannot bring, and wait until they are filled."""
    for text in statements.constraints(SCHEMA):
        store.write(text)
    store.read("CALL db.awaitIndexes(300)")
