"""The computed Cypher: what it says, and what it does on every engine."""

from graph import statements
from graph.model import Cardinality, GraphSchema, NodeType, Property, RelationshipType, Tie, ValueType
from graph.schema import SCHEMA
from graph.store import Store

S = ValueType.STRING
UNIT = NodeType(
    "CoUnit", "单位", "D.",
    (Property("id", "编号", S, "K."), Property("name", "名称", S, "N.", filterable=True), Property("n", "数", ValueType.INTEGER, "N.")),
    "#112233", "g",
)  # fmt: skip
RECORD = NodeType(
    "Entry", "记录", "D.", (Property("id", "编号", S, "K."),), "#112233", "g", internal=True, title="id"
)
PLAIN = RelationshipType(
    "NEAR", "近", "D.", (Tie("CoUnit", ("CoUnit", "Entry"), Cardinality.ONE), Tie("CoUnit", ("Entry",)))
)
KEYED = RelationshipType(
    "HOLDS", "任职", "D.", (Tie("CoUnit", ("Entry",)),), (Property("post", "岗位", S, "P."),), key=("post",)
)
SMALL = GraphSchema(1, (UNIT, RECORD), (PLAIN, KEYED))


def _prepared(store: Store) -> Store:
    for text in statements.constraints(SMALL):
        store.write(text)
    return store


def test_every_label_has_a_unique_key_and_indexes_on_what_is_filtered() -> None:
    assert list(statements.constraints(SMALL)) == [
        "CREATE CONSTRAINT co_unit_id IF NOT EXISTS FOR (n:CoUnit) REQUIRE n.id IS UNIQUE",
        "CREATE INDEX co_unit_name IF NOT EXISTS FOR (n:CoUnit) ON (n.name)",
        "CREATE INDEX co_unit_batch IF NOT EXISTS FOR (n:CoUnit) ON (n.batch)",
        "CREATE CONSTRAINT entry_id IF NOT EXISTS FOR (n:Entry) REQUIRE n.id IS UNIQUE",
    ]


def test_no_two_constraints_of_the_district_share_a_name() -> None:
    names = [text.split()[2] for text in statements.constraints(SCHEMA)]
    assert len(names) == len(set(names))


def test_pairs_are_each_permitted_pair_of_labels_once() -> None:
    assert list(statements.pairs(PLAIN)) == [("CoUnit", "CoUnit"), ("CoUnit", "Entry")]


def test_preparing_twice_changes_nothing(store: Store) -> None:
    _prepared(_prepared(store))
    assert store.read("MATCH (n) RETURN count(*) AS n") == [{"n": 0}]


def test_merging_nodes_sets_removes_and_leaves_alone(store: Store) -> None:
    _prepared(store)
    text = statements.merge_nodes(UNIT)
    first = [{"id": "1", "properties": {"name": "一", "n": 1}}, {"id": "2", "properties": {"name": "二"}}]
    assert store.write(text, {"rows": first}) == [{"n": 2}]
    assert store.write(text, {"rows": [{"id": "1", "properties": {"name": None}}]}) == [{"n": 1}]
    rows = store.read(statements.read_nodes(UNIT), {"ids": ["1", "2", "3"]})
    assert sorted(rows, key=lambda row: str(row["id"])) == [
        {"id": "1", "properties": {"id": "1", "n": 1}},
        {"id": "2", "properties": {"id": "2", "name": "二"}},
    ]


def test_merging_relationships_counts_the_rows_that_found_both_ends(store: Store) -> None:
    _prepared(store)
    store.write("CREATE (:CoUnit {id: '1'}) CREATE (:Entry {id: 'e'})")
    rows = [
        {"start": "1", "end": "e", "key": "书记", "properties": {"key": "书记", "post": "书记"}},
        {"start": "1", "end": "e", "key": "委员", "properties": {"key": "委员", "post": "委员"}},
        {"start": "1", "end": "none", "key": "委员", "properties": {}},
    ]
    text = statements.merge_relationships(KEYED, "CoUnit", "Entry")
    assert [store.write(text, {"rows": rows}) for _ in range(2)] == [[{"n": 2}], [{"n": 2}]]
    plain = statements.merge_relationships(PLAIN, "CoUnit", "Entry")
    assert store.write(plain, {"rows": rows}) == [{"n": 2}]
    assert store.read("MATCH ()-[r]->() RETURN type(r) AS type, count(*) AS n ORDER BY type") == [
        {"type": "HOLDS", "n": 2},
        {"type": "NEAR", "n": 1},
    ]
    drop = statements.delete_relationships(KEYED, "CoUnit", "Entry")
    assert store.write(drop, {"rows": rows[:1]}) == [{"n": 1}]
    assert store.read("MATCH ()-[r:HOLDS]->() RETURN r.post AS post") == [{"post": "委员"}]


def test_deleting_nodes_takes_what_hangs_on_them_along(store: Store) -> None:
    _prepared(store)
    store.write("CREATE (:CoUnit {id: '1'})-[:NEAR]->(:Entry {id: 'e'})")
    assert store.write(statements.delete_nodes(UNIT), {"ids": ["1", "none"]}) == [{"n": 1}]
    assert store.read("MATCH (n) RETURN n.id AS id") == [{"id": "e"}]
    assert store.read("MATCH ()-[r]->() RETURN count(*) AS n") == [{"n": 0}]
