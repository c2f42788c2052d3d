"""Promises of writing behind: what is read is what a load that waits for every commit would read."""

import gc
from collections.abc import Callable, Mapping
from threading import Event
from typing import Any

import pytest

from loaders.behind import WriteBehind, write_behind
from loaders.collector import seldom_collecting


class Shelf:
    """A store whose commits wait, for a moment, to see whether somebody reads before they are done."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self._read = Event()

    def commit(self, what: str) -> None:
        self._read.wait(0.02)
        self.written.append(what)

    def read(
        self, text: str, parameters: Mapping[str, Any] | None = None, *, timeout_s: float = 60
    ) -> list[dict[str, Any]]:
        self._read.set()
        return [{"written": list(self.written)}]


def test_the_next_chunk_is_planned_while_one_is_committed() -> None:
    planned = Event()
    with write_behind(Shelf()) as behind:
        behind.begin(lambda: None if planned.wait(10) else pytest.fail("waited for the commit"))
        planned.set()


def test_who_reads_waits_for_what_is_being_written() -> None:
    shelf = Shelf()
    with write_behind(shelf) as behind:
        behind.begin(lambda: shelf.commit("a"))
        behind.begin(lambda: shelf.commit("b"))
        assert behind.read("") == [{"written": ["a", "b"]}]


def test_commits_keep_their_order_and_all_are_done_at_the_end() -> None:
    shelf = Shelf()
    with write_behind(shelf) as behind:
        for name in "abcd":
            behind.begin(lambda name=name: shelf.commit(name))  # type: ignore[misc]
    assert shelf.written == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    "then",
    [
        lambda behind, shelf: behind.begin(lambda: shelf.commit("later")),
        lambda behind, shelf: behind.read(""),
        lambda behind, shelf: None,
    ],
    ids=["another commit", "reading", "the end"],
)
def test_nothing_happens_after_a_commit_that_failed(then: Callable[[WriteBehind, Shelf], object]) -> None:
    shelf = Shelf()

    def fails() -> None:
        raise OSError("disk full")

    def load() -> None:
        with write_behind(shelf) as behind:
            behind.begin(fails)
            then(behind, shelf)

    with pytest.raises(OSError, match="disk full"):
        load()
    assert shelf.read("") == [{"written": []}]


def test_an_error_of_the_planner_waits_for_the_commit_and_is_the_one_that_is_told() -> None:
    shelf = Shelf()

    def load() -> None:
        with write_behind(shelf) as behind:
            behind.begin(lambda: shelf.commit("a"))
            raise KeyError

    with pytest.raises(KeyError):
        load()
    assert shelf.written == ["a"]


def test_garbage_is_searched_for_seldom_during_a_load_and_as_usual_after_it() -> None:
    usual = gc.get_threshold()
    with seldom_collecting():
        assert gc.isenabled()
        assert gc.get_threshold()[0] == 50_000
        with seldom_collecting():
            pass
    assert gc.get_threshold() == usual
