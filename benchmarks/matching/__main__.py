"""`python -m benchmarks.matching [district|city|all]`: ours beside what a user would do instead.

Every measurement runs in a process of its own, one after the other, on the same synthetic data (plain
model: no tier, limit or promise, unless a line says so). CPU seconds and ratios count; wall time does not.
"""

import json
import subprocess
import sys
from typing import Any

from benchmarks.matching import baselines
from benchmarks.matching.measure import CYPHER, DICT_LOOP
from benchmarks.matching.pairs import GOAL

Figures = dict[str, Any]


def measured(scale: str, way: str) -> Figures:
    """What `benchmarks.matching.measure` prints."""
    command = [sys.executable, "-m", "benchmarks.matching.measure", scale, way]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        sys.exit(f"{way} at {scale} size failed:\n{run.stderr}")
    found: Figures = json.loads(run.stdout.strip().splitlines()[-1])
    return found


def plans(scale: str) -> dict[str, Figures]:
    """Measure and print every way to a plan."""
    others = [*baselines.DISTRICT, CYPHER] if scale == "district" else baselines.CITY
    ways = ["LinMai flow", "LinMai auction", *others]
    found = {way: measured(scale, way) for way in ways}
    best = found["LinMai flow"]["value"]
    print(
        f"\n{scale}: plan for all needs, plain model\n{'way':<28}{'value/opt':>10}{'worst':>8}{'CPU s':>10}{'peak MB':>9}{'violated':>9}{'proved gap':>12}"
    )
    for way, f in found.items():
        proved = f"{f['gap']:.4%}" if "gap" in f else "none"
        print(
            f"{way:<28}{f['value'] / best:>10.4f}{f['worst']:>8.0%}{f['cpu']:>10.4f}{f['peak_mb']:>9}{f['violations']:>9}{proved:>12}"
        )
    return found


def candidates(scale: str) -> None:
    """Measure and print the two ways to the candidate pairs of the synthetic data."""
    blocks, sql = measured(scale, "numpy blocks"), measured(scale, "SQL join")
    same = (
        "equal sets" if (blocks["pairs"], blocks["sum"]) == (sql["pairs"], sql["sum"]) else "DIFFERENT SETS"
    )
    print(
        f"{scale}: {blocks['pairs']} candidate pairs; numpy {blocks['cpu']:.2f} s, SQL join {sql['cpu']:.2f} s, {same}"
    )


def goals(found: dict[str, dict[str, Figures]]) -> None:
    """Print the goals, each met or not."""
    lines: list[tuple[str, str, bool]] = []
    for scale, factor in (("district", 4.0), ("city", 6.0)):
        if scale in found:
            ours, greedy = found[scale]["LinMai flow"], found[scale]["greedy"]
            ratio = ours["cpu"] / greedy["cpu"]
            lines.append(
                (
                    f"{scale} plan, gap 0, at most {factor:g} x greedy",
                    f"{ratio:.2f} x, gap {ours['gap']}",
                    ratio <= factor and ours["gap"] == 0,
                )
            )
    if "district" in found:
        ours, greedy = found["district"]["LinMai flow"], found["district"]["greedy"]
        share = ours["check"] / greedy["cpu"]
        lines.append(
            (
                "check of the prices, at most 1/20 of greedy",
                f"1/{1 / share:.0f} (whole verification {ours['verify'] * 1000:.1f} ms)",
                share <= 1 / 20,
            )
        )
        sold = found["district"]["LinMai auction"]
        ratio = sold["cpu"] / greedy["cpu"]
        lines.append(
            (
                "without OR-Tools: proved gap at most 1 % at most 10 x",
                f"{sold['gap']:.2%} at {ratio:.1f} x",
                sold["gap"] <= 0.01 and ratio <= 10,
            )
        )
        a = measured("district", "arrivals")
        lines.append(
            (
                "one arrival: p50 at most 1/100, p95 at most 1/4 of a full plan",
                f"1/{a['cpu'] / a['p50']:.0f} ({a['p50'] * 1000:.2f} ms), 1/{a['cpu'] / a['p95']:.0f}",
                a["p50"] * 100 <= a["cpu"] and a["p95"] * 4 <= a["cpu"],
            )
        )
        f = measured("district", "fairness")
        better = f["fair_worst"] >= 1.5 * f["plain_worst"] and f["cost"] <= 0.01
        lines.append(
            (
                "worst community under scarcity (tiers on): 1.5 x for at most 1 %",
                f"{f['plain_worst']:.0%} -> {f['fair_worst']:.0%} (greedy {f['greedy_worst']:.0%}) for {f['cost']:.2%}, {f['cpu']:.2f} s",
                better,
            )
        )
        m = measured("district", "practical rules")
        lines.append(
            (
                "practical rules: gap at most 2 % in at most 120 s",
                f"{m['gap']:.2%} in {m['cpu']:.0f} s",
                m["gap"] <= 0.02 and m["cpu"] <= 120,
            )
        )
        lines.append(
            (
                "practical rules, stretch: at most 3 % in at most 15 s",
                f"{m['quick_gap']:.2%} in {m['quick_cpu']:.0f} s",
                m["quick_gap"] <= 0.03 and m["quick_cpu"] <= 15,
            )
        )
    if "city" in found:
        c = measured("city", DICT_LOOP)
        lines.append(
            (
                f"city candidates: at least {GOAL:g} x a dict loop, equal sets",
                f"{c['ratio']:.1f} x ({c['cpu']:.1f} s), {'equal' if c['same'] else 'DIFFERENT'} sets",
                c["ratio"] >= GOAL and c["same"],
            )
        )
    print("\ngoals")
    for goal, reached, met in lines:
        print(f"  {'met    ' if met else 'NOT MET'}  {goal}: {reached}")


def main(which: str) -> None:
    """Run the district, the city or both."""
    if which not in ("district", "city", "all"):
        sys.exit(f"{which!r}: write district, city or all")
    scales = ["district", "city"] if which == "all" else [which]
    found = {scale: plans(scale) for scale in scales}
    for scale in scales:
        candidates(scale)
    goals(found)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "all")
