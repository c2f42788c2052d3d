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
from api.records.kinds import KINDS
from api.settings import Settings
from graph.store import Store
from tests.api.documented import example, new_record, operations

EXAMPLES = 5
"""Generated requests per operation and mode: sound ones, and ones that break the document's rules."""
NOT_ASKED = ("positive_data_acceptance", "ignored_auth")
"""What the generated requests are not held to: see above, and the token, which is tested in test_csrf."""


class NoStore:
    """Stands for a store where only the document is looked at."""

    def read(
        self, text: str, parameters: Mapping[str, Any] | None = None, *, timeout_s: float = 60
    ) -> list[dict[str, Any]]:
        raise AssertionError("the document asks the store nothing")


OPERATIONS = sorted((path, method) for path, method, _ in operations(create_app(NoStore(), Settings()).spec))


_MADE: list[Any] = []
"""The applications of this module: their jobs go on after the request that started them."""
TOKEN_ALONE = "/api/plans"
"""What needs nothing but a token, whose check is off here: a request that lacks it is sound."""
IN_MEMORY = "/api/jobs/{job}"
"""What lives in the process alone, so that no key of it can stand in a document; tested in test_plans."""


def _application(store: Store) -> Any:
    """The application without the check of tokens, which generated requests have none of."""
    app = create_app(store, Settings())
    app.config["WTF_CSRF_ENABLED"] = False
    _MADE.append(app)
    return app


@pytest.fixture(scope="module")
def schema(district: Store) -> Any:
    """The document of the application, with the application behind it."""
    return schemathesis.openapi.from_wsgi("/api/openapi.json", _application(district))


@pytest.fixture(scope="module")
def client(district: Store) -> FlaskClient:
    """A client that needs no token."""
    return _application(district).test_client()  # type: ignore[no-any-return]


NEEDS_MORE = ("deliver", "evaluate")
"""Operations on a project that has come further than an example can bring it: see test_record_endpoints."""


# Before the generated requests, which take back what the examples name.
def test_the_example_of_every_operation_is_accepted(client: FlaskClient) -> None:
    document = client.get("/api/openapi.json").json
    assert document is not None
    kinds = {kind.path: kind for kind in KINDS.values()}
    found = {}
    for number, (path, method, operation) in enumerate(operations(document)):
        if operation["operationId"] in NEEDS_MORE or path == IN_MEMORY:
            continue
        changed = {}
        if path.startswith("/api/") and "{key}" in path:
            changed = {"key": f"example-{number}"}
            new_record(client, kinds[path.split("/")[2]], changed["key"])
        answer = example(client, path, method, operation, **changed)
        found[path, method] = answer.status_code // 100
    assert found == dict.fromkeys(found, 2)


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_operation_keeps_what_the_document_promises(schema: Any, path: str, method: str) -> None:
    not_asked = [*NOT_ASKED, *(["negative_data_rejection"] if path == TOKEN_ALONE else [])]
    left_out = [CHECKS.get_one(name) for name in not_asked]
    operation = schema[path][method]
    breakable = operation.query or operation.body
    modes = [GenerationMode.POSITIVE, *([GenerationMode.NEGATIVE] if breakable else [])]
    for mode in modes:

        @settings(
            max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=operation.as_strategy(generation_mode=mode))
        def keeps_its_promises(case: Any) -> None:
            case.call_and_validate(excluded_checks=left_out)

        keeps_its_promises()


INJECTIONS = (
    "' OR 1=1 //", '"}) DETACH DELETE n //', "{{7*7}}$scope`\\", "../../etc/passwd", "飞行\u0000", "\ufffe😀", "a" * 20_000,
)  # fmt: skip


@pytest.mark.parametrize("text", INJECTIONS, ids=range(len(INJECTIONS)))
def test_a_text_that_is_no_value_changes_nothing_and_breaks_nothing(
    client: FlaskClient, district: Store, text: str
) -> None:
    assert all(app.extensions["linmai-jobs"].settle(60) for app in _MADE)
    count = "MATCH (n) RETURN count(n) AS nodes"
    before = district.read(count)
    document = client.get("/api/openapi.json").json
    assert document is not None
    for path, method, operation in operations(document):
        for parameter in operation.get("parameters", ()):
            # Numbers and words of a list are refused by their form, and tested beside it; a header holds no such text.
            if parameter["name"] in ("limit", "format") or parameter["in"] == "header":
                continue
            ended = example(client, path, method, operation, **{parameter["name"]: text}).status_code
            assert ended in (200, 400, 404), (path, method, parameter["name"], ended)
    assert district.read(count) == before
