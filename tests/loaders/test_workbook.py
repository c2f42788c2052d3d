"""From files to sheets in a child process: exact values, structure, and hostile files that end in a sentence."""

import io
import json
import threading
from dataclasses import asdict
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import psutil
import pytest
import xlwt  # type: ignore[import-untyped]
from odf.opendocument import OpenDocumentSpreadsheet  # type: ignore[import-untyped]
from odf.table import CoveredTableCell, Table, TableCell, TableRow  # type: ignore[import-untyped]
from odf.text import P  # type: ignore[import-untyped]

from loaders.cells import UNCALCULATED
from loaders.child import Child, Ending
from loaders.sheets import Limits, Range, Sheet
from loaders.workbook import read_ahead, read_sheets
from tests.loaders.fixtures_workbooks import (
    DECLARATION,
    input_file,
    package,
    read,
    refusal,
    text_cell,
    xlsx,
    xlsx_members,
)

NAMES = f'<row r="1">{text_cell("A1", "名称")}{text_cell("B1", "数量")}</row>'


def test_every_kind_of_cell_of_an_xlsx_arrives_as_it_is(tmp_path: Path) -> None:
    content = xlsx(
        '<sheetData><row r="2"><c r="A2" t="e"><v>#N/A</v></c><c r="B2" t="b"><v>1</v></c>'
        '<c r="C2" s="1"><v>43934</v></c><c r="D2" s="2"><v>43934</v></c><c r="E2"><v>0.25</v></c>'
        '<c r="F2" s="3"><v>0.25</v></c><c r="G2" t="s"><v>0</v></c><c r="H2" t="s"><v>1</v></c>'
        '<c r="I2"><f>SUM(A1)</f></c><c r="J2"><f>1+1</f><v>2</v></c><c r="K2" s="1"><v>43934.5</v></c>'
        f"{text_cell('L2', '𠮷 👍')}"
        '<c r="M2"><f>A1</f><v></v></c></row></sheetData>'
    )
    row = (
        "#N/A",
        True,
        date(2020, 4, 13),
        date(2020, 4, 13),
        0.25,
        time(6, 0),
        "富文本",
        "东京",
        UNCALCULATED,
        2.0,
        datetime(2020, 4, 13, 12, 0),
        "𠮷 👍",
        UNCALCULATED,
    )
    assert read(tmp_path, "a.xlsx", content) == ([Sheet("a.xlsx", "清单", ((None,) * 13, row))], [])


def test_dates_of_the_1904_epoch_are_the_same_days(tmp_path: Path) -> None:
    content = xlsx(
        '<sheetData><row r="1"><c r="A1" s="1"><v>42472</v></c></row></sheetData>',
        workbook='<workbookPr date1904="1"/>',
    )
    assert read(tmp_path, "a.xlsx", content)[0] == [
        Sheet("a.xlsx", "清单", ((date(2020, 4, 13),),), date1904=True)
    ]


def test_hidden_rows_hidden_sheets_and_merged_cells_of_an_xlsx_are_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "资源"
    sheet.append(["名称", "数量"])
    sheet.append(["会议室", 1])
    sheet.append([None, 2])
    sheet.merge_cells("A2:A3")
    sheet.row_dimensions[3].hidden = True
    book.create_sheet("选项").sheet_state = "veryHidden"
    buffer = io.BytesIO()
    book.save(buffer)
    assert read(tmp_path, "a.xlsx", buffer.getvalue())[0] == [
        Sheet(
            "a.xlsx",
            "资源",
            (("名称", "数量"), ("会议室", 1.0), (None, 2.0)),
            hidden_rows=frozenset({3}),
            merged=(Range(2, 1, 3, 1),),
        ),
        Sheet("a.xlsx", "选项", (), hidden=True),
    ]


