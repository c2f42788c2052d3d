"""Ask a named query: parameters checked before the database sees them, personal columns masked after.

The one way from a front door (command line, API, pages) to an answer.
"""

import datetime
import difflib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from graph.masking import mask, mask_node
from graph.query_file import Column, Param, QueryFile
from graph.schema import SCHEMA


class Reader(Protocol):
    """What asking needs of a store."""

    def read(
        self, text: str, parameters: Mapping[str, Any] | None = None, *, timeout_s: float = 60
    ) -> list[dict[str, Any]]:
        """Rows of a reading query, one map per record."""
        ...


class ParameterError(ValueError):
    """A parameter that is unknown, missing or of the wrong kind. `name` is the parameter; the text is a
    Chinese sentence that says what is allowed."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


@dataclass(frozen=True)
class Answer:
    """A query, what it was asked with, and its rows in the query's order, personal values masked.

    `notes` is what is said of the answer as a whole beside its rows; empty for most. `synthetic`: it is of a demo
    store, which whoever takes it out of the house marks, so that every form of it can say so.
    """

    query: QueryFile
    parameters: Mapping[str, Any]
    rows: list[dict[str, Any]]
    notes: Mapping[str, Any] = field(default_factory=dict)
    synthetic: bool = False


def today_in_china() -> str:
    """The day it is in Asia/Shanghai, `YYYY-MM-DD`."""
    return datetime.datetime.now(ZoneInfo("Asia/Shanghai")).date().isoformat()


def reference_date(store: Reader) -> str:
    """The day that a store's answers use as today: its recorded reference date, or the day it is."""
    rows = store.read("MATCH (r:StoreRecord) RETURN r.reference_date AS day")
    return (rows[0]["day"] if rows else None) or today_in_china()


def days_after(day: str, days: int) -> str:
    """The ISO day that many days later.

    >>> days_after("2020-10-01", 30)
    '2020-10-31'
    """
    return (datetime.date.fromisoformat(day) + datetime.timedelta(days)).isoformat()


def default_scope(store: Reader) -> str | None:
    """The district of a store that holds exactly one; None otherwise, and a scope must be given."""
    rows = store.read("MATCH (d:District) RETURN d.id AS id LIMIT 2")
    return str(rows[0]["id"]) if len(rows) == 1 else None


def district_of(store: Reader, area: str) -> str:
    """The district that an area lies in, or is. Raises ParameterError for an area that lies in none."""
    rows = store.read(
        "MATCH (a:District|Street|Community|Estate|Grid|Building {id: $area})-[:PART_OF*0..4]->(d:District) "
        "RETURN d.id AS id LIMIT 1",
        {"area": area},
    )
    if not rows:
        raise ParameterError("scope", f"区域“{area[:60]}”不在任何一个区之内；请检查它的上级区域")
    return str(rows[0]["id"])


def districts(store: Reader, limit: int) -> list[dict[str, Any]]:
    """The first `limit` districts of a store, `id` and `name`, in the order of keys: what a scope may be chosen from."""
    return store.read(
        "MATCH (d:District) RETURN d.id AS id, d.name AS name ORDER BY id LIMIT $limit", {"limit": limit}
    )


def is_empty(store: Reader) -> bool:
    """Whether a store holds nothing but its own record."""
    return not store.read("MATCH (n) WHERE NOT n:StoreRecord RETURN 1 AS one LIMIT 1")


def ask(store: Reader, query: QueryFile, given: Mapping[str, Any], *, unmasked: bool = False) -> Answer:
    """The answer of a query.

    `given` holds texts or typed values by parameter name. Without `scope`, a store of one district is
    asked as a whole. Raises ParameterError. `unmasked` is for the explicit flag of the command line only.
    """
    parameters = bind(query, given, store)
    found = rows_of(store, query, parameters)
    return Answer(query, parameters, found if unmasked else _masked(query, found))


