"""From paths to input files: folders, zips, kinds by content, and every refusal with its exact sentence."""

import hashlib
import io
import zipfile
from pathlib import Path

import pytest
import xlwt  # type: ignore[import-untyped]
from msoffcrypto.format.ooxml import OOXMLFile  # type: ignore[import-untyped]

from loaders import files as files_module
from loaders.files import InputFile, expand
from loaders.kinds import Kind
from tests.loaders.fixtures_workbooks import package, text_cell, xlsx

CSV = "名称,数量\n会议室,1\n".encode()
BOOK = xlsx(f'<sheetData><row r="1">{text_cell("A1", "名称")}</row></sheetData>')


def old_workbook() -> bytes:
    """A small `.xls`."""
    book = xlwt.Workbook()
    book.add_sheet("清单").write(0, 0, "名称")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def with_password(content: bytes) -> bytes:
    """A workbook as Excel encrypts it."""
    buffer = io.BytesIO()
    file = OOXMLFile(io.BytesIO(content))
    file.encrypt("secret", buffer)
    return buffer.getvalue()


def messages(folder: Path, name: str, content: bytes) -> list[str]:
    """Everything that is said about one file."""
    (folder / name).write_bytes(content)
    return [problem.message for problem in expand([folder / name])[1]]


def test_a_file_is_known_by_its_content_and_hash(tmp_path: Path) -> None:
    path = tmp_path / "清单.csv"
    path.write_bytes(CSV)
    file = InputFile(path, None, "清单.csv", hashlib.sha256(CSV).hexdigest(), Kind.CSV)
    assert expand([path]) == ([file], [])
    assert file.read() == CSV


def test_a_folder_is_read_with_its_folders_and_what_is_left_out_is_said(tmp_path: Path) -> None:
    (tmp_path / "下级").mkdir()
    (tmp_path / ".git").mkdir()
    for name, content in [
        ("b.csv", CSV),
        ("下级/a.xlsx", BOOK),
        ("下级/同样.csv", CSV),
        ("~$b.xlsx", b"lock"),
        (".hidden", b"x"),
        (".git/c.csv", CSV),
        ("照片.png", b"\x89PNG\r\n\x1a\n"),
        ("读我.md", "说明".encode()),
    ]:
        (tmp_path / name).write_bytes(content)
    files, problems = expand([tmp_path, tmp_path / "b.csv"])
    assert [(file.name, file.kind) for file in files] == [("b.csv", Kind.CSV), ("下级/a.xlsx", Kind.XLSX)]
    assert sorted((problem.severity, problem.message) for problem in problems) == [
        ("note", ".hidden：是隐藏文件或系统文件，已略过"),
        ("note", "~$b.xlsx：是 Excel 打开文件时的临时文件，已略过；如果表格还开着，请先保存并关闭"),
        ("note", "下级/同样.csv：与 b.csv 内容完全相同，只读一次"),
        (
            "warning",
            "照片.png：内容是PNG 图片，不是表格；请用 Excel 或 WPS 把表格另存为 xlsx 后再装入（已略过）",
        ),
        (
            "warning",
            "读我.md：是 .md 文件，不是表格；请用 Excel 或 WPS 把表格另存为 xlsx 后再装入（已略过）",
        ),
    ]


def test_a_zip_from_windows_shows_its_chinese_names(tmp_path: Path) -> None:
    path = tmp_path / "清单.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo("资源/会议室.csv".encode("gb18030").decode("cp437")), CSV)
        archive.writestr("utf8名.xlsx", BOOK)
        archive.writestr("__MACOSX/._x", b"x")
    # zipfile marks every name that is not ASCII as UTF-8; Windows writes raw GB18030 without the mark
    raw = path.read_bytes().replace(
        "资源/会议室.csv".encode("gb18030").decode("cp437").encode(), "资源/会议室.csv".encode("gb18030")
    )
    assert raw != path.read_bytes()
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo("Z" * len("资源/会议室.csv".encode("gb18030")))
        archive.writestr(info, CSV)
        archive.writestr("utf8名.xlsx", BOOK)
        archive.writestr("__MACOSX/._x", b"x")
    path.write_bytes(path.read_bytes().replace(info.filename.encode(), "资源/会议室.csv".encode("gb18030")))
    files, problems = expand([path])
    assert sorted(file.name for file in files) == ["清单.zip/utf8名.xlsx", "清单.zip/资源/会议室.csv"]
    assert [file.read() for file in files if file.kind is Kind.CSV] == [CSV]
    assert [p for p in problems if p.severity == "error"] == []


