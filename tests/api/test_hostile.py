"""Fifty hostile texts in every free field: text on every page and in every file, never markup, never a formula."""

import csv
import io
from collections.abc import Iterator
from html.parser import HTMLParser

import openpyxl
import pytest
from flask.testing import FlaskClient

from api.app import create_app
from api.pages.records import FORMS
from api.settings import Settings
from graph.store import Store
from tests.api.hostile import HOSTILE, LABELS, fill_hostile, key
from tests.api.small_district import fill
from tests.conftest import empty

HTML = {"Accept": "text/html"}
ADDRESSES = {"Need": "/lists/needs/", "Resource": "/lists/resources/", "Project": "/lists/projects/", "Unit": "/partners/units/"}  # fmt: skip


@pytest.fixture(scope="module")
def client(embedded_store: Store) -> Iterator[FlaskClient]:
    """The small district, with the texts in it."""
    empty(embedded_store)
    fill(embedded_store)
    fill_hostile(embedded_store)
    yield create_app(embedded_store, Settings()).test_client()
    empty(embedded_store)


class Reader(HTMLParser):
    """What a browser would make of a page: its texts, its fields, and whatever in it could act."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.acts: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag could do, and the values of fields."""
        given = {name: value or "" for name, value in attrs}
        if tag in ("iframe", "object", "base", "math", "template", "embed", "style"):
            self.acts.append(tag)
        if tag == "script" and not given.get("src", "").startswith("/static/"):
            self.acts.append(tag)
        self.acts += [f"{tag} {name}" for name in given if name.startswith("on")]
        leads = (given[name] for name in ("href", "src", "action", "formaction", "hx-get") if name in given)
        self.acts += [f"{tag} {each}" for each in leads if not each.startswith(("/", "#", "?"))]
        self.texts.append(given.get("value", ""))

    def handle_data(self, data: str) -> None:
        """Note a text."""
        self.texts.append(data)

    def shows(self, text: str) -> bool:
        """Whether the whole text stands somewhere, white space aside."""
        return any("".join(text.split()) in "".join(each.split()) for each in self.texts)


def read(client: FlaskClient, address: str) -> Reader:
    """A page, which must be there and must do nothing that we did not write."""
    answer = client.get(address, headers=HTML, follow_redirects=True)
    assert answer.status_code == 200, address
    found = Reader(answer.text)
    assert found.acts == [], address
    return found


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_a_text_is_shown_as_it_was_written(client: FlaskClient, number: int) -> None:
    label = LABELS[number % len(LABELS)]
    page = read(client, ADDRESSES.get(label, "/entities/") + key(label, number))
    assert page.shows(HOSTILE[number])
    path = list(FORMS)[number % 4]
    of = FORMS[path].label
    assert read(client, f"/records/{path}/at/{key(of, number)}").shows(HOSTILE[number])
    assert read(client, f"/records/{path}/at/{key(of, number)}/edit").shows(HOSTILE[number])


@pytest.mark.parametrize(
    "address",
    ["/", "/?scope=410411004004", "/organizations?scope=410411004004", "/lists", "/lists/needs", "/lists/resources", "/lists/projects", "/partners",
     "/partners/agreements", "/partners/resources", "/imports", "/queries/needs_list", "/search?q=alert", "/network"],
)  # fmt: skip
def test_lists_of_them_do_nothing(client: FlaskClient, address: str) -> None:
    read(client, address)


def test_files_hold_them_as_texts_that_no_spreadsheet_runs(client: FlaskClient) -> None:
    written = {each for each in HOSTILE if each == "".join(c for c in each if c.isprintable() or c in "\u200d\u200b")}  # fmt: skip
    with client.get("/queries/needs_list.csv?scope=410411004004") as answer:
        rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    titles = {next(value for name, value in row.items() if name in ("标题", "需求", "title")) for row in rows}
    assert not any(title.startswith(("=", "+", "-", "@")) for title in titles)
    assert {each.removeprefix("'") for each in titles} >= {each.removeprefix("'") for each in written}
    with client.get("/queries/needs_list.xlsx?scope=410411004004") as answer:
        sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert all(cell.data_type in ("s", "inlineStr") and cell.hyperlink is None for cell in cells)
    assert {str(cell.value).removeprefix("'") for cell in cells} >= {each.removeprefix("'") for each in written}  # fmt: skip