def rows_of(store: Reader, query: QueryFile, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of a query whose parameters are bound, in its order, with nothing masked."""
    return query.unpacked(store.read(query.packed, parameters))


def bind(query: QueryFile, given: Mapping[str, Any], store: Reader) -> dict[str, Any]:
    """The parameters of a query as its text needs them: unknown ones refused, defaults filled in, the
    scope looked up. Raises ParameterError."""
    allowed = [p.name for p in query.params]
    for name in given:
        if name not in allowed:
            near = difflib.get_close_matches(name, allowed, 1)
            hint = f"；是否想写 {near[0]}？" if near else ""
            raise ParameterError(
                name, f"查询 {query.name} 没有参数 {name}，可用的有：{'、'.join(allowed)}{hint}"
            )
    return {p.name: _bound(p, given.get(p.name), store) for p in query.params}


def _bound(param: Param, value: Any, store: Reader) -> Any:
    if param.type == "area":
        return _scope(param, value, store)
    if value is None or value == "":
        if param.required:
            raise ParameterError(param.name, f"缺少参数 {param.name}：{_expected(param)}")
        days = param.days_from_today
        return param.default if days is None else days_after(reference_date(store), days)
    return typed(param, value)


def typed(param: Param, value: Any) -> Any:
    """One given value as its parameter's type. Raises ParameterError with what is allowed.

    >>> typed(Param("as_of", "date", "", True), "2020-4-13")
    Traceback (most recent call last):
    ...
    graph.ask.ParameterError: 参数 as_of 的值“2020-4-13”不对：应为日期，例如 2020-04-13
    """
    refused = ParameterError(param.name, f"参数 {param.name} 的值“{str(value)[:60]}”不对：{_expected(param)}")
    if param.codes:
        found = param.codes.find(str(value))
        if found is None:
            raise refused
        return found
    try:
        match param.type:
            case "integer":
                number = int(str(value))
                if not -(2**63) <= number < 2**63:
                    raise refused
                return number
            case "decimal":
                decimal = float(str(value))
                if not math.isfinite(decimal):
                    raise refused
                return decimal
            case "boolean":
                return {"true": True, "false": False, "是": True, "否": False}[str(value).lower()]
            case "date":
                text = str(value)
                if datetime.date.fromisoformat(text).isoformat() != text:
                    raise refused
                return text
            case "strings":
                return (
                    [str(v) for v in value]
                    if isinstance(value, list)
                    else [v for v in str(value).split(",") if v]
                )
            case _:
                return value if isinstance(value, dict | list) else str(value)
    except (ValueError, KeyError):
        raise refused from None


def _scope(param: Param, value: Any, store: Reader) -> str:
    scope = str(value) if value not in (None, "") else default_scope(store)
    if scope is None:
        raise ParameterError(
            param.name, "库中不止一个区（或还没有区），请用 scope 指定区域编号，例如 scope=410411"
        )
    found = store.read(SCOPE_TEXT, {"scope": scope})
    if not found:
        raise ParameterError(
            param.name, f"没有编号为“{scope[:60]}”的区域；可以用 linmai divisions 或页面上的搜索查编号"
        )
    label = found[0]["label"]
    if label not in param.areas:
        kinds = "、".join(SCHEMA.node(a).heading for a in param.areas)
        raise ParameterError(
            param.name, f"“{scope[:60]}”是{SCHEMA.node(label).heading}，此查询的范围应为：{kinds}"
        )
    return scope


SCOPE_TEXT = "MATCH (a:District|Street|Community|Estate|Grid|Building {id: $scope}) RETURN labels(a)[0] AS label, a.name AS name"
"""The kind and name of an area that may be a scope."""


def _expected(param: Param) -> str:
    if param.codes:
        return f"应为 {'、'.join(param.codes.labels)} 之一"
    forms = {
        "integer": "应为整数，例如 10",
        "decimal": "应为数字，例如 0.5",
        "boolean": "应为 true 或 false",
        "date": "应为日期，例如 2020-04-13",
    }
    return forms.get(param.type, "请给出文字")


def _masked(query: QueryFile, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with what is personal in them masked; a query of which no column can be is not looked through."""
    touched = [each for each in query.returns if each.personal or each.type in ("node", "nodes")]
    return (
        [{**row, **{each.name: _shown(each, row[each.name]) for each in touched}} for row in found]
        if touched
        else found
    )


def _shown(column: Column, value: Any) -> Any:
    if column.personal:
        return mask(value)
    if value is None:
        return None
    return mask_node(SCHEMA, value) if column.type == "node" else [mask_node(SCHEMA, each) for each in value]
