"""The words in which a graph is declared: node types, relationship types, properties, code lists.

Everything here is a frozen value that checks itself when it is made, so that a wrong declaration fails
at import and not at the thousandth row. Instances live in `graph.schema`; constraints, statements, row
checks, workbooks and documentation are pure functions of them.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

_LABEL = re.compile(r"[A-Z][A-Za-z]*")
_RELATIONSHIP = re.compile(r"[A-Z][A-Z_]*")
_PROPERTY = re.compile(r"[a-z][a-z0-9_]*")
_COLOUR = re.compile(r"#[0-9a-f]{6}")


class ValueType(StrEnum):
    """How a property's value is stored. Dates are ISO `YYYY-MM-DD` strings: both engines order them alike."""

    STRING = "string"
    TEXT = "text"  # as STRING, but several sentences: a wide cell in a workbook, an area in a form
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    STRINGS = "strings"  # a list of strings; one cell with 、 between the parts


class Cardinality(StrEnum):
    """How many ends a start has (or starts an end has) at one time."""

    ONE = "one"
    OPTIONAL = "optional"
    MANY = "many"


@dataclass(frozen=True)
class Code:
    """One value of a code list: what is stored, the word people read, and what else they write for it.

    The stored value is the field's own word wherever there is one (自管, 在职), so that a query and its
    answer read alike; numbers stand where the order matters (levels, urgency).
    """

    value: str | int
    label: str = ""
    aliases: tuple[str, ...] = ()
    doc: str = ""

    def __post_init__(self) -> None:
        if not self.label:
            object.__setattr__(self, "label", str(self.value))


@dataclass(frozen=True)
class CodeList:
    """A closed list of values.

    >>> kinds = CodeList("MemberKind", "党员类别", "Kinds.", (Code("自管", aliases=("自管党员",)), Code("在职")))
    >>> kinds.find("自管党员"), kinds.find("其他")
    ('自管', None)
    """

    name: str
    heading: str
    doc: str
    codes: tuple[Code, ...]

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for code in self.codes:
            for word in {str(code.value), code.label, *code.aliases}:
                if word in seen:
                    raise ValueError(f"code list {self.name}: {word!r} stands for two codes")
                seen.add(word)

    @cached_property
    def _by_word(self) -> Mapping[str, str | int]:
        return {w: c.value for c in self.codes for w in (str(c.value), c.label, *c.aliases)}

    def find(self, word: str) -> str | int | None:
        """The stored value for a value, label or alias; None when the list has none."""
        return self._by_word.get(word)

    def label(self, value: object) -> str:
        """The word people read for a stored value; the value itself when the list does not know it."""
        return next((c.label for c in self.codes if c.value == value), str(value))

    @property
    def values(self) -> tuple[str | int, ...]:
        """The stored values, in the declared order."""
        return tuple(code.value for code in self.codes)

    @property
    def labels(self) -> tuple[str, ...]:
        """The words people read, in the declared order."""
        return tuple(code.label for code in self.codes)


@dataclass(frozen=True)
class Format:
    """A form that a string must have, with a check that says what is wrong in Chinese, or None."""

    name: str
    heading: str
    example: str
    check: Callable[[str], str | None] = field(compare=False)


@dataclass(frozen=True)
class Property:
    """One property of a node or relationship.

    `heading` is its column in workbooks and tables, `aliases` are other headings that mean the same.
    `minimum` and `maximum` bound numbers, both included. `personal` values are masked wherever they are
    shown. `filterable` ones get an index and a parameter in the API. `follows` names an earlier date
    property of the same row that this one must not precede.
    """

    name: str
    heading: str
    type: ValueType
    doc: str
    unit: str = ""
    required: bool = False
    filterable: bool = False
    personal: bool = False
    codes: CodeList | None = None
    format: Format | None = None
    minimum: float | None = None
    maximum: float | None = None
    follows: str = ""
    aliases: tuple[str, ...] = ()
    example: str = ""

    def __post_init__(self) -> None:
        if not _PROPERTY.fullmatch(self.name):
            raise ValueError(f"property name {self.name!r}: write lower_case_words")
        if not self.heading or not self.doc:
            raise ValueError(f"property {self.name}: heading and doc are needed")
        numeric = self.type in (ValueType.INTEGER, ValueType.DECIMAL)
        if not numeric and (self.minimum is not None or self.maximum is not None):
            raise ValueError(f"property {self.name}: only numbers have bounds, not {self.type}")
        if self.follows and self.type is not ValueType.DATE:
            raise ValueError(f"property {self.name}: only dates follow another, not {self.type}")
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError(f"property {self.name}: minimum {self.minimum} is above maximum {self.maximum}")
        stored = int if self.type is ValueType.INTEGER else str
        if self.codes and not all(type(value) is stored for value in self.codes.values):
            raise ValueError(f"property {self.name}: codes of {self.codes.name} are not of type {self.type}")


