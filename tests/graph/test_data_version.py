"""The version of a store's data, on every engine."""

from graph.data_version import data_version
from graph.store import Store


def test_the_version_changes_with_batches_operations_and_the_record_and_with_nothing_else(
    store: Store,
) -> None:
    empty = data_version(store)
    store.write(
        "CREATE (:Batch {id: 'b1', state: 'loaded', order: 1}), (:Batch {id: 'b2', state: 'loaded', order: 2})"
    )
    loaded = data_version(store)
    store.write("CREATE (:Unit {id: 'U1'})")
    assert data_version(store) == loaded
    store.write("MATCH (b:Batch {id: 'b2'}) SET b.state = 'undone'")
    undone = data_version(store)
    store.write("CREATE (:StoreRecord {id: 'store', schema_version: 1, reference_date: '2020-10-01'})")
    dated = data_version(store)
    store.write("CREATE (:Operation {id: 'o1'})")
    assert len({empty, loaded, undone, dated, data_version(store)}) == 5
