"""A tree drawn tidily: each level a column, parents in the middle of their children. Pure."""

from collections import defaultdict
from collections.abc import Hashable, Mapping
from typing import TypeVar

from viz.rings import Point

Key = TypeVar("Key", bound=Hashable)

COLUMN, ROW = 260.0, 34.0
"""Distance of two levels, and of two leaves."""


def tidy(parents: Mapping[Key, Key | None]) -> Mapping[Key, Point]:
    """Positions by key. `parents` maps each node to the one above, None (or one that is not there) for a root.

    Children stand in the order of the mapping; roots below each other.

    >>> tidy({"r": None, "a": "r", "b": "r"})["r"]
    Point(x=0.0, y=17.0)

    Raises ValueError when a node is above itself, by whatever detour.
    """
    below: dict[Key | None, list[Key]] = defaultdict(list)
    for key, parent in parents.items():
        below[parent if parent in parents else None].append(key)
    found: dict[Key, Point] = {}
    heights: dict[Key, float] = {}
    rows = 0
    waiting = [(key, 0, False) for key in reversed(below[None])]
    while waiting:
        key, depth, done = waiting.pop()
        children = below[key]
        if children and not done:
            waiting.append((key, depth, True))
            waiting += [(child, depth + 1, False) for child in reversed(children)]
            continue
        if children:
            heights[key] = (heights[children[0]] + heights[children[-1]]) / 2
        else:
            heights[key] = rows * ROW
            rows += 1
        found[key] = Point(depth * COLUMN, round(heights[key], 1))
    if len(found) < len(parents):
        raise ValueError("parents: a node is above itself")
    return {key: found[key] for key in parents}
