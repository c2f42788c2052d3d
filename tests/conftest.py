"""Stores for the tests: real servers, started when the first test asks for them, once in each process of a run.

With `-n`, pytest-xdist runs the tests in several processes. Tests that share servers that are dear to start
stay in one of them, and so do the tests of one file, whose fixtures they share.
"""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph import embedded
from graph.store import Store
from tests.servers.neo4j import LATEST, LTS, RunningServer, ServerMissing, running_neo4j, skip_without
from tests.servers.short_lived import open_embedded

_STORES = {
    "arcadedb": "embedded_store",
    "neo4j-5.26": "neo4j_lts_store",
    "neo4j-2026": "neo4j_latest_store",
}
_DEAR = {
    "neo4j": {"neo4j_lts_server", "neo4j_lts_store", "neo4j_latest_server", "neo4j_latest_store"},
    "demo": {"demo_store", "demo_stores"},
}
"""What makes tests stay together, whichever file they stand in."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Say which tests are run by the same process: those with the same dear servers, else those of one file."""
    if config.pluginmanager.hasplugin("xdist"):
        for item in items:
            item.add_marker(pytest.mark.xdist_group(_together(item)))


def _together(item: pytest.Item) -> str:
    if not isinstance(item, pytest.Function):
        return item.location[0]
    given = item.callspec.params.values() if hasattr(item, "callspec") else ()
    named = {_STORES.get(value, value) for value in given if isinstance(value, str)}
    asked = named.union(item.fixturenames)
    return next((name for name, servers in _DEAR.items() if servers & asked), item.location[0])


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
