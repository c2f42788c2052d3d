"""The hard rules as a database user would write them: one SQL join, in sqlite3."""

import sqlite3

import numpy as np

from benchmarks.matching.generator import (
    COMMUNITIES_PER_STREET,
    LEAVES_PER_PARENT,
    MINIMUM_OVERLAP,
    District,
    Side,
)
from matching.instance import IntArray

_JOIN = """
SELECT n.id, r.id FROM needs n JOIN resources r ON r.district = n.district AND r.parent = n.parent
WHERE (r.reach = 2 OR r.community = n.community OR (r.reach = 1 AND r.street = n.street))
  AND (r.kind = 0 OR r.kind = n.kind)
  AND min(n.until, r.until) - max(n.since, r.since) >= ?
"""


def sql_candidates(data: District) -> tuple[IntArray, IntArray]:
    """The pairs that keep every hard rule, by an indexed join."""
    with sqlite3.connect(":memory:") as database:
        for table, side in (("needs", data.needs), ("resources", data.resources)):
            database.execute(
                f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, district, parent, community, street, kind, since, until, reach)"
            )
            database.executemany(f"INSERT INTO {table} VALUES (?,?,?,?,?,?,?,?,?)", _rows(side))
        database.execute("CREATE INDEX by_parent ON resources (district, parent)")
        pairs = np.array(database.execute(_JOIN, (MINIMUM_OVERLAP,)).fetchall(), np.int64)
    return pairs[:, 0], pairs[:, 1]


def _rows(side: Side) -> list[tuple[int, ...]]:
    columns = (
        np.arange(len(side.units)), side.district, side.leaf // LEAVES_PER_PARENT, side.community,
        side.community // COMMUNITIES_PER_STREET, side.group, side.start, side.end, side.reach,
    )  # fmt: skip
    return list(zip(*(column.tolist() for column in columns), strict=True))
