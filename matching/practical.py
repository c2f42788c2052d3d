"""The practical rules: few parties per need, no tiny lots, all or nothing for some.

With them the best plan is hard to find (NP-hard), so the result carries its distance from what no plan
can exceed: the flow's bound. The way: the exact flow; its prices; per need the few pairs that cost least
beyond their price; a mixed-integer program (scipy's HiGHS) per block of needs and resources that share
pairs; beside it a repair of the flow; the better of the two in each block.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import scipy  # its parts are imported when they are first used: half a second of every start

from matching.certificate import Plan, practical_faults
from matching.flow import solve
from matching.instance import NO_LIMIT, Instance, IntArray, objective, total_by
from matching.network import free_need, free_resource, free_unit
from matching.repair import repair

PAIRS_KEPT = 4
"""How many pairs of each need the mixed-integer program may use, beside those of the repaired flow."""


@dataclass(frozen=True)
class Effort:
    """How long to search: seconds per block, and the gap within a block at which it is good enough."""

    seconds_per_block: float = 6.0
    block_gap: float = 0.002


_DEFAULT = Effort()


def practical_plan(
    instance: Instance,
    effort: Effort = _DEFAULT,
    relaxed: Plan | None = None,
    report: Callable[[int, int], None] = lambda done, total: None,
) -> Plan:
    """A plan that keeps the practical rules, with the flow's bound as proof of how good it is.

    `relaxed` is the flow plan when it is known already. `report` is told how many blocks of how many are
    done, and may raise to stop the work. The rules hold for what the plan adds; signed
    promises stay as they are. A time limit that is reached makes the result depend on the machine.

    >>> plan = practical_plan(Instance.build(
    ...     need_quantity=[4], resource_capacity=[1, 3], pair_need=[0, 0], pair_resource=[0, 1],
    ...     pair_weight=[9, 5], minimum_lot=[2]))
    >>> plan.quantity.tolist(), plan.value, plan.bound
    ([0, 3], 15, 24)
    """
    flow = relaxed if relaxed is not None else solve(instance)
    if not practical_faults(instance, flow.quantity):
        return replace(flow, method="practical")
    worth = _worth(instance, flow)
    repaired = repair(instance, flow.quantity, worth)
    kept = _promising(instance, flow, repaired)
    chosen = repaired.copy()
    blocks = _blocks(instance, kept)
    for done, pairs in enumerate(blocks):
        report(done, len(blocks))
        # The other blocks keep what they have, so a unit's limit stays shared out as it is now.
        others = chosen - instance.locked
        others[pairs] = 0
        room = np.maximum(free_unit(instance) - _by_unit(instance, others), 0)
        found = _solve_block(instance, worth, pairs, room, effort)
        if found is not None:
            trial = chosen.copy()
            trial[pairs] = found
            if objective(instance, trial) > objective(instance, chosen):
                chosen = trial
    return Plan(chosen, flow.potentials, objective(instance, chosen), flow.bound, "practical")


def _worth(instance: Instance, flow: Plan) -> IntArray:
    """A unit's worth per pair, with what the community's tier pays for one more."""
    of_none = 0  # at position NO_COMMUNITY, the last
    community = np.append(np.maximum(flow.potentials.communities, 0), of_none)
    worth: IntArray = instance.pair_weight + community[instance.need_community[instance.pair_need]]
    return worth


def _by_unit(instance: Instance, quantity: IntArray) -> IntArray:
    owner = instance.resource_unit[instance.pair_resource]
    return total_by(owner[owner >= 0], quantity[owner >= 0], instance.units)


def _promising(instance: Instance, flow: Plan, repaired: IntArray) -> IntArray:
    """The pairs worth trying: of each need those that cost least beyond their price, and the repair's."""
    room = np.minimum(
        free_need(instance)[instance.pair_need], free_resource(instance)[instance.pair_resource]
    )
    reduced = (
        instance.pair_weight
        - flow.potentials.resources[instance.pair_resource]
        + flow.potentials.needs[instance.pair_need]
    )
    order = np.lexsort((-reduced, room <= 0, instance.pair_need))
    need = instance.pair_need[order]
    rank = np.arange(len(need)) - np.searchsorted(need, need)
    kept = np.zeros(instance.pairs, np.bool_)
    kept[order[rank < PAIRS_KEPT]] = True
    return np.flatnonzero((kept & (room > 0)) | (repaired > instance.locked))


def _blocks(instance: Instance, pairs: IntArray) -> list[IntArray]:
    """The pairs in groups that share no need and no resource."""
    size = instance.resources + instance.needs
    ends = (instance.pair_resource[pairs], instance.resources + instance.pair_need[pairs])
    links = scipy.sparse.coo_array((np.ones(len(pairs)), ends), (size, size))
    count, label = scipy.sparse.csgraph.connected_components(links, directed=False)
    part = label[ends[0]]
    order = np.argsort(part, kind="stable")
    cuts = np.searchsorted(part[order], np.arange(1, count))
    return [block for block in np.split(pairs[order], cuts) if len(block)]


