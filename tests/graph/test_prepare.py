"""Promises of preparing a store."""

from dataclasses import replace

import pytest

from graph.model import GraphSchema
from graph.prepare import (
    StoreRecord,
    StoreTooNew,
    StoreTooOld,
    prepare,
    set_store_record,
    store_record,
)
from graph.schema import SCHEMA
from graph.store import Store
from graph.store_errors import UniqueViolation

PART = GraphSchema(1, tuple(n for n in SCHEMA.nodes if n.label in ("Operation", "StoreRecord")), ())
THIRD = replace(PART, version=3)


def test_a_new_store_gets_its_constraints_and_its_record(store: Store) -> None:
    assert store_record(store) is None
    assert prepare(store, PART) == StoreRecord(1)
    assert store_record(store) == StoreRecord(1, demo=False, reference_date=None)
    store.write("CREATE (:Operation {id: 'DW-1'})")
    with pytest.raises(UniqueViolation):
        store.write("CREATE (:Operation {id: 'DW-1'})")


def test_preparing_again_keeps_what_the_record_says(store: Store) -> None:
    prepare(store, PART)
    said = StoreRecord(1, demo=True, reference_date="2020-10-01")
    set_store_record(store, said)
    assert prepare(store, PART) == said
    assert store_record(store) == said


def test_an_older_store_is_upgraded_step_by_step_after_a_backup(store: Store) -> None:
    prepare(store, PART)
    set_store_record(store, StoreRecord(1, demo=True, reference_date="2020-10-01"))
    store.write("CREATE (:Operation {id: 'DW-1', actor: 'a'})")
    done: list[str] = []

    def first(store: Store) -> None:
        done.append("1 to 2")
        store.write("MATCH (u:Operation) SET u.at = u.actor, u.actor = null")

    def second(store: Store) -> None:
        done.append("2 to 3")
        assert store_record(store) == StoreRecord(2, demo=True, reference_date="2020-10-01")

    record = prepare(store, THIRD, backup=lambda: done.append("backup"), upgrades={1: first, 2: second})
    assert done == ["backup", "1 to 2", "2 to 3"]
    assert record == store_record(store) == StoreRecord(3, demo=True, reference_date="2020-10-01")
    assert store.read("MATCH (u:Operation) RETURN properties(u) AS u") == [{"u": {"id": "DW-1", "at": "a"}}]


def test_an_older_store_without_a_way_up_is_refused_and_left_alone(store: Store) -> None:
    prepare(store, PART)
    with pytest.raises(StoreTooOld) as no_step:
        prepare(store, THIRD, backup=lambda: None, upgrades={1: lambda store: None})
    assert str(no_step.value) == (
        f"数据库 {store.shown} 的模型版本 1 太旧，没有从版本 2 升级的办法；"
        "请用写成它的那个版本导出备份，或改用一个新的数据库"
    )
    with pytest.raises(StoreTooOld, match="升级到 3 前须先备份"):
        prepare(store, THIRD, upgrades={1: lambda store: None, 2: lambda store: None})
    assert store_record(store) == StoreRecord(1)


def test_a_newer_store_is_refused_in_one_sentence(store: Store) -> None:
    set_store_record(store, StoreRecord(7))
    with pytest.raises(StoreTooNew) as refused:
        prepare(store, PART)
    assert str(refused.value) == (
        f"数据库 {store.shown} 由更新的版本写成（模型版本 7，本程序为 1）；请升级本程序后再使用它"
    )
