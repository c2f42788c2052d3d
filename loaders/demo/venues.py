"""Places open to residents. The two of the golden case come from `golden`."""

from collections.abc import Iterator
from datetime import date

from loaders.demo.chance import Chance
from loaders.demo.rows import Row, SheetRows
from loaders.demo.territory import GOLDEN_COMMUNITY, Territory

_KINDS: tuple[tuple[str, float, int, int], ...] = (
    # kind, share of the residents' communities that have one, least and most floor area in m2
    ("党群服务中心", 1.0, 120, 1600), ("新时代文明实践站", 0.9, 60, 500), ("日间照料中心", 0.3, 60, 420),
    ("图书室", 0.45, 30, 150), ("文体活动室", 0.5, 50, 400), ("卫生服务站", 0.4, 60, 300), ("调解室", 0.55, 15, 40),
    ("儿童之家", 0.3, 30, 120), ("食堂", 0.2, 60, 220),
)  # fmt: skip


def venue_rows(territory: Territory, chance: Chance) -> Iterator[Row]:
    """Venues of the communities; a quarter of the villages have a service centre."""
    sheet = SheetRows("Venue")
    order = 100  # lower numbers are left for the golden case
    for community in territory.communities:
        for kind, share, least, most in _KINDS:
            present = chance.happens(share)
            area = float(round(chance.triangular(least, most, least * 1.5)))
            opened = chance.randint(2012, 2020)
            if present and not (community.code == GOLDEN_COMMUNITY and kind == "日间照料中心"):
                order += 1
                name = f"{community.short}{kind}"
                yield sheet.row(
                    id=territory.number("ZD", order), name=name, kind=kind, IN_AREA=community.writing,
                    floor_area_m2=area, valid_from=date(opened, chance.randint(1, 9), 1),
                )  # fmt: skip
    for village in territory.villages[::4]:
        order += 1
        yield sheet.row(
            id=territory.number("ZD", order), name=f"{village.name}党群服务中心", kind="党群服务中心",
            IN_AREA=village.writing, floor_area_m2=float(chance.randint(80, 300)),
        )  # fmt: skip
