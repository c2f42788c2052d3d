"""Finding the heading of a table in a sheet and naming its columns. Pure."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from loaders.cells import CellValue, clean_text, to_text
from loaders.sheets import Range, Sheet, column_letters

Cells = Sequence[CellValue]

_SEARCHED = 40  # rows with content that are looked at for a heading
_LONGEST = 40  # letters in a heading
_DEEPEST = 3  # rows of one heading
_INVISIBLE = "".join(chr(code) for code in range(0x10000) if chr(code).isspace()) + "\u200b\u2060\ufeff\u00ad"
_MARKS = re.compile(r"[*＊\s]|[(（\[【].*?[)）\]】]")
_HAN_GAP = re.compile(r"(?<=[\u4e00-\u9fff]) +(?=[\u4e00-\u9fff])")
_NUMBER = re.compile(r"[-+]?[\d,.%]+")
_FORM_FIELD = re.compile(r"[^：:]{1,12}[：:].*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: its first and last row as indexes into `Sheet.rows`, and a text for each column."""

    top: int
    bottom: int
    texts: tuple[str, ...]


def heading_text(value: CellValue) -> str:
    """A heading as one line: line breaks and spaces between Chinese characters go.

    >>> heading_text("名  称"), heading_text("联系\\n电话"), heading_text(2020.0)
    ('名称', '联系电话', '2020')
    """
    text = to_text(value)
    if not isinstance(text, str):
        return clean_text(str(value)) if value is not None else ""
    line = text.replace("\n", "")
    return _HAN_GAP.sub("", line) if " " in line else line


def bare(heading: str) -> str:
    """A heading without marks and remarks, to compare with: `*名称（必填）` is 名称.

    >>> bare("*名称（必填）")
    '名称'
    """
    return _MARKS.sub("", heading) or heading.strip()


def is_blank(value: CellValue) -> bool:
    """Whether a cell holds nothing but spaces of any kind."""
    return value is None or (isinstance(value, str) and not value.strip(_INVISIBLE))


def filled(row: Cells) -> list[int]:
    """The indexes of the cells that hold something."""
    # is_blank written out: this runs for every cell of every sheet
    return [i for i, v in enumerate(row) if v is not None and (not isinstance(v, str) or v.strip(_INVISIBLE))]


def known_count(row: Cells, known: Collection[str]) -> int:
    """How many cells of a row are known headings (`known` are bare)."""
    return len({i for i in filled(row) if bare(heading_text(row[i])) in known})


def find_heading(sheet: Sheet, start: int, known: Collection[str]) -> Heading | None:
    """The first heading at or after the index `start`, or None when no row looks like one.

    A row with known headings is preferred; else the first row of short, different texts that is about
    as wide as the table.
    """
    rows = sheet.rows
    candidates = [i for i in range(start, len(rows)) if filled(rows[i])][:_SEARCHED]
    if not candidates:
        return None
    row = _known_row(sheet, candidates, known)
    return None if row is None else _with_depth(sheet, row, start, known)


def _known_row(sheet: Sheet, candidates: Sequence[int], known: Collection[str]) -> int | None:
    """The first row of which half is known; else the likely row, unless another is known far better."""
    scores = {i: known_count(sheet.rows[i], known) for i in candidates} if known else {}
    for i, score in scores.items():
        if score >= max(2, len(filled(sheet.rows[i])) / 2):
            return i
    likely = _likely_row(sheet, candidates)
    best = max(scores, key=lambda i: scores[i], default=None)
    if best is None or (scores[best] < 2 and (scores[best] == 0 or len(filled(sheet.rows[best])) > 1)):
        return likely
    return best if likely is None or scores[best] > 2 * scores[likely] else likely


def _likely_row(sheet: Sheet, candidates: Sequence[int]) -> int | None:
    rows = sheet.rows
    width = max(len(filled(rows[i])) for i in candidates)
    if width < 2:
        return None
    for i in candidates:
        cells = filled(rows[i])
        reach = len(cells) + sum(r.last_column - r.first_column for r in _across(sheet, i))
        texts = [heading_text(rows[i][j]) for j in cells]
        whole = any(r.last_column - r.first_column + 1 >= width for r in _across(sheet, i))
        if len(cells) >= 2 and not whole and 2 * reach > width and _look_like_headings(rows[i], texts):
            return i
    return None


def _look_like_headings(row: Cells, texts: Sequence[str]) -> bool:
    """Short, different texts; form fields such as `填报单位：` with an answer are not headings."""
    numbers = sum(
        1 for i in filled(row) if not isinstance(row[i], str) or _NUMBER.fullmatch(heading_text(row[i]))
    )
    if numbers * 3 > len(texts) or any(len(text) > _LONGEST for text in texts):
        return False
    return not any(_FORM_FIELD.fullmatch(text) for text in texts) and len(set(texts)) * 2 > len(texts)


