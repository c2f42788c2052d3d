"""Estates, grids and buildings of the demo, below the official streets and communities."""

from dataclasses import dataclass, field

from loaders.demo.chance import Chance, apportion
from loaders.demo.districts import Official
from loaders.demo.figures import Sizes
from loaders.division_codes import Division
from loaders.place_names import forms

GOLDEN_COMMUNITY = "410411004004"
"""飞行社区, whose day-care centre is followed from the need to the venue."""
_GOLDEN_POPULATION, _GOLDEN_HOUSEHOLDS = 11_260, 3_000
"""The report's "3000余人,11260余人", read as households and persons."""

_WORDS = [
    "锦绣",
    "阳光",
    "和谐",
    "幸福",
    "安康",
    "吉祥",
    "如意",
    "春晖",
    "秋实",
    "朝霞",
    "晨光",
    "星光",
    "明月",
    "清风",
    "绿荫",
    "翠竹",
    "梧桐",
    "银杏",
    "丁香",
    "海棠",
    "牡丹",
    "玉兰",
    "紫薇",
    "石榴",
    "腊梅",
    "雪松",
    "青松",
    "白杨",
    "垂柳",
    "芙蓉",
    "金桂",
    "月季",
    "东升",
    "南苑",
    "西湖",
    "北辰",
    "中和",
    "永安",
    "长乐",
    "广厦",
    "景明",
    "瑞祥",
    "康宁",
    "福满",
    "德馨",
    "仁和",
    "文昌",
    "书香",
]
_ENDINGS = (
    "花园",
    "家属院",
    "苑",
    "公寓",
    "庭院",
    "嘉园",
    "佳苑",
    "名居",
)  # none reads as a village or community


@dataclass(slots=True)
class Building:
    """A residential building. `weight` is how many members live there, in proportion; 0: none."""

    id: str
    name: str
    estate: "Estate"
    grid: "Grid"
    households: int
    weight: float

    @property
    def writing(self) -> str:
        """Its name with the estate's in front, which is clear in the whole demo."""
        return f"{self.estate.writing}{self.name}"


@dataclass(slots=True)
class Estate:
    """A housing estate."""

    id: str
    name: str
    community: "Community"
    year_built: int
    households: int = 0
    management: str = ""
    buildings: list[Building] = field(default_factory=list)

    @property
    def writing(self) -> str:
        """Its name with the community's in front: 飞行社区示例锦绣苑."""
        return f"{self.community.writing}{self.name}"


@dataclass(slots=True)
class Grid:
    """A grid: consecutive buildings of a community, often of several estates."""

    id: str
    name: str
    community: "Community"
    buildings: list[Building] = field(default_factory=list)

    @property
    def estates(self) -> list[Estate]:
        """The estates of which it covers all or part."""
        return list({building.estate.id: building.estate for building in self.buildings}.values())

    @property
    def households(self) -> int:
        """Households of its buildings."""
        return sum(building.households for building in self.buildings)


@dataclass(slots=True)
class Community:
    """A community with what lies in it; a village has no estates and grids here."""

    code: str
    name: str
    writing: str
    street: str
    population: int
    households: int
    heat: float
    """How many needs come from here, in proportion: a few communities are hot spots."""
    estates: list[Estate] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)

    @property
    def short(self) -> str:
        """What people call it: 飞行社区."""
        return (*forms(self.name), self.name)[1]


@dataclass(frozen=True, slots=True)
class Territory:
    """All areas of one demo district."""

    official: Official
    sizes: Sizes
    communities: list[Community]
    villages: list[Community]

    @property
    def code(self) -> str:
        """Code of the district."""
        return self.official.district.code

    @property
    def estates(self) -> list[Estate]:
        """All estates."""
        return [estate for community in self.communities for estate in community.estates]

    @property
    def grids(self) -> list[Grid]:
        """All grids."""
        return [grid for community in self.communities for grid in community.grids]

    @property
    def buildings(self) -> list[Building]:
        """All buildings."""
        return [building for estate in self.estates for building in estate.buildings]

    def number(self, register: str, order: int) -> str:
        """The number of a row in one of the district's registers: demo-410411-DW0001."""
        return f"demo-{self.code}-{register}{order:04d}"


