"""Export: a part of the graph in a form that other programs read.

Each format is a pure writer (`graph.export_viewers`, `graph.export_tables`) of a content
(`graph.export_content`); here are their names, and the one place that writes to the disk.
"""

import errno
import os
import secrets
import shutil
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from graph.ask import Reader
from graph.export_content import Content, ExportError, Progress, StoreContent
from graph.export_tables import Piece, csv_folder, cypher_script, neo4j_import
from graph.export_viewers import gexf, graphml, node_link
from graph.model import GraphSchema
from graph.schema import SCHEMA


@dataclass(frozen=True)
class Format:
    """A format: its Chinese description, and its writer.

    A writer gives (file name, text) pairs; a format of one file gives the empty name.
    """

    doc: str
    folder: bool
    pieces: Callable[[Content], Iterator[Piece]]


def _one(write: Callable[[Content], Iterator[str]]) -> Callable[[Content], Iterator[Piece]]:
    return lambda content: (("", text) for text in write(content))


FORMATS: Mapping[str, Format] = {
    "graphml": Format("GraphML：networkx、Gephi、yEd 等都能打开", False, _one(graphml)),
    "gexf": Format("GEXF：Gephi，带颜色和名称", False, _one(gexf)),
    "node-link": Format("JSON：networkx.node_link_graph、d3", False, _one(node_link)),
    "csv": Format("文件夹：每类节点、每类关系一个 CSV", True, csv_folder),
    "neo4j-import": Format("文件夹：供 neo4j-admin database import 建库", True, neo4j_import),
    "cypher": Format("Cypher 脚本：在 Neo4j 或内置库中运行", False, _one(cypher_script)),
}
"""The formats by the name that is written after --format."""


@dataclass(frozen=True)
class Exported:
    """What was written: nodes by label, relationships by type, the personal properties told."""

    scope: str
    format: str
    nodes: Mapping[str, int]
    relationships: Mapping[str, int]
    personal: tuple[str, ...]
    folder: bool


def export(
    store: Reader,
    scope: str,
    kind: str,
    path: Path,
    *,
    personal: Collection[str] = (),
    progress: Progress | None = None,
    schema: GraphSchema = SCHEMA,
) -> Exported:
    """Write what belongs to the area `scope` to `path`, a new file, or a new folder for some formats.

    `kind` is a name of `FORMATS`, `personal` names the personal properties to tell (`Person.phone`). What is
    written can be read by its owner only, and appears under its name when it is complete; after an error
    nothing stays. `progress` is called with the records done and an estimate of all.

    Raises ExportError for an unknown area or property, for a value that is not of its declared type, and when
    the name is taken, there is no such folder, no permission, or no room.
    """
    if path.exists():
        raise ExportError(
            f"{path} 已经存在，没有导出；请换一个名称，或先移走它",
            f"{path} is there already, nothing was exported; choose another name, or move it away",
        )
    chosen = FORMATS[kind]
    content = StoreContent(store, scope, schema, personal, progress)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        if chosen.folder:
            temporary.mkdir(mode=0o700)
        _write(temporary, chosen.pieces(content))
        temporary.replace(path)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        _discard(temporary)
    counted = content.counted
    labels = {node.label for node in schema.nodes}
    return Exported(
        scope, kind, Counter({k: n for k, n in counted.items() if k in labels and n}),
        Counter({k: n for k, n in counted.items() if k not in labels}), tuple(sorted(set(personal))), chosen.folder,
    )  # fmt: skip


def _write(place: Path, pieces: Iterator[Piece]) -> None:
    with ExitStack() as stack:
        files: dict[str, TextIO] = {}
        for name, text in pieces:
            if name not in files:
                files[name] = stack.enter_context(_private(place / name if name else place))
            files[name].write(text)


def _private(path: Path) -> TextIO:
    """A new text file that only its owner can read, from the first byte on."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    return os.fdopen(descriptor, "w", encoding="utf-8", newline="\n")


def _discard(temporary: Path) -> None:
    if temporary.is_dir():
        shutil.rmtree(temporary, ignore_errors=True)
    else:
        temporary.unlink(missing_ok=True)


def _unwritable(path: Path, error: OSError) -> ExportError:
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT | errno.EFBIG:
            return ExportError(
                f"磁盘空间不足，没有导出：{path}；请腾出空间或换一个磁盘",
                f"The disk is full, nothing was exported: {path}; make room, or choose another disk",
            )
        case errno.ENOENT | errno.ENOTDIR:
            return ExportError(
                f"没有文件夹 {path.parent}，没有导出；请先建好它，或换一个位置",
                f"There is no folder {path.parent}, nothing was exported; make it, or choose another place",
            )
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return ExportError(
                f"没有权限写入 {path.parent}，没有导出；请换一个文件夹",
                f"You may not write to {path.parent}, nothing was exported; choose another folder",
            )
        case _:
            return ExportError(
                f"没有导出：{path}（{error.strerror}）；请换一个位置再试",
                f"Nothing was exported: {path} ({error.strerror}); try another place",
            )
