"""`python -m benchmarks.matching [district|city|all]`: ours beside what a user would do instead.

Every measurement runs in a process of its own, one after the other, on the same CSV tables of synthetic data
(plain model: no tier, limit or promise, unless a line says so). CPU seconds and ratios count; wall time does not.
"""

import json
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.matching import baselines, generator, tables
from benchmarks.matching.goals import check
from benchmarks.matching.measure import CYPHER, DISTRICTS, OURS, SEED, WITHOUT_SOLVER

Figures = dict[str, Any]

PATIENCE_S = 600
"""Who has no plan after so many seconds would not wait for it either."""
_HEAD = (
    f"{'way':<28}{'value/opt':>10}{'worst':>8}{'CPU s':>10}{'peak MB':>9}{'violated':>9}{'proved gap':>12}"
)


def measured(folder: Path, scale: str, way: str) -> Figures:
    """What `benchmarks.matching.measure` prints; nothing when patience ended."""
    command = [sys.executable, "-m", "benchmarks.matching.measure", scale, way, str(folder / scale)]
    try:
        run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE_S)
    except subprocess.TimeoutExpired:
        return {}
    if run.returncode:
        sys.exit(f"{way} at {scale} size failed:\n{run.stderr}")
    found: Figures = json.loads(run.stdout.strip().splitlines()[-1])
    return found


def plans(folder: Path, scale: str) -> dict[str, Figures]:
    """Measure and print every way to a plan."""
    plain = generator.instance(generator.district(SEED, DISTRICTS[scale]))
    tables.write(folder / scale, plain)
    print(f"\n{scale}: plan for all needs, plain model: {plain.needs} needs, {plain.resources} resources, {plain.pairs} pairs")  # fmt: skip
    print(_HEAD)
    found: dict[str, Figures] = {}
    for way in (OURS, WITHOUT_SOLVER, *baselines.WAYS, CYPHER):
        found[way] = figures = measured(folder, scale, way)
        print(_line(way, figures, found[OURS]["value"]), flush=True)
    return found


def _line(way: str, figures: Figures, best: int) -> str:
    if not figures:
        return f"{way:<28}  no plan after {PATIENCE_S} s"
    proved = f"{figures['gap']:.4%}" if "gap" in figures else "none"
    return (
        f"{way:<28}{figures['value'] / best:>10.4f}{figures['worst']:>8.0%}{figures['cpu']:>10.4f}"
        f"{figures['peak_mb']:>9}{figures['violations']:>9}{proved:>12}"
    )


def candidates(folder: Path, scale: str) -> str:
    """The two ways to the candidate pairs of the synthetic data."""
    blocks, sql = measured(folder, scale, "numpy blocks"), measured(folder, scale, "SQL join")
    same = (blocks["pairs"], blocks["sum"]) == (sql["pairs"], sql["sum"])
    return (
        f"{scale}: {blocks['pairs']} candidate pairs; numpy {blocks['cpu']:.2f} s, SQL join {sql['cpu']:.2f} s, "
        f"{'equal sets' if same else 'DIFFERENT SETS'}"
    )


def main(which: str) -> None:
    """Run the district, the city or both."""
    if which not in ("district", "city", "all"):
        sys.exit(f"{which!r}: write district, city or all")
    scales = ["district", "city"] if which == "all" else [which]
    with tempfile.TemporaryDirectory(prefix="linmai-matching-") as made:
        folder = Path(made)
        found = {scale: plans(folder, scale) for scale in scales}
        print()
        for scale in scales:
            print(candidates(folder, scale))
        print("\ngoals")
        for line in check(found, partial(measured, folder)):
            print(f"  {line}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "all")
