"""/api/jobs: how far a long work is, what came of it, and stopping it."""

from typing import Any

from apiflask import APIFlask
from flask import Response

from api.endpoints import document, hidden
from api.errors import problem
from api.formats import as_json
from api.jobs import Job, Jobs
from api.openapi_writes import MISSING, in_path, write_operation
from api.refusals import UnknownKeyError

ROUTE = "/api/jobs/{job}"
JOB: dict[str, Any] = {
    "type": "object",
    "required": ["id", "kind", "state", "done", "total", "words", "address", "result", "error"],
    "properties": {
        "id": {"type": "string"},
        "kind": {"type": "string"},
        "state": {"enum": ["waiting", "running", "done", "failed", "cancelled"]},
        "done": {"type": "integer", "minimum": 0, "description": "Steps that are done."},
        "total": {"type": "integer", "minimum": 0, "description": "Steps in all; 0 before the first."},
        "words": {"type": "string", "description": "What is being done."},
        "address": {"type": "string", "description": "Where to ask again."},
        "result": {"type": ["object", "null"], "description": "What came of it, when done."},
        "error": {
            "anyOf": [{"$ref": "#/components/schemas/Problem"}, {"type": "null"}],
            "description": "Why it failed.",
        },
    },
}
"""The JSON schema of a job."""
_KEY = in_path("job", "Key of a job, from the answer that started it.", "")


def add_jobs(app: APIFlask, jobs: Jobs) -> None:
    """Serve the jobs and describe them."""

    def look(job: str) -> Response:
        return as_json(job_json(_found(jobs, job)))

    def cancel(job: str) -> Response:
        found = _found(jobs, job)
        found.cancel()
        return as_json(job_json(found))

    app.add_url_rule("/api/jobs/<job>", "job", hidden(app, look), methods=["GET"])
    app.add_url_rule("/api/jobs/<job>", "job_cancel", hidden(app, cancel), methods=["DELETE"])

    def describe(spec: dict[str, Any]) -> dict[str, Any]:
        spec.setdefault("paths", {})[ROUTE] = {"get": _GET, "delete": _DELETE}
        return spec

    document(app, describe)


def job_json(job: Job) -> dict[str, Any]:
    """A job for programs."""
    done, total = job.progress
    return {
        "id": job.id, "kind": job.kind, "state": job.state.value, "done": done, "total": total, "words": job.words,
        "address": address_of(job), "result": job.result, "error": problem(job.error)[0] if job.error else None,
    }  # fmt: skip


def address_of(job: Job) -> str:
    """Where a job is asked for."""
    return f"/api/jobs/{job.id}"


def _found(jobs: Jobs, id_: str) -> Job:
    job = jobs.find(id_)
    if job is None:
        raise UnknownKeyError("没有这个任务，或它结束已久；任务只记在运行中的服务里，重启后也不再有")
    return job


_GET: dict[str, Any] = {
    "operationId": "job", "summary": "任务进度", "description": "How far a work is that outlasts a request, and what came of it.",
    "tags": ["jobs"], "parameters": [_KEY],
    "responses": {"200": {"description": "任务", "content": {"application/json": {"schema": JOB}}}, "404": MISSING},
}  # fmt: skip
_DELETE = write_operation(
    "job_cancel", "取消任务", "Ask a work to stop; it does at its next step. One that has ended stays as it is.", "jobs",
    parameters=[_KEY], answers={"200": ("任务", JOB)}, problems={"404": MISSING},
)  # fmt: skip
