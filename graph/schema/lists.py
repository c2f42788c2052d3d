"""The three lists (三项清单): needs, resources and projects, with categories, claims, meetings, evaluations."""

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
from graph.schema.basics import (
    BENEFICIARY,
    NEED_COLOUR,
    NOTE,
    ORGANIZATION_COLOUR,
    PROJECT_COLOUR,
    RESOURCE_COLOUR,
    S,
    identifier,
    name,
)
from graph.schema.territory import AREAS

I, D, DATE, TEXT = ValueType.INTEGER, ValueType.DECIMAL, ValueType.DATE, ValueType.TEXT  # noqa: E741
ONE, OPTIONAL = Cardinality.ONE, Cardinality.OPTIONAL

LIST = CodeList(
    "ListKind",
    "清单",
    "Which list a category belongs to.",
    (Code("需求", aliases=("需求清单",)), Code("资源", aliases=("资源清单",))),
)
NEED_STATE = CodeList(
    "NeedState", "需求状态", "Life of a need.",
    tuple(Code(s) for s in ("提出", "审核", "入单", "对接中", "已认领", "实施中", "待评价", "销号", "退回", "挂起", "合并", "撤回")),
)  # fmt: skip
CLAIM_STATE = CodeList(
    "ClaimState",
    "认领状态",
    "Life of a claim.",
    tuple(Code(s) for s in ("申请", "审批", "确认", "履行", "完成", "退出审批")),
)
PROJECT_STATE = CodeList(
    "ProjectState",
    "项目状态",
    "Life of a project.",
    tuple(Code(s) for s in ("立项", "实施", "验收", "评价", "销号")),
)
MEETING_STATE = CodeList(
    "MeetingState", "会议状态", "Life of a joint meeting.",
    (Code("筹备"), Code("召开", aliases=("已召开",)), Code("办结", aliases=("已办结",)), Code("取消", aliases=("已取消",))),
)  # fmt: skip
ORIGIN = CodeList(
    "ProjectOrigin", "项目来源", "What a project came from.",
    (
        Code("对接", aliases=("匹配", "match")), Code("认领", aliases=("揭榜", "单位认领", "claim")),
        Code("交办", aliases=("街道交办", "指派", "assign")), Code("联席会议", aliases=("会议议定", "meeting")),
    ),
)  # fmt: skip
URGENCY = CodeList(
    "Urgency", "紧急程度", "1 can wait, 5 at once.",
    (Code(1, "不急"), Code(2, "较缓"), Code(3, "一般"), Code(4, "较急"), Code(5, "紧急", ("特急", "急"))),
)  # fmt: skip
FORM = CodeList(
    "ResourceForm", "资源形式", "What a resource consists of.",
    (Code("阵地", aliases=("场地",)), Code("人才", aliases=("人力", "人员")), Code("资金"), Code("物资", aliases=("物品",)), Code("服务"), Code("信息"), Code("政策")),
)  # fmt: skip
DIRECTION = CodeList(
    "EvaluationDirection",
    "评价方向",
    "Who speaks of whom.",
    (Code("社区→单位"), Code("单位→社区"), Code("居民→项目")),
)

