"""How each kind of thing is drawn: its Chinese word, the schema's colour, and a shape that tells kinds of one
colour apart, so that nobody needs to see colours. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from graph.schema import SCHEMA
from graph.schema.basics import NEED_COLOUR, ORGANIZATION_COLOUR

SHAPES = ("dot", "square", "triangle", "diamond", "hexagon", "triangleDown", "star")
"""Shapes by their names in vis-network."""
PALETTE = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#7a6f00", "#5b5b5b")
"""Colours that colour-blind readers tell apart (Okabe and Ito 2008; yellow and black replaced for white ground)."""
UNKNOWN_COLOUR = "#c3c9d0"
"""The colour of what has no value."""


@dataclass(frozen=True)
class Kind:
    """A kind: its label in the graph, the word people read, colour and shape."""

    label: str
    heading: str
    colour: str
    shape: str


LACKING = "Lacking"
"""The label of what stands in a picture for something that is not there: supply that nobody gives."""


@cache
def _kinds() -> Mapping[str, Kind]:
    seen: Counter[str] = Counter()
    found: dict[str, Kind] = {}
    for node in SCHEMA.nodes:
        if not node.internal:
            shape = SHAPES[seen[node.colour] % len(SHAPES)]
            seen[node.colour] += 1
            found[node.label] = Kind(node.label, node.heading, node.colour, shape)
    return {**found, LACKING: Kind(LACKING, "尚无对接", NEED_COLOUR, "square")}


def kind_of(label: str) -> Kind:
    """The kind of a label; one that is not declared is drawn grey, under its label.

    >>> kind_of("Unit").heading, kind_of("Unit").shape
    ('共建单位', 'dot')
    """
    return _kinds().get(label) or Kind(label, label, ORGANIZATION_COLOUR, "dot")


def order_of(label: str) -> int:
    """Where a kind stands in a legend: the order of the schema."""
    return list(_kinds()).index(label) if label in _kinds() else len(_kinds())
