"""The examples in `docs/queries.md`."""

import json

import pytest

from graph.catalog import queries
from graph.generate import EXAMPLES, ROOT
from graph.store import Store
from tests.queries.examples import example


@pytest.mark.servers
def test_the_example_of_every_query_in_the_documents_is_what_the_demo_answers(demo_store: Store) -> None:
    written = json.loads((ROOT / EXAMPLES).read_text(encoding="utf-8"))
    assert written == {name: example(demo_store, name) for name in sorted(queries())}, (
        "load the demo (linmai demo --no-serve), then: python -m tests.queries.examples && make generate"
    )
