"""Synthetic districts of the size of a real one: who wants what, who offers what, and which pairs fit.

Nothing here is about a real person or place. Same seed, same district.
"""

from dataclasses import dataclass, replace

import numpy as np

from matching.instance import Instance, IntArray, Tier

NEEDS, RESOURCES, UNITS = 3000, 4000, 500
PARENTS, LEAVES_PER_PARENT, GROUPS = 40, 5, 3
STREETS, COMMUNITIES_PER_STREET = 12, 10
COMMUNITIES = STREETS * COMMUNITIES_PER_STREET
DAYS, MINIMUM_OVERLAP = 180, 3


@dataclass(frozen=True, eq=False)
class Side:
    """Columns that needs and resources share; `reach` (resources): 0 community, 1 street, 2 district."""

    district: IntArray
    community: IntArray
    leaf: IntArray
    start: IntArray
    end: IntArray
    group: IntArray
    units: IntArray
    reach: IntArray


@dataclass(frozen=True, eq=False)
class District:
    """One or more districts: both sides, urgency per need, owner per resource, and a seed for scores."""

    needs: Side
    resources: Side
    urgency: IntArray
    owner: IntArray
    seed: int


def district(seed: int, districts: int = 1) -> District:
    """`districts` districts side by side (20 make a city); no pair crosses a district's border."""
    random = np.random.default_rng(seed)
    needs = _side(random, NEEDS, districts, most=9)
    resources = _side(random, RESOURCES, districts, most=10)
    return District(
        needs,
        resources,
        random.integers(1, 6, NEEDS * districts),
        resources.district * UNITS + random.integers(0, UNITS, RESOURCES * districts),
        seed,
    )


def candidates(data: District) -> tuple[IntArray, IntArray]:
    """The pairs (need, resource) that keep every hard rule, block by block of (district, parent category)."""
    found_needs, found_resources = [], []
    needs, resources = data.needs, data.resources
    key_n = needs.district * PARENTS + needs.leaf // LEAVES_PER_PARENT
    key_r = resources.district * PARENTS + resources.leaf // LEAVES_PER_PARENT
    order_n, order_r = np.argsort(key_n, kind="stable"), np.argsort(key_r, kind="stable")
    keys = np.unique(key_n)
    ends = [
        np.searchsorted(k, keys, side) for k in (key_n[order_n], key_r[order_r]) for side in ("left", "right")
    ]
    for n0, n1, r0, r1 in zip(*ends, strict=True):
        i, j = order_n[n0:n1, None], order_r[None, r0:r1]
        overlap = np.minimum(needs.end[i], resources.end[j]) - np.maximum(needs.start[i], resources.start[j])
        street_n, street_r = (
            needs.community[i] // COMMUNITIES_PER_STREET,
            resources.community[j] // COMMUNITIES_PER_STREET,
        )
        inside = (
            (resources.reach[j] == 2)
            | ((resources.reach[j] == 1) & (street_n == street_r))
            | (needs.community[i] == resources.community[j])
        )
        fits = (
            inside
            & (overlap >= MINIMUM_OVERLAP)
            & ((resources.group[j] == 0) | (resources.group[j] == needs.group[i]))
        )
        a, b = np.nonzero(fits)
        found_needs.append(i[a, 0])
        found_resources.append(j[0, b])
    return np.concatenate(found_needs), np.concatenate(found_resources)


def instance(data: District) -> Instance:
    """The plain instance of a district: no tier, limit or promise."""
    need, resource = candidates(data)
    needs, resources = data.needs, data.resources
    leaf = np.where(needs.leaf[need] == resources.leaf[resource], 1.0, 0.6)
    same = needs.community[need] == resources.community[resource]
    street = (
        needs.community[need] // COMMUNITIES_PER_STREET
        == resources.community[resource] // COMMUNITIES_PER_STREET
    )
    place = np.where(same, 1.0, np.where(street, 0.7, 0.4))
    random = np.random.default_rng(data.seed + 1)
    text, tie = random.random(len(need)), random.random(len(need)) < 0.15
    overlap = np.minimum(needs.end[need], resources.end[resource]) - np.maximum(
        needs.start[need], resources.start[resource]
    )
    window = overlap / np.maximum(1, needs.end[need] - needs.start[need])
    fit = np.minimum(1.0, resources.units[resource] / needs.units[need])
    past = random.random(len(resources.units))[resource]
    score = 0.3 * leaf + 0.15 * text + 0.2 * place + 0.1 * tie + 0.1 * window + 0.1 * fit + 0.05 * past
    weight = np.maximum(1, np.rint(1000 * score * data.urgency[need]).astype(np.int64))
    return Instance.build(
        need_quantity=needs.units,
        need_urgency=data.urgency,
        need_community=needs.community + COMMUNITIES * needs.district,
        resource_capacity=resources.units,
        resource_unit=data.owner,
        unit_limit=np.full(int(data.owner.max()) + 1, -1),
        pair_need=need,
        pair_resource=resource,
        pair_weight=weight,
    )


def with_tiers(plain: Instance) -> Instance:
    """The same with two fairness tiers, at 50 % and 70 % of every community's demand."""
    return replace(plain, tiers=(Tier(50, 2000), Tier(70, 1000)))


def with_practical_rules(plain: Instance, seed: int) -> Instance:
    """The same with at most 3 resources per need, lots of 2 at least, and one need in seven all-or-nothing."""
    random = np.random.default_rng(seed)
    every = np.ones(plain.needs, np.int64)
    return replace(
        plain,
        max_parties=3 * every,
        minimum_lot=2 * every,
        all_or_nothing=(random.random(plain.needs) < 1 / 7).astype(np.int64),
    )


def _side(random: np.random.Generator, rows: int, districts: int, most: int) -> Side:
    size = rows * districts
    start = random.integers(0, DAYS - MINIMUM_OVERLAP, size)
    return Side(
        district=np.repeat(np.arange(districts), rows),
        community=random.integers(0, COMMUNITIES, size),
        leaf=random.integers(0, PARENTS * LEAVES_PER_PARENT, size),
        start=start,
        end=np.minimum(DAYS, start + random.integers(30, 150, size)),
        group=random.integers(0, GROUPS, size),
        units=random.integers(1, most + 1, size),
        reach=random.choice(3, size, p=[0.2, 0.25, 0.55]),
    )
