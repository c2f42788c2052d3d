"""Cardinalities: what the schema declares is looked for in every store, whoever wrote it."""

from graph.check import Violation, check, rules
from graph.model import Cardinality, GraphSchema, NodeType, Property, RelationshipType, Tie, ValueType
from graph.prepare import prepare
from graph.schema import SCHEMA
from graph.store import Store

ONE, OPTIONAL, MANY = Cardinality.ONE, Cardinality.OPTIONAL, Cardinality.MANY


def _node(label: str, heading: str) -> NodeType:
    properties = (Property("id", "编号", ValueType.STRING, "Key."),)
    return NodeType(label, heading, "Doc.", properties, "#112233", "group", title="id")


SMALL = GraphSchema(
    version=1,
    nodes=(_node("Need", "需求"), _node("Unit", "单位"), _node("Community", "社区")),
    relationships=(
        RelationshipType("IN", "在", "Doc.", (Tie("Unit", ("Community",), ONE, heading="所在社区"),)),
        RelationshipType(
            "BY", "提出方", "Doc.", (Tie("Need", ("Unit", "Community"), OPTIONAL),), has_validity=True
        ),
        RelationshipType("FOR", "专属", "Doc.", (Tie("Unit", ("Need",), MANY, OPTIONAL),)),
    ),
)


def test_each_cardinality_but_many_is_one_rule_in_cypher() -> None:
    assert [(r.label, r.relationship.name, r.expected, r.from_start, r.text) for r in rules(SMALL)] == [
        (
            "Unit", "IN", ONE, True,
            "MATCH (n:Unit) OPTIONAL MATCH (n)-[r:IN]->(other:Community) "
            "WITH n.id AS id, count(r) AS found WHERE found <> 1 RETURN id, found LIMIT $limit",
        ),
        (
            "Need", "BY", OPTIONAL, True,
            "MATCH (n:Need) MATCH (n)-[r:BY]->(other:Unit|Community) WHERE r.`to` IS NULL "
            "WITH n.id AS id, count(r) AS found WHERE found > 1 RETURN id, found LIMIT $limit",
        ),
        (
            "Need", "FOR", OPTIONAL, False,
            "MATCH (n:Need) MATCH (n)<-[r:FOR]-(other:Unit) "
            "WITH n.id AS id, count(r) AS found WHERE found > 1 RETURN id, found LIMIT $limit",
        ),
    ]  # fmt: skip


def test_too_few_and_too_many_are_found_and_ended_relationships_do_not_count(store: Store) -> None:
    prepare(store, SCHEMA)
    store.write(
        "CREATE (c1:Community {id: 'c1'}) CREATE (c2:Community {id: 'c2'}) "
        "CREATE (none:Unit {id: 'none'}) CREATE (one:Unit {id: 'one'}) CREATE (two:Unit {id: 'two'}) "
        "CREATE (moved:Need {id: 'moved'}) CREATE (torn:Need {id: 'torn'}) CREATE (alone:Need {id: 'alone'}) "
        "CREATE (one)-[:IN]->(c1) CREATE (two)-[:IN]->(c1) CREATE (two)-[:IN]->(c2) "
        "CREATE (moved)-[:BY {`to`: '2020-01-01'}]->(one) CREATE (moved)-[:BY]->(c1) "
        "CREATE (torn)-[:BY]->(one) CREATE (torn)-[:BY]->(c1) "
        "CREATE (one)-[:FOR]->(torn) CREATE (two)-[:FOR]->(torn) CREATE (one)-[:FOR]->(moved)"
    )
    assert check(store, SMALL) == [
        Violation("Unit", "none", "IN", 0, ONE, "单位 none：“在”关系的社区应有且只有 1 个，现有 0 个；请在“单位”表的“所在社区”列补上"),
        Violation("Unit", "two", "IN", 2, ONE, "单位 two：“在”关系的社区应有且只有 1 个，现有 2 个；请在“单位”表的“所在社区”列只留一个"),
        Violation("Need", "torn", "BY", 2, OPTIONAL, "需求 torn：“提出方”关系的单位、社区最多只能有 1 个，现有 2 个；请在原表只留一个"),
        Violation("Need", "torn", "FOR", 2, OPTIONAL, "需求 torn：“专属”关系的单位最多只能有 1 个，现有 2 个；请在原表只留一个"),
    ]  # fmt: skip
    assert [v.id for v in check(store, SMALL, limit=1) if v.relationship == "BY"] == ["torn"]


def test_the_district_schema_is_checked_on_every_engine(store: Store) -> None:
    prepare(store, SCHEMA)
    store.write("CREATE (:Community {id: '410411004004', name: '飞行社区'})")
    assert check(store) == [
        Violation(
            "Community", "410411004004", "PART_OF", 0, ONE,
            "社区 410411004004：“隶属”关系的街道应有且只有 1 个，现有 0 个；请在“社区”表的“所属街道”列补上",
        )
    ]  # fmt: skip
