"""The home page in a real browser: nothing from elsewhere, no error, nothing wider than the screen."""

import os
import shutil
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Request, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from api.app import create_app
from api.pages.assets import manifest
from api.settings import Settings
from graph.store import Store
from tests.api.small_district import fill
from tests.conftest import empty


def vendored(name: str) -> str:
    """The path of a vendored file."""
    return f"/static/vendor/{manifest()[name]['file']}"


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Silent(WSGIRequestHandler):
    """Answers without a line on stderr per request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address(embedded_store: Store) -> Iterator[str]:
    """The small district's pages on a free port of this machine."""
    empty(embedded_store)
    fill(embedded_store)
    server = make_server("127.0.0.1", 0, create_app(embedded_store, Settings()), threaded=True, request_handler=Silent)  # fmt: skip
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """A page of the system's Chromium."""
    if CHROMIUM is None:
        missing = "no Chromium on this machine: install chromium to run the browser tests"
        if os.environ.get("LINMAI_REQUIRE_SERVERS") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        yield browser.new_page()
        browser.close()


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080), (390, 844)])
def test_the_home_page_fits_the_screen_and_asks_nobody_else(
    page: Page, address: str, width: int, height: int
) -> None:
    said: list[str] = []
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", note)
    page.set_viewport_size({"width": width, "height": height})
    page.goto(address)
    assert page.title() == "湛河区总览 · 邻脉"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert said == []
    assert {url.removeprefix(address).split("?")[0] for url in asked} <= {"/", "/static/look.css", "/static/mark.svg", "/static/pages/frame.js", vendored("htmx"), vendored("icons")}  # fmt: skip


def test_a_gap_leads_to_the_list_of_what_is_lacking(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
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
