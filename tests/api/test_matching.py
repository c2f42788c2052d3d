"""Matching one need, resource, unit or text: the same on every engine, over HTTP and on the command line."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.app import create_app
from api.matching.desk import Desk
from api.matching.kept_plans import keep
from api.matching.matches import Matches
from api.matching.planning import make_plan
from api.matching.plans import Plans
from api.matching.snapshot import snapshot_of
from api.records.acts import Act, new_operation
from api.settings import Settings
from graph.store import Store
from matching.profile import Profile, default_profile
from tests.api.front_door import command
from tests.api.three_lists import DAY, fill
from tests.conftest import empty


@pytest.fixture(scope="module")
def lists(embedded_store: Store) -> Store:
    """The district with three lists, on the embedded engine."""
    empty(embedded_store)
    fill(embedded_store)
    return embedded_store


@pytest.fixture(scope="module")
def lists_client(lists: Store) -> FlaskClient:
    """A client of the application over it."""
    return create_app(lists, Settings()).test_client()


def ranked(answer: Any) -> list[tuple[Any, ...]]:
    """Each row's resource, quantity and reason."""
    return [(row["resource_id"], row["quantity"], row["sentence"]) for row in answer]


FOR_N1 = [
    ("Z1", 16, "同社区、类别完全对应、已签协议 A1、以往履约与评价 100%（2 次），可用 34 座，满足 16 人次"),
    ("Z4", 5, "同社区、类别完全对应，可用 5 人，满足 16 人次中的 5"),
    ("Z2", 10, "同区、类别完全对应，可用 10 座，满足 16 人次中的 10"),
]


def test_a_need_is_answered_alike_on_every_engine(store: Store) -> None:
    fill(store)
    answer = Matches(Plans(Desk(store))).need({"need": "N1", "scope": "D"})
    assert ranked(answer.rows) == FOR_N1


def test_an_owner_is_not_asked_for_what_it_declines_on_any_engine(store: Store) -> None:
    fill(store)
    store.write(
        "MATCH (a:Unit {id: 'U1'}) MATCH (b:Unit {id: 'U2'}) MATCH (n:Need {id: 'N1'}) "
        "SET a.declined_categories = ['助餐'], b.declined_groups = ['老年人'], n.beneficiary = '老年人'"
    )
    matches = Matches(Plans(Desk(store)))
    answer = matches.need({"need": "N1", "scope": "D"})
    assert [row["resource_id"] for row in answer.rows] == ["Z4"]
    assert {each["reason"]: each["pairs"] for each in answer.notes["refused"]}["declined-by-owner"] == 2
    near = {each["resource"]: each["sentence"] for each in answer.notes["nearest"]}
    assert near == {
        resource: f"资源 {resource} 对需求 N1 仅差一条：提供方声明不承接这类需求，或不服务这类人群" for resource in ("Z1", "Z2")
    }  # fmt: skip
    assert matches.unit({"unit": "U1", "scope": "D"}).rows == []
    # N2 is for nobody in particular: the school may serve it, were it not turned down before.
    made = make_plan(store, Desk(store).situation("D", DAY), "D", default_profile(), "2020-10-01T08:00:00+08:00", practical=False)  # fmt: skip
    names, pairs = made.problem.names, made.problem.instance
    asked = {(names.needs[i], names.resources[j]) for i, j in zip(pairs.pair_need.tolist(), pairs.pair_resource.tolist(), strict=True)}  # fmt: skip
    assert asked == {("N1", "Z4")}
    store.write("MATCH (a:Unit {id: 'U1'}) SET a.declined_categories = ['全部']")
    told = Matches(Plans(Desk(store))).need({"need": "N1", "scope": "D"})
    assert {each["reason"]: each["pairs"] for each in told.notes["refused"]} == {
        "owner-inactive": 1, "owner-vetoed": 1, "declined-by-owner": 1,
    }  # fmt: skip


def test_what_projects_and_claims_hold_is_taken_out_and_a_claim_behind_a_project_counts_once(lists: Store) -> None:  # fmt: skip
    snapshot = snapshot_of(lists, "D", DAY)
    needs = dict(zip(snapshot.needs.ids, snapshot.needs.remaining.tolist(), strict=True))
    resources = dict(zip(snapshot.resources.ids, snapshot.resources.remaining.tolist(), strict=True))
    # N1: 20 less 4 of the project (the claim RL1 is behind it). N2: 30 less the confirmed claim RL3.
    assert needs == {"N1": 16, "N2": 28, "N3": 1, "N4": 1, "N5": 1}
    # Z1: 40 less 4 of the running project and 2 of RL3; the finished project has given back its 9.
    assert resources == {"Z1": 34, "Z2": 10, "Z3": 2, "Z4": 5}


