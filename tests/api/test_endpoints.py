"""The endpoints: every query with a route, one error shape, and what holds for every answer."""

import logging
from collections.abc import Mapping
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.app import HEADERS, create_app
from api.settings import Settings
from graph.catalog import queries
from graph.data_version import data_version
from graph.export_content import SYNTHETIC
from graph.operations import Overtaken
from graph.store import Store
from graph.store_errors import QueryTimeout, StoreBusy, StoreUnavailable, UniqueViolation

PROBLEM = "application/problem+json"


class FailingStore:
    """A store whose every question ends in one error."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def read(
        self, text: str, parameters: Mapping[str, Any] | None = None, *, timeout_s: float = 60
    ) -> list[dict[str, Any]]:
        raise self.error


def failing(error: Exception) -> FlaskClient:
    return create_app(FailingStore(error), Settings()).test_client()


def test_a_query_with_a_route_answers_its_parameters_columns_and_rows(
    client: FlaskClient, district: Store
) -> None:
    answer = client.get("/api/coverage/members?scope=410411004")
    assert answer.json == {
        "query": "members_by_kind",
        "title": "各类党员",
        "parameters": {"scope": "410411004", "as_of": "2020-10-01"},
        "columns": [
            {"name": "kind", "heading": "党员类别", "type": "string"},
            {"name": "members", "heading": "党员", "type": "integer", "unit": "名"},
            {"name": "reported", "heading": "已报到", "type": "integer", "unit": "名"},
        ],
        "rows": [
            {"kind": "在职", "members": 2, "reported": 1},
            {"kind": "自管", "members": 1, "reported": 0},
        ],
        "total": 2,
        "next": None,
        "data_version": data_version(district),
        "synthetic": SYNTHETIC,
    }


def test_every_query_with_a_route_is_served_and_described(client: FlaskClient) -> None:
    spec = client.get("/api/openapi.json").json
    assert spec is not None
    assert spec["openapi"] == "3.1.0"
    routes = {query.route: query for query in queries().values() if query.route}
    assert set(routes) <= set(spec["paths"])
    for route, query in routes.items():
        described = spec["paths"][route]["get"]
        assert described["operationId"] == query.name
        own = [p.name for p in query.params]
        shared = ["format"] if "limit" in own else ["limit", "after", "format"]
        assert [p["name"] for p in described["parameters"]] == [*own, *shared]
        assert {p["name"] for p in described["parameters"] if p["in"] == "path"} == {
            p.name for p in query.params if f"{{{p.name}}}" in route
        }


def test_a_key_in_the_path_reaches_the_query(client: FlaskClient) -> None:
    answer = client.get("/api/entities/U1").json
    assert answer is not None
    assert answer["parameters"] == {"scope": "410411", "id": "U1"}
    assert [row["entity"]["properties"]["name"] for row in answer["rows"]] == ["示例医院"]


def test_personal_values_are_masked(client: FlaskClient) -> None:
    answer = client.get("/api/entities/R1")
    assert answer.json is not None
    properties = answer.json["rows"][0]["entity"]["properties"]
    assert (properties["name"], properties["phone"]) == ("示*", "138****8000")
    assert "13800008000" not in answer.text


@pytest.mark.parametrize(
    ("address", "parameter", "detail"),
    [
        ("/api/coverage/members?size=5", "size", "查询 members_by_kind 没有参数 size，可用的有：scope、as_of、limit、after、format"),
        ("/api/coverage/members?as_of=2020-4-13", "as_of", "参数 as_of 的值“2020-4-13”不对：应为日期，例如 2020-04-13"),
        ("/api/coverage/members?as_of=2020-01-01&as_of=2020-02-01", "as_of", "参数 as_of 只能给一次"),
        ("/api/entities/U1?id=U2", "id", "参数 id 只能给一次"),
        ("/api/coverage/streets?scope=410411004", "scope", "“410411004”是街道，此查询的范围应为：区"),
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_refused_with_what_is_allowed(
    client: FlaskClient, address: str, parameter: str, detail: str
) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.content_type) == (400, PROBLEM)
    assert answer.json == {
        "type": "about:blank", "title": "请求不对", "status": 400, "detail": detail, "parameter": parameter,
    }  # fmt: skip


def test_an_unknown_address_and_a_wrong_method_are_problems_too(client: FlaskClient) -> None:
    unknown = client.get("/api/nothing")
    assert (unknown.status_code, unknown.content_type) == (404, PROBLEM)
    assert unknown.json == {
        "type": "about:blank", "title": "没有这个地址", "status": 404, "detail": "请检查地址，或回到首页",
    }  # fmt: skip
    wrong = client.post("/api/coverage/members")
    assert (wrong.status_code, wrong.content_type) == (405, PROBLEM)
    assert wrong.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert wrong.json == {
        "type": "about:blank", "title": "不支持这种请求", "status": 405, "detail": "这个地址不支持这种请求；可用的见响应头 Allow",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("error", "status", "title", "detail"),
    [
        (
            StoreUnavailable("连接不上数据库 x", "x cannot be reached"),
            503,
            "数据库不可用",
            "连接不上数据库 x",
        ),
        (StoreBusy("正忙", "busy"), 503, "数据库不可用", "正忙"),
        (QueryTimeout("未能在时限内完成", "not in time"), 504, "超出时限", "未能在时限内完成"),
        (
            UniqueViolation("已有相同编号的记录", "there already"),
            409,
            "与现有的内容冲突",
            "已有相同编号的记录",
        ),
        (Overtaken(), 409, "与现有的内容冲突", "别人刚刚改了同一处内容，没有写入；请重新读取后再试"),
        (RuntimeError("secret 13800008000"), 500, "程序出错", "程序出错了，请稍后再试；错误已记入服务的输出"),
    ],
)
def test_a_failure_says_what_a_user_may_know(error: Exception, status: int, title: str, detail: str) -> None:
    answer = failing(error).get("/api/coverage/members")
    assert (answer.status_code, answer.content_type) == (status, PROBLEM)
    assert answer.json == {"type": "about:blank", "title": title, "status": status, "detail": detail}
    assert ("Retry-After" in answer.headers) == isinstance(error, StoreBusy)


def test_health_needs_no_store_and_readiness_does(client: FlaskClient) -> None:
    assert client.get("/readyz").json == {"status": "ok", "reference_date": "2020-10-01"}
    down = failing(StoreUnavailable("连接不上数据库 x", "x cannot be reached"))
    assert down.get("/healthz").json == {"status": "ok"}
    assert down.get("/readyz").status_code == 503


@pytest.mark.parametrize(
    "address", ["/", "/queries", "/api/openapi.json", "/nothing", "/static/look.css", "/healthz"]
)
def test_every_answer_forbids_what_comes_from_elsewhere(client: FlaskClient, address: str) -> None:
    with client.get(address) as answer:
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.1:8000", "localhost.:80"])
def test_a_request_by_another_name_is_refused(client: FlaskClient, host: str) -> None:
    assert client.get("/api/coverage/members", headers={"Host": host}).status_code == 400
    assert client.get("/", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "localhost:9", "[::1]:8000", "[::1]"])
def test_this_machine_is_asked_by_any_of_its_own_names(client: FlaskClient, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


def test_the_access_log_names_the_rule_and_never_the_address(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "linmai.access"):
        client.get("/api/entities/R1?scope=410411")
    logged = [record.getMessage().rsplit(" ", 2)[0] for record in caplog.records if record.name == "linmai.access"]  # fmt: skip
    assert logged == ["GET /api/entities/<id> 200"]


def test_a_key_that_nothing_in_the_scope_has_is_not_found(client: FlaskClient) -> None:
    answer = client.get("/api/entities/U1?scope=410411003002")
    assert (answer.status_code, answer.content_type) == (404, PROBLEM)
    assert answer.json == {
        "type": "about:blank", "title": "没有找到", "status": 404,
        "detail": "范围“410411003002”内没有这个编号的对象；请检查编号和范围",
    }  # fmt: skip
