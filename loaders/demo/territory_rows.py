"""The registers of the demo's areas, from the district down to the buildings."""

from collections.abc import Iterator

from loaders.demo.rows import Row, SheetRows
from loaders.demo.territory import Territory


def district_rows(territory: Territory) -> Iterator[Row]:
    """The district itself: what the official register does not say of it."""
    official, sizes = territory.official, territory.sizes
    everyone = territory.communities + territory.villages
    yield SheetRows("District").row(
        id=territory.code, name=official.district.name, PART_OF=official.city.code, area_km2=sizes.area_km2,
        population=sizes.population, urban_population=sizes.urban_population,
        households=sum(community.households for community in everyone), note="人口、户数为示例数据",
    )  # fmt: skip


def street_rows(territory: Territory) -> Iterator[Row]:
    """Streets and townships with the sums of their communities."""
    sheet = SheetRows("Street")
    everyone = territory.communities + territory.villages
    for street in territory.official.streets:
        inside = [community for community in everyone if community.street == street.code]
        yield sheet.row(
            id=street.code, name=street.name, PART_OF=territory.official.writing[territory.code],
            population=sum(c.population for c in inside), households=sum(c.households for c in inside),
        )  # fmt: skip


def community_rows(territory: Territory) -> Iterator[Row]:
    """Communities, by code, with their people."""
    sheet = SheetRows("Community")
    for community in sorted(territory.communities + territory.villages, key=lambda c: c.code):
        yield sheet.row(
            id=community.code, name=community.name, PART_OF=territory.official.writing[community.street],
            population=community.population, households=community.households,
        )  # fmt: skip


def estate_rows(territory: Territory) -> Iterator[Row]:
    """Estates, by the name of their community."""
    sheet = SheetRows("Estate")
    for estate in territory.estates:
        yield sheet.row(
            id=estate.id, name=estate.name, PART_OF=estate.community.writing, year_built=estate.year_built,
            management=estate.management, households=estate.households, codes=[_demo_code(estate.id)],
        )  # fmt: skip


def grid_rows(territory: Territory) -> Iterator[Row]:
    """Grids, with the estates they cover by name."""
    sheet = SheetRows("Grid")
    for grid in territory.grids:
        yield sheet.row(
            id=grid.id, name=grid.name, PART_OF=grid.community.writing,
            COVERS=[estate.writing for estate in grid.estates], households=grid.households,
            codes=[_demo_code(grid.id)],
        )  # fmt: skip


def building_rows(territory: Territory) -> Iterator[Row]:
    """Buildings, with estate and grid by number."""
    sheet = SheetRows("Building")
    for building in territory.buildings:
        yield sheet.row(
            id=building.id, name=building.name, PART_OF=building.estate.id, IN_GRID=building.grid.id,
            units_count=max(1, min(8, building.households // 12)), households=building.households,
            codes=[_demo_code(building.id)],
        )  # fmt: skip


def _demo_code(identifier: str) -> str:
    return identifier.replace("demo-", "demo:", 1)
