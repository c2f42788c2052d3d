"""Areas inside areas as circles inside circles: a map whose places stay where people have learnt them to be.

The children of an area take the slots of a grid that winds outwards from its middle, in the order in which they
are given, and are then drawn together until they nearly touch. So the same areas always give the same picture, and
a new last child moves the others a little. Pure numpy, one pass up and one pass down the levels.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

GAP = 0.06
"""Free room around a circle, as a share of its radius."""
_START = (0.2, 0.1)
"""Where the winding begins: of the places tried, from here any number of slots is the most compact."""
_SETTLED = 48
"""More siblings than this keep their slots: what settles is looked at in pairs."""
_STEPS, _PULL, _GIVE = 120, 0.06, 0.55
_MIDDLE_STEPS = 60


@dataclass(frozen=True)
class Circles:
    """Centre and radius of each area, in the order in which they were given; the whole lies in the unit circle.

    `depth` is 0 for an area that nothing holds.
    """

    x: Floats
    y: Floats
    radius: Floats
    depth: Integers


def containment(parents: Sequence[int] | Integers, sizes: Sequence[float] | Floats | None = None) -> Circles:
    """The circles of a forest: `parents[i]` is the position of the area that holds area i, -1 for none.

    `sizes` are relative areas of the circles of those that hold nothing (default: equal). Those that hold
    something are as large as what they hold needs. Siblings stand in the order in which they are given.

    >>> circles = containment([-1, 0, 0])
    >>> circles.radius.round(2).tolist(), circles.y.tolist()
    ([1.0, 0.44, 0.44], [0.0, 0.0, 0.0])

    Raises ValueError when an area holds itself, by whatever detour, or a parent or a size is none.
    """
    above = np.asarray(parents, dtype=np.int64)
    weights = np.ones(len(above)) if sizes is None else np.asarray(sizes, dtype=np.float64)
    if len(weights) != len(above) or not np.all(weights > 0):
        raise ValueError("sizes: one above 0 for each area")
    # One more area holds those that nothing holds, so that a forest is a tree.
    above = np.append(np.where(above < 0, len(above), above), -1)
    depth = _depths(above)
    levels = [np.flatnonzero(depth == level) for level in range(int(depth.max()) + 1)]
    radius = np.append(np.sqrt(weights), 1.0)
    slot_x, slot_y = np.zeros(len(above)), np.zeros(len(above))
    for level in reversed(levels[1:]):
        _gather(level, above, radius, slot_x, slot_y)
    x, y = np.zeros(len(above)), np.zeros(len(above))
    for level in levels[1:]:
        x[level], y[level] = x[above[level]] + slot_x[level], y[above[level]] + slot_y[level]
    whole = (np.hypot(x, y) + radius)[levels[1]].max() if len(levels) > 1 else 1.0
    return Circles(x[:-1] / whole, y[:-1] / whole, radius[:-1] / whole, depth[:-1] - 1)


def _depths(above: Integers) -> Integers:
    """How many areas hold each one, the added one included."""
    depth = np.full(len(above), -1, dtype=np.int64)
    depth[-1] = 0
    waiting = np.arange(len(above) - 1)
    if len(waiting) and not (above[:-1].max() < len(above) and above[:-1].min() >= 0):
        raise ValueError("parents: the position of an area, or -1")
    while len(waiting):
        known = depth[above[waiting]]
        found = known >= 0
        if not found.any():
            raise ValueError("parents: an area holds itself")
        depth[waiting[found]] = known[found] + 1
        waiting = waiting[~found]
    return depth


def _gather(level: Integers, above: Integers, radius: Floats, slot_x: Floats, slot_y: Floats) -> None:
    """Give each area of a level its place beside its siblings, and what holds them its radius."""
    order = level[np.argsort(above[level], kind="stable")]
    holders, first, counts = np.unique(above[order], return_index=True, return_counts=True)
    for count in np.unique(counts):
        same = np.flatnonzero(counts == count)
        siblings = order[first[same][:, None] + np.arange(count)]
        room = radius[siblings] * (1 + GAP)
        x, y, _ = _slots(int(count))
        unit = 2 * room.max(axis=1, keepdims=True)
        place_x, place_y = x * unit, y * unit
        if 1 < count <= _SETTLED:
            # Where all are alike they stand as near as they can already.
            uneven = np.flatnonzero(room.max(axis=1) > room.min(axis=1) * (1 + 1e-9))
            place_x[uneven], place_y[uneven] = _settle(place_x[uneven], place_y[uneven], room[uneven])
        slot_x[siblings], slot_y[siblings], reach = _around_middle(place_x, place_y, room)
        radius[holders[same]] = reach * (1 + GAP)


def _settle(x: Floats, y: Floats, room: Floats) -> tuple[Floats, Floats]:
    """Draw siblings of unlike size together, a row a group, until they nearly touch; none overlaps in the end.

    Each step draws all towards the middle and pushes apart those that overlap, by an amount that follows
    smoothly from the sizes, so that a small change of a size is a small change of the places.
    """
    apart = room[:, :, None] + room[:, None, :]
    weight = room[:, :, None] ** 2 / (room[:, :, None] ** 2 + room[:, None, :] ** 2)
    itself = np.eye(x.shape[1], dtype=bool)
    for step in range(_STEPS):
        x, y = x * (1 - _PULL * (1 - step / _STEPS)), y * (1 - _PULL * (1 - step / _STEPS))
        dx, dy = x[:, :, None] - x[:, None, :], y[:, :, None] - y[:, None, :]
        distance = np.hypot(dx, dy) + itself
        # The smaller of two gives way.
        push = np.where(itself, 0, np.maximum(apart - distance, 0)) / distance * (1 - weight) * _GIVE
        x, y = x + (push * dx).sum(axis=2), y + (push * dy).sum(axis=2)
    dx, dy = x[:, :, None] - x[:, None, :], y[:, :, None] - y[:, None, :]
    wider = np.where(itself, 0, apart / (np.hypot(dx, dy) + itself)).max(axis=(1, 2))[:, None]
    return x * wider, y * wider


@cache
def _slots(count: int) -> tuple[Floats, Floats, float]:
    """The first so many points of a triangular grid of distance 1, the nearest to `_START` first, around the middle
    of the smallest circle that holds them, and that circle's radius."""
    reach = math.ceil(math.sqrt(count)) + 2
    across, up = (each.ravel() for each in np.mgrid[-reach : reach + 1, -reach : reach + 1])
    x, y = across + up / 2, up * math.sqrt(3) / 2
    distance, angle = np.hypot(x - _START[0], y - _START[1]), np.arctan2(y - _START[1], x - _START[0])
    nearest = np.lexsort((angle.round(6), distance.round(6)))[:count]
    x, y, radius = _around_middle(x[nearest][None], y[nearest][None], np.zeros((1, count)))
    return x[0], y[0], float(radius[0])


def _around_middle(x: Floats, y: Floats, room: Floats) -> tuple[Floats, Floats, Floats]:
    """Each row of circles around the middle of the smallest circle that holds them, and that circle's radius.

    Moves towards the farthest by ever smaller steps (Badoiu and Clarkson).
    """
    rows = np.arange(len(x))
    for step in range(2, _MIDDLE_STEPS):
        reach = np.hypot(x, y)
        farthest = (reach + room).argmax(axis=1)
        share = ((reach + room) / np.maximum(reach, 1e-12))[rows, farthest] / step
        x, y = x - (x[rows, farthest] * share)[:, None], y - (y[rows, farthest] * share)[:, None]
    return x, y, (np.hypot(x, y) + room).max(axis=1)
