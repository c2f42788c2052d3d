"""Published instances with a known optimum; sources and licences stand beside them in tests/data."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from matching.auction import auction
from matching.certificate import Plan, faults
from matching.flow import solve
from matching.instance import NO_UNIT, Instance

_FILE = Path(__file__).parents[1] / "data" / "assignment" / "published.json"
_PUBLISHED: list[dict[str, Any]] = json.loads(_FILE.read_text(encoding="utf-8"))["instances"]
_DEAR = 10_000
"""A matched pair is worth this less its cost, so that matching one more always comes first."""


def _instance(published: dict[str, Any]) -> Instance:
    cost = published["cost"]
    pairs = [(w, t, c) for w, row in enumerate(cost) for t, c in enumerate(row) if c is not None]
    unit = np.full(len(cost), NO_UNIT)
    for number, team in enumerate(published.get("teams", [])):
        unit[team["rows"]] = number
    return Instance.build(
        need_quantity=[1] * len(cost[0]),
        resource_capacity=[1] * len(cost),
        resource_unit=unit,
        unit_limit=[team["limit"] for team in published.get("teams", [])],
        pair_need=[t for _, t, _ in pairs],
        pair_resource=[w for w, _, _ in pairs],
        pair_weight=[_DEAR - c for _, _, c in pairs],
    )


def _cost(plan: Plan) -> int:
    return int(plan.quantity.sum()) * _DEAR - plan.value


@pytest.mark.parametrize("published", _PUBLISHED, ids=lambda p: p["name"])
def test_the_known_optimum_is_found_and_proved(published: dict[str, Any]) -> None:
    instance = _instance(published)
    plan = solve(instance)
    assert (_cost(plan), plan.gap, faults(instance, plan)) == (published["optimum"], 0.0, [])
    sold = auction(instance, 0.001)
    assert sold.gap <= 0.001
    assert sold.value <= plan.value <= sold.bound


def test_every_instance_names_its_source_and_licence() -> None:
    assert [p["name"] for p in _PUBLISHED if not (p["source"] and p["licence"])] == []
    assert len(_PUBLISHED) >= 8
