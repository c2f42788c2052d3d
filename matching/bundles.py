"""Several parties together meet one need: as few as possible, and among those the best score.

A party is an owner with all its candidate resources. It gives at least the minimum lot (a need smaller
than the lot is met whole). The fewest parties follow from the sorted capacities; the best set of that size
is found by branch and bound, whose bound forgets how many parties there may be. After `SEARCH_LIMIT`
steps the best found is given with the bound that it may miss by.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matching.candidates import Pairs, bars_of, refusals
from matching.explain import BARS
from matching.match import UnknownKeyError
from matching.profile import Profile
from matching.score import score
from matching.snapshot import Snapshot

SEARCH_LIMIT = 20_000
"""Steps of the search; about 0.2 s."""
DEEPEST = 50
"""A bundle of more parties is not searched for, only bounded."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one resource of a party gives."""

    owner: str
    resource: str
    quantity: int
    score: float


@dataclass(frozen=True, slots=True)
class Bundle:
    """Shares that meet a need together. `missing` units are left when even all allowed parties fall short.

    `score` is the mean over the units given; `bound`, at least as high, is what no bundle of as many
    parties can exceed; `exact` says that they agree.
    """

    need: str
    shares: tuple[Share, ...]
    parties: int
    quantity: int
    missing: int
    score: float
    bound: float
    exact: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class _Party:
    """An owner's candidate resources, best first, as (score in millionths, units, position)."""

    owner: int
    offers: tuple[tuple[int, int, int], ...]

    @property
    def units(self) -> int:
        return sum(units for _, units, _ in self.offers)


