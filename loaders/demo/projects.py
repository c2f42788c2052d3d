"""Projects of the demo: what met the needs, with which resources, and how much of the promised came."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from loaders.demo.agreements import Agreement
from loaders.demo.chance import Chance, spread_counts
from loaders.demo.figures import REFERENCE_DATE
from loaders.demo.meetings import Meetings
from loaders.demo.needs import WITH_PROJECT, Need
from loaders.demo.party import Party
from loaders.demo.resources import Offers, Resource
from loaders.demo.rows import Row, SheetRows
from loaders.demo.territory import Community, Territory
from loaders.demo.units import Unit

_ORIGINS = {"对接": 44, "联席会议": 26, "交办": 19, "认领": 11}


@dataclass(slots=True)
class Use:
    """What a project takes of a resource."""

    resource: Resource
    promised: int
    delivered: int


@dataclass(slots=True)
class Project:
    """One entry of the list of projects. `leader` is a unit's or a party organization's number."""

    id: str
    name: str
    community: Community
    needs: list[tuple[Need, int]]
    state: str
    origin: str
    planned_from: date
    planned_to: date
    actual_from: date | None
    actual_to: date | None
    progress: float
    leader: str
    uses: list[Use] = field(default_factory=list)
    unit: Unit | None = None
    agreement: Agreement | None = None
    venue: str | None = None
    funds: tuple[int, int, int] = (0, 0, 0)
    """Yuan from public money, from units, from others."""


class ProjectMaker:
    """Makes the projects of one district from its needs, resources, agreements and meetings."""

    def __init__(
        self, territory: Territory, party: Party, offers: Offers, agreements: list[Agreement], meetings: Meetings,
        chance: Chance,
    ) -> None:  # fmt: skip
        self._territory, self._party, self._offers, self._meetings = territory, party, offers, meetings
        self._chance = chance
        self._agreements: dict[tuple[str, str], list[Agreement]] = {}
        for agreement in agreements:
            key = (agreement.unit.id, agreement.community.code)
            self._agreements.setdefault(key, []).append(agreement)

    def make(self, needs: list[Need], golden: list[Project]) -> list[Project]:
        """The list, the golden case's first: one project per need, but for pairs that one project meets."""
        projects = list(golden)
        done = {need.id for project in golden for need, _ in project.needs}
        waiting = [need for need in needs if need.state in WITH_PROJECT and need.id not in done]
        pairs = len(waiting) - (self._territory.sizes.projects - len(golden))
        for group in _grouped(waiting, pairs):
            projects.append(self._project(len(projects) + 1, group))
        return projects

    def _project(self, order: int, needs: list[Need]) -> Project:
        chance, main = self._chance, needs[0]
        raised = max(need.raised for need in needs)
        origin = chance.choices(list(_ORIGINS), list(_ORIGINS.values()))[0]
        latest = REFERENCE_DATE - timedelta(days=25)
        meeting = self._meetings.next_after(main.community, raised, latest) if origin == "联席会议" else None
        if origin == "联席会议" and meeting is None:
            origin = "对接"
        ready = meeting.held if meeting else raised
        start = chance.day(
            ready + timedelta(days=4), max(ready + timedelta(days=5), min(ready + timedelta(days=40), latest))
        )
        project = self._dated(order, main, start, needs)
        project.origin = origin
        self._assign_resources(project, start)
        self._choose_leader(project, start)
        if meeting is not None:
            meeting.decided.append(project.id)
            meeting.discussed.extend(need.id for need in needs)
        if chance.happens(0.22):
            shares = [chance.choice((0, 0, 2, 5, 8, 15, 30, 60)) * 1000 for _ in range(3)]
            project.funds = (shares[0], shares[1], shares[2])
        return project

    def _dated(self, order: int, main: Need, start: date, needs: list[Need]) -> Project:
        """State and days of a project that follow from the state of its needs."""
        chance = self._chance
        planned_from = start - timedelta(days=chance.choice((0, 0, 3, 7)))
        planned_to = planned_from + timedelta(days=chance.choice((15, 30, 45, 60, 90, 120)))
        actual_from: date | None = start
        actual_to: date | None = None
        progress = 100.0
        if main.state == "实施中" and chance.happens(0.15):
            state, actual_from, progress = "立项", None, 0.0
            planned_from = REFERENCE_DATE + timedelta(days=chance.randint(-20, 30))
            planned_to = planned_from + timedelta(days=chance.choice((30, 60, 90)))
        elif main.state == "实施中":
            state, progress = "实施", float(chance.randint(1, 19) * 5)
        else:
            state = "销号" if main.state == "销号" else chance.choice(("验收", "评价"))
            first = start + timedelta(days=2)
            actual_to = chance.day(
                first, max(first, min(planned_to + timedelta(days=25), REFERENCE_DATE - timedelta(days=3)))
            )
        whole = state not in ("立项", "实施") and chance.happens(0.87)
        meets = [
            (n, n.quantity if whole else max(1, round(n.quantity * chance.uniform(0.4, 0.9)))) for n in needs
        ]
        return Project(
            self._territory.number("XM", order), main.title + "项目", main.community, meets, state, "", planned_from,
            planned_to, actual_from, actual_to, progress, "",
        )  # fmt: skip

    def _assign_resources(self, project: Project, start: date) -> None:
        """One or two resources. What is still under way never takes more of a resource than there is."""
        chance = self._chance
        running = project.state in ("立项", "实施")
        wanted = sum(quantity for _, quantity in project.needs)
        day = REFERENCE_DATE if running else start
        found = self._offers.for_need(project.needs[0][0].kind, project.community, day)
        usable = [resource for resource in found if not running or resource.free > 0][:6]
        for resource in chance.sample(usable, min(len(usable), 2 if chance.happens(0.2) else 1)):
            promised = max(1, min(wanted, resource.free if running else resource.capacity))
            share = project.progress / 100
            if not running:
                share = 1.0 if chance.happens(0.83) else chance.choice((0.0, 0.3, 0.5, 0.7, 0.8))
            if running:
                resource.busy += promised
            project.uses.append(Use(resource, promised, int(promised * share)))

    def _choose_leader(self, project: Project, start: date) -> None:
        """The unit whose resource it uses, under their agreement if one was in force, or the party committee."""
        unit = next((use.resource.unit for use in project.uses if use.resource.unit is not None), None)
        if project.origin == "认领" and unit is None:
            project.origin = "对接"
        if unit is not None and (project.origin == "认领" or self._chance.happens(0.6)):
            project.leader, project.unit = unit.id, unit
        else:
            area = (
                project.community.code
                if project.community.code in self._party.of_area
                else project.community.street
            )
            project.leader = self._party.of_area[area].id
        if unit is not None:
            signed = self._agreements.get((unit.id, project.community.code), [])
            project.agreement = next((each for each in signed if each.in_force(start)), None)


