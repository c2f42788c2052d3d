"""The interface's page for people: everything in the document, nothing that needs a script."""

import html
import re

from flask.testing import FlaskClient

from tests.api.documented import operations


def test_the_page_shows_every_operation_with_its_parameters_and_an_example_that_works(
    client: FlaskClient,
) -> None:
    page = client.get("/api/docs")
    assert (page.status_code, page.mimetype) == (200, "text/html")
    document = client.get("/api/openapi.json").json
    assert document is not None
    for path, method, operation in operations(document):
        shown = page.text.split(f'<details class="card" id="{operation["operationId"]}">')[1].split("</details>")[0]  # fmt: skip
        assert f"{method} {html.escape(path)}" in shown
        assert [p["name"] for p in operation.get("parameters", ()) if f"<code>{p['name']}</code>" not in shown] == []  # fmt: skip
    examples = [html.unescape(each) for each in re.findall(r'示例：<a href="([^"]+)"', page.text)]
    opened = [
        path
        for path, method, operation in operations(document)
        if method == "GET"
        and all("example" in p for p in operation.get("parameters", ()) if p["in"] == "path")
    ]
    assert len(examples) == len(opened)
    assert client.get(next(each for each in examples if "search" in each)).status_code == 200


def test_the_page_runs_no_script_has_no_inline_style_and_asks_no_other_host(client: FlaskClient) -> None:
    text = client.get("/api/docs").text
    assert re.findall(r"<script|\sstyle=|\son\w+=|https?://", text) == []
