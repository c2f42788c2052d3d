import itertools
import random
from dataclasses import replace

import pytest

from matching import bundles
from matching.bundles import Share, bundle_for
from matching.match import UnknownKeyError, match_need
from matching.profile import Profile, default_profile
from matching.snapshot import Snapshot
from tests.matching.three_lists import Rows, need, resource, small

DEFAULT = default_profile()


def practice(most: int, lot: int) -> Profile:
    return replace(DEFAULT, practice=replace(DEFAULT.practice, max_parties=most, minimum_lot=lot))


def offers(*capacities: int) -> Rows:
    """A need of 20, and a party per capacity in the same community."""
    rows = small(resources=[resource(f"ZY-{k}", owner=f"O{k}", capacity=c) for k, c in enumerate(capacities)])
    rows.owners = [
        {"id": f"O{k}", "label": "Unit", "name": "示例", "area": "C1"} for k in range(len(capacities))
    ]
    return rows


def test_one_party_that_can_do_it_alone_is_enough() -> None:
    bundle = bundle_for(offers(8, 30, 12).snapshot(), "XQ-1", DEFAULT)
    assert [(share.resource, share.quantity) for share in bundle.shares] == [("ZY-1", 20)]
    assert (bundle.parties, bundle.missing, bundle.exact, bundle.sentence) == (
        1,
        0,
        True,
        "1 家即可满足 20 人次",
    )


def test_two_parties_share_a_need_that_neither_meets_alone() -> None:
    bundle = bundle_for(offers(5, 12, 9, 4).snapshot(), "XQ-1", DEFAULT)
    assert [(share.owner, share.quantity) for share in bundle.shares] == [("O1", 12), ("O2", 8)]
    assert bundle.sentence == "2 家合计满足 20 人次"


def test_two_resources_of_one_owner_are_one_party() -> None:
    rows = offers(12, 9, 11)
    rows.resources[2]["owner"] = "O1"
    bundle = bundle_for(rows.snapshot(), "XQ-1", DEFAULT)
    assert {(share.owner, share.resource) for share in bundle.shares} == {("O1", "ZY-1"), ("O1", "ZY-2")}
    assert (bundle.parties, bundle.quantity) == (1, 20)


def test_when_all_allowed_parties_fall_short_the_rest_is_named() -> None:
    bundle = bundle_for(offers(5, 4, 3, 7).snapshot(), "XQ-1", DEFAULT)
    assert (bundle.parties, bundle.quantity, bundle.missing) == (3, 16, 4)
    assert bundle.sentence == "3 家合计只能满足 16 人次，仍缺 4"


def test_every_party_gives_at_least_the_minimum_lot() -> None:
    bundle = bundle_for(offers(19, 3).snapshot(), "XQ-1", practice(3, 3))
    assert sorted((share.owner, share.quantity) for share in bundle.shares) == [("O0", 17), ("O1", 3)]
    assert bundle_for(offers(19, 2).snapshot(), "XQ-1", practice(3, 3)).missing == 1


def test_no_more_parties_take_part_than_lots_fit_into_the_need() -> None:
    rows = offers(2, 2, 2)
    rows.needs = [need(quantity=5)]
    bundle = bundle_for(rows.snapshot(), "XQ-1", practice(3, 2))
    assert (bundle.parties, bundle.quantity, bundle.missing) == (2, 4, 1)


def test_a_need_smaller_than_the_lot_is_met_whole() -> None:
    rows = offers(1, 4)
    rows.needs = [need(quantity=1)]
    assert bundle_for(rows.snapshot(), "XQ-1", practice(3, 2)).quantity == 1


