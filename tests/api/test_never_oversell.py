"""Claims that arrive at the same moment: never more than there is, each once, on every engine."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from api.records.acts import Act
from api.records.editing import change, create, withdraw
from api.records.kinds import KINDS
from api.refusals import Conflict
from graph.operations import KeyUsedTwice, Operation, perform
from graph.prepare import prepare
from graph.schema import SCHEMA
from graph.store import Store
from graph.store_errors import QueryTimeout
from tests.api.small_lists import COMMUNITY, fill

ROUNDS, CLAIMS, CAPACITY = 20, 50, 10
CLAIM, RESOURCE = KINDS["claim"], KINDS["resource"]
PROMISED = """
MATCH (r:Resource) OPTIONAL MATCH (c:Claim)-[:WITH_RESOURCE]->(r)
RETURN r.id AS resource, count(c) AS claims, sum(c.quantity) AS promised ORDER BY resource
"""


def test_fifty_simultaneous_claims_each_sent_twice_leave_exactly_what_there_is(store: Store) -> None:
    fill(store, resources={f"R{n:02}": CAPACITY for n in range(ROUNDS)})

    def claim(round_: int, number: int) -> str:
        body = {"by_unit": "U1", "for_need": "N1", "with_resource": f"R{round_:02}", "quantity": 1}
        try:
            outcome = create(Act(store, f"claim-{round_:02}-{number:02}"), CLAIM, body)
        except Conflict as refused:
            return f"{refused.members['left']} left"
        return str(outcome.answer["id"])

    with ThreadPoolExecutor(2 * CLAIMS) as pool:
        for round_ in range(ROUNDS):
            sent = [pool.submit(claim, round_, number) for number in (*range(CLAIMS), *range(CLAIMS))]
            answers = Counter(each.result() for each in sent)
            # Ten claims, each answered twice with the same; forty refused twice because nothing was left.
            assert answers.pop("0 left") == 2 * (CLAIMS - CAPACITY)
            assert list(answers.values()) == [2] * CAPACITY
    assert store.read(PROMISED) == [
        {"resource": f"R{n:02}", "claims": CAPACITY, "promised": CAPACITY} for n in range(ROUNDS)
    ]


def test_what_a_withdrawn_claim_held_can_be_claimed_again(store: Store) -> None:
    fill(store, resources={"R1": 10})
    body = {"by_unit": "U1", "for_need": "N1", "with_resource": "R1", "quantity": 6}
    first = create(Act(store, "claim-one"), CLAIM, body).answer
    with pytest.raises(Conflict, match="资源 R1 只剩 4座（共 10，已占用 6），不够 6"):
        create(Act(store, "claim-two"), CLAIM, body)
    with pytest.raises(Conflict, match="资源 R1 已被占用 6，数量不能改为 5"):
        change(Act(store, "change-it"), RESOURCE, "R1", {"capacity": 5})
    withdraw(Act(store, "withdraw"), CLAIM, first["id"], {"reason": "单位搬迁"})
    assert create(Act(store, "claim-two"), CLAIM, body).answer["state"] == "申请"


def test_a_key_acts_once_and_is_refused_for_another_request(store: Store) -> None:
    fill(store, resources={"R1": 10})
    body = {"by_unit": "U1", "for_need": "N1", "with_resource": "R1", "quantity": 6}
    first, again = (create(Act(store, "claim-one"), CLAIM, body) for _ in range(2))
    assert (first.repeated, again.repeated, again.answer) == (False, True, first.answer)
    with pytest.raises(KeyUsedTwice, match="操作号 claim-one 已用于另一个操作"):
        create(Act(store, "claim-one"), CLAIM, {**body, "quantity": 1})


def test_of_many_who_create_the_same_record_at_once_one_does_and_the_others_are_told(store: Store) -> None:
    fill(store, resources={})

    def need(number: int) -> str:
        body = {"id": "XQ-1", "title": f"需求{number}", "raised_in": COMMUNITY}
        try:
            return str(create(Act(store, f"create-{number:02}"), KINDS["need"], body).answer["title"])
        except Conflict as refused:
            return str(refused)

    with ThreadPoolExecutor(20) as pool:
        answers = Counter(pool.map(need, range(20)))
    (stored,) = store.read("MATCH (n:Need {id: 'XQ-1'}) RETURN n.title AS title")
    assert answers == {
        stored["title"]: 1,
        "已经有编号为“XQ-1”的需求；要改它请用“修改”，另一个请换一个编号": 19,
    }


def test_a_stalled_operation_ends_by_its_time_limit_and_writes_nothing(store: Store) -> None:
    prepare(store, SCHEMA)
    fill(store, resources={"R1": 10})
    locked, never = threading.Event(), threading.Event()
    subject = ("Resource", "R1")

    def stall(*_: object) -> dict[str, object]:
        locked.set()
        never.wait(1.5)
        return {"done": True}

    with ThreadPoolExecutor(1) as pool:
        stalled = pool.submit(
            perform, store, Operation("stalled-one", "a", "2020-10-01T08:00:00", {}), [subject], stall, timeout_s=1.0
        )  # fmt: skip
        assert locked.wait(60)
        # Somebody else gets on with it while the first is still stalled.
        body = {"by_unit": "U1", "for_need": "N1", "with_resource": "R1", "quantity": 6}
        assert create(Act(store, "another-one"), CLAIM, body).answer["quantity"] == 6
        with pytest.raises(QueryTimeout, match="未能在时限内完成，已停止"):
            stalled.result()
    assert store.read("MATCH (o:Operation) RETURN o.id AS id") == [{"id": "op:another-one"}]
