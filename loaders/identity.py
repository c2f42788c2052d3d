"""Keys of rows that carry none, computed from what tells them apart."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from graph.computed_keys import computed_key
from graph.model import GraphSchema, NodeType, RelationshipType, Tie
from loaders.areas import TERRITORY, Areas
from loaders.drafts import NodeDraft, Reference
from loaders.names import NodeKey
from loaders.references import Refusal


def identity_id(node: NodeType, properties: Mapping[str, Any], ends: Mapping[str, Sequence[NodeKey]]) -> str:
    """The key of a node from the values of its `identity`; `ends` by the tie's heading.

    Stable over loads and machines, and not to be guessed from a telephone number, which is no part of it.

    >>> from graph.schema import SCHEMA
    >>> ends = {"所属社区": [NodeKey("Community", "410411004004")]}
    >>> identity_id(SCHEMA.node("Estate"), {"name": "示例小区"}, ends)
    'estate-44ad85664ead05e0'
    """
    parts: list[str] = []
    for name in node.identity:
        if name in ends:
            parts.append("\x1e".join(sorted(f"{end.label}:{end.id}" for end in ends[name])))
        else:
            value = properties.get(name)
            parts.append("" if value is None else str(value))
    return computed_key(node.label, parts)


def tie_for(schema: GraphSchema, label: str, relationship: str) -> tuple[RelationshipType, Tie]:
    """The tie of a relationship type that starts at a label."""
    return next(found for found in schema.ties_from(label) if found[0].name == relationship)


class Identities:
    """The key of every row of a load, by position; computed when first asked, since one may need another's.

    Areas come first, from the outermost in: the names of all others are understood against them.
    """

    def __init__(self, schema: GraphSchema, drafts: Sequence[NodeDraft], areas: Areas) -> None:
        self._schema, self._drafts = schema, drafts
        self._ids: dict[int, str | None] = {}
        self._asked: set[int] = set()
        self._find: Callable[[Reference], NodeKey | Refusal] | None = None
        self.by_name: dict[int, str] = {}
        """Official areas that were found by their name: what is wrong where none was, else empty."""
        by_label: dict[str, list[int]] = {}
        for position, draft in enumerate(drafts):
            if draft.id:
                self._ids[position] = draft.id
            if draft.label in TERRITORY:
                by_label.setdefault(draft.label, []).append(position)
        for label in TERRITORY:
            self._place(label, by_label.get(label, ()), areas)

    def find_with(self, find: Callable[[Reference], NodeKey | Refusal]) -> None:
        """Say how references are found, before the first key of a row that is no area is asked for."""
        self._find = find

    def __call__(self, position: int) -> str | None:
        """The key of a row; None when what it is made of cannot be found, or leads back to itself."""
        if position in self._ids:
            return self._ids[position]
        if position in self._asked or self._find is None:
            return None
        self._asked.add(position)
        draft = self._drafts[position]
        node = self._schema.node(draft.label)
        ends: dict[str, list[NodeKey]] = {}
        for heading, references in _by_heading(self._schema, draft, node.identity).items():
            found = [self._find(reference) for reference in references]
            if any(isinstance(each, Refusal) for each in found):
                self._ids[position] = None
                return None
            ends[heading] = [each for each in found if isinstance(each, NodeKey)]
        self._ids[position] = identity_id(node, draft.properties, ends)
        return self._ids[position]

    def _place(self, label: str, positions: Iterable[int], areas: Areas) -> None:
        node, above = self._schema.node(label), TERRITORY[label]
        placed: list[tuple[int, NodeKey | None]] = []
        for position in positions:
            draft, parent = self._drafts[position], None
            for reference in draft.references:
                if reference.relationship == "PART_OF":
                    area = areas.find(reference.text, (above,))
                    parent = NodeKey(*area) if isinstance(area, tuple) else None
                    if parent is None:
                        self._ids.setdefault(position, None)
            if position not in self._ids and not node.identity:
                self._by_name(position, label, parent, areas)
            elif position not in self._ids:
                ends = {tie_for(self._schema, label, "PART_OF")[1].heading: [parent]} if parent else {}
                self._ids[position] = identity_id(node, draft.properties, ends)
            placed.append((position, parent))
        for position, parent in placed:
            id_ = self._ids[position]
            if id_ is not None:
                # A short name that an office writes is no new name for an official area.
                written = self._drafts[position].properties.get("name")
                name = None if position in self.by_name else written
                areas.add(label, id_, name, (parent.label, parent.id) if parent else None)

    def _by_name(self, position: int, label: str, parent: NodeKey | None, areas: Areas) -> None:
        """The key of an official area that its row only names: districts, streets and communities have codes,
        which `linmai init` brings, and offices rarely write them."""
        name = str(self._drafts[position].properties.get("name") or "")
        within = (parent.label, parent.id) if parent else None
        found = areas.find(name, (label,), within, explain=True)
        self._ids[position] = found[1] if isinstance(found, tuple) else None
        self.by_name[position] = "" if isinstance(found, tuple) else found.message


def _by_heading(schema: GraphSchema, draft: NodeDraft, identity: Sequence[str]) -> dict[str, list[Reference]]:
    found: dict[str, list[Reference]] = {}
    for reference in draft.references:
        heading = tie_for(schema, draft.label, reference.relationship)[1].heading
        if heading in identity:
            found.setdefault(heading, []).append(reference)
    return found
