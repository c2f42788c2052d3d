"""Schema to Cypher: constraints, and the statements that merge rows. Pure; the only computed Cypher.

Every statement stays in what Neo4j 5.26, Neo4j 2026 and ArcadeDB share: one label per node, own `id`
keys, `UNWIND $rows` with `MERGE` on the key, or `CREATE` for what certainly is not there.
"""

from collections.abc import Iterable, Iterator, Mapping

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


def merge_nodes(node: NodeType, marked: bool = False) -> str:
    """Merge `$rows` of {id, properties}; returns `n`, how many rows were applied.

    A property that is null in `properties` is removed, one that is left out stays as it is. `marked`: all get
    the properties `$marks` as well, which costs the embedded engine a tenth less than repeating them in each row.
    """
    return (
        f"UNWIND $rows AS row MERGE (n:{node.label} {{id: row.id}}) {_set('n', marked)} RETURN count(*) AS n"
    )


def merge_relationships(relationship: RelationshipType, start: str, end: str, marked: bool = False) -> str:
    """Merge `$rows` of {start, end, key, properties} between two labels; `marked` as in `merge_nodes`.

    Returns `n`, how many rows found both ends: fewer than were sent means that an end is missing, which
    the caller reports. `key` tells two relationships between the same ends apart and is used only where
    the type is `keyed`.
    """
    key = " {key: row.key}" if keyed(relationship) else ""
    return (
        f"UNWIND $rows AS row MATCH (a:{start} {{id: row.start}}) MATCH (b:{end} {{id: row.end}}) "
        f"MERGE (a)-[r:{relationship.name}{key}]->(b) {_set('r', marked)} RETURN count(*) AS n"
    )


def _set(what: str, marked: bool) -> str:
    return f"SET {what} += row.properties" + (f", {what} += $marks" if marked else "")


def create_nodes(node: NodeType, names: Iterable[str], marks: Iterable[str]) -> str:
    """Create `$rows` of [id, a value for each of `names`]; returns `n`, how many. Nulls are left out.

    Each of `marks` is a parameter that all get as a property. One clause writes each record once: setting properties
    afterwards, as merging must, costs the embedded engine half as much again. It is for what certainly is not there.
    """
    properties = property_map({"id": 0}, names, marks)
    return f"UNWIND $rows AS row CREATE (n:{node.label} {properties}) RETURN count(*) AS n"


def create_relationships(
    relationship: RelationshipType, start: str, end: str, names: Iterable[str], marks: Iterable[str]
) -> str:
    """Create `$rows` of [start, end, key, a value for each of `names`] between two labels, as `create_nodes` does.

    Returns `n`, how many rows found both ends. `key` is used only where the type is `keyed`.
    """
    properties = property_map({"key": 2} if keyed(relationship) else {}, names, marks, first=3)
    return (
        f"UNWIND $rows AS row MATCH (a:{start} {{id: row[0]}}) MATCH (b:{end} {{id: row[1]}}) "
        f"CREATE (a)-[r:{relationship.name} {properties}]->(b) RETURN count(*) AS n"
    )


def property_map(
    own: Mapping[str, int], names: Iterable[str], marks: Iterable[str] = (), first: int = 1
) -> str:
    """A map of properties: `own` by their place in a row, the named ones from place `first` on, marks from parameters."""
    values = [f"`{name}`: row[{place}]" for name, place in own.items()]
    values += [f"`{name}`: row[{place}]" for place, name in enumerate(names, first)]
    values += [f"`{name}`: ${name}" for name in marks]
    return f"{{{', '.join(values)}}}"


def read_nodes(node: NodeType) -> str:
    """The stored properties of the nodes with `$ids`: one record per node found, `id` and `properties`."""
    return (
        f"UNWIND $ids AS id MATCH (n:{node.label} {{id: id}}) RETURN n.id AS id, properties(n) AS properties"
    )


