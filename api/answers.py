"""Answers as people and programs read them: JSON, and the text of a cell. Pure."""

from typing import Any

from graph.ask import Answer
from graph.export_content import SYNTHETIC
from graph.model import Property
from graph.query_file import Column
from graph.schema import SCHEMA, records

RELATIONSHIPS = {relationship.name: relationship.heading for relationship in SCHEMA.relationships}
"""What people read for a relationship's type."""
_HEADINGS = {node.label: node.heading for node in SCHEMA.nodes}
_OWN = (*(each.name for each in records.PROVENANCE), "key")
"""What ties carry for the store alone."""


def _properties_of_ties() -> dict[str, Property]:
    """By name; where several types have it, with the word that fits all of them, the shortest: 数量, not 承诺数量."""
    every = [each for relationship in SCHEMA.relationships for each in relationship.properties]
    found = {each.name: each for each in every}
    for each in every:
        found[each.name] = min(found[each.name], each, key=lambda property_: len(property_.heading))
    return found


_OF_TIES = _properties_of_ties()


def answer_json(answer: Answer) -> dict[str, Any]:
    """An answer for programs: what was asked, with which parameters, the columns and the rows; `synthetic` says so."""
    return {
        "query": answer.query.name,
        "title": answer.query.title,
        "parameters": dict(answer.parameters),
        **answer.notes,
        **({"synthetic": SYNTHETIC} if answer.synthetic else {}),
        "columns": [column_json(column) for column in answer.query.returns],
        "rows": answer.rows,
    }


def column_json(column: Column) -> dict[str, Any]:
    """A column for programs; `unit` only where it has one."""
    described = {"name": column.name, "heading": column.heading, "type": column.type}
    return {**described, "unit": column.unit} if column.unit else described


def heading(column: Column) -> str:
    """A column's heading with its unit: 建筑面积（平方米）."""
    return f"{column.heading}（{column.unit}）" if column.unit else column.heading


def is_numeric(column: Column) -> bool:
    """Whether a column holds numbers to compare: right-aligned, never a code."""
    return column.type in ("integer", "decimal") and column.codes is None


def cell(column: Column, value: Any) -> str:
    """What a table shows for a value: the code list's word, 是/否, a list joined by 、, nothing for null."""
    if value is None:
        return ""
    if column.codes:
        return column.codes.label(value)
    if column.name == "relationship":
        return RELATIONSHIPS.get(str(value), str(value))
    if is_numeric(column) and isinstance(value, int):
        return f"{value:,}"
    return text(value)


def text(value: Any) -> str:
    """A value in words, whatever its shape.

    >>> text(True), text(["a", "b"]), text({"name": "飞行", "share": 0.5})
    ('是', 'a、b', 'name：飞行，share：0.5')
    >>> text({"label": "Community", "properties": {"id": "410411004004", "name": "飞行"}})
    '社区 飞行'
    >>> text({"key": "社区民警|2019-01-13", "from": "2019-01-13", "post": "社区民警", "batch": "7a6e"})
    '起始日期：2019-01-13，岗位：社区民警'
    >>> text([{"label": "Need", "id": "1", "name": "灯", "by": ""}, {"label": "Category", "id": "2", "name": "照明", "by": "IN_CATEGORY"}])
    '需求 灯、（类别）类别 照明'
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return f"{value:.4g}" if abs(value) < 1 else f"{value:,.2f}".rstrip("0").rstrip(".")
    if isinstance(value, list):
        return "、".join(text(each) for each in value)
    if isinstance(value, dict):
        return _map(value)
    return str(value)


def _map(value: dict[str, Any]) -> str:
    """A node, a step on a path with the tie that leads to it, a tie of a path, or values under their names."""
    if set(value) == {"label", "properties"}:
        return _node(value["label"], value["properties"])
    if {"label", "id", "name"} <= set(value):
        by = value.get("by")
        return f"（{RELATIONSHIPS.get(by, by)}）{_step(value)}" if by else _step(value)
    if set(value) == {"relationship", "start"}:
        return RELATIONSHIPS.get(value["relationship"], str(value["relationship"]))
    names = [name for name in _OF_TIES if name in value]
    names += [name for name in value if name not in _OF_TIES and name not in _OWN]
    return "，".join(_named(name, value[name]) for name in names if value[name] is not None)


def _step(value: dict[str, Any]) -> str:
    return f"{_HEADINGS.get(value['label'], value['label'])} {value['name'] or value['id']}"


def _named(name: str, value: Any) -> str:
    declared = _OF_TIES.get(name)
    if declared is None:
        return f"{name}：{text(value)}"
    shown = declared.codes.label(value) if declared.codes else text(value)
    return f"{declared.heading}：{shown}{declared.unit or ''}"


def _node(label: str, properties: dict[str, Any]) -> str:
    declared = {node.label: node for node in SCHEMA.nodes}.get(label)
    if declared is None:
        return f"{label} {properties.get('id', '')}"
    return f"{declared.heading} {properties.get(declared.title) or properties.get('id', '')}"


def facts(node: dict[str, Any]) -> list[tuple[str, str]]:
    """The properties of a {label, properties} node as (heading, text), in the schema's order, empty ones left out."""
    declared = {each.label: each for each in SCHEMA.nodes}.get(node["label"])
    properties = node["properties"]
    if declared is None:
        return [(name, text(value)) for name, value in properties.items()]
    found = [("类型", declared.heading)]
    for each in declared.properties:
        value = properties.get(each.name)
        if value is None:
            continue
        shown = each.codes.label(value) if each.codes else text(value)
        found.append((each.heading, f"{shown} {each.unit}" if each.unit else shown))
    return found
