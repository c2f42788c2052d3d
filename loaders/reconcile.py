"""Published figures against what is loaded, line by line, each counted by a named query.

The figures come as CSV with the columns key, value, relation (eq exact, ge at least, about rounded), unit,
entity, note. A figure without a value was not published; a key without a source here is not modelled.
"""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from graph.ask import Reader, ask, default_scope, reference_date
from graph.catalog import queries
from graph.schema import SCHEMA
from graph.statements import count_nodes

Rows = Sequence[Mapping[str, Any]]
Pick = Callable[[Rows], float | None]


class FiguresError(ValueError):
    """A file of published figures that cannot be used: where, what was found, how to mend it."""


@dataclass(frozen=True)
class Line:
    """One figure: as published, as loaded, whether they agree (None where there is nothing to compare)."""

    key: str
    published: float | None
    loaded: float | None
    agrees: bool | None
    explanation: str
    relation: str
    unit: str
    note: str


@dataclass(frozen=True)
class Part:
    """Where a figure is counted: a query, its arguments beside scope and as_of, what to take of its rows.

    `label` and `equal` name the nodes that the figure counts, to explain a difference. `scope` replaces
    the district by a part of it.
    """

    query: str
    pick: Pick
    label: str
    arguments: Mapping[str, Any] | None = None
    equal: Mapping[str, Any] | None = None
    scope: str = ""


def total(column: str, **where: Any) -> Pick:
    """The sum of a column over the rows whose columns have these values; None when it is all empty."""

    def pick(rows: Rows) -> float | None:
        chosen = [
            r[column] for r in rows if all(r[k] == v for k, v in where.items()) and r[column] is not None
        ]
        return sum(chosen) if chosen else None

    return pick


def largest(column: str) -> Pick:
    """The largest value of a column; None without rows."""
    return lambda rows: max((r[column] for r in rows if r[column] is not None), default=None)


def ended(column: str) -> Pick:
    """A column's sum over the rows that have an end date."""
    return lambda rows: total(column)([r for r in rows if r["valid_to"]])


def _levels(level: int) -> tuple[Part, ...]:
    return (
        Part(
            "party_levels", total("organizations", level=level), "PartyOrganization", equal={"level": level}
        ),
    )


def _members(kind: str) -> tuple[Part, ...]:
    return (Part("members_by_kind", total("members", kind=kind), "Person", equal={"member_kind": kind}),)


def _organizations(kind: str, column: str = "organizations", scope: str = "") -> tuple[Part, ...]:
    return (
        Part("organizations_by_kind", total(column), "Organization", {"kind": kind}, {"kind": kind}, scope),
    )


def _property_areas(management: str) -> tuple[Part, ...]:
    return (
        Part(
            "property_areas_by_management",
            total("areas", management=management),
            "PropertyArea",
            equal={"management": management},
        ),
    )


def _district(column: str) -> tuple[Part, ...]:
    return (Part("district_figures", total(column), "District"),)


YANHELU, FEIXING = "410411001003", "410411004004"
SOURCES: Mapping[str, tuple[Part, ...]] = {
    "area_km2": _district("area_km2"),
    "population_resident": _district("population"),
    "population_urban": _district("urban_population"),
    "communities": (
        Part(
            "area_counts",
            total("areas", label="Community", kind="居委会"),
            "Community",
            equal={"kind": "居委会"},
        ),
    ),
    "streets_and_townships": (Part("area_counts", total("areas", label="Street"), "Street"),),
    "party_street": _levels(1),
    "party_community": _levels(2),
    "party_estate": _levels(3),
    "party_grid": _levels(4),
    "party_building": _levels(5),
    "members_self_managed": _members("自管"),
    "members_in_service": _members("在职"),
    "members_retired": _members("离退休"),
    "members_mobile": _members("流动"),
    "members_total": (Part("members_by_kind", total("members"), "Person"),),
    "agreements": (Part("agreements_registered", total("agreements"), "Agreement"),),
    "three_list_items": (
        Part("needs_by_community", total("needs"), "Need"),
        Part("resources_of_area", total("resources"), "Resource"),
        Part("projects_of_area", total("projects"), "Project"),
    ),
    "property_areas": (Part("property_areas_by_management", total("areas"), "PropertyArea"),),
    "property_professional": _property_areas("专业化物业"),
    "property_self_managed": _property_areas("居民自主管理"),
    "property_unmanaged": _property_areas("无人管理"),
    "red_councils": _organizations("红色议事会"),
    "owners_committees": _organizations("业委会"),
    "mass_trade_union": _organizations("工会"),
    "mass_women": _organizations("妇联"),
    "mass_youth": _organizations("共青团"),
    "mass_science": _organizations("科协"),
    "volunteer_teams": _organizations("志愿服务队"),
    "volunteers_registered": _organizations("志愿服务队", "people"),
    "mediation_committees": _organizations("人民调解委员会"),
    "red_steward_committee_persons": _organizations("红色管家委员会", "people", YANHELU),
    "daycare_floor_before": (
        Part(
            "venues",
            ended("floor_area_m2"),
            "Venue",
            {"kind": "日间照料中心"},
            {"kind": "日间照料中心"},
            FEIXING,
        ),
    ),
    "daycare_investment": (Part("project_stories", largest("funds_yuan"), "Project", scope=FEIXING),),
}
"""How each modelled figure is counted. What has no entry is not modelled yet, and answers so."""


