"""The golden case of 飞行社区: a day-care room of 30 m2 that was too small became a day-care centre.

In March 2020 a resident says that the room is too small; the community's party committee puts it on the
agenda of the joint meeting; units and departments decide; building starts on 13 April; more than a million
yuan are spent. What the report does not tell (days of the meeting and the end, who gave what) is made up.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from loaders.demo.agreements import Agreement
from loaders.demo.figures import published
from loaders.demo.meetings import Meeting
from loaders.demo.need_kinds import NEED_KINDS
from loaders.demo.needs import Need
from loaders.demo.party import Party
from loaders.demo.projects import Project, Use
from loaders.demo.resource_kinds import RESOURCE_KINDS
from loaders.demo.resources import Resource
from loaders.demo.rows import Row, SheetRows
from loaders.demo.territory import GOLDEN_COMMUNITY, Community, Territory
from loaders.demo.units import Unit

_RAISED, _MEETING, _BEGUN, _OPENED = date(2020, 3, 10), date(2020, 3, 26), date(2020, 4, 13), date(2020, 9, 1)
_FUNDS = (620_000, 380_000, 100_000)
_RESOURCES: tuple[tuple[str, str, str, int], ...] = (
    # category, title, text, capacity in its unit
    ("闲置用房", "闲置用房改作照料室", "与社区相邻的一楼闲置用房，愿无偿提供，改造后可供老人日间照料。", 40),
    ("设施改造资金", "日间照料中心改造资金", "承担适老化改造和设备购置的部分费用。", 1),
    ("上门护理", "护士驻点指导", "护士每周两次到日间照料中心指导康复护理。", 30),
)


@dataclass(slots=True)
class Golden:
    """The entries of the golden case, first in their lists; empty in districts other than 湛河区."""

    needs: list[Need] = field(default_factory=list)
    resources: list[Resource] = field(default_factory=list)
    agreements: list[Agreement] = field(default_factory=list)
    meetings: list[Meeting] = field(default_factory=list)
    projects: list[Project] = field(default_factory=list)
    venues: list[Row] = field(default_factory=list)


def build_golden(territory: Territory, units: list[Unit], party: Party) -> Golden:
    """The whole chain from the need to the new venue."""
    community = next((c for c in territory.communities if c.code == GOLDEN_COMMUNITY), None)
    if community is None:
        return Golden()
    committee = party.of_area[community.code].id
    need = _need(territory, community)
    resources = list(_resources(territory, community, units))
    helper = units[0]
    agreement = Agreement(
        territory.number("XY", 1), helper, community, date(2020, 3, 27), date(2020, 4, 1), date(2021, 4, 1), "生效",
        [(resources[0], resources[0].capacity)],
    )  # fmt: skip
    resources[0].promised = resources[0].busy = resources[0].capacity
    venue = territory.number("ZD", 2)
    project = Project(
        territory.number("XM", 1), f"{community.short}日间照料中心建设项目", community, [(need, need.quantity)], "销号",
        "联席会议", _BEGUN, date(2020, 8, 31), _BEGUN, date(2020, 8, 31), 100.0, committee,
        [Use(resource, resource.capacity, resource.capacity) for resource in resources], None, agreement, venue, _FUNDS,
    )  # fmt: skip
    meeting = Meeting(
        territory.number("HY", 1), f"{community.short}2020年3月共建单位联席会议（日间照料专题）", _MEETING, committee,
        [need.id], [project.id],
    )  # fmt: skip
    venues = list(_venues(territory, community, venue))
    return Golden([need], resources, [agreement], [meeting], [project], venues)


def _need(territory: Territory, community: Community) -> Need:
    kind = next(kind for kind in NEED_KINDS if kind.name == "日间照料")
    return Need(
        territory.number("XQ", 1), kind, community, community.writing, community.writing,
        f"{community.short}日间照料室面积太小", "居民反映：日间照料室只有30平方米，老人坐不下，希望扩大面积、添置床位。",
        30, 5, 120, "销号", _RAISED, "居民来访", date(2020, 9, 30), _RAISED,
    )  # fmt: skip


def _resources(territory: Territory, community: Community, units: list[Unit]) -> Iterator[Resource]:
    """One resource of each of the first three units, which stand in the community."""
    for order, (unit, (category, title, text, capacity)) in enumerate(
        zip(units[:3], _RESOURCES, strict=True), 1
    ):
        kind = next(kind for kind in RESOURCE_KINDS if kind.name == category)
        yield Resource(
            territory.number("ZY", order), kind, f"{unit.name}{title}", text, capacity, unit.id, unit, community,
            "community", date(2020, 3, 20), None, date(2020, 8, 31),
        )  # fmt: skip


def _venues(territory: Territory, community: Community, new: str) -> Iterator[Row]:
    """The old room until building starts, then the new centre; its floor area was not published."""
    sheet = SheetRows("Venue")
    yield sheet.row(
        id=territory.number("ZD", 1), name=f"{community.short}日间照料室", kind="日间照料中心", IN_AREA=community.writing,
        floor_area_m2=published()["daycare_floor_before"], valid_from=date(2015, 6, 1), valid_to=_BEGUN,
    )  # fmt: skip
    yield sheet.row(
        id=new,
        name=f"{community.short}日间照料中心",
        kind="日间照料中心",
        IN_AREA=community.writing,
        valid_from=_OPENED,
    )
