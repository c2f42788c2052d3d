"""How much of a resource is held, and the refusal of what would hold more than there is.

Ask inside a transaction that has locked the resource: two that both see the last units cannot both take them.
"""

from collections.abc import Mapping
from typing import Any

from api.records.pen import Pen
from api.refusals import Conflict
from graph.schema.lifecycles import HELD_BY_CLAIM

CLOSED = "销号"
"""State of a project that holds nothing any more."""
_CONFIRMED = ("确认", "履行")


def held(pen: Pen, resource: str, *, claim: str = "", project: str = "") -> int:
    """Units of a resource that claims and projects hold, without those of one claim and one project.

    A claim that became a project here is held by the project. One that was loaded as confirmed is counted unless a
    project uses the resource for the same need: then it is that project's.
    """
    claims = pen.ask("claims_holding", id=resource, states=list(HELD_BY_CLAIM))
    projects = pen.ask("projects_holding", id=resource, closed=CLOSED)
    by_claims = sum(
        row["quantity"] or 0
        for row in claims
        if row["claim_id"] != claim
        and not row["became"]
        and not (row["state"] in _CONFIRMED and row["projects"])
    )
    return by_claims + sum(row["promised"] or 0 for row in projects if row["project_id"] != project)


def refuse_more_than_there_is(
    pen: Pen,
    resource: str,
    stored: Mapping[str, Any],
    wanted: int,
    *,
    claim: str = "",
    project: str = "",
) -> None:
    """Raise Conflict when `wanted` units are not left of a resource. One without a number has none to give."""
    capacity = stored.get("capacity")
    taken = held(pen, resource, claim=claim, project=project)
    there = capacity if isinstance(capacity, int) else 0
    if wanted > there - taken:
        left = max(0, there - taken)
        unit = stored.get("unit") or ""
        raise Conflict(
            f"资源 {resource} 只剩 {left}{unit}（共 {there}，已占用 {taken}），不够 {wanted}；请减少数量，或换一项资源",
            {"resource": resource, "capacity": there, "held": taken, "left": left, "wanted": wanted},
        )


def refuse_ended(resource: str, stored: Mapping[str, Any], day: str) -> None:
    """Raise Conflict for a resource that is not on offer on a day."""
    begin, end = stored.get("valid_from"), stored.get("valid_to")
    if (begin and begin > day) or (end and end <= day):
        raise Conflict(f"资源 {resource} 在 {day} 不在提供期内；请换一项资源", {"resource": resource})
