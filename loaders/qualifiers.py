"""Columns that say where a place of another column lies: 所属街道 beside 所属社区, 小区 beside 楼号. Pure.

Names of places repeat inside one district, so what stands beside a name is part of it: 谢庄 of 北渡 and
谢庄 of 曹镇 are two villages. Such a column has no column of ours; it goes before the other one's text.
"""

from collections.abc import Mapping, Sequence

from graph.schema import AREAS
from loaders.column_values import ColumnValues
from loaders.heading_words import heading_words, plain
from loaders.layout import Column, Role

QUALIFIES = "的上级"
"""What a mapping file writes after our heading for such a column: `"所属街道" = "所属社区的上级"`."""

_ORDER = {"District": 0, "Street": 1, "Community": 2, "Estate": 3, "Grid": 3, "Building": 4}
_NAMES = {
    "District": ("区", "县", "区县", "县区", "县(市、区)"),
    "Street": ("街道", "镇", "乡", "乡镇", "街道(乡)", "街道(乡镇)", "街道(镇)", "乡镇(街道)", "乡镇街道", "镇街", "镇(街道)", "街道办事处", "办事处"),
    "Community": ("社区", "村", "村(社区)", "社区(村)", "社区(居委会)"),
    "Estate": ("小区", "楼院", "小区(楼院)", "小区楼院"),
}  # fmt: skip
_WORDS = {
    plain(form): label
    for label, names in _NAMES.items()
    for name in names
    for form in (name, f"所属{name}", f"所在{name}", f"{name}名称")
}


def can_be_qualified(column: Column) -> bool:
    """Whether a column names areas and nothing else, so that what it lies in may go before it."""
    return column.role is Role.REFERENCE and set(column.ends) <= set(AREAS)


def qualifying(
    headings: Sequence[str], taken: Sequence[Column | None], values: Sequence[ColumnValues]
) -> Mapping[int, tuple[Column, bool]]:
    """Which headings without a column of ours qualify which column that is there, by position, and whether that is sure.

    `taken` has our column per heading. The qualified column is the nearest one below: a street goes before
    the community, not before the estates that the row names too.
    """
    found: dict[int, tuple[Column, bool]] = {}
    for position, heading in enumerate(headings):
        words = heading_words(heading)
        label = _WORDS.get(words.whole) or _WORDS.get(words.base)
        if taken[position] is not None or label is None or (values[position].named((label,)) or 0) < 0.5:
            continue
        below = [c for c in taken if c and can_be_qualified(c) and _least(c) > _ORDER[label]]
        nearest = min(below, key=_least, default=None)
        if nearest is not None:
            found[position] = (nearest, not words.upper)
    return found


def _least(column: Column) -> int:
    """The innermost kind of area that a column may name, as far as the order goes."""
    return max(_ORDER[end] for end in column.ends)


def order_of(heading: str) -> int:
    """Where a qualifying heading's kind of area stands from the outside in; unknown words come last."""
    words = heading_words(heading)
    label = _WORDS.get(words.whole) or _WORDS.get(words.base)
    return _ORDER[label] if label else len(_ORDER)


def qualified(text: str, outer: Sequence[str]) -> str:
    """A place's text with the places around it in front; codes and texts that name them already stay as they are.

    >>> qualified("谢庄", ["北渡街道"]), qualified("北渡街道谢庄", ["北渡街道"]), qualified("410411004004", ["北渡街道"])
    ('北渡街道/谢庄', '北渡街道谢庄', '410411004004')
    """
    if text.isascii() and any(letter.isdigit() for letter in text):
        return text
    return "/".join([*(name for name in dict.fromkeys(outer) if name not in text), text])
