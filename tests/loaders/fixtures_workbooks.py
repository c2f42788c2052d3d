"""Workbooks built for the tests of reading: sound ones, odd ones and hostile ones."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from loaders.files import InputFile, expand
from loaders.problems import Problem
from loaders.sheets import Limits, Sheet
from loaders.workbook import read_sheets

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


def package(members: Mapping[str, str | bytes]) -> bytes:
    """A zip with these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def xlsx_members(sheet: str, *, workbook: str = "", calculation: str = "") -> dict[str, str | bytes]:
    """The parts of a workbook with one sheet whose inner XML is `sheet`; styles 1 and 2 are dates."""
    return {
        "[Content_Types].xml": f'{DECLARATION}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        '<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'spreadsheetml.styles+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>',
        "_rels/.rels": f'{DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{DECLARATION}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{workbook}<sheets>'
        f'<sheet name="清单" sheetId="1" r:id="rId1"/></sheets>{calculation}</workbook>',
        "xl/_rels/workbook.xml.rels": f'{DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/>'
        f'<Relationship Id="rId3" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'{DECLARATION}<worksheet xmlns="{_MAIN}">{sheet}</worksheet>',
        "xl/styles.xml": f'{DECLARATION}<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts>'
        '<fills count="1"><fill><patternFill/></fill></fills><borders count="1"><border/></borders>'
        '<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
        '<xf numFmtId="14" fontId="0" fillId="0" borderId="0"/>'
        '<xf numFmtId="31" fontId="0" fillId="0" borderId="0"/>'
        '<xf numFmtId="21" fontId="0" fillId="0" borderId="0"/></cellXfs></styleSheet>',
        "xl/sharedStrings.xml": f'{DECLARATION}<sst xmlns="{_MAIN}"><si><r><t>富</t></r><r><rPr><b/></rPr>'
        '<t xml:space="preserve">文本</t></r></si><si><t>东京</t><rPh sb="0" eb="2"><t>とうきょう</t></rPh></si></sst>',
    }


def xlsx(sheet: str, *, workbook: str = "", calculation: str = "") -> bytes:
    """A workbook with one sheet 清单 whose inner XML is `sheet`."""
    return package(xlsx_members(sheet, workbook=workbook, calculation=calculation))


def text_cell(reference: str, text: str) -> str:
    """The XML of a cell with text."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def input_file(folder: Path, name: str, content: bytes) -> InputFile:
    """Write a file and open it as the product does; it must be readable so far."""
    path = folder / name
    path.write_bytes(content)
    files, problems = expand([path])
    assert [p for p in problems if p.severity == "error"] == []
    return files[0]


def read(
    folder: Path, name: str, content: bytes, limits: Limits | None = None
) -> tuple[list[Sheet], list[Problem]]:
    """Sheets and problems of a file with this content."""
    return read_sheets(input_file(folder, name, content), limits or Limits())


def refusal(folder: Path, name: str, content: bytes, limits: Limits | None = None) -> str:
    """The one sentence with which a file is refused, whichever step refuses it."""
    path = folder / name
    path.write_bytes(content)
    files, problems = expand([path])
    for file in files:
        sheets, found = read_sheets(file, limits or Limits())
        assert sheets == []
        problems += found
    (problem,) = [p for p in problems if p.severity == "error"]
    return problem.message
