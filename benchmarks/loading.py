"""The demo's workbooks through the loader, beside bare batches of the same typed rows on the same engine."""

import contextlib
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from api.loading import Sources, read_paths
from benchmarks.child import Measured, in_child
from benchmarks.engines import Engine, Engines, open_store
from benchmarks.table import Goal, Line, Of, median
from graph import statements
from graph.schema import SCHEMA
from graph.store import Store
from graph.writing import CHUNK, chunks
from loaders.demo.figures import REFERENCE_DATE
from loaders.divisions import Divisions
from loaders.load import load
from loaders.official import init_district

DAY = REFERENCE_DATE.isoformat()
_MARKS = ("batch", "first_batch")
Environment = dict[str, str]


def lines(engines: Engines, workbooks: Path, districts: Sequence[str], runs: int) -> Iterator[Line]:
    """The demo of some districts (their codes) in a folder of workbooks, the median of several runs, in turn."""
    ours: list[Measured] = []
    bare: list[Measured] = []
    engine_s: list[float] = []
    name = ""
    with tempfile.TemporaryDirectory(prefix="linmai-bench-") as folder:
        rows = Path(folder) / "rows.jsonl"
        for _ in range(runs):
            with prepared(engines, districts) as engine:
                name, before = engine.name, engine.cpu_s()
                ours.append(load_once(engine, workbooks))
                engine_s.append(engine.cpu_s() - before)
                if not rows.exists():
                    with engine.open() as store:
                        write_rows(store, rows)
            with prepared(engines, districts) as engine:
                bare.append(in_child(bare_batches, store=engine.environment, rows=str(rows)))
    result = ours[0].result
    assert bare[0].result["nodes"] >= result["nodes"], (result, bare[0].result)
    yield Line(
        f"{len(districts)} demo district(s) through the loader, {name}", median([m.wall_s for m in ours]), "s",
        median([m.wall_s for m in bare]), "bare UNWIND/MERGE of the typed rows", Goal(2.0),
        median([m.cpu_s for m in ours]), median(engine_s), median([m.peak_mb for m in ours]),
        f"{result['added'] + result['changed']:,} nodes and relationships",
    )  # fmt: skip
    yield Line("  memory of our process", max(m.peak_mb for m in ours), "MB", goal=Goal(500, Of.OURS))


def load_once(engine: Engine, workbooks: Path) -> Measured:
    """Load a folder of workbooks through the loader, in a process of its own."""
    return in_child(through_loader, store=engine.environment, workbooks=str(workbooks))


def growth(one: Measured, many: Measured, districts: int) -> Iterator[Line]:
    """How time per node and relationship, and memory, grow from one district to many."""
    per_row = [1e6 * m.wall_s / (m.result["added"] + m.result["changed"]) for m in (one, many)]
    yield Line(
        f"{districts} demo districts through the loader, time per node or relationship", per_row[1], "us", per_row[0],
        "1 district", Goal(1.0), many.cpu_s, None, many.peak_mb, f"{many.result['added']:,} added in {many.wall_s:.0f} s",
    )  # fmt: skip


@contextlib.contextmanager
def prepared(engines: Engines, districts: Sequence[str]) -> Iterator[Engine]:
    """A new database that holds the official territory of the districts, as every demo begins."""
    with engines() as engine:
        with engine.open() as store:
            divisions = Divisions.open()
            for code in districts:
                init_district(store, divisions, code)
        yield engine


def through_loader(store: Environment, workbooks: str) -> Callable[[], Any]:
    """Job: read, recognise, type, check, resolve and load every workbook."""
    opened = open_store(store)

    def work() -> Any:
        reading = read_paths([Path(workbooks)], Sources(Path(workbooks) / "none"), lambda *_: None)
        result = load(opened, reading.drafts, as_of=DAY)
        assert result.rejected == 0, [problem.message for problem in result.problems][:5]
        nodes = sum(len(each.nodes) for each in reading.drafts)
        return {"added": result.added, "changed": result.changed, "nodes": nodes}

    return work


def bare_batches(store: Environment, rows: str) -> Callable[[], Any]:
    """Job: the same rows, already typed and in memory, in batches of the loader's size, nothing checked."""
    opened = open_store(store)
    batches: list[tuple[str, list[dict[str, Any]]]] = []
    counts = {"nodes": 0, "relationships": 0}
    with Path(rows).open(encoding="utf-8") as lines_of_rows:
        for line in lines_of_rows:
            kind, text, found = json.loads(line)
            batches.append((text, found))
            counts[kind] += len(found)

    def work() -> Any:
        for text, found in batches:
            opened.write(text, {"rows": found})
        return counts

    return work


def write_rows(store: Store, path: Path) -> None:
    """Keep what the loader made of the workbooks as batches to be sent: nodes first, then relationships."""
    with path.open("w", encoding="utf-8") as written:

        def put(kind: str, text: str, found: Iterator[dict[str, Any]]) -> None:
            for chunk in chunks(found, CHUNK):
                written.write(json.dumps([kind, text, chunk], ensure_ascii=False) + "\n")

        data = [node for node in SCHEMA.nodes if not node.internal]
        for node in data:
            found = store.stream(f"MATCH (n:{node.label}) RETURN n.id AS id, properties(n) AS properties")
            put("nodes", statements.merge_nodes(node), map(_bare, found))
        for relationship in SCHEMA.relationships:
            for start, end in _pairs(store, relationship.name):
                found = store.stream(
                    f"MATCH (a:{start})-[r:{relationship.name}]->(b:{end}) "
                    "RETURN a.id AS start, b.id AS end, coalesce(r.key, '') AS key, properties(r) AS properties"
                )
                text = statements.merge_relationships(relationship, start, end)
                put("relationships", text, map(_bare, found))


def _pairs(store: Store, name: str) -> list[tuple[str, str]]:
    found = store.read(
        f"MATCH (a)-[r:{name}]->(b) RETURN DISTINCT labels(a)[0] AS start, labels(b)[0] AS end ORDER BY start, end"
    )
    return [(row["start"], row["end"]) for row in found]


def _bare(row: dict[str, Any]) -> dict[str, Any]:
    """The row without what only the loader keeps: which batch wrote it."""
    properties = {name: value for name, value in row["properties"].items() if name not in _MARKS}
    return {**row, "properties": properties}
