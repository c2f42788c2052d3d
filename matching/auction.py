"""The plan where OR-Tools has no wheel: an auction in numpy, with a proved gap.

Needs bid for units, all at once in each round; a resource keeps its best bids and raises its price when
it is full. Nothing is bid beyond its worth, so the prices prove how far the result may be from the best
(see `certificate`). Parts of the network that have load limits, tiers or announced promises are no plain
auction; scipy's HiGHS solves those exactly.
"""

from dataclasses import dataclass, replace

import numpy as np
import scipy  # its parts are imported when they are first used: half a second of every start

from matching.certificate import Plan, Potentials, gap, optimal_potentials, upper_bound
from matching.flow import components
from matching.instance import Instance, IntArray, objective, total_by
from matching.network import HUB, Network, network

WANTED_GAP = 0.01
"""The auction is repeated with smaller steps until it proves this gap, or the steps are the finest."""
FIRST_STEP = 25
"""The first step is the mean weight divided by this."""
FINEST = 1000
"""No step is finer than the first one divided by this: the rounds grow as the steps shrink."""


def auction(instance: Instance, wanted_gap: float = WANTED_GAP) -> Plan:
    """A plan whose proved gap is at most `wanted_gap` wherever the finest steps allow it.

    The auction's own loss is at most one step per unit served. Deterministic. Raises `ValueError` when
    `wanted_gap` is not in 0..1.

    >>> plan = auction(Instance.build(need_quantity=[2, 2], resource_capacity=[3], pair_need=[0, 1],
    ...                               pair_resource=[0, 0], pair_weight=[500, 700]))
    >>> plan.quantity.tolist(), plan.value, plan.gap <= 0.01
    ([1, 2], 1900, True)
    """
    if not 0 <= wanted_gap <= 1:
        raise ValueError(f"wanted_gap={wanted_gap}: a share between 0 and 1 is expected")
    arcs = network(instance)
    plain = _plain_arcs(instance, arcs)
    rest = _only(arcs, ~plain)
    rest_flow = _linear_program(rest)
    rest_prices = optimal_potentials(rest, rest_flow)
    on_rest = rest.pair >= 0
    exact = instance.locked + total_by(rest.pair[on_rest], rest_flow[on_rest], instance.pairs)
    market = _market(_only(arcs, plain))
    step = max(1, int(market.weight.mean()) // FIRST_STEP) if len(market.weight) else 1
    finest = max(1, step // FINEST)
    while True:
        sold, prices = _sell(market, step)
        quantity = exact + total_by(market.pair, sold, instance.pairs)
        nodes = rest_prices + prices
        value, bound = objective(instance, quantity), upper_bound(arcs, nodes)
        if step == finest or gap(value, bound) <= wanted_gap:
            return Plan(quantity, Potentials.of(nodes, arcs.starts), value, bound, "auction")
        step = max(finest, step // 3)


def _plain_arcs(instance: Instance, arcs: Network) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which arcs belong to parts that have needs, resources and unannounced pairs only."""
    units, resources, _, communities, _ = arcs.starts
    plain = np.zeros(len(arcs.tail), np.bool_)
    for part in components(arcs):
        ends = np.concatenate((arcs.tail[part.arcs], arcs.head[part.arcs]))
        limited = (ends >= units) & (ends < resources) | (ends >= communities)
        pairs = arcs.pair[part.arcs]
        if not limited.any() and not instance.announced[pairs[pairs >= 0]].any():
            plain[part.arcs] = True
    return plain


def _only(arcs: Network, chosen: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Network:
    return replace(
        arcs,
        tail=arcs.tail[chosen],
        head=arcs.head[chosen],
        capacity=arcs.capacity[chosen],
        weight=arcs.weight[chosen],
        pair=arcs.pair[chosen],
        constant=0,
    )


def _linear_program(arcs: Network) -> IntArray:
    """The best circulation by HiGHS; its corners are whole numbers, as the network is."""
    flow = np.zeros(len(arcs.tail), np.int64)
    for part in components(arcs):
        size = len(part.arcs)
        balance = scipy.sparse.coo_array(
            (
                np.concatenate((np.ones(size), -np.ones(size))),
                (np.concatenate((part.tail, part.head)), np.tile(np.arange(size), 2)),
            ),
            (part.nodes, size),
        ).tocsr()
        capacity = arcs.capacity[part.arcs]
        result = scipy.optimize.linprog(
            -arcs.weight[part.arcs],
            A_eq=balance[1:],
            b_eq=np.zeros(part.nodes - 1),
            bounds=np.column_stack((np.zeros(size), capacity)),
            method="highs-ds",
        )
        if result.status != 0:
            raise RuntimeError(f"HiGHS ended with status {result.status}: {result.message}")
        flow[part.arcs] = np.rint(result.x).astype(np.int64)
    return flow


@dataclass(frozen=True, eq=False)
class _Market:
    """Plain pairs sorted by need; `begin` and `size` of each need's run; capacities by node."""

    need: IntArray
    resource: IntArray
    weight: IntArray
    pair: IntArray
    begin: IntArray
    size: IntArray
    wanted: IntArray
    offered: IntArray


def _market(arcs: Network) -> _Market:
    on_pairs = np.flatnonzero(arcs.pair >= 0)
    order = on_pairs[np.argsort(arcs.head[on_pairs], kind="stable")]
    need = arcs.head[order]
    size = np.bincount(need, minlength=arcs.nodes)
    tree = arcs.pair < 0
    from_hub, to_hub = tree & (arcs.tail == HUB), tree & (arcs.head == HUB)
    return _Market(
        need,
        arcs.tail[order],
        arcs.weight[order],
        arcs.pair[order],
        np.cumsum(size) - size,
        size,
        total_by(arcs.tail[to_hub], arcs.capacity[to_hub], arcs.nodes),
        total_by(arcs.head[from_hub], arcs.capacity[from_hub], arcs.nodes),
    )


@dataclass(frozen=True, eq=False)
class _Lots:
    """Units that a resource holds for a bidder: rows of the market, how many, at which level."""

    row: IntArray
    units: IntArray
    level: IntArray


def _sell(market: _Market, step: int) -> tuple[IntArray, IntArray]:
    """Auction all units in steps of at least `step`: units per row of the market, potentials per node."""
    price = np.zeros(len(market.size), np.int64)
    left = np.where(market.size > 0, market.wanted, 0)
    none = np.zeros(0, np.int64)
    held = _Lots(none, none, none)
    bidders = np.flatnonzero(left)
    while len(bidders):
        bids, left = _bids(market, price, left, bidders, step)
        if len(bids.row):
            held, left, price = _award(market, held, bids, left, price)
        bidders = np.flatnonzero(left)
    prices = price.copy()
    gain = np.zeros_like(price)
    np.maximum.at(gain, market.need, market.weight - price[market.resource])
    prices -= gain
    return total_by(held.row, held.units, len(market.need)), prices


def _bids(
    market: _Market, price: IntArray, left: IntArray, bidders: IntArray, step: int
) -> tuple[_Lots, IntArray]:
    """Each bidder's bid for its best resource; who can gain nothing any more stops wanting."""
    sizes = market.size[bidders]
    first = np.cumsum(sizes) - sizes
    rows = np.arange(int(sizes.sum())) + np.repeat(market.begin[bidders] - first, sizes)
    gain = market.weight[rows] - price[market.resource[rows]]
    best = np.maximum.reduceat(gain, first)
    owner = np.repeat(np.arange(len(bidders)), sizes)
    at_best = np.flatnonzero(gain == best[owner])
    chosen = at_best[np.searchsorted(owner[at_best], np.arange(len(bidders)))]
    gain[chosen] = 0
    second = np.maximum(np.maximum.reduceat(gain, first), 0)
    bidding = best > 0
    left = left.copy()
    left[bidders[~bidding]] = 0
    rows, bidders = rows[chosen][bidding], bidders[bidding]
    resource = market.resource[rows]
    level = price[resource] + (best - second)[bidding] + step
    units = np.minimum(left[bidders], market.offered[resource])
    left[bidders] -= units
    return _Lots(rows, units, level), left


def _award(
    market: _Market, held: _Lots, bids: _Lots, left: IntArray, price: IntArray
) -> tuple[_Lots, IntArray, IntArray]:
    """Every resource that got bids keeps the highest; what it drops is wanted again."""
    touched = np.zeros(len(price), np.bool_)
    touched[market.resource[bids.row]] = True
    again = touched[market.resource[held.row]]
    row = np.concatenate((held.row[again], bids.row))
    units = np.concatenate((held.units[again], bids.units))
    level = np.concatenate((held.level[again], bids.level))
    resource = market.resource[row]
    order = np.lexsort((-level, resource))
    row, units, level, resource = row[order], units[order], level[order], resource[order]
    begins = np.flatnonzero(np.diff(resource, prepend=-1))
    before = np.cumsum(units) - units
    before -= np.repeat(before[begins], np.diff(np.append(begins, len(row))))
    kept = np.clip(market.offered[resource] - before, 0, units)
    left, price = left.copy(), price.copy()
    np.add.at(left, market.need[row], units - kept)
    some = kept > 0
    full = resource[before + units >= market.offered[resource]]
    lowest = np.full(len(price), np.iinfo(np.int64).max)
    np.minimum.at(lowest, resource[some], level[some])
    price[full] = lowest[full]
    keep = ~again
    return (
        _Lots(
            np.concatenate((held.row[keep], row[some])),
            np.concatenate((held.units[keep], kept[some])),
            np.concatenate((held.level[keep], level[some])),
        ),
        left,
        price,
    )
