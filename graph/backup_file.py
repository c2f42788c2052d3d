"""The backup file: a store's content in a form that needs no database, and no LinMai, to be read.

A backup is one gzip file of UTF-8 text with a JSON object on each line:

    {"kind": "linmai-backup", "format": 1, "schema_version": 1, "engine": "neo4j 5.26.30", "made_at": "..."}
    {"node": "Street", "properties": {"id": "410411001", "name": "..."}}
    {"relationship": "PART_OF", "start": ["Street", "410411001"], "end": ["District", "410411"], "properties": {}}
    {"kind": "end", "nodes": {"Street": 1}, "relationships": {"PART_OF": 1}, "content_hash": "...", "sha256": "..."}

The first line is the header. All nodes come before all relationships; a node has one label and its key is the
property `id`, which is unique within the label; `start` and `end` are label and id. Values are strings, whole
numbers, decimals (which always have a point or an exponent), true and false, and lists of one of these;
NaN and Infinity stand for themselves. The last line counts the records by label and type. Its `sha256` is that
of all bytes before it, uncompressed, and `content_hash` is the sum, modulo 2^256, of the SHA-256 of every
record, so that it does not depend on their order; see `ContentHash`.
"""

import contextlib
import errno
import gzip
import hashlib
import json
import os
import re
import secrets
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graph.store_errors import Told

KIND, END = "linmai-backup", "end"
FORMAT = 1
LEFT_OUT = frozenset({("Batch", "loaded_at")})
"""(label, property) pairs that a content hash leaves out: when a file was loaded is not what was loaded."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_LONGEST_LINE = 64 * 1024 * 1024
# Twice as fast as gzip's usual 9, and the file is a tenth larger.
_COMPRESSION = 5

Value = Any
Properties = Mapping[str, Value]
Progress = Callable[[int, int], None]
"""Called now and then with the records done and how many there are."""


class BackupError(Told):
    """A backup that cannot be written, read or restored."""


@dataclass(frozen=True, slots=True)
class NodeRecord:
    """One node; `properties` holds its `id`."""

    label: str
    properties: Properties


@dataclass(frozen=True, slots=True)
class RelationshipRecord:
    """One relationship; `start` and `end` are label and id of the nodes it joins."""

    type: str
    start: tuple[str, str]
    end: tuple[str, str]
    properties: Properties


Record = NodeRecord | RelationshipRecord


@dataclass(frozen=True)
class BackupInfo:
    """What a backup holds: where it came from, how many records by label and type, and the content's hash.

    `sha256` is that of the file's text: two backups of equal content differ in it when their order does.
    """

    schema_version: int
    engine: str
    made_at: str
    nodes: Mapping[str, int]
    relationships: Mapping[str, int]
    content_hash: str
    sha256: str

    @property
    def records(self) -> int:
        """Nodes and relationships together."""
        return sum(self.nodes.values()) + sum(self.relationships.values())


class ContentHash:
    """Counts and hash of records, the same in whatever order they are added.

    >>> first, second = ContentHash(), ContentHash()
    >>> records = [NodeRecord("Unit", {"id": "1"}), NodeRecord("Unit", {"id": "2"})]
    >>> lines = [first.add(record) for record in records]
    >>> lines[0]
    '{"node":"Unit","properties":{"id":"1"}}'
    >>> lines == [second.add(record) for record in reversed(records)][::-1]
    True
    >>> first.hexdigest() == second.hexdigest(), dict(first.nodes)
    (True, {'Unit': 2})
    """

    def __init__(self, leaving_out: frozenset[tuple[str, str]] = LEFT_OUT) -> None:
        self.nodes: Counter[str] = Counter()
        self.relationships: Counter[str] = Counter()
        self._leaving_out = leaving_out
        self._shortened = {label for label, _ in leaving_out}
        self._sum = 0

    def add(self, record: Record) -> str:
        """Take one record in; returns its line of a backup file, without the line's end."""
        line = hashed = _line(record)
        if isinstance(record, RelationshipRecord):
            self.relationships[record.type] += 1
        else:
            self.nodes[record.label] += 1
            if record.label in self._shortened:
                kept = {
                    k: v for k, v in record.properties.items() if (record.label, k) not in self._leaving_out
                }
                hashed = _line(NodeRecord(record.label, kept))
        self._sum += int.from_bytes(hashlib.sha256(hashed.encode()).digest(), "big")
        return line

    def hexdigest(self) -> str:
        """The hash of what was added so far, 64 hexadecimal digits."""
        return f"{self._sum % 2**256:064x}"


