"""What a reference means: a key, a name of a row in the same load, a name in the store, or an area.

In this order, and never a guess: what fits two nodes is refused with both.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from graph.model import GraphSchema
from graph.store import Store
from loaders.areas import TERRITORY, AreaKey, Areas
from loaders.drafts import Reference
from loaders.names import DraftNames, NodeKey, StoreNames, describe, texts_to_look_up
from loaders.place_names import normalised
from loaders.places import Ambiguous, Unknown


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a reference means nothing certain: a reason code and a Chinese sentence without the place in the
    file. An area's sentence is empty until it is asked for (`References.explained`): looking for what else may
    be meant is slow. `nearer` says that naming an area around it could decide."""

    code: str
    sentence: str
    nearer: bool = False


Found = NodeKey | Refusal
Identify = Callable[[int], str | None]


class References:
    """Finds what references mean. `identify` gives the key of a row of the load, None when it has none."""

    def __init__(
        self,
        store: Store,
        schema: GraphSchema,
        drafts: DraftNames,
        areas: Areas,
        identify: Identify,
        as_of: str,
    ) -> None:
        self._store, self._schema = store, schema
        self._drafts, self._areas, self._identify = drafts, areas, identify
        self._stored = StoreNames(store, schema, as_of)
        self._answers: dict[tuple[tuple[str, ...], str, AreaKey | None], Found] = {}

    def look_up(self, references: Sequence[Reference]) -> None:
        """Read from the store, in few queries, what the references of a load may name there."""
        others = {label for reference in references for label in reference.ends if label not in TERRITORY}
        self._stored.look_up(texts_to_look_up(references, self._drafts, others))
        # Areas outside of the scope, or ended, are known by their numbers only.
        numbers: dict[str, set[str]] = {}
        for ends, text in {(reference.ends, reference.text) for reference in references}:
            if text.isascii() and not self._with_id(text, ends):
                for label in ends:
                    if label in TERRITORY:
                        numbers.setdefault(label, set()).add(text)
        self._stored.look_up(numbers, titles=False)

    def find(self, reference: Reference, within: AreaKey | None = None) -> Found:
        """The node that a reference means; `within` decides between areas of the same name."""
        key = (reference.ends, reference.text, within)
        answer = self._answers.get(key)
        if answer is None:
            answer = self._answers[key] = self._find(reference, within)
        return answer

    def _find(self, reference: Reference, within: AreaKey | None) -> Found:
        text = reference.text
        kinds = [label for label in reference.ends if label in TERRITORY]
        others = [label for label in reference.ends if label not in TERRITORY]
        named = self._with_id(text, reference.ends)
        if named:
            return self._one(reference, named)
        titled = self._with_title(text, others)
        if isinstance(titled, Refusal):
            return titled
        if not kinds:
            return self._one(reference, titled)
        area = self._areas.find(text, kinds, within)
        if isinstance(area, tuple):
            # A name in full decides over a short one: 飞行社区 the organization, 飞行社区居民委员会 the area.
            if not titled or normalised(self._areas.name(area)) == normalised(text):
                titled = [*titled, NodeKey(*area)]
            return self._one(reference, titled)
        if titled:
            return self._one(reference, titled)
        if isinstance(area, Ambiguous):
            return Refusal("ambiguous-reference", "", nearer=True)
        return Refusal("unknown-reference", "")

    def explained(self, reference: Reference, refusal: Refusal) -> Refusal:
        """A refusal with its whole sentence."""
        if refusal.sentence:
            return refusal
        kinds = [label for label in reference.ends if label in TERRITORY]
        answer = self._areas.find(reference.text, kinds, explain=True)
        if isinstance(answer, Ambiguous):
            return Refusal(refusal.code, answer.message)
        if isinstance(answer, Unknown) and len(kinds) == len(reference.ends):
            return Refusal(refusal.code, answer.message)
        return Refusal(refusal.code, self._unknown(reference))

    def _with_id(self, text: str, labels: Iterable[str]) -> list[NodeKey]:
        return [
            NodeKey(label, text)
            for label in labels
            if self._stored.with_id(label, text)
            or (self._areas.knows if label in TERRITORY else self._drafts.with_id)(label, text)
        ]

    def _with_title(self, text: str, labels: Iterable[str]) -> list[NodeKey] | Refusal:
        """Rows of the load before the store: what is loaded together belongs together."""
        loaded: dict[NodeKey, None] = {}
        for label in labels:
            for position in self._drafts.with_title(label, text):
                id_ = self._identify(position)
                if id_ is None:
                    return Refusal(
                        "reference-to-rejected", "所指的那一行自身有问题而未能导入；请先改正那一行"
                    )
                loaded[NodeKey(label, id_)] = None
        if loaded:
            return list(loaded)
        return [NodeKey(label, id_) for label in labels for id_ in self._stored.with_title(label, text)]

    def _one(self, reference: Reference, named: Collection[NodeKey]) -> Found:
        keys = list(dict.fromkeys(named))
        if len(keys) == 1:
            return keys[0]
        if not keys:
            return Refusal("unknown-reference", self._unknown(reference))
        what, quoted = self._what(reference), _quoted(reference)
        return Refusal(
            "ambiguous-reference",
            f"{quoted or '所填内容'}对应 {len(keys)} 个{what}，无法确定是哪一个；请改填编号，"
            f"可选：{describe(self._store, self._schema, keys)}",
        )

    def _unknown(self, reference: Reference) -> str:
        return (
            f"找不到{self._what(reference)}{_quoted(reference)}；请核对写法，或改填编号；"
            "如果它登记在另一张表里，请与那张表一起导入"
        )

    def _what(self, reference: Reference) -> str:
        return "、".join(self._schema.node(label).heading for label in reference.ends)


def is_personal(reference: Reference) -> bool:
    """Whether the text may be somebody's name, which no message repeats."""
    return "Person" in reference.ends


def _quoted(reference: Reference) -> str:
    return "" if is_personal(reference) else f"“{reference.text}”"
