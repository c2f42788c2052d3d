"""Which sheet a table is, and what each of its columns holds: by headings and by values.

A heading is sure when it is ours or an unambiguous other word for ours and its values do not speak
against it. Everything else that looks right is only likely (待确认): nothing likely is loaded before a
person has confirmed it in a mapping file (`loaders.mapping`).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from loaders.column_match import LayoutWords, Pairing, assign, pairings
from loaders.column_values import ColumnValues
from loaders.heading_words import plain
from loaders.layout import Column, Role, SheetLayout
from loaders.qualifiers import qualifying
from loaders.tables import Table

IGNORED_ON_LOADING = "（导入时不读）"
"""A heading that ends with this is ours and never read: what an error workbook adds."""

_IGNORED = frozenset(
    map(plain, ("序号", "序", "行号", "No.", "No", "填表人", "填报人", "制表人", "经办人", "审核人", "填表日期", "填表时间", "填报日期", "填报时间",
    "填报单位", "签名", "签字", "盖章", "照片", "身份证号", "身份证号码", "公民身份号码", "身份证"))
)  # fmt: skip
_TAIL = re.compile(
    r"(?:情况|统计|汇总|登记|台账|名单|名册|花名册|清单|一览|明细|信息|采集|摸排|摸底|基本|推进|表|册|\d|\(.*\)|年|月|季度)+$"
)
_COMMUNITY = re.compile(r"[\u4e00-\u9fff]{2,16}?社区")
_CLEAR_LEAD = 0.25
"""How far the best sheet must be ahead of the second to be sure, where 1 is a sheet's own name."""


class Certainty(StrEnum):
    """How well a column, a sheet or a constant is known."""

    SURE = "sure"
    LIKELY = "likely"
    """待确认: reported, and not used before a person has confirmed it."""
    IGNORED = "ignored"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ColumnMatch:
    """What one heading of a table stands for. `column` is set when SURE or LIKELY; `reason` is Chinese.

    With `qualifies` the heading is not that column but says in what the place named there lies.
    """

    heading: str
    column: Column | None
    certainty: Certainty
    reason: str = ""
    qualifies: bool = False


@dataclass(frozen=True, slots=True)
class Constant:
    """A value that every row of a table has, because the sheet or its title says so, or a mapping does."""

    column: Column
    value: str
    certainty: Certainty
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Recognition:
    """What is known of one table.

    `columns` has one entry per heading, in the table's order. `layout` is None when the table is like
    none. `certainty` is that of the layout. `candidates` are the nearest layouts, the best one first.
    """

    layout: SheetLayout | None
    certainty: Certainty
    columns: tuple[ColumnMatch, ...]
    constants: tuple[Constant, ...] = ()
    candidates: tuple[SheetLayout, ...] = ()

    @property
    def missing(self) -> tuple[Column, ...]:
        """Required columns of the layout that no sure column or constant fills."""
        matches = (m for m in self.columns if not m.qualifies)
        known: tuple[ColumnMatch | Constant, ...] = (*matches, *self.constants)
        there = {k.column.heading for k in known if k.column and k.certainty is Certainty.SURE}
        wanted = self.layout.columns if self.layout else ()
        return tuple(c for c in wanted if c.required and c.heading not in there)

    @property
    def loadable(self) -> bool:
        """Whether rows can be typed: the sheet is sure and every required column is there."""
        return self.layout is not None and self.certainty is Certainty.SURE and not self.missing


@dataclass(frozen=True, slots=True)
class _Trial:
    layout: SheetLayout
    columns: tuple[ColumnMatch, ...]
    named: float
    score: float


def recognise(table: Table, layouts: Sequence[SheetLayout]) -> Recognition:
    """Recognise a table from its headings, values, sheet name, title rows and file name."""
    own = _own_sheet(table, layouts)
    if own:
        return recognise_as(table, own)
    values = column_values(table)
    named = _named_layouts(table, layouts)
    tried = (_try(table, layout, values, named.get(layout.name, 0.0)) for layout in layouts)
    trials = sorted(tried, key=lambda t: -t.score)
    best = trials[0]
    near = tuple(t.layout for t in trials[:3] if t.score > 0.3)
    if not _alike(best):
        unknown = tuple(ColumnMatch(h, None, Certainty.UNKNOWN) for h in table.headings)
        return Recognition(None, Certainty.UNKNOWN, unknown, candidates=near)
    lead = best.score - trials[1].score if len(trials) > 1 else 1.0
    certainty = Certainty.SURE if lead >= _CLEAR_LEAD else Certainty.LIKELY
    columns = with_qualifiers(best.columns, values)
    return Recognition(best.layout, certainty, columns, _constants(table, best.layout, columns), near)


