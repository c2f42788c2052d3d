"""What may be asked of a kept plan, as queries: parameters, columns and routes, the same for both front doors."""

from typing import Any

from api.matching.columns import (
    COMMUNITY,
    MISSING,
    NEED,
    NEED_ID,
    OWNER,
    PRICE,
    RESOURCE,
    RESOURCE_ID,
    SCORE,
    SERVED,
    URGENCY,
    WEIGHT,
    WHY,
)
from graph.query_file import Column, Param, QueryFile
from graph.schema.records import PLAN_STATE

PLAN = Param("plan", "string", "key of a kept plan", True)
_NEED = (
    NEED_ID,
    NEED,
    Column("category", "string", "类别", "name"),
    URGENCY,
    Column("wanted", "integer", "需要数量", "units still asked for"),
    Column("unit", "string", "计量单位", "what is counted"),
)
_RESOURCE = (RESOURCE_ID, RESOURCE, *OWNER)


def _of_plan(name: str, title: str, doc: str, part: str, *columns: Column) -> QueryFile:
    route = f"/api/plans/{{plan}}{part}"
    return QueryFile(name, title, doc, (PLAN,), columns, route, "", writes=False)


SUMMARY = _of_plan(
    "plan", "对接方案", "A kept plan: its state, what it is worth, the proved bound, what it serves.", "",
    Column("plan_id", "string", "方案编号", "key"),
    Column("state", "string", "状态", "draft, announced, running or ended", codes=PLAN_STATE),
    Column("revision", "integer", "修订号", "counts its changes; named with a step, refused when others have changed it since"),
    Column("area_id", "string", "范围编号", "key of the area whose needs it serves"),
    Column("area", "string", "范围", "name"),
    Column("made_at", "string", "生成时间", "ISO date and time"),
    Column("method", "string", "方法", "flow, auction or practical"),
    Column("value", "integer", "方案值", "what it is worth"),
    Column("bound", "integer", "上界", "what no plan can exceed"),
    Column("gap", "decimal", "差距", "(bound - value) / bound"),
    *SERVED,
    Column("assignments", "integer", "分配（条）", "pairs of need and resource"),
    Column("worst_share", "decimal", "最低社区满足率", "0 to 1"),
    Column("worst_community", "string", "满足率最低的社区", "name"),
)  # fmt: skip
COMMUNITIES = _of_plan(
    "plan_communities", "方案：各社区满足情况", "Per community, what is asked for and what a plan serves of it.", "/communities", *COMMUNITY,
    *(column for column in SERVED if column.name != "unserved"),
    Column("share", "decimal", "满足率", "units given of units asked for, 0 to 1"),
)  # fmt: skip
ASSIGNMENTS = _of_plan(
    "plan_assignments", "方案：分配", "What a plan gives to which need, by community.", "/assignments",
    *COMMUNITY, *_NEED, Column("quantity", "integer", "分配数量", "units given"), *_RESOURCE, SCORE, WEIGHT, PRICE,
    Column("announced", "integer", "已公布数量", "units that an announced plan had promised"),
)  # fmt: skip
UNSERVED = _of_plan(
    "plan_unserved", "方案：未满足及原因", "Needs that a plan does not serve in full, each with a reason that the plan's prices prove.", "/unserved",
    *COMMUNITY, *_NEED, MISSING, *WHY,
    Column("held_by", "strings", "资源用在", "keys of the needs that hold the resources it could use"),
)  # fmt: skip
IDLE = _of_plan(
    "plan_idle", "方案：闲置资源", "Resources with units that a plan gives to nobody, and why.", "/idle",
    *_RESOURCE, Column("capacity", "integer", "可用数量", "units on offer"), Column("left", "integer", "闲置数量", "units left"), *WHY,
    Column("could_serve", "strings", "可满足", "keys of needs that it could have served"),
)  # fmt: skip
PRICES = _of_plan(
    "plan_prices", "方案：最缺什么", "What one more unit of a well-fitting resource would add at most, by category of needs and by community.", "/prices",
    Column("kind", "string", "分组", "类别 or 社区"),
    Column("id", "string", "编号", "key of the category or community"),
    Column("name", "string", "名称", "name"),
    Column("price", "integer", "每单位增值", "what one more unit would add"),
    Column("need_id", "string", "受益需求", "key of the need that would gain most"),
    Column("missing", "integer", "缺少数量", "units short in the group"),
)  # fmt: skip
PARTS: dict[str, QueryFile] = {
    "communities": COMMUNITIES, "assignments": ASSIGNMENTS, "unserved": UNSERVED, "idle": IDLE, "prices": PRICES,
}  # fmt: skip
"""The lists of a plan by the last word of their address."""
DIFF = QueryFile(
    "plan_diff", "两个方案的差别", "What moves between two kept plans, and why.",
    (PLAN, Param("later", "string", "key of the later plan", True)),
    (
        NEED_ID, NEED, RESOURCE_ID,
        Column("before", "integer", "前一方案", "units"),
        Column("after", "integer", "后一方案", "units"),
        Column("change", "integer", "增减", "units"),
        Column("sentence", "string", "原因", "the first thing that differs for the two, or that it pays in the whole"),
    ),
    "/api/plans/{plan}/diff/{later}", "", writes=False,
)  # fmt: skip
DIFF_NOTES: dict[str, Any] = {
    "moves": {"type": "integer", "minimum": 0, "description": "Pairs whose quantity differs."}
}
