"""Organizations by kind, the areas they serve, and the venues."""

from graph.model import Cardinality, Code, CodeList, NodeType, Property, RelationshipType, Tie, ValueType
from graph.schema.basics import AREA_COLOUR, NOTE, ORGANIZATION_COLOUR, S, identifier, name
from graph.schema.territory import AREAS

I, D = ValueType.INTEGER, ValueType.DECIMAL  # noqa: E741

ORGANIZATION_KIND = CodeList(
    "OrganizationKind", "组织类型", "Kinds of organizations that a district counts.",
    (
        Code("居委会", aliases=("居民委员会",)), Code("业委会", aliases=("业主委员会",)), Code("红色议事会"),
        Code("物业公司", aliases=("物业服务企业", "物业")), Code("工会", aliases=("工会组织",)), Code("妇联", aliases=("妇女联合会", "妇女组织")),
        Code("共青团", aliases=("团支部", "团组织", "团委")), Code("科协", aliases=("科学技术协会",)), Code("志愿服务队", aliases=("志愿队", "志愿者队伍", "志愿服务队伍")),
        Code("人民调解委员会", aliases=("调委会", "调解委员会")), Code("红色管家委员会", aliases=("红管委",)), Code("联防巡逻队", aliases=("巡逻队",)),
        Code("民呼必应工作站", aliases=("工作站",)),
    ),
)  # fmt: skip
VENUE_KIND = CodeList(
    "VenueKind", "阵地类型", "Kinds of places open to residents.",
    (
        Code("党群服务中心"), Code("新时代文明实践站", aliases=("文明实践站",)), Code("日间照料中心", aliases=("日间照料室",)), Code("图书室", aliases=("农家书屋", "书屋")),
        Code("文体活动室", aliases=("活动室",)), Code("卫生服务站", aliases=("卫生室",)), Code("调解室"), Code("儿童之家"), Code("食堂", aliases=("助餐点", "老年食堂")), Code("其他"),
    ),
)  # fmt: skip

ORGANIZATION = NodeType(
    "Organization", "组织", "A committee, company, mass organization or team that serves an area.",
    (
        identifier("ZZ-0001", ("组织编号",)),
        name(aliases=("组织名称",), example="示例小区业主委员会"),
        Property("kind", "类型", S, "Kind of organization.", required=True, codes=ORGANIZATION_KIND, filterable=True, aliases=("组织类型", "组织类别", "类别")),
        Property("members_count", "成员数", I, "People in it.", unit="人", minimum=0, aliases=("人数", "成员人数", "队员数", "注册志愿者数")),
        Property("party_members_count", "党员数", I, "Party members among them.", unit="人", minimum=0, aliases=("党员人数",)),
        Property("member_share", "党员比例", D, "Party members' share of its people.", unit="%", minimum=0, maximum=100, aliases=("党员占比",)),
        NOTE,
    ),
    ORGANIZATION_COLOUR, "organizations", identity=("name", "服务区域"), has_validity=True, aliases=("组织名录", "群团组织", "志愿服务队"), begins=("成立时间", "成立日期", "组建时间"),
)  # fmt: skip
VENUE = NodeType(
    "Venue", "阵地", "A place open to residents.",
    (
        identifier("ZD-0001", ("阵地编号",)),
        name(aliases=("阵地名称", "场所名称"), example="示例日间照料中心"),
        Property("kind", "阵地类型", S, "Kind of place.", codes=VENUE_KIND, filterable=True, aliases=("类型", "场所类型")),
        Property("floor_area_m2", "建筑面积", D, "Floor area.", unit="平方米", minimum=0, aliases=("面积", "使用面积", "面积(平方米)")),
        NOTE,
    ),
    AREA_COLOUR, "organizations", identity=("name", "所在区域"), has_validity=True,
)  # fmt: skip

SERVES = RelationshipType(
    "SERVES", "服务", "The area that an organization serves, or the service scope of a resource.",
    (
        Tie("Organization", (*AREAS, "PropertyArea"), heading="服务区域", aliases=("所在区域", "所属区域", "所属社区", "所在社区", "社区", "服务范围")),
        Tie("Resource", AREAS, heading="服务区域", aliases=("服务范围", "可服务区域")),
    ),
)  # fmt: skip
IN_AREA = RelationshipType(
    "IN_AREA", "位于区域", "Where a venue stands or a project takes place.",
    (
        Tie("Venue", AREAS, Cardinality.ONE, heading="所在区域", aliases=("所在社区", "所属社区", "社区")),
        Tie("Project", AREAS, Cardinality.ONE, heading="实施区域", aliases=("所在区域", "所在社区", "实施地点")),
    ),
)  # fmt: skip

NODES = (ORGANIZATION, VENUE)
RELATIONSHIPS = (SERVES, IN_AREA)
