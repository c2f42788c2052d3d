"""Questions of an organizer: every named query, the summary beside its single queries, one need, a street in a city."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from api.search import Search
from benchmarks.table import Goal, Line, Of, median, middle
from graph.ask import ask, bind
from graph.catalog import queries
from graph.coverage import coverage
from graph.query_file import QueryFile
from graph.store import Store

Key = TypeVar("Key")

WARM_UP = 5
STREET_WARM_UP = 30
ROUNDS = 5


def first_day(store: Store, scope: str, day: str) -> None:
    """Some looks at the summary: what the embedded engine's Java keeps of them serves its later starts."""
    for _ in range(WARM_UP):
        coverage(store, scope, day)


def lines(starts: Iterable[Store], scope: str, day: str, runs: int, name: str) -> Iterator[Line]:
    """What is asked on a day of a store that holds one district, `scope`, after each start of its server."""
    given = {"scope": scope, "as_of": day}
    warm = f"{name}, once more, Java being warm"
    taken = [
        (
            list(one_need(store, scope, day, runs, name)),
            list(_summary(store, given, runs, name, f"coverage summary, {name}")),
            list(search_lines(store, scope, runs, name)),
            list(single_queries(store, given, runs, name)),
            # The summary needs some tens of rounds until Java has compiled what it runs, which the queries brought.
            list(_summary(store, given, runs, name, f"coverage summary, {warm}")),
        )
        for store in starts
    ]
    need, summary, search, single, again = (middle(each) for each in zip(*taken, strict=True))
    yield from (*need, *summary, *search)
    yield from sorted(single, key=lambda line: line.ours, reverse=True)
    yield from again


def one_need(store: Store, scope: str, day: str, runs: int, name: str) -> Iterator[Line]:
    """The best resources for one need, over many needs, each asked as a front door asks."""
    needs = store.read(
        "MATCH (n:Need)-[:RAISED_IN]->() RETURN DISTINCT n.id AS id ORDER BY id LIMIT $limit",
        {"limit": 20 * runs},
    )
    query = queries()["resources_for_need"]
    if not needs:
        return
    wanted = [{"scope": scope, "as_of": day, "need": row["id"]} for row in needs]
    for given in wanted[:WARM_UP]:
        ask(store, query, given)
    # The engine's Java compiles while it is asked, so the same needs are asked for a second time.
    first, again = ([_ms(partial(ask, store, query, given)) for given in wanted] for _ in range(2))
    goal = Goal(10, Of.OURS) if name == "embedded" else None
    yield Line(
        f"best resources for one need, {name}", median(first), "ms", goal=goal, note=f"{len(wanted)} needs"
    )
    yield Line("  the same needs once more, Java being warm", median(again), "ms", goal=goal)


def _summary(store: Store, given: Mapping[str, Any], runs: int, name: str, what: str) -> Iterator[Line]:
    recorder = _Recorder(store)
    coverage(recorder, given["scope"], given["as_of"])
    texts = recorder.asked

    def by_hand() -> None:
        for text, parameters in texts:
            store.read(text, parameters)

    whole = partial(coverage, store, given["scope"], given["as_of"])
    summary, single = _in_rounds({"summary": whole, "by hand": by_hand}, WARM_UP, runs).values()
    yield Line(what, summary, "ms", goal=Goal(300, Of.OURS) if name == "embedded" else None)
    yield Line("  beside its queries by hand", summary, "ms", single, "one after another", Goal(2.0))