def recognise_as(table: Table, layout: SheetLayout) -> Recognition:
    """Recognise the columns of a table that is certainly of one layout."""
    values = column_values(table)
    columns = with_qualifiers(match_columns(table, layout, values), values)
    return Recognition(layout, Certainty.SURE, columns, _constants(table, layout, columns), (layout,))


def _own_sheet(table: Table, layouts: Sequence[SheetLayout]) -> SheetLayout | None:
    """The layout of a sheet that has its name and no headings but its own, as our templates do."""
    layout = next(
        (each for each in layouts if plain(table.sheet) in (plain(each.title), plain(each.name))), None
    )
    if layout is None:
        return None
    ours = {c.heading for c in layout.columns}
    read = [h for h in table.headings if not h.endswith(IGNORED_ON_LOADING)]
    return layout if read and all(h in ours for h in read) else None


def match_columns(
    table: Table, layout: SheetLayout, values: Sequence[ColumnValues], taken: Sequence[Column | None] = ()
) -> tuple[ColumnMatch, ...]:
    """What each heading is in one layout. Columns in `taken` are given away already and not considered."""
    words = LayoutWords(layout)
    gone = {layout.columns.index(c) for c in taken if c is not None}
    found: list[dict[int, Pairing]] = []
    for heading, column in zip(table.headings, values, strict=True):
        pairs = {} if is_ignored(heading, words) else pairings(words, heading, column, table.title)
        found.append({p: pair for p, pair in pairs.items() if p not in gone})
    chosen = assign([{p: pair.score for p, pair in f.items()} for f in found], len(layout.columns))
    return tuple(
        _match(heading, pairs, position, words)
        for heading, pairs, position in zip(table.headings, found, chosen, strict=True)
    )


def with_qualifiers(
    columns: Sequence[ColumnMatch], values: Sequence[ColumnValues]
) -> tuple[ColumnMatch, ...]:
    """The same matches, where a column without a place of its own says in what another one's place lies."""
    free = [m.column if m.certainty is not Certainty.IGNORED else None for m in columns]
    found = qualifying([m.heading for m in columns], free, values)
    made = list(columns)
    for position, (column, sure) in found.items():
        if columns[position].certainty is Certainty.UNKNOWN:
            certainty, reason = (
                (Certainty.SURE, "") if sure else (Certainty.LIKELY, f"像是「{column.heading}」的上一级")
            )
            made[position] = ColumnMatch(columns[position].heading, column, certainty, reason, qualifies=True)
    return tuple(made)


def column_values(table: Table) -> list[ColumnValues]:
    """A sample of the values of each column of a table."""
    return [
        ColumnValues([row.values[i] for row in table.rows[:2000]], table.date1904)
        for i in range(len(table.headings))
    ]


def is_ignored(heading: str, words: LayoutWords) -> bool:
    """Whether a heading names what no sheet of ours keeps: a running number, who filled the form in."""
    return heading.endswith(IGNORED_ON_LOADING) or (plain(heading) in _IGNORED and heading not in words)


def _match(heading: str, pairs: dict[int, Pairing], position: int | None, words: LayoutWords) -> ColumnMatch:
    if is_ignored(heading, words):
        return ColumnMatch(heading, None, Certainty.IGNORED)
    if position is None:
        return ColumnMatch(heading, None, Certainty.UNKNOWN)
    pair = pairs[position]
    return ColumnMatch(heading, pair.column, Certainty.SURE if pair.sure else Certainty.LIKELY, pair.reason)


def _try(table: Table, layout: SheetLayout, values: Sequence[ColumnValues], named: float) -> _Trial:
    columns = match_columns(table, layout, values)
    worth = sum(1.0 if m.certainty is Certainty.SURE else 0.6 for m in columns if m.column)
    read = sum(m.certainty is not Certainty.IGNORED for m in columns)
    there = {m.column.heading for m in columns if m.column}
    required = [c.heading for c in layout.columns if c.required]
    present = sum(h in there for h in required) / len(required) if required else 1.0
    title = layout.node.property(layout.node.title).heading if layout.node else ""
    identified = 0.0 if not title or title in there or "编号" in there else -0.5
    return _Trial(layout, columns, named, 2 * worth / max(read, 1) + present + named + identified)


