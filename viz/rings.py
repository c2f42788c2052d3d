"""A neighbourhood as rings around its middle: one hop a ring, room for every name, the same picture each time.

A name is a box beside its node, so distance counts as the larger of the two directions, each measured in boxes.
Pure.
"""

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Key = TypeVar("Key", bound=Hashable)

ROOM_WIDTH, ROOM_HEIGHT = 104.0, 46.0
"""The room that a node and its name take, in the units of the positions (pixels at the first look)."""
WIDER = 1.45
"""How much wider than high a ring is: screens are."""
_FIRST = 96.0
_BETWEEN = 86.0
_SAMPLES = 1440
# Along a curve two neighbours come a little nearer to each other than the way between them is long.
_SLACK = 1.22


@dataclass(frozen=True)
class Point:
    """Where a node stands."""

    x: float
    y: float


def rings(hops: Sequence[Sequence[tuple[Key, Key]]], middle: Key) -> Mapping[Key, Point]:
    """Positions by key: `middle` at (0, 0), the nodes of hop i around it.

    `hops[i]` are (node, node of the hop before that it hangs on), in the order in which they stand around. A
    hop that does not fit on one ring takes several; a node stands as near as it can to what it hangs on.

    >>> around = rings([[("a", "m"), ("b", "m")], [("c", "b")]], "m")
    >>> around["m"], around["a"].y < 0, abs(around["c"].y) > abs(around["b"].y)
    (Point(x=0.0, y=0.0), True, True)
    """
    found: dict[Key, Point] = {middle: Point(0.0, 0.0)}
    share: dict[Key, float] = {}
    height = _FIRST
    for hop in hops:
        if not hop:
            continue
        rows = _rows(len(hop), height)
        wanted = [share.get(parent) for _, parent in hop]
        order = sorted(range(len(hop)), key=lambda i: (wanted[i] is not None, wanted[i] or 0.0, i))
        for row, row_height in enumerate(rows):
            mine = order[row :: len(rows)]
            places = _places([wanted[i] for i in mine], row_height, row / len(rows))
            for i, place in zip(mine, places, strict=True):
                share[hop[i][0]] = place
                found[hop[i][0]] = _point(place, row_height)
        height = rows[-1] + _BETWEEN
    return found


def _rows(count: int, height: float) -> list[float]:
    """The half heights of the rings that so many nodes need, from `height` outwards; they are dealt out in turn."""
    needed = math.ceil(count * _SLACK / (height * _capacity()))
    return [height + row * _BETWEEN for row in range(needed)]


def _places(wanted: Sequence[float | None], height: float, shift: float) -> list[float]:
    """Where on a ring the nodes stand, as shares of the way around it, in their order.

    Nodes that hang on nothing yet share the ring evenly; the others stand as near as they can to the share of
    what they hang on, no two of them too near: a regression that keeps the order, by pooling.
    """
    count = len(wanted)
    known = [each for each in wanted if each is not None]
    if len(known) < count:
        return [((i + shift) / count) % 1 for i in range(count)]
    gap = min(_SLACK / (height * _capacity()), 1 / count)
    pools: list[tuple[float, int]] = []
    for position, each in enumerate(known):
        pools.append((each - position * gap, 1))
        while len(pools) > 1 and pools[-2][0] >= pools[-1][0]:
            (a, n), (b, m) = pools[-2:]
            pools[-2:] = [((a * n + b * m) / (n + m), n + m)]
    starts = [start for start, size in pools for _ in range(size)]
    placed = [start + position * gap for position, start in enumerate(starts)]
    # Around the end of the ring the last may come too near to the first.
    if placed[-1] - placed[0] > 1 - gap:
        return [((i + shift) / count + placed[0]) % 1 for i in range(count)]
    return [place % 1 for place in placed]


@cache
def _way() -> tuple[Floats, Floats, Floats]:
    """Points of the ring of half height 1, from the top clockwise, and the share of the way that leads to each."""
    angles = np.linspace(0, 2 * np.pi, _SAMPLES + 1)
    x, y = WIDER * np.sin(angles), -np.cos(angles)
    steps = np.maximum(np.abs(np.diff(x)) / ROOM_WIDTH, np.abs(np.diff(y)) / ROOM_HEIGHT)
    return x, y, np.append(0.0, np.cumsum(steps))


def _capacity() -> float:
    """How many boxes fit on a ring per unit of its half height."""
    return float(_way()[2][-1])


def _point(share: float, height: float) -> Point:
    x, y, way = _way()
    at = share * way[-1]
    return Point(
        round(float(np.interp(at, way, x)) * height, 1), round(float(np.interp(at, way, y)) * height, 1)
    )
