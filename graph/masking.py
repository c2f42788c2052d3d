"""Personal values as they may be shown: enough to recognise one's own record, not enough to find a person."""

from collections.abc import Mapping
from typing import Any

from graph.model import GraphSchema


def mask(value: Any) -> Any:
    """A personal value, masked. Nothing (None, empty) stays as it is; numbers are hidden whole.

    >>> mask("13800008000"), mask("0375-1234567"), mask("王小明"), mask(1961), mask(None)
    ('138****8000', '037****4567', '王*', '***', None)

    What is short has nothing to spare: a number of fewer than 11 digits keeps two, one character none.

    >>> mask("1234567"), mask("男")
    ('****67', '*')
    """
    if value is None or value == "":
        return value
    if not isinstance(value, str):
        return "***"
    digits = sum(c.isdigit() for c in value)
    if digits >= 7:
        return f"{value[:3]}****{value[-4:]}" if digits >= 11 else f"****{value[-2:]}"
    return f"{value[0]}*" if len(value) > 1 else "*"


def mask_node(schema: GraphSchema, node: Mapping[str, Any]) -> dict[str, Any]:
    """A {label, properties} map with its personal properties masked. A label the schema does not know is
    masked whole, its key apart: what is not declared cannot be known to be harmless."""
    label, properties = node["label"], node["properties"]
    declared = {n.label: n for n in schema.nodes}.get(label)
    if declared is None:
        return {"label": label, "properties": {k: v if k == "id" else mask(v) for k, v in properties.items()}}
    personal = {p.name for p in declared.properties if p.personal}
    return {"label": label, "properties": {k: mask(v) if k in personal else v for k, v in properties.items()}}
