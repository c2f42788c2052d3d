"""What differs between rows and what is stored. Pure: values in, plans out.

Ties follow time. A tie of a type with validity is never overwritten by another: it ends when a new one
begins, so that both can be asked for by date. A type without validity knows only what is true now, and the
former tie lives on in the batch's change record.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graph.model import RelationshipType

PROVENANCE = ("first_batch", "batch", "key")
"""Properties that the product keeps beside the declared ones."""


@dataclass(frozen=True, slots=True)
class StoredTie:
    """A relationship in the store, seen from its start."""

    label: str
    end: str
    properties: Mapping[str, Any]

    @property
    def key(self) -> str:
        """What tells it from another one between the same ends."""
        return str(self.properties.get("key") or "")


@dataclass(frozen=True, slots=True)
class WantedTie:
    """A relationship that a row asks for, seen from its start."""

    label: str
    end: str
    properties: Mapping[str, Any]


@dataclass
class TiePlan:
    """What to do about one start and one relationship type.

    `added` have their key in `properties`; `changed` and `ended` pair a stored one with the properties to
    set; `deleted` have no validity, so that the past is nowhere but in the change record; `missing` are not
    named any more by a row that names all.
    """

    added: list[WantedTie] = field(default_factory=list)
    changed: list[tuple[StoredTie, dict[str, Any]]] = field(default_factory=list)
    ended: list[tuple[StoredTie, dict[str, Any]]] = field(default_factory=list)
    deleted: list[StoredTie] = field(default_factory=list)
    missing: list[StoredTie] = field(default_factory=list)
    unchanged: int = 0


def difference(stored: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The wanted properties that are stored otherwise; an absent one, None and an empty list are the same.

    >>> difference({"name": "a", "note": "n"}, {"name": "a", "note": None, "skills": []})
    {'note': None}
    """
    return {
        name: value or None if isinstance(value, list) else value
        for name, value in wanted.items()
        if (stored.get(name) or None if isinstance(value, list) else stored.get(name))
        != (value if value != [] else None)
    }


def present(properties: Mapping[str, Any]) -> dict[str, Any]:
    """The properties that have a value."""
    return {name: value for name, value in properties.items() if value is not None and value != []}


def declared_key(relationship: RelationshipType, properties: Mapping[str, Any]) -> str:
    """The key that a type declares, made of its values: 书记|2020-01-01."""
    return "|".join(str(properties.get(name) or "") for name in relationship.key)


def is_open(properties: Mapping[str, Any], as_of: str) -> bool:
    """Whether a relationship or node has no end up to `as_of`."""
    end = properties.get("to") or properties.get("valid_to")
    return end is None or end > as_of


def plan_ties(
    relationship: RelationshipType,
    wanted: Sequence[WantedTie],
    stored: Sequence[StoredTie],
    *,
    single: bool,
    whole: bool,
    as_of: str,
) -> TiePlan:
    """How the stored ties of one start become the wanted ones.

    `single`: one end at a time, so a new end replaces the old. `whole`: the row names all ends, so that
    others are replaced or missing; without it they are left alone. `as_of` is the day of the load, used
    where the row gives no day: a tie that begins where another stood begins, and ends it, on that day.
    """
    if not stored:  # as in every first load: nothing to compare with
        return TiePlan(added=[_with_key(relationship, tie, (), False, as_of) for tie in wanted])
    plan, left = TiePlan(), list(stored)
    begun: list[WantedTie] = []
    for tie in wanted:
        found = _find(relationship, tie, left, as_of)
        if found is None:
            begun.append(tie)
            continue
        left.remove(found)
        changed = difference(found.properties, _without_unknown_start(tie.properties))
        if changed:
            plan.changed.append((found, changed))
        else:
            plan.unchanged += 1
    others = [tie for tie in left if is_open(tie.properties, as_of)] if whole else []
    if not single:
        plan.missing, others = others, []
    elif wanted and not is_open(wanted[0].properties, as_of):
        others = []  # the row tells of the past: what stands now stays
    start = next((tie.properties.get("from") for tie in wanted), None) or as_of
    for other in others:
        if not relationship.has_validity:
            plan.deleted.append(other)
        elif ended := difference(other.properties, {"to": max(start, other.properties.get("from") or "")}):
            plan.ended.append((other, ended))
    for tie in begun:
        plan.added.append(_with_key(relationship, tie, stored, bool(others), as_of))
    return plan


def _find(
    relationship: RelationshipType, tie: WantedTie, stored: Sequence[StoredTie], as_of: str
) -> StoredTie | None:
    same = [other for other in stored if (other.label, other.end) == (tie.label, tie.end)]
    if relationship.key:
        key = declared_key(relationship, tie.properties)
        return next((other for other in same if other.key == key), None)
    if not relationship.has_validity:
        return same[0] if same else None
    begins, ends = tie.properties.get("from"), tie.properties.get("to")
    for other in same:
        if begins and other.properties.get("from") == begins:
            return other
        if ends and not begins and other.properties.get("to") == ends:
            return other
    for other in same:
        since = other.properties.get("from")
        if is_open(other.properties, as_of) and not (ends and since and since >= ends):
            return other
    return None


def _without_unknown_start(properties: Mapping[str, Any]) -> Mapping[str, Any]:
    """An empty cell for the first day says that nobody wrote it down, not that there is none."""
    if properties.get("from") is None and "from" in properties:
        return {name: value for name, value in properties.items() if name != "from"}
    return properties


def _with_key(
    relationship: RelationshipType,
    tie: WantedTie,
    stored: Sequence[StoredTie],
    replaces: bool,
    as_of: str,
) -> WantedTie:
    properties = present(tie.properties)
    same = [other for other in stored if (other.label, other.end) == (tie.label, tie.end)]
    if relationship.key:
        properties["key"] = declared_key(relationship, properties)
    elif relationship.has_validity:
        if (replaces or same) and "from" not in properties:
            properties["from"] = as_of
        key = number = properties.get("from", "")
        count = 1
        taken = {other.key for other in same}
        while key in taken:
            count += 1
            key = f"{number}#{count}"
        properties["key"] = key
    return WantedTie(tie.label, tie.end, properties)