def lock_node(node: NodeType) -> str:
    """Take the sole right to change the node `$id` until the transaction ends; returns its `properties`.

    It writes before anything is read, with another value each time: whoever else does the same waits (Neo4j), or
    fails when it commits and is run again (ArcadeDB). Reading first would let two pass on what both have read.
    """
    return (
        f"MATCH (n:{node.label} {{id: $id}}) SET n.locked_by = $operation RETURN properties(n) AS properties"
    )


def create_node(node: NodeType) -> str:
    """Make the node `$id`; the uniqueness of the key refuses a second one, which a merge would write over."""
    return f"CREATE (n:{node.label} {{id: $id}})"


def set_by_hand(node: NodeType) -> str:
    """The nodes of a type that were written over a front door: `id`, and the `names` that were set there."""
    return f"MATCH (n:{node.label}) WHERE n.by_hand IS NOT NULL RETURN n.id AS id, n.by_hand AS names"


def find_labels(labels: Iterable[str]) -> str:
    """Which of `$ids` there are under any of the labels: rows of `id` and `label`."""
    return f"UNWIND $ids AS id MATCH (n:{'|'.join(labels)} {{id: id}}) RETURN id, labels(n)[0] AS label"


def read_ties_of(node: NodeType) -> str:
    """Every relationship that leaves the node `$id`: `relationship`, `label`, `end` and `properties`."""
    return (
        f"MATCH (a:{node.label} {{id: $id}})-[r]->(b) "
        "RETURN type(r) AS relationship, labels(b)[0] AS label, b.id AS end, properties(r) AS properties"
    )


def keyed(relationship: RelationshipType) -> bool:
    """Whether two relationships of the type may join the same ends, told apart by their property `key`.

    So it is where the type declares what tells them apart, and where one may end and begin again later.
    """
    return bool(relationship.key) or relationship.has_validity


def read_relationships_from(relationship: RelationshipType, start: str) -> str:
    """The relationships that leave `$ids`: one record each, `start`, `label` and `end`, `properties`."""
    return (
        f"UNWIND $ids AS id MATCH (a:{start} {{id: id}})-[r:{relationship.name}]->(b) "
        "RETURN a.id AS start, labels(b)[0] AS label, b.id AS end, properties(r) AS properties"
    )


def delete_relationships(relationship: RelationshipType, start: str, end: str) -> str:
    """Delete the relationships of `$rows` of {start, end, key}; returns `n`, how many there were."""
    key = " WHERE r.key = row.key" if keyed(relationship) else ""
    return (
        f"UNWIND $rows AS row MATCH (a:{start} {{id: row.start}})-[r:{relationship.name}]->(b:{end} {{id: row.end}})"
        f"{key} DELETE r RETURN count(*) AS n"
    )


def any_relationship_from(relationship: RelationshipType, start: str) -> str:
    """One row `id` when any relationship of the type leaves a node with the label `start`; else none."""
    return f"MATCH (a:{start})-[r:{relationship.name}]->() RETURN a.id AS id LIMIT 1"


def nodes_of_batches(node: NodeType) -> str:
    """Nodes that one of `$batches` added: `id` and, where the type has validity, `valid_from`, `valid_to`."""
    dates = "n.valid_from AS valid_from, n.valid_to AS valid_to" if node.has_validity else "null AS valid_to"
    return f"MATCH (n:{node.label}) WHERE n.first_batch IN $batches RETURN n.id AS id, {dates}"


def relationships_of_batches(relationship: RelationshipType, start: str, end: str) -> str:
    """Relationships between two labels that one of `$batches` added: `start`, `end`, `properties`."""
    return (
        f"MATCH (a:{start})-[r:{relationship.name}]->(b:{end}) WHERE r.first_batch IN $batches "
        "RETURN a.id AS start, b.id AS end, properties(r) AS properties"
    )


