"""Whether what a store holds keeps to the cardinalities that the schema declares.

Loading keeps them row by row; this looks at the whole store, whoever wrote it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from graph.ask import Reader
from graph.model import Cardinality, GraphSchema, RelationshipType, Tie
from graph.schema import SCHEMA

_EXPECTED = {Cardinality.ONE: "应有且只有 1 个", Cardinality.OPTIONAL: "最多只能有 1 个"}
_TOO_MANY = {Cardinality.ONE: "<> 1", Cardinality.OPTIONAL: "> 1"}


@dataclass(frozen=True)
class Rule:
    """One declared cardinality: nodes of `label` have `expected` many open relationships of a type.

    `text` finds the nodes that break it: rows of `id` and `found`, `$limit` at most.
    """

    label: str
    relationship: RelationshipType
    tie: Tie
    from_start: bool
    expected: Cardinality
    text: str


@dataclass(frozen=True)
class Violation:
    """One node that breaks a rule: `found` open relationships where `expected` many belong."""

    label: str
    id: str
    relationship: str
    found: int
    expected: Cardinality
    sentence: str


def rules(schema: GraphSchema) -> Iterator[Rule]:
    """Every cardinality of the schema but MANY, with the Cypher that finds what breaks it.

    A tie's ends count together, whichever label they have. A relationship with validity counts while it is
    open, that is, has no `to`.
    """
    for relationship in schema.relationships:
        for tie in relationship.ties:
            if tie.per_start is not Cardinality.MANY:
                text = _text(relationship, tie.per_start, (tie.start,), tie.ends, outward=True)
                yield Rule(tie.start, relationship, tie, True, tie.per_start, text)
            if tie.per_end is not Cardinality.MANY:
                for end in tie.ends:
                    text = _text(relationship, tie.per_end, (end,), (tie.start,), outward=False)
                    yield Rule(end, relationship, tie, False, tie.per_end, text)


def check(store: Reader, schema: GraphSchema = SCHEMA, *, limit: int = 1000) -> list[Violation]:
    """The nodes that break a rule, in the schema's order and then by id; `limit` at most of each rule."""
    return [
        Violation(
            rule.label, row["id"], rule.relationship.name, row["found"], rule.expected,
            _sentence(schema, rule, row["id"], row["found"]),
        )
        for rule in rules(schema)
        for row in sorted(
            store.read(rule.text, {"limit": limit}, timeout_s=600), key=lambda row: str(row["id"])
        )
    ]  # fmt: skip


def _text(
    relationship: RelationshipType,
    expected: Cardinality,
    counted: tuple[str, ...],
    others: tuple[str, ...],
    *,
    outward: bool,
) -> str:
    arrow = f"-[r:{relationship.name}]->" if outward else f"<-[r:{relationship.name}]-"
    # Nodes without any must be seen too where one is needed.
    optional = "OPTIONAL MATCH" if expected is Cardinality.ONE else "MATCH"
    is_open = " WHERE r.`to` IS NULL" if relationship.has_validity else ""
    return (
        f"MATCH (n:{'|'.join(counted)}) {optional} (n){arrow}(other:{'|'.join(others)}){is_open} "
        f"WITH n.id AS id, count(r) AS found WHERE found {_TOO_MANY[expected]} RETURN id, found LIMIT $limit"
    )


def _sentence(schema: GraphSchema, rule: Rule, id_: str, found: int) -> str:
    tie, relationship = rule.tie, rule.relationship
    others = tie.ends if rule.from_start else (tie.start,)
    kinds = "、".join(schema.node(label).heading for label in others)
    where = (
        f"“{schema.node(rule.label).heading}”表的“{tie.heading}”列"
        if tie.heading and rule.from_start
        else "原表"
    )
    mend = f"请在{where}补上" if found == 0 else f"请在{where}只留一个"
    return (
        f"{schema.node(rule.label).heading} {id_}：“{relationship.heading}”关系的{kinds}"
        f"{_EXPECTED[rule.expected]}，现有 {found} 个；{mend}"
    )
