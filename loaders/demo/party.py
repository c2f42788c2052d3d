"""Party organizations of the demo: five levels that cross the territory, and those inside units."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from loaders.demo.chance import Chance
from loaders.demo.rows import Row, SheetRows
from loaders.demo.territory import Building, Community, Estate, Grid, Territory
from loaders.demo.units import Unit

_JOINT_GRID_BRANCHES = 8
_ESTATES_WITH_GRID = 20


@dataclass(slots=True)
class PartyOrganization:
    """A party organization. `leads` are writings or numbers of areas, `above` is another one's number."""

    id: str
    name: str
    level: int
    above: str | None
    leads: list[str]
    founded: date
    unit: str | None = None


@dataclass(slots=True)
class Party:
    """The organizations, and which one answers for which area (by the area's number or code)."""

    organizations: list[PartyOrganization] = field(default_factory=list)
    of_area: dict[str, PartyOrganization] = field(default_factory=dict)
    of_unit: dict[str, PartyOrganization] = field(default_factory=dict)

    def level(self, level: int) -> list[PartyOrganization]:
        """The organizations of one level."""
        return [organization for organization in self.organizations if organization.level == level]

    def _add(self, area: str, organization: PartyOrganization) -> PartyOrganization:
        self.organizations.append(organization)
        self.of_area[area] = organization
        return organization

    def nearest(self, building: Building, chance: Chance) -> PartyOrganization:
        """Where a member of that building belongs: mostly the grid's branch, else the estate's, else the community's."""
        estate = self.of_area.get(building.estate.id)
        roll = chance.random()
        if roll < 0.68 or (estate is None and roll < 0.9):
            return self.of_area[building.grid.id]
        return estate if estate is not None and roll < 0.93 else self.of_area[building.estate.community.code]


def build_party(territory: Territory, units: list[Unit], chance: Chance) -> Party:
    """All organizations: every street and community, not every estate, every grid, not every building."""
    party = Party()
    writing = territory.official.writing
    for street in territory.official.streets:
        day = chance.day(date(2017, 3, 1), date(2018, 6, 30))
        name = f"{street.name}大工委"
        party._add(
            street.code,
            PartyOrganization(f"demo-{street.code}-DZZ", name, 1, None, [writing[street.code]], day),
        )
    for community in territory.communities:
        _add_community(party, community, chance)
    chosen = chance.sample(territory.estates, min(territory.sizes.estate_parties, len(territory.estates)))
    with_party = {estate.id for estate in chosen}
    for estate in territory.estates:
        if estate.id in with_party:
            _add_estate(party, estate, chance)
    for grid in territory.grids:
        _add_grid(party, grid, chance)
    _cross(party, territory, chance)
    buildings = territory.buildings
    grouped = {b.id for b in chance.sample(buildings, min(territory.sizes.building_parties, len(buildings)))}
    for building in buildings:
        if building.id in grouped:
            _add_building(party, building, chance)
    for unit in units:
        organization = PartyOrganization(
            f"{unit.id}-DZZ", f"{unit.name}党{'委' if unit.employees > 800 else '总支' if unit.employees > 300 else '支部'}",
            0, None, [], chance.day(date(1995, 1, 1), date(2019, 6, 30)), unit.id,
        )  # fmt: skip
        party.organizations.append(organization)
        party.of_unit[unit.id] = organization
    return party


def _add_community(party: Party, community: Community, chance: Chance) -> None:
    party._add(
        community.code,
        PartyOrganization(
            f"demo-{community.code}-DZZ", f"{community.short}大党委", 2, party.of_area[community.street].id,
            [community.writing], chance.day(date(2017, 6, 1), date(2018, 12, 31)),
        ),
    )  # fmt: skip


def _add_estate(party: Party, estate: Estate, chance: Chance) -> None:
    party._add(
        estate.id,
        PartyOrganization(
            f"{estate.id}-DZZ", f"{estate.name}党支部", 3, party.of_area[estate.community.code].id,
            [estate.writing], chance.day(date(2018, 3, 1), date(2020, 8, 31)),
        ),
    )  # fmt: skip


def _add_grid(party: Party, grid: Grid, chance: Chance) -> None:
    """A grid's branch reports to the organization of an estate that it covers, or straight to the community's."""
    estates = [party.of_area[estate.id] for estate in grid.estates if estate.id in party.of_area]
    direct = not estates or chance.happens(0.4)
    above = party.of_area[grid.community.code] if direct else chance.choice(estates)
    name = f"{grid.community.short}{grid.name}党支部"
    founded = chance.day(date(2018, 6, 1), date(2020, 8, 31))
    party._add(grid.id, PartyOrganization(f"{grid.id}-DZZ", name, 4, above.id, [grid.id], founded))


def _cross(party: Party, territory: Territory, chance: Chance) -> None:
    """Some answer for more than their own area: a grid branch for an estate that has none, an estate's for a grid."""
    orphans = [estate for estate in territory.estates if estate.id not in party.of_area]
    for estate in orphans[:_JOINT_GRID_BRANCHES]:
        party.of_area[estate.buildings[0].grid.id].leads.append(estate.id)
    led = [estate for estate in territory.estates if estate.id in party.of_area]
    for estate in chance.sample(led, _ESTATES_WITH_GRID):
        party.of_area[estate.id].leads.append(chance.choice(estate.buildings).grid.id)


def _add_building(party: Party, building: Building, chance: Chance) -> None:
    estate = party.of_area.get(building.estate.id)
    above = estate if estate is not None and chance.happens(0.35) else party.of_area[building.grid.id]
    party._add(
        building.id,
        PartyOrganization(
            f"{building.id}-DZZ", f"{building.estate.name}{building.name}党小组", 5, above.id,
            [building.id], chance.day(date(2018, 9, 1), date(2020, 9, 15)),
        ),
    )  # fmt: skip


def party_rows(party: Party) -> Iterator[Row]:
    """The register of party organizations."""
    sheet = SheetRows("PartyOrganization")
    for organization in party.organizations:
        yield sheet.row(
            id=organization.id, name=organization.name, level=organization.level, REPORTS_TO=organization.above,
            LEADS=organization.leads, OF_UNIT=organization.unit, founded=organization.founded,
        )  # fmt: skip
