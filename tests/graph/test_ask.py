"""Asking a named query: parameters are checked before the database sees them, personal values never leave."""

import datetime
from collections.abc import Mapping
from typing import Any

import pytest

from graph.ask import (
    SCOPE_TEXT,
    Answer,
    ParameterError,
    ask,
    bind,
    days_after,
    default_scope,
    reference_date,
    today_in_china,
    typed,
)
from graph.query_file import Param, QueryFile, parse
from graph.schema import AREAS, SCHEMA
from graph.schema.lists import URGENCY
from graph.schema.organizations import ORGANIZATION_KIND

DISTRICT = {"id": "410411", "label": "District", "name": "湛河区"}
GRID = {"id": "W01", "label": "Grid", "name": "第1网格"}


class Fake:
    """A store that knows its districts, areas and reference date, and answers every query with `rows`."""

    def __init__(
        self, *areas: Mapping[str, str], day: str | None = None, rows: list[dict[str, Any]] | None = None
    ) -> None:
        self.areas, self.day, self.rows = areas, day, rows or []
        self.asked: list[tuple[str, Mapping[str, Any]]] = []

    def read(
        self, text: str, parameters: Mapping[str, Any] | None = None, *, timeout_s: float = 60
    ) -> list[dict[str, Any]]:
        if "StoreRecord" in text:
            return [{"day": self.day}] if self.day else []
        if text == SCOPE_TEXT:
            return [dict(a) for a in self.areas if a["id"] == (parameters or {})["scope"]]
        if "(d:District)" in text:
            return [{"id": a["id"]} for a in self.areas if a["label"] == "District"][:2]
        self.asked.append((text, parameters or {}))
        return [{"rows": [list(row.values()) for row in self.rows]}]


def query(*header: str, text: str) -> QueryFile:
    lines = ("// What it answers.", "// title: 标题", *(f"// {line}" for line in header), text)
    return parse("q", "\n".join(lines), SCHEMA, AREAS)


NAMES = query(
    "param scope: area(District, Street)",
    "param kind: OrganizationKind = '工会'",
    "param as_of: date = today",
    "param until: date = today+30",
    "param limit: integer",
    "returns x: integer 值",
    text="RETURN size([$scope, $kind, $as_of, $until, $limit]) AS x",
)


def refusal(given: Mapping[str, Any], store: Fake) -> tuple[str, str]:
    with pytest.raises(ParameterError) as caught:
        bind(NAMES, given, store)
    return caught.value.name, str(caught.value)


def test_defaults_are_filled_in_from_the_store_and_the_query() -> None:
    assert bind(NAMES, {"limit": "5"}, Fake(DISTRICT, day="2020-10-01")) == {
        "scope": "410411",
        "kind": "工会",
        "as_of": "2020-10-01",
        "until": "2020-10-31",
        "limit": 5,
    }


def test_what_is_given_wins_over_defaults() -> None:
    given = {"scope": "410411", "kind": "妇女联合会", "as_of": "2020-01-31", "until": "", "limit": 5}
    assert bind(NAMES, given, Fake(DISTRICT, day="2020-10-01")) == {
        "scope": "410411",
        "kind": "妇联",
        "as_of": "2020-01-31",
        "until": "2020-10-31",
        "limit": 5,
    }


def test_a_parameter_that_the_query_does_not_take_is_refused_with_those_it_takes() -> None:
    assert refusal({"limits": 5}, Fake(DISTRICT)) == (
        "limits",
        "查询 q 没有参数 limits，可用的有：scope、kind、as_of、until、limit；是否想写 limit？",
    )
    assert refusal({"zzz": 5}, Fake(DISTRICT)) == (
        "zzz",
        "查询 q 没有参数 zzz，可用的有：scope、kind、as_of、until、limit",
    )


def test_a_missing_parameter_is_named() -> None:
    assert refusal({}, Fake(DISTRICT)) == ("limit", "缺少参数 limit：应为整数，例如 10")


def test_the_only_district_is_the_scope_and_of_several_one_must_be_given() -> None:
    other = {"id": "410902", "label": "District", "name": "华龙区"}
    assert [default_scope(Fake(*areas)) for areas in ((DISTRICT,), (), (DISTRICT, other))] == [
        "410411",
        None,
        None,
    ]
    sentence = "库中不止一个区（或还没有区），请用 scope 指定区域编号，例如 scope=410411"
    assert refusal({"limit": 1}, Fake(DISTRICT, other)) == ("scope", sentence)
    assert refusal({"limit": 1}, Fake()) == ("scope", sentence)


def test_a_scope_that_is_not_there_or_of_another_kind_is_refused() -> None:
    assert refusal({"scope": "999", "limit": 1}, Fake(DISTRICT)) == (
        "scope",
        "没有编号为“999”的区域；可以用 linmai divisions 或页面上的搜索查编号",
    )
    assert refusal({"scope": "W01", "limit": 1}, Fake(DISTRICT, GRID)) == (
        "scope",
        "“W01”是网格，此查询的范围应为：区、街道",
    )


