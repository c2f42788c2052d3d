"""The converter for programs on py2neo: there and back nothing is lost, and no connection is made."""

import sys
from unittest import mock

import pytest

from tests.viz.pictures import hospital
from viz.py2neo import Py2neoMissing, from_subgraph, to_subgraph

py2neo = pytest.importorskip("py2neo")


def test_a_picture_becomes_a_subgraph_with_its_labels_properties_places_and_ties() -> None:
    subgraph = to_subgraph(hospital())
    assert sorted(str(node.labels) for node in subgraph.nodes) == [":Need", ":Person", ":Resource", ":Unit"]
    (hall,) = [node for node in subgraph.nodes if node.has_label("Resource")]
    assert dict(hall) == {
        "id": "R1",
        "title": "多功能厅",
        "capacity": 80,
        "groups": ["老年人", "党员"],
        "x": 160.0,
        "y": -40.0,
    }
    (tie,) = subgraph.relationships
    assert (type(tie).__name__, tie.start_node["id"], tie.end_node["id"], dict(tie)) == (
        "OFFERED_BY",
        "R1",
        "U1",
        {"数量": 3},
    )


def test_there_and_back_gives_the_same_things_places_and_ties() -> None:
    picture = hospital()
    back = from_subgraph(to_subgraph(picture), picture.title)
    assert {(n.key, n.name, n.x, n.y) for n in back.nodes} == {
        (n.key, n.name, n.x, n.y) for n in picture.nodes
    }
    assert [(e.start, e.type, e.end, e.heading, dict(e.properties)) for e in back.edges] == [
        (e.start, e.type, e.end, e.heading, dict(e.properties)) for e in picture.edges
    ]


def test_a_subgraph_of_someone_else_is_a_picture_when_its_nodes_have_one_label_and_an_id() -> None:
    ours = py2neo.Node("Unit", id="U1", name="示例医院")
    assert [node.key for node in from_subgraph(py2neo.Subgraph([ours])).nodes] == ["Unit:U1"]
    with pytest.raises(ValueError, match="应有一个标签和属性 id，找到的标签：A、B"):
        from_subgraph(py2neo.Subgraph([py2neo.Node("A", "B", id="1")]))


def test_without_py2neo_one_sentence_says_how_to_install_it() -> None:
    with mock.patch.dict(sys.modules, {"py2neo": None}), pytest.raises(Py2neoMissing) as missing:
        to_subgraph(hospital())
    assert (
        str(missing.value) == "没有安装 py2neo；请运行 pip install py2neo（或 pip install 'linmai[py2neo]'）"
    )