CATEGORY = NodeType(
    "Category", "类别", "What a need is about or a resource is good for, on two levels.",
    (
        identifier("X-01-02", ("类别编号",)),
        name(aliases=("类别名称",), example="老年助餐"),
        Property("list", "清单", S, "The list it belongs to.", required=True, codes=LIST, filterable=True, aliases=("所属清单",)),
        Property("synonyms", "同义词", ValueType.STRINGS, "Other words for it.", aliases=("别名",)),
    ),
    ORGANIZATION_COLOUR, "lists", identity=("name", "list", "上级类别"), aliases=("类别表",),
)  # fmt: skip
NEED = NodeType(
    "Need", "需求", "What residents, communities or units ask for.",
    (
        identifier("XQ-0001", ("需求编号",)),
        Property("title", "标题", S, "The need in one line.", required=True, filterable=True, aliases=("需求标题", "需求名称", "需求"), example="老年助餐点位"),
        Property("text", "需求内容", TEXT, "The need in the words it was raised in.", aliases=("内容", "详情", "需求描述", "具体内容", "内容描述")),
        Property("quantity", "数量", I, "Units asked for.", minimum=0, aliases=("需求数量",), example="20"),
        Property("unit", "计量单位", S, "What is counted.", aliases=("单位(计量)", "数量单位"), example="人次"),
        Property("whole", "须一次满足", ValueType.BOOLEAN, "Met in full or not at all: half of it helps nobody.", aliases=("不可拆分", "须整体满足")),
        Property("urgency", "紧急程度", I, "1 can wait, 5 at once.", minimum=1, maximum=5, codes=URGENCY, filterable=True, aliases=("紧急度", "轻重缓急")),
        Property("wanted_from", "期望开始", DATE, "First day on which it is wanted.", aliases=("期望开始日期", "希望开始时间")),
        Property("wanted_to", "期望结束", DATE, "Last day on which it is wanted.", follows="wanted_from", aliases=("期望结束日期", "希望结束时间")),
        Property("deadline", "办结时限", DATE, "Day by which it must be met.", aliases=("截止日期", "时限", "完成时限")),
        Property("beneficiary", "受益人群", S, "Whom it is for.", codes=BENEFICIARY, filterable=True, aliases=("服务对象", "受益群体")),
        Property("beneficiaries", "受益人数", I, "How many it is for.", unit="人", minimum=0, aliases=("惠及人数",)),
        Property("state", "状态", S, "Where in its life it is.", codes=NEED_STATE, filterable=True, aliases=("需求状态", "办理状态", "当前状态")),
        Property("raised_at", "提出日期", DATE, "Day on which it was raised.", aliases=("提出时间", "登记日期", "收集时间")),
        Property("channel", "来源渠道", S, "How it reached the office.", aliases=("渠道", "收集渠道", "来源")),
        NOTE,
    ),
    NEED_COLOUR, "lists", identity=("title", "提出区域", "raised_at"), title="title", aliases=("需求清单",),
)  # fmt: skip
RESOURCE = NodeType(
    "Resource", "资源", "What a party offers: a venue, people, goods, funds, a service.",
    (
        identifier("ZY-0001", ("资源编号",)),
        Property("title", "名称", S, "The resource in one line.", required=True, filterable=True, aliases=("资源名称", "资源标题", "资源", "标题"), example="多功能厅"),
        Property("text", "资源内容", TEXT, "What it is, in the owner's words.", aliases=("内容", "详情", "资源描述", "具体内容")),
        Property("form", "形式", S, "What it consists of.", codes=FORM, filterable=True, aliases=("资源形式", "资源类型")),
        Property("capacity", "数量", I, "Units on offer at one time.", minimum=0, filterable=True, aliases=("资源数量", "可提供数量"), example="80"),
        Property("unit", "计量单位", S, "What is counted.", aliases=("单位(计量)", "数量单位"), example="座"),
        Property("available", "可用时间", S, "When it can be used.", aliases=("开放时间", "服务时间"), example="周末"),
        Property("conditions", "使用条件", TEXT, "On what conditions.", aliases=("条件", "要求")),
        Property("groups", "面向人群", ValueType.STRINGS, "Whom it may serve; empty: everyone.", codes=BENEFICIARY, aliases=("适用人群",)),
        Property("last_confirmed", "最近确认日期", DATE, "Day on which the owner last confirmed it.", aliases=("确认日期", "最近确认时间")),
        NOTE,
    ),
    RESOURCE_COLOUR, "lists", identity=("title", "提供方"), title="title", has_validity=True, aliases=("资源清单",),
)  # fmt: skip
PROJECT = NodeType(
    "Project", "项目", "Work that meets needs with resources.",
    (
        identifier("XM-0001", ("项目编号",)),
        name(aliases=("项目名称",), example="日间照料中心建设"),
        Property("origin", "来源", S, "What it came from.", codes=ORIGIN, filterable=True, aliases=("项目来源",)),
        Property("state", "状态", S, "Where in its life it is.", codes=PROJECT_STATE, filterable=True, aliases=("项目状态", "进展状态")),
        Property("progress", "进度", D, "How far it is.", unit="%", minimum=0, maximum=100, aliases=("完成进度", "进度(%)")),
        Property("planned_from", "计划开始", DATE, "Planned first day.", aliases=("计划开始日期", "计划开工日期")),
        Property("planned_to", "计划完成", DATE, "Planned last day.", follows="planned_from", aliases=("计划完成日期", "计划完工日期")),
        Property("actual_from", "实际开始", DATE, "First day.", aliases=("实际开始日期", "开工日期")),
        Property("actual_to", "实际完成", DATE, "Last day.", follows="actual_from", aliases=("实际完成日期", "完工日期")),
        Property("funds_fiscal_yuan", "财政资金", D, "Public money.", unit="元", minimum=0, aliases=("财政投入",)),
        Property("funds_unit_yuan", "单位资金", D, "Money of units.", unit="元", minimum=0, aliases=("单位投入", "共建资金")),
        Property("funds_other_yuan", "其他资金", D, "Money of others.", unit="元", minimum=0, aliases=("社会资金",)),
        NOTE,
    ),
    PROJECT_COLOUR, "lists", identity=("name", "实施区域"), aliases=("项目清单",),
)  # fmt: skip
CLAIM = NodeType(
    "Claim", "认领", "A unit's offer to meet a need.",
    (
        identifier("RL-0001", ("认领编号",)),
        Property("state", "状态", S, "Where in its life it is.", codes=CLAIM_STATE, filterable=True, aliases=("认领状态",)),
        Property("quantity", "认领数量", I, "Units offered.", minimum=0, aliases=("数量",)),
        Property("claimed_at", "认领日期", DATE, "Day of the claim.", aliases=("认领时间",)),
        Property("confirmed_at", "确认日期", DATE, "Day on which it was confirmed.", follows="claimed_at"),
        Property("completed_at", "完成日期", DATE, "Day on which it was done.", follows="claimed_at"),
        NOTE,
    ),
    PROJECT_COLOUR, "lists", identity=("认领单位", "认领需求", "claimed_at"), title="id", aliases=("认领表",),
)  # fmt: skip
MEETING = NodeType(
    "Meeting", "联席会议", "A joint meeting of co-building units: puts needs on its agenda and decides projects.",
    (
        identifier("HY-0001", ("会议编号",)),
        name(aliases=("会议名称",), example="4月共建单位联席会议"),
        Property("held_at", "会议日期", DATE, "Day of the meeting.", required=True, filterable=True, aliases=("召开日期", "会议时间", "日期")),
        Property("state", "状态", S, "Where in its life it is; empty: it has met.", codes=MEETING_STATE, filterable=True, aliases=("会议状态",)),
        NOTE,
    ),
    ORGANIZATION_COLOUR, "lists", identity=("召开组织", "held_at"), aliases=("共建联席会议", "共建单位联席会议"),
)  # fmt: skip
EVALUATION = NodeType(
    "Evaluation", "评价", "What one side says of the other after a project.",
    (
        identifier("PJ-0001", ("评价编号",)),
        Property("direction", "评价方向", S, "Who speaks of whom.", required=True, codes=DIRECTION, filterable=True, aliases=("方向",)),
        Property("score", "评分", D, "0 to 100.", unit="分", required=True, minimum=0, maximum=100, aliases=("得分", "分数")),
        Property("text", "评价内容", TEXT, "In words.", aliases=("评语", "内容")),
        Property("given_at", "评价日期", DATE, "Day on which it was given.", aliases=("评价时间",)),
    ),
    ORGANIZATION_COLOUR, "lists", identity=("评价项目", "direction", "given_at"), title="id",
)  # fmt: skip

