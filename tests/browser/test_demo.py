"""The demo district as a first visitor meets it: every page opens, and what people come for is a few steps away."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from graph.store import Store
from tests.browser.conftest import Noticed, served
from tests.browser.gallery import SHOTS

ADDRESSES = {shot.name: shot.address for shot in SHOTS if shot.go is None}


@pytest.fixture(scope="module")
def demo(demo_store: Store) -> Iterator[str]:
    """The demo district's pages."""
    with served(demo_store) as found:
        yield found


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_page_of_the_demo_opens_without_an_error_and_asks_nobody_else(
    page: Page, noticed: Noticed, demo: str, name: str
) -> None:
    answer = page.goto(demo + ADDRESSES[name])
    assert answer is not None
    assert answer.status == 200
    page.wait_for_load_state("networkidle")
    assert noticed.said == []
    assert [url for url in noticed.asked if not url.startswith(demo)] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_the_home_page_compares_with_the_published_figures_by_itself(page: Page, demo: str) -> None:
    page.goto(demo)
    expect(page.locator("#agreement")).to_contain_text("与 2020 年公布的数字相符")
    expect(page.locator("#agreement")).not_to_contain_text("不一致")


def test_which_communities_have_no_science_association(page: Page, demo: str) -> None:
    page.goto(demo)
    page.get_by_role("link", name="社区没有科协").first.click()
    page.wait_for_url("**/queries/communities_without_organization?**")
    assert page.locator("tbody tr").count() == 21


def test_who_lives_in_one_building_masked(page: Page, demo: str) -> None:
    page.goto(demo)
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="党员覆盖").click()
    page.get_by_role("link", name="九里山街道", exact=True).last.click()
    page.get_by_role("link", name="飞行社区居民委员会").last.click()
    page.locator("tbody").get_by_role("link", name="示例").last.click()
    page.locator("tbody").get_by_role("link", name="号楼").last.click()
    expect(page.locator("h1")).to_contain_text("号楼")
    names = page.locator("tbody tr td:first-child").all_inner_texts()
    assert names
    assert all("*" in name for name in names)


def test_which_units_are_best_for_one_need(page: Page, demo: str) -> None:
    page.goto(demo)
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="三项清单").click()
    page.get_by_role("main").get_by_role("link", name="需求清单").first.click()
    page.get_by_label("状态").select_option("对接中")
    page.wait_for_url("**state=**")
    page.get_by_label("期限").select_option("未超期")
    page.wait_for_url("**overdue=**")
    page.locator("#list tbody tr a").first.click()
    best = page.locator(".matches > li").first
    expect(best.get_by_role("link", name="发起项目")).to_be_visible()


def test_what_breaks_if_a_unit_leaves(page: Page, demo: str) -> None:
    page.goto(demo)
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="共建资源").click()
    page.locator("tbody tr a[href*='/partners/units/']").first.click()
    page.get_by_role("link", name="看会失去什么").click()
    expect(page.locator("#loss")).to_be_visible()