def test_a_prefix_comments_and_missing_references_change_nothing(tmp_path: Path) -> None:
    rows = (("名称", "数量"), ("会议室", 1.0))
    plain = (
        f'<sheetData>{NAMES}<row r="2">{text_cell("A2", "会议室")}<c r="B2"><v>1</v></c></row></sheetData>'
    )
    commented = plain.replace("<row", '<!-- <row r="99" hidden="1"><c r="XFD99"> --><row')
    counted = plain.replace(' r="1"', "").replace(' r="2"', "")
    for reference in ("A1", "B1", "A2", "B2"):
        counted = counted.replace(f' r="{reference}"', "")
    members = xlsx_members(plain)
    sheet = str(members["xl/worksheets/sheet1.xml"])
    prefixed = (
        sheet.replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?").replace("xmlns=", "xmlns:x=")
    )
    files = {
        "plain.xlsx": package(members),
        "commented.xlsx": xlsx(commented),
        "counted.xlsx": xlsx(counted),
        "prefixed.xlsx": package({**members, "xl/worksheets/sheet1.xml": prefixed}),
        "utf16.xlsx": package(
            {**members, "xl/worksheets/sheet1.xml": sheet.replace("UTF-8", "UTF-16").encode("utf-16")}
        ),
    }
    for name, content in files.items():
        sheets, problems = read(tmp_path, name, content)
        assert ([one.rows for one in sheets], problems) == ([rows], []), name


def test_a_far_cell_is_left_out_and_named_and_the_rest_is_read(tmp_path: Path) -> None:
    content = xlsx(
        f'<sheetData>{NAMES}<row r="2">{text_cell("A2", "会议室")}<c r="B2"><v>1</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    )
    sheets, problems = read(tmp_path, "远.xlsx", content)
    assert sheets == [Sheet("远.xlsx", "清单", (("名称", "数量"), ("会议室", 1)))]
    assert [(p.severity, p.message) for p in problems] == [
        (
            "warning",
            "远.xlsx「清单」：XFD1048576 单元格有内容，但离表格太远，已略过；如果不需要，请删除它所在的行和列后保存",
        )
    ]


def test_a_far_cell_without_content_is_no_matter(tmp_path: Path) -> None:
    content = xlsx(f'<sheetData>{NAMES}<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>')
    assert read(tmp_path, "a.xlsx", content) == ([Sheet("a.xlsx", "清单", (("名称", "数量"),))], [])


def wide_rows() -> str:
    """A row with content in all 16,384 columns."""
    book = openpyxl.Workbook(write_only=True)
    book.create_sheet("清单").append([f"列{n}" for n in range(16_384)])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue().decode("latin-1")


LOL = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))


def with_entities(part: str) -> bytes:
    """A workbook, one part of which declares entities that grow without end."""
    members = xlsx_members(f"<sheetData>{NAMES}</sheetData>")
    text = str(members[part]).replace(DECLARATION, f'{DECLARATION}<!DOCTYPE x [<!ENTITY a0 "哈">{LOL}]>')
    return package({**members, part: text})


BOMB = package({**xlsx_members(""), "xl/worksheets/sheet1.xml": b" " * 450_000_000})
UNSAFE = "文件内部含有不安全的定义（XML 实体），为安全起见没有读取；请用 Excel 或 WPS 打开后另存一份"
DAMAGED = "文件不完整或已损坏；请用 Excel 或 WPS 打开后另存一份再装入"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            wide_rows().encode("latin-1"),
            "「清单」：内容一直到 XFD 列（第 16384 列），最多能读 500 列；请删除多余的列后保存",
        ),
        (
            BOMB,
            "：文件解压后有 450 MB，异常地大，为安全起见没有读取；请新建一个表格，只把需要的内容粘贴进去后保存",
        ),
        (with_entities("xl/worksheets/sheet1.xml"), f"：{UNSAFE}"),
        (with_entities("xl/sharedStrings.xml"), f"：{UNSAFE}"),
        (with_entities("xl/workbook.xml"), f"：{UNSAFE}"),
        (xlsx("<sheetData><row r='1'><c r='A1'><v>1</v>"), f"「清单」：{DAMAGED}"),
        (package({"xl/workbook.xml": "<workbook"}), f"：{DAMAGED}"),
    ],
)
def test_a_hostile_workbook_ends_in_one_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    assert refusal(tmp_path, "a.xlsx", content) == f"a.xlsx{sentence}"


