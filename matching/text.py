"""How much two Chinese texts say the same: BM25 over character bigrams and shared concepts.

Bigrams need no dictionary, find two-character words, and rank as well as word segmentation does. A word
in Latin letters or digits is one token. Different words for one concept (the names and synonyms of a
category) add a token that they share, so that “食堂” finds “助餐”.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy  # its parts are imported when they are first used: half a second of every start

Reals = npt.NDArray[np.float64]

K1, B = 1.2, 0.75
"""BM25: how fast repetition saturates, and how much a long text is discounted (Robertson and Zaragoza 2009)."""
_RUNS = re.compile(r"([㐀-鿿豈-﫿\U00020000-\U0003ffff]+)|([^\W_]+)")
_PAIRS_AT_A_TIME, _QUERIES_AT_A_TIME = 1 << 16, 1 << 9


def normal(text: str) -> str:
    """The text in one form of its characters: full-width letters narrow, all letters small.

    >>> normal("ＡＥＤ急救")
    'aed急救'
    """
    return unicodedata.normalize("NFKC", text).lower()


def tokens(text: str) -> list[str]:
    """Character bigrams of the Chinese runs (a run of one stays alone) and the other words whole.

    >>> tokens("老年助餐, AED 2台")
    ['老年', '年助', '助餐', 'aed', '2', '台']
    """
    found: list[str] = []
    for chinese, other in _RUNS.findall(normal(text)):
        # [^\W_]+ also starts on a letter and may run into Chinese, as in "2台".
        if other:
            for part in re.split(r"((?![a-z0-9])\w+)", other):
                found.extend(_bigrams(part) if part and not part.isascii() else [part] if part else [])
        else:
            found.extend(_bigrams(chinese))
    return found


def _bigrams(run: str) -> list[str]:
    return [run[k : k + 2] for k in range(len(run) - 1)] if len(run) > 1 else [run]


class Synonyms:
    """Which words stand for which concept; a word may stand for several, a concept is known by its position."""

    def __init__(self, concepts: Sequence[Iterable[str]]) -> None:
        self._of: dict[str, list[int]] = {}
        for number, words in enumerate(concepts):
            for word in {normal(w).strip() for w in words}:
                if len(word) > 1:
                    self._of.setdefault(word, []).append(number)
        # By first character: which lengths are worth a look there.
        self._lengths: dict[str, set[int]] = {}
        for word in self._of:
            self._lengths.setdefault(word[0], set()).add(len(word))

    def concepts(self, text: str) -> set[int]:
        """The concepts whose words occur in a text.

        >>> Synonyms([("助餐", "食堂"), ("停车",)]).concepts("社区食堂招募")
        {0}
        """
        text = normal(text)
        found: set[int] = set()
        for k, character in enumerate(text):
            for length in self._lengths.get(character, ()):
                concepts = self._of.get(text[k : k + length])
                if concepts:
                    found.update(concepts)
        return found

    def tokens(self, text: str) -> list[str]:
        """The tokens of a text, followed by one for each of its concepts."""
        return tokens(text) + [f"\0{concept}" for concept in sorted(self.concepts(text))]


@dataclass(frozen=True, eq=False)
class Corpus:
    """Documents weighted by BM25, and queries fixed in advance, over one vocabulary.

    `documents` and `queries` are CSR matrices with a column per token: weights, and 1 where the query has it.
    `whole` is what each query would score against itself as a document of mean length.
    """

    vocabulary: dict[str, int]
    rarity: Reals
    documents: Any
    queries: Any
    whole: Reals
    synonyms: Synonyms

    @classmethod
    def of(cls, documents: Sequence[str], queries: Sequence[str], synonyms: Synonyms) -> "Corpus":
        """Index `documents`; `queries` are compared with them by position in `of_pairs`."""
        vocabulary: dict[str, int] = {}
        counts = _counted([synonyms.tokens(text) for text in documents], vocabulary)
        asked = _counted([synonyms.tokens(text) for text in queries], vocabulary)
        counts.resize((len(documents), len(vocabulary)))
        asked.resize((len(queries), len(vocabulary)))
        holding = np.diff(counts.tocsc().indptr)
        rarity = np.log1p((len(documents) - holding + 0.5) / (holding + 0.5))
        lengths = np.asarray(counts.sum(axis=1)).ravel()
        mean = lengths.mean() if lengths.sum() else 1.0
        damping = np.repeat(K1 * (1 - B + B * lengths / mean), np.diff(counts.indptr))
        counts.data = rarity[counts.indices] * counts.data * (K1 + 1) / (counts.data + damping)
        asked.data = np.ones_like(asked.data)
        return cls(vocabulary, rarity, counts, asked, asked @ rarity, synonyms)

    def scores(self, text: str) -> Reals:
        """BM25 of every document for a text, 0 upwards."""
        wanted = {self.vocabulary[t] for t in self.synonyms.tokens(text) if t in self.vocabulary}
        query = np.zeros(len(self.vocabulary))
        query[list(wanted)] = 1.0
        return np.asarray(self.documents @ query)

    def whole_of(self, text: str) -> float:
        """What a text would score against itself; tokens that no document has count as the rarest possible."""
        unseen = float(np.log1p((self.documents.shape[0] + 0.5) / 0.5))
        found = (self.vocabulary.get(token) for token in set(self.synonyms.tokens(text)))
        return sum(unseen if k is None else float(self.rarity[k]) for k in found)

    def of_pairs(
        self, queries: npt.NDArray[np.integer[Any]], documents: npt.NDArray[np.integer[Any]]
    ) -> Reals:
        """Similarity 0 to 1 of each (query, document): the share of the query's own score that is reached."""
        similar = np.zeros(len(queries))
        order = np.argsort(queries, kind="stable")
        for part in _parts(queries[order]):
            spot = order[part]
            asked, row = np.unique(queries[spot], return_inverse=True)
            wanted = self.queries[asked]
            has = np.zeros((len(asked), len(self.vocabulary)), np.bool_)
            has[np.repeat(np.arange(len(asked)), np.diff(wanted.indptr)), wanted.indices] = True
            start, end = self.documents.indptr[documents[spot]], self.documents.indptr[documents[spot] + 1]
            length = end - start
            cell = np.arange(int(length.sum())) + np.repeat(start - np.cumsum(length) + length, length)
            hit = np.flatnonzero(has[np.repeat(row, length), self.documents.indices[cell]])
            pair = np.repeat(np.arange(len(spot)), length)[hit]
            similar[spot] = np.bincount(pair, self.documents.data[cell[hit]], len(spot))
        whole = self.whole[queries]
        share: Reals = np.divide(similar, whole, out=np.zeros_like(similar), where=whole > 0)
        np.minimum(share, 1.0, out=share)
        return share


def _parts(rising: npt.NDArray[np.integer[Any]]) -> Iterator[slice]:
    """Cut sorted queries into parts of at most `_PAIRS_AT_A_TIME` rows and `_QUERIES_AT_A_TIME` different ones."""
    rank = np.cumsum(np.append(False, rising[1:] != rising[:-1])[: len(rising)])
    first = 0
    while first < len(rising):
        last = int(np.searchsorted(rank, rank[first] + _QUERIES_AT_A_TIME))
        last = min(last, first + _PAIRS_AT_A_TIME)
        yield slice(first, last)
        first = last


def _counted(texts: Sequence[Sequence[str]], vocabulary: dict[str, int]) -> Any:
    """A CSR matrix of how often each token occurs; new tokens enter `vocabulary`."""
    columns = [vocabulary.setdefault(token, len(vocabulary)) for text in texts for token in text]
    rows = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    cells = (np.ones(len(columns)), (rows, np.asarray(columns, np.int64)))
    return scipy.sparse.coo_matrix(cells, (len(texts), len(vocabulary))).tocsr()
