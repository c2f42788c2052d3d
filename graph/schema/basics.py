"""Properties and codes that several parts share, and the colours of the legend."""

from graph.model import Code, CodeList, Format, Property, ValueType

S = ValueType.STRING


def identifier(example: str, aliases: tuple[str, ...] = (), form: Format | None = None) -> Property:
    """The key of a node type: what its register calls the row. Computed from `identity` when empty."""
    return Property(
        "id", "编号", S, "Key, unique among nodes of its label.", format=form, example=example, aliases=("ID", *aliases),
    )  # fmt: skip


def name(
    doc: str = "What people call it.", heading: str = "名称", aliases: tuple[str, ...] = (), example: str = ""
) -> Property:
    """The name, required and searchable."""
    return Property("name", heading, S, doc, required=True, filterable=True, aliases=aliases, example=example)


NOTE = Property("note", "备注", ValueType.TEXT, "Free remark.", aliases=("说明",))

BENEFICIARY = CodeList(
    "Beneficiary", "受益人群", "Whom a need is for.",
    (
        Code("全体居民", aliases=("居民",)), Code("老年人", aliases=("老人",)), Code("儿童青少年", aliases=("儿童", "青少年", "未成年人")), Code("残疾人"),
        Code("困难家庭", aliases=("困难群众", "低保家庭")), Code("妇女"), Code("退役军人"), Code("新就业群体", aliases=("快递外卖人员",)), Code("企业职工"), Code("党员"),
    ),
)  # fmt: skip

AREA_COLOUR = "#4c6a92"
PARTY_COLOUR = "#b3261e"
PERSON_COLOUR = "#c98a12"
UNIT_COLOUR = "#0b6e69"
NEED_COLOUR = "#b4540a"
RESOURCE_COLOUR = "#2e7d4f"
PROJECT_COLOUR = "#6b4fa1"
ORGANIZATION_COLOUR = "#77777f"