def test_where_a_person_lives_is_told_no_closer_than_the_community(lists: Store) -> None:
    snapshot = snapshot_of(lists, "D", DAY)
    at = snapshot.owner_position["R1"]
    assert (snapshot.owners.names[at], snapshot.areas.ids[snapshot.owners.area[at]]) == ("", "C1")


def test_the_endpoint_tells_the_path_in_the_graph_behind_each_part(lists_client: FlaskClient) -> None:
    answer = lists_client.get("/api/match/needs/N1?scope=D&limit=1").json
    assert answer is not None
    assert (answer["matches"], answer["sentence"], answer["plan"]) == (3, "有 3 个资源可以对接", None)
    row = answer["rows"][0]
    path = [(step["by"], step["label"], step["id"]) for step in row["path"]]
    assert path == [
        ("", "Need", "N1"), ("IN_CATEGORY>", "Category", "K1"), ("<CAN_SERVE", "Category", "L1"),
        ("<IN_CATEGORY", "Resource", "Z1"), ("OFFERED_BY>", "Unit", "U1"),
    ]  # fmt: skip
    ties = {part["name"]: [(s["by"], s["id"]) for s in part["path"]] for part in row["parts"]}["tie"]
    assert ties == [("", "U1"), ("<WITH_UNIT", "A1"), ("WITH_ORGANIZATION>", "P1"), ("LEADS>", "C1")]
    assert answer["owners"] == [{"id": "U1", "name": "示例医院", "score": row["score"], "resources": 1}]


def test_refusals_are_counted_by_reason_and_what_fails_by_one_condition_is_named(lists_client: FlaskClient) -> None:  # fmt: skip
    answer = lists_client.get("/api/match/needs/N2?scope=D").json
    assert answer is not None
    assert {each["reason"]: each["pairs"] for each in answer["refused"]} == {
        "owner-inactive": 1, "outside-service-area": 1, "turned-down-before": 1,
    }  # fmt: skip
    assert [each["sentence"] for each in answer["nearest"]] == ["资源 Z2 对需求 N2 仅差一条：此前已退回过"]


def test_a_bundle_is_the_smallest_number_of_parties(lists_client: FlaskClient) -> None:
    answer = lists_client.get("/api/match/needs/N1?scope=D&bundle=true").json
    assert answer is not None
    assert (answer["bundle"]["parties"], answer["bundle"]["missing"]) == (1, 0)
    assert [(s["resource"], s["quantity"]) for s in answer["bundle"]["shares"]] == [("Z1", 16)]


@pytest.mark.parametrize(
    ("need", "sentence"),
    [
        ("N3", "没有资源可以对接：提供方已停用或未登记 1 个，类别不对应 3 个"),
        ("N4", "需求没有可用的类别，请先选择类别"),
        ("N5", "需求已办结、挂起或撤回，不再对接"),
    ],
)
def test_a_need_that_nothing_fits_says_why(lists_client: FlaskClient, need: str, sentence: str) -> None:
    answer = lists_client.get(f"/api/match/needs/{need}?scope=D")
    assert (answer.status_code, answer.json and answer.json["rows"], answer.json and answer.json["sentence"]) == (200, [], sentence)  # fmt: skip


def test_a_resource_and_a_unit_are_told_the_needs_they_could_meet(lists_client: FlaskClient) -> None:
    for address in ("/api/match/resources/Z1?scope=D", "/api/match/units/U1?scope=D"):
        answer = lists_client.get(address).json
        assert answer is not None
        assert [(row["need_id"], row["area"], row["quantity"]) for row in answer["rows"]] == [
            ("N1", "示例一社区", 16), ("N2", "示例二社区", 28),
        ]  # fmt: skip


def test_a_free_text_is_given_a_category_with_its_certainty(lists_client: FlaskClient) -> None:
    answer = lists_client.get("/api/match/category?scope=D&text=老人吃饭难，想有食堂").json
    assert answer is not None
    (row,) = answer["rows"]
    assert (row["category_id"], row["category"], row["certainty"] > 0.5) == ("K1", "助餐", True)
    nothing = lists_client.get("/api/match/category?scope=D&text=xyz").json
    assert nothing is not None
    assert nothing["rows"][0]["sentence"] == "文字中没有可以判断类别的词，请人工选择"


@pytest.mark.parametrize(
    ("address", "status", "detail"),
    [
        ("/api/match/needs/NO?scope=D", 404, "没有编号为“NO”的需求，请核对编号"),
        ("/api/match/units/NO?scope=D", 404, "没有编号为“NO”的提供方，请核对编号"),
        ("/api/match/needs/N1", 400, "库中不止一个区（或还没有区），请用 scope 指定区域编号，例如 scope=410411"),
        ("/api/match/needs/N1?scope=D&limit=0", 400, "参数 limit 的值“0”不对：应为 1 到 1000 的整数"),
        ("/api/match/category?scope=D&text=饭&list=项目", 400, "参数 list 的值“项目”不对：应为 需求、资源 之一"),
    ],
)  # fmt: skip
def test_what_cannot_be_matched_is_refused(lists_client: FlaskClient, address: str, status: int, detail: str) -> None:  # fmt: skip
    answer = lists_client.get(address)
    assert (answer.status_code, answer.json and answer.json["detail"]) == (status, detail)


