"""Properties that most node types share, and the colours of the legend."""

from graph.model import Format, Property, ValueType

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

AREA_COLOUR = "#4c6a92"
PARTY_COLOUR = "#b3261e"
PERSON_COLOUR = "#c98a12"
UNIT_COLOUR = "#0b6e69"
NEED_COLOUR = "#b4540a"
RESOURCE_COLOUR = "#2e7d4f"
PROJECT_COLOUR = "#6b4fa1"
ORGANIZATION_COLOUR = "#77777f"
