"""What every store promises, on the embedded engine and on both Neo4j versions."""

import contextlib
import dataclasses
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.store import Store, Transaction
from graph.store_errors import QueryTimeout, StoreUnavailable, UniqueViolation
from graph.target import StoreTarget, parse_target
from tests.servers.neo4j import LATEST, LTS, RunningServer

_ENDLESS = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b WITH a * b AS p WHERE p % 7 = 3 RETURN count(*) AS n"


@pytest.fixture
def things(store: Store) -> Store:
    store.write("CREATE CONSTRAINT thing_id IF NOT EXISTS FOR (n:Thing) REQUIRE n.id IS UNIQUE")
    return store


@contextlib.contextmanager
def _refused(message: str) -> Iterator[None]:
    with pytest.raises(StoreUnavailable) as caught:
        yield
    assert str(caught.value) == message


def test_what_is_written_is_read_back_as_plain_rows(things: Store) -> None:
    written = things.write(
        "UNWIND $rows AS row CREATE (n:Thing) SET n = row RETURN count(*) AS count",
        {"rows": [{"id": "1", "name": "飞行社区", "share": 0.5}, {"id": "2", "tags": ["阵地", "资金"]}]},
    )
    read = things.read(
        "MATCH (n:Thing) RETURN n.id AS id, n.name AS name, {tags: n.tags, share: n.share} AS more ORDER BY id"
    )
    assert written == [{"count": 2}]
    assert read == [
        {"id": "1", "name": "飞行社区", "more": {"tags": None, "share": 0.5}},
        {"id": "2", "name": None, "more": {"tags": ["阵地", "资金"], "share": None}},
    ]


def test_an_emptied_store_holds_no_nodes(store: Store) -> None:
    assert store.read("MATCH (n) RETURN count(n) AS count") == [{"count": 0}]


def test_the_engine_and_its_version_are_known(store: Store, request: pytest.FixtureRequest) -> None:
    known = {"arcadedb": ("arcadedb", "26."), "neo4j-5.26": ("neo4j", LTS), "neo4j-2026": ("neo4j", LATEST)}
    engine, version = known[request.node.callspec.params["store"]]
    assert store.engine == engine
    assert store.version.startswith(version)


def test_a_second_node_with_a_unique_key_is_refused_and_nothing_is_written(things: Store) -> None:
    def work(transaction: Transaction) -> None:
        transaction.run("CREATE (:Thing {id: 'new'})")
        transaction.run("CREATE (:Thing {id: 'old'})")

    things.write("CREATE (:Thing {id: 'old'})")
    with pytest.raises(UniqueViolation) as caught:
        things.transact(work)
    assert str(caught.value) == f"数据库 {things.shown} 中已有相同编号的记录，没有写入；请刷新后再试"
    assert things.read("MATCH (n:Thing) RETURN collect(n.id) AS ids") == [{"ids": ["old"]}]


def test_an_exception_in_the_work_undoes_the_whole_transaction(things: Store) -> None:
    def work(transaction: Transaction) -> None:
        transaction.run("CREATE (:Thing {id: '1'})")
        raise KeyError("stop")

    with pytest.raises(KeyError):
        things.transact(work)
    assert things.read("MATCH (n:Thing) RETURN count(n) AS count") == [{"count": 0}]


def test_parallel_writers_of_one_node_lose_no_update(things: Store) -> None:
    things.write("CREATE (:Thing {id: 'sum', value: 0})")

    def add() -> None:
        for _ in range(10):
            things.write("MATCH (n:Thing {id: 'sum'}) SET n.value = n.value + 1")

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert things.read("MATCH (n:Thing {id: 'sum'}) RETURN n.value AS value") == [{"value": 40}]


def test_rows_are_streamed_lazily_and_the_rest_can_be_left_unread(store: Store) -> None:
    rows = store.stream("UNWIND range(1, 50000) AS i RETURN i")
    assert [next(rows), next(rows)] == [{"i": 1}, {"i": 2}]
    rows.close()  # type: ignore[attr-defined]
    assert sum(row["i"] for row in store.stream("UNWIND range(1, 50000) AS i RETURN i")) == 1_250_025_000


def test_a_wrong_statement_is_a_bad_program_and_passes_as_the_drivers_error(store: Store) -> None:
    with pytest.raises(Exception, match="RETUR") as caught:
        store.read("RETUR 1")
    assert type(caught.value).__name__ == "CypherSyntaxError"


@pytest.mark.servers
@pytest.mark.parametrize("version", ["neo4j_lts_store", "neo4j_latest_store"])
def test_neo4j_stops_a_transaction_at_its_time_limit(version: str, request: pytest.FixtureRequest) -> None:
    store: Store = request.getfixturevalue(version)
    started = time.monotonic()
    with pytest.raises(QueryTimeout) as caught:
        store.read(_ENDLESS, timeout_s=1)
    assert str(caught.value) == f"数据库 {store.shown} 未能在时限内完成，已停止；请缩小查询范围后再试"
    assert time.monotonic() - started < 15


@pytest.mark.servers
def test_neo4j_refuses_a_wrong_password_and_an_absent_database_in_one_sentence(
    neo4j_lts_server: RunningServer,
) -> None:
    wrong = dataclasses.replace(neo4j_lts_server.target, password="wrong-one")
    absent = dataclasses.replace(neo4j_lts_server.target, database="nowhere")
    with _refused(f"数据库 {wrong.shown} 不接受所给的用户名或密码；请检查 NEO4J_USERNAME 和 NEO4J_PASSWORD"):
        Store.open(wrong)
    with _refused(f"服务器上没有这个数据库：{absent.shown}；请检查 NEO4J_DATABASE，或请管理员创建它"):
        Store.open(absent)


@pytest.mark.parametrize(
    "url",
    [
        "bolt://127.0.0.1:9",
        "neo4j://127.0.0.1:9",
        "neo4j+s://127.0.0.1:9",
        "bolt://no-such-host.invalid:7687",
    ],
)
def test_an_unreachable_address_is_one_sentence_and_soon(url: str) -> None:
    started = time.monotonic()
    with _refused(f"连接不上数据库 {url}；请检查 LINMAI_STORE 或 NEO4J_URI 的地址，以及数据库是否已启动"):
        Store.open(StoreTarget(url.partition(":")[0], url=url, password="pw"))
    assert time.monotonic() - started < 15


def test_a_listener_that_never_answers_does_not_hang_us() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"bolt://127.0.0.1:{silent.getsockname()[1]}"
        started = time.monotonic()
        with _refused(f"连接不上数据库 {url}；请检查 LINMAI_STORE 或 NEO4J_URI 的地址，以及数据库是否已启动"):
            Store.open(parse_target({"NEO4J_URI": url, "NEO4J_PASSWORD": "pw"}, Path()))
        assert time.monotonic() - started < 15
