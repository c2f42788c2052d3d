"""Two hundred small random districts in one store: every query, asked with a district's scope, answers as if that
district were alone, on every engine.

ArcadeDB is asked every query for every district, on two days. The two versions of Neo4j are asked one query in
`SHARE` for each district, in turn, so that each query is asked there for about twenty districts.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import pytest

from graph.ask import days_after
from graph.catalog import queries
from graph.prepare import prepare
from graph.query_file import Param
from graph.schema import SCHEMA
from graph.store import Store, Transaction
from tests.queries.asked import ASKED
from tests.queries.independent import in_one_order, independent_answer
from tests.queries.small_districts import DAYS, SmallDistrict, store_all

DISTRICTS = 200
SHARE = 10
# The server answers one connection while this program compares the answers of another.
_CONNECTIONS = 3

Question = tuple[str, dict[str, Any]]
KEYED = {
    "need": ("Need",),
    "id": ("Community", "Unit", "Person", "Need", "Project", "PartyOrganization"),
    "unit": ("Unit",),
    "person": ("Person",),
    "organization": ("PartyOrganization", "Organization"),
    "start": ("Unit", "Need", "Project", "PartyOrganization"),
    "end": ("Community", "Resource", "Unit"),
    "owner": ("Unit", "Organization", "Community"),
}
"""Parameters that take a key, and of what."""


def questions(district: SmallDistrict, share: int = 1) -> Iterator[Question]:
    """Queries with parameters that fit the district: its key as scope, or now and then one of its areas."""
    number = int(district.prefix[1:])
    for position, (name, query) in enumerate(sorted(queries().items())):
        random = Random(f"{name} {district.prefix}")
        if (position + number) % share:
            continue
        dated = any(p.name == "as_of" for p in query.params)
        for day in DAYS if dated else DAYS[:1]:
            given = {p.name: _value(p, district, day, random) for p in query.params}
            if all(given[key] is not None for key in ("scope", *KEYED) if key in given):
                yield name, given


def _value(param: Param, district: SmallDistrict, day: str, random: Random) -> Any:
    if param.type == "area":
        whole = "District" in param.areas and random.random() < 0.6
        areas = [a[1] for a in district.areas if a[0] in param.areas]
        return district.district[1] if whole else random.choice(areas or [None])
    if param.name == "limit":
        return 1000
    if labels := KEYED.get(param.name):
        return random.choice(district.some(*labels) or [None])
    choices = {"integer": (1, 2, 3, 4, 5), "boolean": (True, False)}.get(param.type, ())
    if param.codes:
        choices = param.codes.values
    if not param.required and param.days_from_today is None:
        choices = (None, *choices)
    if param.type == "date":
        return days_after(day, param.days_from_today or 0)
    return random.choice(choices)


def differences(store: Store, district: SmallDistrict, share: int = 1) -> tuple[int, list[Question]]:
    """How many questions were asked, and those whose answer is not that of the district alone."""
    asked = list(questions(district, share))

    def answers(transaction: Transaction) -> list[list[str]]:
        return [
            in_one_order(query.unpacked(transaction.run(query.packed, given)))
            for query, given in ((queries()[name], given) for name, given in asked)
        ]

    found = store.transact(answers)
    return len(asked), [
        question
        for question, rows in zip(asked, found, strict=True)
        if rows != in_one_order(independent_answer(district.content, *question))
    ]


@pytest.fixture(scope="module")
def districts() -> list[SmallDistrict]:
    """The districts, each from its number."""
    return [SmallDistrict(number) for number in range(DISTRICTS)]


def test_each_district_is_answered_as_if_it_were_alone(store: Store, districts: list[SmallDistrict]) -> None:
    prepare(store, SCHEMA)
    store_all(store, districts)
    share = 1 if store.engine == "arcadedb" else SHARE
    with ThreadPoolExecutor(_CONNECTIONS) as pool:
        results = list(pool.map(lambda district: differences(store, district, share), districts))
    assert [question for _, wrong in results for question in wrong] == []
    assert sum(asked for asked, _ in results) > 15_000 / share


def test_the_districts_give_every_query_something_to_answer(districts: list[SmallDistrict]) -> None:
    answered = {
        name
        for district in districts
        for name, given in questions(district)
        if independent_answer(district.content, name, given)
    }
    assert answered == set(ASKED)
