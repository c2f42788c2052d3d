"""Whatever leaves a demo store says in itself or beside itself that it is made up; nothing else does."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pytest
from flask.testing import FlaskClient

from api.app import create_app
from api.settings import Settings
from graph.export_content import SYNTHETIC
from graph.store import Store
from tests.api.front_door import command

ROWS = ["党员类别,党员（名）,已报到（名）", "在职,2,1", "自管,1,0"]
ANSWERS = ("/api/coverage/members?format=", "/queries/members_by_kind.", "/members?file=")
"""Addresses of the same kind of thing from the API, from the page of a query and from a page of the district."""
PICTURE = "/api/pictures/neighbourhood?node=Unit:U1&format="


@contextmanager
def real(store: Store) -> Iterator[FlaskClient]:
    """The same district as if it were no demo, behind an application of its own: pages remember."""
    store.write("MATCH (r:StoreRecord) SET r.demo = false")
    try:
        yield create_app(store, Settings()).test_client()
    finally:
        store.write("MATCH (r:StoreRecord) SET r.demo = true")


def said_in(content: bytes) -> bool:
    """Whether a workbook says it above its headings and in its properties, or neither."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    found = {book.worksheets[0]["A3"].value == SYNTHETIC, book.properties.description == SYNTHETIC}
    assert len(found) == 1
    return found.pop()


@pytest.mark.parametrize("address", ANSWERS)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_of_a_demo_says_so_in_its_name_and_a_header(
    client: FlaskClient, district: Store, address: str, kind: str
) -> None:
    made_up = client.get(address + kind)
    assert made_up.status_code == 200
    name = made_up.headers["Content-Disposition"]
    assert unquote(name.partition("filename*=UTF-8''")[2]).startswith("示例-")
    assert made_up.headers["Synthetic-Data"] == "?1"
    with real(district) as other:
        answer = other.get(address + kind)
    assert "Synthetic-Data" not in answer.headers
    assert "filename*" not in answer.headers["Content-Disposition"]
    if kind == "csv":
        assert made_up.data == answer.data  # programs read every line of it as data
    else:
        assert (said_in(made_up.data), said_in(answer.data)) == (True, False)


def test_an_answer_as_json_says_so_in_itself(client: FlaskClient, district: Store) -> None:
    made_up = client.get("/api/coverage/members")
    assert made_up.json is not None
    assert (made_up.json["synthetic"], made_up.headers["Synthetic-Data"]) == (SYNTHETIC, "?1")
    with real(district) as other:
        answer = other.get("/api/coverage/members")
    assert "示例数据" not in answer.text
    assert "Synthetic-Data" not in answer.headers


@pytest.mark.parametrize("form", ["html", "graphml", "gexf"])
def test_a_picture_taken_away_says_so_in_itself(client: FlaskClient, district: Store, form: str) -> None:
    made_up = client.get(PICTURE + form)
    assert made_up.text.count(SYNTHETIC) + made_up.text.count(_escaped(SYNTHETIC)) == 1
    assert unquote(made_up.headers["Content-Disposition"]).endswith(f"示例-neighbourhood.{form}")
    with real(district) as other:
        answer = other.get(PICTURE + form)
    assert SYNTHETIC not in answer.text
    assert _escaped(SYNTHETIC) not in answer.text


def _escaped(text: str) -> str:
    """As networkx writes XML: nothing but ASCII."""
    return text.encode("ascii", "xmlcharrefreplace").decode()


def test_the_tables_of_a_picture_bring_a_note(client: FlaskClient, district: Store) -> None:
    with zipfile.ZipFile(io.BytesIO(client.get(f"{PICTURE}csv").data)) as archive:
        assert archive.read("示例数据.txt").decode() == f"{SYNTHETIC}\n"
    with real(district) as other, zipfile.ZipFile(io.BytesIO(other.get(f"{PICTURE}csv").data)) as archive:
        assert archive.namelist() == ["对象.csv", "关系.csv"]


def test_the_map_as_a_file_says_so_at_its_foot(client: FlaskClient, district: Store) -> None:
    assert client.get("/network/map.svg").text.count(SYNTHETIC) == 1
    with real(district) as other:
        assert SYNTHETIC not in other.get("/network/map.svg").text


def test_a_command_says_so_in_a_workbook_and_in_json_and_beside_csv(district: Store, tmp_path: Path) -> None:
    out, warning = tmp_path / "党员.xlsx", "这是示例数据，不是真实的人、单位和数据"
    written = command(district, "query", "members_by_kind", "--out", str(out))
    assert warning in written.err
    assert said_in(out.read_bytes())
    plain = command(district, "query", "members_by_kind", "--format", "csv")
    assert (plain.out.splitlines(), warning in plain.err) == (ROWS, True)
    assert f'"synthetic": "{SYNTHETIC}"' in command(district, "query", "members_by_kind", "--json").out
    with real(district):
        written = command(district, "query", "members_by_kind", "--out", str(out))
        assert (warning in written.err, said_in(out.read_bytes())) == (False, False)
