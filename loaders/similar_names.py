"""The known names nearest to a mistyped one."""

from array import array
from collections import Counter
from collections.abc import Collection, Iterator
from difflib import SequenceMatcher

from loaders.place_names import canonical, stem_and_ending

_COMPARED = 60
_COMMON = 50_000
_LEAST_ALIKE = 0.5


class SimilarNames:
    """An index of names by their characters, built once and asked for every unknown name."""

    def __init__(self, names: Collection[str]) -> None:
        self._names = list(names)
        self._by_character: dict[str, array[int]] = {}
        for number, name in enumerate(self._names):
            for character in set(name):
                self._by_character.setdefault(character, array("l")).append(number)

    def nearest(self, name: str) -> Iterator[str]:
        """Known names that share half of their characters, and one before the ending, most alike first.

        >>> list(SimilarNames(["飞行社区", "铁南社区", "飞行"]).nearest("飞航社区"))
        ['飞行社区', '飞行']
        """
        wanted, stem = canonical(name), stem_and_ending(name)[0]
        shared: Counter[int] = Counter()
        for character in set(stem):
            holders = self._by_character.get(character, ())
            if len(holders) <= _COMMON:
                shared.update(holders)
        ranked = sorted(shared.items(), key=lambda item: (-item[1], len(self._names[item[0]])))
        scored: list[tuple[float, str]] = []
        for number, _ in ranked[:_COMPARED]:
            known = self._names[number]
            alike = max(_alikeness(wanted, known), _alikeness(stem, stem_and_ending(known)[0]))
            if alike >= _LEAST_ALIKE:
                scored.append((-alike, known))
        yield from (known for _, known in sorted(scored))


def _alikeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
