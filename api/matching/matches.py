"""One need, one resource, one unit, one text: matched on the graph and told as answers."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from api.matching import questions
from api.matching.desk import Situation
from api.matching.plans import Plans, Prices
from api.refusals import UnknownKeyError
from graph.ask import Answer, ParameterError, bind
from graph.query_file import QueryFile
from matching import match
from matching.bundles import bundle_for
from matching.explain import BARS, REASONS, Match
from matching.match import Ranking, match_need, match_resource, match_unit
from matching.profile import Profile, default_profile
from matching.snapshot import Snapshot

PART_HEADINGS = {
    "category": "类别", "text": "内容", "place": "地点", "tie": "协议与席位", "window": "时间", "capacity": "数量", "record": "履约与评价",
}  # fmt: skip
"""What the parts of a score are called."""
Given = Mapping[str, Any]
Row = dict[str, Any]


class Matches:
    """Answers what may be asked of matching. Raises ParameterError and UnknownKeyError."""

    def __init__(self, plans: Plans, profile: Profile | None = None) -> None:
        """`profile` is the one for questions that name none; the default one without it."""
        self.desk = plans.desk
        self._plans = plans
        self._usual = profile or default_profile()

    def need(self, given: Given, version: str = "") -> Answer:
        """Resources for one need, and the bundle when it is asked for."""
        asked, situation = self._asked(questions.MATCH_NEED, given, version)
        profile = self._plans.profile(asked["profile"], situation, self._usual)
        prices = self._plans.prices(situation)
        ranking = _ranked(match_need, situation, asked["need"], profile, prices, asked["limit"])
        snapshot = situation.snapshot
        rows = [
            {"rank": rank, "resource_id": each.resource, "title": each.title, "owner_id": each.owner,
             "owner": _owner_name(snapshot, each.owner), **_scored(each)}
            for rank, each in enumerate(ranking.matches, 1)
        ]  # fmt: skip
        bundle = asdict(bundle_for(snapshot, asked["need"], profile)) if asked["bundle"] else None
        notes = {**_notes(snapshot, ranking, prices), "bundle": bundle and _without_need(bundle)}
        return Answer(questions.MATCH_NEED, asked, rows, notes)

    def resource(self, given: Given, version: str = "") -> Answer:
        """Open needs for one resource."""
        return self._needs(questions.MATCH_RESOURCE, match_resource, "resource", given, version)

    def unit(self, given: Given, version: str = "") -> Answer:
        """Open needs for one unit, or any other owner."""
        return self._needs(questions.MATCH_UNIT, match_unit, "unit", given, version)

    def category(self, given: Given, version: str = "") -> Answer:
        """A category for a free text."""
        asked, situation = self._asked(questions.CATEGORY, given, version)
        suggester = situation.suggesters.get(asked["list"])
        if suggester is None:
            raise ParameterError("list", f"参数 list 的值“{asked['list'][:60]}”不对：应为 需求、资源 之一")
        found = suggester.suggest(asked["text"])
        names = dict(zip(situation.snapshot.categories.ids, situation.snapshot.categories.names, strict=True))
        row = {
            "category_id": found.category, "category": names.get(found.category or ""), "certainty": round(found.certainty, 4),
            "runner_up_id": found.runner_up, "runner_up": names.get(found.runner_up or ""), "sentence": found.sentence,
        }  # fmt: skip
        return Answer(questions.CATEGORY, asked, [row])

    def _asked(self, query: QueryFile, given: Given, version: str) -> tuple[dict[str, Any], Situation]:
        asked = bind(query, given, self.desk.store)
        return asked, self.desk.situation(asked["scope"], asked["as_of"], version)

    def _needs(
        self, query: QueryFile, find: Callable[..., Ranking], name: str, given: Given, version: str
    ) -> Answer:
        asked, situation = self._asked(query, given, version)
        profile = self._plans.profile(asked["profile"], situation, self._usual)
        prices = self._plans.prices(situation)
        ranking = _ranked(find, situation, asked[name], profile, prices, asked["limit"])
        snapshot = situation.snapshot
        rows = [
            {"rank": rank, **_need(snapshot, each.need), "resource_id": each.resource, **_scored(each)}
            for rank, each in enumerate(ranking.matches, 1)
        ]
        return Answer(query, asked, rows, _notes(snapshot, ranking, prices))


def _ranked(
    find: Callable[..., Ranking], situation: Situation, key: str, profile: Profile, prices: Prices | None, limit: int
) -> Ranking:  # fmt: skip
    if not 1 <= limit <= 1000:
        raise ParameterError("limit", f"参数 limit 的值“{limit}”不对：应为 1 到 1000 的整数")
    try:
        return find(situation.snapshot, key, profile, prices.of_resource if prices else None, limit)
    except match.UnknownKeyError as error:
        raise UnknownKeyError(str(error)) from None


def _need(snapshot: Snapshot, key: str) -> Row:
    at = snapshot.need_position[key]
    area = int(snapshot.needs.area[at])
    return {
        "need_id": key, "title": snapshot.needs.titles[at],
        "area": snapshot.areas.names[area] if area >= 0 else "", "urgency": int(snapshot.needs.urgency[at]),
    }  # fmt: skip


def _scored(found: Match) -> Row:
    parts = [
        {"name": part.name, "heading": PART_HEADINGS[part.name], "value": round(part.value, 6), "weight": part.weight,
         "phrase": part.phrase, "path": [asdict(step) for step in part.path]}
        for part in found.parts
    ]  # fmt: skip
    return {
        "score": found.score, "weight": found.weight, "quantity": found.quantity, "price": found.price, "net": found.net,
        "sentence": found.sentence, "parts": parts, "path": [asdict(step) for step in found.path],
    }  # fmt: skip


def _notes(snapshot: Snapshot, ranking: Ranking, prices: Prices | None) -> dict[str, Any]:
    return {
        "sentence": ranking.sentence,
        "matches": ranking.total,
        "refused": [
            {"reason": reason.value, "heading": REASONS[reason], "pairs": pairs}
            for reason, pairs in ranking.refused.items()
        ],
        "nearest": [
            {"need": miss.need, "resource": miss.resource, "reason": miss.reason.value, "sentence": miss.sentence}
            for miss in ranking.nearest
        ],
        "bars": [{"reason": bar.value, "sentence": BARS[bar]} for bar in ranking.bars],
        "findings": [{"code": each.code, "message": each.message} for each in ranking.findings],
        "owners": _owners(snapshot, ranking),
        "plan": prices.plan if prices else None,
    }  # fmt: skip


def _owners(snapshot: Snapshot, ranking: Ranking) -> list[Row]:
    scores: dict[str, list[float]] = {}
    for each in ranking.matches:
        scores.setdefault(each.owner, []).append(each.score)
    return [
        {"id": owner, "name": _owner_name(snapshot, owner), "score": max(found), "resources": len(found)}
        for owner, found in scores.items()
    ]


def _owner_name(snapshot: Snapshot, owner: str) -> str:
    return snapshot.owners.names[snapshot.owner_position[owner]] if owner in snapshot.owner_position else ""


def _without_need(bundle: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in bundle.items() if name != "need"}
