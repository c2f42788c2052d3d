"""A plan as a file: everything that was decided about, what was decided, and the proof.

UTF-8 JSON, one object. Positions count from 0 in the lists of the same file; all numbers are whole, save
`gap` and what the profile holds.

    format        "linmai-plan"; `version` is 1
    scope, made_at, method   the area's key, an ISO time, and flow, auction or practical
    profile       the weights and limits in force, as they were given
    needs         [{id, quantity, urgency, community, max_parties, minimum_lot, all_or_nothing}]
    resources     [{id, capacity, unit}]           -1 for no community, no unit
    units         [{id, limit}]                    -1 for no limit
    communities   [id]
    tiers         [{percent, bonus}]
    pairs         columns: need, resource (positions), weight, locked, announced, move_price
    assignments   [{need, resource, quantity}]     ids; locked units included; nothing that is 0
    potentials    {units, resources, needs, communities}: one number each, see `certificate`
    value, bound, gap        what the plan is worth, the proved limit, and (bound - value) / bound
    digest        SHA-256 (hex) of the object without `digest`: keys sorted, no spaces, UTF-8

To check a file: recompute the digest; the quantities against needs, resources, units and locks; the value
from the weights, withdrawn promises and tiers; the bound from the potentials.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from matching.certificate import Plan, Potentials, gap
from matching.instance import Instance, IntArray, Tier
from matching.plan_shape import shape_problem

FORMAT, VERSION = "linmai-plan", 1


@dataclass(frozen=True)
class Names:
    """The ids of an instance's rows, in its order; unique on each side."""

    needs: Sequence[str]
    resources: Sequence[str]
    units: Sequence[str] = ()
    communities: Sequence[str] = ()


@dataclass(frozen=True)
class PlanFile:
    """What a plan's file holds."""

    instance: Instance
    plan: Plan
    names: Names
    profile: Mapping[str, Any] = field(default_factory=dict)
    scope: str = ""
    made_at: str = ""


@dataclass(frozen=True)
class Unreadable:
    """Why a text is no plan: one Chinese sentence."""

    sentence: str


@dataclass(frozen=True)
class Move:
    """A pair whose quantity differs between two plans."""

    need: str
    resource: str
    before: int
    after: int


def dump(file: PlanFile) -> str:
    """The file's text, one line per row. `ValueError` when the names do not fit the instance."""
    document = _document(file)
    document["digest"] = digest(document)
    lines = []
    for key, value in document.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            rows = ",\n  ".join(_compact(row) for row in value)
            lines.append(f"{json.dumps(key)}: [\n  {rows}\n ]")
        else:
            lines.append(f"{json.dumps(key)}: {_compact(value)}")
    return "{\n " + ",\n ".join(lines) + "\n}\n"


def load(text: str) -> PlanFile | Unreadable:
    """Read a plan's file; damaged or foreign text is told in one sentence. Proves nothing: see `verify`."""
    document = read(text)
    return document if isinstance(document, Unreadable) else build(document)


def read(text: str) -> dict[str, Any] | Unreadable:
    """The file's object, if its shape is that of a plan of this version."""
    try:
        document = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        return Unreadable(f"这不是完整的方案文件（JSON 读不通：{error}）；请重新导出或取回原文件")
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        return Unreadable("这不是 LinMai 的对接方案文件；请选择用 linmai plan make --out 生成的文件")
    if document.get("version") != VERSION or isinstance(document["version"], bool):
        return Unreadable(
            f"方案文件的版本是 {document.get('version')!r}，本程序只认得版本 {VERSION}；请用生成它的程序版本打开"
        )
    problem = shape_problem(document)
    return Unreadable(f"方案文件不完整：{problem}；请重新导出或取回原文件") if problem else document


def build(document: dict[str, Any]) -> PlanFile | Unreadable:
    """The plan that a well-shaped object describes."""
    try:
        return _build(document)
    except (ValueError, KeyError, OverflowError) as error:
        return Unreadable(f"方案文件里的数字前后不合：{error}；请重新导出或取回原文件")


