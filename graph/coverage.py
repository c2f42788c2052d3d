"""The organizer's summary of an area: what is there, what is missing, each figure from a named query.

Composes the reading queries of `cypher/read`, asked several at a time, and `graph.gaps`; holds no Cypher.
"""

from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from graph.ask import SCOPE_TEXT, Reader, bind, days_after, reference_date, rows_of
from graph.catalog import queries
from graph.gaps import Answers, Gap, gaps, in_service
from graph.schema import SCHEMA
from graph.schema.party import PARTY_LEVEL


@dataclass(frozen=True)
class Level:
    """One of the five levels of party organizations in the area."""

    level: int
    heading: str
    organizations: int
    areas: int
    lacking: int


@dataclass(frozen=True)
class StreetLine:
    """One street of a district in figures. Shares are 0 to 1, None where nothing is due."""

    id: str
    name: str
    communities: int
    party_coverage: float | None
    reporting_rate: float | None
    units: int
    open_needs: int
    overdue: int


@dataclass(frozen=True)
class Coverage:
    """The whole summary. `areas`: heading of the kind to count. `members`, `organizations`: kind to count.

    `gaps` are ordered by the share that lacks, the largest first; only real ones are in it.
    """

    scope: str
    scope_name: str
    scope_kind: str
    as_of: str
    areas: Mapping[str, int]
    gaps: list[Gap]
    levels: list[Level]
    members: Mapping[str, int]
    reported: int
    unreported: int
    units: int
    agreements: int
    agreements_in_force: int
    agreements_expiring: int
    needs: int
    needs_open: int
    needs_overdue: int
    resources: int
    resources_unconfirmed: int
    projects: int
    councils: int
    organizations: Mapping[str, int]
    streets: list[StreetLine] = field(default_factory=list)

    @property
    def members_total(self) -> int:
        """Members of all kinds."""
        return sum(self.members.values())

    @property
    def reporting_rate(self) -> float | None:
        """The share of members in service who have reported to a community, 0 to 1."""
        due = self.reported + self.unreported
        return self.reported / due if due else None


# The slow ones first, so that none of them is left for the end.
_ASKED = (
    "needs_without_candidate", "resources_of_area", "building_gaps", "party_levels", "needs_by_community",
    "three_party_estates", "streets", "organizations_by_kind", "area_counts", "projects_of_area",
    "units_and_agreements", "posts_by_community", "agreements_registered", "community_organizations",
    "property_areas_by_management", "grids_without_post",
)  # fmt: skip
SOON_DAYS, UNCONFIRMED_DAYS = 30, 180
"""An agreement that ends within so many days is about to expire; a resource not confirmed for so many days counts as unconfirmed."""

# The database works on several of the questions at once; more at a time only wait for each other.
_AT_ONCE = 4


def coverage(store: Reader, scope: str | None = None, as_of: str | None = None) -> Coverage:
    """The summary of an area on a day (default: the store's only district, its reference date).

    Raises ParameterError as `graph.ask` does when the scope or the day cannot be used. Parts that need a
    community (units, lists) are empty for an estate, a grid or a building.
    """
    first = queries()["party_levels"]  # takes every kind of area, and a day
    asked = bind(first, {"scope": scope, "as_of": as_of or reference_date(store)}, store)
    day = asked["as_of"]
    asked |= {"soon": days_after(day, SOON_DAYS), "confirmed_since": days_after(day, -UNCONFIRMED_DAYS)}
    found = store.read(SCOPE_TEXT, {"scope": asked["scope"]})[0]
    answers = _answers(store, found["label"], asked)
    agreements = answers["agreements_registered"][0] if answers["agreements_registered"] else Counter()
    resources = answers["resources_of_area"][0] if answers["resources_of_area"] else Counter()
    members: Counter[str] = Counter()
    for row in answers["members"]:
        members[row["kind"]] += row["members"]
    serving, reported = in_service(answers)
    needs, units = answers["needs_by_community"], answers["units_and_agreements"]
    return Coverage(
        scope=asked["scope"], scope_name=found["name"], scope_kind=SCHEMA.node(found["label"]).heading, as_of=day,
        areas=_area_counts(answers["area_counts"]), gaps=gaps(answers, asked), levels=_levels(answers),
        members=dict(members), reported=reported, unreported=serving - reported,
        units=_total(units, "units"), agreements=agreements["agreements"],
        agreements_in_force=agreements["in_force"], agreements_expiring=agreements["expiring"],
        needs=_total(needs, "needs"), needs_open=_total(needs, "open"), needs_overdue=_total(needs, "overdue"),
        resources=resources["resources"], resources_unconfirmed=resources["unconfirmed"],
        projects=_total(answers["projects_of_area"], "projects"),
        councils=_total(answers["property_areas_by_management"], "with_council"),
        organizations={r["kind"]: r["organizations"] for r in answers["organizations_by_kind"]},
        streets=[_street(row, answers) for row in answers["streets"]],
    )  # fmt: skip


def _answers(store: Reader, label: str, asked: Mapping[str, Any]) -> Answers:
    """The rows of every query of the summary that takes the kind of area, and "members" of either kind of it."""
    members = "members_by_community" if label in _LISTED else "members_by_kind"
    names = [name for name in (members, *_ASKED) if label in queries()[name].param("scope").areas]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        rows = dict(zip(names, pool.map(lambda name: _rows(store, name, asked), names), strict=True))
    return {name: rows.get(name, []) for name in _ASKED} | {"members": rows[members]}


_LISTED = ("District", "Street", "Community")


def _rows(store: Reader, name: str, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    query = queries()[name]
    return rows_of(store, query, {p.name: asked.get(p.name, p.default) for p in query.params})


def _total(rows: list[dict[str, Any]], column: str) -> int:
    return sum(row[column] for row in rows)


def _levels(answers: Answers) -> list[Level]:
    return [
        Level(r["level"], PARTY_LEVEL.label(r["level"]), r["organizations"], r["areas"], r["lacking"])
        for r in answers["party_levels"]
    ]


def _area_counts(rows: list[dict[str, Any]]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for row in rows:
        heading = (
            row["kind"] if row["label"] == "Community" and row["kind"] else SCHEMA.node(row["label"]).heading
        )
        counts[heading] += row["areas"]
    return dict(counts)


def _street(street: Mapping[str, Any], answers: Answers) -> StreetLine:
    # Communities carry their street's name, which is unique within a district.
    own = {name: [r for r in answers[name] if r["street"] == street["street"]] for name in _WITH_STREET}
    members, reported = in_service(own)
    return StreetLine(
        street["street_id"], street["street"], street["communities"],
        street["led"] / street["due"] if street["due"] else None,
        reported / members if members else None,
        _total(own["units_and_agreements"], "units"),
        _total(own["needs_by_community"], "open"), _total(own["needs_by_community"], "overdue"),
    )  # fmt: skip


_WITH_STREET = ("members", "units_and_agreements", "needs_by_community")