def build_territory(official: Official, sizes: Sizes, chance: Chance) -> Territory:
    """Divide the district's people and buildings among its communities, unevenly as in real districts."""
    residents, villages = official.residents, official.villages
    urban = sizes.urban_population if villages else sizes.population
    communities = _communities(official, residents, urban, chance)
    rural = _communities(official, villages, sizes.population - urban, chance) if villages else []
    for community in rural:
        community.heat *= 0.15
    for hot in chance.sample(communities, 4):
        hot.heat *= 3.5
    _add_estates(communities, sizes, chance)
    _add_grids(communities, sizes, chance)
    return Territory(official, sizes, communities, rural)


def _communities(
    official: Official, areas: tuple[Division, ...], population: int, chance: Chance
) -> list[Community]:
    fixed = [_GOLDEN_POPULATION if area.code == GOLDEN_COMMUNITY else 0 for area in areas]
    weights = [0.0 if known else chance.uneven(0.45) for known in fixed]
    shares = apportion(population - sum(fixed), weights)
    communities: list[Community] = []
    for area, known, share in zip(areas, fixed, shares, strict=True):
        people = known + share
        households = _GOLDEN_HOUSEHOLDS if known else round(people / chance.uniform(2.8, 3.4))
        writing = official.writing[area.code]
        communities.append(
            Community(area.code, area.name, writing, area.code[:9], people, households, chance.uneven(0.4))
        )
    return communities


def _add_estates(communities: list[Community], sizes: Sizes, chance: Chance) -> None:
    names = [f"示例{word}{ending}" for word in _WORDS for ending in _ENDINGS]
    weights = [community.households * chance.uneven(0.3) for community in communities]
    for community, count in zip(communities, apportion(sizes.property_areas, weights, 3), strict=True):
        for order, name in enumerate(chance.sample(names, count), 1):
            year = min(2019, round(chance.triangular(1978, 2019, 1996)))
            community.estates.append(Estate(f"demo-{community.code}-X{order:02d}", name, community, year))
    estates = [estate for community in communities for estate in community.estates]
    sizes_of = apportion(sizes.buildings, [chance.uneven(0.9) for _ in estates], 1)
    by_estate = dict(zip((e.id for e in estates), sizes_of, strict=True))
    for community in communities:
        counts = [by_estate[estate.id] for estate in community.estates]
        housed = round(community.households * 0.97)  # the rest lives outside estates
        shares = apportion(housed, [n * chance.uneven(0.25) for n in counts])
        for estate, count, households in zip(community.estates, counts, shares, strict=True):
            estate.households = households
            _add_buildings(estate, count, chance)


def _add_buildings(estate: Estate, count: int, chance: Chance) -> None:
    nowhere = Grid("", "", estate.community)  # until the grids are drawn
    for order, households in enumerate(
        apportion(estate.households, [chance.uneven(0.2) for _ in range(count)]), 1
    ):
        weight = 0.0 if chance.happens(0.07) else households + 1.0
        estate.buildings.append(
            Building(f"{estate.id}-{order:02d}", f"{order}号楼", estate, nowhere, households, weight)
        )


def _add_grids(communities: list[Community], sizes: Sizes, chance: Chance) -> None:
    """Cut each community's buildings, estate after estate, into grids: the cuts pay no heed to estates."""
    in_community = [
        [b for estate in community.estates for b in estate.buildings] for community in communities
    ]
    # Two in any case; never more than there are buildings, as every community has at least three estates.
    counts = apportion(sizes.grids, [max(0, len(buildings) - 2) for buildings in in_community], 2)
    for community, buildings, count in zip(communities, in_community, counts, strict=True):
        lengths = apportion(len(buildings), [chance.uneven(0.35) for _ in range(count)], 1)
        start = 0
        for order, length in enumerate(lengths, 1):
            grid = Grid(
                f"demo-{community.code}-W{order:02d}",
                f"第{order}网格",
                community,
                buildings[start : start + length],
            )
            for building in grid.buildings:
                building.grid = grid
            community.grids.append(grid)
            start += length
