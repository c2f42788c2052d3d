"""Stores for the tests: real servers, started when the first test of a process asks for them."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.demo_district import DemoWanted, load_demo, workbooks
from api.settings import Settings
from graph import embedded
from graph.prepare import prepare
from graph.schema import SCHEMA
from graph.store import Store
from loaders.demo.figures import SEED
from tests.servers.neo4j import LATEST, LTS, RunningServer, ServerMissing, running_neo4j, skip_without
from tests.servers.short_lived import open_embedded

_STORES = {
    "arcadedb": "embedded_store",
    "neo4j-5.26": "neo4j_lts_store",
    "neo4j-2026": "neo4j_latest_store",
}


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep tests on the same servers in one process."""
    from tests.scheduling import ByServer  # here, because pytest-xdist need not be installed

    return ByServer(config, log) if config.getoption("dist") == "loadfile" else None


@pytest.fixture(scope="session")
def embedded_store() -> Iterator[Store]:
    """The embedded engine in a temporary folder, with whatever the tests before left in it."""
    folder = Path(tempfile.mkdtemp(prefix="linmai-store-"))
    try:
        with open_embedded(folder) as store:
            yield store
    finally:
        embedded.stop(folder)
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def demo_store() -> Iterator[Store]:
    """The demo district on the embedded engine, loaded through the loader like anyone's files; nobody writes to it."""
    folder = Path(tempfile.mkdtemp(prefix="linmai-demo-"))
    try:
        with open_embedded(folder / "store") as store:
            settings = Settings(config_folder=folder / "config", data_folder=folder / "data" / "store")
            wanted = DemoWanted(1, SEED)
            prepare(store, SCHEMA)
            load_demo(store, wanted, workbooks(settings, wanted), settings, lambda what, done, total: None)
            yield store
    finally:
        embedded.stop(folder / "store")
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def neo4j_lts_server() -> Iterator[RunningServer]:
    """A Neo4j 5.26 server of this run's own."""
    yield from _neo4j(LTS)


@pytest.fixture(scope="session")
def neo4j_latest_server() -> Iterator[RunningServer]:
    """A Neo4j 2026 server of this run's own."""
    yield from _neo4j(LATEST)


@pytest.fixture(scope="session")
def neo4j_lts_store(neo4j_lts_server: RunningServer) -> Iterator[Store]:
    """Neo4j 5.26, with whatever the tests before left in it."""
    with Store.open(neo4j_lts_server.target) as store:
        yield store


@pytest.fixture(scope="session")
def neo4j_latest_store(neo4j_latest_server: RunningServer) -> Iterator[Store]:
    """Neo4j 2026, with whatever the tests before left in it."""
    with Store.open(neo4j_latest_server.target) as store:
        yield store


@pytest.fixture(params=[pytest.param(name, marks=pytest.mark.servers) for name in _STORES])
def store(request: pytest.FixtureRequest) -> Store:
    """An empty store on each engine in turn; constraints of earlier tests are still there."""
    found: Store = request.getfixturevalue(_STORES[request.param])
    empty(found)
    return found


def empty(store: Store) -> None:
    """Delete every node and relationship, a few thousand at a time."""
    while store.write("MATCH (n) WITH n LIMIT 5000 DETACH DELETE n RETURN count(*) AS deleted")[0]["deleted"]:
        pass


def _neo4j(version: str) -> Iterator[RunningServer]:
    try:
        with running_neo4j(version) as server:
            yield server
    except ServerMissing as missing:
        skip_without(missing)
