"""Seeded chance, and the exact division of a total among unequal parts."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import accumulate
from typing import Generic, TypeVar

T = TypeVar("T")


class Chance(random.Random):
    """A stream of chance of its own per part of the demo, so that a change in one leaves the others alone."""

    @classmethod
    def of(cls, *parts: object) -> "Chance":
        """The stream that belongs to a seed, a district and a part; the same parts give the same stream."""
        return cls("/".join(str(part) for part in parts))

    def happens(self, share: float) -> bool:
        """True in that share of the calls."""
        return self.random() < share

    def day(self, first: date, last: date) -> date:
        """A day from `first` to `last`, both included; `first` when they are in the wrong order."""
        return first + timedelta(days=self.randint(0, max(0, (last - first).days)))

    def uneven(self, spread: float) -> float:
        """A positive weight around 1; the larger the spread, the more unequal the weights."""
        return self.lognormvariate(0.0, spread)

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """The items in another order."""
        copy = list(items)
        self.shuffle(copy)
        return copy


class Weighted(Generic[T]):
    """Items to draw from, each as often as its weight says."""

    def __init__(self, items: Sequence[T], weights: Sequence[float]) -> None:
        """Raises `ValueError` when there is nothing to draw."""
        if not items or len(items) != len(weights) or sum(weights) <= 0:
            raise ValueError("nothing to draw from")
        self.items = items
        self._sums = list(accumulate(weights))

    def draw(self, chance: Chance) -> T:
        """One item."""
        return chance.choices(self.items, cum_weights=self._sums)[0]


def apportion(total: int, weights: Sequence[float], minimum: int = 0) -> list[int]:
    """Whole parts that add up to `total`, in proportion to the weights above a minimum (largest remainder).

    Raises `ValueError` when the total does not even cover the minimum of every part.

    >>> apportion(10, [1, 1, 2], minimum=1)
    [3, 3, 4]
    """
    free = total - minimum * len(weights)
    whole = sum(weights)
    if free < 0 or whole <= 0:
        raise ValueError(f"{total} cannot be divided among {len(weights)} parts of at least {minimum}")
    exact = [free * weight / whole for weight in weights]
    parts = [int(share) for share in exact]
    by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for index in by_remainder[: free - sum(parts)]:
        parts[index] += 1
    return [minimum + part for part in parts]


def spread_counts(counts: dict[T, int], chance: Chance) -> list[T]:
    """Each key as often as its count says, in a random order."""
    return chance.shuffled([key for key, count in counts.items() for _ in range(count)])
