"""The answer of every reading query, computed in plain Python from what its documentation says."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from graph.catalog import queries
from tests.queries import (
    independent_areas,
    independent_lists,
    independent_matching,
    independent_partners,
    independent_people,
    independent_pictures,
    independent_what_if,
)
from tests.queries.content import Content

Rows = list[dict[str, Any]]

_MODULES = (
    independent_areas,
    independent_people,
    independent_partners,
    independent_lists,
    independent_matching,
    independent_what_if,
    independent_pictures,
)
ANSWERS: Mapping[str, Callable[..., Rows]] = {
    name: getattr(module, name) for name in queries() for module in _MODULES if hasattr(module, name)
}


def independent_answer(content: Content, name: str, given: Mapping[str, Any]) -> Rows:
    """The rows that a query should give with these parameters, in no order."""
    arguments = {k: v for k, v in given.items() if k != "scope"}
    return ANSWERS[name](content, content.find(given["scope"]), **arguments)


def in_one_order(rows: Rows) -> list[str]:
    """Rows as texts that are equal when the rows are, sorted: columns by name, lists of words in order, decimals rounded."""
    return sorted(json.dumps(_plain(row), ensure_ascii=False, sort_keys=True) for row in rows)


def _plain(value: Any) -> Any:
    match value:
        case float():
            return round(value, 6)
        case dict():
            return {k: _plain(v) for k, v in value.items() if v is not None}
        case list():
            plain = [_plain(v) for v in value]
            return sorted(plain) if all(isinstance(v, str) for v in plain) else plain
    return value