def digest(document: Mapping[str, Any]) -> str:
    """SHA-256 of the object without its `digest`, in canonical form."""
    rest = {key: value for key, value in document.items() if key != "digest"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def diff(before: PlanFile, after: PlanFile) -> list[Move]:
    """Every pair whose quantity differs, by need and resource id."""
    old, new = _assigned(before), _assigned(after)
    keys = sorted(key for key in old.keys() | new.keys() if old.get(key, 0) != new.get(key, 0))
    return [
        Move(need, resource, old.get((need, resource), 0), new.get((need, resource), 0))
        for need, resource in keys
    ]


def _assigned(file: PlanFile) -> dict[tuple[str, str], int]:
    instance, names = file.instance, file.names
    rows = np.flatnonzero(file.plan.quantity)
    needs: list[int] = instance.pair_need[rows].tolist()
    resources: list[int] = instance.pair_resource[rows].tolist()
    keys = [(names.needs[n], names.resources[r]) for n, r in zip(needs, resources, strict=True)]
    return dict(zip(keys, file.plan.quantity[rows].tolist(), strict=True))


def _document(file: PlanFile) -> dict[str, Any]:
    instance, plan, names = file.instance, file.plan, file.names
    _check_names(instance, names)
    return {
        "format": FORMAT,
        "version": VERSION,
        "scope": file.scope,
        "made_at": file.made_at,
        "method": plan.method,
        "value": plan.value,
        "bound": plan.bound,
        "gap": gap(plan.value, plan.bound),
        "profile": dict(file.profile),
        "tiers": [{"percent": t.percent, "bonus": t.bonus} for t in instance.tiers],
        "communities": list(names.communities),
        "units": _rows(id=names.units, limit=instance.unit_limit),
        "needs": _rows(id=names.needs, quantity=instance.need_quantity, urgency=instance.need_urgency,
                       community=instance.need_community, max_parties=instance.max_parties,
                       minimum_lot=instance.minimum_lot, all_or_nothing=instance.all_or_nothing),
        "resources": _rows(id=names.resources, capacity=instance.resource_capacity, unit=instance.resource_unit),
        "pairs": {
            "need": instance.pair_need.tolist(),
            "resource": instance.pair_resource.tolist(),
            "weight": instance.pair_weight.tolist(),
            "locked": instance.locked.tolist(),
            "announced": instance.announced.tolist(),
            "move_price": instance.move_price.tolist(),
        },
        "assignments": [
            {"need": need, "resource": resource, "quantity": quantity}
            for (need, resource), quantity in _assigned(file).items()
        ],
        "potentials": {
            "units": plan.potentials.units.tolist(),
            "resources": plan.potentials.resources.tolist(),
            "needs": plan.potentials.needs.tolist(),
            "communities": plan.potentials.communities.tolist(),
        },
    }  # fmt: skip


def _rows(**columns: Sequence[str] | IntArray) -> list[dict[str, Any]]:
    plain = [c.tolist() if isinstance(c, np.ndarray) else list(c) for c in columns.values()]
    return [dict(zip(columns, row, strict=True)) for row in zip(*plain, strict=True)]


def _build(document: dict[str, Any]) -> PlanFile:
    def column(rows: str, key: str) -> list[int]:
        return [row[key] for row in document[rows]]

    pairs, prices = document["pairs"], document["potentials"]
    instance = Instance.build(
        need_quantity=column("needs", "quantity"),
        need_urgency=column("needs", "urgency"),
        need_community=column("needs", "community"),
        communities=len(document["communities"]),
        max_parties=column("needs", "max_parties"),
        minimum_lot=column("needs", "minimum_lot"),
        all_or_nothing=column("needs", "all_or_nothing"),
        resource_capacity=column("resources", "capacity"),
        resource_unit=column("resources", "unit"),
        unit_limit=column("units", "limit"),
        tiers=[Tier(**tier) for tier in document["tiers"]],
        **{f"pair_{key}": pairs[key] for key in ("need", "resource", "weight")},
        **{key: pairs[key] for key in ("locked", "announced", "move_price")},
    )
    names = Names(
        needs=[row["id"] for row in document["needs"]],
        resources=[row["id"] for row in document["resources"]],
        units=[row["id"] for row in document["units"]],
        communities=document["communities"],
    )
    _check_names(instance, names)
    potentials = Potentials(
        *(np.array(prices[k], np.int64) for k in ("units", "resources", "needs", "communities"))
    )
    sizes = (instance.units, instance.resources, instance.needs, instance.communities)
    found = tuple(
        len(p) for p in (potentials.units, potentials.resources, potentials.needs, potentials.communities)
    )
    if found != sizes:
        raise ValueError(f"potentials of {found} rows where {sizes} are expected")
    plan = Plan(
        _quantities(document, instance, names),
        potentials,
        document["value"],
        document["bound"],
        document["method"],
    )
    return PlanFile(instance, plan, names, document["profile"], document["scope"], document["made_at"])


def _quantities(document: dict[str, Any], instance: Instance, names: Names) -> IntArray:
    need = {name: row for row, name in enumerate(names.needs)}
    resource = {name: row for row, name in enumerate(names.resources)}
    pair = {
        key: p
        for p, key in enumerate(
            zip(instance.pair_need.tolist(), instance.pair_resource.tolist(), strict=True)
        )
    }
    quantity = np.zeros(instance.pairs, np.int64)
    seen: set[int] = set()
    for row in document["assignments"]:
        row_pair = pair.get((need.get(row["need"], -1), resource.get(row["resource"], -1)))
        if row_pair is None or row_pair in seen:
            raise ValueError(
                f"assignment of {row['resource']!r} to {row['need']!r} is no pair, or is there twice"
            )
        seen.add(row_pair)
        quantity[row_pair] = row["quantity"]
    return quantity


def _check_names(instance: Instance, names: Names) -> None:
    for side, ids, size in (
        ("needs", names.needs, instance.needs),
        ("resources", names.resources, instance.resources),
        ("units", names.units, instance.units),
        ("communities", names.communities, instance.communities),
    ):
        if len(ids) != size or len(set(ids)) != size:
            raise ValueError(f"{len(ids)} ids ({len(set(ids))} different) for {size} {side}")


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is there twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")
