"""What python-calamine does not tell about an `.xlsx`, read from the package's own XML.

Sizes and entities are checked before any parser sees the parts; then hidden sheets and rows, merged
cells, the epoch, error cells, formulas without a stored result, and how far the content reaches.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter
from xml.etree.ElementTree import Element

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from loaders.cells import UNCALCULATED
from loaders.extent import Extent, sound_extent
from loaders.kinds import DAMAGE
from loaders.problems import UnreadableError
from loaders.sheets import Limits, Range

_REFERENCE = re.compile(rb'(?:^|\s)r="([A-Z]+)([0-9]+)"')
_NUMBER = re.compile(rb'(?:^|\s)r="([0-9]+)"')
_HIDDEN = re.compile(rb'\shidden="(?:1|true)"')
_ROOT = re.compile(rb"<(\w+:)?worksheet[\s>]")
_ENCODING = re.compile(rb"""^<\?xml[^>]*?encoding=["']([\w-]+)["']""")


class _Patterns:
    """Patterns for the tags of a sheet, whose names may carry a prefix (`x:row`).

    Once comments and CDATA are gone every `<` begins a tag, so patterns see exactly what a parser would;
    they are several times faster than a parser that calls Python for every cell of a large sheet.
    """

    def __init__(self, prefix: bytes) -> None:
        def tag(pattern: bytes) -> "re.Pattern[bytes]":
            return re.compile(pattern.replace(b"~", re.escape(prefix)), re.DOTALL)

        self.row = tag(rb"<~row(?=[\s/>])([^>]*)>")
        self.row_start = b"<%srow r=" % prefix
        self.cell = tag(rb'<~c\s(?:[^>]*?\s)?r="([A-Z]{1,3})([0-9]{1,7})"')
        self.cell_starts = tuple(b"<%sc%s" % (prefix, end) for end in (b" ", b"\t", b"\n", b"\r", b"/", b">"))
        self.empty = tag(rb"<~c\s[^>]*(?:/>|>\s*(?:<~v\s*/>\s*|<~v></~v>\s*)?</~c>)")
        self.error = tag(rb'<~c\s([^>]*\bt="e"[^>]*)(?<!/)>(.*?)</~c>')
        self.formula = tag(rb"<~f[\s/>]")
        self.uncalculated = tag(
            rb"<~c\s([^>]*)(?<!/)>\s*<~f(?:\s[^>]*)?(?:/>|>[^<]*</~f>)\s*(?:<~v\s*/>\s*|<~v></~v>\s*)?</~c>"
        )
        self.value = tag(rb"<~v>([^<]*)<")
        self.merge = tag(rb'<~mergeCell\s[^>]*?ref="([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)"')


@dataclass(frozen=True, slots=True)
class XlsxSheet:
    """Facts of one worksheet. `exact` is false when cells carry no reference, so positions are counted.

    `overrides` maps (row, column), both from 1, to the text that stands for an error or a formula
    without a result.
    """

    name: str
    hidden: bool
    hidden_rows: frozenset[int]
    merged: tuple[Range, ...]
    overrides: dict[tuple[int, int], str]
    formulas: bool
    extent: Extent
    exact: bool


@dataclass(frozen=True, slots=True)
class XlsxFacts:
    """Facts of a workbook. `stale` when a program wrote it and no spreadsheet has calculated it yet."""

    date1904: bool
    stale: bool
    sheets: tuple[XlsxSheet, ...]
    charts: tuple[str, ...]


def inspect(content: bytes, limits: Limits) -> XlsxFacts:
    """Check and read the facts of a workbook. Raises UnreadableError with the sentence for the clerk."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            refuse_bomb(package, limits)
            return _inspect(package, limits)
    except DefusedXmlException as reason:
        raise unsafe_xml() from reason
    except (*DAMAGE, ParseError) as reason:
        raise UnreadableError(
            "truncated-file", "文件不完整或已损坏；请用 Excel 或 WPS 打开后另存一份再装入"
        ) from reason


def refuse_bomb(package: zipfile.ZipFile, limits: Limits) -> None:
    """Raise UnreadableError when a package would unpack to more than the limit."""
    total = sum(info.file_size for info in package.infolist())
    if total > limits.unpacked:
        raise UnreadableError(
            "zip-bomb",
            f"文件解压后有 {total // 1_000_000} MB，异常地大，为安全起见没有读取；"
            "请新建一个表格，只把需要的内容粘贴进去后保存",
        )
    if any(info.flag_bits & 1 for info in package.infolist()):
        raise UnreadableError(
            "password", "文件有打开密码，无法读取；请用 Excel 或 WPS 打开，去掉密码后保存，再装入"
        )


def unsafe_xml() -> UnreadableError:
    """The refusal of XML that declares entities, which no spreadsheet program writes."""
    return UnreadableError(
        "unsafe-xml",
        "文件内部含有不安全的定义（XML 实体），为安全起见没有读取；请用 Excel 或 WPS 打开后另存一份",
    )


def plain_xml(data: bytes) -> bytes:
    """The XML in UTF-8 without comments and CDATA. Raises UnreadableError for a document type."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data[:64]:
        data = data.decode("utf-16").encode()
    elif (declared := _ENCODING.match(data)) and declared[1].lower() not in {b"utf-8", b"us-ascii"}:
        data = data.decode(declared[1].decode("ascii"), "replace").encode()
    if b"<!" not in data:
        return data
    data = re.sub(rb"<!--.*?-->", b"", data, flags=re.DOTALL)
    data = re.sub(rb"<!\[CDATA\[(.*?)\]\]>", lambda m: m[1].replace(b"<", b"&lt;"), data, flags=re.DOTALL)
    if b"<!" in data:
        raise unsafe_xml()
    return data


def _inspect(package: zipfile.ZipFile, limits: Limits) -> XlsxFacts:
    names = set(package.namelist())
    for name in names & {"xl/sharedStrings.xml", "xl/styles.xml"}:
        if b"<!DOCTYPE" in (data := package.read(name)) or data.startswith((b"\xff\xfe", b"\xfe\xff")):
            plain_xml(data)
    workbook = fromstring(package.read("xl/workbook.xml"))
    parts = dict(_parts(package))
    sheets: list[XlsxSheet] = []
    charts: list[str] = []
    for sheet in _named(workbook, "sheet"):
        key = next((value for name, value in sheet.items() if name.endswith("}id")), "")
        part, kind = parts.get(key, ("", ""))
        if not kind.endswith("/worksheet"):
            charts.append(sheet.get("name", ""))
            continue
        hidden = sheet.get("state", "visible") != "visible"
        sheets.append(inspect_sheet(package.read(part), sheet.get("name", ""), hidden, limits))
    properties = next(_named(workbook, "workbookPr"), None)
    calculation = next(_named(workbook, "calcPr"), None)
    return XlsxFacts(
        date1904=properties is not None and properties.get("date1904") in {"1", "true"},
        stale=calculation is not None and calculation.get("fullCalcOnLoad") in {"1", "true"},
        sheets=tuple(sheets),
        charts=tuple(charts),
    )


def _named(root: Element, name: str) -> Iterator[Element]:
    """Elements by local name: the transitional and the strict format differ in their namespaces only."""
    return (element for element in root.iter() if element.tag.rpartition("}")[2] == name)


def _parts(package: zipfile.ZipFile) -> Iterator[tuple[str, tuple[str, str]]]:
    for link in _named(fromstring(package.read("xl/_rels/workbook.xml.rels")), "Relationship"):
        target = posixpath.normpath(posixpath.join("/xl", link.get("Target", ""))).lstrip("/")
        yield link.get("Id", ""), (target, link.get("Type", ""))


def inspect_sheet(data: bytes, name: str, hidden: bool, limits: Limits) -> XlsxSheet:
    """The facts of one sheet's XML."""
    xml = plain_xml(data)
    root = _ROOT.search(xml)
    patterns = _Patterns(root[1] or b"" if root else b"")
    rows = [match[1] for match in patterns.row.finditer(xml)]
    cells = patterns.cell.findall(xml)
    exact = len(cells) == sum(map(xml.count, patterns.cell_starts)) and (
        xml.count(patterns.row_start) == len(rows) or all(_NUMBER.search(row) for row in rows)
    )
    return XlsxSheet(
        name=name,
        hidden=hidden,
        hidden_rows=frozenset(_hidden_rows(rows)) if b"hidden=" in xml else frozenset(),
        merged=tuple(
            Range(int(top), _column(left), int(bottom), _column(right))
            for left, top, right, bottom in patterns.merge.findall(xml)
        ),
        overrides=_overrides(xml, patterns),
        formulas=patterns.formula.search(xml) is not None,
        extent=_extent(xml, patterns, cells, limits, name),
        exact=exact,
    )


def _hidden_rows(rows: list[bytes]) -> Iterator[int]:
    number = 0
    for attributes in rows:
        stated = _NUMBER.search(attributes)
        number = int(stated[1]) if stated else number + 1
        if _HIDDEN.search(attributes):
            yield number


def _overrides(xml: bytes, patterns: _Patterns) -> dict[tuple[int, int], str]:
    found: dict[tuple[int, int], str] = {}
    if b't="e"' in xml:
        for attributes, inner in patterns.error.findall(xml):
            value = patterns.value.search(inner)
            if at := _REFERENCE.search(attributes):
                found[int(at[2]), _column(at[1])] = value[1].decode() if value else "#N/A"
    if patterns.formula.search(xml):
        for attributes in patterns.uncalculated.findall(xml):
            if at := _REFERENCE.search(attributes):
                found[int(at[2]), _column(at[1])] = UNCALCULATED
    return found


def _extent(
    xml: bytes, patterns: _Patterns, cells: list[tuple[bytes, bytes]], limits: Limits, name: str
) -> Extent:
    columns = {letters: _column(letters) for letters in set(map(itemgetter(0), cells))}
    last_row = max(map(int, set(map(itemgetter(1), cells))), default=0)
    last_column = max(columns.values(), default=0)
    if last_column <= limits.columns and last_row * last_column <= limits.cells:
        return Extent(last_row, last_column)
    # Whole rows and columns that only carry a format are common and cost nothing: they do not count.
    filled = (match for match in patterns.cell.finditer(xml) if not patterns.empty.match(xml, match.start()))
    return sound_extent(((int(match[2]), columns[match[1]]) for match in filled), limits, name)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
