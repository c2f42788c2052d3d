"""The demo district, loaded once into the embedded engine and carried to both Neo4j versions by a backup.

These servers are the queries' own: the `store` fixture of the other tests empties its servers.
"""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from api.demo_district import DemoWanted, load_demo, workbooks
from api.settings import Settings
from graph import embedded
from graph.backup import backup, restore
from graph.prepare import prepare
from graph.schema import SCHEMA
from graph.store import Store
from loaders.demo.figures import SEED
from tests.servers.neo4j import LATEST, LTS, ServerMissing, running_neo4j, skip_without
from tests.servers.short_lived import open_embedded


@pytest.fixture(scope="session")
def demo_store() -> Iterator[Store]:
    """The demo district on the embedded engine, loaded through the loader like anyone's files."""
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
