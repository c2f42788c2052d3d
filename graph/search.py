"""Search by part of a name: Chinese substrings and pinyin initials, within a scope. People are never in it.

The index is made from one look at the store and then asked in memory: neither engine indexes parts of
Chinese words of two characters. Source of the readings: pypinyin, whole names first, so 银行 is yh.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from graph.ask import Reader
from graph.schema import AREAS, SCHEMA

LABELS = (
    *AREAS, "PartyOrganization", "Unit", "Organization", "Venue", "PropertyArea", "Agreement", "Need", "Resource", "Project",
)  # fmt: skip
"""What can be found, in the order in which equally good hits are shown. No people: a name typed into an
address would stand in histories and logs, and a list of hits would tell who is a member."""
MOST = 1000
"""So many hits at most: who gets more types another letter."""
STEPS = 6
"""So many steps may lead from a thing to an area that it has to do with, as for one entity by its key."""
_TIES = (
    "PART_OF", "IN_GRID", "LEADS", "OF_UNIT", "LOCATED_IN", "WITH_ORGANIZATION", "WITH_UNIT", "SERVES", "IN_AREA",
    "IN_COMMUNITY", "RAISED_IN", "OFFERED_BY",
)  # fmt: skip
_PLACES = ("Street", "Community", "Estate")


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing that can be found: its label, key and name; `place`, the street, community and estate it lies in,
    as far as there is one of each; `areas`, the keys of the areas that it has to do with."""

    label: str
    id: str
    name: str
    place: str
    areas: frozenset[str]


@dataclass(frozen=True, slots=True)
class Word:
    """A name in the forms that are searched, and the things that are called so."""

    name: str
    plain: str
    initials: str
    hits: tuple[Hit, ...]


@dataclass(frozen=True)
class SearchIndex:
    """The names of a store, and its things by key. Immutable, so any number of threads may ask it."""

    words: tuple[Word, ...]
    keys: Mapping[str, Hit]

    def find(self, text: str, scope: str) -> list[Hit]:
        """What has `text` in its name or its initials, or has it as its key, within the scope.

        At most MOST hits. The whole name first, then its beginning, then any part of it, then initials; short names before
        long ones. Empty for an empty text.
        """
        wanted = plain(text)
        if not wanted:
            return []
        by_rank: dict[int, list[Hit]] = defaultdict(list)
        for word in self.words:  # in the order in which hits of one rank are shown
            if (rank := _rank(word, wanted)) is not None:
                by_rank[rank] += [hit for hit in word.hits if scope in hit.areas]
        own = self.keys.get(wanted)
        first = [own] if own and scope in own.areas else []
        rest = [hit for rank in sorted(by_rank) for hit in by_rank[rank] if hit is not own]
        return (first + rest)[:MOST]


def plain(text: str) -> str:
    """A text as it is compared: one width, lower case, no blanks.

    >>> plain(" Ａ 飞行 社区")
    'a飞行社区'
    """
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def initials(name: str) -> str:
    """The first letters of a name's readings; what is no Chinese character stays as it is.

    >>> initials("飞行社区"), initials("中国银行3号楼")
    ('fxsq', 'zgyh3hl')
    """
    from pypinyin import (
        Style,
        lazy_pinyin,
    )  # here: its dictionary is slow to import, and most commands search nothing

    return plain("".join(lazy_pinyin(name, style=Style.FIRST_LETTER)))


def search_index(store: Reader) -> SearchIndex:
    """The index of all that a store holds now: two reads."""
    nodes = _nodes(store)
    ends = _ends(store)
    kept: dict[frozenset[str], frozenset[str]] = {}
    named: dict[str, list[Hit]] = defaultdict(list)
    for key, (label, name) in nodes.items():
        if name:
            reached = _reached(key, ends)
            areas = frozenset(each for each in reached if each in nodes and nodes[each][0] in AREAS)
            # Thousands of things lie in the same areas: one set for all of them.
            areas = kept.setdefault(areas, areas)
            named[name].append(Hit(label, key, name, _place(key, areas, nodes), areas))
    words = [
        Word(
            name,
            plain(name),
            initials(name),
            tuple(sorted(hits, key=lambda hit: (LABELS.index(hit.label), hit.id))),
        )
        for name, hits in named.items()
    ]
    words.sort(key=lambda word: (len(word.name), LABELS.index(word.hits[0].label), word.name))
    return SearchIndex(tuple(words), {plain(hit.id): hit for word in words for hit in word.hits})


def _rank(word: Word, wanted: str) -> int | None:
    if wanted in word.plain:
        return 0 if word.plain == wanted else 1 if word.plain.startswith(wanted) else 2
    if wanted in word.initials:
        return 3 if word.initials.startswith(wanted) else 4
    return None


def _nodes(store: Reader) -> dict[str, tuple[str, str]]:
    """Label and name by key."""
    found: dict[str, tuple[str, str]] = {}
    for label in LABELS:
        title = SCHEMA.node(label).title
        rows = store.read(f"MATCH (n:{label}) RETURN collect([n.id, n.{title}]) AS rows")[0]["rows"]
        found.update((key, (label, str(name or ""))) for key, name in rows)
    return found


def _ends(store: Reader) -> Mapping[str, Sequence[str]]:
    """Where the ties of each thing lead."""
    found: dict[str, list[str]] = defaultdict(list)
    for tie in _TIES:
        for row in store.read(f"MATCH (a)-[:{tie}]->(b) RETURN collect([a.id, b.id]) AS rows"):
            for start, end in row["rows"]:
                found[start].append(end)
    return found


def _reached(key: str, ends: Mapping[str, Iterable[str]]) -> set[str]:
    """What at most STEPS ties lead to, the thing itself included."""
    reached, edge = {key}, {key}
    for _ in range(STEPS):
        edge = {end for each in edge for end in ends.get(each, ())} - reached
        if not edge:
            break
        reached |= edge
    return reached


def _place(key: str, areas: Iterable[str], nodes: Mapping[str, tuple[str, str]]) -> str:
    by_label: dict[str, list[str]] = defaultdict(list)
    for area in areas:
        if area != key:
            by_label[nodes[area][0]].append(nodes[area][1])
    return " ".join(by_label[label][0] for label in _PLACES if len(by_label[label]) == 1)
