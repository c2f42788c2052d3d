"""Which place a text means: by its number, its full name, or the short names that people write.

Pure, and the same for streets, communities, estates and buildings: a place has a name, a kind and a place
that it is part of. A text names a place by its own name, in any writing of `place_names`, with the names of
any of the places above it in front. Nothing is guessed: what fits two places is answered with both.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from loaders.place_names import SEPARATORS, canonical, code_readings, forms, normalised, other_order
from loaders.similar_names import SimilarNames

_SHOWN = 10
_SUGGESTED = 5
_CACHED = 20_000
_LONGEST = 120
"""Characters of the longest address that is read; what is longer is prose."""


@dataclass(frozen=True, slots=True)
class Place:
    """A named place. `id` is its number, `kind` a word of the caller's (a node label), `parent_id` what it is part of."""

    id: str
    name: str
    kind: str
    parent_id: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that a text may mean: `path` from the outermost place, `writing` a text that means only this one."""

    id: str
    path: str
    writing: str


@dataclass(frozen=True, slots=True)
class Found:
    """The text means exactly one place."""

    id: str


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """The text fits `count` places, of which the first ten are given."""

    text: str
    candidates: tuple[Candidate, ...]
    count: int

    @property
    def message(self) -> str:
        """What was found and how to mend it, without the place in the file."""
        listed = "；".join(f"{item.path}，写作“{item.writing}”" for item in self.candidates)
        more = f"；另有 {self.count - len(self.candidates)} 处" if self.count > len(self.candidates) else ""
        return f"“{self.text}”对应 {self.count} 个地点，无法确定是哪一个，请写明其一：{listed}{more}"


@dataclass(frozen=True, slots=True)
class Unknown:
    """The text fits no place; `suggestions` are the nearest, best first.

    `elsewhere` is the place whose number the text is, where that place may not be the answer.
    """

    text: str
    suggestions: tuple[Candidate, ...]
    elsewhere: Candidate | None = None

    @property
    def message(self) -> str:
        """What was found and how to mend it, without the place in the file."""
        if not self.text:
            return "没有写地点；请填写编号，或街道加社区的名称，例如“九里山街道飞行社区”"
        if self.elsewhere:
            return f"编号 {self.text} 是“{self.elsewhere.path}”，不在此处可填的地点之中；请核对编号"
        listed = "、".join(f"“{item.writing}”（{item.id}）" for item in self.suggestions)
        if listed:
            return f"找不到地点“{self.text}”；最接近的有{listed}，请改成其中一个的名称或编号"
        return f"找不到地点“{self.text}”；请填写编号，或街道加社区的名称，例如“九里山街道飞行社区”"


Resolution = Found | Ambiguous | Unknown


@dataclass(frozen=True, slots=True)
class _Scope:
    """What may be the answer: positions from `low` to before `high`, of some kinds (of all when there are none)."""

    low: int
    high: int
    kinds: frozenset[str]


class PlaceIndex:
    """A tree of places, ready to be asked. It does not change.

    Places stand in the order of a walk from the roots, so that everything below a place is one run of
    positions, and "the 3号楼 below this estate" is a search in a sorted list however many 3号楼 there are.
    """

    def __init__(self, places: Iterable[Place]) -> None:
        """Raises `ValueError` for a number that comes twice, a parent that is missing, and a circle of parents."""
        self._places, self._parents, self._ends = _in_walking_order(places)
        self._positions: dict[str, int] = {}
        self._names: list[str] = []
        self._by_form: dict[str, int | list[int]] = {}
        for position, place in enumerate(self._places):
            self._positions[place.id] = position
            self._add(position, place.name)
        self._longest = max(map(len, self._by_form), default=0)
        self._similar: SimilarNames | None = None
        self._answers: dict[tuple[str, str | None, frozenset[str], bool], Resolution] = {}

    def _add(self, position: int, name: str) -> None:
        own = forms(name)
        self._names.append(own[0] if own else "")
        for form in own:
            known = self._by_form.get(form)
            if known is None:
                self._by_form[form] = position
            elif isinstance(known, int):
                self._by_form[form] = [known, position]
            else:
                known.append(position)

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, place_id: str) -> bool:
        return place_id in self._positions

    def place(self, place_id: str) -> Place:
        """The place with a number. Raises `KeyError`."""
        return self._places[self._positions[place_id]]

    def path(self, place_id: str) -> tuple[Place, ...]:
        """The places from the outermost down to the one with a number, itself included. Raises `KeyError`."""
        return self._path(self._positions[place_id])

    def resolve(
        self, text: str, *, within: str | None = None, kinds: Collection[str] = (), explain: bool = True
    ) -> Resolution:
        """The place that a text means.

        `within` is the number of a place: only it and what is below it may be the answer (names of places
        above it may still stand in front). `kinds` limits the answer to these kinds; none means any.
        A number decides before any name. A text that is a full name, or full names from the outside in,
        decides before short names. Without `explain` the answer names no candidates and no suggestions, which
        cost a hundred times what the answer itself does. Raises `KeyError` when there is no place with the
        number `within`.
        """
        key = (text, within, frozenset(kinds), explain)
        answer = self._answers.get(key)
        if answer is None:
            scope = self._scope(within, key[2])
            answer = self._answer(text, scope, explain)
            if len(self._answers) >= _CACHED:
                self._answers.clear()
            self._answers[key] = answer
        return answer

    def _scope(self, within: str | None, kinds: frozenset[str]) -> _Scope:
        if within is None:
            return _Scope(0, len(self._places), kinds)
        position = self._positions[within]
        return _Scope(position, self._ends[position], kinds)

    def _answer(self, text: str, scope: _Scope, explain: bool) -> Resolution:
        numbered = [self._positions[code] for code in code_readings(text) if code in self._positions]
        for position in numbered:
            if self._allowed(position, scope):
                return Found(self._places[position].id)
        answer = self._by_name(text, scope, explain)
        if explain and numbered and isinstance(answer, Unknown):
            return Unknown(text.strip(), (), self._candidate(numbered[0], scope))
        return answer

    def _by_name(self, text: str, scope: _Scope, explain: bool) -> Resolution:
        shown, wanted = text.strip(), normalised(text)
        positions = self._meant(wanted, scope)
        if not positions and (swapped := other_order(wanted)):
            positions = self._meant(swapped, scope)
        if len(positions) == 1:
            return Found(self._places[positions[0]].id)
        if positions:
            candidates = positions[:_SHOWN] if explain else ()
            return Ambiguous(
                shown, tuple(self._candidate(each, scope) for each in candidates), len(positions)
            )
        near = self._near(wanted, scope) if explain else ()
        return Unknown(shown, tuple(self._candidate(each, scope) for each in near))

    def _allowed(self, position: int, scope: _Scope) -> bool:
        inside = scope.low <= position < scope.high
        return inside and (not scope.kinds or self._places[position].kind in scope.kinds)

    def _meant(self, wanted: str, scope: _Scope) -> list[int]:
        """Positions of the places of a scope that a normalised text means, in walking order.

        Of places below the same place in front, one whose full name is written wins over those of which it
        is a short name; of all, one that is named by full names alone wins.
        """
        meant: dict[int, bool] = {}
        memo: dict[str, dict[int, bool]] = {}
        for front, tail, named in self._partings(wanted) if len(wanted) <= _LONGEST else ():
            for low, high, full in self._regions(front, memo):
                below = [p for p in _between(named, low, high) if self._allowed(p, scope)]
                by_full_name = [p for p in below if self._names[p] == tail]
                for position in by_full_name or below:
                    meant[position] = meant.get(position, False) or (full and bool(by_full_name))
        best = [position for position, full in meant.items() if full]
        return sorted(best or meant)

    def _partings(self, text: str) -> Iterator[tuple[str, str, Sequence[int]]]:
        """Each way to part a text into what stands in front and a name at its end, with the places so named."""
        for start in range(max(0, len(text) - self._longest - 8), len(text)):
            tail = text[start:]
            if tail[0] not in SEPARATORS:
                named = self._named(tail)
                if named:
                    yield text[:start].rstrip(SEPARATORS), tail, named

    def _named(self, name: str) -> Sequence[int]:
        """Sorted positions of the places that a normalised name fits in any of their forms."""
        found = self._by_form.get(name)
        standard = canonical(name)
        if standard != name:
            other = self._by_form.get(standard)
            if found is None:
                found = other
            elif other is not None:
                found = sorted({*_listed(found), *_listed(other)})
        return () if found is None else _listed(found)

    def _regions(self, front: str, memo: dict[str, dict[int, bool]]) -> Iterator[tuple[int, int, bool]]:
        """The runs of positions below each place that the text in front means, and whether by full names alone."""
        if not front:
            yield 0, len(self._places), True
            return
        for position, full in self._fronts(front, memo).items():
            yield position + 1, self._ends[position], full

    def _fronts(self, text: str, memo: dict[str, dict[int, bool]]) -> dict[int, bool]:
        found = memo.get(text)
        if found is None:
            found = memo[text] = {}
            for front, tail, named in self._partings(text):
                for low, high, full in self._regions(front, memo):
                    for position in _between(named, low, high):
                        exact = full and self._names[position] == tail
                        found[position] = found.get(position, False) or exact
        return found

    def _near(self, wanted: str, scope: _Scope) -> list[int]:
        """Positions of places to suggest for a text that fits none: near names below what the text does name,
        then the same name elsewhere, then near names anywhere in the scope."""
        if not wanted or len(wanted) > _LONGEST:
            return []
        if self._similar is None:
            self._similar = SimilarNames(self._by_form)
        near: dict[int, None] = {}
        memo: dict[str, dict[int, bool]] = {}
        for cut in range(len(wanted) - 1, 0, -1):
            rest = wanted[cut:].lstrip(SEPARATORS)
            fronts = self._fronts(wanted[:cut].rstrip(SEPARATORS), memo) if rest else {}
            if fronts:
                for position in islice(fronts, _SUGGESTED):
                    below = _Scope(
                        max(scope.low, position + 1), min(scope.high, self._ends[position]), scope.kinds
                    )
                    near.update(dict.fromkeys(self._alike(rest, below)))
                near.update(dict.fromkeys(islice(self._meant(rest, scope), _SUGGESTED)))
                break
        if len(near) < _SUGGESTED:
            near.update(dict.fromkeys(self._alike(wanted, scope)))
        return list(islice(near, _SUGGESTED))

    def _alike(self, name: str, scope: _Scope) -> list[int]:
        alike: dict[int, None] = {}
        assert self._similar is not None
        for form in self._similar.nearest(name):
            for position in _between(_listed(self._by_form[form]), scope.low, scope.high):
                if self._allowed(position, scope):
                    alike[position] = None
                if len(alike) == _SUGGESTED:
                    return list(alike)
        return list(alike)

    def _path(self, position: int) -> tuple[Place, ...]:
        path: list[Place] = []
        while position >= 0:
            path.append(self._places[position])
            position = self._parents[position]
        return tuple(reversed(path))

    def _candidate(self, position: int, scope: _Scope) -> Candidate:
        """The writing is the shortest of name, parent and name, and so on, that means this place alone; else its number."""
        path = self._path(position)
        writing = path[-1].id
        for first in range(len(path) - 1, -1, -1):
            names = "".join(place.name for place in path[first:])
            if self._meant(normalised(names), scope) == [position]:
                writing = names
                break
        return Candidate(path[-1].id, " / ".join(place.name for place in path), writing)


def _listed(found: int | list[int]) -> Sequence[int]:
    return (found,) if isinstance(found, int) else found


def _between(positions: Sequence[int], low: int, high: int) -> Sequence[int]:
    """Those of sorted positions from `low` to before `high`."""
    return positions[bisect_left(positions, low) : bisect_right(positions, high - 1)]


def _in_walking_order(places: Iterable[Place]) -> tuple[list[Place], "array[int]", "array[int]"]:
    """Places from the roots down, each before what is below it; per place the position of its parent (-1 for
    a root) and the position after the last place below it."""
    known: dict[str, Place] = {}
    for place in places:
        if place.id in known:
            raise ValueError(f"place {place.id!r} comes twice")
        known[place.id] = place
    children: dict[str | None, list[Place]] = {}
    for place in known.values():
        if place.parent_id is not None and place.parent_id not in known:
            raise ValueError(f"place {place.id!r}: its parent {place.parent_id!r} is missing")
        children.setdefault(place.parent_id, []).append(place)
    ordered: list[Place] = []
    parents, ends = array("l"), array("l")
    waiting = [(place, -1) for place in reversed(children.get(None, []))]
    while waiting:
        place, parent = waiting.pop()
        position = len(ordered)
        ordered.append(place)
        parents.append(parent)
        ends.append(position + 1)
        waiting.extend((child, position) for child in reversed(children.get(place.id, [])))
    if len(ordered) < len(known):
        raise ValueError("places that are part of each other in a circle, or below one")
    for position in range(len(ordered) - 1, -1, -1):
        if parents[position] >= 0:
            ends[parents[position]] = max(ends[parents[position]], ends[position])
    return ordered, parents, ends
