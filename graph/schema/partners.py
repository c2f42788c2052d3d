"""Co-building units (驻区/共建单位) and their agreements with the communities' party committees."""

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
from graph.schema.basics import BENEFICIARY, NOTE, PROJECT_COLOUR, UNIT_COLOUR, S, identifier, name
from graph.schema.formats import PHONE, USCC

EVERYTHING = "全部"
"""Stands for every category where a unit says what it does not serve."""
UNIT_TYPE = CodeList(
    "UnitType", "单位类型", "Kind of employer.",
    (
        Code("机关", aliases=("党政机关", "行政机关", "政府部门")), Code("事业单位", aliases=("事业",)), Code("国有企业", aliases=("国企",)),
        Code("民营企业", aliases=("私营企业", "民企", "非公企业", "企业")), Code("学校", aliases=("教育机构",)),
        Code("医疗机构", aliases=("医院", "卫生机构")), Code("金融机构", aliases=("银行",)), Code("社会组织", aliases=("社会团体",)),
        Code("部队", aliases=("驻军",)), Code("其他"),
    ),
)  # fmt: skip
AGREEMENT_STATE = CodeList(
    "AgreementState", "协议状态", "Life of an agreement.",
    (Code("拟定"), Code("签订"), Code("生效", aliases=("有效",)), Code("到期", aliases=("已到期",)), Code("续签"), Code("终止", aliases=("已终止",))),
)  # fmt: skip

UNIT = NodeType(
    "Unit", "共建单位", "An employer, school, hospital or firm located in a community.",
    (
        identifier("DW-0001", ("单位编号",)),
        name(aliases=("单位名称", "共建单位名称", "驻区单位", "驻区单位名称", "共建单位"), example="示例第三医院"),
        Property("uscc", "统一社会信用代码", S, "Unified social credit code (GB 32100).", format=USCC, filterable=True, aliases=("信用代码", "社会信用代码")),
        Property("type", "单位类型", S, "Kind of employer.", codes=UNIT_TYPE, filterable=True, aliases=("类型", "单位性质", "性质", "单位类别")),
        Property("employees", "职工人数", ValueType.INTEGER, "People who work there.", unit="人", minimum=0, aliases=("员工数", "职工数")),
        Property("liaison", "联系人", S, "Who answers for co-building.", personal=True, aliases=("联络人", "单位联系人")),
        Property("liaison_phone", "联系电话", S, "Telephone of the liaison.", personal=True, format=PHONE, aliases=("联系人电话", "电话", "联系方式")),
        Property("declined_categories", "不承接类别", ValueType.STRINGS, f"Categories of needs, by name or key, that it does not serve; a wider one stands for its narrower ones, {EVERYTHING} for not being asked at all.", aliases=("不承接的类别", "谢绝类别", "不承接事项")),
        Property("declined_groups", "不服务人群", ValueType.STRINGS, "Whom it does not serve.", codes=BENEFICIARY, aliases=("不服务的人群", "谢绝人群")),
        NOTE,
    ),
    UNIT_COLOUR, "partners", identity=("name", "所在社区"), has_validity=True, aliases=("驻区单位", "共建单位名录"),
)  # fmt: skip
AGREEMENT = NodeType(
    "Agreement", "共建协议", "Signed between a community's party committee and a unit, mostly for a year.",
    (
        identifier("XY-2020-0001", ("协议编号", "协议号")),
        name("Title of the agreement.", aliases=("协议名称", "协议标题"), example="共驻共建协议书"),
        Property("signed", "签订日期", ValueType.DATE, "Day of signing.", aliases=("签订时间", "签约日期", "签约时间")),
        Property("state", "状态", S, "Where in its life it is.", codes=AGREEMENT_STATE, filterable=True, aliases=("协议状态",)),
        NOTE,
    ),
    PROJECT_COLOUR, "partners", identity=("共建单位", "党组织", "signed"), has_validity=True, aliases=("共驻共建协议", "协议"),
)  # fmt: skip

LOCATED_IN = RelationshipType(
    "LOCATED_IN", "位于", "The community where a unit is.",
    (Tie("Unit", ("Community",), Cardinality.ONE, heading="所在社区", aliases=("所属社区", "社区", "驻地社区")),),
)  # fmt: skip
SEATED_ON = RelationshipType(
    "SEATED_ON", "兼职席位", "A part-time seat of a unit on a street's or community's committee.",
    (Tie("Unit", ("PartyOrganization",), heading="兼职席位", aliases=("兼职委员所在组织", "席位")),),
    has_validity=True,
)  # fmt: skip
WITH_UNIT = RelationshipType(
    "WITH_UNIT", "签约单位", "The unit that signed.",
    (Tie("Agreement", ("Unit",), Cardinality.ONE, heading="共建单位", aliases=("单位", "签约单位", "乙方", "单位名称")),),
)  # fmt: skip
WITH_ORGANIZATION = RelationshipType(
    "WITH_ORGANIZATION", "签约组织", "The party committee that signed.",
    (Tie("Agreement", ("PartyOrganization",), Cardinality.ONE, heading="党组织", aliases=("签约党组织", "社区大党委", "甲方")),),
)  # fmt: skip
PROMISES = RelationshipType(
    "PROMISES", "承诺", "What an agreement promises.",
    (Tie("Agreement", ("Resource",)),),
    properties=(Property("quantity", "承诺数量", ValueType.INTEGER, "Units of the resource promised.", minimum=0, aliases=("数量",)),),
    sheet=LinkSheet("协议承诺", "协议", "资源", aliases=("承诺资源",)),
)  # fmt: skip

NODES = (UNIT, AGREEMENT)
RELATIONSHIPS = (LOCATED_IN, SEATED_ON, WITH_UNIT, WITH_ORGANIZATION, PROMISES)
