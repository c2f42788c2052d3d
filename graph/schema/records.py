"""What the product writes about its own work: states, plans, operations, batches and what they changed."""

from graph.model import Cardinality, Code, CodeList, NodeType, Property, RelationshipType, Tie, ValueType
from graph.schema.basics import ORGANIZATION_COLOUR, PROJECT_COLOUR, S, identifier

I, D, TEXT = ValueType.INTEGER, ValueType.DECIMAL, ValueType.TEXT  # noqa: E741
ONE = Cardinality.ONE

PROVENANCE = (
    Property("first_batch", "首次批次", S, "The batch that added it."),
    Property("batch", "批次", S, "The batch that last changed it.", filterable=True),
)
"""What every loaded node and relationship carries beside its declared properties. Of what was written over a
front door they name the operation, `op:` and its key."""
EDITED = (
    Property("revision", "修订号", I, "Counts the changes made over a front door; missing: none."),
    Property("by_hand", "手工修改", ValueType.STRINGS, "Properties and relationship types that were set over a front door: a load leaves them alone."),
    Property("locked_by", "占用操作", S, "The operation that last claimed the sole right to change it."),
)  # fmt: skip
"""What a node carries beside those once it was written over a front door."""


def _record(label: str, heading: str, doc: str, *properties: Property) -> NodeType:
    return NodeType(
        label,
        heading,
        doc,
        (identifier(""), *properties),
        ORGANIZATION_COLOUR,
        "records",
        internal=True,
        title="id",
    )


STATE_CHANGE = _record(
    "StateChange", "状态变更", "One step in the life of a need, claim, project, agreement, meeting or plan.",
    Property("from_state", "原状态", S, "State before; empty at the beginning."),
    Property("to_state", "新状态", S, "State after.", required=True),
    Property("at", "时间", S, "ISO date and time, Asia/Shanghai.", required=True),
    Property("actor", "经办", S, "Who did it.", personal=True),
    Property("reason", "理由", TEXT, "Why."),
)  # fmt: skip
PLAN_STATE = CodeList(
    "PlanState", "方案状态", "Life of a plan.",
    (
        Code("draft", "草案"), Code("announced", "已公布"), Code("running", "执行中"),
        Code("ended", "已结束", doc="Withdrawn, done, or replaced by a later plan for the same needs."),
    ),
)  # fmt: skip
PLAN = NodeType(
    "Plan", "对接方案", "A plan that assigns resources to needs, with the figures of its certificate.",
    (
        identifier(""),
        Property("scope", "范围", S, "Key of the area whose needs it serves.", filterable=True),
        Property("profile", "参数", TEXT, "The profile in force, as JSON."),
        Property("method", "方法", S, "flow, auction or practical."),
        Property("value", "方案值", I, "Value of the plan."),
        Property("bound", "上界", I, "Proved upper bound of the value."),
        Property("gap", "差距", D, "(bound - value) / bound."),
        Property("m3_gap", "实用规则差距", D, "Gap of the plan that keeps the rules of practice; empty where none was looked for."),
        Property("state", "状态", S, "Where in its life it is.", codes=PLAN_STATE, filterable=True),
        Property("made_at", "生成时间", S, "ISO date and time."),
        Property("announced_at", "公布时间", S, "ISO date and time."),
        Property("digest", "摘要", S, "SHA-256 of the plan's file."),
        Property("file", "方案文件", TEXT, "The plan's file, compressed (zlib, Base64)."),
    ),
    PROJECT_COLOUR, "records", internal=True, title="id",
)  # fmt: skip
OPERATION = _record(
    "Operation", "操作", "Makes a repeated write act once: the stored result is what a repetition gets.",
    Property("result", "结果", TEXT, "What was answered, as JSON."),
    Property("actor", "经办", S, "Who did it.", personal=True),
    Property("at", "时间", S, "ISO date and time."),
)  # fmt: skip
BATCH = NodeType(
    "Batch", "批次", "One file loaded from one source; the same file from the same source is the same batch.",
    (
        identifier(""),
        Property("source", "来源", S, "The register the file is an issue of; a later issue of it replaces earlier rows.", filterable=True),
        Property("file", "文件", S, "Name of the file, without its folder."),
        Property("sha256", "内容摘要", S, "SHA-256 of the file's content."),
        Property("state", "状态", S, "loading, loaded, undoing or undone."),
        Property("order", "序号", I, "1 for the store's first batch, then counting."),
        Property("loaded_at", "导入时间", S, "ISO date and time; left out of the store's hash."),
        Property("rows", "行数", I, "Rows read.", unit="行"),
        Property("added", "新增", I, "Nodes and relationships added."),
        Property("changed", "变更", I, "Nodes and relationships changed."),
        Property("rejected", "退回", I, "Rows rejected.", unit="行"),
        Property("commit", "写入标记", S, "The last commit of a load that is under way, so that one that is run again counts once."),
    ),
    ORGANIZATION_COLOUR, "records", internal=True, title="file",
)  # fmt: skip
CHANGE = _record(
    "Change", "改动", "What a batch changed on one node or relationship that was there before, so that it can be undone.",
    Property("batch", "批次", S, "The batch that changed it.", filterable=True),
    Property("subject", "对象", S, "Label and key of the node, or type, ends and key of the relationship.", filterable=True),
    Property("before", "原值", TEXT, "The changed properties as they were, as JSON."),
    Property("after", "新值", TEXT, "The same properties as the batch left them, as JSON."),
)  # fmt: skip
STORE_RECORD = _record(
    "StoreRecord", "库信息", "The one record of a store about itself.",
    Property("schema_version", "模型版本", I, "Version of the schema that the store was written with."),
    Property("demo", "示例数据", ValueType.BOOLEAN, "Whether everything in it is synthetic."),
    Property("reference_date", "基准日期", ValueType.DATE, "The day that answers use as today; empty: the day it is."),
    Property("load_owner", "导入进程", S, "Who is loading now: host, process and a token; empty when nobody is."),
    Property("load_until", "导入租期", D, "Until when that holds unless renewed.", unit="Unix 秒"),
)  # fmt: skip

RELATIONSHIPS = (
    RelationshipType(
        "OF", "关于", "What a record or a meeting is of.",
        (
            Tie("Meeting", ("PartyOrganization",), ONE, heading="召开组织", aliases=("组织单位", "召集组织")),
            Tie("Evaluation", ("Project",), ONE, heading="评价项目", aliases=("项目",)),
            Tie("StateChange", ("Need", "Claim", "Project", "Agreement", "Meeting", "Plan"), ONE),
        ),
    ),
    RelationshipType(
        "ASSIGNS", "分配", "What a plan gives to which need: one to the need and one to the resource for each assignment.",
        (Tie("Plan", ("Need", "Resource")),),
        properties=(
            Property("partner", "另一方", S, "Key of the resource that the need gets, or of the need that gets the resource."),
            Property("quantity", "数量", I, "Units.", minimum=0),
            Property("price", "占用代价", I, "What this costs others."),
            Property("score", "匹配度", D, "0 to 1.", minimum=0, maximum=1),
        ),
        key=("partner",),
    ),
)  # fmt: skip
NODES = (STATE_CHANGE, PLAN, OPERATION, BATCH, CHANGE, STORE_RECORD)