def test_a_file_may_take_only_so_much_time_and_memory(tmp_path: Path) -> None:
    content = ("名称,数量\n" * 200_000).encode()
    assert refusal(tmp_path, "慢.csv", content, Limits(seconds=0)) == (
        "慢.csv：读取超过 0 秒还没有完成，已停止；请拆成几个文件后再装入"
    )
    assert refusal(tmp_path, "大.csv", content * 20, Limits(memory=180_000_000)) == (
        "大.csv：读取时占用的内存超过上限，没有读取；请新建一个表格，只把需要的内容粘贴进去后保存"
    )


def test_a_child_that_ends_by_itself_is_told_from_one_that_is_done() -> None:
    with Child("loaders.no_such_module", b"x" * 1_000_000, seconds=30, memory=10**9) as child:
        assert (list(child), child.ending) == ([], Ending.CRASH)


def test_a_child_ends_when_it_is_told_to_stop(tmp_path: Path) -> None:
    file, stop = input_file(tmp_path, "慢.csv", ("名称,数量\n" * 4_000_000).encode()), threading.Event()
    header = json.dumps({"name": file.name, "kind": file.kind, "limits": asdict(Limits())}).encode()
    stop.set()
    with Child(
        "loaders.reader_child", header + b"\n" + file.read(), seconds=60, memory=10**9, stop=stop
    ) as child:
        assert (list(child), child.ending) == ([], Ending.CRASH)


def test_files_that_are_read_ahead_answer_in_their_order_each_as_it_does_alone(tmp_path: Path) -> None:
    files = [input_file(tmp_path, f"{n}.csv", f"a,{n}\n".encode()) for n in range(5)]
    files[3].path.unlink()
    with read_ahead(files) as answers:
        assert list(answers) == [read_sheets(file) for file in files]


def test_who_leaves_off_in_the_middle_leaves_no_child_behind(tmp_path: Path) -> None:
    files = [input_file(tmp_path, f"{n}.csv", b"a,b\n") for n in range(5)]
    with read_ahead(files) as answers:
        next(answers)
    assert [each for each in psutil.Process().children() if "loaders.reader_child" in each.cmdline()] == []


