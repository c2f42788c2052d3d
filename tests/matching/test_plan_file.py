"""A plan's file: readable, complete, and impossible to change without being found out."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from matching.certificate import faults
from matching.flow import solve
from matching.instance import Instance, Tier
from matching.plan_file import Move, Names, PlanFile, Unreadable, diff, digest, dump, load
from matching.practical import practical_plan
from matching.verify import verify
from tests.matching.random_instances import random_instance


def _file(instance: Instance, practical: bool = False) -> PlanFile:
    plan = practical_plan(instance) if practical else solve(instance)
    names = Names(
        [f"XQ-{n}" for n in range(instance.needs)], [f"ZY-{n}" for n in range(instance.resources)],
        [f"DW-{n}" for n in range(instance.units)], [f"SQ-{n}" for n in range(instance.communities)],
    )  # fmt: skip
    return PlanFile(instance, plan, names, {"weights": {"category": 0.3}}, "demo", "2026-01-02T03:04:05")


def _small() -> Instance:
    return Instance.build(
        need_quantity=[4, 3], need_community=[0, 1], resource_capacity=[3, 2], resource_unit=[0, -1], unit_limit=[2],
        pair_need=[0, 1, 1], pair_resource=[0, 0, 1], pair_weight=[10, 14, 9], locked=[1, 0, 0],
        announced=[0, 1, 0], move_price=[0, 3, 0], tiers=[Tier(50, 6), Tier(80, 2)],
        max_parties=[0, 2], minimum_lot=[0, 1],
    )  # fmt: skip


def _numbers(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The place of every number in a document."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if isinstance(value, int | float):
        yield path
    for key, inner in items:
        yield from _numbers(inner, (*path, key))


def _changed(document: dict[str, Any], path: tuple[Any, ...], by: int) -> dict[str, Any]:
    copy = json.loads(json.dumps(document))
    at = copy
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] += by
    return copy  # type: ignore[no-any-return]


def test_a_file_read_again_is_the_same_plan() -> None:
    for seed in range(40):
        file = _file(random_instance(seed))
        text = dump(file)
        again = load(text)
        assert isinstance(again, PlanFile)
        assert dump(again) == text
        assert again.plan.quantity.tolist() == file.plan.quantity.tolist()
        assert verify(text).problems == ()


def test_a_sound_file_states_value_bound_and_gap() -> None:
    result = verify(dump(_file(_small())))
    assert (result.ok, result.problems, result.value, result.bound, result.gap) == (True, (), 62, 62, 0.0)


def test_each_assignment_has_ids_and_a_whole_quantity() -> None:
    assert json.loads(dump(_file(_small())))["assignments"] == [
        {"need": "XQ-0", "resource": "ZY-0", "quantity": 1},
        {"need": "XQ-1", "resource": "ZY-0", "quantity": 1},
        {"need": "XQ-1", "resource": "ZY-1", "quantity": 2},
    ]


@pytest.mark.parametrize("practical", [False, True])
def test_changing_any_single_number_is_found_out(practical: bool) -> None:
    document = json.loads(dump(_file(_small(), practical)))
    places = list(_numbers(document))
    assert len(places) > 50
    for path in places:
        for by in (-1, 1, 1000):
            assert not verify(json.dumps(_changed(document, path, by))).ok, (path, by)


def test_a_forger_who_renews_the_digest_still_cannot_claim_more_than_is_true() -> None:
    document = json.loads(dump(_file(_small())))
    for path in _numbers(document):
        for by in (-1, 1):
            forged = _changed(document, path, by)
            forged["digest"] = digest(forged)
            result = verify(json.dumps(forged))
            claims = path[0] in ("value", "bound", "gap", "assignments")
            if claims:
                assert not result.ok, path
            if result.ok:
                # What passes is another true statement: its own instance, value and a valid bound.
                file = load(json.dumps(forged))
                assert isinstance(file, PlanFile)
                assert faults(file.instance, file.plan) == []
                assert file.plan.value <= solve(file.instance).value <= file.plan.bound


def test_a_changed_digest_or_id_is_found_out() -> None:
    text = dump(_file(_small()))
    assert not verify(re.sub(r'("digest": ")(.)', lambda m: m[1] + ("0" if m[2] != "0" else "1"), text)).ok
    assert not verify(text.replace("SQ-1", "SQ-9")).ok


def test_a_fault_is_told_with_the_ids_and_numbers() -> None:
    file = _file(_small())
    quantity = file.plan.quantity.copy()
    quantity[1] += 1
    forged = dump(replace(file, plan=replace(file.plan, quantity=quantity)))
    assert verify(forged).problems == (
        "需求 XQ-1：分配了 4，超过所需的 3",
        "单位 DW-0：共承担 3，超过负担上限 2",
        "方案值写的是 62，按分配重算是 76",
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "这不是完整的方案文件"),
        ("[" * 100_000, "这不是完整的方案文件"),
        ('{"a": NaN}', "这不是完整的方案文件"),
        ('{"format": "other"}', "这不是 LinMai 的对接方案文件"),
        ('{"format": "linmai-plan", "version": 9}', "方案文件的版本是 9"),
        ('{"format": "linmai-plan", "version": 1}', "方案文件不完整：缺少“scope”"),
    ],
)
def test_a_damaged_or_foreign_file_is_told_in_one_sentence(text: str, sentence: str) -> None:
    found = load(text)
    assert isinstance(found, Unreadable)
    assert found.sentence.startswith(sentence)
    assert verify(text).problems == (found.sentence,)


def test_cutting_a_file_anywhere_is_told_and_never_crashes() -> None:
    text = dump(_file(_small()))
    for end in range(0, len(text) - 3, 7):
        assert isinstance(load(text[:end]), Unreadable)


def test_any_value_replaced_by_another_kind_is_told_and_never_crashes() -> None:
    document = json.loads(dump(_file(_small())))
    for path in _numbers(document):
        for other in (None, "x", [], {}, True, 10**30, 1.5):
            copy = _changed(document, path, 0)
            at = copy
            for key in path[:-1]:
                at = at[key]
            at[path[-1]] = other
            assert not verify(json.dumps(copy)).ok, (path, other)


def test_the_difference_of_two_plans_says_what_moves() -> None:
    before = _file(_small())
    dearer = replace(before.instance, pair_weight=np.array([30, 14, 9]))
    assert diff(before, _file(dearer)) == [Move("XQ-0", "ZY-0", 1, 2), Move("XQ-1", "ZY-0", 1, 0)]
    assert diff(before, before) == []


def test_names_that_do_not_fit_are_refused() -> None:
    file = _file(_small())
    with pytest.raises(ValueError, match=r"1 ids \(1 different\) for 2 needs"):
        dump(replace(file, names=replace(file.names, needs=["XQ-0"])))
