"""A picture of a part of the graph: what is in it and where, its legend in words, its twin as tables. Pure.

How much a picture may hold is said here, once; whoever makes one aggregates or refuses beyond it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from graph.model import Property, ValueType
from graph.schema import SCHEMA
from viz.kinds import Kind, kind_of, order_of

INTERACTIVE = 1500
"""So many nodes at most in a picture that is drawn; more are aggregated before."""
IN_ONE_FILE = 1000
"""So many nodes at most in one HTML file."""
_NUMBERS = (ValueType.INTEGER, ValueType.DECIMAL)


@dataclass(frozen=True)
class Node:
    """A thing at a place. `properties` hold its `id` and are masked where they are personal.

    `size` is its radius. `mark` says why it stands out ("middle", "path", "weak"), `note` is what is said
    of it beside its name; `numbers` are figures that the picture itself adds, by their Chinese name.
    """

    label: str
    properties: Mapping[str, Any]
    x: float = 0.0
    y: float = 0.0
    size: float = 10.0
    mark: str = ""
    note: str = ""
    numbers: Mapping[str, float] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Its key, unique within its label."""
        return str(self.properties["id"])

    @property
    def key(self) -> str:
        """Its key in the picture: `Unit:DW-0001`."""
        return f"{self.label}:{self.id}"

    @property
    def name(self) -> str:
        """What people call it; its key when it has no name."""
        if self.label not in declared():
            return str(self.properties.get("name") or self.id)
        node = SCHEMA.node(self.label)
        if node.title == "id":  # claims and evaluations: the end of the key is what tells them apart
            return f"{node.heading} {self.id.rpartition('-')[2]}"
        return str(self.properties.get(node.title) or self.id)

    @property
    def told(self) -> Mapping[str, Any]:
        """The declared properties that anyone may read, and the masked name of a person."""
        if self.label not in declared():
            return dict(self.properties)
        node = SCHEMA.node(self.label)
        names = [p.name for p in node.properties if not p.personal or p.name == node.title]
        return {name: self.properties[name] for name in names if self.properties.get(name) is not None}


@dataclass(frozen=True)
class Edge:
    """A tie between two nodes, by their keys in the picture. `heading` is what people read for its type."""

    start: str
    end: str
    type: str
    heading: str
    mark: str = ""
    properties: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class More:
    """What is not shown of one kind of tie: `count` more at a node, and where that is said."""

    at: str
    relationship: str
    outgoing: bool
    label: str
    count: int
    x: float = 0.0
    y: float = 0.0

    @property
    def key(self) -> str:
        """What names it in an address: `Unit:DW-0001~OFFERED_BY~in~Resource`."""
        return f"{self.at}~{self.relationship}~{'out' if self.outgoing else 'in'}~{self.label}"


@dataclass(frozen=True)
class Entry:
    """A line of the legend: a kind and how many of it are shown."""

    kind: Kind
    count: int


@dataclass(frozen=True)
class Table:
    """A picture as rows: headings, which of them are numbers, and the rows."""

    headings: Sequence[str]
    numeric: Sequence[bool]
    rows: Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Picture:
    """A picture: its name among the pictures, the sentence over it, whose it is, and what is in it.

    `synthetic`: it is of a demo store; every file of it says so.
    """

    name: str
    title: str
    scope: str
    as_of: str
    nodes: Sequence[Node]
    edges: Sequence[Edge] = ()
    more: Sequence[More] = ()
    synthetic: bool = False

    @cached_property
    def legend(self) -> list[Entry]:
        """The kinds that are shown, in the order of the schema."""
        counts = Counter(node.label for node in self.nodes)
        return [Entry(kind_of(label), counts[label]) for label in sorted(counts, key=order_of)]

    @cached_property
    def node(self) -> Mapping[str, Node]:
        """The nodes by key."""
        return {node.key: node for node in self.nodes}

    @property
    def holds_persons(self) -> bool:
        """Whether there are people in it, however masked."""
        return any(node.label == "Person" for node in self.nodes)

    def things(self) -> Table:
        """The nodes as rows: kind, name, key, ties, what is said of each."""
        ties = Counter(key for edge in self.edges for key in {edge.start, edge.end})
        own = list(dict.fromkeys(name for node in self.nodes for name in node.numbers))
        order = sorted(self.nodes, key=lambda node: (order_of(node.label), node.id))
        rows = [
            [kind_of(n.label).heading, n.name, n.id, ties[n.key], *(n.numbers.get(o) for o in own), n.note]
            for n in order
        ]
        return Table(
            ("类型", "名称", "编号", "联系数", *own, "说明"),
            (False, False, False, True, *(True for _ in own), False), rows,
        )  # fmt: skip

    def ties(self) -> Table:
        """The edges as rows: from, tie, to, and how many it stands for where it stands for several."""
        own = list(dict.fromkeys(name for edge in self.edges for name in edge.properties if name == "数量"))
        rows = [
            [self.node[e.start].name, e.heading, self.node[e.end].name, *(e.properties.get(o) for o in own)]
            for e in self.edges
        ]
        return Table(("起点", "关系", "终点", *own), (False, False, False, *(True for _ in own)), rows)


def declared() -> Mapping[str, tuple[Property, ...]]:
    """The properties of each label that the schema declares."""
    return {node.label: node.properties for node in SCHEMA.nodes}


def coded(picture: Picture) -> Mapping[str, dict[str, str]]:
    """Words that nodes can be coloured by: heading of a code list's property -> node -> word.

    Only what tells at least two nodes apart.
    """
    found: dict[str, dict[str, str]] = {}
    for node in picture.nodes:
        for each in declared().get(node.label, ()):
            value = node.properties.get(each.name)
            if each.codes and not each.personal and isinstance(value, str | int):
                found.setdefault(each.heading, {})[node.key] = each.codes.label(value)
    return {heading: words for heading, words in found.items() if len(set(words.values())) > 1}


def measured(picture: Picture) -> Mapping[str, dict[str, float]]:
    """Numbers that nodes can be sized by: heading -> node -> number; the picture's own figures come first."""
    found: dict[str, dict[str, float]] = {}
    for node in picture.nodes:
        for heading, number in node.numbers.items():
            found.setdefault(heading, {})[node.key] = number
    for node in picture.nodes:
        for each in declared().get(node.label, ()):
            value = node.properties.get(each.name)
            if (
                each.type in _NUMBERS
                and not each.codes
                and not each.personal
                and isinstance(value, int | float)
            ):
                found.setdefault(each.heading, {})[node.key] = value
    return {heading: numbers for heading, numbers in found.items() if len(set(numbers.values())) > 1}
