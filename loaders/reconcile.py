"""Published figures against what is loaded, line by line, each counted by a named query.

The figures come as CSV with the columns key, value, relation (eq exact, ge at least, about rounded), unit,
entity, note. A figure without a value was not published; a key without a source here is not modelled.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from graph.ask import Reader, ask, default_scope, reference_date
from graph.catalog import queries
from graph.schema import SCHEMA
from graph.statements import count_nodes
from loaders.batches import batches
from loaders.published import FIGURES, Figure, Part


class FiguresError(ValueError):
    """A file of published figures that cannot be used: where, what was found, how to mend it."""


@dataclass(frozen=True)
class Line:
    """One figure: as published, as loaded, whether they agree (None where there is nothing to compare)."""

    key: str
    heading: str
    published: float | None
    loaded: float | None
    agrees: bool | None
    explanation: str
    relation: str
    unit: str
    note: str


def reconcile(store: Reader, published: Path, scope: str | None = None) -> list[Line]:
    """Every figure of a file against the store, in the file's order, as of the store's reference date.

    Raises FiguresError when the file cannot be used, ParameterError when the scope cannot.
    """
    district = scope or default_scope(store)
    day = reference_date(store)
    return [_line(store, row, district, day) for row in _read(published)]


def agrees(published: float, loaded: float, relation: str) -> bool:
    """Whether a loaded figure is what was published.

    A rounded figure agrees within half of the place of its last digit that is not zero.

    >>> agrees(42000, 41873, "about"), agrees(42000, 41400, "about"), agrees(1800, 1816, "ge")
    (True, False, True)
    """
    if relation == "ge":
        return loaded >= published
    if relation == "about":
        digits = Decimal(str(published)).normalize()
        return abs(loaded - published) <= 0.5 * 10.0 ** int(digits.as_tuple().exponent)
    return loaded == published


def _line(store: Reader, row: Mapping[str, str], district: str | None, day: str) -> Line:
    key, relation = row["key"], row["relation"]
    value = float(row["value"]) if row["value"] else None
    figure = FIGURES.get(key, Figure(key))
    parts = figure.parts
    loaded = _counted(store, parts, district, day) if parts else None
    same = agrees(value, loaded or 0, relation) if value is not None and parts else None
    if value is None:
        why = "报告没有公布这个数字"
    elif not parts:
        why = f"尚未建模：没有“{figure.heading}”的数据可核对"
    elif same:
        why = {"ge": "不少于公布数", "about": "与公布的约数相符"}.get(relation, "一致")
    else:
        why = _difference(store, parts, value, loaded)
    return Line(key, figure.heading, value, loaded, same, why, relation, row["unit"], row["note"])


def _counted(store: Reader, parts: Sequence[Part], district: str | None, day: str) -> float | None:
    found = []
    for part in parts:
        query = queries()[part.query]
        given = {**(part.arguments or {}), "scope": part.scope or district}
        if any(p.name == "as_of" for p in query.params):
            given["as_of"] = day
        found.append(part.pick(ask(store, query, given).rows))
    known = [value for value in found if value is not None]
    return sum(known) if known else None


def _difference(store: Reader, parts: Sequence[Part], published: float, loaded: float | None) -> str:
    """What explains a difference: nothing loaded, nodes that no tie places in the area, rejected rows."""
    headings = "、".join(SCHEMA.node(part.label).heading for part in parts)
    stored = sum(
        store.read(count_nodes(SCHEMA.node(p.label), p.equal or ()), dict(p.equal or {}))[0]["n"]
        for p in parts
    )
    if not stored:
        return f"库中还没有{headings}，请先导入"
    reasons = []
    counted = loaded or 0
    if all(p.counts_nodes for p in parts) and stored > counted:
        reasons.append(
            f"库中共有{headings} {stored} 条，其中 {stored - counted:g} 条没有对应到本区域，或已终止"
        )
    rejected = sum(batch.rejected for batch in batches(store))
    if rejected:
        reasons.append(f"导入时共退回 {rejected} 行，见错误工作簿")
    side = "少" if counted < published else "多"
    return f"库中比公布{side} {abs(published - counted):g}" + (
        "：" + "；".join(reasons) if reasons else "；请核对来源表"
    )


def _read(published: Path) -> list[dict[str, str]]:
    needed = ("key", "value", "relation", "unit", "entity", "note")
    try:
        with published.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise FiguresError(f"{published.name} 打不开：{error.strerror}") from None
    except (UnicodeDecodeError, csv.Error):
        raise FiguresError(
            f"{published.name} 不是 UTF-8 的 CSV 文件；请另存为“CSV UTF-8（逗号分隔）”"
        ) from None
    for number, row in enumerate(rows, start=2):
        if missing := [name for name in needed if row.get(name) is None]:
            raise FiguresError(
                f"{published.name} 第 {number} 行缺少列 {'、'.join(missing)}；列名应为 {','.join(needed)}"
            )
        if row["relation"] not in ("eq", "ge", "about"):
            raise FiguresError(
                f"{published.name} 第 {number} 行「relation」列：内容是“{row['relation']}”，应为 eq、ge 或 about"
            )
        try:
            float(row["value"] or 0)
        except ValueError:
            raise FiguresError(
                f"{published.name} 第 {number} 行「value」列：内容是“{row['value']}”，应为数字；没有公布请留空"
            ) from None
    if not rows:
        raise FiguresError(f"{published.name} 里没有数字；列名应为 {','.join(needed)}")
    return rows
