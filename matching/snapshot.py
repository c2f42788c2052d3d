"""The graph as columns: one array per property, rows known by their position. Made by `matching.build`.

A position of -1 stands for "none". Days are proleptic ordinals (`date.toordinal`); `FIRST_DAY` and
`LAST_DAY` stand for an open end. Arrays are read-only by convention; everything derived is computed once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

import numpy as np
import numpy.typing as npt

from matching.rows import Finding
from matching.text import Corpus, Synonyms

Ints = npt.NDArray[np.int64]
Positions = npt.NDArray[np.int32]
Days = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]
Reals = npt.NDArray[np.float64]

FIRST_DAY = 0
LAST_DAY = date.max.toordinal() + 1
CLOSED_STATES = ("待评价", "销号", "退回", "挂起", "合并", "撤回")
"""States of a need in which it asks for nothing (any more)."""


class NeedBar(StrEnum):
    """Why a need cannot be matched with anything, whatever is on offer."""

    CLOSED = "need-closed"
    NO_QUANTITY = "need-without-sound-quantity"
    MET = "need-met"
    NO_CATEGORY = "need-without-category"
    NO_PLACE = "need-without-place"
    WINDOW_REVERSED = "need-window-reversed"
    OVERDUE = "need-overdue"


@dataclass(frozen=True, eq=False)
class Slices:
    """A list of positions per row: row `k` has `values[start[k]:start[k + 1]]`."""

    start: Ints
    values: Positions

    @staticmethod
    def of(rows: Sequence[Sequence[int]]) -> "Slices":
        """From a list per row."""
        start = np.zeros(len(rows) + 1, np.int64)
        np.cumsum([len(row) for row in rows], out=start[1:])
        return Slices(start, np.fromiter((v for row in rows for v in row), np.int32, int(start[-1])))

    def row(self, k: int) -> Positions:
        """The list of one row."""
        return self.values[self.start[k] : self.start[k + 1]]

    def rows_of_values(self) -> Positions:
        """The row that each value belongs to."""
        return np.repeat(np.arange(len(self.start) - 1, dtype=np.int32), np.diff(self.start))


@dataclass(frozen=True, eq=False)
class Areas:
    """The territory. `holders` lists, per area, itself and every area that holds it, nearest first."""

    ids: tuple[str, ...]
    labels: tuple[str, ...]
    names: tuple[str, ...]
    holders: Slices
    community: Positions
    street: Positions
    district: Positions


@dataclass(frozen=True, eq=False)
class Categories:
    """Categories; `relation` and `edge` have one row per need's category and one column per resource's.

    `relation`: 2 the same, 1 under the same wider one (or the wider one itself), 0 neither. `edge`: the
    strongest CAN_SERVE row that holds, or -1; `edge_wanted`, `edge_giving`, `edge_weight` describe it.
    Both have a last row and column for "no category", which fits nothing.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    lists: tuple[str, ...]
    parent: Positions
    synonyms: tuple[tuple[str, ...], ...]
    relation: npt.NDArray[np.int8]
    edge: Positions
    edge_wanted: Positions
    edge_giving: Positions
    edge_weight: Reals


@dataclass(frozen=True, eq=False)
class Owners:
    """Units, communities, organizations and persons that offer something."""

    ids: tuple[str, ...]
    labels: tuple[str, ...]
    names: tuple[str, ...]
    area: Positions
    active: Flags
    vetoed: Flags
    declined: Flags
    """Per owner and category of needs (and a last column for "no category"): it does not serve them."""
    declined_groups: Flags
    """Per owner and group, with the columns of `Resources.allowed`."""


@dataclass(frozen=True, eq=False)
class Needs:
    """Needs. `remaining` is what is still asked for; `bars` has a bit per `NeedBar`, in declared order."""

    ids: tuple[str, ...]
    titles: tuple[str, ...]
    texts: tuple[str, ...]
    units: tuple[str, ...]
    states: tuple[str, ...]
    quantity: Ints
    remaining: Ints
    urgency: Ints
    whole: Ints
    """1: met in full or not at all."""
    category: Positions
    area: Positions
    wanted_from: Days
    wanted_to: Days
    """One past the last day on which it is wanted."""
    deadline: Days
    group: Positions
    bars: npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Resources:
    """Resources. `remaining` is what can still be promised.

    `allowed` has a column per group, one for everyone (and any group that no resource names), and a last
    one, always true, for needs that do not say whom they are for.
    """

    ids: tuple[str, ...]
    titles: tuple[str, ...]
    texts: tuple[str, ...]
    units: tuple[str, ...]
    capacity: Ints
    remaining: Ints
    category: Positions
    owner: Positions
    serves: Slices
    """Service areas, without those that lie in another one of the list."""
    valid_from: Days
    valid_to: Days
    allowed: Flags
    last_confirmed: Days
    """`FIRST_DAY`: never."""


@dataclass(frozen=True, eq=False)
class Ties:
    """Agreements and seats; `keys` is owner * areas + area, rising, the agreement alone where both exist."""

    keys: Ints
    is_seat: Flags
    ids: tuple[str, ...]
    organizations: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Records:
    """Past deliveries (share delivered) and evaluations (score / 100), each 0 to 1, by owner."""

    owner: Positions
    value: Reals
    is_evaluation: Flags
    ids: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Snapshot:
    """One state of the three lists on one day, ready to be matched. Build it with `matching.build.build`."""

    as_of: int
    areas: Areas
    categories: Categories
    owners: Owners
    needs: Needs
    resources: Resources
    ties: Ties
    records: Records
    vetoes: Ints
    """need * resources + resource, rising."""
    findings: tuple[Finding, ...]

    @cached_property
    def need_position(self) -> dict[str, int]:
        """Position of each need's key."""
        return {key: k for k, key in enumerate(self.needs.ids)}

    @cached_property
    def resource_position(self) -> dict[str, int]:
        """Position of each resource's key."""
        return {key: k for k, key in enumerate(self.resources.ids)}

    @cached_property
    def owner_position(self) -> dict[str, int]:
        """Position of each owner's key."""
        return {key: k for k, key in enumerate(self.owners.ids)}

    @cached_property
    def findings_by_key(self) -> dict[tuple[str, str], tuple[Finding, ...]]:
        """Findings by (label, key)."""
        found: dict[tuple[str, str], tuple[Finding, ...]] = {}
        for one in self.findings:
            found[one.label, one.id] = (*found.get((one.label, one.id), ()), one)
        return found

    @cached_property
    def synonyms(self) -> Synonyms:
        """The categories' names and synonyms, as concepts that different words share."""
        names, words = self.categories.names, self.categories.synonyms
        return Synonyms([(name, *others) for name, others in zip(names, words, strict=True)])

    @cached_property
    def texts(self) -> Corpus:
        """The resources' titles and texts, searchable by the needs' ones."""
        both = [f"{a}\n{b}" for a, b in zip(self.resources.titles, self.resources.texts, strict=True)]
        asked = [f"{a}\n{b}" for a, b in zip(self.needs.titles, self.needs.texts, strict=True)]
        return Corpus.of(both, asked, self.synonyms)

    @cached_property
    def records_by_owner(self) -> dict[int, list[int]]:
        """Positions of the records of each owner that has some."""
        found: dict[int, list[int]] = {}
        for k, owner in enumerate(self.records.owner.tolist()):
            found.setdefault(owner, []).append(k)
        return found
