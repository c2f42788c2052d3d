"""The demo district, carried to both Neo4j versions by files: restoring a backup takes a minute for each.

These servers are the queries' own: the `store` fixture of the other tests empties its servers.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest

from graph.ask import rows_of
from graph.catalog import queries
from graph.store import Store
from tests.queries.test_queries import DemoAnswers, arguments
from tests.servers.carried import declare, write_whole
from tests.servers.neo4j import LATEST, LTS, ServerMissing, imported_data, running_neo4j, skip_without


@pytest.fixture(scope="session")
def demo_stores(demo_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Store]]:
    """The same district on all three engines, by name."""
    files = tmp_path_factory.mktemp("demo")
    write_whole(demo_store, files)
    try:
        # The newer version begins with what the older one made of the files, as it does after an upgrade.
        data = imported_data(LTS, files, tmp_path_factory.mktemp("imported") / "home")
        with (
            running_neo4j(LTS, data) as lts,
            running_neo4j(LATEST, data) as latest,
            Store.open(lts.target) as lts_store,
            Store.open(latest.target) as latest_store,
        ):
            declare(lts_store)
            declare(latest_store)
            yield {"arcadedb": demo_store, "neo4j-5.26": lts_store, "neo4j-2026": latest_store}
    except ServerMissing as missing:
        skip_without(missing)


@pytest.fixture(scope="session")
def demo_answers(demo_store: Store) -> DemoAnswers:
    """What each query answers on the embedded engine, asked when the first test wants it; nobody changes the rows."""

    @cache
    def answer(name: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        given = arguments(demo_store, name)
        return given, rows_of(demo_store, queries()[name], given)

    return answer
