"""Schema to Cypher: constraints, and the statements that merge rows. Pure; the only computed Cypher.

Every statement stays in what Neo4j 5.26, Neo4j 2026 and ArcadeDB share: one label per node, own `id`
keys, `UNWIND $rows` with `MERGE` on the key.
"""

from collections.abc import Iterator

from graph.model import GraphSchema, NodeType, RelationshipType
from graph.schema.records import PROVENANCE


def constraints(schema: GraphSchema) -> Iterator[str]:
    """One uniqueness constraint per label, on `id`, and an index per filterable property and provenance.

    Each says IF NOT EXISTS, so that preparing a store twice changes nothing.
    """
    for node in schema.nodes:
        label = node.label
        yield f"CREATE CONSTRAINT {_snake(label)}_id IF NOT EXISTS FOR (n:{label}) REQUIRE n.id IS UNIQUE"
        indexed = [p.name for p in node.properties if p.filterable]
        if not node.internal:
            indexed += [p.name for p in PROVENANCE if p.filterable]
        for name in indexed:
            yield f"CREATE INDEX {_snake(label)}_{name} IF NOT EXISTS FOR (n:{label}) ON (n.{name})"


def merge_nodes(node: NodeType) -> str:
    """Merge `$rows` of {id, properties}; returns `n`, how many rows were applied.

    A property that is null in `properties` is removed, one that is left out stays as it is.
    """
    return f"UNWIND $rows AS row MERGE (n:{node.label} {{id: row.id}}) SET n += row.properties RETURN count(*) AS n"


def merge_relationships(relationship: RelationshipType, start: str, end: str) -> str:
    """Merge `$rows` of {start, end, key, properties} between two labels.

    Returns `n`, how many rows found both ends: fewer than were sent means that an end is missing, which
    the caller reports. `key` tells two relationships between the same ends apart and is used only where
    the type declares one.
    """
    key = " {key: row.key}" if relationship.key else ""
    return (
        f"UNWIND $rows AS row MATCH (a:{start} {{id: row.start}}) MATCH (b:{end} {{id: row.end}}) "
        f"MERGE (a)-[r:{relationship.name}{key}]->(b) SET r += row.properties RETURN count(*) AS n"
    )


def read_nodes(node: NodeType) -> str:
    """The stored properties of the nodes with `$ids`: one record per node found, `id` and `properties`."""
    return (
        f"UNWIND $ids AS id MATCH (n:{node.label} {{id: id}}) RETURN n.id AS id, properties(n) AS properties"
    )


def read_relationships_from(relationship: RelationshipType, start: str, end: str) -> str:
    """The relationships that leave `$ids`: one record each, `start`, `end` and `properties`."""
    return (
        f"UNWIND $ids AS id MATCH (a:{start} {{id: id}})-[r:{relationship.name}]->(b:{end}) "
        "RETURN a.id AS start, b.id AS end, properties(r) AS properties"
    )


def delete_relationships(relationship: RelationshipType, start: str, end: str) -> str:
    """Delete the relationships of `$rows` of {start, end, key}; returns `n`, how many there were."""
    key = " WHERE r.key = row.key" if relationship.key else ""
    return (
        f"UNWIND $rows AS row MATCH (a:{start} {{id: row.start}})-[r:{relationship.name}]->(b:{end} {{id: row.end}})"
        f"{key} DELETE r RETURN count(*) AS n"
    )


def delete_nodes(node: NodeType) -> str:
    """Delete the nodes with `$ids` and whatever hangs on them; returns `n`, how many there were."""
    return f"UNWIND $ids AS id MATCH (n:{node.label} {{id: id}}) DETACH DELETE n RETURN count(*) AS n"


def pairs(relationship: RelationshipType) -> Iterator[tuple[str, str]]:
    """Each (start label, end label) that the type permits, in the declared order, once."""
    seen = dict.fromkeys((tie.start, end) for tie in relationship.ties for end in tie.ends)
    yield from seen


def count_nodes(node: NodeType, *equal: str) -> str:
    """How many nodes of a type there are whose properties `equal` have the value of the parameter of that
    name; returns `n`. Raises KeyError for a property that the type does not have."""
    conditions = " AND ".join(f"n.{node.property(name).name} = ${name}" for name in equal)
    return f"MATCH (n:{node.label}){' WHERE ' if equal else ''}{conditions} RETURN count(n) AS n"


def _snake(label: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in label).lstrip("_")
