"""Which districts a demo has, and how its workbooks write the names of their communities."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from graph.schema.territory import AREAS
from loaders.demo.figures import HOME_DISTRICT
from loaders.division_codes import CommunityKind, Division, Level
from loaders.divisions import Divisions
from loaders.place_names import forms
from loaders.places import Found, Place, PlaceIndex

_FEWEST, _MOST = 12, 110
"""Residents' committees a demo district may have: with fewer or more, the sizes of 湛河区 look wrong."""
_URBAN = range(2, 21)
"""Last two digits of the codes of urban districts; counties have other ones."""


@dataclass(frozen=True, slots=True)
class Official:
    """The official areas of one district, with a clear writing of each."""

    city: Division
    district: Division
    streets: tuple[Division, ...]
    communities: tuple[Division, ...]
    writing: dict[str, str]
    """Code of the district, a street or a community -> a short name that means it alone among all of the demo."""

    @property
    def residents(self) -> tuple[Division, ...]:
        """The communities of residents' committees, which have party committees, estates and grids."""
        return tuple(area for area in self.communities if area.kind is CommunityKind.RESIDENTS)

    @property
    def villages(self) -> tuple[Division, ...]:
        """All other communities."""
        return tuple(area for area in self.communities if area.kind is not CommunityKind.RESIDENTS)


def demo_codes(districts: int, divisions: Divisions | None = None) -> tuple[str, ...]:
    """Codes of the districts of a demo: 湛河区, then urban districts of its city, its province, the country.

    They are what the official territory must be there of before the demo's workbooks are loaded.
    Raises `ValueError` when there are not that many.
    """
    if districts < 1:
        raise ValueError(f"districts={districts}: a demo has at least one district")
    found: list[str] = []
    for code in _candidates(divisions or Divisions.open()):
        found.append(code)
        if len(found) == districts:
            return tuple(found)
    raise ValueError(f"districts={districts}: a demo can have at most {len(found)}")


def _candidates(divisions: Divisions) -> Iterator[str]:
    yield HOME_DISTRICT
    urban = [a.code for a in divisions.upper() if a.level is Level.DISTRICT and int(a.code[4:]) in _URBAN]
    nearest = sorted(
        (code for code in urban if code != HOME_DISTRICT),
        key=lambda code: (code[:4] != HOME_DISTRICT[:4], code[:2] != HOME_DISTRICT[:2], code),
    )
    for code in nearest:
        kinds = [area.kind for area in divisions.below_district(code)]
        if _FEWEST <= kinds.count(CommunityKind.RESIDENTS) <= _MOST:
            yield code


def officials(codes: Sequence[str], divisions: Divisions) -> Iterator[Official]:
    """The official areas of each district, with names written so that they are clear among all of them."""
    places: dict[str, Place] = {}
    for code in codes:
        places.update((place.id, place) for place in divisions.places(code))
    index = PlaceIndex(places.values())
    for code in codes:
        district = divisions.require(code)
        city = divisions.require(code[:4])
        below = list(divisions.below_district(code))
        writing = {area.code: _clear_writing(area, index) for area in (district, *below)}
        yield Official(
            city,
            district,
            tuple(area for area in below if area.level is Level.STREET),
            tuple(area for area in below if area.level is Level.COMMUNITY),
            writing,
        )


def _clear_writing(area: Division, index: PlaceIndex) -> str:
    """The short name people write; with the street, then the district in front where it is not clear; else the code."""
    short = (*forms(area.name), area.name)[1] if area.level is Level.COMMUNITY else area.name
    above = [place.name for place in index.path(area.code)[:-1]]
    for first in range(len(above), -1, -1):
        text = "".join((*above[first:], short))
        if all(
            index.resolve(text, kinds=kinds) == Found(area.code) for kinds in ((area.level.label,), AREAS)
        ):
            return text
    return area.code
