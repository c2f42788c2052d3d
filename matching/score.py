"""What a pair is worth: seven parts, each 0 to 1, weighted by the profile, and the integer weight of a plan."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matching.candidates import Pairs
from matching.profile import Profile
from matching.snapshot import LAST_DAY, Ints, Positions, Reals, Snapshot

PARTS = ("category", "text", "place", "tie", "window", "capacity", "record")
"""The parts of a score, in the order of the columns of `Scores.parts`."""
PLACES = ("community", "street", "district", "elsewhere")
"""How near an owner is to a need; `place_levels` gives the position in this list."""


@dataclass(frozen=True, eq=False)
class Scores:
    """Scores of pairs. `parts` has a row per pair and a column per part; `score` is 0 to 1, to six decimals.

    `weight` is round(1000 * score * urgency), half up, at least 1: what a plan gains per unit.
    """

    pairs: Pairs
    parts: Reals
    score: Reals
    weight: Ints


def score(snapshot: Snapshot, profile: Profile, pairs: Pairs) -> Scores:
    """Score pairs, of whatever origin; each row depends on its own pair only."""
    i, j = pairs.need, pairs.resource
    needs, resources = snapshot.needs, snapshot.resources
    fit = resources.remaining[j] / np.maximum(needs.remaining[i], 1)
    parts = np.stack(
        [
            category_values(snapshot, profile, i, j),
            snapshot.texts.of_pairs(i, j),
            np.array([getattr(profile.place, name) for name in PLACES])[place_levels(snapshot, i, j)],
            tie_values(snapshot, profile, tie_positions(snapshot, profile, i, j)),
            _window_values(snapshot, i, j),
            np.clip(fit, 0.0, 1.0),
            # An owner that is not known (-1) takes the last row: the prior.
            np.append(record_values(snapshot, profile), profile.record.prior)[resources.owner[j]],
        ],
        axis=1,
    )
    # Summed in declared order and rounded to whole millionths, so that a weight never hangs on the last bit.
    total = sum(getattr(profile.weights, name) * parts[:, k] for k, name in enumerate(PARTS))
    millionths = np.rint(np.asarray(total) * 1e6).astype(np.int64)
    weight = np.maximum(1, (millionths * needs.urgency[i] + 500) // 1000)
    return Scores(pairs, parts, millionths / 1e6, weight)


def category_values(snapshot: Snapshot, profile: Profile, i: Positions, j: Positions) -> Reals:
    """How well the resource's category answers the need's: the tier or the CAN_SERVE weight, the larger."""
    categories = snapshot.categories
    spot = snapshot.needs.category[i], snapshot.resources.category[j]
    tiers = np.array([0.0, profile.category.sibling, profile.category.same])
    # An edge of -1 takes the last, added, weight: nothing.
    served = np.append(categories.edge_weight, 0.0)[categories.edge[spot]]
    values: Reals = np.maximum(tiers[categories.relation[spot]], served)
    return values


def place_levels(snapshot: Snapshot, i: Positions, j: Positions) -> npt.NDArray[np.intp]:
    """How near the owner is to the need: a position in `PLACES`."""
    areas = snapshot.areas
    here = snapshot.needs.area[i]
    there = np.append(snapshot.owners.area, -1)[snapshot.resources.owner[j]]
    level = np.full(len(i), PLACES.index("elsewhere"), np.intp)
    for name in reversed(PLACES[:-1]):
        column = np.append(getattr(areas, name), -1)
        level[(column[here] == column[there]) & (column[here] >= 0)] = PLACES.index(name)
    return level


def tie_positions(snapshot: Snapshot, profile: Profile, i: Positions, j: Positions) -> Positions:
    """The tie between each pair's owner and the need's community, street or district worth most; -1: none."""
    ties, areas = snapshot.ties, snapshot.areas
    best = np.full(len(i), -1, np.int32)
    if not len(ties.keys):
        return best
    owner, here = snapshot.resources.owner[j].astype(np.int64), snapshot.needs.area[i]
    worth = np.zeros(len(i))
    for column in (areas.community, areas.street, areas.district):
        area = np.append(column, -1)[here]
        keys = owner * len(areas.ids) + area
        spot = np.minimum(np.searchsorted(ties.keys, keys), len(ties.keys) - 1).astype(np.int32)
        found = np.where((ties.keys[spot] == keys) & (area >= 0) & (owner >= 0), spot, -1)
        value = tie_values(snapshot, profile, found)
        better = (found >= 0) & ((best < 0) | (value > worth))
        best[better], worth[better] = found[better], value[better]
    return best


def tie_values(snapshot: Snapshot, profile: Profile, tie: Positions) -> Reals:
    """What each tie is worth; -1: nothing."""
    worth = np.where(snapshot.ties.is_seat, profile.tie.seat, profile.tie.agreement)
    return np.append(worth, 0.0)[tie]


def record_values(snapshot: Snapshot, profile: Profile) -> Reals:
    """What each owner's past is worth: the mean of its records, drawn towards the prior while there are few."""
    owners, records = len(snapshot.owners.ids), snapshot.records
    total = np.bincount(records.owner, records.value, owners)
    number = np.bincount(records.owner, minlength=owners)
    weight = profile.record.prior_weight
    prior = np.full(owners, profile.record.prior)
    values: Reals = np.divide(total + prior * weight, number + weight, out=prior, where=number + weight > 0)
    return values


def _window_values(snapshot: Snapshot, i: Positions, j: Positions) -> Reals:
    """The share of the days asked for, from today on, that the resource covers; 1 for a need that names no last day."""
    needs, resources = snapshot.needs, snapshot.resources
    begins, ends = np.maximum(needs.wanted_from[i], snapshot.as_of), needs.wanted_to[i]
    shared = np.minimum(ends, resources.valid_to[j]) - np.maximum(begins, resources.valid_from[j])
    share = np.maximum(shared, 0) / np.maximum(ends - begins, 1)
    return np.where(snapshot.needs.wanted_to[i] == LAST_DAY, 1.0, np.minimum(share, 1.0))
