"""Why a pair fits: each part of its score with the path in the graph behind it, and one Chinese sentence."""

from dataclasses import dataclass

import numpy as np

from matching.candidates import Pairs, Reason
from matching.profile import Profile
from matching.score import PARTS, PLACES, place_levels, score, tie_positions
from matching.snapshot import NeedBar, Snapshot

CLOSE_TEXT = 0.4
"""From this similarity on, a sentence says that the descriptions are alike."""
PLACE_PHRASES = {"community": "同社区", "street": "同街道", "district": "同区", "elsewhere": "提供方在外区"}
REASONS = {
    Reason.CAPACITY_ZERO: "没有余量",
    Reason.EXPIRED: "资源已过有效期",
    Reason.NOT_CONFIRMED: "资源太久未确认，请联系提供方",
    Reason.OWNER_INACTIVE: "提供方已停用或未登记",
    Reason.OWNER_VETOED: "提供方已声明不参与",
    Reason.CATEGORY: "类别不对应",
    Reason.PLACE: "不在服务区域内",
    Reason.PAIR_VETOED: "此前已退回过",
    Reason.DECLINED: "提供方声明不承接这类需求，或不服务这类人群",
    Reason.GROUP: "不面向这类人群",
    Reason.WINDOW: "时间重叠不够",
    Reason.DEADLINE: "赶不上办结时限",
}
"""What each refusal is called."""
BARS = {
    NeedBar.CLOSED: "需求已办结、挂起或撤回，不再对接",
    NeedBar.NO_QUANTITY: "需求的数量有误，请先改正",
    NeedBar.MET: "需求的数量已全部落实",
    NeedBar.NO_CATEGORY: "需求没有可用的类别，请先选择类别",
    NeedBar.NO_PLACE: "需求没有可用的提出区域，请先填写",
    NeedBar.WINDOW_REVERSED: "需求的期望结束早于期望开始，请先改正",
    NeedBar.OVERDUE: "需求的办结时限已过，请先重定时限",
}
"""What each bar of a need is called, and how to lift it."""


@dataclass(frozen=True, slots=True)
class Step:
    """A node on a path and `by`, the relationship that leads to it (empty for the first).

    An arrow says which way the relationship points: `IN_CATEGORY>` along the path, `<CAN_SERVE` against it.
    """

    by: str
    label: str
    id: str
    name: str


