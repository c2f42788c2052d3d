"""The published figures that the product carries, and how far a store agrees with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from loaders.reconcile import Line


def published_figures() -> Path:
    """The shipped file of published figures; `loaders/sources/SOURCE.md` says where they come from."""
    return Path(str(resources.files("loaders") / "sources" / "published_figures.csv"))


UNITS = {
    "count": "个", "persons": "人", "times": "次", "percent": "%", "km2": "平方千米", "m2": "平方米", "yuan": "元",
}  # fmt: skip
"""The units of the file of published figures, as people read them."""
RELATIONS = {"eq": "", "ge": "≥ ", "about": "约 "}
"""What stands before a figure that was published as a lower bound or rounded."""


def figure(number: float | None) -> str:
    """A figure as people read it; nothing for none.

    >>> figure(1100000.0), figure(125.5), figure(None)
    ('1,100,000', '125.5', '')
    """
    if number is None:
        return ""
    return f"{number:,.0f}" if number == int(number) else f"{number:,}"


@dataclass(frozen=True)
class Agreement:
    """How many figures agree, differ, or cannot be compared (not published, or not modelled)."""

    agree: int
    differ: int
    open: int

    @property
    def all(self) -> int:
        """All figures."""
        return self.agree + self.differ + self.open


def agreement(lines: Sequence[Line]) -> Agreement:
    """The agreement of reconciled lines."""
    verdicts = [line.agrees for line in lines]
    return Agreement(verdicts.count(True), verdicts.count(False), verdicts.count(None))
