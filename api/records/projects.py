"""How projects begin, what they deliver and what is said of them."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from api.records.acts import Act
from api.records.drafts import End, draft_of
from api.records.holding import refuse_ended, refuse_more_than_there_is
from api.records.kinds import EVALUATION, Kind, kind_of
from api.records.pen import Pen
from api.refusals import Conflict, Finding, InvalidInput
from graph.operations import Outcome
from graph.schema.lifecycles import TAKEABLE
from graph.statements import existing_ids
from loaders.compare import WantedTie

NEED, CLAIM, PROJECT = kind_of("Need"), kind_of("Claim"), kind_of("Project")
MEETING, RESOURCE = kind_of("Meeting"), kind_of("Resource")
CLAIMED, DECIDED = "认领", "联席会议"
"""Origins of a project: a claim that was approved, the decision of a joint meeting."""
_OPEN_MEETING = "召开"
_EVALUATED_IN = ("验收", "评价")

Ends = Mapping[str, Sequence[WantedTie]]


def begin_project(
    pen: Pen, id_: str, properties: Mapping[str, Any], ties: dict[str, list[WantedTie]], meeting: Any
) -> None:
    """A project of any origin but a claim: an accepted match, an assignment, the decision of a meeting.

    `meeting` is the key of the meeting that decided it, and only there. Raises InvalidInput, Conflict for needs that nothing can begin for or resources without
    enough left.
    """
    if properties["origin"] == CLAIMED:
        raise InvalidInput([Finding("origin", "来源为“认领”的项目由批准认领而来；请批准那条认领")])
    if (properties["origin"] == DECIDED) != (meeting is not None):
        raise InvalidInput([Finding("meeting", f"来源为“{DECIDED}”的项目要写明会议的编号，其他来源不写")])
    if not ties.get("in_area"):
        raise InvalidInput([Finding("in_area", "「实施区域」是空的：各条需求不在同一个区域，必须写明")])
    if meeting is not None:
        _decide(pen, id_, meeting, ties)
    _begin(pen, id_, properties, ties)


def _begin(pen: Pen, id_: str, properties: Mapping[str, Any], ties: Ends, *, claim: str = "") -> None:
    for tie in ties.get("meets", ()):
        state = NEED.state_of(pen.stored(NEED, tie.end))
        if state not in TAKEABLE:
            raise Conflict(
                f"需求 {tie.end} 现在是“{state}”，不能立项；可以立项的状态：{'、'.join(TAKEABLE)}",
                {"need": tie.end, "state": state},
            )
        if state in ("入单", "对接中"):
            pen.step(NEED, tie.end, "已认领", "")
    for tie in ties.get("uses", ()):
        stored = pen.stored(RESOURCE, tie.end)
        refuse_ended(tie.end, stored, pen.day)
        promised = tie.properties.get("promised") or 0
        refuse_more_than_there_is(pen, tie.end, stored, promised, claim=claim, project=id_)
    pen.add(PROJECT, id_, {"progress": 0.0, **properties}, ties)


def area_of_needs(pen: Pen, needs: Sequence[WantedTie]) -> list[WantedTie]:
    """Where needs were raised, if that is one area; nothing otherwise."""
    found = {(tie.label, tie.end) for need in needs for tie in pen.ties(NEED, need.end).get("RAISED_IN", ())}
    return [WantedTie(*found.pop(), {})] if len(found) == 1 else []


def _decide(pen: Pen, id_: str, meeting: Any, ties: Ends) -> None:
    if not isinstance(meeting, str):
        raise InvalidInput([Finding("meeting", "应为会议的编号")])
    stored = pen.stored(MEETING, meeting)
    state = MEETING.state_of(stored)
    if state != _OPEN_MEETING:
        raise Conflict(
            f"联席会议 {meeting} 现在是“{state}”，不能议定项目；请在“{_OPEN_MEETING}”时议定", {"state": state}
        )
    agenda = {tie.end for tie in pen.ties(MEETING, meeting).get("DISCUSSED", ())}
    absent = [tie.end for tie in ties.get("meets", ()) if tie.end not in agenda]
    if absent:
        raise Conflict(
            f"需求 {'、'.join(absent[:10])} 不在会议 {meeting} 的议题中；请先列入议题", {"missing": absent}
        )
    pen.link("DECIDED", (MEETING, meeting), ("Project", id_))


def project_of_claim(pen: Pen, claim: str, given: Mapping[str, Any]) -> str:
    """The project that an approved claim becomes, with the fields that are `given`; returns its key.

    It meets the claimed need with the claimed quantity, uses the claim's resource, is led by the unit and takes
    place where the need was raised, unless something else is given.
    """
    stored, ties = pen.stored(CLAIM, claim), pen.ties(CLAIM, claim)
    need, unit = ties["FOR_NEED"][0].end, ties["BY_UNIT"][0].end
    draft = draft_of(
        PROJECT,
        {
            "name": str(pen.stored(NEED, need)["title"])[:200],
            "origin": CLAIMED,
            "meets": [{"id": need, "quantity": stored.get("quantity")}],
            "uses": [{"id": tie.end, "promised": stored.get("quantity") or 0} for tie in ties.get("WITH_RESOURCE", ())],
            "led_by": {"id": unit, "label": "Unit"},
            "in_area": [{"id": tie.end, "label": tie.label} for tie in pen.ties(NEED, need).get("RAISED_IN", ())],
            **given,
        },
        creating=True,
    )  # fmt: skip
    id_ = draft.id or f"project-{hashlib.sha256(pen.operation.id.encode()).hexdigest()[:16]}"
    if pen.transaction.run(existing_ids(PROJECT.node), {"ids": [id_]}):
        raise Conflict(f"已经有编号为“{id_[:60]}”的项目；请换一个编号", {"id": id_})
    _begin(pen, id_, draft.properties, pen.ends(PROJECT, draft.ties), claim=claim)
    pen.link("BECAME", (CLAIM, claim), ("Project", id_))
    return id_


def deliver(act: Act, project: str, body: Mapping[str, Any]) -> Outcome:
    """Write down what was delivered: `resource` and `quantity`, the whole so far; the answer is the project.

    Raises UnknownKeyError, InvalidInput, and Conflict for a resource that the project does not use or a project
    that is closed.
    """
    given = draft_of(
        _DELIVERY, {"uses": {"id": body.get("resource"), "delivered": body.get("quantity")}}, creating=False
    )
    end: End = given.ties["uses"][0]
    if end.properties.get("delivered") is None or set(body) - {"resource", "quantity"}:
        raise InvalidInput(
            [Finding("quantity", "要写明资源编号 resource 和兑现数量 quantity（没有兑现写 0），没有别的项")]
        )

    def work(pen: Pen) -> dict[str, Any]:
        stored = pen.stored(PROJECT, project)
        if PROJECT.life and PROJECT.state_of(stored) in PROJECT.life.final:
            raise Conflict(f"项目 {project} 已销号，不再登记兑现", {"state": stored.get("state")})
        used = pen.ties(PROJECT, project).get("USES", ())
        if end.id not in {tie.end for tie in used}:
            known = "、".join(tie.end for tie in used) or "没有"
            raise Conflict(
                f"项目 {project} 没有使用资源 {end.id[:60]}；它使用的资源：{known}", {"resource": end.id}
            )
        wanted = [WantedTie(t.label, t.end, dict(end.properties) if t.end == end.id else {}) for t in used]
        pen.tie(PROJECT, project, "uses", wanted, used)
        pen.write()
        return pen.record(PROJECT, project)

    return act.carry_out({"do": "deliver", "id": project, "body": body}, [("Project", project)], work)


_DELIVERY = Kind("Project", "projects", "project")


def evaluate(act: Act, project: str, body: Mapping[str, Any], *, typed: bool = True) -> Outcome:
    """Write down what one side says of a project: `direction`, `score` 0 to 100, `text`; the answer is the
    evaluation. Raises UnknownKeyError, InvalidInput, and Conflict while the project is not done."""
    if "of" in body:
        raise InvalidInput([Finding("of", "没有这一项：评价的项目已在地址中")])
    draft = draft_of(EVALUATION, body, creating=True, typed=typed)

    def work(pen: Pen) -> dict[str, Any]:
        stored = pen.stored(PROJECT, project)
        state = PROJECT.state_of(stored)
        if state not in _EVALUATED_IN:
            raise Conflict(f"项目 {project} 现在是“{state}”；验收之后、销号之前才能评价", {"state": state})
        properties = {**draft.properties, "given_at": draft.properties.get("given_at") or pen.day}
        id_ = draft.id or f"evaluation-{hashlib.sha256(pen.operation.id.encode()).hexdigest()[:16]}"
        if pen.transaction.run(existing_ids(EVALUATION.node), {"ids": [id_]}):
            raise Conflict(f"已经有编号为“{id_[:60]}”的评价；请换一个编号", {"id": id_})
        pen.add(EVALUATION, id_, properties, {"of": [WantedTie("Project", project, {})]})
        pen.write()
        return pen.record(EVALUATION, id_)

    return act.carry_out({"do": "evaluate", "id": project, "body": body}, [("Project", project)], work)