@dataclass
class _Program:
    """Rows of a mixed-integer program, collected as (column, factor) and an upper limit each."""

    columns: int
    rows: list[IntArray]
    at: list[IntArray]
    factors: list[Any]
    limits: list[Any]
    lows: list[Any]
    height: int = 0

    def add(self, row: IntArray, at: IntArray, factors: Any, limits: Any, lows: Any = -np.inf) -> None:
        """Add as many rows as `limits` has; `row` counts from 0 within them."""
        height = len(limits)
        self.rows.append(self.height + row)
        self.at.append(at)
        self.factors.append(np.broadcast_to(factors, len(row)).astype(float))
        self.limits.append(np.asarray(limits, float))
        self.lows.append(np.broadcast_to(lows, height).astype(float))
        self.height += height

    def constraint(self) -> Any:
        """All rows as scipy wants them."""
        matrix = scipy.sparse.coo_array(
            (np.concatenate(self.factors), (np.concatenate(self.rows), np.concatenate(self.at))),
            (self.height, self.columns),
        )
        lows: Any = np.concatenate(self.lows)
        limits: Any = np.concatenate(self.limits)
        return scipy.optimize.LinearConstraint(matrix.tocsc(), lows, limits)


def _solve_block(
    instance: Instance, worth: IntArray, pairs: IntArray, unit_room: IntArray, effort: Effort
) -> IntArray | None:
    """Units per pair of a block (locked included) by HiGHS; None when it found nothing in time.

    Columns: added units x and used or not z per pair, served or not t per need, kept promises k per pair.
    """
    n = len(pairs)
    needs, i = np.unique(instance.pair_need[pairs], return_inverse=True)
    resources, j = np.unique(instance.pair_resource[pairs], return_inverse=True)
    locked, announced = instance.locked[pairs], instance.announced[pairs]
    wanted = free_need(instance)[needs]
    room = np.minimum(wanted[i], free_resource(instance)[resources][j])
    x, z, t, k = (
        np.arange(n),
        n + np.arange(n),
        2 * n + np.arange(len(needs)),
        2 * n + len(needs) + np.arange(n),
    )
    program = _Program(3 * n + len(needs), [], [], [], [], [])
    whole = instance.all_or_nothing[needs] == 1
    program.add(np.append(i, np.arange(len(needs))), np.append(x, t), np.append(np.ones(n), -wanted), np.zeros(len(needs)), np.where(whole, 0, -np.inf))  # fmt: skip
    program.add(j, x, 1, free_resource(instance)[resources])
    unit = instance.resource_unit[resources][j]
    limited = np.flatnonzero(unit >= 0)
    limited = limited[instance.unit_limit[unit[limited]] != NO_LIMIT]
    units, u = np.unique(unit[limited], return_inverse=True)
    program.add(u, x[limited], 1, unit_room[units])
    lot = np.minimum(instance.minimum_lot, instance.need_quantity)[needs][i]
    program.add(np.tile(x, 2), np.append(x, z), np.append(np.ones(n), -room), np.zeros(n))
    program.add(np.tile(x, 2), np.append(x, z), np.append(-np.ones(n), lot - locked), np.zeros(n))
    signed = total_by(instance.pair_need, (instance.locked > 0).astype(np.int64), instance.needs)[needs]
    most = np.where(instance.max_parties[needs] > 0, np.maximum(instance.max_parties[needs] - signed, 0), n)
    new = np.flatnonzero(locked == 0)
    program.add(i[new], z[new], 1, most)
    program.add(np.tile(x, 2), np.append(k, x), np.append(np.ones(n), -np.ones(n)), np.zeros(n))
    gain = np.concatenate((worth[pairs], np.zeros(n + len(needs)), instance.move_price[pairs]))
    tops: Any = np.concatenate((room, np.ones(n), np.ones(len(needs)), announced))
    # With z and t settled the rest is a network, so x is whole without saying so, nearly always.
    for whole_units in (False, True):
        integral = np.concatenate((np.full(n, whole_units), np.ones(n + len(needs)), np.zeros(n)))
        result = scipy.optimize.milp(-gain, integrality=integral, bounds=scipy.optimize.Bounds(0, tops), constraints=program.constraint(),
                      options={"time_limit": effort.seconds_per_block, "mip_rel_gap": effort.block_gap})  # fmt: skip
        if result.x is None:
            return None
        added: IntArray = np.rint(result.x[:n]).astype(np.int64)
        if np.abs(added - result.x[:n]).max() < 1e-6:
            return locked + added
    return None
