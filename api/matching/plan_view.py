"""A plan told to people: who gives what to whom, what is left out and why, what would help most. Pure.

A plan's file knows keys and numbers; titles, names and categories come from a snapshot. What the snapshot does
not know any more is told by its key alone.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from api.matching.planning import assigned
from matching.candidates import BITS, Reason, bars_of, counted, refusals
from matching.explain import BARS, REASONS
from matching.instance import NO_COMMUNITY, IntArray, total_by
from matching.plan_file import PlanFile
from matching.profile import Profile
from matching.shadow import Idle, Unserved, further_unit_prices, idle, unserved
from matching.snapshot import Snapshot

Row = dict[str, Any]
UNSERVED = {
    "no-candidate": "没有可对接的资源", "worth-more-elsewhere": "资源用在别处价值更高", "unit-limit": "提供方已达负担上限",
    "signed-away": "资源都已签约给别的需求", "practical-rules": "受实用规则限制",
}  # fmt: skip
"""What each reason of an unserved need is called."""
IDLE = {
    "no-candidate": "没有需求用得上", "needs-served-better": "用得上它的需求已由别的资源满足", "unit-limit": "提供方已达负担上限",
    "practical-rules": "受实用规则限制",
}  # fmt: skip
"""What each reason of an idle resource is called."""


@dataclass(frozen=True)
class PlanView:
    """A plan's file beside the snapshot that names what it is about. `id` and `state` are empty and `revision` 0 for a
    file that is not kept."""

    file: PlanFile
    snapshot: Snapshot
    id: str = ""
    state: str = ""
    revision: int = 0

    @cached_property
    def profile(self) -> Profile:
        """The profile that the plan was made with. Raises ProfileError for one that this program cannot use."""
        return Profile.from_dict(self.file.profile)

    @cached_property
    def missing(self) -> IntArray:
        """Units that each need lacks."""
        instance = self.file.instance
        return instance.need_quantity - total_by(instance.pair_need, self.file.plan.quantity, instance.needs)

    def summary(self) -> Row:
        """The figures of the plan and of what it serves."""
        file, instance = self.file, self.file.instance
        places = self.communities()
        worst = min(places, key=lambda row: row["share"], default=None)
        unserved_needs = int(np.count_nonzero(self.missing))
        return {
            "plan_id": self.id, "state": self.state, "revision": self.revision, "area_id": file.scope, "area": self._area(file.scope), "made_at": file.made_at,
            "method": file.plan.method, "value": file.plan.value, "bound": file.plan.bound, "gap": file.plan.gap,
            "needs": instance.needs, "served": instance.needs - unserved_needs, "unserved": unserved_needs,
            "wanted_units": int(instance.need_quantity.sum()), "served_units": int(file.plan.quantity.sum()),
            "assignments": int(np.count_nonzero(file.plan.quantity)),
            "worst_share": worst["share"] if worst else 1.0, "worst_community": worst["community"] if worst else "",
        }  # fmt: skip

    def communities(self) -> list[Row]:
        """Per community, units and needs wanted and served, in the order of keys."""
        instance, names = self.file.instance, self.file.names.communities
        inside = instance.need_community >= 0
        at, size = instance.need_community[inside], instance.communities
        wanted = total_by(at, instance.need_quantity[inside], size)
        lacking = total_by(at, self.missing[inside], size)
        needs = np.bincount(at, minlength=size)
        short = np.bincount(at, self.missing[inside] > 0, minlength=size).astype(np.int64)
        return [
            {"community_id": key, "community": self._area(key), "needs": int(needs[k]), "served": int(needs[k] - short[k]),
             "wanted_units": int(wanted[k]), "served_units": int(wanted[k] - lacking[k]),
             "share": round(float((wanted[k] - lacking[k]) / wanted[k]), 6) if wanted[k] else 1.0}
            for k, key in enumerate(names)
        ]  # fmt: skip

    def assignments(self) -> list[Row]:
        """Every assignment, by community, need and resource."""
        instance = self.file.instance
        prices = self.file.plan.resource_price.tolist()
        rows = []
        for pair, i, j, units in assigned(self.file):
            weight, urgency = int(instance.pair_weight[pair]), int(instance.need_urgency[i])
            rows.append({
                **self._community(i), **self._need(i), "quantity": units, **self._resource(j),
                "score": round(min(1.0, weight / 1000 / urgency), 6), "weight": weight, "price": int(prices[j]),
                "announced": int(instance.announced[pair]),
            })  # fmt: skip
        return sorted(rows, key=lambda row: (row["community_id"], row["need_id"], row["resource_id"]))

    def unserved(self) -> list[Row]:
        """Every need that is not served in full, with its reason and a sentence, by community and need."""
        found = unserved(self.file.instance, self.file.plan)
        rows = [
            {**self._community(each.need), **self._need(each.need), "missing": each.missing, "reason": each.reason,
             "heading": UNSERVED[each.reason], "sentence": self._why_unserved(each),
             "held_by": [self.file.names.needs[i] for i in each.held_by]}
            for each in found
        ]  # fmt: skip
        return sorted(rows, key=lambda row: (row["community_id"], row["need_id"]))

    def idle(self) -> list[Row]:
        """Every resource with units left, with its reason and a sentence, by owner and resource."""
        found = idle(self.file.instance, self.file.plan)
        rows = [
            {**self._resource(each.resource), "capacity": int(self.file.instance.resource_capacity[each.resource]),
             "left": each.left, "reason": each.reason, "heading": IDLE[each.reason], "sentence": self._why_idle(each),
             "could_serve": [self.file.names.needs[i] for i in each.could_serve]}
            for each in found
        ]  # fmt: skip
        return sorted(rows, key=lambda row: (row["owner_id"], row["resource_id"]))

    def prices(self) -> list[Row]:
        """What one more unit of a well-fitting resource would add at most, by category of needs and by community.

        Well-fitting: of the need's own category, from its own community, large and long enough, of an owner
        without a record. The greatest first; groups where nothing would help are left out.
        """
        instance, snapshot = self.file.instance, self.snapshot
        ideal = self._ideal_weights()
        known = [snapshot.need_position.get(key, -1) for key in self.file.names.needs]
        category = np.array([snapshot.needs.category[k] if k >= 0 else -1 for k in known], np.int64)
        rows: list[Row] = []
        for kind, group in (("类别", category), ("社区", instance.need_community)):
            for price in further_unit_prices(instance, self.file.plan, group, ideal):
                if price.price > 0 and price.group >= 0:
                    key, name = self._group(kind, price.group)
                    rows.append({
                        "kind": kind, "id": key, "name": name, "price": price.price, "need_id": self.file.names.needs[price.row],
                        "missing": price.units,
                    })  # fmt: skip
        return rows

    def _ideal_weights(self) -> IntArray:
        weights, profile = self.profile.weights, self.profile
        score = (
            weights.category * profile.category.same + weights.place * profile.place.community + weights.window
            + weights.capacity + weights.record * profile.record.prior
        )  # fmt: skip
        found: IntArray = np.maximum(1, np.rint(1000 * score * self.file.instance.need_urgency)).astype(
            np.int64
        )
        return found

    def _group(self, kind: str, group: int) -> tuple[str, str]:
        if kind == "类别":
            return self.snapshot.categories.ids[group], self.snapshot.categories.names[group]
        key = self.file.names.communities[group]
        return key, self._area(key)

    def _need(self, i: int) -> Row:
        key, needs = self.file.names.needs[i], self.snapshot.needs
        at = self.snapshot.need_position.get(key, -1)
        category = int(needs.category[at]) if at >= 0 else -1
        return {
            "need_id": key, "need": needs.titles[at] if at >= 0 else "",
            "category": self.snapshot.categories.names[category] if category >= 0 else "",
            "urgency": int(self.file.instance.need_urgency[i]), "wanted": int(self.file.instance.need_quantity[i]),
            "unit": needs.units[at] if at >= 0 else "",
        }  # fmt: skip

    def _resource(self, j: int) -> Row:
        key, snapshot = self.file.names.resources[j], self.snapshot
        owner = int(self.file.instance.resource_unit[j])
        owner_id = self.file.names.units[owner] if owner >= 0 else ""
        at, of = snapshot.resource_position.get(key, -1), snapshot.owner_position.get(owner_id, -1)
        return {
            "resource_id": key, "resource": snapshot.resources.titles[at] if at >= 0 else "",
            "owner_id": owner_id, "owner": snapshot.owners.names[of] if of >= 0 else "",
        }  # fmt: skip

    def _community(self, i: int) -> Row:
        at = int(self.file.instance.need_community[i])
        key = self.file.names.communities[at] if at != NO_COMMUNITY else ""
        return {"community_id": key, "community": self._area(key)}

    def _area(self, key: str) -> str:
        return self._area_names.get(key, "")

    @cached_property
    def _area_names(self) -> dict[str, str]:
        return dict(zip(self.snapshot.areas.ids, self.snapshot.areas.names, strict=True))

    def _why_unserved(self, each: Unserved) -> str:
        if each.reason == "no-candidate":
            return self._why_no_candidate(self.file.names.needs[each.need])
        if each.reason != "worth-more-elsewhere":
            return UNSERVED[each.reason]
        instance, prices = self.file.instance, self.file.plan.resource_price
        pairs = np.flatnonzero(instance.pair_need == each.need)
        community = int(instance.need_community[each.need])
        tier = max(0, int(self.file.plan.potentials.communities[community])) if community >= 0 else 0
        worth = instance.pair_weight[pairs] + tier
        # The one that comes nearest to paying: for every other the price is further above the worth.
        best = int(np.argmax(worth - prices[instance.pair_resource[pairs]]))
        resource = int(instance.pair_resource[pairs[best]])
        held = "、".join(self.file.names.needs[i] for i in each.held_by)
        proved = "已证明" if self.file.plan.gap == 0 else f"估计，方案差距不超过 {self.file.plan.gap:.2%}"
        return (
            f"资源用在需求 {held} 价值更高：最接近的 {self.file.names.resources[resource]}，每单位在别处值 {int(prices[resource])}，"
            f"用在这里值 {int(worth[best])}（{proved}）"
        )

    def _why_no_candidate(self, key: str) -> str:
        """Which constraint excluded the last ones: those that fit by category and place first of all."""
        snapshot = self.snapshot
        at = snapshot.need_position.get(key, -1)
        if at < 0:
            return UNSERVED["no-candidate"]
        if bars := bars_of(snapshot, self.profile, at):
            return "；".join(BARS[bar] for bar in bars)
        mask = refusals(snapshot, self.profile, at)
        by_category = (mask & BITS[Reason.CATEGORY]) == 0
        near = by_category & ((mask & BITS[Reason.PLACE]) == 0)
        if near.any():
            told = "，".join(
                f"{REASONS[reason]} {number} 个" for reason, number in counted(mask[near]).items()
            )
            return f"类别和服务区域都合适的资源有 {int(near.sum())} 个，都不能用：{told}"
        if by_category.any():
            return f"类别合适的资源有 {int(by_category.sum())} 个，都不服务到这里"
        return "没有一个资源的类别合适"

    def _why_idle(self, each: Idle) -> str:
        could = "、".join(self.file.names.needs[i] for i in each.could_serve)
        return f"{IDLE[each.reason]}：{could}" if could else IDLE[each.reason]
