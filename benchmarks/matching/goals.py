"""What the matching promises, as ratios in one run."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks.matching.measure import ARRIVALS, DICT_LOOP, FAIRNESS, OURS, PRACTICAL, WITHOUT_SOLVER
from benchmarks.matching.pairs import GOAL

Figures = dict[str, Any]


@dataclass(frozen=True)
class Goal:
    """A promise at one scale (`district` or `city`).

    `measured` names the measurement it is about; `judge` takes that and greedy's, and says what was reached and
    whether the promise is kept.
    """

    scale: str
    promise: str
    measured: str
    judge: Callable[[Figures, Figures], tuple[str, bool]]


def check(found: dict[str, dict[str, Figures]], measured: Callable[[str, str], Figures]) -> Iterator[str]:
    """A line for each goal of the scales that were run; what no plan has measured yet is `measured` now, once."""
    for goal in GOALS:
        if goal.scale in found:
            figures = found[goal.scale]
            if goal.measured not in figures:
                figures[goal.measured] = measured(goal.scale, goal.measured)
            reached, met = goal.judge(figures[goal.measured], figures["greedy"])
            yield f"{'met    ' if met else 'NOT MET'}  {goal.scale}: {goal.promise}: {reached}"


def _exact_within(factor: float) -> Callable[[Figures, Figures], tuple[str, bool]]:
    def judge(ours: Figures, greedy: Figures) -> tuple[str, bool]:
        ratio = ours["cpu"] / greedy["cpu"]
        return f"{ratio:.2f} x, gap {ours['gap']}", ratio <= factor and ours["gap"] == 0

    return judge


def _check_of_the_prices(ours: Figures, greedy: Figures) -> tuple[str, bool]:
    times = greedy["cpu"] / ours["check"]
    return f"1/{times:.0f} (whole verification {ours['verify'] * 1000:.1f} ms)", times >= 20


def _without_solver(ours: Figures, greedy: Figures) -> tuple[str, bool]:
    ratio = ours["cpu"] / greedy["cpu"]
    return f"{ours['gap']:.2%} at {ratio:.1f} x", ours["gap"] <= 0.01 and ratio <= 10


def _arrival(ours: Figures, _: Figures) -> tuple[str, bool]:
    median, slow = ours["cpu"] / ours["p50"], ours["cpu"] / ours["p95"]
    return f"1/{median:.0f} ({ours['p50'] * 1000:.2f} ms), 1/{slow:.0f}", median >= 100 and slow >= 4


def _fairness(ours: Figures, _: Figures) -> tuple[str, bool]:
    reached = (
        f"{ours['plain_worst']:.0%} -> {ours['fair_worst']:.0%} (greedy {ours['greedy_worst']:.0%})"
        f" for {ours['cost']:.2%}, {ours['cpu']:.2f} s"
    )
    return reached, ours["fair_worst"] >= 1.5 * ours["plain_worst"] and ours["cost"] <= 0.01


def _practical(ours: Figures, _: Figures) -> tuple[str, bool]:
    return f"{ours['gap']:.2%} in {ours['cpu']:.0f} s", ours["gap"] <= 0.02 and ours["cpu"] <= 120


def _practical_quick(ours: Figures, _: Figures) -> tuple[str, bool]:
    met = ours["quick_gap"] <= 0.03 and ours["quick_cpu"] <= 15
    return f"{ours['quick_gap']:.2%} in {ours['quick_cpu']:.0f} s", met


def _candidates(ours: Figures, _: Figures) -> tuple[str, bool]:
    sets = "equal" if ours["same"] else "DIFFERENT"
    return f"{ours['ratio']:.1f} x ({ours['cpu']:.1f} s), {sets} sets", ours["ratio"] >= GOAL and ours["same"]


GOALS = (
    Goal("district", "a plan with gap 0 at most 4 x greedy", OURS, _exact_within(4)),
    Goal("city", "a plan with gap 0 at most 6 x greedy", OURS, _exact_within(6)),
    Goal("district", "check of the prices at most 1/20 of greedy", OURS, _check_of_the_prices),
    Goal("district", "without OR-Tools a proved gap of at most 1 % at most 10 x", WITHOUT_SOLVER, _without_solver),
    Goal("district", "one arrival: p50 at most 1/100, p95 at most 1/4 of a full plan", ARRIVALS, _arrival),
    Goal("district", "worst community under scarcity (tiers on): 1.5 x for at most 1 %", FAIRNESS, _fairness),
    Goal("district", "practical rules: gap at most 2 % in at most 120 s", PRACTICAL, _practical),
    Goal("district", "practical rules, stretch: at most 3 % in at most 15 s", PRACTICAL, _practical_quick),
    Goal("city", f"candidates at least {GOAL:g} x a dict loop, equal sets", DICT_LOOP, _candidates),
)  # fmt: skip
