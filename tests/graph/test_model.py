"""A wrong declaration fails when it is made, with the sentence that says what is wrong."""

from collections.abc import Callable
from typing import Any

import pytest

from graph.model import (
    Cardinality,
    Code,
    CodeList,
    GraphSchema,
    NodeType,
    Property,
    RelationshipType,
    Tie,
    ValueType,
)

S, I, DATE = ValueType.STRING, ValueType.INTEGER, ValueType.DATE  # noqa: E741
ID = Property("id", "编号", S, "Key.")
KINDS = CodeList("Kind", "类别", "Kinds.", (Code("自管", aliases=("自管党员",)), Code("在职")))


def node(label: str = "Unit", heading: str = "", *properties: Property, **more: Any) -> NodeType:
    more = {"colour": "#112233", "title": "id", **more}
    return NodeType(label, heading or label, "Doc.", (ID, *properties), group="g", **more)


def string(name: str, heading: str = "", **more: Any) -> Property:
    return Property(name, heading or name, more.pop("type", S), "Doc.", **more)


_WRONG: dict[str, Callable[[], object]] = {
    "property name 'Name': write lower_case_words": lambda: string("Name"),
    "property name: heading and doc are needed": lambda: Property("name", "", S, "Doc."),
    "property name: only numbers have bounds, not string": lambda: string("name", minimum=0),
    "property name: only dates follow another, not string": lambda: string("name", follows="id"),
    "property n: minimum 5 is above maximum 1": lambda: string("n", type=I, minimum=5, maximum=1),
    "property n: codes of Kind are not of type integer": lambda: string("n", type=I, codes=KINDS),
    "code list K: 'a' stands for two codes": lambda: CodeList("K", "k", "D.", (Code("a"), Code("b", aliases=("a",)))),
    "label 'unit': write UpperCamelCase": lambda: node("unit"),
    "Unit: colour 'red' is not like #2e8b57": lambda: node(colour="red"),
    "Unit: property 'id' is declared twice": lambda: node("Unit", "", ID),
    "Unit: heading '编号' is declared twice": lambda: node("Unit", "", string("code", "编号")),
    "Unit has no id": lambda: NodeType("Unit", "单位", "D.", (string("name"),), "#112233", "g"),
    "Unit: title 'name' is not one of its properties": lambda: node(title="name"),
    "Unit: to follows 'since', which is no date before it": lambda: node(
        "Unit", "", string("to", type=DATE, follows="since"), string("since", type=DATE)
    ),
    "relationship 'of': write UPPER_CASE": lambda: RelationshipType("of", "属于", "D.", ()),
    "OF: property 'n' is declared twice": lambda: RelationshipType("OF", "属于", "D.", (), (string("n"), string("n"))),
    "OF has no property post": lambda: RelationshipType("OF", "属于", "D.", (), key=("post",)),
    "OF has no property from": lambda: RelationshipType(
        "OF", "属于", "D.", (Tie("Unit", ("Unit",), columns=(("from", "起"),)),)
    ),
    "schema: label 'Unit' is declared twice": lambda: GraphSchema(1, (node(), node("Unit", "b")), ()),
    "schema: heading '单位' is declared twice": lambda: GraphSchema(1, (node("A", "单位"), node("B", "单位")), ()),
    "schema: relationship 'OF' is declared twice": lambda: GraphSchema(
        1, (), (RelationshipType("OF", "a", "D.", ()), RelationshipType("OF", "b", "D.", ()))
    ),
    "schema: code list 'Kind' is declared twice": lambda: GraphSchema(
        1, (node("A", "", string("k", codes=KINDS), string("l", codes=CodeList("Kind", "x", "D.", (Code("x"),)))),), ()
    ),
    "OF joins unknown labels: Street": lambda: GraphSchema(
        1, (node(),), (RelationshipType("OF", "属于", "D.", (Tie("Unit", ("Street",)),)),)
    ),
    "Unit: heading '编号' is declared  twice": lambda: GraphSchema(
        1, (node(),), (RelationshipType("OF", "属于", "D.", (Tie("Unit", ("Unit",), heading="编号"),)),)
    ),
    "Unit: identity names no property or column: 街道": lambda: GraphSchema(1, (node(identity=("id", "街道")),), ()),
}  # fmt: skip


@pytest.mark.parametrize("sentence", _WRONG)
def test_a_wrong_declaration_is_refused_when_it_is_made(sentence: str) -> None:
    with pytest.raises(ValueError) as caught:
        _WRONG[sentence]()
    assert str(caught.value) == " ".join(sentence.split())


def test_a_code_is_found_by_value_label_and_alias_and_shown_by_its_label() -> None:
    urgency = CodeList("Urgency", "紧急程度", "D.", (Code(1, "不急"), Code(5, "紧急", ("特急",))))
    assert [urgency.find(word) for word in ("5", "紧急", "特急", "急")] == [5, 5, 5, None]
    assert [urgency.label(value) for value in (1, 5, 3, None)] == ["不急", "紧急", "3", "None"]
    assert (urgency.values, urgency.labels) == ((1, 5), ("不急", "紧急"))


def test_validity_adds_the_two_dates_once() -> None:
    ends = string("valid_to", type=DATE)
    assert [p.name for p in node(has_validity=True).properties] == ["id", "valid_from", "valid_to"]
    assert [p.name for p in node("Unit", "", ends, has_validity=True).properties] == ["id", "valid_to"]
    holds = RelationshipType("HOLDS", "任职", "D.", (), key=("from",), has_validity=True)
    assert [(p.name, p.follows) for p in holds.properties] == [("from", ""), ("to", "from")]


def test_a_property_that_is_not_there_is_answered_with_those_that_are() -> None:
    with pytest.raises(KeyError, match="Unit has no property 'name'; it has id"):
        node().property("name")
    with pytest.raises(KeyError, match="OF has no property 'x'; it has n"):
        RelationshipType("OF", "属于", "D.", (), (string("n"),)).property("x")


def test_a_schema_finds_types_ties_and_code_lists_by_name() -> None:
    unit, area = node("Unit", "单位", string("kind", codes=KINDS)), node("Area", "区域")
    tie = Tie("Unit", ("Area",), Cardinality.ONE)
    located = RelationshipType("LOCATED_IN", "位于", "D.", (tie, Tie("Area", ("Area",))))
    schema = GraphSchema(1, (unit, area), (located,))
    assert (schema.node("Unit"), schema.relationship("LOCATED_IN")) == (unit, located)
    assert list(schema.ties_from("Unit")) == [(located, tie)]
    assert dict(schema.code_lists) == {"Kind": KINDS}
    assert [t.required for t in located.ties] == [True, False]
