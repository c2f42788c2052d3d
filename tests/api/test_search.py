"""Search over HTTP and its index: parts of names, initials, scope, and no people."""

import pytest
from flask.testing import FlaskClient

from api.app import create_app
from api.settings import Settings
from graph.search import Hit, SearchIndex, Word, initials, search_index
from graph.store import Store
from tests.api.small_district import FEIXING


def found(client: FlaskClient, words: str) -> list[tuple[str, str]]:
    answer = client.get(f"/api/search?{words}").json
    assert answer is not None
    return [(row["label"], row["name"]) for row in answer["rows"]]


def test_a_part_of_a_name_finds_everything_that_is_called_so(client: FlaskClient) -> None:
    answer = client.get("/api/search?q=示例医院")
    assert answer.json is not None
    assert answer.json["parameters"] == {"q": "示例医院", "scope": "410411"}
    assert answer.json["rows"] == [
        {"label": "Unit", "kind": "共建单位", "id": "U1", "name": "示例医院", "place": "九里山街道 飞行社区居民委员会"},
        {"label": "PartyOrganization", "kind": "党组织", "id": "P0", "name": "示例医院党委", "place": "九里山街道 飞行社区居民委员会"},
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["飞行社区科", "fxsqkx", "FXSQKX", "ｆｘｓｑｋｘ", "飞行 社区科协", "sqkx"])
def test_initials_width_case_and_blanks_do_not_matter(client: FlaskClient, text: str) -> None:
    assert ("Organization", "飞行社区科协") in found(client, f"q={text}")


def test_a_key_is_found_too(client: FlaskClient) -> None:
    assert found(client, "q=N1")[0] == ("Need", "日间照料中心太小")
    assert found(client, f"q={FEIXING}")[0][0] == "Community"


def test_only_what_has_to_do_with_the_scope_is_found(client: FlaskClient) -> None:
    assert found(client, f"q=示例医院&scope={FEIXING}") == found(client, "q=示例医院")
    assert found(client, "q=示例医院&scope=410411003002") == []
    assert found(client, "q=日间&scope=E1") == []


def test_people_are_not_found_by_name_initials_or_key(client: FlaskClient) -> None:
    for text in ("示例甲", "slj", "R1", "13800008000"):
        assert found(client, f"q={text}") == []


def test_hits_come_in_pages_like_every_answer(client: FlaskClient) -> None:
    first = client.get("/api/search?q=示例&limit=1").json
    assert first is not None
    second = client.get(f"/api/search?q=示例&limit=1&after={first['next']}").json
    assert second is not None
    whole = client.get("/api/search?q=示例").json
    assert whole is not None
    assert [*first["rows"], *second["rows"]] == whole["rows"][:2]


def test_what_a_load_brings_is_found_at_once(district: Store) -> None:
    client = create_app(district, Settings()).test_client()
    assert found(client, "q=改名医院") == []
    district.write("MATCH (u:Unit {id: 'U1'}), (b:Batch) SET u.name = '改名医院', b.state = 'undone'")
    changed = found(client, "q=改名医院")
    district.write("MATCH (u:Unit {id: 'U1'}), (b:Batch) SET u.name = '示例医院', b.state = 'loaded'")
    assert changed == [("Unit", "改名医院")]


@pytest.mark.parametrize("words", ["", "q=", "q=%20", "q=%0A", "q=飞&size=1", "q=飞&scope=7", "q=飞&q=行"])
def test_a_search_that_cannot_be_answered_is_refused(client: FlaskClient, words: str) -> None:
    answer = client.get(f"/api/search?{words}")
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")


def test_a_reading_is_taken_from_the_whole_name() -> None:
    assert initials("重庆银行3号楼") == "cqyh3hl"


def test_the_best_hit_is_first_and_the_order_is_the_same_each_time(district: Store) -> None:
    index = search_index(district)
    names = [hit.name for hit in index.find("飞行社区", "410411")]
    assert names == [hit.name for hit in search_index(district).find("飞行社区", "410411")]
    assert names == sorted(names, key=lambda name: (name != "飞行社区", len(name)))


def test_a_search_for_almost_everything_gives_the_best_thousand() -> None:
    hits = tuple(Hit("Building", f"B{n:04}", "一号楼", "", frozenset({"410411"})) for n in range(1200))
    index = SearchIndex((Word("一号楼", "一号楼", "yhl", hits),), {})
    assert [hit.id for hit in index.find("y", "410411")] == [f"B{n:04}" for n in range(1000)]
