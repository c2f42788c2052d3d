"""Exports: what leaves the store is what belongs to the scope, and every format can be read back whole."""

import csv
import json
import re
import stat
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from graph.ask import ask
from graph.catalog import queries
from graph.computed_keys import computed_key
from graph.export import FORMATS, Exported, export
from graph.export_content import SYNTHETIC, WAYS, ExportError, StoreContent, personal_names
from graph.prepare import StoreRecord, prepare, set_store_record
from graph.schema import SCHEMA
from graph.store import Store
from tests.conftest import empty
from tests.servers.neo4j import LATEST, LTS, ServerMissing, imported_data, running_neo4j, skip_without

AWKWARD = "第一行\n第二行\t“引号”\"double\" 'single' \\u0041 C:\\temp; $x {y} `z` <b>&amp;</b> 😀"
NODES: dict[str, list[dict[str, Any]]] = {
    "District": [{"id": "410411", "name": "湛河区"}],
    "Street": [
        {"id": "410411004", "name": "九里山街道", "codes": ["nbs:410411004", "local:九"], "area_km2": 12.0, "batch": "b1"},
        {"id": "410411001", "name": "别的街道"},
    ],
    "Community": [
        {"id": "410411004004", "name": "飞行社区", "population": 11260, "note": ""},
        {"id": "410411004009", "name": "没有内容的社区"},
        {"id": "410411001003", "name": "别处的社区"},
    ],
    "PartyOrganization": [{"id": "P2", "name": "飞行社区大党委", "level": 2}],
    "Person": [
        {"id": "R1", "name": "示例一", "phone": "13800008000", "birth_year": 1961, "member_kind": "自管", "skills": ["书法；楷书", "电工"]},
        {"id": "R9", "name": "示例九", "member_kind": "自管"},
    ],
    "Unit": [{"id": "P2", "name": "同号的单位", "type": "学校", "liaison": "示例联系人"}],
    "Need": [{"id": "N1", "title": AWKWARD, "quantity": 20, "urgency": 5}],
    "Category": [
        {"id": "X-01", "name": "一老一小照料", "list": "需求"},
        {"id": "X-01-02", "name": "老年助餐", "list": "需求", "synonyms": ["助餐", "送餐"]},
        {"id": "X-02", "name": "没有人用的类别", "list": "需求"},
    ],
    "StateChange": [{"id": "S1", "to_state": "提出", "at": "2020-03-01T08:00:00+08:00", "actor": "示例经办"}],
    "Batch": [{"id": "b1", "state": "loaded"}],
}  # fmt: skip
RELATIONSHIPS: list[tuple[str, str, str, str, str, dict[str, Any]]] = [
    ("PART_OF", "Street", "410411004", "District", "410411", {}),
    ("PART_OF", "Street", "410411001", "District", "410411", {}),
    ("PART_OF", "Community", "410411004004", "Street", "410411004", {"batch": "b1"}),
    ("PART_OF", "Community", "410411004009", "Street", "410411004", {}),
    ("PART_OF", "Community", "410411001003", "Street", "410411001", {}),
    ("LEADS", "PartyOrganization", "P2", "Community", "410411004004", {"key": "", "from": "2019-01-01"}),
    ("BELONGS_TO", "Person", "R1", "PartyOrganization", "P2", {"key": "2019-05-01", "from": "2019-05-01"}),
    ("HOLDS", "Person", "R1", "Community", "410411004004", {"key": "书记", "post": "书记", "part_time": False}),
    ("HOLDS", "Person", "R1", "Community", "410411004004", {"key": "网格员", "post": "网格员", "part_time": True, "from": "2020-01-01"}),
    ("REPORTED_TO", "Person", "R9", "Community", "410411001003", {"key": ""}),
    ("LOCATED_IN", "Unit", "P2", "Community", "410411004004", {}),
    ("RAISED_IN", "Need", "N1", "Community", "410411004004", {}),
    ("RAISED_BY", "Need", "N1", "Unit", "P2", {}),
    ("IN_CATEGORY", "Need", "N1", "Category", "X-01-02", {}),
    ("BROADER", "Category", "X-01-02", "Category", "X-01", {}),
    ("CAN_SERVE", "Category", "X-01", "Category", "X-01-02", {"weight": 0.5}),
    ("OF", "StateChange", "S1", "Need", "N1", {}),
]  # fmt: skip
STREET = "410411004"
INSIDE = {
    ("Street", "410411004"), ("Community", "410411004004"), ("Community", "410411004009"), ("PartyOrganization", "P2"),
    ("Person", "R1"), ("Unit", "P2"), ("Need", "N1"), ("Category", "X-01"), ("Category", "X-01-02"), ("StateChange", "S1"),
}  # fmt: skip
"""What belongs to the street."""
PERSONAL = {"Person.name", "Person.phone", "Person.gender", "Person.birth_year", "Unit.liaison", "Unit.liaison_phone", "StateChange.actor"}  # fmt: skip
Read = tuple[Counter[str], Counter[str], dict[tuple[str, str], dict[str, Any]], list[Any]]


