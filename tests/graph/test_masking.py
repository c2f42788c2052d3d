"""Personal values are shown so that one's own record is recognised and nobody else's found."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.masking import mask, mask_node
from graph.schema import SCHEMA


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("13800008000", "138****8000"), ("+86 13800008000", "+86****8000"), ("0375-1234567", "037****4567"),
        ("1234567", "****67"), ("12345678", "****78"), ("12345", "1*"), ("400-123-4567", "****67"),
        ("王小明", "王*"), ("王", "*"), ("男", "*"), (1961, "***"), (1.5, "***"), (True, "***"), (["王"], "***"),
        (None, None), ("", ""),
    ],
)  # fmt: skip
def test_a_personal_value_is_masked(value: Any, shown: Any) -> None:
    assert mask(value) == shown


@given(st.from_regex(r"(1[3-9]\d{9})|(0\d{2,3}-\d{7,8})|(\d{7,8})|(1\d{4})", fullmatch=True))
def test_no_telephone_number_can_be_told_from_its_mask(number: str) -> None:
    shown = sum(character.isdigit() for character in mask(number))
    assert sum(character.isdigit() for character in number) - shown >= 4


def test_a_node_shows_what_is_not_personal_and_masks_the_rest() -> None:
    person = {
        "id": "RY-000001",
        "name": "示例一",
        "gender": "女",
        "birth_year": 1961,
        "member_kind": "在职",
        "phone": None,
    }
    assert mask_node(SCHEMA, {"label": "Person", "properties": person}) == {
        "label": "Person",
        "properties": {
            "id": "RY-000001", "name": "示*", "gender": "*", "birth_year": "***", "member_kind": "在职", "phone": None,
        },
    }  # fmt: skip


def test_of_a_label_that_is_not_declared_only_the_key_is_shown() -> None:
    assert mask_node(SCHEMA, {"label": "Stranger", "properties": {"id": "1", "name": "张三", "n": 7}}) == {
        "label": "Stranger",
        "properties": {"id": "1", "name": "张*", "n": "***"},
    }
