"""The lines of a run and how they are shown: ours, what stands beside it, the ratio, and the goal."""

import platform
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

import psutil


class Of(Enum):
    """What a goal is about."""

    OURS = "ours"
    RATIO = "ratio"


@dataclass(frozen=True)
class Goal:
    """At most `limit`, of our own figure (in the line's unit) or of its ratio to what stands beside it."""

    limit: float
    of: Of = Of.RATIO


@dataclass(frozen=True)
class Line:
    """One result. `ours` and `beside` are in `unit`; the ratio is ours to beside.

    `cpu_s` are CPU seconds of our process, `engine_s` of the database, `peak_mb` our process's peak memory in MB;
    None where nothing was measured.
    """

    what: str
    ours: float
    unit: str
    beside: float | None = None
    beside_what: str = ""
    goal: Goal | None = None
    cpu_s: float | None = None
    engine_s: float | None = None
    peak_mb: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours to what stands beside it."""
        return self.ours / self.beside if self.beside else None

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None without one.

        >>> Line("a load", 3.0, "s", 2.0, "bare", Goal(2.0)).met
        True
        """
        if self.goal is None:
            return None
        value = self.ours if self.goal.of is Of.OURS else self.ratio
        return value is not None and value <= self.goal.limit


HEADINGS = ("what", "ours", "beside", "ratio", "goal", "CPU s, ours + engine", "peak MB")


def cells(line: Line) -> tuple[str, ...]:
    """A line as texts, one per heading.

    >>> cells(Line("one need", 4.21, "ms", goal=Goal(10, Of.OURS)))
    ('one need', '4.21 ms', '', '', '<= 10 ms: met', '', '')
    """
    return (
        f"{line.what} ({line.note})" if line.note else line.what,
        f"{figure(line.ours)} {line.unit}".strip(),
        f"{figure(line.beside)} {line.unit}, {line.beside_what}" if line.beside is not None else "",
        f"{line.ratio:.2f}" if line.ratio is not None else "",
        _goal(line),
        " + ".join(figure(each) for each in (line.cpu_s, line.engine_s) if each is not None),
        figure(line.peak_mb) if line.peak_mb is not None else "",
    )


def figure(value: float) -> str:
    """A number with three figures that count.

    >>> figure(0.01234), figure(12.345), figure(1234.5)
    ('0.0123', '12.3', '1,234')
    """
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def _goal(line: Line) -> str:
    if line.goal is None:
        return ""
    unit = "x" if line.goal.of is Of.RATIO else f" {line.unit}"
    return f"<= {line.goal.limit:g}{unit}: {'met' if line.met else 'NOT MET'}"


def markdown(lines: Iterable[Line]) -> str:
    """The lines as a Markdown table."""
    rows = [HEADINGS, tuple("---" if i == 0 else "--:" for i in range(len(HEADINGS))), *map(cells, lines)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def machine() -> str:
    """The machine and the day, as a run's table says them."""
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{date.today().isoformat()}, {platform.system()} {platform.machine()}, {psutil.cpu_count()} cores, "
        f"{memory:.0f} GB, Python {platform.python_version()}; load {psutil.getloadavg()[0]:.1f} at the start"
    )


def middle(starts: Sequence[Sequence[Line]]) -> list[Line]:
    """The same lines, measured after each of several starts, as one each: the medians of their figures, and in the
    note the least and the most of ours.

    >>> [line.note for line in middle([[Line("a", 3.0, "ms")], [Line("a", 5.0, "ms")], [Line("a", 4.0, "ms")]])]
    ['3 to 5 in 3 starts']
    """
    if len(starts) == 1:
        return list(starts[0])
    found = []
    for same in zip(*starts, strict=True):
        ours = [line.ours for line in same]
        beside = [line.beside for line in same if line.beside is not None]
        spread = f"{figure(min(ours))} to {figure(max(ours))} in {len(starts)} starts"
        found.append(
            replace(
                same[0],
                ours=median(ours),
                beside=median(beside) if beside else None,
                note=f"{same[0].note}; {spread}" if same[0].note else spread,
            )
        )
    return found


def median(values: Sequence[float]) -> float:
    """The middle of the values."""
    return statistics.median(values)
