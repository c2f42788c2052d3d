"""Which column of one layout each heading of a table is: words, then likeness, then values, assigned at once. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from loaders.column_values import ColumnValues, fit, speaks_alone
from loaders.heading_words import heading_words, is_unit, plain, similarity, unit_factor
from loaders.layout import Column, Role, SheetLayout

_LEAST = 0.5
"""Below this a heading is rather unknown than likely."""
_NEAR = 0.8
"""What full likeness without equality is worth."""


@dataclass(frozen=True, slots=True)
class Pairing:
    """One heading with one column of ours: how well they go together, and whether that needs no confirmation."""

    column: Column
    score: float
    sure: bool
    reason: str = ""


class LayoutWords:
    """What people may write above each column of a layout, surest words first.

    Our own headings come before property names, those before other words for them, those before words made
    of the sheet's name (小区户数) or of what a reference names (社区名称, Community).
    """

    def __init__(self, layout: SheetLayout) -> None:
        self.layout = layout
        tiers: list[dict[str, list[int]]] = [{}, {}, {}, {}]
        self._near: list[tuple[str, ...]] = []
        for position, column in enumerate(layout.columns):
            words = [
                [column.heading],
                list(_english(column)),
                list(column.aliases),
                list(_made(layout, column)),
            ]
            for tier, found in zip(tiers, words, strict=True):
                for word in dict.fromkeys(plain(w) for w in found):
                    tier.setdefault(word, []).append(position)
            self._near.append(tuple(dict.fromkeys(plain(w) for w in (column.heading, *column.aliases))))
        self._tiers: Sequence[Mapping[str, Sequence[int]]] = tiers

    def __contains__(self, heading: str) -> bool:
        return self.claims(plain(heading)) is not None

    def claims(self, word: str) -> tuple[int, Sequence[int]] | None:
        """The first tier in which a plain word stands, with the positions of the columns that claim it."""
        return next(((n, tier[word]) for n, tier in enumerate(self._tiers) if word in tier), None)

    def likeness(self, heading: str, position: int) -> float:
        """Likeness of a heading to the nearest word for a column, 0 to 1."""
        words = heading_words(heading)
        forms = {words.base, words.whole, words.upper + words.base} - {""}
        return max((similarity(f, w) for f in forms for w in self._near[position]), default=0.0)


def pairings(words: LayoutWords, heading: str, values: ColumnValues, title: str = "") -> dict[int, Pairing]:
    """Every column that a heading may be, by position, with scores above zero."""
    found: dict[int, Pairing] = {}
    tier, positions, direct = _claimed(words, heading)
    for position, column in enumerate(words.layout.columns):
        if unit_factor(heading, title, column.property) is None:
            continue
        if position in positions:
            pairing = _by_word(words, column, values, tier, positions, direct)
        else:
            pairing = _by_likeness(words, heading, position, values)
        if pairing.score >= _LEAST:
            found[position] = pairing
    return found


def _claimed(words: LayoutWords, heading: str) -> tuple[int, Sequence[int], bool]:
    """Tier and columns that claim a heading, and whether nothing around the word could change its meaning."""
    parts = heading_words(heading)
    exact = words.claims(parts.upper + parts.whole)
    if exact:
        return *exact, True
    if parts.upper:
        inner = words.claims(parts.whole) or words.claims(parts.base)
        return (*inner, False) if inner else (0, (), False)
    base = words.claims(parts.base)
    return (*base, is_unit(parts.bracket)) if base else (0, (), False)


def _by_word(
    words: LayoutWords,
    column: Column,
    values: ColumnValues,
    tier: int,
    positions: Sequence[int],
    direct: bool,
) -> Pairing:
    fits = fit(column, values)
    if _is_id(column) and values.running:
        return Pairing(column, 0.8, False, "内容只是 1、2、3……，像序号而不像编号")
    if tier == 0 and direct:
        return Pairing(column, 1.0, True)
    score = (0.97 - 0.01 * tier) - (0.07 if len(positions) > 1 else 0) - (0 if direct else 0.09)
    if fits is not None and fits < 0.5:
        return Pairing(column, score * (0.4 + 0.6 * fits), False, f"标题像「{column.heading}」，内容不像")
    if fits is not None:
        score *= 0.9 + 0.1 * fits
    if len(positions) > 1:
        others = "、".join(f"「{words.layout.columns[p].heading}」" for p in positions)
        return Pairing(column, score, False, f"标题可以指{others}")
    return Pairing(column, score, direct, "" if direct else f"标题与「{column.heading}」相近")


def _by_likeness(words: LayoutWords, heading: str, position: int, values: ColumnValues) -> Pairing:
    column = words.layout.columns[position]
    alike = words.likeness(heading, position)
    if alike >= 0.4:
        fits = fit(column, values)
        if fits is None:
            score = _NEAR * alike
        else:
            score = _NEAR * alike * (0.4 + 0.6 * fits) + (0.15 if fits >= 0.8 else 0.0)
        if _is_id(column) and values.running:
            score = 0.0
        if score >= _LEAST:
            return Pairing(column, score, False, f"标题与「{column.heading}」相近")
    if speaks_alone(column, values):
        return Pairing(column, 0.5 + 0.1 * alike, False, f"内容像「{column.heading}」")
    return Pairing(column, 0.0, False)


def _is_id(column: Column) -> bool:
    return column.property is not None and column.property.name == "id"


def _english(column: Column) -> Iterator[str]:
    if column.role is Role.PROPERTY and column.property:
        yield column.property.name
    elif column.role is Role.REFERENCE_PROPERTY and column.property and column.relationship:
        yield f"{column.relationship.name}_{column.property.name}"
        yield column.property.name
    elif column.relationship:
        yield column.relationship.name
        yield from column.ends
        yield from (f"{end}_id" for end in column.ends)


_SAME_ENDING = {"日期": "时间", "时间": "日期", "名称": "全称"}
"""Endings that never make two headings mean two things."""


def _made(layout: SheetLayout, column: Column) -> Iterator[str]:
    for word in (column.heading, *column.aliases):
        if word[-2:] in _SAME_ENDING:
            yield word[:-2] + _SAME_ENDING[word[-2:]]
    if column.role is Role.PROPERTY and column.property and layout.node:
        for sheet in (layout.title, *layout.aliases):
            yield sheet + column.heading
            if column.property.name == "id":
                yield from (sheet + ending for ending in ("编码", "代码", "号"))
            elif column.property.name == layout.node.title:
                yield from (sheet + ending for ending in ("名称", "名", "全称"))
    elif column.role is Role.REFERENCE:
        for word in (column.heading, *column.aliases):
            bare = word.removeprefix("所属").removeprefix("所在")
            if len(bare) > 1:
                yield from (bare, f"所属{bare}", f"所在{bare}", f"{bare}名称")


def assign(scores: Sequence[Mapping[int, float]], columns: int) -> list[int | None]:
    """For each heading the column it gets, each column at most once, so that the scores add up to the most.

    `scores[h]` maps columns to positive scores; what is not there cannot be chosen. The Hungarian method
    with potentials; every heading has besides a way out of worth 0.

    >>> assign([{0: 0.9, 1: 0.8}, {0: 0.85}, {}], 2)
    [1, 0, None]
    """
    rows, width = len(scores), columns + len(scores)
    infinite = float("inf")
    row_price, column_price = [0.0] * (rows + 1), [0.0] * (width + 1)
    holder = [0] * (width + 1)
    for row in range(1, rows + 1):
        holder[0], at = row, 0
        least, came, done = [infinite] * (width + 1), [0] * (width + 1), [False] * (width + 1)
        while holder[at]:
            done[at] = True
            current, step, following = holder[at], infinite, 0
            for j in range(1, width + 1):
                if done[j]:
                    continue
                # An infeasible pair costs more than any way out, a way out costs 0.
                cost = -scores[current - 1].get(j - 1, -2.0) if j <= columns else 0.0
                reduced = cost - row_price[current] - column_price[j]
                if reduced < least[j]:
                    least[j], came[j] = reduced, at
                if least[j] < step:
                    step, following = least[j], j
            for j in range(width + 1):
                if done[j]:
                    row_price[holder[j]] += step
                    column_price[j] -= step
                else:
                    least[j] -= step
            at = following
        while at:
            holder[at] = holder[came[at]]
            at = came[at]
    chosen: list[int | None] = [None] * rows
    for j in range(1, columns + 1):
        if holder[j] and (j - 1) in scores[holder[j] - 1]:
            chosen[holder[j] - 1] = j - 1
    return chosen
