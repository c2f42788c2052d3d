"""Importing in a real browser, by keyboard: from the file to the batch and back."""

import io
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Dialog, Page, expect

from api.settings import Settings
from graph.store import Store
from tests.api.handing_in import workbook
from tests.api.small_district import fill
from tests.browser.conftest import Noticed, served
from tests.conftest import empty

HOSTILE = '"><img src=x onerror=alert(1)>'
ESTATES = workbook(
    楼院=[
        ["楼院名称", "所在社区", "建成年份", "户数情况", HOSTILE],
        ["示例七小区", "飞行社区", 1998, 300, HOSTILE],
        [HOSTILE, "飞行社区", 2001, 120, "</script><script>alert(2)</script>"],
        ["示例九小区", "飞行社区", "很久以前", 80, ""],
    ]
)


@pytest.fixture
def address(embedded_store: Store, tmp_path: Path) -> Iterator[str]:
    """The pages of the small district, which is not demo data, on a free port of this machine."""
    empty(embedded_store)
    fill(embedded_store, demo=False)
    with served(embedded_store, Settings(config_folder=tmp_path / "config")) as found:
        yield found


def serious(page: Page) -> list[str]:
    """What keeps people with a disability from using the page, as far as a program can tell."""
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html']}" for v in found if v["impact"] in ("serious", "critical")]


def press(page: Page, role: str, name: str) -> None:
    """Reach something by its name and press Enter on it, as one does without a mouse."""
    page.get_by_role(role, name=name, exact=True).focus()  # type: ignore[arg-type]
    page.keyboard.press("Enter")


def test_a_workbook_goes_all_the_way_in_and_back_without_a_mouse(
    page: Page, noticed: Noticed, address: str, embedded_store: Store, tmp_path: Path
) -> None:
    def refuse(dialog: Dialog) -> None:
        noticed.said.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    page.on("dialog", refuse)
    file = tmp_path / "楼院情况2020年9月.xlsx"
    file.write_bytes(ESTATES)

    page.goto(f"{address}/imports")
    assert serious(page) == []
    page.set_input_files("#files", file)
    expect(page.locator("[data-chosen]")).to_contain_text("楼院情况2020年9月.xlsx")
    press(page, "button", "上传")

    expect(page.get_by_role("heading", level=1)).to_have_text("核对列", timeout=60_000)
    assert serious(page) == []
    expect(page.get_by_text("待确认：户数？")).to_have_count(1)
    page.get_by_label("「户数情况」当作").select_option("户数")
    page.get_by_label(f"「{HOSTILE}」当作").select_option("忽略")
    press(page, "button", "保存")
    expect(page.get_by_text("待确认：户数？")).to_have_count(0)
    expect(page.get_by_role("cell", name=HOSTILE, exact=True).first).to_be_visible()
    press(page, "button", "下一步：检查")

    expect(page.get_by_role("heading", level=1)).to_have_text("检查结果", timeout=60_000)
    assert serious(page) == []
    expect(page.locator(".counts")).to_have_text("新增4 变更0 未变0 退回（行）1 本期没有0")
    with page.expect_download() as taken:
        press(page, "link", "楼院情况2020年9月-退回行.xlsx")
    rejected = openpyxl.load_workbook(io.BytesIO(taken.value.path().read_bytes())).active
    assert rejected is not None
    assert [row[0].value for row in rejected.iter_rows(min_row=2)] == ["示例九小区"]
    press(page, "link", "下一步：装入")

    expect(page.get_by_role("heading", level=1)).to_have_text("确认装入")
    assert serious(page) == []
    press(page, "button", "确认装入")
    expect(page.get_by_role("heading", level=1)).to_have_text("已装入", timeout=60_000)
    names = {row["name"] for row in embedded_store.read("MATCH (e:Estate) RETURN e.name AS name")}
    assert names == {"示例一小区", "示例二小区", "示例七小区", HOSTILE}
    page.get_by_role("link", name="可以撤销").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("main").get_by_role("heading", level=2)).to_have_text(["撤销这个批次"])
    assert serious(page) == []
    press(page, "button", "确认撤销")
    expect(page.get_by_text("恢复 0 条，删除 4 条")).to_be_visible(timeout=60_000)
    page.goto(f"{address}/imports")
    expect(page.get_by_role("cell", name="已撤销")).to_be_visible()
    assert noticed.said == []
