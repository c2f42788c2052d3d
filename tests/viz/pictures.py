"""Small pictures for the tests: plain ones, and one in which every text is hostile."""

from itertools import pairwise

from viz.picture import Edge, More, Node, Picture

HOSTILE = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</script><script>alert(1)</script>", "' onclick='alert(1)",
    "{{7*7}} ${7*7}", "<!--", "]]>", "\u202e反向\u202c", "\u0000\u0008控制", "\ud800半个", "😀𠀀䶮", "长" * 5000, "javascript:alert(1)", "=HYPERLINK(\"x\")",
)  # fmt: skip
"""Texts that people or attackers may type where a name is expected."""


def hospital() -> Picture:
    """A hospital, its hall, a need that nothing ties to it, and a masked person."""
    nodes = [
        Node(
            "Unit",
            {"id": "U1", "name": "示例医院", "type": "医疗机构", "employees": 120, "liaison": "王*"},
            0,
            0,
            18,
            "middle",
        ),
        Node(
            "Resource",
            {"id": "R1", "title": "多功能厅", "capacity": 80, "groups": ["老年人", "党员"]},
            160,
            -40,
            note="另有 2 个",
        ),
        Node("Need", {"id": "N1", "title": "日间照料", "urgency": 3}, -160, 90),
        Node("Person", {"id": "P1", "name": "张*", "phone": "138****8000", "member_kind": "在职"}, 40, 200),
    ]
    edges = [Edge("Resource:R1", "Unit:U1", "OFFERED_BY", "提供方", properties={"数量": 3})]
    more = [More("Unit:U1", "LED_BY", False, "Project", 7, -90, -90)]
    return Picture("neighbourhood", "示例医院的邻域", "410411", "2020-10-01", nodes, edges, more)


def hostile() -> Picture:
    """A unit for each hostile text, whose name, key and note it is; each is tied to the next."""
    nodes = [
        Node("Unit", {"id": f"{i}{text}", "name": text, "uscc": text}, 150.0 * i, 0.0, note=text)
        for i, text in enumerate(HOSTILE)
    ]
    edges = [Edge(a.key, b.key, "SEATED_ON", a.name) for a, b in pairwise(nodes)]
    return Picture("neighbourhood", HOSTILE[2], "410411", "2020-10-01", nodes, edges)
