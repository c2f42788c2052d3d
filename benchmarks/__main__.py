"""Every benchmark in one command: ours beside what a user would do instead, medians of several runs.

python -m benchmarks [--quick] [--large] [--neo4j] [--only PART ...] [--markdown FILE]
"""

import argparse
import contextlib
import signal
import sys
import tempfile
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks import asking, country, loading, pictures, serving, starting, workbooks_by_pandas
from benchmarks.engines import Engine, Engines, neo4j_reason, new_embedded, new_neo4j, no_java_cache
from benchmarks.table import HEADINGS, Line, cells, machine, markdown
from loaders.demo.districts import demo_codes
from loaders.demo.write import write_workbooks


@dataclass(frozen=True)
class Sizes:
    """How much is measured. `country` is the code whose areas are loaded, "" the whole country's; `seconds` of
    load on the API; `asks` of each question after each of `starts` of the server; `city` districts in the large
    comparison."""

    runs: int = 3
    country: str = ""
    seconds: float = 5.0
    asks: int = 15
    starts: int = 5
    city: int = 20


RUN_HEADING = "## A run"
FULL = Sizes()
QUICK = Sizes(runs=1, country="41", seconds=1.5, asks=7, starts=1, city=3)


@dataclass(frozen=True)
class Run:
    """One run: its sizes, the databases to measure on by name, a folder for the workbooks, and the start command."""

    sizes: Sizes
    engines: Mapping[str, Engines]
    folder: Path
    start: tuple[str, ...] = ("demo",)
    country_runs: int = 1

    def workbooks(self, districts: int = 1) -> Path:
        """The demo's workbooks, written at the first call."""
        folder = self.folder / str(districts)
        if not folder.exists():
            write_workbooks(folder, districts)
        return folder


def load_lines(run: Run) -> Iterator[Line]:
    """One district through the loader."""
    for engines in run.engines.values():
        yield from loading.lines(engines, run.workbooks(), demo_codes(1), run.sizes.runs)


def country_lines(run: Run) -> Iterator[Line]:
    """The official areas."""
    for engines in run.engines.values():
        yield from country.lines(engines, run.sizes.country, run.country_runs)


def start_lines(run: Run) -> Iterator[Line]:
    """From the command to the page."""
    yield from starting.lines(run.start, run.sizes.runs)


def ask_lines(run: Run) -> Iterator[Line]:
    """Questions on days after the one on which the district was loaded; and the same by pandas."""
    for name, engines in run.engines.items():
        with no_java_cache(), _demo(run, engines) as (engine, scope):
            with engine.open() as store:
                asking.first_day(store, scope, loading.DAY)
            starts = engine.starts(run.sizes.starts)
            yield from asking.lines(starts, scope, loading.DAY, run.sizes.asks, name)
            with engine.open() as store:
                yield from workbooks_by_pandas.lines(
                    store, run.workbooks(), scope, loading.DAY, run.sizes.asks, name
                )


def serve_lines(run: Run) -> Iterator[Line]:
    """The API under load, on the embedded engine."""
    with _demo(run, run.engines["embedded"]) as (engine, scope):
        yield from serving.lines(engine, scope, loading.DAY, run.sizes.seconds, run.sizes.runs)


def large_lines(run: Run) -> Iterator[Line]:
    """Many districts beside one: time per row, and a street's answers."""
    codes, engines = demo_codes(run.sizes.city), run.engines["embedded"]
    with loading.prepared(engines, codes[:1]) as one, loading.prepared(engines, codes) as city:
        few = loading.load_once(one, run.workbooks())
        many = loading.load_once(city, run.workbooks(run.sizes.city))
        yield from loading.growth(few, many, run.sizes.city)
        with one.open() as store:
            street = asking.first_street(store, codes[0])
        starts = zip(one.starts(run.sizes.starts), city.starts(run.sizes.starts), strict=True)
        yield from asking.street_lines(starts, street, loading.DAY, run.sizes.asks, run.sizes.city)


