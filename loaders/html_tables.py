"""Reading the tables of an HTML page: many systems export HTML under a name that ends in `.xls`. Pure."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from loaders.kinds import SAVE_AS, decode
from loaders.problems import UnreadableError
from loaders.sheets import Limits, Range

_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\n]+")


@dataclass(slots=True)
class HtmlTable:
    """One table: rows of texts, all of one length; an empty cell is an empty text."""

    rows: list[list[str]] = field(default_factory=list)
    merged: list[Range] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)


def read(content: bytes, limits: Limits) -> list[HtmlTable]:
    """The tables of a page. Raises UnreadableError when there is none, or one within another."""
    parser = _Parser(limits)
    parser.feed(_text(content))
    parser.close()
    tables = [table for table in parser.tables if any(any(row) for row in table.rows)]
    if not tables:
        raise UnreadableError("no-table", f"内容是网页（HTML），里面没有表格；{SAVE_AS}")
    for table in tables:
        width = max(map(len, table.rows))
        for row in table.rows:
            row += [""] * (width - len(row))
    return tables


def _text(content: bytes) -> str:
    stated = _CHARSET.search(content[:4096])
    if stated and stated[1].lower() in {b"gb2312", b"gbk", b"gb18030"}:
        try:
            return content.decode("gb18030")
        except UnicodeDecodeError:
            pass  # a page that states an encoding it does not have
    return decode(content)[0]


class _Parser(HTMLParser):
    """Builds the grid as a browser would: a cell takes the first free place of its row."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(convert_charrefs=True)
        self.limits = limits
        self.tables: list[HtmlTable] = []
        self.open = 0
        self.silent = 0
        self.taken: set[tuple[int, int]] = set()
        self.cell: list[str] | None = None
        self.place = (0, 0)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "table":
            self._open_table()
        elif tag in ("script", "style"):
            self.silent += 1
        elif tag == "br" and self.cell is not None:
            self.cell.append("\n")
        elif not self.open:
            return
        elif tag == "tr":
            self._close_cell()
            table = self.tables[-1]
            table.rows.append([])
            if _HIDDEN.search(values.get("style", "")):
                table.hidden_rows.add(len(table.rows))
        elif tag in ("td", "th"):
            self._close_cell()
            self._open_cell(_span(values.get("rowspan")), _span(values.get("colspan")))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr"):
            self._close_cell()
        elif tag in ("script", "style"):
            self.silent = max(0, self.silent - 1)
        elif tag == "table" and self.open:
            self._close_cell()
            self.open -= 1

    def handle_data(self, data: str) -> None:
        if self.cell is not None and not self.silent:
            self.cell.append(_SPACES.sub(" ", data))

    def _open_table(self) -> None:
        if self.cell is not None or self.open:
            raise UnreadableError("no-table", f"内容是网页（HTML），表格里套着表格，分不清行列；{SAVE_AS}")
        self.open += 1
        self.taken = set()
        self.tables.append(HtmlTable())

    def _open_cell(self, down: int, across: int) -> None:
        table = self.tables[-1]
        if not table.rows:
            table.rows.append([])
        row, column = len(table.rows), 1
        while (row, column) in self.taken:
            column += 1
        if column + across > self.limits.columns or len(self.taken) > self.limits.cells:
            raise UnreadableError(
                "too-many-columns", f"表格太大，最多能读 {self.limits.columns} 列；{SAVE_AS}"
            )
        if down > 1 or across > 1:
            table.merged.append(Range(row, column, row + down - 1, column + across - 1))
        self.taken.update((row + r, column + c) for r in range(down) for c in range(across))
        self.place, self.cell = (row, column), []

    def _close_cell(self) -> None:
        if self.cell is None:
            return
        row, column = self.place
        cells = self.tables[-1].rows[row - 1]
        cells += [""] * (column - len(cells))
        cells[column - 1] = "\n".join(line.strip() for line in "".join(self.cell).split("\n")).strip()
        self.cell = None


def _span(value: str | None) -> int:
    return min(max(int(value), 1), 1000) if value and value.isascii() and value.isdigit() else 1
