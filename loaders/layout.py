"""The sheets that a district's data has, computed from the schema: which columns, in which order, what each means.

Templates are written from it, headings are recognised with it, rows are typed by it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from graph.model import Cardinality, GraphSchema, LinkSheet, NodeType, Property, RelationshipType, Tie


class Role(StrEnum):
    """What a column holds: a property of the row itself, the name or key of a node it is tied to, or a
    property of that tie; in a sheet of relationships, one of the two ends."""

    PROPERTY = "property"
    REFERENCE = "reference"
    REFERENCE_PROPERTY = "reference_property"
    START = "start"
    END = "end"


@dataclass(frozen=True)
class Column:
    """One column of a sheet.

    `property` is set for PROPERTY and REFERENCE_PROPERTY; `relationship` for all but PROPERTY of a node;
    `ends` are the labels that a REFERENCE, START or END may name; `many` allows several, joined by 、.
    """

    heading: str
    role: Role
    doc: str
    required: bool = False
    aliases: tuple[str, ...] = ()
    property: Property | None = None
    relationship: RelationshipType | None = None
    ends: tuple[str, ...] = ()
    many: bool = False


@dataclass(frozen=True)
class SheetLayout:
    """One sheet: a row per node of a type, or a row per relationship of a type (`node` is then None)."""

    title: str
    group: str
    columns: tuple[Column, ...]
    node: NodeType | None = None
    relationship: RelationshipType | None = None
    aliases: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Label of the node type or name of the relationship type: what a mapping file calls the sheet."""
        if self.node:
            return self.node.label
        assert self.relationship
        return self.relationship.name

    @cached_property
    def by_heading(self) -> Mapping[str, Column]:
        """Columns by exact heading; aliases where they stand for one column only."""
        found = {c.heading: c for c in self.columns}
        claims: dict[str, list[Column]] = {}
        for column in self.columns:
            for alias in column.aliases:
                claims.setdefault(alias, []).append(column)
        return {alias: columns[0] for alias, columns in claims.items() if len(columns) == 1} | found

    def column(self, heading: str) -> Column:
        """The column with that exact heading; KeyError when there is none."""
        return {c.heading: c for c in self.columns}[heading]


def layouts(schema: GraphSchema) -> tuple[SheetLayout, ...]:
    """Every sheet, node sheets of a group before its relationship sheets, in the schema's order."""
    nodes = [_node_sheet(schema, node) for node in schema.nodes if not node.internal]
    links = [_link_sheet(schema, r, r.sheet) for r in schema.relationships if r.sheet]
    return (*nodes, *links)


def _node_sheet(schema: GraphSchema, node: NodeType) -> SheetLayout:
    properties = [Column(p.heading, Role.PROPERTY, p.doc, p.required, p.aliases, p) for p in node.properties]
    first = [c for c in properties if c.property and (c.property.name == "id" or c.required)]
    rest = [c for c in properties if c not in first]
    return SheetLayout(
        node.heading, node.group, (*first, *_tie_columns(schema, node), *rest), node, aliases=node.aliases
    )


def _tie_columns(schema: GraphSchema, node: NodeType) -> Iterator[Column]:
    for relationship, tie in schema.ties_from(node.label):
        if not tie.heading:
            continue
        many = tie.per_start is Cardinality.MANY
        yield Column(
            tie.heading, Role.REFERENCE, relationship.doc, tie.required, tie.aliases,
            relationship=relationship, ends=tie.ends, many=many,
        )  # fmt: skip
        for name, heading in tie.columns:
            property_ = relationship.property(name)
            yield Column(
                heading, Role.REFERENCE_PROPERTY, property_.doc, property_.required,
                property=property_, relationship=relationship, ends=tie.ends,
            )  # fmt: skip


def _link_sheet(schema: GraphSchema, relationship: RelationshipType, sheet: LinkSheet) -> SheetLayout:
    starts = tuple(dict.fromkeys(tie.start for tie in relationship.ties))
    ends = tuple(dict.fromkeys(end for tie in relationship.ties for end in tie.ends))
    columns = [
        Column(sheet.start_heading, Role.START, _naming(schema, starts), True, _end_aliases(schema, starts), relationship=relationship, ends=starts),
        Column(sheet.end_heading, Role.END, _naming(schema, ends), True, _end_aliases(schema, ends), relationship=relationship, ends=ends),
        *(Column(p.heading, Role.PROPERTY, p.doc, p.required, p.aliases, p, relationship) for p in relationship.properties),
    ]  # fmt: skip
    return SheetLayout(
        sheet.title, schema.node(starts[0]).group, tuple(columns), None, relationship, sheet.aliases
    )


def _naming(schema: GraphSchema, labels: tuple[str, ...]) -> str:
    return "Key or name of: " + ", ".join(schema.node(label).heading for label in labels)


def _end_aliases(schema: GraphSchema, labels: tuple[str, ...]) -> tuple[str, ...]:
    if len(labels) != 1:
        return ()
    node = schema.node(labels[0])
    title = node.property(node.title).heading
    return tuple(dict.fromkeys((f"{node.heading}编号", f"{node.heading}{title}", node.heading, title)))


def tie_of(column: Column, start: str) -> Tie:
    """The tie that a REFERENCE column of a start's sheet stands for."""
    assert column.relationship
    return next(t for t in column.relationship.ties if t.start == start and t.heading == column.heading)
