"""From the paths that a user names to the input files in them: folders, zips, kinds, hashes."""

import hashlib
import os
import stat
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from loaders.kinds import DAMAGE, SAVE_AS, SUFFIXES, Kind, sniff
from loaders.problems import Problem, UnreadableError, error, note, warning

LARGEST_FILE = 200_000_000
"""Bytes of one input file, and of one unpacked member of a zip."""
LARGEST_ARCHIVE = 1_000_000_000
"""Bytes of all members of one zip, unpacked."""
MOST_MEMBERS = 2_000
"""Members of one zip."""


@dataclass(frozen=True, slots=True)
class InputFile:
    """One readable file: on disk, or a member of a zip on disk.

    `name` is what messages show (`清单.zip/资源清单.xlsx` for a member, the path below the named folder
    for a file of a folder). `sha256` is of the content, in hex. `member` is the name as the zip stores it.
    """

    path: Path
    member: str | None
    name: str
    sha256: str
    kind: Kind

    def read(self) -> bytes:
        """The content as it is now. Raises one of `kinds.DAMAGE` when it is gone or cannot be read."""
        if self.member is None:
            return self.path.read_bytes()
        with zipfile.ZipFile(self.path) as archive:
            return archive.read(self.member)


@dataclass(frozen=True, slots=True)
class _Named:
    """A file on disk with the name to show; `chosen` when the user named it and did not only find it."""

    path: Path
    name: str
    chosen: bool


def expand(paths: Sequence[Path]) -> tuple[list[InputFile], list[Problem]]:
    """Find every input file under `paths`: files, folders (with their folders) and zips, in a stable order.

    Lock files (`~$...`) and hidden files of a folder are left out with a note, and so is a file that is
    the same, byte for byte, as one before it. What cannot be read is an ERROR each.
    """
    files: list[InputFile] = []
    problems: list[Problem] = []
    seen: dict[str, str] = {}
    for named in _walk(paths, problems):
        try:
            found = _inputs(named, problems)
        except UnreadableError as refusal:
            problems.append(_unread(refusal, named))
            continue
        for file in found:
            if file.sha256 in seen:
                problems.append(
                    note("same-content", f"与 {seen[file.sha256]} 内容完全相同，只读一次", file=file.name)
                )
                continue
            seen[file.sha256] = file.name
            files.append(file)
    return files, problems


def _unread(refusal: UnreadableError, named: _Named) -> Problem:
    """An ERROR; a WARNING for what only lay in the folder and never claimed to be a table."""
    if not named.chosen and named.path.suffix.lower() not in SUFFIXES:
        return warning(refusal.code, f"{refusal.sentence}（已略过）", file=named.name)
    return refusal.problem(named.name)


def _walk(paths: Sequence[Path], problems: list[Problem]) -> Iterator[_Named]:
    done: set[Path] = set()
    for path in paths:
        if not path.exists():
            problems.append(error("no-such-file", "没有这个文件或文件夹；请核对路径", file=str(path)))
            continue
        found = list(_folder(path, problems)) if path.is_dir() else [_Named(path, path.name, True)]
        if not found:
            problems.append(
                warning("empty-folder", "文件夹里没有可以读取的文件；请核对路径", file=path.name or str(path))
            )
        for named in found:
            resolved = named.path.resolve()
            if resolved not in done:
                done.add(resolved)
                yield named


