"""Party organizations of five levels: they cross the territory and are tied to it by LEADS."""

from graph.model import Cardinality, Code, CodeList, NodeType, Property, RelationshipType, Tie, ValueType
from graph.schema.basics import NOTE, PARTY_COLOUR, identifier, name

PARTY_LEVEL = CodeList(
    "PartyLevel", "组织层级", "1 to 5 from street to building; 0 for the organization inside a unit.",
    (
        Code(1, "街道大工委", ("大工委", "街道党工委", "一级")),
        Code(2, "社区大党委", ("大党委", "社区党委", "社区党总支", "二级")),
        Code(3, "小区党组织", ("小区党支部", "小区（楼院）党组织", "楼院党支部", "三级")),
        Code(4, "网格党支部", ("网格党组织", "四级")),
        Code(5, "楼栋党小组", ("楼栋党组织", "党小组", "五级")),
        Code(0, "单位党组织", ("单位党委", "单位党总支", "单位党支部", "机关党组织")),
    ),
)  # fmt: skip

PARTY_ORGANIZATION = NodeType(
    "PartyOrganization", "党组织", "A party organization, of one of the five levels or of a unit.",
    (
        identifier("DZZ-0001", ("党组织编号", "组织编号")),
        name(aliases=("党组织名称", "组织名称", "党组织全称", "支部名称"), example="示例小区党支部"),
        Property("level", "层级", ValueType.INTEGER, "Level, 1 (street) to 5 (building); 0 inside a unit.", required=True, codes=PARTY_LEVEL, filterable=True, aliases=("组织层级", "组织类别", "级别")),
        Property("founded", "成立日期", ValueType.DATE, "Day on which it was set up.", aliases=("成立时间", "建立日期")),
        NOTE,
    ),
    PARTY_COLOUR, "party", identity=("name", "上级党组织"), has_validity=True, aliases=("五级党组织", "基层党组织"),
)  # fmt: skip

REPORTS_TO = RelationshipType(
    "REPORTS_TO", "上级", "The organization above.",
    (Tie("PartyOrganization", ("PartyOrganization",), Cardinality.OPTIONAL, heading="上级党组织", aliases=("上级组织", "隶属党组织")),),
    has_validity=True,
)  # fmt: skip
LEADS = RelationshipType(
    "LEADS", "领导", "The areas that an organization answers for.",
    (Tie("PartyOrganization", ("Street", "Community", "Estate", "Grid", "Building"), heading="覆盖区域", aliases=("所属区域", "所在区域", "对应区域", "覆盖范围")),),
    has_validity=True,
)  # fmt: skip
OF_UNIT = RelationshipType(
    "OF_UNIT", "属于单位", "The unit whose own organization this is.",
    (Tie("PartyOrganization", ("Unit",), Cardinality.OPTIONAL, heading="所属单位", aliases=("所在单位",)),),
)  # fmt: skip

LEVEL_AREA = {1: "Street", 2: "Community", 3: "Estate", 4: "Grid", 5: "Building"}
"""The kind of area that each of the five levels answers for: coverage gaps follow from it."""

NODES = (PARTY_ORGANIZATION,)
RELATIONSHIPS = (REPORTS_TO, LEADS, OF_UNIT)
