"""Forms for records: fields of the schema, errors beside them, nothing overwritten unseen, nothing run that was typed."""

import re
from html import unescape

import pytest
from werkzeug.test import TestResponse

from api.pages.records import FORMS
from api.settings import Settings
from graph.schema import SCHEMA
from graph.schema.lists import BENEFICIARY as GROUPS
from graph.store import Store
from graph.writing import merge_nodes, merge_relationships
from tests.api.handing_in import Visitor, words
from tests.api.small_district import fill
from tests.conftest import empty


@pytest.fixture
def visitor(embedded_store: Store) -> Visitor:
    """A visitor of the small district."""
    empty(embedded_store)
    fill(embedded_store)
    return Visitor.at(embedded_store, Settings())


def shown(page: TestResponse) -> dict[str, str]:
    """The fields of a form that are filled by what it shows, as a browser would send them."""
    found = {}
    main = page.text.partition('<form class="card sheet"')[2]
    for tag in re.findall(r"<input [^>]*>", main):
        kind = re.search(r'type="(\w+)"', tag)
        if kind and kind[1] in ("checkbox", "radio") and " checked" not in tag:
            continue
        name, value = re.search(r' name="([^"]*)"', tag), re.search(r' value="([^"]*)"', tag)
        if name:
            found[name[1]] = unescape(value[1]) if value else ""
    for name, text in re.findall(r'<textarea id="[^"]*" name="([^"]*)"[^>]*>\n(.*?)</textarea>', main, re.DOTALL):  # fmt: skip
        found[name] = unescape(text)
    for name, options in re.findall(r'<select id="[^"]*" name="([^"]*)"[^>]*>(.*?)</select>', main, re.DOTALL):  # fmt: skip
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = unescape(chosen[1]) if chosen else ""
    found.pop("csrf_token")
    return found


def send(visitor: Visitor, address: str, **entered: str) -> TestResponse:
    """Open a form, enter something in it and send it."""
    return visitor.post(address, **{**shown(visitor.client.get(address)), **entered})


def errors(page: TestResponse) -> list[str]:
    """What is said at the fields."""
    return [unescape(each) for each in re.findall(r'<p class="error" role="alert">(.*?)</p>', page.text)]


def test_a_need_is_entered_by_names_moved_and_its_history_told(visitor: Visitor) -> None:
    entered = {
        "title": "楼道灯坏了",
        "quantity": "３",
        "unit": "盏",
        "urgency": "4",
        "raised_in.0": "九里山街道飞行社区",
    }
    page = send(visitor, "/records/needs/new", **entered)
    assert page.request.path.startswith("/records/needs/at/")
    assert "提出区域 410411004004" in words(page)
    assert "数量 3" in words(page)
    address = page.request.path
    refused = visitor.post(address, to="退回", revision="1", operation="退回" * 4)
    assert (refused.status_code, errors(refused)) == (422, ["“退回”要写明理由"])
    moved = visitor.post(address, to="退回", reason="写清楚是哪栋楼", revision="1")
    assert "提出 → 退回 写清楚是哪栋楼 本机用户" in words(moved)
    again = visitor.post(address, to="审核", revision="2")
    assert (again.status_code, "现在是“退回”，不能转为“审核”；可以转为：提出、撤回" in words(again)) == (
        409,
        True,
    )


def test_what_is_wrong_stands_at_its_field_and_what_was_entered_stays(visitor: Visitor) -> None:
    page = send(visitor, "/records/needs/new", quantity="许多", deadline="2020-13-01", note="先留着", **{"raised_in.0": "没有的社区"})  # fmt: skip
    assert page.status_code == 422
    assert [each.split("，")[0].split("；")[0] for each in errors(page)] == [
        "「标题」是空的",
        "找不到地点“没有的社区”",
        "「数量」内容是“许多”",
        "「办结时限」内容是“2020-13-01”",
    ]
    kept = {name: shown(page)[name] for name in ("quantity", "note", "raised_in.0")}
    assert kept == {"quantity": "许多", "note": "先留着", "raised_in.0": "没有的社区"}


def test_two_editors_are_compared_field_by_field(visitor: Visitor, embedded_store: Store) -> None:
    address = "/records/needs/at/N1/edit"
    mine = shown(visitor.client.get(address))
    send(visitor, address, title="日间照料中心要扩建", note="别人写的")
    page = visitor.post(address, **{**mine, "title": "照料中心太挤", "quantity": "1"})
    assert page.status_code == 409
    assert "标题 用别人的：日间照料中心要扩建 用我的：照料中心太挤" in words(page)
    assert "备注 别人写的 没有改，保留别人的" in words(page)
    page = visitor.post(address, **{**shown(page), "choose.title": "theirs"})
    assert page.request.path == "/records/needs/at/N1"
    assert embedded_store.read("MATCH (n:Need {id: 'N1'}) RETURN n.title AS title, n.note AS note, n.quantity AS quantity") == [
        {"title": "日间照料中心要扩建", "note": "别人写的", "quantity": 1}
    ]  # fmt: skip


def test_a_form_that_is_sent_twice_acts_once(visitor: Visitor, embedded_store: Store) -> None:
    entered = {
        **shown(visitor.client.get("/records/resources/new")),
        "title": "会议室",
        "offered_by.0": "示例医院",
    }
    first = visitor.post("/records/resources/new", **entered)
    again = visitor.post("/records/resources/new", **entered)
    assert first.request.path == again.request.path
    assert embedded_store.read("MATCH (r:Resource {title: '会议室'}) RETURN count(r) AS n") == [{"n": 1}]


