"""The quarterly report of an area: which questions it answers, and their answers gathered from the store.

`api.report_workbook` lays them out. What is missing comes first, then what there is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from graph.ask import SCOPE_TEXT, Answer, Reader, ask, bind
from graph.catalog import queries
from graph.coverage import coverage
from graph.gaps import Gap
from graph.model import CodeList
from graph.prepare import store_record
from graph.query_file import Column, QueryFile
from graph.schema import SCHEMA
from graph.schema.organizations import ORGANIZATION_KIND
from graph.schema.party import PARTY_LEVEL
from graph.schema.rules import ORGANIZATION_RULES, PARTY_RULES


@dataclass(frozen=True)
class Part:
    """One sheet: a query, and the Chinese name of the sheet.

    `each` asks the query once for every value of one parameter, which becomes the first column. `lacking`
    keeps the rows whose column of that name is false. `totals` are columns that are summed, `shares` columns
    that hold parts of one. `is_gap`: its rows are what is missing.
    """

    query: str
    sheet: str
    is_gap: bool = False
    each: str = ""
    lacking: str = ""
    totals: tuple[str, ...] = ()
    shares: tuple[str, ...] = ()


PARTS = (
    Part("areas_without_party_organization", "无党组织的区域", is_gap=True, each="level"),
    Part("communities_without_organization", "缺组织的社区", is_gap=True, each="kind"),
    Part("three_party_estates", "三方不齐的物业区域", is_gap=True, lacking="complete"),
    Part("agreements_ending", "到期协议", is_gap=True),
    Part("needs_without_candidate", "无资源可对接的需求", is_gap=True),
    Part("unconfirmed_resources", "久未确认的资源", is_gap=True),
    Part("unused_resources", "从未使用的资源", is_gap=True),
    Part("sole_covers", "独家支撑", is_gap=True),
    Part("sole_post_holders", "独任岗位", is_gap=True),
    Part("property_areas_without_council", "无议事会的物业区域", is_gap=True),
    Part("building_gaps", "楼栋缺口", is_gap=True),
    Part("buildings_without_member", "无党员的楼栋", is_gap=True),
    Part("buildings_without_head", "无楼栋长的楼栋", is_gap=True),
    Part("streets", "各街道概况", totals=("communities", "due", "led")),
    Part("area_counts", "区域数量"),
    Part("party_levels", "五级党组织", totals=("organizations", "areas", "lacking")),
    Part("members_by_kind", "各类党员", totals=("members", "reported")),
    Part("members_by_community", "各社区党员", totals=("members",)),
    Part("reporting_rates", "双报到", totals=("in_service", "reported"), shares=("rate",)),
    Part("members_by_building", "楼栋党员与楼栋长", totals=("members", "heads")),
    Part("posts_by_community", "社区岗位", totals=("grids", "grids_staffed")),
    Part("post_holders", "在岗人员"),
    Part("organizations_by_kind", "各类组织", totals=("organizations", "people")),
    Part("community_organizations", "社区已有组织"),
    Part("property_areas_by_management", "物业管理", totals=("areas", "with_council")),
    Part("units_and_agreements", "共建单位与协议", totals=("units", "seated", "agreements", "in_force", "expiring", "expired")),
    Part("units_list", "共建单位名录"),
    Part("seats_by_committee", "兼职席位"),
    Part("promised_and_delivered", "承诺与兑现"),
    Part("needs_by_community", "各社区需求", totals=("needs", "open", "overdue")),
    Part("needs_by_category", "需求类别", totals=("needs", "open")),
    Part("resources_of_area", "资源概况"),
    Part("resources_by_category", "资源类别"),
    Part("projects_of_area", "项目概况", totals=("projects", "running", "funds_yuan")),
    Part("project_stories", "项目来龙去脉"),
    Part("venues", "阵地"),
)  # fmt: skip
"""The sheets after the summary of gaps, in their order. One whose query does not take the scope's kind is left out."""

_VALUES = {
    "areas_without_party_organization": (PARTY_LEVEL, tuple(rule.kind for rule in PARTY_RULES)),
    "communities_without_organization": (ORGANIZATION_KIND, tuple(rule.kind for rule in ORGANIZATION_RULES)),
}
"""The code list and the values of the parameter that a part is asked `each` for: those that a rule asks for."""


@dataclass(frozen=True)
class Section:
    """A part and its answer: columns and rows as they are shown."""

    part: Part
    query: QueryFile
    columns: tuple[Column, ...]
    rows: list[dict[str, Any]]

    @property
    def dated(self) -> bool:
        """Whether the answer is as of a day."""
        return _takes_day(self.query)

    @property
    def personal(self) -> bool:
        """Whether a column holds personal values."""
        return any(column.personal for column in self.columns)


@dataclass(frozen=True)
class Report:
    """All that the workbook says. `unmasked`: personal values are whole. `demo`: all of it is synthetic."""

    scope: str
    scope_name: str
    scope_kind: str
    as_of: str
    made_at: str
    demo: bool
    unmasked: bool
    gaps: list[Gap]
    sections: list[Section]


def gather(store: Reader, scope: str, as_of: str, made_at: str, *, unmasked: bool = False) -> Report:
    """Ask all questions about a district, street or community; empty `scope` and `as_of` as in `graph.ask`.

    Raises ParameterError for a scope or a day that cannot be used.
    """
    # This query takes the three kinds of area that report, and a day.
    bound = bind(queries()["units_and_agreements"], {"scope": scope, "as_of": as_of}, store)
    area, day = bound["scope"], bound["as_of"]
    found = store.read(SCOPE_TEXT, {"scope": area})[0]
    record = store_record(store)
    sections = [
        _section(store, part, area, day, unmasked=unmasked)
        for part in PARTS
        if found["label"] in queries()[part.query].param("scope").areas
    ]
    return Report(
        area, found["name"], SCHEMA.node(found["label"]).heading, day, made_at, bool(record and record.demo),
        unmasked, coverage(store, area, day).gaps, sections,
    )  # fmt: skip


def _section(store: Reader, part: Part, scope: str, day: str, *, unmasked: bool) -> Section:
    query = queries()[part.query]
    given = {"scope": scope, "as_of": day} if _takes_day(query) else {"scope": scope}
    if not part.each:
        rows = ask(store, query, given, unmasked=unmasked).rows
        if part.lacking:
            rows = [row for row in rows if not row[part.lacking]]
        return Section(part, query, query.returns, rows)
    codes, values = _VALUES[part.query]
    answers = ((v, ask(store, query, {**given, part.each: v}, unmasked=unmasked)) for v in values)
    return Section(
        part, query, (_asked(part.each, codes), *query.returns), list(_labelled(part.each, answers))
    )


def _asked(name: str, codes: CodeList) -> Column:
    """The column of the values that a query was asked for."""
    return Column(name, "string", f"缺少的{codes.heading}", codes.doc, codes=codes)


def _labelled(name: str, answers: Iterator[tuple[Any, Answer]]) -> Iterator[dict[str, Any]]:
    for value, answer in answers:
        for row in answer.rows:
            yield {name: value, **row}


def _takes_day(query: QueryFile) -> bool:
    return any(p.name == "as_of" for p in query.params)
