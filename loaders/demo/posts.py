"""Posts of the demo: who holds what, where, since when; some posts are vacant."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from loaders.demo.chance import Chance
from loaders.demo.organizations import Organizations
from loaders.demo.party import Party
from loaders.demo.people import People, Person
from loaders.demo.rows import Row, SheetRows
from loaders.demo.territory import Community, Grid, Territory
from loaders.demo.units import Unit

_EARLIEST, _LATEST = date(2017, 6, 1), date(2020, 9, 20)
_POLICE_SHARE, _LAWYER_SHARE = 33 / 36, 31 / 36
"""一社区一警一法律顾问, with a few vacancies."""


@dataclass(frozen=True, slots=True)
class Held:
    """A person holds a post at a place (a number or a writing) from a day, to a day if it has ended."""

    person: Person
    place: str
    post: str
    since: date
    until: date | None = None
    part_time: bool | None = None


def seat_units(territory: Territory, units: list[Unit], party: Party, chance: Chance) -> None:
    """Give part-time seats on the community's committee to some units, and on the street's to a few."""
    urban = {community.code for community in territory.communities}
    eligible = [unit for unit in units if unit.community.code in urban and unit.employees >= 30]
    for unit in chance.sample(eligible, min(110, len(eligible))):
        unit.seats.append(party.of_area[unit.community.code].id)
    for unit in chance.sample(eligible, min(20, len(eligible))):
        unit.seats.append(party.of_area[unit.community.street].id)


class PostMaker:
    """Fills the posts of a district; people who are no members are added to the roster."""

    def __init__(
        self, territory: Territory, people: People, party: Party, organizations: Organizations, chance: Chance
    ) -> None:
        self._territory, self._people, self._party = territory, people, party
        self._organizations, self._chance = organizations, chance
        self._at_home = people.by_home()
        self._in_organization: dict[str, list[Person]] = {}
        for person in people.everyone:
            if person.organization is not None:
                self._in_organization.setdefault(person.organization.id, []).append(person)

    def fill(self, units: list[Unit]) -> list[Held]:
        """All posts of the district, filled and ended ones."""
        return [
            *self._secretaries(), *self._building_heads(), *self._grid_workers(), *self._of_communities(),
            *self._committee_seats(units), self._chief_adviser(),
        ]  # fmt: skip

    def _day(self, earliest: date = _EARLIEST) -> date:
        return self._chance.day(max(earliest, _EARLIEST), _LATEST)

    def _secretaries(self) -> Iterator[Held]:
        """Secretaries of levels 0 to 4, mostly one of the organization's own members; one in twelve has followed another."""
        chance = self._chance
        for organization in self._party.organizations:
            own = self._in_organization.get(organization.id, [])
            if organization.level == 1:
                own = [
                    p
                    for p in chance.sample(self._people.everyone, 80)
                    if p.unit is not None and p.unit.type == "机关"
                ]
            if organization.level == 5 or not own or chance.happens(0.02):
                continue
            since = self._day(organization.founded)
            secretary = chance.choice(own)
            yield Held(secretary, organization.id, "书记", since)
            if len(own) > 1 and since > organization.founded and chance.happens(1 / 12):
                former = chance.choice([person for person in own if person is not secretary])
                began = chance.day(organization.founded, since)
                if began < since:
                    yield Held(former, organization.id, "书记", began, since)

    def _building_heads(self) -> Iterator[Held]:
        """Elected, a member who lives there; where none lives there is none."""
        for building in self._territory.buildings:
            living = self._at_home.get(building.id, [])
            if living and self._chance.happens(0.93):
                yield Held(self._chance.choice(living), building.id, "楼栋长", self._day(date(2018, 9, 1)))

    def _grid_workers(self) -> Iterator[Held]:
        for grid in self._territory.grids:
            if self._chance.happens(0.96):
                yield Held(self._grid_worker(grid), grid.id, "网格员", self._day(date(2018, 3, 1)))

    def _grid_worker(self, grid: Grid) -> Person:
        living = [person for building in grid.buildings for person in self._at_home.get(building.id, [])]
        if living and self._chance.happens(0.45):
            return self._chance.choice(living)
        return self._newcomer()

    def _newcomer(self) -> Person:
        return self._people.add(None, self._chance.randint(1965, 1997), self._chance)

    def _of_communities(self) -> Iterator[Held]:
        chance, communities = self._chance, self._territory.communities
        for post, share in (("社区民警", _POLICE_SHARE), ("法律顾问", _LAWYER_SHARE)):
            served = chance.sample(communities, round(share * len(communities)))
            holder: Person | None = None
            for order, community in enumerate(sorted(served, key=lambda c: c.code)):
                if holder is None or order % 3:  # one in three serves the next community as well
                    holder = self._newcomer()
                yield Held(holder, community.writing, post, self._day(date(2018, 5, 1)))
        for community in communities:
            if chance.happens(0.9):
                yield Held(
                    self._newcomer(), community.writing, "网络联络员", self._day(date(2019, 1, 1)), None, True
                )
        for committee in self._organizations.of_kind("人民调解委员会"):
            for _ in range(chance.choice((1, 2, 2, 3))):
                mediator = self._newcomer() if chance.happens(0.4) else self._local(committee.community)
                yield Held(mediator, committee.id, "调解员", self._day(committee.founded), None, True)
        for committee in self._organizations.of_kind("居委会"):
            chair = self._local(committee.community)
            yield Held(chair, committee.id, "主任", date(2018, 3, 20))

    def _local(self, community: Community | None) -> Person:
        """A member who belongs to the community's own organization, else someone new."""
        own = self._in_organization.get(self._party.of_area[community.code].id, []) if community else []
        return self._chance.choice(own) if own else self._newcomer()

    def _committee_seats(self, units: list[Unit]) -> Iterator[Held]:
        """A member of a seated unit sits on the committee beside the job."""
        for unit in units:
            own = self._in_organization.get(self._party.of_unit[unit.id].id, [])
            for seat in unit.seats:
                if own:
                    yield Held(
                        self._chance.choice(own), seat, "委员", self._day(date(2018, 7, 1)), None, True
                    )

    def _chief_adviser(self) -> Held:
        return Held(self._newcomer(), self._territory.code, "区司法总顾问", date(2019, 3, 1))


def held_rows(posts: list[Held]) -> Iterator[Row]:
    """The register of posts; a person is given by number."""
    sheet = SheetRows("HOLDS")
    for held in posts:
        yield sheet.row(
            start=held.person.id, end=held.place, post=held.post, part_time=held.part_time,
            from_=held.since, to=held.until,
        )  # fmt: skip