def validity(begins: tuple[str, ...] = ()) -> tuple[Property, Property]:
    """The two dates of whatever begins and ends, half-open: valid on `valid_from`, not on `valid_to`.

    `begins` are further headings that mean the first day.
    """
    return (
        Property("valid_from", "起始日期", ValueType.DATE, "First day on which it holds.", aliases=("生效日期", "开始日期")),
        Property(
            "valid_to", "终止日期", ValueType.DATE, "First day on which it no longer holds.",
            follows="valid_from", aliases=("结束日期", "失效日期", "截止日期"),
        ),
    )  # fmt: skip


@dataclass(frozen=True)
class NodeType:
    """A kind of node: one label, its properties, and how a row is recognised again.

    `identity` names the properties and tie headings that together tell one node from another when a row
    carries no number of its own; the id is then computed from them (`loaders` does so). `internal` node
    types (batches, operations) have no workbook. `has_validity` adds `valid_from` and `valid_to`; `begins`
    are further headings of the first.
    """

    label: str
    heading: str
    doc: str
    properties: tuple[Property, ...]
    colour: str
    group: str
    identity: tuple[str, ...] = ()
    has_validity: bool = False
    internal: bool = False
    title: str = "name"
    aliases: tuple[str, ...] = ()
    begins: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not _LABEL.fullmatch(self.label):
            raise ValueError(f"label {self.label!r}: write UpperCamelCase")
        if not _COLOUR.fullmatch(self.colour):
            raise ValueError(f"{self.label}: colour {self.colour!r} is not like #2e8b57")
        if self.has_validity and "valid_to" not in {p.name for p in self.properties}:
            object.__setattr__(self, "properties", (*self.properties, *validity(self.begins)))
        _refuse_repeats(self.label, "property", (p.name for p in self.properties))
        _refuse_repeats(self.label, "heading", (p.heading for p in self.properties))
        _refuse_strays(self.label, self.properties)
        if not any(p.name == "id" for p in self.properties):
            raise ValueError(f"{self.label} has no id")
        if self.title not in {p.name for p in self.properties}:
            raise ValueError(f"{self.label}: title {self.title!r} is not one of its properties")

    def property(self, name: str) -> Property:
        """The property of that name; KeyError with the names that exist."""
        for each in self.properties:
            if each.name == name:
                return each
        raise KeyError(
            f"{self.label} has no property {name!r}; it has {', '.join(p.name for p in self.properties)}"
        )


@dataclass(frozen=True)
class Tie:
    """A permitted pair of ends of a relationship type, and its column in the start's workbook.

    `heading` is the column of the start's sheet that names the end (empty: no such column, the
    relationship has a sheet of its own or is written by the product). `columns` maps properties of the
    relationship to further columns of that sheet. `per_start` says how many ends one start has at one
    time, over all labels of `ends`; `per_end` how many starts one end has.
    """

    start: str
    ends: tuple[str, ...]
    per_start: Cardinality = Cardinality.MANY
    per_end: Cardinality = Cardinality.MANY
    heading: str = ""
    aliases: tuple[str, ...] = ()
    columns: tuple[tuple[str, str], ...] = ()

    @property
    def required(self) -> bool:
        """Whether a start without an end is refused."""
        return self.per_start is Cardinality.ONE