def test_the_answer_follows_the_data(lists: Store, lists_client: FlaskClient) -> None:
    address = "/api/match/needs/N1?scope=D"
    before = lists_client.get(address).json
    lists.write("MATCH (r:Resource {id: 'Z1'}) SET r.capacity = 0 CREATE (:Operation {id: 'op'})")
    after = lists_client.get(address).json
    lists.write("MATCH (r:Resource {id: 'Z1'}) SET r.capacity = 40 CREATE (:Operation {id: 'op2'})")
    assert before is not None
    assert after is not None
    assert [row["resource_id"] for row in before["rows"]] == ["Z1", "Z4", "Z2"]
    assert [row["resource_id"] for row in after["rows"]] == ["Z4", "Z2"]


def test_the_command_line_says_the_same_to_programs_and_a_sentence_to_people(lists: Store) -> None:
    said = command(lists, "match", "need", "N1", "--scope", "D", "--json")
    assert (said.status, ranked(said.json["rows"])) == (0, FOR_N1)
    said = command(lists, "match", "need", "N2", "--scope", "D")
    assert said.out.splitlines()[-2:] == ["有 1 个资源可以对接", "资源 Z2 对需求 N2 仅差一条：此前已退回过"]
    said = command(lists, "match", "unit", "NO", "--scope", "D")
    assert (said.status, said.err.splitlines()[-1]) == (2, "没有编号为“NO”的提供方，请核对编号")


def test_a_request_names_the_profile_it_is_answered_with(lists: Store, lists_client: FlaskClient) -> None:
    usual = _scores(lists_client, "/api/match/needs/N1?scope=D")
    only_place = '{"weights": {"category": 0, "text": 0, "place": 1, "tie": 0, "window": 0, "capacity": 0, "record": 0}}'
    assert _scores(lists_client, f"/api/match/needs/N1?scope=D&profile={only_place}") == {
        "Z1": 1.0,
        "Z4": 1.0,
        "Z2": 0.4,
    }
    strict = '{"limits": {"confirmed_within_days": 10}}'
    for address in ("needs/N1", "resources/Z1", "units/U1"):
        answer = lists_client.get(f"/api/match/{address}?scope=D&profile={strict}").json
        assert answer is not None
        assert answer["rows"] == []
        assert answer["refused"][0]["reason"] == "resource-not-confirmed"
    plan = _kept(lists, only_place)
    try:
        for named in (plan, "in-force"):
            assert _scores(lists_client, f"/api/match/needs/N1?scope=D&profile={named}") == {
                "Z1": 1.0,
                "Z4": 1.0,
                "Z2": 0.4,
            }
        assert _scores(lists_client, "/api/match/needs/N1?scope=D") == usual
    finally:
        lists.write("MATCH (n) WHERE n:Plan OR n:Operation OR n:StateChange DETACH DELETE n")


@pytest.mark.parametrize(
    ("profile", "detail"),
    [
        ("in-force", "这个区还没有方案，没有可沿用的参数；请先制定方案，或去掉参数 profile"),
        ("FA-1", "参数 profile 的值“FA-1”不对：应为 in-force、已有方案的编号，或写明不同之处的 JSON 对象"),
        ("{", '参数 profile 不是完整的 JSON 对象，例如 {"practice": {"unit_load": 50}}'),
        ('{"weight": {}}', "profile：没有 weight 这一项，是否想写 weights？"),
        ('{"limits": {"lead_days": -1}}', "profile：limits.lead_days 应在 0 到 36500 之间；写的是“-1”"),
    ],
)
def test_a_profile_that_a_request_cannot_have_is_refused_with_the_reason(
    lists_client: FlaskClient, profile: str, detail: str
) -> None:
    answer = lists_client.get("/api/match/units/U1", query_string={"scope": "D", "profile": profile})
    assert answer.json is not None
    assert (answer.status_code, answer.json["detail"], answer.json["parameter"]) == (400, detail, "profile")


def _scores(client: FlaskClient, address: str) -> dict[str, float]:
    answer = client.get(address).json
    assert answer is not None
    return {row["resource_id"]: row["score"] for row in answer["rows"]}


def _kept(store: Store, profile: str) -> str:
    """The key of a plan made with a profile."""
    chosen = Profile.from_dict(json.loads(profile))
    made = make_plan(
        store, Desk(store).situation("D", DAY), "D", chosen, "2020-10-01T08:00:00+08:00", practical=False
    )
    return keep(Act(store, new_operation()), made).id
