"""What is missing in an area: each gap a number, and the query that lists exactly what lacks.

Pure: works on the rows of the named queries and on the rules of `graph.schema.rules`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graph.schema.party import PARTY_LEVEL
from graph.schema.rules import ORGANIZATION_RULES, POST_RULES

Rows = list[dict[str, Any]]
Answers = Mapping[str, Rows]
"""Rows by the name of the query; no rows for a query that does not take the kind of area asked about."""

MANAGED = "专业化物业"
COUNTED = "涉及个人信息，只按社区计数，不逐人列出"
"""Why a gap of people leads to figures and not to a list."""

_PARTY_HEADINGS = {
    1: "街道没有大工委",
    2: "社区没有大党委",
    3: "小区没有党组织",
    4: "网格没有党支部",
    5: "楼栋没有党小组",
}


@dataclass(frozen=True)
class Gap:
    """Something that should be there and is not: `lacking` of `due`, and the query that lists which.

    `heading` is the gap in Chinese. `query` with `arguments` gives one row for each that lacks, unless
    `summary` says in Chinese why it gives figures instead.
    """

    heading: str
    lacking: int
    due: int
    unit: str
    query: str
    arguments: Mapping[str, Any]
    summary: str = ""

    @property
    def share(self) -> float:
        """The part of what is due that lacks, 0 to 1."""
        return self.lacking / self.due if self.due else 0.0


def gaps(answers: Answers, asked: Mapping[str, Any]) -> list[Gap]:
    """The gaps that the answers show, the largest share first.

    `asked` holds what the queries were asked with: scope, as_of, soon (the day before which an agreement is
    about to expire) and confirmed_since (the day before which a resource counts as unconfirmed).
    """
    given = {"scope": asked["scope"], "as_of": asked["as_of"]}
    found = [
        *_party(answers, given),
        *_organizations(answers, given),
        *_posts(answers, given),
        *_buildings(answers, given),
        *_members(answers, given),
        *_property(answers, given),
        *_needs(answers, given),
        *_partners(answers, {**given, **{k: asked[k] for k in ("soon", "confirmed_since")}}),
    ]
    return sorted((gap for gap in found if gap.lacking), key=lambda gap: -gap.share)


def in_service(answers: Answers) -> tuple[int, int]:
    """Members in service, and how many of them have reported to a community."""
    rows = [row for row in answers["members"] if row["kind"] == "在职"]
    return sum(row["members"] for row in rows), sum(row["reported"] for row in rows)


def _total(rows: Iterable[Mapping[str, Any]], column: str) -> int:
    return sum(row[column] for row in rows)


def _party(answers: Answers, given: Mapping[str, Any]) -> Iterator[Gap]:
    for row in answers["party_levels"]:
        arguments = {**given, "level": row["level"]}
        heading = _PARTY_HEADINGS.get(row["level"], PARTY_LEVEL.label(row["level"]))
        yield Gap(heading, row["lacking"], row["areas"], "个", "areas_without_party_organization", arguments)


def _organizations(answers: Answers, given: Mapping[str, Any]) -> Iterator[Gap]:
    rows = answers["community_organizations"]
    for rule in ORGANIZATION_RULES:
        lacking = sum(rule.kind not in row["kinds"] for row in rows)
        arguments = {**given, "kind": rule.kind}
        yield Gap(
            f"社区没有{rule.heading}",
            lacking,
            len(rows),
            "个",
            "communities_without_organization",
            arguments,
        )


def _posts(answers: Answers, given: Mapping[str, Any]) -> Iterator[Gap]:
    rows = answers["posts_by_community"]
    grids = _total((row for row in answers["area_counts"] if row["label"] == "Grid"), "areas")
    for rule in POST_RULES:
        arguments = {**given, "post": rule.kind}
        if rule.area == "Community":
            lacking = sum(rule.kind not in row["posts"] for row in rows)
            yield Gap(
                f"社区没有{rule.heading}", lacking, len(rows), "个", "communities_without_post", arguments
            )
        elif rule.area == "Grid":
            vacant = len(answers["grids_without_post"])
            yield Gap(f"网格没有{rule.heading}", vacant, grids, "个", "grids_without_post", arguments)


def _buildings(answers: Answers, given: Mapping[str, Any]) -> Iterator[Gap]:
    for row in answers["building_gaps"]:
        every = row["buildings"]
        yield Gap("楼栋没有楼栋长", row["without_head"], every, "栋", "buildings_without_head", given)
        yield Gap("楼栋没有党员", row["without_member"], every, "栋", "buildings_without_member", given)


def _members(answers: Answers, given: Mapping[str, Any]) -> Iterator[Gap]:
    members, reported = in_service(answers)
    query = "reporting_rates" if answers["units_and_agreements"] else "members_by_kind"
    yield Gap("在职党员未报到", members - reported, members, "名", query, given, COUNTED)


def _property(answers: Answers, given: Mapping[str, Any]) -> Iterator[Gap]:
    unmanaged = [row for row in answers["property_areas_by_management"] if row["management"] != MANAGED]
    due = _total(unmanaged, "areas")
    lacking = due - _total(unmanaged, "with_council")
    yield Gap("自管、无人管理片区没有红色议事会", lacking, due, "个", "property_areas_without_council", given)
    managed = [row for row in answers["three_party_estates"] if row["management"] == MANAGED]
    incomplete = sum(not row["complete"] for row in managed)
    arguments = {**given, "management": MANAGED, "complete": False}
    yield Gap("专业物业片区三方联动不齐", incomplete, len(managed), "个", "three_party_estates", arguments)


def _needs(answers: Answers, given: Mapping[str, Any]) -> Iterator[Gap]:
    raised = answers["needs_by_community"]
    in_work = _total(raised, "open")
    yield Gap("在办需求已超期", _total(raised, "overdue"), in_work, "条", "needs_overdue", given)
    unmet = len(answers["needs_without_candidate"])
    yield Gap("在办需求没有可对接的资源", unmet, in_work, "条", "needs_without_candidate", given)


def _partners(answers: Answers, given: Mapping[str, Any]) -> Iterator[Gap]:
    plain = {k: given[k] for k in ("scope", "as_of")}
    for row in answers["resources_of_area"]:
        arguments = {**plain, "confirmed_since": given["confirmed_since"]}
        yield Gap("资源超过 180 天未确认", row["unconfirmed"], row["on_offer"], "项", "unconfirmed_resources", arguments)  # fmt: skip
    for row in answers["agreements_registered"]:
        arguments = {**plain, "soon": given["soon"], "expired": False}
        yield Gap("协议 30 天内到期", row["expiring"], row["in_force"], "份", "agreements_ending", arguments)
