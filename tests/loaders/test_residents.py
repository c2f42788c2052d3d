"""The words that the demo declares for its categories of needs understand what residents say."""

from collections.abc import Sequence
from datetime import date
from functools import cache

import pytest

from loaders.demo.categories import category_rows
from loaders.demo.rows import Row
from matching.build import build
from matching.rows import CategoryRow, NeedRow
from matching.suggest import SURE, Suggester
from tests.loaders.demo_rows import heading, several, two_districts
from tests.loaders.resident_sentences import FURTHER, SENTENCES


@cache
def suggester() -> Suggester:
    """What learns from the categories and needs of the demo; the key of a category is its name here."""
    written = list(category_rows())
    # A wider category of resources may be called like one of needs.
    names = {
        row[
            heading("Category", "id")
        ]: f"{row[heading('Category', 'name')]}{'' if _is_need(row) else '（资源）'}"
        for row in written
    }
    categories: list[CategoryRow] = [
        {
            "id": names[row[heading("Category", "id")]], "name": str(row[heading("Category", "name")]), "list_kind": str(row[heading("Category", "list")]),
            "parent": names.get(row.get(heading("Category", "BROADER"), "")),
            "synonyms": several(row.get(heading("Category", "synonyms"))),
        }
        for row in written
    ]  # fmt: skip
    needs: list[NeedRow] = [
        {
            "id": str(row[heading("Need", "id")]), "title": str(row[heading("Need", "title")]), "area": None,
            "text": str(row[heading("Need", "text")]), "category": str(row[heading("Need", "IN_CATEGORY")]),
        }
        for row in two_districts()[0].rows["Need"]
    ]  # fmt: skip
    snapshot = build(
        as_of=date(2020, 10, 1), areas=[], categories=categories, can_serve=[], owners=[], needs=needs, resources=[]
    )  # fmt: skip
    return Suggester.of(snapshot, "需求")


def _is_need(row: Row) -> bool:
    return row[heading("Category", "list")] == "需求"


@pytest.mark.parametrize(("said", "least"), [(SENTENCES, 0.95), (FURTHER, 0.9)], ids=["known", "left alone"])
def test_what_residents_say_is_filed_where_a_clerk_would(
    said: Sequence[tuple[str, str]], least: float
) -> None:
    found = [(text, suggester().suggest(text).category, category) for text, category in said]
    wrong = [each for each in found if each[1] != each[2]]
    assert 1 - len(wrong) / len(said) >= least, wrong


def test_an_old_person_who_has_trouble_to_eat_is_not_in_want_of_a_visit() -> None:
    found = suggester().suggest("老人吃饭难")
    assert (found.category, found.certainty > SURE) == ("老年助餐", True)
