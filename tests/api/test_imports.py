"""导入: from a file to the store and back, nothing loaded that was not seen, nothing run that was written in a cell."""

import io
import re
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from api.intake import work
from api.intake.uploads import IDLE_S, LARGEST_UPLOAD, MOST_FILES, Uploads
from api.jobs import Job, State
from api.loading import Sources
from api.settings import Settings
from graph.store import Store
from loaders.batches import BatchState, batches
from loaders.lease import load_lease
from tests.api.handing_in import Visitor, words, workbook
from tests.api.small_district import fill
from tests.conftest import empty
from tests.loaders.drafting import snapshot

ESTATES = workbook(
    楼院=[
        ["序号", "楼院名称", "所在社区", "建成年份", "户数情况"],
        [1, "示例七小区", "飞行社区", 1998, 300],
        [2, "示例八小区", "没有的社区", 2001, 120],
        [3, "示例九小区", "飞行社区", "很久以前", 80],
    ]
)
HTML = {"Accept": "text/html"}


@pytest.fixture
def visitor(embedded_store: Store, tmp_path: Path) -> Iterator[Visitor]:
    """A visitor of the small district, which is not demo data."""
    empty(embedded_store)
    fill(embedded_store, demo=False)
    found = Visitor.at(embedded_store, Settings(config_folder=tmp_path / "config"))
    yield found
    found.desk.uploads.close()
    found.desk.jobs.close()


def test_a_workbook_is_seen_corrected_checked_loaded_and_taken_back(
    visitor: Visitor, embedded_store: Store
) -> None:
    before = snapshot(embedded_store)
    columns = visitor.hand_in(("楼院情况2020年9月.xlsx", ESTATES))
    assert "楼院 楼院情况2020年9月.xlsx · 3 行 · 台账“楼院情况”" in words(columns)
    assert "E 户数情况 300、120、80 待确认：户数？" in words(columns)
    assert re.findall(r"前 (\d) 行会这样读入", words(columns)) == ["3"]
    assert "2 示例七小区 飞行社区 1998" in words(columns)
    assert (
        "4 「建成年份」列内容是“很久以前”，应为四位年份，例如 1980；没有请留空。改好之前这一行不导入"
        in words(columns)
    )

    confirmed = visitor.post(visitor.address, sheet="0", confirm="1")
    assert "待确认：" not in words(confirmed)
    assert "2 示例七小区 飞行社区 1998 300" in words(confirmed)

    checked = visitor.post(f"{visitor.address}/check")
    assert "新增 2 变更 0 未变 0 退回（行） 2 本期没有 0" in words(checked)
    assert "指向不明 1 条 所指的对象找不到，或不止一个；这些行先退回，不猜。" in words(checked)
    assert "楼院情况2020年9月.xlsx 楼院 3 所在社区 找不到地点“没有的社区”" in words(checked)
    assert "楼院情况2020年9月.xlsx 楼院 4 建成年份 内容是“很久以前”" in words(checked)
    assert snapshot(embedded_store) == before

    asked = visitor.client.get(f"{visitor.address}/load")
    assert "退回的 2 行不装入" in words(asked)
    assert snapshot(embedded_store) == before

    loaded = visitor.post(f"{visitor.address}/load")
    assert "已装入" in words(loaded)
    [batch] = batches(embedded_store)[-1:]
    assert (batch.file, batch.source, batch.added, batch.rejected) == (
        "楼院情况2020年9月.xlsx",
        "楼院情况",
        2,
        2,
    )
    assert f"批次 {batch.id}，可以撤销" in words(loaded)
    assert embedded_store.read("MATCH (e:Estate {name: '示例七小区'}) RETURN e.households AS n") == [
        {"n": 300}
    ]

    asked = visitor.client.get(f"/imports/batches/{batch.id}")
    assert "它新增的 2 条删除" in words(asked)
    taken_back = visitor.post(f"/imports/batches/{batch.id}")
    assert visitor.desk.jobs.find(taken_back.request.path.rpartition("/")[2])
    undone = visitor.ended(taken_back)
    assert "已撤销 恢复 0 条，删除 2 条" in words(undone)
    assert [b.state for b in batches(embedded_store)][-1] is BatchState.UNDONE


def test_what_was_said_of_the_columns_holds_for_the_next_issue(visitor: Visitor, tmp_path: Path) -> None:
    visitor.hand_in(("楼院情况2020年9月.xlsx", ESTATES))
    visitor.post(visitor.address, sheet="0", **{"column-4": "户数"})
    visitor.post(f"{visitor.address}/check")
    assert list((tmp_path / "config").glob("*")) == []  # a check remembers nothing, as on the command line
    visitor.post(f"{visitor.address}/load")
    again = visitor.hand_in(("楼院情况2020年12月.xlsx", ESTATES))
    assert "E 户数情况 300、120、80 不认识，先不装入" in words(again)
    assert "待确认：户数" not in words(again)
    mended = visitor.hand_in(("楼院情况2020年9月-退回行.xlsx", ESTATES))
    assert "待确认：户数" not in words(mended)


