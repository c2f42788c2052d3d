"""Writing over HTTP needs a token that a page elsewhere cannot know."""

import pytest
from apiflask import APIFlask
from flask import Response
from flask.testing import FlaskClient

from api.app import create_app
from api.errors import ForgedRequest
from api.formats import as_json
from api.settings import Settings
from graph.store import Store

FORGED = str(ForgedRequest())


@pytest.fixture(scope="module")
def app(district: Store) -> APIFlask:
    """The application with one more address, which is written to and does nothing."""
    made = create_app(district, Settings())

    def written() -> Response:
        return as_json({"done": True}, 201)

    made.add_url_rule("/api/written", "written", written, methods=["POST", "PUT", "PATCH", "DELETE"])
    made.add_url_rule("/written", "written_by_a_form", written, methods=["POST"])
    return made


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_request_that_writes_is_refused_without_a_token_and_told_how_to_get_one(
    app: APIFlask, method: str
) -> None:
    refused = app.test_client().open("/api/written", method=method, json={})
    assert (refused.status_code, refused.content_type) == (400, "application/problem+json")
    assert refused.json == {"type": "about:blank", "title": "请求不对", "status": 400, "detail": FORGED}


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_program_that_keeps_cookies_writes_with_the_token_it_asked_for(app: APIFlask, method: str) -> None:
    client = app.test_client()
    given = client.get("/api/csrf-token").json
    assert given is not None
    assert given["header"] == "X-CSRFToken"
    headers = {given["header"]: given["token"]}
    assert client.open("/api/written", method=method, json={}, headers=headers).status_code == 201
    assert client.open("/api/written", method=method, json={}, headers=headers).status_code == 201


def test_a_form_sends_the_token_as_a_field_and_a_person_is_refused_on_a_page(app: APIFlask) -> None:
    client: FlaskClient = app.test_client()
    given = client.get("/api/csrf-token").json
    assert given is not None
    assert client.post("/written", data={"csrf_token": given["token"]}).status_code == 201
    refused = client.post("/written", data={}, headers={"Accept": "text/html"})
    assert (refused.status_code, refused.mimetype) == (400, "text/html")
    assert FORGED in refused.text


def test_the_token_of_one_visitor_is_none_of_anothers(app: APIFlask) -> None:
    given = app.test_client().get("/api/csrf-token").json
    assert given is not None
    other = app.test_client()
    other.get("/api/csrf-token")
    assert other.post("/api/written", headers={"X-CSRFToken": given["token"]}).status_code == 400


def test_the_cookie_goes_to_no_other_site_and_to_no_script(app: APIFlask) -> None:
    cookie = app.test_client().get("/api/csrf-token").headers["Set-Cookie"]
    assert {part.strip() for part in cookie.split(";")} >= {"HttpOnly", "SameSite=Strict", "Path=/"}
