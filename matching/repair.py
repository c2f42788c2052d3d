"""Make a plan keep the practical rules: drop what breaks one, then fill up again, the worthiest first."""

import numpy as np

from matching.instance import NO_LIMIT, Instance, IntArray, total_by
from matching.network import free_need, free_resource, free_unit


def repair(instance: Instance, quantity: IntArray, worth: IntArray) -> IntArray:
    """Units per pair, near `quantity` (feasible but for the practical rules), that keep every rule.

    `worth` of a unit per pair decides what is kept and what is filled first. Deterministic, not the best.

    >>> instance = Instance.build(need_quantity=[4, 4], resource_capacity=[1, 3], pair_need=[0, 0, 1],
    ...     pair_resource=[0, 1, 1], pair_weight=[9, 5, 4], minimum_lot=[2, 0], all_or_nothing=[1, 0])
    >>> repair(instance, np.array([1, 3, 0]), instance.pair_weight).tolist()
    [0, 0, 3]
    """
    state = _Repair(instance, quantity)
    order = np.argsort(-worth, kind="stable").tolist()
    for need in range(instance.needs):
        state.thin(need, worth)
    whole = instance.all_or_nothing.tolist()
    by_need: list[list[int]] = [[] for _ in range(instance.needs)]
    for pair in order:
        by_need[state.need[pair]].append(pair)
    for pair in order:
        need = state.need[pair]
        if whole[need]:
            state.serve_whole(need, by_need[need])
        else:
            state.take(pair)
    return np.array(state.quantity, np.int64)


class _Repair:
    """What is given so far, and the room that is left per need, resource and unit."""

    def __init__(self, instance: Instance, quantity: IntArray) -> None:
        self.need = instance.pair_need.tolist()
        self.resource = instance.pair_resource.tolist()
        unit = np.where(instance.resource_unit >= 0, instance.resource_unit, instance.units)
        self.unit = unit[instance.pair_resource].tolist()
        self.locked = instance.locked.tolist()
        self.quantity = quantity.tolist()
        added = quantity - instance.locked
        limit = np.where(instance.unit_limit == NO_LIMIT, np.iinfo(np.int64).max // 2, free_unit(instance))
        room = np.append(limit, np.iinfo(np.int64).max // 2)
        self.need_left = (free_need(instance) - total_by(instance.pair_need, added, instance.needs)).tolist()
        used = total_by(instance.pair_resource, added, instance.resources)
        self.resource_left = (free_resource(instance) - used).tolist()
        owner = unit[instance.pair_resource]
        self.unit_left = (room - total_by(owner, added, instance.units + 1)).tolist()
        self.lot = np.minimum(instance.minimum_lot, instance.need_quantity).tolist()
        most = np.where(instance.max_parties > 0, instance.max_parties, instance.resources)
        parties = total_by(instance.pair_need, (quantity > 0).astype(np.int64), instance.needs)
        self.parties_left = (most - parties).tolist()
        self.all_or_nothing = instance.all_or_nothing.tolist()
        self.given: list[list[int]] = [[] for _ in range(instance.needs)]
        for pair in np.flatnonzero(added > 0).tolist():
            self.given[self.need[pair]].append(pair)

    def thin(self, need: int, worth: IntArray) -> None:
        """Give back lots that are too small, parties too many, and a whole that is not whole."""
        given = sorted(self.given[need], key=lambda p: (self.quantity[p] * int(worth[p]), p))
        for pair in given:
            if self.quantity[pair] < self.lot[need]:
                self.give_back(pair)
        for pair in given:
            if self.parties_left[need] >= 0:
                break
            if self.locked[pair] == 0 and self.quantity[pair] > 0:
                self.give_back(pair)
        if self.all_or_nothing[need] and self.need_left[need] > 0:
            for pair in given:
                self.give_back(pair)

    def take(self, pair: int) -> int:
        """Give as many units as there is room for, if that keeps the rules; how many."""
        need, resource, unit = self.need[pair], self.resource[pair], self.unit[pair]
        room: int = min(self.need_left[need], self.resource_left[resource], self.unit_left[unit])
        new = self.quantity[pair] == 0
        if room <= 0 or self.quantity[pair] + room < self.lot[need] or (new and self.parties_left[need] <= 0):
            return 0
        self._move(pair, room)
        return room

    def serve_whole(self, need: int, pairs: list[int]) -> None:
        """Serve a need in full or leave it as it is, by the worthiest pairs or else by the roomiest."""
        roomiest = sorted(pairs, key=lambda p: -self.resource_left[self.resource[p]])
        for attempt in (pairs, roomiest):
            if self.need_left[need] == 0:
                return
            taken = [(pair, self.take(pair)) for pair in attempt]
            if self.need_left[need] > 0:
                for pair, units in taken:
                    self._move(pair, -units)

    def give_back(self, pair: int) -> None:
        """Take a pair back to its locked units."""
        self._move(pair, self.locked[pair] - self.quantity[pair])

    def _move(self, pair: int, units: int) -> None:
        need, before = self.need[pair], self.quantity[pair]
        self.quantity[pair] += units
        self.need_left[need] -= units
        self.resource_left[self.resource[pair]] -= units
        self.unit_left[self.unit[pair]] -= units
        self.parties_left[need] += int(before > 0) - int(self.quantity[pair] > 0)