RELATIONSHIPS = (
    RelationshipType("BROADER", "上级类别", "The wider category.", (Tie("Category", ("Category",), OPTIONAL, heading="上级类别", aliases=("父类别", "大类")),)),
    RelationshipType(
        "CAN_SERVE", "可满足", "Needs of which category a category of resources can meet.",
        (Tie("Category", ("Category",)),),
        properties=(Property("weight", "权重", D, "0 to 1: how well.", minimum=0, maximum=1),),
        sheet=LinkSheet("类别对应", "资源类别", "需求类别"),
    ),
    RelationshipType("RAISED_BY", "提出方", "Who asks.", (Tie("Need", ("Person", "Unit", "Community", "Organization"), OPTIONAL, heading="提出方", aliases=("提出人", "需求方", "提出单位")),)),
    RelationshipType("RAISED_IN", "提出区域", "Where the need is.", (Tie("Need", AREAS, ONE, heading="提出区域", aliases=("所属社区", "所在社区", "所属区域", "社区", "需求社区")),)),
    RelationshipType(
        "IN_CATEGORY", "类别", "What it is about.",
        (
            Tie("Need", ("Category",), OPTIONAL, heading="需求类别", aliases=("类别", "需求类型", "类型")),
            Tie("Resource", ("Category",), OPTIONAL, heading="资源类别", aliases=("类别", "类型")),
        ),
    ),
    RelationshipType("OFFERED_BY", "提供方", "Who offers.", (Tie("Resource", ("Unit", "Community", "Organization", "PartyOrganization", "Person"), ONE, heading="提供方", aliases=("提供单位", "资源提供方", "所属单位", "提供者", "单位")),)),
    RelationshipType(
        "MEETS", "满足", "What a project does for a need.", (Tie("Project", ("Need",)),),
        properties=(Property("quantity", "满足数量", I, "Units of the need.", minimum=0, aliases=("数量",)),),
        sheet=LinkSheet("项目满足需求", "项目", "需求", aliases=("项目需求",)),
    ),
    RelationshipType(
        "USES", "使用", "What a project takes of a resource.", (Tie("Project", ("Resource",)),),
        properties=(
            Property("promised", "承诺数量", I, "Units promised.", minimum=0),
            Property("delivered", "兑现数量", I, "Units delivered.", minimum=0, aliases=("实际数量", "已兑现")),
        ),
        sheet=LinkSheet("项目使用资源", "项目", "资源", aliases=("项目资源",)),
    ),
    RelationshipType("UNDER", "依据协议", "The agreement it is done under.", (Tie("Project", ("Agreement",), OPTIONAL, heading="依据协议", aliases=("所属协议",)),)),
    RelationshipType("LED_BY", "牵头", "Who leads it.", (Tie("Project", ("Unit", "PartyOrganization"), OPTIONAL, heading="牵头单位", aliases=("牵头方", "责任单位")),)),
    RelationshipType("RESULTS_IN", "建成", "The venue that it leaves behind.", (Tie("Project", ("Venue",), heading="建成阵地", aliases=("成果阵地",)),)),
    RelationshipType("BY_UNIT", "认领单位", "Who claims.", (Tie("Claim", ("Unit",), ONE, heading="认领单位", aliases=("单位",)),)),
    RelationshipType("FOR_NEED", "认领需求", "What is claimed.", (Tie("Claim", ("Need",), ONE, heading="认领需求", aliases=("需求",)),)),
    RelationshipType("WITH_RESOURCE", "投入资源", "With what.", (Tie("Claim", ("Resource",), OPTIONAL, heading="投入资源", aliases=("资源",)),)),
    RelationshipType("BECAME", "立项为", "The project that a claim became when it was approved here.", (Tie("Claim", ("Project",), OPTIONAL),)),
    RelationshipType("DISCUSSED", "讨论", "A need on the agenda.", (Tie("Meeting", ("Need",), heading="讨论需求", aliases=("议题", "讨论的需求")),)),
    RelationshipType("DECIDED", "议定", "A project decided on.", (Tie("Meeting", ("Project",), heading="议定项目", aliases=("决定项目",)),)),
)  # fmt: skip

NODES = (CATEGORY, NEED, RESOURCE, PROJECT, CLAIM, MEETING, EVALUATION)
