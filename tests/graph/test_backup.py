"""Backup and restore: what one engine holds, another gets, whole and unchanged."""

import gzip
import hashlib
import json
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph import backup as backup_module
from graph.backup import backup, interrupted_restore, restore, store_hash
from graph.backup_file import BackupError, BackupInfo, NodeRecord, read_records, verify_backup, write_backup
from graph.prepare import StoreRecord, prepare, set_store_record
from graph.schema import SCHEMA
from graph.store import Store
from tests.conftest import empty

HEADER = {"schema_version": 1, "engine": "neo4j 5.26.30", "made_at": "2020-10-01T08:00:00+08:00"}


def fill(store: Store) -> None:
    """Nodes with every kind of value, parallel relationships with different keys, records of the product."""
    prepare(store, SCHEMA)
    set_store_record(store, StoreRecord(SCHEMA.version, demo=True, reference_date="2020-10-01"))
    nodes = {
        "Street": [
            {
                "id": "410411004",
                "name": "九里山街道",
                "codes": ["nbs:410411004"],
                "area_km2": 12.0,
                "note": "",
            }
        ],
        "Community": [
            {
                "id": "410411004004",
                "name": "飞行社区",
                "population": 11260,
                "batch": "b1",
                "first_batch": "b1",
            }
        ],
        "Person": [
            {"id": "RY-000001", "name": "示例\"一'\n二😀", "skills": ["书法", "电工"]},
            {"id": "RY-000002", "备注 'a'": "示例"},  # no name that a statement may hold
        ],
        "Batch": [{"id": "b1", "state": "loaded", "order": 1, "loaded_at": "2020-10-01T08:00:00+08:00"}],
    }
    for label, rows in nodes.items():
        store.write(f"UNWIND $rows AS row CREATE (n:{label}) SET n = row", {"rows": rows})
    store.write(
        "MATCH (a:Community) MATCH (b:Street) CREATE (a)-[:PART_OF {batch: 'b1', first_batch: 'b1'}]->(b)"
    )
    for post, part_time in (("网格员", True), ("书记", False)):
        store.write(
            "MATCH (p:Person {id: 'RY-000001'}) MATCH (c:Community) "
            "CREATE (p)-[:HOLDS {post: $post, part_time: $part_time, `from`: '2020-01-01', key: $post}]->(c)",
            {"post": post, "part_time": part_time},
        )


def everything(store: Store) -> tuple[list[Any], list[Any]]:
    """All nodes and relationships as sorted texts."""
    nodes = store.read("MATCH (n) RETURN labels(n) AS labels, properties(n) AS properties")
    relationships = store.read(
        "MATCH (a)-[r]->(b) RETURN a.id AS a, type(r) AS type, b.id AS b, properties(r) AS properties"
    )
    return tuple(sorted(json.dumps(row, sort_keys=True) for row in rows) for rows in (nodes, relationships))  # type: ignore[return-value]


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(BackupError) as caught:
        call()
    return str(caught.value)


def a_backup(folder: Path, nodes: int = 3) -> Path:
    path = folder / "a.linmai"
    write_backup(
        path, HEADER, iter([NodeRecord("Unit", {"id": str(i), "name": f"单位{i}"}) for i in range(nodes)])
    )
    return path


def rewritten(path: Path, change: Callable[[bytes], bytes]) -> Path:
    path.write_bytes(gzip.compress(change(gzip.decompress(path.read_bytes()))))
    return path


# -- from engine to engine


@pytest.mark.servers
def test_a_backup_travels_between_all_engines_with_equal_counts_and_hashes(
    embedded_store: Store, neo4j_lts_store: Store, neo4j_latest_store: Store, tmp_path: Path
) -> None:
    for each in (embedded_store, neo4j_lts_store, neo4j_latest_store):
        empty(each)
    fill(embedded_store)
    original = everything(embedded_store)
    path, infos = tmp_path / "0", [backup(embedded_store, tmp_path / "0")]
    for step, target in enumerate((neo4j_lts_store, neo4j_latest_store, embedded_store), 1):
        empty(target)
        restore(target, path)
        assert everything(target) == original
        path = tmp_path / str(step)
        infos.append(backup(target, path))
    assert [i.engine.split()[0] for i in infos] == ["arcadedb", "neo4j", "neo4j", "arcadedb"]
    assert {(tuple(i.nodes.items()), tuple(i.relationships.items()), i.content_hash) for i in infos} == {
        (
            (("Batch", 1), ("Community", 1), ("Person", 2), ("StoreRecord", 1), ("Street", 1)),
            (("PART_OF", 1), ("HOLDS", 2)),
            store_hash(embedded_store),
        )
    }


