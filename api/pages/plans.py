"""对接方案: the kept plans of an area, and one plan: what it is worth, its proof, who gets what, what is left out and why."""

import math
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from apiflask import APIFlask
from flask import Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from api.connection import writable
from api.endpoints import hidden
from api.matching import kept_plans
from api.matching.endpoints import Matching
from api.matching.plan_view import PlanView
from api.pages import plan_changes, plan_making
from api.pages.frame import Asked, add_page, asked_for, here_with, to
from api.pages.plan_parts import PARTS, as_answer, choices, chosen, rows_of
from api.pages.tables import PAGE_ROWS, taken
from api.records import reading
from api.records.acts import Act, new_operation
from api.records.kinds import PLAN
from api.refusals import Conflict, InvalidInput
from api.remembered import Remembered
from api.writing import form_revision
from graph.ask import ParameterError, ask
from graph.catalog import queries
from graph.data_version import data_version
from graph.operations import KeyUsedTwice
from graph.schema.lifecycles import PLAN_LIFE
from graph.schema.records import PLAN_STATE
from matching.verify import verify

_STEPS = {
    "公布": "先核验方案文件。公布以后，以后的方案尽量不动它的安排；为同一批需求公布过的方案随之结束。",
    "开始执行": "表示各单位已按方案行动。",
    "作废": "草案作废以后不能恢复。",
    "撤回": "已公布的安排不再保留，撤回以后不能恢复。",
    "完成": "方案已办完，以后不再变动。",
}
"""What each declared step of a plan means to who takes it."""
_CHIPS = {"draft": "few", "announced": "on", "running": "good", "ended": "few"}
_METHODS = {"flow": "精确求解（最小费用流）", "auction": "拍卖法", "practical": "遵守实用规则"}
_OWN = ("part", "page", "community", "unit", "reason", "kind", "to", "against", "file", "verify")
_KEPT = 4


def gap_words(gap: float | None) -> str:
    """How far a plan may be from the best, never told smaller than it is.

    >>> gap_words(0.0), gap_words(0.01101), gap_words(None)
    ('已证明最优', '离上界不超过 1.2 %', '没有试算')
    """
    if gap is None:
        return "没有试算"
    return f"离上界不超过 {math.ceil(round(gap * 1000, 6)) / 10:g} %" if gap else "已证明最优"


@dataclass
class _Shelf:
    """Views of plans, kept as long as the data are the same: reading one takes half a second."""

    matching: Matching
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _kept: OrderedDict[tuple[str, str], PlanView] = field(default_factory=OrderedDict)

    def view(self, id_: str) -> PlanView:
        version = data_version(self.matching.desk.store)
        with self._lock:
            if (id_, version) not in self._kept:
                self._kept[id_, version] = self.matching.plans.view(id_, version)
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end((id_, version))
            return self._kept[id_, version]


def add(app: APIFlask, store: Remembered) -> None:
    """Serve the list, the form's receiver, the page of a plan, and the steps that it can take."""
    pages = _Pages(app.extensions["linmai-matching"], store)
    app.jinja_env.globals.update(gap_words=gap_words, plan_chips=_CHIPS, plan_state=PLAN_STATE.label)
    add_page(app, store, "/plans", "plans", pages.index)
    add_page(app, store, "/plans/<id>", "plan", pages.plan, _OWN)
    app.add_url_rule("/plans", "plans_make", hidden(app, pages.make), methods=["POST"])
    targets = dict.fromkeys(step.target for step in PLAN_LIFE.transitions)
    steps = f"/plans/<id>/<any({', '.join(targets)}):state>"
    app.add_url_rule(steps, "plan_step", hidden(app, pages.step), methods=["POST"])
    app.add_url_rule("/plans/<id>/repair", "plan_repair_start", hidden(app, pages.repair), methods=["POST"])
    plan_making.add(app, store)
    plan_changes.add(app, store)


