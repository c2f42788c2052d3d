"""Several rows about one node: whether they agree, what they say together, and whether that is enough."""

from collections.abc import Sequence
from typing import Any, Protocol

from graph.model import Cardinality, GraphSchema
from loaders.drafts import NodeDraft
from loaders.resolved import ResolvedTie


class NodeRow(Protocol):
    """What is asked of a row."""

    @property
    def draft(self) -> NodeDraft:
        """The row as it was typed."""
        ...

    @property
    def properties(self) -> dict[str, Any]:
        """Values by property; None for an empty cell."""
        ...

    @property
    def stated(self) -> dict[str, None]:
        """Relationship types of which the row gives all ends."""
        ...

    @property
    def ties(self) -> list[ResolvedTie]:
        """The ends that it gives."""
        ...


def contradiction(schema: GraphSchema, first: NodeRow, second: NodeRow) -> str:
    """The heading in which two rows about one node differ; "" when both may be true.

    An empty cell contradicts nothing: the other row knows more.
    """
    node = schema.node(second.draft.label)
    for name, value in second.properties.items():
        other = first.properties.get(name)
        if value is not None and other is not None and value != other:
            return node.property(name).heading
    for relationship, tie in schema.ties_from(node.label):
        if tie.per_start is Cardinality.MANY:
            continue
        ends = [
            {(each.label, each.end) for each in row.ties if each.relationship == relationship.name}
            for row in (first, second)
        ]
        if ends[0] and ends[1] and ends[0] != ends[1]:
            return tie.heading or relationship.heading
    return ""


def join(schema: GraphSchema, rows: Sequence[NodeRow]) -> None:
    """Make rows about one node, which do not contradict each other, say the same where both say something.

    Otherwise the empty cell of one would remove what the other gives, at every load anew.
    """
    if len(rows) < 2:
        return
    values: dict[str, Any] = {}
    for row in rows:
        values.update({name: value for name, value in row.properties.items() if value is not None})
    ends: dict[str, dict[tuple[str, str], ResolvedTie]] = {}
    for row in rows:
        for tie in row.ties:
            ends.setdefault(tie.relationship, {}).setdefault((tie.label, tie.end), tie)
    for row in rows:
        row.properties.update({name: values[name] for name in row.properties if name in values})
        row.ties[:] = [tie for name in row.stated for tie in ends.get(name, {}).values()]


def incomplete(schema: GraphSchema, label: str, rows: Sequence[NodeRow]) -> str:
    """The heading of something required that none of the rows about a node gives; "" when nothing lacks."""
    if not rows:
        return ""
    for each in schema.node(label).properties:
        if each.required and each.name != "id" and all(row.properties.get(each.name) is None for row in rows):
            return each.heading
    for relationship, tie in schema.ties_from(label):
        given = any(each.relationship == relationship.name for row in rows for each in row.ties)
        if tie.required and tie.heading and not given:
            return tie.heading
    return ""
