"""From a sheet as it stands to tables with headings: titles, two-row headings, merged cells, totals. Pure.

Nothing is dropped in silence: every row that is left out, and every value that is filled in, has a note.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from loaders.cells import CellValue, Refused, clean_text, to_decimal, to_text
from loaders.headings import (
    Cells,
    Heading,
    bare,
    filled,
    find_heading,
    heading_text,
    is_blank,
    known_count,
    number_repeats,
    unnamed,
)
from loaders.problems import Problem, error, note, warning
from loaders.sheets import Sheet, column_letters

EXAMPLE_MARKER = "【示例】"
"""The first filled cell of a template's example row starts with this; such a row is never loaded."""

GUIDE_SHEETS = frozenset({"填写说明", "填报说明", "填表说明", "说明"})
"""Sheets of these names say how to fill in the others (our templates have one) and hold no data."""

_EXAMPLES = frozenset({"示例", "例", "样例", "范例", "填写示例", "示例行"})
_TOTAL = re.compile(r"(?:.{0,10})(?:合计|小计|总计|共计|累计|总数)[:：]?")
_REMARK = re.compile(
    r"(?:注|备注|附注|说明|填[表报写]说明|填[表报写](?:人|单位|日期|时间)|制表(?:人|单位|日期|时间)?|审[核批](?:人)?"
    r"|(?:单位|部门)?(?:负责人|领导)(?:[（(]?签字[)）]?)?|复核(?:人)?|联系(?:人|电话)|日期|[（(]?(?:单位)?(?:盖|公)章[)）]?)"
    r"\s*(?:\d\s*)?[：:].*",
    re.DOTALL,
)
_SHOWN_ROWS = 10