class _Pages:
    def __init__(self, matching: Matching, store: Remembered) -> None:
        self.matching, self.store, self.shelf = matching, store, _Shelf(matching)

    def index(
        self, asked: Asked, said: Mapping[str, str] | None = None, wrong: InvalidInput | None = None
    ) -> Response:
        """The plans of an area, and the form that asks for a new one."""
        page = render_template(
            "plans.html", frame=asked.frame, plans=_listed(self.store, asked.scope.id), usual=plan_making.defaults(),
            practice=plan_making.PRACTICE, said=said or {}, errors={each.field: each.detail for each in wrong.findings} if wrong else {},
        )  # fmt: skip
        return make_response(page, 422 if wrong else 200)

    def make(self) -> Response:
        """Begin to make a plan; or the list again with what is wrong with the form."""
        asked = asked_for(self.store)
        said = {name: value[:200] for name, value in request.form.items()}
        try:
            return plan_making.start(self.matching, self.store, asked, said)
        except InvalidInput as wrong:
            return self.index(asked, said, wrong)

    def plan(self, asked: Asked, id: str, refusal: str = "", status: int = 200) -> Response:  # noqa: A002
        """One part of a plan beside its figures and its proof; or that part as a file."""
        part = PARTS.get(asked.own.get("part", "communities"))
        if part is None:
            raise ParameterError("part", f"参数 part 的值不对：应为 {'、'.join(PARTS)} 之一")
        view = self.shelf.view(id)
        plans = _listed(self.store, view.file.scope)
        against = _against(asked, id, view, plans) if part.key == "moves" else None
        every = rows_of(part, view, self.shelf.view(against) if against else None)
        rows = chosen(part, every, asked.own)
        if asked.own.get("file"):
            return taken(as_answer(part, view, rows), asked, view.summary()["area"])
        last = max(1, -(-len(rows) // PAGE_ROWS))
        number = min(_number(asked.own.get("page", "1")), last)
        page = render_template(
            "plan.html", frame=asked.frame, asked=asked, s=view.summary(), of=next((p for p in plans if p["plan"] == id), None), part=part, parts=PARTS,
            rows=rows[(number - 1) * PAGE_ROWS : number * PAGE_ROWS], total=len(rows), number=number, last=last, choices=choices(part, every),
            titles=_titles(view), against=against, others=[p for p in plans if p["plan"] != id], profile=view.profile, methods=_METHODS,
            steps=PLAN_LIFE.steps_from(view.state), meanings=_STEPS, operation=new_operation(), refusal=refusal,
            history=[each for each in reading.history(self.store.source, PLAN, id) if each["to"]],
            downloads=_downloads(id), shown=[(word, here_with(file=kind, page=None)) for word, kind in (("Excel", "xlsx"), ("CSV", "csv"))],
            checked=verify(kept_plans.kept(self.store.source, id).text) if asked.own.get("verify") else None, practice=plan_making.PRACTICE,
        )  # fmt: skip
        return make_response(page, status)

    def repair(self, id: str) -> AnyResponse:  # noqa: A002
        """Begin to bring a plan up to today's lists."""
        asked = asked_for(self.store, _OWN)
        return plan_making.begin_repair(self.matching, self.store, asked, id)

    def step(self, id: str, state: str) -> AnyResponse:  # noqa: A002
        """Bring a plan into another state; or its page with why that cannot be."""
        asked = asked_for(self.store, _OWN)
        given = request.form
        act = Act(writable(self.store.source), given.get("operation") or new_operation())
        said = {"reason": given["reason"]} if given.get("reason") else {}
        try:
            kept_plans.move(act, id, state, said, form_revision(given))
        except InvalidInput as wrong:
            return self.plan(asked, id, "；".join(each.detail for each in wrong.findings), 422)
        except (Conflict, KeyUsedTwice) as refused:
            return self.plan(asked, id, str(refused), 409)
        return redirect(to("plan", id=id), 303)


def _listed(store: Remembered, scope: str) -> list[dict[str, Any]]:
    return ask(store.source, queries()["plans"], {"scope": scope}).rows


def _against(asked: Asked, id_: str, view: PlanView, plans: Sequence[Mapping[str, Any]]) -> str | None:
    """The plan to compare with: the one that is asked for, else the announced one for the same area."""
    others = [plan for plan in plans if plan["plan"] != id_]
    if wanted := asked.own.get("against"):
        if wanted not in {plan["plan"] for plan in others}:
            raise ParameterError("against", "参数 against 的值不对：应为同一范围另一个方案的编号")
        return wanted
    same = [plan for plan in others if plan["area_id"] == view.file.scope and plan["state"] in ("announced", "running")]  # fmt: skip
    return str(same[0]["plan"]) if same else None


def _titles(view: PlanView) -> Mapping[str, str]:
    """The titles of the needs, for the keys that reasons name."""
    return dict(zip(view.snapshot.needs.ids, view.snapshot.needs.titles, strict=True))


def _downloads(id_: str) -> list[tuple[str, str]]:
    return [("可打印的 Excel", url_for("plan_workbook", plan=id_)), ("方案文件（JSON）", url_for("plan_file", plan=id_))]  # fmt: skip


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= len(text) <= 6 and int(text) > 0):
        raise ParameterError("page", "参数 page 的值不对：应为页码，从 1 开始")
    return int(text)
