"""The work on a hand-in that outlasts a request: reading, checking, loading; and undoing a batch."""

from collections.abc import Callable, Mapping

from api.clock import now
from api.connection import writable
from api.intake.outcome import Outcome, Rejected, outcome
from api.intake.sections import sections_of, understood
from api.intake.uploads import Upload
from api.jobs import Job
from api.loading import Sources, all_problems, read_paths, read_tables, write_rejected
from graph.ask import Reader, reference_date
from loaders.batches import Batch
from loaders.files import expand
from loaders.load import check as check_drafts
from loaders.load import load as load_drafts
from loaders.source_names import rejected_name
from loaders.tables import Table
from loaders.undo import UndoResult
from loaders.undo import undo as undo_batch

Work = Callable[[Job], object]

READING, RECOGNISING, CHECKING, LOADING, UNDOING = "读取文件", "辨认列名", "与库中比较", "写入", "恢复"
"""The stages, in the words that people see."""


def reading(upload: Upload, sources: Sources) -> Work:
    """Read the files of a hand-in, find its tables and what is known of them."""

    def work(job: Job) -> None:
        job.report(0, len(upload.paths), READING)
        files, problems = expand(upload.paths)
        found = []
        for number, file in enumerate(files):
            job.report(number, len(files), READING)
            tables, findings = read_tables(file)
            found.append((file, tables))
            problems += findings
        sections = sections_of(found, upload.source)
        known = []
        for number, section in enumerate(sections):
            job.report(number, len(sections), RECOGNISING)
            mapping, findings = sources.mapping_of(section.source)
            known.append(understood(section, mapping))
            problems += findings
        upload.problems = tuple(dict.fromkeys(problems))
        upload.sections, upload.known = sections, tuple(known)

    return work


def checking(upload: Upload, store: Reader, sources: Sources, options: Mapping[str, str]) -> Work:
    """Find out what loading a hand-in would do; the rejected rows go to error workbooks."""

    def work(job: Job) -> None:
        upload.checked = None
        upload.checked = _run(job, upload, store, sources, options, write=False)

    return work


def loading(upload: Upload, store: Reader, sources: Sources, options: Mapping[str, str]) -> Work:
    """Load a hand-in, and remember what people said of its columns."""

    def work(job: Job) -> None:
        upload.loaded = _run(job, upload, store, sources, options, write=True)
        sources.remember()

    return work


def undoing(store: Reader, batch: Batch) -> Work:
    """Take a batch back."""

    def work(job: Job) -> UndoResult:
        total = batch.added + batch.changed
        job.report(0, total, UNDOING)
        return undo_batch(
            writable(store), batch.id, progress=lambda done: job.report(min(done, total), total, UNDOING)
        )

    return work


def _run(
    job: Job, upload: Upload, store: Reader, sources: Sources, options: Mapping[str, str], *, write: bool
) -> Outcome:
    def read_progress(_name: str, done: int, total: int | None) -> None:
        job.report(done, total or 0, READING)

    def progress(done: int, total: int) -> None:
        job.report(done, total, LOADING if write else CHECKING)

    read = read_paths(upload.paths, sources, read_progress)
    job.report(0, 0, LOADING if write else CHECKING)
    target = writable(store)
    day = reference_date(target)
    scope, end_missing = options.get("scope") or None, bool(options.get("end_missing"))
    if write:
        result = load_drafts(
            target, read.drafts, scope=scope, end_missing=end_missing, as_of=day, now=now(), progress=progress
        )
    else:
        result = check_drafts(
            target, read.drafts, scope=scope, end_missing=end_missing, as_of=day, progress=progress
        )
    problems = all_problems(read, result)
    folder = upload.folder / ("loaded" if write else "checked")
    names: dict[str, list[Table]] = {}
    for table in read.tables:
        names.setdefault(rejected_name(table.file), []).append(table)
    # The name of a member of a zip may be longer than a name on disk can be.
    targets = {folder / f"{number}.xlsx": tables for number, tables in enumerate(names.values())}
    shown = dict(zip(targets, names, strict=True))
    written = write_rejected(targets, problems)
    workbooks = [Rejected(path, shown[path], rows) for path, rows in written]
    return outcome(read.files, result, problems, workbooks, options, day)