def test_rejected_rows_come_as_a_private_workbook_that_can_be_mended_and_handed_in(visitor: Visitor) -> None:
    visitor.hand_in(("楼院情况.xlsx", ESTATES))
    visitor.post(f"{visitor.address}/check")
    [upload] = visitor.desk.uploads
    assert upload.checked
    [book] = upload.checked.workbooks
    assert (book.name, book.rows, stat.S_IMODE(book.path.stat().st_mode)) == (
        "楼院情况-退回行.xlsx",
        2,
        0o600,
    )
    with visitor.client.get(f"{visitor.address}/checked/0.xlsx") as answer:
        assert "filename*=UTF-8''%E6%A5%BC%E9%99%A2" in answer.headers["Content-Disposition"]
        assert answer.headers["Cache-Control"] == "no-cache, max-age=0"
        sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]][-2:] == ["问题（导入时不读）", "原来位置（导入时不读）"]
    assert sheet["C2"].fill.start_color.rgb == "FFF4C7C3"
    sheet["C2"].value, sheet["D3"].value = "飞行社区", 1999
    mended = io.BytesIO()
    assert sheet.parent
    sheet.parent.save(mended)
    visitor.hand_in((book.name, mended.getvalue()))
    checked = visitor.post(f"{visitor.address}/check")
    assert "新增 4 变更 0 未变 0 退回（行） 0" in words(checked)
    assert visitor.client.get(f"{visitor.address}/checked/0.xlsx", headers=HTML).status_code == 404


def test_nothing_is_taken_without_the_token_of_a_form(visitor: Visitor, embedded_store: Store) -> None:
    visitor.hand_in(("楼院情况.xlsx", ESTATES))
    visitor.post(f"{visitor.address}/check")
    before = snapshot(embedded_store)
    for address in ("/imports", visitor.address, *(f"{visitor.address}/{each}" for each in ("check", "load", "stop", "forget")), "/imports/batches/x"):  # fmt: skip
        refused = visitor.client.post(address, headers=HTML)
        assert (refused.status_code, "网页请刷新后再试" in words(refused)) == (400, True), address
    assert snapshot(embedded_store) == before
    assert visitor.client.get(visitor.address).status_code == 200


def test_a_form_without_files_or_with_too_many_is_one_sentence(visitor: Visitor) -> None:
    nothing = visitor.hand_in(("", b""))
    assert (nothing.status_code, "还没有选文件；请先选择或拖入表格" in words(nothing)) == (422, True)
    many = visitor.hand_in(*((f"{n}.csv", b"a") for n in range(MOST_FILES + 1)))
    assert (many.status_code, "一次最多 200 个文件；再多请打成一个 zip" in words(many)) == (422, True)
    large = visitor.client.post("/imports", headers=HTML, environ_overrides={"CONTENT_LENGTH": str(LARGEST_UPLOAD * 2)})  # fmt: skip
    assert (large.status_code, "上传的文件合计超过 50 MB；请分几次上传" in words(large)) == (413, True)


def test_more_than_a_megabyte_is_taken_here_and_nowhere_else(visitor: Visitor) -> None:
    rows = [
        ["小区编号", "小区名称", "所属社区"],
        *([f"E{n}", f"示例{n}小区", "飞行社区"] for n in range(40_000)),
    ]
    text = "\n".join(",".join(row) for row in rows).encode()
    assert "小区.csv · 40,000 行" in words(visitor.hand_in(("小区.csv", text)))
    refused = visitor.client.post(visitor.address, data={"sheet": "0", "x": "x" * 1_500_000}, headers=HTML)
    assert refused.status_code == 413


