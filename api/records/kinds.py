"""Which records are written over the front doors, and which of their fields; computed from the schema."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from graph.lifecycle import Lifecycle
from graph.model import Cardinality, NodeType, Property, RelationshipType, Tie
from graph.schema import SCHEMA
from graph.schema.lifecycles import LIFECYCLES

LOCAL_USER = "本机用户"
"""Who acts where nobody is named: there are no accounts yet."""
BY_PRODUCT = ("BECAME", "DECIDED", "ASSIGNS")
"""Relationship types that follow from what is done, and are never written by themselves."""


@dataclass(frozen=True)
class TieField:
    """A field that names other records: one, or a list of them where the schema allows several."""

    relationship: RelationshipType
    tie: Tie

    @property
    def name(self) -> str:
        """Its name in a body."""
        return self.relationship.name.lower()

    @property
    def heading(self) -> str:
        """What people call it."""
        return self.tie.heading or self.relationship.heading

    @property
    def many(self) -> bool:
        """Whether several may be named."""
        return self.tie.per_start is Cardinality.MANY

    @property
    def properties(self) -> tuple[Property, ...]:
        """The properties that each end may be given with."""
        return self.relationship.properties


@dataclass(frozen=True)
class Kind:
    """A kind of record. `path` stands in addresses, `command` on the command line.

    `fixed` are fields that are given when a record is created and never changed, `asked` those that are
    required here though a register may leave them out, `today` a date that is the day of creation if not given,
    `inferred` fields that follow from others if not given.
    `numbered` kinds get a key from the operation that creates them: two alike are two. `kept` are properties that
    are stored and no fields: nobody writes or reads them one by one.
    """

    label: str
    path: str
    command: str
    fixed: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    today: str = ""
    inferred: tuple[str, ...] = ()
    numbered: bool = False
    kept: tuple[str, ...] = ()

    @property
    def node(self) -> NodeType:
        """Its declaration."""
        return SCHEMA.node(self.label)

    @property
    def heading(self) -> str:
        """What people call it."""
        return self.node.heading

    @property
    def life(self) -> Lifecycle | None:
        """How it lives; None for what is only created, changed and ended."""
        return LIFECYCLES.get(self.label)

    @cached_property
    def properties(self) -> Mapping[str, Property]:
        """The fields that hold values. A state is no field: steps lead to it."""
        return {p.name: p for p in self.node.properties if p.name not in ("id", "state", *self.kept)}

    @cached_property
    def ties(self) -> Mapping[str, TieField]:
        """The fields that name other records."""
        found = [TieField(relationship, tie) for relationship, tie in SCHEMA.ties_from(self.label)]
        return {each.name: each for each in found if each.relationship.name not in BY_PRODUCT}

    def state_of(self, stored: Mapping[str, Any]) -> str:
        """Where in its life a record is; empty for what has none."""
        return self.life.state_of(stored.get("state")) if self.life else ""

    def required(self, name: str) -> bool:
        """Whether a field must be given when a record is created."""
        if name in self.inferred:
            return False
        if name in self.ties:
            return self.ties[name].tie.required or name in self.asked
        return (name in self.properties and self.properties[name].required) or name in self.asked

    def field_heading(self, name: str) -> str:
        """What people call a field."""
        if name in self.ties:
            return self.ties[name].heading
        return self.node.property(name).heading


KINDS = {
    each.command: each
    for each in (
        Kind("Need", "needs", "need", today="raised_at"),
        Kind("Resource", "resources", "resource"),
        Kind("Unit", "units", "unit"),
        Kind("Agreement", "agreements", "agreement"),
        Kind(
            "Claim", "claims", "claim", fixed=("by_unit", "for_need", "with_resource"), asked=("quantity",),
            today="claimed_at", numbered=True,
        ),
        Kind("Project", "projects", "project", fixed=("origin",), asked=("origin", "meets"), inferred=("in_area",)),
        Kind("Meeting", "meetings", "meeting"),
    )
}  # fmt: skip
"""Every kind of record that is written by hand, by its word on the command line."""
EVALUATION = Kind(
    "Evaluation", "evaluations", "evaluation", inferred=("of",), today="given_at", numbered=True
)
"""What one side says of a project: written with it, not by itself."""
PLAN = Kind("Plan", "plans", "plan", kept=("profile", "file"))
"""A plan is made by a planner and only moved by hand."""


def kind_of(label: str) -> Kind:
    """The kind with that label; KeyError when nothing of it is written by hand."""
    return next(each for each in (*KINDS.values(), EVALUATION, PLAN) if each.label == label)
