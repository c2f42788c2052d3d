"""Plans that are kept in the graph: their file, what they assign, and the state that each is in.

Every write is an operation (`graph.operations`): a repetition with the same key acts once.
"""

import base64
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.clock import now
from api.matching.planning import Made, assigned
from api.records.acts import new_operation
from api.records.kinds import LOCAL_USER
from api.refusals import Conflict, UnknownKeyError
from graph import queries as typed
from graph.ask import Reader
from graph.catalog import queries
from graph.operations import Locked, Operation, perform
from graph.schema import SCHEMA
from graph.schema.records import PLAN_STATE
from graph.store import Store, Transaction
from graph.writing import put_nodes, put_relationships, read_nodes
from matching.plan_file import PlanFile, Unreadable, dump, load

TRANSITIONS: Mapping[str, tuple[str, ...]] = {
    "draft": ("announced", "ended"),
    "announced": ("running", "ended"),
    "running": ("ended",),
    "ended": (),
}
"""The states that a plan may go to from each. Announcing ends the announced plans for the same needs."""
_IN_FORCE = ("running", "announced", "draft")
"""Whose prices count first."""
TIME_LIMIT_S = 300.0
"""What keeping a plan may take; a district's has some thousand assignments and takes about a second."""


@dataclass(frozen=True)
class Writing:
    """Who writes, and the key of the operation; a new one unless it was given."""

    key: str
    actor: str = LOCAL_USER

    @classmethod
    def by(cls, actor: str = LOCAL_USER) -> "Writing":
        """A write of its own."""
        return cls(new_operation(), actor)

    def of(self, **request: Any) -> Operation:
        """The operation of a request."""
        return Operation(self.key, self.actor, _stamp(), request)


@dataclass(frozen=True)
class Kept:
    """A plan of the graph: its key and state, and the text of its file."""

    id: str
    state: str
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


def keep(store: Store, made: Made, writing: Writing) -> Kept:
    """Keep a plan as a draft, with what it assigns to whom."""
    file, text = made.file, dump(made.file)
    id_ = plan_id(text, made.made_at)
    properties = {
        "scope": file.scope, "profile": json.dumps(file.profile, ensure_ascii=False), "method": file.plan.method,
        "value": file.plan.value, "bound": file.plan.bound, "gap": file.plan.gap, "m3_gap": made.m3_gap, "state": "draft",
        "made_at": made.made_at, "digest": json.loads(text)["digest"], "file": packed(text),
    }  # fmt: skip
    to_needs, to_resources = _assigns(id_, file)

    def work(transaction: Transaction, _: Locked) -> dict[str, Any]:
        assigns = SCHEMA.relationship("ASSIGNS")
        put_nodes(transaction, SCHEMA.node("Plan"), [{"id": id_, "properties": properties}])
        put_relationships(transaction, assigns, "Plan", "Need", to_needs)
        put_relationships(transaction, assigns, "Plan", "Resource", to_resources)
        return {"plan": id_}

    operation = writing.of(make=made.scope, as_of=made.as_of, profile=file.profile, method=file.plan.method)
    return kept(store, perform(store, operation, [("Plan", id_)], work, timeout_s=TIME_LIMIT_S).answer["plan"])  # fmt: skip


def move(store: Store, id_: str, state: str, writing: Writing) -> Kept:
    """Bring a plan into another state. Raises UnknownKeyError, and Conflict for a step that is not allowed."""
    kept(store, id_)
    announced_at = _stamp() if state == "announced" else None

    def work(transaction: Transaction, locked: Locked) -> dict[str, Any]:
        now_in = locked["Plan", id_].get("state") or "draft"
        if state not in TRANSITIONS[now_in]:
            raise Conflict(_not_allowed(id_, now_in, state), {"state": now_in, "allowed": list(TRANSITIONS[now_in])})  # fmt: skip
        transaction.run(
            queries("write")["plan_moved"].text, {"plan": id_, "state": state, "announced_at": announced_at}
        )
        if state == "announced":
            transaction.run(queries("write")["plans_replaced"].text, {"plan": id_})
        return {"plan": id_}

    perform(store, writing.of(plan=id_, state=state), [("Plan", id_)], work)
    return kept(store, id_)


def kept(store: Reader, id_: str) -> Kept:
    """A plan of the graph. Raises UnknownKeyError."""
    found = read_nodes(store, SCHEMA.node("Plan"), [id_]).get(id_)
    if not found or not found.get("file"):
        raise UnknownKeyError(
            f"没有编号为“{id_[:60]}”的方案；用 linmai plan list 或 /api/plans 查看已有的方案"
        )
    return Kept(id_, found.get("state") or "draft", unpacked(found["file"]))


def in_force(store: Reader, district: str) -> str | None:
    """The plan of a whole district whose prices count: the running one, else the announced, else the newest draft."""
    found = [row for row in typed.plans(store, scope=district) if row.area_id == district]
    order = {state: rank for rank, state in enumerate(_IN_FORCE)}
    # The newest come first, and sorting keeps that order among equals.
    chosen = sorted((row for row in found if row.state in order), key=lambda row: order[row.state or ""])
    return chosen[0].plan if chosen else None


def packed(text: str) -> str:
    """A file's text as the graph keeps it.

    >>> unpacked(packed("方案"))
    '方案'
    """
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode("ascii")


def unpacked(kept_text: str) -> str:
    """The reverse of `packed`."""
    return zlib.decompress(base64.b64decode(kept_text)).decode()


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


def _stamp() -> str:
    return now().isoformat(timespec="seconds")


def _not_allowed(id_: str, now_in: str, state: str) -> str:
    can = "、".join(PLAN_STATE.label(each) for each in TRANSITIONS[now_in])
    after = f"只能变为：{can}" if can else "不能再变"
    return f"方案 {id_} 现在是“{PLAN_STATE.label(now_in)}”，不能变为“{PLAN_STATE.label(state)}”；{after}"
