"""Rows into and out of a store, a few thousand at a time, with the statements computed from the schema.

The functions that take a `Transaction` are parts of a transaction of the caller's; the others run one
transaction per chunk.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any, TypeVar

from graph import statements
from graph.ask import Reader
from graph.model import NodeType, RelationshipType
from graph.store import Store, Transaction

CHUNK = 2000
"""Rows per statement: fewer make it slow, more make transactions long and large on both engines."""

Row = Mapping[str, Any]
T = TypeVar("T")


def chunks(rows: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """Rows in lists of `size`, the last one shorter.

    >>> list(chunks("abcde", 2))
    [['a', 'b'], ['c', 'd'], ['e']]
    """
    iterator = iter(rows)
    while chunk := list(islice(iterator, size)):
        yield chunk


def put_nodes(transaction: Transaction, node: NodeType, rows: Sequence[Row], marks: Row | None = None) -> int:
    """Merge rows of {id, properties} in a transaction of the caller's; returns how many there were.

    `marks` are properties that all of them get.
    """
    text = statements.merge_nodes(node, marks is not None)
    return sum(_count(transaction, text, chunk, marks) for chunk in chunks(rows))


def put_relationships(
    transaction: Transaction,
    relationship: RelationshipType,
    start: str,
    end: str,
    rows: Sequence[Row],
    marks: Row | None = None,
) -> int:
    """Merge rows of {start, end, key, properties}; returns how many found both ends. `marks` as in `put_nodes`."""
    text = statements.merge_relationships(relationship, start, end, marks is not None)
    return sum(_count(transaction, text, chunk, marks) for chunk in chunks(rows))


def create_nodes(transaction: Transaction, node: NodeType, rows: Sequence[Row], marks: Row) -> int:
    """Create rows of {id, properties} that certainly are not there; returns how many there were.

    The key's uniqueness refuses what is there all the same: `UniqueViolation` from `Store.transact`.
    """
    names = _names(rows, "id")
    text = statements.create_nodes(node, names, marks)
    narrow = ([row["id"], *map(row["properties"].get, names)] for row in rows)
    return sum(_count_created(transaction, text, chunk, marks) for chunk in chunks(narrow))


def create_relationships(
    transaction: Transaction,
    relationship: RelationshipType,
    start: str,
    end: str,
    rows: Sequence[Row],
    marks: Row,
) -> int:
    """Create rows of {start, end, key, properties}; returns how many found both ends.

    Nothing refuses a second one: they must be known not to be there.
    """
    names = _names(rows, "key")
    text = statements.create_relationships(relationship, start, end, names, marks)
    narrow = ([row["start"], row["end"], row["key"], *map(row["properties"].get, names)] for row in rows)
    return sum(_count_created(transaction, text, chunk, marks) for chunk in chunks(narrow))


def drop_relationships(
    transaction: Transaction, relationship: RelationshipType, start: str, end: str, rows: Sequence[Row]
) -> int:
    """Delete the relationships of rows of {start, end, key}; returns how many there were."""
    text = statements.delete_relationships(relationship, start, end)
    return sum(_count(transaction, text, chunk) for chunk in chunks(rows))


def merge_nodes(store: Store, node: NodeType, rows: Iterable[Row]) -> int:
    """Merge rows of {id, properties}, a transaction per chunk; returns how many there were.

    A property that is None is removed, one that is left out stays as it is.
    """
    return sum(store.transact(partial(put_nodes, node=node, rows=chunk)) for chunk in chunks(rows))


def merge_relationships(
    store: Store, relationship: RelationshipType, start: str, end: str, rows: Iterable[Row]
) -> int:
    """Merge rows of {start, end, key, properties} between two labels, a transaction per chunk.

    Returns how many found both ends: fewer than there are rows means that an end is missing.
    """
    put = partial(put_relationships, relationship=relationship, start=start, end=end)
    return sum(store.transact(partial(put, rows=chunk)) for chunk in chunks(rows))


def read_nodes(store: Reader, node: NodeType, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The stored properties of those of `ids` that are there."""
    text = statements.read_nodes(node)
    return {row["id"]: row["properties"] for chunk in chunks(ids) for row in store.read(text, {"ids": chunk})}


def existing_ids(store: Store, node: NodeType, ids: Iterable[str]) -> set[str]:
    """Those of `ids` that are there."""
    text = statements.existing_ids(node)
    return {row["id"] for chunk in chunks(ids) for row in store.read(text, {"ids": chunk})}


def read_relationships(
    store: Reader, relationship: RelationshipType, start: str, ids: Iterable[str]
) -> Iterator[dict[str, Any]]:
    """The relationships that leave `ids`: rows of {start, label, end, properties}."""
    text = statements.read_relationships_from(relationship, start)
    for chunk in chunks(ids):
        yield from store.read(text, {"ids": chunk})


def _names(rows: Sequence[Row], key: str) -> list[str]:
    """The properties that any of the rows has, but for the key, in one order: the same text for the same set."""
    return sorted({name for row in rows for name in row["properties"]} - {key})


def _count_created(transaction: Transaction, text: str, rows: Sequence[Sequence[Any]], marks: Row) -> int:
    found: int = transaction.run(text, {"rows": rows, **marks})[0]["n"]
    return found


def _count(transaction: Transaction, text: str, rows: Sequence[Row], marks: Row | None = None) -> int:
    parameters: dict[str, Any] = {"rows": rows} if marks is None else {"rows": rows, "marks": marks}
    found: int = transaction.run(text, parameters)[0]["n"]
    return found
