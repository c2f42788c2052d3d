"""A small district, districts by chance, and the hard constraints written once more as plain loops over rows."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from matching.build import build
from matching.profile import Profile
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
from matching.snapshot import CLOSED_STATES, Snapshot

TODAY = date(2020, 4, 13)


@dataclass
class Rows:
    """What the graph would hand over."""

    areas: list[AreaRow] = field(default_factory=list)
    categories: list[CategoryRow] = field(default_factory=list)
    can_serve: list[CanServeRow] = field(default_factory=list)
    owners: list[OwnerRow] = field(default_factory=list)
    needs: list[NeedRow] = field(default_factory=list)
    resources: list[ResourceRow] = field(default_factory=list)
    ties: list[TieRow] = field(default_factory=list)
    records: list[RecordRow] = field(default_factory=list)
    vetoes: list[VetoRow] = field(default_factory=list)

    def snapshot(self, as_of: date = TODAY) -> Snapshot:
        return build(as_of=as_of, **vars(self))


def area(key: str, label: str, *parents: str) -> AreaRow:
    return {"id": key, "label": label, "name": f"示例{key}", "parents": list(parents)}


def need(key: str = "XQ-1", **changes: Any) -> NeedRow:
    row: Any = {
        "id": key,
        "title": "老年助餐点位",
        "area": "C1",
        "category": "助餐",
        "quantity": 20,
        "unit": "人次",
    }
    made: NeedRow = row | {"state": "入单", "urgency": 3} | changes
    return made


def resource(key: str = "ZY-1", **changes: Any) -> ResourceRow:
    row: Any = {
        "id": key,
        "title": "职工食堂",
        "owner": "DW-1",
        "category": "餐饮场地",
        "serves": ["S1"],
        "capacity": 80,
    }
    made: ResourceRow = row | {"unit": "座", "last_confirmed": "2020-03-01"} | changes
    return made


def small(**changes: Any) -> Rows:
    """One street with two communities, another with one; one unit, one need, one resource that fits."""
    rows = Rows(
        areas=[
            area("D", "District"),
            area("S1", "Street", "D"),
            area("S2", "Street", "D"),
            area("C1", "Community", "S1"),
            area("C2", "Community", "S1"),
            area("C3", "Community", "S2"),
            area("E1", "Estate", "C1"),
            area("G1", "Grid", "C1"),
            area("B1", "Building", "E1", "G1"),
        ],
        categories=[
            {"id": "照料", "name": "一老一小照料", "list_kind": "需求"},
            {
                "id": "助餐",
                "name": "老年助餐",
                "list_kind": "需求",
                "parent": "照料",
                "synonyms": ["吃饭难", "食堂"],
            },
            {"id": "日托", "name": "日间照料", "list_kind": "需求", "parent": "照料", "synonyms": ["托老"]},
            {"id": "停车", "name": "停车难", "list_kind": "需求", "synonyms": ["车位"]},
            {"id": "场地", "name": "场地", "list_kind": "资源"},
            {
                "id": "餐饮场地",
                "name": "餐饮场地",
                "list_kind": "资源",
                "parent": "场地",
                "synonyms": ["食堂", "餐厅"],
            },
            {"id": "会议场地", "name": "会议场地", "list_kind": "资源", "parent": "场地"},
        ],
        can_serve=[
            {"giving": "餐饮场地", "wanted": "助餐", "weight": 1.0},
            {"giving": "场地", "wanted": "照料", "weight": 0.7},
        ],
        owners=[
            {"id": "DW-1", "label": "Unit", "name": "示例第三医院", "area": "C1"},
            {"id": "DW-2", "label": "Unit", "name": "示例小学", "area": "C2"},
            {"id": "DW-3", "label": "Unit", "name": "示例银行", "area": "C3"},
        ],
        needs=[need()],
        resources=[resource()],
    )
    for name, value in changes.items():
        setattr(rows, name, value)
    return rows


def by_chance(seed: int, needs: int = 12, resources: int = 15) -> Rows:
    """A district by chance in which every constraint refuses something now and then. Same seed, same district."""
    chance = random.Random(seed)
    rows = Rows(areas=[area("D", "District")])
    for s in range(2):
        rows.areas.append(area(f"S{s}", "Street", "D"))
        for c in (f"S{s}C{n}" for n in range(3)):
            rows.areas += [
                area(c, "Community", f"S{s}"),
                area(f"{c}E", "Estate", c),
                area(f"{c}G", "Grid", c),
            ]
            rows.areas.append(area(f"{c}B", "Building", f"{c}E", f"{c}G"))
    homes = [row["id"] for row in rows.areas if row["label"] == "Community"]
    rows.categories = [{"id": f"X{p}", "name": f"类{p}", "parent": None} for p in range(4)]
    rows.categories += [
        {"id": f"X{p}-{k}", "name": f"细类{p}{k}", "parent": f"X{p}"} for p in range(4) for k in range(3)
    ]
    kinds = [row["id"] for row in rows.categories if row.get("parent")]
    served = dict.fromkeys((chance.choice(kinds), chance.choice([*kinds, "X0", "X1"])) for _ in range(6))
    rows.can_serve = [{"giving": a, "wanted": b, "weight": round(chance.random(), 2)} for a, b in served]
    rows.owners = [
        {"id": f"O{k}", "label": "Unit", "name": f"示例{k}", "area": chance.choice([None, *homes]),
         "active": chance.random() < 0.9, "vetoed": chance.random() < 0.1,
         "declined_categories": chance.choice([None, [], ["X2"], ["细类10", "X3-0"]]),
         "declined_groups": chance.choice([None, [], ["老年人"], ["退役军人", "妇女"]])}
        for k in range(4)
    ]  # fmt: skip
    # Communities three times as likely as the rest, so that something fits.
    places = [row["id"] for row in rows.areas] + 2 * homes
    rows.needs = [_need_by_chance(chance, f"N{k}", places, kinds) for k in range(needs)]
    rows.resources = [_resource_by_chance(chance, f"R{k}", places, kinds, rows) for k in range(resources)]
    rows.vetoes = [
        {"need": f"N{chance.randrange(needs)}", "resource": f"R{chance.randrange(resources)}"}
        for _ in range(3)
    ]
    return rows


def _need_by_chance(chance: random.Random, key: str, places: list[str], kinds: list[str]) -> NeedRow:
    return need(
        key,
        title=f"需求{chance.randint(0, 99)}",
        area=chance.choice(places),
        category=chance.choice(kinds),
        quantity=chance.choice([None, 1, 2, 5, 9]),
        met=chance.choice([None, 0, 1]),
        urgency=chance.randint(1, 5),
        wanted_from=_day(chance, 0.5, -20, 20),
        wanted_to=_day(chance, 0.5, -5, 60),
        deadline=_day(chance, 0.4, -3, 60),
        beneficiary=chance.choice([None, "老年人", "妇女", "退役军人", "全体居民"]),
        state=chance.choice(["入单", "入单", "销号"]),
    )


def _resource_by_chance(
    chance: random.Random, key: str, places: list[str], kinds: list[str], rows: Rows
) -> ResourceRow:
    return resource(
        key,
        title=f"资源{chance.randint(0, 99)}",
        owner=chance.choice(rows.owners)["id"],
        category=chance.choice(kinds),
        serves=chance.sample(places, chance.randint(1, 3)),
        capacity=chance.choice([None, 0, 3, 5, 8]),
        promised=chance.choice([None, 0, 3]),
        valid_from=_day(chance, 0.5, -30, 30),
        valid_to=_day(chance, 0.5, -5, 90),
        groups=chance.choice([None, [], ["老年人"], ["妇女", "老年人"], ["全体居民"]]),
        last_confirmed=_day(chance, 0.95, -400, 0),
    )


def _day(chance: random.Random, chances: float, first: int, last: int) -> str | None:
    if chance.random() >= chances:
        return None
    return (TODAY + timedelta(chance.randint(first, last))).isoformat()


def allowed_by_loops(rows: Rows, profile: Profile, today: date = TODAY) -> Iterator[tuple[str, str]]:
    """The pairs (need, resource) that no constraint refuses, straight from the rows."""
    parents = {row["id"]: row["parents"] for row in rows.areas}
    wider = {row["id"]: row.get("parent") for row in rows.categories}
    owners = {row["id"]: row for row in rows.owners}
    vetoed = {(row["need"], row["resource"]) for row in rows.vetoes}
    names = {row["name"]: row["id"] for row in rows.categories}
    served = {(row["giving"], row["wanted"]) for row in rows.can_serve if row.get("weight", 1.0)}

    def holders(key: str) -> set[str]:
        return {key}.union(*(holders(parent) for parent in parents[key]))

    def fits(wanted: str, giving: str) -> bool:
        wanted_up, giving_up = {wanted, wider[wanted]} - {None}, {giving, wider[giving]} - {None}
        return bool(wanted_up & giving_up) or any((g, w) in served for g in giving_up for w in wanted_up)

    def declines(owner: OwnerRow, n: NeedRow) -> bool:
        words = {names.get(word, word) for word in owner.get("declined_categories") or ()}
        return bool(words & {n["category"], wider[n["category"] or ""]}) or n.get("beneficiary") in (
            owner.get("declined_groups") or ()
        )

    def on(text: str | None, otherwise: date) -> date:
        return date.fromisoformat(text) if text else otherwise

    limits = profile.limits
    soonest = today + timedelta(limits.lead_days)
    for n in rows.needs:
        begin, end = (
            on(n.get("wanted_from"), date.min),
            on(n.get("wanted_to"), date.max - timedelta(1)) + timedelta(1),
        )
        deadline = on(n.get("deadline"), date.max)
        quantity = n.get("quantity")
        left = (1 if quantity is None else quantity) - (n.get("met") or 0)
        overdue = deadline < today
        if (
            n.get("state") in CLOSED_STATES
            or left <= 0
            or end <= begin
            or (overdue and not limits.match_overdue)
        ):
            continue
        assert n["area"]
        assert n["category"]
        around = holders(n["area"])
        for r in rows.resources:
            assert r["owner"]
            assert r["category"]
            first, last = on(r.get("valid_from"), date.min), on(r.get("valid_to"), date.max)
            shared = (min(end, last) - max(begin, first, today)).days
            groups = set(r.get("groups") or ())
            starts = max(begin, first, soonest)
            if (
                (r.get("capacity") or 0) > (r.get("promised") or 0)
                and last > today
                and (today - on(r.get("last_confirmed"), date.min)).days
                <= (limits.confirmed_within_days or 10**7)
                and owners[r["owner"]].get("active", True)
                and not owners[r["owner"]].get("vetoed", False)
                and not declines(owners[r["owner"]], n)
                and fits(n["category"], r["category"])
                and around.intersection(r["serves"])
                and (n["id"], r["id"]) not in vetoed
                and (not groups or "全体居民" in groups or n.get("beneficiary") in {None, *groups})
                and shared >= min(limits.minimum_overlap_days, (end - begin).days)
                and (overdue or starts <= deadline)
            ):
                yield n["id"], r["id"]
