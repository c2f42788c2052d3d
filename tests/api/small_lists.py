"""A need, a unit and resources in one community: as little as a claim needs."""

from collections.abc import Mapping

from graph.prepare import StoreRecord, prepare, set_store_record
from graph.schema import SCHEMA
from graph.store import Store

COMMUNITY = "410411004004"


def fill(store: Store, *, resources: Mapping[str, int]) -> None:
    """Put them into an empty store, each resource with its capacity; the day is 2020-10-01."""
    prepare(store, SCHEMA)
    set_store_record(store, StoreRecord(SCHEMA.version, demo=True, reference_date="2020-10-01"))
    store.write(
        "CREATE (c:Community {id: $community, name: '飞行社区'}) "
        "CREATE (:Unit {id: 'U1', name: '示例医院'})-[:LOCATED_IN]->(c) "
        "CREATE (:PartyOrganization {id: 'P2', name: '飞行社区大党委', level: 2})-[:LEADS]->(c) "
        "CREATE (:Category {id: 'X1', name: '日间照料', list: '需求'}) "
        "CREATE (:Need {id: 'N1', title: '日间照料室太小', state: '对接中', quantity: 30})-[:RAISED_IN]->(c)",
        {"community": COMMUNITY},
    )
    store.write(
        "MATCH (u:Unit {id: 'U1'}) UNWIND $rows AS row "
        "CREATE (:Resource {id: row.id, title: '床位', capacity: row.capacity, unit: '座'})-[:OFFERED_BY]->(u)",
        {"rows": [{"id": id_, "capacity": capacity} for id_, capacity in resources.items()]},
    )