def test_a_personal_value_is_not_shown_and_kept_unless_it_is_replaced(visitor: Visitor, embedded_store: Store) -> None:  # fmt: skip
    address = "/records/units/at/U1/edit"
    send(visitor, address, liaison_phone="13800008000", liaison="示例联系人")
    page = visitor.client.get(address)
    assert "13800008000" not in page.text + visitor.client.get("/records/units/at/U1").text
    assert "现为 138****8000" in words(page)
    send(visitor, address, employees="30")
    send(visitor, address, **{"clear.liaison": "1"})
    assert embedded_store.read("MATCH (u:Unit {id: 'U1'}) RETURN u.liaison_phone AS phone, u.liaison AS name, u.employees AS n") == [
        {"phone": "13800008000", "name": None, "n": 30}
    ]  # fmt: skip


def test_a_unit_claims_a_need_with_a_resource_as_far_as_it_reaches(visitor: Visitor) -> None:
    send(visitor, "/records/resources/new", title="会议室", capacity="2", **{"offered_by.0": "U1"})
    address = "/records/claims/new?by_unit=U1&for_need=N1"
    page = send(visitor, address, quantity="3", **{"with_resource.0": "会议室"})
    assert page.status_code in (409, 422)
    page = send(visitor, address, quantity="2", **{"with_resource.0": "会议室"})
    assert "认领数量 2" in words(page)
    assert "认领单位 U1" in words(page)


def test_an_agreement_promises_quantities_that_can_be_changed(visitor: Visitor) -> None:
    resource = send(visitor, "/records/resources/new", title="会议室", capacity="5", **{"offered_by.0": "U1"})
    key = resource.request.path.rpartition("/")[2]
    address = "/records/agreements/at/A1/edit"
    page = send(visitor, address, **{"promises.0": "会议室", "promises.0.quantity": "2"})
    assert f"承诺 {key}（2）" in words(page)
    page = send(visitor, address, **{"promises.0.quantity": "4"})
    assert f"承诺 {key}（4）" in words(page)
    page = send(visitor, address, **{"promises.0": "", "promises.0.quantity": ""})
    assert "承诺" not in words(page).partition("经过")[0].partition("协议 A1")[2]


def test_a_form_without_its_token_writes_nothing(visitor: Visitor, embedded_store: Store) -> None:
    for kind in FORMS:
        refused = visitor.client.post(f"/records/{kind}/new", data={"title": "x", "name": "x"}, headers={"Accept": "text/html"})  # fmt: skip
        assert refused.status_code == 400
    assert embedded_store.read("MATCH (n {title: 'x'}) RETURN count(n) AS n") == [{"n": 0}]


def test_names_are_suggested_for_the_kinds_that_a_field_takes(visitor: Visitor) -> None:
    found = visitor.client.get("/records/claims/names/by_unit", query_string={"by_unit.0": "示例医院"}).text
    assert re.findall(r'<option value="([^"]+)">([^<　]+)', found) == [("U1", "示例医院")]
    assert visitor.client.get("/records/claims/names/for_need", query_string={"for_need.0": "示例医院"}).text.strip() == ""  # fmt: skip


def test_values_of_a_list_are_ticked_and_none_is_lost(visitor: Visitor, embedded_store: Store) -> None:
    address = "/records/resources/at/Z1/edit"
    form = {**shown(visitor.client.get(address)), "groups": ["", "党员", "老年人"]}
    page = visitor.post(address, **form)
    assert "面向人群 老年人、党员" in words(page) or "面向人群 党员、老年人" in words(page)
    again = visitor.client.get(address).text
    assert re.findall(r'name="groups" value="([^"]*)" checked', again) == [each for each in GROUPS.values if each in ("党员", "老年人")]  # fmt: skip
    visitor.post(address, **{**shown(visitor.client.get(address)), "groups": [""]})
    assert embedded_store.read("MATCH (r:Resource {id: 'Z1'}) RETURN r.groups AS groups") == [
        {"groups": None}
    ]


def test_a_category_is_chosen_under_its_wider_one_and_suggested_from_the_words(visitor: Visitor, embedded_store: Store) -> None:  # fmt: skip
    rows = [("D0", "照料服务"), ("D1", "老年照料"), ("D2", "停车")]
    merge_nodes(
        embedded_store, SCHEMA.node("Category"),
        [{"id": k, "properties": {"id": k, "name": name, "list": "需求"}} for k, name in rows],
    )  # fmt: skip
    tie = [{"start": "D1", "end": "D0", "key": "", "properties": {}}]
    merge_relationships(embedded_store, SCHEMA.relationship("BROADER"), "Category", "Category", tie)
    form = visitor.client.get("/records/needs/new").text
    assert re.search(
        r'<optgroup label="照料服务">\s*<option value="D1">老年照料</option>\s*</optgroup>', form
    )
    assert 'value="Z' not in form[form.index('id="in_category"') : form.index("</select>", form.index('id="in_category"'))]  # fmt: skip
    asked = send(visitor, "/records/needs/new", title="老年人白天没人照料", suggest="")
    assert asked.status_code == 200
    assert re.search(r"建议：<b>老年照料</b>（把握 \d+%，请核对）", asked.text)
    assert shown(asked)["title"] == "老年人白天没人照料"
    taken = visitor.post("/records/needs/new", **{**shown(asked), "suggest": "D1"})
    assert shown(taken)["in_category.0"] == "D1"
    assert embedded_store.read("MATCH (n:Need {title: '老年人白天没人照料'}) RETURN count(n) AS n") == [
        {"n": 0}
    ]
    kept = visitor.post("/records/needs/new", **{**shown(taken), "raised_in.0": "410411004004"})
    assert "需求类别 D1" in words(kept)