def reconcile(store: Reader, published: Path, scope: str | None = None) -> list[Line]:
    """Every figure of a file against the store, in the file's order, as of the store's reference date.

    Raises FiguresError when the file cannot be used, ParameterError when the scope cannot.
    """
    district = scope or default_scope(store)
    day = reference_date(store)
    return [_line(store, row, district, day) for row in _read(published)]


def agrees(published: float, loaded: float, relation: str) -> bool:
    """Whether a loaded figure is what was published.

    A rounded figure agrees within half of the place of its last digit that is not zero.

    >>> agrees(42000, 41873, "about"), agrees(42000, 41400, "about"), agrees(1800, 1816, "ge")
    (True, False, True)
    """
    if relation == "ge":
        return loaded >= published
    if relation == "about":
        digits = Decimal(str(published)).normalize()
        return abs(loaded - published) <= 0.5 * 10.0 ** int(digits.as_tuple().exponent)
    return loaded == published


def _line(store: Reader, row: Mapping[str, str], district: str | None, day: str) -> Line:
    key, relation = row["key"], row["relation"]
    value = float(row["value"]) if row["value"] else None
    parts = SOURCES.get(key)
    loaded = _counted(store, parts, district, day) if parts else None
    same = agrees(value, loaded or 0, relation) if value is not None and parts else None
    if value is None:
        why = "报告没有公布这个数字"
    elif parts is None:
        why = f"尚未建模：{SCHEMA_HEADINGS.get(row['entity'], row['entity'])}，没有可核对的数据"
    elif same:
        why = {"ge": "不少于公布数", "about": "与公布的约数相符"}.get(relation, "一致")
    else:
        why = _difference(store, parts, value, loaded)
    return Line(key, value, loaded, same, why, relation, row["unit"], row["note"])


SCHEMA_HEADINGS = {n.label: n.heading for n in SCHEMA.nodes} | {"Dispute": "矛盾纠纷"}


def _counted(store: Reader, parts: Sequence[Part], district: str | None, day: str) -> float | None:
    found = []
    for part in parts:
        query = queries()[part.query]
        given = {**(part.arguments or {}), "scope": part.scope or district}
        if any(p.name == "as_of" for p in query.params):
            given["as_of"] = day
        found.append(part.pick(ask(store, query, given).rows))
    known = [value for value in found if value is not None]
    return sum(known) if known else None


def _difference(store: Reader, parts: Sequence[Part], published: float, loaded: float | None) -> str:
    """What explains a difference: nothing loaded, nodes that no tie places in the area, rejected rows."""
    headings = "、".join(SCHEMA.node(part.label).heading for part in parts)
    stored = sum(
        store.read(count_nodes(SCHEMA.node(p.label), *(p.equal or {})), dict(p.equal or {}))[0]["n"]
        for p in parts
    )
    if not stored:
        return f"库中还没有{headings}，请先导入"
    reasons = []
    counted = loaded or 0
    if all(p.pick.__qualname__.startswith("total") for p in parts) and stored > counted:
        reasons.append(
            f"库中共有{headings} {stored} 条，其中 {stored - counted:g} 条没有对应到本区域，或已终止"
        )
    rejected = store.read("MATCH (b:Batch) WHERE b.rejected > 0 RETURN sum(b.rejected) AS n")[0]["n"]
    if rejected:
        reasons.append(f"导入时共退回 {rejected} 行，见错误工作簿")
    side = "少" if counted < published else "多"
    return f"库中比公布{side} {abs(published - counted):g}" + (
        "：" + "；".join(reasons) if reasons else "；请核对来源表"
    )


def _read(published: Path) -> list[dict[str, str]]:
    needed = ("key", "value", "relation", "unit", "entity", "note")
    try:
        with published.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise FiguresError(f"{published.name} 打不开：{error.strerror}") from None
    except (UnicodeDecodeError, csv.Error):
        raise FiguresError(
            f"{published.name} 不是 UTF-8 的 CSV 文件；请另存为“CSV UTF-8（逗号分隔）”"
        ) from None
    for number, row in enumerate(rows, start=2):
        if missing := [name for name in needed if row.get(name) is None]:
            raise FiguresError(
                f"{published.name} 第 {number} 行缺少列 {'、'.join(missing)}；列名应为 {','.join(needed)}"
            )
        if row["relation"] not in ("eq", "ge", "about"):
            raise FiguresError(
                f"{published.name} 第 {number} 行「relation」列：内容是“{row['relation']}”，应为 eq、ge 或 about"
            )
        try:
            float(row["value"] or 0)
        except ValueError:
            raise FiguresError(
                f"{published.name} 第 {number} 行「value」列：内容是“{row['value']}”，应为数字；没有公布请留空"
            ) from None
    if not rows:
        raise FiguresError(f"{published.name} 里没有数字；列名应为 {','.join(needed)}")
    return rows
