"""The words in which the life of a record is declared: states, and the steps that lead from one to another.

As `graph.model`, everything checks itself when it is made. Instances live in `graph.schema.lifecycles`; the
checks before a step, the documentation and the front doors are computed from them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from graph.model import CodeList


class Requires(StrEnum):
    """What a step needs beside the wish to take it; the value is its word in documents."""

    REASON = "理由"
    """Why, in words."""
    FEEDBACK = "反馈"
    """What those who asked say of the outcome, in words."""
    CATEGORY = "类别"
    """It is known what the record is about."""
    EVALUATION = "评价"
    """An evaluation of the project is stored."""
    DELIVERED = "兑现数量"
    """For every resource that the project uses it is known what was delivered."""
    DECISION = "立项"
    """Comes with a project: taken when one is made, never on its own."""
    PROOF = "证明"
    """The stored plan is whole, and proves what it says of itself."""


@dataclass(frozen=True)
class Carries:
    """What a step moves along: the records of a label that hang on the one that moves go to a state.

    Only those whose own declaration has a step from where they are to `target`; the others stay. Of its own label
    a step moves those whose place the record takes.
    """

    label: str
    target: str


@dataclass(frozen=True)
class Transition:
    """A step: from any of `sources` to `target`, taken by one of `actors` (words for roles, not accounts).

    `stamps` is a property that the step sets, unless it has a value: a date to the day on which the step is taken,
    any other to the date and time.
    """

    heading: str
    sources: tuple[str, ...]
    target: str
    actors: tuple[str, ...]
    doc: str
    requires: tuple[Requires, ...] = ()
    carries: tuple[Carries, ...] = ()
    stamps: str = ""


@dataclass(frozen=True)
class Lifecycle:
    """The life of the records of one label.

    A record begins in `begins`. `unset` is the state of one that was loaded without any. A state that no step
    leads out of is final. `ended_by` is the target of the step that withdraws or ends a record.
    """

    label: str
    codes: CodeList
    begins: str
    transitions: tuple[Transition, ...]
    ended_by: str
    unset: str = ""

    def __post_init__(self) -> None:
        states, seen = set(self.codes.values), set[tuple[str, str]]()
        named = {self.begins, self.ended_by, self.unset or self.begins}
        for each in self.transitions:
            named |= {*each.sources, each.target}
            for source in each.sources:
                if (source, each.target) in seen:
                    raise ValueError(f"{self.label}: two steps lead from {source} to {each.target}")
                seen.add((source, each.target))
        if named != states:
            raise ValueError(
                f"{self.label}: states without a step, or unknown: {'、'.join(sorted(map(str, named ^ states)))}"
            )

    def state_of(self, stored: str | None) -> str:
        """The state of a record from what is stored."""
        return stored or self.unset or self.begins

    def steps_from(self, state: str) -> tuple[Transition, ...]:
        """The steps that lead out of a state; none of a final one."""
        return tuple(each for each in self.transitions if state in each.sources)

    def step(self, source: str, target: str) -> Transition | None:
        """The step between two states; None when there is none."""
        return next((each for each in self.steps_from(source) if each.target == target), None)

    @property
    def final(self) -> tuple[str, ...]:
        """The states that nothing leads out of, in the declared order."""
        return tuple(str(state) for state in self.codes.values if not self.steps_from(str(state)))


def check_carried(lifecycles: Iterable[Lifecycle]) -> None:
    """Refuse a declaration in which a step carries records to a state that they do not have."""
    known = {each.label: each for each in lifecycles}
    for lifecycle in known.values():
        for step in lifecycle.transitions:
            for carried in step.carries:
                if carried.label not in known or carried.target not in known[carried.label].codes.values:
                    raise ValueError(
                        f"{lifecycle.label} {step.heading}: carries {carried.label} to {carried.target}"
                    )
