"""Load tables into a store: compare with what is there, write only what differs, remember what it replaced.

Nodes of all tables come first, so that files may refer to each other in any order, then relationships, then
what earlier issues of the same register had and this one has not. Each chunk is one transaction with its
change records and the batch's counts (`loaders.writes`), so a load that is killed at any moment and run
again leaves the same store as one that was not; only the times of loading differ. While one chunk is committed
the next is planned, as long as nothing need be read for it (`loaders.behind`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from graph.ask import Reader
from graph.model import Cardinality, GraphSchema, RelationshipType
from graph.schema import SCHEMA
from graph.store import Store
from graph.writing import CHUNK, chunks
from loaders.batches import Batch
from loaders.behind import WriteBehind, write_behind
from loaders.by_hand import ByHand
from loaders.collector import seldom_collecting
from loaders.compare import TiePlan, WantedTie, difference, plan_ties, present
from loaders.drafts import TableDrafts
from loaders.identity import tie_for
from loaders.lease import Lease, load_lease
from loaders.ledger import Ledger, LoadedFile
from loaders.likely_same import likely_same
from loaders.missing import Missing, reappeared
from loaders.problems import Problem
from loaders.resolve import resolve
from loaders.resolved import ResolvedLink, ResolvedNode, ResolvedTable
from loaders.view import Preview, StoreView
from loaders.writes import Pair, Writes

Progress = Callable[[int, int], None]
"""Called with how many steps are done, of how many: a step is a row's node, or a row's relationships."""


@dataclass(frozen=True)
class LoadResult:
    """What a load did, or what a check found that it would do.

    `added`, `changed` and `unchanged` count nodes and relationships of sound rows. `rejected` counts rows that
    were sent back, `missing` rows and ties that an earlier issue of the same source had and this one has not.
    `batches` are those of the loaded files, none after a check. `problems` holds everything that was
    found, what the drafts came with included.
    """

    batches: tuple[Batch, ...]
    added: int
    changed: int
    unchanged: int
    rejected: int
    missing: int
    problems: tuple[Problem, ...]


def load(
    store: Store,
    drafts: Sequence[TableDrafts],
    *,
    as_of: str,
    now: datetime | None = None,
    schema: GraphSchema = SCHEMA,
    scope: str | None = None,
    end_missing: bool = False,
    progress: Progress = lambda done, total: None,
    chunk: int = CHUNK,
) -> LoadResult:
    """Load tables; the store must be prepared (`graph.prepare`).

    `as_of` is the ISO day on which ties that are replaced without a day of their own end, and on which
    `end_missing` ends what is missing. `scope` is the area whose place names are meant. `now` becomes the
    batches' time of loading, the clock's without it. `chunk` is how many rows one
    transaction takes.

    Loading what is loaded already changes nothing, the batch's time included. Raises `LoadRefused` when
    another load is under way, or when a scope is needed or unknown; then nothing is written.
    """
    with seldom_collecting(), load_lease(store) as lease, write_behind(store) as behind:
        run = _Load(store, schema, drafts, as_of, end_missing, progress, lease, behind, chunk)
        run.apply(scope)
        batches = run.ledger.close(now)
        return run.result(batches)


def check(
    store: Store,
    drafts: Sequence[TableDrafts],
    *,
    as_of: str,
    schema: GraphSchema = SCHEMA,
    scope: str | None = None,
    end_missing: bool = False,
    progress: Progress = lambda done, total: None,
) -> LoadResult:
    """What `load` would do, with nothing written."""
    with seldom_collecting():
        run = _Load(store, schema, drafts, as_of, end_missing, progress)
        run.apply(scope)
        return run.result(())


class _Load:
    def __init__(
        self,
        store: Store,
        schema: GraphSchema,
        drafts: Sequence[TableDrafts],
        as_of: str,
        end_missing: bool,
        progress: Progress,
        lease: Lease | None = None,
        behind: WriteBehind | None = None,
        chunk: int = CHUNK,
    ) -> None:
        self._store, self._schema, self._drafts, self._as_of = store, schema, drafts, as_of
        self._progress, self._chunk = progress, chunk
        self._lease, self._behind = lease, behind
        self._reader: Reader = behind or store
        self._preview = Preview(store, schema) if lease is None else None
        self._view: StoreView = self._preview or StoreView(self._reader, schema)
        self.ledger = Ledger(store, schema, lease)
        self._by_hand = ByHand(self._reader, schema)
        self._missing = Missing(self._reader, schema, self.ledger, as_of, end_missing)
        self._tables: list[ResolvedTable] = []
        self._counts = {"added": 0, "changed": 0, "unchanged": 0}
        self._done = self._total = 0

    def apply(self, scope: str | None) -> None:
        """Resolve, then write (or plan) everything."""
        self._tables = resolve(
            self._store, self._schema, self._drafts, scope=scope, as_of=self._as_of, keep=self._keep
        )
        for table, problem in likely_same(self._store, self._schema, self._tables, self._as_of):
            table.problems.append(problem)
        self._total = sum(2 * len(table.nodes) + len(table.links) for table in self._tables)
        self.ledger.open(_files(self._tables))
        for table in self._tables:
            self._write_nodes(table)
        for table in self._tables:
            self._write_ties(table)
            self._write_links(table)
        for writes in self._missing.ended(self._tables):
            self._commit(writes)
        if self._behind:
            self._behind.settle()

    def result(self, batches: tuple[Batch, ...]) -> LoadResult:
        """The counts and problems so far."""
        problems = [problem for table in self._tables for problem in table.problems]
        return LoadResult(
            batches,
            **self._counts,
            rejected=sum(len(table.rejected) for table in self._tables),
            missing=self._missing.count,
            problems=(*problems, *self._missing.problems),
        )

    def _write_nodes(self, table: ResolvedTable) -> None:
        if not table.nodes:
            return
        self._view.begin(table.name)
        node = self._schema.node(table.name)
        distinct = _distinct(table)
        for rows in chunks(table.nodes, self._chunk):
            writes = self._writes(table, distinct)
            stored = self._view.nodes(node.label, [row.id for row in rows])
            back = reappeared(self._reader, node, rows, stored) if node.has_validity else set()
            for row in rows:
                known = stored.get(row.id)
                if known is None:
                    writes.add_node(node.label, row.id, present(row.properties))
                    continue
                changed = difference(known, _without_id(row.properties))
                if row.id in back:
                    changed["valid_to"] = None
                self._by_hand.keep(table, node, row.id, row.row, known, changed)
                if changed:
                    writes.change_node(node.label, row.id, known, changed)
                else:
                    self._counts["unchanged"] += 1
            self._commit(writes)
            self._step(len(rows))

    def _write_ties(self, table: ResolvedTable) -> None:
        names = dict.fromkeys(name for row in table.nodes for name in row.stated)
        if not names:
            self._step(len(table.nodes))
            return
        types = [(tie_for(self._schema, table.name, name)) for name in names]
        for relationship, _ in types:
            self._view.begin(table.name, relationship)
        distinct = _distinct(table)
        for chunk in chunks(table.nodes, max(1, self._chunk // len(types))):
            writes = self._writes(table, distinct)
            for relationship, tie in types:
                rows = [row for row in chunk if relationship.name in row.stated]
                single = tie.per_start is not Cardinality.MANY
                self._plan_stated(table, writes, relationship, rows, single)
            self._commit(writes)
            self._step(len(chunk))

    def _plan_stated(
        self,
        table: ResolvedTable,
        writes: Writes,
        relationship: RelationshipType,
        rows: Sequence[ResolvedNode],
        single: bool,
    ) -> None:
        stored = self._view.ties(relationship, table.name, [row.id for row in rows])
        for row in rows:
            wanted = [
                WantedTie(tie.label, tie.end, tie.properties)
                for tie in row.ties
                if tie.relationship == relationship.name
            ]
            if not wanted and row.id not in stored:
                continue
            plan = plan_ties(
                relationship, wanted, stored.get(row.id, ()), single=single, whole=True, as_of=self._as_of
            )
            if self._by_hand.keeps(table, table.name, row.id, relationship.name, plan):
                continue
            self._add_plan(writes, relationship.name, table.name, row.id, plan)
            for tie in plan.missing:
                self._missing.tie(table, writes, (relationship.name, table.name, tie.label), row.id, tie)

    def _write_links(self, table: ResolvedTable) -> None:
        begun: set[tuple[str, str]] = set()
        for rows in chunks(table.links, self._chunk):
            writes = self._writes(table, distinct=True)  # resolving leaves no row twice
            groups: dict[tuple[str, str], dict[str, list[ResolvedLink]]] = {}
            for link in rows:
                by_start = groups.setdefault((link.relationship, link.start_label), {})
                by_start.setdefault(link.start, []).append(link)
            for (name, label), by_start in groups.items():
                relationship = self._schema.relationship(name)
                if (name, label) not in begun:
                    self._view.begin(label, relationship)
                    begun.add((name, label))
                stored = self._view.ties(relationship, label, by_start)
                for start, links in by_start.items():
                    wanted = [WantedTie(link.end_label, link.end, link.properties) for link in links]
                    plan = plan_ties(
                        relationship,
                        wanted,
                        stored.get(start, ()),
                        single=False,
                        whole=False,
                        as_of=self._as_of,
                    )
                    if self._by_hand.keeps(table, label, start, name, plan):
                        continue
                    self._add_plan(writes, name, label, start, plan)
            self._commit(writes)
            self._step(len(rows))

    def _add_plan(self, writes: Writes, name: str, label: str, start: str, plan: TiePlan) -> None:
        def pair(end: str) -> Pair:
            return name, label, end

        for added in plan.added:
            writes.add_relationship(pair(added.label), start, added.end, added.properties)
        for tie, changed in (*plan.changed, *plan.ended):
            writes.change_relationship(pair(tie.label), (start, tie.end), tie.properties, changed)
        for tie in plan.deleted:
            writes.delete_relationship(pair(tie.label), start, tie.end, tie.properties)
        self._counts["unchanged"] += plan.unchanged

    def _writes(self, table: ResolvedTable, distinct: bool) -> Writes:
        return Writes(self.ledger.id(table.source, table.sha256), distinct)

    def _commit(self, writes: Writes) -> None:
        if self._preview:
            self._preview.plan(writes)
        if self._behind:
            self._behind.begin(partial(self.ledger.commit, writes))
        for name in ("added", "changed"):
            self._counts[name] += writes.counts[name]

    def _keep(self) -> None:
        if self._lease:
            self._lease.keep()

    def _step(self, rows: int) -> None:
        self._done += rows
        self._progress(self._done, self._total)


def _distinct(table: ResolvedTable) -> bool:
    """Whether no two rows of a table tell of one node: those that do not contradict each other may."""
    return len({row.id for row in table.nodes}) == len(table.nodes)


def _without_id(properties: Any) -> dict[str, Any]:
    return {name: value for name, value in properties.items() if name != "id"}


def _files(tables: Sequence[ResolvedTable]) -> list[LoadedFile]:
    """The load's files in order, with the rows of all their tables."""
    files: dict[tuple[str, str], LoadedFile] = {}
    for table in tables:
        key = (table.source, table.sha256)
        known = files.get(key)
        # A copy of a file under another name is the same batch: its rows are counted once.
        if known and known.file != table.file:
            continue
        files[key] = LoadedFile(
            *key,
            file=table.file,
            rows=table.rows + (known.rows if known else 0),
            rejected=len(table.rejected) + (known.rejected if known else 0),
        )
    return list(files.values())