def test_a_folder_with_modules_of_its_own_lends_none_to_the_child(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit(3)")
    monkeypatch.chdir(tmp_path)
    assert read(tmp_path, "a.csv", b"a,b\n")[0] == [Sheet("a.csv", "", (("a", "b"),))]


def test_a_file_that_changes_or_goes_after_it_was_found_is_not_read(tmp_path: Path) -> None:
    file = input_file(tmp_path, "a.csv", b"a,b\n1,2\n")
    file.path.write_bytes(b"a,b\n1,3\n")
    assert [p.message for p in read_sheets(file)[1]] == [
        "a.csv：读取过程中文件被改动了；请保存并关闭文件后再试"
    ]
    file.path.unlink()
    assert [p.message for p in read_sheets(file)[1]] == [
        "a.csv：文件打不开，可能已被移走或正被占用；请核对后再试"
    ]


def test_formulas_of_a_program_that_never_calculated_are_doubted(tmp_path: Path) -> None:
    content = xlsx(
        '<sheetData><row r="1"><c r="A1"><f>1+1</f><v>0</v></c></row></sheetData>',
        calculation='<calcPr fullCalcOnLoad="1"/>',
    )
    assert [(p.code, p.message) for p in read(tmp_path, "a.xlsx", content)[1]] == [
        (
            "stale-formulas",
            "a.xlsx「清单」：有公式，但文件由程序生成，公式的结果可能还没有计算；请用 Excel 或 WPS 打开，保存一次后再装入",
        )
    ]


def old_workbook() -> bytes:
    """An `.xls` with a date, a merged cell, a hidden row and a hidden sheet."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("资源")
    for column, text in enumerate(["名称", "日期"]):
        sheet.write(0, column, text)
    sheet.write_merge(1, 2, 0, 0, "会议室")
    sheet.write(1, 1, date(2020, 4, 13), xlwt.easyxf(num_format_str='yyyy"年"m"月"d"日"'))
    sheet.write(2, 1, True)
    sheet.row(2).hidden = 1
    book.add_sheet("选项").visibility = 1
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_an_old_xls_is_read_with_its_hidden_rows_and_merged_cells(tmp_path: Path) -> None:
    assert read(tmp_path, "a.xls", old_workbook()) == (
        [
            Sheet(
                "a.xls",
                "资源",
                (("名称", "日期"), ("会议室", date(2020, 4, 13)), (None, True)),
                hidden_rows=frozenset({3}),
                merged=(Range(2, 1, 3, 1),),
            ),
            Sheet("a.xls", "选项", (), hidden=True),
        ],
        [],
    )


def test_an_xls_with_a_password_is_refused(tmp_path: Path) -> None:
    content = bytearray(old_workbook())
    # The first record after BOF becomes FILEPASS, as Excel writes it.
    start = content.index(b"\x09\x08")
    content[start + 20 : start + 22] = b"\x2f\x00"
    assert refusal(tmp_path, "a.xls", bytes(content)) == (
        "a.xls：文件有打开密码，无法读取；请用 Excel 或 WPS 打开，去掉密码后保存，再装入"
    )


def test_an_xls_with_a_far_cell_keeps_its_sound_part(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("清单")
    sheet.write(0, 0, "名称")
    sheet.write(1, 0, "会议室")
    sheet.write(65_535, 255, 1)
    buffer = io.BytesIO()
    book.save(buffer)
    sheets, problems = read(tmp_path, "a.xls", buffer.getvalue())
    assert [one.rows for one in sheets] == [(("名称",), ("会议室",))]
    assert [p.message for p in problems] == [
        "a.xls「清单」：IV65536 单元格有内容，但离表格太远，已略过；如果不需要，请删除它所在的行和列后保存"
    ]


def open_document() -> bytes:
    """An `.ods` with each kind of value, a merged cell, a hidden row and repeats to the last row."""
    document = OpenDocumentSpreadsheet()
    table = Table(name="资源")
    document.spreadsheet.addElement(table)

    def cell(text: str, **attributes: object) -> object:
        made = TableCell(**attributes)
        made.addElement(P(text=text))
        return made

    rows: list[tuple[dict[str, str], list[object]]] = [
        ({}, [cell("名称", valuetype="string"), cell("数量", valuetype="string")]),
        (
            {},
            [cell("会议室", valuetype="string", numberrowsspanned=2), cell("1", valuetype="float", value=1)],
        ),
        (
            {"visibility": "collapse"},
            [CoveredTableCell(), cell("是", valuetype="boolean", booleanvalue="true")],
        ),
        (
            {},
            [
                cell("日", valuetype="date", datevalue="2020-04-13"),
                cell("6:00", valuetype="time", timevalue="PT06H00M00S"),
            ],
        ),
        ({"numberrowsrepeated": "1048000"}, [TableCell(numbercolumnsrepeated=1024)]),
    ]
    for attributes, cells in rows:
        row = TableRow(**attributes)
        for one in cells:
            row.addElement(one)
        table.addElement(row)
    buffer = io.BytesIO()
    document.write(buffer)
    return buffer.getvalue()


def test_an_ods_is_read_with_its_hidden_rows_and_merged_cells(tmp_path: Path) -> None:
    assert read(tmp_path, "a.ods", open_document()) == (
        [
            Sheet(
                "a.ods",
                "资源",
                (("名称", "数量"), ("会议室", 1.0), (None, True), (date(2020, 4, 13), time(6, 0))),
                hidden_rows=frozenset({3}),
                merged=(Range(2, 1, 3, 1),),
            )
        ],
        [],
    )


def test_an_ods_with_a_password_or_entities_is_refused(tmp_path: Path) -> None:
    mimetype = "application/vnd.oasis.opendocument.spreadsheet"
    locked = package(
        {"mimetype": mimetype, "META-INF/manifest.xml": "<m:encryption-data/>", "content.xml": "x"}
    )
    unsafe = package(
        {"mimetype": mimetype, "content.xml": f'<!DOCTYPE x [<!ENTITY a0 "a">{LOL}]><x>&a9;</x>'}
    )
    assert refusal(tmp_path, "a.ods", locked) == (
        "a.ods：文件有打开密码，无法读取；请打开文件，去掉密码后保存，再装入"
    )
    assert refusal(tmp_path, "b.ods", unsafe) == f"b.ods：{UNSAFE}"


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        ("名称,数量\n会议室,1\n".encode(), []),
        ("\ufeff名称,数量\r\n会议室,1\r\n".encode(), []),
        ('名称,数量\n"会议室","1"\n'.encode("gbk"), ["文字编码识别为 GB18030，各列以逗号分隔"]),
        ("名称\t数量\n会议室\t1\n".encode("utf-16"), ["文字编码识别为 UTF-16，各列以制表符分隔"]),
        ("名称;数量\n会议室;1\n".encode(), ["文字编码识别为 UTF-8，各列以分号分隔"]),
        ('sep=;\n名称;数量\n会议室;="1"\n'.encode(), ["文字编码识别为 UTF-8，各列以分号分隔"]),
    ],
)
def test_a_csv_is_read_whatever_its_encoding_and_delimiter(
    tmp_path: Path, content: bytes, seen: list[str]
) -> None:
    sheets, problems = read(tmp_path, "a.csv", content)
    assert sheets == [Sheet("a.csv", "", (("名称", "数量"), ("会议室", "1")))]
    assert [p.message for p in problems] == [
        f"a.csv：{sentence}；如果文字显示不对，请另存为 xlsx" for sentence in seen
    ]


def test_a_csv_with_an_open_quote_is_refused_at_its_row(tmp_path: Path) -> None:
    assert refusal(tmp_path, "a.csv", '名称,数量\n"会议室,1\n活动室,2\n'.encode()) == (
        "a.csv：第 2 行起引号没有成对，后面的内容分不清列；请把该行的英文双引号改对，或另存为 xlsx"
    )


def test_html_under_the_name_of_an_xls_is_read_as_its_tables(tmp_path: Path) -> None:
    page = (
        '<html><head><meta charset="gb2312"><style>td{}</style></head><body><table>'
        "<tr><th rowspan=2>名称</th><th colspan=2>联系</th></tr><tr><td>人</td><td>电&nbsp;话</td></tr>"
        '<tr style="display:none"><td>会议<br>室</td><td>甲</td><td>007</td></tr></table></body></html>'
    )
    sheets, _ = read(tmp_path, "a.xls", page.encode("gb18030"))
    assert sheets == [
        Sheet(
            "a.xls",
            "",
            (("名称", "联系", None), (None, "人", "电\xa0话"), ("会议\n室", "甲", "007")),
            hidden_rows=frozenset({3}),
            merged=(Range(1, 1, 2, 1), Range(1, 2, 1, 3)),
        )
    ]


def test_html_without_a_plain_table_is_refused(tmp_path: Path) -> None:
    save_as = "请用 Excel 或 WPS 把表格另存为 xlsx 后再装入"
    nested = b"<html><table><tr><td><table><tr><td>1</td></tr></table></td></tr></table></html>"
    assert (
        refusal(tmp_path, "a.xls", b"<html><p>1</p></html>")
        == f"a.xls：内容是网页（HTML），里面没有表格；{save_as}"
    )
    assert (
        refusal(tmp_path, "b.xls", nested)
        == f"b.xls：内容是网页（HTML），表格里套着表格，分不清行列；{save_as}"
    )


def test_thirty_thousand_rows_arrive_whole_and_in_order(tmp_path: Path) -> None:
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><v>{n}</v></c>{text_cell(f"B{n}", f"室{n}")}</row>'
        for n in range(1, 30_001)
    )
    (sheet,), problems = read(tmp_path, "大.xlsx", xlsx(f"<sheetData>{rows}</sheetData>"))
    assert sheet.rows == tuple((n, f"室{n}") for n in range(1, 30_001))
    assert problems == []
