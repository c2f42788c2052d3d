"""Which resource may meet which need at all: hard constraints, each refusal with its reason.

All pairs at once are found block by block of (service area, category): a need asks, for each area that
holds it and each category that can serve it, for the resources filed there. Only what passes both is ever
looked at, and the other constraints are single array operations on it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from matching.profile import Profile
from matching.snapshot import FIRST_DAY, LAST_DAY, Flags, Ints, NeedBar, Positions, Snapshot

Bits = npt.NDArray[np.uint16]


class Reason(StrEnum):
    """Why a resource cannot meet a need, in the order in which a refusal is counted."""

    CAPACITY_ZERO = "capacity-zero"
    EXPIRED = "resource-expired"
    NOT_CONFIRMED = "resource-not-confirmed"
    OWNER_INACTIVE = "owner-inactive"
    OWNER_VETOED = "owner-vetoed"
    CATEGORY = "category-incompatible"
    PLACE = "outside-service-area"
    PAIR_VETOED = "turned-down-before"
    DECLINED = "declined-by-owner"
    GROUP = "group-not-allowed"
    WINDOW = "windows-overlap-too-little"
    DEADLINE = "deadline-unreachable"


BITS = {reason: np.uint16(1 << k) for k, reason in enumerate(Reason)}
"""The bit of each reason in a mask of refusals; 0 is a candidate."""
_PAIRS_AT_A_TIME = 1 << 17


@dataclass(frozen=True, eq=False)
class Pairs:
    """Candidate pairs as positions, rising by need, then by resource; each pair once."""

    need: Positions
    resource: Positions

    def __len__(self) -> int:
        return len(self.need)


def need_bars(snapshot: Snapshot, profile: Profile) -> npt.NDArray[np.uint8]:
    """The bars of every need, a bit per `NeedBar`, with its deadline judged under the profile."""
    overdue = np.uint8(1 << list(NeedBar).index(NeedBar.OVERDUE))
    late = (snapshot.needs.deadline < snapshot.as_of) & (not profile.limits.match_overdue)
    return snapshot.needs.bars | np.where(late, overdue, np.uint8(0))


def bars_of(snapshot: Snapshot, profile: Profile, need: int) -> tuple[NeedBar, ...]:
    """Why one need cannot be matched with anything; empty when it can."""
    mask = int(need_bars(snapshot, profile)[need])
    return tuple(bar for k, bar in enumerate(NeedBar) if mask >> k & 1)


def resource_refusals(snapshot: Snapshot, profile: Profile) -> Bits:
    """For each resource, the reasons that bar it from every need."""
    resources, owners, limits = snapshot.resources, snapshot.owners, profile.limits
    # A resource without a known owner (-1) takes the last, added, row: nobody can be asked.
    active = np.append(owners.active, False)[resources.owner]
    vetoed = np.append(owners.vetoed, False)[resources.owner]
    unconfirmed = resources.last_confirmed < snapshot.as_of - limits.confirmed_within_days
    mask = _bit(Reason.CAPACITY_ZERO, resources.remaining <= 0)
    mask |= _bit(Reason.EXPIRED, resources.valid_to <= snapshot.as_of)
    mask |= _bit(Reason.NOT_CONFIRMED, unconfirmed & (limits.confirmed_within_days > 0))
    mask |= _bit(Reason.OWNER_INACTIVE, ~active)
    return mask | _bit(Reason.OWNER_VETOED, vetoed)


def pair_refusals(
    snapshot: Snapshot, profile: Profile, need: Positions | int, resource: Positions | int
) -> Bits:
    """For pairs, the reasons that lie in the two together, category and place left aside."""
    mask = np.zeros(np.broadcast_shapes(np.shape(need), np.shape(resource)), np.uint16)
    for reason, refused in _pair_checks(snapshot, profile, need, resource):
        mask |= _bit(reason, refused)
    return mask


def _pair_checks(
    snapshot: Snapshot, profile: Profile, need: Positions | int, resource: Positions | int
) -> Iterator[tuple[Reason, Flags]]:
    """Each reason that can lie in a pair, and where it does. What depends on the need alone is computed once per need."""
    needs, resources, limits = snapshot.needs, snapshot.resources, profile.limits
    if len(snapshot.vetoes):
        keys = np.asarray(need, np.int64) * len(resources.ids) + resource
        yield Reason.PAIR_VETOED, _among(keys, snapshot.vetoes)
    owner = resources.owner[resource]
    for declined, wanted in (
        (snapshot.owners.declined, needs.category),
        (snapshot.owners.declined_groups, needs.group),
    ):
        if declined.any():
            yield Reason.DECLINED, declined[owner, wanted[need]]
    yield Reason.GROUP, ~resources.allowed[resource, needs.group[need]]
    begins = np.maximum(needs.wanted_from, np.int32(snapshot.as_of))
    least = np.minimum(np.int32(limits.minimum_overlap_days), needs.wanted_to - needs.wanted_from)
    from_ = resources.valid_from[resource]
    shared = np.minimum(needs.wanted_to[need], resources.valid_to[resource]) - np.maximum(begins[need], from_)
    yield Reason.WINDOW, shared < least[need]
    # An overdue need that is matched all the same has no deadline left to keep.
    overdue = (needs.deadline < snapshot.as_of) & limits.match_overdue
    latest = np.where(overdue, np.int32(LAST_DAY), needs.deadline)
    # A need that begins too late by itself can be met by nothing, however early it starts.
    soonest = np.maximum(needs.wanted_from, np.int32(snapshot.as_of + limits.lead_days))
    latest = np.where(soonest <= latest, latest, np.int32(FIRST_DAY - 1))
    yield Reason.DEADLINE, from_ > latest[need]


def refusals(snapshot: Snapshot, profile: Profile, need: int) -> Bits:
    """For one need, every reason against each resource; 0 marks a candidate."""
    resources, categories = snapshot.resources, snapshot.categories
    wanted = snapshot.needs.category[need]
    fits = (categories.relation[wanted] > 0) | (categories.edge[wanted] >= 0)
    inside = np.zeros(len(resources.ids), np.bool_)
    if snapshot.needs.area[need] >= 0:
        holders = snapshot.areas.holders.row(int(snapshot.needs.area[need]))
        inside[resources.serves.rows_of_values()[np.isin(resources.serves.values, holders)]] = True
    mask = resource_refusals(snapshot, profile)
    mask |= _bit(Reason.CATEGORY, ~fits[resources.category]) | _bit(Reason.PLACE, ~inside)
    return mask | pair_refusals(snapshot, profile, need, np.arange(len(resources.ids), dtype=np.int32))


def refusals_of_resource(snapshot: Snapshot, profile: Profile, resource: int) -> Bits:
    """For one resource, every reason against each need; 0 marks a need that it may meet, if the need is open."""
    needs, categories, holders = snapshot.needs, snapshot.categories, snapshot.areas.holders
    giving = int(snapshot.resources.category[resource])
    fits = (categories.relation[:, giving] > 0) | (categories.edge[:, giving] >= 0)
    inside = np.zeros(len(snapshot.areas.ids) + 1, np.bool_)
    inside[holders.rows_of_values()[np.isin(holders.values, snapshot.resources.serves.row(resource))]] = True
    mask = pair_refusals(snapshot, profile, np.arange(len(needs.ids), dtype=np.int32), resource)
    mask |= resource_refusals(snapshot, profile)[resource]
    return mask | _bit(Reason.CATEGORY, ~fits[needs.category]) | _bit(Reason.PLACE, ~inside[needs.area])


def counted(mask: Bits) -> dict[Reason, int]:
    """How many are refused for which reason, each counted once under its first one; without zeros.

    >>> counted(np.array([0, BITS[Reason.PLACE] | BITS[Reason.WINDOW], BITS[Reason.PLACE]], np.uint16))
    {<Reason.PLACE: 'outside-service-area'>: 2}
    """
    first = mask & (~mask + np.uint16(1))
    found = {reason: int(np.count_nonzero(first == bit)) for reason, bit in BITS.items()}
    return {reason: number for reason, number in found.items() if number}


def candidates(snapshot: Snapshot, profile: Profile) -> Pairs:
    """Every pair that no hard constraint refuses, of all needs that can be matched."""
    usable = np.flatnonzero(resource_refusals(snapshot, profile) == 0)
    open_needs = np.flatnonzero(need_bars(snapshot, profile) == 0)
    blocks = _Blocks.of(snapshot, usable)
    need, start, count = blocks.asked(snapshot, open_needs)
    found: list[Ints] = []
    ends = np.cumsum(count)
    first = 0
    while first < len(need):
        before = int(ends[first - 1]) if first else 0
        last = max(first + 1, int(np.searchsorted(ends, before + _PAIRS_AT_A_TIME, "right")))
        part = slice(first, last)
        i = np.repeat(need[part], count[part])
        within = np.arange(len(i)) - np.repeat(ends[part] - count[part] - before, count[part])
        j = blocks.resource[np.repeat(start[part], count[part]) + within]
        kept = np.ones(len(i), np.bool_)
        for _, refused in _pair_checks(snapshot, profile, i, j):
            kept &= ~refused
        found.append(i[kept].astype(np.int64) * len(snapshot.resources.ids) + j[kept])
        first = last
    # Runs of rising keys: the stable sort merges them. (numpy's unique, by hash, took five times as long.)
    keys = np.sort(np.concatenate([np.zeros(0, np.int64), *found]), kind="stable")
    # A building lies in an estate and in a grid: a resource that serves both is found twice.
    keys = keys[np.append(True, keys[1:] != keys[:-1])[: len(keys)]]
    need_of, resource_of = np.divmod(keys, max(1, len(snapshot.resources.ids)))
    return Pairs(need_of.astype(np.int32), resource_of.astype(np.int32))


@dataclass(frozen=True, eq=False)
class _Blocks:
    """Usable resources sorted by (service area, category); `start` and `count` say where each block lies."""

    resource: Positions
    served: Positions
    """Per area, its row in `start` and `count`, or -1 when nothing serves it."""
    start: Ints
    count: Ints

    @classmethod
    def of(cls, snapshot: Snapshot, usable: npt.NDArray[np.intp]) -> "_Blocks":
        resources, width = snapshot.resources, len(snapshot.categories.ids) + 1
        is_usable = np.zeros(len(resources.ids), np.bool_)
        is_usable[usable] = True
        row = resources.serves.rows_of_values()
        kept = is_usable[row] & (resources.category[row] >= 0)
        row, area = row[kept], resources.serves.values[kept]
        areas, at = np.unique(area, return_inverse=True)
        served = np.full(len(snapshot.areas.ids), -1, np.int32)
        served[areas] = np.arange(len(areas), dtype=np.int32)
        block = at.astype(np.int64) * width + resources.category[row]
        count = np.bincount(block, minlength=len(areas) * width)
        return cls(
            row[np.argsort(block, kind="stable")],
            served,
            (np.cumsum(count) - count).reshape(-1, width),
            count.reshape(-1, width),
        )

    def asked(self, snapshot: Snapshot, needs: npt.NDArray[np.intp]) -> tuple[Positions, Ints, Ints]:
        """For each block that a need asks for and that holds something: the need, where it starts, how many."""
        holders, categories = snapshot.areas.holders, snapshot.categories
        fits: Flags = (categories.relation > 0) | (categories.edge >= 0)
        giving = _set_columns(fits)
        area = snapshot.needs.area[needs]
        need, spot = _spread(needs, holders.start[area], holders.start[area + 1])
        block_row = self.served[holders.values[spot]]
        need, block_row = need[block_row >= 0], block_row[block_row >= 0]
        wanted = snapshot.needs.category[need]
        each, spot = _spread(np.arange(len(need)), giving[0][wanted], giving[0][wanted + 1])
        column = giving[1][spot]
        count = self.count[block_row[each], column]
        some = np.flatnonzero(count)
        start = self.start[block_row[each[some]], column[some]]
        return need[each[some]].astype(np.int32), start, count[some]


def _spread(
    rows: npt.NDArray[np.intp], start: Ints, end: Ints
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Each row once per position from its start to before its end, and that position."""
    length = end - start
    first = np.cumsum(length) - length
    return np.repeat(rows, length), np.arange(int(length.sum())) + np.repeat(start - first, length)


def _set_columns(flags: Flags) -> tuple[Ints, npt.NDArray[np.intp]]:
    """Where each row's set columns start in the list of all set columns, and that list."""
    start = np.zeros(len(flags) + 1, np.int64)
    np.cumsum(flags.sum(axis=1), out=start[1:])
    return start, np.nonzero(flags)[1]


def _bit(reason: Reason, where: npt.NDArray[np.bool_]) -> Bits:
    return np.asarray(where, np.bool_).astype(np.uint16) * BITS[reason]


def _among(keys: Ints, rising: Ints) -> npt.NDArray[np.bool_]:
    """Which keys occur in a rising list."""
    if not len(rising):
        return np.zeros(np.shape(keys), np.bool_)
    spot = np.minimum(np.searchsorted(rising, keys), len(rising) - 1)
    return np.asarray(rising[spot] == keys)
