"""Every reading query on the demo district against its answer computed in plain Python."""

import pytest

from graph.store import Store
from tests.queries.content import Content
from tests.queries.independent import ANSWERS, in_one_order, independent_answer
from tests.queries.test_queries import NAMES, DemoAnswers

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def content(demo_store: Store) -> Content:
    """Everything in the demo district."""
    return Content.of(demo_store)


def test_every_query_has_an_independent_answer() -> None:
    assert sorted(ANSWERS) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_answer_is_the_one_computed_without_the_database(
    demo_answers: DemoAnswers, content: Content, name: str
) -> None:
    given, rows = demo_answers(name)
    assert in_one_order(rows) == in_one_order(independent_answer(content, name, given))
