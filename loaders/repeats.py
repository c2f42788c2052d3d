"""Rows of one table that come twice: by their number, or by what tells one node from another. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from loaders.drafts import LinkDraft, NodeDraft
from loaders.layout import Role, SheetLayout


@dataclass(frozen=True, slots=True)
class Repeat:
    """Row `row` has the key of row `first`. `numbered`: the key is a number of their own."""

    row: int
    first: int
    identical: bool
    numbered: bool


_Draft = TypeVar("_Draft", NodeDraft, LinkDraft)


def sift(drafts: Iterable[_Draft], layout: SheetLayout) -> tuple[list[_Draft], list[Repeat]]:
    """The drafts without repetitions, in order, and the repetitions."""
    first: dict[object, _Draft] = {}
    kept: list[_Draft] = []
    repeats: list[Repeat] = []
    for each in drafts:
        key = _node_key(each, layout) if isinstance(each, NodeDraft) else _link_key(each, layout)
        earlier = first.setdefault(key, each)
        if earlier is each:
            kept.append(each)
        else:
            numbered = isinstance(each, NodeDraft) and bool(each.id)
            repeats.append(Repeat(each.row, earlier.row, _same(earlier, each), numbered))
    return kept, repeats


def _node_key(each: NodeDraft, layout: SheetLayout) -> object:
    """What makes two rows the same node: the number, or else the parts of the identity. An official area
    has no identity: without its code it is told by its name and the areas above."""
    assert layout.node
    if each.id or layout.node.identity:
        return each.id or identity_parts(each, layout)
    return (each.properties.get("name"), *(r.text for r in each.references))


def identity_parts(each: NodeDraft, layout: SheetLayout) -> tuple[object, ...]:
    """The values of the identity's properties and the texts of its references, as this row has them."""
    assert layout.node
    ties = {
        c.heading: c.relationship.name for c in layout.columns if c.role is Role.REFERENCE and c.relationship
    }
    return tuple(
        tuple(r.text for r in each.references if r.relationship == ties[part])
        if part in ties
        else each.properties.get(part)
        for part in layout.node.identity
    )


def _link_key(each: LinkDraft, layout: SheetLayout) -> object:
    assert layout.relationship
    told_apart = tuple(each.properties.get(k) for k in layout.relationship.key)
    return (each.start.text, each.end.text, told_apart)


def _same(one: NodeDraft | LinkDraft, other: NodeDraft | LinkDraft) -> bool:
    if isinstance(one, NodeDraft) and isinstance(other, NodeDraft) and one.references != other.references:
        return False
    return one.properties == other.properties
