"""A small district for the front doors: the official areas of 410411, and a little of everything in 飞行社区."""

from typing import Any

from api.matching.packing import packed
from graph.prepare import StoreRecord, prepare, set_store_record
from graph.schema import SCHEMA
from graph.store import Store
from graph.writing import merge_nodes, merge_relationships
from loaders.division_codes import Level
from loaders.divisions import Divisions
from matching.flow import solve
from matching.instance import Instance
from matching.plan_file import Names, PlanFile, dump
from matching.profile import default_profile

FEIXING = "410411004004"
_LABELS = {
    Level.PROVINCE: "Province",
    Level.CITY: "City",
    Level.DISTRICT: "District",
    Level.STREET: "Street",
    Level.COMMUNITY: "Community",
}
_NODES: dict[str, list[dict[str, Any]]] = {
    "Estate": [{"id": "E1", "name": "示例一小区"}, {"id": "E2", "name": "示例二小区"}],
    "Grid": [{"id": "G1", "name": "第1网格"}],
    "Building": [{"id": "B1", "name": "1号楼"}],
    "PartyOrganization": [
        {"id": "P1", "name": "九里山街道大工委", "level": 1},
        {"id": "P2", "name": "飞行社区大党委", "level": 2},
        {"id": "P3", "name": "示例一小区党支部", "level": 3},
        {"id": "P0", "name": "示例医院党委", "level": 0},
    ],
    "Person": [
        {"id": "R1", "name": "示例甲", "member_kind": "在职", "phone": "13800008000"},
        {"id": "R2", "name": "示例乙", "member_kind": "在职", "phone": "13800008001"},
        {"id": "R3", "name": "示例丙", "member_kind": "自管"},
    ],
    "Unit": [{"id": "U1", "name": "示例医院"}],
    "Agreement": [
        {
            "id": "A1",
            "name": "示例协议",
            "valid_from": "2020-01-01",
            "valid_to": "2020-10-20",
            "state": "生效",
        }
    ],
    "Organization": [{"id": "O1", "name": "飞行社区科协", "kind": "科协"}],
    "Need": [
        {"id": "N1", "title": "日间照料中心太小", "state": "对接中", "deadline": "2020-09-01"},
        {"id": "N2", "title": '=HYPERLINK("x")', "state": "销号"},
    ],
    "Category": [{"id": "K1", "name": "场地", "list": "资源"}],
    "Resource": [{"id": "Z1", "title": "示例多功能厅", "capacity": 80, "last_confirmed": "2020-09-01"}],
}
_RELATIONSHIPS = [
    ("PART_OF", "Estate", "E1", "Community", FEIXING),
    ("PART_OF", "Estate", "E2", "Community", FEIXING),
    ("PART_OF", "Grid", "G1", "Community", FEIXING),
    ("PART_OF", "Building", "B1", "Estate", "E1"),
    ("LEADS", "PartyOrganization", "P1", "Street", "410411004"),
    ("LEADS", "PartyOrganization", "P2", "Community", FEIXING),
    ("LEADS", "PartyOrganization", "P3", "Estate", "E1"),
    ("OF_UNIT", "PartyOrganization", "P0", "Unit", "U1"),
    ("BELONGS_TO", "Person", "R1", "PartyOrganization", "P0"),
    ("BELONGS_TO", "Person", "R2", "PartyOrganization", "P0"),
    ("BELONGS_TO", "Person", "R3", "PartyOrganization", "P3"),
    ("REPORTED_TO", "Person", "R1", "Community", FEIXING),
    ("LIVES_IN", "Person", "R1", "Building", "B1"),
    ("LIVES_IN", "Person", "R2", "Building", "B1"),
    ("LOCATED_IN", "Unit", "U1", "Community", FEIXING),
    ("WITH_UNIT", "Agreement", "A1", "Unit", "U1"),
    ("WITH_ORGANIZATION", "Agreement", "A1", "PartyOrganization", "P2"),
    ("SERVES", "Organization", "O1", "Community", FEIXING),
    ("OFFERED_BY", "Resource", "Z1", "Unit", "U1"),
    ("SERVES", "Resource", "Z1", "Street", "410411004"),
    ("RAISED_IN", "Need", "N1", "Community", FEIXING),
    ("RAISED_IN", "Need", "N2", "Community", FEIXING),
]


def fill(store: Store, *, demo: bool = True) -> None:
    """Put the small district into an empty store; its day is 2020-10-01."""
    prepare(store, SCHEMA)
    set_store_record(store, StoreRecord(SCHEMA.version, demo=demo, reference_date="2020-10-01"))
    divisions = Divisions.open()
    areas = [*divisions.ancestors("410411"), *divisions.subtree("410411")]
    for level, label in _LABELS.items():
        rows = [_row({"id": a.code, "name": a.name, **_kind(a)}) for a in areas if a.level is level]
        merge_nodes(store, SCHEMA.node(label), rows)
    for area in areas:
        if area.parent:
            parent = divisions.require(area.parent)
            _join(store, "PART_OF", _LABELS[area.level], area.code, _LABELS[parent.level], parent.code)
    for label, nodes in _NODES.items():
        merge_nodes(store, SCHEMA.node(label), [_row(node) for node in nodes])
    for relationship in _RELATIONSHIPS:
        _join(store, *relationship)
    batch = {"id": "b1", "source": "党员花名册", "file": "党员花名册.xlsx", "sha256": "00", "state": "loaded", "order": 1, "rows": 3, "added": 9, "changed": 0, "rejected": 1}  # fmt: skip
    merge_nodes(store, SCHEMA.node("Batch"), [_row(batch)])
    merge_nodes(
        store,
        SCHEMA.node("Plan"),
        [
            _row({**small_plan(), "id": id_, "state": state})
            for id_, state in (("F1", "draft"), ("F2", "announced"))
        ],
    )


def small_plan() -> dict[str, Any]:
    """A plan that gives the venue to the need."""
    return plan_of(["N1"], ["Z1"], ["U1"])


def plan_of(needs: list[str], resources: list[str], units: list[str]) -> dict[str, Any]:
    """A kept plan of 飞行社区 that gives the first resource to the first need, the second to the second, and so on;
    each is the only one of its unit. All without `id` and `state`."""
    each = list(range(len(needs)))
    instance = Instance.build(
        need_quantity=[1 for _ in each], resource_capacity=[80 for _ in each], resource_unit=each, unit_limit=[-1 for _ in each],
        need_community=[0 for _ in each], pair_need=each, pair_resource=each, pair_weight=[700 for _ in each],
    )  # fmt: skip
    names = Names(needs, resources, units, [FEIXING])
    file = PlanFile(instance, solve(instance), names, default_profile().as_dict(), "410411", "2020-10-01T08:00:00+08:00")  # fmt: skip
    figures = {"value": file.plan.value, "bound": file.plan.bound, "gap": 0.0, "method": "flow"}
    return {"scope": "410411", "made_at": file.made_at, "file": packed(dump(file)), **figures}  # fmt: skip


def _kind(area: Any) -> dict[str, str]:
    return {"kind": area.kind.value} if area.kind else {}


def _row(properties: dict[str, Any]) -> dict[str, Any]:
    return {"id": properties["id"], "properties": properties}


def _join(store: Store, name: str, start: str, start_id: str, end: str, end_id: str) -> None:
    row = {"start": start_id, "end": end_id, "key": "", "properties": {}}
    found = merge_relationships(store, SCHEMA.relationship(name), start, end, [row])
    assert found == 1, (name, start_id, end_id)
