"""One need, one resource or one unit: who fits, ranked and explained, and why the rest does not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matching.candidates import (
    BITS,
    Bits,
    Pairs,
    Reason,
    bars_of,
    counted,
    need_bars,
    refusals,
    refusals_of_resource,
)
from matching.explain import BARS, REASONS, Match, explain
from matching.profile import Profile
from matching.rows import LABELS, Finding
from matching.score import Scores, score
from matching.snapshot import NeedBar, Snapshot

NEAREST = 5
"""How many near misses an answer names."""


class UnknownKeyError(LookupError):
    """No need, resource or unit has this key; the message is a Chinese sentence."""

    def __init__(self, label: str, key: str) -> None:
        super().__init__(f"没有编号为“{key}”的{LABELS[label]}，请核对编号")


@dataclass(frozen=True, slots=True)
class NearMiss:
    """Something refused for one reason only: lift it, and it fits."""

    need: str
    resource: str
    reason: Reason
    sentence: str


@dataclass(frozen=True, slots=True)
class Ranking:
    """The answer for one need, resource or unit.

    `matches` has the best first, at most as many as asked for; `total` counts all. `refused` counts pairs by
    their first reason. `bars` says why a need cannot be matched at all, `findings` what is wrong with the
    row's data. `sentence` sums it up for a clerk.
    """

    id: str
    matches: tuple[Match, ...]
    total: int
    refused: Mapping[Reason, int]
    nearest: tuple[NearMiss, ...]
    bars: tuple[NeedBar, ...]
    findings: tuple[Finding, ...]
    sentence: str

    @property
    def owners(self) -> tuple[str, ...]:
        """The owners of the matches, each once, the best first."""
        return tuple(dict.fromkeys(match.owner for match in self.matches))


def match_need(
    snapshot: Snapshot,
    need: str,
    profile: Profile,
    prices: Mapping[str, int] | None = None,
    limit: int | None = 20,
) -> Ranking:
    """Resources that could meet one need, best score first (equal ones by key).

    `prices` maps a resource's key to what one unit of it is worth to others, as a plan's duals say; a
    resource that the plan does not know is free. Raises `UnknownKeyError`.
    """
    i = _position(snapshot.need_position, "Need", need)
    bars = bars_of(snapshot, profile, i)
    mask = refusals(snapshot, profile, i)
    fit = np.flatnonzero(mask == 0) if not bars else np.zeros(0, np.intp)
    pairs = Pairs(np.full(len(fit), i, np.int32), fit.astype(np.int32))
    scores = score(snapshot, profile, pairs)
    order = _ranked(scores.score, [snapshot.resources.ids[j] for j in fit.tolist()])[:limit]
    near = _nearest(snapshot, mask, [i], range(len(mask))) if not bars else ()
    refused = counted(mask)
    return Ranking(
        id=need,
        matches=_explained(snapshot, profile, scores, order, prices),
        total=len(fit),
        refused=refused,
        nearest=near,
        bars=bars,
        findings=snapshot.findings_by_key.get(("Need", need), ()),
        sentence=_summary(len(fit), refused, "个资源可以对接", bars, not snapshot.resources.ids),
    )


def match_resource(
    snapshot: Snapshot,
    resource: str,
    profile: Profile,
    prices: Mapping[str, int] | None = None,
    limit: int | None = 20,
) -> Ranking:
    """Open needs that one resource could meet (认领), the most worth first: score times urgency.

    Needs that cannot be matched at all (closed, met, without a category) are not counted. Raises
    `UnknownKeyError`.
    """
    j = _position(snapshot.resource_position, "Resource", resource)
    return _for_resources(snapshot, profile, [j], resource, "Resource", prices, limit)


def match_unit(
    snapshot: Snapshot,
    owner: str,
    profile: Profile,
    prices: Mapping[str, int] | None = None,
    limit: int | None = 20,
) -> Ranking:
    """Open needs that one owner could meet with any of its resources, each need once, with the best of them.

    Raises `UnknownKeyError`.
    """
    position = _position(snapshot.owner_position, "Unit", owner)
    resources = np.flatnonzero(snapshot.resources.owner == position).tolist()
    return _for_resources(snapshot, profile, resources, owner, "Unit", prices, limit)


def _for_resources(
    snapshot: Snapshot,
    profile: Profile,
    resources: list[int],
    key: str,
    label: str,
    prices: Mapping[str, int] | None,
    limit: int | None,
) -> Ranking:
    open_needs = np.flatnonzero(need_bars(snapshot, profile) == 0)
    masks = [refusals_of_resource(snapshot, profile, j)[open_needs] for j in resources]
    fits = [open_needs[mask == 0].astype(np.int32) for mask in masks]
    pairs = Pairs(
        np.concatenate([np.zeros(0, np.int32), *fits]),
        np.repeat(np.array(resources, np.int32), [len(fit) for fit in fits]),
    )
    scores = score(snapshot, profile, pairs)
    keys = [(snapshot.needs.ids[i], snapshot.resources.ids[j]) for i, j in zip(*_lists(pairs), strict=True)]
    best: dict[int, int] = {}
    for k in _ranked(scores.weight, keys):
        best.setdefault(int(pairs.need[k]), k)
    near: list[NearMiss] = []
    for mask, j in zip(masks, resources, strict=True):
        near += _nearest(snapshot, mask, open_needs.tolist(), [j])
    refused = counted(np.concatenate([np.zeros(0, np.uint16), *masks]))
    nothing = "没有登记资源，请先登记" if not resources else None
    return Ranking(
        id=key,
        matches=_explained(snapshot, profile, scores, list(best.values())[:limit], prices),
        total=len(best),
        refused=refused,
        nearest=tuple(near[:NEAREST]),
        bars=(),
        findings=snapshot.findings_by_key.get((label, key), ()),
        sentence=nothing or _summary(len(best), refused, "个需求可以认领", (), not len(open_needs)),
    )


def _lists(pairs: Pairs) -> tuple[list[int], list[int]]:
    return pairs.need.tolist(), pairs.resource.tolist()


def _position(known: Mapping[str, int], label: str, key: str) -> int:
    if key not in known:
        raise UnknownKeyError(label, key)
    return known[key]


def _ranked(worth: Iterable[float], keys: list[str] | list[tuple[str, str]]) -> list[int]:
    """Positions, the most worth first, equal ones by key."""
    return [
        k
        for _, _, k in sorted(
            (-value, key, k) for k, (value, key) in enumerate(zip(worth, keys, strict=True))
        )
    ]


def _explained(
    snapshot: Snapshot, profile: Profile, scores: Scores, order: list[int], prices: Mapping[str, int] | None
) -> tuple[Match, ...]:
    found = []
    for k in order:
        i, j = int(scores.pairs.need[k]), int(scores.pairs.resource[k])
        price = None if prices is None else prices.get(snapshot.resources.ids[j], 0)
        found.append(explain(snapshot, profile, i, j, price))
    return tuple(found)


def _nearest(
    snapshot: Snapshot, mask: Bits, needs: Sequence[int], resources: Sequence[int]
) -> tuple[NearMiss, ...]:
    """Refusals for one reason only, save a wrong category or place, of which there are always plenty.

    One of `needs` and `resources` holds one position, the other one for each row of `mask`.
    """
    single = {
        int(bit): reason for reason, bit in BITS.items() if reason not in (Reason.CATEGORY, Reason.PLACE)
    }
    misses = []
    for k in np.flatnonzero(np.isin(mask, list(single)))[:NEAREST].tolist():
        i, j = needs[k % len(needs)], resources[k % len(resources)]
        reason = single[int(mask[k])]
        need, resource = snapshot.needs.ids[i], snapshot.resources.ids[j]
        misses.append(
            NearMiss(need, resource, reason, f"资源 {resource} 对需求 {need} 仅差一条：{REASONS[reason]}")
        )
    return tuple(misses)


def _summary(
    total: int, refused: Mapping[Reason, int], what: str, bars: tuple[NeedBar, ...], empty: bool
) -> str:
    if bars:
        return "；".join(BARS[bar] for bar in bars)
    if empty:
        return "没有登记任何资源，无从对接" if "资源" in what else "目前没有待对接的需求"
    if total:
        return f"有 {total} {what}"
    told = "，".join(f"{REASONS[reason].split('，')[0]} {number} 个" for reason, number in refused.items())
    return f"没有{what[1:]}：{told}"