def read_nodes_by_title(node: NodeType) -> str:
    """Nodes whose title is one of `$titles`: `title`, `id`, `valid_to`."""
    valid_to = "n.valid_to" if node.has_validity else "null"
    return (
        f"UNWIND $titles AS title MATCH (n:{node.label} {{{node.title}: title}}) "
        f"RETURN title, n.id AS id, {valid_to} AS valid_to"
    )


def read_titles(node: NodeType, beside: str) -> str:
    """All nodes of a type as one record, `rows` of [id, title, the value of the property `beside`, valid_to]."""
    valid_to = "n.valid_to" if node.has_validity else "null"
    return f"MATCH (n:{node.label}) RETURN collect([n.id, n.{node.title}, n.{node.property(beside).name}, {valid_to}]) AS rows"


def existing_ids(node: NodeType) -> str:
    """Which of `$ids` there are: one row `id` each."""
    return f"UNWIND $ids AS id MATCH (n:{node.label} {{id: id}}) RETURN n.id AS id"


def delete_nodes(node: NodeType) -> str:
    """Delete the nodes with `$ids` and whatever hangs on them; returns `n`, how many there were."""
    return f"UNWIND $ids AS id MATCH (n:{node.label} {{id: id}}) DETACH DELETE n RETURN count(*) AS n"


def pairs(relationship: RelationshipType) -> Iterator[tuple[str, str]]:
    """Each (start label, end label) that the type permits, in the declared order, once."""
    seen = dict.fromkeys((tie.start, end) for tie in relationship.ties for end in tie.ends)
    yield from seen


def count_nodes(node: NodeType, equal: Iterable[str] = (), present: Iterable[str] = ()) -> str:
    """How many nodes of a type there are; returns `n`.

    Properties `equal` must have the value of the parameter of that name, properties `present` any value.
    Raises KeyError for a property that the type does not have.
    """
    conditions = [f"n.{node.property(name).name} = ${name}" for name in equal]
    conditions += [f"n.{node.property(name).name} IS NOT NULL" for name in present]
    where = " WHERE " + " AND ".join(conditions) if conditions else ""
    return f"MATCH (n:{node.label}){where} RETURN count(n) AS n"


def _snake(label: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in label).lstrip("_")


_HOLDS = "coalesce({0}.{1}, '0000-01-01') <= $as_of AND $as_of < coalesce({0}.{2}, '9999-12-31')"


def read_ties(node: NodeType) -> str:
    """What the nodes with `$ids` are tied to on the day `$as_of`, whatever the direction, one record per kind of tie.

    `id`, `relationship`, `outgoing`, `label` of the other ends, `total` of them, and the first `$limit` by key
    as `ends`: `details` of the relationship, `properties` of the end. Labels in `$without` are left out.
    """
    return (
        f"UNWIND $ids AS id MATCH (n:{node.label} {{id: id}})-[r]-(m) WHERE NOT labels(m)[0] IN $without "
        f"AND {_HOLDS.format('r', 'from', 'to')} AND {_HOLDS.format('m', 'valid_from', 'valid_to')} "
        "WITH n.id AS id, type(r) AS relationship, startNode(r) = n AS outgoing, labels(m)[0] AS label, m, r ORDER BY m.id "
        "WITH id, relationship, outgoing, label, collect({details: properties(r), properties: properties(m)}) AS every "
        "WITH id, relationship, outgoing, label, size(every) AS total, every[0..$limit] AS ends "
        "RETURN id, relationship, outgoing, label, total, ends"
    )


def read_ties_between(node: NodeType) -> str:
    """The relationships on the day `$as_of` that lead from the nodes with `$ids` to any with one of `$ends`:
    `start`, `relationship`, `label` and `end`, `details`."""
    return (
        f"UNWIND $ids AS id MATCH (a:{node.label} {{id: id}})-[r]->(b) WHERE b.id IN $ends "
        f"AND {_HOLDS.format('r', 'from', 'to')} "
        "RETURN a.id AS start, type(r) AS relationship, labels(b)[0] AS label, b.id AS end, properties(r) AS details"
    )
