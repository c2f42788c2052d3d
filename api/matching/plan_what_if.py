"""What if a unit left, a resource came, capacities shrank: the plan before beside the plan after. Nothing is written."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from api.matching.columns import COMMUNITY, NEED, NEED_ID
from api.matching.plan_view import PlanView
from api.matching.planning import Problem, problem_of
from api.matching.plans import Plans
from api.matching.questions import AS_OF, COUNT, PROFILE, SCOPE, TEXT
from api.refusals import UnknownKeyError
from graph.ask import Answer, ParameterError, bind
from graph.query_file import Column, Param, QueryFile
from matching.candidates import need_bars
from matching.certificate import Plan
from matching.instance import LARGEST, Instance
from matching.profile import Profile, default_profile
from matching.snapshot import Snapshot
from matching.whatif import effect, with_capacities, with_resource, without_unit

Given = Mapping[str, Any]
_LOST = (
    replace(NEED_ID, doc="key of a need that gets less than before"), NEED, COMMUNITY[1],
    Column("lost", "integer", "减少数量", "units that it loses"),
)  # fmt: skip
_PLAN = Param(
    "plan",
    "string",
    "key of a kept plan to start from, with its own lists and profile; without it, today's lists",
    False,
)
"""`scope`, `as_of` and `profile` do not count beside it."""
_NUMBER, _WHOLE = {"type": "number"}, {"type": "integer"}
NOTES: dict[str, Any] = {
    "sentence": {**TEXT, "description": "What it comes to, in one sentence."},
    "value_before": _WHOLE, "value_after": _WHOLE, "value_change": _WHOLE, "served_before": {**COUNT, "description": "Units given."},
    "served_after": COUNT, "worst_before": {**_NUMBER, "description": "The smallest share of its units that any community gets."},
    "worst_after": _NUMBER, "needs_lost": {**COUNT, "description": "Needs that get less than before."},
}  # fmt: skip


def _query(name: str, title: str, doc: str, route: str, *params: Param) -> QueryFile:
    return QueryFile(
        name, title, doc, (*params, SCOPE, AS_OF, PROFILE, _PLAN), _LOST, route, "", writes=False
    )


UNIT_LEAVES = _query(
    "what_if_unit_leaves", "假设一个单位退出",
    "The plan without a unit (or any other owner) and all that it offers, beside the plan with it: value, worst community, needs that lose.",
    "/api/what-if/unit-leaves/{unit}", Param("unit", "string", "key of the unit", True),
)  # fmt: skip
CAPACITY = _query(
    "what_if_capacity", "假设资源的余量变化", "The plan with every capacity at so many percent of what it is, beside the plan as it is.",
    "/api/what-if/capacity", Param("percent", "integer", "0 to 1000; 50 halves what is left of each resource", False, 50),
)  # fmt: skip
NEW_RESOURCE = _query(
    "what_if_new_resource", "假设增加一个资源",
    "The plan with one more resource for an area, beside the plan as it is. It is open to everyone, at any time; its owner is in the area, without ties or a record.",
    "/api/what-if/new-resource",
    Param("area", "string", "key of the area that it serves, and where its owner is", True),
    Param("category", "string", "key of its category", True),
    Param("quantity", "integer", "units on offer", True),
)  # fmt: skip


@dataclass(frozen=True)
class _Start:
    """What a change is tried out on: today's lists, or those of a kept plan (and that plan, where it is proved best).
    The snapshot names what there is today."""

    snapshot: Snapshot
    profile: Profile
    problem: Problem
    plan: Plan | None = None

    @classmethod
    def of(cls, view: PlanView) -> "_Start":
        """The lists that a kept plan was made of."""
        file, snapshot = view.file, view.snapshot
        needs = [snapshot.need_position.get(key, -1) for key in file.names.needs]
        resources = [snapshot.resource_position.get(key, -1) for key in file.names.resources]
        problem = Problem(file.instance, file.names, np.array(needs, np.int32), np.array(resources, np.int32))
        return cls(snapshot, view.profile, problem, file.plan if file.plan.gap == 0 else None)

    def named(self, need: int) -> dict[str, str]:
        """Title and community of a need; empty for one that is gone today."""
        at, snapshot = int(self.problem.needs[need]), self.snapshot
        if at < 0:
            return {"need": "", "community": ""}
        home = int(snapshot.areas.community[snapshot.needs.area[at]])
        return {
            "need": snapshot.needs.titles[at],
            "community": snapshot.areas.names[home] if home >= 0 else "",
        }


class PlanWhatIf:
    """Answers what would become of the exact plan. Raises ParameterError and UnknownKeyError."""

    def __init__(self, plans: Plans, profile: Profile | None = None) -> None:
        """`profile` is the one for questions that name none; the default one without it."""
        self._plans = plans
        self._usual = profile or default_profile()

    def unit_leaves(self, given: Given, version: str = "") -> Answer:
        """A unit leaves with everything that it still offers."""
        asked, start = self._asked(UNIT_LEAVES, given, version)
        units = start.problem.names.units
        if asked["unit"] not in units:
            raise UnknownKeyError(f"没有编号为“{asked['unit'][:60]}”的提供方，请核对编号")
        after = without_unit(start.problem.instance, units.index(asked["unit"]))
        return _told(UNIT_LEAVES, asked, start, after)

    def capacity(self, given: Given, version: str = "") -> Answer:
        """All that is left of each resource is at some percent of what it is."""
        asked, start = self._asked(CAPACITY, given, version)
        percent = asked["percent"]
        if not 0 <= percent <= 1000:
            raise ParameterError("percent", f"参数 percent 的值“{percent}”不对：应为 0 到 1000 的整数")
        return _told(CAPACITY, asked, start, with_capacities(start.problem.instance, percent))

    def new_resource(self, given: Given, version: str = "") -> Answer:
        """One more resource for an area."""
        asked, start = self._asked(NEW_RESOURCE, given, version)
        if not 1 <= asked["quantity"] <= LARGEST:
            raise ParameterError("quantity", f"参数 quantity 的值“{asked['quantity']}”不对：应为 1 到 {LARGEST} 的整数")  # fmt: skip
        weights = new_weights(
            start.snapshot, start.profile, start.problem, asked["area"], asked["category"], asked["quantity"]
        )
        after = with_resource(start.problem.instance, asked["quantity"], weights)
        return _told(NEW_RESOURCE, asked, start, after)

    def _asked(self, query: QueryFile, given: Given, version: str) -> tuple[dict[str, Any], "_Start"]:
        desk = self._plans.desk
        if plan := given.get("plan"):
            view = self._plans.view(plan, version)
            return bind(query, {**given, "scope": view.file.scope}, desk.store), _Start.of(view)
        asked = bind(query, given, desk.store)
        situation = desk.situation(asked["scope"], asked["as_of"], version)
        profile = self._plans.profile(asked["profile"], situation, self._usual)
        return asked, _Start(situation.snapshot, profile, problem_of(desk.store, situation, asked["scope"], profile))  # fmt: skip


def _told(query: QueryFile, asked: Given, start: _Start, after: Instance) -> Answer:
    found, names = effect(start.problem.instance, after, start.plan), start.problem.names
    rows: list[dict[str, Any]] = []
    # Those that lose most come first; equal ones stand by key, as the plan has them.
    lost = sorted(zip(found.needs_lost, found.lost_units, strict=True), key=lambda pair: -pair[1])
    for need, units in lost:
        rows.append({"need_id": names.needs[need], **start.named(need), "lost": units})
    change = found.value_change
    sentence = (
        f"方案值由 {found.value_before:,} 变为 {found.value_after:,}（{change:+,}），满足数量由 {found.served_before:,} 变为 "
        f"{found.served_after:,}，满足率最低的社区由 {found.worst_before:.0%} 变为 {found.worst_after:.0%}，"
        f"{len(rows):,} 个需求比原来少"
    )
    notes = {
        "sentence": sentence, "value_before": found.value_before, "value_after": found.value_after, "value_change": change,
        "served_before": found.served_before, "served_after": found.served_after, "worst_before": round(found.worst_before, 6),
        "worst_after": round(found.worst_after, 6), "needs_lost": len(rows),
    }  # fmt: skip
    return Answer(query, asked, rows, notes)


def new_weights(
    snapshot: Snapshot, profile: Profile, problem: Problem, area: str, category: str, quantity: int
) -> dict[int, int]:
    """What a unit of a new resource is worth to each need of a problem that it fits, by the need's position there.

    It fits the needs that are raised in its area, that can be matched and whose category it can serve. Raises
    ParameterError for an area or a category that is not there.
    """
    if area not in snapshot.areas.ids:
        raise ParameterError("area", f"参数 area 的值“{area[:60]}”不对：这个区里没有编号是它的区域")
    if category not in snapshot.categories.ids:
        raise ParameterError("category", f"参数 category 的值“{category[:60]}”不对：没有编号是它的类别")
    here, giving = snapshot.areas.ids.index(area), snapshot.categories.ids.index(category)
    needs, weights = snapshot.needs, profile.weights
    bars = need_bars(snapshot, profile)
    found: dict[int, int] = {}
    for position, at in enumerate(problem.needs.tolist()):
        if at < 0:  # in the plan's lists, and gone today
            continue
        fit = _category_value(snapshot, profile, int(needs.category[at]), giving)
        home = int(needs.area[at])
        if not fit or bars[at] or home < 0 or here not in snapshot.areas.holders.row(home):
            continue
        score = (
            weights.category * fit + weights.place * _place_value(snapshot, profile, home, here) + weights.window
            + weights.capacity * min(1.0, quantity / int(needs.remaining[at])) + weights.record * profile.record.prior
        )  # fmt: skip
        found[position] = max(1, round(1000 * score * int(needs.urgency[at])))
    return found


def _category_value(snapshot: Snapshot, profile: Profile, wanted: int, giving: int) -> float:
    categories = snapshot.categories
    edge = int(categories.edge[wanted, giving])
    served = float(categories.edge_weight[edge]) if edge >= 0 else 0.0
    tiers = (0.0, profile.category.sibling, profile.category.same)
    return max(served, tiers[int(categories.relation[wanted, giving])])


def _place_value(snapshot: Snapshot, profile: Profile, home: int, here: int) -> float:
    """How near a need is to an owner in the area, as `matching.score` has it."""
    areas = snapshot.areas
    for name in ("community", "street", "district"):
        column = np.asarray(getattr(areas, name))
        if column[home] >= 0 and column[home] == column[here]:
            return float(getattr(profile.place, name))
    return profile.place.elsewhere
