"""What a plan decides about: needs, resources, the pairs that may be matched, and the wishes on top.

Everything is a column of 64-bit integers, so that a proof about a plan is exact. Rows are known by their
position; who they are is kept by the caller (and by the plan's file).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]

NO_COMMUNITY = -1
"""The community of a need that belongs to none (raised by a street, say): no tier counts it."""
NO_UNIT = -1
"""The unit of a resource that no unit owns: no load limit touches it."""
NO_LIMIT = -1
"""The limit of a unit that may be asked for all it offers."""
LARGEST = 10**9
"""No quantity, weight, price or bonus may be larger."""
LARGEST_VALUE = 2**52
"""No plan may be worth more: value, bound and every price then fit in 64 bits and in a JSON number."""


@dataclass(frozen=True)
class Tier:
    """Serving a community's demand up to `percent` (of its units) is worth `bonus` more per unit."""

    percent: int
    bonus: int


@dataclass(frozen=True, eq=False)
class Instance:
    """Needs, resources and the pairs between them, in columns; `build` makes one.

    Per need: `need_quantity` units wanted, `need_urgency` (1..5, already inside the weights, kept for the
    reader), `need_community` (position or `NO_COMMUNITY`). Per resource: `resource_capacity` units on
    offer, `resource_unit` (position or `NO_UNIT`). Per pair: `pair_need` and `pair_resource` (positions),
    `pair_weight` (worth of one unit, at least 1), `locked` units that are signed and cannot move,
    `announced` units that were promised beyond the locked ones and `move_price`, what withdrawing one of
    them costs. Per unit: `unit_limit`, the most units it may be asked for in all (or `NO_LIMIT`).
    `tiers`: percents rise, bonuses fall.

    The practical rules, per need, 0 for none: `max_parties` (how many resources may share it),
    `minimum_lot` (no resource gives less), `all_or_nothing` (1: served in full or not at all).
    """

    need_quantity: IntArray
    need_urgency: IntArray
    need_community: IntArray
    resource_capacity: IntArray
    resource_unit: IntArray
    pair_need: IntArray
    pair_resource: IntArray
    pair_weight: IntArray
    locked: IntArray
    announced: IntArray
    move_price: IntArray
    unit_limit: IntArray
    communities: int
    tiers: tuple[Tier, ...]
    max_parties: IntArray
    minimum_lot: IntArray
    all_or_nothing: IntArray

    @classmethod
    def build(
        cls,
        *,
        need_quantity: npt.ArrayLike,
        resource_capacity: npt.ArrayLike,
        pair_need: npt.ArrayLike,
        pair_resource: npt.ArrayLike,
        pair_weight: npt.ArrayLike,
        need_urgency: npt.ArrayLike | None = None,
        need_community: npt.ArrayLike | None = None,
        resource_unit: npt.ArrayLike | None = None,
        locked: npt.ArrayLike | None = None,
        announced: npt.ArrayLike | None = None,
        move_price: npt.ArrayLike | None = None,
        unit_limit: npt.ArrayLike = (),
        communities: int | None = None,
        tiers: Sequence[Tier] = (),
        max_parties: npt.ArrayLike | None = None,
        minimum_lot: npt.ArrayLike | None = None,
        all_or_nothing: npt.ArrayLike | None = None,
    ) -> Self:
        """An instance from any integer sequences; what is left out is switched off (see the class).

        Raises `ValueError`, naming the column and the row, when the numbers make no sense.

        >>> Instance.build(need_quantity=[2], resource_capacity=[3], pair_need=[0], pair_resource=[0],
        ...                pair_weight=[700]).pairs
        1
        """
        quantity, capacity = (
            _column("need_quantity", need_quantity),
            _column("resource_capacity", resource_capacity),
        )
        need, weight = _column("pair_need", pair_need), _column("pair_weight", pair_weight)
        community = _column("need_community", need_community, len(quantity), NO_COMMUNITY)
        if communities is None:
            communities = int(community.max(initial=NO_COMMUNITY)) + 1
        return cls(
            need_quantity=quantity,
            need_urgency=_column("need_urgency", need_urgency, len(quantity), 1),
            need_community=community,
            resource_capacity=capacity,
            resource_unit=_column("resource_unit", resource_unit, len(capacity), NO_UNIT),
            pair_need=need,
            pair_resource=_column("pair_resource", pair_resource),
            pair_weight=weight,
            locked=_column("locked", locked, len(need)),
            announced=_column("announced", announced, len(need)),
            move_price=_column("move_price", move_price, len(need)),
            unit_limit=_column("unit_limit", unit_limit),
            communities=communities,
            tiers=tuple(tiers),
            max_parties=_column("max_parties", max_parties, len(quantity)),
            minimum_lot=_column("minimum_lot", minimum_lot, len(quantity)),
            all_or_nothing=_column("all_or_nothing", all_or_nothing, len(quantity)),
        )

    def __post_init__(self) -> None:
        """Refuse what makes no sense, naming it."""
        self._check_lengths()
        self._check_ranges()
        self._check_pairs()
        self._check_locks()
        self._check_tiers()
        largest = int(self.pair_weight.max(initial=0)) + int(self.move_price.max(initial=0))
        largest += max((t.bonus for t in self.tiers), default=0)
        units = int(self.need_quantity.sum()) + int(self.announced.sum())
        if units * largest > LARGEST_VALUE:
            raise ValueError(
                f"{units} units worth up to {largest} each: no plan may be worth more than {LARGEST_VALUE}; "
                "make the quantities or the weights smaller"
            )

    @property
    def needs(self) -> int:
        """How many needs."""
        return len(self.need_quantity)

    @property
    def resources(self) -> int:
        """How many resources."""
        return len(self.resource_capacity)

    @property
    def units(self) -> int:
        """How many units."""
        return len(self.unit_limit)

    @property
    def pairs(self) -> int:
        """How many pairs may be matched."""
        return len(self.pair_need)

    @property
    def has_practical_rules(self) -> bool:
        """Whether any need has a practical rule; the exact flow does not heed them, `practical` does."""
        return bool(self.max_parties.any() or self.minimum_lot.any() or self.all_or_nothing.any())

    def _check_lengths(self) -> None:
        for names, length in (
            (_NEED_COLUMNS, self.needs),
            (("resource_unit",), self.resources),
            (_PAIR_COLUMNS, self.pairs),
        ):
            for name in names:
                found = len(getattr(self, name))
                if found != length:
                    raise ValueError(f"{name}: {found} rows where {length} are expected")

    def _check_ranges(self) -> None:
        for name, low, high in (
            ("need_quantity", 0, LARGEST),
            ("need_urgency", 1, 5),
            ("need_community", NO_COMMUNITY, self.communities - 1),
            ("resource_capacity", 0, LARGEST),
            ("resource_unit", NO_UNIT, self.units - 1),
            ("pair_need", 0, self.needs - 1),
            ("pair_resource", 0, self.resources - 1),
            ("pair_weight", 1, LARGEST),
            ("locked", 0, LARGEST),
            ("announced", 0, LARGEST),
            ("move_price", 0, LARGEST),
            ("unit_limit", NO_LIMIT, LARGEST),
            ("max_parties", 0, LARGEST),
            ("minimum_lot", 0, LARGEST),
            ("all_or_nothing", 0, 1),
        ):
            column: IntArray = getattr(self, name)
            wrong = np.flatnonzero((column < low) | (column > high))
            if len(wrong):
                row = int(wrong[0])
                raise ValueError(f"{name}[{row}] is {column[row]}; it must lie in {low}..{high}")

    def _check_pairs(self) -> None:
        key = self.pair_need * max(1, self.resources) + self.pair_resource
        order = np.argsort(key, kind="stable")
        twice = np.flatnonzero(key[order][1:] == key[order][:-1])
        if len(twice):
            row = int(order[twice[0] + 1])
            raise ValueError(
                f"pair {row} (need {self.pair_need[row]}, resource {self.pair_resource[row]}) is there twice"
            )

    def _check_locks(self) -> None:
        for side, rows, size, most in (
            ("need", self.pair_need, self.needs, self.need_quantity),
            ("resource", self.pair_resource, self.resources, self.resource_capacity),
        ):
            locked = total_by(rows, self.locked, size)
            wrong = np.flatnonzero(locked > most)
            if len(wrong):
                row = int(wrong[0])
                raise ValueError(f"{side} {row} has {locked[row]} locked units but only {most[row]} in all")

    def _check_tiers(self) -> None:
        last = Tier(0, LARGEST + 1)
        for tier in self.tiers:
            if not last.percent < tier.percent <= 100:
                raise ValueError(f"tier at {tier.percent} %: percents must rise and lie in 1..100")
            if not 0 < tier.bonus < last.bonus:
                raise ValueError(
                    f"tier at {tier.percent} % with bonus {tier.bonus}: bonuses must fall and be positive"
                )
            last = tier


