"""Every reading query, on the demo district, on all engines."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from graph.ask import bind, rows_of
from graph.catalog import queries
from graph.store import Store, Transaction
from tests.queries.asked import ASKED, DAY

DemoAnswers = Callable[[str], tuple[dict[str, Any], list[dict[str, Any]]]]
"""What a query of that name is asked, and the rows that the demo store answers: each is asked once in a run."""

NAMES = sorted(queries())


def arguments(store: Store, name: str) -> dict[str, Any]:
    """What a query is asked: the table's arguments, its scope, the demo's day."""
    asked, query = ASKED[name], queries()[name]
    given = {**asked.arguments, "scope": asked.scope}
    if given.get("need") == "?":
        given["need"] = a_need_with_candidates(store)
    if any(p.name == "as_of" for p in query.params):
        given["as_of"] = DAY
    return bind(query, given, store)


def a_need_with_candidates(store: Store) -> str:
    """The first open need of a category that some resource can serve."""
    text = (
        "MATCH (n:Need)-[:IN_CATEGORY]->(:Category)-[:BROADER*0..1]->(:Category)<-[:CAN_SERVE]-(:Category) "
        "WITH DISTINCT n.id AS id ORDER BY id LIMIT 1 RETURN id"
    )
    return str(store.read(text)[0]["id"])


def comparable(rows: list[dict[str, Any]]) -> list[Any]:
    """Rows without the order inside collected lists, which no engine promises."""
    return [
        {
            k: sorted(v) if isinstance(v, list) and all(isinstance(e, str) for e in v) else v
            for k, v in row.items()
        }
        for row in rows
    ]


def test_every_query_is_asked_here() -> None:
    assert sorted(ASKED) == NAMES


@pytest.mark.servers
@pytest.mark.parametrize("name", NAMES)
def test_all_engines_give_the_same_answer_with_rows_wherever_the_demo_has_any(
    demo_stores: Mapping[str, Store], demo_answers: DemoAnswers, name: str
) -> None:
    given, rows = demo_answers(name)
    expected = comparable(rows)
    assert bool(expected) is not ASKED[name].none_in_demo
    for engine in ("neo4j-5.26", "neo4j-2026"):
        assert comparable(rows_of(demo_stores[engine], queries()[name], given)) == expected, engine


@pytest.mark.servers
@pytest.mark.parametrize("name", NAMES)
def test_the_one_record_that_is_asked_for_holds_the_rows_of_the_query_as_it_is_written(
    demo_store: Store, demo_answers: DemoAnswers, name: str
) -> None:
    given, rows = demo_answers(name)
    assert comparable(rows) == comparable(demo_store.read(queries()[name].text, given))


class TakenBack(Exception):
    """Ends a transaction without keeping what it did."""


@pytest.mark.servers
@pytest.mark.parametrize("name", NAMES)
def test_a_change_in_the_data_changes_the_answer(demo_store: Store, name: str) -> None:
    given = arguments(demo_store, name)
    seen: list[list[dict[str, Any]]] = []

    def change(transaction: Transaction) -> None:
        text = ASKED[name].change
        seen[:] = [transaction.run(queries()[name].text, given)]
        transaction.run(text, {"scope": given["scope"]} if "$scope" in text else {})
        seen.append(transaction.run(queries()[name].text, given))
        raise TakenBack

    with pytest.raises(TakenBack):
        demo_store.transact(change)
    assert seen[0] != seen[1]
