"""Rows whose references are found: what resolving hands to loading."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from loaders.problems import Problem


@dataclass(frozen=True, slots=True)
class ResolvedTie:
    """One end that a row names, and the properties of the relationship that leads to it."""

    relationship: str
    label: str
    end: str
    properties: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ResolvedNode:
    """A row that describes a node. `stated` are the relationship types whose whole set of ends the row
    gives in `ties`, none at all included; of other types it says nothing."""

    label: str
    id: str
    properties: Mapping[str, Any]
    ties: tuple[ResolvedTie, ...]
    stated: tuple[str, ...]
    row: int


@dataclass(frozen=True, slots=True)
class ResolvedLink:
    """A row that describes one relationship."""

    relationship: str
    start_label: str
    start: str
    end_label: str
    end: str
    properties: Mapping[str, Any]
    row: int


@dataclass
class ResolvedTable:
    """What can be loaded of one table, and what cannot.

    `file`, `sheet`, `sha256`, `source`, `name` as in `TableDrafts`. `problems` and `rejected` hold what
    typing and resolving found. `present` are the keys of all rows that are known, the rejected ones
    included; `unplaced` says that a row was rejected whose key is not known, so that nobody can tell which
    earlier rows are gone.
    """

    file: str
    sheet: str
    sha256: str
    source: str
    name: str
    rows: int
    nodes: Sequence[ResolvedNode] = ()
    links: Sequence[ResolvedLink] = ()
    problems: list[Problem] = field(default_factory=list)
    rejected: set[int] = field(default_factory=set)
    present: set[str] = field(default_factory=set)
    unplaced: bool = False
