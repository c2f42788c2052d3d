"""The summary of an area: its gaps lead to what lacks, its parts add up."""

from collections import Counter

import pytest

from graph.ask import ask
from graph.catalog import queries
from graph.coverage import Coverage, coverage
from graph.gaps import COUNTED
from graph.store import Store
from tests.conftest import empty
from tests.queries.asked import DAY, DISTRICT, FEIXING
from tests.queries.small_districts import SmallDistrict, store_all

pytestmark = pytest.mark.servers

STREET, GRID = "410411001", "demo-410411001002-W04"
OTHER_DAY = "2020-04-01"


def listed(store: Store, summary: Coverage) -> dict[str, tuple[int, int]]:
    """Gap to how many lack, and how many rows its query gives, for gaps that do not say why they only count."""
    return {
        gap.heading: (gap.lacking, len(ask(store, queries()[gap.query], gap.arguments).rows))
        for gap in summary.gaps
        if not gap.summary
    }


@pytest.mark.parametrize("day", [DAY, OTHER_DAY])
@pytest.mark.parametrize("scope", [DISTRICT, STREET, FEIXING, GRID])
def test_each_gap_leads_to_a_list_of_exactly_what_lacks(demo_store: Store, scope: str, day: str) -> None:
    found = listed(demo_store, coverage(demo_store, scope, day))
    assert found == {heading: (lacking, lacking) for heading, (lacking, _) in found.items()}
    assert found


def test_only_the_gap_of_people_counts_instead_of_listing(demo_store: Store) -> None:
    gaps = coverage(demo_store, DISTRICT, DAY).gaps
    assert {gap.heading: gap.summary for gap in gaps if gap.summary} == {"在职党员未报到": COUNTED}
    (gap,) = (gap for gap in gaps if gap.summary)
    rows = ask(demo_store, queries()[gap.query], gap.arguments).rows
    assert sum(row["in_service"] - row["reported"] for row in rows) == gap.lacking
    assert sum(row["in_service"] for row in rows) == gap.due


def test_the_demo_shows_every_kind_of_gap_that_it_was_made_with(demo_store: Store) -> None:
    gaps = {gap.heading: (gap.lacking, gap.due) for gap in coverage(demo_store, DISTRICT, DAY).gaps}
    assert {k: v for k, v in gaps.items() if k.startswith("社区没有")} == {
        "社区没有工会": (6, 36), "社区没有妇联": (4, 36), "社区没有科协": (21, 36),
        "社区没有书记": (1, 36), "社区没有社区民警": (3, 36), "社区没有法律顾问": (5, 36),
    }  # fmt: skip


def test_members_count_once_so_that_kinds_streets_and_communities_add_up(demo_store: Store) -> None:
    given = {"scope": DISTRICT, "as_of": DAY}
    totals = []
    for name in ("members_by_kind", "members_by_street", "members_by_community"):
        counted: Counter[str] = Counter()
        for row in ask(demo_store, queries()[name], given).rows:
            counted[row["kind"]] += row["members"]
        totals.append(dict(counted))
    assert totals == [{"自管": 2181, "在职": 8736, "离退休": 3573, "流动": 119}] * 3


def test_the_streets_of_a_summary_add_up_to_its_district(demo_store: Store) -> None:
    summary = coverage(demo_store, DISTRICT, DAY)
    assert sum(line.units for line in summary.streets) == summary.units
    assert sum(line.overdue for line in summary.streets) == summary.needs_overdue
    assert sum(line.open_needs for line in summary.streets) == summary.needs_open


def test_gaps_lead_to_what_lacks_in_small_districts_too(embedded_store: Store) -> None:
    empty(embedded_store)
    districts = [SmallDistrict(number) for number in range(12)]
    store_all(embedded_store, districts)
    for district in districts:
        found = listed(embedded_store, coverage(embedded_store, district.district[1], DAY))
        assert found == {heading: (lacking, lacking) for heading, (lacking, _) in found.items()}
