"""The pages of each part: what they say of the small district, their files, what they refuse."""

import csv
import io
import re
from html import unescape

import openpyxl
import pytest
from flask.testing import FlaskClient

from api.app import create_app
from api.settings import Settings
from graph.schema import SCHEMA
from graph.store import Store
from graph.writing import merge_nodes, merge_relationships
from tests.api.small_district import FEIXING
from tests.api.test_pages import HTML, words


def rows(page: str, card: str) -> list[list[str]]:
    """The cells of the table in a card."""
    (inside,) = re.findall(rf'<section class="card" id="{card}">(.*?)</section>', page, re.DOTALL)
    return [
        [words(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)]
        for row in re.findall(r"<tr>(.*?)</tr>", inside.split("<tbody>")[1], re.DOTALL)
    ]


def file(client: FlaskClient, address: str) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    return list(csv.DictReader(io.StringIO(client.get(address).data.decode("utf-8-sig"))))


def test_the_matrix_of_party_organizations_puts_the_area_that_lacks_most_first(client: FlaskClient) -> None:
    page = client.get("/organizations?scope=410411004").text
    assert rows(page, "levels")[-1] == ["飞行社区居民委员会", "0", "1", "1", "1", "5", "40%"]
    assert rows(page, "levels")[0][-1] == "0%"
    assert "缺小区党组织（个）" in page


def test_the_matrix_of_organizations_and_posts_counts_what_each_community_lacks(client: FlaskClient) -> None:
    page = client.get(f"/organizations?scope={FEIXING}").text
    assert rows(page, "kinds") == [["飞行社区居民委员会", "1", "1", "1", "1", "0", "1", "1", "1", "1", "1"]]


def test_areas_without_an_organization_are_listed_where_they_are_few(client: FlaskClient) -> None:
    page = client.get(f"/organizations?scope={FEIXING}").text
    assert rows(page, "without-3") == [["示例二小区"]]
    assert rows(page, "without-4") == [["第1网格"]]


def test_members_are_counted_by_kind_and_reporting_down_to_the_estates(client: FlaskClient) -> None:
    street = client.get("/members?scope=410411004").text
    assert rows(street, "areas")[0] == ["飞行社区居民委员会", "3", "1", "2", "0", "0", "1", "50%"]
    community = client.get(f"/members?scope={FEIXING}").text
    assert rows(community, "estates") == [["示例一小区", "1", "2", "0", "1"]]


def test_the_members_of_a_building_are_listed_with_masked_names_in_page_and_file(client: FlaskClient) -> None:
    page = client.get("/members?scope=B1").text
    assert rows(page, "members") == [
        ["示*", "在职", "示例医院党委", "飞行社区居民委员会", ""],
        ["示*", "在职", "示例医院党委", "", ""],
    ]
    assert [row["姓名"] for row in file(client, "/members?scope=B1&file=csv")] == ["示*", "示*"]
    assert "示例甲" not in page


def test_an_agreement_that_ends_soon_and_an_unpaired_unit_are_seen_among_the_partners(
    client: FlaskClient,
) -> None:
    page = client.get("/partners/agreements").text
    assert rows(page, "ending") == [["示例协议", "示例医院", "飞行社区居民委员会", "2020-10-20"]]
    assert [row[1] for row in rows(client.get("/partners").text, "units")] == ["示例医院"]


def test_whoever_looks_at_a_building_sees_the_partners_of_the_community_around_it(
    client: FlaskClient,
) -> None:
    answer = client.get("/partners?scope=B1")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/partners?scope={FEIXING}")


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ("", ["日间照料中心太小", '=HYPERLINK("x")']),
        ("?overdue=true", ["日间照料中心太小"]),
        ("?state=销号", ['=HYPERLINK("x")']),
        ("?state=销号&overdue=true", []),
        ("?category=未分类&state=对接中", ["日间照料中心太小"]),
    ],
)
def test_a_list_shows_what_its_conditions_ask_for_and_its_file_the_same(
    client: FlaskClient, conditions: str, found: list[str]
) -> None:
    page = client.get(f"/lists/needs{conditions}").text
    assert re.findall(r'href="/lists/needs/N\d[^"]*">([^<]+)<', unescape(page)) == found
    joined = f"{conditions}&file=csv" if conditions else "?file=csv"
    assert [row["需求"].removeprefix("'") for row in file(client, f"/lists/needs{joined}")] == found