def test_a_restore_gives_back_every_property_and_says_what_it_held(store: Store, tmp_path: Path) -> None:
    fill(store)
    original, told = everything(store), list[tuple[int, int]]()
    path = tmp_path / "day.linmai"
    written = backup(store, path, made_at="2020-10-01T08:00:00+08:00")
    empty(store)
    assert restore(store, path, lambda done, total: told.append((done, total))) == written
    assert everything(store) == original
    assert told == [(9, 9)]
    assert written == BackupInfo(
        schema_version=SCHEMA.version,
        engine=f"{store.engine} {store.version}",
        made_at="2020-10-01T08:00:00+08:00",
        nodes={"Batch": 1, "Community": 1, "Person": 2, "StoreRecord": 1, "Street": 1},
        relationships={"PART_OF": 1, "HOLDS": 2},
        content_hash=store_hash(store),
        sha256=verify_backup(path, SCHEMA.version).sha256,
    )


_texts = st.text(st.characters(codec="utf-8"), max_size=20)
_numbers = st.integers(-(2**53), 2**53), st.floats(allow_nan=False, allow_infinity=False)
_values = st.one_of(
    _texts,
    *_numbers,
    st.booleans(),
    *(st.lists(each, max_size=4) for each in (_texts, *_numbers, st.booleans())),
)


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(st.dictionaries(st.sampled_from("abcdefgh"), _values), min_size=1, max_size=200))
def test_every_value_that_a_store_can_hold_comes_back_as_it_was(
    rows: list[dict[str, Any]], store: Store, tmp_path: Path
) -> None:
    empty(store)
    (tmp_path / "values").unlink(missing_ok=True)
    store.write(
        "UNWIND $rows AS row CREATE (n:Unit) SET n = row",
        {"rows": [{"id": str(i), **row} for i, row in enumerate(rows)]},
    )
    before = everything(store)
    backup(store, tmp_path / "values")
    empty(store)
    restore(store, tmp_path / "values")
    assert everything(store) == before


# -- the hash


def test_the_hash_is_that_of_the_content_and_of_nothing_else(store: Store) -> None:
    fill(store)
    first = store_hash(store)
    store.write("MATCH (b:Batch) SET b.loaded_at = '2021-01-01T00:00:00+08:00'")
    store.write("MATCH (s:StoreRecord) SET s.load_owner = 'somebody', s.load_until = 1.5")
    assert store_hash(store) == first
    assert store_hash(store, frozenset()) != first
    changes = (
        ("MATCH (s:Street) SET s.area_km2 = 12", "MATCH (s:Street) SET s.area_km2 = 12.0"),
        ("MATCH ()-[r:PART_OF]->() SET r.batch = 'b2'", "MATCH ()-[r:PART_OF]->() SET r.batch = 'b1'"),
        ("CREATE (:Unit {id: '1'})", "MATCH (u:Unit) DELETE u"),
    )
    for change, back in changes:
        store.write(change)
        assert store_hash(store) != first
        store.write(back)
        assert store_hash(store) == first


# -- the file


def test_a_backup_is_readable_by_its_owner_only_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    modes: list[int] = []

    def records() -> Iterator[NodeRecord]:
        modes.extend(stat.S_IMODE(p.stat().st_mode) for p in tmp_path.iterdir())
        yield NodeRecord("Person", {"id": "1", "phone": "13800008000"})

    write_backup(tmp_path / "b", HEADER, records())
    assert modes == [0o600]
    assert [(p.name, stat.S_IMODE(p.stat().st_mode)) for p in tmp_path.iterdir()] == [("b", 0o600)]


def test_a_backup_can_be_read_without_this_program(tmp_path: Path) -> None:
    text = gzip.decompress(a_backup(tmp_path, 1).read_bytes())
    header, node, end = text.splitlines(keepends=True)
    assert json.loads(header) == {"kind": "linmai-backup", "format": 1, **HEADER}
    assert json.loads(node) == {"node": "Unit", "properties": {"id": "0", "name": "单位0"}}
    assert json.loads(end) == {
        "kind": "end",
        "nodes": {"Unit": 1},
        "relationships": {},
        "content_hash": hashlib.sha256(node.rstrip(b"\n")).hexdigest(),
        "sha256": hashlib.sha256(header + node).hexdigest(),
    }


def test_a_backup_that_fails_leaves_no_file(tmp_path: Path) -> None:
    def records() -> Iterator[NodeRecord]:
        yield NodeRecord("Unit", {"id": "1"})
        raise RuntimeError("the store went away")

    with pytest.raises(RuntimeError, match="the store went away"):
        write_backup(tmp_path / "b", HEADER, records())
    assert list(tmp_path.iterdir()) == []


