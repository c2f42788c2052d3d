"""Pictures: places of many areas, and a network of as many nodes as a page may hold, drawn by the page and dragged in Chromium."""

import json
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import api
from api.vendored import vendored_text
from benchmarks.child import in_child
from benchmarks.table import Goal, Line, Of, median
from viz.containment import containment
from viz.picture import INTERACTIVE, Edge, Node, Picture
from viz.vis import payload

_SCRIPTS = Path(api.__file__).parent / "static" / "pages"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_FRAMES = 120
_SITE = "http://127.0.0.1/"
_PAGE = """<!doctype html><meta charset="utf-8">
<div id="picture" style="width: 900px; height: 600px"></div><aside id="panel" data-detail="detail"></aside>
<script type="application/json" id="data">%s</script>
<script src="vis-data" defer></script><script src="vis-network" defer></script><script type="module" src="network.js"></script>"""
_DRAG = """async (frames) => {
  const canvas = document.querySelector("#picture canvas");
  const { left, top } = canvas.getBoundingClientRect();
  const point = (type, x) => canvas.dispatchEvent(new PointerEvent(type, {
    bubbles: true, pointerId: 1, pointerType: "mouse", isPrimary: true, clientX: left + x, clientY: top + 300,
    button: type === "pointermove" ? -1 : 0, buttons: type === "pointerup" ? 0 : 1,
  }));
  let x = 450;
  point("pointerdown", x);
  const began = performance.now();
  for (let i = 0; i < frames; i++) {
    point("pointermove", (x += i % 40 < 20 ? 6 : -6));
    await new Promise(requestAnimationFrame);
  }
  const taken = (performance.now() - began) / frames;
  point("pointerup", x);
  return taken;
}"""
"""The picture dragged to and fro as a hand does it; milliseconds a frame."""


def lines(runs: int) -> Iterator[Line]:
    """Layout of 30,000 and 600,000 areas, and the largest network in a browser."""
    for districts, goal_s in ((1, 0.3), (20, 10.0)):
        parents = areas(districts)
        taken = [_seconds(parents) for _ in range(runs)]
        yield Line(
            f"circles of {len(parents) // 1000},000 areas", median(taken), "s", goal=Goal(goal_s, Of.OURS)
        )
    if CHROMIUM:
        yield from _browser(runs)


def areas(districts: int) -> list[int]:
    """Parents of the areas of some districts: streets, communities, estates, buildings, and what is in these."""
    random, parents = Random("areas"), []
    for _ in range(districts):
        level = [len(parents)]
        parents.append(-1)
        for least, most in ((10, 10), (8, 12), (4, 6), (3, 5), (9, 22)):
            above, level = level, []
            for holder in above:
                count = random.randint(least, most)
                level += range(len(parents), len(parents) + count)
                parents += [holder] * count
    return parents


def largest() -> Picture:
    """A network of as many nodes as may be drawn, each tied to two others."""
    random = Random("network")
    circles = containment([-1, *[0] * (INTERACTIVE - 1)])
    nodes = [
        Node("Unit", {"id": str(i), "name": f"示例单位{i}"}, float(x) * 4000, float(y) * 4000)
        for i, (x, y) in enumerate(zip(circles.x, circles.y, strict=True))
    ]
    edges = [
        Edge(node.key, nodes[random.randrange(INTERACTIVE)].key, "SEATED_ON", "兼职席位")
        for node in nodes
        for _ in range(2)
    ]
    return Picture("neighbourhood", "最大的图", "410411", "2020-10-01", nodes, edges)


def _browser(runs: int) -> Iterator[Line]:
    found = in_child(in_chromium, runs=runs).result
    yield Line(
        f"network of {INTERACTIVE:,} nodes drawn in Chromium", median(found["drawn_s"]), "s", goal=Goal(2.0, Of.OURS)
    )  # fmt: skip
    yield Line(
        "  panned, a frame", median(found["frame_ms"]), "ms", goal=Goal(1000 / 30, Of.OURS), note="30 frames a second"
    )  # fmt: skip


def in_chromium(runs: int) -> Callable[[], Any]:
    """Job: draw the largest network with the page's own script and drag it, some times; seconds to draw, milliseconds per frame."""
    from playwright.sync_api import Route, sync_playwright

    page_text = _PAGE % json.dumps(payload(largest()), ensure_ascii=False).replace("</", "<\\/")

    def serve(route: Route) -> None:
        name = route.request.url.removeprefix(_SITE)
        if not name:
            route.fulfill(body=page_text, content_type="text/html; charset=utf-8")
        elif name.endswith(".js"):
            route.fulfill(body=(_SCRIPTS / name).read_text("utf-8"), content_type="text/javascript")
        else:
            route.fulfill(body=vendored_text(name), content_type="text/javascript")

    def work() -> Any:
        drawn, frames = [], []
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            for _ in range(runs):
                page = browser.new_page(viewport={"width": 1280, "height": 720})
                page.route("**/*", serve)
                page.goto(_SITE)
                page.wait_for_selector("#picture[data-drawn]")
                drawn.append(page.evaluate("performance.now() / 1000"))
                frames.append(page.evaluate(_DRAG, _FRAMES))
                page.close()
            browser.close()
        return {"drawn_s": drawn, "frame_ms": frames}

    return work


def _seconds(parents: list[int]) -> float:
    began = time.perf_counter()
    containment(parents)
    return time.perf_counter() - began