def test_nobody_who_fits_gives_an_empty_bundle_with_the_reason() -> None:
    bundle = bundle_for(offers().snapshot(), "XQ-1", DEFAULT)
    assert (bundle.shares, bundle.missing, bundle.sentence) == ((), 20, "没有可以对接的资源")
    closed = bundle_for(small(needs=[need(state="销号")]).snapshot(), "XQ-1", DEFAULT)
    assert closed.sentence == "需求已办结、挂起或撤回，不再对接"
    with pytest.raises(UnknownKeyError):
        bundle_for(offers().snapshot(), "无", DEFAULT)


def by_trying_all(snapshot: Snapshot, most: int, lot: int, asked: int) -> tuple[int, int, float]:
    """Fewest parties, units met and best mean score, from every set of parties and every way to share."""
    fit = match_need(snapshot, "XQ-1", DEFAULT, limit=None).matches
    capacity = dict(zip(snapshot.resources.ids, snapshot.resources.remaining.tolist(), strict=True))
    owners = sorted({match.owner for match in fit})
    best = (0, 0, 0.0)
    for number in range(1, min(most, len(owners)) + 1):
        for chosen in itertools.combinations(owners, number):
            mine = [[m for m in fit if m.owner == owner] for owner in chosen]
            totals = [range(lot, min(asked, sum(capacity[m.resource] for m in ms)) + 1) for ms in mine]
            for split in itertools.product(*totals):
                met = sum(split)
                if met > asked or met < best[1] or (met == best[1] and number > best[0]):
                    continue
                worth = 0.0
                for units, ms in zip(split, mine, strict=True):
                    left = units
                    for m in sorted(ms, key=lambda m: -m.score):
                        taken = min(left, capacity[m.resource])
                        worth, left = worth + taken * m.score, left - taken
                if met > best[1] or worth / met > best[2]:
                    best = (number, met, worth / met)
    return best


@pytest.mark.parametrize("seed", range(60))
def test_a_bundle_has_the_fewest_parties_and_among_those_the_best_score(seed: int) -> None:
    chance = random.Random(seed)
    parties, lot, most = chance.randint(1, 5), chance.randint(1, 3), chance.randint(1, 3)
    asked = chance.randint(lot, 12)
    rows = offers(*(chance.randint(1, 6) for _ in range(chance.randint(parties, 7))))
    rows.needs = [need(quantity=asked)]
    for k, row in enumerate(rows.resources):
        row["owner"] = f"O{k % parties}"
        row["category"] = chance.choice(["餐饮场地", "会议场地"])
    for owner in rows.owners:
        owner["area"] = chance.choice(["C1", "C2", "C3", None])
    snapshot = rows.snapshot()
    bundle = bundle_for(snapshot, "XQ-1", practice(most, lot))
    number, met, mean = by_trying_all(snapshot, most, lot, asked)
    assert bundle.exact
    assert (bundle.parties, bundle.quantity) == (number, met)
    assert bundle.score == pytest.approx(mean)
    given: dict[str, int] = {}
    for share in bundle.shares:
        given[share.owner] = given.get(share.owner, 0) + share.quantity
        assert 0 < share.quantity <= snapshot.resources.remaining[snapshot.resource_position[share.resource]]
    assert (len(given), sum(given.values())) == (number, met)
    assert all(units >= lot for units in given.values())


def test_a_search_cut_short_still_gives_a_bundle_and_a_bound_it_cannot_pass(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = offers(*(5 + k % 3 for k in range(12)))
    for k, row in enumerate(rows.resources):
        row["category"] = "餐饮场地" if k % 2 else "会议场地"
    snapshot = rows.snapshot()
    exact = bundle_for(snapshot, "XQ-1", DEFAULT)
    monkeypatch.setattr(bundles, "SEARCH_LIMIT", 1)
    cut = bundle_for(snapshot, "XQ-1", DEFAULT)
    assert (exact.exact, cut.exact) == (True, False)
    assert cut.score <= exact.score == exact.bound <= cut.bound
    assert (cut.parties, cut.quantity) == (exact.parties, exact.quantity) == (3, 20)
    assert all(isinstance(share, Share) for share in cut.shares)
