"""Joint meetings of the demo: each community's every two to three months, each street's twice a year."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from loaders.demo.chance import Chance
from loaders.demo.figures import REFERENCE_DATE
from loaders.demo.party import Party
from loaders.demo.rows import Row, SheetRows
from loaders.demo.territory import Community, Territory


@dataclass(slots=True)
class Meeting:
    """A joint meeting. `discussed` are numbers of needs, `decided` of projects."""

    id: str
    name: str
    held: date
    organization: str
    discussed: list[str] = field(default_factory=list)
    decided: list[str] = field(default_factory=list)


class Meetings:
    """The meetings of a district, and which one a community holds next."""

    def __init__(self, territory: Territory, party: Party, golden: list[Meeting], chance: Chance) -> None:
        self.all = list(golden)
        self._of_community: dict[str, list[Meeting]] = {}
        for community in territory.communities:
            organization = party.of_area[community.code].id
            held = chance.day(date(2018, 4, 1), date(2018, 6, 30))
            own: list[Meeting] = []
            while held < REFERENCE_DATE:
                own.append(self._add(territory, community.short, held, organization))
                held += timedelta(days=chance.randint(62, 112))
            self._of_community[community.code] = own
        for street in territory.official.streets:
            for held in (date(2020, 1, 8), date(2020, 7, 9)):
                self._add(territory, street.name, held, party.of_area[street.code].id)

    def _add(self, territory: Territory, place: str, held: date, organization: str) -> Meeting:
        number = territory.number("HY", len(self.all) + 1)
        meeting = Meeting(number, f"{place}{held.year}年{held.month}月共建单位联席会议", held, organization)
        self.all.append(meeting)
        return meeting

    def next_after(self, community: Community, day: date, latest: date) -> Meeting | None:
        """The community's first meeting after a day and not after `latest`; None when there is none."""
        own = self._of_community.get(community.code, [])
        position = bisect_right([meeting.held for meeting in own], day)
        return own[position] if position < len(own) and own[position].held <= latest else None


def meeting_rows(meetings: Meetings) -> Iterator[Row]:
    """The meetings with what was on the agenda and what was decided."""
    sheet = SheetRows("Meeting")
    for each in meetings.all:
        yield sheet.row(
            id=each.id, name=each.name, held_at=each.held, OF=each.organization,
            DISCUSSED=list(dict.fromkeys(each.discussed)), DECIDED=each.decided,
        )  # fmt: skip