def bundle_for(snapshot: Snapshot, need: str, profile: Profile) -> Bundle:
    """The bundle for a need; without shares when nobody fits. Raises `UnknownKeyError`.

    At most `practice.max_parties` parties take part (0: any number).
    """
    if need not in snapshot.need_position:
        raise UnknownKeyError("Need", need)
    i = snapshot.need_position[need]
    asked = int(snapshot.needs.remaining[i])
    bars = bars_of(snapshot, profile, i)
    if bars:
        return _empty(need, asked, "；".join(BARS[bar] for bar in bars))
    lot = min(profile.practice.minimum_lot, asked)
    parties = [party for party in _parties(snapshot, profile, i) if party.units >= max(lot, 1)]
    if not parties:
        return _empty(need, asked, "没有可以对接的资源")
    most = min(profile.practice.max_parties or len(parties), len(parties))
    # No more parties than lots fit into the need.
    most = min(most, asked // lot) if lot else most
    capacities = sorted((party.units for party in parties), reverse=True)
    reached = np.cumsum(capacities[:most])
    enough = np.flatnonzero(reached >= asked)
    number = int(enough[0]) + 1 if len(enough) else most
    target = min(asked, int(reached[number - 1]))
    search = _Search(parties, number, target, lot)
    search.run()
    return _told(snapshot, need, asked, target, number, search)


def best_of(offers: Sequence[tuple[int, int, int]], target: int) -> int:
    """The most that `target` units can be worth when taken from the best offers first (best-first order).

    >>> best_of([(900, 3, 0), (500, 9, 1)], 5)
    3700
    """
    worth = 0
    for value, units, _ in offers:
        taken = min(units, target)
        worth, target = worth + value * taken, target - taken
    return worth


def _parties(snapshot: Snapshot, profile: Profile, need: int) -> list[_Party]:
    fit = np.flatnonzero(refusals(snapshot, profile, need) == 0).astype(np.int32)
    scores = score(snapshot, profile, Pairs(np.full(len(fit), need, np.int32), fit))
    offers: dict[int, list[tuple[int, int, int]]] = {}
    for j, value in zip(fit.tolist(), scores.score.tolist(), strict=True):
        owner = int(snapshot.resources.owner[j])
        offers.setdefault(owner, []).append((round(value * 1e6), int(snapshot.resources.remaining[j]), j))
    keys = snapshot.owners.ids
    parties = [
        _Party(owner, tuple(sorted(found, key=lambda o: (-o[0], o[2])))) for owner, found in offers.items()
    ]
    return sorted(parties, key=lambda p: (-p.offers[0][0], keys[p.owner]))


class _Search:
    """Depth first over sets of `number` parties that reach `target` units, better parties first."""

    def __init__(self, parties: list[_Party], number: int, target: int, lot: int) -> None:
        self.parties, self.number, self.target, self.lot = parties, number, target, lot
        self.best: dict[int, int] = {}
        self.best_worth = -1
        self.looked = 0
        every = sorted((offer for party in parties for offer in party.offers), reverse=True)
        self.bound = best_of(every, target)
        # Per depth of the list: what the largest `n` parties from there on can give at most.
        units = [party.units for party in parties]
        self.largest = [sorted(units[k:], reverse=True)[:number] for k in range(len(parties) + 1)]

    @property
    def exhausted(self) -> bool:
        """Whether the limit cut the search short."""
        return self.looked >= SEARCH_LIMIT

    def run(self) -> None:
        """Find the best set; start from the parties with the most units, which always reach the target."""
        by_units = sorted(range(len(self.parties)), key=lambda k: (-self.parties[k].units, k))
        self._try(sorted(by_units[: self.number]))
        if self.number > DEEPEST:
            self.looked = SEARCH_LIMIT
        else:
            self._extend([], 0, 0)

    def _extend(self, chosen: list[int], first: int, units: int) -> None:
        left = self.number - len(chosen)
        if not left:
            self._try(chosen)
            return
        for k in range(first, len(self.parties)):
            # From here on not even the largest ones reach the target, nor the best ones the best so far.
            if units + sum(self.largest[k][:left]) < self.target or self._most(chosen, k) <= self.best_worth:
                return
            self.looked += 1
            if self.exhausted:
                return
            if units + self.parties[k].units + sum(self.largest[k + 1][: left - 1]) >= self.target:
                self._extend([*chosen, k], k + 1, units + self.parties[k].units)

    def _most(self, chosen: list[int], first: int) -> int:
        """What any set that adds to `chosen` from `first` on can be worth at most.

        Parties stand in the order of their best offers: what is added is worth no more than the first one's.
        """
        offers = [offer for k in chosen for offer in self.parties[k].offers]
        offers.append((self.parties[first].offers[0][0], self.target, -1))
        return best_of(sorted(offers, reverse=True), self.target)

    def _try(self, chosen: list[int]) -> None:
        given = _filled([self.parties[k] for k in chosen], self.target, self.lot)
        value = {j: v for k in chosen for v, _, j in self.parties[k].offers}
        worth = sum(value[j] * units for j, units in given.items())
        if worth > self.best_worth:
            self.best, self.best_worth = given, worth


def _filled(parties: list[_Party], target: int, lot: int) -> dict[int, int]:
    """Units per resource (position): every party its lot first, the rest to the best offers."""
    given: dict[int, int] = {}
    for party in parties:
        left = max(lot, 1)
        for _, units, j in party.offers:
            taken = min(units, left)
            if taken:
                given[j] = taken
            left -= taken
    left = target - sum(given.values())
    for _, units, j in sorted((o for party in parties for o in party.offers), key=lambda o: (-o[0], o[2])):
        taken = min(units - given.get(j, 0), left)
        if taken:
            given[j] = given.get(j, 0) + taken
        left -= taken
    return given


def _told(snapshot: Snapshot, need: str, asked: int, target: int, number: int, search: _Search) -> Bundle:
    values = {j: value for party in search.parties for value, _, j in party.offers}
    shares = tuple(
        Share(
            snapshot.owners.ids[snapshot.resources.owner[j]], snapshot.resources.ids[j], units, values[j] / 1e6
        )
        for j, units in sorted(search.best.items(), key=lambda item: (-item[1], item[0]))
    )  # fmt: skip
    unit = snapshot.needs.units[snapshot.need_position[need]]
    counted = f"{target} {unit}".rstrip()
    sentence = f"{number} 家合计满足 {counted}" if number > 1 else f"1 家即可满足 {counted}"
    if target < asked:
        sentence = f"{number} 家合计只能满足 {counted}，仍缺 {asked - target}"
    exact = not search.exhausted
    return Bundle(
        need=need,
        shares=shares,
        parties=number,
        quantity=target,
        missing=asked - target,
        score=search.best_worth / target / 1e6,
        bound=(search.best_worth if exact else search.bound) / target / 1e6,
        exact=exact,
        sentence=sentence,
    )


def _empty(need: str, asked: int, sentence: str) -> Bundle:
    return Bundle(need, (), 0, 0, asked, 0.0, 0.0, True, sentence)
