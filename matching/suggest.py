"""A category for a free text: what its words and those of texts already filed speak for.

Two witnesses are added up. The categories' own names and synonyms (with those of the wider category),
searched by BM25; and the `NEIGHBOURS` most similar texts that clerks have filed, each voting for its
category with its BM25.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from matching.snapshot import Categories, Snapshot
from matching.text import Corpus

NEIGHBOURS = 5
DECLARED = 2.0
"""How much a category's own words count beside the texts that are filed under it: these hold much that is said of
anything ("希望", "小区", "老人"), those were chosen to tell the categories apart."""
DOUBT = 2.0
"""BM25 that speaks for none of the categories: about one chance bigram, so that a single one convinces nobody."""
SURE = 0.6
"""From this certainty on a suggestion may be offered as filled in; below, as a question."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The best category and the runner-up (ids; None: nothing speaks for any).

    `certainty` is 0 to 1: the share of the evidence for either of the two, and of `DOUBT`, that speaks for
    the best.
    """

    category: str | None
    certainty: float
    runner_up: str | None
    sentence: str


@dataclass(frozen=True, eq=False)
class Suggester:
    """Suggests among the narrowest categories of one list. Make it once per snapshot and list."""

    categories: Categories
    among: npt.NDArray[np.intp]
    words: Corpus
    filed: Corpus
    filed_category: npt.NDArray[np.intp]

    @classmethod
    def of(cls, snapshot: Snapshot, list_kind: str) -> "Suggester":
        """For `list_kind` 需求 or 资源, learning from the snapshot's needs or resources."""
        categories = snapshot.categories
        wider = set(categories.parent.tolist())
        among = [k for k, kind in enumerate(categories.lists) if kind == list_kind and k not in wider]
        rows: Any = snapshot.needs if list_kind == "需求" else snapshot.resources
        place = {k: spot for spot, k in enumerate(among)}
        filed = [k for k, category in enumerate(rows.category.tolist()) if category in place]
        return cls(
            categories,
            np.array(among, np.intp),
            Corpus.of([_described(categories, k) for k in among], (), snapshot.synonyms),
            Corpus.of([f"{rows.titles[k]}\n{rows.texts[k]}" for k in filed], (), snapshot.synonyms),
            np.array([place[int(rows.category[k])] for k in filed], np.intp),
        )

    def evidence(self, text: str) -> npt.NDArray[np.float64]:
        """How much speaks for each category of `among`, 0 upwards."""
        found = self.words.scores(text)
        similar = self.filed.scores(text)
        nearest = np.argsort(-similar, kind="stable")[:NEIGHBOURS]
        votes = np.bincount(self.filed_category[nearest], similar[nearest], len(self.among))
        return np.asarray(DECLARED * found + votes / NEIGHBOURS)

    def suggest(self, text: str) -> Suggestion:
        """The category that most speaks for; equal ones in declared order."""
        evidence = self.evidence(text)
        order = np.argsort(-evidence, kind="stable")[:2].tolist()
        found = [k for k in order if evidence[k] > 0]
        if not found:
            return Suggestion(None, 0.0, None, "文字中没有可以判断类别的词，请人工选择")
        names = [self.categories.names[self.among[k]] for k in found]
        ids: Sequence[str] = [self.categories.ids[self.among[k]] for k in found]
        certainty = float(evidence[found[0]] / (evidence[found].sum() + DOUBT))
        sentence = f"建议类别：{names[0]}（把握 {certainty:.0%}）"
        if len(found) > 1:
            sentence += f"；其次：{names[1]}"
        if certainty < SURE:
            sentence += "；请核对"
        return Suggestion(ids[0], certainty, ids[1] if len(ids) > 1 else None, sentence)


def _described(categories: Categories, k: int) -> str:
    """A category as a document: its own words, and its wider category's once."""
    words = [categories.names[k], *categories.synonyms[k]]
    wider = int(categories.parent[k])
    if wider >= 0:
        words += [categories.names[wider], *categories.synonyms[wider]]
    return "\n".join(words)
