"""The OpenAPI document against the service: what it promises holds, for sound and for broken requests.

Requests are generated from the document, with a fixed seed. What schemathesis calls positive data may still
be refused: that a key names an area of the store cannot be said in a schema.
"""

from collections.abc import Mapping
from typing import Any

import pytest
import schemathesis
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS

from api.app import create_app
from api.settings import Settings
from graph.store import Store

EXAMPLES = 5
"""Generated requests per operation and mode: sound ones, and ones that break the document's rules."""
NOT_ASKED = ("positive_data_acceptance",)


class NoStore:
    """Stands for a store where only the document is looked at."""

    def read(
        self, text: str, parameters: Mapping[str, Any] | None = None, *, timeout_s: float = 60
    ) -> list[dict[str, Any]]:
        raise AssertionError("the document asks the store nothing")


PATHS = sorted(create_app(NoStore(), Settings()).spec["paths"])


@pytest.fixture(scope="module")
def schema(district: Store) -> Any:
    """The document of the application, with the application behind it."""
    return schemathesis.openapi.from_wsgi("/api/openapi.json", create_app(district, Settings()))


@pytest.mark.parametrize("path", PATHS)
def test_every_operation_keeps_what_the_document_promises(schema: Any, path: str) -> None:
    left_out = [CHECKS.get_one(name) for name in NOT_ASKED]
    modes = [GenerationMode.POSITIVE, *([GenerationMode.NEGATIVE] if schema[path]["GET"].query else [])]
    for mode in modes:

        @settings(
            max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=schema[path]["GET"].as_strategy(generation_mode=mode))
        def keeps_its_promises(case: Any) -> None:
            case.call_and_validate(excluded_checks=left_out)

        keeps_its_promises()


def test_the_example_of_every_operation_is_accepted(client: FlaskClient) -> None:
    document = client.get("/api/openapi.json").json
    assert document is not None
    ended = {path: _example(client, path, item["get"]) for path, item in document["paths"].items()}
    assert ended == dict.fromkeys(document["paths"], 200)


def _example(client: FlaskClient, path: str, operation: Mapping[str, Any]) -> int:
    """The status of the request that the document gives as an example."""
    given = {p["name"]: (p["in"], p["example"]) for p in operation.get("parameters", ()) if "example" in p}
    address = path.format_map({name: value for name, (place, value) in given.items() if place == "path"})
    asked = {name: str(value) for name, (place, value) in given.items() if place == "query"}
    return client.get(address, query_string=asked).status_code


INJECTIONS = (
    "' OR 1=1 //", '"}) DETACH DELETE n //', "{{7*7}}$scope`\\", "../../etc/passwd", "飞行\u0000", "\ufffe😀", "a" * 20_000,
)  # fmt: skip


@pytest.mark.parametrize("text", INJECTIONS, ids=range(len(INJECTIONS)))
def test_a_text_that_is_no_value_changes_nothing_and_breaks_nothing(
    client: FlaskClient, district: Store, text: str
) -> None:
    count = "MATCH (n) RETURN count(n) AS nodes"
    before = district.read(count)
    document = client.get("/api/openapi.json").json
    assert document is not None
    for path, item in document["paths"].items():
        for parameter in item["get"].get("parameters", ()):
            if parameter["name"] in ("limit", "format"):
                continue  # numbers and words of a list: refused by their form, and tested beside it
            ended = _injected(client, path, item["get"], parameter["name"], text)
            assert ended in (200, 400, 404), (path, parameter["name"], ended)
    assert district.read(count) == before


def _injected(client: FlaskClient, path: str, operation: Mapping[str, Any], name: str, text: str) -> int:
    """The status of the example request with one of its parameters changed."""
    given = {p["name"]: (p["in"], p["example"]) for p in operation["parameters"] if "example" in p}
    places = {p["name"]: p["in"] for p in operation["parameters"]}
    values = {key: (place, str(value)) for key, (place, value) in given.items()} | {
        name: (places[name], text)
    }
    address = path
    for key, (place, value) in values.items():
        if place == "path":
            address = address.replace(f"{{{key}}}", value.replace("/", "%2F").replace("?", "%3F"))
    asked = {key: value for key, (place, value) in values.items() if place == "query"}
    return client.get(address, query_string=asked).status_code
