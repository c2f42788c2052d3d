"""How records lie in the embedded engine's files: one that grew after it was made is read twice as slowly for ever."""

import base64
import json
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from graph import embedded
from graph.backup import backup, restore
from graph.embedded_folder import read_state, stored_password
from graph.prepare import prepare
from graph.schema import SCHEMA
from loaders.divisions import Divisions
from loaders.official import init_district
from tests.servers.short_lived import open_embedded

pytestmark = pytest.mark.servers


def test_what_is_loaded_and_what_is_restored_lies_in_one_piece(tmp_path: Path) -> None:
    loaded, restored, file = tmp_path / "loaded", tmp_path / "restored", tmp_path / "district.backup"
    try:
        with open_embedded(loaded) as store:
            prepare(store, SCHEMA)
            areas = init_district(store, Divisions.open(), "410411").added
            backup(store, file)
            found = _checked(loaded)
        with open_embedded(restored) as store:
            restore(store, file)
            again = _checked(restored)
    finally:
        for folder in (loaded, restored):
            embedded.stop(folder)
    for each in (found, again):
        assert each["totalActiveVertices"] + each["totalActiveEdges"] >= areas
        assert (each["totalMultiPageRecords"], each["totalPlaceholderRecords"]) == (0, 0)


def _checked(folder: Path) -> dict[str, Any]:
    """What ArcadeDB's own check of a database counts."""
    state = read_state(folder)
    assert state is not None
    secret = base64.b64encode(f"root:{stored_password(folder)}".encode()).decode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{state.http_port}/api/v1/command/linmai",
        json.dumps({"language": "sql", "command": "CHECK DATABASE"}).encode(),
        {"Authorization": f"Basic {secret}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        found: dict[str, Any] = json.load(answer)["result"][0]
    return found