def fill(store: Store) -> None:
    prepare(store, SCHEMA)
    set_store_record(store, StoreRecord(SCHEMA.version, demo=True, reference_date="2020-10-01"))
    for label, rows in NODES.items():
        store.write(f"UNWIND $rows AS row CREATE (n:{label}) SET n = row", {"rows": rows})
    for type_, start, a, end, b, properties in RELATIONSHIPS:
        store.write(
            f"MATCH (a:{start} {{id: $a}}) MATCH (b:{end} {{id: $b}}) CREATE (a)-[r:{type_}]->(b) SET r = $p",
            {"a": a, "b": b, "p": properties},
        )


def expected(*, personal: bool = False, lists: Callable[[list[str]], Any] = list) -> Read:
    """What belongs to the street, as it must come back: without provenance and, unless asked for, personal values."""
    nodes = {
        (label, row["id"]): {
            name: lists(value) if isinstance(value, list) else value
            for name, value in row.items()
            if name != "batch" and (personal or f"{label}.{name}" not in PERSONAL)
        }
        for label, rows in NODES.items()
        for row in rows
        if (label, row["id"]) in INSIDE
    }
    relationships = [
        (type_, (start, a), (end, b), {k: v for k, v in p.items() if k not in ("batch", "key")})
        for type_, start, a, end, b, p in RELATIONSHIPS
        if {(start, a), (end, b)} <= INSIDE
    ]
    return read(nodes, relationships)


def read(nodes: dict[tuple[str, str], dict[str, Any]], relationships: list[Any]) -> Read:
    """Counts and content in one comparable form."""
    return (
        Counter(label for label, _ in nodes),
        Counter(each[0] for each in relationships),
        nodes,
        sorted(relationships, key=repr),
    )


def from_networkx(graph: Any) -> Read:
    assert isinstance(graph, nx.MultiDiGraph)
    dropped = ("label", "key", "viz", "id")
    nodes = {}
    for name, values in graph.nodes(data=True):
        label, _, key = name.partition(":")
        plain = values.get("name") or values.get("title")
        declared = {k: v for k, v in values.items() if k not in dropped}
        assert (values["key"], plain is not None or label in ("Person", "StateChange")) == (key, True)
        nodes[label, key] = {"id": key, **declared}
    relationships = []
    for start, end, values in graph.edges(data=True):
        told = {k: v for k, v in values.items() if k not in (*dropped, "type")}
        relationships.append((values["type"], tuple(start.split(":")), tuple(end.split(":")), told))
    return read(nodes, relationships)


def from_store(store: Store) -> Read:
    """All of a store, but the record that preparing it makes."""
    nodes = {
        (row["labels"][0], row["p"]["id"]): row["p"]
        for row in store.read("MATCH (n) RETURN labels(n) AS labels, properties(n) AS p")
        if row["labels"] != ["StoreRecord"]
    }
    rows = store.read(
        "MATCH (a)-[r]->(b) RETURN type(r) AS type, labels(a)[0] AS a, a.id AS start, labels(b)[0] AS b, b.id AS end, properties(r) AS p"
    )
    return read(nodes, [
        (r["type"], (r["a"], r["start"]), (r["b"], r["end"]), {k: v for k, v in r["p"].items() if k != "key"}) for r in rows
    ])  # fmt: skip


def json_list(values: list[str]) -> str:
    return json.dumps(values, ensure_ascii=False)


@pytest.fixture
def filled(embedded_store: Store) -> Store:
    """The embedded engine with the data above; filled again only after a test of another kind."""
    if from_store(embedded_store)[0] != Counter({label: len(rows) for label, rows in NODES.items()}):
        empty(embedded_store)
        fill(embedded_store)
    return embedded_store


