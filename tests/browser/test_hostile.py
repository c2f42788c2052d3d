"""Fifty hostile texts in a real browser, on every page there is: nothing that was written in a field is ever run."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Dialog, Page, expect
from werkzeug.exceptions import HTTPException

from api.app import create_app
from api.settings import Settings
from graph.store import Store
from tests.api.handing_in import workbook
from tests.api.hostile import CELLS, HOSTILE, PLAN, fill_hostile, key
from tests.api.small_district import FEIXING, fill
from tests.browser.conftest import Noticed, served
from tests.conftest import empty

AT = f"?scope={FEIXING}"
DRAWN = "[data-drawn=true]"
NO_PAGES = ("/api/", "/static/", "/healthz", "/readyz", "/metrics")
PARTS = {"import_progress", "download", "import_rejected", "network_map_svg"}
"""Files, and what a page asks for only as long as something takes time."""


@pytest.fixture(scope="module")
def address(embedded_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The pages of the small district, with the texts in it."""
    empty(embedded_store)
    fill(embedded_store, demo=False)
    fill_hostile(embedded_store)
    with served(embedded_store, Settings(config_folder=tmp_path_factory.mktemp("config"))) as found:
        yield found
    empty(embedded_store)


@pytest.fixture
def nothing_happens(page: Page, noticed: Noticed, address: str) -> Iterator[None]:
    """Whatever is opened, no text opens a dialog, makes the browser complain, or has it ask for what we did not write."""

    def refuse(dialog: Dialog) -> None:
        noticed.said.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    page.on("dialog", refuse)
    yield
    assert noticed.said == []
    own = [url for url in noticed.asked if not url.startswith(("data:", "blob:"))]
    assert [url for url in own if not url.startswith(address) or endpoint(url) is None] == []


ROUTES = create_app(None, Settings()).url_map  # type: ignore[arg-type] # no request is made: only its addresses are read


def endpoint(url: str) -> str | None:
    """The page behind an address; None where there is none."""
    found = ROUTES.bind("127.0.0.1")
    for method in ("GET", "POST"):
        try:
            return str(found.match(urlsplit(url).path, method)[0])
        except HTTPException:
            continue
    return None


LISTS = (
    "/", "/organizations", "/members", "/partners", "/partners/agreements", "/partners/resources", "/lists", "/lists/needs",
    "/lists/resources", "/lists/projects", "/plans", "/schema", "/queries", "/queries/needs_list", "/figures", "/imports",
    "/imports/batches/h-Batch-09", "/network", f"/plans/{PLAN}?part=assignments", f"/plans/{PLAN}?part=prices",
    "/plans/what-if?what=capacity", "/records/needs/new", "/search?q=alert", "/api/docs",
)  # fmt: skip
THINGS = (
    "/lists/needs/{Need}", "/lists/needs/{Need}/matches", "/lists/needs/{Need}/start?resource={Resource}", "/lists/resources/{Resource}",
    "/lists/projects/{Project}", "/partners/units/{Unit}", "/partners/units/{Unit}/needs", "/partners/units/{Unit}/claim?need={Need}&resource={Resource}",
    "/entities/{Organization}", "/entities/{Unit}/loss", "/records/agreements/at/{Agreement}", "/records/needs/at/{Need}/edit",
    "/records/units/at/{Unit}/edit",
)  # fmt: skip
NETWORKS = (
    f"/network{AT}&node=Community:{FEIXING}&more=Community:{FEIXING}~RAISED_IN~in~Need,Community:{FEIXING}~SERVES~in~Organization",
    "/network?node=Unit:{Unit}&depth=2", "/network?start=Need:{Need}&end=Venue:{Venue}", f"/network/party{AT}", f"/network/flows{AT}",
    f"/network/weak-points{AT}&node=Unit:{{Unit}}",
)  # fmt: skip


def named(address: str, number: int) -> str:
    """An address with the keys of the things that carry the text of that number."""
    labels = ("Need", "Resource", "Unit", "Agreement", "Organization", "Project", "Venue")
    return address.format(**{label: key(label, number) for label in labels})


