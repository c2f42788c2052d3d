"""Claims of the demo: units that offer to meet a need."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from loaders.demo.chance import Chance
from loaders.demo.figures import REFERENCE_DATE
from loaders.demo.needs import Need
from loaders.demo.projects import Project
from loaders.demo.resources import Offers, Resource
from loaders.demo.rows import Row, SheetRows
from loaders.demo.territory import Territory
from loaders.demo.units import Unit

_WAITING, _WITHDRAWN = 45, 12
"""Claims on needs that are still being matched: those not yet confirmed, and those withdrawn."""


@dataclass(slots=True)
class Claim:
    """A unit's claim of a need."""

    id: str
    unit: Unit
    need: Need
    resource: Resource | None
    quantity: int
    state: str
    claimed: date
    confirmed: date | None = None
    completed: date | None = None


def build_claims(
    territory: Territory, needs: list[Need], projects: list[Project], offers: Offers, chance: Chance
) -> list[Claim]:
    """Claims behind projects, those of needs that are claimed, and some that have gone no further."""
    claims: list[Claim] = []
    for project in projects:
        if project.origin == "认领" and project.unit is not None:
            claims.append(_of_project(territory.number("RL", len(claims) + 1), project, project.unit, chance))
    for need in needs:
        if need.state == "已认领":
            claim = _of_need(territory.number("RL", len(claims) + 1), need, offers, chance)
            if claim is None:  # nobody could have claimed it
                need.state = "对接中"
            else:
                claims.append(claim)
    open_needs = [need for need in needs if need.state == "对接中" and need.kind.weight]
    for order, need in enumerate(chance.sample(open_needs, min(len(open_needs), _WAITING + _WITHDRAWN))):
        claim = _of_need(territory.number("RL", len(claims) + 1), need, offers, chance)
        if claim is not None:
            claim.state = chance.choice(("申请", "审批")) if order < _WAITING else "退出审批"
            claim.confirmed = None
            if claim.resource is not None:
                claim.resource.busy -= claim.quantity
            claims.append(claim)
    return claims


def _of_project(number: str, project: Project, unit: Unit, chance: Chance) -> Claim:
    need, quantity = project.needs[0]
    resource = next((use.resource for use in project.uses if use.resource.unit is unit), None)
    begun = project.actual_from or REFERENCE_DATE
    claimed = chance.day(
        need.raised + timedelta(days=1), max(need.raised + timedelta(days=1), begun - timedelta(days=3))
    )
    claim = Claim(
        number, unit, need, resource, quantity, "履行", claimed, min(claimed + timedelta(days=2), begun)
    )
    if project.actual_to is not None:
        claim.state, claim.completed = "完成", project.actual_to
    return claim


def _of_need(number: str, need: Need, offers: Offers, chance: Chance) -> Claim | None:
    """A claim with a free resource of a unit, which it takes; None when no unit has one."""
    for resource in offers.for_need(need.kind, need.community, REFERENCE_DATE):
        if resource.unit is not None and resource.free > 0:
            quantity = min(need.quantity, resource.free)
            resource.busy += quantity
            claimed = chance.day(need.raised + timedelta(days=1), REFERENCE_DATE - timedelta(days=4))
            confirmed = claimed + timedelta(days=chance.randint(1, 4))
            return Claim(number, resource.unit, need, resource, quantity, "确认", claimed, confirmed)
    return None


def claim_rows(claims: list[Claim]) -> Iterator[Row]:
    """The register of claims."""
    sheet = SheetRows("Claim")
    for each in claims:
        yield sheet.row(
            id=each.id, BY_UNIT=each.unit.id, FOR_NEED=each.need.id,
            WITH_RESOURCE=each.resource.id if each.resource else None, state=each.state, quantity=each.quantity,
            claimed_at=each.claimed, confirmed_at=each.confirmed, completed_at=each.completed,
        )  # fmt: skip
