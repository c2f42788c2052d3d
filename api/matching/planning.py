"""A plan for all needs of an area: the snapshot as an instance, solved exactly and, beside it, under the rules of practice."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from api.matching.desk import Situation
from api.matching.snapshot import needs_within
from graph.ask import Reader
from graph.queries import matching_announced
from matching.candidates import Pairs, candidates, need_bars, resource_refusals
from matching.certificate import Plan
from matching.flow import solve
from matching.instance import NO_LIMIT, Instance, IntArray, Tier, total_by
from matching.plan_file import Names, PlanFile
from matching.practical import Effort, practical_plan
from matching.profile import Profile
from matching.score import Scores, score
from matching.snapshot import NeedBar, Positions, Snapshot
from matching.whatif import worst_community

QUICK, THOROUGH = Effort(seconds_per_block=0.8, block_gap=0.01), Effort()
"""How long the rules of practice are searched: beside an exact plan, and for a plan that keeps them."""
Report = Callable[[int, int, str], None]
"""Told how many steps of how many are done, and what comes next; may raise to stop the work."""
_SETTLED = (NeedBar.CLOSED, NeedBar.MET)


@dataclass(frozen=True)
class Problem:
    """What is planned: an instance with the ids of its rows, and where they stand in the snapshot."""

    instance: Instance
    names: Names
    needs: Positions
    resources: Positions


@dataclass(frozen=True)
class Made:
    """A plan with the figures that a front door tells.

    `m3_gap` is how far the plan under the rules of practice may be from the best, None when it was not
    looked for. `plan` is that one where `practical` was asked for, else the exact one, `exact`.
    """

    problem: Problem
    exact: Plan
    plan: Plan
    m3_gap: float | None
    scope: str
    as_of: str
    profile: Profile
    made_at: str
    seconds: float

    @property
    def file(self) -> PlanFile:
        """The plan's file."""
        return PlanFile(
            self.problem.instance, self.plan, self.problem.names, self.profile.as_dict(), self.scope, self.made_at
        )  # fmt: skip

    def summary(self) -> dict[str, Any]:
        """The figures for programs. `served` and `unserved` count needs, those served in full and all others."""
        instance = self.problem.instance
        missing = instance.need_quantity - total_by(instance.pair_need, self.plan.quantity, instance.needs)
        unserved = int(np.count_nonzero(missing))
        return {
            "value": self.plan.value,
            "bound": self.plan.bound,
            "gap": self.plan.gap,
            "m3_gap": self.m3_gap,
            "served": instance.needs - unserved,
            "unserved": unserved,
            "worst_community": round(worst_community(instance, self.plan), 6),
            "seconds": round(self.seconds, 3),
        }


def make_plan(
    store: Reader,
    situation: Situation,
    scope: str,
    profile: Profile,
    made_at: str,
    *,
    practical: bool | None = None,
    report: Report = lambda done, total, words: None,
) -> Made:
    """Plan all open needs of `scope`, an area of the situation's district.

    `practical` True: the plan keeps the rules of practice. None: it is the exact one, and the rules are tried
    beside it. False: they are not looked at. What announced plans promised is kept unless moving it pays.
    """
    begun = time.perf_counter()
    report(0, 4, "计算可对接的资源")
    problem = problem_of(store, situation, scope, profile)
    report(1, 4, "求最优方案")
    exact = solve(problem.instance)
    plan, m3_gap = exact, None
    if practical is not False:
        effort = THOROUGH if practical else QUICK

        def block_done(done: int, total: int) -> None:
            report(2, 4, f"按实用规则求解，第 {done + 1} 块，共 {total} 块")

        block_done(0, 1)
        ruled = practical_plan(problem.instance, effort, exact, block_done)
        plan, m3_gap = (ruled if practical else exact), ruled.gap
    report(3, 4, "整理结果")
    seconds = time.perf_counter() - begun
    return Made(problem, exact, plan, m3_gap, scope, situation.as_of, profile, made_at, seconds)


