"""People: members of the party and holders of posts. Everything that tells who someone is is personal."""

from graph.model import (
    Cardinality,
    Code,
    CodeList,
    LinkSheet,
    NodeType,
    Property,
    RelationshipType,
    Tie,
    ValueType,
)
from graph.schema.basics import NOTE, PERSON_COLOUR, S, identifier
from graph.schema.formats import PERSON_NUMBER, PHONE

MEMBER_KIND = CodeList(
    "MemberKind", "党员类别", "How a member is tied to the community; empty for people who are no members.",
    (
        Code("自管", aliases=("自管党员", "社区自管党员", "自管党员（组织关系在社区）"), doc="Belongs to the community."),
        Code("在职", aliases=("在职党员", "双报到党员"), doc="Belongs to the employer and reports to the community of residence."),
        Code("离退休", aliases=("离退休党员", "退休", "离休", "退休党员")),
        Code("流动", aliases=("流动党员",), doc="Away from, or guest in, the community, with dates."),
    ),
)  # fmt: skip
GENDER = CodeList("Gender", "性别", "Gender.", (Code("男", aliases=("男性",)), Code("女", aliases=("女性",))))
POST = CodeList(
    "Post", "岗位", "What a person is at a place.",
    (
        Code("书记", aliases=("党组织书记", "支部书记", "党委书记")),
        Code("网格员", aliases=("全科网格员", "网格长")),
        Code("楼栋长", aliases=("楼长", "楼栋党小组组长")),
        Code("网络联络员", aliases=("联络员",)),
        Code("调解员", aliases=("人民调解员",)),
        Code("社区民警", aliases=("民警", "片警")),
        Code("法律顾问", aliases=("社区法律顾问",)),
        Code("区司法总顾问", aliases=("司法总顾问",)),
        Code("委员", aliases=("党委委员", "兼职委员")),
        Code("主任", aliases=("居委会主任",)),
    ),
)  # fmt: skip

PERSON = NodeType(
    "Person", "人员", "A party member, a holder of a post, or both.",
    (
        identifier("RY-000001", ("人员编号", "党员编号"), PERSON_NUMBER),
        Property("name", "姓名", S, "Full name.", required=True, personal=True, filterable=True, aliases=("党员姓名", "人员姓名", "名字"), example="示例一"),
        Property("gender", "性别", S, "Gender.", codes=GENDER, personal=True),
        Property("birth_year", "出生年份", ValueType.INTEGER, "Year of birth; no more of the date is kept.", minimum=1900, maximum=2100, personal=True, aliases=("出生年", "出生年月", "出生日期")),
        Property("phone", "联系电话", S, "Telephone.", personal=True, format=PHONE, aliases=("电话", "手机", "手机号", "手机号码", "联系方式")),
        Property("member_kind", "党员类别", S, "Kind of membership; empty for people who are no members.", codes=MEMBER_KIND, filterable=True, aliases=("类别", "党员类型", "人员类别")),
        Property("skills", "特长", ValueType.STRINGS, "What the person can do for others.", aliases=("技能", "专长", "个人特长")),
        NOTE,
    ),
    PERSON_COLOUR, "people", identity=("name", "birth_year", "所属党组织"), has_validity=True, aliases=("党员", "党员花名册", "党员名册"),
)  # fmt: skip

BELONGS_TO = RelationshipType(
    "BELONGS_TO", "组织关系", "The organization that holds a member's papers.",
    (Tie("Person", ("PartyOrganization",), Cardinality.OPTIONAL, heading="所属党组织", aliases=("所在党组织", "所在支部", "所在党支部", "组织关系所在党组织", "党组织"), columns=(("from", "转入日期"), ("to", "转出日期"))),),
    has_validity=True,
)  # fmt: skip
REPORTED_TO = RelationshipType(
    "REPORTED_TO", "报到", "The community of residence to which a member in service has reported (双报到).",
    (Tie("Person", ("Community",), Cardinality.OPTIONAL, heading="报到社区", aliases=("双报到社区", "在职报到社区"), columns=(("from", "报到日期"), ("to", "报到结束日期"))),),
    has_validity=True,
)  # fmt: skip
LIVES_IN = RelationshipType(
    "LIVES_IN", "居住", "Where a person lives.",
    (Tie("Person", ("Building",), Cardinality.OPTIONAL, heading="居住楼栋", aliases=("住址楼栋", "所在楼栋", "居住地", "家庭住址", "住址")),),
)  # fmt: skip
HOLDS = RelationshipType(
    "HOLDS", "任职", "A post held somewhere from a day to a day; several posts at several places are usual.",
    (Tie("Person", ("District", "Street", "Community", "Estate", "Grid", "Building", "PartyOrganization", "Organization")),),
    properties=(
        Property("post", "岗位", S, "What the person is there.", required=True, codes=POST, filterable=True, aliases=("职务", "担任职务")),
        Property("part_time", "兼职", ValueType.BOOLEAN, "Held beside another job.", aliases=("是否兼职",)),
    ),
    key=("post", "from"), has_validity=True,
    sheet=LinkSheet("任职", "人员", "任职处", aliases=("岗位任职", "任职情况")), begins=("任职时间", "任职日期", "任职起始"),
)  # fmt: skip

NODES = (PERSON,)
RELATIONSHIPS = (BELONGS_TO, REPORTED_TO, LIVES_IN, HOLDS)
