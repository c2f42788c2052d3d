"""What a file is by its content, whatever its name says."""

import io
import lzma
import re
import zipfile
import zlib
from enum import StrEnum

from loaders import ole
from loaders.problems import UnreadableError


class Kind(StrEnum):
    """What a file is by its content; ZIP is an archive of files, never a workbook."""

    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    CSV = "csv"
    HTML = "html"
    ZIP = "zip"


SUFFIXES: dict[str, Kind] = {
    ".xlsx": Kind.XLSX,
    ".xlsm": Kind.XLSX,
    ".xltx": Kind.XLSX,
    ".xltm": Kind.XLSX,
    ".xls": Kind.XLS,
    ".et": Kind.XLS,
    ".xlt": Kind.XLS,
    ".ods": Kind.ODS,
    ".csv": Kind.CSV,
    ".tsv": Kind.CSV,
    ".txt": Kind.CSV,
    ".zip": Kind.ZIP,
    ".htm": Kind.HTML,
    ".html": Kind.HTML,
}
"""The kind that a name promises."""

DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
"""What a damaged package raises while it is unpacked and read."""

SAVE_AS = "请用 Excel 或 WPS 把表格另存为 xlsx 后再装入"
_BROKEN = "文件不完整或已损坏，可能没有传完；请重新传一份"
_FOREIGN = (
    (b"%PDF", "PDF 文件"),
    (b"\x89PNG", "PNG 图片"),
    (b"\xff\xd8\xff", "JPEG 图片"),
    (b"GIF8", "GIF 图片"),
    (b"Rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf", "7z 压缩包"),
    (b"\x1f\x8b", "gzip 压缩包"),
    (b"{\\rtf", "RTF 文档"),
    (b"SQLite format 3", "SQLite 数据库"),
    (b"MZ", "可执行程序"),
)


def sniff(content: bytes) -> Kind:
    """The kind of a file by its content.

    Raises UnreadableError, with a sentence that says what it is and how to save it as xlsx.

    >>> sniff("名称,数量\\n会议室,1\\n".encode("gb18030"))
    <Kind.CSV: 'csv'>
    """
    if not content.strip(b"\0 \r\n\t"):
        raise UnreadableError("empty-file", "是空文件，里面没有内容；请确认文件是否传完，或重新导出一份")
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _sniff_zip(content)
    if content.startswith(ole.MAGIC):
        return _sniff_ole(content)
    for magic, what in _FOREIGN:
        if content.startswith(magic):
            raise UnreadableError("not-a-spreadsheet", f"内容是{what}，不是表格；{SAVE_AS}")
    return _sniff_text(content)


def decode(content: bytes) -> tuple[str, str]:
    """Text and the name of its encoding: UTF-8, UTF-16 or GB18030 (which covers GBK and GB2312).

    Raises UnreadableError when it is none of them.

    >>> decode("网格".encode("gbk"))
    ('网格', 'GB18030')
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        attempts = [("utf-16", "UTF-16")]
    else:
        attempts = [("utf-8-sig", "UTF-8"), ("gb18030", "GB18030")]
    for codec, name in attempts:
        try:
            return content.decode(codec), name
        except UnicodeDecodeError:
            continue
    raise UnreadableError("unknown-encoding", f"文字编码既不是 UTF-8 也不是 GB18030，无法识别；{SAVE_AS}")


def _sniff_zip(content: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = set(package.namelist())
            mimetype = package.read("mimetype")[:100] if "mimetype" in names else b""
    except DAMAGE as reason:
        raise UnreadableError("truncated-file", _BROKEN) from reason
    if "xl/workbook.xml" in names:
        return Kind.XLSX
    if mimetype.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        return Kind.ODS
    if "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names):
        if "xl/workbook.bin" in names:
            raise UnreadableError("not-a-spreadsheet", f"内容是 xlsb 二进制工作簿，不能直接读取；{SAVE_AS}")
        return Kind.XLSX
    for mark, what in (("word/", "Word 文档"), ("ppt/", "演示文稿"), ("OFD.xml", "OFD 版式文件")):
        if any(name.startswith(mark) for name in names):
            raise UnreadableError("not-a-spreadsheet", f"内容是{what}，不是表格；{SAVE_AS}")
    if mimetype.startswith(b"application/vnd.oasis.opendocument"):
        raise UnreadableError("not-a-spreadsheet", f"内容是 OpenDocument 文档，不是表格；{SAVE_AS}")
    return Kind.ZIP


def _sniff_ole(content: bytes) -> Kind:
    streams = ole.open_compound(content).streams
    if "EncryptedPackage" in streams:
        raise UnreadableError(
            "password", "文件有打开密码，无法读取；请用 Excel 或 WPS 打开，去掉密码后保存，再装入"
        )
    if "Workbook" in streams or "Book" in streams:
        return Kind.XLS
    what = "Word 文档" if "WordDocument" in streams else "Office 文档"
    raise UnreadableError("not-a-spreadsheet", f"内容是{what}，不是表格；{SAVE_AS}")


def _sniff_text(content: bytes) -> Kind:
    if b"\0" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableError("not-a-spreadsheet", f"内容不是表格，无法识别；{SAVE_AS}")
    text, _ = decode(content)
    head = text[:8192].lstrip("\ufeff \r\n\t").lower()
    if "urn:schemas-microsoft-com:office:spreadsheet" in head and head.startswith("<?xml"):
        raise UnreadableError("not-a-spreadsheet", f"内容是 XML 表格（2003 版），不能直接读取；{SAVE_AS}")
    if head.startswith("<") and re.search(r"<(?:html|table|!doctype html|head|body|meta)\b", head):
        return Kind.HTML
    if head.startswith("mime-version:"):
        raise UnreadableError("not-a-spreadsheet", f"内容是单个文件网页（MHTML），不是表格；{SAVE_AS}")
    if head.startswith(("<?xml", "<")):
        raise UnreadableError("not-a-spreadsheet", f"内容是 XML 文件，不是表格；{SAVE_AS}")
    return Kind.CSV
