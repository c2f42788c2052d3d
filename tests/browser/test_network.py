"""网络 in a real browser: from a search to what surrounds a thing, the way to another, and a file of it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, Request, Route

from api.vendored import vendored_text
from benchmarks.pictures import largest
from tests.api.small_district import FEIXING
from tests.browser.conftest import Noticed
from tests.viz.pictures import HOSTILE, hostile
from viz.html_file import html_file
from viz.vis import payload

DRAWN = "[data-drawn=true]"


@pytest.fixture(autouse=True)
def nothing_is_wrong(noticed: Noticed, address: str) -> Iterator[None]:
    """Whatever a test looks at, no page complains or asks another host."""
    yield
    assert noticed.said == []
    assert [url for url in noticed.asked if not url.startswith((address, "data:", "blob:", "file:"))] == []


def test_a_unit_is_found_its_neighbourhood_drawn_and_a_way_told_to_another_thing(
    page: Page, address: str
) -> None:
    page.goto(f"{address}/network")
    page.locator(".find input[type=search]").fill("示例医院")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="共建单位 示例医院").click()
    page.wait_for_selector(DRAWN)
    assert page.locator("#told").inner_text() == "示例医院的邻域：5 个对象，4 条联系"
    page.locator(".find input[type=search]").fill("飞行社区大党委")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="飞行社区大党委").first.click()
    page.wait_for_selector(DRAWN)
    told = "示例医院签有共建协议示例协议，其签约组织是飞行社区大党委。"
    assert page.locator("#told").inner_text().startswith(told)
    page.reload()
    assert page.locator("#told").inner_text().startswith(told)


def test_what_is_hidden_by_a_click_in_the_legend_stays_hidden_when_the_address_is_opened_again(
    page: Page, address: str
) -> None:
    page.goto(f"{address}/network?node=Unit:U1")
    page.wait_for_selector(DRAWN)
    page.locator("[data-kind=Agreement]").click()
    assert "hide=Agreement" in page.url
    page.reload()
    page.wait_for_selector(DRAWN)
    assert page.locator("[data-kind=Agreement]").get_attribute("aria-pressed") == "false"
    page.locator("[data-kind=Agreement]").click()
    assert "hide" not in page.url


def test_more_of_a_kind_is_shown_by_a_click_on_the_circle_that_counts_them(page: Page, address: str) -> None:
    page.goto(f"{address}/network?node=Street:410411004")
    page.wait_for_selector(DRAWN)
    before = page.locator("#told").inner_text()
    page.evaluate("window.scrollTo(0, 0)")
    at = page.evaluate("document.querySelector('#picture').at('Street:410411004~PART_OF~in~Community')")
    box = page.locator("#picture").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + at["x"], box["y"] + at["y"])
    page.wait_for_url("**more=**")
    page.wait_for_selector(DRAWN)
    assert page.locator("#told").inner_text() != before
    assert "未显示" not in page.locator("#told").inner_text()


def test_a_large_network_opens_whole_and_leads_to_its_middle_and_back(page: Page, address: str) -> None:
    def outside(until: str) -> int:
        """How many nodes are outside of what is seen, once that is as said: "none" or "some"."""
        return int(page.evaluate("""until => new Promise((done) => {
          const place = document.querySelector("#picture");
          const keys = JSON.parse(document.querySelector("#data").textContent).nodes.map((node) => node.id);
          const look = () => {
            const lost = keys.map((key) => place.at(key)).filter(({x, y}) => x < 0 || y < 0 || x > place.clientWidth || y > place.clientHeight).length;
            if (until === "none" ? lost === 0 : lost > 0) done(lost); else requestAnimationFrame(look);
          };
          look();
        })""", until))  # fmt: skip

    page.goto(f"{address}/network/weak-points")
    page.wait_for_selector(DRAWN)
    assert page.evaluate("JSON.parse(document.querySelector('#data').textContent).nodes.length") > 30
    assert outside("none") == 0
    page.get_by_title("回到中心").click()
    assert outside("some") > 0
    page.get_by_title("看全图").click()
    assert outside("none") == 0


def test_a_picture_with_many_lines_keeps_them_while_it_is_dragged(page: Page, address: str) -> None:
    data = json.dumps(payload(largest()), ensure_ascii=False).replace("</", "<\\/")

    def with_many_lines(route: Route) -> None:
        answer = route.fetch()
        whole, at, rest = answer.text().partition('id="data">')
        route.fulfill(response=answer, body=whole + at + data + rest[rest.index("</script>") :])

    inked = """async () => {
      for (let frames = 0; frames < 2; frames++) await new Promise(requestAnimationFrame);
      const canvas = document.querySelector("#picture canvas");
      const copy = Object.assign(document.createElement("canvas"), { width: canvas.width, height: canvas.height });
      const pen = copy.getContext("2d", { willReadFrequently: true });
      pen.drawImage(canvas, 0, 0);
      const points = pen.getImageData(0, 0, canvas.width, canvas.height).data;
      let count = 0;
      for (let i = 3; i < points.length; i += 4) if (points[i]) count++;
      return count;
    }"""
    page.route("**/network/weak-points", with_many_lines)
    page.goto(f"{address}/network/weak-points")
    page.wait_for_selector(DRAWN)
    box = page.locator("#picture").bounding_box()
    assert box is not None
    place = "document.querySelector('#picture').at('Unit:0').x"
    at_rest, before = page.evaluate(inked), page.evaluate(place)
    x, y = box["x"] + box["width"] / 2, box["y"] + 5
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 20, y, steps=4)
    page.wait_for_function(f"{place} > {before + 5}")
    while_dragged = page.evaluate(inked)
    page.mouse.up()
    assert 0.9 * at_rest < while_dragged < 1.1 * at_rest


def test_the_table_says_the_same_as_the_picture(page: Page, address: str) -> None:
    page.goto(f"{address}/network?node=Unit:U1")
    page.get_by_text("表格：5 个对象，4 条联系").click()
    rows = page.locator(".twin tbody").first.locator("tr").all_inner_texts()
    assert [row.split("\t")[:2] for row in rows] == [
        ["社区", "飞行社区居民委员会"], ["党组织", "示例医院党委"], ["共建单位", "示例医院"], ["共建协议", "示例协议"], ["资源", "示例多功能厅"],
    ]  # fmt: skip


def test_what_breaks_when_a_unit_leaves_is_found_from_the_network_in_three_clicks(
    page: Page, address: str
) -> None:
    page.goto(address)
    page.get_by_role("link", name="网络").click()
    page.locator(".find input[type=search]").fill("示例医院")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="共建单位 示例医院").click()
    assert page.locator(".losses li").all_inner_texts() == ["协议\n示例协议\n2020-10-20"]


@pytest.mark.parametrize("view", ["map", "party", "flows", f"weak-points?scope={FEIXING}"])
@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080)])
def test_each_view_fits_the_screen_and_is_drawn(
    page: Page, address: str, view: str, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{address}/network/{view}")
    page.wait_for_selector(".circles svg" if view == "map" else DRAWN)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_map_is_gone_into_by_the_keyboard_alone(page: Page, address: str) -> None:
    page.goto(f"{address}/network/map")
    page.locator(".circles a").filter(has_text="九里山街道").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**scope=410411004**")
    assert page.locator(".told").inner_text().startswith("九里山街道：应建党组织")


@pytest.mark.parametrize(
    ("view", "files"),
    [("network?node=Unit:U1", ["PNG"]), ("network/map", ["PNG", "SVG"]), ("network/party", ["PNG", "SVG"])],
)
def test_a_picture_is_saved_as_the_browser_drew_it(
    page: Page, address: str, view: str, files: list[str]
) -> None:
    page.goto(f"{address}/{view}")
    page.wait_for_selector(".circles svg" if view == "network/map" else DRAWN)
    for kind in files:
        page.locator(".menu").last.locator("summary").click()
        with page.expect_download() as download:
            page.locator(".menu li").filter(has_text=kind).locator("a, button").click()
        content = Path(download.value.path()).read_bytes()
        assert content.startswith(b"\x89PNG" if kind == "PNG" else b"<svg")
        page.locator(".menu").last.locator("summary").click()


def test_the_html_file_opens_without_a_network_and_shows_hostile_names_as_text(
    browser: Browser, page: Page, tmp_path: Path
) -> None:
    file = tmp_path / "picture.html"
    scripts = [vendored_text("vis-data"), vendored_text("vis-network")]
    file.write_bytes(
        html_file(hostile(), scripts, vendored_text("vis-network-style")).encode("utf-8", "replace")
    )
    asked: list[str] = []
    dialogs: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    def shown(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    offline = browser.new_context(offline=True)
    opened = offline.new_page()
    opened.on("request", note)
    opened.on("dialog", shown)
    opened.goto(file.as_uri())
    opened.wait_for_selector("#picture canvas")
    assert opened.evaluate("Object.values(drawn.getPositions()).map((at) => at.x)") == [
        150 * i for i in range(len(HOSTILE))
    ]
    assert opened.evaluate("drawn.body.data.nodes.length") == len(HOSTILE)
    opened.get_by_text("表格：对象").click()
    assert HOSTILE[0] in opened.locator("table").first.inner_text()
    assert (dialogs, asked) == ([], [file.as_uri()])
    offline.close()
