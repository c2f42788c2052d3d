"""The demo's list of resources, and where to look for one that can meet a need."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from loaders.demo.chance import Chance, Weighted
from loaders.demo.figures import REFERENCE_DATE
from loaders.demo.names import person_name
from loaders.demo.need_kinds import NeedKind
from loaders.demo.organizations import Organizations
from loaders.demo.people import People
from loaders.demo.resource_kinds import RESOURCE_KINDS, ResourceKind
from loaders.demo.rows import Row, SheetRows
from loaders.demo.territory import Community, Territory
from loaders.demo.units import Unit

_TIMES = ("工作日", "周末", "工作日晚上", "节假日", "每周三下午", "每月第一个周六", "预约")
_CONDITIONS = ("提前三天预约", "须社区出具联系函", "限本社区居民", "首次使用需签安全责任书", "材料费自理")
_KINDS = Weighted(RESOURCE_KINDS, [kind.weight for kind in RESOURCE_KINDS])


@dataclass(slots=True)
class Resource:
    """One entry of the list. `owner` is a number or a writing; `reach` is community, street or district."""

    id: str
    kind: ResourceKind
    title: str
    text: str
    capacity: int
    owner: str
    unit: Unit | None
    community: Community
    reach: str
    valid_from: date
    valid_to: date | None
    confirmed: date | None
    available: str | None = None
    conditions: str | None = None
    promised: int = 0
    """Units that agreements in force have promised."""
    busy: int = 0
    """Units that running projects and claims in force have taken."""

    @property
    def free(self) -> int:
        """Units that nothing in force has taken."""
        return self.capacity - self.busy

    def holds_on(self, day: date) -> bool:
        """Whether it is on offer that day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(slots=True)
class _Owners:
    units: dict[str, Weighted[Unit]]
    communities: Weighted[Community]
    teams: list[tuple[str, str, Community]]
    members: list[tuple[str, str, Community]]


def build_resources(
    territory: Territory, units: list[Unit], organizations: Organizations, people: People,
    golden: list[Resource], chance: Chance,
) -> list[Resource]:  # fmt: skip
    """The list, the golden case's first. What units offer follows where they are, not where the needs are."""
    owners = _owners(territory, units, organizations, people)
    resources = list(golden)
    while len(resources) < territory.sizes.resources:
        kind = _KINDS.draw(chance)
        who = chance.choice(kind.owners)
        if who in ("志愿队", "党员") and not (owners.teams if who == "志愿队" else owners.members):
            continue
        resources.append(_resource(territory, len(resources) + 1, kind, who, owners, chance))
    return resources


def _owners(territory: Territory, units: list[Unit], organizations: Organizations, people: People) -> _Owners:
    by_type: dict[str, list[Unit]] = {}
    for unit in units:
        by_type.setdefault(unit.type, []).append(unit)
    teams = [(o.id, o.name, o.community) for o in organizations.of_kind("志愿服务队") if o.community]
    skilled = [person for person in people.everyone if person.skills and person.home]
    members = [
        (p.id, f"{person_name(p.number)[0]}姓党员", p.home.estate.community) for p in skilled if p.home
    ]
    return _Owners(
        {kind: Weighted(those, [u.employees**0.5 for u in those]) for kind, those in by_type.items()},
        Weighted(territory.communities, [c.population for c in territory.communities]),
        teams,
        members,
    )


def _resource(
    territory: Territory, order: int, kind: ResourceKind, who: str, owners: _Owners, chance: Chance
) -> Resource:
    unit: Unit | None = None
    if who == "社区":
        community = owners.communities.draw(chance)
        owner, shown = community.writing, community.short
    elif who in ("志愿队", "党员"):
        owner, shown, community = chance.choice(owners.teams if who == "志愿队" else owners.members)
    else:
        unit = owners.units[who].draw(chance)
        owner, shown, community = unit.id, unit.name, unit.community
    capacity = round(chance.triangular(*kind.capacity, kind.capacity[0] * 1.6))
    text = chance.choice(kind.texts).format(owner=shown, q=f"{capacity}{kind.unit}")
    valid_from, valid_to, confirmed = _dates(chance)
    return Resource(
        territory.number("ZY", order), kind, f"{shown}{kind.title}", text, capacity, owner, unit, community,
        chance.choices(("community", "street", "district"), (52, 30, 18))[0], valid_from, valid_to, confirmed,
        chance.choice(_TIMES) if chance.happens(0.7) else None,
        chance.choice(_CONDITIONS) if chance.happens(0.4) else None,
    )  # fmt: skip


def _dates(chance: Chance) -> tuple[date, date | None, date | None]:
    """Since when, until when, last confirmed: a quarter not for half a year, some never, some already over."""
    valid_from = chance.day(date(2018, 3, 1), date(2020, 8, 31))
    roll = chance.random()
    valid_to: date | None = None
    if roll < 0.09:
        valid_to = chance.day(max(valid_from, date(2019, 12, 1)) + timedelta(days=10), REFERENCE_DATE)
    elif roll < 0.14:
        valid_to = REFERENCE_DATE + timedelta(days=chance.randint(1, 30))
    elif roll < 0.4:
        valid_to = date(2020, 12, 31)
    if chance.happens(0.04):
        return valid_from, valid_to, None
    long_ago = chance.happens(0.25)
    latest = REFERENCE_DATE - timedelta(days=181 if long_ago else 1)
    return valid_from, valid_to, max(valid_from, chance.day(latest - timedelta(days=170), latest))


class Offers:
    """Resources by the need that they can serve and how far they reach."""

    def __init__(self, resources: list[Resource]) -> None:
        self._found: dict[tuple[str, str], list[Resource]] = {}
        for resource in resources:
            where = {"community": resource.community.code, "street": resource.community.street}.get(
                resource.reach, ""
            )
            for need in resource.kind.serves:
                self._found.setdefault((need, where), []).append(resource)

    def for_need(self, kind: NeedKind, community: Community, day: date) -> list[Resource]:
        """Those that serve the kind, reach the community and are on offer that day; nearest first."""
        found = self._found.get
        near = (
            *found((kind.name, community.code), ()),
            *found((kind.name, community.street), ()),
            *found((kind.name, ""), ()),
        )
        return sorted(
            (resource for resource in near if resource.holds_on(day)),
            key=lambda r: (r.community.code != community.code, r.community.street != community.street),
        )


def resource_rows(territory: Territory, resources: list[Resource]) -> Iterator[Row]:
    """The list of resources, categories by name."""
    sheet = SheetRows("Resource")
    writing = territory.official.writing
    for each in resources:
        scope = {"community": each.community.writing, "street": writing[each.community.street]}
        yield sheet.row(
            id=each.id, title=each.title, IN_CATEGORY=each.kind.name, OFFERED_BY=each.owner,
            SERVES=[scope.get(each.reach, writing[territory.code])],
            text=each.text, form=each.kind.form, capacity=each.capacity, unit=each.kind.unit, available=each.available,
            conditions=each.conditions, groups=each.kind.groups, last_confirmed=each.confirmed,
            valid_from=each.valid_from, valid_to=each.valid_to,
        )  # fmt: skip
