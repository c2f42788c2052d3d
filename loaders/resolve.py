"""From drafts to rows that can be loaded: references found, keys computed, contradictions refused.

A row is loaded whole or not at all. One with a reference that means nothing certain is rejected, and with it
the rows that refer to it, unless the store knows the node already.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from graph.model import GraphSchema
from graph.store import Store
from graph.writing import existing_ids
from loaders.areas import TERRITORY, AreaKey, Areas
from loaders.consistency import contradiction, incomplete, join
from loaders.drafts import LinkDraft, NodeDraft, Reference, TableDrafts
from loaders.hierarchy import circles
from loaders.identity import Identities
from loaders.names import DraftNames, NodeKey
from loaders.problems import Problem, error, note
from loaders.references import Found, References, Refusal, is_personal
from loaders.resolved import ResolvedLink, ResolvedNode, ResolvedTable, ResolvedTie


@dataclass(slots=True)
class Row:
    """A node row while it is resolved. `properties`, `stated` and `ties` may be joined with those of another
    row about the same node."""

    table: int
    draft: NodeDraft
    key: NodeKey | None = None
    properties: dict[str, Any] = field(default_factory=dict)
    stated: dict[str, None] = field(default_factory=dict)
    ties: list[ResolvedTie] = field(default_factory=list)
    columns: list[tuple[NodeKey, Reference]] = field(default_factory=list)
    rejected: bool = False


@dataclass(slots=True)
class _LinkRow:
    table: int
    draft: LinkDraft
    start: NodeKey
    end: NodeKey
    rejected: bool = False


def resolve(
    store: Store,
    schema: GraphSchema,
    tables: Sequence[TableDrafts],
    *,
    scope: str | None,
    as_of: str,
    keep: Callable[[], None] = lambda: None,
) -> list[ResolvedTable]:
    """The tables with all references found, in the given order; reads the store and writes nothing.

    `scope` is the area whose place names are meant, `as_of` the ISO day for which names of stored nodes are
    understood. `keep` is called now and then. Raises `LoadRefused` when the scope is unknown, or needed.
    """
    return _Resolver(store, schema, tables, scope, as_of, keep).tables()


class _Resolver:
    def __init__(
        self,
        store: Store,
        schema: GraphSchema,
        tables: Sequence[TableDrafts],
        scope: str | None,
        as_of: str,
        keep: Callable[[], None],
    ) -> None:
        self._store, self._schema, self._as_of, self._keep = store, schema, as_of, keep
        self._drafts = tables
        self._rows = [Row(at, draft) for at, table in enumerate(tables) for draft in table.nodes]
        self._links: list[_LinkRow] = []
        self._tables = [
            ResolvedTable(
                *(table.file, table.sheet, table.sha256, table.source, table.name),
                rows=len(table.nodes) + len(table.links) + len(table.rejected),
                problems=list(table.problems),
                rejected=set(table.rejected),
                unplaced=bool(table.rejected),
            )
            for table in tables
        ]
        drafts = [row.draft for row in self._rows]
        references = [reference for draft in drafts for reference in draft.references]
        references += [end for table in tables for link in table.links for end in (link.start, link.end)]
        ends = {label for reference in references for label in reference.ends}
        kinds = (ends & set(TERRITORY)) | {TERRITORY[d.label] for d in drafts if TERRITORY.get(d.label)}
        kinds |= {
            d.label for d in drafts if d.label in TERRITORY and not d.id and not schema.node(d.label).identity
        }
        self._areas = Areas(store, schema, scope, kinds, as_of)
        self._identify = Identities(schema, drafts, self._areas)
        keep()
        names = DraftNames(schema, drafts, ends - set(TERRITORY))
        self._references = References(store, schema, names, self._areas, self._identify, as_of)
        self._identify.find_with(self._references.find)
        self._references.look_up(references)

    def tables(self) -> list[ResolvedTable]:
        """Resolve all; see `resolve`."""
        for position, row in enumerate(self._rows):
            self._resolve_row(position, row)
            if position % 1000 == 0:
                self._keep()
        groups = self._groups()
        self._refuse_contradictions(groups)
        self._refuse_incomplete(groups)
        for row, chain in circles(self._store, self._schema, self._rows, self._as_of):
            self._reject_row(
                row,
                "hierarchy-circle",
                f"上下级绕成了圈：{' → '.join(chain)}；请改正其中一行的上级",
            )
        self._resolve_links()
        self._refuse_followers()
        self._fill()
        return self._tables

    def _resolve_row(self, position: int, row: Row) -> None:
        draft = row.draft
        row.properties = dict(draft.properties)
        if position in self._identify.by_name:
            row.properties.pop("name", None)
        row.stated = dict.fromkeys([r.relationship for r in draft.references] + list(draft.absent))
        found = [(reference, self._references.find(reference)) for reference in draft.references]
        id_ = self._identify(position)
        if any(isinstance(end, Refusal) and end.nearer for _, end in found):
            found = self._nearer(NodeKey(draft.label, id_) if id_ else None, found)
        for reference, end in found:
            if isinstance(end, Refusal):
                self._reject_reference(row, reference, self._references.explained(reference, end))
            else:
                row.columns.append((end, reference))
                tie = ResolvedTie(reference.relationship, end.label, end.id, reference.properties)
                row.ties.append(tie)
        if id_ is not None:
            row.key = NodeKey(draft.label, id_)
        elif not row.rejected:
            heading = self._schema.node(draft.label).heading
            unnamed = self._identify.by_name.get(position)
            why = (
                f"没有编号，按名称也认不出是哪个{heading}：{unnamed}"
                if unnamed
                else f"无法确定这是哪一个{heading}：它所依据的上级又指回它自己；请填写编号"
            )
            self._reject_row(row, "no-identity", why)

    def _nearer(
        self, own: NodeKey | None, found: list[tuple[Reference, Found]]
    ) -> list[tuple[Reference, Found]]:
        """Names that fit several areas are understood within the community that the row itself names."""
        named: list[AreaKey] = [(end.label, end.id) for _, end in found if isinstance(end, NodeKey)]
        if own:
            named.append((own.label, own.id))
        communities = self._areas.communities([area for area in named if area[0] in TERRITORY])
        if len(communities) != 1:
            return found
        within = next(iter(communities))
        decided: list[tuple[Reference, Found]] = []
        for reference, end in found:
            if isinstance(end, Refusal) and end.nearer:
                closer = self._references.find(reference, within)
                end = end if isinstance(closer, Refusal) else closer
            decided.append((reference, end))
        return decided

    def _groups(self) -> dict[NodeKey, list[Row]]:
        groups: dict[NodeKey, list[Row]] = {}
        for row in self._rows:
            if row.key is not None:
                groups.setdefault(row.key, []).append(row)
        return groups

    def _refuse_contradictions(self, groups: dict[NodeKey, list[Row]]) -> None:
        """Of two rows about one node the first one counts: otherwise each load would change it twice."""
        for group in groups.values():
            kept: list[Row] = []
            for row in (each for each in group if not each.rejected and len(group) > 1):
                twin = next((k for k in kept if k.table == row.table), None)
                if twin and (twin.properties, twin.ties) == (row.properties, row.ties):
                    row.rejected = True
                    self._note_repeated(row.table, row.draft.row, self._where(twin))
                    continue
                other, differs = next(
                    ((k, d) for k in kept if (d := contradiction(self._schema, k, row))), (twin, "内容")
                )
                if other is None:
                    kept.append(row)
                    continue
                self._reject_row(
                    row,
                    "contradicts-row",
                    f"与{self._where(other)}说的是同一个{self._heading(row)}，但「{differs}」不同；"
                    "请改成一致，或删去其中一行",
                )
            join(self._schema, kept)

    def _note_repeated(self, at: int, row: int, where: str) -> None:
        table = self._tables[at]
        sentence = f"与{where}重复，已略过"
        table.problems.append(note("repeated-row", sentence, file=table.file, sheet=table.sheet, row=row))

    def _refuse_incomplete(self, groups: dict[NodeKey, list[Row]]) -> None:
        """A node that is new needs what its type requires; of a known one a sheet may tell a part only."""
        lacking: dict[NodeKey, str] = {}
        for key, group in groups.items():
            heading = incomplete(self._schema, key.label, [row for row in group if not row.rejected])
            if heading:
                lacking[key] = heading
        for label in dict.fromkeys(key.label for key in lacking):
            ids = [key.id for key in lacking if key.label == label]
            known = existing_ids(self._store, self._schema.node(label), ids)
            for key in (k for k in lacking if k.label == label and k.id not in known):
                for row in (row for row in groups[key] if not row.rejected):
                    self._reject_row(
                        row,
                        "new-and-incomplete",
                        f"库中还没有{self._heading(row)} {key.id}，新增时必须有「{lacking[key]}」；请补上，或核对编号",
                    )

    def _resolve_links(self) -> None:
        seen: dict[tuple[object, ...], _LinkRow] = {}
        for at, table in enumerate(self._drafts):
            for draft in table.links:
                ends: list[NodeKey] = []
                for reference in (draft.start, draft.end):
                    end = self._references.find(reference)
                    if isinstance(end, Refusal):
                        why = self._references.explained(reference, end)
                        self._reject_link(at, draft.row, reference, why)
                    else:
                        ends.append(end)
                if len(ends) == 2:
                    row = _LinkRow(at, draft, ends[0], ends[1])
                    self._links.append(row)
                    self._check_repeated(seen, row)

    def _check_repeated(self, seen: dict[tuple[object, ...], _LinkRow], row: _LinkRow) -> None:
        relationship = self._schema.relationship(row.draft.relationship)
        values = tuple(row.draft.properties.get(name) for name in relationship.key)
        first = seen.setdefault((relationship.name, row.start, row.end, *values), row)
        if first is row:
            return
        where = f"《{self._tables[first.table].file}》第 {first.draft.row} 行"
        table = self._tables[row.table]
        if first.draft.properties != row.draft.properties:
            row.rejected = True
            table.rejected.add(row.draft.row)
            sentence = f"与{where}说的是同一个{relationship.heading}，但内容不同；请改成一致，或删去其中一行"
            self._add(row.table, row.draft.row, "contradicts-row", sentence)
        elif first.table == row.table:
            row.rejected = True
            self._note_repeated(row.table, row.draft.row, where)

    def _refuse_followers(self) -> None:
        """Reject what refers to rejected rows, and what refers to those, unless the store knows the node."""
        known: dict[NodeKey, bool] = {}
        while True:
            sound = {row.key for row in self._rows if not row.rejected}
            broken = {row.key: row for row in self._rows if row.rejected and row.key and row.key not in sound}
            for label in {key.label for key in broken if key not in known}:
                ids = [key.id for key in broken if key.label == label]
                stored = existing_ids(self._store, self._schema.node(label), ids)
                known.update({NodeKey(label, id_): id_ in stored for id_ in ids})
            broken = {key: row for key, row in broken.items() if not known[key]}
            if not broken or not self._reject_followers(broken):
                return

    def _reject_followers(self, broken: dict[NodeKey, Row]) -> bool:
        changed = False
        for row in (each for each in self._rows if not each.rejected):
            for end, reference in row.columns:
                if end in broken and end != row.key:
                    self._reject_reference(row, reference, self._follows(broken[end]))
                    changed = True
        for link in (each for each in self._links if not each.rejected):
            for end, reference in ((link.start, link.draft.start), (link.end, link.draft.end)):
                if end in broken and not link.rejected:
                    link.rejected = changed = True
                    self._reject_link(link.table, link.draft.row, reference, self._follows(broken[end]))
        return changed

    def _follows(self, row: Row) -> Refusal:
        return Refusal("reference-to-rejected", f"所指的是{self._where(row)}，那一行未能导入；请先改正那一行")

    def _fill(self) -> None:
        nodes: list[list[ResolvedNode]] = [[] for _ in self._tables]
        links: list[list[ResolvedLink]] = [[] for _ in self._tables]
        for row in self._rows:
            table = self._tables[row.table]
            if row.key is None:
                table.unplaced = True
                continue
            table.present.add(row.key.id)
            if not row.rejected:
                nodes[row.table].append(
                    ResolvedNode(
                        *(row.key.label, row.key.id, row.properties),
                        ties=tuple(row.ties),
                        stated=tuple(row.stated),
                        row=row.draft.row,
                    )
                )
        for link in (each for each in self._links if not each.rejected):
            links[link.table].append(
                ResolvedLink(
                    link.draft.relationship,
                    *(link.start.label, link.start.id, link.end.label, link.end.id),
                    properties=link.draft.properties,
                    row=link.draft.row,
                )
            )
        for at, table in enumerate(self._tables):
            table.nodes, table.links = nodes[at], links[at]

    def _reject_row(self, row: Row, code: str, sentence: str) -> None:
        row.rejected = True
        self._tables[row.table].rejected.add(row.draft.row)
        self._add(row.table, row.draft.row, code, sentence)

    def _reject_reference(self, row: Row, reference: Reference, refusal: Refusal) -> None:
        row.rejected = True
        self._tables[row.table].rejected.add(row.draft.row)
        self._tables[row.table].problems.append(self._problem(row.table, row.draft.row, reference, refusal))

    def _reject_link(self, at: int, row: int, reference: Reference, refusal: Refusal) -> None:
        table = self._tables[at]
        table.rejected.add(row)
        table.unplaced = True
        table.problems.append(self._problem(at, row, reference, refusal))

    def _problem(self, at: int, row: int, reference: Reference, refusal: Refusal) -> Problem:
        table = self._tables[at]
        return error(
            refusal.code,
            refusal.sentence,
            file=table.file,
            sheet=table.sheet,
            row=row,
            column=reference.heading,
            found=None if is_personal(reference) else reference.text,
        )

    def _add(self, at: int, row: int, code: str, sentence: str) -> None:
        table = self._tables[at]
        table.problems.append(error(code, sentence, file=table.file, sheet=table.sheet, row=row))

    def _where(self, row: Row) -> str:
        table = self._tables[row.table]
        return f"《{table.file}》「{table.sheet}」第 {row.draft.row} 行"

    def _heading(self, row: Row) -> str:
        return self._schema.node(row.draft.label).heading