class _Recorder:
    """A store that remembers the distinct queries of cypher/ that were asked of it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._texts = {query.packed for query in queries().values()}
        self.asked: list[tuple[str, Mapping[str, Any] | None]] = []

    def read(
        self, text: str, parameters: Mapping[str, Any] | None = None, *, timeout_s: float = 60
    ) -> list[dict[str, Any]]:
        """As `Store.read`."""
        if text in self._texts and (text, parameters) not in self.asked:
            self.asked.append((text, parameters))
        return self._store.read(text, parameters, timeout_s=timeout_s)


def single_queries(store: Store, given: Mapping[str, Any], runs: int, name: str) -> Iterator[Line]:
    """Every named query on its own, as a front door asks it."""
    asked = {
        query.name: partial(ask, store, query, wanted)
        for query in queries().values()
        if (wanted := arguments(store, query, given)) is not None
    }
    goal = Goal(150, Of.OURS) if name == "embedded" else None
    for query_name, ms in _in_rounds(asked, WARM_UP, runs).items():
        yield Line(f"query {query_name}, {name}", ms, "ms", goal=goal)


def arguments(store: Store, query: QueryFile, given: Mapping[str, Any]) -> dict[str, Any] | None:
    """What a query is asked with: the given scope where it takes it, else a narrower one, and a key that is
    there for what it requires. None when the store holds nothing to ask it of."""
    wanted: dict[str, Any] = {}
    for param in query.params:
        if param.type == "area":
            wanted[param.name] = _scope(store, param.areas, given["scope"])
        elif param.name == "as_of":
            wanted[param.name] = given["as_of"]
        elif param.required and param.codes:
            wanted[param.name] = param.codes.values[0]
        elif param.required:
            wanted[param.name] = _key(store, param.name, given["scope"])
    if any(value is None for value in wanted.values()):
        return None
    bind(query, wanted, store)
    return wanted


def _scope(store: Store, labels: tuple[str, ...], scope: str) -> str | None:
    for label in labels:
        rows = store.read(
            f"MATCH (a:{label} {{id: $scope}}) RETURN a.id AS id "
            f"UNION MATCH (:District {{id: $scope}})<-[:PART_OF*1..4]-(a:{label}) RETURN min(a.id) AS id",
            {"scope": scope},
        )
        found = [row["id"] for row in rows if row["id"]]
        if found:
            return str(found[0])
    return None


_NAMED = {
    "need": "Need", "unit": "Unit", "owner": "Unit", "organization": "Organization", "person": "Person",
    "start": "Unit", "end": "Project",
}  # fmt: skip
"""Whose key a parameter of that name takes."""


def _key(store: Store, name: str, scope: str) -> Any:
    if name == "id":
        return scope
    label = _NAMED.get(name)
    if label is None:
        return {"level": 3}.get(name)
    return store.read(f"MATCH (n:{label}) RETURN min(n.id) AS id")[0]["id"]


def first_street(store: Store, district: str) -> str:
    """The street of a district whose key is the lowest."""
    text = "MATCH (:District {id: $district})<-[:PART_OF]-(s:Street) RETURN min(s.id) AS id"
    return str(store.read(text, {"district": district})[0]["id"])


def street_lines(
    starts: Iterable[tuple[Store, Store]], street: str, day: str, runs: int, districts: int
) -> Iterator[Line]:
    """A street's answers in a store of one district and in one of many, after each start of both servers; the one
    that grows most first."""
    taken = [list(_street(one, city, street, day, runs, districts)) for one, city in starts]
    found = sorted(middle(taken), key=lambda line: line.ratio or 0.0, reverse=True)
    within = sum(line.met is True for line in found)
    yield replace(
        found[0],
        what=f"a street in {districts} districts, the question that grows most",
        note=f"{within} of {len(found)} within the goal",
    )
    yield from found


def _street(one: Store, city: Store, street: str, day: str, runs: int, districts: int) -> Iterator[Line]:
    """Both are asked all of it for some rounds before: an answer takes a few milliseconds, so what Java has not yet
    compiled would be most of it."""
    given = {"scope": street, "as_of": day}
    asked = [
        (query, wanted)
        for query in queries().values()
        if "Street" in query.param("scope").areas and (wanted := arguments(one, query, given)) is not None
    ]
    taken = _in_rounds(
        {
            (query.name, store): partial(ask, store, query, wanted)
            for query, wanted in asked
            for store in (one, city)
        },
        STREET_WARM_UP,
        runs,
    )
    for query, _ in asked:
        what = f"a street's {query.name} in {districts} districts"
        yield Line(what, taken[query.name, city], "ms", taken[query.name, one], "in 1", Goal(1.5))


def search_lines(store: Store, scope: str, runs: int, name: str) -> Iterator[Line]:
    """Search by a part of a name and by the initials of its pinyin, as the endpoint answers it: the index is made
    once, at the first."""
    search = Search(store)
    asked = [{"q": text, "scope": scope} for text in _SEARCHED]
    search(asked[0], "")
    taken = sorted(_ms(partial(search, given, "")) for _ in range(20 * runs) for given in asked)
    goal = Goal(50, Of.OURS) if name == "embedded" else None
    note = "、".join(_SEARCHED)
    yield Line(f"search, {name}", median(taken), "ms", goal=goal, note=note)
    yield Line("  its 99th percentile", taken[int(0.99 * (len(taken) - 1))], "ms", goal=goal)


_SEARCHED = ("社区", "飞行", "银行", "fx", "sqw", "党支部", "d")
"""Parts of names and initials: of many, of few, and of nearly all."""


def _in_rounds(questions: Mapping[Key, Callable[[], Any]], warm_up: int, runs: int) -> dict[Key, float]:
    """Median milliseconds of each question: `ROUNDS` times over all of them, each asked some times in a row.

    A second in which the machine does something else falls on one round of some questions, not on all of one. The
    first of a row is not counted, and `warm_up` rounds before the first: Java compiles what it has run.
    """
    for _ in range(warm_up):
        for question in questions.values():
            question()
    taken: dict[Key, list[float]] = {key: [] for key in questions}
    for _ in range(ROUNDS):
        for key, question in questions.items():
            question()
            taken[key] += [_ms(question) for _ in range(max(1, runs // ROUNDS))]
    return {key: median(times) for key, times in taken.items()}


def _ms(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - begun)
