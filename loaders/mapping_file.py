"""Mapping files: TOML that a clerk edits, remembered per source in a folder.

Per sheet a line "their heading" = "our heading". `loaders.mapping` says what the words mean.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from loaders.layout import SheetLayout
from loaders.mapping import IGNORE, UNSURE, SheetMapping, SourceMapping
from loaders.problems import Problem, error
from loaders.qualifiers import QUALIFIES, can_be_qualified
from loaders.source_names import REJECTED

_CONTROL = re.compile("[\x00-\x1f\x7f]+")
_HEADER = """\
# 邻脉对照表：左边是你们表里的列名，右边是邻脉的列名。
# 右边写“忽略”的列不导入；空着的是不认识的列，请填邻脉的列名或“忽略”。
# “待确认：”开头的是猜的，核对以后把“待确认：”三个字和冒号删掉才会导入；不对就改掉。
# 改好后：linmai load 文件 --mapping 本文件
"""


def write(mapping: SourceMapping) -> str:
    """The text of a mapping file: TOML with Chinese comments."""
    return _HEADER + "\n".join(_lines(mapping)) + "\n"


def _lines(mapping: SourceMapping) -> Iterator[str]:
    yield f"\nsource = {_quoted(mapping.source)}  # 来源：同一来源以后各期都用这份对照表"
    for sheet in mapping.sheets:
        yield "\n[[sheet]]"
        yield f"name = {_quoted(sheet.sheet)}  # 你们的工作表名"
        yield f"layout = {_quoted(sheet.layout)}  # 邻脉的表名；整张表都不要就写“忽略”"
        yield "\n[sheet.columns]  # 你们的列名 = 邻脉的列名"
        for theirs, ours in sheet.columns.items():
            yield _line(theirs, ours, sheet.remarks.get(theirs, ""))
        if sheet.constants:
            yield "\n[sheet.constants]  # 整张表每一行都一样的内容：邻脉的列名 = 内容"
            for heading, value in sheet.constants.items():
                yield _line(heading, value, sheet.remarks.get(heading, ""))


def _line(key: str, value: str, remark: str) -> str:
    comment = f"  # {_CONTROL.sub(' ', remark)}" if remark else ""
    return f"{_quoted(key)} = {_quoted(value)}{comment}"


def _quoted(text: str) -> str:
    """A TOML basic string; its escapes are those of JSON, and DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def parse(text: str, layouts: Sequence[SheetLayout], file: str) -> SourceMapping | Problem:
    """Read a mapping file. A bad one gives one problem with the line in `row`; `file` is its name for messages."""
    try:
        data = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as wrong:
        said = re.search(r"line (\d+)", str(wrong))
        line = int(said[1]) if said else text.count("\n") + 1
        return _bad(file, line, "不合对照表的写法；列名和内容都要放在英文双引号里，中间是英文等号，同一列名只写一次，例如 \"手机号码\" = \"联系电话\"")  # fmt: skip
    return _Reading(text, layouts, file).mapping(data)


def _bad(file: str, line: int | None, sentence: str) -> Problem:
    return error("bad-mapping", sentence, file=file, row=line)


