"""Plans: made with a proof, kept, verified, announced, told and printed; from the command line and as a job."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient

from api.app import create_app
from api.matching.desk import Desk
from api.matching.kept_plans import keep, move
from api.matching.packing import packed
from api.matching.plan_view import PlanView
from api.matching.planning import Made, make_plan
from api.records.acts import Act, new_operation
from api.records.kinds import PLAN
from api.records.reading import history
from api.refusals import Conflict
from api.settings import Settings
from graph import queries as typed
from graph.export_content import SYNTHETIC
from graph.store import Store
from matching.profile import default_profile, parse
from matching.verify import verify
from tests.api.front_door import command
from tests.api.three_lists import DAY, fill
from tests.conftest import empty

MADE_AT = "2020-10-01T08:00:00+08:00"
KEYS = ["value", "bound", "gap", "m3_gap", "served", "unserved", "worst_community", "seconds"]


@pytest.fixture(scope="module")
def filled(embedded_store: Store) -> Store:
    """The district with three lists, on the embedded engine."""
    empty(embedded_store)
    fill(embedded_store)
    return embedded_store


@pytest.fixture
def lists(filled: Store) -> Iterator[Store]:
    """The same, without a plan."""
    yield filled
    filled.write("MATCH (n) WHERE n:Plan OR n:Operation DETACH DELETE n")


@pytest.fixture
def lists_client(lists: Store) -> FlaskClient:
    """A client that needs no token."""
    app = create_app(lists, Settings())
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()  # type: ignore[no-any-return]


def made(store: Store, profile: str = "", scope: str = "D", **wanted: Any) -> Made:
    situation = Desk(store).situation(scope, DAY)
    return make_plan(store, situation, scope, parse(profile), MADE_AT, **wanted)


def act(store: Store, actor: str = "R1") -> Act:
    return Act(store, new_operation(), actor)


def given(plan: Made) -> dict[tuple[str, str], int]:
    """Units by need and resource."""
    instance, names = plan.problem.instance, plan.problem.names
    pairs = zip(instance.pair_need.tolist(), instance.pair_resource.tolist(), plan.plan.quantity.tolist(), strict=True)  # fmt: skip
    return {(names.needs[i], names.resources[j]): units for i, j, units in pairs if units}


def test_the_plan_is_the_same_and_proved_on_every_engine(store: Store) -> None:
    fill(store)
    plan = made(store)
    assert (plan.plan.gap, plan.m3_gap) == (0.0, 0.0)
    assert sum(u for (need, _), u in given(plan).items() if need == "N1") == 16
    assert given(plan)["N2", "Z1"] == 28
    kept = keep(act(store), plan)
    assert verify(kept.text).ok
    rows = store.read("MATCH (:Plan)-[g:ASSIGNS]->(n:Need) RETURN n.id AS need, g.partner AS resource, g.quantity AS units")  # fmt: skip
    assert {(row["need"], row["resource"]): row["units"] for row in rows} == given(plan)
    assert move(act(store), kept.id, "announced").answer["state"] == "announced"


def test_announcing_a_plan_ends_the_announced_one_for_the_same_needs(store: Store) -> None:
    fill(store)
    first = keep(act(store), made(store))
    move(act(store), first.id, "announced")
    second = keep(act(store), made(store, "[practice]\nunit_load = 10"))
    move(act(store, "R2"), second.id, "announced")
    assert {row.plan: row.state for row in typed.plans(store, scope="D")} == {
        first.id: "ended",
        second.id: "announced",
    }
    steps = history(store, PLAN, first.id)
    assert [(each["from"], each["to"], each["actor"], each["reason"]) for each in steps if each["to"]] == [
        (None, "draft", "R*", None),
        ("draft", "announced", "R*", None),
        ("announced", "ended", "R*", f"由对接方案 {second.id} 取代"),
    ]


def test_the_command_makes_a_plan_with_its_proof_and_keeps_it(lists: Store, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    said = command(lists, "plan", "make", "--scope", "D", "--out", str(file), "--json")
    assert (said.status, list(said.json)) == (0, KEYS)
    assert (said.json["gap"], said.json["m3_gap"], said.json["served"], said.json["unserved"]) == (0.0, 0.0, 2, 2)  # fmt: skip
    assert said.json["value"] == said.json["bound"]
    assert all(isinstance(each["quantity"], int) for each in json.loads(file.read_text())["assignments"])
    listed = command(lists, "plan", "list", "--scope", "D", "--json").json["rows"]
    assert [(row["area"], row["state"], row["value"]) for row in listed] == [("示例区", "draft", said.json["value"])]  # fmt: skip
    shown = command(lists, "plan", "show", listed[0]["plan"], "--json").json
    assert (shown["served"], shown["worst_community"], shown["worst_share"]) == (2, "示例三社区", 0.0)
    assert command(lists, "plan", "show", str(file), "--part", "assignments", "--json").json["rows"][0]["resource"] == "职工食堂"  # fmt: skip


def test_a_plan_file_is_verified_and_a_changed_one_is_not(lists: Store, tmp_path: Path) -> None:
    file, changed = tmp_path / "plan.json", tmp_path / "changed.json"
    command(lists, "plan", "make", "--scope", "D", "--out", str(file))
    said = command(lists, "plan", "verify", str(file), "--json")
    assert (said.status, said.json["ok"], said.json["gap"]) == (0, True, 0.0)
    document = json.loads(file.read_text())
    document["assignments"][0]["quantity"] += 30
    changed.write_text(json.dumps(document))
    said = command(lists, "plan", "verify", str(changed))
    assert said.status == 1
    assert said.out.splitlines()[0] == "文件内容与它的校验码（digest）不符：文件生成后被改动过；请取回原文件"
    changed.write_text("{}")
    said = command(lists, "plan", "verify", str(changed))
    assert (said.status, said.out.strip()) == (
        1, "这不是 LinMai 的对接方案文件；请选择用 linmai plan make --out 生成的文件",
    )  # fmt: skip


def test_needs_left_out_and_idle_resources_say_why(lists: Store) -> None:
    view = _view(lists, made(lists))
    assert {row["need_id"]: (row["reason"], row["sentence"]) for row in view.unserved()} == {
        "N3": ("no-candidate", "类别和服务区域都合适的资源有 1 个，都不能用：提供方已停用或未登记 1 个"),
        "N4": ("no-candidate", "需求没有可用的类别，请先选择类别"),
    }
    assert {row["resource_id"]: (row["left"], row["reason"]) for row in view.idle()} == {"Z2": (5, "needs-served-better")}  # fmt: skip
    # A room for dancing would help most; then anything for the need that has no category.
    assert [(row["kind"], row["name"]) for row in view.prices()][:1] == [("类别", "活动")]


def test_where_resources_are_short_the_price_proves_that_they_are_worth_more_elsewhere(lists: Store) -> None:
    lists.write("MATCH (r:Resource {id: 'Z1'}) SET r.capacity = 16")  # 10 left after what is promised
    try:
        view = _view(lists, made(lists, "fairness = []"))
    finally:
        lists.write("MATCH (r:Resource {id: 'Z1'}) SET r.capacity = 40")
    short = {row["need_id"]: row for row in view.unserved()}
    assert (short["N2"]["reason"], short["N2"]["missing"], short["N2"]["held_by"]) == ("worth-more-elsewhere", 19, ["N1"])  # fmt: skip
    assert short["N2"]["sentence"].startswith("资源用在需求 N1 价值更高：最接近的 Z1，每单位在别处值 ")
    assert short["N2"]["sentence"].endswith("（已证明）")


def test_an_announced_plan_keeps_its_promises_and_moves_them_only_where_it_pays(lists: Store) -> None:
    first = made(lists)
    move(act(lists), keep(act(lists), first).id, "announced")
    again = made(lists)
    assert given(again) == given(first)
    promised = again.problem.instance.announced
    assert (promised == first.plan.quantity).all()
    assert (again.problem.instance.move_price == default_profile().practice.move_price).all()


def test_a_unit_is_asked_for_no_more_than_its_load(lists: Store) -> None:
    plan = made(lists, "[practice]\nunit_load = 10")
    # U1 has 6 of its 10 promised already: 4 of the project, 2 of the claim.
    assert sum(units for (_, resource), units in given(plan).items() if resource == "Z1") == 4
    assert {row["need_id"]: row["reason"] for row in _view(lists, plan).unserved()}["N2"] == "unit-limit"


def test_the_rules_of_practice_are_kept_where_they_are_asked_for(lists: Store) -> None:
    plan = made(lists, "[practice]\nmax_parties = 1\nminimum_lot = 2", practical=True)
    assert plan.plan.method == "practical"
    assert plan.m3_gap == plan.plan.gap
    parties: dict[str, int] = {}
    for need, _ in given(plan):
        parties[need] = parties.get(need, 0) + 1
    assert max(parties.values()) == 1
    assert verify(keep(act(lists), plan).text).ok


def test_a_need_that_is_met_whole_or_not_at_all_gets_no_part(lists: Store) -> None:
    lists.write("MATCH (r:Resource {id: 'Z1'}) SET r.capacity = 16")  # 10 left, and N2 asks for 28
    try:
        parts = made(lists, "fairness = []\n[practice]\nmax_parties = 0\nminimum_lot = 0", practical=True)
        lists.write("MATCH (n:Need {id: 'N2'}) SET n.whole = true")
        whole = made(lists, "fairness = []\n[practice]\nmax_parties = 0\nminimum_lot = 0", practical=True)
    finally:
        lists.write("MATCH (r:Resource {id: 'Z1'}), (n:Need {id: 'N2'}) SET r.capacity = 40, n.whole = null")
    assert 0 < sum(units for (need, _), units in given(parts).items() if need == "N2") < 28
    assert [pair for pair in given(whole) if pair[0] == "N2"] == []


def test_an_empty_district_and_capacities_of_zero_are_plans_of_nothing(lists: Store) -> None:
    said = command(lists, "plan", "make", "--scope", "EMPTY", "--json")
    assert {**said.json, "seconds": 0} == {
        "value": 0, "bound": 0, "gap": 0.0, "m3_gap": 0.0, "served": 0, "unserved": 0, "worst_community": 1.0, "seconds": 0,
    }  # fmt: skip
    lists.write("MATCH (r:Resource) SET r.kept = r.capacity, r.capacity = 0")
    try:
        said = command(lists, "plan", "make", "--scope", "D", "--json")
    finally:
        lists.write("MATCH (r:Resource) SET r.capacity = r.kept, r.kept = null")
    assert (said.json["value"], said.json["served"], said.json["unserved"], said.json["gap"]) == (
        0,
        0,
        4,
        0.0,
    )


def test_bad_data_is_told_and_the_rest_is_planned(lists: Store) -> None:
    lists.write("MATCH (n:Need {id: 'N3'}) SET n.quantity = -5, n.wanted_from = '2020-12-01', n.wanted_to = '2020-11-01'")  # fmt: skip
    try:
        said = command(lists, "plan", "make", "--scope", "D")
    finally:
        lists.write("MATCH (n:Need {id: 'N3'}) SET n.quantity = 1, n.wanted_from = null, n.wanted_to = null")
    assert said.status == 0
    assert [line for line in said.err.splitlines() if line.startswith("需求 N")] == [
        "需求 N3「数量」：内容是“-5”，应为 1 到 1000000000 的整数",
        "需求 N3「期望结束」：2020-11-01 早于期望开始 2020-12-01，请改正其中一个日期",
        "需求 N4「需求类别」：没有填写，无法对接；请选择类别（可参考系统建议）",
    ]
    assert "满足 2 条，未满足 1 条" in said.out


@pytest.mark.parametrize(
    ("profile", "sentence"),
    [
        ("[weight]\ntext = 0.1", "p.toml：没有 weight 这一项，是否想写 weights？"),
        (
            "[practice]\nmax_parties = -1",
            "p.toml：practice.max_parties 应在 0 到 1000000000 之间；写的是“-1”",
        ),
        ("name = ", "p.toml末尾：不是有效的 TOML，请检查等号、引号和方括号"),
    ],
)
def test_a_profile_that_makes_no_sense_is_refused_with_the_reason(
    lists: Store, tmp_path: Path, profile: str, sentence: str
) -> None:
    file = tmp_path / "p.toml"
    file.write_text(profile, encoding="utf-8")
    said = command(lists, "plan", "make", "--scope", "D", "--profile", str(file))
    assert (said.status, said.err.splitlines()[-1]) == (2, sentence)


def test_a_plan_lives_as_declared_and_a_repeated_operation_acts_once(lists_client: FlaskClient, lists: Store) -> None:  # fmt: skip
    kept = keep(act(lists), made(lists))
    address, key = f"/api/plans/{kept.id}/announce", {"Idempotency-Key": "announce-once"}
    told = [lists_client.post(address, headers=key).json or {} for _ in range(2)]
    assert told[0] == told[1]
    assert {name: told[0][name] for name in ("plan_id", "state", "revision", "next")} == {
        "plan_id": kept.id, "state": "announced", "revision": 2, "next": ["running", "ended"],
    }  # fmt: skip
    assert not {"file", "profile"} & set(told[0])
    refused = lists_client.post(address)
    assert refused.status_code == 409
    assert refused.json is not None
    assert (
        refused.json["detail"]
        == f"对接方案 {kept.id} 现在是“已公布”，不能转为“已公布”；可以转为：执行中、已结束"
    )
    assert refused.json["possible"] == ["running", "ended"]
    assert lists_client.post("/api/plans/NO/announce").status_code == 404


def test_what_was_announced_is_taken_back_for_a_reason_only(lists_client: FlaskClient, lists: Store) -> None:
    draft, announced = keep(act(lists), made(lists)), keep(act(lists), made(lists, "name = 'b'"))
    move(act(lists), announced.id, "announced")
    assert lists_client.post(f"/api/plans/{draft.id}/end").json["state"] == "ended"  # type: ignore[index]
    silent = lists_client.post(f"/api/plans/{announced.id}/end")
    assert (silent.status_code, silent.json and silent.json["detail"]) == (422, "reason：“撤回”要写明理由")
    said = command(lists, "plan", "end", announced.id, "--reason", "单位退出", "--json")
    assert (said.status, said.json["state"], said.json["next"]) == (0, "ended", [])
    told = command(lists, "plan", "history", announced.id)
    assert "已公布 → 已结束" in told.out
    assert "单位退出" in told.out


def test_the_second_of_two_who_move_a_plan_is_told_what_has_changed(lists_client: FlaskClient, lists: Store) -> None:  # fmt: skip
    kept = keep(act(lists), made(lists))
    summary = lists_client.get(f"/api/plans/{kept.id}").json
    assert summary is not None
    seen = summary["rows"][0]["revision"]
    move(act(lists), kept.id, "announced")
    for headers, body in (({"If-Match": f'"{seen}"'}, {}), ({}, {"revision": seen})):
        late = lists_client.post(f"/api/plans/{kept.id}/start", headers=headers, json=body)
        assert late.json is not None
        assert (late.status_code, late.json["revision"]) == (409, 2)
        assert {each["field"]: each["theirs"] for each in late.json["changed"]}["state"] == "announced"
    assert lists_client.post(f"/api/plans/{kept.id}/start", json={"revision": 2}).status_code == 200


def test_a_plan_whose_file_proves_nothing_is_not_announced(lists: Store) -> None:
    kept = keep(act(lists), made(lists))
    forged = json.loads(kept.text) | {"value": kept.file().plan.value + 1}
    lists.write("MATCH (p:Plan {id: $id}) SET p.file = $file", {"id": kept.id, "file": packed(json.dumps(forged))})  # fmt: skip
    with pytest.raises(Conflict, match=f"对接方案 {kept.id} 没有通过核验，不能“公布”：文件内容与它的校验码"):
        move(act(lists), kept.id, "announced")
    assert lists.read("MATCH (p:Plan) RETURN p.state AS state") == [{"state": "draft"}]


CHANGES = (
    "MATCH (r:Resource {id: 'Z1'}) SET r.capacity = 16",
    "MATCH (r:Resource {id: 'Z2'}) SET r.valid_to = '2020-09-30'",
    "MATCH (n:Need {id: 'N1'}) SET n.quantity = 25",
    "MATCH (u:Unit {id: 'U3'}) SET u.valid_to = null",
    "MATCH (c:Community {id: 'C1'}) MATCH (k:Category {id: 'K1'}) "
    "CREATE (n:Need {id: 'N6', title: '残疾人助餐', quantity: 6, unit: '人次', urgency: 5, state: '入单'}) "
    "CREATE (n)-[:RAISED_IN]->(c) CREATE (n)-[:IN_CATEGORY]->(k)",
)
"""Less of one resource, another one gone, more of a need, an owner back, a new need."""
BACK = (
    "MATCH (r:Resource {id: 'Z1'}) SET r.capacity = 40", "MATCH (r:Resource {id: 'Z2'}) SET r.valid_to = null",
    "MATCH (n:Need {id: 'N1'}) SET n.quantity = 20", "MATCH (u:Unit {id: 'U3'}) SET u.valid_to = '2020-06-01'",
    "MATCH (n:Need {id: 'N6'}) DETACH DELETE n",
)  # fmt: skip


@pytest.fixture
def changed(lists: Store) -> Iterator[str]:
    """An announced plan, and lists that have changed since; its key."""
    kept = keep(act(lists), made(lists))
    move(act(lists), kept.id, "announced")
    for text in CHANGES:
        lists.write(text)
    yield kept.id
    for text in BACK:
        lists.write(text)


def test_a_plan_repaired_for_the_lists_of_today_is_as_good_as_one_made_anew(
    lists: Store, changed: str, tmp_path: Path
) -> None:
    file = tmp_path / "repaired.json"
    said = command(lists, "plan", "repair", changed, "--out", str(file), "--json")
    anew = made(lists)
    assert (said.status, said.json["value"], said.json["gap"]) == (0, anew.plan.value, 0.0)
    assert command(lists, "plan", "verify", str(file)).status == 0
    moves = {(row["need_id"], row["resource_id"]): row["sentence"] for row in said.json["rows"]}
    assert moves["N6", "Z1"] == "需求 N6 是后一方案才有的"
    assert moves["N1", "Z2"] == "资源 Z2 在后一方案中已没有"
    assert said.json["moves"] == len(moves)
    again = command(lists, "plan", "repair", said.json["plan_id"])
    assert "比原方案变动 0 项" in again.out


def test_a_plan_is_repaired_over_http_as_a_job_and_told_beside_the_old_one(
    lists_client: FlaskClient, lists: Store, changed: str
) -> None:
    started = lists_client.post(f"/api/plans/{changed}/repair")
    assert started.status_code == 202
    result = _ended(lists_client, started.headers["Location"])["result"]
    assert (result["repaired"], result["value"], result["gap"]) == (changed, made(lists).plan.value, 0.0)
    assert verify(lists_client.get(f"{result['address']}/file").text).ok
    told = lists_client.get(result["diff"]).json
    assert told is not None
    assert told["moves"] == result["moves"] > 0
    assert lists_client.post("/api/plans/NO/repair").status_code == 404


def test_a_plan_that_is_not_proved_best_is_not_repaired_but_made_anew(lists: Store) -> None:
    rules = "[practice]\nmax_parties = 1\nminimum_lot = 2"
    kept = keep(act(lists), made(lists, rules, practical=True))
    assert kept.file().plan.gap > 0
    said = command(lists, "plan", "repair", kept.id)
    assert said.status != 0
    assert "没有证明是最优的" in said.err


def test_a_plan_is_made_as_a_job_and_served_with_its_lists_its_file_and_its_workbook(lists_client: FlaskClient) -> None:  # fmt: skip
    started = lists_client.post("/api/plans", json={"scope": "D"}, headers={"Idempotency-Key": "make-once"})
    assert (started.status_code, started.headers["Location"]) == (
        202,
        started.json and started.json["address"],
    )
    job = _ended(lists_client, started.headers["Location"])
    assert (job["state"], job["error"], list(job["result"])) == ("done", None, ["plan_id", "address", *KEYS])
    address = job["result"]["address"]
    summary = lists_client.get(address).json
    assert summary is not None
    assert (summary["rows"][0]["state"], summary["rows"][0]["gap"], summary["rows"][0]["served"]) == ("draft", 0.0, 2)  # fmt: skip
    totals = {name: lists_client.get(f"{address}/{name}").headers["Total-Count"] for name in ("assignments", "unserved", "idle", "communities")}  # fmt: skip
    assert totals == {"assignments": "4", "unserved": "2", "idle": "1", "communities": "3"}
    page = lists_client.get(f"{address}/assignments?limit=1").json
    assert page is not None
    assert (len(page["rows"]), page["next"] is None) == (1, False)
    assert verify(lists_client.get(f"{address}/file").text).ok
    book = openpyxl.load_workbook(io.BytesIO(lists_client.get(f"{address}/workbook").data))
    assert book.sheetnames == ["按社区", "按单位", "未满足及原因", "闲置资源", "参数与证明"]
    # The price of a resource is told with a need, now that there is a plan.
    told = lists_client.get("/api/match/needs/N1?scope=D").json
    assert told is not None
    assert told["plan"] == job["result"]["plan_id"]
    assert [row["net"] == row["weight"] - row["price"] for row in told["rows"]] == [True] * 3


@pytest.mark.parametrize(
    ("body", "status", "detail"),
    [
        ({"scope": "NO"}, 400, "没有编号为“NO”的区域；可以用 linmai divisions 或页面上的搜索查编号"),
        ({"size": 1}, 422, "size：没有这一项，请去掉"),
        ({"scope": "D", "profile": {"weight": {}}}, 422, "profile：profile：没有 weight 这一项，是否想写 weights？"),
    ],
)  # fmt: skip
def test_a_plan_that_cannot_be_made_is_refused_before_there_is_a_job(
    lists_client: FlaskClient, body: dict[str, Any], status: int, detail: str
) -> None:
    answer = lists_client.post("/api/plans", json=body)
    assert (answer.status_code, answer.json and answer.json["detail"]) == (status, detail)


def test_a_job_can_be_cancelled_and_one_that_is_unknown_is_said_to_be(lists_client: FlaskClient) -> None:
    jobs = lists_client.application.extensions["linmai-jobs"]
    job = jobs.start("plan", lambda job: [job.report(0, 1) for _ in iter(lambda: job._stop.wait(0.01), None)])
    answer = lists_client.delete(f"/api/jobs/{job.id}")
    assert answer.status_code == 200
    assert _ended(lists_client, f"/api/jobs/{job.id}")["state"] == "cancelled"
    assert lists_client.get("/api/jobs/unknown").status_code == 404


def test_the_workbook_prints_on_a4_with_its_heads_repeated(lists: Store, tmp_path: Path) -> None:
    out = tmp_path / "plan.xlsx"
    assert command(lists, "plan", "make", "--scope", "D", "--out", str(out)).status == 0
    book = openpyxl.load_workbook(out)
    for sheet in book.worksheets:
        setup = sheet.page_setup
        assert (setup.orientation, int(setup.paperSize), sheet.print_title_rows) == ("landscape", 9, "$3:$3")
    sheet = book["未满足及原因"]
    assert [cell.value for cell in sheet[3]] == [
        "社区", "需求", "需求编号", "紧急程度", "需要数量", "缺少数量", "单位", "原因", "说明",
    ]  # fmt: skip
    assert [cell.value for cell in sheet[5]][:2] == ["示例三社区", "舞蹈排练"]


def test_every_sheet_of_a_plan_of_a_demo_says_so_at_its_head_and_foot(
    lists: Store, lists_client: FlaskClient, tmp_path: Path
) -> None:
    command(lists, "plan", "make", "--scope", "D")
    plan = command(lists, "plan", "list", "--scope", "D", "--json").json["rows"][0]["plan"]
    out, address = tmp_path / "plan.xlsx", f"/api/plans/{plan}/workbook"
    for demo in (False, True):
        lists.write("MATCH (r:StoreRecord) SET r.demo = $demo", {"demo": demo})
        command(lists, "plan", "show", plan, "--out", str(out))
        answer = lists_client.get(address)
        plan_file = lists_client.get(f"/api/plans/{plan}/file")
        for taken in (answer, plan_file):
            assert taken.headers.get("Synthetic-Data") == ("?1" if demo else None)
            assert ("filename*=" in taken.headers["Content-Disposition"]) is demo
        for book in (openpyxl.load_workbook(out), openpyxl.load_workbook(io.BytesIO(answer.data))):
            assert (book.properties.description == SYNTHETIC) is demo
            for sheet in book.worksheets:
                said = (SYNTHETIC in str(sheet["A2"].value), "示例数据" in str(sheet.HeaderFooter.oddFooter))
                assert said == (demo, demo)


def test_two_plans_differ_by_what_moves_and_why(lists: Store, tmp_path: Path) -> None:
    before, after = tmp_path / "before.json", tmp_path / "after.json"
    command(lists, "plan", "make", "--scope", "D", "--out", str(before))
    lists.write("MATCH (r:Resource {id: 'Z1'}) SET r.capacity = 30")
    try:
        command(lists, "plan", "make", "--scope", "D", "--out", str(after))
        rows = command(lists, "plan", "diff", str(before), str(after), "--json").json["rows"]
    finally:
        lists.write("MATCH (r:Resource {id: 'Z1'}) SET r.capacity = 40")
    of_z1 = [row for row in rows if row["resource_id"] == "Z1"]
    assert sum(row["change"] for row in of_z1) == -10
    assert {row["sentence"] for row in of_z1} == {"资源余量由 34 变为 24"}
    assert command(lists, "plan", "diff", str(before), str(before), "--json").json["rows"] == []


def test_a_unit_that_leaves_costs_what_it_gave(lists: Store, lists_client: FlaskClient) -> None:
    answer = lists_client.get("/api/what-if/unit-leaves/U1?scope=D").json
    assert answer is not None
    assert {row["need_id"]: row["lost"] for row in answer["rows"]} == {"N1": 1, "N2": 28}
    assert (answer["served_before"], answer["served_after"], answer["needs_lost"]) == (44, 15, 2)
    assert answer["value_change"] == answer["value_after"] - answer["value_before"] < 0
    said = command(lists, "whatif", "unit-leaves", "U1", "--scope", "D", "--json")
    assert said.json["rows"] == answer["rows"]
    assert lists_client.get("/api/what-if/unit-leaves/NO?scope=D").status_code == 404


def test_a_new_room_serves_the_need_that_nothing_fitted(lists: Store, lists_client: FlaskClient) -> None:
    answer = lists_client.get("/api/what-if/new-resource?scope=D&area=S2&category=L2&quantity=2").json
    assert answer is not None
    assert (answer["served_before"], answer["served_after"], answer["worst_before"], answer["rows"]) == (44, 45, 0.0, [])  # fmt: skip
    # 3 for its urgency, times category 0.8, community, all days, all units, no record; and the tier's bonus.
    assert answer["value_change"] == round(3000 * (0.35 * 0.8 + 0.20 * 0.7 + 0.05 + 0.05 + 0.10 * 0.6)) + 2000
    said = command(lists, "whatif", "new-resource", "--area", "S2", "--category", "L2", "--quantity", "2", "--scope", "D")  # fmt: skip
    assert said.out.splitlines()[-1] == answer["sentence"]
    refused = lists_client.get("/api/what-if/new-resource?scope=D&area=NO&category=L2&quantity=2")
    assert (refused.status_code, refused.json and refused.json["detail"]) == (
        400, "参数 area 的值“NO”不对：这个区里没有编号是它的区域",
    )  # fmt: skip


def test_a_what_if_starts_from_a_kept_plan_with_its_own_lists(lists: Store, lists_client: FlaskClient, changed: str) -> None:  # fmt: skip
    today = lists_client.get("/api/what-if/unit-leaves/U1?scope=D").json
    then = lists_client.get(f"/api/what-if/unit-leaves/U1?plan={changed}").json
    assert today is not None
    assert then is not None
    # The lists of the plan had 44 units to give; those of today have less, and another need.
    assert (then["served_before"], then["served_after"]) == (44, 15)
    assert {row["need_id"]: row["lost"] for row in then["rows"]} == {"N1": 1, "N2": 28}
    assert today["served_before"] < 44
    said = command(lists, "whatif", "unit-leaves", "U1", "--plan", changed, "--json")
    assert said.json["rows"] == then["rows"]
    assert lists_client.get("/api/what-if/capacity?plan=NO").status_code == 404


def test_a_what_if_over_http_takes_a_profile(lists: Store, lists_client: FlaskClient) -> None:
    one = lists_client.get(
        '/api/what-if/capacity?scope=D&percent=100&profile={"practice":{"unit_load":10}}'
    ).json
    assert one is not None
    # 4 of Z1, as U1 has promised 6 already; 10 of Z2, 5 of Z4.
    assert one["served_before"] == 19


def test_halved_capacities_serve_less_and_the_same_capacities_the_same(lists: Store, lists_client: FlaskClient) -> None:  # fmt: skip
    half = lists_client.get("/api/what-if/capacity?scope=D").json
    whole = lists_client.get("/api/what-if/capacity?scope=D&percent=100").json
    assert half is not None
    assert whole is not None
    # 17 of Z1, 5 of Z2, 2 of Z4.
    assert (half["served_after"], whole["served_after"], whole["value_change"], whole["rows"]) == (
        24,
        44,
        0,
        [],
    )
    assert command(lists, "whatif", "capacity", "50", "--scope", "D", "--json").json["rows"] == half["rows"]


def _view(store: Store, plan: Made) -> PlanView:
    return PlanView(plan.file, Desk(store).situation("D", DAY).snapshot)


def _ended(client: FlaskClient, address: str) -> dict[str, Any]:
    """The job when it has ended."""
    job = client.application.extensions["linmai-jobs"].find(address.rpartition("/")[2])
    assert job.wait(60)
    found = client.get(address).json
    assert found is not None
    return dict(found)
