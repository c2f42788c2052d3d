"""Agreements of the demo between communities' party committees and units, and what they promise."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from loaders.demo.chance import Chance, apportion
from loaders.demo.figures import REFERENCE_DATE
from loaders.demo.party import Party
from loaders.demo.resources import Resource
from loaders.demo.rows import Row, SheetRows
from loaders.demo.territory import Community, Territory
from loaders.demo.units import Unit

_YEARS_PER_CHAIN = 3  # a unit with more agreements has them with a second community


@dataclass(slots=True)
class Agreement:
    """One agreement. It holds from `valid_from` until the day before `valid_to`."""

    id: str
    unit: Unit
    community: Community
    signed: date | None
    valid_from: date
    valid_to: date
    state: str
    promises: list[tuple[Resource, int]] = field(default_factory=list)

    def in_force(self, day: date) -> bool:
        """Whether it is signed and holds that day."""
        return self.signed is not None and self.state != "终止" and self.valid_from <= day < self.valid_to


def build_agreements(
    territory: Territory,
    units: list[Unit],
    resources: list[Resource],
    golden: list[Agreement],
    chance: Chance,
) -> list[Agreement]:
    """Chains of yearly agreements per unit and community, most renewed, some lapsed; the golden case's first."""
    offers: dict[str, list[Resource]] = {}
    for resource in resources:
        if resource.unit is not None:
            offers.setdefault(resource.unit.id, []).append(resource)
    agreements = list(golden)
    counts = apportion(territory.sizes.agreements - len(golden), [chance.uneven(0.35) for _ in units], 1)
    for unit, count in zip(units, counts, strict=True):
        first, taken = len(agreements) + 1, {each.community.code for each in golden if each.unit is unit}
        for length in [_YEARS_PER_CHAIN] * (count // _YEARS_PER_CHAIN) + [count % _YEARS_PER_CHAIN]:
            community = _partner(territory, unit, taken, chance)
            taken.add(community.code)
            for signed, state in _chain(length, chance):
                agreements.append(_agreement(territory, len(agreements) + 1, unit, community, signed, state))
        for agreement in agreements[first - 1 :]:
            _promise(agreement, offers.get(unit.id, []), chance)
    return agreements


def _partner(territory: Territory, unit: Unit, taken: set[str], chance: Chance) -> Community:
    """The unit's own community, else another of the street, else any."""
    urban = {community.code: community for community in territory.communities}
    if unit.community.code in urban and unit.community.code not in taken:
        return unit.community
    others = [community for community in territory.communities if community.code not in taken]
    near = [community for community in others if community.street == unit.community.street]
    return chance.choice(near or others)


def _chain(length: int, chance: Chance) -> Iterator[tuple[date, str]]:
    """Days of signing, the earliest first, each about a year after the one before, with the state today."""
    lapsed = chance.happens(0.13)
    latest = chance.day(date(2019, 10, 2), date(2020, 9, 28))
    if lapsed:
        latest -= timedelta(days=365)
    elif chance.happens(0.06):  # near its end: 30 days are left at most
        latest = REFERENCE_DATE + timedelta(days=chance.randint(1, 30) - 366)
    for back in reversed(range(length)):
        signed = latest - timedelta(days=365 * back + (chance.randint(0, 12) if back else 0))
        if back:
            yield signed, "续签"
        elif chance.happens(0.015):
            yield signed, "终止"
        elif lapsed:
            yield signed, "到期"
        else:
            draft = chance.happens(0.02) and length > 1
            yield (
                (REFERENCE_DATE + timedelta(days=chance.randint(3, 40)), "拟定")
                if draft
                else (signed, "生效")
            )


def _agreement(
    territory: Territory, order: int, unit: Unit, community: Community, signed: date, state: str
) -> Agreement:
    """An agreement of a year from the day after signing. A draft has a first day planned and is not signed;
    one signed shortly before today begins next month."""
    valid_from = signed + timedelta(days=1)
    if state == "生效" and signed >= date(2020, 9, 14):
        state, valid_from = "签订", date(2020, 10, 8)
    valid_to = valid_from + timedelta(days=365)
    if state == "终止":
        valid_to = min(valid_from + timedelta(days=120), REFERENCE_DATE)
    number = territory.number("XY", order)
    return Agreement(
        number, unit, community, None if state == "拟定" else signed, valid_from, valid_to, state
    )


def _promise(agreement: Agreement, offers: list[Resource], chance: Chance) -> None:
    """Up to three of the unit's resources; agreements in force never promise more than there is."""
    usable = [resource for resource in offers if resource.valid_from < agreement.valid_to]
    for resource in chance.sample(usable, min(len(usable), chance.choice((1, 1, 2, 2, 3)))):
        promised = max(1, round(resource.capacity * chance.uniform(0.15, 0.45)))
        if agreement.state in ("签订", "生效"):
            promised = min(promised, resource.capacity - resource.promised)
            resource.promised += promised
        if promised:
            agreement.promises.append((resource, promised))


def agreement_rows(agreements: list[Agreement], party: Party) -> Iterator[Row]:
    """The register of agreements; unit and committee by number."""
    sheet = SheetRows("Agreement")
    for each in agreements:
        yield sheet.row(
            id=each.id, name=f"{each.community.short}与{each.unit.name}共驻共建协议", WITH_UNIT=each.unit.id,
            WITH_ORGANIZATION=party.of_area[each.community.code].id, signed=each.signed, state=each.state,
            valid_from=each.valid_from, valid_to=each.valid_to,
        )  # fmt: skip


def promise_rows(agreements: list[Agreement]) -> Iterator[Row]:
    """What each agreement promises."""
    sheet = SheetRows("PROMISES")
    for agreement in agreements:
        for resource, quantity in agreement.promises:
            yield sheet.row(start=agreement.id, end=resource.id, quantity=quantity)
