"""Property areas (物业管理区域): the ground that one manager, or none, runs; its estates are tied by COVERS."""

from graph.model import Cardinality, NodeType, Property, RelationshipType, Tie, ValueType
from graph.schema.basics import AREA_COLOUR, NOTE, S, identifier, name
from graph.schema.territory import HOUSEHOLDS, MANAGEMENT

PROPERTY_AREA = NodeType(
    "PropertyArea", "物业管理区域", "The ground that one property manager runs, or that nobody does.",
    (
        identifier("WY-0001", ("区域编号", "物业区域编号")),
        name(aliases=("物业区域名称", "区域名称"), example="示例小区物业管理区域"),
        Property("management", "管理方式", S, "Who runs it.", required=True, codes=MANAGEMENT, filterable=True, aliases=("物业类型", "物业管理方式", "管理类型")),
        Property("floor_area_m2", "建筑面积", ValueType.DECIMAL, "Floor area.", unit="平方米", minimum=0),
        HOUSEHOLDS, NOTE,
    ),
    AREA_COLOUR, "property", identity=("name", "所属社区"), has_validity=True, aliases=("物业区域", "物业"),
)  # fmt: skip
IN_COMMUNITY = RelationshipType(
    "IN_COMMUNITY", "在社区", "The community in which a property area lies, also where its estates are not known.",
    (Tie("PropertyArea", ("Community",), Cardinality.ONE, heading="所属社区", aliases=("所在社区", "社区")),),
)  # fmt: skip

NODES = (PROPERTY_AREA,)
RELATIONSHIPS = (IN_COMMUNITY,)