@pytest.fixture
def exported(filled: Store, tmp_path: Path) -> Callable[[str], Path]:
    """Export the street in a format; gives the path."""

    def one(kind: str) -> Path:
        result = export(filled, STREET, kind, tmp_path / "out")
        counts = expected()
        assert (result.nodes, result.relationships) == (counts[0], counts[1])
        return tmp_path / "out"

    return one


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(ExportError) as caught:
        call()
    return str(caught.value)


def test_the_ways_to_a_scope_are_those_by_which_an_entity_is_found() -> None:
    written = re.search(r"\(n\)-\[:([A-Z_|]+)\*0\.\.(\d)\]->\(root", queries()["entity"].text)
    assert written is not None
    assert (set(written[1].split("|")), written[2]) == (set(WAYS), "6")


def test_what_is_exported_is_what_the_entity_query_finds_in_the_scope(filled: Store) -> None:
    exported = {(n.label, n.properties["id"]) for n in StoreContent(filled, STREET, SCHEMA).nodes()}
    assert exported == INSIDE
    ids = {row["id"] for rows in NODES.values() for row in rows}
    found = {
        (row["entity"]["label"], row["entity"]["properties"]["id"])
        for id_ in ids
        for row in ask(filled, queries()["entity"], {"scope": STREET, "id": id_}).rows
    }
    # Categories and changes of state are read through what they explain, not as entities of their own.
    assert found == {key for key in INSIDE if key[0] not in ("Category", "StateChange")}


def test_no_property_has_a_name_that_a_format_needs_for_itself() -> None:
    assert not {"label", "key"} & {p.name for n in SCHEMA.nodes for p in n.properties}
    assert not {"type", "source", "target", "key", "id"} & {p.name for r in SCHEMA.relationships for p in r.properties}  # fmt: skip


def test_graphml_is_read_back_whole_by_networkx(exported: Callable[[str], Path]) -> None:
    graph = nx.read_graphml(exported("graphml"))
    assert from_networkx(graph) == expected(lists=json_list)


def test_gexf_is_read_back_whole_by_networkx_and_shows_titles_and_colours(
    exported: Callable[[str], Path],
) -> None:
    graph = nx.read_gexf(exported("gexf"))
    assert graph.nodes["Community:410411004004"]["label"] == "飞行社区"
    assert graph.nodes["Need:N1"]["viz"] == {"color": {"r": 180, "g": 84, "b": 10, "a": 1.0}}
    assert from_networkx(graph) == expected(lists=json_list)


def test_node_link_json_is_read_back_whole_by_networkx_with_lists_as_lists(
    exported: Callable[[str], Path],
) -> None:
    data = json.loads(exported("node-link").read_text(encoding="utf-8"))
    about = {"scope": STREET, "schema_version": SCHEMA.version, "synthetic": SYNTHETIC}
    assert data["graph"] == about
    assert from_networkx(nx.node_link_graph(data, edges="edges")) == expected()


def test_csv_has_a_file_per_label_and_type_with_all_rows(exported: Callable[[str], Path]) -> None:
    folder = exported("csv")
    nodes: Counter[str] = Counter()
    relationships: Counter[str] = Counter()
    rows: dict[str, list[dict[str, str]]] = {}
    for file in sorted(folder.glob("*.csv")):
        kind, _, name = file.stem.partition("-")
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows[name] = list(csv.DictReader(lines))
        (nodes if kind == "nodes" else relationships)[name] = len(rows[name])
    assert (nodes, relationships) == expected()[:2]
    assert rows["Need"][0]["title"] == AWKWARD
    assert rows["Person"] == [{"id": "R1", "member_kind": "自管", "skills": "书法；楷书、电工", "note": "", "valid_from": "", "valid_to": ""}]  # fmt: skip
    assert rows["HOLDS"] == [
        {"start_label": "Person", "start": "R1", "end_label": "Community", "end": "410411004004", "post": "书记", "part_time": "false", "from": "", "to": ""},
        {"start_label": "Person", "start": "R1", "end_label": "Community", "end": "410411004004", "post": "网格员", "part_time": "true", "from": "2020-01-01", "to": ""},
    ]  # fmt: skip


