"""Structure: the measures of a network, the same from the command line and over HTTP."""

from typing import Any

import networkx as nx
import pytest
from flask.testing import FlaskClient

from graph.measures import MEANINGS, bridge_cuts, lost_without, structure
from graph.network import network_structure
from graph.store import Store
from tests.api.front_door import command
from tests.api.small_district import FEIXING

COMMITTEE = {"label": "PartyOrganization", "id": "P2", "name": "飞行社区大党委"}
HOSPITAL = {"label": "Unit", "id": "U1", "name": "示例医院"}
COMMUNITY = {"label": "Community", "id": FEIXING, "name": "飞行社区居民委员会"}
BRANCH = {"label": "PartyOrganization", "id": "P3", "name": "示例一小区党支部"}
ESTATE = {"label": "Estate", "id": "E1", "name": "示例一小区"}
OF_FEIXING: dict[str, Any] = {
    "scope": FEIXING,
    "scope_name": "飞行社区居民委员会",
    "as_of": "2020-10-01",
    "nodes": 5,
    "ties": 4,
    "component_count": 2,
    "components": [
        {"size": 3, "members": [COMMUNITY, HOSPITAL, COMMITTEE]},
        {"size": 2, "members": [BRANCH, ESTATE]},
    ],
    "articulation_point_count": 0,
    "articulation_points": [],
    "bridge_count": 1,
    "bridges": [{"start": ESTATE, "end": BRANCH, "relationships": ["LEADS"], "cut_off": 1}],
    "central": [
        {"member": COMMITTEE, "betweenness": 0.0, "degree": 2},
        {"member": HOSPITAL, "betweenness": 0.0, "degree": 2},
        {"member": BRANCH, "betweenness": 0.0, "degree": 1},
    ],
    "meanings": dict(MEANINGS),
}
"""The community leads to its committee and the hospital, which have an agreement: a triangle."""


def test_the_endpoint_tells_parts_cuts_bridges_and_centrality_with_what_each_means(
    client: FlaskClient,
) -> None:
    assert client.get(f"/api/structure?scope={FEIXING}").json == OF_FEIXING


def test_an_agreement_that_has_ended_ties_nothing_and_its_ends_become_what_holds_the_part_together(
    client: FlaskClient,
) -> None:
    later = client.get(f"/api/structure?scope={FEIXING}&as_of=2020-10-21").json
    assert later is not None
    assert later["articulation_points"] == [{"member": COMMUNITY, "cut_off": 1, "lost": [HOSPITAL]}]
    assert [(b["start"]["id"], b["end"]["id"], b["cut_off"]) for b in later["bridges"]] == [
        (FEIXING, "P2", 1), (FEIXING, "U1", 1), ("E1", "P3", 1),
    ]  # fmt: skip


def test_a_community_that_nothing_is_tied_to_is_a_part_of_its_own(district: Store) -> None:
    measured = network_structure(district, {"scope": "410411004"}, 200)
    alone = [part.members[0].id for part in measured.components if part.size == 1]
    committees = district.read(
        "MATCH (c:Community {kind: '居委会'})-[:PART_OF]->(:Street {id: '410411004'}) "
        "WHERE c.id <> $feixing RETURN c.id AS id ORDER BY id",
        {"feixing": FEIXING},
    )
    assert alone == [row["id"] for row in committees]


def test_the_limit_shortens_the_lists_and_not_the_counts(client: FlaskClient) -> None:
    short = client.get(f"/api/structure?scope={FEIXING}&limit=1").json
    assert short == {**OF_FEIXING, "components": OF_FEIXING["components"][:1], "central": OF_FEIXING["central"][:1]}  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "parameter", "detail"),
    [
        ("limit=0", "limit", "参数 limit 的值“0”不对：应为 1 到 200 的整数"),
        ("limit=many", "limit", "参数 limit 的值“many”不对：应为 1 到 200 的整数"),
        ("size=5", "size", "没有参数 size，可用的有：scope、as_of、limit"),
        ("as_of=2020-4-13", "as_of", "参数 as_of 的值“2020-4-13”不对：应为日期，例如 2020-04-13"),
        ("scope=E1", "scope", "“E1”是小区，此查询的范围应为：区、街道、社区"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_what_can(
    client: FlaskClient, asked: str, parameter: str, detail: str
) -> None:
    answer = client.get(f"/api/structure?{asked}")
    body = {"type": "about:blank", "title": "请求不对", "status": 400, "detail": detail, "parameter": parameter}  # fmt: skip
    assert (answer.status_code, answer.json) == (400, body)


def test_the_openapi_document_describes_the_endpoint(client: FlaskClient) -> None:
    spec = client.get("/api/openapi.json").json
    assert spec is not None
    described = spec["paths"]["/api/structure"]["get"]
    assert [p["name"] for p in described["parameters"]] == ["scope", "as_of", "limit"]
    shape = described["responses"]["200"]["content"]["application/json"]["schema"]
    assert set(shape["required"]) == set(OF_FEIXING)


def test_the_command_says_the_same_to_programs_and_a_sentence_per_measure_to_people(district: Store) -> None:
    said = command(district, "structure", "--scope", FEIXING, "--limit", "20", "--json")
    assert (said.status, said.json) == (0, OF_FEIXING)
    said = command(district, "structure", "--scope", FEIXING)
    assert said.status == 0
    assert [meaning for meaning in MEANINGS.values() if meaning not in said.out] == []
    assert [line.split() for line in said.out.splitlines() if line.startswith("党组织")] == [
        ["党组织", "飞行社区大党委", "0%", "2"], ["党组织", "示例一小区党支部", "0%", "1"],
    ]  # fmt: skip
    assert "小区 示例一小区  领导  党组织 示例一小区党支部       1" in said.out


def test_what_a_bridge_and_a_point_cut_off_is_what_is_lost_when_they_are_removed() -> None:
    edges = [
        (str(a), str(b)) for a, b in [(1, 2), (2, 3), (3, 1), (3, 4), (4, 5), (5, 6), (6, 4), (6, 7), (8, 9)]
    ]
    graph: nx.Graph[str] = nx.Graph(edges)
    measured = structure(edges)
    for bridge, cut in bridge_cuts(edges).items():
        rest = nx.Graph(graph)
        rest.remove_edge(*bridge)
        assert cut == min(len(nx.node_connected_component(rest, end)) for end in bridge)
    assert sorted(bridge_cuts(edges)) == measured.bridges == [("3", "4"), ("6", "7"), ("8", "9")]
    assert {p: lost_without(edges, p) for p in measured.articulation_points} == {
        "3": ["1", "2"], "4": ["5", "6", "7"], "6": ["7"],
    }  # fmt: skip
    assert measured.cut_off == {"3": 2, "4": 3, "6": 1}