def test_a_matrix_is_a_workbook_with_the_place_and_the_day(client: FlaskClient) -> None:
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/organizations?scope={FEIXING}&file=xlsx").data))
    sheet = [[cell.value for cell in row] for row in book.active.rows]  # type: ignore[union-attr]
    assert sheet[1][0] == f"范围：飞行社区居民委员会（{FEIXING}）  日期：2020-10-01"
    assert sheet[3] == ["编号", "区域", "缺小区党组织（个）", "缺网格党支部（个）", "缺楼栋党小组（个）", "应建（个）", "已覆盖"]  # fmt: skip
    assert [row[1] for row in sheet[4:]] == ["示例二小区", "第1网格", "示例一小区"]


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/organizations?file=pdf", "参数 file 的值“pdf”不对：应为 csv、xlsx 之一"),
        ("/organizations?file=csv&table=x", "这个页面没有表 x"),
        ("/lists/needs?page=0", "参数 page 的值“0”不对：应为页码，从 1 开始"),
        ("/lists/needs?state=x", "参数 state 的值“x”不对"),
        ("/lists/needs?kind=x", "这个页面没有参数 kind"),
        ("/members?as_of=2020-4-1", "参数 as_of 的值“2020-4-1”不对"),
    ],
)
def test_what_a_page_cannot_show_is_refused_in_a_sentence(
    client: FlaskClient, address: str, sentence: str
) -> None:
    answer = client.get(address, headers=HTML)
    assert answer.status_code == 400
    assert sentence in words(answer.text)


def test_a_need_shows_its_life_its_days_and_what_it_has_to_do_with(client: FlaskClient) -> None:
    page = words(client.get("/lists/needs/N1").text)
    assert "提出 审核 入单 对接中 已认领 实施中 待评价 销号" in page
    assert "提出区域 飞行社区居民委员会" in page
    assert "2020-09-01 办结时限" in page


def test_a_unit_shows_its_agreement_and_what_would_be_lost_without_it(client: FlaskClient) -> None:
    page = client.get("/partners/units/U1").text
    assert "共建协议 示例协议 生效" in words(page)
    assert "假如示例医院离开" in words(client.get("/entities/U1/loss").text)


def test_an_organization_shows_of_what_kind_it_is_and_whom_it_serves(client: FlaskClient) -> None:
    page = words(client.get("/entities/O1").text)
    assert "类型 科协" in page
    assert "服务 飞行社区居民委员会" in page


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("/entities/N1", "/lists/needs/N1"),
        ("/entities/U1", "/partners/units/U1"),
        ("/lists/needs/U1", "/partners/units/U1"),
        (f"/entities/{FEIXING}", f"/?scope={FEIXING}"),
        ("/entities/B1?as_of=2020-09-01", "/members?as_of=2020-09-01&scope=B1"),
    ],
)
def test_a_thing_is_found_at_any_address_and_shown_at_its_own(
    client: FlaskClient, address: str, place: str
) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.headers["Location"]) == (302, place)


@pytest.mark.parametrize("key", ["R1", "nothing"])
def test_a_person_has_no_page_and_looks_like_nothing(client: FlaskClient, key: str) -> None:
    answer = client.get(f"/entities/{key}", headers=HTML)
    assert answer.status_code == 404
    assert f"湛河区内没有编号为“{key}”的对象" in words(answer.text)
    assert "示例甲" not in answer.text


def test_the_schema_page_shows_every_property_relationship_and_code_list(client: FlaskClient) -> None:
    page = client.get("/schema").text
    for node in SCHEMA.nodes:
        assert f'id="{node.label}"' in page
        assert [p.heading for p in node.properties if f"<td>{p.heading}</td><td><code>{p.name}</code></td>" not in page] == []  # fmt: skip
    assert [r.name for r in SCHEMA.relationships if f"<code>{r.name}</code>" not in page] == []
    assert [name for name in SCHEMA.code_lists if f'id="list-{name}"' not in page] == []


def test_the_list_below_the_search_box_is_a_part_of_a_page(client: FlaskClient) -> None:
    part = client.get("/search?q=slyy", headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert re.findall(r'role="option"[^>]*href="([^"]+)"', part) == ["/partners/units/U1", "/entities/P0"]
    assert "共建单位 示例医院" in words(client.get("/search?q=slyy").text)


def test_a_step_in_the_life_of_a_need_stands_in_its_history_with_its_reason(district: Store) -> None:
    step = {"id": "S1", "from_state": "入单", "to_state": "对接中", "at": "2020-08-03T09:00:00+08:00", "reason": "已有两家单位"}  # fmt: skip
    merge_nodes(district, SCHEMA.node("StateChange"), [{"id": "S1", "properties": step}])
    merge_relationships(district, SCHEMA.relationship("OF"), "StateChange", "Need", [{"start": "S1", "end": "N1", "key": "", "properties": {}}])  # fmt: skip
    try:
        assert "2020-08-03 入单 → 对接中：已有两家单位" in words(
            create_app(district, Settings()).test_client().get("/lists/needs/N1").text
        )
    finally:
        district.write("MATCH (s:StateChange {id: 'S1'}) DETACH DELETE s")
