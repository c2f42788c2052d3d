"""What has happened to a record: its steps, and the changes that operations and loads have made to it."""

from typing import Any

from graph.ask import Reader
from graph.model import NodeType

_CHANGES = """
MATCH (c:Change {subject: $subject})
OPTIONAL MATCH (o:Operation {id: c.batch})
OPTIONAL MATCH (b:Batch {id: c.batch})
RETURN c.before AS before, c.after AS after, coalesce(o.at, b.loaded_at) AS at, o.actor AS actor, b.file AS file
"""


def steps(store: Reader, node: NodeType, id_: str) -> list[dict[str, Any]]:
    """The StateChange records of a node, unordered: their properties."""
    rows = store.read(
        f"MATCH (s:StateChange)-[:OF]->(n:{node.label} {{id: $id}}) RETURN properties(s) AS step", {"id": id_}
    )
    return [row["step"] for row in rows]


def changes(store: Reader, subject: str) -> list[dict[str, Any]]:
    """The Change records of a subject, unordered: `before` and `after` as JSON, `at` (ISO date and time), the
    `actor` of an operation, the `file` of a load."""
    return store.read(_CHANGES, {"subject": subject})