def problem_of(store: Reader, situation: Situation, scope: str, profile: Profile) -> Problem:
    """The instance of an area: its needs that still ask for something, and the resources that serve it.

    Needs that cannot be matched at all (without a category, past their deadline) are in it without pairs, so
    that they count as unserved.
    """
    snapshot = situation.snapshot
    needs, resources = _wanted(snapshot, profile, scope), _offered(snapshot, profile, scope)
    scores = _scores(snapshot, profile, needs, resources)
    need_at = _places(needs, len(snapshot.needs.ids))
    resource_at = _places(resources, len(snapshot.resources.ids))
    pair_need, pair_resource = need_at[scores.pairs.need], resource_at[scores.pairs.resource]
    homes = np.append(snapshot.areas.community, -1)[snapshot.needs.area[needs]]
    communities, community = np.unique(homes[homes >= 0], return_inverse=True)
    need_community = np.full(len(needs), -1, np.int64)
    need_community[homes >= 0] = community
    practice = profile.practice
    names = Names(
        [snapshot.needs.ids[i] for i in needs.tolist()],
        [snapshot.resources.ids[j] for j in resources.tolist()],
        list(snapshot.owners.ids),
        [snapshot.areas.ids[k] for k in communities.tolist()],
    )
    instance = Instance.build(
        need_quantity=snapshot.needs.remaining[needs],
        need_urgency=snapshot.needs.urgency[needs],
        need_community=need_community,
        communities=len(communities),
        resource_capacity=snapshot.resources.remaining[resources],
        resource_unit=snapshot.resources.owner[resources],
        unit_limit=_unit_limits(snapshot, practice.unit_load),
        pair_need=pair_need,
        pair_resource=pair_resource,
        pair_weight=scores.weight,
        announced=_announced(
            store, situation.district, names, pair_need, pair_resource,
            snapshot.needs.remaining[needs], snapshot.resources.remaining[resources],
        ),
        move_price=np.full(len(pair_need), practice.move_price, np.int64),
        tiers=[Tier(tier.percent, tier.bonus) for tier in profile.fairness],
        max_parties=np.full(len(needs), practice.max_parties, np.int64),
        minimum_lot=np.full(len(needs), practice.minimum_lot, np.int64),
        all_or_nothing=snapshot.needs.whole[needs],
    )  # fmt: skip
    return Problem(instance, names, needs, resources)


def _wanted(snapshot: Snapshot, profile: Profile, scope: str) -> Positions:
    settled = sum(1 << list(NeedBar).index(bar) for bar in _SETTLED)
    asking = (need_bars(snapshot, profile) & np.uint8(settled)) == 0
    inside = needs_within(snapshot, scope)
    found: Positions = inside[asking[inside] & (snapshot.needs.remaining[inside] > 0)]
    return found


def _offered(snapshot: Snapshot, profile: Profile, scope: str) -> Positions:
    """Resources that can be given at all and serve the area, a part of it or an area around it."""
    areas, resources = snapshot.areas, snapshot.resources
    chosen = areas.ids.index(scope)
    near = np.zeros(len(areas.ids), np.bool_)
    near[areas.holders.rows_of_values()[areas.holders.values == chosen]] = True
    near[areas.holders.row(chosen)] = True
    serving = np.zeros(len(resources.ids), np.bool_)
    serving[resources.serves.rows_of_values()[near[resources.serves.values]]] = True
    return np.flatnonzero(serving & (resource_refusals(snapshot, profile) == 0)).astype(np.int32)


def _scores(snapshot: Snapshot, profile: Profile, needs: Positions, resources: Positions) -> Scores:
    every = candidates(snapshot, profile)
    chosen = np.isin(every.need, needs) & np.isin(every.resource, resources)
    return score(snapshot, profile, Pairs(every.need[chosen], every.resource[chosen]))


def _places(chosen: Positions, size: int) -> IntArray:
    """Where each row of the snapshot stands among the chosen ones; -1 for the others."""
    places = np.full(size, -1, np.int64)
    places[chosen] = np.arange(len(chosen))
    return places


def _unit_limits(snapshot: Snapshot, load: int) -> IntArray:
    """What each owner may still be asked for: its load less what it has promised already."""
    if not load:
        return np.full(len(snapshot.owners.ids), NO_LIMIT, np.int64)
    resources = snapshot.resources
    owned = resources.owner >= 0
    promised = resources.capacity[owned] - resources.remaining[owned]
    return np.maximum(load - total_by(resources.owner[owned].astype(np.int64), promised, len(snapshot.owners.ids)), 0)  # fmt: skip


def _announced(
    store: Reader,
    district: str,
    names: Names,
    pair_need: IntArray,
    pair_resource: IntArray,
    wanted: IntArray,
    left: IntArray,
) -> IntArray:
    """Units that announced plans promised on each pair, as far as they can still be kept."""
    promised: dict[tuple[str, str], int] = {}
    for row in matching_announced(store, scope=district):
        key = (row.need or "", row.resource or "")
        promised[key] = promised.get(key, 0) + (row.quantity or 0)
    if not promised:
        return np.zeros(len(pair_need), np.int64)
    return np.array(
        [
            min(promised.get((names.needs[int(i)], names.resources[int(j)]), 0), int(wanted[i]), int(left[j]))
            for i, j in zip(pair_need.tolist(), pair_resource.tolist(), strict=True)
        ],
        np.int64,
    )


def assigned(file: PlanFile) -> Sequence[tuple[int, int, int, int]]:
    """Each assignment of a plan: positions of pair, need and resource, and its units, by need and resource."""
    instance = file.instance
    rows = np.flatnonzero(file.plan.quantity)
    order = rows[np.lexsort((instance.pair_resource[rows], instance.pair_need[rows]))]
    return list(
        zip(
            order.tolist(), instance.pair_need[order].tolist(), instance.pair_resource[order].tolist(),
            file.plan.quantity[order].tolist(), strict=True,
        )
    )  # fmt: skip
