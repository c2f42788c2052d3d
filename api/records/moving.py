"""Move a record one step through its life: what the declaration asks for is checked, what it carries follows."""

import datetime
from collections.abc import Mapping
from typing import Any

from api.matching.packing import unpacked
from api.records.acts import Act, refuse_other_revision, revision_of
from api.records.holding import CLOSED
from api.records.kinds import PLAN, Kind, kind_of
from api.records.pen import Pen
from api.records.projects import project_of_claim
from api.refusals import Conflict, Finding, InvalidInput
from graph.lifecycle import Requires, Transition
from graph.model import ValueType
from graph.operations import Outcome
from graph.schema.lifecycles import HELD_BY_CLAIM
from loaders.cells import clean_text

NEED, CLAIM, PROJECT = kind_of("Need"), kind_of("Claim"), kind_of("Project")
_LONGEST = 2000
_FIELDS = ("to", "reason", "feedback", "day", "project")


def move(act: Act, kind: Kind, id_: str, body: Mapping[str, Any], revision: int | None = None) -> Outcome:
    """Take the step to the state `to`; the answer is the record.

    The body may hold `reason`, `feedback`, `day` (when it was, today without it), `revision`, and for the
    approval of a claim `project` (fields of the project that it becomes).
    Raises UnknownKeyError, InvalidInput for what the step needs and is not given, Conflict for a step that does
    not lead on from where the record is, with the `possible` ones.
    """
    given = dict(body)
    seen = revision_of(given)
    _check(kind, given)

    def work(pen: Pen) -> dict[str, Any]:
        pen.stored(kind, id_)
        refuse_other_revision(pen, kind, id_, revision if revision is not None else seen, {})
        advance(pen, kind, id_, given["to"], given)
        pen.write()
        return pen.record(kind, id_)

    request = {"do": "move", "kind": kind.command, "id": id_, "body": body, "revision": revision}
    return act.carry_out(request, [(kind.label, id_)], work)


def advance(pen: Pen, kind: Kind, id_: str, target: str, given: Mapping[str, Any]) -> None:
    """Take a step inside an act; see `move`."""
    assert kind.life
    stored = pen.stored(kind, id_)
    state = kind.state_of(stored)
    step = kind.life.step(state, target)
    if step is None:
        label, possible = kind.life.codes.label, [each.target for each in kind.life.steps_from(state)]
        onward = f"可以转为：{'、'.join(map(label, possible))}" if possible else "它已办完，不再变动"
        raise Conflict(
            f"{kind.heading} {id_} 现在是“{label(state)}”，不能转为“{label(target)}”；{onward}",
            {"state": state, "possible": possible},
        )
    _refuse_unmet(pen, kind, id_, step, given)
    _take(pen, kind, id_, step, given)
    if kind is CLAIM and target == "确认":
        project_of_claim(pen, id_, given.get("project") or {})


def _take(pen: Pen, kind: Kind, id_: str, step: Transition, given: Mapping[str, Any]) -> None:
    stored = pen.stored(kind, id_)
    said = "；".join(clean_text(given[name]) for name in ("reason", "feedback") if given.get(name))
    pen.step(kind, id_, step.target, said)
    if step.stamps and stored.get(step.stamps) is None:
        is_date = kind.node.property(step.stamps).type is ValueType.DATE
        pen.change(kind, id_, {step.stamps: (given.get("day") or pen.day) if is_date else pen.operation.at})
    if kind is PROJECT and step.target == "验收" and stored.get("progress") != 100:
        pen.change(kind, id_, {"progress": 100.0})
    for carried in step.carries:
        other = kind_of(carried.label)
        why = f"由{kind.heading} {id_} 取代" if other is kind else said
        for key in _hanging(pen, kind, id_, other, carried.target):
            _follow(pen, other, key, carried.target, why)


def _follow(pen: Pen, kind: Kind, id_: str, target: str, said: str) -> None:
    """Move along what hangs on a record, where its own life has such a step; what it carries follows, too."""
    assert kind.life
    step = kind.life.step(kind.state_of(pen.stored(kind, id_)), target)
    if step is not None:
        _take(pen, kind, id_, step, {"reason": said})