def _grouped(needs: list[Need], pairs: int) -> Iterator[list[Need]]:
    """The needs one by one, but for `pairs` pairs of the same kind, place and state."""
    alike: dict[tuple[str, str, str], list[Need]] = {}
    for need in needs:
        alike.setdefault((need.community.code, need.kind.name, need.state), []).append(need)
    second: dict[str, Need] = {}
    joined: set[str] = set()
    for group in alike.values():
        for one, other in zip(group[::2], group[1::2], strict=False):
            if len(second) < pairs and abs((one.raised - other.raised).days) <= 120:
                second[one.id] = other
                joined.add(other.id)
    for need in needs:
        if need.id not in joined:
            yield [need, second[need.id]] if need.id in second else [need]


def discuss_open_needs(needs: list[Need], meetings: Meetings, chance: Chance) -> None:
    """Put some needs that have no project on the agenda of a meeting after they were raised."""
    for need in needs:
        if need.state in ("入单", "对接中", "已认领", "挂起") and chance.happens(0.3):
            meeting = meetings.next_after(need.community, need.raised, REFERENCE_DATE)
            if meeting is not None:
                meeting.discussed.append(need.id)


def evaluation_rows(territory: Territory, projects: list[Project], chance: Chance) -> Iterator[Row]:
    """What residents, communities and units say after a project; worse where less was delivered."""
    sheet = SheetRows("Evaluation")
    order = 0
    good = (
        "办得及时，居民满意。",
        "服务到位，希望长期坚持。",
        "解决了老问题，效果明显。",
        "沟通顺畅，配合得好。",
    )
    poor = ("承诺的数量没有全部兑现，希望跟进。", "来得晚了些，效果一般。", "只解决了一部分，还需要继续。")
    plan = spread_counts({"居民→项目": 5, "社区→单位": 3, "单位→社区": 2}, chance)
    for project in projects:
        if project.actual_to is None or project.state not in ("评价", "销号"):
            continue
        kept = all(use.delivered >= use.promised for use in project.uses)
        for direction in chance.sample(plan, 1 if chance.happens(0.55) else 0):
            order += 1
            score = min(100.0, max(40.0, round(chance.gauss(92 if kept else 74, 6), 1)))
            given = min(REFERENCE_DATE, project.actual_to + timedelta(days=chance.randint(0, 20)))
            yield sheet.row(
                id=territory.number("PJ", order), direction=direction, score=score, OF=project.id,
                text=chance.choice(good if kept else poor), given_at=given,
            )  # fmt: skip


def project_rows(projects: list[Project]) -> Iterator[Row]:
    """The list of projects."""
    sheet = SheetRows("Project")
    for each in projects:
        yield sheet.row(
            id=each.id, name=each.name, UNDER=each.agreement.id if each.agreement else None, LED_BY=each.leader,
            RESULTS_IN=[each.venue] if each.venue else None, IN_AREA=each.community.writing,
            origin=each.origin, state=each.state, progress=each.progress,
            planned_from=each.planned_from, planned_to=each.planned_to,
            actual_from=each.actual_from, actual_to=each.actual_to,
            funds_fiscal_yuan=each.funds[0] or None, funds_unit_yuan=each.funds[1] or None,
            funds_other_yuan=each.funds[2] or None,
        )  # fmt: skip


def meets_rows(projects: list[Project]) -> Iterator[Row]:
    """What each project does for which need."""
    sheet = SheetRows("MEETS")
    for project in projects:
        for need, quantity in project.needs:
            yield sheet.row(start=project.id, end=need.id, quantity=quantity)


def uses_rows(projects: list[Project]) -> Iterator[Row]:
    """What each project was promised and what it got."""
    sheet = SheetRows("USES")
    for project in projects:
        for use in project.uses:
            yield sheet.row(
                start=project.id, end=use.resource.id, promised=use.promised, delivered=use.delivered
            )
