"""Party members of the demo: where they belong, where they reported, where they live."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from loaders.demo.chance import Chance, Weighted, apportion
from loaders.demo.figures import REFERENCE_DATE
from loaders.demo.names import person_name, phone
from loaders.demo.party import Party, PartyOrganization
from loaders.demo.rows import Row, SheetRows
from loaders.demo.territory import Building, Community, Territory
from loaders.demo.units import Unit

_SKILLS = [
    "法律",
    "医疗护理",
    "电工",
    "水暖维修",
    "书法",
    "绘画",
    "声乐",
    "舞蹈",
    "心理疏导",
    "家庭教育",
    "计算机",
    "摄影",
    "财务",
    "调解",
    "木工",
    "急救",
]
_FIRST_REPORT = date(2018, 4, 1)


@dataclass(slots=True)
class Person:
    """A member, or (`kind` None) someone who holds a post."""

    number: int
    id: str
    kind: str | None
    gender: str
    birth_year: int
    organization: PartyOrganization | None = None
    joined: date | None = None
    left: date | None = None
    community: Community | None = None
    reported: date | None = None
    home: Building | None = None
    home_by_name: bool = False
    unit: Unit | None = None
    skills: tuple[str, ...] = ()


@dataclass(slots=True)
class People:
    """Everyone of the demo district, and who lives in a building."""

    territory: Territory
    everyone: list[Person] = field(default_factory=list)

    def add(self, kind: str | None, birth_year: int, chance: Chance) -> Person:
        """One more person."""
        number = len(self.everyone) + 1
        gender = "女" if chance.happens(0.38) else "男"
        person = Person(number, f"demo-{self.territory.code}-RY{number:05d}", kind, gender, birth_year)
        self.everyone.append(person)
        return person

    def by_home(self) -> dict[str, list[Person]]:
        """Members by the number of the building they live in."""
        found: dict[str, list[Person]] = {}
        for person in self.everyone:
            if person.home is not None:
                found.setdefault(person.home.id, []).append(person)
        return found


def build_members(territory: Territory, units: list[Unit], party: Party, chance: Chance) -> People:
    """All members by kind, each with organization, and most with community and residence."""
    people = People(territory)
    buildings = territory.buildings
    homes = Weighted(buildings, [building.weight for building in buildings])
    counts = territory.sizes.members
    for _ in range(counts["自管"]):
        _self_managed(people, party, homes.draw(chance), chance)
    in_service = apportion(counts["在职"], [unit.employees**0.75 for unit in units], 1)
    for unit, count in zip(units, in_service, strict=True):
        for _ in range(count):
            _in_service(people, party, unit, homes, chance)
    _report(people, round(counts["在职"] * territory.sizes.reported_share), chance)
    old_units = Weighted(units, [unit.employees if unit.type != "民营企业" else 1 for unit in units])
    for _ in range(counts["离退休"]):
        _retired(people, party, old_units, homes.draw(chance), chance)
    for _ in range(counts["流动"]):
        _mobile(people, party, homes.draw(chance), chance)
    for person in people.everyone:
        if chance.happens(0.11):
            person.skills = tuple(chance.sample(_SKILLS, chance.choice((1, 1, 2))))
    return people


def _self_managed(people: People, party: Party, home: Building, chance: Chance) -> None:
    person = people.add("自管", chance.randint(1945, 1998), chance)
    person.organization = party.nearest(home, chance)
    person.joined = chance.day(max(person.organization.founded, date(2018, 1, 1)), date(2020, 9, 20))
    person.home = home if chance.happens(0.96) else None
    person.home_by_name = True


def _in_service(people: People, party: Party, unit: Unit, homes: Weighted[Building], chance: Chance) -> None:
    person = people.add("在职", chance.randint(1962, 1997), chance)
    person.organization, person.unit = party.of_unit[unit.id], unit
    person.home = homes.draw(chance) if chance.happens(0.97) else None


def _report(people: People, count: int, chance: Chance) -> None:
    """The given number of members in service report where they live; a few stay with where they lived before."""
    in_service = [person for person in people.everyone if person.kind == "在职"]
    communities = people.territory.communities
    for person in chance.sample(in_service, count):
        moved = person.home is None or chance.happens(0.03)
        person.community = (
            chance.choice(communities) if moved or not person.home else person.home.estate.community
        )
        person.reported = chance.day(_FIRST_REPORT, date(2020, 9, 25))


def _retired(people: People, party: Party, units: Weighted[Unit], home: Building, chance: Chance) -> None:
    person = people.add("离退休", chance.randint(1932, 1962), chance)
    if chance.happens(0.52):
        person.unit = units.draw(chance)
        person.organization = party.of_unit[person.unit.id]
    else:
        person.organization = party.nearest(home, chance)
    person.home = home if chance.happens(0.97) else None


def _mobile(people: People, party: Party, home: Building, chance: Chance) -> None:
    """Guests, most with the day on which they are expected to leave."""
    person = people.add("流动", chance.randint(1970, 1999), chance)
    person.organization = party.of_area[home.estate.community.code]
    person.joined = chance.day(max(person.organization.founded, date(2019, 1, 1)), date(2020, 9, 20))
    person.left = (
        chance.day(REFERENCE_DATE.replace(month=11), date(2021, 9, 30)) if chance.happens(0.8) else None
    )
    person.home = home if chance.happens(0.85) else None
    person.home_by_name = True


def person_rows(everyone: list[Person]) -> Iterator[Row]:
    """The roster. Self-managed and mobile members have their home written as an address, others as a number."""
    sheet = SheetRows("Person")
    for person in everyone:
        home = person.home
        yield sheet.row(
            id=person.id, name=person_name(person.number), gender=person.gender, birth_year=person.birth_year,
            phone=phone(person.number) if person.number % 5 else None, member_kind=person.kind,
            BELONGS_TO=person.organization.id if person.organization else None,
            BELONGS_TO_from=person.joined, BELONGS_TO_to=person.left,
            REPORTED_TO=person.community.writing if person.community else None, REPORTED_TO_from=person.reported,
            LIVES_IN=(home.writing if person.home_by_name else home.id) if home else None,
            skills=person.skills,
        )  # fmt: skip
