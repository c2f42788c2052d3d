"""The category of a record in its form: what may be chosen, and what its words speak for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.matching.endpoints import Matching
from api.records.form import Group
from api.records.kinds import Kind
from graph.ask import Reader, ask
from graph.catalog import queries
from matching.suggest import SURE

LISTS = {"Need": "需求", "Resource": "资源"}
"""Whose categories a kind of record is filed under."""
CATEGORY = "in_category"
_WORDS = ("title", "text")
"""The fields whose words speak for a category."""
_LONGEST = 2000


@dataclass(frozen=True)
class Suggested:
    """A category that the words of a record speak for: its key, its name, and how sure that is, 0 to 1.

    `runner_up` is the key and the name of the next best, where there is one. Without a `key`, nothing
    speaks for any, and `sentence` says so.
    """

    key: str
    name: str
    certainty: float
    runner_up: tuple[str, str] | None
    sentence: str

    @property
    def sure(self) -> bool:
        """Whether it may be taken without a second look."""
        return self.certainty >= SURE


def groups(store: Reader, kind: Kind, district: str) -> Mapping[str, Sequence[Group]]:
    """What the fields of a form may be chosen from, by field: the narrowest categories, under their wider ones."""
    if kind.label not in LISTS:
        return {}
    rows = ask(store, queries()["matching_categories"], {"scope": district}).rows
    mine = [row for row in rows if row["list_kind"] == LISTS[kind.label]]
    wider = {row["parent"] for row in mine}
    names = {row["category"]: row["name"] for row in rows}
    found: dict[str, list[tuple[str, str]]] = {}
    for row in mine:
        if row["category"] not in wider:
            found.setdefault(names.get(row["parent"], ""), []).append((row["category"], row["name"]))
    return {CATEGORY: [Group(name, tuple(entries)) for name, entries in found.items()]}


def suggested(
    matching: Matching, kind: Kind, said: Mapping[str, str], district: str, version: str
) -> Suggested:
    """What the words that were entered speak for."""
    words = "\n".join(said[name].strip() for name in _WORDS if said.get(name, "").strip())[:_LONGEST]
    if not words:
        return Suggested("", "", 0.0, None, "先填写标题，再看建议")
    [row] = matching.matches.category({"text": words, "list": LISTS[kind.label], "scope": district}, version).rows  # fmt: skip
    next_best = (row["runner_up_id"], row["runner_up"]) if row["runner_up_id"] else None
    return Suggested(row["category_id"] or "", row["category"] or "", row["certainty"], next_best, row["sentence"])  # fmt: skip