def _folder(folder: Path, problems: list[Problem]) -> Iterator[_Named]:
    def unreadable(reason: OSError) -> None:
        place = Path(reason.filename or folder).name
        problems.append(error("no-permission", "没有权限打开这个文件夹；请检查权限", file=place))

    for parent, folders, names in os.walk(folder, onerror=unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(parent) / name
            shown = path.relative_to(folder).as_posix()
            if reason := _left_out(name):
                problems.append(note("skipped-file", reason, file=shown))
            else:
                yield _Named(path, shown, False)


def _left_out(name: str) -> str | None:
    if name.startswith("~$"):
        return "是 Excel 打开文件时的临时文件，已略过；如果表格还开着，请先保存并关闭"
    if name.startswith(".") or name.lower() in {"thumbs.db", "desktop.ini"}:
        return "是隐藏文件或系统文件，已略过"
    return None


def _inputs(named: _Named, problems: list[Problem]) -> list[InputFile]:
    try:
        mode = named.path.stat()
        if not stat.S_ISREG(mode.st_mode):
            raise UnreadableError("not-a-file", "不是普通文件，不能读取")
        if mode.st_size > LARGEST_FILE:
            raise UnreadableError(
                "too-large", f"文件超过 {LARGEST_FILE // 1_000_000} MB，太大了；请拆成几个文件后再装入"
            )
        content = named.path.read_bytes()
    except OSError as reason:
        raise UnreadableError(
            "no-permission", "文件打不开，可能没有权限或正被占用；请关闭正在使用它的程序后再试"
        ) from reason
    if sniff(content) is Kind.ZIP:
        if named.path.suffix.lower() not in {".zip", ""}:
            raise UnreadableError("not-a-spreadsheet", f"内容是压缩包或损坏的文档，不是表格；{SAVE_AS}")
        return _members(named, problems)
    return [_input(content, named.path, None, named.name, problems)]


def _input(content: bytes, path: Path, member: str | None, name: str, problems: list[Problem]) -> InputFile:
    kind = sniff(content)
    suffix = PurePosixPath(name).suffix.lower()
    promised = SUFFIXES.get(suffix)
    if kind is Kind.CSV and promised is None and suffix:
        raise UnreadableError("not-a-spreadsheet", f"是 {suffix} 文件，不是表格；{SAVE_AS}")
    if promised is not None and promised is not kind:
        sentence = f"文件名以 {suffix} 结尾，内容其实是 {_SHOWN[kind]}，已按内容读取；建议另存为 xlsx"
        problems.append(note("name-disagrees", sentence, file=name))
    if suffix in {".xlsm", ".xltm"}:
        problems.append(note("macros-ignored", "文件带有宏，宏不会运行，只读取表格内容", file=name))
    return InputFile(path, member, name, hashlib.sha256(content).hexdigest(), kind)


_SHOWN = {
    Kind.XLSX: "xlsx 工作簿",
    Kind.XLS: "xls 工作簿",
    Kind.ODS: "ods 工作簿",
    Kind.CSV: "文本（CSV）",
    Kind.HTML: "网页（HTML）",
    Kind.ZIP: "压缩包",
}


def _members(named: _Named, problems: list[Problem]) -> list[InputFile]:
    files: list[InputFile] = []
    with zipfile.ZipFile(named.path) as archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        _refuse_bomb(infos)
        for info in sorted(infos, key=_shown_member):
            shown = f"{named.name}/{_shown_member(info)}"
            if reason := _left_out(PurePosixPath(shown).name):
                problems.append(note("skipped-file", reason, file=shown))
                continue
            if "__MACOSX" in PurePosixPath(shown).parts:
                continue
            try:
                content = _read_member(archive, info)
                if sniff(content) is Kind.ZIP:
                    raise UnreadableError("nested-zip", "压缩包里还有压缩包，不能读取；请先解压里面的压缩包")
                files.append(_input(content, named.path, info.filename, shown, problems))
            except UnreadableError as refusal:
                problems.append(refusal.problem(shown))
    if not infos:
        problems.append(error("empty-file", "压缩包里没有文件；请核对", file=named.name))
    return files


def _refuse_bomb(infos: Sequence[zipfile.ZipInfo]) -> None:
    if len(infos) > MOST_MEMBERS:
        raise UnreadableError("too-large", f"压缩包里的文件超过 {MOST_MEMBERS} 个；请分成几个压缩包")
    total = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos)
    if total > LARGEST_ARCHIVE or (total > LARGEST_FILE and total > 100 * packed):
        raise UnreadableError(
            "zip-bomb", f"压缩包解压后有 {total // 1_000_000} MB，异常地大，为安全起见没有读取；请解压后核对"
        )


def _shown_member(info: zipfile.ZipInfo) -> str:
    """The name as it was written: Windows writes GB18030 without saying so, which reads as cp437.

    >>> _shown_member(zipfile.ZipInfo("清单.xlsx".encode("gb18030").decode("cp437")))
    '清单.xlsx'
    """
    name = info.filename
    if not info.flag_bits & 0x800:
        for codec in ("utf-8", "gb18030"):
            try:
                name = info.filename.encode("cp437").decode(codec)
                break
            except (UnicodeEncodeError, UnicodeDecodeError):
                continue
    return name.replace("\\", "/")


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    shown = _shown_member(info)
    if ".." in PurePosixPath(shown).parts or shown.startswith("/") or shown[1:2] == ":":
        raise UnreadableError(
            "path-traversal", "压缩包里的路径指向别的文件夹，为安全起见没有读取；请重新打包"
        )
    if stat.S_ISLNK(info.external_attr >> 16):
        raise UnreadableError("path-traversal", "压缩包里是一个链接，不是文件；请把文件本身打包")
    if info.flag_bits & 1:
        raise UnreadableError("password", "压缩包有密码，无法读取；请解压后再装入")
    if info.file_size > LARGEST_FILE:
        raise UnreadableError(
            "too-large", f"解压后超过 {LARGEST_FILE // 1_000_000} MB，太大了；请拆成几个文件"
        )
    try:
        return archive.read(info)
    except DAMAGE as reason:
        raise UnreadableError("truncated-file", "在压缩包里已损坏；请重新打包") from reason
