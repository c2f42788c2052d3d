"""Nodes by key and by name, in the load and in the store: what a reference to anything but an area may mean."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from graph import statements
from graph.model import GraphSchema, NodeType
from graph.store import Store
from graph.writing import chunks, existing_ids
from loaders.compare import is_open
from loaders.drafts import NodeDraft, Reference

_WIDE = str.maketrans("()", "（）")
_NARROW = str.maketrans("（）", "()")


@dataclass(frozen=True, slots=True)
class NodeKey:
    """A node: its label and its key."""

    label: str
    id: str


class DraftNames:
    """The rows of the load that references may name. Rows are known by their position in `drafts`."""

    def __init__(self, schema: GraphSchema, drafts: Sequence[NodeDraft], labels: Iterable[str]) -> None:
        wanted = set(labels)
        self._by_id: dict[NodeKey, list[int]] = {}
        self._by_title: dict[tuple[str, str], list[int]] = {}
        titles = {label: schema.node(label).title for label in wanted}
        for position, draft in enumerate(drafts):
            if draft.label not in wanted:
                continue
            if draft.id:
                self._by_id.setdefault(NodeKey(draft.label, draft.id), []).append(position)
            title = draft.properties.get(titles[draft.label])
            if isinstance(title, str):
                self._by_title.setdefault((draft.label, _same(title)), []).append(position)

    def with_id(self, label: str, text: str) -> list[int]:
        """Rows that carry this key."""
        return self._by_id.get(NodeKey(label, text), [])

    def with_title(self, label: str, text: str) -> list[int]:
        """Rows with this name, width of brackets left out."""
        return self._by_title.get((label, _same(text)), [])


class StoreNames:
    """Stored nodes by key and by title, for texts that are given all at once with `look_up`."""

    def __init__(self, store: Store, schema: GraphSchema, as_of: str) -> None:
        self._store, self._schema, self._as_of = store, schema, as_of
        self._ids: dict[str, set[str]] = {}
        self._titles: dict[tuple[str, str], list[str]] = {}

    def look_up(self, texts: Mapping[str, Iterable[str]], *, titles: bool = True) -> None:
        """Read what the store holds for texts, per label: nodes with such a key and, if asked, such a title."""
        for label, asked in texts.items():
            node, wanted = self._schema.node(label), sorted(set(asked))
            if not wanted:
                continue
            self._ids.setdefault(label, set()).update(existing_ids(self._store, node, wanted))
            if titles and node.title != "id":
                self._read_titles(node, wanted)

    def with_id(self, label: str, text: str) -> bool:
        """Whether there is a node with this key."""
        return text in self._ids.get(label, ())

    def with_title(self, label: str, text: str) -> list[str]:
        """Keys of the nodes with this name; of those that hold today, if any do."""
        return self._titles.get((label, _same(text)), [])

    def _read_titles(self, node: NodeType, wanted: Sequence[str]) -> None:
        writings = sorted({form for text in wanted for form in (text, text.translate(_WIDE), _same(text))})
        current: dict[tuple[str, str], set[str]] = {}
        ended: dict[tuple[str, str], set[str]] = {}
        for chunk in chunks(writings):
            for row in self._store.read(statements.read_nodes_by_title(node), {"titles": chunk}):
                known = current if is_open(row, self._as_of) else ended
                known.setdefault((node.label, _same(row["title"])), set()).add(row["id"])
        for key, ids in {**ended, **current}.items():
            self._titles[key] = sorted(ids)


def texts_to_look_up(
    references: Iterable[Reference], drafts: DraftNames, labels: Iterable[str]
) -> dict[str, set[str]]:
    """Per label, the texts that no row of the load explains."""
    permitted = frozenset(labels)
    asked: dict[str, set[str]] = {}
    for reference in references:
        ends = [label for label in reference.ends if label in permitted]
        if any(drafts.with_id(label, reference.text) for label in ends):
            continue
        for label in ends:
            if not drafts.with_title(label, reference.text):
                asked.setdefault(label, set()).add(reference.text)
    return asked


def describe(store: Store, schema: GraphSchema, keys: Sequence[NodeKey], shown: int = 10) -> str:
    """Candidates for a clerk: key, kind, and where each one is; names of people are left out."""
    return "、".join(_described(store, schema, key) for key in keys[:shown]) + (
        f" 等 {len(keys)} 个" if len(keys) > shown else ""
    )


def _described(store: Store, schema: GraphSchema, key: NodeKey) -> str:
    node = schema.node(key.label)
    for relationship, tie in schema.ties_from(key.label):
        if tie.heading in node.identity:
            rows = store.read(
                f"MATCH (:{key.label} {{id: $id}})-[:{relationship.name}]->(p) "
                "RETURN p.name AS name, p.title AS title, labels(p)[0] AS label LIMIT 1",
                {"id": key.id},
            )
            if rows and rows[0]["label"] != "Person":
                where = rows[0]["name"] or rows[0]["title"]
                return f"{key.id}（{node.heading}，{tie.heading}：{where}）"
    return f"{key.id}（{node.heading}）"


def _same(text: str) -> str:
    return text.translate(_NARROW)
