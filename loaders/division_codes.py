"""What an official division code says: its level, what it is part of, and the kind of area.

Codes follow the statistical division codes: 2 digits province, 4 city, 6 district or county, 9 street or
township, 12 residents' or villagers' committee. Every area of the country has all the levels above it, so
the code of the parent is always a prefix:

- the districts of 北京 天津 上海 重庆 hang below a city named 市辖区 (重庆's counties below 县);
- counties that a province governs itself (济源市 419001) hang below 省直辖县级行政区划 (4190, 4290, 4690, 6590);
- cities without districts (东莞 4419, 中山 4420, 儋州 4604, 嘉峪关 6202) have exactly one area of the district
  level with the city's own name (441900, 442000, 460400, 620201), and their streets hang below that.
"""

from dataclasses import dataclass
from enum import StrEnum

_LENGTHS = (2, 4, 6, 9, 12)


class Level(StrEnum):
    """The five levels, outermost first."""

    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"

    @property
    def digits(self) -> int:
        """Digits in a code of this level."""
        return _LENGTHS[list(Level).index(self)]

    @property
    def label(self) -> str:
        """The node label of this level: `Street`."""
        return self.value.capitalize()

    @staticmethod
    def of(code: str) -> "Level | None":
        """The level of a code by its length, or None when no level has that many digits.

        >>> Level.of("410411").label, Level.of("41041")
        ('District', None)
        """
        if not (code.isascii() and code.isdigit() and len(code) in _LENGTHS):
            return None
        return list(Level)[_LENGTHS.index(len(code))]


class StreetKind(StrEnum):
    """Kind of an area of the street level, from digits 7 to 9 of its code."""

    STREET = "街道"
    TOWN = "镇"
    TOWNSHIP = "乡"
    SIMILAR = "类似乡级单位"


class CommunityKind(StrEnum):
    """Kind of an area of the community level, from digits 10 to 12 of its code."""

    RESIDENTS = "居委会"
    VILLAGE = "村委会"
    SIMILAR = "类似"


def street_kind(code: str) -> StreetKind:
    """Kind of the street of a code of 9 or 12 digits.

    001-099 are streets, 100-199 towns, 200-399 townships; all else (400-599 by the rules, and 000, which
    only 金门县 350527000 has) is similar to a township.

    >>> street_kind("410411004").value, street_kind("410411200213").value
    ('街道', '乡')
    """
    number = int(code[6:9])
    if 1 <= number <= 99:
        return StreetKind.STREET
    if 100 <= number <= 199:
        return StreetKind.TOWN
    return StreetKind.TOWNSHIP if 200 <= number <= 399 else StreetKind.SIMILAR


def community_kind(code: str) -> CommunityKind:
    """Kind of the community of a code of 12 digits.

    001-199 are residents' committees, 200-399 villagers' committees; all else is similar to them.

    >>> community_kind("410411004004").value
    '居委会'
    """
    number = int(code[9:12])
    if 1 <= number <= 199:
        return CommunityKind.RESIDENTS
    return CommunityKind.VILLAGE if 200 <= number <= 399 else CommunityKind.SIMILAR


@dataclass(frozen=True, slots=True)
class Division:
    """One official area: its code, its name in the register, its level."""

    code: str
    name: str
    level: Level

    @property
    def parent(self) -> str | None:
        """Code of the area that this one is part of; None for a province."""
        above = {12: 9, 9: 6, 6: 4, 4: 2}.get(len(self.code))
        return None if above is None else self.code[:above]

    @property
    def kind(self) -> StreetKind | CommunityKind | None:
        """Kind of a street or a community; None above them."""
        if self.level is Level.STREET:
            return street_kind(self.code)
        return community_kind(self.code) if self.level is Level.COMMUNITY else None
