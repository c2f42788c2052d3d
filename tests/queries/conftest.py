"""The demo district, carried to both Neo4j versions by a backup.

These servers are the queries' own: the `store` fixture of the other tests empties its servers.
"""

from collections.abc import Iterator, Mapping

import pytest

from graph.backup import backup, restore
from graph.store import Store
from tests.servers.neo4j import LATEST, LTS, ServerMissing, running_neo4j, skip_without


@pytest.fixture(scope="session")
def demo_stores(demo_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Store]]:
    """The same district on all three engines, by name."""
    file = tmp_path_factory.mktemp("demo") / "demo.linmai-backup"
    backup(demo_store, file)
    try:
        with (
            running_neo4j(LTS) as lts,
            running_neo4j(LATEST) as latest,
            Store.open(lts.target) as lts_store,
            Store.open(latest.target) as latest_store,
        ):
            restore(lts_store, file)
            restore(latest_store, file)
            yield {"arcadedb": demo_store, "neo4j-5.26": lts_store, "neo4j-2026": latest_store}
    except ServerMissing as missing:
        skip_without(missing)