Path = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a score: its value (0 to 1), what it counts for, a Chinese phrase and the path behind it.

    The path of `record` is a star: the owner first, then each evaluation, and each project that used
    one of its resources.
    """

    name: str
    value: float
    weight: float
    phrase: str
    path: Path


@dataclass(frozen=True, slots=True)
class Match:
    """A need and a resource that may meet it. `quantity` is how much of it the resource could meet alone.

    `weight` is what a plan gains per unit. `price` is what a unit of the resource is worth to others (given
    with a plan), `net` what remains of the weight after it; both None without a plan. The name of an owner
    is in `path`, save a person's.
    """

    need: str
    resource: str
    owner: str
    title: str
    score: float
    weight: int
    quantity: int
    parts: tuple[Part, ...]
    path: Path
    price: int | None
    net: int | None
    sentence: str


def explain(
    snapshot: Snapshot, profile: Profile, need: int, resource: int, price: int | None = None
) -> Match:
    """The match of a need and a resource (positions) in full, whether or not a constraint refuses it."""
    pairs = Pairs(np.array([need], np.int32), np.array([resource], np.int32))
    scores = score(snapshot, profile, pairs)
    values = dict(zip(PARTS, scores.parts[0].tolist(), strict=True))
    told = {
        "category": _category(snapshot, need, resource, values["category"]),
        "text": ("内容描述相近" if values["text"] >= CLOSE_TEXT else "", ()),
        "place": _place(snapshot, pairs),
        "tie": _tie(snapshot, profile, pairs),
        "window": (_window(values["window"]), ()),
        "capacity": (_capacity(snapshot, need, resource), ()),
        "record": _record(snapshot, resource),
    }
    parts = tuple(Part(name, values[name], getattr(profile.weights, name), *told[name]) for name in PARTS)
    weight = int(scores.weight[0])
    reasons = [told[name][0] for name in ("place", "category", "tie", "text", "window", "record")]
    sentence = "、".join(reason for reason in reasons if reason) + "，" + told["capacity"][0]
    if price is not None:
        sentence += f"；{_price(weight, price)}"
    return Match(
        need=snapshot.needs.ids[need],
        resource=snapshot.resources.ids[resource],
        owner=_owner(snapshot, resource)[0].id if snapshot.resources.owner[resource] >= 0 else "",
        title=snapshot.resources.titles[resource],
        score=float(scores.score[0]),
        weight=weight,
        quantity=int(min(snapshot.needs.remaining[need], snapshot.resources.remaining[resource])),
        parts=parts,
        path=told["category"][1] + _owner(snapshot, resource),
        price=price,
        net=None if price is None else weight - price,
        sentence=sentence,
    )


def _category(snapshot: Snapshot, need: int, resource: int, value: float) -> tuple[str, Path]:
    categories = snapshot.categories
    wanted, giving = int(snapshot.needs.category[need]), int(snapshot.resources.category[resource])
    edge = int(categories.edge[wanted, giving])
    served = edge >= 0 and categories.edge_weight[edge] >= value
    if served:
        wide_wanted, wide_giving = int(categories.edge_wanted[edge]), int(categories.edge_giving[edge])
        middle = [
            (wanted, "IN_CATEGORY>"),
            (wide_wanted, "BROADER>"),
            (wide_giving, "<CAN_SERVE"),
            (giving, "<BROADER"),
        ]
    elif categories.relation[wanted, giving] == 2:
        middle = [(wanted, "IN_CATEGORY>")]
    else:
        wide = giving if categories.parent[wanted] == giving else int(categories.parent[wanted])
        wide = wanted if categories.parent[giving] == wanted else wide
        middle = [(wanted, "IN_CATEGORY>"), (wide, "BROADER>"), (giving, "<BROADER")]
    path = [Step("", "Need", snapshot.needs.ids[need], snapshot.needs.titles[need])]
    last = -1
    for position, by in middle:
        # A wider category that is the category itself is no step; CAN_SERVE of a category to itself is none either.
        if position != last and position >= 0:
            path.append(Step(by, "Category", categories.ids[position], categories.names[position]))
        last = position
    path.append(
        Step(
            "<IN_CATEGORY", "Resource", snapshot.resources.ids[resource], snapshot.resources.titles[resource]
        )
    )
    if value >= 1:
        return "类别完全对应", tuple(path)
    kind = "类别可对应" if served else "类别相近"
    return f"{kind}（{value:.0%}）", tuple(path)


def _place(snapshot: Snapshot, pairs: Pairs) -> tuple[str, Path]:
    level = PLACES[int(place_levels(snapshot, pairs.need, pairs.resource)[0])]
    need, resource = int(pairs.need[0]), int(pairs.resource[0])
    at = int(snapshot.needs.area[need])
    if level != "elsewhere":
        shared = int(getattr(snapshot.areas, level)[at])
        path = [Step("", "Need", snapshot.needs.ids[need], snapshot.needs.titles[need])]
        path.append(_area(snapshot, at, "RAISED_IN>"))
        if shared != at:
            path.append(_area(snapshot, shared, "PART_OF>"))
        home = int(snapshot.owners.area[snapshot.resources.owner[resource]])
        if home != shared:
            path.append(_area(snapshot, home, "<PART_OF"))
        owner = _owner(snapshot, resource)[0]
        if owner.id != snapshot.areas.ids[home]:
            path.append(Step("<LOCATED_IN", owner.label, owner.id, owner.name))
        return PLACE_PHRASES[level], tuple(path)
    known = np.append(snapshot.owners.area, -1)[snapshot.resources.owner[resource]] >= 0
    return PLACE_PHRASES[level] if known else "提供方位置未登记", ()


def _tie(snapshot: Snapshot, profile: Profile, pairs: Pairs) -> tuple[str, Path]:
    tie = int(tie_positions(snapshot, profile, pairs.need, pairs.resource)[0])
    if tie < 0:
        return "", ()
    owner = _owner(snapshot, int(pairs.resource[0]))[0]
    area = int(snapshot.ties.keys[tie]) % len(snapshot.areas.ids)
    organization, key = snapshot.ties.organizations[tie], snapshot.ties.ids[tie]
    start = Step("", owner.label, owner.id, owner.name)
    end = _area(snapshot, area, "LEADS>")
    if snapshot.ties.is_seat[tie]:
        return "有兼职席位", (start, Step("SEATED_ON>", "PartyOrganization", organization, ""), end)
    signed = Step("<WITH_UNIT", "Agreement", key, "")
    return f"已签协议 {key}", (
        start,
        signed,
        Step("WITH_ORGANIZATION>", "PartyOrganization", organization, ""),
        end,
    )


def _record(snapshot: Snapshot, resource: int) -> tuple[str, Path]:
    owner = int(snapshot.resources.owner[resource])
    rows = snapshot.records_by_owner.get(owner, [])
    if not rows:
        return "", ()
    records = snapshot.records
    steps = tuple(
        Step("<OF" if records.is_evaluation[k] else "<USES", "Evaluation" if records.is_evaluation[k] else "Project", records.ids[k], "")
        for k in rows
    )  # fmt: skip
    first = _owner(snapshot, resource)[0]
    mean = float(records.value[rows].mean())
    return f"以往履约与评价 {mean:.0%}（{len(rows)} 次）", (
        Step("", first.label, first.id, first.name),
        *steps,
    )


def _window(value: float) -> str:
    return "" if value >= 1 else f"时间覆盖 {value:.0%}"


def _capacity(snapshot: Snapshot, need: int, resource: int) -> str:
    asked, left = int(snapshot.needs.remaining[need]), int(snapshot.resources.remaining[resource])
    has = f"可用 {left}{_unit(snapshot.resources.units[resource])}"
    wants = f"{asked}{_unit(snapshot.needs.units[need])}"
    return f"{has}，满足 {wants}" if left >= asked else f"{has}，满足 {wants}中的 {left}"


def _unit(unit: str) -> str:
    return f" {unit}" if unit else ""


def _price(weight: int, price: int) -> str:
    if price <= 0:
        return "不影响其他需求"
    if price <= weight:
        return f"其他需求也用得上：每单位对别处值 {price}，用在这里值 {weight}"
    return f"其他需求更用得上：每单位对别处值 {price}，用在这里只值 {weight}"


def _owner(snapshot: Snapshot, resource: int) -> Path:
    """The step from a resource to its owner; a person's name is left out."""
    owner, owners = int(snapshot.resources.owner[resource]), snapshot.owners
    if owner < 0:
        return ()
    name = "" if owners.labels[owner] == "Person" else owners.names[owner]
    return (Step("OFFERED_BY>", owners.labels[owner], owners.ids[owner], name),)


def _area(snapshot: Snapshot, area: int, by: str) -> Step:
    areas = snapshot.areas
    return Step(by, areas.labels[area], areas.ids[area], areas.names[area])
