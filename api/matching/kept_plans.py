"""Plans that are kept in the graph: their file, what they assign, and the steps of their life.

A plan lives as `graph.schema.lifecycles` declares, like every record: with its history, and with operations that
act once.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.matching.packing import packed, unpacked
from api.matching.planning import Made, assigned
from api.records.acts import Act
from api.records.kinds import PLAN
from api.records.moving import move as take_step
from api.records.pen import Pen
from api.refusals import Conflict, UnknownKeyError
from graph import queries as typed
from graph.ask import Reader
from graph.operations import Outcome
from graph.schema import SCHEMA
from graph.schema.lifecycles import PLAN_LIFE
from graph.writing import put_relationships, read_nodes
from matching.plan_file import PlanFile, Unreadable, dump, load

_IN_FORCE = ("running", "announced", "draft")
"""Whose prices count first."""
TIME_LIMIT_S = 300.0
"""What keeping a plan may take; a district's has some thousand assignments and takes about a second."""


@dataclass(frozen=True)
class Kept:
    """A plan of the graph: its key, state and revision, and the text of its file."""

    id: str
    state: str
    revision: int
    text: str

    def file(self) -> PlanFile:
        """The file that the text holds. Raises Conflict for one that was damaged in the store."""
        found = load(self.text)
        if isinstance(found, Unreadable):
            raise Conflict(f"方案 {self.id} 的文件已损坏：{found.sentence}")
        return found


def plan_id(text: str, made_at: str) -> str:
    """The key of a plan: its day and the beginning of its digest.

    >>> plan_id('{"digest": "0123456789abcdef"}', "2020-10-01T09:30:00+08:00")
    'FA-20201001-0123456789'
    """
    return f"FA-{made_at[:10].replace('-', '')}-{json.loads(text)['digest'][:10]}"


def keep(act: Act, made: Made) -> Kept:
    """Keep a plan as a draft, with what it assigns to whom; one that is kept already stays as it is."""
    file, text = made.file, dump(made.file)
    id_ = plan_id(text, made.made_at)
    properties = {
        "scope": file.scope, "profile": json.dumps(file.profile, ensure_ascii=False), "method": file.plan.method,
        "value": file.plan.value, "bound": file.plan.bound, "gap": file.plan.gap, "m3_gap": made.m3_gap,
        "made_at": made.made_at, "digest": json.loads(text)["digest"], "file": packed(text),
    }  # fmt: skip

    def work(pen: Pen) -> dict[str, Any]:
        if not pen.knows(PLAN, id_):
            pen.add(PLAN, id_, properties, {})
            pen.write()
            _assign(pen, id_, file)
        return {"plan": id_}

    request = {"make": made.scope, "as_of": made.as_of, "profile": file.profile, "method": file.plan.method}
    return kept(act.store, act.carry_out(request, [("Plan", id_)], work, TIME_LIMIT_S).answer["plan"])


def move(act: Act, id_: str, state: str, said: Mapping[str, Any] | None = None, revision: int | None = None) -> Outcome:  # fmt: skip
    """Bring a plan into another state; the answer is its record, with the key as `plan_id`, too.

    `said` may hold `reason` and `revision`. Raises what `api.records.moving.move` does: UnknownKeyError, InvalidInput
    where a reason lacks, Conflict for a step that is not declared, a file that proves nothing, another revision.
    """
    done = take_step(act, PLAN, id_, {**(said or {}), "to": state}, revision)
    return Outcome({"plan_id": id_, **done.answer}, done.repeated)


def kept(store: Reader, id_: str) -> Kept:
    """A plan of the graph. Raises UnknownKeyError, and Conflict for a file that was damaged in the store."""
    found = read_nodes(store, SCHEMA.node("Plan"), [id_]).get(id_)
    if not found or not found.get("file"):
        raise UnknownKeyError(
            f"没有编号为“{id_[:60]}”的方案；用 linmai plan list 或 /api/plans 查看已有的方案"
        )
    text = unpacked(found["file"])
    if text is None:
        raise Conflict(f"方案 {id_} 的文件已损坏，读不出来；请从备份恢复")
    return Kept(id_, PLAN_LIFE.state_of(found.get("state")), found.get("revision") or 0, text)


def in_force(store: Reader, district: str) -> str | None:
    """The plan of a whole district whose prices count: the running one, else the announced, else the newest draft."""
    found = [row for row in typed.plans(store, scope=district) if row.area_id == district]
    order = {state: rank for rank, state in enumerate(_IN_FORCE)}
    # The newest come first, and sorting keeps that order among equals.
    chosen = sorted((row for row in found if row.state in order), key=lambda row: order[row.state or ""])
    return chosen[0].plan if chosen else None


def _assign(pen: Pen, id_: str, file: PlanFile) -> None:
    """Tie a plan to what it assigns. A need or resource that was undone meanwhile is left out: its file knows it."""
    to_needs, to_resources = _assigns(id_, file)
    assigns = SCHEMA.relationship("ASSIGNS")
    put_relationships(pen.transaction, assigns, "Plan", "Need", to_needs)
    put_relationships(pen.transaction, assigns, "Plan", "Resource", to_resources)


def _assigns(id_: str, file: PlanFile) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    prices = file.plan.resource_price.tolist()
    urgency = file.instance.need_urgency.tolist()
    to_needs, to_resources = [], []
    for pair, i, j, units in assigned(file):
        need, resource = file.names.needs[i], file.names.resources[j]
        score = int(file.instance.pair_weight[pair]) / 1000 / urgency[i]
        told = {"quantity": units, "price": int(prices[j]), "score": round(min(1.0, score), 6)}
        to_needs.append(_row(id_, need, resource, told))
        to_resources.append(_row(id_, resource, need, told))
    return to_needs, to_resources


def _row(plan: str, end: str, partner: str, told: Mapping[str, Any]) -> dict[str, Any]:
    return {"start": plan, "end": end, "key": partner, "properties": {"partner": partner, **told}}
