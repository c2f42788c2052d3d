"""What earlier issues of a register had and this one has not: reported always, ended when asked, never deleted.

A register answers for the rows that it brought first. What another source brought, or nodes that people
made in the product, are not missing in it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from graph import statements
from graph.ask import Reader
from graph.model import GraphSchema, NodeType, RelationshipType
from graph.writing import chunks
from loaders.compare import StoredTie, declared_key, is_open
from loaders.ledger import Ledger
from loaders.problems import Problem, note, warning
from loaders.resolved import ResolvedNode, ResolvedTable
from loaders.writes import ENDED_AS_MISSING, Pair, Writes, node_subject

_SHOWN = 20


class Missing:
    """Finds and ends what is missing in a load. `count` and `problems` grow as it is found."""

    def __init__(
        self, store: Reader, schema: GraphSchema, ledger: Ledger, as_of: str, end_missing: bool
    ) -> None:
        self._store, self._schema, self._ledger = store, schema, ledger
        self._as_of, self._end = as_of, end_missing
        self._earlier: dict[str, list[str]] = {}
        self._ties: dict[int, tuple[ResolvedTable, dict[str, list[str]]]] = {}
        self.count = 0
        self.problems: list[Problem] = []

    def tie(self, table: ResolvedTable, writes: Writes, pair: Pair, start: str, tie: StoredTie) -> None:
        """A stored tie that a row of this load, which names all ends, does not name any more."""
        if tie.properties.get("first_batch") not in self._batches(table.source):
            return
        names = self._ties.setdefault(id(table), (table, {}))[1]
        names.setdefault(pair[0], []).append(f"{start} → {tie.end}")
        self._end_tie(writes, pair, (start, tie.end), tie.properties)

    def ended(self, tables: Sequence[ResolvedTable]) -> Iterator[Writes]:
        """What is to be written to end missing rows, chunk by chunk; reports all that is missing."""
        for table, ties in self._ties.values():
            for name, gone in ties.items():
                relationship = self._schema.relationship(name)
                self._report(table, f"「{relationship.heading}」", gone, relationship.has_validity, True)
        issues: dict[tuple[str, str], list[ResolvedTable]] = {}
        for table in tables:
            issues.setdefault((table.source, table.name), []).append(table)
        labels = {node.label for node in self._schema.nodes}
        for (source, name), parts in issues.items():
            if not self._batches(source):
                continue
            if name in labels:
                yield from self._nodes(self._schema.node(name), parts)
            else:
                yield from self._links(self._schema.relationship(name), parts)

    def _nodes(self, node: NodeType, parts: Sequence[ResolvedTable]) -> Iterator[Writes]:
        here = {id_ for table in parts for id_ in table.present}
        rows = self._store.read(
            statements.nodes_of_batches(node), {"batches": self._batches(parts[0].source)}
        )
        gone = {row["id"]: row for row in rows if row["id"] not in here and is_open(row, self._as_of)}
        if not gone:
            return
        certain = not any(table.unplaced for table in parts)
        self._report(parts[-1], node.heading, sorted(gone), node.has_validity, certain)
        if not (self._end and node.has_validity and certain):
            return
        for chunk in chunks(sorted(gone)):
            writes = Writes(self._ledger.id(parts[-1].source, parts[-1].sha256))
            text = statements.read_nodes(node)
            for row in self._store.read(text, {"ids": chunk}):
                stored = row["properties"]
                end = max(self._as_of, stored.get("valid_from") or "")
                if stored.get("valid_to") != end:
                    writes.change_node(node.label, row["id"], stored, {"valid_to": end}, missing=True)
            yield writes

    def _links(self, relationship: RelationshipType, parts: Sequence[ResolvedTable]) -> Iterator[Writes]:
        here = {
            (link.start_label, link.start, link.end_label, link.end, _key(relationship, link.properties))
            for table in parts
            for link in table.links
        }
        gone: list[tuple[Pair, tuple[str, str], Mapping[str, Any]]] = []
        for start, end in statements.pairs(relationship):
            text = statements.relationships_of_batches(relationship, start, end)
            for row in self._store.read(text, {"batches": self._batches(parts[0].source)}):
                stored = row["properties"]
                key = (start, row["start"], end, row["end"], _key(relationship, stored))
                if key not in here and is_open(stored, self._as_of):
                    gone.append(((relationship.name, start, end), (row["start"], row["end"]), stored))
        if not gone:
            return
        certain = not any(table.rejected for table in parts)
        shown = sorted(f"{start} → {end}" for _, (start, end), _ in gone)
        self._report(parts[-1], relationship.heading, shown, relationship.has_validity, certain)
        if not (self._end and relationship.has_validity and certain):
            return
        for chunk in chunks(sorted(gone, key=lambda each: (each[0], each[1]))):
            writes = Writes(self._ledger.id(parts[-1].source, parts[-1].sha256))
            for pair, ends, stored in chunk:
                self._end_tie(writes, pair, ends, stored)
            yield writes

    def _end_tie(self, writes: Writes, pair: Pair, ends: tuple[str, str], stored: Mapping[str, Any]) -> None:
        if self._end and self._schema.relationship(pair[0]).has_validity:
            end = max(self._as_of, stored.get("from") or "")
            if stored.get("to") != end:
                writes.change_relationship(pair, ends, stored, {"to": end}, missing=True)

    def _batches(self, source: str) -> list[str]:
        if source not in self._earlier:
            self._earlier[source] = self._ledger.earlier(source)
        return self._earlier[source]

    def _report(
        self, table: ResolvedTable, what: str, gone: Sequence[str], validity: bool, certain: bool
    ) -> None:
        self.count += len(gone)
        listed = "、".join(gone[:_SHOWN]) + (" 等" if len(gone) > _SHOWN else "")
        found = f"以前导入、本期没有的{what}有 {len(gone)} 条：{listed}"
        if not certain:
            mend = "本期有退回的行，无法断定它们是否真的没有了，一条都没有终止；请先改正退回的行再导入"
        elif not validity:
            mend = "这类数据没有起止日期，仍然保留；如有误请核对"
        elif self._end:
            mend = f"已按 {self._as_of} 终止"
        else:
            mend = "仍然保留；如确已终止，请选“结束缺失”（命令行是 --end-missing）再导入一次"
        kind = note if certain else warning
        self.problems.append(kind("missing-rows", f"{found}；{mend}", file=table.file, sheet=table.sheet))


def reappeared(
    store: Reader, node: NodeType, rows: Sequence[ResolvedNode], stored: Mapping[str, Mapping[str, Any]]
) -> set[str]:
    """Rows that are back after they were ended as missing: nobody but a load ever said that they had ended.

    A row that gives its own last day decides for itself, and so does one that was ended any other way.
    """
    ended = {
        node_subject(node.label, row.id): row.id
        for row in rows
        if "valid_to" not in row.properties and stored.get(row.id, {}).get("valid_to") is not None
    }
    back: set[str] = set()
    for chunk in chunks(ended):
        changes = store.read(
            "UNWIND $subjects AS subject MATCH (c:Change {subject: subject}) "
            "RETURN c.id AS id, c.subject AS subject, c.after AS after",
            {"subjects": chunk},
        )
        for change in changes:
            id_ = ended[change["subject"]]
            if change["id"].endswith(ENDED_AS_MISSING):
                after = json.loads(change["after"])
                if after.get("valid_to") == stored[id_]["valid_to"]:
                    back.add(id_)
    return back


def _key(relationship: RelationshipType, properties: Mapping[str, Any]) -> str:
    return declared_key(relationship, properties) if relationship.key else ""