@pytest.mark.servers
@pytest.mark.slow
@pytest.mark.parametrize("version", [LTS, LATEST])
def test_the_import_folder_becomes_a_real_neo4j_database(
    exported: Callable[[str], Path], version: str, tmp_path: Path
) -> None:
    folder = exported("neo4j-import")
    try:
        data = imported_data(version, folder, tmp_path / "home")
        with running_neo4j(version, data) as server, Store.open(server.target) as store:
            assert from_store(store) == expected()
            for text in (folder / "constraints.cypher").read_text(encoding="utf-8").split(";\n")[:-1]:
                store.write(text)
            assert store.read("MATCH (n:Need {id: 'N1'}) RETURN n.title AS title") == [{"title": AWKWARD}]
    except ServerMissing as missing:
        skip_without(missing)


def test_the_script_fills_an_empty_store_and_run_again_changes_nothing(store: Store, tmp_path: Path) -> None:
    fill(store)
    export(store, STREET, "cypher", tmp_path / "out.cypher")
    empty(store)
    for _ in range(2):
        for text in (tmp_path / "out.cypher").read_text(encoding="utf-8").split(";\n")[:-1]:
            store.write(text)
        assert from_store(store) == expected()


@pytest.mark.parametrize("kind", FORMATS)
def test_an_area_with_nothing_in_it_is_exported_as_one_node(filled: Store, tmp_path: Path, kind: str) -> None:
    result = export(filled, "410411004009", kind, tmp_path / "out")
    assert result == Exported("410411004009", kind, {"Community": 1}, {}, (), FORMATS[kind].folder)
    path = tmp_path / "out"
    read_back = {
        "graphml": lambda: list(nx.read_graphml(path)),
        "gexf": lambda: list(nx.read_gexf(path)),
        "node-link": lambda: list(nx.node_link_graph(json.loads(path.read_text("utf-8")), edges="edges")),
        "csv": lambda: [f"Community:{line.split(',')[0][1:-1]}" for line in (path / "nodes-Community.csv").read_text("utf-8").splitlines()[1:]],
        "neo4j-import": lambda: [f"Community:{line.split(',')[0][1:-1]}" for line in (path / "nodes-Community.csv").read_text("utf-8").splitlines()[1:]],
        "cypher": lambda: [f"Community:{id_}" for id_ in re.findall(r"UNWIND \[{id: '(\d+)'", path.read_text("utf-8"))],
    }[kind]()  # fmt: skip
    assert read_back == ["Community:410411004009"]


@pytest.mark.parametrize("kind", FORMATS)
def test_personal_values_stay_at_home_unless_asked_for_by_name(
    filled: Store, tmp_path: Path, kind: str
) -> None:
    values = ("示例一", "13800008000", "1961", "示例联系人", "示例经办")

    def told(*names: str) -> list[str]:
        place = tmp_path / "-".join(("out", *names))
        export(filled, STREET, kind, place, personal=names)
        files = sorted(place.iterdir()) if place.is_dir() else [place]
        written = "".join(file.read_text(encoding="utf-8") for file in files)
        return [value for value in values if value in written]

    assert told() == []
    assert told("Person.phone", "Unit.liaison") == ["13800008000", "示例联系人"]
    assert told(*PERSONAL) == list(values)


@pytest.fixture
def unnumbered(filled: Store) -> Iterator[tuple[str, str]]:
    """The keys of a member, and of a resource of theirs, in registers without numbers."""
    of_person = computed_key("Person", ["示例六", "1966", "PartyOrganization:P2"])
    of_resource = computed_key("Resource", ["家电维修", f"Person:{of_person}"])
    filled.write(
        "MATCH (o:PartyOrganization {id: 'P2'}) CREATE (p:Person {id: $p, name: '示例六', birth_year: 1966}), "
        "(r:Resource {id: $r, title: '家电维修'}), (p)-[:BELONGS_TO {key: ''}]->(o), (r)-[:OFFERED_BY]->(p)",
        {"p": of_person, "r": of_resource},
    )
    yield of_person, of_resource
    filled.write("MATCH (n) WHERE n.id IN $ids DETACH DELETE n", {"ids": [of_person, of_resource]})


