"""The pages: real numbers that lead somewhere, no dead end, nothing that a value could turn into markup."""

import csv
import io
import re
from html import unescape

import openpyxl
import pytest
from flask.testing import FlaskClient

from api.app import create_app
from api.output import HEADING_ROW
from api.settings import Settings
from graph.catalog import queries
from graph.export_content import SYNTHETIC
from graph.query_file import SUBJECTS
from graph.schema import SCHEMA
from graph.store import Store
from graph.writing import merge_nodes, merge_relationships
from tests.api.small_district import FEIXING, fill
from tests.conftest import empty

HTML = {"Accept": "text/html"}


def words(page: str) -> str:
    """The text of a page, white space joined."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def links(page: str) -> set[str]:
    """The addresses that a page leads to or loads; not those that its forms write to."""
    page = re.sub(r'<form[^>]*method="post"[^>]*>', "", page)
    return {unescape(found) for found in re.findall(r'(?:href|src|action)="([^"]+)"', page)}


def test_the_home_page_shows_the_district_its_day_and_that_it_is_synthetic(client: FlaskClient) -> None:
    page = words(client.get("/").text)
    assert "湛河区" in page
    assert "截至 2020-10-01" in page
    assert "示例数据" in page
    assert "总览 10 个街道，36 个居委会，68 个村委会，2 个小区，1 个网格，1 栋楼" in page
    assert "党组织 3 个 还有 47 处应建未建" in page
    assert "党员 3 名 报到率 50%，1 人未报到" in page
    assert "共建单位 1 家 登记协议 1 份" in page
    assert "共建协议 1 份 1 份快到期" in page
    assert "需求 1 超期 · 2 条" in page
    assert "社区没有科协 35 / 36 97.2% 多数缺" in page
    assert "九里山街道 10 16.7% 50% 1 1 1" in page
    assert "党员花名册.xlsx 3 行 · 退回 1" in page


def test_every_link_of_every_page_that_home_leads_to_works(client: FlaskClient) -> None:
    """Every page is opened for the first area for which some page leads to it."""
    seen: set[str] = set()
    waiting = ["/"]
    while waiting:
        address = waiting.pop(0)
        apart_from_the_area = re.sub(r"(?<=[?&])scope=\w+", "", address)
        if apart_from_the_area in seen:
            continue
        seen.add(apart_from_the_area)
        with client.get(address, headers=HTML, follow_redirects=True) as answer:
            assert answer.status_code == 200, (address, answer.text[-600:])
        if answer.mimetype == "text/html":
            found = sorted(link for link in links(answer.text) if not link.startswith("#"))
            assert all(link.startswith("/") for link in found), address
            waiting += found
    assert len(seen) > 100


def test_a_street_has_the_same_page_for_itself(client: FlaskClient) -> None:
    page = words(client.get("/?scope=410411004").text)
    assert "湛河区 / 九里山街道" in page
    assert "九里山街道 8 个居委会，2 个村委会，2 个小区，1 个网格，1 栋楼" in page


@pytest.mark.parametrize("scope", [FEIXING, "E1", "G1", "B1"])
def test_every_kind_of_area_has_a_page(client: FlaskClient, scope: str) -> None:
    assert client.get(f"/?scope={scope}").status_code == 200


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("/?scope=999", 400, "没有编号为“999”的区域"),
        ("/?as_of=yesterday", 400, "参数 as_of 的值“yesterday”不对：应为日期，例如 2020-04-13"),
        ("/?size=5", 400, "这个页面没有参数 size，可用的有：scope、as_of"),
        ("/nothing", 404, "请检查地址，或回到首页"),
        ("/queries/nothing", 404, "没有名为“nothing”的查询；所有查询见“查询”页"),
        ("/queries/nothing.csv", 404, "没有名为“nothing”的查询；所有查询见“查询”页"),
    ],
)
def test_what_cannot_be_shown_is_said_on_a_page(
    client: FlaskClient, address: str, status: int, sentence: str
) -> None:
    answer = client.get(address, headers=HTML)
    assert (answer.status_code, answer.mimetype) == (status, "text/html")
    assert sentence in words(answer.text)


def test_a_query_that_needs_something_shows_its_form(client: FlaskClient) -> None:
    answer = client.get("/queries/communities_without_organization")
    assert answer.status_code == 200
    assert "缺少参数 kind" in words(answer.text)
    assert '<option value="科协">科协</option>' in answer.text


def test_a_query_page_shows_parameters_rows_and_text(client: FlaskClient) -> None:
    page = client.get("/queries/communities_without_organization?kind=科协&scope=410411004").text
    assert "缺少某类组织的社区 7 行" in words(page)
    assert "山南社区居民委员会" in page
    assert "飞行社区居民委员会" not in page.split("<tbody>")[1]
    assert "MATCH (root:District|Street|Community {id: $scope})" in unescape(page)


def test_an_unknown_parameter_of_a_query_page_is_refused(client: FlaskClient) -> None:
    answer = client.get("/queries/members_by_kind?name=x", headers=HTML)
    assert answer.status_code == 400
    assert "查询 members_by_kind 没有参数 name，可用的有：scope、as_of" in words(answer.text)


def test_an_answer_can_be_taken_away_as_csv_and_xlsx(client: FlaskClient) -> None:
    answer = client.get("/queries/members_by_kind.csv")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=members_by_kind.csv; ")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows == [["党员类别", "党员（名）", "已报到（名）"], ["在职", "2", "1"], ["自管", "1", "0"]]
    book = openpyxl.load_workbook(io.BytesIO(client.get("/queries/members_by_kind.xlsx").data))
    assert [[cell.value for cell in row] for row in book.active.rows] == [  # type: ignore[union-attr]
        ["各类党员", None, None],
        ["范围：410411  日期：2020-10-01", None, None],
        [SYNTHETIC, None, None],
        ["党员类别", "党员（名）", "已报到（名）"],
        ["在职", 2, 1],
        ["自管", 1, 0],
    ]  # fmt: skip


def test_a_value_never_becomes_markup(district: Store) -> None:
    hostile = '<script>alert(1)</script>"onload=x'
    merge_nodes(district, SCHEMA.node("Street"), [{"id": "410411004", "properties": {"name": hostile}}])
    client = create_app(district, Settings()).test_client()
    try:
        assert "&lt;script&gt;alert(1)" in client.get("/").text
        for address in ("/", "/?scope=410411004", "/queries/streets", f"/queries/entity?id={hostile}"):
            page = client.get(address).text
            assert "<script>" not in page, address
            assert '"onload=x' not in page, address
    finally:
        merge_nodes(
            district, SCHEMA.node("Street"), [{"id": "410411004", "properties": {"name": "九里山街道"}}]
        )


def test_an_empty_store_says_what_to_do_first(embedded_store: Store, district: Store) -> None:
    client = create_app(embedded_store, Settings()).test_client()
    empty(embedded_store)
    try:
        page = words(client.get("/").text)
    finally:
        fill(embedded_store)
    assert "库是空的，从这里开始" in page
    assert "linmai init 410411" in page


def test_a_store_of_two_districts_asks_which(district: Store) -> None:
    node = SCHEMA.node("District")
    merge_nodes(district, node, [{"id": "410402", "properties": {"name": "新华区"}}])
    client = create_app(district, Settings()).test_client()
    try:
        page = client.get("/")
        assert "选择一个区" in words(page.text)
        assert "/?scope=410402" in links(page.text)
        assert client.get("/?scope=410402").status_code == 200
    finally:
        district.write("MATCH (d:District {id: '410402'}) DETACH DELETE d")


def test_the_summary_is_made_anew_after_a_load_and_not_before(district: Store) -> None:
    client = create_app(district, Settings()).test_client()
    assert "示例三小区" not in client.get("/queries/entity?id=E3").text
    before = words(client.get("/").text)
    assert "2 个小区" in before
    merge_nodes(district, SCHEMA.node("Estate"), [{"id": "E3", "properties": {"name": "示例三小区"}}])
    merge_relationships(district, SCHEMA.relationship("PART_OF"), "Estate", "Community", [{"start": "E3", "end": FEIXING, "key": "", "properties": {}}])  # fmt: skip
    try:
        assert words(client.get("/").text) == before
        merge_nodes(district, SCHEMA.node("Batch"), [{"id": "b1", "properties": {"loaded_at": "2020-10-02"}}])
        assert "3 个小区" in words(client.get("/").text)
    finally:
        empty(district)
        fill(district)


def test_the_published_figures_are_taken_away_as_they_are_shown(client: FlaskClient) -> None:
    page = client.get("/figures").text
    text = client.get("/figures?table=figures&file=csv").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows[0]["项目"] == "面积"
    assert all(row["项目"] in page and row["说明"] in page for row in rows)
    [communities] = [row for row in rows if row["项目"] == "城市社区"]
    assert (communities["公布"], communities["库中"], communities["单位"], communities["结论"]) == ("36", "36", "个", "一致")  # fmt: skip
    sheet = openpyxl.load_workbook(io.BytesIO(client.get("/figures?table=figures&file=xlsx").data)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[HEADING_ROW + 1]] == list(rows[0])
    assert sheet.max_row == HEADING_ROW + 1 + len(rows)


def test_queries_stand_under_what_they_are_about_and_are_narrowed_by_words(client: FlaskClient) -> None:
    page = client.get("/queries").text
    assert all(f"<h2>{subject}<small>" in page for subject in SUBJECTS)
    assert all(f"<code>{name}</code>" in page for name in queries())
    found = re.findall(r"<code>(\w+)</code>", client.get("/queries?q=楼栋 党员").text)
    assert {"members_by_building", "building_members"} <= set(found) < set(queries())
    assert "没有含有“天气”的查询" in client.get("/queries?q=天气").text
