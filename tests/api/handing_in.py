"""A person at the import pages: the form's token in every form, and every piece of work waited for."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

import xlsxwriter
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from api.app import create_app
from api.pages.imports import Desk
from api.settings import Settings
from graph.store import Store

Cells = Sequence[Sequence[Any]]


def workbook(**sheets: Cells) -> bytes:
    """A workbook; the first row of each sheet is its headings."""
    content = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
    return content.getvalue()


def words(page: TestResponse) -> str:
    """The text of a page, white space joined."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


@dataclass
class Visitor:
    """One browser's session with an application, and the desk behind it."""

    client: FlaskClient
    desk: Desk

    @classmethod
    def at(cls, store: Store, settings: Settings) -> "Visitor":
        """A visitor of a new application over a store."""
        app = create_app(store, settings)
        return cls(app.test_client(), app.extensions["imports"])

    def token(self) -> str:
        """The token of this session's forms."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.client.get("/imports").text)
        assert found
        return found[1]

    def post(self, address: str, **fields: Any) -> TestResponse:
        """Send a form as a page of ours does, and follow to the page that it leads to."""
        # Encoded here and not by the client, which leaves the temporary file of a large body open.
        boundary, body = encode_multipart({"csrf_token": self.token(), **fields})
        answer = self.client.post(
            address,
            data=body,
            content_type=f"multipart/form-data; boundary={boundary}",
            headers={"Accept": "text/html"},
        )
        if answer.status_code != 303:
            return answer
        return self.settled(answer.headers["Location"])

    def settled(self, address: str) -> TestResponse:
        """A page once all work has ended."""
        for upload in list(self.desk.uploads):
            assert upload.job is None or upload.job.wait(120)
        return self.client.get(address, follow_redirects=True, headers={"Accept": "text/html"})

    def ended(self, page: TestResponse) -> TestResponse:
        """The page of an undoing once it has ended."""
        job = self.desk.jobs.find(page.request.path.rpartition("/")[2])
        assert job is not None
        assert job.wait(120)
        return self.client.get(page.request.path)

    def hand_in(self, *files: tuple[str, bytes], source: str = "") -> TestResponse:
        """Upload files; the page is the one that shows how they are understood."""
        return self.post("/imports", files=[FileStorage(io.BytesIO(content), name) for name, content in files], source=source)  # fmt: skip

    @property
    def address(self) -> str:
        """The address of the latest hand-in."""
        return f"/imports/{list(self.desk.uploads)[-1].id}"
