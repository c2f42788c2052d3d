"""The small district's pages in the system's Chromium: one server per module, one browser per run, a page per test."""

import os
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from api.app import create_app
from api.settings import Settings
from graph.store import Store
from tests.api.small_district import fill
from tests.conftest import empty

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Silent(WSGIRequestHandler):
    """Answers without a line on stderr per request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@dataclass
class Noticed:
    """What a browser said and asked for while a test looked at a page."""

    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


@contextmanager
def served(store: Store, settings: Settings | None = None) -> Iterator[str]:
    """The pages over a store, on a free port of this machine; yields their address."""
    app = create_app(store, settings or Settings())
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Silent)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        app.extensions["imports"].uploads.close()
        app.extensions["imports"].jobs.close()


@pytest.fixture(scope="module")
def address(embedded_store: Store) -> Iterator[str]:
    """The small district's pages."""
    empty(embedded_store)
    fill(embedded_store)
    with served(embedded_store) as found:
        yield found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    if CHROMIUM is None:
        missing = "no Chromium on this machine: install chromium to run the browser tests"
        if os.environ.get("LINMAI_REQUIRE_BROWSER") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    # A busy machine may need a while; what is not there after that will not come.
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM)
        yield started
        started.close()


@pytest.fixture
def noticed() -> Noticed:
    """What the page of this test said and asked for."""
    return Noticed()


@pytest.fixture
def page(browser: Browser, noticed: Noticed, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A new page of 1280 by 720. How it looked at the test's end is kept where LINMAI_ARTIFACTS says."""

    def said(message: ConsoleMessage) -> None:
        noticed.said.append(message.text)

    def asked(request: Request) -> None:
        noticed.asked.append(request.url)

    opened = browser.new_page(viewport={"width": 1280, "height": 720})
    opened.on("console", said)
    opened.on("pageerror", lambda error: noticed.said.append(str(error)))
    opened.on("request", asked)
    yield opened
    if folder := os.environ.get("LINMAI_ARTIFACTS"):
        name = re.sub(r"[^\w-]+", "-", request.node.name.removeprefix("test_")).strip("-")[:120]
        opened.screenshot(path=Path(folder) / "pages" / f"{name}.png", full_page=True)
    opened.close()
