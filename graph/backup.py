"""Backup and restore: all that a store holds in one file, from either engine and into either.

`graph.backup_file` describes the file. Records are streamed in both directions, so memory does not grow with
the store. Neither direction asks for an order: on ArcadeDB every page of an ordered read sorts the whole label
again (120,000 nodes: 30 s in pages, 5 s in one stream), so the content's hash does not depend on order instead.
"""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from graph.backup_file import (
    LEFT_OUT,
    BackupError,
    BackupInfo,
    ContentHash,
    NodeRecord,
    Progress,
    Record,
    RelationshipRecord,
    portable_name,
    read_records,
    verify_backup,
    write_backup,
)
from graph.model import GraphSchema
from graph.prepare import prepare
from graph.schema import SCHEMA
from graph.statements import property_map
from graph.store import Store, Transaction
from graph.store_errors import StoreUnavailable, UniqueViolation

CHUNK = 2000
"""Records per transaction of a restore."""

_PROGRESS_EVERY = 5000
_TRANSACTION_S = 300.0
_MARKER = "Restoration"
_MARKER_ID = "restoration"
# Who is loading now is the business of running processes and no part of what a store holds.
_LEASE = ("load_owner", "load_until", "load_wanted")


def backup(store: Store, path: Path, progress: Progress | None = None, *, made_at: str = "") -> BackupInfo:
    """Write everything in `store` to `path`, a new file that only its owner can read.

    `made_at` is the ISO date and time to note, now in Asia/Shanghai when empty. No load should be running:
    one that changes how many nodes or relationships there are is noticed and refused.

    Raises BackupError, with nothing left on the disk, when the file cannot be written or the store holds what
    a backup has no form for: nodes without an `id` or with several labels, values that are dates, points or maps.
    """
    before = _counts(store)
    total = before[0].total() + before[1].total()
    header = {
        "schema_version": _schema_version(store),
        "engine": f"{store.engine} {store.version}",
        "made_at": made_at or datetime.datetime.now(ZoneInfo("Asia/Shanghai")).isoformat(timespec="seconds"),
    }
    return write_backup(path, header, _told(_unchanged(store, before), total, progress))


def store_hash(store: Store, leaving_out: frozenset[tuple[str, str]] = LEFT_OUT) -> str:
    """The hash of all that `store` holds, the same on every engine and for every order of loading.

    `leaving_out` are (label, property) pairs that do not count. With its usual value this is the
    `content_hash` that a backup of the store has.
    """
    content = ContentHash(leaving_out)
    for record in _records(store, _counts(store)[0]):
        content.add(record)
    return content.hexdigest()


def restore(
    store: Store, path: Path, progress: Progress | None = None, *, schema: GraphSchema = SCHEMA
) -> BackupInfo:
    """Fill an empty store from a backup, and compare counts and hash with it at the end.

    The file is read and checked as a whole before the first write. The same call on the same file goes on
    where an interrupted one stopped: each chunk notes, in its own transaction, how far it came. A backup of an
    older schema version is restored as it is; `graph.prepare` then upgrades it like any store of that version.

    Raises BackupError for a file that `verify_backup` refuses, for a store that is not empty or is partly
    restored from another file, and when the result is not what the file says.
    """
    info = verify_backup(path, schema.version)
    done = _begin(store, path, info, schema)
    records = islice(read_records(path), done, None)
    while chunk := list(islice(records, CHUNK)):
        _put(store, chunk, done)
        done += len(chunk)
        if progress:
            progress(done, info.records)
    content = ContentHash()
    for record in _records(store, _counts(store)[0]):
        content.add(record)
    if (content.nodes, content.relationships, content.hexdigest()) != (
        Counter(info.nodes), Counter(info.relationships), info.content_hash,
    ):  # fmt: skip
        raise BackupError(
            f"恢复后核对不符：{path} 与数据库 {store.shown} 的内容不同，可能有别的程序同时在写入；"
            "请换一个空库（例如 LINMAI_STORE=embedded:新文件夹）重新恢复",
            f"What was restored differs: {path} and the database {store.shown} disagree, perhaps because another program "
            "writes to it; restore into another empty store (for example LINMAI_STORE=embedded:NEW_FOLDER)",
        )
    store.write(f"MATCH (m:{_MARKER}) DELETE m")
    return info


