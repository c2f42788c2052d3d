"""Pictures of the demo district's pages, for `docs/gallery.md`.

`python -m tests.browser.gallery ADDRESS` looks at a served demo in which no plan was made yet, and writes
`docs/gallery/*.png` and `docs/gallery.md`.
"""

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

GALLERY = Path(__file__).resolve().parents[2] / "docs" / "gallery"
HEAD = """# What the pages look like

Every page of the demo district, 1280 pixels wide, as `python -m tests.browser.gallery ADDRESS` saw it. Names, keys and figures below the community are made up (示例数据). How the pages are built is in [pages.md](pages.md).
"""


@dataclass(frozen=True)
class Shot:
    """A picture: its name, what it shows, the address to open, and where to go from there."""

    name: str
    caption: str
    address: str
    go: Callable[[Page], None] | None = None


def _first_need(page: Page) -> None:
    page.locator("#list tbody tr a").first.click()
    page.locator(".matches > li").first.wait_for()


def _first_unit(page: Page) -> None:
    page.locator("tbody tr a[href*='/partners/units/']").first.click()
    page.wait_for_url("**/partners/units/**")


def _loss(page: Page) -> None:
    _first_unit(page)
    # The answer opens inside the unit's page; its link has it as a page of its own, too.
    page.goto(page.url.replace("/partners/units/", "/entities/").partition("?")[0] + "/loss")


def _around(page: Page) -> None:
    _first_unit(page)
    page.get_by_role("link", name="看网络").click()
    page.wait_for_url("**/network**")


def _made(page: Page) -> None:
    page.get_by_role("button", name="重新计算").click()
    page.wait_for_url("**/plans/*")
    page.locator("h1", has_text="对接方案").wait_for()


ESTATES = """楼院名称,所在社区,建成年份,户数情况
示例东湖小区,飞行社区,1998,320
示例西湖小区,飞行社区,二〇〇五年,180户
示例南湖小区,没有的社区,2011,96
"""
"""A table as an office keeps it: a heading in other words, a year in words, a community that there is not."""


def _handed_in(page: Page) -> None:
    page.set_input_files(
        "#files", {"name": "楼院情况.csv", "mimeType": "text/csv", "buffer": ESTATES.encode("gb18030")}
    )
    page.get_by_role("button", name="上传").click()
    page.get_by_role("heading", level=1, name="核对列").wait_for()


def _checked(page: Page) -> None:
    _handed_in(page)
    page.get_by_label("「户数情况」当作").select_option("户数")
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_role("button", name="下一步：检查").click()
    page.get_by_role("heading", level=1, name="检查结果").wait_for()


SHOTS = (
    Shot("home", "总览: totals, gaps first, streets, the five levels of party organizations", "/"),
    Shot("organizations", "组织覆盖: the five levels, gaps first, area by level", "/organizations"),
    Shot("community", "One community: its organizations, posts, estates and grids", "/organizations?scope=410411004004"),
    Shot("members", "党员覆盖: members by kind and area, reporting, buildings without a member", "/members"),
    Shot("partners", "共建资源: units and their agreements", "/partners"),
    Shot("agreements", "Agreements: which end soon, what was delivered of what was promised", "/partners/agreements"),
    Shot("resources", "Resources by area and category, idle ones, unconfirmed ones", "/partners/resources"),
    Shot("unit", "A unit: its properties, what it has to do with, its history", "/partners", _first_unit),
    Shot("loss", "What would be lost without that unit", "/partners", _loss),
    Shot("lists", "三项清单: needs, resources and projects at a glance", "/lists"),
    Shot("needs", "The needs for which a party is looked for", "/lists/needs?state=对接中"),
    Shot("need", "A need: its life, its properties, and the resources that fit it, ranked and explained", "/lists/needs?state=对接中&overdue=false", _first_need),
    Shot("projects", "Projects and their states", "/lists/projects"),
    Shot("form", "A need is entered, with what each field takes", "/records/needs/new"),
    Shot("plan", "对接方案: what a plan is worth and the proof of it, community by community, the worst first", "/plans", _made),
    Shot("network", "网络: what surrounds a unit, and what would be lost without it", "/partners", _around),
    Shot("map", "区域地图: streets and communities as circles, coverage as colour", "/network/map"),
    Shot("street-map", "One street of the map", "/network/map?scope=410411004"),
    Shot("party", "党组织体系: the five levels of party organizations", "/network/party"),
    Shot("flows", "供需流向: what is needed, and who gives it", "/network/flows"),
    Shot("weak-points", "关键节点: what would come apart without one unit or organization", "/network/weak-points?scope=410411004004"),
    Shot("imports", "导入: spreadsheets handed in, and the batches that were loaded", "/imports"),
    Shot("mapping", "核对列: what each column of a table in other words means", "/imports", _handed_in),
    Shot("checked", "检查结果: what would be loaded, and what is to be mended where", "/imports", _checked),
    Shot("queries", "查询: every named query", "/queries"),
    Shot("query", "One query: what it answers, its parameters, its text, its rows", "/queries/needs_by_street"),
    Shot("search", "Found by the initials of pinyin", "/search?q=fx"),
    Shot("schema", "数据模型: what the graph knows", "/schema"),
    Shot("figures", "数字核对: published against loaded", "/figures"),
)  # fmt: skip


def document() -> str:
    """The text of `docs/gallery.md`."""
    return HEAD + "".join(f"\n## {s.caption}\n\n![{s.caption}](gallery/{s.name}.png)\n" for s in SHOTS)


def shoot(page: Page, address: str, shot: Shot) -> None:
    """One picture, of the first screens of the page."""
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(address + shot.address)
    if shot.go:
        shot.go(page)
    page.wait_for_load_state("networkidle")
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": 1280, "height": min(height, 1100)})
    taken = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    # 128 colours look the same here and take half the room in the repository.
    taken.quantize(128, dither=Image.Dither.NONE).save(GALLERY / f"{shot.name}.png", optimize=True)


def main(address: str) -> None:
    """Write every picture, and the document that shows them."""
    from tests.browser.conftest import CHROMIUM

    GALLERY.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        page = browser.new_page(timezone_id="Asia/Shanghai")
        page.set_default_timeout(120_000)
        for shot in SHOTS:
            shoot(page, address, shot)
        browser.close()
    GALLERY.with_suffix(".md").write_text(document(), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
