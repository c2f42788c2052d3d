"""The measures agree with removing nodes for real, on random networks."""

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.measures import structure

_EDGES = st.lists(st.tuples(st.integers(0, 14).map(str), st.integers(0, 14).map(str)), max_size=30)


@given(edges=_EDGES)
def test_what_an_articulation_point_cuts_off_is_what_is_lost_when_it_is_removed(
    edges: list[tuple[str, str]],
) -> None:
    graph: nx.Graph[str] = nx.Graph([e for e in edges if e[0] != e[1]])
    measured = structure(edges)
    assert sorted(measured.articulation_points) == sorted(nx.articulation_points(graph))
    for point in measured.articulation_points:
        rest = graph.subgraph(nx.node_connected_component(graph, point) - {point})
        largest = max(len(part) for part in nx.connected_components(rest))
        assert measured.cut_off[point] == len(rest) - largest


@given(edges=_EDGES)
def test_betweenness_equals_that_of_networkx(edges: list[tuple[str, str]]) -> None:
    graph: nx.Graph[str] = nx.Graph([e for e in edges if e[0] != e[1]])
    assert structure(edges).betweenness == pytest.approx(nx.betweenness_centrality(graph))


def test_a_unit_that_alone_joins_two_communities_comes_first() -> None:
    edges = [
        ("社区甲", "单位"),
        ("单位", "社区乙"),
        ("社区乙", "组织一"),
        ("社区乙", "组织二"),
        ("社区甲", "组织三"),
    ]
    measured = structure(edges, ["孤立单位"])
    assert measured.components == [["单位", "社区乙", "社区甲", "组织一", "组织三", "组织二"], ["孤立单位"]]
    assert measured.articulation_points == ["单位", "社区乙", "社区甲"]
    assert measured.cut_off == {"单位": 2, "社区乙": 2, "社区甲": 1}
    assert len(measured.bridges) == 5
    assert measured.degree["孤立单位"] == 0