def interrupted_restore(store: Store) -> StoreUnavailable | None:
    """What to do about a store that a restore has left half filled, to be raised; None for every other store."""
    rows = store.read(f"MATCH (m:{_MARKER}) RETURN m.file AS file, m.done AS done, m.records AS records")
    if not rows:
        return None
    row = rows[0]
    return StoreUnavailable(
        f"数据库 {store.shown} 上一次恢复没有完成（{row['file']}，已恢复 {row['done']}/{row['records']} 条）；"
        f"请用同一个备份文件再运行一次 linmai store restore，它会接着恢复",
        f"The last restore of the database {store.shown} was not completed ({row['file']}, {row['done']} of {row['records']} "
        "records); run linmai store restore once more with the same file, and it goes on",
    )


def _counts(store: Store) -> tuple[Counter[str], Counter[str]]:
    """Nodes by label and relationships by type. Raises BackupError for what a backup has no form for."""
    nodes: Counter[str] = Counter()
    for row in store.read("MATCH (n) RETURN labels(n) AS labels, count(*) AS n", timeout_s=600):
        labels = row["labels"]
        if len(labels) != 1 or not portable_name(labels[0]):
            raise BackupError(
                f"库中有 {row['n']} 个节点的标签为“{'、'.join(sorted(labels))}”，不是邻脉写入的，无法备份；请先移走它们",
                f"{row['n']} nodes of the store have the label {', '.join(sorted(labels))!r}, which LinMai does not write; "
                "they cannot be backed up: move them away first",
            )
        if labels[0] != _MARKER:
            nodes[labels[0]] = row["n"]
    rows = store.read("MATCH ()-[r]->() RETURN type(r) AS type, count(*) AS n", timeout_s=600)
    return nodes, Counter({row["type"]: row["n"] for row in rows})


def _schema_version(store: Store) -> int:
    rows = store.read("MATCH (s:StoreRecord) RETURN s.schema_version AS version")
    return int(rows[0]["version"]) if rows and rows[0]["version"] is not None else SCHEMA.version


def _records(store: Store, labels: Iterable[str]) -> Iterator[Record]:
    """Every node, then every relationship, of the labels; one reading transaction per label."""
    labels = sorted(labels)
    for label in labels:
        for row in store.stream(f"MATCH (n:{label}) RETURN properties(n) AS properties"):
            yield NodeRecord(label, _stored(label, _content(label, row["properties"])))
    for label in labels:
        for row in store.stream(
            f"MATCH (a:{label})-[r]->(b) RETURN a.id AS start, type(r) AS type, labels(b)[0] AS label, b.id AS end, "
            "properties(r) AS properties"
        ):
            type_ = row["type"]
            if not portable_name(type_):
                raise BackupError(
                    f"库中有类型为“{type_}”的关系，不是邻脉写入的，无法备份；请先移走它们",
                    f"The store has relationships of the type {type_!r}, which LinMai does not write; "
                    "they cannot be backed up: move them away first",
                )
            yield RelationshipRecord(
                type_, (label, row["start"]), (row["label"], row["end"]), _stored(type_, row["properties"])
            )