class _Reading:
    """Checks what a mapping file says against the layouts; the first thing that is wrong ends it."""

    def __init__(self, text: str, layouts: Sequence[SheetLayout], file: str) -> None:
        self._lines = text.splitlines()
        self._layouts = {word: layout for layout in layouts for word in (layout.name, layout.title)}
        self._file = file

    def mapping(self, data: Mapping[str, object]) -> SourceMapping | Problem:
        """The mapping, or what is wrong with it."""
        source, sheets = data.get("source"), data.get("sheet")
        if not isinstance(source, str) or not source.strip():
            return _bad(
                self._file, self._at("source"), '缺少来源；请在开头写一行，例如 source = "党员花名册"'
            )
        if not isinstance(sheets, list) or not sheets:
            return _bad(
                self._file, None, "没有一张表；每张表以 [[sheet]] 开头，可用 linmai map 文件 重新写出一份"
            )
        found: list[SheetMapping] = []
        for number, sheet in enumerate(sheets):
            read = self._sheet(sheet, number)
            if isinstance(read, Problem):
                return read
            found.append(read)
        return SourceMapping(source, tuple(found))

    def _sheet(self, data: object, number: int) -> SheetMapping | Problem:
        start = self._at_sheet(number)
        if not isinstance(data, dict):
            return _bad(self._file, start, "表要以 [[sheet]] 开头，可用 linmai map 文件 重新写出一份")
        name, title = data.get("name"), data.get("layout", "")
        columns, constants = data.get("columns", {}), data.get("constants", {})
        if not isinstance(name, str):
            return _bad(self._file, start, '缺少工作表名；请写一行，例如 name = "Sheet1"')
        if not isinstance(title, str) or not (_texts(columns) and _texts(constants)):
            return _bad(
                self._file, start, '列名、表名和内容都要放在英文双引号里，例如 "手机号码" = "联系电话"'
            )
        layout = self._layouts.get(title.removeprefix(UNSURE))
        if title not in ("", IGNORE) and layout is None:
            known = "、".join(dict.fromkeys(each.title for each in self._layouts.values()))
            return _bad(
                self._file,
                self._at("layout", start),
                f"没有“{title.removeprefix(UNSURE)}”这种表；可以写：{known}，或“忽略”",
            )
        wrong = self._headings(columns, constants, layout, start) if layout else None
        return wrong or SheetMapping(name, title, columns, constants)

    def _headings(
        self, columns: Mapping[str, str], constants: Mapping[str, str], layout: SheetLayout, start: int
    ) -> Problem | None:
        known = {c.heading for c in layout.columns}
        outer = {c.heading + QUALIFIES for c in layout.columns if can_be_qualified(c)}
        taken: dict[str, str] = {}
        for theirs, entry in columns.items():
            ours = entry.removeprefix(UNSURE)
            if ours in ("", IGNORE) or ours in outer:
                continue
            if ours not in known:
                return _bad(
                    self._file,
                    self._at(theirs, start),
                    f"「{layout.title}」表没有「{ours}」列；可以写：{'、'.join(c.heading for c in layout.columns)}，或“忽略”",
                )
            if ours in taken:
                return _bad(
                    self._file,
                    self._at(theirs, start),
                    f"「{taken[ours]}」和「{theirs}」都写成了「{ours}」；只能有一列，另一列请写“忽略”",
                )
            taken[ours] = theirs
        for ours in constants:
            if ours not in known:
                return _bad(
                    self._file,
                    self._at(ours, start),
                    f"「{layout.title}」表没有「{ours}」列；可以写：{'、'.join(c.heading for c in layout.columns)}",
                )
        return None

    def _at_sheet(self, number: int) -> int:
        starts = [n for n, line in enumerate(self._lines, 1) if line.strip().startswith("[[sheet]]")]
        return starts[number] if number < len(starts) else 1

    def _at(self, key: str, start: int = 1) -> int | None:
        """The number of the line on which a key is written, from a line on."""
        ways = (_quoted(key), key, f"'{key}'")
        numbered = list(enumerate(self._lines, 1))[start - 1 :]
        return next((n for n, line in numbered if line.lstrip().startswith(ways)), None)


def _texts(table: object) -> bool:
    return isinstance(table, dict) and all(isinstance(v, str) for v in table.values())


def remember(folder: Path, mapping: SourceMapping) -> Path:
    """Write the mapping of a source to the folder of remembered mappings (made if missing), replacing an older one."""
    folder.mkdir(parents=True, exist_ok=True)
    path = _remembered(folder, mapping.source)
    fresh = path.with_suffix(".new")
    fresh.write_text(write(mapping), encoding="utf-8")
    fresh.replace(path)
    return path


def recall(folder: Path, source: str, layouts: Sequence[SheetLayout]) -> SourceMapping | Problem | None:
    """The remembered mapping of a source; None when there is none. An error workbook is read as its register."""
    path = _remembered(folder, source.removesuffix(REJECTED))
    if not path.is_file():
        return None
    return parse(path.read_text(encoding="utf-8", errors="replace"), layouts, path.name)


def _remembered(folder: Path, source: str) -> Path:
    """The file of a source: its name where a file may be called so, told apart by a digest of the whole name."""
    readable = re.sub(r"[^\w\u4e00-\u9fff-]+", "_", source)[:60]
    return folder / f"{readable}-{hashlib.sha256(source.encode()).hexdigest()[:8]}.toml"
