"""OLE compound files: the container of `.xls` and of every password-protected `.xlsx`.

Reads as much of [MS-CFB] as is needed to list the streams and to take one out. The content is hostile
until proved otherwise: chains are bounded by the number of sectors, so a loop ends.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from struct import unpack, unpack_from

from loaders.problems import UnreadableError

MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
_END = 0xFFFFFFFA  # sector numbers from here on are marks: end of chain, free, table sectors
_STREAM, _ROOT = 2, 5


@dataclass(frozen=True, slots=True)
class _Entry:
    start: int
    size: int


@dataclass(frozen=True, slots=True)
class CompoundFile:
    """An opened compound file: `streams` are the names of all streams, wherever they stand."""

    content: bytes
    sector: int
    fat: tuple[int, ...]
    mini_fat: tuple[int, ...]
    mini_cutoff: int
    root: _Entry
    streams: Mapping[str, _Entry]

    def read(self, name: str) -> bytes:
        """The content of one stream. Raises KeyError when there is none of that name."""
        entry = self.streams[name]
        if entry.size >= self.mini_cutoff:
            return _chain(self.content, self.sector, self.fat, entry.start, 1)[: entry.size]
        mini = _chain(self.content, self.sector, self.fat, self.root.start, 1)
        return _chain(mini, 64, self.mini_fat, entry.start, 0)[: entry.size]


def open_compound(content: bytes) -> CompoundFile:
    """Open a compound file. Raises UnreadableError when it is cut off or damaged."""
    try:
        return _open(content)
    except (struct.error, IndexError) as reason:
        raise UnreadableError(
            "truncated-file", "文件不完整或已损坏；请重新传一份，或用 Excel 打开后另存为 xlsx"
        ) from reason


def _open(content: bytes) -> CompoundFile:
    sector = 1 << min(unpack_from("<H", content, 30)[0], 16)
    directory, cutoff, mini_start, mini_count, difat, difat_count = (
        unpack_from("<I", content, 48)[0],
        *unpack_from("<I", content, 56),
        *unpack_from("<4I", content, 60),
    )
    tables = [number for number in unpack_from("<109I", content, 76) if number < _END]
    per_sector = sector // 4
    for _ in range(min(difat_count, len(content) // sector)):
        *more, difat = unpack_from(f"<{per_sector}I", content, (difat + 1) * sector)
        tables += [number for number in more if number < _END]
    fat: list[int] = []
    for number in tables:
        fat += unpack_from(f"<{per_sector}I", content, (number + 1) * sector)
    mini = _chain(content, sector, tuple(fat), mini_start, 1) if mini_count else b""
    entries = _chain(content, sector, tuple(fat), directory, 1)
    streams: dict[str, _Entry] = {}
    root = _Entry(_END, 0)
    for at in range(0, len(entries) - 127, 128):
        length = unpack_from("<H", entries, at + 64)[0]
        name = entries[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
        entry = _Entry(*unpack_from("<II", entries, at + 116))
        if entries[at + 66] == _ROOT:
            root = entry
        elif entries[at + 66] == _STREAM:
            streams.setdefault(name, entry)
    return CompoundFile(
        content, sector, tuple(fat), unpack(f"<{len(mini) // 4}I", mini), cutoff, root, streams
    )


def _chain(content: bytes, sector: int, table: tuple[int, ...], start: int, header: int) -> bytes:
    """The sectors from `start` on, joined; `header` is the number of sectors before sector 0."""
    parts: list[bytes] = []
    number = start
    while number < _END:
        part = content[(number + header) * sector : (number + header + 1) * sector]
        if not part or len(parts) > len(table):
            raise IndexError("a chain that leaves the file or runs in a circle")
        parts.append(part)
        number = table[number]
    return b"".join(parts)
