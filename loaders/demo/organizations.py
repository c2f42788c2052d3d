"""Committees, companies, mass organizations, teams and venues of the demo."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from loaders.demo.chance import Chance, apportion
from loaders.demo.property_areas import PropertyArea
from loaders.demo.rows import Row, SheetRows
from loaders.demo.territory import Community, Territory

_STEWARDS_COMMUNITY = (
    "410411001003"  # 沿河路社区: the report gives its committee eleven persons, six of them members
)
_COMPANIES = 42
_TEAMS = ("助老", "保洁", "巡逻", "助学", "文艺", "医疗", "法律", "维修", "交通", "环保", "科普", "防疫")


@dataclass(slots=True)
class Organization:
    """A committee, company or team. `serves` are writings or numbers of areas."""

    id: str
    name: str
    kind: str
    serves: list[str]
    members: int
    party_members: int | None
    community: Community | None
    founded: date
    share: float | None = None


@dataclass(slots=True)
class Organizations:
    """The organizations of the district."""

    territory: Territory
    all: list[Organization] = field(default_factory=list)

    def of_kind(self, kind: str) -> list[Organization]:
        """Those of one kind."""
        return [organization for organization in self.all if organization.kind == kind]

    def add(
        self, kind: str, name: str, serves: list[str], community: Community | None, members: tuple[int, int | None],
        founded: date,
    ) -> Organization:  # fmt: skip
        """One more organization; `members` are its people and the party members among them (None: not known)."""
        people, in_party = members
        share = None if in_party is None else round(100 * in_party / people, 1)
        number = self.territory.number("ZZ", len(self.all) + 1)
        organization = Organization(number, name, kind, serves, people, in_party, community, founded, share)
        self.all.append(organization)
        return organization


def build_organizations(territory: Territory, areas: list[PropertyArea], chance: Chance) -> Organizations:
    """All organizations, with the gaps of the published figures."""
    found = Organizations(territory)
    for community in territory.communities:
        _committees(found, community, chance)
    for kind, share in territory.sizes.shares.items():
        count = round(share * len(territory.communities))
        chosen = {c.code for c in chance.sample(territory.communities, count)}
        for community in territory.communities:
            if community.code in chosen:
                people = chance.randint(5, 60)
                day = chance.day(date(2016, 1, 1), date(2020, 6, 30))
                found.add(
                    kind, f"{community.short}{kind}", [community.writing], community, (people, None), day
                )
    _property_organizations(found, areas, chance)
    _teams(found, chance)
    return found


def _committees(found: Organizations, community: Community, chance: Chance) -> None:
    name, where = community.short, [community.writing]
    people = chance.choice((5, 7, 7, 9))
    found.add(
        "居委会",
        f"{name}居民委员会",
        where,
        community,
        (people, chance.randint(3, people)),
        date(2018, 3, 20),
    )
    people = chance.choice((3, 5, 7))
    day = chance.day(date(2017, 1, 1), date(2019, 12, 31))
    found.add(
        "人民调解委员会", f"{name}人民调解委员会", where, community, (people, chance.randint(1, people)), day
    )
    if community.code == _STEWARDS_COMMUNITY:
        found.add("红色管家委员会", f"{name}红色管家委员会", where, community, (11, 6), date(2019, 5, 8))
    if chance.happens(0.86):
        people = chance.randint(6, 30)
        day = chance.day(date(2018, 1, 1), date(2020, 5, 31))
        found.add("联防巡逻队", f"{name}联防巡逻队", where, community, (people, people // 3), day)
    if chance.happens(0.92):
        day = chance.day(date(2019, 6, 1), date(2020, 8, 31))
        found.add(
            "民呼必应工作站", f"{name}民呼必应工作站", where, community, (chance.randint(2, 6), None), day
        )


def _property_organizations(found: Organizations, areas: list[PropertyArea], chance: Chance) -> None:
    """A council for each area without a professional manager; owners' committees and companies for the others."""
    professional = [area for area in areas if area.management == "专业化物业"]
    for area in areas:
        if area.management != "专业化物业":
            people = chance.choice((5, 7, 7, 9))
            day = chance.day(date(2018, 9, 1), date(2020, 9, 10))
            name = f"{area.name.removesuffix('物业管理区域')}红色议事会"
            found.add("红色议事会", name, [area.id], area.community, (people, chance.randint(2, people)), day)
    for area in sorted(
        chance.sample(professional, found.territory.sizes.owners_committees), key=lambda a: a.id
    ):
        people = chance.choice((5, 7, 9, 11))
        in_party = chance.randint(people // 2 + 1, people)  # the published committees have more than half
        day = chance.day(date(2015, 1, 1), date(2020, 7, 31))
        name = f"{area.name.removesuffix('物业管理区域')}业主委员会"
        found.add("业委会", name, [area.id], area.community, (people, in_party), day)
    shares = apportion(len(professional), [chance.uneven(0.7) for _ in range(_COMPANIES)], 1)
    waiting = chance.shuffled(professional)
    for order, count in enumerate(shares, 1):
        served, waiting = waiting[:count], waiting[count:]
        day = chance.day(date(2008, 1, 1), date(2019, 12, 31))
        people = count * chance.randint(6, 20)
        name = f"示例第{order}物业服务公司"
        found.add("物业公司", name, sorted(area.id for area in served), None, (people, None), day)


def _teams(found: Organizations, chance: Chance) -> None:
    """Volunteer teams; their people add up to the registered volunteers."""
    territory = found.territory
    communities = territory.communities
    count = territory.sizes.volunteer_teams
    weights = [community.population * chance.uneven(0.5) for community in communities]
    least = 2 if count >= 2 * len(communities) else 1
    per_community = apportion(count, weights, least)
    sizes = apportion(territory.sizes.volunteers, [chance.uneven(0.6) for _ in range(count)], 12)
    for community, teams in zip(communities, per_community, strict=True):
        for order in range(teams):
            theme, round_ = _TEAMS[order % len(_TEAMS)], order // len(_TEAMS)
            name = f"{community.short}{theme}志愿服务{f'第{round_ + 1}' if round_ else ''}队"
            people = sizes.pop()
            day = chance.day(date(2016, 3, 5), date(2020, 7, 31))
            found.add(
                "志愿服务队",
                name,
                [community.writing],
                community,
                (people, people // chance.randint(4, 9)),
                day,
            )


def organization_rows(found: Organizations) -> Iterator[Row]:
    """The register of organizations."""
    sheet = SheetRows("Organization")
    for each in found.all:
        yield sheet.row(
            id=each.id, name=each.name, kind=each.kind, SERVES=each.serves, members_count=each.members,
            party_members_count=each.party_members, member_share=each.share, valid_from=each.founded,
        )  # fmt: skip
