"""The territory that place names are understood against: the store's areas, and those of the load itself."""

from collections.abc import Collection, Iterator
from typing import Any

from graph.model import GraphSchema
from graph.store import Store
from graph.writing import chunks
from loaders.compare import is_open
from loaders.lease import LoadRefused
from loaders.places import Ambiguous, Found, Place, PlaceIndex, Unknown

TERRITORY: dict[str, str] = {
    # label: the label above it
    "Province": "",
    "City": "Province",
    "District": "City",
    "Street": "District",
    "Community": "Street",
    "Estate": "Community",
    "Grid": "Community",
    "Building": "Estate",
}
"""The kinds of area, from the outermost in."""

WITHOUT_SCOPE = 20_000
"""Areas down to the community that are searched without a scope: some hundred districts. Beyond that names
repeat so often, and the index is so large, that the office must say for which area it loads."""

AreaKey = tuple[str, str]
"""Label and key of an area."""


class Areas:
    """Areas by the names that people write; those of the load are added with `add`.

    `scope` is the key of an area: only it and what is below it is searched (and the areas above it are known
    as parts of full names). Raises `LoadRefused` when the scope is unknown, or needed and not given.
    """

    def __init__(
        self,
        store: Store,
        schema: GraphSchema,
        scope: str | None,
        kinds: Collection[str],
        as_of: str,
    ) -> None:
        self._store, self._schema, self._as_of = store, schema, as_of
        self._places: dict[AreaKey, tuple[str, AreaKey | None]] = {}
        self._numbers: dict[str, AreaKey] = {}
        self._number_of: dict[AreaKey, str] = {}
        self._index: PlaceIndex | None = None
        needed = {above for kind in kinds for above in _upward(kind)}
        self._levels = [label for label in TERRITORY if label in needed]
        if self._levels:
            if scope is None:
                self._read_all()
            else:
                self._read_below(scope)

    def add(self, label: str, id_: str, name: str | None, above: AreaKey | None) -> None:
        """An area of the load; what it does not say of a known one stays as it is."""
        known_name, known_above = self._places.get((label, id_), ("", None))
        place = (name or known_name, above or known_above)
        if self._places.get((label, id_)) != place:
            self._places[label, id_] = place
            self._index = None

    def knows(self, label: str, id_: str) -> bool:
        """Whether there is an area with this number."""
        return (label, id_) in self._places

    def parent(self, area: AreaKey) -> AreaKey | None:
        """The area above one; None when it is not known."""
        place = self._places.get(area)
        return place[1] if place else None

    def communities(self, areas: Collection[AreaKey]) -> set[AreaKey]:
        """The communities in which areas lie; areas above a community lie in none."""
        found: set[AreaKey] = set()
        for area in areas:
            step: AreaKey | None = area
            while step and step[0] != "Community":
                step = self.parent(step)
            if step:
                found.add(step)
        return found

    def find(
        self, text: str, kinds: Collection[str], within: AreaKey | None = None, *, explain: bool = False
    ) -> AreaKey | Ambiguous | Unknown:
        """The area that a text means, of some kinds, anywhere or in one area.

        Candidates and suggestions are in the answer only with `explain`: they cost far more than it does.
        """
        index = self._ready()
        inside = self._number_of.get(within) if within else None
        if within and inside is None:
            return Unknown(text, ())
        answer = index.resolve(text, within=inside, kinds=kinds, explain=explain)
        return self._numbers[answer.id] if isinstance(answer, Found) else answer

    def name(self, area: AreaKey) -> str:
        """The name of a known area, "" for another."""
        return self._places.get(area, ("", None))[0]

    def _ready(self) -> PlaceIndex:
        if self._index is None:
            self._numbers = {}
            for area in self._places:
                # An estate and a grid may have the same number: the second one is then known with its kind.
                label, id_ = area
                number = id_ if id_ not in self._numbers else f"{self._schema.node(label).heading}{id_}"
                self._numbers[number] = area
            self._number_of = numbers = {area: number for number, area in self._numbers.items()}
            self._index = PlaceIndex(
                Place(numbers[area], name, area[0], numbers.get(above) if above else None)
                for area, (name, above) in self._places.items()
            )
        return self._index

    def _read_all(self) -> None:
        upper = [label for label in self._levels if label in ("District", "Street", "Community")]
        total = sum(
            int(self._store.read(f"MATCH (n:{label}) RETURN count(n) AS n")[0]["n"]) for label in upper
        )
        if total > WITHOUT_SCOPE:
            raise LoadRefused(
                f"库中有 {total} 个区、街道和社区，只凭名称无法判断是哪一处；请用 --scope 指明本次导入的区（例如 --scope 410411）"
            )
        for label in self._levels:
            above = TERRITORY[label]
            link = f"OPTIONAL MATCH (n)-[:PART_OF]->(p:{above}) " if above else ""
            parent = "p.id" if above else "null"
            self._keep(
                label,
                self._store.stream(
                    f"MATCH (n:{label}) {link}"
                    f"RETURN n.id AS id, n.name AS name, n.valid_to AS valid_to, {parent} AS parent"
                ),
            )

    def _read_below(self, scope: str) -> None:
        root = next((label for label in TERRITORY if self._read_by_id(label, scope)), None)
        if root is None:
            raise LoadRefused(f"库中没有编号为 {scope} 的区域；请核对 --scope，或先用 linmai init 建立区划")
        self._read_above(root, scope)
        inside: dict[str, list[str]] = {root: [scope]}
        for label in self._levels:
            above = TERRITORY[label]
            if label in inside or not inside.get(above):
                continue
            text = (
                f"UNWIND $ids AS id MATCH (p:{above} {{id: id}})<-[:PART_OF]-(n:{label}) "
                "RETURN n.id AS id, n.name AS name, n.valid_to AS valid_to, p.id AS parent"
            )
            inside[label] = []
            for chunk in chunks(inside[above]):
                rows = self._store.read(text, {"ids": chunk})
                inside[label] += [row["id"] for row in rows]
                self._keep(label, iter(rows))

    def _read_by_id(self, label: str, id_: str) -> bool:
        rows = self._store.read(
            f"MATCH (n:{label} {{id: $id}}) "
            "RETURN n.id AS id, n.name AS name, null AS valid_to, null AS parent",
            {"id": id_},
        )
        self._keep(label, iter(rows))
        return bool(rows)

    def _read_above(self, label: str, id_: str) -> None:
        while above := TERRITORY[label]:
            rows = self._store.read(
                f"MATCH (:{label} {{id: $id}})-[:PART_OF]->(p:{above}) RETURN p.id AS id", {"id": id_}
            )
            if not rows:
                return
            self._read_by_id(above, rows[0]["id"])
            self.add(label, id_, None, (above, rows[0]["id"]))
            label, id_ = above, rows[0]["id"]

    def _keep(self, label: str, rows: Iterator[dict[str, Any]]) -> None:
        above = TERRITORY[label]
        for row in rows:
            if is_open(row, self._as_of):
                parent = (above, row["parent"]) if row["parent"] else None
                self.add(label, row["id"], row["name"], parent)


def _upward(label: str) -> Iterator[str]:
    while label:
        yield label
        label = TERRITORY[label]
