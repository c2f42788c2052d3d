"""导入: hand in spreadsheets, see how they are understood, correct that, check, load."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from apiflask import APIFlask
from flask import Response, make_response, redirect, render_template, request, send_file
from werkzeug.wrappers import Response as AnyResponse

from api.endpoints import given, hidden
from api.errors import TooLarge
from api.intake import work
from api.intake.outcome import Outcome
from api.intake.sections import (
    COLUMNS_SHOWN,
    choices,
    column_lines,
    constant_lines,
    corrected,
    first_rows,
    put,
    understood,
)
from api.intake.uploads import IDLE_S, LARGEST_UPLOAD, MOST_FILES, Upload, Uploads
from api.jobs import Jobs, State
from api.loading import Sources, sheet_layouts
from api.pages import batches
from api.pages.frame import AROUND, frame, to
from api.refusals import UnknownKeyError
from api.remembered import Remembered
from api.settings import Settings
from graph.ask import ParameterError
from loaders.findings import recognition_problems
from loaders.mapping import IGNORE, UNSURE
from loaders.problems import Problem, Severity
from loaders.recognise import Certainty, Recognition

_MULTIPART = 1_000_000
"""Bytes that the form around the files may take."""
KINDS = (".xlsx", ".xls", ".ods", ".csv", ".zip")
"""What the browser offers to choose from; what a file is, its content says."""
CERTAINTY = {
    Certainty.SURE: ("确定", "good"),
    Certainty.LIKELY: ("待确认", "gap"),
    Certainty.UNKNOWN: ("不认识", "bad"),
    Certainty.IGNORED: ("忽略", "few"),
}
"""What people read for how well a column is known, and the kind of its chip."""


def add(app: APIFlask, store: Remembered, settings: Settings) -> None:
    """Serve the pages. Files and work live as long as the application."""
    desk = Desk(store, settings.config_folder, Uploads(), app.extensions["linmai-jobs"])
    app.extensions["imports"] = desk
    for rule, name, view, method in (
        ("/imports", "imports", desk.home, "GET"),
        ("/imports", "import_files", desk.receive, "POST"),
        ("/imports/<id>", "import_columns", desk.columns, "GET"),
        ("/imports/<id>", "import_correct", desk.correct, "POST"),
        ("/imports/<id>/check", "import_check", desk.check, "GET"),
        ("/imports/<id>/check", "import_check_start", desk.start_check, "POST"),
        ("/imports/<id>/load", "import_load", desk.load, "GET"),
        ("/imports/<id>/load", "import_load_start", desk.start_load, "POST"),
        ("/imports/<id>/stop", "import_stop", desk.stop, "POST"),
        ("/imports/<id>/forget", "import_forget", desk.forget, "POST"),
        ("/imports/<id>/<any(checked, loaded):stage>/<int:number>.xlsx", "import_rejected", desk.rejected, "GET"),
        ("/imports/jobs/<id>", "import_progress", desk.progress, "GET"),
    ):  # fmt: skip
        app.add_url_rule(rule, name, hidden(app, view), methods=[method])
    batches.add(app, store, desk.jobs)
    app.jinja_env.globals.update(certainty_words=CERTAINTY, unsure_mark=UNSURE, waiting=waiting)

    @app.url_value_preprocessor
    def allow_files(endpoint: str | None, _values: Mapping[str, Any] | None) -> None:
        # Before anything reads the form: the check of the token does.
        if endpoint == "import_files":
            if (request.content_length or 0) > LARGEST_UPLOAD + _MULTIPART:
                raise TooLarge(_too_large())
            request.max_content_length = LARGEST_UPLOAD + _MULTIPART
            request.max_form_parts = MOST_FILES + 10


def _too_large() -> str:
    return (
        f"上传的文件合计超过 {LARGEST_UPLOAD // 1_000_000} MB；请分几次上传，或在本机运行 linmai load 文件夹"
    )


class Desk:
    """Where hand-ins are worked on: their files, and the work that outlasts a request."""

    def __init__(self, store: Remembered, config: Path, uploads: Uploads, jobs: Jobs) -> None:
        self.store, self.config, self.uploads, self.jobs = store, config, uploads, jobs

    def home(self, refusal: str = "") -> Response:
        """The form to hand in files, and what was loaded before."""
        around = frame(self.store, _around(("page",)))
        page = render_template(
            "imports.html", frame=around, refusal=refusal, listed=batches.listed(self.store, request.args.get("page", "")),
            largest=LARGEST_UPLOAD, most_files=MOST_FILES, hours=round(IDLE_S / 3600),
            kinds=KINDS,
        )  # fmt: skip
        return make_response(page, 422 if refusal else 200)

    def receive(self) -> AnyResponse:
        """Keep the files that were handed in and begin to read them."""
        files = [file for file in request.files.getlist("files") if file.filename]
        if not files:
            return self.home("还没有选文件；请先选择或拖入表格，再按“上传”")
        if len(files) > MOST_FILES:
            return self.home(f"一次最多 {MOST_FILES} 个文件；再多请打成一个 zip")
        upload = self.uploads.receive(files, request.form.get("source", "").strip()[:60])
        upload.job = self.jobs.start("read", work.reading(upload, self._sources(upload)))
        return _to("import_columns", upload)

    def columns(self, id: str, refusal: str = "", said: Mapping[str, str] | None = None) -> Response:  # noqa: A002
        """How a hand-in is understood: its sheets, the columns of one of them, and its first rows."""
        upload = self._find(id)
        if waits := self._waits(upload, "read"):
            return waits
        if not upload.known:
            return _page("imports_unread.html", self._frame(), upload=upload)
        wanted = request.values.get("sheet", "")
        number = int(wanted) if wanted.isdigit() and int(wanted) < len(upload.known) else _first(upload)
        section, known = upload.sections[number], upload.known[number]
        headings, rows = first_rows(section, known)
        return _page(
            "imports_columns.html", self._frame(), status=422 if refusal else 200, upload=upload, number=number, section=section, known=known,
            lines=column_lines(section, known), hidden_columns=max(0, len(section.table.headings) - COLUMNS_SHOWN),
            constants=constant_lines(known), choices=choices(known.layout) if known.layout else [], layouts=[each.title for each in sheet_layouts()],
            layout=_layout_entry(known), headings=headings, rows=rows, refusal=refusal, said=said or {}, states=[_state(s.rows, k) for s, k in zip(upload.sections, upload.known, strict=True)],
            wrong=[p for p in recognition_problems(section.table, known) if p.severity is Severity.ERROR],
        )  # fmt: skip

    def correct(self, id: str) -> AnyResponse:  # noqa: A002
        """Take over what a form says of the columns of one sheet."""
        upload = self._find(id)
        form = {name: value for name, value in request.form.items() if isinstance(value, str)}
        wanted = form.get("sheet", "")
        if upload.busy or not (wanted.isdigit() and int(wanted) < len(upload.known)):
            return _to("import_columns", upload)
        number = int(wanted)
        section = upload.sections[number]
        found = corrected(section, upload.known[number], form)
        if isinstance(found, Problem):
            return self.columns(id, found.sentence, form)
        alike = [each for each in upload.sections if each.source == section.source]
        mapping = put(upload.mappings.get(section.source) or self._remembered(upload, section.source), section, found, alike)  # fmt: skip
        upload.mappings[section.source] = mapping
        upload.known = tuple(
            understood(each, mapping) if each.source == section.source else known
            for each, known in zip(upload.sections, upload.known, strict=True)
        )
        upload.checked = upload.loaded = None
        return _to("import_columns", upload, sheet=number)

    def check(self, id: str) -> AnyResponse:  # noqa: A002
        """What loading would do, once it is known."""
        upload = self._find(id)
        if waits := self._waits(upload, "check"):
            return waits
        if upload.checked is None:
            return _to("import_columns", upload)
        return _page("imports_check.html", self._frame(), upload=upload, outcome=upload.checked)

    def start_check(self, id: str) -> AnyResponse:  # noqa: A002
        """Begin to find out what loading would do."""
        upload = self._find(id)
        if not upload.busy and upload.known:
            options = {name: request.form.get(name, "").strip()[:40] for name in ("scope", "end_missing")}
            upload.checked = upload.loaded = None
            upload.job = self.jobs.start("check", work.checking(upload, self.store.behind, self._sources(upload), options))  # fmt: skip
        return _to("import_check", upload)

    def load(self, id: str) -> AnyResponse:  # noqa: A002
        """The last question before loading; then how far it is; then what was done."""
        upload = self._find(id)
        if upload.checked is None and upload.loaded is None and not upload.busy:
            return _to("import_columns", upload)
        if waits := self._waits(upload, "load"):
            return waits
        if upload.loaded is not None:
            return _page("imports_loaded.html", self._frame(), upload=upload, outcome=upload.loaded)
        stopped = upload.job is not None and upload.job.kind == "load" and upload.job.state is State.CANCELLED
        return _page("imports_load.html", self._frame(), upload=upload, outcome=upload.checked, stopped=stopped, refusal=batches.under_way(self.store))  # fmt: skip

    def start_load(self, id: str) -> AnyResponse:  # noqa: A002
        """Begin to load, with the choices of the check."""
        upload = self._find(id)
        checked = upload.checked
        if not upload.busy and checked is not None and upload.loaded is None:
            options = {"scope": checked.scope, "end_missing": "1" if checked.end_missing else ""}
            upload.job = self.jobs.start("load", work.loading(upload, self.store.behind, self._sources(upload), options))  # fmt: skip
        return _to("import_load", upload)

    def stop(self, id: str) -> AnyResponse:  # noqa: A002
        """Ask the work on a hand-in to stop where it is safe."""
        upload = self._find(id)
        if upload.job is None:
            return _to("import_columns", upload)
        upload.job.cancel()
        return _to({"check": "import_check", "load": "import_load"}.get(upload.job.kind, "import_columns"), upload)  # fmt: skip

    def forget(self, id: str) -> AnyResponse:  # noqa: A002
        """Delete a hand-in."""
        self.uploads.forget(self._find(id))
        return redirect(to("imports"), 303)

    def rejected(self, id: str, stage: str, number: int) -> AnyResponse:  # noqa: A002
        """An error workbook."""
        upload = self._find(id)
        outcome: Outcome | None = upload.checked if stage == "checked" else upload.loaded
        if outcome is None or number >= len(outcome.workbooks):
            raise UnknownKeyError("没有这份退回行的工作簿；请重新检查一次")
        book = outcome.workbooks[number]
        return send_file(book.path, as_attachment=True, download_name=book.name, max_age=0)

    def progress(self, id: str) -> Response:  # noqa: A002
        """How far a piece of work is, as a part of a page; the page is loaded anew once it has ended."""
        job = self.jobs.find(id)
        if job is None or job.state.ended:
            return Response(status=200, headers={"HX-Refresh": "true"})
        return make_response(render_template("imports_progress.html", job=job))

    def _find(self, id_: str) -> Upload:
        upload = self.uploads.find(id_)
        if upload is None:
            raise UnknownKeyError(
                f"这次上传已经不在了（{round(IDLE_S / 3600)} 小时不用、文件太多或程序重新启动时会删除）；请重新上传"
            )
        return upload

    def _waits(self, upload: Upload, kind: str) -> Response | None:
        """The page of work that is going on, or of work of this kind that failed; None when there is neither."""
        job = upload.job
        if job is not None and not job.state.ended:
            return _page("imports_waiting.html", self._frame(), upload=upload, job=job)
        if job is not None and job.kind == kind and job.state is State.FAILED:
            return _page("imports_failed.html", self._frame(), upload=upload, job=job, sentence=batches.said(job.error))  # fmt: skip
        return None

    def _frame(self) -> Any:
        return frame(self.store, _around(("sheet",)))

    def _sources(self, upload: Upload) -> Sources:
        return Sources(self.config, upload.source, confirmed=upload.mappings)

    def _remembered(self, upload: Upload, source: str) -> Any:
        return self._sources(upload).mapping_of(source)[0]


def _around(own: tuple[str, ...]) -> dict[str, str]:
    """The parameters of the address; refuses those that no such page takes."""
    arguments = given(request.args)
    if unknown := [each for each in arguments if each not in (*AROUND, *own)]:
        raise ParameterError(unknown[0], f"这个页面没有参数 {unknown[0][:60]}")
    return dict(arguments)


def _page(template: str, around: Any, status: int = 200, **values: Any) -> Response:
    return make_response(render_template(template, frame=around, **values), status)


def _to(endpoint: str, upload: Upload, **further: Any) -> AnyResponse:
    return redirect(to(endpoint, id=upload.id, **further), 303)


def _layout_entry(known: Recognition) -> str:
    if known.certainty is Certainty.IGNORED:
        return IGNORE
    if known.layout is None:
        return ""
    return known.layout.title if known.certainty is Certainty.SURE else UNSURE + known.layout.title


def _state(rows: int, known: Recognition) -> tuple[str, str]:
    """How a sheet stands, in words, and the kind of its chip."""
    if known.certainty is Certainty.IGNORED:
        return "忽略", "few"
    if not rows:
        return "没有数据", "few"
    if not known.loadable:
        return "还不能装入", "bad"
    open_ = sum(m.certainty in (Certainty.LIKELY, Certainty.UNKNOWN) for m in known.columns)
    return (f"{open_} 列没有把握", "gap") if open_ else ("可以装入", "good")


def _first(upload: Upload) -> int:
    """The sheet that most needs a look."""
    order = {"bad": 0, "gap": 1, "good": 2, "few": 3}
    states = [_state(s.rows, k)[1] for s, k in zip(upload.sections, upload.known, strict=True)]
    return min(range(len(states)), key=lambda n: (order[states[n]], n))


def waiting(seconds: float | None) -> str:
    """How long something still takes, as people say it.

    >>> waiting(None), waiting(0.4), waiting(42), waiting(200)
    ('', '马上就好', '约 42 秒', '约 3 分钟')
    """
    if seconds is None:
        return ""
    if seconds < 1:
        return "马上就好"
    return f"约 {seconds:.0f} 秒" if seconds < 90 else f"约 {seconds / 60:.0f} 分钟"
