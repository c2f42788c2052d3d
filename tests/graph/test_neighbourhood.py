"""What surrounds a thing, the same on every engine."""

import pytest

from graph.ask import ParameterError, ask
from graph.catalog import queries
from graph.neighbourhood import Bundle, neighbourhood
from graph.prepare import prepare
from graph.schema import SCHEMA
from graph.store import Store
from graph.writing import merge_nodes, merge_relationships

STREET = ("Street", "S")


def fill(store: Store) -> None:
    """A street with six communities, of which one ended; its committee; a person with two posts on it."""
    prepare(store, SCHEMA)
    communities = [
        {"id": f"C{i}", "name": f"示例{i}社区", **({"valid_to": "2020-01-01"} if i == 6 else {})}
        for i in range(1, 7)
    ]
    for label, nodes in {
        "District": [{"id": "D", "name": "示例区"}], "Street": [{"id": "S", "name": "示例街道"}], "Community": communities,
        "PartyOrganization": [{"id": "P", "name": "示例街道大工委", "level": 1}], "Person": [{"id": "R", "name": "示例甲", "phone": "13800008000"}],
    }.items():  # fmt: skip
        merge_nodes(store, SCHEMA.node(label), [{"id": n["id"], "properties": n} for n in nodes])
    ties = [
        ("PART_OF", "Street", "S", "District", "D", "", {}), ("LEADS", "PartyOrganization", "P", "Street", "S", "", {}),
        ("HOLDS", "Person", "R", "Street", "S", "书记", {"post": "书记"}), ("HOLDS", "Person", "R", "Street", "S", "委员", {"post": "委员"}),
        *(("PART_OF", "Community", n["id"], "Street", "S", "", {}) for n in communities),
    ]  # fmt: skip
    for name, start, start_id, end, end_id, key, properties in ties:
        row = {"start": start_id, "end": end_id, "key": key, "properties": properties}
        assert merge_relationships(store, SCHEMA.relationship(name), start, end, [row]) == 1


def test_some_of_each_kind_surround_a_thing_and_the_rest_is_counted(store: Store) -> None:
    fill(store)
    around = neighbourhood(store, {"as_of": "2020-10-01"}, STREET)
    assert [key for key, _ in around.hops[0]] == [
        ("District", "D"), ("Community", "C1"), ("Community", "C2"), ("Community", "C3"), ("Community", "C4"),
        ("PartyOrganization", "P"), ("Person", "R"),
    ]  # fmt: skip
    assert around.more == {Bundle(STREET, "PART_OF", False, "Community"): 1}
    assert around.things["Person", "R"] == {"id": "R", "name": "示*", "phone": "138****8000"}
    assert {(t.start[1], t.relationship, t.end[1]) for t in around.ties} == {
        ("S", "PART_OF", "D"), ("P", "LEADS", "S"), ("R", "HOLDS", "S"), *((f"C{i}", "PART_OF", "S") for i in range(1, 5)),
    }  # fmt: skip


def test_what_is_widened_is_shown_whole_and_what_is_opened_is_surrounded(store: Store) -> None:
    fill(store)
    bundle = Bundle(STREET, "PART_OF", False, "Community")
    around = neighbourhood(store, {"as_of": "2019-10-01"}, ("", "D"), opened=[STREET], widened=[bundle])
    assert [key for key, _ in around.hops[0]] == [STREET]
    assert [key[1] for key, above in around.hops[1] if above == STREET] == [
        "C1",
        "C2",
        "C3",
        "C4",
        "C5",
        "C6",
        "P",
        "R",
    ]
    assert around.more == {}


def test_a_thing_that_has_nothing_to_do_with_the_scope_is_refused(store: Store) -> None:
    fill(store)
    with pytest.raises(ParameterError, match="此范围内没有编号为“S”的对象"):
        neighbourhood(store, {"scope": "C1"}, STREET)


def test_the_way_between_two_things_is_the_same_on_every_engine(store: Store) -> None:
    fill(store)
    for number in (1, 2):
        merge_nodes(
            store,
            SCHEMA.node("Unit"),
            [{"id": f"U{number}", "properties": {"id": f"U{number}", "name": f"示例单位{number}"}}],
        )
        for community in ("C1", "C2"):  # two ways of equal length: the first by key is told
            row = {"start": f"U{number}", "end": community, "key": "", "properties": {}}
            assert (
                merge_relationships(store, SCHEMA.relationship("LOCATED_IN"), "Unit", "Community", [row]) == 1
            )
    (way,) = ask(store, queries()["path_between"], {"scope": "D", "start": "U1", "end": "U2"}).rows
    assert [node["properties"]["id"] for node in way["nodes"]] == ["U1", "C1", "U2"]
    assert way["ties"] == [
        {"relationship": "LOCATED_IN", "start": "U1"},
        {"relationship": "LOCATED_IN", "start": "U2"},
    ]
    assert ask(store, queries()["path_between"], {"scope": "D", "start": "U1", "end": "P"}).rows == []
