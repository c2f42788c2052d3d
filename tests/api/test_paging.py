"""Pages, formats and ETags of every answer."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient

from api.formats import TYPES
from api.paging import Wanted, page
from graph.ask import Answer, ParameterError
from graph.catalog import queries
from graph.export_content import SYNTHETIC
from graph.store import Store

AREAS = "/api/coverage/community-organizations?scope=410411"
ROWS = [{"id": each} for each in "abcde"]


def answered(rows: list[dict[str, Any]], **parameters: Any) -> Answer:
    return Answer(queries()["streets"], {"scope": "410411", **parameters}, rows)


def pages(client: FlaskClient, address: str, limit: int) -> Iterator[dict[str, Any]]:
    after = ""
    while True:
        body = client.get(f"{address}&limit={limit}{after}").json
        assert body is not None
        yield body
        if body["next"] is None:
            return
        after = f"&after={body['next']}"


def test_the_pages_together_are_the_whole_answer_in_its_order(client: FlaskClient) -> None:
    whole = client.get(f"{AREAS}&limit=1000").json
    assert whole is not None
    assert (whole["next"], whole["total"], len(whole["rows"]) > 5) == (None, len(whole["rows"]), True)
    for limit in (1, 4, whole["total"]):
        found = list(pages(client, AREAS, limit))
        assert [row for body in found for row in body["rows"]] == whole["rows"]
        assert {body["total"] for body in found} == {whole["total"]}


def test_the_next_page_is_named_in_the_link_header(client: FlaskClient) -> None:
    first = client.get(f"{AREAS}&limit=2")
    assert first.json is not None
    assert first.headers["Link"] == (
        f'</api/coverage/community-organizations?scope=410411&limit=2&after={first.json["next"]}>; rel="next"'
    )
    assert first.headers["Total-Count"] == str(first.json["total"])
    assert "Link" not in client.get(f"{AREAS}&limit=1000").headers


def test_a_page_begins_after_the_last_row_even_when_rows_were_added_or_removed_before_it() -> None:
    first = page(answered(ROWS), Wanted(2))
    assert (first.rows, first.total) == (ROWS[:2], 5)
    asked = Wanted(2, first.next)
    assert page(answered(ROWS), asked).rows == ROWS[2:4]
    assert page(answered([{"id": "new"}, *ROWS]), asked).rows == ROWS[2:4]
    assert page(answered(ROWS[1:]), asked).rows == ROWS[2:4]
    with pytest.raises(ParameterError, match="数据已更新，上一页的最后一行不在了"):
        page(answered(ROWS[2:]), asked)


def test_a_cursor_belongs_to_one_question() -> None:
    cursor = page(answered(ROWS), Wanted(2)).next
    with pytest.raises(ParameterError, match="只能取自同一查询上一页的 next"):
        page(answered(ROWS, as_of="2020-01-01"), Wanted(2, cursor))


@pytest.mark.parametrize(
    "after", ["x", "!", "AAAA", "=", "a" * 5000, "MS4yLjM", "Li4", "%00", "%F0%9F%98%80"]
)
def test_a_broken_cursor_is_refused_with_what_to_do(client: FlaskClient, after: str) -> None:
    answer = client.get(f"{AREAS}&after={after}")
    assert (answer.status_code, answer.json) == (400, {
        "type": "about:blank", "title": "请求不对", "status": 400, "parameter": "after",
        "detail": "参数 after 不对：它只能取自同一查询上一页的 next，参数也须相同；请去掉 after，从第一页开始",
    })  # fmt: skip


@pytest.mark.parametrize(
    "limit", ["0", "-1", "1001", "1000000", "1e3", "1.5", "x", "9" * 5000, "٣", "1_0", "%201"]
)
@pytest.mark.parametrize("address", [AREAS, "/api/entities/U1/neighbours?scope=410411"])
def test_a_limit_is_a_number_from_1_to_1000(client: FlaskClient, address: str, limit: str) -> None:
    answer = client.get(f"{address}&limit={limit}")
    assert answer.json is not None
    assert (answer.status_code, answer.json["parameter"]) == (400, "limit")
    assert answer.json["detail"].endswith("不对：应为 1 到 1000 的整数")


def test_a_querys_own_limit_is_the_querys_and_has_no_next_page(client: FlaskClient) -> None:
    asked = "/api/entities/410411004004/neighbours?limit=3"
    found = client.get(asked).json
    assert found is not None
    assert (len(found["rows"]), found["parameters"]["limit"], found["next"]) == (3, 3, None)
    refused = client.get(f"{asked}&after=AAAA").json
    assert refused is not None
    assert refused["detail"] == "查询 neighbours 没有参数 after，可用的有：scope、id、limit、format"


def test_no_query_declares_a_parameter_that_every_endpoint_has() -> None:
    assert [q.name for q in queries().values() if {"after", "format"} & {p.name for p in q.params}] == []


@pytest.mark.parametrize("how", ["parameter", "header"])
def test_csv_opens_with_its_chinese_in_a_spreadsheet(client: FlaskClient, how: str) -> None:
    address = "/api/coverage/members?scope=410411"
    answer = client.get(f"{address}&format=csv") if how == "parameter" else client.get(address, headers={"Accept": "text/csv"})  # fmt: skip
    assert (answer.content_type, answer.headers["Vary"]) == ("text/csv; charset=utf-8", "Accept")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=members_by_kind.csv; ")
    assert answer.data == "\ufeff党员类别,党员（名）,已报到（名）\r\n在职,2,1\r\n自管,1,0\r\n".encode()


def test_a_text_that_a_spreadsheet_would_run_is_made_harmless(client: FlaskClient) -> None:
    text = client.get("/api/search?q=HYPERLINK&format=csv").data.decode("utf-8-sig")
    assert [row[3] for row in csv.reader(io.StringIO(text))] == ["名称", '\'=HYPERLINK("x")']
    content = client.get("/api/search?q=HYPERLINK&format=xlsx").data
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    assert (sheet["D5"].value, sheet["D5"].data_type) == ('=HYPERLINK("x")', "s")


def test_a_workbook_says_what_it_is_of_which_area_and_day(client: FlaskClient) -> None:
    answer = client.get("/api/coverage/members?scope=410411004", headers={"Accept": TYPES["xlsx"]})
    assert answer.content_type == TYPES["xlsx"]
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0]
    assert [[cell.value for cell in row] for row in sheet.rows] == [
        ["各类党员", None, None],
        ["范围：九里山街道（410411004）  日期：2020-10-01", None, None],
        [SYNTHETIC, None, None],
        ["党员类别", "党员（名）", "已报到（名）"],
        ["在职", 2, 1],
        ["自管", 1, 0],
    ]


def test_a_file_holds_every_row_unless_a_limit_is_given(client: FlaskClient) -> None:
    total = int(client.get(AREAS).headers["Total-Count"])
    lines = {
        limit: len(client.get(f"{AREAS}&format=csv{limit}").data.splitlines()) for limit in ("", "&limit=2")
    }
    assert lines == {"": total + 1, "&limit=2": 3}
    whole = client.get("/api/search?q=cm&format=csv")
    assert len(whole.data.splitlines()) == int(whole.headers["Total-Count"]) + 1 > 60


def test_an_unknown_format_and_an_impossible_accept_header_are_refused(client: FlaskClient) -> None:
    refused = client.get(f"{AREAS}&format=pdf").json
    assert refused is not None
    assert refused["detail"] == "参数 format 的值“pdf”不对：应为 json、csv、xlsx 之一"
    impossible = client.get(AREAS, headers={"Accept": "image/png"})
    assert (impossible.status_code, impossible.content_type) == (406, "application/problem+json")
    browser = client.get(AREAS, headers={"Accept": "text/html"})
    assert (browser.status_code, browser.content_type) == (200, "application/json")


@pytest.mark.parametrize("kind", list(TYPES))
def test_who_holds_the_answer_is_told_so_until_the_data_change(
    client: FlaskClient, district: Store, kind: str
) -> None:
    address = f"/api/coverage/members?scope=410411&format={kind}"
    first = client.get(address)
    held = {"If-None-Match": first.headers["ETag"]}
    again = client.get(address, headers=held)
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert first.headers["Cache-Control"] == "private, no-cache"
    district.write("MATCH (p:Person {id: 'R3'}) SET p.member_kind = '流动'")
    changed = client.get(address, headers=held)
    district.write("MATCH (p:Person {id: 'R3'}) SET p.member_kind = '自管'")
    assert (changed.status_code, changed.headers["ETag"] == first.headers["ETag"]) == (200, False)
    assert client.get(address, headers=held).status_code == 304


def test_each_format_has_an_etag_of_its_own_and_a_load_changes_it(
    client: FlaskClient, district: Store
) -> None:
    address = "/api/coverage/members?scope=410411&format="
    tags = {kind: client.get(address + kind).headers["ETag"] for kind in TYPES}
    assert len(set(tags.values())) == 3
    district.write("MATCH (b:Batch) SET b.state = 'undone'")
    after = client.get(address + "json").headers["ETag"]
    district.write("MATCH (b:Batch) SET b.state = 'loaded'")
    assert after != tags["json"]
    assert client.get(address + "json").headers["ETag"] == tags["json"]
