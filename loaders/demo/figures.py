"""The published figures that the demo district reproduces, and the day on which it is looked at."""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

REFERENCE_DATE = date(2020, 10, 1)
"""The demo's today: states, ends and delays are those of this day. Stores of the demo record it."""

SEED = 20201001
"""The seed of the demo that the product serves."""

HOME_DISTRICT = "410411"
"""湛河区, of which the figures were published; it is the first district of every demo."""


@cache
def published() -> dict[str, float]:
    """The published figures by key; a figure that was not published is left out."""
    source = resources.files("loaders") / "sources" / "published_figures.csv"
    lines = source.read_text(encoding="utf-8-sig").splitlines()
    return {row["key"]: float(row["value"]) for row in csv.DictReader(lines) if row["value"]}


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of everything one district gets. What has no published figure says what it was chosen for."""

    area_km2: float
    population: int
    urban_population: int
    property_areas: int
    estate_parties: int
    grids: int
    building_parties: int
    members: dict[str, int]
    agreements: int
    owners_committees: int
    volunteer_teams: int
    volunteers: int
    shares: dict[str, float]
    """Organization kind -> share of the residents' committees that have one."""
    buildings: int = 2078
    units: int = 600
    needs: int = 3050
    resources: int = 3120
    projects: int = 2050
    reported_share: float = 0.913
    """Of the members in service, those who have reported to their community of residence."""


def sizes() -> Sizes:
    """The sizes of 湛河区. Other demo districts get the same totals on their own streets and communities."""
    figure = {key: round(value) for key, value in published().items()}
    committees = figure["communities"]
    return Sizes(
        area_km2=published()["area_km2"],
        population=figure["population_resident"],
        urban_population=figure["population_urban"],
        property_areas=figure["property_areas"],
        estate_parties=figure["party_estate"],
        grids=figure["party_grid"],
        building_parties=figure["party_building"],
        members={
            "自管": figure["members_self_managed"],
            "在职": figure["members_in_service"],
            "离退休": figure["members_retired"],
            "流动": figure["members_mobile"],
        },
        agreements=figure["agreements"] + 26,  # the report says "more than"
        owners_committees=figure["owners_committees"],
        volunteer_teams=figure["volunteer_teams"],
        volunteers=figure["volunteers_registered"],
        shares={
            "工会": figure["mass_trade_union"] / committees,
            "妇联": figure["mass_women"] / committees,
            "共青团": figure["mass_youth"] / committees,
            "科协": figure["mass_science"] / committees,
        },
    )


def management_counts(areas: int) -> dict[str, int]:
    """Property areas by management, in the published proportion; exact for the published number of areas."""
    figure = published()
    professional = round(areas * figure["property_professional"] / figure["property_areas"])
    own = round(areas * figure["property_self_managed"] / figure["property_areas"])
    return {"专业化物业": professional, "居民自主管理": own, "无人管理": areas - professional - own}
