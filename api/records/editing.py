"""Create, change and withdraw records: one act each."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from api.records.acts import Act, refuse_other_revision, revision_of
from api.records.drafts import Draft, draft_of, order_findings
from api.records.holding import held, refuse_ended, refuse_more_than_there_is
from api.records.kinds import Kind, kind_of
from api.records.moving import advance, words_findings
from api.records.pen import Pen, Ties
from api.records.projects import area_of_needs, begin_project
from api.refusals import Conflict, Finding, InvalidInput
from graph.operations import Outcome
from graph.schema.lifecycles import HELD_BY_CLAIM, HELD_BY_PROJECT, TAKEABLE
from graph.statements import existing_ids
from loaders.cells import clean_text
from loaders.compare import WantedTie
from loaders.identity import identity_id
from loaders.names import NodeKey

NEED, RESOURCE = kind_of("Need"), kind_of("Resource")


def create(act: Act, kind: Kind, body: Mapping[str, Any], *, typed: bool = True) -> Outcome:
    """Create a record; the answer is the record. A project is made for needs, see `api.records.projects`.

    Raises InvalidInput for fields that are wrong or name what is not there, Conflict when there is a record with
    this key, or not enough of a resource is left.
    """
    given = dict(body)
    meeting = given.pop("meeting", None) if kind.label == "Project" else None
    draft = draft_of(kind, given, creating=True, typed=typed)
    subjects = [*_subjects(kind, draft), *_alike(kind, draft)]

    def work(pen: Pen) -> dict[str, Any]:
        ties = pen.ends(kind, draft.ties)
        if kind.label == "Project":
            ties = {"in_area": area_of_needs(pen, ties["meets"]), **ties}
        if kind.today and draft.properties.get(kind.today) is None:
            draft.properties[kind.today] = pen.day
        id_ = _free_key(pen, kind, draft, ties)
        if kind.label == "Claim":
            _take(pen, id_, draft.properties["quantity"], ties)
        if kind.label == "Project":
            begin_project(pen, id_, draft.properties, ties, meeting)
        else:
            pen.add(kind, id_, draft.properties, ties)
        pen.write()
        return pen.record(kind, id_)

    return act.carry_out({"do": "create", "kind": kind.command, "body": body}, subjects, work)


def change(
    act: Act,
    kind: Kind,
    id_: str,
    body: Mapping[str, Any],
    revision: int | None = None,
    *,
    typed: bool = True,
) -> Outcome:
    """Change fields of a record; the answer is the record. `revision` is the one that the editor saw.

    Raises UnknownKeyError, InvalidInput, and Conflict when the record has been changed since, or when what it
    would hold or take away is not there.
    """
    given = dict(body)
    seen = revision_of(given)
    draft = draft_of(kind, given, creating=False, typed=typed)
    if not given:
        raise InvalidInput([Finding("", "没有要改的内容；请至少给出一项")])

    def work(pen: Pen) -> dict[str, Any]:
        stored = pen.stored(kind, id_)
        refuse_other_revision(pen, kind, id_, revision if revision is not None else seen, given)
        wrong = list(order_findings(tuple(kind.properties.values()), {**stored, **draft.properties}))
        if wrong:
            raise InvalidInput(wrong)
        ties = pen.ends(kind, draft.ties)
        before = pen.ties(kind, id_)
        _refuse_too_much(pen, kind, id_, draft, ties, before)
        pen.change(kind, id_, draft.properties)
        for name, wanted in ties.items():
            pen.tie(kind, id_, name, wanted, before.get(kind.ties[name].relationship.name, ()))
        pen.write()
        return pen.record(kind, id_)

    request = {"do": "change", "kind": kind.command, "id": id_, "body": body, "revision": revision}
    return act.carry_out(request, [(kind.label, id_), *_subjects(kind, draft)], work)


def withdraw(act: Act, kind: Kind, id_: str, body: Mapping[str, Any], revision: int | None = None) -> Outcome:
    """Withdraw or end a record; nothing is deleted. What has a life takes the step that ends it, the others get
    today as the first day on which they no longer hold. The body may hold the `reason`.

    Raises UnknownKeyError, InvalidInput when a reason is needed, Conflict when it cannot end now.
    """
    unknown = [Finding(name[:60], "没有这一项；可用的有：reason") for name in body if name != "reason"]
    if wrong := [*unknown, *words_findings(body)]:
        raise InvalidInput(wrong)

    def work(pen: Pen) -> dict[str, Any]:
        stored = pen.stored(kind, id_)
        refuse_other_revision(pen, kind, id_, revision, {})
        if kind.life:
            advance(pen, kind, id_, kind.life.ended_by, body)
        else:
            _end(pen, kind, id_, stored)
            pen.tell(kind, id_, "reason", clean_text(body.get("reason") or ""))
        pen.write()
        return pen.record(kind, id_)

    request = {"do": "withdraw", "kind": kind.command, "id": id_, "body": body, "revision": revision}
    return act.carry_out(request, [(kind.label, id_)], work)


def _subjects(kind: Kind, draft: Draft) -> list[tuple[str, str]]:
    """The resources of which the record will hold something: locked before anything is read."""
    name = {"Claim": "with_resource", "Project": "uses"}.get(kind.label, "")
    return [("Resource", end.id) for end in draft.ties.get(name, ())]


def _alike(kind: Kind, draft: Draft) -> list[tuple[str, str]]:
    """What two who create the same record at once have in common, so that they come one after another: the key,
    or the title of which it is made. Nothing is there to be locked yet; see `graph.operations`."""
    if kind.numbered and not draft.id:
        return []
    return [(kind.label, draft.id or str(draft.properties.get(kind.node.title)))]


def _free_key(pen: Pen, kind: Kind, draft: Draft, ties: Mapping[str, Sequence[WantedTie]]) -> str:
    """The key of a new record: what was given, else computed as a load would. Raises Conflict when it is taken."""
    if draft.id:
        id_ = draft.id
    elif kind.numbered:  # nothing else has this key: the operation has not been done
        return f"{kind.command}-{hashlib.sha256(pen.operation.id.encode()).hexdigest()[:16]}"
    else:
        ends = {
            kind.ties[name].heading: [NodeKey(tie.label, tie.end) for tie in wanted]
            for name, wanted in ties.items()
        }
        id_ = identity_id(kind.node, draft.properties, ends)
    if pen.transaction.run(existing_ids(kind.node), {"ids": [id_]}):
        raise Conflict(
            f"已经有编号为“{id_[:60]}”的{kind.heading}；要改它请用“修改”，另一个请换一个编号", {"id": id_}
        )
    return id_


def _take(pen: Pen, claim: str, quantity: int, ties: Mapping[str, Sequence[WantedTie]]) -> None:
    """What a new claim needs: an open need, a resource that is on offer and has enough left."""
    need = ties["for_need"][0].end
    state = NEED.state_of(pen.stored(NEED, need))
    if state not in TAKEABLE:
        raise Conflict(
            f"需求 {need} 现在是“{state}”，不能认领；可以认领的状态：{'、'.join(TAKEABLE)}",
            {"need": need, "state": state},
        )
    for tie in ties.get("with_resource", ()):
        stored = pen.stored(RESOURCE, tie.end)
        refuse_ended(tie.end, stored, pen.day)
        refuse_more_than_there_is(pen, tie.end, stored, quantity, claim=claim)
    if state == "入单":
        pen.step(NEED, need, "对接中", "")


def _refuse_too_much(
    pen: Pen, kind: Kind, id_: str, draft: Draft, ties: Mapping[str, Sequence[WantedTie]], before: Ties
) -> None:
    """What a change may not do: hold more than there is, or leave less than is held."""
    stored = pen.stored(kind, id_)
    if kind.label == "Resource" and "capacity" in draft.properties:
        taken = held(pen, id_)
        capacity = draft.properties["capacity"] or 0
        if capacity < taken and capacity < (stored.get("capacity") or 0):
            raise Conflict(
                f"资源 {id_} 已被占用 {taken}，数量不能改为 {capacity}；请先调整认领和项目", {"held": taken}
            )
    if kind.label == "Claim" and kind.state_of(stored) in HELD_BY_CLAIM:
        quantity = draft.properties.get("quantity") or 0
        if quantity > (stored.get("quantity") or 0):
            if "BECAME" in before:
                raise Conflict(f"认领 {id_} 已立项，数量请在项目中修改", {"project": before["BECAME"][0].end})
            for tie in before.get("WITH_RESOURCE", ()):
                offered = pen.stored(RESOURCE, tie.end)
                refuse_more_than_there_is(pen, tie.end, offered, quantity, claim=id_)
    if kind.label == "Project" and kind.state_of(stored) in HELD_BY_PROJECT:
        promised = {tie.end: tie.properties.get("promised") or 0 for tie in before.get("USES", ())}
        for use in ties.get("uses", ()):
            wanted = use.properties.get("promised") or 0
            if wanted > promised.get(use.end, 0):
                offered = pen.stored(RESOURCE, use.end)
                refuse_more_than_there_is(pen, use.end, offered, wanted, project=id_)


def _end(pen: Pen, kind: Kind, id_: str, stored: Mapping[str, Any]) -> None:
    ended = stored.get("valid_to")
    if ended and ended <= pen.day:
        raise Conflict(f"{kind.heading} {id_} 已于 {ended} 终止", {"valid_to": ended})
    if kind.label == "Resource" and (taken := held(pen, id_)):
        raise Conflict(
            f"资源 {id_} 还有 {taken} 被认领或项目占用，不能终止；请先撤回认领、了结项目", {"held": taken}
        )
    pen.change(kind, id_, {"valid_to": max(pen.day, stored.get("valid_from") or "")})
