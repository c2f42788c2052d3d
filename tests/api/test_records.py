"""Every step of every declared life, and what a load and an undo make of records that were written by hand."""

from itertools import count
from typing import Any

import pytest

from api.records.acts import Act
from api.records.editing import change, create, withdraw
from api.records.kinds import KINDS, PLAN, Kind
from api.records.moving import move
from api.records.reading import history
from api.refusals import Conflict, InvalidInput
from graph.lifecycle import Lifecycle, Transition
from graph.schema.lifecycles import BY_HAND, LIFECYCLES
from graph.store import Store
from loaders.load import load
from loaders.undo import undo
from tests.api.small_district import small_plan
from tests.api.small_lists import COMMUNITY, fill
from tests.conftest import empty
from tests.loaders.drafting import sheet

_keys = count()
STEPS = [
    (life, step, source)
    for life in LIFECYCLES.values()
    for step in life.transitions
    for source in step.sources
]
WORDS = {"理由": "reason", "反馈": "feedback"}


def kind_of(label: str) -> Kind:
    return next(kind for kind in (*KINDS.values(), PLAN) if kind.label == label)


def act(store: Store) -> Act:
    return Act(store, f"test-act-{next(_keys):06d}", "R1")


def put(store: Store, label: str, state: str | None) -> str:
    """A record as a load leaves it, in a state, with whatever any step may ask for; returns its key."""
    key = f"{label}-{next(_keys)}"
    store.write(
        f"MATCH (n:Need {{id: 'N1'}}) MATCH (u:Unit {{id: 'U1'}}) MATCH (r:Resource {{id: 'R1'}}) MATCH (x:Category {{id: 'X1'}}) "
        f"CREATE (s:{label} {{id: $key, state: $state, title: 'x', name: 'x', quantity: 1}}) "
        f"CREATE (s)-[:{ {'Need': 'IN_CATEGORY', 'Claim': 'BY_UNIT', 'Project': 'LED_BY', 'Agreement': 'WITH_UNIT', 'Meeting': 'OF', 'Plan': 'ASSIGNS'}[label] }]->("
        f"{ {'Need': 'x', 'Plan': 'n'}.get(label, 'u') })",
        {"key": key, "state": state},
    )  # fmt: skip
    if label == "Claim":
        store.write(
            "MATCH (c:Claim {id: $key}) MATCH (n:Need {id: 'N1'}) CREATE (c)-[:FOR_NEED]->(n)", {"key": key}
        )
    if label == "Project":
        store.write(
            "MATCH (p:Project {id: $key}) MATCH (r:Resource {id: 'R1'}) CREATE (p)-[:USES {promised: 1, delivered: 1}]->(r) "
            "CREATE (:Evaluation {id: $key, score: 90.0})-[:OF]->(p)",
            {"key": key},
        )
    if label == "Plan":
        file = {"key": key, "file": small_plan()["file"]}
        store.write("MATCH (p:Plan {id: $key}) SET p.file = $file", file)
    return key


@pytest.fixture(scope="module")
def lists(embedded_store: Store) -> Store:
    empty(embedded_store)
    fill(embedded_store, resources={"R1": 1_000_000})
    embedded_store.write(
        "MATCH (n:Need {id: 'N1'}) MATCH (c:Category {id: 'X1'}) CREATE (n)-[:IN_CATEGORY]->(c)"
    )
    return embedded_store


@pytest.mark.parametrize(("life", "step", "source"), STEPS, ids=lambda value: getattr(value, "label", None) or getattr(value, "heading", value))  # fmt: skip
def test_every_declared_step_is_taken_with_what_it_needs_and_refused_without(
    lists: Store, life: Lifecycle, step: Transition, source: str
) -> None:
    kind, key = kind_of(life.label), put(lists, life.label, source)
    needed = [WORDS[each.value] for each in step.requires if each.value in WORDS]
    said = {"to": step.target, **dict.fromkeys(needed, "因为如此")}
    if "立项" in [each.value for each in step.requires]:
        with pytest.raises(Conflict, match="随立项而来，不能单独办理"):
            move(act(lists), kind, key, said)
        return
    for name in needed:
        with pytest.raises(InvalidInput, match=f"{name}：“{step.heading}”要写明"):
            move(act(lists), kind, key, {n: v for n, v in said.items() if n != name})
    answer = move(act(lists), kind, key, said).answer
    assert (answer["state"], answer["revision"]) == (step.target, 1)
    told = history(lists, kind, key)
    day = told[-1]["at"] if life.label == "Plan" else "2020-10-01"
    assert step.stamps == "" or answer[step.stamps] == day
    steps = [
        (each["from"], each["to"], each["actor"], each["reason"]) for each in told if each["what"] == "step"
    ]
    assert steps == [(source, step.target, "R*", "；".join(["因为如此"] * len(needed)) or None)]


@pytest.mark.parametrize("life", LIFECYCLES.values(), ids=LIFECYCLES)
def test_every_step_that_is_not_declared_is_refused_with_those_that_are(
    lists: Store, life: Lifecycle
) -> None:
    kind = kind_of(life.label)
    for source in map(str, life.codes.values):
        key = put(lists, life.label, source)
        possible = [step.target for step in life.steps_from(source)]
        for target in (str(t) for t in life.codes.values if t not in possible):
            with pytest.raises(Conflict) as refused:
                move(act(lists), kind, key, {"to": target})
            assert refused.value.members == {"state": source, "possible": possible}


