"""What a store holds as a networkx graph, with the few ways to walk it that the independent answers need.

A node is named by (label, id). Nothing here uses Cypher beyond reading everything there is.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import networkx as nx

from graph.schema import SCHEMA
from graph.store import Store

Node = tuple[str, str]
Properties = Mapping[str, Any]
Graph = nx.MultiDiGraph  # type: ignore[type-arg]  # not generic at run time

AREAS = ("District", "Street", "Community", "Estate", "Grid", "Building")
BEGINNING, END = "0000-01-01", "9999-12-31"


def holds(properties: Properties, day: str, begin: str = "valid_from", end: str = "valid_to") -> bool:
    """Whether a node is valid on a day: from its first day on, and before its last."""
    return (properties.get(begin) or BEGINNING) <= day < (properties.get(end) or END)


class Content:
    """A graph of nodes with `properties` and relationships with `type` and `properties`."""

    def __init__(self) -> None:
        self.graph: Graph = nx.MultiDiGraph()

    @classmethod
    def of(cls, store: Store) -> "Content":
        """All nodes and relationships of a store."""
        content = cls()
        for node in SCHEMA.nodes:
            for row in store.stream(f"MATCH (n:{node.label}) RETURN n.id AS id, properties(n) AS properties"):
                content.add(node.label, row["id"], row["properties"])
        for relationship in SCHEMA.relationships:
            text = f"MATCH (a)-[r:{relationship.name}]->(b) RETURN labels(a)[0] AS la, a.id AS a, labels(b)[0] AS lb, b.id AS b, properties(r) AS properties"
            for row in store.stream(text):
                content.tie(
                    (row["la"], row["a"]), relationship.name, (row["lb"], row["b"]), row["properties"]
                )
        return content

    def add(self, label: str, id_: str, properties: Properties) -> Node:
        """Add a node; returns its name."""
        self.graph.add_node((label, id_), properties={"id": id_, **properties})
        return label, id_

    def tie(self, start: Node, type_: str, end: Node, properties: Properties | None = None) -> None:
        """Add a relationship between two nodes that are there."""
        assert self.graph.has_node(start), start
        assert self.graph.has_node(end), end
        self.graph.add_edge(start, end, type=type_, properties=dict(properties or {}))

    def properties(self, node: Node) -> dict[str, Any]:
        """The properties of a node."""
        found: dict[str, Any] = self.graph.nodes[node]["properties"]
        return found

    def get(self, node: Node | None, name: str) -> Any:
        """One property of a node; None for no node."""
        return None if node is None else self.properties(node).get(name)

    def every(self, label: str) -> Iterator[Node]:
        """All nodes with a label."""
        return (node for node in self.graph if node[0] == label)

    def find(self, id_: str, labels: Iterable[str] = AREAS) -> Node:
        """The node of one of some labels with an id."""
        return next((label, id_) for label in labels if (label, id_) in self.graph)

    def outgoing(self, node: Node, *types: str) -> list[tuple[Node, dict[str, Any]]]:
        """Ends and properties of the relationships that leave a node."""
        edges = self.graph.out_edges(node, data=True)
        return [(end, data["properties"]) for _, end, data in edges if data["type"] in types]

    def incoming(self, node: Node, *types: str) -> list[tuple[Node, dict[str, Any]]]:
        """Starts and properties of the relationships that reach a node."""
        edges = self.graph.in_edges(node, data=True)
        return [(start, data["properties"]) for start, _, data in edges if data["type"] in types]

    def ends(self, node: Node, *types: str, day: str | None = None) -> list[Node]:
        """Ends of the relationships that leave a node and, with a day, hold on it; each once."""
        found = self.outgoing(node, *types)
        return list(dict.fromkeys(e for e, p in found if day is None or holds(p, day, "from", "to")))

    def starts(self, node: Node, *types: str, day: str | None = None) -> list[Node]:
        """Starts of the relationships that reach a node and, with a day, hold on it; each once."""
        found = self.incoming(node, *types)
        return list(dict.fromkeys(s for s, p in found if day is None or holds(p, day, "from", "to")))

    def end(self, node: Node, type_: str) -> Node | None:
        """The one end of a relationship of which a node has at most one."""
        return next(iter(self.ends(node, type_)), None)

    def valid(self, node: Node, day: str) -> bool:
        """Whether a node is valid on a day."""
        return holds(self.properties(node), day)

    def upward(self, area: Node) -> list[Node]:
        """An area and those around it, up to the district."""
        found = [area]
        while (above := self.end(found[-1], "PART_OF")) and above[0] in AREAS:
            found.append(above)
        return found

    def around(self, area: Node, label: str) -> Node | None:
        """The area of a kind in which an area lies, or the area itself; None when there is none."""
        return next((each for each in self.upward(area) if each[0] == label), None)

    def within(self, scope: Node, *labels: str) -> list[Node]:
        """An area and all that lie in it; with labels, those of these kinds."""
        found = [scope]
        for area in found:
            found.extend(self.starts(area, "PART_OF"))
        return [area for area in found if not labels or area[0] in labels]
