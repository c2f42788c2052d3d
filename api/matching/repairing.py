"""A kept plan brought up to today's lists: repaired exactly from its stored prices, and what that moved."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.matching.desk import Situation
from api.matching.plan_diff import differences
from api.matching.plan_view import PlanView, Row
from api.matching.planning import Made, problem_of
from api.refusals import Conflict
from graph.ask import Reader
from matching.profile import Profile
from matching.renewal import NotProved, renewed


@dataclass(frozen=True)
class Repaired:
    """The plan for today's lists, not kept yet; `changes` of the network that led to it, `moves` from the old one."""

    made: Made
    changes: int
    moves: list[Row]

    def told(self) -> Mapping[str, Any]:
        """The figures for programs: those of the plan, and how many changes and moves there are."""
        return {**self.made.summary(), "changes": self.changes, "moves": len(self.moves)}


def repair(store: Reader, situation: Situation, old: PlanView, made_at: str) -> Repaired:
    """The best plan for the lists of `situation`, with the profile and the area of `old`, from the prices of `old`.

    Its value is that of a plan made anew. Raises Conflict for a plan that is not proved best, as one under the
    rules of practice.
    """
    begun, file = time.perf_counter(), old.file
    profile = Profile.from_dict(file.profile)
    problem = problem_of(store, situation, file.scope, profile)
    try:
        found = renewed(file.instance, file.plan, file.names, problem.instance, problem.names)
    except NotProved:
        raise Conflict(
            f"方案 {old.id or '文件'} 没有证明是最优的（差距 {file.plan.gap:.2%}），它的价格不能用来修补；请用 linmai plan make 重新制定"
        ) from None
    seconds = time.perf_counter() - begun
    made = Made(problem, found.plan, found.plan, None, file.scope, situation.as_of, profile, made_at, seconds)
    return Repaired(made, found.changes, differences(old, PlanView(made.file, situation.snapshot)))
