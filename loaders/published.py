"""The figures that a district publishes: their names, and the query that counts each in a store."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Rows = Sequence[Mapping[str, Any]]
Pick = Callable[[Rows], float | None]


@dataclass(frozen=True)
class Part:
    """Where a figure is counted: a query, its arguments beside scope and as_of, what to take of its rows.

    `label`, `equal` and `present` name the nodes that the figure counts, to explain a difference. `scope`
    replaces the district by a part of it. `counts_nodes` is false where the figure is a quantity and not how
    many nodes there are.
    """

    query: str
    pick: Pick
    label: str
    arguments: Mapping[str, Any] | None = None
    equal: Mapping[str, Any] | None = None
    scope: str = ""
    present: tuple[str, ...] = ()
    counts_nodes: bool = True


@dataclass(frozen=True)
class Figure:
    """A figure's Chinese name, and the parts whose sum it is; without parts it is not modelled yet."""

    heading: str
    parts: tuple[Part, ...] = ()


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
        Part(
            "organizations_by_kind",
            total(column),
            "Organization",
            {"kind": kind},
            {"kind": kind},
            scope,
            counts_nodes=column == "organizations",
        ),
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
    return (Part("district_figures", total(column), "District", counts_nodes=False),)


DISTRICT = "410411"
"""The district that the figures were published of."""
YANHELU, FEIXING = "410411001003", "410411004004"
FIGURES: Mapping[str, Figure] = {
    "area_km2": Figure("面积", _district("area_km2")),
    "population_resident": Figure("常住人口", _district("population")),
    "population_urban": Figure("城镇人口", _district("urban_population")),
    "communities": Figure(
        "城市社区",
        (
            Part(
                "area_counts",
                total("areas", label="Community", kind="居委会"),
                "Community",
                equal={"kind": "居委会"},
            ),
        ),
    ),
    "streets_and_townships": Figure(
        "街道和乡", (Part("area_counts", total("areas", label="Street"), "Street"),)
    ),
    "party_street": Figure("街道大工委", _levels(1)),
    "party_community": Figure("社区大党委", _levels(2)),
    "party_estate": Figure("小区党组织", _levels(3)),
    "party_grid": Figure("网格党支部", _levels(4)),
    "party_building": Figure("楼栋党小组", _levels(5)),
    "members_self_managed": Figure("自管党员", _members("自管")),
    "members_in_service": Figure("在职党员", _members("在职")),
    "members_retired": Figure("离退休党员", _members("离退休")),
    "members_mobile": Figure("流动党员", _members("流动")),
    "members_total": Figure(
        "党员合计", (Part("members_by_kind", total("members"), "Person", present=("member_kind",)),)
    ),
    "agreements": Figure("共建协议", (Part("agreements_registered", total("agreements"), "Agreement"),)),
    "three_list_items": Figure(
        "三项清单条目",
        (
            Part("needs_by_community", total("needs"), "Need"),
            Part("resources_of_area", total("resources"), "Resource"),
            Part("projects_of_area", total("projects"), "Project"),
        ),
    ),
    "property_areas": Figure(
        "物业管理区域", (Part("property_areas_by_management", total("areas"), "PropertyArea"),)
    ),
    "property_professional": Figure("专业化物业", _property_areas("专业化物业")),
    "property_self_managed": Figure("居民自主管理", _property_areas("居民自主管理")),
    "property_unmanaged": Figure("无人管理", _property_areas("无人管理")),
    "red_councils": Figure("红色议事会", _organizations("红色议事会")),
    "owners_committees": Figure("业委会", _organizations("业委会")),
    "mass_trade_union": Figure("工会", _organizations("工会")),
    "mass_women": Figure("妇联", _organizations("妇联")),
    "mass_youth": Figure("共青团", _organizations("共青团")),
    "mass_science": Figure("科协", _organizations("科协")),
    "volunteer_teams": Figure("志愿服务队", _organizations("志愿服务队")),
    "volunteers_registered": Figure("注册志愿者", _organizations("志愿服务队", "people")),
    "mediation_committees": Figure("人民调解委员会", _organizations("人民调解委员会")),
    "red_steward_committee_persons": Figure(
        "沿河路社区红色管家委员会人数", _organizations("红色管家委员会", "people", YANHELU)
    ),
    "daycare_floor_before": Figure(
        "飞行社区原日间照料室面积",
        (
            Part(
                "venues",
                ended("floor_area_m2"),
                "Venue",
                {"kind": "日间照料中心"},
                {"kind": "日间照料中心"},
                FEIXING,
                counts_nodes=False,
            ),
        ),
    ),
    "daycare_investment": Figure(
        "飞行社区日间照料中心投入",
        (Part("project_stories", largest("funds_yuan"), "Project", scope=FEIXING, counts_nodes=False),),
    ),
    "volunteer_services": Figure("志愿服务人次"),
    "disputes_reported": Figure("上报矛盾纠纷"),
    "disputes_settled": Figure("化解矛盾纠纷"),
    "disputes_major_revisited": Figure("重大纠纷回访率"),
    "disputes_satisfied": Figure("纠纷化解满意率"),
    "grid_patrols_per_day": Figure("网格每日巡查次数"),
}
"""Every figure that is known by its key, and how each modelled one is counted."""
