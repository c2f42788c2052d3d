"""What moves between two plans, and why. Pure."""

from collections.abc import Sequence

import numpy as np

from api.matching.plan_view import PlanView, Row
from api.matching.planning import assigned


def differences(before: PlanView, after: PlanView) -> list[Row]:
    """What moves between two plans, and why: a pair per row, by need and resource."""
    old, new = _by_pair(before), _by_pair(after)
    rows = []
    for key in sorted(old.keys() | new.keys()):
        was, is_ = old.get(key, 0), new.get(key, 0)
        if was != is_:
            rows.append({
                "need_id": key[0], "need": _title(after, before, key[0]), "resource_id": key[1], "before": was, "after": is_,
                "change": is_ - was, "sentence": _why_moved(before, after, key, is_ - was),
            })  # fmt: skip
    return rows


def _by_pair(view: PlanView) -> dict[tuple[str, str], int]:
    names = view.file.names
    return {(names.needs[i], names.resources[j]): units for _, i, j, units in assigned(view.file)}


def _title(after: PlanView, before: PlanView, need: str) -> str:
    for view in (after, before):
        if need in view.snapshot.need_position:
            return view.snapshot.needs.titles[view.snapshot.need_position[need]]
    return ""


def _why_moved(before: PlanView, after: PlanView, key: tuple[str, str], change: int) -> str:
    """The first thing that differs between the two plans' inputs for this pair; else that it pays in the whole."""
    need, resource = key
    for side, one, names_of in (("需求", need, "needs"), ("资源", resource, "resources")):
        was_there, is_there = (one in getattr(view.file.names, names_of) for view in (before, after))
        if was_there != is_there:
            return f"{side} {one} {'是后一方案才有的' if is_there else '在后一方案中已没有'}"
    old, new = _pair(before, key), _pair(after, key)
    if (old is None) != (new is None):
        return "两者现在可以对接" if old is None else "两者现在不能对接"
    for heading, was, is_ in (
        ("需求数量", *_quantities(before, after, "needs", "need_quantity", need)),
        ("资源余量", *_quantities(before, after, "resources", "resource_capacity", resource)),
        ("每单位价值", *(_weight(view, row) for view, row in ((before, old), (after, new)))),
    ):
        if was != is_:
            return f"{heading}由 {was} 变为 {is_}"
    return "总体更优：资源让给了别处" if change < 0 else "总体更优：从别处调来"


def _pair(view: PlanView, key: tuple[str, str]) -> int | None:
    instance, names = view.file.instance, view.file.names
    i, j = names.needs.index(key[0]), names.resources.index(key[1])
    rows = np.flatnonzero((instance.pair_need == i) & (instance.pair_resource == j))
    return int(rows[0]) if len(rows) else None


def _weight(view: PlanView, row: int | None) -> int:
    return int(view.file.instance.pair_weight[row]) if row is not None else 0


def _quantities(before: PlanView, after: PlanView, names: str, column: str, key: str) -> Sequence[int]:
    return [
        int(getattr(view.file.instance, column)[getattr(view.file.names, names).index(key)])
        for view in (before, after)
    ]
