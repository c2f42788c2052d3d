"""The tables that every way to a plan starts from: three CSV files, the same for all."""

from pathlib import Path

import numpy as np
import pandas as pd

from matching.instance import Instance


def write(folder: Path, plain: Instance) -> None:
    """`needs.csv`, `resources.csv` and `pairs.csv` of a plain instance; rows of the first two are known by position."""
    needs = {
        "quantity": plain.need_quantity, "urgency": plain.need_urgency, "community": plain.need_community,
    }  # fmt: skip
    resources = {"capacity": plain.resource_capacity, "unit": plain.resource_unit}
    pairs = {"need": plain.pair_need, "resource": plain.pair_resource, "worth": plain.pair_weight}
    folder.mkdir(parents=True, exist_ok=True)
    for name, columns in (("needs", needs), ("resources", resources), ("pairs", pairs)):
        pd.DataFrame(columns).to_csv(folder / f"{name}.csv", index=False)


def read(folder: Path) -> Instance:
    """The instance that `write` wrote: no tier, limit, promise or practical rule."""
    needs, resources, pairs = (
        pd.read_csv(folder / f"{name}.csv", dtype=np.int64) for name in ("needs", "resources", "pairs")
    )
    return Instance.build(
        need_quantity=needs["quantity"].to_numpy(),
        need_urgency=needs["urgency"].to_numpy(),
        need_community=needs["community"].to_numpy(),
        resource_capacity=resources["capacity"].to_numpy(),
        resource_unit=resources["unit"].to_numpy(),
        unit_limit=np.full(int(resources["unit"].max()) + 1, -1),
        pair_need=pairs["need"].to_numpy(),
        pair_resource=pairs["resource"].to_numpy(),
        pair_weight=pairs["worth"].to_numpy(),
    )
