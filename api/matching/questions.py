"""What may be asked of matching, as queries: parameters, columns and routes, the same for both front doors."""

from dataclasses import replace
from typing import Any

from api.matching.columns import (
    NEED,
    NEED_ID,
    OWNER,
    PRICE,
    RANK,
    RESOURCE,
    RESOURCE_ID,
    SCORE,
    URGENCY,
    WEIGHT,
)
from graph.query_file import Column, Param, QueryFile
from graph.schema import AREAS

SCOPE = Param("scope", "area", "key of an area; its district is what is matched in", True, areas=AREAS)
AS_OF = Param("as_of", "date", "the day that counts", False, "today")
PROFILE = Param(
    "profile", "string",
    "weights and limits: `in-force` for those of the plan whose prices count, the key of a kept plan for that plan's, or a JSON object of what"
    " differs from the default ones, section by section as in docs/matching.md; the default ones without it",
    False,
)  # fmt: skip
LIMIT = Param("limit", "integer", "how many at most, the best first", False, 20)


def _titled(column: Column) -> Column:
    """The title of what is ranked, which needs no other name there."""
    return replace(column, name="title")


_SCORED = (
    SCORE, WEIGHT, Column("quantity", "integer", "可对接数量", "units that the two could exchange"), PRICE,
    Column("net", "integer", "净价值", "weight less price"),
    Column("sentence", "string", "理由", "why this one"),
    Column("parts", "maps", "得分构成", "name, value, weight, phrase and path of each part of the score"),
    Column("path", "maps", "依据路径", "the nodes from need to owner: by, label, id, name"),
)  # fmt: skip
_NEED = (
    RANK, NEED_ID, _titled(NEED), Column("area", "string", "提出区域", "name"), URGENCY,
    replace(RESOURCE_ID, doc="key of the resource that meets it best"), *_SCORED,
)  # fmt: skip


def _match(name: str, title: str, doc: str, route: str, *columns: Column, **extra: Param) -> QueryFile:
    key = Param(route.rpartition("{")[2].rstrip("}"), "string", "key", True)
    params = (key, SCOPE, AS_OF, PROFILE, LIMIT, *extra.values())
    return QueryFile(name, title, doc, params, columns, route, "", writes=False)


MATCH_NEED = _match(
    "match_need", "某需求可对接的资源",
    "Resources that could meet one need, the best first: hard constraints, then the parts of the score with the path in the graph"
    " behind each. The notes say which resources were refused for what, what fails by one condition only, and the owners in order.",
    "/api/match/needs/{need}",
    RANK, RESOURCE_ID, _titled(RESOURCE), *OWNER, *_SCORED,
    bundle=Param("bundle", "boolean", "true: also the smallest number of parties that meet it together, in the note `bundle`", False, False),
)  # fmt: skip
MATCH_RESOURCE = _match(
    "match_resource", "某资源可认领的需求",
    "Open needs that one resource could meet, the most worth first: score times urgency.", "/api/match/resources/{resource}", *_NEED,
)  # fmt: skip
MATCH_UNIT = _match(
    "match_unit", "某单位可认领的需求",
    "Open needs that a unit (or any other owner) could meet with one of its resources, each need once, with the best of them.",
    "/api/match/units/{unit}", *_NEED,
)  # fmt: skip
CATEGORY = QueryFile(
    "match_category", "按文字建议类别",
    "The category that a free text most speaks for, its certainty (0 to 1) and the runner-up. The row's keys are empty when nothing speaks for any.",
    (
        Param("text", "string", "what a need or a resource is about, in anyone's words", True),
        Param("list", "string", "需求 or 资源: whose categories", False, "需求"),
        SCOPE, AS_OF,
    ),
    (
        Column("category_id", "string", "类别编号", "key"),
        Column("category", "string", "建议类别", "name"),
        Column("certainty", "decimal", "把握", "0 to 1"),
        Column("runner_up_id", "string", "其次编号", "key"),
        Column("runner_up", "string", "其次", "name"),
        Column("sentence", "string", "说明", "in one sentence"),
    ),
    "/api/match/category", "", writes=False,
)  # fmt: skip

TEXT: dict[str, Any] = {"type": "string"}
TEXTS = {"type": "array", "items": TEXT}
COUNT = {"type": "integer", "minimum": 0}


def shape(**properties: Any) -> dict[str, Any]:
    """The JSON schema of an object with these members, all of them there."""
    return {"type": "object", "required": list(properties), "properties": properties}


def several(item: dict[str, Any]) -> dict[str, Any]:
    """The JSON schema of a list."""
    return {"type": "array", "items": item}


RANKING_NOTES: dict[str, Any] = {
    "sentence": {**TEXT, "description": "The answer in one sentence."},
    "matches": {**COUNT, "description": "How many fit in all, before the limit."},
    "refused": {
        **several(shape(reason=TEXT, heading=TEXT, pairs=COUNT)),
        "description": "How many are refused for which reason, each counted under its first one.",
    },
    "nearest": {
        **several(shape(need=TEXT, resource=TEXT, reason=TEXT, sentence=TEXT)),
        "description": "What is refused for one reason only: lift it, and it fits.",
    },
    "bars": {**several(shape(reason=TEXT, sentence=TEXT)), "description": "Why the need cannot be matched at all."},
    "findings": {**several(shape(code=TEXT, message=TEXT)), "description": "What is wrong with the data of what was asked about."},
    "owners": {
        **several(shape(id=TEXT, name=TEXT, score={"type": "number"}, resources=COUNT)),
        "description": "The owners of the matches, each once, the best first.",
    },
    "plan": {"type": ["string", "null"], "description": "Key of the plan whose prices are told; null without one."},
}  # fmt: skip
_SHARE = shape(owner=TEXT, resource=TEXT, quantity=COUNT, score={"type": "number"})
NEED_NOTES: dict[str, Any] = {
    **RANKING_NOTES,
    "bundle": {
        "anyOf": [
            shape(shares=several(_SHARE), parties=COUNT, quantity=COUNT, missing=COUNT, score={"type": "number"},
                  bound={"type": "number"}, exact={"type": "boolean"}, sentence=TEXT),
            {"type": "null"},
        ],
        "description": "The smallest number of parties that meet the need together; null unless asked for.",
    },
}  # fmt: skip