_NEED_COLUMNS = ("need_urgency", "need_community", "max_parties", "minimum_lot", "all_or_nothing")
_PAIR_COLUMNS = ("pair_resource", "pair_weight", "locked", "announced", "move_price")


def total_by(rows: IntArray, amounts: IntArray, size: int) -> IntArray:
    """The sum of `amounts` by the position in `rows`, of length `size`; exact below 2**53.

    >>> total_by(np.array([0, 2, 0]), np.array([5, 1, 2]), 3).tolist()
    [7, 0, 1]
    """
    some = np.flatnonzero(amounts)
    return np.bincount(rows[some], weights=amounts[some], minlength=size).astype(np.int64)


def tier_sizes(instance: Instance) -> IntArray:
    """How many units each tier of each community holds: shape (tiers, communities).

    A tier reaches up to its percent of the community's whole demand, rounded up, and begins where the
    tier before it ends.
    """
    inside = instance.need_community >= 0
    demand = total_by(instance.need_community[inside], instance.need_quantity[inside], instance.communities)
    percents = np.array([t.percent for t in instance.tiers], np.int64)
    reach = -(-percents[:, None] * demand[None, :] // 100)
    return np.diff(reach, axis=0, prepend=0)


def objective(instance: Instance, quantity: IntArray) -> int:
    """What a plan is worth: its weights, less the price of withdrawn promises, plus the tiers' bonuses.

    `quantity` has the units of every pair, locked ones included.

    >>> instance = Instance.build(need_quantity=[4], need_community=[0], resource_capacity=[3], pair_need=[0],
    ...     pair_resource=[0], pair_weight=[10], announced=[2], move_price=[5], tiers=[Tier(50, 7)])
    >>> [objective(instance, np.array([units])) for units in (0, 1, 2, 3)]
    [-10, 12, 34, 44]
    """
    kept = quantity - instance.locked
    withdrawn = np.maximum(instance.announced - kept, 0)
    worth = int(instance.pair_weight @ quantity) - int(instance.move_price @ withdrawn)
    if not instance.tiers:
        return worth
    community = instance.need_community[instance.pair_need]
    inside = community >= 0
    left = total_by(community[inside], quantity[inside], instance.communities)
    for tier, size in zip(instance.tiers, tier_sizes(instance), strict=True):
        filled = np.minimum(left, size)
        worth += tier.bonus * int(filled.sum())
        left = left - filled
    return worth


def _column(name: str, values: Any, length: int = 0, otherwise: int = 0) -> IntArray:
    """`values` as a read-only column of whole numbers; `otherwise` everywhere when they are left out."""
    if values is None:
        column = np.full(length, otherwise, np.int64)
    else:
        found = np.asarray(values)
        if found.ndim != 1:
            raise ValueError(f"{name} must be one column, not {found.ndim}-dimensional")
        if found.size and found.dtype.kind not in "iub":
            raise ValueError(f"{name} holds {found.dtype} values; whole numbers are expected")
        if found.size and found.dtype.kind == "u" and int(found.max()) > LARGEST:
            raise ValueError(f"{name} holds {found.max()}; the largest number allowed is {LARGEST}")
        column = found.astype(np.int64)
    column.setflags(write=False)
    return column
