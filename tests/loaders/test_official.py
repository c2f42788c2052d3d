"""Promises of the official territory in a store."""

from datetime import datetime

import pytest

from graph.prepare import prepare
from graph.schema import SCHEMA
from graph.store import Store
from loaders.divisions import Divisions, UnknownDivisionError
from loaders.official import SOURCE, init_district
from loaders.undo import undo
from tests.loaders.drafting import one, snapshot

NOW = datetime(2020, 10, 1)


@pytest.fixture
def prepared(store: Store) -> Store:
    """A prepared store."""
    prepare(store, SCHEMA)
    return store


def test_a_district_comes_with_all_above_and_below_it(prepared: Store) -> None:
    result = init_district(prepared, Divisions.open(), "410411", now=NOW)
    counts = {
        label: one(prepared, f"MATCH (n:{label}) RETURN count(n)")
        for label in ("Province", "City", "District", "Street", "Community")
    }
    assert counts == {"Province": 1, "City": 1, "District": 1, "Street": 10, "Community": 104}
    assert (result.added, result.changed, result.unchanged) == (117 + 116, 0, 0)
    assert [(b.source, b.file, b.rows) for b in result.batches] == [(SOURCE, f"{SOURCE}（410411）", 117)]
    path = one(
        prepared,
        "MATCH (c:Community {id: '410411004004'})-[:PART_OF]->(s)-[:PART_OF]->(d)-[:PART_OF]->(t)-[:PART_OF]->(p) "
        "RETURN [p.name, t.name, d.name, s.name, s.kind, c.name, c.kind, c.codes[0]]",
    )
    assert path == [
        *("河南省", "平顶山市", "湛河区", "九里山街道", "街道", "飞行社区居民委员会", "居委会"),
        "nbs:410411004004",
    ]


def test_the_same_district_again_changes_nothing_and_its_neighbour_shares_what_is_above(
    prepared: Store,
) -> None:
    divisions = Divisions.open()
    first = init_district(prepared, divisions, "410411", now=NOW)
    before = snapshot(prepared, without=())
    again = init_district(prepared, divisions, "410411")
    assert (again.added, again.changed, again.unchanged) == (0, 0, first.added)
    assert snapshot(prepared, without=()) == before
    neighbour = init_district(prepared, divisions, "410402")
    assert neighbour.unchanged == 3
    assert neighbour.missing == 0
    undo(prepared, neighbour.batches[0].id)
    assert snapshot(prepared, without=("Batch",)) == (
        [line for line in before[0] if '"label": "Batch"' not in line],
        before[1],
    )


def test_what_the_office_wrote_about_an_area_stays(prepared: Store) -> None:
    divisions = Divisions.open()
    init_district(prepared, divisions, "410411")
    prepared.write(
        "MATCH (c:Community {id: '410411004004'}) "
        "SET c.population = 3000, c.codes = ['nbs:410411004004', 'local:7']"
    )
    assert init_district(prepared, divisions, "410411").changed == 0
    found = one(prepared, "MATCH (c:Community {id: '410411004004'}) RETURN [c.population, c.codes]")
    assert found == [3000, ["nbs:410411004004", "local:7"]]


def test_a_code_that_no_area_has_is_refused_before_anything_is_written(prepared: Store) -> None:
    with pytest.raises(UnknownDivisionError, match="没有编号为 410499 的行政区划"):
        init_district(prepared, Divisions.open(), "410499")
    assert snapshot(prepared) == ([], [])