def _hanging(pen: Pen, kind: Kind, id_: str, other: Kind, target: str) -> list[str]:
    """The keys of the records of another kind that a step of this one moves along."""
    if kind is CLAIM:
        return [tie.end for tie in pen.ties(CLAIM, id_).get("BECAME", ())]
    if kind is PLAN:
        return [row["plan"] for row in pen.ask("plans_replaced", plan=id_)]
    if kind is NEED:
        rows = pen.ask("claims_of_need", need=id_, states=list(HELD_BY_CLAIM))
        return [row["claim_id"] for row in rows]
    if other is CLAIM:
        found = pen.ask("claims_of_project", project=id_, states=["确认", "履行"])[0]
        return sorted({*found["own"], *found["loaded"]})
    needs = [tie.end for tie in pen.ties(PROJECT, id_).get("MEETS", ())]
    if target == "实施中":
        return needs
    # A need that another project is still working on stays where that project has brought it.
    return [need for need in needs if not _others(pen, need, id_)]


def _others(pen: Pen, need: str, project: str) -> int:
    count: int = pen.ask("other_projects_of_need", need=need, project=project, closed=CLOSED)[0]["projects"]
    return count


def _refuse_unmet(pen: Pen, kind: Kind, id_: str, step: Transition, given: Mapping[str, Any]) -> None:
    """Raise for what the declaration asks of a step and is not there."""
    for each in step.requires:
        if each in (Requires.REASON, Requires.FEEDBACK):
            name = "reason" if each is Requires.REASON else "feedback"
            if not clean_text(given.get(name) or ""):
                raise InvalidInput([Finding(name, f"“{step.heading}”要写明{each.value}")])
        elif each is Requires.DECISION:
            raise Conflict(
                f"“{step.heading}”随立项而来，不能单独办理；请批准认领，或为这条需求建立项目",
                {"state": step.target},
            )
        elif each is Requires.CATEGORY and "IN_CATEGORY" not in pen.ties(kind, id_):
            raise Conflict(
                f"{kind.heading} {id_} 还没有类别，不能“{step.heading}”；请先补上类别",
                {"missing": "in_category"},
            )
        elif each is Requires.EVALUATION and not _evaluated(pen, id_):
            raise Conflict(f"项目 {id_} 还没有评价，不能销号；请先登记评价", {"missing": "evaluations"})
        elif each is Requires.DELIVERED:
            lacking = [
                t.end for t in pen.ties(kind, id_).get("USES", ()) if t.properties.get("delivered") is None
            ]
            if lacking:
                raise Conflict(
                    f"项目 {id_} 还没有登记兑现数量：{'、'.join(lacking[:10])}；请先登记，没有兑现的写 0",
                    {"missing": lacking},
                )
        elif each is Requires.PROOF and (wrong := _unproved(pen.stored(kind, id_).get("file"))):
            raise Conflict(f"{kind.heading} {id_} 没有通过核验，不能“{step.heading}”：{wrong}", {"missing": "proof"})  # fmt: skip


def _evaluated(pen: Pen, project: str) -> bool:
    return bool(pen.ask("evaluations_of_project", project=project)[0]["evaluations"])


def _unproved(file: str | None) -> str:
    """What is wrong with the file of a plan; empty when it proves what it says."""
    from matching.verify import verify  # here: slow to import, and most records have no proof

    text = unpacked(file or "")
    return "方案文件已损坏" if text is None else "；".join(verify(text).problems[:3])


def _check(kind: Kind, given: Mapping[str, Any]) -> None:
    """Raise InvalidInput for a body that no step can be taken with."""
    assert kind.life
    findings = [
        Finding(name[:60], f"没有这一项；可用的有：{'、'.join((*_FIELDS, 'revision'))}")
        for name in given
        if name not in _FIELDS or (name == "project" and kind is not CLAIM)
    ]
    if given.get("to") not in kind.life.codes.values:
        states = "、".join(map(str, kind.life.codes.values))
        findings.append(Finding("to", f"应为以下状态之一：{states}"))
    findings += words_findings(given)
    if (day := given.get("day")) is not None and not _is_day(day):
        findings.append(Finding("day", "应为日期，例如 2020-04-13"))
    if not isinstance(given.get("project") or {}, dict):
        findings.append(Finding("project", "应为对象，写项目的各项"))
    if findings:
        raise InvalidInput(findings)


def words_findings(given: Mapping[str, Any]) -> list[Finding]:
    """What is wrong with the reason and the feedback of a step."""
    return [
        Finding(name, f"应为文字，不超过 {_LONGEST} 个字")
        for name in ("reason", "feedback")
        if given.get(name) is not None and (not isinstance(given[name], str) or len(given[name]) > _LONGEST)
    ]


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and datetime.date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
