"""Kept plans as answers, and the prices that matching one need tells."""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.matching import kept_plans, plan_questions
from api.matching.desk import Desk, Situation
from api.matching.plan_diff import differences
from api.matching.plan_view import PlanView
from api.matching.profiles import IN_FORCE, profile_named
from api.matching.refusals import PlanFileError
from api.refusals import UnknownKeyError
from graph.ask import Answer, ParameterError, reference_date
from graph.data_version import data_version
from graph.query_file import QueryFile
from matching.plan_file import PlanFile, Unreadable, load
from matching.profile import Profile

Given = Mapping[str, Any]
KEPT = 4
"""Plans that are remembered: their lists are asked for one after another."""
LARGEST_BYTES = 500_000_000
"""A file that is larger is no plan: a city's has about a tenth of it."""


@dataclass(frozen=True)
class Prices:
    """What one unit of each resource is worth to others under a kept plan."""

    plan: str
    of_resource: Mapping[str, int]


class Plans:
    """Answers about plans. Raises UnknownKeyError for a plan that is not kept. Safe to share between threads."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._lock = threading.Lock()
        self._prices: dict[tuple[str, str], Prices | None] = {}
        self._views: OrderedDict[tuple[str, str], PlanView] = OrderedDict()

    def view(self, id_: str, version: str = "") -> PlanView:
        """A kept plan beside the lists as they are today; the last ones of a version of the data are remembered."""
        key = (version or data_version(self.desk.store), id_)
        with self._lock:
            if key in self._views:
                return self._views[key]
        found = kept_plans.kept(self.desk.store, id_)
        view = self._beside(found.file(), key[0], found)
        with self._lock:
            self._views[key] = view
            while len(self._views) > KEPT:
                self._views.popitem(last=False)
        return view

    def view_of(self, named: str) -> PlanView:
        """The plan that a path or a key names. Raises PlanFileError for a file that is none."""
        path = Path(named)
        return self._beside(read_plan(path)) if path.is_file() else self.view(named)

    def summary(self, given: Given, version: str = "") -> Answer:
        """What a plan says of itself."""
        view = self.view(given["plan"], version)
        return answered(plan_questions.SUMMARY, view, [view.summary()])

    def part(self, query: QueryFile, given: Given, version: str = "") -> Answer:
        """One of the lists of a plan."""
        return part_of(query, self.view(given["plan"], version))

    def diff(self, given: Given, version: str = "") -> Answer:
        """What moves from one plan to another."""
        before, after = self.view(given["plan"], version), self.view(given["later"], version)
        return diff_of(before, after, given["later"])

    def prices(self, situation: Situation) -> Prices | None:
        """What a unit of each resource is worth to others under the district's plan; None without one."""
        key = (situation.version, situation.district)
        with self._lock:
            if key not in self._prices:
                self._prices = {key: self._prices_of(situation.district)}
            return self._prices[key]

    def profile(self, named: str | None, situation: Situation, usual: Profile) -> Profile:
        """The profile that a parameter names (see `profile_named`), `usual` without one. Raises ParameterError."""
        if named is None:
            return usual
        return profile_named(named, lambda plan: self._profile_of(plan, situation))

    def _profile_of(self, named: str, situation: Situation) -> dict[str, Any]:
        plan = kept_plans.in_force(self.desk.store, situation.district) if named == IN_FORCE else named
        if plan is None:
            raise ParameterError("profile", "这个区还没有方案，没有可沿用的参数；请先制定方案，或去掉参数 profile")  # fmt: skip
        try:
            return dict(kept_plans.kept(self.desk.store, plan).file().profile)
        except UnknownKeyError:
            raise ParameterError(
                "profile", f"参数 profile 的值“{plan[:60]}”不对：应为 {IN_FORCE}、已有方案的编号，或写明不同之处的 JSON 对象"
            ) from None  # fmt: skip

    def _prices_of(self, district: str) -> Prices | None:
        plan = kept_plans.in_force(self.desk.store, district)
        if plan is None:
            return None
        file = kept_plans.kept(self.desk.store, plan).file()
        return Prices(plan, dict(zip(file.names.resources, file.plan.resource_price.tolist(), strict=True)))

    def _beside(self, file: PlanFile, version: str = "", of: kept_plans.Kept | None = None) -> PlanView:
        try:
            situation = self.desk.situation(file.scope, reference_date(self.desk.store), version)
        except ParameterError:
            raise PlanFileError(
                f"方案的范围“{file.scope}”不在这个库里；请用 --store 指定生成它的库"
            ) from None
        if of is None:
            return PlanView(file, situation.snapshot)
        return PlanView(file, situation.snapshot, of.id, of.state, of.revision)


def answered(query: QueryFile, view: PlanView, rows: list[dict[str, Any]]) -> Answer:
    """Rows of a plan as an answer."""
    return Answer(query, {"plan": view.id, "scope": view.file.scope}, rows)


def part_of(query: QueryFile, view: PlanView) -> Answer:
    """One of the lists of a plan."""
    name = next(name for name, each in plan_questions.PARTS.items() if each is query)
    return answered(query, view, getattr(view, name)())


def diff_of(before: PlanView, after: PlanView, later: str = "") -> Answer:
    """What moves from one plan to another."""
    parameters = {"plan": before.id, "later": later, "scope": after.file.scope}
    rows = differences(before, after)
    return Answer(plan_questions.DIFF, parameters, rows, {"moves": len(rows)})


def read_plan(path: Path) -> PlanFile:
    """A plan's file. Raises OSError, and PlanFileError for what is none."""
    found = load(read_text(path))
    if isinstance(found, Unreadable):
        raise PlanFileError(f"{path.name}：{found.sentence}")
    return found


def read_text(path: Path) -> str:
    """The text of a plan's file. Raises OSError, and PlanFileError for what cannot be one."""
    if path.stat().st_size > LARGEST_BYTES:
        raise PlanFileError(f"{path.name}：文件太大，不是对接方案")
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise PlanFileError(
            f"{path.name}：这不是 LinMai 的对接方案文件；请选择用 linmai plan make --out 生成的文件"
        ) from None