def test_an_existing_file_is_never_overwritten(tmp_path: Path) -> None:
    path = a_backup(tmp_path)
    before = path.read_bytes()
    assert refusal(lambda: a_backup(tmp_path)) == f"{path} 已经存在，没有备份；请换一个文件名，或先移走它"
    assert path.read_bytes() == before


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = tmp_path / "none" / "b"
    assert (
        refusal(lambda: write_backup(path, HEADER, iter(())))
        == f"没有文件夹 {tmp_path / 'none'}，备份没有写成；请先建好它，或换一个位置"
    )


def test_a_full_disk_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    path = tmp_path / "b"
    assert (
        refusal(lambda: write_backup(path, HEADER, iter(())))
        == f"磁盘空间不足，备份没有写成：{path}；请腾出空间或换一个磁盘"
    )
    assert list(tmp_path.iterdir()) == []


# -- files that are refused


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "none"
    assert refusal(lambda: verify_backup(path, SCHEMA.version)) == f"找不到备份文件 {path}；请检查文件名"


@pytest.mark.parametrize(
    "content",
    [b"", b"id,name\n1,x\n", gzip.compress(b"id,name\n", mtime=0), gzip.compress(b"[1]\n", mtime=0)],
)
def test_a_file_of_another_kind_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "b"
    path.write_bytes(content)
    assert (
        refusal(lambda: verify_backup(path, SCHEMA.version))
        == f"{path} 不是邻脉的备份文件；请选择用 linmai store backup 写出的文件"
    )


def test_a_file_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = a_backup(tmp_path)
    assert (
        refusal(lambda: verify_backup(path, 0))
        == f"{path} 由更新的邻脉写出（数据模型版本 1，本程序最高支持 0）；请升级邻脉后再恢复"
    )
    rewritten(path, lambda text: text.replace(b'"format": 1', b'"format": 2'))
    assert (
        refusal(lambda: verify_backup(path, SCHEMA.version))
        == f"{path} 由更新的邻脉写出（文件格式版本 2，本程序最高支持 1）；请升级邻脉后再恢复"
    )


def test_a_file_cut_off_anywhere_is_refused(tmp_path: Path) -> None:
    path = a_backup(tmp_path, 200)
    whole = path.read_bytes()
    expected = f"备份文件 {path} 不完整（可能复制时中断）；请重新复制，或换一个备份"
    for length in (5, 40, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        assert refusal(lambda: verify_backup(path, SCHEMA.version)) == expected
    path.write_bytes(whole)
    rewritten(path, lambda text: b"".join(text.splitlines(keepends=True)[:-1]))
    assert refusal(lambda: verify_backup(path, SCHEMA.version)) == expected


def test_a_file_with_any_byte_changed_is_refused(tmp_path: Path) -> None:
    path = a_backup(tmp_path, 200)
    whole = path.read_bytes()
    verify_backup(path, SCHEMA.version)
    for position in range(0, len(whole), 7):
        path.write_bytes(whole[:position] + bytes([whole[position] ^ 0x55]) + whole[position + 1 :])
        try:
            info = verify_backup(path, SCHEMA.version)
        except BackupError:
            continue
        # Only the gzip header's own fields (time, system) may differ without harm.
        assert position < 10
        assert info.nodes == {"Unit": 200}


_CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "another value": lambda text: text.replace("单位1".encode(), "单位9".encode()),
    "another header": lambda text: text.replace(b"5.26.30", b"5.26.31"),
    "a record less": lambda text: text.replace(
        '{"node":"Unit","properties":{"id":"1","name":"单位1"}}\n'.encode(), b""
    ),
    "more after the end": lambda text: text + b'{"node":"Unit","properties":{"id":"9"}}\n',
    "a label that is a statement": lambda text: text.replace(b'"Unit"', b'"Unit) DETACH DELETE (n"', 1),
    "a node without id": lambda text: text.replace(b'"id":"1"', b'"ID":"1"'),
    "no JSON": lambda text: text.replace(b'{"node"', b'{node"', 1),
    "nested beyond reason": lambda text: text.replace(b'{"node"', b"[" * 100_000 + b'{"node"', 1),
}


@pytest.mark.parametrize("change", _CHANGES)
def test_a_file_changed_by_hand_is_refused(change: str, tmp_path: Path) -> None:
    path = rewritten(a_backup(tmp_path), _CHANGES[change])
    assert (
        refusal(lambda: verify_backup(path, SCHEMA.version))
        == f"备份文件 {path} 已损坏（校验不符），没有恢复任何内容；请重新复制，或换一个备份"
    )


@pytest.mark.servers
def test_a_damaged_file_writes_nothing_into_the_store(embedded_store: Store, tmp_path: Path) -> None:
    empty(embedded_store)
    path = rewritten(a_backup(tmp_path), _CHANGES["another value"])
    refusal(lambda: restore(embedded_store, path))
    assert everything(embedded_store) == ([], [])


# -- stores that are refused


