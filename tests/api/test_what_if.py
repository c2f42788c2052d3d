"""What would be lost without one entity, the same from the command line and over HTTP."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from graph.store import Store
from graph.what_if import MEANINGS
from tests.api.front_door import command
from tests.api.small_district import FEIXING

AGREEMENT = {"loss": "协议", "id": "A1", "name": "示例协议", "detail": "2020-10-20"}
WITHOUT_COMMITTEE: dict[str, Any] = {
    "scope": FEIXING,
    "as_of": "2020-10-01",
    "label": "PartyOrganization",
    "id": "P2",
    "name": "飞行社区大党委",
    "losses": [
        {"loss": "区域", "id": FEIXING, "name": "飞行社区居民委员会", "detail": ""},
        AGREEMENT,
    ],
    "needs": [],
    "meanings": {kind: MEANINGS[kind] for kind in ("区域", "协议")},
}


def test_the_endpoint_tells_what_an_area_would_lose_and_what_each_kind_of_loss_means(
    client: FlaskClient,
) -> None:
    assert client.get(f"/api/what-if/coverage/P2?scope={FEIXING}").json == WITHOUT_COMMITTEE


def test_without_a_scope_the_store_s_only_district_and_its_day_are_meant(client: FlaskClient) -> None:
    found = client.get("/api/what-if/coverage/U1").json
    assert found == {
        "scope": "410411", "as_of": "2020-10-01", "label": "Unit", "id": "U1", "name": "示例医院",
        "losses": [AGREEMENT], "needs": [], "meanings": {"协议": MEANINGS["协议"]},
    }  # fmt: skip


def test_an_agreement_that_has_ended_is_not_lost(client: FlaskClient) -> None:
    found = client.get("/api/what-if/coverage/U1?as_of=2020-10-21").json
    assert found is not None
    assert (found["as_of"], found["losses"]) == ("2020-10-21", [])


@pytest.mark.parametrize(
    ("asked", "status", "parameter", "detail"),
    [
        ("U9", 404, None, "此范围内没有编号为“U9”的对象；应为共建单位、人员、党组织、组织的编号"),
        ("N1", 400, "id", "“N1”是需求；可以假设失去的有：共建单位、人员、党组织、组织"),
        ("U1?scope=E9", 400, "scope", "没有编号为“E9”的区域；可以用 linmai divisions 或页面上的搜索查编号"),
        ("U1?scope=", 400, "scope", "参数 scope 是空的；请给出值，或去掉这个参数"),
        ("U1?as_of=2020-2-30", 400, "as_of", "参数 as_of 的值“2020-2-30”不对：应为日期，例如 2020-04-13"),
        ("U1?limit=5", 400, "limit", "没有参数 limit，可用的有：scope、as_of"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_what_can(
    client: FlaskClient, asked: str, status: int, parameter: str | None, detail: str
) -> None:
    answer = client.get(f"/api/what-if/coverage/{asked}")
    assert answer.json is not None
    assert (answer.status_code, answer.json["detail"], answer.json.get("parameter")) == (
        status, detail, parameter,
    )  # fmt: skip


def test_the_openapi_document_describes_the_endpoint(client: FlaskClient) -> None:
    spec = client.get("/api/openapi.json").json
    assert spec is not None
    described = spec["paths"]["/api/what-if/coverage/{id}"]["get"]
    assert [p["name"] for p in described["parameters"]] == ["id", "scope", "as_of"]
    shape = described["responses"]["200"]["content"]["application/json"]["schema"]
    assert set(shape["required"]) == set(WITHOUT_COMMITTEE)


def test_the_command_says_the_same_to_programs_and_a_sentence_per_kind_of_loss_to_people(
    district: Store,
) -> None:
    said = command(district, "whatif", "coverage", "P2", "--scope", FEIXING, "--json")
    assert (said.status, said.json) == (0, WITHOUT_COMMITTEE)
    said = command(district, "whatif", "coverage", "P2", "--scope", FEIXING)
    assert said.status == 0
    lines = [line.rstrip() for line in said.out.splitlines()]
    assert lines[0] == f"假设没有党组织 飞行社区大党委（P2），范围 {FEIXING}，截至 2020-10-01"
    assert [line for line in lines if "：" in line] == [
        f"{kind} 1 项：{meaning}" for kind, meaning in WITHOUT_COMMITTEE["meanings"].items()
    ]


def test_the_command_says_when_nothing_would_be_lost_and_refuses_what_it_does_not_know(
    district: Store,
) -> None:
    said = command(district, "whatif", "coverage", "R1")
    assert (said.status, said.out.splitlines()[-1]) == (0, "不会有什么失去保障")
    said = command(district, "whatif", "coverage", "U9")
    assert (said.status, said.out) == (2, "")
    assert "此范围内没有编号为“U9”的对象；应为共建单位、人员、党组织、组织的编号" in said.err
