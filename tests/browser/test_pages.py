"""Every reading page in a real browser: fits, asks nobody else, is accessible, prints; and what visitors come for."""

import csv
import io
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.api.small_district import FEIXING
from tests.browser.conftest import Noticed

PAGES = (
    "/", "/organizations", f"/organizations?scope={FEIXING}", "/members", f"/members?scope={FEIXING}", "/members?scope=B1",
    "/partners", "/partners/agreements", "/partners/resources", "/lists", "/lists/needs", "/lists/resources",
    "/lists/projects", "/lists/needs/N1", "/partners/units/U1", "/entities/O1", "/entities/U1/loss", "/schema",
    "/lists/needs/N1/matches", "/partners/units/U1/needs", "/plans", "/plans/F1", "/plans/F1?part=assignments",
    "/plans/what-if?what=capacity", "/records/needs/new", "/records/resources/at/Z1/edit", "/queries", "/queries/members_by_kind", "/figures", "/search?q=fx", "/api/docs",
    "/network", "/network?q=fx", "/network?node=Unit:U1", "/network?start=Unit:U1&end=PartyOrganization:P2", "/network/map",
    "/network/party", "/network/flows", f"/network/weak-points?scope={FEIXING}&node=Unit:U1",
)  # fmt: skip
"""An address of every kind of page that shows what is there."""


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_screen_and_paper_asks_nobody_else_and_has_no_serious_obstacle_for_a_screen_reader(
    page: Page, noticed: Noticed, address: str, path: str
) -> None:
    answer = page.goto(address + path)
    assert answer is not None
    assert answer.status == 200
    for width, height in ((1280, 720), (1920, 1080), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width
    assert noticed.said == []
    assert [url for url in noticed.asked if not url.startswith(address)] == []
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 794, "height": 1123})
    assert page.evaluate("document.documentElement.scrollWidth") <= 794
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) >= 1
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1280, "height": 720})
    found = Axe().run(page).response["violations"]
    serious = [(v["id"], [n["html"][:200] for n in v["nodes"][:3]]) for v in found if v["impact"] in ("serious", "critical")]  # fmt: skip
    assert serious == []


@pytest.mark.parametrize(
    "path",
    ["/lists/needs", "/lists/needs/N1", "/plans/F1", "/plans/F1?part=assignments", "/plans/F1?part=idle"],
)
def test_on_a_phone_nothing_is_scrolled_sideways(page: Page, address: str, path: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(address + path)
    page.wait_for_load_state("networkidle")
    cut = page.locator(".wide").evaluate_all(
        "all => all.filter(each => each.scrollWidth > each.clientWidth).length"
    )
    assert (cut, page.evaluate("document.documentElement.scrollWidth")) == (0, 390)


def test_a_category_is_suggested_while_a_resource_is_written_and_enter_saves(page: Page, noticed: Noticed, address: str) -> None:  # fmt: skip
    page.goto(f"{address}/records/resources/new")
    page.locator("#title").fill("没有人认识的话题")
    page.keyboard.press("Tab")
    expect(page.get_by_role("status")).to_contain_text("请人工选择")
    assert noticed.said == []
    page.locator("#title").press("Enter")
    expect(page.locator(".error").first).to_be_visible()


def test_search_is_opened_walked_and_followed_with_the_keyboard_alone(
    page: Page, noticed: Noticed, address: str
) -> None:
    page.goto(address)
    page.keyboard.press("/")
    page.keyboard.type("slyy")
    expect(page.get_by_role("option")).to_have_count(2)
    expect(page.get_by_role("option").nth(0)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/partners/units/U1**")
    assert page.locator("h1").inner_text() == "示例医院"
    assert noticed.said == []


def test_a_search_without_a_hit_says_what_to_try_instead(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("combobox").fill("没有这个")
    expect(page.locator("#hits")).to_contain_text("可以只写名称的一部分、编号或拼音首字母")


def test_the_area_and_the_day_that_are_chosen_stay_from_page_to_page(page: Page, address: str) -> None:
    page.goto(f"{address}/organizations")
    page.get_by_label("截至").fill("2020-09-01")
    page.keyboard.press("Enter")
    page.wait_for_url("**as_of=2020-09-01**")
    page.locator("details.scope summary").click()
    page.get_by_role("link", name="九里山街道", exact=True).first.click()
    page.wait_for_url("**scope=410411004**")
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="党员覆盖").click()
    page.wait_for_url("**/members?**")
    assert "scope=410411004" in page.url
    assert "as_of=2020-09-01" in page.url
    assert page.locator("h1").inner_text() == "九里山街道"
    page.reload()
    assert page.locator("h1").inner_text() == "九里山街道"


def test_a_first_visitor_finds_the_communities_without_a_science_association(
    page: Page, address: str
) -> None:
    page.goto(address)
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="组织覆盖").click()
    page.get_by_role("link", name="社区没有科协").click()
    page.wait_for_url("**/queries/communities_without_organization?**")
    assert page.locator("tbody tr").count() == 35
    assert page.locator("tbody tr").filter(has_text="飞行社区居民委员会").count() == 0


def test_a_first_visitor_finds_the_members_of_one_building_with_masked_names(
    page: Page, address: str
) -> None:
    page.goto(address)
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="党员覆盖").click()
    page.get_by_role("link", name="九里山街道", exact=True).last.click()
    page.get_by_role("link", name="飞行社区居民委员会").last.click()
    page.get_by_role("link", name="1号楼").click()
    expect(page.locator("h1")).to_have_text("1号楼")
    rows = page.locator("tbody tr")
    assert [" ".join(text.split()) for text in rows.all_inner_texts()] == [
        "示* 在职 示例医院党委 飞行社区居民委员会",
        "示* 在职 示例医院党委",
    ]


def test_a_first_visitor_finds_what_breaks_if_a_unit_leaves(page: Page, address: str) -> None:
    page.goto(f"{address}/partners/units/U1")
    page.get_by_role("link", name="看会失去什么").click()
    expect(page.locator("#loss")).to_contain_text("有效协议无人履行")
    expect(page.locator("#loss")).to_contain_text("示例协议")


def test_the_file_of_a_table_holds_the_rows_that_are_shown(page: Page, address: str) -> None:
    page.goto(f"{address}/lists/needs?overdue=true")
    shown = page.locator("#list tbody tr").all_inner_texts()
    with page.expect_download() as download:
        page.locator("#list").get_by_role("link", name="CSV").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["需求"] for row in rows] == ["日间照料中心太小"]
    assert len(shown) == 1
    assert shown[0].startswith("日间照料中心太小")
