"""The organizer's summary of an area: what is there, what is missing, each figure from a named query.

Composes the reading queries of `cypher/read` and the rules of `graph.schema.rules`; holds no Cypher.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graph.ask import SCOPE_TEXT, Reader, ask, days_after, default_scope, reference_date
from graph.catalog import queries
from graph.schema import SCHEMA
from graph.schema.party import PARTY_LEVEL
from graph.schema.rules import ORGANIZATION_RULES


@dataclass(frozen=True)
class Gap:
    """Something that should be there and is not: `lacking` of `due`, and the query that lists which.

    `query` and `arguments` answer the question in full; `heading` is the gap in Chinese.
    """

    heading: str
    lacking: int
    due: int
    unit: str
    query: str
    arguments: Mapping[str, Any]

    @property
    def share(self) -> float:
        """The part of what is due that lacks, 0 to 1."""
        return self.lacking / self.due if self.due else 0.0


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


_LISTED = ("District", "Street", "Community")


def coverage(store: Reader, scope: str | None = None, as_of: str | None = None) -> Coverage:
    """The summary of an area on a day (default: the store's only district, its reference date).

    Raises ParameterError as `graph.ask` does when the scope or the day cannot be used. Parts that need a
    community (units, lists) are empty for an estate, a grid or a building.
    """
    day = as_of or reference_date(store)
    given = {"scope": scope or default_scope(store), "as_of": day}
    levels_rows = _rows(store, "party_levels", given)  # also refuses a scope or a day that cannot be used
    found = store.read(SCOPE_TEXT, {"scope": given["scope"]})[0]
    listed = found["label"] in _LISTED
    levels = [
        Level(r["level"], PARTY_LEVEL.label(r["level"]), r["organizations"], r["areas"], r["lacking"])
        for r in levels_rows
    ]
    counts = _rows(store, "area_counts", given)
    members = _rows(store, "members_by_kind", given)
    in_service = next((r for r in members if r["kind"] == "在职"), {"members": 0, "reported": 0})
    owned = _rows(store, "community_organizations", given) if listed else []
    property_areas = _rows(store, "property_areas_by_management", given) if listed else []
    units = _rows(store, "units_and_agreements", given) if listed else []
    agreements = _rows(store, "agreements_registered", given)[0] if listed else Counter()
    needs = _rows(store, "needs_by_community", given) if listed else []
    resources = _rows(store, "resources_of_area", given)[0] if listed else Counter()
    gaps = [
        *_party_gaps(levels, given), *_organization_gaps(owned, given),
        *_other_gaps(in_service, resources, agreements, needs, property_areas, given),
    ]  # fmt: skip
    return Coverage(
        scope=str(given["scope"]), scope_name=found["name"], scope_kind=SCHEMA.node(found["label"]).heading, as_of=day,
        areas=_area_counts(counts), gaps=sorted((g for g in gaps if g.lacking), key=lambda g: -g.share), levels=levels,
        members={r["kind"]: r["members"] for r in members},
        reported=in_service["reported"], unreported=in_service["members"] - in_service["reported"],
        units=sum(r["units"] for r in units), agreements=agreements["agreements"],
        agreements_in_force=agreements["in_force"], agreements_expiring=agreements["expiring"],
        needs=sum(r["needs"] for r in needs), needs_open=sum(r["open"] for r in needs), needs_overdue=sum(r["overdue"] for r in needs),
        resources=resources["resources"], resources_unconfirmed=resources["unconfirmed"],
        projects=sum(r["projects"] for r in _rows(store, "projects_of_area", {"scope": given["scope"]})),
        councils=sum(r["with_council"] for r in property_areas),
        organizations={r["kind"]: r["organizations"] for r in _rows(store, "organizations_by_kind", given)},
        streets=_streets(store, day, str(given["scope"]), units, needs) if found["label"] == "District" else [],
    )  # fmt: skip


def _rows(store: Reader, name: str, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    return ask(store, queries()[name], given).rows


def _area_counts(rows: list[dict[str, Any]]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for row in rows:
        heading = (
            row["kind"] if row["label"] == "Community" and row["kind"] else SCHEMA.node(row["label"]).heading
        )
        counts[heading] += row["areas"]
    return dict(counts)


def _party_gaps(levels: list[Level], given: Mapping[str, Any]) -> list[Gap]:
    headings = {
        1: "街道没有大工委",
        2: "社区没有大党委",
        3: "小区没有党组织",
        4: "网格没有党支部",
        5: "楼栋没有党小组",
    }
    return [
        Gap(
            headings[line.level],
            line.lacking,
            line.areas,
            "个",
            "areas_without_party_organization",
            {**given, "level": line.level},
        )
        for line in levels
    ]


def _organization_gaps(owned: list[dict[str, Any]], given: Mapping[str, Any]) -> list[Gap]:
    return [
        Gap(
            f"社区没有{rule.heading}", sum(rule.kind not in row["kinds"] for row in owned), len(owned), "个",
            "communities_without_organization", {**given, "kind": rule.kind},
        )
        for rule in ORGANIZATION_RULES
    ]  # fmt: skip


def _other_gaps(
    in_service: Mapping[str, Any],
    resources: Mapping[str, Any],
    agreements: Mapping[str, Any],
    needs: list[dict[str, Any]],
    property_areas: list[dict[str, Any]],
    given: Mapping[str, Any],
) -> list[Gap]:
    unmanaged = [r for r in property_areas if r["management"] != "专业化物业"]
    due = sum(r["areas"] for r in unmanaged)
    soon = days_after(given["as_of"], 30)
    return [
        Gap("在职党员未报到", in_service["members"] - in_service["reported"], in_service["members"], "名", "members_by_kind", given),
        Gap("资源超过 180 天未确认", resources["unconfirmed"], resources["on_offer"], "项", "resources_of_area", given),
        Gap("协议 30 天内到期", agreements["expiring"], agreements["in_force"], "份", "units_and_agreements", {**given, "soon": soon}),
        Gap("在办需求已超期", sum(r["overdue"] for r in needs), sum(r["open"] for r in needs), "条", "needs_by_community", given),
        Gap("自管、无人管理片区没有红色议事会", due - sum(r["with_council"] for r in unmanaged), due, "个", "property_areas_by_management", given),
    ]  # fmt: skip


def _streets(
    store: Reader, day: str, scope: str, units: list[dict[str, Any]], needs: list[dict[str, Any]]
) -> list[StreetLine]:
    lines = []
    rates = _rows(store, "reporting_rates", {"scope": scope, "as_of": day})
    for row in _rows(store, "streets", {"scope": scope, "as_of": day}):
        in_service = sum(r["in_service"] for r in rates if r["street"] == row["street"])
        reported = sum(r["reported"] for r in rates if r["street"] == row["street"])
        own_units = [u for u in units if u["street"] == row["street"]]
        own_needs = [n for n in needs if n["street"] == row["street"]]
        lines.append(StreetLine(
            row["street_id"], row["street"], row["communities"],
            row["led"] / row["due"] if row["due"] else None,
            reported / in_service if in_service else None,
            sum(u["units"] for u in own_units), sum(n["open"] for n in own_needs), sum(n["overdue"] for n in own_needs),
        ))  # fmt: skip
    return lines
