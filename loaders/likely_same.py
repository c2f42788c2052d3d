"""Legal bodies that are probably one under two numbers: the same credit code, or the same name.

They are listed and loaded all the same: only the clerk knows whether two entries are one. A kind of node whose
declaration has a unified social credit code is looked at; two different codes are two bodies, whatever the names.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from graph import statements
from graph.model import GraphSchema, NodeType
from graph.schema.formats import USCC
from graph.store import Store
from loaders.compare import is_open
from loaders.problems import Problem, warning
from loaders.resolved import ResolvedTable

_COMPANY = re.compile(r"(?:股份)?(?:有限)?(?:责任)?公司$")


@dataclass(frozen=True, slots=True)
class _Body:
    id: str
    name: str
    code: str
    where: str


def likely_same(
    store: Store, schema: GraphSchema, tables: Sequence[ResolvedTable], as_of: str
) -> Iterator[tuple[ResolvedTable, Problem]]:
    """Each row that is probably about the same body as an earlier row or a stored node, with the warning for it.

    Stored nodes count as long as they have not ended by the ISO day `as_of`.
    """
    for node in schema.nodes:
        code = next((p.name for p in node.properties if p.format == USCC), None)
        mine = [table for table in tables if table.name == node.label]
        if code and any(table.nodes for table in mine):
            yield from _of_one_kind(node, code, _stored(store, node, code, as_of), mine)


def plain_name(name: str) -> str:
    """A body's name without what people write now one way, now another.

    >>> plain_name("示例机械（集团）有限责任公司") == plain_name("示例 机械(集团)公司")
    True
    """
    return _COMPANY.sub("公司", re.sub(r"\s", "", unicodedata.normalize("NFKC", name)).casefold())


def _stored(store: Store, node: NodeType, code: str, as_of: str) -> dict[str, _Body]:
    rows = store.read(statements.read_titles(node, code))[0]["rows"]
    return {
        id_: _Body(id_, str(title or ""), str(value or ""), f"库中的“{title}”（编号 {id_}）")
        for id_, title, value, valid_to in rows
        if is_open({"valid_to": valid_to}, as_of)
    }


def _of_one_kind(
    node: NodeType, code: str, known: dict[str, _Body], tables: Sequence[ResolvedTable]
) -> Iterator[tuple[ResolvedTable, Problem]]:
    rows = [(table, row) for table in tables for row in table.nodes]
    bodies: dict[str, _Body] = {}
    for table, row in rows:
        before = bodies.get(row.id) or known.get(row.id) or _Body(row.id, "", "", "")
        bodies[row.id] = replace(
            before,
            name=str(row.properties.get(node.title) or before.name),
            code=str(row.properties.get(code) or before.code),
            where=f"《{table.file}》「{table.sheet}」第 {row.row} 行（编号 {row.id}）",
        )
    seen: dict[str, list[_Body]] = {}
    for body in (each for id_, each in known.items() if id_ not in bodies):
        _add(seen, body)
    told: set[str] = set()
    for table, row in rows:
        body = bodies[row.id]
        if row.id in told:
            continue
        told.add(row.id)
        if other := _other(seen, body):
            yield table, _warning(node, code, table, row.row, body, other)
        _add(seen, body)


def _signs(body: _Body) -> list[str]:
    return [sign for sign in (body.code, plain_name(body.name)) if sign]


def _add(seen: dict[str, list[_Body]], body: _Body) -> None:
    for sign in _signs(body):
        seen.setdefault(sign, []).append(body)


def _other(seen: dict[str, list[_Body]], body: _Body) -> _Body | None:
    """A body that was seen before and is probably this one; two different codes speak against it."""
    others = (other for sign in _signs(body) for other in seen.get(sign, ()))
    return next((o for o in others if not (o.code and body.code and o.code != body.code)), None)


def _warning(node: NodeType, code: str, table: ResolvedTable, row: int, body: _Body, other: _Body) -> Problem:
    alike = node.property(code if body.code and body.code == other.code else node.title).heading
    return warning(
        "likely-same",
        f"与{other.where}的{alike}相同，可能是同一个{node.heading}，已照表导入；如果是同一个，请改用同一个编号后再装入",
        file=table.file, sheet=table.sheet, row=row,
    )  # fmt: skip