def write_backup(path: Path, header: Mapping[str, Any], records: Iterator[Record]) -> BackupInfo:
    """Write a backup; `header` holds schema_version, engine and made_at.

    The file appears under its name when it is complete and on the disk, readable by its owner only from the
    first byte; after an error nothing of it stays. Raises BackupError when the name is taken, there is no such
    folder, no permission, or no room.
    """
    if path.exists():
        raise BackupError(
            f"{path} 已经存在，没有备份；请换一个文件名，或先移走它",
            f"{path} is there already, nothing was backed up; choose another name, or move it away",
        )
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as raw:
            with gzip.GzipFile("", "wb", _COMPRESSION, raw, mtime=0) as file:
                info = _write(file, header, records)
            raw.flush()
            os.fsync(raw.fileno())
        temporary.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        temporary.unlink(missing_ok=True)
    return info


def verify_backup(path: Path, newest_schema: int) -> BackupInfo:
    """Read a whole backup and check it against its own counts and hashes, without touching any store.

    Raises BackupError when the file is absent, something else, truncated, damaged, or written by a newer
    version, of the file's format or of the schema.
    """
    lines = _lines(path)
    header = _header(path, lines, newest_schema)
    text, content = hashlib.sha256(_encoded(header)), ContentHash()
    for raw in lines:
        line = _parsed(path, raw)
        if line.get("kind") == END:
            if next(lines, None) is not None or not _agrees(line, text, content):
                break
            return BackupInfo(
                header["schema_version"], header["engine"], header["made_at"],
                dict(content.nodes), dict(content.relationships), content.hexdigest(), text.hexdigest(),
            )  # fmt: skip
        text.update(raw)
        content.add(_record(path, line))
    else:
        raise _truncated(path)
    raise _damaged(path)


def read_records(path: Path) -> Iterator[Record]:
    """The records of a verified backup, in the file's order: nodes, then relationships."""
    lines = _lines(path)
    next(lines)
    for raw in lines:
        line = _parsed(path, raw)
        if line.get("kind") == END:
            return
        yield _record(path, line)


def portable_name(name: str) -> bool:
    """Whether a label or type may be written into a statement: letters, digits and _ only."""
    return bool(_NAME.fullmatch(name))


def _write(file: gzip.GzipFile, header: Mapping[str, Any], records: Iterator[Record]) -> BackupInfo:
    first = _encoded({"kind": KIND, "format": FORMAT, **header})
    file.write(first)
    text, content = hashlib.sha256(first), ContentHash()
    for record in records:
        line = content.add(record).encode() + b"\n"
        text.update(line)
        file.write(line)
    info = BackupInfo(
        **header, nodes=dict(content.nodes), relationships=dict(content.relationships),
        content_hash=content.hexdigest(), sha256=text.hexdigest(),
    )  # fmt: skip
    held = {"nodes": info.nodes, "relationships": info.relationships, "content_hash": info.content_hash}
    file.write(_encoded({"kind": END, **held, "sha256": info.sha256}))
    return info


def _line(record: Record) -> str:
    shape: dict[str, Any]
    if isinstance(record, NodeRecord):
        shape = {"node": record.label, "properties": dict(sorted(record.properties.items()))}
    else:
        shape = {
            "relationship": record.type, "start": record.start, "end": record.end,
            "properties": dict(sorted(record.properties.items())),
        }  # fmt: skip
    return _ENCODER.encode(shape)


def _encoded(shape: Mapping[str, Any]) -> bytes:
    return json.dumps(shape, ensure_ascii=False).encode() + b"\n"


def _lines(path: Path) -> Iterator[bytes]:
    """The file's lines with their ends; a line without one, or longer than any record, is damage."""
    try:
        with gzip.open(path, "rb") as file:
            while line := file.readline(_LONGEST_LINE):
                if not line.endswith(b"\n"):
                    raise _damaged(path)
                yield line
    except FileNotFoundError as error:
        raise BackupError(
            f"找不到备份文件 {path}；请检查文件名", f"There is no backup file {path}; check the name"
        ) from error
    except EOFError as error:
        raise _truncated(path) from error
    except gzip.BadGzipFile as error:
        raise (_damaged(path) if "CRC" in str(error) else _foreign(path)) from error
    except zlib.error as error:
        raise _damaged(path) from error
    except OSError as error:
        raise BackupError(
            f"读不了备份文件 {path}（{error.strerror}）；请检查权限和磁盘",
            f"The backup file {path} cannot be read ({error.strerror}); check its permissions and the disk",
        ) from error


