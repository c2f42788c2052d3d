"""What one server leaves to the next: the home page is there at once, and never of other data than the store's."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from api.app import create_app
from api.kept_answers import KeptAnswers
from api.settings import Settings
from graph.catalog import queries
from graph.store import Store
from tests.api.small_district import fill
from tests.conftest import empty

NAMED = {query.packed: query.name for query in queries().values()}


class Watched:
    """A store that notes which named queries it is asked."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.shown = store.shown
        self.asked: list[str] = []

    def read(
        self, text: str, parameters: Mapping[str, Any] | None = None, *, timeout_s: float = 60
    ) -> list[dict[str, Any]]:
        if text in NAMED:
            self.asked.append(NAMED[text])
        return self._store.read(text, parameters, timeout_s=timeout_s)


def run(store: Store, folder: Path, address: str = "/") -> tuple[str, list[str]]:
    """What a server that has just started shows, and which named queries it asked for it."""
    watched = Watched(store)
    app = create_app(watched, Settings(), KeptAnswers(folder))
    page = app.test_client().get(address)
    assert page.status_code == 200
    return page.text.partition("</head>")[2], sorted(watched.asked)


@pytest.fixture
def district(embedded_store: Store) -> Store:
    empty(embedded_store)
    fill(embedded_store)
    return embedded_store


def test_a_later_start_over_the_same_data_shows_the_same_home_page_and_asks_none_of_its_questions(
    district: Store, tmp_path: Path
) -> None:
    first, asked = run(district, tmp_path)
    assert {"members_by_community", "needs_by_community", "projects_list"} <= set(asked)
    assert run(district, tmp_path) == (first, [])


def test_after_any_write_the_questions_are_asked_anew(district: Store, tmp_path: Path) -> None:
    first, asked = run(district, tmp_path)
    district.write(
        "MATCH (c:Community) WITH c LIMIT 1 CREATE (:Need {id: 'XQ-NEW', title: '新的', state: '提出'})-[:RAISED_IN]->(c) CREATE (:Operation {id: 'new'})"
    )
    later, asked_later = run(district, tmp_path)
    assert later != first
    assert asked_later == asked


def test_what_a_start_did_not_ask_again_is_kept_no_longer(district: Store, tmp_path: Path) -> None:
    app = create_app(district, Settings(), KeptAnswers(tmp_path))
    for address in ("/members", "/"):
        app.test_client().get(address)
    more = len(json.loads((tmp_path / "answers.json").read_text(encoding="utf-8"))["answers"])
    run(district, tmp_path)
    assert len(json.loads((tmp_path / "answers.json").read_text(encoding="utf-8"))["answers"]) < more


def test_another_day_is_another_question(district: Store, tmp_path: Path) -> None:
    run(district, tmp_path)
    assert "members_by_community" in run(district, tmp_path, "/?as_of=2019-01-01")[1]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"version": 1}', '{"version": null, "answers": 3}'])
def test_a_broken_file_is_as_good_as_none(district: Store, tmp_path: Path, content: str) -> None:
    first, asked = run(district, tmp_path)
    (tmp_path / "answers.json").write_text(content, encoding="utf-8")
    assert run(district, tmp_path) == (first, asked)


def test_no_answer_with_personal_columns_is_kept(district: Store, tmp_path: Path) -> None:
    app = create_app(district, Settings(), KeptAnswers(tmp_path))
    client = app.test_client()
    for address in ("/members", "/lists/needs", "/partners", "/"):
        assert client.get(address).status_code == 200
    kept = json.loads((tmp_path / "answers.json").read_text(encoding="utf-8"))["answers"]
    columns = [c for (text, _), _ in kept for c in queries()[NAMED[text]].returns]
    assert columns
    assert not [column.name for column in columns if column.personal or "map" in column.type]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps files private by the folder's access list")
def test_the_file_is_for_its_owner_only(district: Store, tmp_path: Path) -> None:
    run(district, tmp_path)
    assert (tmp_path / "answers.json").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["answers.json"]


def test_without_room_or_permission_the_page_is_shown_all_the_same(district: Store, tmp_path: Path) -> None:
    assert run(district, tmp_path / "there is no such folder")[0] == run(district, tmp_path)[0]
