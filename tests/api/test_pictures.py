"""Pictures behind the front doors: the same from the command line, over HTTP and on the pages."""

import io
import os
import stat
from pathlib import Path
from urllib.parse import urlencode

import networkx as nx
import pytest
from flask.testing import FlaskClient

from api.pictures.catalog import PICTURES
from graph.store import Store
from tests.api.front_door import command
from tests.api.small_district import FEIXING

GIVEN: dict[str, dict[str, str]] = {
    "territory": {}, "party": {}, "flows": {}, "weak-points": {"scope": FEIXING}, "neighbourhood": {"node": "Unit:U1"},
    "path": {"start": "Unit:U1", "end": "Community:410411004004"},
}  # fmt: skip
"""What each picture is asked with on the small district."""


def address(name: str, **further: str) -> str:
    return f"/api/pictures/{name}?{urlencode({**GIVEN[name], **further})}"


def test_the_neighbourhood_of_a_unit_is_what_it_is_tied_to_with_every_tie_between(
    client: FlaskClient,
) -> None:
    told = client.get(address("neighbourhood")).json
    assert told is not None
    assert told["title"] == "示例医院的邻域：5 个对象，4 条联系"
    assert {(n["id"], n["mark"]) for n in told["nodes"]} == {
        ("Unit:U1", "middle"), ("Community:410411004004", ""), ("PartyOrganization:P0", ""), ("Agreement:A1", ""), ("Resource:Z1", ""),
    }  # fmt: skip
    assert {(e["from"], e["heading"], e["to"]) for e in told["edges"]} == {
        ("Agreement:A1", "签约单位", "Unit:U1"), ("PartyOrganization:P0", "属于单位", "Unit:U1"),
        ("Resource:Z1", "提供方", "Unit:U1"), ("Unit:U1", "位于", "Community:410411004004"),
    }  # fmt: skip
    assert [(e["heading"], e["count"]) for e in told["legend"]] == [
        ("社区", 1), ("党组织", 1), ("共建单位", 1), ("共建协议", 1), ("资源", 1),
    ]  # fmt: skip


def test_what_is_not_shown_is_counted_by_kind_and_shown_when_it_is_asked_for(client: FlaskClient) -> None:
    scope = {"node": "Street:410411004"}
    told = client.get(f"/api/pictures/neighbourhood?{urlencode(scope)}").json
    assert told is not None
    (more,) = [each for each in told["more"] if each["kind"] == "Community"]
    assert (more["id"], more["text"]) == ("Street:410411004~PART_OF~in~Community", "还有 6 个社区")
    wider = client.get(f"/api/pictures/neighbourhood?{urlencode({**scope, 'more': more['id']})}").json
    assert wider is not None
    assert [each for each in wider["more"] if each["kind"] == "Community"] == []
    assert len(wider["nodes"]) == len(told["nodes"]) + 6


def test_a_thing_that_is_opened_is_surrounded_too(client: FlaskClient) -> None:
    opened = client.get(address("neighbourhood", open="PartyOrganization:P0")).json
    assert opened is not None
    names = {n["name"] for n in opened["nodes"] if n["kind"] == "Person"}
    assert names == {"示*"}
    assert sum(n["kind"] == "Person" for n in opened["nodes"]) == 2


def test_an_agreement_is_no_neighbour_after_its_last_day(client: FlaskClient) -> None:
    later = client.get(address("neighbourhood", as_of="2020-10-20")).json
    assert later is not None
    assert [n["id"] for n in later["nodes"] if n["kind"] == "Agreement"] == []


def test_a_way_is_told_in_one_sentence(client: FlaskClient) -> None:
    told = client.get("/api/pictures/path?start=Unit:U1&end=PartyOrganization:P2").json
    assert told is not None
    assert told["title"] == "示例医院签有共建协议示例协议，其签约组织是飞行社区大党委。"
    assert [n["mark"] for n in told["nodes"]] == ["middle", "path", "middle"]


def test_the_map_counts_in_each_area_what_lies_in_it_and_marks_what_is_lacking(client: FlaskClient) -> None:
    told = client.get(address("territory", scope=FEIXING)).json
    assert told is not None
    assert told["title"] == "飞行社区居民委员会：应建党组织 5 个，已建 2 个，还缺 3 个；在办需求 1 条"
    assert [n["name"] for n in told["nodes"]] == ["飞行社区居民委员会", "示例一小区", "示例二小区", "1号楼"]


def test_points_without_which_the_network_falls_apart_are_marked(client: FlaskClient) -> None:
    told = client.get(address("weak-points", as_of="2020-10-21")).json
    assert told is not None
    assert [n["id"] for n in told["nodes"] if n["mark"] == "weak"] == ["Community:410411004004"]
    assert "5 个，1 个一旦失去就会断开的关键节点；" in told["title"]


def test_needs_without_a_project_flow_from_what_nobody_supplies(client: FlaskClient) -> None:
    told = client.get(address("flows")).json
    assert told is not None
    assert told["title"] == "湛河区：2 条需求，0 条已有项目和资源对接，2 条尚无对接"
    assert [(link["source"], link["target"], link["value"]) for link in told["chart"]["option"]["series"][0]["links"]] == [
        ("尚无对接", "未分类", 2), ("未分类", "九里山街道", 2),
    ]  # fmt: skip