def test_a_store_that_holds_anything_is_not_restored_into(store: Store, tmp_path: Path) -> None:
    fill(store)
    before, path = everything(store), a_backup(tmp_path)
    assert refusal(lambda: restore(store, path)) == (
        f"数据库 {store.shown} 不是空的（有 5 个节点），没有恢复；请换一个空库（例如 LINMAI_STORE=embedded:新文件夹）"
    )
    assert everything(store) == before


@pytest.mark.servers
@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (
            "CREATE (:Unit {name: '无编号'})",
            "库中有标签为“Unit”而没有编号（id）的节点，不是邻脉写入的，无法备份；请先移走它们",
        ),
        (
            "CREATE (:Unit:Other {id: '1'})",
            "库中有 1 个节点的标签为“Other、Unit”，不是邻脉写入的，无法备份；请先移走它们",
        ),
        (
            "CREATE (:Unit {id: '1', on: date('2020-10-01')})",
            "“Unit”的属性“on”存有备份文件不支持的值（例如日期类型或嵌套的值）；请先改为文字或数字",
        ),
        (
            "CREATE (:Unit {id: '1'})-[:`IS IN`]->(:Unit {id: '2'})",
            "库中有类型为“IS IN”的关系，不是邻脉写入的，无法备份；请先移走它们",
        ),
    ],
)
def test_what_a_backup_has_no_form_for_is_refused_and_not_lost(
    statement: str, message: str, neo4j_lts_store: Store, tmp_path: Path
) -> None:
    empty(neo4j_lts_store)
    neo4j_lts_store.write(statement)
    assert refusal(lambda: backup(neo4j_lts_store, tmp_path / "b")) == message
    assert list(tmp_path.iterdir()) == []
    empty(neo4j_lts_store)


def test_a_store_that_changes_meanwhile_is_not_backed_up(store: Store, tmp_path: Path) -> None:
    fill(store)

    def meddle(done: int, total: int) -> None:
        store.write("CREATE (:Unit {id: 'new'})")

    assert refusal(lambda: backup(store, tmp_path / "b", meddle)) == (
        f"备份期间有别的程序在写入数据库 {store.shown}，没有写成备份；请等导入结束后再备份"
    )
    assert list(tmp_path.iterdir()) == []


# -- interruptions


class Killed(BaseException):
    """Stands for the process's end."""


def test_an_interrupted_restore_goes_on_where_it_stopped(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup_module, "CHUNK", 2)
    fill(store)
    original, path = everything(store), tmp_path / "b.linmai"
    backup(store, path)
    empty(store)

    def kill(done: int, total: int) -> None:
        if done == limit:
            raise Killed

    for limit in (2, 6):
        with pytest.raises(Killed):
            restore(store, path, kill)
        assert str(interrupted_restore(store)) == (
            f"数据库 {store.shown} 上一次恢复没有完成（b.linmai，已恢复 {limit}/9 条）；"
            "请用同一个备份文件再运行一次 linmai store restore，它会接着恢复"
        )
    other = a_backup(tmp_path)
    assert refusal(lambda: restore(store, other)) == (
        f"数据库 {store.shown} 中有另一个备份文件没有恢复完的内容；请用那个文件再恢复一次，"
        "或换一个空库（例如 LINMAI_STORE=embedded:新文件夹）"
    )
    restore(store, path)
    assert everything(store) == original
    assert interrupted_restore(store) is None


def test_a_chunk_that_was_written_already_is_not_written_again(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup_module, "CHUNK", 3)
    fill(store)
    original, path = everything(store), tmp_path / "b.linmai"
    backup(store, path)
    empty(store)
    put = backup_module._put

    def twice(*arguments: Any) -> None:
        put(*arguments)
        put(*arguments)

    monkeypatch.setattr(backup_module, "_put", twice)
    restore(store, path)
    assert everything(store) == original


@pytest.mark.servers
def test_a_result_unlike_the_file_is_reported(embedded_store: Store, tmp_path: Path) -> None:
    empty(embedded_store)
    path = a_backup(tmp_path)

    def meddle(done: int, total: int) -> None:
        embedded_store.write("MATCH (u:Unit {id: '1'}) SET u.name = '改过'")

    assert refusal(lambda: restore(embedded_store, path, meddle)) == (
        f"恢复后核对不符：{path} 与数据库 {embedded_store.shown} 的内容不同，可能有别的程序同时在写入；"
        "请换一个空库（例如 LINMAI_STORE=embedded:新文件夹）重新恢复"
    )


def test_reading_a_backup_gives_the_records_that_were_written(tmp_path: Path) -> None:
    records = [
        NodeRecord("Unit", {"id": "1", "line": "一\u2028二\n三"}),
        NodeRecord("Unit", {"id": "2", "n": 1.0}),
    ]
    write_backup(tmp_path / "b", HEADER, iter(records))
    assert list(read_records(tmp_path / "b")) == records
