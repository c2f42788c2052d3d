"""Fifty hostile texts in a real browser: nothing that was written in a field is ever run."""

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Dialog, Page
from werkzeug.serving import make_server

from api.app import create_app
from api.settings import Settings
from graph.store import Store
from tests.api.hostile import HOSTILE, fill_hostile, key
from tests.api.small_district import FEIXING, fill
from tests.browser.conftest import Noticed, Silent
from tests.conftest import empty


@pytest.fixture(scope="module")
def address(embedded_store: Store) -> Iterator[str]:
    """The pages of the small district, with the texts in it."""
    empty(embedded_store)
    fill(embedded_store)
    fill_hostile(embedded_store)
    server = make_server("127.0.0.1", 0, create_app(embedded_store, Settings()), threaded=True, request_handler=Silent)  # fmt: skip
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    empty(embedded_store)


def test_no_text_opens_a_dialog_or_leaves_the_page(page: Page, noticed: Noticed, address: str) -> None:
    dialogs: list[str] = []

    def refuse(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", refuse)
    lists = ("/", "/lists/needs", "/lists/resources", "/lists/projects", "/partners", "/partners/agreements", "/partners/resources", "/organizations", "/network", "/queries/needs_list")  # fmt: skip
    things = [f"/lists/needs/{key('Need', n)}" for n in range(0, len(HOSTILE), 5)]
    things += [f"/records/units/at/{key('Unit', n)}/edit" for n in range(1, len(HOSTILE), 5)]
    things += [f"/records/needs/at/{key('Need', n)}" for n in range(2, len(HOSTILE), 5)]
    for each in (*lists, *things):
        page.goto(f"{address}{each}{'' if each in things else f'?scope={FEIXING}'}")
        page.wait_for_load_state("networkidle")
        assert page.url.startswith(address), each
    page.goto(address)
    page.locator("input[name=q]").fill("alert")
    page.wait_for_load_state("networkidle")
    assert dialogs == []
    assert noticed.said == []
    assert all(url.startswith(address) for url in noticed.asked)
