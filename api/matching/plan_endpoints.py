"""/api/plans: kept plans with their lists, their file and workbook; making one as a job, and moving it on."""

from collections.abc import Callable
from functools import partial
from typing import Any

from apiflask import APIFlask
from flask import Response, request
from pydantic import BaseModel, ConfigDict, Field

from api.clock import now
from api.connection import writable
from api.endpoints import add_query, document, hidden
from api.formats import TYPES, as_json, attached
from api.job_endpoints import JOB, address_of, job_json
from api.jobs import Job, Jobs
from api.matching import kept_plans, plan_questions
from api.matching.desk import Desk
from api.matching.plan_workbook import plan_bytes
from api.matching.planning import make_plan
from api.matching.plans import Plans
from api.matching.repairing import repair
from api.openapi_writes import MISSING, in_path, write_operation
from api.records import reading
from api.records.acts import Act
from api.records.describing import IF_MATCH, history_operation, record_schema
from api.records.kinds import PLAN
from api.refusals import Finding, InvalidInput
from api.writing import actor, body_of, operation_id, seen_revision
from graph.ask import Reader, bind
from graph.catalog import queries
from graph.prepare import is_synthetic
from matching.profile import Profile, ProfileError

_STEPS = {"announce": "announced", "start": "running", "end": "ended"}
"""The last word of an address and the state that it leads to."""
_TITLES = {"announce": "公布方案", "start": "开始执行方案", "end": "结束或撤回方案"}
_DOCS = {
    "announce": "Its file is verified first; the announced plans for the same needs end.",
    "start": "Only an announced plan is carried out.",
    "end": "A draft is dropped, a running plan is done; an announced one is taken back, for a reason.",
}
_KEY = in_path("plan", "Key of a kept plan.", "F1")
_EXAMPLES = {"announce": "F1", "start": "F2", "end": "F1"}
"""A plan that each step can be taken with."""
_SAID = {"end": {"reason": "清单有误，改正后重新制定"}}
"""What a step is told with; one that was announced is not taken back without a reason."""
_STATE = record_schema(PLAN)
_STATE["required"] = ["plan_id", *_STATE["required"]]
_STATE["properties"] = {
    "plan_id": {"type": "string", "description": "The same as `id`."},
    **_STATE["properties"],
}


class Said(BaseModel):
    """What may be said with a step of a plan."""

    model_config = ConfigDict(extra="forbid")

    reason: str | None = Field(None, max_length=2000, description="Why; an announced plan is taken back for a reason only.")  # fmt: skip
    revision: int | None = Field(None, ge=0, description="The revision that the editor saw; as If-Match.")


class PlanWanted(BaseModel):
    """What a plan is to be made of."""

    model_config = ConfigDict(extra="forbid")

    scope: str = Field("", description="Key of an area; the store's district without it.")
    as_of: str = Field("", description="The day that counts, YYYY-MM-DD; the store's reference date without it.")  # fmt: skip
    practical: bool | None = Field(None, description="true: a plan that keeps the rules of practice. null: the exact one, the other tried beside it. false: the exact one alone.")  # fmt: skip
    profile: dict[str, Any] = Field(default_factory=dict, description="What differs from the default profile, section by section.")  # fmt: skip


class RepairWanted(BaseModel):
    """How a plan is to be brought up to today's lists."""

    model_config = ConfigDict(extra="forbid")

    as_of: str = Field("", description="The day that counts, YYYY-MM-DD; the store's reference date without it.")  # fmt: skip


