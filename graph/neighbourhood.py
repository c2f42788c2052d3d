"""What surrounds a thing in the graph: hop by hop, so many of each kind at most, and how many more there are.

Composes the query `entity`, which holds that the thing has to do with the scope, and statements computed from the
schema. Personal values are masked.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graph.ask import ParameterError, Reader, ask, bind
from graph.catalog import queries
from graph.masking import mask_node
from graph.schema import SCHEMA
from graph.statements import read_ties, read_ties_between

Key = tuple[str, str]
"""Label and id."""

FIRST, LATER, WIDENED = 4, 2, 60
"""How many of a kind are shown around the middle, around each further thing, and where more are asked for."""
DEEPEST = 3
MOST = 600
"""Things in a neighbourhood at most: beyond it nobody sees anything."""
_LEFT_OUT = [node.label for node in SCHEMA.nodes if node.internal] + ["StateChange"]
_PROVENANCE = ("first_batch", "batch")
_TELLING_APART = "key"
"""What tells parallel ties apart in the store; other programs read it as a number of theirs."""


@dataclass(frozen=True)
class Tie:
    """A relationship between two things, in its direction; `properties` without those of the product's own work."""

    start: Key
    relationship: str
    end: Key
    properties: Mapping[str, Any] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Bundle:
    """Ties of one kind at one thing: their type, whether they lead away from it, and the label of the others."""

    at: Key
    relationship: str
    outgoing: bool
    label: str


@dataclass(frozen=True)
class Neighbourhood:
    """Things by key with their masked properties; `hops` hold (thing, what it was reached from), hop by hop; `ties`
    are all that hold between them on the day; `more` says how many are not shown."""

    scope: str
    as_of: str
    middle: Key
    things: Mapping[Key, Mapping[str, Any]]
    hops: list[list[tuple[Key, Key]]]
    ties: list[Tie]
    more: Mapping[Bundle, int]


def entity(store: Reader, scope: str, id_: str, label: str = "") -> tuple[Key, dict[str, Any]]:
    """A thing by its id, and its label where several share the id: its key, its masked properties.

    Raises ParameterError when nothing of the scope has the id.
    """
    rows = [row["entity"] for row in ask(store, queries()["entity"], {"scope": scope, "id": id_}).rows]
    found = sorted((r for r in rows if not label or r["label"] == label), key=lambda r: str(r["label"]))
    if not found:
        raise ParameterError("node", f"此范围内没有编号为“{id_[:60]}”的对象；请用查找框找到它，或换一个范围")
    return (found[0]["label"], id_), found[0]["properties"]


def neighbourhood(
    store: Reader,
    given: Mapping[str, Any],
    node: Key,
    depth: int = 1,
    opened: Iterable[Key] = (),
    widened: Iterable[Bundle] = (),
) -> Neighbourhood:
    """The things around `node`, whose label may be "" when its id says enough.

    `given` may hold `scope` and `as_of`, as `graph.ask` takes them. Things of `opened` are surrounded too where
    they are reached; of `widened` up to WIDENED are shown. Raises ParameterError.
    """
    asked = bind(queries()["area_counts"], dict(given), store)
    middle, properties = entity(store, asked["scope"], node[1], node[0])
    growing = _Growing(store, asked["as_of"], {middle: properties}, set(widened))
    edge, hop = [middle], 0
    further = set(opened)
    while edge and len(growing.things) < MOST:
        around = [key for key in edge if hop < depth or key in further]
        if not around:
            break
        limit = FIRST if hop == 0 else LATER
        limits = {key: FIRST if key in further else limit for key in around}
        reached = growing.surround(around, limits)
        growing.hops.append(reached)
        edge, hop = [key for key, _ in reached], hop + 1
    return Neighbourhood(
        asked["scope"], asked["as_of"], middle, growing.things, growing.hops,
        ties_between(store, growing.things, asked["as_of"]), growing.left(),
    )  # fmt: skip


def ties_between(store: Reader, keys: Iterable[Key], as_of: str) -> list[Tie]:
    """Every tie that holds between some things on a day, in one order."""
    by_label: dict[str, list[str]] = defaultdict(list)
    known = set(keys)
    for label, id_ in known:
        by_label[label].append(id_)
    ends = sorted({id_ for _, id_ in known})
    found: set[Tie] = set()
    for label, ids in sorted(by_label.items()):
        text = read_ties_between(SCHEMA.node(label))
        for row in store.read(text, {"ids": sorted(ids), "ends": ends, "as_of": as_of}):
            if (row["label"], row["end"]) in known:
                tie = (label, row["start"]), row["relationship"], (row["label"], row["end"])
                told = {k: v for k, v in _own(row["details"]).items() if k != _TELLING_APART}
                found.add(Tie(*tie, told))
    return sorted(found, key=lambda t: (t.start, t.relationship, t.end))


class _Growing:
    """A neighbourhood while it is read."""

    def __init__(
        self, store: Reader, as_of: str, things: dict[Key, Mapping[str, Any]], widened: set[Bundle]
    ) -> None:
        self.things = things
        self.hops: list[list[tuple[Key, Key]]] = []
        self._store, self._as_of, self._widened = store, as_of, widened
        self._bundles: dict[Bundle, tuple[int, set[Key]]] = {}

    def surround(self, keys: list[Key], limits: Mapping[Key, int]) -> list[tuple[Key, Key]]:
        """Take in what is tied to some things; returns the new ones with what each was reached from."""
        reached: list[tuple[Key, Key]] = []
        for bundle, total, ends in self._read(keys):
            limit = WIDENED if bundle in self._widened else limits[bundle.at]
            shown: set[Key] = set()
            for properties in ends:
                key = (bundle.label, str(properties["id"]))
                if key not in self.things:
                    if len(shown) >= limit or len(self.things) >= MOST:
                        continue
                    node = mask_node(SCHEMA, {"label": bundle.label, "properties": properties})
                    self.things[key] = _own(node["properties"])
                    reached.append((key, bundle.at))
                shown.add(key)
            self._bundles[bundle] = (total, shown)
        return reached

    def left(self) -> dict[Bundle, int]:
        """How many of each bundle are nowhere in the neighbourhood, where any are."""
        return {b: total - len(shown) for b, (total, shown) in self._bundles.items() if total > len(shown)}

    def _read(self, keys: list[Key]) -> list[tuple[Bundle, int, list[dict[str, Any]]]]:
        """The bundles of some things in the order of the things, kinds in the order of the schema."""
        limit = WIDENED if self._widened else max(FIRST, LATER)
        by_label: dict[str, list[str]] = defaultdict(list)
        for label, id_ in keys:
            by_label[label].append(id_)
        found = []
        for label, ids in by_label.items():
            rows = self._store.read(
                read_ties(SCHEMA.node(label)),
                {"ids": ids, "as_of": self._as_of, "limit": limit, "without": _LEFT_OUT},
            )
            for row in rows:
                bundle = Bundle((label, row["id"]), row["relationship"], row["outgoing"], row["label"])
                # A pair may be tied twice in one way, as by two posts: it is one neighbour.
                ends = {each["properties"]["id"]: each["properties"] for each in row["ends"]}
                found.append((bundle, row["total"] - len(row["ends"]) + len(ends), list(ends.values())))
        order = {key: position for position, key in enumerate(keys)}
        labels = [node.label for node in SCHEMA.nodes]
        return sorted(
            found,
            key=lambda f: (order[f[0].at], labels.index(f[0].label), f[0].relationship, f[0].outgoing),
        )


def _own(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in properties.items() if name not in _PROVENANCE}