@dataclass(frozen=True)
class LinkSheet:
    """A sheet with one row per relationship: its title and the headings of its two ends."""

    title: str
    start_heading: str
    end_heading: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class RelationshipType:
    """A kind of relationship. `key` names properties that tell two between the same ends apart.

    `has_validity` adds `from` and `to`, half-open as for nodes; `begins` are further headings of the first.
    """

    name: str
    heading: str
    doc: str
    ties: tuple[Tie, ...]
    properties: tuple[Property, ...] = ()
    key: tuple[str, ...] = ()
    has_validity: bool = False
    sheet: LinkSheet | None = None
    begins: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not _RELATIONSHIP.fullmatch(self.name):
            raise ValueError(f"relationship {self.name!r}: write UPPER_CASE")
        if self.has_validity and "from" not in {p.name for p in self.properties}:
            begin, end = validity(self.begins)
            object.__setattr__(self, "properties", (
                *self.properties,
                Property("from", begin.heading, begin.type, begin.doc, aliases=begin.aliases),
                Property("to", end.heading, end.type, end.doc, follows="from", aliases=end.aliases),
            ))  # fmt: skip
        names = {p.name for p in self.properties}
        _refuse_repeats(self.name, "property", (p.name for p in self.properties))
        _refuse_strays(self.name, self.properties)
        unknown = [n for n in self.key if n not in names] + [
            n for tie in self.ties for n, _ in tie.columns if n not in names
        ]
        if unknown:
            raise ValueError(f"{self.name} has no property {', '.join(unknown)}")

    def property(self, name: str) -> Property:
        """The property of that name; KeyError with the names that exist."""
        for each in self.properties:
            if each.name == name:
                return each
        raise KeyError(
            f"{self.name} has no property {name!r}; it has {', '.join(p.name for p in self.properties)}"
        )


@dataclass(frozen=True)
class GraphSchema:
    """All node and relationship types, checked against each other, with a version that stores record."""

    version: int
    nodes: tuple[NodeType, ...]
    relationships: tuple[RelationshipType, ...]

    def __post_init__(self) -> None:
        _refuse_repeats("schema", "label", (n.label for n in self.nodes))
        _refuse_repeats("schema", "heading", (n.heading for n in self.nodes))
        _refuse_repeats("schema", "relationship", (r.name for r in self.relationships))
        owners: tuple[NodeType | RelationshipType, ...] = (*self.nodes, *self.relationships)
        lists = {p.codes for owner in owners for p in owner.properties if p.codes}
        _refuse_repeats("schema", "code list", (codes.name for codes in lists))
        labels = {n.label for n in self.nodes}
        for relationship in self.relationships:
            for tie in relationship.ties:
                unknown = [label for label in (tie.start, *tie.ends) if label not in labels]
                if unknown:
                    raise ValueError(f"{relationship.name} joins unknown labels: {', '.join(unknown)}")
        for node in self.nodes:
            headings = [p.heading for p in node.properties]
            for _, tie in self.ties_from(node.label):
                if tie.heading:
                    headings += [tie.heading, *(heading for _, heading in tie.columns)]
            _refuse_repeats(node.label, "heading", headings)
            unknown = [n for n in node.identity if n not in {*headings, *(p.name for p in node.properties)}]
            if unknown:
                raise ValueError(f"{node.label}: identity names no property or column: {', '.join(unknown)}")

    @cached_property
    def _nodes(self) -> Mapping[str, NodeType]:
        return {n.label: n for n in self.nodes}

    @cached_property
    def _relationships(self) -> Mapping[str, RelationshipType]:
        return {r.name: r for r in self.relationships}

    def node(self, label: str) -> NodeType:
        """The node type with that label; KeyError when the schema has none."""
        return self._nodes[label]

    def relationship(self, name: str) -> RelationshipType:
        """The relationship type of that name; KeyError when the schema has none."""
        return self._relationships[name]

    def ties_from(self, label: str) -> Iterator[tuple[RelationshipType, Tie]]:
        """Each tie that starts at a label, with its relationship type."""
        for relationship in self.relationships:
            for tie in relationship.ties:
                if tie.start == label:
                    yield relationship, tie

    @cached_property
    def code_lists(self) -> Mapping[str, CodeList]:
        """Every code list that a property uses, by name."""
        owners: tuple[NodeType | RelationshipType, ...] = (*self.nodes, *self.relationships)
        properties = [p for owner in owners for p in owner.properties]
        return {p.codes.name: p.codes for p in properties if p.codes}


def _refuse_repeats(owner: str, what: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ValueError(f"{owner}: {what} {name!r} is declared twice")
        seen.add(name)


def _refuse_strays(owner: str, properties: Iterable[Property]) -> None:
    dates: set[str] = set()
    for each in properties:
        if each.follows and each.follows not in dates:
            raise ValueError(f"{owner}: {each.name} follows {each.follows!r}, which is no date before it")
        if each.type is ValueType.DATE:
            dates.add(each.name)
