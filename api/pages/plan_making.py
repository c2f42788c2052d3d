"""A plan is made as a job: the form that asks for one, how far it is, and stopping it."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from apiflask import APIFlask
from flask import Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from api.endpoints import hidden
from api.errors import problem
from api.jobs import State
from api.matching.endpoints import Matching
from api.matching.plan_endpoints import PlanWanted, RepairWanted, plan_work, repair_work
from api.pages.frame import Asked, asked_for, to
from api.refusals import Finding, InvalidInput, UnknownKeyError
from api.remembered import Remembered
from matching.profile import Profile, default_profile

PRACTICE = {
    "max_parties": ("一条需求最多几家", "0 为不限"), "minimum_lot": ("一家至少给多少", "0 为不限"),
    "unit_load": ("一家单位总共最多承担多少", "0 为不限"), "move_price": ("挪动一个已公布的承诺，至少要多得多少方案值", "越大越不动已公布的安排"),
}  # fmt: skip
"""The rules of practice in words, with what their zero or their size means."""
FAIRNESS = {"": 1, "double": 2, "none": 0}
"""How many times the bonus of the default profile for communities that have little so far."""
PRACTICAL = {"": None, "true": True, "false": False}
"""What is asked for of the rules of practice."""


def add(app: APIFlask, store: Remembered) -> None:
    """Serve the form's receiver and the pages of the job; the form itself stands on the list of plans."""
    matching: Matching = app.extensions["linmai-matching"]

    def progress(id: str) -> AnyResponse:  # noqa: A002
        return _progress(matching, store, id)

    def cancel(id: str) -> AnyResponse:  # noqa: A002
        _job(matching, id).cancel()
        return redirect(to("plan_job", id=id), 303)

    app.add_url_rule("/plans/jobs/<id>", "plan_job", hidden(app, progress), methods=["GET"])
    app.add_url_rule("/plans/jobs/<id>/cancel", "plan_job_cancel", hidden(app, cancel), methods=["POST"])


def start(matching: Matching, store: Remembered, asked: Asked, said: Mapping[str, str]) -> Response:
    """Begin to make the plan that a form asks for. Raises InvalidInput."""
    wanted = PlanWanted(
        scope=asked.scope.id, as_of=asked.as_of, practical=PRACTICAL.get(said.get("practical", "")), profile=_profile(said)
    )  # fmt: skip
    return _under_way(matching.jobs.start("plan", plan_work(store.source, matching.desk, wanted)))


def begin_repair(matching: Matching, store: Remembered, asked: Asked, id_: str) -> Response:
    """Begin to bring a plan up to today's lists."""
    work = repair_work(store.source, matching.plans, id_, RepairWanted(as_of=asked.as_of))
    return _under_way(matching.jobs.start("plan", work))


def _under_way(job: Any) -> Response:
    answer = redirect(to("plan_job", id=job.id), 303)
    assert isinstance(answer, Response)
    return answer


def defaults() -> Profile:
    """The profile that a form begins with."""
    return default_profile()


def _profile(said: Mapping[str, str]) -> dict[str, Any]:
    """What a form changes of the default profile. Raises InvalidInput for what is no number."""
    usual = defaults()
    times = FAIRNESS.get(said.get("fairness", ""), 1)
    found: dict[str, Any] = {}
    if times != 1:
        found["fairness"] = [
            {**asdict(tier), "bonus": tier.bonus * times} for tier in usual.fairness if times
        ]
    practice, wrong = {}, []
    for name, (heading, _) in PRACTICE.items():
        text = said.get(name, "").strip()
        if text and not (text.isascii() and text.isdigit() and len(text) < 10):
            wrong.append(
                Finding(name, f"「{heading}」应为 0 以上的整数，例如 {getattr(usual.practice, name)}")
            )
        elif text and int(text) != getattr(usual.practice, name):
            practice[name] = int(text)
    if wrong:
        raise InvalidInput(wrong)
    return {**found, **({"practice": practice} if practice else {})}


def _progress(matching: Matching, store: Remembered, id_: str) -> AnyResponse:
    job = _job(matching, id_)
    listed = request.headers.get("HX-Request") == "true"
    if job.state is State.DONE:
        since = {"part": "moves", "against": old} if (old := job.result.get("repaired")) else {}
        address = to("plan", id=job.result["plan_id"], **since)
        if not listed:
            return redirect(address, 303)
        return Response("", headers={"HX-Redirect": address})
    wrong = problem(job.error)[0]["detail"] if job.error else ""
    if listed:
        return make_response(render_template("plan_progress.html", job=job, wrong=wrong))
    asked = asked_for(store)
    return make_response(render_template("plan_job.html", frame=asked.frame, job=job, wrong=wrong))


def _job(matching: Matching, id_: str) -> Any:
    job = matching.jobs.find(id_)
    if job is None or job.kind != "plan":
        raise UnknownKeyError("没有这个任务，或它结束已久；任务只记在运行中的服务里，做好的方案见“对接方案”")
    return job