def _header(path: Path, lines: Iterator[bytes], newest_schema: int) -> dict[str, Any]:
    first = next(lines, b"")
    try:
        header = json.loads(first)
    except ValueError:
        header = None
    if not isinstance(header, dict) or header.get("kind") != KIND:
        raise _foreign(path)
    for key, newest, chinese, english in (
        ("format", FORMAT, "文件格式", "file format"),
        ("schema_version", newest_schema, "数据模型", "data model"),
    ):
        version = header.get(key)
        if not isinstance(version, int):
            raise _damaged(path)
        if version > newest:
            raise BackupError(
                f"{path} 由更新的邻脉写出（{chinese}版本 {version}，本程序最高支持 {newest}）；请升级邻脉后再恢复",
                f"{path} was written by a newer LinMai ({english} {version}, this program knows up to {newest}); "
                "upgrade LinMai, then restore it",
            )
    if _encoded(header) != first or not {"engine", "made_at"} <= set(header):
        raise _damaged(path)
    return header


def _parsed(path: Path, raw: bytes) -> dict[str, Any]:
    try:
        line = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise _damaged(path) from error
    if not isinstance(line, dict):
        raise _damaged(path)
    return line


def _record(path: Path, line: Mapping[str, Any]) -> Record:
    match line:
        case {"node": str(label), "properties": {"id": str()} as properties} if portable_name(label):
            return NodeRecord(label, properties)
        case {
            "relationship": str(type_),
            "start": [str(start_label), str(start)],
            "end": [str(end_label), str(end)],
            "properties": dict(properties),
        } if all(map(portable_name, (type_, start_label, end_label))):
            return RelationshipRecord(type_, (start_label, start), (end_label, end), properties)
    raise _damaged(path)


def _agrees(end: Mapping[str, Any], text: "hashlib._Hash", content: ContentHash) -> bool:
    return end == {
        "kind": END, "nodes": dict(content.nodes), "relationships": dict(content.relationships),
        "content_hash": content.hexdigest(), "sha256": text.hexdigest(),
    }  # fmt: skip


def _sync_folder(folder: Path) -> None:
    # So that the new name, too, survives a power cut; Windows can neither open nor needs it.
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _unwritable(path: Path, error: OSError) -> BackupError:
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT | errno.EFBIG:
            return BackupError(
                f"磁盘空间不足，备份没有写成：{path}；请腾出空间或换一个磁盘",
                f"The disk is full, the backup was not written: {path}; make room, or choose another disk",
            )
        case errno.ENOENT | errno.ENOTDIR:
            return BackupError(
                f"没有文件夹 {path.parent}，备份没有写成；请先建好它，或换一个位置",
                f"There is no folder {path.parent}, the backup was not written; make it, or choose another place",
            )
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return BackupError(
                f"没有权限写入 {path.parent}，备份没有写成；请换一个文件夹",
                f"You may not write to {path.parent}, the backup was not written; choose another folder",
            )
        case _:
            return BackupError(
                f"备份没有写成：{path}（{error.strerror}）；请换一个位置再试",
                f"The backup was not written: {path} ({error.strerror}); try another place",
            )


def _foreign(path: Path) -> BackupError:
    return BackupError(
        f"{path} 不是邻脉的备份文件；请选择用 linmai store backup 写出的文件",
        f"{path} is no backup of LinMai; choose a file that linmai store backup has written",
    )


def _truncated(path: Path) -> BackupError:
    return BackupError(
        f"备份文件 {path} 不完整（可能复制时中断）；请重新复制，或换一个备份",
        f"The backup file {path} is incomplete (perhaps a copy broke off); copy it again, or take another backup",
    )


def _damaged(path: Path) -> BackupError:
    return BackupError(
        f"备份文件 {path} 已损坏（校验不符），没有恢复任何内容；请重新复制，或换一个备份",
        f"The backup file {path} is damaged (its checksums disagree), nothing was restored; copy it again, or take another backup",
    )