def _content(label: str, properties: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(properties.get("id"), str):
        raise BackupError(
            f"库中有标签为“{label}”而没有编号（id）的节点，不是邻脉写入的，无法备份；请先移走它们",
            f"The store has nodes of the label {label!r} without an id, which LinMai does not write; "
            "they cannot be backed up: move them away first",
        )
    if label == "StoreRecord":
        return {k: v for k, v in properties.items() if k not in _LEASE}
    return properties


def _stored(owner: str, properties: dict[str, Any]) -> dict[str, Any]:
    """The properties in the one form that both engines give back; refuses values that only one can hold."""
    kept = {}
    for name, value in properties.items():
        if isinstance(value, list):
            kinds = {type(each) for each in value}
            # ArcadeDB keeps [1, 2.5] as it is, Neo4j makes decimals of both.
            kept[name] = [float(each) for each in value] if kinds == {int, float} else value
            portable = len(kinds) <= 1 or kinds == {int, float}
        else:
            kept[name], kinds, portable = value, {type(value)}, True
        if not portable or not kinds <= {str, int, float, bool}:
            raise BackupError(
                f"“{owner}”的属性“{name}”存有备份文件不支持的值（例如日期类型或嵌套的值）；请先改为文字或数字",
                f"The property {name!r} of {owner!r} holds values that a backup has no form for (dates of the database, "
                "or nested ones); make them texts or numbers first",
            )
    return kept


def _unchanged(store: Store, before: tuple[Counter[str], Counter[str]]) -> Iterator[Record]:
    """All records; raises BackupError after the last one when others have written meanwhile."""
    nodes: Counter[str] = Counter()
    relationships: Counter[str] = Counter()
    for record in _records(store, before[0]):
        if isinstance(record, NodeRecord):
            nodes[record.label] += 1
        else:
            relationships[record.type] += 1
        yield record
    if (nodes, relationships) != before or _counts(store) != before:
        raise BackupError(
            f"备份期间有别的程序在写入数据库 {store.shown}，没有写成备份；请等导入结束后再备份",
            f"Another program wrote to the database {store.shown} meanwhile, so there is no backup; "
            "wait until it has ended",
        )


def _told(records: Iterator[Record], total: int, progress: Progress | None) -> Iterator[Record]:
    for done, record in enumerate(records, 1):
        yield record
        if progress and (done % _PROGRESS_EVERY == 0 or done == total):
            progress(done, total)


def _begin(store: Store, path: Path, info: BackupInfo, schema: GraphSchema) -> int:
    """How many records an earlier restore of this file has done; 0, with the store made ready, for an empty store."""
    rows = store.read(f"MATCH (m:{_MARKER}) RETURN m.sha256 AS sha256, m.done AS done")
    if rows:
        if rows[0]["sha256"] != info.sha256:
            raise BackupError(
                f"数据库 {store.shown} 中有另一个备份文件没有恢复完的内容；请用那个文件再恢复一次，"
                "或换一个空库（例如 LINMAI_STORE=embedded:新文件夹）",
                f"The database {store.shown} holds a part of another backup file, not restored to its end; restore that "
                "file once more, or choose an empty store (for example LINMAI_STORE=embedded:NEW_FOLDER)",
            )
        return int(rows[0]["done"])
    found = _counts(store)[0]
    held = found.total() - found["StoreRecord"]
    if held:
        raise BackupError(
            f"数据库 {store.shown} 不是空的（有 {held} 个节点），没有恢复；"
            "请换一个空库（例如 LINMAI_STORE=embedded:新文件夹）",
            f"The database {store.shown} is not empty ({held} nodes), nothing was restored; "
            "choose an empty store (for example LINMAI_STORE=embedded:NEW_FOLDER)",
        )
    prepare(store, schema, backup=lambda: None)
    for label in sorted({*info.nodes, _MARKER} - {node.label for node in schema.nodes}):
        store.write(
            f"CREATE CONSTRAINT backup_{label}_id IF NOT EXISTS FOR (n:{label}) REQUIRE n.id IS UNIQUE"
        )
    marker = {
        "id": _MARKER_ID, "file": path.name, "sha256": info.sha256, "done": 0, "records": info.records,
    }  # fmt: skip
    try:
        store.transact(lambda transaction: _mark(transaction, marker))
    except UniqueViolation:
        raise BackupError(
            f"另一个程序正在恢复数据库 {store.shown}；请等它结束",
            f"Another program is restoring the database {store.shown}; wait until it has ended",
        ) from None
    return 0


def _mark(transaction: Transaction, marker: dict[str, Any]) -> None:
    transaction.run(f"CREATE (m:{_MARKER}) SET m = $marker", {"marker": marker})
    # The file brings its own record of the store, with the version that its content has.
    transaction.run("MATCH (s:StoreRecord) DELETE s")


def _put(store: Store, chunk: list[Record], before: int) -> None:
    """Write one chunk and note it, both or neither; does nothing where it has been written already."""
    nodes: dict[str, list[NodeRecord]] = {}
    relationships: dict[tuple[str, str, str], list[RelationshipRecord]] = {}
    for record in chunk:
        if isinstance(record, NodeRecord):
            nodes.setdefault(record.label, []).append(record)
        else:
            kind = (record.type, record.start[0], record.end[0])
            relationships.setdefault(kind, []).append(record)

    def work(transaction: Transaction) -> None:
        # This write comes before any look, so that a second restore of the same file waits for our commit here.
        noted = transaction.run(
            f"MATCH (m:{_MARKER} {{id: $id}}) SET m.touched = coalesce(m.touched, 0) + 1 RETURN m.done AS done",
            {"id": _MARKER_ID},
        )
        if not noted or noted[0]["done"] != before:
            return
        for label, found in nodes.items():
            _put_nodes(transaction, label, found)
        for kind, ties in relationships.items():
            _put_relationships(transaction, kind, ties)
        transaction.run(
            f"MATCH (m:{_MARKER} {{id: $id}}) SET m.done = $done",
            {"id": _MARKER_ID, "done": before + len(chunk)},
        )

    store.transact(work, timeout_s=_TRANSACTION_S)


def _put_nodes(transaction: Transaction, label: str, records: list[NodeRecord]) -> None:
    if label == "StoreRecord":
        # Somebody may have prepared the store again meanwhile: its record is then there.
        text = f"UNWIND $rows AS row MERGE (n:{label} {{id: row.id}}) SET n = row"
        transaction.run(text, {"rows": [dict(record.properties) for record in records]})
        return
    properties, more, values = _properties("n", 0, records)
    transaction.run(f"UNWIND $rows AS row CREATE (n:{label} {properties}){more}", {"rows": values})


def _put_relationships(
    transaction: Transaction, kind: tuple[str, str, str], records: list[RelationshipRecord]
) -> None:
    type_, start, end = kind
    properties, more, values = _properties("r", 2, records)
    found = transaction.run(
        f"UNWIND $rows AS row MATCH (a:{start} {{id: row[0]}}) MATCH (b:{end} {{id: row[1]}}) "
        f"CREATE (a)-[r:{type_} {properties}]->(b){more} RETURN count(*) AS n",
        {
            "rows": [
                [record.start[1], record.end[1], *row] for record, row in zip(records, values, strict=True)
            ]
        },
    )
    if found[0]["n"] != len(records):
        raise BackupError(
            f"备份文件中有“{type_}”关系的一端不在文件里；请换一个备份",
            f"An end of a relationship {type_!r} is not in the backup file; take another backup",
        )


def _properties(what: str, first: int, records: Sequence[Record]) -> tuple[str, str, list[list[Any]]]:
    """The properties that any of the records has: the map to create them with, what follows, a row of values for each.

    All are created in one clause, from place `first` of a row on. A record that grows afterwards lies in two places
    of the embedded engine's files, and every reading of it costs twice. Only names that may not be written into a
    statement come after it, as a map.
    """
    names = sorted({name for record in records for name in record.properties})
    written = [name for name in names if portable_name(name)]
    others = [name for name in names if not portable_name(name)]
    values = [list(map(record.properties.get, written)) for record in records]
    if others:
        for row, record in zip(values, records, strict=True):
            row.append({name: record.properties.get(name) for name in others})
    more = f" SET {what} += row[{first + len(written)}]" if others else ""
    return property_map({}, written, first=first), more, values
