"""The way through matching in a real browser: from a need to a project, from the lists to a plan that is announced."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from graph.store import Store
from tests.api.three_lists import fill
from tests.browser.conftest import Noticed, served
from tests.conftest import empty


@pytest.fixture(scope="module")
def lists_address(embedded_store: Store) -> Iterator[str]:
    """The pages of the district with three lists."""
    empty(embedded_store)
    fill(embedded_store)
    with served(embedded_store) as found:
        yield found


def test_from_a_need_that_is_searched_for_to_the_best_resource_and_the_project_in_the_list(
    page: Page, noticed: Noticed, lists_address: str
) -> None:
    page.goto(f"{lists_address}/lists?scope=D")
    page.get_by_role("combobox").fill("老年助餐")
    page.get_by_role("option", name="老年助餐").first.click()
    page.wait_for_url("**/lists/needs/N1**")
    best = page.locator(".matches > li").first
    expect(best.get_by_role("heading")).to_have_text("职工食堂")
    best.get_by_text("依据").click()
    expect(best.locator(".trail").first).to_contain_text("示例医院")
    best.get_by_role("link", name="发起项目").click()
    page.get_by_label("项目名称").fill("一社区老年助餐")
    page.get_by_role("button", name="立项").click()
    page.wait_for_url("**/lists/projects/**")
    expect(page.locator("h1")).to_have_text("一社区老年助餐")
    page.goto(f"{lists_address}/lists/projects?scope=D")
    expect(page.get_by_role("link", name="一社区老年助餐")).to_be_visible()
    assert noticed.said == []


def test_a_plan_is_made_verified_and_announced(page: Page, noticed: Noticed, lists_address: str) -> None:
    page.goto(f"{lists_address}/plans?scope=D")
    page.get_by_role("button", name="重新计算").click()
    page.wait_for_url("**/plans/FA-**", timeout=60_000)
    expect(page.locator(".tiles")).to_contain_text("已证明最优")
    page.get_by_role("link", name="验证").click()
    expect(page.locator("#proof")).to_contain_text("验证通过")
    page.get_by_text("公布", exact=True).click()
    page.get_by_role("button", name="确认公布").click()
    expect(page.locator(".head")).to_contain_text("已公布")
    page.get_by_role("link", name="未满足", exact=True).click()
    expect(page.get_by_role("link", name="舞蹈排练")).to_be_visible()
    assert noticed.said == []


def test_the_resources_of_a_need_read_well_on_a_phone(page: Page, lists_address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{lists_address}/lists/needs/N2?scope=D")
    expect(page.locator(".matches > li").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    button = page.locator(".matches > li").first.get_by_role("link", name="发起项目").bounding_box()
    assert button is not None
    assert button["height"] >= 32
