"""Records over HTTP: the golden case from the need to its end, and how writes are refused."""

from collections.abc import Mapping
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.app import create_app
from api.settings import Settings
from graph.store import Store
from tests.api.small_lists import COMMUNITY, fill
from tests.conftest import empty

PROBLEM = "application/problem+json"


class Clerk:
    """Somebody with a cookie jar and a token, who writes over HTTP."""

    def __init__(self, store: Store) -> None:
        self.client: FlaskClient = create_app(store, Settings()).test_client()
        given = self.client.get("/api/csrf-token").json
        assert given is not None
        self._headers = {given["header"]: given["token"]}

    def send(self, method: str, address: str, body: Mapping[str, Any], **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.open(address, method=method, json=body, headers={**self._headers, **named})

    def does(self, method: str, address: str, body: Mapping[str, Any]) -> Any:
        """What is answered to a write that is accepted."""
        answer = self.send(method, address, body)
        assert answer.status_code in (200, 201), answer.text
        return answer.json

    def moves(self, address: str, to: str, **further: str) -> Any:
        return self.does("POST", f"{address}/transitions", {"to": to, **further})


@pytest.fixture
def clerk(embedded_store: Store) -> Clerk:
    """A clerk over one community with a unit, a need and three resources."""
    empty(embedded_store)
    fill(embedded_store, resources={"ZY-1": 40, "ZY-2": 1, "ZY-3": 30})
    return Clerk(embedded_store)


def test_the_golden_case_runs_from_the_need_over_the_meeting_and_the_project_to_its_end(
    clerk: Clerk, embedded_store: Store
) -> None:
    embedded_store.write(
        "MATCH (c:Community {id: $id}) CREATE (:Venue {id: 'ZD-1', name: '飞行社区日间照料室', floor_area_m2: 30.0})-[:IN_AREA]->(c) "
        "CREATE (:Venue {id: 'ZD-2', name: '飞行社区日间照料中心', kind: '日间照料中心'})-[:IN_AREA]->(c)",
        {"id": COMMUNITY},
    )
    need = "/api/needs/XQ-1"
    raised = {
        "id": "XQ-1", "title": "日间照料室面积太小", "text": "只有30平方米，老人坐不下。", "quantity": 30, "urgency": 5,
        "beneficiary": "老年人", "raised_at": "2020-03-10", "raised_in": COMMUNITY, "in_category": "X1",
    }  # fmt: skip
    assert clerk.does("POST", "/api/needs", raised)["state"] == "提出"
    clerk.moves(need, "审核")
    clerk.moves(need, "入单")
    meeting = {
        "id": "HY-1",
        "name": "3月共建单位联席会议",
        "held_at": "2020-03-26",
        "of": "P2",
        "discussed": ["XQ-1"],
    }
    clerk.does("POST", "/api/meetings", meeting)
    clerk.moves("/api/meetings/HY-1", "召开")
    agreement = {"id": "XY-1", "name": "共驻共建协议书", "with_unit": "U1", "with_organization": "P2", "promises": [{"id": "ZY-1", "quantity": 40}]}  # fmt: skip
    clerk.does("POST", "/api/agreements", agreement)
    for state in ("签订", "生效"):
        clerk.moves("/api/agreements/XY-1", state, day="2020-04-01")
    decided = {
        "id": "XM-1", "name": "日间照料中心建设", "origin": "联席会议", "meeting": "HY-1", "meets": [{"id": "XQ-1", "quantity": 30}],
        "uses": [{"id": "ZY-1", "promised": 40}, {"id": "ZY-2", "promised": 1}, {"id": "ZY-3", "promised": 30}],
        "under": "XY-1", "led_by": {"id": "P2", "label": "PartyOrganization"}, "funds_unit_yuan": 380000, "planned_from": "2020-04-13",
    }  # fmt: skip
    project = clerk.does("POST", "/api/projects", decided)
    assert (project["state"], project["in_area"]) == ("立项", {"label": "Community", "id": COMMUNITY})
    assert clerk.client.get(need).json["state"] == "已认领"  # type: ignore[index]
    clerk.moves("/api/meetings/HY-1", "办结")
    clerk.moves("/api/projects/XM-1", "实施", day="2020-04-13")
    clerk.does("PATCH", "/api/projects/XM-1", {"progress": 60})
    for resource, quantity in (("ZY-1", 40), ("ZY-2", 1), ("ZY-3", 28)):
        clerk.does("POST", "/api/projects/XM-1/deliveries", {"resource": resource, "quantity": quantity})
    clerk.does("PATCH", "/api/projects/XM-1", {"results_in": ["ZD-2"]})
    clerk.moves("/api/projects/XM-1", "验收", day="2020-08-31")
    for direction, score in (("居民→项目", 96), ("社区→单位", 92), ("单位→社区", 90)):
        clerk.does("POST", "/api/projects/XM-1/evaluations", {"direction": direction, "score": score})
    clerk.moves("/api/projects/XM-1", "评价")
    closed = clerk.moves("/api/projects/XM-1", "销号", feedback="老人都坐得下了")
    assert (closed["state"], closed["progress"], closed["actual_from"], closed["actual_to"]) == ("销号", 100, "2020-04-13", "2020-08-31")  # fmt: skip

    told = clerk.client.get(f"{need}/history").json
    assert told is not None
    assert [(step["to"], step["reason"]) for step in told["history"]] == [
        ("提出", None), ("审核", None), ("入单", None), ("已认领", None), ("实施中", None), ("待评价", None), ("销号", "老人都坐得下了"),
    ]  # fmt: skip
    assert embedded_store.read(
        "MATCH (n:Need {id: 'XQ-1'})<-[:DISCUSSED]-(m:Meeting)-[:DECIDED]->(p:Project)-[:MEETS]->(n), (p)-[:RESULTS_IN]->(v:Venue) "
        "MATCH (p)-[u:USES]->(:Resource) MATCH (e:Evaluation)-[:OF]->(p) "
        "RETURN m.id AS meeting, p.id AS project, v.id AS venue, count(DISTINCT u) AS uses, sum(DISTINCT u.delivered) AS delivered, count(DISTINCT e) AS evaluations"
    ) == [{"meeting": "HY-1", "project": "XM-1", "venue": "ZD-2", "uses": 3, "delivered": 69, "evaluations": 3}]  # fmt: skip


def test_the_second_of_two_editors_is_told_what_has_changed_since(clerk: Clerk) -> None:
    seen = clerk.client.get("/api/needs/N1").headers["ETag"]
    assert (
        clerk.send("PATCH", "/api/needs/N1", {"quantity": 20, "note": "已核对"}, If_Match=seen).status_code
        == 200
    )
    second = clerk.send("PATCH", "/api/needs/N1", {"quantity": 25}, If_Match=seen)
    assert (second.status_code, second.content_type) == (409, PROBLEM)
    assert second.json == {
        "type": "about:blank",
        "title": "与现有的内容冲突",
        "status": 409,
        "detail": "需求 N1 在您读取（修订号 0）之后已被改过（现为 1）：「备注」、「数量」；请重新读取，核对后再改",
        "revision": 1,
        "changed": [
            {"field": "note", "heading": "备注", "theirs": "已核对", "yours": None},
            {"field": "quantity", "heading": "数量", "theirs": 20, "yours": 25},
        ],
    }
    assert clerk.send("PATCH", "/api/needs/N1", {"quantity": 25, "revision": 1}).json["quantity"] == 25  # type: ignore[index]


def test_a_request_that_is_sent_again_with_its_key_acts_once_and_is_answered_the_same(
    clerk: Clerk, embedded_store: Store
) -> None:
    body = {"by_unit": "U1", "for_need": "N1", "with_resource": "ZY-1", "quantity": 10}
    first, again = (clerk.send("POST", "/api/claims", body, Idempotency_Key="sent-twice") for _ in range(2))
    assert (first.status_code, again.status_code, again.json) == (201, 200, first.json)
    assert embedded_store.read("MATCH (c:Claim) RETURN count(c) AS n") == [{"n": 1}]
    other = clerk.send("POST", "/api/claims", {**body, "quantity": 1}, Idempotency_Key="sent-twice")
    assert (other.status_code, other.content_type) == (409, PROBLEM)
    short = clerk.send("POST", "/api/claims", body, Idempotency_Key="not a key")
    assert (short.status_code, short.json["parameter"]) == (400, "Idempotency-Key")  # type: ignore[index]


def test_an_approved_claim_becomes_a_project_and_holds_its_quantity_once(clerk: Clerk) -> None:
    body = {"by_unit": "U1", "for_need": "N1", "with_resource": "ZY-1", "quantity": 25}
    claim = clerk.does("POST", "/api/claims", {"id": "RL-1", **body})
    assert claim["claimed_at"] == "2020-10-01"
    clerk.does(
        "POST",
        "/api/claims/RL-1/transitions",
        {"to": "确认", "project": {"id": "XM-9", "planned_to": "2020-12-31"}},
    )
    project = clerk.client.get("/api/projects/XM-9").json
    assert project is not None
    assert {name: project[name] for name in ("name", "origin", "meets", "uses", "led_by", "planned_to")} == {
        "name": "日间照料室太小", "origin": "认领", "meets": [{"label": "Need", "id": "N1", "quantity": 25}],
        "uses": [{"label": "Resource", "id": "ZY-1", "promised": 25}], "led_by": {"label": "Unit", "id": "U1"}, "planned_to": "2020-12-31",
    }  # fmt: skip
    # 40 in all, 25 held by the project that the claim became: 15 are left, not more and not fewer.
    assert clerk.send("POST", "/api/claims", {**body, "quantity": 16}).json["left"] == 15  # type: ignore[index]
    assert clerk.send("POST", "/api/claims", {**body, "quantity": 15}).status_code == 201
    stopped = clerk.does("DELETE", "/api/claims/RL-1", {"reason": "单位搬迁"})
    assert (stopped["state"], clerk.client.get("/api/projects/XM-9").json["state"]) == ("退出审批", "销号")  # type: ignore[index]
    assert clerk.client.get("/api/needs/N1").json["state"] == "对接中"  # type: ignore[index]


@pytest.mark.parametrize(
    ("address", "body", "errors"),
    [
        ("/api/needs", {"title": "x", "raised_in": COMMUNITY, "quantity": -5}, {"quantity": "「数量」内容是“-5”，不能小于 0"}),
        ("/api/needs", {"title": "x", "raised_in": COMMUNITY, "quantity": 10**30}, {"quantity": None}),
        ("/api/needs", {"title": "x", "raised_in": COMMUNITY, "quantity": "许多"}, {"quantity": "「数量」应为整数，例如 10"}),
        ("/api/needs", {"title": "x", "raised_in": COMMUNITY, "wanted_from": "2020-05-02", "wanted_to": "2020-05-01"}, {"wanted_to": "「期望结束」是 2020-05-01，早于「期望开始」2020-05-02；请核对这两个日期"}),
        ("/api/needs", {"raised_in": "410411999999"}, {"title": "「标题」是空的，这一项必须填写"}),
        ("/api/needs", {"title": "x", "raised_in": "410411999999"}, {"raised_in": "「提出区域」找不到编号为“410411999999”的区、街道、社区、小区、网格、楼栋；请检查编号"}),
        ("/api/needs", {"title": "x", "raised_in": COMMUNITY, "urgency": "很急很急"}, {"urgency": "「紧急程度」内容是“很急很急”，应为“不急”“较缓”“一般”“较急”“紧急”之一"}),
        ("/api/claims", {"by_unit": "U1", "for_need": "N1", "quantity": 0}, {"quantity": "「认领数量」是 0，应为 1 以上的整数"}),
        ("/api/units", {"name": "x", "located_in": COMMUNITY, "liaison_phone": "98765"}, {"liaison_phone": None}),
        ("/api/projects", {"name": "x", "origin": "认领", "meets": ["N1"]}, {"origin": "来源为“认领”的项目由批准认领而来；请批准那条认领"}),
        ("/api/projects", {"name": "x", "origin": "联席会议", "meets": ["N1"]}, {"meeting": "来源为“联席会议”的项目要写明会议的编号，其他来源不写"}),
        ("/api/meetings", {"name": "x", "held_at": "2020-4-1", "of": "P2"}, {"held_at": "「会议日期」应为日期，例如 2020-04-13"}),
    ],
)  # fmt: skip
def test_content_that_is_wrong_is_refused_field_by_field(
    clerk: Clerk, address: str, body: dict[str, Any], errors: dict[str, str | None]
) -> None:
    refused = clerk.send("POST", address, body)
    assert (refused.status_code, refused.content_type) == (422, PROBLEM)
    assert refused.json is not None
    found = {each["field"]: each["detail"] for each in refused.json["errors"]}
    assert found.keys() == errors.keys()
    assert {name: found[name] for name, said in errors.items() if said} == {n: said for n, said in errors.items() if said}  # fmt: skip
    assert "98765" not in refused.text


def test_a_need_without_a_category_is_kept_but_not_put_on_the_list(clerk: Clerk) -> None:
    clerk.does("POST", "/api/needs", {"id": "XQ-2", "title": "加装扶手", "raised_in": COMMUNITY})
    refused = clerk.send("POST", "/api/needs/XQ-2/transitions", {"to": "入单"})
    assert (refused.status_code, refused.json["detail"]) == (
        409,
        "需求 XQ-2 还没有类别，不能“入单”；请先补上类别",
    )  # type: ignore[index]
    clerk.does("PATCH", "/api/needs/XQ-2", {"in_category": "X1"})
    assert clerk.moves("/api/needs/XQ-2", "入单")["state"] == "入单"


def test_the_claims_of_a_need_that_is_withdrawn_hold_nothing_any_more(clerk: Clerk) -> None:
    body = {"by_unit": "U1", "for_need": "N1", "with_resource": "ZY-1", "quantity": 40}
    clerk.does("POST", "/api/claims", {"id": "RL-1", **body})
    clerk.does("DELETE", "/api/needs/N1", {"reason": "不再需要"})
    told = clerk.client.get("/api/claims/RL-1/history").json
    assert told is not None
    assert [(step["to"], step["reason"]) for step in told["history"]] == [
        ("申请", None),
        ("退出审批", "不再需要"),
    ]
    clerk.does("PATCH", "/api/resources/ZY-1", {"capacity": 0})


def test_personal_values_are_masked_in_answers_and_in_the_history(clerk: Clerk) -> None:
    made = clerk.send("POST", "/api/units", {"id": "U7", "name": "示例银行", "located_in": COMMUNITY, "liaison": "示例甲", "liaison_phone": "13800008000"})  # fmt: skip
    clerk.send("PATCH", "/api/units/U7", {"liaison_phone": "13800008001"})
    told = clerk.client.get("/api/units/U7/history")
    assert made.json is not None
    assert (made.json["liaison"], made.json["liaison_phone"]) == ("示*", "138****8000")
    assert told.json is not None
    assert told.json["history"][-1]["changes"] == [
        {"field": "liaison_phone", "heading": "联系电话", "before": "138****8000", "after": "138****8001"}
    ]
    assert "13800008" not in made.text + told.text


def test_what_is_not_there_is_not_found(clerk: Clerk) -> None:
    for method, address in (("GET", "/api/needs/NO"), ("PATCH", "/api/needs/NO"), ("DELETE", "/api/needs/NO"), ("GET", "/api/needs/NO/history")):  # fmt: skip
        answer = clerk.send(method, address, {"note": "x"} if method == "PATCH" else {})
        assert (answer.status_code, answer.json["detail"]) == (404, "没有编号为“NO”的需求；请检查编号")  # type: ignore[index]