def bomb() -> bytes:
    """A zip that is far larger unpacked."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("清单.xlsx", b"0" * 210_000_000)
    return content.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("空.xlsx", b"", "是空文件"),
        ("照片.png", b"\x89PNG\r\n\x1a\n" + b"0" * 100, "不是表格"),
        ("坏.xlsx", b"PK\x03\x04" + b"0" * 100, "请"),
        ("说明.pdf", b"%PDF-1.7 " + b"0" * 100, "内容是PDF 文件，不是表格"),
    ],
)
def test_a_file_that_is_no_spreadsheet_gives_its_one_sentence(
    visitor: Visitor, name: str, content: bytes, sentence: str
) -> None:
    page = visitor.hand_in((name, content))
    assert (page.status_code, "没有找到可以装入的表" in words(page)) == (200, True)
    [upload] = visitor.desk.uploads
    [problem] = upload.problems
    assert sentence in problem.sentence
    assert problem.sentence in words(page)


def test_a_zip_bomb_is_refused_and_the_server_lives(visitor: Visitor) -> None:
    page = visitor.hand_in(("清单.zip", bomb()))
    assert "清单.zip 压缩包解压后有 210 MB，异常地大，为安全起见没有读取" in words(page)
    assert visitor.client.get("/imports").status_code == 200


def test_hostile_names_and_cells_are_text_on_every_page(visitor: Visitor) -> None:
    hostile = '"><script>alert(1)</script>'
    content = workbook(**{"<img src=x>": [["小区名称", "所属社区", f"列{hostile}"], [hostile, "飞行社区", hostile], ["甲", hostile, "="]]})  # fmt: skip
    pages = [visitor.hand_in((f"../../{hostile}小区.xlsx", content), source=hostile)]
    pages.append(visitor.post(visitor.address, sheet="0", layout="小区"))
    pages.append(visitor.post(f"{visitor.address}/check"))
    pages.append(visitor.post(f"{visitor.address}/load"))
    pages.append(visitor.client.get("/imports"))
    for page in pages:
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img src=x>" not in page.text
    assert hostile in words(pages[1])
    assert "示例" not in words(pages[1])
    [upload] = visitor.desk.uploads
    assert upload.paths[0].parent.parent == upload.folder


def test_personal_values_are_masked_wherever_rows_are_shown(visitor: Visitor) -> None:
    people = workbook(党员=[["姓名", "手机号", "所在党组织", "家庭住址"], ["示例丁戊", "13900009000", "九里山街道大工委", "示例路1号"]])  # fmt: skip
    pages = [visitor.hand_in(("党员花名册.xlsx", people)), visitor.post(f"{visitor.address}/check")]
    assert "示*" in words(pages[0])
    assert "139****9000" in words(pages[0])
    for page in pages:
        assert not re.search("示例丁戊|13900009000|示例路1号", page.text)


def test_two_columns_that_are_said_to_be_the_same_are_refused_and_the_choice_is_kept(
    visitor: Visitor,
) -> None:
    visitor.hand_in(("楼院情况.xlsx", ESTATES))
    refused = visitor.post(visitor.address, sheet="0", **{"column-3": "户数", "column-4": "户数"})
    assert refused.status_code == 422
    assert "「建成年份」和「户数情况」都写成了「户数」；只能有一列，另一列请写“忽略”" in words(refused)
    chosen = re.search(r'<select name="column-3".*?</select>', refused.text, re.DOTALL)
    assert chosen
    assert 'value="户数" selected' in chosen[0]


def test_a_sheet_is_said_to_be_another_one_or_ignored(visitor: Visitor) -> None:
    visitor.hand_in(("楼院情况.xlsx", ESTATES))
    ignored = visitor.post(visitor.address, sheet="0", layout="忽略")
    assert 'value="忽略" selected' in ignored.text
    assert "会这样读入" not in words(ignored)
    checked = visitor.post(f"{visitor.address}/check")
    assert "没有要写入的内容" in words(checked)
    back = visitor.post(visitor.address, sheet="0", layout="小区")
    assert "2 示例七小区 飞行社区 1998" in words(back)


def test_missing_rows_are_kept_unless_ending_them_is_chosen(visitor: Visitor, embedded_store: Store) -> None:
    first = workbook(小区=[["小区编号", "小区名称", "所属社区"], ["E7", "示例七小区", "飞行社区"], ["E8", "示例八小区", "飞行社区"]])  # fmt: skip
    visitor.hand_in(("小区2020年9月.xlsx", first))
    visitor.post(f"{visitor.address}/check")
    visitor.post(f"{visitor.address}/load")
    second = workbook(小区=[["小区编号", "小区名称", "所属社区"], ["E7", "示例七小区", "飞行社区"]])
    visitor.hand_in(("小区2020年12月.xlsx", second))
    checked = visitor.post(f"{visitor.address}/check")
    assert "未变 2 退回（行） 0 本期没有 1" in words(checked)
    assert "没有要写入的内容" in words(checked)
    chosen = visitor.post(f"{visitor.address}/check", end_missing="1")
    assert "没有要写入的内容" not in words(chosen)
    assert "结束缺失 ：这一期没有的 1 条按 2020-10-01 记为终止，不删除" in words(visitor.client.get(f"{visitor.address}/load"))  # fmt: skip
    visitor.post(f"{visitor.address}/load")
    assert embedded_store.read("MATCH (e:Estate {id: 'E8'}) RETURN e.valid_to AS day") == [
        {"day": "2020-10-01"}
    ]


def test_a_load_beside_another_one_is_refused_in_one_sentence(
    visitor: Visitor, embedded_store: Store
) -> None:
    visitor.hand_in(("楼院情况.xlsx", ESTATES))
    visitor.post(f"{visitor.address}/check")
    with load_lease(embedded_store):
        asked = visitor.client.get(f"{visitor.address}/load")
        assert "另一个导入或撤销正在写入本数据库；现在可以上传和检查，装入要等它结束" in words(asked)
        before = snapshot(embedded_store)
        refused = visitor.post(f"{visitor.address}/load")
        assert "没有装入" in words(refused)
        assert "另一个导入正在写入本数据库" in words(refused)
        assert snapshot(embedded_store) == before
    assert "已装入" in words(visitor.post(f"{visitor.address}/load"))


class StoppedEarly(Job):
    """Work that somebody stops as soon as something was written."""

    def report(self, done: int, total: int, words: str = "") -> None:
        """As always, and stop after the first step of writing."""
        if words == work.LOADING and done:
            self.cancel()
        super().report(done, total, words)


def test_a_stopped_load_is_completed_by_loading_again(visitor: Visitor, embedded_store: Store) -> None:
    visitor.hand_in(("楼院情况.xlsx", ESTATES), ("小区.xlsx", workbook(小区=[["小区编号", "小区名称", "所属社区"], ["E9", "示例九小区", "飞行社区"]])))  # fmt: skip
    visitor.post(f"{visitor.address}/check")
    [upload] = visitor.desk.uploads
    upload.job = StoppedEarly("load")
    upload.job.run(work.loading(upload, embedded_store, Sources(visitor.desk.config), {}))
    assert upload.job.state is State.CANCELLED
    assert BatchState.LOADING in {each.state for each in batches(embedded_store)}
    assert "装入中断" in words(visitor.client.get("/imports"))
    asked = visitor.client.get(f"{visitor.address}/load")
    assert "再装入一次即可补完，不会重复" in words(asked)
    visitor.post(f"{visitor.address}/load")
    assert {each.state for each in batches(embedded_store)[-2:]} == {BatchState.LOADED}
    assert embedded_store.read("MATCH (:Estate {id: 'E9'})-[r:PART_OF]->() RETURN count(r) AS n") == [
        {"n": 1}
    ]


def test_undoing_lists_what_a_later_batch_changed(visitor: Visitor, embedded_store: Store) -> None:
    for number, name in ((1, "示例七小区"), (2, "示例七小区改名")):
        book = workbook(小区=[["小区编号", "小区名称", "所属社区"], ["E7", name, "飞行社区"]])
        visitor.hand_in((f"小区{number}.xlsx", book), source="小区")
        visitor.post(f"{visitor.address}/check")
        visitor.post(f"{visitor.address}/load")
    first, second = batches(embedded_store)[-2:]
    refused = visitor.ended(visitor.post(f"/imports/batches/{first.id}"))
    assert "没有撤销：后来的导入或修改动过同样的内容" in words(refused)
    assert f"/imports/batches/{second.id}" in refused.text
    for batch in (second, first):
        assert "已撤销" in words(visitor.ended(visitor.post(f"/imports/batches/{batch.id}")))
    again = visitor.ended(visitor.post(f"/imports/batches/{first.id}"))
    assert "已经撤销过了，无需再撤销" in words(again)


def test_loading_into_the_demo_district_is_warned_about(embedded_store: Store, tmp_path: Path) -> None:
    empty(embedded_store)
    fill(embedded_store)
    visitor = Visitor.at(embedded_store, Settings(config_folder=tmp_path))
    visitor.hand_in(("楼院情况.xlsx", ESTATES))
    visitor.post(f"{visitor.address}/check")
    for address in ("/imports", f"{visitor.address}/load"):
        assert "装入后示例数据与真实数据会混在一起" in words(visitor.client.get(address))
    visitor.desk.uploads.close()


def test_files_lie_in_a_private_folder_and_are_forgotten(visitor: Visitor) -> None:
    visitor.hand_in(("楼院情况.xlsx", ESTATES))
    [upload] = visitor.desk.uploads
    for folder in (upload.folder.parent, upload.folder, upload.paths[0].parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    address = visitor.address
    assert visitor.post(f"{address}/forget").status_code == 200
    assert not upload.folder.exists()
    gone = visitor.client.get(address, headers=HTML)
    assert (gone.status_code, "这次上传已经不在了" in words(gone)) == (404, True)


def test_what_nobody_touches_is_forgotten_after_a_while() -> None:
    now = [0.0]
    uploads = Uploads(clock=lambda: now[0])
    first = uploads.receive([])
    now[0] = IDLE_S
    assert uploads.find(first.id) is first
    now[0] = 2 * IDLE_S + 1
    assert uploads.find(first.id) is None
    assert not first.folder.exists()
    root = uploads.receive([]).folder.parent
    uploads.close()
    assert not root.exists()
