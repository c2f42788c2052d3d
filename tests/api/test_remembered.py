"""What the pages remember of a store: each question is asked once, different ones side by side."""

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from api.remembered import Remembered
from graph.store_errors import StoreUnavailable


class Asked:
    """A store that answers when as many questions as `together` are before it, and keeps what it was asked."""

    shown = "asked"

    def __init__(self, together: int = 1, failures: int = 0) -> None:
        self.questions: list[str] = []
        self._failures = failures
        self._gate = threading.Barrier(together)

    def read(
        self, text: str, parameters: Mapping[str, Any] | None = None, *, timeout_s: float = 60
    ) -> list[dict[str, Any]]:
        self.questions.append(text)
        self._gate.wait(timeout=30)
        if len(self.questions) <= self._failures:
            raise StoreUnavailable("没有应答", "no answer")
        return [{"text": text}]


def test_different_questions_are_asked_side_by_side_and_the_same_one_once() -> None:
    store = Asked(together=2)
    remembered = Remembered(store)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(remembered.read, ["a", "a", "b", "b"]))
    assert answers == [[{"text": "a"}], [{"text": "a"}], [{"text": "b"}], [{"text": "b"}]]
    assert sorted(store.questions) == ["a", "b"]


def test_a_question_that_failed_is_asked_again() -> None:
    store = Asked(failures=1)
    remembered = Remembered(store)
    with pytest.raises(StoreUnavailable):
        remembered.read("a")
    assert remembered.read("a") == remembered.read("a") == [{"text": "a"}]
    assert store.questions == ["a", "a"]
