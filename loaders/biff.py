"""What python-calamine does not tell about an `.xls`: passwords, epoch, hidden rows, error cells.

Walks the records of the workbook stream ([MS-XLS]); the values themselves come from calamine.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from struct import unpack_from

from loaders.ole import CompoundFile
from loaders.problems import UnreadableError

_BOF, _EOF, _FILEPASS, _DATEMODE, _BOUNDSHEET = 0x809, 0x0A, 0x2F, 0x22, 0x85
_ROW, _BOOLERR, _FORMULA = 0x208, 0x205, 0x06
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


@dataclass(slots=True)
class XlsSheet:
    """Facts of one sheet. Rows count from 1; `errors` maps (row, column), both from 1, to its text."""

    hidden: bool
    hidden_rows: set[int] = field(default_factory=set)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class XlsFacts:
    """Facts of a workbook; `sheets` follow the order of the workbook's own list of sheets."""

    date1904: bool
    sheets: tuple[XlsSheet, ...]


def inspect(file: CompoundFile) -> XlsFacts:
    """Read the facts. Raises UnreadableError for a password or a damaged stream."""
    date1904 = False
    offsets: list[tuple[int, XlsSheet]] = []
    try:
        stream = file.read("Workbook" if "Workbook" in file.streams else "Book")
        for record, at, _ in _records(stream, 0):
            if record == _FILEPASS:
                raise UnreadableError(
                    "password", "文件有打开密码，无法读取；请用 Excel 或 WPS 打开，去掉密码后保存，再装入"
                )
            if record == _DATEMODE:
                date1904 = unpack_from("<H", stream, at)[0] == 1
            elif record == _BOUNDSHEET:
                offset, state = unpack_from("<IB", stream, at)
                offsets.append((offset, XlsSheet(hidden=state & 3 != 0)))
        for offset, sheet in offsets:
            _inspect_sheet(stream, offset, sheet)
    except (struct.error, LookupError) as reason:
        raise UnreadableError("truncated-file", "文件不完整或已损坏；请重新传一份") from reason
    return XlsFacts(date1904, tuple(sheet for _, sheet in offsets))


def _inspect_sheet(stream: bytes, offset: int, sheet: XlsSheet) -> None:
    for record, at, length in _records(stream, offset):
        if record == _ROW and length >= 16:
            if unpack_from("<H", stream, at + 12)[0] & 0x20:
                sheet.hidden_rows.add(unpack_from("<H", stream, at)[0] + 1)
        elif record == _BOOLERR and length >= 8 and stream[at + 7]:
            _mark(stream, at, stream[at + 6], sheet)
        elif record == _FORMULA and length >= 14 and _is_error(stream[at + 6 : at + 14]):
            _mark(stream, at, stream[at + 8], sheet)


def _is_error(result: bytes) -> bool:
    return result[0] == 2 and result[6:] == b"\xff\xff"


def _mark(stream: bytes, at: int, code: int, sheet: XlsSheet) -> None:
    row, column = unpack_from("<HH", stream, at)
    sheet.errors[row + 1, column + 1] = _ERRORS.get(code, "#N/A")


def _records(stream: bytes, start: int) -> Iterator[tuple[int, int, int]]:
    """(record, offset of its content, length) of one substream, up to the EOF that closes it."""
    at, depth = start, 0
    while at + 4 <= len(stream):
        record, length = unpack_from("<HH", stream, at)
        yield record, at + 4, length
        at += 4 + length
        depth += {_BOF: 1, _EOF: -1}.get(record, 0)
        if record == _EOF and depth <= 0:
            return
