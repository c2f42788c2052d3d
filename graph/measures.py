"""What the shape of a network tells: its parts, and the nodes and ties that it would fall apart without.

Pure: edges in, numbers out. networkx for cuts and components, rustworkx (parallel, some thirty times
faster) for betweenness. Both are imported where they are used: most commands measure nothing, and they are slow to import.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    import networkx as nx

MEANINGS: Mapping[str, str] = {
    "components": "彼此完全不相连的部分的个数；1 表示全部连成一片",
    "articulation_points": "一旦失去，网络就会断成更多部分的节点",
    "bridges": "一旦断开，网络就会断成更多部分的联系",
    "betweenness": "多少条最短的联系经过它（0 到 1）；越大越是中间人",
    "degree": "直接相连的节点个数",
}
"""What each number means, in one Chinese sentence."""


@dataclass(frozen=True)
class Structure:
    """The measures of one network.

    `cut_off` maps an articulation point to how many nodes would no longer reach the largest part that
    remains. `betweenness` is normalised to 0..1, `degree` counts distinct neighbours.
    """

    nodes: int
    edges: int
    components: list[list[str]]
    articulation_points: list[str]
    cut_off: Mapping[str, int]
    bridges: list[tuple[str, str]]
    betweenness: Mapping[str, float]
    degree: Mapping[str, int]


def structure(edges: Iterable[tuple[str, str]], isolated: Iterable[str] = ()) -> Structure:
    """The measures of the undirected network of `edges`, with `isolated` nodes that have none.

    Components come largest first, articulation points by how much they would cut off, then by key.

    >>> s = structure([("a", "b"), ("b", "c"), ("c", "d"), ("d", "b")], ["e"])
    >>> len(s.components), s.articulation_points, s.bridges
    (2, ['b'], [('a', 'b')])
    """
    import networkx as nx

    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(sorted(isolated))
    graph.add_edges_from(sorted((min(e), max(e)) for e in edges if e[0] != e[1]))
    components = sorted((sorted(c) for c in nx.connected_components(graph)), key=lambda c: (-len(c), c[0]))
    cut_off = _cut_off(graph)
    return Structure(
        nodes=graph.number_of_nodes(),
        edges=graph.number_of_edges(),
        components=components,
        articulation_points=sorted(cut_off, key=lambda n: (-cut_off[n], n)),
        cut_off=cut_off,
        bridges=sorted((min(e), max(e)) for e in nx.bridges(graph)),
        betweenness=_betweenness(graph),
        degree=dict(graph.degree()),
    )


def cut_points(edges: Iterable[tuple[str, str]]) -> dict[str, int]:
    """The articulation points alone, with how many nodes each would cut off: `Structure.cut_off` without the rest.

    >>> cut_points([("a", "b"), ("b", "c"), ("c", "d"), ("d", "b")])
    {'b': 1}
    """
    import networkx as nx

    graph: nx.Graph[str] = nx.Graph(sorted((min(e), max(e)) for e in edges if e[0] != e[1]))
    return _cut_off(graph)


def lost_without(edges: Iterable[tuple[str, str]], point: str) -> list[str]:
    """The nodes that would no longer reach the largest part that remains when `point` is lost, by key.

    There are `Structure.cut_off[point]` of them; none when `point` is no articulation point.

    >>> lost_without([("a", "b"), ("b", "c"), ("c", "d"), ("d", "b")], "b")
    ['a']
    """
    return losses(edges, [point])[point]


def losses(edges: Iterable[tuple[str, str]], points: Iterable[str]) -> dict[str, list[str]]:
    """`lost_without` of several points, each alone."""
    import networkx as nx

    graph: nx.Graph[str] = nx.Graph([e for e in edges if e[0] != e[1]])
    found: dict[str, list[str]] = {}
    for point in points:
        rest = graph.subgraph(nx.node_connected_component(graph, point) - {point})
        parts = sorted((sorted(part) for part in nx.connected_components(rest)), key=lambda p: (-len(p), p))
        found[point] = sorted(node for part in parts[1:] for node in part)
    return found


def bridge_cuts(edges: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """How many nodes each bridge, when broken, cuts off from the larger side of its component.

    Keys are as in `Structure.bridges`. The parts that no bridge crosses form a tree; the nodes below a
    bridge follow from the sizes of its subtrees.

    >>> bridge_cuts([("a", "b"), ("b", "c"), ("c", "d"), ("d", "b")])
    {('a', 'b'): 1}
    """
    import networkx as nx

    graph: nx.Graph[str] = nx.Graph(sorted((min(e), max(e)) for e in edges if e[0] != e[1]))
    bridges = sorted((min(e), max(e)) for e in nx.bridges(graph))
    whole = graph.copy()
    whole.remove_edges_from(bridges)
    part_of: dict[str, int] = {}
    tree: nx.Graph[tuple[str, int | str]] = nx.Graph()
    for number, part in enumerate(nx.connected_components(whole)):
        tree.add_node(("block", number), weight=len(part))
        part_of.update(dict.fromkeys(part, number))
    tree.add_edges_from((("block", part_of[a]), ("block", part_of[b])) for a, b in bridges)
    found: dict[tuple[str, str], int] = {}
    for component in nx.connected_components(tree):
        root = min(component)
        below = _subtree_sizes(tree.subgraph(component), root)
        inside = {number for _, number in component}
        for a, b in bridges:
            if part_of[a] in inside:
                smaller = min(below["block", part_of[a]], below["block", part_of[b]])
                found[a, b] = min(smaller, below[root] - smaller)
    return found


def _cut_off(graph: "nx.Graph[str]") -> dict[str, int]:
    """For each articulation point, its component's other nodes less the largest part that remains.

    One pass over the tree of biconnected components: removing the point leaves one part per block it is
    in; the sizes of parts follow from the sizes of subtrees, so no node is really removed.
    """
    import networkx as nx

    points = set(nx.articulation_points(graph))
    found: dict[str, int] = {}
    for component in nx.connected_components(graph):
        inside = points & component
        if not inside:
            continue
        # The stubs take each block for a list of sets; it is a set of nodes.
        blocks = cast("list[set[str]]", list(nx.biconnected_components(graph.subgraph(component))))
        tree: nx.Graph[tuple[str, int | str]] = nx.Graph()
        for number, block in enumerate(blocks):
            tree.add_node(("block", number), weight=len(block - points))
            for point in block & inside:
                tree.add_edge(("block", number), ("point", point))
        total = len(component)
        below = _subtree_sizes(tree, ("block", 0))
        for point in inside:
            node = ("point", point)
            parts = [below[n] for n in tree.neighbors(node) if below[n] < below[node]]
            parts.append(total - below[node])
            found[point] = total - 1 - max(parts)
    return found


def _subtree_sizes(
    tree: "nx.Graph[tuple[str, int | str]]", root: tuple[str, int | str]
) -> dict[tuple[str, int | str], int]:
    """Members at and below each node of a block-cut tree that hangs from `root`."""
    import networkx as nx

    parent = {child: above for above, child in nx.bfs_edges(tree, root)}
    sizes = {n: (1 if n[0] == "point" else tree.nodes[n]["weight"]) for n in tree}
    for node in reversed([root, *parent]):
        if node in parent:
            sizes[parent[node]] += sizes[node]
    return sizes


def _betweenness(graph: "nx.Graph[str]") -> dict[str, float]:
    import rustworkx as rx

    nodes = list(graph.nodes)
    position = {node: i for i, node in enumerate(nodes)}
    fast: rx.PyGraph[str, None] = rx.PyGraph(multigraph=False)
    fast.add_nodes_from(nodes)
    fast.add_edges_from_no_data([(position[a], position[b]) for a, b in graph.edges])
    return {nodes[i]: value for i, value in rx.betweenness_centrality(fast).items()}
