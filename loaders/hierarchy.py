"""Hierarchies that lead back to themselves: organizations above each other, categories within each other."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol, TypeVar

from graph.model import Cardinality, GraphSchema, RelationshipType
from graph.store import Store
from graph.writing import read_relationships
from loaders.compare import is_open
from loaders.names import NodeKey
from loaders.resolved import ResolvedTie


class TiedRow(Protocol):
    """What is asked of a row."""

    @property
    def key(self) -> NodeKey | None:
        """The node that the row is about."""
        ...

    @property
    def ties(self) -> list[ResolvedTie]:
        """The ends that it names."""
        ...

    @property
    def rejected(self) -> bool:
        """Whether it is out already."""
        ...


R = TypeVar("R", bound=TiedRow)


def circle_through(start: str, above: Mapping[str, str]) -> list[str]:
    """The way up from `start` back to `start`; empty when it leads elsewhere.

    >>> circle_through("a", {"a": "b", "b": "c", "c": "a"})
    ['a', 'b', 'c', 'a']
    >>> circle_through("x", {"x": "a", "a": "b", "b": "a"})
    []
    """
    chain, seen = [start], {start}
    step = above.get(start)
    while step is not None:
        chain.append(step)
        if step == start:
            return chain
        if step in seen:
            return []
        seen.add(step)
        step = above.get(step)
    return []


def circles(
    store: Store, schema: GraphSchema, rows: Sequence[R], as_of: str
) -> Iterator[tuple[R, list[str]]]:
    """Each row that is part of a circle, with the circle as keys; what the store holds above is counted in."""
    for relationship in schema.relationships:
        for tie in relationship.ties:
            if tie.per_start is Cardinality.MANY or tie.start not in tie.ends:
                continue
            mine = {
                row.key.id: (row, each.end)
                for row in rows
                if row.key and row.key.label == tie.start and not row.rejected
                for each in row.ties
                if each.relationship == relationship.name and each.label == tie.start
            }
            if mine:
                above = {id_: end for id_, (_, end) in mine.items()}
                _add_stored(store, relationship, tie.start, above, as_of)
                for id_, (row, _) in mine.items():
                    chain = circle_through(id_, above)
                    if chain:
                        yield row, chain


def _add_stored(
    store: Store, relationship: RelationshipType, label: str, above: dict[str, str], as_of: str
) -> None:
    """Go on upwards in the store from where the rows end, until nothing new is met."""
    frontier = sorted(set(above.values()) - set(above))
    while frontier:
        found: dict[str, str] = {}
        for tie in read_relationships(store, relationship, label, frontier):
            if tie["label"] == label and is_open(tie["properties"], as_of):
                found[tie["start"]] = tie["end"]
        above.update(found)
        frontier = sorted(set(found.values()) - set(above))
