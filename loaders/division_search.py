"""Looking divisions up: by the beginning of a code, by a name or part of one, by an address."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from heapq import nsmallest
from typing import NamedTuple

from loaders.division_codes import Division, Level
from loaders.divisions import Divisions, decode
from loaders.place_names import SEPARATORS, canonical, code_readings, forms, normalised, stem_and_ending

_LEVELS = {level: order for order, level in enumerate(Level)}
_LAST_HAN = re.compile(r"[\u3400-\u9fff]{1,2}(?=[^\u3400-\u9fff]*$)")


@dataclass(frozen=True, slots=True)
class Hit:
    """An area that was found, with where it lies: "河南省 / 平顶山市 / 湛河区 / 九里山街道"."""

    division: Division
    path: str


class _Wanted(NamedTuple):
    """A name that is looked for below the area of a code ("" for the whole country)."""

    below: str
    name: str
    standard: str
    stem: str

    @classmethod
    def of(cls, below: str, name: str) -> "_Wanted":
        return cls(below, name, canonical(name), stem_and_ending(name)[0])

    @property
    def needle(self) -> str:
        """What stands in the name of every area that this can mean, however its ending is written.

        Han characters only: letters, digits and brackets have two widths, and the register uses both.
        """
        return _last_han(self.stem)

    def rank(self, area: Division, name: str) -> int | None:
        """0 full name, 1 short name, 2 beginning, 3 part of the name; None when `area` is not meant.

        `name` is what remains of `self.name` after the street's name, or all of it.
        """
        own = normalised(area.name)
        if own == name:
            return 0
        if canonical(name) in (known := forms(area.name)) or name in known:
            return 1
        if name != self.name or self.stem not in own:
            return None
        return 2 if own.startswith(self.stem) else 3


Ranked = tuple[int, int, str, Division]
"""Rank, order of the level, code, area: sorts as hits are listed."""


def _last_han(text: str) -> str:
    found = _LAST_HAN.search(text)
    return found[0] if found else ""


def search(divisions: Divisions, query: str, limit: int = 20) -> list[Hit]:
    """The areas that a query means, best first, at most `limit`.

    A query is the beginning of a code (also in full width, or with zeros at its end), a name in full, in
    short or in part (湛河, 飞行社区), or an address with any of the levels left out (平顶山市湛河区,
    湛河区九里山街道飞行社区). Full names come before short ones, those before parts of names, and among
    equals the outer levels first. Names below the district are read from the whole country: about a second.
    """
    wanted = normalised(query)
    if not wanted or limit < 1:
        return []
    codes = [code for code in code_readings(query) if code.isascii() and code.isdigit()]
    found = _by_code(divisions, codes, limit) if codes else []
    if not found:
        found = [ranked[3] for ranked in nsmallest(limit, _by_name(divisions, wanted), key=lambda r: r[:3])]
    return _with_paths(divisions, found)


def similar(divisions: Divisions, query: str, limit: int = 5) -> list[Hit]:
    """Provinces, cities and districts with a name like the query's, for a query that finds nothing."""
    by_stem: dict[str, list[Division]] = {}
    for area in divisions.upper():
        by_stem.setdefault(stem_and_ending(normalised(area.name))[0], []).append(area)
    close = get_close_matches(stem_and_ending(normalised(query))[0], by_stem, n=limit, cutoff=0.5)
    return _with_paths(divisions, [area for stem in close for area in by_stem[stem]][:limit])


def _by_code(divisions: Divisions, codes: Iterable[str], limit: int) -> list[Division]:
    for code in codes:
        upper = [area for area in divisions.upper() if area.code.startswith(code)]
        lower: Iterator[Division] = (
            area
            for district in divisions.upper()
            if district.level is Level.DISTRICT and district.code.startswith(code[:6])
            for area in divisions.below_district(district.code)
            if area.code.startswith(code)
        )
        # One digit fits a fifth of the country: too much to read for the few provinces that are meant.
        fitting = upper if len(code) < 2 else [*upper, *lower]
        found = nsmallest(limit, fitting, key=_outer_first)
        if found:
            return found
    return []


def _outer_first(area: Division) -> tuple[int, str]:
    return len(area.code), area.code


def _by_name(divisions: Divisions, query: str) -> Iterator[Ranked]:
    upper = _UpperNames(divisions.upper())
    wanted = [_Wanted.of("", query), *upper.readings(query, "")]
    for area in divisions.upper():
        yield from _ranked(area, wanted)
    for province in (area for area in divisions.upper() if area.level is Level.PROVINCE):
        here = [w for w in wanted if not w.below or w.below.startswith(province.code)]
        for district, text in divisions.district_texts(province.code) if here else ():
            there = [w for w in here if district.startswith(w.below) and w.needle in text]
            if there:
                yield from _below(district, text, there)


def _below(district: str, text: str, wanted: list[_Wanted]) -> Iterator[Ranked]:
    """Areas of one district's text. A street's name may stand in front of a community's."""
    street: list[tuple[_Wanted, str]] = []
    for area in decode(district, text):
        if area.level is Level.STREET:
            street = [(w, rest) for w in wanted for rest in _after(w.name, forms(area.name))]
            yield from _ranked(area, wanted)
        else:
            yield from _ranked(area, wanted)
            for w, rest in street:
                if w.needle in area.name:
                    rank = w.rank(area, rest)
                    if rank is not None:
                        yield rank, _LEVELS[area.level], area.code, area


def _after(text: str, names: Iterable[str]) -> list[str]:
    """What is left of a text after each of the names that it begins with; at least two characters."""
    left = (text[len(name) :].lstrip(SEPARATORS) for name in names if text.startswith(name) and len(name) > 1)
    return [rest for rest in dict.fromkeys(left) if len(rest) > 1]


def _ranked(area: Division, wanted: Iterable[_Wanted]) -> Iterator[Ranked]:
    for w in wanted:
        if w.needle in area.name and area.code.startswith(w.below):
            rank = w.rank(area, w.name)
            if rank is not None:
                yield rank, _LEVELS[area.level], area.code, area


class _UpperNames:
    """Provinces, cities and districts by every form of their names."""

    def __init__(self, areas: Iterable[Division]) -> None:
        self._by_form: dict[str, list[str]] = {}
        for area in areas:
            for form in forms(area.name):
                if len(form) > 1:
                    self._by_form.setdefault(form, []).append(area.code)

    def readings(self, text: str, below: str) -> Iterator[_Wanted]:
        """Each way to read the beginning of a text as names from the outside in, with what is left to find there."""
        for cut in range(2, len(text) - 1):
            rest = text[cut:].lstrip(SEPARATORS)
            for code in self._by_form.get(text[:cut].rstrip(SEPARATORS), ()) if len(rest) > 1 else ():
                if code.startswith(below) and code != below:
                    yield _Wanted.of(code, rest)
                    yield from self.readings(rest, code)


def _with_paths(divisions: Divisions, areas: Iterable[Division]) -> list[Hit]:
    return [Hit(area, divisions.path(area.code)) for area in dict.fromkeys(areas)]
