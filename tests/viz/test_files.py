"""A picture taken away: other programs find in it what was shown, and no text in it is ever run."""

import csv
import io
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import networkx as nx
import pytest

from tests.viz.pictures import HOSTILE, hospital, hostile
from viz.files import csv_zip, gexf, graphml, network
from viz.html_file import TooLarge, html_file
from viz.picture import Edge, Node, Picture


@pytest.mark.parametrize("picture", [hospital(), hostile()], ids=["plain", "hostile"])
def test_graphml_and_gexf_open_in_networkx_with_every_node_and_edge(picture: Picture, tmp_path: Path) -> None:
    for name, write, read in (("p.graphml", graphml, nx.read_graphml), ("p.gexf", gexf, nx.read_gexf)):
        file = tmp_path / name
        file.write_bytes(write(picture))
        graph = read(file)
        assert (len(graph.nodes), len(graph.edges)) == (len(picture.nodes), len(picture.edges))


def test_a_node_without_ties_keeps_its_place_and_its_properties(tmp_path: Path) -> None:
    file = tmp_path / "p.graphml"
    file.write_bytes(graphml(hospital()))
    graph = nx.read_graphml(file)
    assert list(nx.isolates(graph)) == ["Need:N1", "Person:P1"]
    assert dict(graph.nodes["Need:N1"]) == {
        "label": "Need", "key": "N1", "name": "日间照料", "title": "日间照料", "urgency": 3, "x": -160.0, "y": 90.0,
    }  # fmt: skip


def test_of_a_person_no_more_than_the_masked_name_is_taken_away() -> None:
    person = dict(network(hospital()).nodes["Person:P1"])
    assert person == {
        "label": "Person",
        "key": "P1",
        "name": "张*",
        "member_kind": "在职",
        "x": 40.0,
        "y": 200.0,
    }
    assert b"138****" not in graphml(hospital()) + gexf(hospital()) + csv_zip(hospital())
    assert re.findall(r"138|王", html_file(hospital(), [])) == []


def test_the_tables_in_the_zip_are_the_picture_and_none_of_their_texts_is_a_formula() -> None:
    with zipfile.ZipFile(io.BytesIO(csv_zip(hospital()))) as archive:
        tables = {
            n: list(csv.reader(io.StringIO(archive.read(n).decode("utf-8-sig")))) for n in archive.namelist()
        }
    assert tables == {
        "对象.csv": [
            ["类型", "名称", "编号", "联系数", "说明"], ["人员", "张*", "P1", "0", ""], ["共建单位", "示例医院", "U1", "1", ""],
            ["需求", "日间照料", "N1", "0", ""], ["资源", "多功能厅", "R1", "1", "另有 2 个"],
        ],
        "关系.csv": [["起点", "关系", "终点", "数量"], ["多功能厅", "提供方", "示例医院", "3"]],
    }  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(csv_zip(hostile()))) as archive:
        assert "\"'=HYPERLINK" in archive.read("对象.csv").decode("utf-8-sig")


class Elements(HTMLParser):
    """The elements of a page with their attributes, and the texts outside of scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Note a text."""
        if self.found and self.found[-1][0] not in ("script", "style"):
            self.texts.append(data.strip())


def test_hostile_texts_in_the_html_file_are_texts_and_no_elements() -> None:
    page = html_file(hostile(), ["var vis = '</script><!--';"], "a{}</style>")
    elements = Elements()
    elements.feed(page)
    assert [tag for tag, _ in elements.found].count("script") == 2
    assert {tag for tag, _ in elements.found} & {"img", "iframe", "link"} == set()
    assert [a for _, a in elements.found if any(name.startswith("on") for name in a)] == []
    assert {text.strip() for text in HOSTILE if "\x00" not in text} <= set(elements.texts)


def test_the_html_file_asks_for_nothing_from_elsewhere_and_keeps_positions() -> None:
    page = html_file(hospital(), [])
    assert re.findall(r"(?:src|href)\s*=|https?://|@import|url\(", page) == []
    assert '"x": 160' in page
    assert '"enabled": false' in page[page.index("physics") :][:60]


def test_beyond_a_thousand_nodes_there_is_no_html_file_and_it_is_said_what_to_do() -> None:
    nodes = [Node("Unit", {"id": str(i), "name": str(i)}) for i in range(1001)]
    with pytest.raises(TooLarge) as refused:
        html_file(Picture("x", "x", "s", "d", nodes), [])
    assert str(refused.value) == (
        "这张图有 1,001 个对象，一个 HTML 文件最多放 1,000 个；请缩小范围（选一个街道、社区或减少展开），"
        "或改用 GraphML、GEXF、CSV"
    )


def test_a_thousand_nodes_with_many_ties_are_written_in_seconds() -> None:
    nodes = [Node("Unit", {"id": str(i), "name": str(i)}) for i in range(1000)]
    edges = [Edge(f"Unit:{i % 1000}", f"Unit:{(i * 7) % 1000}", "SEATED_ON", "席位") for i in range(5000)]
    page = html_file(Picture("x", "x", "s", "d", nodes, edges), [])
    assert page.count('"type": "SEATED_ON"') == 5000
