"""The pages of matching and plans: from a need to a project, from a unit to a claim, from the lists to a plan with its proof."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from api.app import create_app
from api.settings import Settings
from graph.store import Store
from tests.api.three_lists import fill
from tests.conftest import empty

AROUND = "scope=D"


@pytest.fixture(scope="module")
def lists(embedded_store: Store) -> Store:
    """The district with three lists."""
    empty(embedded_store)
    fill(embedded_store)
    return embedded_store


@pytest.fixture(scope="module")
def client(lists: Store) -> FlaskClient:
    """A client that needs no token."""
    app = create_app(lists, Settings())
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()


@pytest.fixture
def written(lists: Store) -> Iterator[Store]:
    """The same, filled anew once the test has written to it."""
    yield lists
    empty(lists)
    fill(lists)


def plan_made(client: FlaskClient, **said: str) -> str:
    """The address of the page of a plan that the form has asked for."""
    started = client.post(f"/plans?{AROUND}", data=said)
    assert started.status_code == 303
    address = started.headers["Location"]
    job = client.application.extensions["linmai-jobs"].find(address.partition("?")[0].rpartition("/")[2])
    assert job.wait(60)
    ended = client.get(address)
    assert ended.status_code == 303
    return ended.headers["Location"]


def test_a_need_shows_its_resources_the_best_first_with_reasons_and_tells_no_person(
    client: FlaskClient,
) -> None:
    page = client.get(f"/lists/needs/N1/matches?{AROUND}").text
    assert [page.index(title) for title in ("职工食堂", "退休厨师", "学校食堂")] == sorted(
        page.index(title) for title in ("职工食堂", "退休厨师", "学校食堂")
    )
    assert "同社区" in page
    assert "已签协议" in page
    assert "还没有" in page  # a plan, and so no word of what a match costs others
    assert "个人" in page
    assert "示例甲" not in page
    assert "R1" not in page
    listed = client.get(f"/lists/needs/N1/matches?{AROUND}", headers={"HX-Request": "true"}).text
    assert "<html" not in listed
    assert "职工食堂" in listed


def test_a_need_that_nothing_fits_says_why_and_one_that_is_unknown_is_said_to_be(client: FlaskClient) -> None:
    assert "需求没有可用的类别，请先选择类别" in client.get(f"/lists/needs/N4/matches?{AROUND}").text
    page = client.get(f"/lists/needs/N3/matches?{AROUND}").text
    assert "没有资源可以对接" in page
    assert "提供方已停用或未登记" in page
    missing = client.get(f"/lists/needs/NO/matches?{AROUND}", headers={"Accept": "text/html"})
    assert (missing.status_code, "NO" in missing.text) == (404, True)


def test_a_match_becomes_a_project_that_holds_what_was_confirmed(client: FlaskClient, written: Store) -> None:
    address = f"/lists/needs/N1/start?{AROUND}&resource=Z1"
    form = client.get(address).text
    assert 'value="16"' in form  # 20 wanted less the 4 of the project that runs
    assert "示例医院" in form
    assert "示例一社区大党委" in form
    said = {"name": "老年助餐", "quantity.Z1": "16", "led_by": "Unit:U1", "planned_from": "2020-10-05"}
    wrong = client.post(address, data={**said, "quantity.Z1": "许多"})
    assert (wrong.status_code, "数量应为 1 以上的整数，例如 10" in wrong.text) == (422, True)
    assert 'value="许多"' in wrong.text
    much = client.post(address, data={**said, "quantity.Z1": "99"})
    assert (much.status_code, 'role="alert"' in much.text) == (409, True)
    begun = client.post(address, data=said)
    assert begun.status_code == 303
    key = begun.headers["Location"].partition("?")[0].rpartition("/")[2]
    project = client.get(f"/api/projects/{key}").json
    assert project is not None
    assert (project["origin"], project["state"], project["planned_from"]) == ("对接", "立项", "2020-10-05")
    assert (project["meets"], project["uses"]) == (
        [{"label": "Need", "id": "N1", "quantity": 16}],
        [{"label": "Resource", "id": "Z1", "promised": 16}],
    )
    need = client.get("/api/needs/N1").json
    assert need is not None
    assert need["state"] == "已认领"
    assert client.get(begun.headers["Location"]).status_code == 200


def test_a_unit_claims_a_need_from_the_list_of_those_it_could_meet(
    client: FlaskClient, written: Store
) -> None:
    page = client.get(f"/partners/units/U1/needs?{AROUND}").text
    assert page.index("老年助餐") < page.index("午间助餐")
    address = f"/partners/units/U1/claim?{AROUND}&need=N2&resource=Z1"
    assert 'value="28"' in client.get(address).text  # 30 wanted less the 2 of a claim that is confirmed
    assert client.post(address, data={"quantity": "0"}).status_code == 422
    made = client.post(address, data={"quantity": "5", "note": "每天中午"})
    assert made.status_code == 303
    key = made.headers["Location"].partition("?")[0].rpartition("/")[2]
    claim = client.get(f"/api/claims/{key}").json
    assert claim is not None
    assert (claim["state"], claim["by_unit"]["id"], claim["for_need"]["id"], claim["quantity"]) == (
        "申请",
        "U1",
        "N2",
        5,
    )
    assert client.get(f"/partners/units/C1/needs?{AROUND}").status_code == 404


def test_a_plan_is_made_proved_announced_and_the_next_one_is_compared_with_it(
    client: FlaskClient, written: Store
) -> None:
    assert "还没有方案" in client.get(f"/plans?{AROUND}").text
    address = plan_made(client)
    plan = address.partition("?")[0]
    page = client.get(address).text
    assert "已证明最优" in page
    assert "实用规则" in page
    parts = {
        part: client.get(f"{plan}?{AROUND}&part={part}").text
        for part in ("units", "assignments", "unserved", "idle", "prices", "moves")
    }
    assert "示例医院" in parts["units"]
    assert "职工食堂" in parts["assignments"]
    assert "类别和服务区域都合适的资源有 1 个，都不能用：提供方已停用或未登记 1 个" in parts["unserved"]
    assert "用得上它的需求已由别的资源满足" in parts["idle"]
    assert "可用于" in parts["idle"]
    assert "舞蹈排练" in parts["prices"]
    assert "没有可比的方案" in parts["moves"]
    assert "验证通过" in client.get(f"{plan}?{AROUND}&verify=1").text
    told = client.get(f"{plan}?{AROUND}&part=assignments&community=C2&file=csv")
    assert told.data.decode("utf-8-sig").count("午间助餐") == told.data.decode("utf-8-sig").strip().count(
        "\n"
    )
    assert "占用代价" in told.data.decode("utf-8-sig")
    assert "对他人的影响" in client.get(f"/lists/needs/N1/matches?{AROUND}").text
    announced = client.post(f"{plan}/announced?{AROUND}")
    assert announced.status_code == 303
    assert "已公布" in client.get(announced.headers["Location"]).text
    again = client.post(f"{plan}/announced?{AROUND}")
    assert (again.status_code, "不能转为“已公布”" in again.text) == (409, True)
    started = client.post(f"{plan}/repair?{AROUND}").headers["Location"]
    jobs = client.application.extensions["linmai-jobs"]
    assert jobs.find(started.partition("?")[0].rpartition("/")[2]).wait(60)
    repaired = client.get(started).headers["Location"]
    assert f"against={plan.rpartition('/')[2]}" in repaired
    assert "没有变动" in client.get(repaired).text
    refused = client.post(f"{plan}/ended?{AROUND}")
    assert (refused.status_code, "“撤回”要写明理由" in refused.text) == (422, True)
    later = plan_made(client, unit_load="10", fairness="none", practical="false").partition("?")[0]
    moves = client.get(f"{later}?{AROUND}&part=moves").text
    assert plan.rpartition("/")[2] in moves
    assert "减少" in moves
    assert "职工食堂" in moves


def test_a_form_that_asks_for_no_number_is_told_so_and_keeps_what_was_written(client: FlaskClient) -> None:
    refused = client.post(f"/plans?{AROUND}", data={"max_parties": "三"})
    assert refused.status_code == 422
    assert "「一条需求最多几家」应为 0 以上的整数，例如 3" in refused.text
    assert 'value="三"' in refused.text


def test_a_plan_that_is_being_made_can_be_cancelled(client: FlaskClient) -> None:
    jobs = client.application.extensions["linmai-jobs"]
    job = jobs.start(
        "plan", lambda job: [job.report(1, 5, "求最优方案") for _ in iter(lambda: job._stop.wait(0.01), None)]
    )
    while not job.words:
        job.wait(0.01)
    assert "求最优方案" in client.get(f"/plans/jobs/{job.id}?{AROUND}").text
    client.post(f"/plans/jobs/{job.id}/cancel?{AROUND}")
    assert job.wait(10)
    assert "已经取消" in client.get(f"/plans/jobs/{job.id}?{AROUND}", headers={"HX-Request": "true"}).text
    assert client.get("/plans/jobs/unknown").status_code == 404


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("what=unit&unit=U1", "假设一个单位退出"),
        ("what=resource&area=C3&category=L2&quantity=1", "没有需求比原来少"),
        ("what=capacity&percent=0", "午间助餐"),
    ],
)
def test_a_change_is_tried_out_before_beside_after_and_nothing_is_written(
    client: FlaskClient, lists: Store, change: str, told: str
) -> None:
    before = lists.read("MATCH (n) RETURN count(n) AS nodes")
    page = client.get(f"/plans/what-if?{AROUND}&{change}")
    assert (page.status_code, told in page.text, "以前" in page.text) == (200, True, True)
    assert lists.read("MATCH (n) RETURN count(n) AS nodes") == before
    assert client.get(f"/plans/what-if?{AROUND}&what=unit&unit=NO").status_code == 400


@pytest.mark.parametrize(
    "address",
    [
        "/plans",
        "/plans/F1/announced",
        "/lists/needs/N1/start?resource=Z1",
        "/partners/units/U1/claim?need=N1&resource=Z1",
    ],
)
def test_a_form_without_its_token_writes_nothing(lists: Store, address: str) -> None:
    refused = create_app(lists, Settings()).test_client().post(address, data={"quantity": "5"})
    assert refused.status_code == 400
    assert lists.read("MATCH (o:Operation) RETURN count(o) AS operations") == [{"operations": 0}]