def test_no_page_that_shows_them_runs_one(page: Page, noticed: Noticed, address: str, nothing_happens: None) -> None:  # fmt: skip
    things = [named(each, 7 * place % len(HOSTILE)) for place, each in enumerate(THINGS)]
    for each in (*LISTS, *things, f"/network/map{AT}", "/network/map"):
        answer = page.goto(address + (each if "?" in each or each in things else each + AT if "/batches/" not in each and each != "/api/docs" else each))  # fmt: skip
        assert answer is not None
        assert answer.status == 200, each
        assert page.url.startswith(address), each
    for each in (*NETWORKS, *(named(NETWORKS[1], number) for number in (0, 20, 40))):
        page.goto(address + named(each, 9))
        page.wait_for_selector(DRAWN)
    node = page.evaluate("document.querySelector('#picture').at(`Unit:${new URL(location.href).searchParams.get('node').slice(5)}`)")  # fmt: skip
    box = page.locator("#picture").bounding_box()
    assert box is not None
    with page.expect_response("**/network/detail**"):
        page.mouse.click(box["x"] + node["x"], box["y"] + node["y"])
    page.goto(f"{address}/records/needs/new{AT}")
    with page.expect_response("**/names/raised_by**"):
        page.locator("[name='raised_by.0']").press_sequentially("alert")
    page.locator("header input[name=q]").press_sequentially("alert")
    expect(page.get_by_role("option").first).to_be_visible()


def test_a_plan_of_them_is_made_and_shown_as_text(page: Page, noticed: Noticed, address: str, nothing_happens: None) -> None:  # fmt: skip
    page.goto(f"{address}/plans?scope=410411")
    page.get_by_role("button", name="重新计算").click()
    expect(page.locator("#proof")).to_be_visible(timeout=60_000)
    page.get_by_role("link", name="分配", exact=True).click()
    expect(page.get_by_role("link", name=HOSTILE[0], exact=True).first).to_be_visible()


def test_a_workbook_of_them_goes_in_and_back_as_text(page: Page, noticed: Noticed, address: str, nothing_happens: None, tmp_path: Path) -> None:  # fmt: skip
    texts = [text for text in HOSTILE if len(text) < 200]
    odd = (HOSTILE[0], HOSTILE[9], CELLS[0])
    sheet = [
        ["楼院名称", "所在社区", "建成年份", "户数", *odd],
        *([each, "飞行社区", 1998, 300, each] for each in texts),
    ]
    file = tmp_path / '"><img src=x onerror=alert(50)>.xlsx'
    file.write_bytes(workbook(楼院=sheet))
    page.goto(f"{address}/imports")
    page.set_input_files("#files", file)
    page.get_by_role("button", name="上传").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("核对列", timeout=60_000)
    for each in odd:
        page.get_by_label(f"「{each}」当作").select_option("忽略")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("main").get_by_text(HOSTILE[0], exact=True).first).to_be_visible()
    page.get_by_role("button", name="下一步：检查").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("检查结果", timeout=60_000)
    page.get_by_role("link", name="下一步：装入").click()
    page.get_by_role("button", name="确认装入").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("已装入", timeout=60_000)
    page.get_by_role("link", name="可以撤销").click()
    page.get_by_role("button", name="确认撤销").click()
    expect(page.get_by_text("恢复 ")).to_be_visible(timeout=60_000)


def test_no_page_was_left_out(seen: set[str]) -> None:
    pages = {
        str(rule.endpoint)
        for rule in ROUTES.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.rule.startswith(NO_PAGES)
    }
    assert pages - PARTS - seen == set()


@pytest.fixture(scope="module")
def seen() -> set[str]:
    """The pages that the tests of this module have opened so far."""
    return set()


@pytest.fixture(autouse=True)
def remember(noticed: Noticed, seen: set[str]) -> Iterator[None]:
    """Note which pages a test opened."""
    yield
    seen.update(found for url in noticed.asked if (found := endpoint(url)))