def add_plans(app: APIFlask, store: Reader, jobs: Jobs, desk: Desk, plans: Plans) -> None:
    """Serve the plans and describe them. `store` must be one that can be written to for the requests that write."""
    add_query(app, store, plan_questions.SUMMARY, plans.summary)
    for query in plan_questions.PARTS.values():
        add_query(app, store, query, partial(plans.part, query))
    add_query(app, store, plan_questions.DIFF, plans.diff, plan_questions.DIFF_NOTES)
    _add_files(app, plans)
    _add_steps(app, store)

    def make() -> Response:
        job = jobs.start("plan", plan_work(store, desk, body_of(PlanWanted)))
        response = as_json(job_json(job), 202)
        response.headers["Location"] = address_of(job)
        return response

    def repair_plan(plan: str) -> Response:
        wanted = body_of(RepairWanted) if request.data else RepairWanted(as_of="")
        job = jobs.start("plan", repair_work(store, plans, plan, wanted))
        response = as_json(job_json(job), 202)
        response.headers["Location"] = address_of(job)
        return response

    app.add_url_rule("/api/plans", "plan_make", hidden(app, make), methods=["POST"])
    app.add_url_rule("/api/plans/<plan>/repair", "plan_repair", hidden(app, repair_plan), methods=["POST"])

    def describe(spec: dict[str, Any]) -> dict[str, Any]:
        spec.setdefault("paths", {}).setdefault("/api/plans", {})["post"] = _MAKE
        spec["paths"]["/api/plans/{plan}/repair"] = {"post": _REPAIR}
        return spec

    document(app, describe)


def plan_work(store: Reader, desk: Desk, wanted: PlanWanted) -> Callable[[Job], dict[str, Any]]:
    """What a job does to make a plan and keep it. What is wrong with the request is refused here, before there is
    a job: raises ParameterError and InvalidInput."""
    try:
        profile = Profile.from_dict(wanted.profile, "profile")
    except ProfileError as error:
        raise InvalidInput([Finding("profile", each) for each in error.problems]) from None
    given = bind(queries()["needs_without_candidate"], {"scope": wanted.scope, "as_of": wanted.as_of}, store)
    act = Act(writable(store), operation_id(), actor())

    def work(job: Job) -> dict[str, Any]:
        job.report(0, 5, "读取三张清单")
        situation = desk.situation(given["scope"], given["as_of"])
        made = make_plan(
            store, situation, given["scope"], profile, now().isoformat(timespec="seconds"), practical=wanted.practical,
            report=lambda done, total, words: job.report(done + 1, total + 1, words),
        )  # fmt: skip
        kept = kept_plans.keep(act, made)
        return {"plan_id": kept.id, "address": f"/api/plans/{kept.id}", **made.summary()}

    return work


def repair_work(store: Reader, plans: Plans, plan: str, wanted: RepairWanted) -> Callable[[Job], dict[str, Any]]:  # fmt: skip
    """What a job does to bring a kept plan up to today's lists, as a new draft. Raises UnknownKeyError and
    ParameterError before there is a job."""
    old = plans.view(plan)
    given = bind(
        queries()["needs_without_candidate"], {"scope": old.file.scope, "as_of": wanted.as_of}, store
    )
    act = Act(writable(store), operation_id(), actor())

    def work(job: Job) -> dict[str, Any]:
        job.report(0, 2, "读取三张清单")
        situation = plans.desk.situation(given["scope"], given["as_of"])
        job.report(1, 2, "由原方案的价格修补")
        found = repair(store, situation, old, now().isoformat(timespec="seconds"))
        kept = kept_plans.keep(act, found.made)
        address = f"/api/plans/{kept.id}"
        return {"plan_id": kept.id, "address": address, "repaired": plan, "diff": f"/api/plans/{plan}/diff/{kept.id}", **found.told()}  # fmt: skip

    return work


