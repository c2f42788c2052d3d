"""The shape of a plan's file: which keys, which kinds of values; see `plan_file` for their meaning."""

from collections.abc import Mapping
from typing import Any

_TOP: Mapping[str, type | tuple[type, ...]] = {
    "format": str, "version": int, "scope": str, "made_at": str, "method": str, "value": int, "bound": int,
    "gap": (int, float), "profile": dict, "tiers": list, "communities": list, "units": list, "needs": list,
    "resources": list, "pairs": dict, "assignments": list, "potentials": dict, "digest": str,
}  # fmt: skip
_ROWS: Mapping[str, Mapping[str, type]] = {
    "tiers": {"percent": int, "bonus": int},
    "units": {"id": str, "limit": int},
    "needs": {
        "id": str, "quantity": int, "urgency": int, "community": int,
        "max_parties": int, "minimum_lot": int, "all_or_nothing": int,
    },
    "resources": {"id": str, "capacity": int, "unit": int},
    "assignments": {"need": str, "resource": str, "quantity": int},
}  # fmt: skip
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "pairs": ("need", "resource", "weight", "locked", "announced", "move_price"),
    "potentials": ("units", "resources", "needs", "communities"),
}
_METHODS = ("flow", "auction", "practical")
_LARGEST = 2**62


def shape_problem(document: Mapping[str, Any]) -> str:
    """What is missing, unknown or of the wrong kind, in Chinese; empty when nothing is.

    >>> shape_problem({"format": "linmai-plan"})
    '缺少“version”'
    """
    problem = _keys("", document, _TOP)
    if problem:
        return problem
    if document["method"] not in _METHODS:
        return f"“method”是 {document['method']!r}，应为 {'、'.join(_METHODS)} 之一"
    if not all(isinstance(name, str) for name in document["communities"]):
        return "“communities”应全是文字"
    for key, kinds in _ROWS.items():
        for number, row in enumerate(document[key], 1):
            where = f"“{key}”第 {number} 项"
            if not isinstance(row, dict):
                return f"{where}应是一组键和值"
            problem = _keys(where, row, kinds)
            if problem:
                return problem
    for key, columns in _COLUMNS.items():
        problem = _keys(f"“{key}”", document[key], dict.fromkeys(columns, list))
        if problem:
            return problem
        for name in columns:
            if not all(_is(value, int) for value in document[key][name]):
                return f"“{key}”的“{name}”应全是整数"
    return ""


def _keys(where: str, found: Mapping[str, Any], kinds: Mapping[str, type | tuple[type, ...]]) -> str:
    for key, kind in kinds.items():
        if key not in found:
            return f"{where}缺少“{key}”"
        if not _is(found[key], kind):
            return f"{where}的“{key}”不是应有的种类的值" if where else f"“{key}”不是应有的种类的值"
    unknown = sorted(found.keys() - kinds.keys())
    return f"{where}有不认识的“{unknown[0]}”" if unknown else ""


def _is(value: Any, kind: type | tuple[type, ...]) -> bool:
    if isinstance(value, bool) or not isinstance(value, kind):
        return False
    return not isinstance(value, int) or -_LARGEST < value < _LARGEST
