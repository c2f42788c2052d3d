"""The three lists of a district as matching needs them: rows of the named queries, made into a `Snapshot`.

One snapshot holds a whole district; a street or a community of it is a choice among its needs.
"""

from collections.abc import Iterable, Mapping
from datetime import date

import numpy as np

from graph import queries
from graph.ask import Reader
from graph.schema.partners import EVERYTHING
from matching.build import build
from matching.rows import (
    AreaRow,
    CanServeRow,
    CategoryRow,
    NeedRow,
    OwnerRow,
    RecordRow,
    ResourceRow,
    TieRow,
    VetoRow,
)
from matching.snapshot import Positions, Snapshot


def snapshot_of(store: Reader, district: str, as_of: str) -> Snapshot:
    """The district's needs of every state, the resources that serve it, and all that a score depends on.

    What projects and claims hold is taken out of the quantities (`met`, `promised`). `as_of` is an ISO day.
    """
    areas = _areas(store, district)
    known = {row["id"]: row for row in areas}
    owners = _owners(store, district, as_of, known)
    resources = _resources(store, district, known)
    offering = {row["id"] for row in owners}
    return build(
        as_of=date.fromisoformat(as_of),
        areas=areas,
        categories=_categories(store, district),
        can_serve=_can_serve(store, district),
        owners=owners,
        needs=_needs(store, district),
        resources=resources,
        ties=[row for row in _ties(store, district, as_of) if row["owner"] in offering],
        records=[row for row in _records(store, district) if row["owner"] in offering],
        vetoes=_vetoes(store, district),
    )


def smallest_common_area(areas: Iterable[str], known: Mapping[str, AreaRow]) -> str | None:
    """The smallest area that holds all of `areas`, those that are not known left aside; None for none.

    >>> known = {k: AreaRow(id=k, label="Street", name=k, parents=p) for k, p in {"D": [], "S": ["D"], "T": ["D"]}.items()}
    >>> [smallest_common_area(areas, known) for areas in (["S"], ["S", "T"], ["elsewhere"])]
    ['S', 'D', None]
    """
    chains = [_upward(area, known) for area in areas if area in known]
    if not chains:
        return None
    return next((area for area in chains[0] if all(area in chain for chain in chains)), None)


def needs_within(snapshot: Snapshot, scope: str) -> Positions:
    """Positions of the needs that are raised in an area or a part of it, rising."""
    areas = snapshot.areas
    chosen = areas.ids.index(scope) if scope in areas.ids else -1
    # One more row, for needs whose area is not known (-1).
    inside = np.zeros(len(areas.ids) + 1, np.bool_)
    inside[areas.holders.rows_of_values()[areas.holders.values == chosen]] = True
    return np.flatnonzero(inside[snapshot.needs.area]).astype(np.int32)


def _upward(area: str, known: Mapping[str, AreaRow]) -> list[str]:
    """An area and all that hold it, nearest first."""
    found = [area]
    for each in found:
        found.extend(p for p in known[each]["parents"] if p in known and p not in found)
    return found


def _areas(store: Reader, district: str) -> list[AreaRow]:
    return [
        {"id": row.area_id or "", "label": row.label or "", "name": row.name or "", "parents": row.parents or []}
        for row in queries.matching_areas(store, scope=district)
    ]  # fmt: skip


def _categories(store: Reader, district: str) -> list[CategoryRow]:
    return [
        {"id": row.category or "", "name": row.name or "", "list_kind": row.list_kind, "parent": row.parent,
         "synonyms": row.synonyms}
        for row in queries.matching_categories(store, scope=district)
    ]  # fmt: skip


def _can_serve(store: Reader, district: str) -> list[CanServeRow]:
    return [
        {"giving": row.giving or "", "wanted": row.wanted or "", "weight": row.weight}
        for row in queries.matching_can_serve(store, scope=district)
    ]


def _owners(store: Reader, district: str, as_of: str, known: Mapping[str, AreaRow]) -> list[OwnerRow]:
    return [
        {"id": row.owner or "", "label": row.label or "", "name": row.name or "", "active": bool(row.active),
         "area": smallest_common_area([*(row.areas or ()), row.owner or ""], known),
         "vetoed": EVERYTHING in (row.declined_categories or ()), "declined_groups": row.declined_groups,
         "declined_categories": [each for each in row.declined_categories or () if each != EVERYTHING]}
        for row in queries.matching_owners(store, scope=district, as_of=as_of)
    ]  # fmt: skip


def _needs(store: Reader, district: str) -> list[NeedRow]:
    return [
        {"id": row.need_id or "", "title": row.title or "", "text": row.text, "area": row.area,
         "category": row.category, "quantity": row.quantity, "met": row.met, "unit": row.unit,
         "whole": row.whole, "urgency": row.urgency, "wanted_from": row.wanted_from, "wanted_to": row.wanted_to,
         "deadline": row.deadline, "beneficiary": row.beneficiary, "state": row.state}
        for row in queries.matching_needs(store, scope=district)
    ]  # fmt: skip


def _resources(store: Reader, district: str, known: Mapping[str, AreaRow]) -> list[ResourceRow]:
    """The resources that serve an area of the district, and those that serve none at all."""
    found: list[ResourceRow] = []
    for row in queries.matching_resources(store, scope=district):
        here = [area for area in row.serves or () if area in known]
        if here or not row.serves:
            found.append({
                "id": row.resource_id or "", "title": row.title or "", "text": row.text, "owner": row.owner,
                "category": row.category, "serves": here, "capacity": row.capacity, "promised": row.promised,
                "unit": row.unit, "valid_from": row.valid_from, "valid_to": row.valid_to, "groups": row.groups,
                "last_confirmed": row.last_confirmed,
            })  # fmt: skip
    return found


def _ties(store: Reader, district: str, as_of: str) -> list[TieRow]:
    return [
        {"kind": row.kind or "", "owner": row.owner or "", "area": row.area or "",
         "organization": row.organization or "", "id": row.agreement or None}
        for row in queries.matching_ties(store, scope=district, as_of=as_of)
    ]  # fmt: skip


def _records(store: Reader, district: str) -> list[RecordRow]:
    return [
        {"owner": row.owner or "", "id": row.record or "", "promised": row.promised, "delivered": row.delivered,
         "score": row.score}
        for row in queries.matching_records(store, scope=district)
    ]  # fmt: skip


def _vetoes(store: Reader, district: str) -> list[VetoRow]:
    return [
        {"need": row.need or "", "resource": row.resource or ""}
        for row in queries.matching_vetoes(store, scope=district)
    ]
