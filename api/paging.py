"""Pages of an answer: `limit` and `after`, with a cursor that names its question and the last row seen. Pure."""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graph.ask import Answer, ParameterError
from graph.query_file import QueryFile

MOST = 1000
"""Rows of the largest page."""
USUAL = 100
"""Rows of a page where no limit is given."""
AFTER, LIMIT = "after", "limit"
_WHOLE_NUMBER = re.compile(r"[0-9]{1,4}")
_CURSOR = re.compile(r"[A-Za-z0-9_-]{1,200}")


@dataclass(frozen=True)
class Wanted:
    """Which page is asked for: `limit` rows (None: all of them) after the cursor `after` ("": from the first)."""

    limit: int | None = USUAL
    after: str = ""


@dataclass(frozen=True)
class Page:
    """Some rows of an answer, of how many in all, and the cursor of the next page; "" after the last."""

    rows: list[dict[str, Any]]
    total: int
    next: str


def limits_itself(query: QueryFile) -> bool:
    """Whether a query declares a limit of its own: so many rows of a ranking, in one page and with no next."""
    return any(param.name == LIMIT for param in query.params)


def wanted(
    query: QueryFile, given: Mapping[str, str], usual: int | None = USUAL
) -> tuple[Wanted, dict[str, str]]:
    """The page that is asked for, and what else is given, for the query.

    A query's own limit stays with the query, within the bounds that hold for every limit.
    Raises ParameterError for a limit that is no number from 1 to 1000.
    """  # fmt: skip
    rest = dict(given)
    if LIMIT in rest:
        _bounded(rest[LIMIT])
    if limits_itself(query):
        return Wanted(None), rest
    limit, after = rest.pop(LIMIT, None), rest.pop(AFTER, None)
    if after is not None and not _CURSOR.fullmatch(after):
        raise _broken()
    return Wanted(usual if limit is None else int(limit), after or ""), rest


def page(answer: Answer, asked: Wanted) -> Page:
    """The rows of the page. When data were loaded meanwhile the cursor's row is looked for, so that no row
    is shown twice; raises ParameterError when that row is gone or the cursor is of another question."""
    begin = _position(answer, asked.after) if asked.after else 0
    end = len(answer.rows) if asked.limit is None else min(begin + asked.limit, len(answer.rows))
    return Page(
        answer.rows[begin:end], len(answer.rows), _cursor(answer, end) if end < len(answer.rows) else ""
    )


def _bounded(text: str) -> None:
    if not _WHOLE_NUMBER.fullmatch(text) or not 1 <= int(text) <= MOST:
        raise ParameterError(LIMIT, f"参数 limit 的值“{text[:60]}”不对：应为 1 到 {MOST} 的整数")


def _broken() -> ParameterError:
    return ParameterError(
        AFTER, "参数 after 不对：它只能取自同一查询上一页的 next，参数也须相同；请去掉 after，从第一页开始"
    )


def _cursor(answer: Answer, end: int) -> str:
    """What says: the rows after the first `end` ones, the last of which looks so."""
    written = f"{_question(answer)}.{end}.{_digest(answer.rows[end - 1])}"
    return base64.urlsafe_b64encode(written.encode()).decode().rstrip("=")


def _position(answer: Answer, cursor: str) -> int:
    """How many rows come before the page. Raises ParameterError."""
    try:
        written = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        question, end, last = written.split(".")
        position = int(end)
    except (binascii.Error, ValueError):
        raise _broken() from None
    if question != _question(answer) or position < 1:
        raise _broken()
    if position <= len(answer.rows) and _digest(answer.rows[position - 1]) == last:
        return position
    found = [i for i, row in enumerate(answer.rows, 1) if _digest(row) == last]
    if not found:
        raise ParameterError(AFTER, "数据已更新，上一页的最后一行不在了；请去掉 after，从第一页开始")
    return min(found, key=lambda i: abs(i - position))


def _question(answer: Answer) -> str:
    return _digest([answer.query.name, answer.parameters])


def _digest(value: Any) -> str:
    """A short digest: it tells rows apart and says nothing of what is in them."""
    text = json.dumps(value, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