def _alike(trial: _Trial) -> bool:
    """Whether a table is like a layout at all: a third of its columns, and one thing about it that is sure."""
    matched = sum(m.column is not None for m in trial.columns)
    read = sum(m.certainty is not Certainty.IGNORED for m in trial.columns)
    certain = trial.named >= 0.5 or any(m.certainty is Certainty.SURE for m in trial.columns)
    return certain and matched >= min(2, len(trial.layout.columns), max(read, 1)) and matched >= 0.3 * read


def _named_layouts(table: Table, layouts: Sequence[SheetLayout]) -> dict[str, float]:
    """What the names of the sheet, the title rows and the file say for each layout, 0 to 1."""
    found: dict[str, float] = {}
    sources = (
        (table.sheet, 1.0),
        *((line, 0.6) for line in table.title.splitlines()[:2]),
        (_stem(table.file), 0.5),
    )
    for text, weight in sources:
        for layout in layouts:
            said = weight * _names(plain(text), layout)
            found[layout.name] = max(found.get(layout.name, 0.0), said)
    return found


def _names(text: str, layout: SheetLayout) -> float:
    """1 when a text is the name of a layout, less the further from its end the name stands."""
    best = 0.0
    heads = {text, _TAIL.sub("", text)}
    for word in (plain(w) for w in (layout.title, *layout.aliases, layout.name)):
        if word in heads:
            return 1.0
        at = max((h.rfind(word) + len(word) - len(h) for h in heads if word in h), default=None)
        if at is not None and len(word) > 1:
            best = max(best, 0.2 + min(len(word), 6) / 12 + max(at, -6) / 30)
    codes = {plain(w) for _, w, _ in _code_words(layout.columns) if len(w) > 1 and w != layout.title}
    return max(best, 0.7 if heads & codes else 0.0)


def _code_words(columns: Sequence[Column]) -> Iterator[tuple[Column, str, str]]:
    """Column, word and label for every word of every code list of single values."""
    for column in columns:
        if column.role is Role.PROPERTY and column.property and column.property.codes:
            for code in column.property.codes.codes:
                yield from ((column, word, code.label) for word in (code.label, *code.aliases))


def _constants(table: Table, layout: SheetLayout, columns: Sequence[ColumnMatch]) -> tuple[Constant, ...]:
    """Values that the sheet's name or title gives to columns that the table lacks."""
    there = {m.column.heading for m in columns if m.column}
    free = [c for c in layout.columns if c.heading not in there]
    found = [*_code_constants(table, layout, free)]
    for column in free:
        community = _community_named(table) if column.required and "Community" in column.ends else None
        if community:
            found.append(Constant(column, community, Certainty.LIKELY, "表名或标题里写着"))
    return tuple(found)


def _code_constants(table: Table, layout: SheetLayout, free: Sequence[Column]) -> Iterator[Constant]:
    sheet = plain(table.sheet)
    heads = {sheet, _TAIL.sub("", sheet)}
    texts = (sheet, plain(table.title), plain(_stem(table.file)))
    by_column: dict[str, dict[str, tuple[int, Column, bool]]] = {}
    for column, word, label in _code_words(free):
        said = plain(word)
        exact = said in heads
        where = next((n for n, text in enumerate(texts) if len(said) > 1 and said in text), None)
        if word == layout.title or (where is None and not exact):
            continue
        labels = by_column.setdefault(column.heading, {})
        labels[label] = (
            max(len(said), labels.get(label, (0,))[0]),
            column,
            exact or (label in labels and labels[label][2]),
        )
    for labels in by_column.values():
        label, (_, column, exact) = max(labels.items(), key=lambda item: (item[1][2], item[1][0]))
        yield Constant(column, label, Certainty.SURE if exact else Certainty.LIKELY, "表名或标题里写着")


def _community_named(table: Table) -> str | None:
    for text in (table.sheet, table.title, _stem(table.file)):
        names = _COMMUNITY.findall(text)
        if len(set(names)) == 1:
            return str(names[0])
    return None


def _stem(file: str) -> str:
    return file.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