@pytest.mark.parametrize(
    ("type_", "given", "value"),
    [
        ("integer", "12", 12), ("integer", -3, -3), ("decimal", "0.5", 0.5), ("decimal", 2, 2.0),
        ("boolean", "TRUE", True), ("boolean", False, False), ("boolean", "是", True),
        ("date", "2020-02-29", "2020-02-29"), ("string", 410411, "410411"), ("strings", "a,b,,", ["a", "b"]),
        ("strings", [1, "b"], ["1", "b"]), ("map", {"a": 1}, {"a": 1}), ("maps", [{"a": 1}], [{"a": 1}]),
    ],
)  # fmt: skip
def test_a_text_becomes_a_value_of_its_type(type_: str, given: Any, value: Any) -> None:
    found = typed(Param("p", type_, "", True), given)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("type_", "given", "expected"),
    [
        ("integer", "1.5", "应为整数，例如 10"), ("integer", "许多", "应为整数，例如 10"),
        ("integer", True, "应为整数，例如 10"), ("integer", str(2**63), "应为整数，例如 10"),
        ("decimal", "nan", "应为数字，例如 0.5"), ("decimal", "1e999", "应为数字，例如 0.5"), ("decimal", "x", "应为数字，例如 0.5"),
        ("boolean", "1", "应为 true 或 false"), ("date", "2020-4-13", "应为日期，例如 2020-04-13"),
        ("date", "20200413", "应为日期，例如 2020-04-13"), ("date", "2020-02-30", "应为日期，例如 2020-04-13"),
        ("date", "2020-W16-1", "应为日期，例如 2020-04-13"),
    ],
)  # fmt: skip
def test_a_value_of_another_type_is_refused_with_what_is_expected(
    type_: str, given: Any, expected: str
) -> None:
    with pytest.raises(ParameterError) as caught:
        typed(Param("p", type_, "", True), given)
    assert (caught.value.name, str(caught.value)) == ("p", f"参数 p 的值“{given}”不对：{expected}")


def test_a_code_is_found_by_any_of_its_words_and_refused_with_the_list() -> None:
    urgency = Param("p", "integer", "", True, codes=URGENCY)
    assert [typed(urgency, given) for given in ("5", 5, "紧急", "特急")] == [5, 5, 5, 5]
    with pytest.raises(ParameterError) as caught:
        typed(urgency, "x" * 100)
    assert str(caught.value) == f"参数 p 的值“{'x' * 60}”不对：应为 不急、较缓、一般、较急、紧急 之一"
    assert typed(Param("p", "string", "", True, codes=ORGANIZATION_KIND), "业主委员会") == "业委会"


PERSONAL = query(
    "param scope: area",
    "returns id: Person.id",
    "returns name: Person.name",
    "returns kind: Person.member_kind",
    "returns who: node 人员",
    "returns all: nodes 人员",
    text="RETURN $scope AS id, 1 AS name, 2 AS kind, 3 AS who, 4 AS all",
)
PERSON = {"label": "Person", "properties": {"id": "RY-1", "name": "示例一", "phone": "13800008000"}}
MASKED = {"label": "Person", "properties": {"id": "RY-1", "name": "示*", "phone": "138****8000"}}


def test_personal_values_are_masked_in_columns_and_in_nodes() -> None:
    row = {"id": "RY-1", "name": "示例一", "kind": "在职", "who": PERSON, "all": [PERSON, PERSON]}
    store = Fake(DISTRICT, rows=[row, {"id": "RY-2", "name": None, "kind": None, "who": None, "all": []}])
    assert ask(store, PERSONAL, {}) == Answer(
        PERSONAL,
        {"scope": "410411"},
        [
            {"id": "RY-1", "name": "示*", "kind": "在职", "who": MASKED, "all": [MASKED, MASKED]},
            {"id": "RY-2", "name": None, "kind": None, "who": None, "all": []},
        ],
    )
    assert store.asked == [(PERSONAL.packed, {"scope": "410411"})]
    assert ask(store, PERSONAL, {}, unmasked=True).rows[0] == row


def test_the_database_is_not_asked_when_a_parameter_is_wrong() -> None:
    store = Fake(DISTRICT)
    with pytest.raises(ParameterError):
        ask(store, NAMES, {"limit": "x"})
    assert store.asked == []


def test_the_reference_date_is_the_stores_own_or_the_day_it_is_in_china() -> None:
    assert reference_date(Fake(day="2020-10-01")) == "2020-10-01"
    assert reference_date(Fake()) in (today_in_china(), days_after(today_in_china(), -1))
    beijing = datetime.timezone(datetime.timedelta(hours=8))
    before = datetime.datetime.now(beijing).date().isoformat()
    assert today_in_china() in (before, days_after(before, 1))


@pytest.mark.parametrize(
    ("days", "day"), [(0, "2020-02-28"), (1, "2020-02-29"), (2, "2020-03-01"), (-59, "2019-12-31")]
)
def test_days_are_counted_in_the_calendar(days: int, day: str) -> None:
    assert days_after("2020-02-28", days) == day
