"""Territory: province to building, and the grids beside the estates.

区 → 街道/乡镇 → 社区 → 小区 → 楼栋, and 社区 → 网格. A grid covers several estates or part of one, so the
two are tied many-to-many. Keys of official areas are their statistical codes (2, 4, 6, 9 or 12 digits).
"""

from graph.model import Cardinality, Code, CodeList, NodeType, Property, RelationshipType, Tie, ValueType
from graph.schema.basics import AREA_COLOUR, NOTE, S, identifier, name
from graph.schema.formats import AREA_CODE

I, D = ValueType.INTEGER, ValueType.DECIMAL  # noqa: E741

STREET_KIND = CodeList(
    "StreetKind", "街道类别", "Kind of a township-level division, from digits 7 to 9 of its code.",
    (Code("街道", aliases=("街道办事处",)), Code("镇"), Code("乡", aliases=("民族乡",)), Code("类似乡级单位")),
)  # fmt: skip
COMMUNITY_KIND = CodeList(
    "CommunityKind", "社区类别", "Kind of a community, from digits 10 to 12 of its code.",
    (
        Code("居委会", aliases=("居民委员会", "社区居民委员会", "社区")),
        Code("村委会", aliases=("村民委员会", "村", "行政村")),
        Code("类似", aliases=("类似村级单位",)),
    ),
)  # fmt: skip
MANAGEMENT = CodeList(
    "Management", "管理方式", "Who runs the common property of an estate or a property area.",
    (
        Code("专业化物业", aliases=("专业物业", "物业公司管理")),
        Code("居民自主管理", aliases=("居民自管", "自主管理", "自管")),
        Code("无人管理", aliases=("无物业", "无主管")),
    ),
)  # fmt: skip

CODES = Property(
    "codes", "区划代码", ValueType.STRINGS,
    "Codes as scheme:value pairs: nbs for official statistical codes, local for the district's own, demo for synthetic ones.",
    format=AREA_CODE, example="nbs:410411001003", aliases=("统计用区划代码", "行政区划代码"),
)  # fmt: skip
POPULATION = Property(
    "population",
    "常住人口",
    I,
    "Resident population.",
    unit="人",
    minimum=0,
    aliases=("人口", "居民人数", "总人口"),
)
HOUSEHOLDS = Property(
    "households", "户数", I, "Households.", unit="户", minimum=0, aliases=("居民户数", "总户数")
)
AREA_KM2 = Property(
    "area_km2", "面积", D, "Area.", unit="平方千米", minimum=0, aliases=("辖区面积", "面积(平方千米)")
)


def _official(label: str, heading: str, doc: str, example: str, *extra: Property) -> NodeType:
    return NodeType(
        label, heading, doc,
        (identifier(example, ("代码", f"{heading}编号", f"{heading}代码", "统计代码")), name(aliases=(f"{heading}名称", heading)), CODES, *extra, NOTE),
        AREA_COLOUR, "territory", has_validity=True,
    )  # fmt: skip


