"""Personal values as they may be shown: enough to recognise one's own record, not enough to find a person."""

from collections.abc import Mapping
from typing import Any

from graph.model import GraphSchema


def mask(value: Any) -> Any:
    """A personal value, masked. Nothing (None, empty) stays as it is; numbers are hidden whole.

    >>> mask("13800008000"), mask("0375-1234567"), mask("王小明"), mask(1961), mask(None)
    ('138****8000', '037****4567', '王*', '***', None)
    """
    if value is None or value == "":
        return value
    if not isinstance(value, str):
        return "***"
    if sum(c.isdigit() for c in value) >= 7:
        return f"{value[:3]}****{value[-4:]}"
    return f"{value[0]}*"


def mask_node(schema: GraphSchema, node: Mapping[str, Any]) -> dict[str, Any]:
    """A {label, properties} map with its personal properties masked. A label the schema does not know is
    masked whole, its key apart: what is not declared cannot be known to be harmless."""
    label, properties = node["label"], node["properties"]
    declared = {n.label: n for n in schema.nodes}.get(label)
    if declared is None:
        return {"label": label, "properties": {k: v if k == "id" else mask(v) for k, v in properties.items()}}
    personal = {p.name for p in declared.properties if p.personal}
    return {"label": label, "properties": {k: mask(v) if k in personal else v for k, v in properties.items()}}