def _across(sheet: Sheet, index: int) -> list[Range]:
    """Merged cells of several columns that begin in this row."""
    number = sheet.first_row + index
    return [r for r in sheet.merged if r.first_row == number and r.last_column > r.first_column]


def _with_depth(sheet: Sheet, row: int, start: int, known: Collection[str]) -> Heading:
    """Take in the rows above and below that belong to the same heading."""
    top = bottom = row
    number = sheet.first_row + row
    for merged in sheet.merged:
        if merged.first_row < number <= merged.last_row and number - merged.first_row < _DEEPEST:
            above = merged.first_row - sheet.first_row
            if above >= start and not _is_title(sheet, above):
                top = min(top, above)
    if top == row and row > start and _groups(sheet, row - 1, row):
        top = row - 1
    first = sheet.first_row + top
    for merged in sheet.merged:
        down, across = merged.last_row - first, merged.last_column - merged.first_column
        if merged.first_row == first and 0 < down < _DEEPEST and across < 5:
            bottom = max(bottom, min(top + down, len(sheet.rows) - 1))
    if bottom == top and (_is_two_rows(sheet, top, known) or _is_all_groups(sheet, top)):
        bottom = top + 1
    return Heading(top, bottom, _texts(sheet, top, bottom))


def _is_title(sheet: Sheet, index: int) -> bool:
    return len(filled(sheet.rows[index])) < 2


def _groups(sheet: Sheet, above: int, row: int) -> bool:
    """Whether the row above groups the columns of `row`: merged cells over some, not all, of them."""
    return len(filled(sheet.rows[above])) >= 2 and any(
        filled(sheet.rows[row][r.first_column - 1 : r.last_column]) for r in _across(sheet, above)
    )


def _is_all_groups(sheet: Sheet, top: int) -> bool:
    """Whether every cell of a row is merged over several columns that the next row names one by one."""
    if top + 1 >= len(sheet.rows) or _is_title(sheet, top):
        return False
    groups = {r.first_column - 1: r.last_column for r in _across(sheet, top)}
    below = filled(sheet.rows[top + 1])
    texts = [heading_text(sheet.rows[top + 1][i]) for i in below]
    return (
        all(i in groups for i in filled(sheet.rows[top]))
        and all(sum(first <= i < end for i in below) > 1 for first, end in groups.items())
        and _look_like_headings(sheet.rows[top + 1], texts)
    )


def _is_two_rows(sheet: Sheet, top: int, known: Collection[str]) -> bool:
    """Whether the next row names the columns that this one leaves empty or groups."""
    if top + 1 >= len(sheet.rows):
        return False
    upper, lower = sheet.rows[top], sheet.rows[top + 1]
    gaps = [i for i in range(len(upper)) if is_blank(upper[i]) and not is_blank(lower[i])]
    below = filled(lower)
    texts = [heading_text(lower[i]) for i in below]
    if not gaps or any(not isinstance(lower[i], str) for i in below) or not _look_like_headings(lower, texts):
        return False
    if known and known_count(lower, known) == 0 and not _across(sheet, top):
        return False
    # Data has something in the first column; a second heading row stands below its groups only.
    return below[0] > 0 and all(i in gaps or i + 1 in gaps for i in below)


def _texts(sheet: Sheet, top: int, bottom: int) -> tuple[str, ...]:
    width = len(sheet.rows[top])
    parts: list[list[str]] = [[] for _ in range(width)]
    for index in range(top, bottom + 1):
        row = [heading_text(value) for value in sheet.rows[index]]
        for merged in _across(sheet, index):
            for column in range(merged.first_column, min(merged.last_column, width)):
                row[column] = row[merged.first_column - 1]
        if index == top and bottom > top and not _across(sheet, index):
            row = _spread(row, [heading_text(value) for value in sheet.rows[index + 1]])
        for column, text in enumerate(row):
            if text and text not in parts[column][-1:]:
                parts[column].append(text)
    return tuple("·".join(part) for part in parts)


def _spread(upper: list[str], lower: Sequence[str]) -> list[str]:
    """A group's name over the empty cells to its right that have a name below."""
    spread = list(upper)
    for column in range(1, len(spread)):
        if not spread[column] and lower[column]:
            spread[column] = spread[column - 1]
    return spread


def number_repeats(texts: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The texts with repeats numbered, and the texts that repeat.

    >>> number_repeats(["电话", "姓名", "电话"])
    (('电话', '姓名', '电话 2'), ('电话',))
    """
    seen: Counter[str] = Counter()
    named: list[str] = []
    for text in texts:
        seen[text] += 1
        named.append(text if seen[text] == 1 else f"{text} {seen[text]}")
    return tuple(named), tuple(text for text, count in seen.items() if count > 1)


def unnamed(column: int) -> str:
    """The name of a column without a heading; `column` counts from 1."""
    return f"（{column_letters(column)} 列无标题）"