def match_lines(_run: Run) -> Iterator[Line]:
    """Which needs and resources fit, beside a loop over dicts."""
    try:
        from benchmarks.matching.pairs import compare
    except ImportError:
        return
    found = compare(1)
    assert found.same
    yield Line(
        "pairs that fit, 1 district",
        found.blocks_s,
        "s",
        found.loop_s,
        "a loop over dicts",
        note=f"{found.pairs:,} pairs",
    )


def picture_lines(run: Run) -> Iterator[Line]:
    """Places of areas, and the largest network in a browser."""
    yield from pictures.lines(run.sizes.runs)


PARTS: Mapping[str, Callable[[Run], Iterator[Line]]] = {
    "load": load_lines, "country": country_lines, "start": start_lines, "ask": ask_lines,
    "serve": serve_lines, "large": large_lines, "match": match_lines, "pictures": picture_lines,
}  # fmt: skip


@contextlib.contextmanager
def _demo(run: Run, engines: Engines) -> Iterator[tuple[Engine, str]]:
    """A database that holds one demo district, and the district's key."""
    codes = demo_codes(1)
    with loading.prepared(engines, codes) as engine:
        loading.load_once(engine, run.workbooks())
        yield engine, codes[0]


def measure(run: Run, parts: list[str]) -> Generator[Line, None, None]:
    """The lines of the parts, as they are found."""
    for part in parts:
        yield from PARTS[part](run)


def main(words: list[str] | None = None) -> None:
    """Measure, and print each line as it is found."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Ours beside what a user would do instead."
    )
    parser.add_argument("--quick", action="store_true", help="one run, one province instead of the country")
    parser.add_argument("--large", action="store_true", help=f"also {FULL.city} districts beside one")
    parser.add_argument(
        "--neo4j", action="store_true", help="also on Neo4j (needs Java and, the first time, Maven)"
    )
    parser.add_argument("--only", nargs="+", choices=list(PARTS), help="these parts only")
    parser.add_argument(
        "--markdown",
        type=Path,
        metavar="FILE",
        help="also write the table into a document, under its heading of a run",
    )
    given = parser.parse_args(words)
    # A run that is told to end stops its servers and removes its folders, as one that is interrupted does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    engines: dict[str, Engines] = {"embedded": new_embedded}
    if given.neo4j and (reason := neo4j_reason()):
        parser.error(reason)
    if given.neo4j:
        engines["Neo4j"] = new_neo4j
    parts = given.only or [part for part in PARTS if part != "large" or given.large]
    began = machine()
    print(f"{began}\n{' | '.join(HEADINGS)}")
    with tempfile.TemporaryDirectory(prefix="linmai-bench-") as folder:
        run = Run(QUICK if given.quick else FULL, engines, Path(folder))
        # Closed here, so that the servers end even where printing a line fails (`| head`).
        with contextlib.closing(measure(run, parts)) as lines:
            found = show(lines)
    if given.markdown:
        before = given.markdown.read_text(encoding="utf-8") if given.markdown.exists() else ""
        given.markdown.write_text(with_run(before, f"{began}.\n\n{markdown(found)}\n"), encoding="utf-8")


def with_run(document: str, run: str) -> str:
    """A document whose part under the heading of a run is this run; the rest stays.

    >>> with_run("# Benchmarks\\n\\n## A run\\n\\nold", "new\\n")
    '# Benchmarks\\n\\n## A run\\n\\nnew\\n'
    """
    return f"{document.partition(RUN_HEADING)[0].rstrip()}\n\n{RUN_HEADING}\n\n{run}".lstrip()


def show(found: Iterable[Line]) -> list[Line]:
    """Print each line as it is found; all of them in the end."""
    shown = []
    for line in found:
        shown.append(line)
        print(" | ".join(cells(line)), flush=True)
    return shown


if __name__ == "__main__":
    main()