@pytest.mark.parametrize("life", LIFECYCLES.values(), ids=LIFECYCLES)
def test_a_record_that_was_loaded_without_a_state_lives_on_from_where_its_life_says(
    lists: Store, life: Lifecycle
) -> None:
    key = put(lists, life.label, None)
    onward = [step.target for step in life.steps_from(life.state_of(None))]
    with pytest.raises(Conflict) as refused:
        move(act(lists), kind_of(life.label), key, {"to": life.state_of(None)})
    assert refused.value.members["possible"] == onward


def test_what_can_be_written_by_hand_is_what_loads_take_care_of() -> None:
    assert tuple(kind.label for kind in KINDS.values()) == BY_HAND


def test_a_unit_and_a_resource_end_on_the_day_and_are_not_deleted(lists: Store) -> None:
    made = create(act(lists), KINDS["unit"], {"id": "U9", "name": "示例银行", "located_in": COMMUNITY}).answer
    assert made["valid_to"] is None
    assert withdraw(act(lists), KINDS["unit"], "U9", {"reason": "迁出"}).answer["valid_to"] == "2020-10-01"
    changes = {each["heading"]: each["after"] for each in history(lists, KINDS["unit"], "U9")[-1]["changes"]}
    assert changes == {"终止日期": "2020-10-01", "理由": "迁出"}
    with pytest.raises(Conflict, match="共建单位 U9 已于 2020-10-01 终止"):
        withdraw(act(lists), KINDS["unit"], "U9", {})


NEEDS = {
    "编号": "XQ-5",
    "标题": "加装扶手",
    "数量": 3,
    "状态": "入单",
    "提出区域": COMMUNITY,
    "需求类别": "X1",
}


def loaded(store: Store, **cells: Any) -> tuple[str, list[str]]:
    """Load the register of needs; returns the batch and what was found."""
    result = load(store, [sheet("Need", {**NEEDS, **cells})], as_of="2020-10-01")
    return result.batches[-1].id, [problem.message for problem in result.problems]


def stored(store: Store) -> dict[str, Any]:
    row = store.read(
        "MATCH (n:Need {id: 'XQ-5'})-[:IN_CATEGORY]->(c) RETURN n.title AS title, n.quantity AS quantity, n.state AS state, c.id AS category"
    )[0]
    return dict(row)


@pytest.fixture
def register(store: Store) -> Store:
    """One need of a register, and a second category."""
    fill(store, resources={"R1": 10})
    store.write("CREATE (:Category {id: 'X2', name: '助餐', list: '需求'})")
    loaded(store)
    return store


def test_a_load_keeps_what_was_set_by_hand_says_so_and_writes_the_rest(register: Store) -> None:
    move(act(register), KINDS["need"], "XQ-5", {"to": "对接中"})
    change(act(register), KINDS["need"], "XQ-5", {"quantity": 5, "in_category": "X2"})
    _, found = loaded(register, 标题="加装扶手和坡道")
    assert stored(register) == {"title": "加装扶手和坡道", "quantity": 5, "state": "对接中", "category": "X2"}
    assert sorted(found) == [
        "需求.xlsx「需求」第 2 行「数量」列：已在系统中改过（系统中是“5”，表中是“3”），没有覆盖；若以表为准，请在系统中改",
        "需求.xlsx「需求」第 2 行「状态」列：已在系统中改过（系统中是“对接中”，表中是“入单”），没有覆盖；若以表为准，请在系统中改",
        "需求.xlsx「需求」：需求 XQ-5 的「类别」已在系统中改过，与表中不同，没有覆盖；若以表为准，请在系统中改",
    ]
    _, again = loaded(register, 标题="加装扶手和坡道", 数量=5, 状态="对接中", 需求类别="X2")
    assert again == []


def test_a_batch_whose_record_was_changed_by_hand_is_not_undone(register: Store) -> None:
    batch = register.read("MATCH (b:Batch) RETURN b.id AS id")[0]["id"]
    change(act(register), KINDS["need"], "XQ-5", {"quantity": 5})
    refused = undo(register, batch)
    assert [conflict.message for conflict in refused.conflicts] == [
        "需求 XQ-5 由本批次新增，后来又被改过（在系统中办理），不能随批次撤销"
    ]
    assert stored(register)["quantity"] == 5


def test_undoing_a_later_batch_leaves_what_was_changed_by_hand_on_other_fields(register: Store) -> None:
    batch, _ = loaded(register, 标题="加装扶手和坡道")
    change(act(register), KINDS["need"], "XQ-5", {"quantity": 5})
    assert undo(register, batch).conflicts == ()
    assert stored(register) == {"title": "加装扶手", "quantity": 5, "state": "入单", "category": "X1"}


def test_what_was_created_by_hand_is_in_no_batch_and_a_register_that_brings_it_keeps_it(
    register: Store,
) -> None:
    create(
        act(register),
        KINDS["need"],
        {"id": "XQ-6", "title": "增设路灯", "quantity": 2, "raised_in": COMMUNITY},
    )
    _, found = loaded(register, 编号="XQ-6", 标题="增设路灯", 数量=4, 状态=None, 需求类别=None)
    kept = register.read("MATCH (n:Need {id: 'XQ-6'}) RETURN n.quantity AS quantity, n.state AS state, n.first_batch AS batch")[0]  # fmt: skip
    assert (kept["quantity"], kept["state"], kept["batch"][:3]) == (2, "提出", "op:")
    assert [line for line in found if "XQ-6" in line or "「数量」" in line] == [
        "需求.xlsx「需求」第 2 行「数量」列：已在系统中改过（系统中是“2”，表中是“4”），没有覆盖；若以表为准，请在系统中改"
    ]
