"""The home page in a real browser: nothing from elsewhere, no error, nothing wider than the screen."""

import pytest
from playwright.sync_api import Page, expect

from api.pages.assets import manifest
from tests.browser.conftest import Noticed


def vendored(name: str) -> str:
    """The path of a vendored file."""
    return f"/static/vendor/{manifest()[name]['file']}"


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080), (390, 844)])
def test_the_home_page_fits_the_screen_and_asks_nobody_else(
    page: Page, noticed: Noticed, address: str, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.goto(address)
    expect(page.locator("#agreement")).to_contain_text("无从核对")  # a part that the page fetches
    assert page.title() == "湛河区总览 · 邻脉"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert noticed.said == []
    assert {url.removeprefix(address).split("?")[0] for url in noticed.asked} <= {
        "/", "/figures", "/static/look.css", "/static/mark.svg", "/static/pages/frame.js", vendored("htmx"), vendored("icons"),
    }  # fmt: skip


def test_a_gap_leads_to_the_list_of_what_is_lacking(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("link", name="社区没有工会").click()
    page.wait_for_url("**/queries/communities_without_organization?**")
    assert page.locator("h1").inner_text() == "缺少某类组织的社区"
    assert page.locator("tbody tr").count() == 36


def test_a_query_is_asked_with_its_form_and_the_keyboard_alone(page: Page, address: str) -> None:
    page.goto(f"{address}/queries/communities_without_organization")
    page.get_by_label("组织类型").select_option("科协")
    page.get_by_label("范围（区域编号）").fill("410411004")
    page.keyboard.press("Enter")
    page.wait_for_url("**scope=410411004**")
    assert page.locator("tbody tr").count() == 7
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
