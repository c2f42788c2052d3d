"""Property areas of the demo, and who runs them."""

from collections.abc import Iterator
from dataclasses import dataclass

from loaders.demo.chance import Chance
from loaders.demo.figures import management_counts
from loaders.demo.rows import Row, SheetRows
from loaders.demo.territory import Community, Estate, Territory

_CROSSINGS = 12
"""Pairs of small estates under one manager, and as many large estates under two: the number stays the same."""


@dataclass(slots=True)
class PropertyArea:
    """The ground that one manager runs, or nobody."""

    id: str
    name: str
    community: Community
    estates: list[Estate]
    households: int
    year_built: int
    management: str = ""


def build_property_areas(territory: Territory, chance: Chance) -> list[PropertyArea]:
    """One area per estate, but for the crossings; newer and larger ones tend to have professional managers."""
    joined = _small_neighbours(territory, chance)
    second = {b.id for _, b in joined}
    pairs = {a.id: b for a, b in joined}
    large = sorted(territory.estates, key=lambda e: -len(e.buildings))[: len(joined)]
    parts = {estate.id for estate in large}
    areas: list[PropertyArea] = []

    def add(name: str, estates: list[Estate], households: int) -> None:
        number = territory.number("WY", len(areas) + 1)
        areas.append(
            PropertyArea(number, name, estates[0].community, estates, households, estates[0].year_built)
        )

    for estate in territory.estates:
        if estate.id in second:
            continue
        if estate.id in pairs:
            other = pairs[estate.id]
            add(
                f"{estate.name}与{other.name}物业管理区域",
                [estate, other],
                estate.households + other.households,
            )
        elif estate.id in parts:
            add(f"{estate.name}一期物业管理区域", [estate], estate.households * 3 // 5)
            add(f"{estate.name}二期物业管理区域", [estate], estate.households - estate.households * 3 // 5)
        else:
            add(f"{estate.name}物业管理区域", [estate], estate.households)
    _assign_management(areas, chance)
    return areas


def _small_neighbours(territory: Territory, chance: Chance) -> list[tuple[Estate, Estate]]:
    """Two small estates each of some communities; the large estates are never among them."""
    pairs: list[tuple[Estate, Estate]] = []
    for community in chance.shuffled(territory.communities):
        small = sorted(community.estates, key=lambda e: len(e.buildings))[:2]
        if len(pairs) < _CROSSINGS and len(small) == 2 and len(small[1].buildings) <= 2:
            pairs.append((small[0], small[1]))
    return pairs


def _assign_management(areas: list[PropertyArea], chance: Chance) -> None:
    likely_first = sorted(
        areas, key=lambda a: -(a.year_built - 1978) / 41 - a.households / 800 - chance.gauss(0, 0.35)
    )
    kinds = [kind for kind, count in management_counts(len(areas)).items() for _ in range(count)]
    for area, kind in zip(likely_first, kinds, strict=True):
        area.management = kind
    for area in reversed(areas):  # an estate under two managers is known by the first
        for estate in area.estates:
            estate.management = area.management


def property_area_rows(areas: list[PropertyArea]) -> Iterator[Row]:
    """Property areas with their estates by name."""
    sheet = SheetRows("PropertyArea")
    for area in areas:
        yield sheet.row(
            id=area.id, name=area.name, IN_COMMUNITY=area.community.writing,
            COVERS=[estate.writing for estate in area.estates], management=area.management,
            floor_area_m2=area.households * 92.0, households=area.households,
        )  # fmt: skip