@pytest.mark.parametrize("kind", FORMATS)
def test_no_key_in_an_export_can_be_computed_again_from_a_list_of_names(
    filled: Store, unnumbered: tuple[str, str], tmp_path: Path, kind: str
) -> None:
    def told(name: str, *personal: str) -> str:
        export(filled, STREET, kind, tmp_path / name, personal=personal)
        files = sorted(p for p in (tmp_path / name, *(tmp_path / name).rglob("*")) if p.is_file())
        return "".join(file.read_text(encoding="utf-8") for file in files)

    without, again, named = told("1"), told("2", "Person.name"), told("3", "Person.name", "Person.birth_year")
    assert [[key in text for key in unnumbered] for text in (without, again, named)] == [
        [False, False],
        [False, False],
        [True, True],
    ]
    keys = [set(re.findall(r"(?:person|resource)-[0-9a-f]{16}", text)) for text in (without, again, named)]
    assert [len(each) for each in keys] == [2, 2, 2]
    assert keys[0].isdisjoint(keys[1])


def test_what_is_told_of_a_node_under_another_key_stays_together(
    filled: Store, unnumbered: tuple[str, str]
) -> None:
    content = StoreContent(filled, STREET, SCHEMA)
    nodes = [(n.label, n.properties["id"]) for n in content.nodes()]
    assert nodes == sorted(nodes, key=lambda key: (content.labels.index(key[0]), key[1]))
    ends = {r.type: (r.start, r.end) for r in content.relationships() if r.start != ("Person", "R1")}
    resource, person = ends["OFFERED_BY"]
    assert {resource, person} < set(nodes)
    assert ends["BELONGS_TO"] == (person, ("PartyOrganization", "P2"))


@pytest.mark.parametrize("kind", FORMATS)
def test_an_export_of_synthetic_data_says_so_and_one_of_a_districts_own_does_not(
    filled: Store, tmp_path: Path, kind: str
) -> None:
    def says_so(name: str) -> bool:
        export(filled, STREET, kind, tmp_path / name)
        files = (p for p in (tmp_path / name, *(tmp_path / name).rglob("*")) if p.is_file())
        return any(SYNTHETIC in file.read_text(encoding="utf-8") for file in files)

    of_demo = says_so("demo")
    set_store_record(filled, StoreRecord(SCHEMA.version))
    try:
        assert (of_demo, says_so("own")) == (True, False)
    finally:
        set_store_record(filled, StoreRecord(SCHEMA.version, demo=True, reference_date="2020-10-01"))


@pytest.mark.parametrize("kind", FORMATS)
def test_only_the_owner_can_read_what_is_exported(filled: Store, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "out"
    export(filled, STREET, kind, path)
    modes = {stat.filemode(p.stat().st_mode) for p in [path, *path.rglob("*")]}
    assert modes == ({"drwx------", "-rw-------"} if FORMATS[kind].folder else {"-rw-------"})
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out"]


def test_the_personal_properties_that_can_be_asked_for_are_the_declared_ones() -> None:
    assert set(personal_names(SCHEMA)) == PERSONAL


def test_what_cannot_be_exported_is_refused_in_a_sentence_and_leaves_nothing(
    filled: Store, tmp_path: Path
) -> None:
    def attempt(scope: str = STREET, path: Path = tmp_path / "out", *names: str) -> str:
        return refusal(lambda: export(filled, scope, "csv", path, personal=names))

    assert attempt("999") == "没有编号为“999”的区域；可以用 linmai divisions 查编号"
    assert attempt(STREET, tmp_path / "out", "Person.nose").startswith(
        "没有名为“Person.nose”的个人信息属性；可以写的有：Person.name（人员的姓名）、"
    )
    assert (
        attempt(STREET, tmp_path / "no" / "out")
        == f"没有文件夹 {tmp_path / 'no'}，没有导出；请先建好它，或换一个位置"
    )
    (tmp_path / "taken").write_text("x")
    assert (
        attempt(STREET, tmp_path / "taken")
        == f"{tmp_path / 'taken'} 已经存在，没有导出；请换一个名称，或先移走它"
    )
    filled.write("MATCH (n:Need {id: 'N1'}) SET n.quantity = '很多'")
    try:
        assert attempt() == (
            "Need N1 的属性“数量”（quantity）的内容与声明的类型（integer）不符，没有导出；"
            "请先用 linmai check 检查库，改正后再导出"
        )
    finally:
        filled.write("MATCH (n:Need {id: 'N1'}) SET n.quantity = 20")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["taken"]