PROVINCE = _official("Province", "省", "A province, or a municipality of that rank.", "41")
CITY = _official("City", "市", "A prefecture-level city, or the body that stands in its place.", "4104")
DISTRICT = _official(
    "District", "区", "An urban district or county: what one installation usually knows.", "410411", AREA_KM2, POPULATION,
    Property("urban_population", "城镇人口", I, "Population of its urban part.", unit="人", minimum=0, aliases=("城区人口",)), HOUSEHOLDS,
)  # fmt: skip
STREET = _official(
    "Street", "街道", "A sub-district, town or township.", "410411001",
    Property("kind", "类别", S, "Sub-district, town or township.", codes=STREET_KIND, filterable=True, aliases=("街道类别",)),
    AREA_KM2, POPULATION, HOUSEHOLDS,
)  # fmt: skip
COMMUNITY = _official(
    "Community", "社区", "The area of one residents' or village committee.", "410411001003",
    Property("kind", "类别", S, "Residents' committee, village committee or similar.", codes=COMMUNITY_KIND, filterable=True, aliases=("社区类别", "城乡类别")),
    AREA_KM2, POPULATION, HOUSEHOLDS,
)  # fmt: skip
ESTATE = NodeType(
    "Estate", "小区", "A housing estate or courtyard (小区、楼院).",
    (
        identifier("410411001003-X01", ("小区编号",)),
        name(aliases=("小区名称", "楼院名称", "小区"), example="示例小区"),
        Property("year_built", "建成年份", I, "Year in which it was finished.", minimum=1900, maximum=2100, aliases=("建成时间", "建设年份")),
        Property("management", "管理方式", S, "Who runs its common property.", codes=MANAGEMENT, filterable=True, aliases=("物业类型", "物业管理方式")),
        POPULATION, HOUSEHOLDS, CODES, NOTE,
    ),
    AREA_COLOUR, "territory", identity=("name", "所属社区"), has_validity=True, aliases=("小区楼院", "楼院"),
)  # fmt: skip
GRID = NodeType(
    "Grid", "网格", "A patrol and service grid of a community; may cover several estates or part of one.",
    (identifier("410411001003-W01", ("网格编号",)), name(aliases=("网格名称", "网格"), example="第1网格"), POPULATION, HOUSEHOLDS, CODES, NOTE),
    AREA_COLOUR, "territory", identity=("name", "所属社区"), has_validity=True, aliases=("全科网格",),
)  # fmt: skip
BUILDING = NodeType(
    "Building", "楼栋", "A residential building.",
    (
        identifier("410411001003-X01-03", ("楼栋编号",)),
        name(aliases=("楼栋名称", "楼栋", "楼号", "栋号"), example="3号楼"),
        Property("units_count", "单元数", I, "Stairwells.", unit="个", minimum=0),
        HOUSEHOLDS, CODES, NOTE,
    ),
    AREA_COLOUR, "territory", identity=("name", "所属小区"), has_validity=True,
)  # fmt: skip

ONE, OPTIONAL = Cardinality.ONE, Cardinality.OPTIONAL
PART_OF = RelationshipType(
    "PART_OF", "隶属", "Up the territory: an area lies in exactly one area of the next kind.",
    (
        Tie("City", ("Province",), ONE, heading="所属省", aliases=("所在省",)),
        Tie("District", ("City",), ONE, heading="所属市", aliases=("所在市",)),
        Tie("Street", ("District",), ONE, heading="所属区", aliases=("所在区", "区县")),
        Tie("Community", ("Street",), ONE, heading="所属街道", aliases=("所在街道", "街道", "街道(乡)", "乡镇街道", "街道名称")),
        Tie("Estate", ("Community",), ONE, heading="所属社区", aliases=("所在社区", "社区", "社区名称")),
        Tie("Grid", ("Community",), ONE, heading="所属社区", aliases=("所在社区", "社区", "社区名称")),
        Tie("Building", ("Estate",), ONE, heading="所属小区", aliases=("所在小区", "小区", "小区名称")),
    ),
)  # fmt: skip
COVERS = RelationshipType(
    "COVERS", "覆盖", "A grid or a property area and the estates it takes in; a grid may take in several, or part of one.",
    (
        Tie("Grid", ("Estate",), heading="覆盖小区", aliases=("包含小区",)),
        Tie("PropertyArea", ("Estate",), heading="覆盖小区", aliases=("包含小区", "小区", "所属小区")),
    ),
)  # fmt: skip
IN_GRID = RelationshipType(
    "IN_GRID", "在网格", "The grid that a building belongs to.",
    (Tie("Building", ("Grid",), OPTIONAL, heading="所属网格", aliases=("所在网格", "网格")),),
)  # fmt: skip

AREAS = ("District", "Street", "Community", "Estate", "Grid", "Building")
NODES = (PROVINCE, CITY, DISTRICT, STREET, COMMUNITY, ESTATE, GRID, BUILDING)
RELATIONSHIPS = (PART_OF, COVERS, IN_GRID)
