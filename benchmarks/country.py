"""The country's official areas into a store, beside bare batches of the same areas."""

import time
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any

from benchmarks.child import Measured, in_child, memory_mb
from benchmarks.engines import Engines, open_store
from benchmarks.table import Goal, Line, Of, median
from graph import statements
from graph.schema import SCHEMA
from graph.writing import chunks
from loaders.areas import TERRITORY
from loaders.division_codes import Division
from loaders.divisions import Divisions
from loaders.official import init_country, init_district

EARLY, LATE = 100_000, 620_000
"""Between these two numbers of areas our memory is to stay as it is."""


def lines(engines: Engines, code: str, runs: int) -> Iterator[Line]:
    """The areas of a code with all above and below it, of the whole country for ""; median of several runs."""
    ours: list[Measured] = []
    bare: list[Measured] = []
    engine_s: list[float] = []
    name = ""
    for _ in range(runs):
        with engines() as engine:
            name, before = engine.name, engine.cpu_s()
            ours.append(in_child(official_areas, store=engine.environment, code=code))
            engine_s.append(engine.cpu_s() - before)
        with engines() as engine:
            bare.append(in_child(bare_areas, store=engine.environment, code=code))
    result = ours[0].result
    assert bare[0].result["written"] == result["added"], (bare[0].result, result)
    what = f"official areas of {code}" if code else "init --country"
    yield Line(
        f"{what}, {name}", median([m.wall_s for m in ours]), "s",
        median([m.result["seconds"] for m in bare]), "bare UNWIND/MERGE, reading not counted", Goal(2.0),
        median([m.cpu_s for m in ours]), median(engine_s), median([m.peak_mb for m in ours]),
        f"{result['added']:,} nodes and relationships",
    )  # fmt: skip
    yield Line("  memory of our process", max(m.peak_mb for m in ours), "MB", goal=Goal(250, Of.OURS))
    early, late = result["memory"]
    if early and late:
        what = f"  memory after {LATE:,} areas"
        yield Line(what, late, "MB", early, f"after {EARLY:,}", Goal(1.25))


def official_areas(store: dict[str, str], code: str) -> Callable[[], Any]:
    """Job: what `linmai init` does; its memory at two moments as well."""
    opened, divisions = open_store(store), Divisions.open()
    memory = [0.0, 0.0]

    def progress(done: int, _total: int) -> None:
        for at, moment in enumerate((EARLY, LATE)):
            if done >= moment and not memory[at]:
                memory[at] = memory_mb()

    def work() -> Any:
        if code:
            result = init_district(opened, divisions, code, progress=progress)
        else:
            result = init_country(opened, divisions, progress=progress)
        return {"added": result.added, "memory": memory}

    return work


def bare_areas(store: dict[str, str], code: str) -> Callable[[], Any]:
    """Job: the same areas in batches of the same size, nothing read before it is written; writing alone is timed."""
    opened, divisions = open_store(store), Divisions.open()
    part_of = SCHEMA.relationship("PART_OF")

    def areas() -> Iterable[Division]:
        return chain(divisions.ancestors(code), divisions.subtree(code)) if code else divisions.areas()

    def work() -> Any:
        seconds, written = 0.0, 0
        for window in chunks(areas()):
            batches: dict[str, list[dict[str, Any]]] = {}
            for area in window:
                label = area.level.label
                properties = {"name": area.name, "codes": [f"nbs:{area.code}"]}
                if area.kind is not None:
                    properties["kind"] = area.kind.value
                text = statements.merge_nodes(SCHEMA.node(label))
                batches.setdefault(text, []).append({"id": area.code, "properties": properties})
            for area in window:
                if area.parent:
                    label = area.level.label
                    text = statements.merge_relationships(part_of, label, TERRITORY[label])
                    row = {"start": area.code, "end": area.parent, "key": "", "properties": {}}
                    batches.setdefault(text, []).append(row)
            begun = time.perf_counter()
            for text, rows in batches.items():
                opened.write(text, {"rows": rows})
            seconds += time.perf_counter() - begun
            written += sum(map(len, batches.values()))
        return {"seconds": seconds, "written": written}

    return work
