"""Rows of the graph -> `Snapshot`: positions instead of keys, days instead of dates, findings instead of surprises."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from matching.row_reader import RowReader
from matching.rows import (
    AreaRow,
    CanServeRow,
    CategoryRow,
    NeedRow,
    OwnerRow,
    RecordRow,
    ResourceRow,
    TieRow,
    VetoRow,
)
from matching.snapshot import (
    CLOSED_STATES,
    FIRST_DAY,
    LAST_DAY,
    Areas,
    Categories,
    Flags,
    NeedBar,
    Needs,
    Owners,
    Positions,
    Records,
    Resources,
    Slices,
    Snapshot,
    Ties,
)

DEFAULT_URGENCY = 3
EVERYONE = "全体居民"


@dataclass(frozen=True, slots=True)
class _Keys:
    """Position of each key."""

    area: dict[str, int]
    category: dict[str, int]
    owner: dict[str, int]
    group: dict[str, int]

    def group_of(self, beneficiary: str | None) -> int:
        """The column of `Resources.allowed` for whom a need is for.

        A need for everyone, or for a group that no resource names, is met only by a resource open to
        everyone; one that does not say takes the last column.
        """
        return len(self.group) + 1 if beneficiary is None else self.group.get(beneficiary, len(self.group))


def build(
    *,
    as_of: date,
    areas: Sequence[AreaRow],
    categories: Sequence[CategoryRow],
    can_serve: Sequence[CanServeRow],
    owners: Sequence[OwnerRow],
    needs: Sequence[NeedRow],
    resources: Sequence[ResourceRow],
    ties: Sequence[TieRow] = (),
    records: Sequence[RecordRow] = (),
    vetoes: Sequence[VetoRow] = (),
) -> Snapshot:
    """The snapshot of one day. Bad rows are kept, barred from matching and named in `findings`.

    `as_of` is the day that counts as today. An empty district makes an empty snapshot.
    """
    read = RowReader()
    areas = read.once("Area", areas, lambda row: row["id"])
    categories = read.once("Category", categories, lambda row: row["id"])
    owners = read.once("Unit", owners, lambda row: row["id"])
    needs = read.once("Need", needs, lambda row: row["id"])
    resources = read.once("Resource", resources, lambda row: row["id"])
    served = {g for row in resources for g in row.get("groups") or ()}
    declined = {g for row in owners for g in row.get("declined_groups") or ()}
    groups = sorted((served | declined) - {EVERYONE})
    keys = _Keys(
        {row["id"]: k for k, row in enumerate(areas)},
        {row["id"]: k for k, row in enumerate(categories)},
        {row["id"]: k for k, row in enumerate(owners)},
        {group: k for k, group in enumerate(groups)},
    )
    territory = _areas(areas, keys.area)
    need_at = {row["id"]: k for k, row in enumerate(needs)}
    resource_at = {row["id"]: k for k, row in enumerate(resources)}
    pairs = {
        need_at[v["need"]] * len(resources) + resource_at[v["resource"]]
        for v in vetoes
        if v["need"] in need_at and v["resource"] in resource_at
    }
    return Snapshot(
        as_of=as_of.toordinal(),
        areas=territory,
        categories=_categories(categories, can_serve, keys.category, read),
        owners=_owners(owners, categories, keys, read),
        needs=_needs(needs, keys, read),
        resources=_resources(resources, keys, territory, read),
        ties=_ties(ties, keys.area, keys.owner, read),
        records=_records(records, keys.owner, read),
        vetoes=np.array(sorted(pairs), np.int64),
        findings=tuple(read.findings),
    )


def _areas(rows: Sequence[AreaRow], at: dict[str, int]) -> Areas:
    holders: list[list[int]] = []
    level: dict[str, list[int]] = {"Community": [], "Street": [], "District": []}
    for k in range(len(rows)):
        held = [k]
        # Grows while it is read: breadth first, each area once, so that a cycle ends.
        for area in held:
            held.extend(
                p for p in dict.fromkeys(at[i] for i in rows[area]["parents"] if i in at) if p not in held
            )
        holders.append(held)
        for label, column in level.items():
            column.append(next((h for h in held if rows[h]["label"] == label), -1))
    return Areas(
        tuple(row["id"] for row in rows),
        tuple(row["label"] for row in rows),
        tuple(row["name"] for row in rows),
        Slices.of(holders),
        *(np.array(level[label], np.int32) for label in ("Community", "Street", "District")),
    )


def _categories(
    rows: Sequence[CategoryRow], served: Sequence[CanServeRow], at: dict[str, int], read: RowReader
) -> Categories:
    parent = np.array(
        [read.position("Category", r["id"], "上级类别", r.get("parent"), at) for r in rows], np.int32
    )
    every = np.arange(len(rows))
    relation = np.zeros((len(rows) + 1, len(rows) + 1), np.int8)
    under = parent[:, None] == every[None, :]
    relation[:-1, :-1] = under | under.T | ((parent[:, None] == parent[None, :]) & (parent >= 0))
    np.fill_diagonal(relation[:-1, :-1], 2)
    edge = np.full(relation.shape, -1, np.int32)
    kept: list[tuple[int, int, float]] = []
    narrower = {k: [k, *np.flatnonzero((parent == k) & (every != k)).tolist()] for k in range(len(rows))}
    for row in served:
        key = f"{row['giving']}→{row['wanted']}"
        giving = read.position("Category", key, "资源类别", row["giving"], at)
        wanted = read.position("Category", key, "需求类别", row["wanted"], at)
        given = row.get("weight")
        weight = 1.0 if given is None else read.share("Category", key, "权重", given, 1)
        if giving >= 0 and wanted >= 0 and weight:
            kept.append((wanted, giving, weight))
    # Weakest first, so that the strongest is written last and stays.
    kept.sort(key=lambda e: (e[2], -e[0], -e[1]))
    for k, (wanted, giving, _) in enumerate(kept):
        edge[np.ix_(narrower[wanted], narrower[giving])] = k
    return Categories(
        tuple(row["id"] for row in rows),
        tuple(row["name"] for row in rows),
        tuple(row.get("list_kind") or "" for row in rows),
        parent,
        tuple(tuple(row.get("synonyms") or ()) for row in rows),
        relation,
        edge,
        np.array([e[0] for e in kept], np.int32),
        np.array([e[1] for e in kept], np.int32),
        np.array([e[2] for e in kept], np.float64),
    )


def _owners(
    rows: Sequence[OwnerRow], categories: Sequence[CategoryRow], keys: _Keys, read: RowReader
) -> Owners:
    area_at = keys.area
    return Owners(
        tuple(row["id"] for row in rows),
        tuple(row["label"] for row in rows),
        tuple(row["name"] for row in rows),
        np.array(
            [read.position("Unit", row["id"], "所在区域", row.get("area"), area_at) for row in rows], np.int32
        ),
        np.array([row.get("active", True) for row in rows], np.bool_),
        np.array([row.get("vetoed", False) for row in rows], np.bool_),
        _declined_categories(rows, categories, keys, read),
        _declined_groups(rows, keys, read),
    )


def _declined_categories(
    rows: Sequence[OwnerRow], categories: Sequence[CategoryRow], keys: _Keys, read: RowReader
) -> Flags:
    found = np.zeros((len(rows), len(categories) + 1), np.bool_)
    known = {row["name"]: row["id"] for row in categories if row.get("list_kind") != "资源"}
    wider = {row["id"]: row.get("parent") for row in categories}
    for k, row in enumerate(rows):
        for word in row.get("declined_categories") or ():
            key = word if word in keys.category else known.get(word)
            if key is None:
                read.say("unknown-category", "Unit", row["id"], "不承接类别", f"没有名为“{word}”的需求类别，这一项不起作用；请核对类别的名称或编号")  # fmt: skip
                continue
            for narrower, at in keys.category.items():
                if key in _chain(narrower, wider):
                    found[k, at] = True
    return found


def _chain(category: str, wider: Mapping[str, str | None]) -> list[str]:
    """A category and the wider ones, nearest first; a cycle ends."""
    found: list[str] = []
    key: str | None = category
    while key is not None and key not in found:
        found.append(key)
        key = wider.get(key)
    return found


def _declined_groups(rows: Sequence[OwnerRow], keys: _Keys, read: RowReader) -> Flags:
    found = np.zeros((len(rows), len(keys.group) + 2), np.bool_)
    for k, row in enumerate(rows):
        for group in row.get("declined_groups") or ():
            if group == EVERYONE:
                read.say("declines-everyone", "Unit", row["id"], "不服务人群", f"写的是“{EVERYONE}”，这一项不起作用；什么都不承接的，请在「不承接类别」写“全部”")  # fmt: skip
            else:
                found[k, keys.group[group]] = True
    return found


def _needs(rows: Sequence[NeedRow], keys: _Keys, read: RowReader) -> Needs:
    columns = np.array([_need(row, keys, read) for row in rows], np.int64).reshape(-1, 11).T
    quantity, remaining, urgency, whole = columns[:4]
    category, area, first, last, deadline, group = columns[4:10].astype(np.int32)
    return Needs(
        tuple(row["id"] for row in rows),
        tuple(row["title"] for row in rows),
        tuple(row.get("text") or "" for row in rows),
        tuple(row.get("unit") or "" for row in rows),
        tuple(row.get("state") or "" for row in rows),
        quantity, remaining, urgency, whole, category, area, first, last, deadline, group,
        columns[10].astype(np.uint8),
    )  # fmt: skip


def _need(row: NeedRow, keys: _Keys, read: RowReader) -> tuple[int, ...]:
    """The numbers of one need, in the order of the columns of `Needs`."""
    key = row["id"]
    wanted = read.quantity("Need", key, "数量", row.get("quantity"), 1, 1)
    met = read.quantity("Need", key, "已满足数量", row.get("met"), 0, 0)
    urgency = row.get("urgency")
    if urgency is not None and urgency not in range(1, 6):
        read.say(
            "not-an-urgency",
            "Need",
            key,
            "紧急程度",
            f"内容是“{urgency}”，应为 1 到 5；现按 {DEFAULT_URGENCY} 计",
        )
        urgency = None
    first = read.day("Need", key, "期望开始", row.get("wanted_from"), FIRST_DAY)
    last = min(LAST_DAY, read.day("Need", key, "期望结束", row.get("wanted_to"), LAST_DAY) + 1)
    deadline = read.day("Need", key, "办结时限", row.get("deadline"), LAST_DAY)
    category = read.position("Need", key, "需求类别", row["category"], keys.category)
    area = read.position("Need", key, "提出区域", row["area"], keys.area)
    if row["category"] is None:
        read.say(
            "need-without-category",
            "Need",
            key,
            "需求类别",
            "没有填写，无法对接；请选择类别（可参考系统建议）",
        )
    if last <= first:
        dates = f"{row.get('wanted_to')} 早于期望开始 {row.get('wanted_from')}"
        read.say("window-reversed", "Need", key, "期望结束", f"{dates}，请改正其中一个日期")
    remaining = max(0, (wanted or 0) - (met or 0))
    bars = {
        NeedBar.CLOSED: row.get("state") in CLOSED_STATES,
        NeedBar.NO_QUANTITY: wanted is None or met is None,
        NeedBar.MET: wanted is not None and not remaining,
        NeedBar.NO_CATEGORY: category < 0,
        NeedBar.NO_PLACE: area < 0,
        NeedBar.WINDOW_REVERSED: last <= first,
    }
    mask = sum(1 << k for k, bar in enumerate(NeedBar) if bars.get(bar))
    group = keys.group_of(row.get("beneficiary"))
    return (
        wanted or 0,
        remaining,
        urgency or DEFAULT_URGENCY,
        int(row.get("whole") is True),
        category,
        area,
        first,
        last,
        deadline,
        group,
        mask,
    )


def _resources(rows: Sequence[ResourceRow], keys: _Keys, areas: Areas, read: RowReader) -> Resources:
    columns = np.array([_resource(row, keys, read) for row in rows], np.int64).reshape(-1, 7).T
    capacity, remaining = columns[:2]
    category, owner, first, last, confirmed = columns[2:].astype(np.int32)
    allowed = np.ones((len(rows), len(keys.group) + 2), np.bool_)
    serves: list[list[int]] = []
    for k, row in enumerate(rows):
        groups = set(row.get("groups") or ())
        if groups and EVERYONE not in groups:
            allowed[k, :-1] = False
            allowed[k, [keys.group[group] for group in groups]] = True
        places = [read.position("Resource", row["id"], "服务区域", area, keys.area) for area in row["serves"]]
        if not places:
            read.say(
                "resource-without-scope",
                "Resource",
                row["id"],
                "服务区域",
                "没有填写，暂不对接；请填写街道、社区等",
            )
        serves.append(_widest([p for p in places if p >= 0], areas))
    return Resources(
        tuple(row["id"] for row in rows),
        tuple(row["title"] for row in rows),
        tuple(row.get("text") or "" for row in rows),
        tuple(row.get("unit") or "" for row in rows),
        capacity, remaining, category, owner, Slices.of(serves), first, last, allowed, confirmed,
    )  # fmt: skip


def _resource(row: ResourceRow, keys: _Keys, read: RowReader) -> tuple[int, ...]:
    """The numbers of one resource, in the order of the columns of `Resources`."""
    key = row["id"]
    offered = read.quantity("Resource", key, "数量", row.get("capacity"), 0, 0) or 0
    promised = read.quantity("Resource", key, "已承诺数量", row.get("promised"), 0, 0)
    if row.get("capacity") is None:
        read.say(
            "resource-without-capacity",
            "Resource",
            key,
            "数量",
            "没有填写，不知道能提供多少，暂不对接；请补填",
        )
    first = read.day("Resource", key, "有效期起", row.get("valid_from"), FIRST_DAY)
    last = read.day("Resource", key, "有效期止", row.get("valid_to"), LAST_DAY)
    if last <= first:
        read.say("window-reversed", "Resource", key, "有效期止", "不晚于有效期起，资源没有一天可用，请改正")
    return (
        offered,
        0 if promised is None else max(0, offered - promised),
        read.position("Resource", key, "资源类别", row["category"], keys.category),
        read.position("Resource", key, "提供方", row["owner"], keys.owner),
        first,
        last,
        read.day("Resource", key, "最近确认日期", row.get("last_confirmed"), FIRST_DAY),
    )


def _widest(places: list[int], areas: Areas) -> list[int]:
    """The areas of a list that no other one of the list holds."""
    if len(places) < 2:
        return places
    every = set(places)
    return sorted(p for p in every if not every.intersection(areas.holders.row(p)[1:].tolist()) - {p})


def _ties(rows: Sequence[TieRow], area_at: dict[str, int], owner_at: dict[str, int], read: RowReader) -> Ties:
    best: dict[int, tuple[bool, str, str]] = {}
    for row in rows:
        key = row.get("id") or row["organization"]
        owner = read.position("Tie", key, "单位", row["owner"], owner_at)
        area = read.position("Tie", key, "区域", row["area"], area_at)
        if owner < 0 or area < 0:
            continue
        tie = (row["kind"] != "agreement", row.get("id") or "", row["organization"])
        spot = owner * len(area_at) + area
        # False sorts before True: an agreement before a seat, then the smallest key.
        best[spot] = min(best.get(spot, tie), tie)
    keys: list[int] = sorted(best)
    return Ties(
        np.array(keys, np.int64),
        np.array([best[key][0] for key in keys], np.bool_),
        tuple(best[key][1] for key in keys),
        tuple(best[key][2] for key in keys),
    )


def _records(rows: Sequence[RecordRow], owner_at: dict[str, int], read: RowReader) -> Records:
    kept: list[tuple[int, float, bool, str]] = []
    for row in rows:
        key, score = row["id"], row.get("score")
        owner = read.position("Record", key, "单位", row["owner"], owner_at)
        if score is not None:
            share = read.share("Record", key, "评分", score, 100)
            value = None if share is None else share / 100
        else:
            promised = read.quantity("Record", key, "承诺数量", row.get("promised"), 0, 0)
            delivered = read.quantity("Record", key, "兑现数量", row.get("delivered"), 0, 0)
            # Nothing was promised: nothing can be said of it.
            value = min(1.0, delivered / promised) if promised and delivered is not None else None
        if owner >= 0 and value is not None:
            kept.append((owner, value, score is not None, key))
    owners: Positions = np.array([k[0] for k in kept], np.int32)
    return Records(
        owners,
        np.array([k[1] for k in kept], np.float64),
        np.array([k[2] for k in kept], np.bool_),
        tuple(k[3] for k in kept),
    )