def test_hostile_members_of_a_zip_are_refused_one_by_one(tmp_path: Path) -> None:
    content = package(
        {"../外面.csv": CSV, "/根.csv": CSV, "里面.zip": package({"a.csv": CSV}), "好.csv": CSV}
    )
    (tmp_path / "a.zip").write_bytes(content)
    files, problems = expand([tmp_path / "a.zip"])
    assert [file.name for file in files] == ["a.zip/好.csv"]
    assert sorted(problem.message for problem in problems) == [
        "a.zip/../外面.csv：压缩包里的路径指向别的文件夹，为安全起见没有读取；请重新打包",
        "a.zip//根.csv：压缩包里的路径指向别的文件夹，为安全起见没有读取；请重新打包",
        "a.zip/里面.zip：压缩包里还有压缩包，不能读取；请先解压里面的压缩包",
    ]


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    bomb = package({f"{n}.csv": b"0" * 50_000_000 for n in range(5)})
    assert messages(tmp_path, "弹.zip", bomb) == [
        "弹.zip：压缩包解压后有 250 MB，异常地大，为安全起见没有读取；请解压后核对"
    ]


def test_a_damaged_member_and_a_locked_member_are_refused(tmp_path: Path) -> None:
    content = bytearray(package({"a.csv": CSV * 50}))
    content[50] ^= 0xFF
    assert messages(tmp_path, "坏.zip", bytes(content)) == ["坏.zip/a.csv：在压缩包里已损坏；请重新打包"]
    locked = bytearray(package({"a.csv": CSV}))
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    assert messages(tmp_path, "锁.zip", bytes(locked)) == [
        "锁.zip/a.csv：压缩包有密码，无法读取；请解压后再装入"
    ]


SAVE_AS = "请用 Excel 或 WPS 把表格另存为 xlsx 后再装入"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.xlsx", b"", "是空文件，里面没有内容；请确认文件是否传完，或重新导出一份"),
        ("a.xlsx", BOOK[: len(BOOK) // 2], "文件不完整或已损坏，可能没有传完；请重新传一份"),
        ("a.xls", old_workbook()[:700], "文件不完整或已损坏；请重新传一份，或用 Excel 打开后另存为 xlsx"),
        (
            "a.xlsx",
            with_password(BOOK),
            "文件有打开密码，无法读取；请用 Excel 或 WPS 打开，去掉密码后保存，再装入",
        ),
        ("a.pdf", b"%PDF-1.7", f"内容是PDF 文件，不是表格；{SAVE_AS}"),
        ("a.xlsx", b"\x89PNG\r\n", f"内容是PNG 图片，不是表格；{SAVE_AS}"),
        ("a.docx", package({"word/document.xml": "<a/>"}), f"内容是Word 文档，不是表格；{SAVE_AS}"),
        (
            "a.xlsb",
            package({"[Content_Types].xml": "<a/>", "xl/workbook.bin": b"x"}),
            f"内容是 xlsb 二进制工作簿，不能直接读取；{SAVE_AS}",
        ),
        ("a.xlsx", package({"a.csv": CSV}), f"内容是压缩包或损坏的文档，不是表格；{SAVE_AS}"),
        ("a.xlsx", bytes(range(256)) * 9, f"内容不是表格，无法识别；{SAVE_AS}"),
        ("a.csv", b"\xff\x81\xff\x30" * 9, f"文字编码既不是 UTF-8 也不是 GB18030，无法识别；{SAVE_AS}"),
        (
            "a.xls",
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            f"内容是 XML 表格（2003 版），不能直接读取；{SAVE_AS}",
        ),
        ("a.xls", b"MIME-Version: 1.0\n", f"内容是单个文件网页（MHTML），不是表格；{SAVE_AS}"),
        ("a.json", b'{"a": 1}', f"是 .json 文件，不是表格；{SAVE_AS}"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_with_one_sentence(
    tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    assert messages(tmp_path, name, content) == [f"{name}：{sentence}"]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.xls", BOOK, "文件名以 .xls 结尾，内容其实是 xlsx 工作簿，已按内容读取；建议另存为 xlsx"),
        (
            "a.xlsx",
            old_workbook(),
            "文件名以 .xlsx 结尾，内容其实是 xls 工作簿，已按内容读取；建议另存为 xlsx",
        ),
        ("a.xls", CSV, "文件名以 .xls 结尾，内容其实是 文本（CSV），已按内容读取；建议另存为 xlsx"),
        (
            "a.xls",
            b"<html><table><tr><td>1</td></tr></table></html>",
            "文件名以 .xls 结尾，内容其实是 网页（HTML），已按内容读取；建议另存为 xlsx",
        ),
        ("a.xlsm", BOOK, "文件带有宏，宏不会运行，只读取表格内容"),
    ],
)
def test_a_name_that_disagrees_with_the_content_is_said_and_the_file_is_read(
    tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    (tmp_path / name).write_bytes(content)
    files, problems = expand([tmp_path / name])
    assert (len(files), [(p.severity, p.message) for p in problems]) == (1, [("note", f"{name}：{sentence}")])


def test_a_wrong_path_an_empty_folder_and_a_huge_file_are_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = tmp_path / "空"
    empty.mkdir()
    assert [p.message for p in expand([tmp_path / "没有", empty])[1]] == [
        f"{tmp_path / '没有'}：没有这个文件或文件夹；请核对路径",
        "空：文件夹里没有可以读取的文件；请核对路径",
    ]
    monkeypatch.setattr(files_module, "LARGEST_FILE", 10)
    assert messages(tmp_path, "大.csv", CSV) == ["大.csv：文件超过 0 MB，太大了；请拆成几个文件后再装入"]