@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_comes_as_a_file_that_opens_with_as_many_nodes_and_edges(
    client: FlaskClient, name: str
) -> None:
    told = client.get(address(name)).json
    assert told is not None
    counts = (len(told["nodes"]), len(told["edges"]))
    for form, read in (("graphml", nx.read_graphml), ("gexf", nx.read_gexf)):
        answer = client.get(address(name, format=form))
        graph = read(io.BytesIO(answer.data))
        assert (len(graph.nodes), len(graph.edges)) == counts
    page = client.get(address(name, format="html"))
    assert page.headers["Content-Disposition"].startswith(f"attachment; filename={name}.html; ")
    assert page.data.decode().count('"kind": ') == counts[0]


@pytest.mark.parametrize(
    ("asked", "status", "detail"),
    [
        ("neighbourhood", 400, "缺少参数 node：对象编号，例如 Unit:U1"),
        ("neighbourhood?node=Unit:U9", 400, "此范围内没有编号为“U9”的对象；请用查找框找到它，或换一个范围"),
        ("neighbourhood?node=Unit:U1&depth=9", 400, "参数 depth 的值“9”不对：应为 1 到 3 的整数"),
        ("neighbourhood?node=Unit:U1&more=x", 400, "参数 more 的值“x”不对：应取自图中的“还有 N 个”"),
        ("territory?node=U1", 400, "图“区域地图”没有参数 node，可用的有：scope、as_of"),
        ("territory?format=png", 400, "参数 format 的值“png”不对：应为 json、html、graphml、gexf、csv 之一"),
        ("path?start=U1&end=U1", 400, "起点和终点是同一个对象；请选两个不同的对象"),
        ("path?start=U1&end=E2", 400, "六步以内没有从“U1”到“E2”的路径，或没有这样的对象；请换一个对象"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_refused_with_what_can(
    client: FlaskClient, asked: str, status: int, detail: str
) -> None:
    answer = client.get(f"/api/pictures/{asked}")
    assert answer.json is not None
    assert (answer.status_code, answer.json["detail"]) == (status, detail)


def test_the_command_writes_a_file_that_only_its_owner_can_read(district: Store, tmp_path: Path) -> None:
    out = tmp_path / "unit.html"
    said = command(district, "draw", "neighbourhood", "--node", "Unit:U1", "--out", str(out))
    assert (said.status, said.out) == (0, "示例医院的邻域：5 个对象，4 条联系\n")
    assert "示例医院" in out.read_text(encoding="utf-8")
    assert os.name == "nt" or stat.S_IMODE(out.stat().st_mode) == 0o600


def test_the_command_draws_what_the_address_of_a_page_can_say(
    client: FlaskClient, district: Store, tmp_path: Path
) -> None:
    opened = {"open": "PartyOrganization:P0", "more": "Unit:U1~OFFERED_BY~in~Resource", "depth": "2"}
    out = tmp_path / "unit.graphml"
    words = [word for name, value in opened.items() for word in (f"--{name}", value)]
    assert (
        command(district, "draw", "neighbourhood", "--node", "Unit:U1", *words, "--out", str(out)).status == 0
    )
    assert out.read_bytes() == client.get(address("neighbourhood", **opened, format="graphml")).data


def test_the_command_lists_the_pictures_and_refuses_what_it_cannot_write(
    district: Store, tmp_path: Path
) -> None:
    listed = command(district, "draw", "--list")
    assert [name for name in PICTURES if name not in listed.out] == []
    assert (
        command(district, "draw", "cloud", "--out", str(tmp_path / "a.html"))
        .err.strip()
        .endswith("没有名为“cloud”的图；可用的有：territory、party、flows、weak-points、neighbourhood、path")
    )
    assert "请用 --out 给出文件" in command(district, "draw", "party", "--out", str(tmp_path / "a.pdf")).err
    assert command(district, "draw", "party", "--out", str(tmp_path / "none" / "a.gexf")).status != 0


@pytest.mark.parametrize(
    "page",
    [
        "/network", "/network?q=医院", "/network?q=没有这样的东西", "/network?node=Unit:U1", "/network?start=Unit:U1&end=PartyOrganization:P2",
        "/network/map", f"/network/map?scope={FEIXING}&colour=needs", "/network/party", "/network/flows",
        f"/network/weak-points?scope={FEIXING}&node=Unit:U1", "/network/detail?node=Unit:U1",
    ],
)  # fmt: skip
def test_every_view_of_the_network_is_a_page_of_its_own(client: FlaskClient, page: str) -> None:
    answer = client.get(page, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert "style=" not in answer.text


def test_what_breaks_without_a_unit_stands_beside_its_neighbourhood(client: FlaskClient) -> None:
    page = client.get("/network?node=Unit:U1").text
    assert page.index("若失去它") < page.index("有效协议无人履行")


def test_a_thing_that_is_not_there_is_said_on_the_page_and_another_can_be_searched(
    client: FlaskClient,
) -> None:
    page = client.get("/network?node=Unit:U9").text
    assert "此范围内没有编号为“U9”的对象" in page
    assert 'name="q"' in page
