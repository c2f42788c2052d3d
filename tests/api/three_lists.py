"""A district with three lists for the front doors of matching: two streets, three communities, and a little of everything.

By hand: 饮食 can serve 助餐 (weight 1) and 场地 can serve 活动 (0.8). The hospital in C1 has an agreement with the
committee of C1, the school in C3 has none.
"""

from typing import Any

from graph.prepare import StoreRecord, prepare, set_store_record
from graph.schema import SCHEMA
from graph.store import Store
from graph.writing import merge_nodes, merge_relationships

DAY = "2020-10-01"
NODES: dict[str, list[dict[str, Any]]] = {
    "District": [{"id": "D", "name": "示例区"}, {"id": "EMPTY", "name": "示例空区"}],
    "Street": [{"id": "S1", "name": "示例一街道"}, {"id": "S2", "name": "示例二街道"}],
    "Community": [
        {"id": "C1", "name": "示例一社区"},
        {"id": "C2", "name": "示例二社区"},
        {"id": "C3", "name": "示例三社区"},
    ],
    "Estate": [{"id": "E1", "name": "示例小区"}],
    "Building": [{"id": "B1", "name": "1号楼"}],
    "Person": [{"id": "R1", "name": "示例甲"}],
    "PartyOrganization": [{"id": "P1", "name": "示例一社区大党委", "level": 2}],
    "Unit": [
        {"id": "U1", "name": "示例医院"},
        {"id": "U2", "name": "示例学校"},
        {"id": "U3", "name": "示例旧厂", "valid_to": "2020-06-01"},
    ],
    "Agreement": [{"id": "A1", "name": "示例协议", "valid_from": "2020-01-01", "state": "生效"}],
    "Category": [
        {"id": "K1", "name": "助餐", "list": "需求", "synonyms": ["吃饭难", "食堂"]},
        {"id": "K2", "name": "活动", "list": "需求", "synonyms": ["排练", "舞蹈"]},
        {"id": "L1", "name": "饮食", "list": "资源"},
        {"id": "L2", "name": "场地", "list": "资源"},
    ],
    "Need": [
        {"id": "N1", "title": "老年助餐", "quantity": 20, "unit": "人次", "urgency": 4, "state": "入单"},
        {"id": "N2", "title": "午间助餐", "quantity": 30, "unit": "人次", "urgency": 2, "state": "对接中"},
        {"id": "N3", "title": "舞蹈排练", "quantity": 1, "unit": "间", "urgency": 3, "state": "入单"},
        {"id": "N4", "title": "没有类别的需求", "quantity": 1, "state": "入单"},
        {"id": "N5", "title": "已销号的需求", "quantity": 1, "state": "销号"},
    ],
    "Resource": [
        {"id": "Z1", "title": "职工食堂", "capacity": 40, "unit": "座", "last_confirmed": "2020-09-01"},
        {"id": "Z2", "title": "学校食堂", "capacity": 10, "unit": "座", "last_confirmed": "2020-09-01"},
        {"id": "Z3", "title": "旧厂礼堂", "capacity": 2, "unit": "间", "last_confirmed": "2020-05-01"},
        {"id": "Z4", "title": "退休厨师", "capacity": 5, "unit": "人", "last_confirmed": "2020-09-01"},
    ],
    "Project": [{"id": "X1", "name": "示例助餐项目", "state": "实施"}, {"id": "X2", "name": "示例旧项目", "state": "销号"}],
    "Claim": [
        {"id": "RL1", "state": "履行", "quantity": 4},
        {"id": "RL2", "state": "退出审批", "quantity": 5},
        {"id": "RL3", "state": "确认", "quantity": 2},
    ],
    "Evaluation": [{"id": "PJ1", "direction": "居民→项目", "score": 100.0}],
}  # fmt: skip
TIES: list[tuple[str, str, str, str, str, dict[str, Any]]] = [
    *(("PART_OF", "Street", s, "District", "D", {}) for s in ("S1", "S2")),
    *(("PART_OF", "Community", c, "Street", s, {}) for c, s in (("C1", "S1"), ("C2", "S1"), ("C3", "S2"))),
    ("PART_OF", "Estate", "E1", "Community", "C1", {}),
    ("PART_OF", "Building", "B1", "Estate", "E1", {}),
    ("LIVES_IN", "Person", "R1", "Building", "B1", {}),
    ("LEADS", "PartyOrganization", "P1", "Community", "C1", {}),
    *(("LOCATED_IN", "Unit", u, "Community", c, {}) for u, c in (("U1", "C1"), ("U2", "C3"), ("U3", "C2"))),
    ("WITH_UNIT", "Agreement", "A1", "Unit", "U1", {}),
    ("WITH_ORGANIZATION", "Agreement", "A1", "PartyOrganization", "P1", {}),
    ("CAN_SERVE", "Category", "L1", "Category", "K1", {"weight": 1.0}),
    ("CAN_SERVE", "Category", "L2", "Category", "K2", {"weight": 0.8}),
    *(("IN_CATEGORY", "Need", n, "Category", k, {}) for n, k in (("N1", "K1"), ("N2", "K1"), ("N3", "K2"), ("N5", "K1"))),
    *(("IN_CATEGORY", "Resource", z, "Category", k, {}) for z, k in (("Z1", "L1"), ("Z2", "L1"), ("Z3", "L2"), ("Z4", "L1"))),
    *(("RAISED_IN", "Need", n, "Community", c, {}) for n, c in (("N1", "C1"), ("N2", "C2"), ("N3", "C3"), ("N4", "C1"), ("N5", "C1"))),
    *(("OFFERED_BY", "Resource", z, "Unit", u, {}) for z, u in (("Z1", "U1"), ("Z2", "U2"), ("Z3", "U3"))),
    ("OFFERED_BY", "Resource", "Z4", "Person", "R1", {}),
    *(("SERVES", "Resource", z, "District", "D", {}) for z in ("Z1", "Z2", "Z3")),
    ("SERVES", "Resource", "Z4", "Community", "C1", {}),
    ("MEETS", "Project", "X1", "Need", "N1", {"quantity": 4}),
    ("USES", "Project", "X1", "Resource", "Z1", {"promised": 4}),
    ("USES", "Project", "X2", "Resource", "Z1", {"promised": 9, "delivered": 9}),
    *(("IN_AREA", "Project", x, "Community", "C1", {}) for x in ("X1", "X2")),
    ("OF", "Evaluation", "PJ1", "Project", "X2", {}),
    *(("FOR_NEED", "Claim", c, "Need", n, {}) for c, n in (("RL1", "N1"), ("RL2", "N2"), ("RL3", "N2"))),
    *(("WITH_RESOURCE", "Claim", c, "Resource", z, {}) for c, z in (("RL1", "Z1"), ("RL2", "Z2"), ("RL3", "Z1"))),
    *(("BY_UNIT", "Claim", c, "Unit", u, {}) for c, u in (("RL1", "U1"), ("RL2", "U2"), ("RL3", "U1"))),
]  # fmt: skip


def fill(store: Store) -> None:
    """Put the district into an empty store."""
    prepare(store, SCHEMA)
    set_store_record(store, StoreRecord(SCHEMA.version, demo=True, reference_date=DAY))
    for label, nodes in NODES.items():
        merge_nodes(store, SCHEMA.node(label), [{"id": n["id"], "properties": n} for n in nodes])
    for name, start, start_id, end, end_id, properties in TIES:
        row = {"start": start_id, "end": end_id, "key": "", "properties": properties}
        assert merge_relationships(store, SCHEMA.relationship(name), start, end, [row]) == 1, row
