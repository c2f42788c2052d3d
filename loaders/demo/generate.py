"""The rows of a demo: per district, what stands in each of its registers. Pure: the same seed, the same rows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from loaders.demo.agreements import agreement_rows, build_agreements, promise_rows
from loaders.demo.categories import can_serve_rows, category_rows
from loaders.demo.chance import Chance
from loaders.demo.claims import build_claims, claim_rows
from loaders.demo.districts import Official, demo_codes, officials
from loaders.demo.figures import SEED, sizes
from loaders.demo.golden import build_golden
from loaders.demo.meetings import Meetings, meeting_rows
from loaders.demo.needs import NeedMaker, need_rows
from loaders.demo.organizations import build_organizations, organization_rows
from loaders.demo.party import build_party, party_rows
from loaders.demo.people import build_members, person_rows
from loaders.demo.posts import PostMaker, held_rows, seat_units
from loaders.demo.projects import (
    ProjectMaker,
    discuss_open_needs,
    evaluation_rows,
    meets_rows,
    project_rows,
    uses_rows,
)
from loaders.demo.property_areas import build_property_areas, property_area_rows
from loaders.demo.resources import Offers, build_resources, resource_rows
from loaders.demo.rows import Row
from loaders.demo.territory import Territory, build_territory
from loaders.demo.territory_rows import (
    building_rows,
    community_rows,
    district_rows,
    estate_rows,
    grid_rows,
    street_rows,
)
from loaders.demo.units import build_units, unit_rows
from loaders.demo.venues import venue_rows
from loaders.divisions import Divisions

Rows = Mapping[str, Sequence[Row]]
"""Name of a layout (a label or a relationship type) -> its rows."""


@dataclass(frozen=True, slots=True)
class DemoDistrict:
    """One district's registers. `name` tells it from the other districts of the same demo."""

    code: str
    name: str
    rows: Rows


def generate(districts: int = 1, seed: int = SEED) -> Iterator[DemoDistrict]:
    """The districts of a demo one by one, 湛河区 first; only one is in memory at a time.

    Raises `ValueError` when there are not that many districts of a like size.
    """
    divisions = Divisions.open()
    codes = demo_codes(districts, divisions)
    names = [divisions.require(code).name for code in codes]
    for order, official in enumerate(officials(codes, divisions)):
        name = official.district.name
        unique = name if names.count(name) == 1 else f"{official.city.name}{name}"
        yield DemoDistrict(official.district.code, unique, generate_district(official, order, seed))


def generate_district(official: Official, order: int, seed: int) -> Rows:
    """All rows of one district. `order` counts the districts of the demo; the first has the categories as well."""

    def chance(part: str) -> Chance:
        return Chance.of(seed, official.district.code, part)

    territory = build_territory(official, sizes(), chance("territory"))
    areas = build_property_areas(territory, chance("property"))
    units = build_units(territory, order * sizes().units, chance("units"))
    party = build_party(territory, units, chance("party"))
    people = build_members(territory, units, party, chance("members"))
    organizations = build_organizations(territory, areas, chance("organizations"))
    seat_units(territory, units, party, chance("seats"))
    held = PostMaker(territory, people, party, organizations, chance("posts")).fill(units)
    golden = build_golden(territory, units, party)
    resources = build_resources(
        territory, units, organizations, people, golden.resources, chance("resources")
    )
    agreements = build_agreements(territory, units, resources, golden.agreements, chance("agreements"))
    rows: dict[str, Sequence[Row]] = _area_rows(territory)
    rows["PropertyArea"] = list(property_area_rows(areas))
    rows["PartyOrganization"] = list(party_rows(party))
    rows["Person"] = list(person_rows(people.everyone))
    rows["HOLDS"] = list(held_rows(held))
    rows["Unit"] = list(unit_rows(units))
    rows["Agreement"] = list(agreement_rows(agreements, party))
    rows["PROMISES"] = list(promise_rows(agreements))
    rows["Organization"] = list(organization_rows(organizations))
    rows["Venue"] = [*golden.venues, *venue_rows(territory, chance("venues"))]
    if order == 0:
        rows["Category"] = list(category_rows())
        rows["CAN_SERVE"] = list(can_serve_rows())

    offers = Offers(resources)
    needs = NeedMaker(territory, units, organizations, people, chance("needs")).make(golden.needs)
    meetings = Meetings(territory, party, golden.meetings, chance("meetings"))
    maker = ProjectMaker(territory, party, offers, agreements, meetings, chance("projects"))
    projects = maker.make(needs, golden.projects)
    claims = build_claims(territory, needs, projects, offers, chance("claims"))
    discuss_open_needs(needs, meetings, chance("agenda"))
    rows["Need"] = list(need_rows(needs))
    rows["Resource"] = list(resource_rows(territory, resources))
    rows["Project"] = list(project_rows(projects))
    rows["MEETS"] = list(meets_rows(projects))
    rows["USES"] = list(uses_rows(projects))
    rows["Claim"] = list(claim_rows(claims))
    rows["Meeting"] = list(meeting_rows(meetings))
    rows["Evaluation"] = list(evaluation_rows(territory, projects, chance("evaluations")))
    return rows


def _area_rows(territory: Territory) -> dict[str, Sequence[Row]]:
    return {
        "District": list(district_rows(territory)),
        "Street": list(street_rows(territory)),
        "Community": list(community_rows(territory)),
        "Estate": list(estate_rows(territory)),
        "Grid": list(grid_rows(territory)),
        "Building": list(building_rows(territory)),
    }
