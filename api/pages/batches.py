"""The batches of loaded files, and taking one back."""

from dataclasses import dataclass

from apiflask import APIFlask
from flask import Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from api.endpoints import hidden
from api.errors import STATUS
from api.intake import work
from api.jobs import Jobs
from api.loading import STATES
from api.pages.frame import frame, to
from api.refusals import UnknownKeyError
from api.remembered import Remembered
from loaders.batches import Batch, BatchState
from loaders.batches import batches as list_batches
from loaders.lease import LoadRefused, holder_of

SHOWN = 30
"""Batches of one page."""
_CHIPS = {BatchState.LOADING: "gap", BatchState.LOADED: "good", BatchState.UNDOING: "gap", BatchState.UNDONE: "few"}  # fmt: skip
_NOW = {BatchState.LOADING: "正在装入", BatchState.UNDOING: "正在撤销"}


@dataclass(frozen=True)
class Listed:
    """A page of batches, the latest first; `number` counts pages from 1, `running` says that a load is under way."""

    batches: tuple[Batch, ...]
    total: int
    number: int
    last: int
    running: bool

    def state(self, batch: Batch) -> tuple[str, str]:
        """What people read for the state of a batch, and the kind of its chip."""
        if self.running and batch.state in _NOW:
            return _NOW[batch.state], "on"
        return STATES[batch.state], _CHIPS[batch.state]


def listed(store: Remembered, page: str = "") -> Listed:
    """One page of a store's batches; a page that there is not is the nearest one."""
    found = list(reversed(list_batches(store)))
    last = max(1, -(-len(found) // SHOWN))
    number = min(max(int(page) if page.isdigit() and len(page) < 9 else 1, 1), last)
    shown = tuple(found[(number - 1) * SHOWN : number * SHOWN])
    return Listed(shown, len(found), number, last, holder_of(store.behind) is not None)


def under_way(store: Remembered) -> str:
    """A sentence when another load or undo holds the store; empty when none does."""
    return (
        "另一个导入或撤销正在写入本数据库；现在可以上传和检查，装入要等它结束"
        if holder_of(store.behind)
        else ""
    )


def said(error: Exception | None) -> str:
    """What people read of work that failed: its own sentence where it has one for them."""
    if isinstance(error, (LoadRefused, *(kind for kind, _ in STATUS))):
        return str(error)
    return "程序出错了，这一步没有完成；请再试一次，还不行请把时间告诉管理员"


def add(app: APIFlask, store: Remembered, jobs: Jobs) -> None:
    """Serve the pages."""

    def page(id: str) -> Response:  # noqa: A002
        around = frame(store, request.args)
        return make_response(
            render_template("batch.html", frame=around, batch=_batch(store, id), listed=listed(store), refusal=under_way(store))
        )  # fmt: skip

    def start(id: str) -> AnyResponse:  # noqa: A002
        job = jobs.start("undo", work.undoing(store.behind, _batch(store, id)))
        return redirect(to("batch_undone", id=id, job=job.id), 303)

    def undone(id: str, job: str) -> AnyResponse:  # noqa: A002
        found = jobs.find(job)
        if found is None:
            return redirect(to("batch", id=id), 303)
        around = frame(store, request.args)
        return make_response(
            render_template("batch_undone.html", frame=around, batch=_batch(store, id), job=found, sentence=said(found.error))
        )  # fmt: skip

    app.add_url_rule("/imports/batches/<id>", "batch", hidden(app, page), methods=["GET"])
    app.add_url_rule("/imports/batches/<id>", "batch_undo", hidden(app, start), methods=["POST"])
    app.add_url_rule("/imports/batches/<id>/undo/<job>", "batch_undone", hidden(app, undone), methods=["GET"])


def _batch(store: Remembered, id_: str) -> Batch:
    store.refresh()
    found = next((each for each in list_batches(store) if each.id == id_), None)
    if found is None:
        raise UnknownKeyError("没有这个批次；所有批次见“导入”页")
    return found
