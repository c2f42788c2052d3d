"""Rows on their way into the store: typed, but with what they refer to still as people wrote it.

`loaders.typed` makes drafts from tables; `loaders.resolve` finds what each reference means, in the
same load or in the store; `loaders.load` writes the result.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from loaders.problems import Problem


@dataclass(frozen=True, slots=True)
class Reference:
    """What a cell says of another node: `text` as cleaned, for a node with one of the labels `ends`.

    `heading` is the column as it stands in the file, for messages. `properties` are those of the
    relationship. `relationship` is empty for the two ends of a LinkDraft.
    """

    relationship: str
    ends: tuple[str, ...]
    text: str
    heading: str
    properties: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NodeDraft:
    """A row that describes a node. `id` is empty when the row carries none: resolving computes it.

    A property that the file has no column for is not in `properties` (it stays as it is in the store); an
    empty cell of a column that the file has is None (it removes the value). `absent` names relationship
    types whose column is there and empty: such ties end.
    """

    label: str
    id: str
    properties: Mapping[str, Any]
    references: tuple[Reference, ...]
    absent: tuple[str, ...]
    row: int


@dataclass(frozen=True, slots=True)
class LinkDraft:
    """A row that describes one relationship between two nodes."""

    relationship: str
    start: Reference
    end: Reference
    properties: Mapping[str, Any]
    row: int


@dataclass(frozen=True)
class TableDrafts:
    """All drafts of one table, with what was wrong.

    `file`, `sheet`: as the clerk knows them. `sha256`: of the file's content. `source`: the register this
    is an issue of. `name`: label or relationship type of its rows. `rejected` are the numbers of the rows
    that cannot be loaded, each with an ERROR in `problems`.
    """

    file: str
    sheet: str
    sha256: str
    source: str
    name: str
    nodes: Sequence[NodeDraft]
    links: Sequence[LinkDraft]
    problems: Sequence[Problem]
    rejected: frozenset[int]
