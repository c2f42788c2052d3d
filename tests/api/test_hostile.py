"""Fifty hostile texts in every free field: text on every page and in every file, never markup, never a formula."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import networkx as nx
import openpyxl
import pytest
from flask.testing import FlaskClient

from api.app import create_app
from api.pages.records import FORMS
from api.report import gather
from api.report_workbook import report_bytes
from api.settings import Settings
from graph.export import export
from graph.store import Store
from tests.api.hostile import HOSTILE, LABELS, PLAN, fill_hostile, key
from tests.api.small_district import FEIXING, fill
from tests.conftest import empty

HTML = {"Accept": "text/html"}
AT = f"?scope={FEIXING}"
NEEDS_AROUND = f"{AT}&node=Community:{FEIXING}&more=Community:{FEIXING}~RAISED_IN~in~Need"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
ADDRESSES = {"Need": "/lists/needs/", "Resource": "/lists/resources/", "Project": "/lists/projects/", "Unit": "/partners/units/"}  # fmt: skip


@pytest.fixture(scope="module")
def client(embedded_store: Store) -> Iterator[FlaskClient]:
    """The small district, with the texts in it."""
    empty(embedded_store)
    fill(embedded_store)
    fill_hostile(embedded_store)
    yield create_app(embedded_store, Settings()).test_client()
    empty(embedded_store)


class Reader(HTMLParser):
    """What a browser would make of a page: its texts, its fields, and whatever in it could act."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.within = "<main" not in page
        self.texts: list[str] = []
        self.acts: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag could do, and the values of fields."""
        given = {name: value or "" for name, value in attrs}
        if tag in ("iframe", "object", "base", "math", "template", "embed", "style"):
            self.acts.append(tag)
        data = given.get("type") == "application/json"
        if tag == "script" and not data and not given.get("src", "").startswith("/static/"):
            self.acts.append(tag)
        self.acts += [f"{tag} {name}" for name in given if name.startswith("on")]
        leads = (given[name] for name in ("href", "src", "action", "formaction", "hx-get") if name in given)
        self.acts += [f"{tag} {each}" for each in leads if not each.startswith(("/", "#", "?"))]
        self.within = self.within or tag == "main"
        self.handle_data(given.get("value", ""))

    def handle_data(self, data: str) -> None:
        """Note a text of the page itself: what stands around it, every page shows."""
        if self.within:
            self.texts.append("".join(data.split()))

    def shows(self, text: str) -> bool:
        """Whether the whole text stands somewhere, white space aside."""
        return any("".join(text.split()) in each for each in self.texts)


def read(client: FlaskClient, address: str) -> Reader:
    """A page, which must be there and must do nothing that we did not write."""
    answer = client.get(address, headers=HTML, follow_redirects=True)
    assert answer.status_code == 200, address
    found = Reader(answer.text)
    assert found.acts == [], address
    return found


def count(page: Reader) -> int:
    """How many of the texts a page shows whole."""
    return sum(page.shows(text) for text in HOSTILE)


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_a_text_is_shown_as_it_was_written(client: FlaskClient, number: int) -> None:
    label = LABELS[number % len(LABELS)]
    page = read(client, ADDRESSES.get(label, "/entities/") + key(label, number))
    assert page.shows(HOSTILE[number])
    path = list(FORMS)[number % 4]
    of = FORMS[path].label
    assert read(client, f"/records/{path}/at/{key(of, number)}").shows(HOSTILE[number])
    assert read(client, f"/records/{path}/at/{key(of, number)}/edit").shows(HOSTILE[number])


PAGES = (
    "/", "/" + AT, "/organizations" + AT, "/members" + AT, "/lists", "/lists/needs", "/lists/resources", "/lists/projects", "/partners",
    "/partners/agreements", "/partners/resources", "/imports", "/queries/needs_list", "/search?q=alert", "/network",
    f"/plans/{PLAN}", f"/plans/{PLAN}?part=assignments", f"/plans/{PLAN}?part=prices", "/plans/what-if", "/records/needs/names/in_category?in_category.0=alert",
)  # fmt: skip


@pytest.mark.parametrize("address", PAGES)
def test_lists_of_them_do_nothing(client: FlaskClient, address: str) -> None:
    read(client, address)


DRAWN = {
    "/network" + NEEDS_AROUND: len(HOSTILE),
    f"/network?start=Need:{key('Need', 0)}&end=Venue:{key('Venue', 0)}": 1,
    "/network/map" + AT: len(HOSTILE), "/network/map": len(HOSTILE), "/network/party" + AT: len(HOSTILE), "/network/flows" + AT: len(HOSTILE),
    "/network/weak-points" + AT: len(HOSTILE),
}  # fmt: skip


@pytest.mark.parametrize("address", DRAWN)
def test_a_picture_and_its_table_show_them_and_do_nothing(client: FlaskClient, address: str) -> None:
    assert count(read(client, address)) == DRAWN[address]


def plain(texts: Iterable[str]) -> set[str]:
    """Texts without what a form of a file may have to change: white space, and what XML cannot hold."""
    return {"".join(re.sub("[\x00-\x08\x0b-\x1f\x7f-\x9f]", "\ufffd", text).split()) for text in texts}


def rows_of(content: bytes) -> list[dict[str, str]]:
    """The rows of a CSV for spreadsheets, none of whose cells is a formula. An apostrophe before what looks like one is taken away."""
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    cells = [cell for row in rows for cell in row.values()]
    assert [cell for cell in cells if cell.startswith(FORMULA)] == []
    return [{k: v[1:] if v[:1] == "'" and v[1:].startswith(FORMULA) else v for k, v in row.items()} for row in rows]  # fmt: skip


PICTURES = {"territory": AT, "party": AT, "flows": AT, "weak-points": AT, "neighbourhood": NEEDS_AROUND}


@pytest.mark.parametrize("name", PICTURES)
def test_each_file_of_a_picture_carries_them_unharmed(client: FlaskClient, name: str) -> None:
    def file(form: str) -> bytes:
        answer = client.get(
            f"/api/pictures/{name}{PICTURES[name]}{'&' if PICTURES[name] else '?'}format={form}"
        )
        assert answer.status_code == 200
        return answer.data

    names = {"json": {node["name"] for node in json.loads(file("json"))["nodes"]}}
    names["graphml"] = {node["name"] for _, node in nx.read_graphml(io.BytesIO(file("graphml"))).nodes(data=True)}  # fmt: skip
    names["gexf"] = {node["label"] for _, node in nx.read_gexf(io.BytesIO(file("gexf"))).nodes(data=True)}
    with zipfile.ZipFile(io.BytesIO(file("csv"))) as archive:
        names["csv"] = {row["名称"] for row in rows_of(archive.read("对象.csv"))}
    missing = {form: plain(HOSTILE) - plain(found) for form, found in names.items()}
    assert all(not texts for texts in missing.values()), missing
    page = Reader(file("html").decode())
    assert count(page) == len(HOSTILE)
    assert set(page.acts) <= {"script", "style"}


TABLES = {
    "/queries/needs_list.KIND" + AT: "需求", "/queries/resources_list.KIND" + AT: "资源", "/queries/projects_list.KIND" + AT: "项目",
    "/queries/units_list.KIND" + AT: "共建单位", "/queries/organizations_list.KIND" + AT + "&kind=志愿服务队": "组织", "/lists/needs" + AT + "&table=list&file=KIND": "需求",
    "/lists/resources" + AT + "&table=list&file=KIND": "资源", "/partners" + AT + "&table=units&file=KIND": "共建单位",
    "/organizations?scope=410411&table=kinds&file=KIND": "街道", "/?scope=410411&table=streets&file=KIND": "街道",
    f"/plans/{PLAN}?part=assignments&file=KIND": "需求", "/api/needs" + AT + "&limit=500&format=KIND": "需求",
}  # fmt: skip


@pytest.mark.parametrize("address", TABLES)
def test_each_table_as_a_file_carries_them_and_no_spreadsheet_runs_any(
    client: FlaskClient, address: str
) -> None:
    with client.get(address.replace("KIND", "csv")) as answer:
        assert answer.status_code == 200
        names = plain(row[TABLES[address]] for row in rows_of(answer.data))
    assert names >= plain(HOSTILE)
    with client.get(address.replace("KIND", "xlsx")) as answer:
        sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert all(cell.data_type in ("s", "inlineStr") and cell.hyperlink is None for cell in cells)
    assert plain(str(cell.value) for cell in cells) >= plain(HOSTILE)


def test_the_workbooks_of_an_area_and_of_a_plan_run_none(client: FlaskClient, embedded_store: Store) -> None:
    report = report_bytes(gather(embedded_store, FEIXING, "2020-10-01", "2020-10-01 08:00"))
    plan = client.get(f"/api/plans/{PLAN}/workbook").data
    for content in (report, plan):
        book = openpyxl.load_workbook(io.BytesIO(content))
        cells = [
            cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None
        ]
        formulas = {str(cell.value) for cell in cells if cell.data_type not in ("s", "n", "inlineStr")}
        assert [each for each in formulas if not re.fullmatch(r"=SUM\([A-Z]+\d+:[A-Z]+\d+\)", each)] == []
        assert plain(str(cell.value) for cell in cells) >= plain(HOSTILE)


@pytest.mark.parametrize("kind", ["graphml", "gexf", "node-link", "csv"])
def test_an_export_of_the_area_carries_them_unharmed(
    client: FlaskClient, embedded_store: Store, tmp_path: Path, kind: str
) -> None:
    export(embedded_store, FEIXING, kind, tmp_path / "out")
    if kind == "csv":
        titles = {row["title"] for row in rows_of((tmp_path / "out" / "nodes-Need.csv").read_bytes())}
    else:
        read_back = {"graphml": nx.read_graphml, "gexf": nx.read_gexf}.get(kind, node_link)
        titles = {of["title"] for _, of in read_back(tmp_path / "out").nodes(data=True) if of.get("title")}
    assert plain(titles) >= plain(HOSTILE)


def node_link(path: Path) -> Any:
    """A graph from node-link JSON."""
    return nx.node_link_graph(json.loads(path.read_text(encoding="utf-8")), edges="edges")
