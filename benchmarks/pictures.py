"""Pictures: places of many areas, and a network of as many nodes as a page may hold, drawn and panned in Chromium."""

import json
import shutil
import time
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from api.vendored import vendored_text
from benchmarks.child import in_child
from benchmarks.table import Goal, Line, Of, median
from viz.containment import containment
from viz.picture import INTERACTIVE, Edge, Node, Picture
from viz.vis import payload

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_FRAMES = 120
_PAN = """async (frames) => {
  const began = performance.now();
  for (let i = 0; i < frames; i++) {
    const middle = network.getViewPosition();
    network.moveTo({ position: { x: middle.x + (i % 40 < 20 ? 12 : -12), y: middle.y } });
    await new Promise(requestAnimationFrame);
  }
  return (performance.now() - began) / frames;
}"""
_DRAW = """async (data) => {
  const began = performance.now();
  window.network = new vis.Network(document.getElementById("picture"), { nodes: new vis.DataSet(data.nodes), edges: new vis.DataSet(data.edges) }, data.options);
  await new Promise((drawn) => network.once("afterDrawing", drawn));
  network.fit({ animation: false });
  await new Promise(requestAnimationFrame);
  return (performance.now() - began) / 1000;
}"""


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
    """Job: draw the largest network and pan it, some times; seconds to draw, milliseconds per frame of each time."""
    from playwright.sync_api import sync_playwright

    data = json.loads(json.dumps(payload(largest())))

    def work() -> Any:
        drawn, frames = [], []
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            for _ in range(runs):
                page = browser.new_page(viewport={"width": 1280, "height": 720})
                page.set_content('<div id="picture" style="width: 900px; height: 600px"></div>')
                for name in ("vis-data", "vis-network"):
                    page.add_script_tag(content=vendored_text(name))
                drawn.append(page.evaluate(_DRAW, data))
                frames.append(page.evaluate(_PAN, _FRAMES))
                page.close()
            browser.close()
        return {"drawn_s": drawn, "frame_ms": frames}

    return work


def _seconds(parents: list[int]) -> float:
    began = time.perf_counter()
    containment(parents)
    return time.perf_counter() - began
