"""The parts of a plan's page: which columns each shows, how it is filtered, and the same rows as a file. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.matching import plan_questions
from api.matching.plan_diff import differences
from api.matching.plan_view import PlanView
from graph.ask import Answer
from graph.query_file import Column, QueryFile

Row = dict[str, Any]


@dataclass(frozen=True)
class Shown:
    """A column of a page: its name in the rows, its heading, and how its cells look.

    `look` is text, num, counted (with the unit that is counted), signed, share (a bar), percent, why, or the kind of thing that the cell leads to.
    """

    name: str
    heading: str
    look: str = "text"


@dataclass(frozen=True)
class Part:
    """One part of a plan: its title, its columns, and the columns by which a reader may choose rows.

    `filters` are (parameter, heading, column of the key, column of its name).
    """

    key: str
    title: str
    columns: tuple[Shown, ...]
    filters: tuple[tuple[str, str, str, str], ...] = ()
    nothing: str = "没有"


_COMMUNITY = ("community", "社区", "community_id", "community")
_OWNER = ("unit", "提供方", "owner_id", "owner")
_REASON = ("reason", "原因", "reason", "heading")
_NEED = (Shown("need", "需求", "need"), Shown("urgency", "紧急", "num"))
_RESOURCE = Shown("resource", "资源、提供方", "resource")
PARTS = {
    part.key: part
    for part in (
        Part("communities", "按社区", (
            Shown("community", "社区", "communities"), Shown("needs", "需求（条）", "num"), Shown("served", "全部满足（条）", "num"),
            Shown("wanted_units", "需要数量", "num"), Shown("served_units", "满足数量", "num"), Shown("share", "满足率", "share"),
        ), nothing="没有社区提出需求"),
        Part("units", "按单位", (
            Shown("owner", "提供方", "owners"), Shown("resources", "用到资源（项）", "num"), Shown("needs", "需求（条）", "num"),
            Shown("communities", "社区（个）", "num"), Shown("announced", "其中已公布（条）", "num"),
        ), nothing="没有用到任何资源"),
        Part("assignments", "分配", (
            Shown("community", "社区"), *_NEED, Shown("wanted", "需要", "num"), Shown("quantity", "分配", "counted"),
            _RESOURCE, Shown("score", "匹配度", "percent"), Shown("price", "占用代价", "num"),
        ), (_COMMUNITY, _OWNER), "没有分配"),
        Part("unserved", "未满足", (
            Shown("community", "社区"), *_NEED, Shown("missing", "缺少", "counted"), Shown("sentence", "为什么", "why"),
        ), (_COMMUNITY, _REASON), "全部需求都满足了"),
        Part("idle", "闲置资源", (
            _RESOURCE, Shown("capacity", "可用", "num"), Shown("left", "闲置", "num"), Shown("sentence", "为什么", "why"),
        ), (_REASON, _OWNER), "没有闲置的资源"),
        Part("prices", "最缺什么", (
            Shown("kind", "分组"), Shown("name", "名称"), Shown("price", "再多一个能增加的方案值", "num"), Shown("missing", "缺少数量", "num"),
            Shown("need", "最受益的需求", "need"),
        ), (("kind", "分组", "kind", "kind"),), "再多资源也不会更好"),
        Part("moves", "变动", (
            Shown("need", "需求", "need"), Shown("resource", "资源", "resource"), Shown("before", "原来", "num"), Shown("after", "本方案", "num"),
            Shown("change", "增减", "signed"), Shown("sentence", "为什么", "why"),
        ), (("to", "增减", "to", "to"),), "没有变动"),
    )
}  # fmt: skip
"""The parts by their key, in the order of the page."""
_UNITS = QueryFile(
    "plan_units", "方案：各提供方", "", (),
    (
        Column("owner_id", "string", "提供方编号", "key"), Column("owner", "string", "提供方", "name"),
        Column("resources", "integer", "用到资源（项）", ""), Column("needs", "integer", "需求（条）", ""),
        Column("communities", "integer", "社区（个）", ""), Column("announced", "integer", "其中已公布（条）", ""),
    ), "", "", writes=False,
)  # fmt: skip


def rows_of(part: Part, view: PlanView, before: PlanView | None) -> list[Row]:
    """All rows of a part. `before` is the plan that the part `moves` compares with."""
    if part.key == "units":
        return _units(view.assignments())
    if part.key == "moves":
        return _moves(before, view) if before else []
    rows: list[Row] = getattr(view, part.key)()
    if part.key in ("unserved", "idle"):
        rows = [{**row, "told": _told(view, row)} for row in rows]
    if part.key == "prices":
        return [{**row, "need": _title(view, row["need_id"])} for row in rows]
    if part.key == "idle":
        # What costs most to leave unused comes first; a register has some thousand of them.
        return sorted(rows, key=lambda row: (not row["could_serve"], row["owner_id"], row["resource_id"]))
    return sorted(rows, key=lambda row: row["share"]) if part.key == "communities" else rows


def chosen(part: Part, rows: Sequence[Row], own: Mapping[str, str]) -> list[Row]:
    """The rows that the filters in an address leave."""
    wanted = [(column, own[name]) for name, _, column, _ in part.filters if own.get(name)]
    return [row for row in rows if all(row[column] == value for column, value in wanted)]


def choices(part: Part, rows: Sequence[Row]) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Parameter, heading, and the values with their names, of each filter."""
    return [
        (name, heading, sorted({(row[column], row[words]) for row in rows if row[column]}, key=lambda each: each[1]))
        for name, heading, column, words in part.filters
    ]  # fmt: skip


def as_answer(part: Part, view: PlanView, rows: Sequence[Row]) -> Answer:
    """The rows as an answer, for a file: with the columns that programs get."""
    query = {"units": _UNITS, "moves": plan_questions.DIFF}.get(part.key) or plan_questions.PARTS[part.key]
    return Answer(query, {"plan": view.id, "scope": view.file.scope}, list(rows))


def _units(assignments: Sequence[Row]) -> list[Row]:
    found: dict[str, list[Row]] = {}
    for row in assignments:
        found.setdefault(row["owner_id"], []).append(row)
    rows = [
        {"owner_id": key, "owner": of[0]["owner"], "announced": sum(row["announced"] > 0 for row in of),
         **{name: len({row[column] for row in of}) for name, column in (("resources", "resource_id"), ("needs", "need_id"), ("communities", "community_id"))}}
        for key, of in found.items()
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (-row["needs"], row["owner_id"]))


def _moves(before: PlanView, after: PlanView) -> list[Row]:
    titles = after.snapshot.resources.titles
    return [
        {**row, "to": "增加" if row["change"] > 0 else "减少",
         "resource": titles[at] if (at := after.snapshot.resource_position.get(row["resource_id"], -1)) >= 0 else ""}
        for row in differences(before, after)
    ]  # fmt: skip


def _told(view: PlanView, row: Row) -> str:
    """The reason as a page tells it, where the needs that it names stand below as links: with titles, not keys."""
    if row.get("could_serve"):
        return ""
    if row["reason"] != "worth-more-elsewhere":
        return str(row["sentence"])
    nearest, comma, rest = row["sentence"].partition("：")[2].partition("，")
    word, _, key = nearest.partition(" ")
    at = view.snapshot.resource_position.get(key, -1)
    title = view.snapshot.resources.titles[at] if at >= 0 else key
    return f"{word}“{title}”{comma}{rest}"


def _title(view: PlanView, need: str) -> str:
    at = view.snapshot.need_position.get(need, -1)
    return view.snapshot.needs.titles[at] if at >= 0 else ""
