"""THE declaration: every node and relationship type of a district.

One module per part of the domain; each holds instances of `graph.model`. `SCHEMA` puts them together and
checks them against each other. Adding a property is one line; adding a node type is one place.
"""

from graph.model import GraphSchema
from graph.schema import lists, organizations, partners, party, people, property_areas, records, territory

_PARTS = (territory, party, people, partners, organizations, property_areas, lists, records)

SCHEMA = GraphSchema(
    version=2,
    nodes=tuple(node for part in _PARTS for node in part.NODES),
    relationships=tuple(relationship for part in _PARTS for relationship in part.RELATIONSHIPS),
)
AREAS = territory.AREAS
"""The six kinds of area that a query's `$scope` may name."""

GROUPS = {
    "territory": "区域",
    "party": "党组织",
    "people": "人员",
    "partners": "共建单位与协议",
    "organizations": "组织与阵地",
    "property": "物业",
    "lists": "三项清单",
}
"""The parts that have workbooks, in the order in which a district fills them, with their Chinese names."""
