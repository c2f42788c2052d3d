"""Reading CSV and its relatives: encoding and delimiter are recognized and shown. Pure."""

import csv
import io
import re
from dataclasses import dataclass

from loaders.kinds import decode
from loaders.problems import UnreadableError
from loaders.sheets import Limits

_DELIMITERS = {",": "逗号", "\t": "制表符", ";": "分号", "，": "中文逗号"}
_LONGEST_CELL = 1_000_000
_AS_TEXT = re.compile('="(.*)"', re.DOTALL)  # how Excel is kept from dropping the zeros of a code


@dataclass(frozen=True, slots=True)
class Delimited:
    """The rows of a file, all of one length, with what was recognized (`encoding`, `delimiter` in Chinese)."""

    rows: list[list[str]]
    encoding: str
    delimiter: str


def read(content: bytes, limits: Limits) -> Delimited:
    """Read a delimited text. Raises UnreadableError with the sentence for the clerk.

    >>> read("名称;数量\\n会议室;1\\n".encode("gb18030"), Limits())
    Delimited(rows=[['名称', '数量'], ['会议室', '1']], encoding='GB18030', delimiter='分号')
    """
    text, encoding = decode(content)
    if stated := re.match(r"sep=(.)\r?\n", text):
        text, delimiter = text[stated.end() :], stated[1]
    else:
        delimiter = _delimiter(text)
    if "\0" in text:
        raise UnreadableError("not-a-spreadsheet", "文件里有不可见的控制字符，已损坏；请重新导出一份")
    rows = _rows(text, delimiter, limits)
    width = max(map(len, rows), default=0)
    if width > limits.columns:
        raise UnreadableError(
            "too-many-columns", f"有 {width} 列，最多能读 {limits.columns} 列；请删除多余的列后保存"
        )
    return Delimited(
        [row + [""] * (width - len(row)) for row in rows], encoding, _DELIMITERS.get(delimiter, delimiter)
    )


def _rows(text: str, delimiter: str, limits: Limits) -> list[list[str]]:
    csv.field_size_limit(_LONGEST_CELL)
    rows: list[list[str]] = []
    cells = 0
    # strict: otherwise one quote that is never closed would swallow the rest of the file into one cell
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            cells += len(row)
            if cells > limits.cells:
                raise UnreadableError(
                    "too-many-cells", f"内容超过 {limits.cells:,} 个单元格，太多了；请拆成几个文件"
                )
            rows.append([_AS_TEXT.sub(r"\1", value) if value[:2] == '="' else value for value in row])
    except csv.Error as reason:
        raise UnreadableError(
            "unbalanced-quotes",
            f"第 {len(rows) + 1} 行起引号没有成对，后面的内容分不清列；请把该行的英文双引号改对，或另存为 xlsx",
        ) from reason
    return rows


def _delimiter(text: str) -> str:
    """The delimiter that cuts the first lines most, and most evenly; a comma when there is none."""
    lines = [line for line in text[:20_000].splitlines()[:20] if line.strip()]

    def score(delimiter: str) -> tuple[int, int]:
        counts = [re.sub(r'"[^"]*"', "", line).count(delimiter) for line in lines]
        return (sum(1 for count in counts if count and count == max(counts)), sum(counts))

    best = max(_DELIMITERS, key=score, default=",")
    return best if score(best)[0] and (best != "，" or score(best)[0] == len(lines)) else ","
