"""The child process that parses one file: `python -m loaders.reader_child`, started by `loaders.workbook`.

Standard input holds one line of JSON (name, kind, limits) and then the file; standard output gets the
lines of `loaders.sheets`. Whatever a hostile file does to a parser, it does it here.
"""

import io
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineWorkbook

from loaders import biff, delimited, html_tables, odf, ole, ooxml
from loaders.extent import Extent, sound_extent
from loaders.kinds import Kind
from loaders.problems import UnreadableError, note, warning
from loaders.sheets import Limits, Range, Sheet, column_letters, encode_problem, encode_refusal, encode_sheet

Grid = list[list[object]]
_DAMAGED = "文件不完整或已损坏；请用 Excel 或 WPS 打开后另存一份再装入"


def limit_memory(limits: Limits) -> None:
    """Hold this process to its memory where the system can (POSIX); elsewhere the parent watches."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform.startswith("linux"):
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))


def lines_of(content: bytes, name: str, kind: Kind, limits: Limits) -> Iterator[bytes]:
    """The lines of one file: its sheets and its problems."""
    readers = {
        Kind.XLSX: _xlsx,
        Kind.XLS: _xls,
        Kind.ODS: _ods,
        Kind.CSV: _csv,
        Kind.HTML: _html,
    }
    try:
        yield from readers[kind](content, name, limits)
    except UnreadableError as refusal:
        yield encode_refusal(refusal.problem(name))
    except MemoryError:
        yield encode_refusal(too_costly().problem(name))


def too_costly() -> UnreadableError:
    """The refusal of a file that needs more memory than it may have."""
    return UnreadableError(
        "too-large", "读取时占用的内存超过上限，没有读取；请新建一个表格，只把需要的内容粘贴进去后保存"
    )


def _xlsx(content: bytes, name: str, limits: Limits) -> Iterator[bytes]:
    facts = ooxml.inspect(content, limits)
    for chart in facts.charts:
        yield encode_problem(note("chart-sheet", "是图表页，里面没有表格，已略过", file=name, sheet=chart))
    workbook = _calamine(content)
    for sheet in facts.sheets:
        try:
            rows = _xlsx_rows(content, workbook, sheet, limits)
        except UnreadableError as refusal:
            yield encode_problem(refusal.problem(name))
            continue
        for (row, column), text in sheet.overrides.items():
            if row <= len(rows) and column <= len(rows[row - 1]):
                rows[row - 1][column - 1] = text
        yield from _sheet_lines(
            Sheet(
                file=name,
                name=sheet.name,
                rows=(),
                hidden_rows=sheet.hidden_rows,
                hidden=sheet.hidden,
                merged=sheet.merged,
                date1904=facts.date1904,
            ),
            rows,
            sheet.extent,
        )
        if facts.stale and sheet.formulas:
            sentence = (
                "有公式，但文件由程序生成，公式的结果可能还没有计算；请用 Excel 或 WPS 打开，保存一次后再装入"
            )
            yield encode_problem(warning("stale-formulas", sentence, file=name, sheet=sheet.name))


def _xlsx_rows(
    content: bytes, workbook: CalamineWorkbook | None, sheet: ooxml.XlsxSheet, limits: Limits
) -> Grid:
    """The cells: by calamine, or by openpyxl where calamine fails or would build an endless rectangle."""
    if workbook is not None and sheet.exact and not sheet.extent.outside:
        rows = _calamine_rows(workbook, sheet.name)
        if rows is not None:
            # A formula without a result counts as content for us and as nothing for calamine.
            _widen(rows, sheet.overrides)
            return rows
    rows = _openpyxl(content, sheet.name, sheet.extent if sheet.exact else None, limits)
    if not sheet.exact:
        cells = [(r, c) for r, row in enumerate(rows, 1) for c, value in enumerate(row, 1) if value != ""]
        _cut(rows, sound_extent(cells, limits, sheet.name))
    return rows


def _calamine(content: bytes) -> CalamineWorkbook | None:
    """The workbook, or None when calamine cannot open it: openpyxl is asked next."""
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(content))
    except BaseException as reason:  # a panic in Rust arrives as a BaseException
        _pass_on(reason)
        return None


def _calamine_rows(workbook: CalamineWorkbook, sheet: str) -> Grid | None:
    try:
        return [list(row) for row in workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)]
    except BaseException as reason:
        _pass_on(reason)
        return None


def _pass_on(reason: BaseException) -> None:
    """Raise again what is not calamine's: the user's interrupt, the end, and the memory limit."""
    if isinstance(reason, KeyboardInterrupt | SystemExit | MemoryError):
        raise reason


def _openpyxl(content: bytes, sheet: str, extent: Extent | None, limits: Limits) -> Grid:
    from openpyxl import load_workbook

    try:
        workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        worksheet = workbook[sheet]
        worksheet.reset_dimensions()
        rows: Grid = []
        last_row = extent.last_row if extent else limits.cells
        last_column = extent.last_column if extent else None
        width = 0
        for row in worksheet.iter_rows(max_row=last_row, max_col=last_column, values_only=True):
            width = max(width, len(row))
            if len(row) > limits.columns or width * len(rows) > limits.cells:
                raise UnreadableError(
                    "too-many-cells",
                    f"内容太多：第 {len(rows) + 1} 行到了 {column_letters(len(row))} 列；请拆成几个文件",
                    sheet,
                )
            rows.append([_plain(value) for value in row])
    except (UnreadableError, MemoryError):
        raise
    except Exception as reason:  # the fallback's reasons are many; all of them mean a broken file
        raise UnreadableError("truncated-file", _DAMAGED, sheet) from reason
    for cells in rows:
        cells += [""] * (width - len(cells))
    return rows


def _plain(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, datetime) and value.time() == time():
        return value.date()
    return value if isinstance(value, str | int | float | bool | date | time | timedelta) else str(value)


def _widen(rows: Grid, cells: Iterable[tuple[int, int]]) -> None:
    """Make room for these cells, given as (row, column) from 1."""
    places = list(cells)
    height = max((row for row, _ in places), default=0)
    width = max([len(rows[0]) if rows else 0, *(column for _, column in places)])
    for row in rows:
        row += [""] * (width - len(row))
    for _ in range(height - len(rows)):
        rows.append([""] * width)


def _cut(rows: Grid, extent: Extent) -> None:
    del rows[extent.last_row :]
    for row in rows:
        del row[extent.last_column :]


def _xls(content: bytes, name: str, limits: Limits) -> Iterator[bytes]:
    facts = biff.inspect(ole.open_compound(content))
    workbook = _calamine(content)
    if workbook is None:
        raise UnreadableError("truncated-file", _DAMAGED)
    for index, (fact, title) in enumerate(zip(facts.sheets, workbook.sheet_names, strict=False)):
        try:
            sheet = workbook.get_sheet_by_index(index)
            rows, extent = _xls_rows(sheet.iter_rows(), sheet.total_height, sheet.total_width, title, limits)
        except UnreadableError as refusal:
            yield encode_problem(refusal.problem(name))
            continue
        except BaseException as reason:
            _pass_on(reason)
            raise UnreadableError("truncated-file", _DAMAGED, title) from reason
        for (row, column), text in fact.errors.items():
            if row <= len(rows) and column <= len(rows[row - 1]):
                rows[row - 1][column - 1] = text
        merged = tuple(
            Range(r1 + 1, c1 + 1, r2 + 1, c2 + 1) for (r1, c1), (r2, c2) in sheet.merged_cell_ranges or ()
        )
        yield from _sheet_lines(
            Sheet(name, title, (), 1, frozenset(fact.hidden_rows), fact.hidden, merged, facts.date1904),
            rows,
            extent,
        )


def _xls_rows(
    rows: Iterable[Sequence[object]],
    height: int,
    width: int,
    title: str,
    limits: Limits,
) -> tuple[Grid, Extent]:
    """All rows when they fit; else the sound part, gathered without building the rectangle."""
    if width <= limits.columns and height * width <= limits.cells:
        whole: Grid = []
        whole += (list(row) for row in rows)
        return whole, Extent(height, width)
    cells = {(r, c): value for r, row in enumerate(rows, 1) for c, value in enumerate(row, 1) if value != ""}
    extent = sound_extent(cells, limits, title)
    grid: Grid = [
        [cells.get((r, c), "") for c in range(1, extent.last_column + 1)]
        for r in range(1, extent.last_row + 1)
    ]
    return grid, extent


def _ods(content: bytes, name: str, limits: Limits) -> Iterator[bytes]:
    for sheet in odf.read(content, limits):
        try:
            extent = sheet.extent(limits)
        except UnreadableError as refusal:
            yield encode_problem(refusal.problem(name))
            continue
        found = Sheet(
            name, sheet.name, (), 1, frozenset(sheet.hidden_rows), sheet.hidden, tuple(sheet.merged), False
        )
        yield from _sheet_lines(found, sheet.rows(extent), extent)


def _csv(content: bytes, name: str, limits: Limits) -> Iterator[bytes]:
    table = delimited.read(content, limits)
    yield from encode_sheet(Sheet(name, "", ()), table.rows)
    if table.encoding != "UTF-8" or table.delimiter != "逗号":
        sentence = (
            f"文字编码识别为 {table.encoding}，各列以{table.delimiter}分隔；如果文字显示不对，请另存为 xlsx"
        )
        yield encode_problem(note("text-format", sentence, file=name))


def _html(content: bytes, name: str, limits: Limits) -> Iterator[bytes]:
    tables = html_tables.read(content, limits)
    for number, table in enumerate(tables, 1):
        title = f"表 {number}" if len(tables) > 1 else ""
        sheet = Sheet(name, title, (), 1, frozenset(table.hidden_rows), False, tuple(table.merged))
        yield from encode_sheet(sheet, table.rows)


def _sheet_lines(sheet: Sheet, rows: Grid, extent: Extent) -> Iterator[bytes]:
    yield from encode_sheet(sheet, rows)
    if extent.outside:
        yield encode_problem(warning("far-cell", extent.warning(), file=sheet.file, sheet=sheet.name))


def main() -> None:
    """Read the request and the file from standard input; answer on standard output."""
    request = json.loads(sys.stdin.buffer.readline())
    limits = Limits(**request["limits"])
    limit_memory(limits)
    content = sys.stdin.buffer.read()
    out = sys.stdout.buffer
    for line in lines_of(content, request["name"], Kind(request["kind"]), limits):
        out.write(line)
    out.write(b'{"end":true}\n')
    out.flush()


if __name__ == "__main__":
    main()
