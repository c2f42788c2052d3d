"""The demo's list of needs: more than is met, more from some communities than from others."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from loaders.demo.chance import Chance, Weighted, apportion, spread_counts
from loaders.demo.figures import REFERENCE_DATE
from loaders.demo.need_kinds import NEED_KINDS, UNSERVED_KINDS, NeedKind
from loaders.demo.organizations import Organizations
from loaders.demo.people import People
from loaders.demo.rows import Row, SheetRows
from loaders.demo.territory import Community, Territory
from loaders.demo.units import Unit

_CHANNELS = (
    "网格员走访",
    "楼栋长上报",
    "居民来访",
    "党员报到反映",
    "民呼必应平台",
    "居民议事会",
    "单位来函",
    "热线转办",
)
_UNSERVED = {"入单": 60, "对接中": 20, "挂起": 25, "提出": 15}
"""States of the needs that no category of resources can serve."""
_STATES: dict[str, tuple[int, date, date]] = {
    # state: how many of 3,050 in all, first and last day on which such a need was raised
    "销号": (1640, date(2018, 3, 1), date(2020, 7, 20)), "待评价": (110, date(2019, 9, 1), date(2020, 7, 31)),
    "实施中": (370, date(2019, 10, 1), date(2020, 8, 25)), "已认领": (220, date(2020, 3, 1), date(2020, 9, 15)),
    "对接中": (240, date(2020, 2, 1), date(2020, 9, 20)), "入单": (200, date(2020, 1, 15), date(2020, 9, 25)),
    "审核": (80, date(2020, 8, 20), date(2020, 9, 29)), "提出": (80, date(2020, 9, 1), date(2020, 9, 30)),
    "退回": (30, date(2018, 6, 1), date(2020, 9, 1)), "挂起": (40, date(2019, 3, 1), date(2020, 6, 30)),
    "合并": (25, date(2018, 9, 1), date(2020, 8, 15)), "撤回": (15, date(2019, 1, 1), date(2020, 9, 1)),
}  # fmt: skip
WITH_PROJECT = ("销号", "待评价", "实施中")
"""States in which a need has a project."""


@dataclass(slots=True)
class Need:
    """One entry of the list. `where` and `by` are numbers or writings."""

    id: str
    kind: NeedKind
    community: Community
    where: str
    by: str | None
    title: str
    text: str
    quantity: int
    urgency: int
    beneficiaries: int
    state: str
    raised: date
    channel: str
    deadline: date | None = None
    wanted_from: date | None = None
    wanted_to: date | None = None


class NeedMaker:
    """Makes needs of one district."""

    def __init__(
        self,
        territory: Territory,
        units: list[Unit],
        organizations: Organizations,
        people: People,
        chance: Chance,
    ) -> None:
        self._territory, self._chance = territory, chance
        served = [kind for kind in NEED_KINDS if kind.weight]
        self._kinds = Weighted(served, [kind.weight for kind in served])
        everywhere = territory.communities + territory.villages
        weights = [community.heat * community.population for community in everywhere]
        self._communities = Weighted(everywhere, weights)
        self._urban = Weighted(territory.communities, weights[: len(territory.communities)])
        self._units = _by_community((unit.community.code, unit.id) for unit in units)
        self._organizations = _by_community(
            (each.community.code, each.id) for each in organizations.all if each.community is not None
        )
        self._people = _by_community(
            (person.home.estate.community.code, person.id)
            for person in people.everyone
            if person.home is not None
        )

    def make(self, golden: list[Need]) -> list[Need]:
        """The whole list, the golden case's first; its size and the number of each state are fixed."""
        total = self._territory.sizes.needs
        counts = dict(
            zip(_STATES, apportion(total, [count for count, _, _ in _STATES.values()]), strict=True)
        )
        unserved = spread_counts(_UNSERVED, self._chance)
        for state in (*unserved, *(need.state for need in golden)):
            counts[state] -= 1
        needs = list(golden)
        plan: list[tuple[str, bool]] = [(state, True) for state in spread_counts(counts, self._chance)]
        plan += [(state, False) for state in unserved]
        for state, served in self._chance.shuffled(plan):
            kind = self._kinds.draw(self._chance) if served else self._chance.choice(UNSERVED_KINDS)
            needs.append(self._need(len(needs) + 1, kind, state))
        return needs

    def _need(self, order: int, kind: NeedKind, state: str) -> Need:
        chance = self._chance
        # What asks for buildings is asked for where there are any.
        community = (self._communities if kind.weight else self._urban).draw(chance)
        where, place = self._place(community)
        quantity = round(chance.triangular(*kind.quantity, kind.quantity[0] * 1.5))
        people = max(quantity if kind.unit in ("人", "人次", "份") else 0, chance.randint(8, 160))
        words = {"place": place, "n": people, "q": f"{quantity}{kind.unit}"}
        _, first, last = _STATES[state]
        need = Need(
            self._territory.number("XQ", order), kind, community, where, self._by(community),
            chance.choice(kind.titles).format(**words), chance.choice(kind.texts).format(**words), quantity,
            chance.choices((1, 2, 3, 4, 5), (8, 20, 40, 24, 8))[0], people, state, chance.day(first, last),
            chance.choice(_CHANNELS),
        )  # fmt: skip
        self._set_times(need)
        return need

    def _set_times(self, need: Need) -> None:
        chance = self._chance
        if chance.happens(0.72):
            need.deadline = need.raised + timedelta(days=chance.choice((30, 45, 60, 90, 120, 180)))
            if is_overdue(need) and chance.happens(0.68):  # most were put off; the others are overdue
                need.deadline = REFERENCE_DATE + timedelta(days=chance.randint(5, 90))
        if chance.happens(0.5):
            need.wanted_from = need.raised + timedelta(days=chance.randint(5, 40))
            if chance.happens(0.6):
                need.wanted_to = need.wanted_from + timedelta(days=chance.choice((30, 60, 90, 180, 365)))

    def _place(self, community: Community) -> tuple[str, str]:
        """Where the need is, as the list writes it, and as a title says it."""
        chance = self._chance
        roll = chance.random()
        if not community.estates or roll < 0.45:
            return community.writing, community.short
        if roll < 0.52:
            grid = chance.choice(community.grids)
            return grid.id, f"{community.short}{grid.name}"
        estate = chance.choice(community.estates)
        if roll < 0.9:
            return estate.writing, estate.name
        building = chance.choice(estate.buildings)
        return building.id, f"{estate.name}{building.name}"

    def _by(self, community: Community) -> str | None:
        roll = self._chance.random()
        if roll < 0.6:
            return community.writing
        for bound, those in ((0.67, self._units), (0.72, self._organizations), (0.8, self._people)):
            if roll < bound and community.code in those:
                return self._chance.choice(those[community.code])
        return None


def _by_community(pairs: Iterator[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for community, identifier in pairs:
        found.setdefault(community, []).append(identifier)
    return found


def is_overdue(need: Need) -> bool:
    """Whether its deadline has passed while it is still open."""
    closed = ("待评价", "销号", "退回", "合并", "撤回")
    return need.deadline is not None and need.deadline < REFERENCE_DATE and need.state not in closed


def need_rows(needs: list[Need]) -> Iterator[Row]:
    """The list of needs, categories and most places by name."""
    sheet = SheetRows("Need")
    for each in needs:
        yield sheet.row(
            id=each.id, title=each.title, RAISED_BY=each.by, RAISED_IN=each.where, IN_CATEGORY=each.kind.name,
            text=each.text, quantity=each.quantity, unit=each.kind.unit, whole=each.kind.whole or None, urgency=each.urgency,
            wanted_from=each.wanted_from, wanted_to=each.wanted_to, deadline=each.deadline,
            beneficiary=each.kind.beneficiary, beneficiaries=each.beneficiaries, state=each.state,
            raised_at=each.raised, channel=each.channel,
        )  # fmt: skip
