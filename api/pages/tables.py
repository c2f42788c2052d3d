"""Tables as pages show them: which columns, where their cells lead, and the same rows as a file.

A column `x_id` is the key of what its neighbour `x` names: on a page it is the link of that cell, in a file a
column of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Response

from api.formats import as_file
from api.pages.frame import Asked, here_with, query_address, to
from graph.ask import Answer, ParameterError
from graph.query_file import Column, QueryFile

PAGE_ROWS = 50
"""Rows of one page of a long list."""
_NAMED_ELSEWHERE = {"need_id": "title", "resource_id": "title", "id": "name"}
"""Key columns whose thing is named by a column of another name."""
_OWN_PAGE = ("need", "resource", "project", "unit")
"""Kinds of thing with pages of their own address; whatever else has a key shares one."""


@dataclass(frozen=True)
class Table:
    """A table of a page: an answer, and how it is shown. `key` tells it from the others of its page.

    All rows are in its files; a page shows those of `page`, counted from 1. `behind` is the address of the
    query. Columns of `warm` are shown the warmer the larger their number, those of `shares` as bars, those of
    `states` as chips; those of `hidden` are not shown. Where `drill` names a page, areas lead there.
    With `most`, only so many rows are shown, and `whole` is the address where all are, or that of the query.
    """

    key: str
    title: str
    answer: Answer
    behind: str = ""
    drill: str = ""
    warm: tuple[str, ...] = ()
    shares: tuple[str, ...] = ()
    states: tuple[str, ...] = ("state",)
    hidden: tuple[str, ...] = ()
    page: int = 1
    most: int = 0
    whole: str = ""

    @property
    def columns(self) -> list[tuple[Column, str]]:
        """The columns that are shown, each with the column of the key behind it, or an empty text."""
        keys = {
            _named_by(c.name): c.name
            for c in self.answer.query.returns
            if c.name == "id" or c.name.endswith("_id")
        }
        return [
            (column, keys.get(column.name, ""))
            for column in self.answer.query.returns
            if column.name not in keys.values() and column.name not in self.hidden
        ]  # fmt: skip

    @property
    def total(self) -> int:
        """How many rows there are on all pages."""
        return len(self.answer.rows)

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.total // PAGE_ROWS))

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows of this page."""
        if self.most:
            return self.answer.rows[: self.most]
        return self.answer.rows[(self.page - 1) * PAGE_ROWS : self.page * PAGE_ROWS]

    @property
    def downloads(self) -> list[tuple[str, str]]:
        """(word, address) of each file that holds the rows of all pages."""
        kinds = (("Excel", "xlsx"), ("CSV", "csv"))
        return [(word, here_with(table=self.key, file=kind, page=None)) for word, kind in kinds]

    def turned(self, own: Mapping[str, str]) -> "Table":
        """The table at the page that is asked for. Raises ParameterError for what is no number of a page."""
        text = own.get("page", "1")
        if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 100_000):
            raise ParameterError("page", f"参数 page 的值“{text[:20]}”不对：应为页码，从 1 开始")
        return replace(self, page=min(int(text), self.last))

    def link(self, key_column: str, row: Mapping[str, Any]) -> str | None:
        """Where a cell leads: the page of what it names, or the next page of a drill."""
        key = row.get(key_column) if key_column else None
        if not isinstance(key, str) or not has_page(key_column.removesuffix("_id")):
            return None
        if self.drill and key_column in ("id", "area_id", "street_id", "community_id", "building_id"):
            return to(self.drill, scope=key)
        return thing(key_column.removesuffix("_id"), key)

    def warmth(self, column: Column, value: Any) -> int:
        """How warm a number is shown: 0 for none, then 1 to 3 by thirds of the largest of its column."""
        if column.name not in self.warm or not value:
            return 0
        largest = max(row[column.name] or 0 for row in self.answer.rows)
        return int(-(-3 * value // largest))


def taken(answer: Answer, asked: Asked, place: str = "") -> Response:
    """An answer as the file that a page is asked for with `file`; `place` is the name of its area, that of the page
    if not said. Raises ParameterError for a kind that is neither csv nor xlsx."""
    kind = asked.own["file"]
    if kind not in ("csv", "xlsx"):
        raise ParameterError("file", f"参数 file 的值“{kind[:20]}”不对：应为 csv、xlsx 之一")
    return as_file(replace(answer, synthetic=asked.frame.demo), kind, place or asked.scope.name)


def file_of(tables: Sequence[Table], asked: Asked) -> Response:
    """The file that a page is asked for with `file` and `table`. Raises ParameterError for a table it lacks."""
    for table in tables:
        if table.key == asked.own.get("table", table.key):
            return taken(table.answer, asked)
    raise ParameterError("table", f"这个页面没有表 {asked.own.get('table', '')[:20]}，或表中没有内容")


def _named_by(key_column: str) -> str:
    return _NAMED_ELSEWHERE.get(key_column, key_column.removesuffix("_id"))


def has_page(kind: str) -> bool:
    """Whether a thing of a kind has a page, given the label in lower case or the name of a key's column.

    People have none, so that no address says who somebody is; nor have categories, and what lies around districts,
    as the parent of an area may.
    """
    return not kind.endswith(("person", "category", "city", "province", "parent"))


def thing(kind: str, key: str) -> str:
    """The address of the page about one thing of a kind: `thing("need", "N1")`."""
    return to(kind if kind in _OWN_PAGE else "entity", id=key)


def answered(key: str, title: str, answer: Answer, **shown: Any) -> Table:
    """A table of a named query's answer, with the query behind it."""
    return Table(key, title, answer, query_address(answer.query.name, answer.parameters), **shown)


def composed(
    name: str, title: str, columns: Sequence[Column], rows: list[dict[str, Any]], asked: Mapping[str, Any]
) -> Answer:
    """An answer that a page puts together from those of queries: `name` is the name of its files."""
    return Answer(QueryFile(name, title, "", (), tuple(columns), "", "", False), dict(asked), rows)