@dataclass(frozen=True, slots=True)
class Row:
    """One data row. `number` is the row number in the sheet (1-based); values match the headings."""

    number: int
    values: tuple[CellValue, ...]
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table found in a sheet.

    `headings`, `columns` (letters as the clerk sees them: A, B, ...) and the values of every row have
    the same length. A two-row heading is joined as 上·下. A heading that occurs twice is numbered
    (联系电话, 联系电话 2). A column with content and no heading is named （C 列无标题）. `heading_row` is
    the number of the heading's last row. `title` is the text of the rows above the heading, lines
    joined by a newline.
    """

    file: str
    sheet: str
    headings: tuple[str, ...]
    columns: tuple[str, ...]
    heading_row: int
    rows: tuple[Row, ...]
    title: str = ""
    date1904: bool = False


@dataclass(slots=True)
class _Findings:
    """What was left out or filled in while walking the rows: row numbers by reason."""

    blank: list[int] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)
    remarks: list[int] = field(default_factory=list)
    examples: list[int] = field(default_factory=list)
    repeated: list[int] = field(default_factory=list)
    ordinals: list[int] = field(default_factory=list)
    doubtful: list[int] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)


_SENTENCES = (
    ("blank", "blank-rows", "是空行，已略过"),
    ("totals", "total-row", "是合计行，已略过"),
    ("remarks", "remark-row", "是表格下方的说明或签字，已略过"),
    ("examples", "example-row", "是示例行，已略过"),
    ("repeated", "repeated-heading", "重复了标题行，已略过"),
    ("ordinals", "ordinal-row", "是栏次编号，已略过"),
    ("hidden", "hidden-rows", "是隐藏行，已照常读取；如不需要，请删除后再装入"),
)


def find_tables(sheet: Sheet, known_headings: Collection[str] = ()) -> tuple[list[Table], list[Problem]]:
    """Find the tables of a sheet. `known_headings` are words that certainly are headings.

    With them, a second table below the first is recognized by its own heading. A hidden sheet is not
    read (it holds the lists of drop-downs more often than data), and a note says so.
    """
    if sheet.hidden:
        sentence = "是隐藏的工作表，没有读取；如果里面是要装入的数据，请取消隐藏并保存"
        return [], [note("hidden-sheet", sentence, file=sheet.file, sheet=sheet.name)]
    if sheet.name in GUIDE_SHEETS:
        sentence = "是说明页，不是数据，没有读取"
        return [], [note("guide-sheet", sentence, file=sheet.file, sheet=sheet.name)]
    if not any(filled(row) for row in sheet.rows):
        return [], [note("empty-sheet", "是空表，没有内容", file=sheet.file, sheet=sheet.name)]
    known = {bare(heading_text(word)) for word in known_headings}
    tables: list[Table] = []
    problems: list[Problem] = []
    start = 0
    while (heading := find_heading(sheet, start, known)) is not None:
        end = _next_table(sheet, heading, known)
        table, found = _read_table(sheet, heading, start, end)
        tables.append(table)
        problems += found
        if end == len(sheet.rows):
            break
        start = end
    if not tables:
        sentence = "没有找到标题行，整张表没有读取；请在数据上方加一行列名，例如 名称、地址、联系电话"
        problems.append(error("no-heading", sentence, file=sheet.file, sheet=sheet.name))
    return tables, problems


def _next_table(sheet: Sheet, heading: Heading, known: Collection[str]) -> int:
    """The index of the first row of the next table, its title included; the number of rows if none."""
    names = {bare(text) for text in heading.texts if text}
    longest = 2 * max(map(len, known), default=0) + 10
    for index in range(heading.bottom + 2, len(sheet.rows) if known else 0):
        row = sheet.rows[index]
        # One of the first three cells must be known, so that a large sheet is not compared cell by cell.
        begin = [value for value in row[:3] if isinstance(value, str) and len(value) <= longest]
        if not any(bare(heading_text(value)) in known for value in begin):
            continue
        cells = filled(row)
        words = {bare(heading_text(row[i])) for i in cells}
        if known_count(row, known) >= max(2, len(cells) / 2) and not words <= names:
            while index - 1 > heading.bottom and len(filled(sheet.rows[index - 1])) == 1:
                index -= 1
            return index
    return len(sheet.rows)


def _read_table(sheet: Sheet, heading: Heading, start: int, end: int) -> tuple[Table, list[Problem]]:
    body = [list(row) for row in sheet.rows[heading.bottom + 1 : end]]
    first = sheet.first_row + heading.bottom + 1
    merged_rows = _fill_down(sheet, body, first)
    used = [i for i, text in enumerate(heading.texts) if text or any(not is_blank(row[i]) for row in body)]
    names, repeats = number_repeats([heading.texts[i] or unnamed(i + 1) for i in used])
    findings = _Findings()
    rows = list(_data_rows(sheet, heading, body, first, used, findings))
    problems = [
        note(code, f"{_rows(getattr(findings, name))}{text}", file=sheet.file, sheet=sheet.name)
        for name, code, text in _SENTENCES
        if getattr(findings, name)
    ]
    problems += _doubts(sheet, heading, used, repeats, findings)
    if merged_rows:
        sentence = f"{_rows(merged_rows)}有纵向合并的单元格，已把内容填到合并的每一行"
        problems.append(note("merged-cells", sentence, file=sheet.file, sheet=sheet.name))
    if not rows:
        problems.append(note("no-rows", "只有标题行，下面没有数据", file=sheet.file, sheet=sheet.name))
    table = Table(
        file=sheet.file,
        sheet=sheet.name,
        headings=names,
        columns=tuple(column_letters(i + 1) for i in used),
        heading_row=sheet.first_row + heading.bottom,
        rows=tuple(rows),
        title="\n".join(_title_lines(sheet.rows[start : heading.top])),
        date1904=sheet.date1904,
    )
    return table, problems


def _doubts(
    sheet: Sheet, heading: Heading, used: Sequence[int], repeats: Sequence[str], findings: _Findings
) -> list[Problem]:
    """What was read but needs a look."""
    problems: list[Problem] = []
    for i in used:
        if not heading.texts[i]:
            sentence = f"{column_letters(i + 1)} 列有内容但没有标题；请在标题行写上列名，或清空该列"
            problems.append(warning("unnamed-column", sentence, file=sheet.file, sheet=sheet.name))
    for text in repeats:
        sentence = f"标题“{text}”出现了不止一次，后面的依次编号为“{text} 2”等；请把标题改成不同的名称"
        problems.append(warning("repeated-column", sentence, file=sheet.file, sheet=sheet.name, column=text))
    for number in findings.doubtful:
        sentence = "像是合计行，但还有别的文字，已按数据读取；如果是合计，请删除该行"
        problems.append(
            warning("total-row-doubtful", sentence, file=sheet.file, sheet=sheet.name, row=number)
        )
    return problems


def _fill_down(sheet: Sheet, body: list[list[CellValue]], first: int) -> list[int]:
    """Fill data cells merged over several rows; the first rows of those merged cells."""
    touched: set[int] = set()
    for merged in sheet.merged:
        top, column = merged.first_row - first, merged.first_column - 1
        bottom = min(merged.last_row - first, len(body) - 1)
        if top < 0 or bottom <= top or column >= len(body[0]) or is_blank(body[top][column]):
            continue
        for index in range(top + 1, bottom + 1):
            body[index][column] = body[top][column]
        touched.add(merged.first_row)
    return sorted(touched)


def _data_rows(
    sheet: Sheet,
    heading: Heading,
    body: Sequence[Cells],
    first: int,
    used: Sequence[int],
    findings: _Findings,
) -> Iterable[Row]:
    last = next((i for i in reversed(range(len(body))) if filled(body[i])), -1)
    for index, row in enumerate(body[: last + 1]):
        number = first + index
        cells = filled(row)
        if not cells:
            findings.blank.append(number)
            continue
        reason = _left_out(row, cells, heading, index)
        if reason is not None:
            getattr(findings, reason).append(number)
            continue
        if _TOTAL.fullmatch(_word(row[cells[0]])):
            findings.doubtful.append(number)
        hidden = number in sheet.hidden_rows
        if hidden:
            findings.hidden.append(number)
        yield Row(number, tuple(row[i] for i in used), hidden)


def _left_out(row: Cells, cells: Sequence[int], heading: Heading, index: int) -> str | None:
    """The field of `_Findings` for a row that is not data, or None."""
    word = _word(row[cells[0]])
    if word.startswith(EXAMPLE_MARKER) or word.strip("（）()：:") in _EXAMPLES:
        return "examples"
    if _TOTAL.fullmatch(word) and all(_is_figure(row[i]) for i in cells[1:]):
        return "totals"
    if _REMARK.fullmatch(word):
        return "remarks"
    # The first cell alone decides for nearly every row.
    if (
        len(cells) >= 2
        and word in heading.texts[cells[0]].split("·")
        and all(_word(row[i]) in heading.texts[i].split("·") for i in cells)
    ):
        return "repeated"
    if index == 0 and len(cells) >= 3 and _is_ordinal([_word(row[i]) for i in cells]):
        return "ordinals"
    return None


def _word(value: CellValue) -> str:
    """The text of a cell without any space, for comparing with fixed words."""
    text = to_text(value)
    return "".join(text.split()) if isinstance(text, str) else ""


def _is_figure(value: CellValue) -> bool:
    """Whether a cell beside 合计 holds a figure, perhaps with its unit, or nothing that matters."""
    word = _word(value)
    if not word or set(word) <= set("-—–/\\"):
        return True
    if not isinstance(to_decimal(word), Refused) or isinstance(to_text(value), Refused):
        return True
    return re.fullmatch(r"[\d,.]+%?\D{0,2}", clean_text(word)) is not None


def _is_ordinal(words: Sequence[str]) -> bool:
    """Whether words number the columns: 1 2 3, (1) (2) (3), or 甲 乙 1 2 as in statistical forms."""
    plain = [word.strip("()（）栏") for word in words]
    while plain and plain[0] in {"甲", "乙", "丙", "丁", "序号"}:
        plain = plain[1:]
    return len(plain) >= 2 and plain == [str(n) for n in range(1, len(plain) + 1)]


def _title_lines(rows: Iterable[Cells]) -> Iterable[str]:
    for row in rows:
        texts = [heading_text(row[i]) for i in filled(row)]
        if texts:
            yield " ".join(dict.fromkeys(texts))


def _rows(numbers: Sequence[int]) -> str:
    """Rows as a clerk names them.

    >>> _rows([3]), _rows([3, 5]), _rows(range(1, 31))
    ('第 3 行', '第 3、5 行', '第 1、2、3、4、5、6、7、8、9、10 等 30 行')
    """
    shown = "、".join(str(number) for number in numbers[:_SHOWN_ROWS])
    return f"第 {shown} 等 {len(numbers)} 行" if len(numbers) > _SHOWN_ROWS else f"第 {shown} 行"
