"""One measurement, in a process of its own: what a plan is worth, and what it took.

`python -m benchmarks.matching.measure SCALE WAY FOLDER` prints one JSON line; the tables of the scale are in the
folder, and reading them is timed on no side.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.matching import baselines, cypher, generator, join, pairs, tables
from matching.arrivals import LivePlan
from matching.auction import auction
from matching.certificate import Plan, faults, upper_bound
from matching.flow import solve
from matching.instance import Instance, objective, total_by
from matching.network import network
from matching.practical import Effort, practical_plan
from matching.whatif import worst_community

SEED = 2020
SCARCITY = 0.45
DISTRICTS = {"district": 1, "city": 20}
ARRIVING = 300

OURS, WITHOUT_SOLVER = "LinMai flow", "LinMai auction"
DICT_LOOP = "candidates beside a dict loop"
FAIRNESS, PRACTICAL, ARRIVALS = "fairness", "practical rules", "arrivals"
CYPHER = "Cypher top-k, first come"

Figures = dict[str, Any]


def cpu_seconds(act: Callable[[], Any], at_least: int = 1) -> tuple[float, Any]:
    """The least CPU time of a few runs, and the last result."""
    times, result = [], None
    for _ in range(at_least):
        begin = time.process_time()
        result = act()
        times.append(time.process_time() - begin)
    return min(times), result


def main(scale: str, way: str, folder: str) -> None:
    """Measure one way at one scale."""
    repeat = 5 if scale == "district" else 2
    if way in ("numpy blocks", "SQL join"):
        data = generator.district(SEED, DISTRICTS[scale])
        find = generator.candidates if way == "numpy blocks" else join.sql_candidates
        cpu, fit = cpu_seconds(lambda: find(data))
        figures: Figures = {"cpu": cpu, "pairs": len(fit[0]), "sum": int((fit[0] * 7 + fit[1]).sum())}
    elif way == DICT_LOOP:
        found = pairs.compare(DISTRICTS[scale])
        figures = {"cpu": found.blocks_s, "loop": found.loop_s, "ratio": found.ratio, "same": found.same}
    else:
        instance = tables.read(Path(folder))
        figures = _WAYS[way](instance, repeat) if way in _WAYS else _baseline(instance, way)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"peak_mb": round(peak)} | figures))


def _baseline(instance: Instance, way: str) -> Figures:
    find = baselines.WAYS[way]
    cpu, quantity = cpu_seconds(lambda: find(instance), 5 if way in ("greedy", "first come") else 1)
    return _judged(instance, _as_plan(instance, quantity), cpu)


def _cypher(instance: Instance, repeat: int) -> Figures:
    asked = cypher.top_k(instance)
    figures = _judged(instance, _as_plan(instance, asked.quantity), asked.cpu_s)
    return figures | {"peak_mb": round(asked.memory_mb)}


def _as_plan(instance: Instance, quantity: Any) -> Plan:
    """A plan without proof, so that its violations can be counted like ours."""
    empty = Instance.build(
        need_quantity=(), resource_capacity=(), pair_need=(), pair_resource=(), pair_weight=()
    )
    return replace(solve(empty), quantity=quantity, value=objective(instance, quantity))


def _judged(instance: Instance, plan: Plan, cpu: float) -> Figures:
    served = total_by(instance.pair_need, plan.quantity, instance.needs)
    used = total_by(instance.pair_resource, plan.quantity, instance.resources)
    broken = int((served > instance.need_quantity).sum() + (used > instance.resource_capacity).sum())
    return {
        "cpu": cpu,
        "value": plan.value,
        "worst": worst_community(instance, plan),
        "violations": broken + int((plan.quantity < 0).sum()),
    }


def _exact(instance: Instance, repeat: int) -> Figures:
    cpu, plan = cpu_seconds(lambda: solve(instance), repeat)
    proof, arcs = plan.potentials.all, network(instance)
    check, bound = cpu_seconds(lambda: upper_bound(arcs, proof), 20)
    whole, wrong = cpu_seconds(lambda: faults(instance, plan), repeat)
    assert (bound, wrong) == (plan.value, [])
    return _judged(instance, plan, cpu) | {"gap": plan.gap, "check": check, "verify": whole}


def _auction(instance: Instance, repeat: int) -> Figures:
    cpu, plan = cpu_seconds(lambda: auction(instance), repeat)
    return _judged(instance, plan, cpu) | {"gap": plan.gap}


def _arrivals(instance: Instance, repeat: int) -> Figures:
    """Needs like those there come one by one; each repair is timed alone."""
    full, plan = cpu_seconds(lambda: solve(instance), repeat)
    live, random, times = LivePlan(instance, plan), np.random.default_rng(SEED), []
    for _ in range(ARRIVING):
        like = int(random.integers(instance.needs))
        rows = np.flatnonzero(instance.pair_need == like)
        weights = dict(
            zip(instance.pair_resource[rows].tolist(), instance.pair_weight[rows].tolist(), strict=True)
        )
        begin = time.process_time()
        live.add_need(int(random.integers(1, 10)), weights, int(instance.need_community[like]))
        times.append(time.process_time() - begin)
    after = live.plan()
    assert after.value == after.bound == solve(live.instance()).value
    return {"cpu": full, "p50": float(np.median(times)), "p95": float(np.quantile(times, 0.95))}


def _fairness(instance: Instance, repeat: int) -> Figures:
    """Under scarcity, the plain plan beside the one with tiers; both judged by the plain weights."""
    lucky = np.random.default_rng(SEED).random(instance.resources)  # rounding that favours no size
    capacity = np.floor(instance.resource_capacity * SCARCITY + lucky).astype(np.int64)
    scarce = replace(instance, resource_capacity=capacity)
    plain = solve(scarce)
    tiers = generator.with_tiers(scarce)
    cpu, fair = cpu_seconds(lambda: solve(tiers))
    return {
        "cpu": cpu,
        "plain_worst": worst_community(scarce, plain),
        "greedy_worst": worst_community(scarce, _as_plan(scarce, baselines.greedy(scarce))),
        "fair_worst": worst_community(scarce, fair),
        "cost": 1 - objective(scarce, fair.quantity) / plain.value,
        "gap": fair.gap,
    }


def _practical(instance: Instance, repeat: int) -> Figures:
    ruled = generator.with_practical_rules(instance, SEED)
    cpu, plan = cpu_seconds(lambda: practical_plan(ruled))
    quick, rough = cpu_seconds(lambda: practical_plan(ruled, Effort(seconds_per_block=0.8, block_gap=0.01)))
    assert (faults(ruled, plan), faults(ruled, rough)) == ([], [])
    return {"cpu": cpu, "gap": plan.gap, "quick_cpu": quick, "quick_gap": rough.gap}


_WAYS: dict[str, Callable[[Instance, int], Figures]] = {
    OURS: _exact,
    WITHOUT_SOLVER: _auction,
    CYPHER: _cypher,
    ARRIVALS: _arrivals,
    FAIRNESS: _fairness,
    PRACTICAL: _practical,
}


if __name__ == "__main__":
    main(*sys.argv[1:4])