def _add_files(app: APIFlask, plans: Plans) -> None:
    def file(plan: str) -> Response:
        store = plans.desk.store
        content = kept_plans.kept(store, plan).text.encode()
        return attached(content, TYPES["json"], f"{plan}.json", synthetic=is_synthetic(store))

    def workbook(plan: str) -> Response:
        synthetic = is_synthetic(plans.desk.store)
        content = plan_bytes(plans.view(plan), synthetic=synthetic)
        return attached(content, TYPES["xlsx"], f"{plan}.xlsx", synthetic=synthetic)

    app.add_url_rule("/api/plans/<plan>/file", "plan_file", hidden(app, file), methods=["GET"])
    app.add_url_rule("/api/plans/<plan>/workbook", "plan_workbook", hidden(app, workbook), methods=["GET"])

    def describe(spec: dict[str, Any]) -> dict[str, Any]:
        paths = spec.setdefault("paths", {})
        paths["/api/plans/{plan}/file"] = {
            "get": _download("plan_file", "方案文件", "The plan's file, as docs/matching.md describes it; to be verified by anyone.", TYPES["json"], {"type": "object"}),
        }  # fmt: skip
        paths["/api/plans/{plan}/workbook"] = {
            "get": _download("plan_workbook", "可打印的工作簿", "By community, by owner, unserved needs with reasons, idle resources, the proof.", TYPES["xlsx"], {"type": "string", "format": "binary"}),
        }  # fmt: skip
        return spec

    document(app, describe)


def _add_steps(app: APIFlask, store: Reader) -> None:
    def step(plan: str, state: str) -> Response:
        said = body_of(Said).model_dump(exclude_none=True) if request.data else {}
        act = Act(writable(store), operation_id(), actor())
        response = as_json(kept_plans.move(act, plan, state, said, seen_revision()).answer)
        response.set_etag(str(response.get_json()["revision"]))
        return response

    def history(plan: str) -> Response:
        return as_json({"id": plan, "history": reading.history(store, PLAN, plan)})

    for word, state in _STEPS.items():
        view = hidden(app, partial(step, state=state))
        app.add_url_rule(f"/api/plans/<plan>/{word}", f"plan_{word}", view, methods=["POST"])
    app.add_url_rule("/api/plans/<plan>/history", "plan_history", hidden(app, history), methods=["GET"])

    def describe(spec: dict[str, Any]) -> dict[str, Any]:
        paths = spec.setdefault("paths", {})
        for word in _STEPS:
            paths[f"/api/plans/{{plan}}/{word}"] = {"post": _step(word)}
        paths["/api/plans/{plan}/history"] = {"get": history_operation(PLAN, _KEY)}
        return spec

    document(app, describe)


def _step(word: str) -> dict[str, Any]:
    doc = f"A step of its life, see docs/lifecycle.md. {_DOCS[word]} The body may be left out."
    described = write_operation(
        f"plan_{word}", _TITLES[word], doc, "plans", parameters=[in_path("plan", "Key of a kept plan.", _EXAMPLES[word]), IF_MATCH],
        body=Said, example=_SAID.get(word, {}), answers={"200": ("方案的状态", _STATE)}, problems={"404": MISSING},
    )  # fmt: skip
    described["requestBody"]["required"] = False
    return described


def _download(name: str, summary: str, doc: str, media_type: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "operationId": name, "summary": summary, "description": doc, "tags": ["plans"], "parameters": [_KEY],
        "responses": {"200": {"description": summary, "content": {media_type: {"schema": schema}}}, "404": MISSING},
    }  # fmt: skip


_MAKE = write_operation(
    "plan_make", "制定方案", "Plan all open needs of an area, as a job: the answer says where to ask how far it is. The plan is kept as a draft.",
    "plans", body=PlanWanted, example={"practical": False}, answers={"202": ("已开始的任务", JOB)},
)  # fmt: skip
_REPAIR = write_operation(
    "plan_repair", "按现在的清单修补方案",
    "Bring a kept plan up to the lists as they are now, as a job: what has come, changed or gone is applied to the plan's stored prices. The new plan is as good as one made anew, is kept as a draft, and `diff` of the job's result tells what moved and why. A plan that is not proved best cannot be repaired. The body may be left out.",
    "plans", body=RepairWanted, example={}, parameters=[_KEY], answers={"202": ("已开始的任务", JOB)}, problems={"404": MISSING},
)  # fmt: skip
_REPAIR["requestBody"]["required"] = False
