"""A picture's network as objects of py2neo, and back: for those who have programs on it. No connection is made.

The extra `py2neo` installs it. Its author ended it in 2023, so nothing else of the product uses it.
"""

from collections.abc import Mapping
from types import ModuleType
from typing import Any

from viz.picture import Edge, Node, Picture
from viz.telling import heading_of

_PLACE = ("x", "y")


class Py2neoMissing(ImportError):
    """py2neo is not installed; the text is a Chinese sentence that says how to install it."""


def to_subgraph(picture: Picture) -> Any:
    """The picture as a `py2neo.Subgraph`: a node each with its label, told properties and place, a relationship an edge.

    Raises Py2neoMissing.
    """
    library = _library()
    nodes = {
        n.key: library.Node(n.label, **{**n.told, "id": n.id, "x": float(n.x), "y": float(n.y)})
        for n in picture.nodes
    }
    ties = [
        library.Relationship(nodes[e.start], e.type, nodes[e.end], **_plain(e.properties))
        for e in picture.edges
    ]
    return library.Subgraph(nodes.values(), ties)


def from_subgraph(subgraph: Any, title: str = "", scope: str = "", as_of: str = "") -> Picture:
    """A `py2neo.Subgraph` as a picture. Each node needs one label and a property `id`; ValueError says which has not."""
    nodes: dict[Any, Node] = {}
    for each in subgraph.nodes:
        labels = sorted(each.labels)
        if len(labels) != 1 or not each.get("id"):
            raise ValueError(
                f"节点 {dict(each)} 应有一个标签和属性 id，找到的标签：{'、'.join(labels) or '没有'}"
            )
        properties = {name: value for name, value in dict(each).items() if name not in _PLACE}
        nodes[each] = Node(labels[0], properties, float(each.get("x") or 0), float(each.get("y") or 0))
    edges = [
        Edge(
            nodes[r.start_node].key,
            nodes[r.end_node].key,
            type(r).__name__,
            heading_of(type(r).__name__),
            "",
            dict(r),
        )
        for r in subgraph.relationships
    ]
    return Picture(
        "py2neo", title, scope, as_of, sorted(nodes.values(), key=lambda n: n.key), sorted(edges, key=_order)
    )


def _order(edge: Edge) -> tuple[str, str, str]:
    return edge.start, edge.type, edge.end


def _plain(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in properties.items() if value is not None}


def _library() -> ModuleType:
    try:
        import py2neo  # type: ignore[import-untyped]
    except ImportError as error:
        raise Py2neoMissing(
            "没有安装 py2neo；请运行 pip install py2neo（或 pip install 'linmai[py2neo]'）"
        ) from error
    found: ModuleType = py2neo
    return found
