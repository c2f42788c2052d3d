"""The operations that an OpenAPI document describes, and the request that it gives as an example of each."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.openapi_writes import METHODS
from api.records.describing import EXAMPLES
from api.records.kinds import Kind


def operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Each (path, method in capitals, description)."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method.upper(), item[method]


def example(client: FlaskClient, path: str, method: str, operation: Mapping[str, Any], **changed: str) -> TestResponse:  # fmt: skip
    """The answer to the example of an operation; `changed` are parameters with another value."""
    parameters = operation.get("parameters", ())
    places = {p["name"]: p["in"] for p in parameters}
    values = {p["name"]: str(p["example"]) for p in parameters if "example" in p} | changed
    address, asked, headers = path, {}, {}
    for name, value in values.items():
        if places[name] == "path":
            address = address.replace(f"{{{name}}}", value.replace("/", "%2F").replace("?", "%3F"))
        elif places[name] == "query":
            asked[name] = value
        else:
            headers[name] = value
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    body = json.dumps(content["example"]) if "example" in content else None
    return client.open(
        address, method=method, query_string=asked, headers=headers, data=body,
        content_type="application/json" if body else None,
    )  # fmt: skip


def new_record(client: FlaskClient, kind: Kind, key: str) -> None:
    """Make the record that the document gives as an example of its kind, under a key of the test's own."""
    made = client.post(f"/api/{kind.path}", json={**EXAMPLES[kind.command], "id": key})
    assert made.status_code == 201, made.text
