"""load, check, map, template, batches, undo: a district's own spreadsheets in, and out again."""

import contextlib
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from api.clock import now, stamp
from api.commands.options import AsOfOption, JsonOption, Paths, ScopeOption, StoreOption, settings_of
from api.loading import (
    STATES,
    Reading,
    Sources,
    all_problems,
    propose_mapping,
    read_mapping,
    read_paths,
    rejected_workbooks,
    sheet_layouts,
    write_rejected,
)
from api.output import open_private
from api.settings import Settings
from api.stores import opened_for
from api.terminal import (
    Refusal,
    Status,
    emit,
    end,
    grid,
    problem_json,
    progress,
    show,
    tell,
    tell_problems,
)  # fmt: skip
from api.wording import say
from graph.ask import days_after, reference_date
from graph.check import Violation, check
from graph.prepare import store_record
from graph.schema import SCHEMA
from graph.store import Store
from loaders import mapping as mappings
from loaders import mapping_file
from loaders.batches import batches as list_batches
from loaders.load import LoadResult
from loaders.load import check as check_drafts
from loaders.load import load as load_drafts
from loaders.mapping import SourceMapping
from loaders.problems import Problem, Severity
from loaders.templates import write_templates
from loaders.undo import undo as undo_batch

MappingOption = Annotated[
    Path | None,
    typer.Option("--mapping", metavar="FILE", help=say("列对应文件（由 linmai map 写出、改好）", "Column mapping written by `linmai map` and edited")),
]  # fmt: skip
SourceOption = Annotated[
    str,
    typer.Option("--source", metavar="NAME", help=say("来源：这些表是哪本台账的一期；不写时看文件名", "The register that the files are an issue of; from the file names by default")),
]  # fmt: skip


def load(
    context: typer.Context,
    paths: Paths,
    mapping: MappingOption = None,
    source: SourceOption = "",
    scope: ScopeOption = "",
    end_missing: Annotated[bool, typer.Option("--end-missing", help=say("本期没有的旧记录记为终止（不删除）", "End what earlier issues had and this one has not; nothing is deleted"))] = False,
    as_of: AsOfOption = "",
    errors: Annotated[Path | None, typer.Option("--errors", metavar="FILE", help=say("退回的行写到这个工作簿", "Where rejected rows are written"))] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=say("只检查，不写入", "Only check, write nothing"))] = False,
    store: StoreOption = "",
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Load spreadsheets into the store."""
    settings = settings_of(context)
    sources = _sources(settings, mapping, source)
    day = _day(as_of)
    reading = _read(paths, sources)
    with opened_for(settings, store) as opened_store, progress(say("装入", "Loading")) as meter:
        _warn_of_demo(opened_store)
        day = day or reference_date(opened_store)
        if dry_run:
            result = check_drafts(
                opened_store, reading.drafts, scope=scope or None, end_missing=end_missing, as_of=day, progress=meter.count,
            )  # fmt: skip
        else:
            result = load_drafts(
                opened_store, reading.drafts, scope=scope or None, end_missing=end_missing, as_of=day, now=now(), progress=meter.count,
            )  # fmt: skip
    if not dry_run:
        sources.remember()
    problems = all_problems(reading, result)
    workbooks = [] if dry_run else _write_rejected(settings, reading, problems, errors)
    _report(result, reading, problems, workbooks, as_json=as_json, dry_run=dry_run)


def check_command(
    context: typer.Context,
    paths: Annotated[list[Path] | None, typer.Argument(metavar="[PATH...]", help=say("要检查的表格；不写时检查库本身", "Spreadsheets to check; the store itself without any"))] = None,
    mapping: MappingOption = None,
    source: SourceOption = "",
    scope: ScopeOption = "",
    as_of: AsOfOption = "",
    store: StoreOption = "",
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Check spreadsheets without writing anything; without a path, check the store's own rules."""
    if paths:
        load(context, paths, mapping, source, scope, False, as_of, None, True, store, as_json)
        return
    with opened_for(settings_of(context), store) as opened_store:
        violations = check(opened_store, SCHEMA)
    if as_json:
        emit({"violations": [_violation_json(each) for each in violations]})
    for each in () if as_json else violations:
        typer.echo(each.sentence)
    tell(
        say(f"查出 {len(violations)} 处不合规则", f"{len(violations)} violations")
        if violations
        else say("库中关系都合规则", "The store keeps all rules")
    )
    end(Status.DATA if violations else Status.DONE)


def _violation_json(each: Violation) -> dict[str, Any]:
    return {
        "label": each.label,
        "id": each.id,
        "relationship": each.relationship,
        "found": each.found,
        "expected": each.expected,
        "sentence": each.sentence,
    }


def _sources(settings: Settings, mapping: Path | None, source: str) -> Sources:
    if mapping is None:
        return Sources(settings.config_folder, source)
    _must_exist([mapping])
    found = read_mapping(mapping)
    if isinstance(found, Problem):
        raise Refusal(found.message)
    return Sources(settings.config_folder, source or found.source, found)


def _must_exist(paths: Sequence[Path]) -> None:
    for path in paths:
        if not path.exists():
            raise Refusal(say(f"没有这个文件或文件夹：{path}；请检查路径", f"No such file or folder: {path}"))


def _day(as_of: str) -> str:
    try:
        return days_after(as_of, 0) if as_of else ""
    except ValueError:
        raise Refusal(
            say(
                f"--as-of 的值“{as_of}”不对：应为日期，例如 2020-04-13",
                f"--as-of {as_of!r} is no date; write 2020-04-13",
            )
        ) from None


def _read(paths: Sequence[Path], sources: Sources) -> Reading:
    _must_exist(paths)
    with progress(say("读取", "Reading")) as meter:
        reading = read_paths(paths, sources, meter)
    if not reading.files and not reading.problems:
        raise Refusal(
            say("所给路径下没有表格文件；请给 xlsx、xls、ods、csv 文件或含有它们的文件夹、zip",
                "There is no spreadsheet below the given paths")
        )  # fmt: skip
    return reading


def _warn_of_demo(store: Store) -> None:
    record = store_record(store)
    if record is not None and record.demo:
        tell(
            say("注意：这是示例库，装入后示例数据与真实数据会混在一起；真实数据请用 --store 或 LINMAI_STORE 另选一个库",
                "Note: this is the demo store; choose another with --store or LINMAI_STORE for real data"),
            "yellow",
        )  # fmt: skip


def _write_rejected(
    settings: Settings, reading: Reading, problems: Sequence[Problem], errors: Path | None
) -> list[Path]:
    """Write the rejected rows: into `errors`, or a workbook per file whose name keeps its source, in a folder of ours."""
    if errors is not None:
        targets = {errors: list(reading.tables)}
    else:
        folder = settings.data_folder.parent / "rejected"
        with contextlib.suppress(OSError):  # it is not there yet, or another user's
            folder.chmod(
                0o700
            )  # made by an earlier version, or unpacked from a copy, it may be open to others
        targets = rejected_workbooks(folder / stamp(), reading.tables)
    written = write_rejected(targets, problems)
    for path, rows in written:
        tell(
            say(f"退回 {rows} 行，已写到 {path}；文件含个人信息，只有本机当前用户能打开，用完请删除；改好后可直接再装入",
                f"{rows} rows rejected, written to {path}; it holds personal data and only you can read it; mend and load it again"),
            "yellow",
        )  # fmt: skip
    return [path for path, _ in written]


def _report(
    result: LoadResult, reading: Reading, problems: Sequence[Problem], workbooks: Sequence[Path],
    *, as_json: bool, dry_run: bool,
) -> None:  # fmt: skip
    figures = {
        "added": result.added,
        "changed": result.changed,
        "unchanged": result.unchanged,
        "rejected": result.rejected,
        "missing": result.missing,
    }
    if as_json:
        emit({
            "batches": [asdict(batch) for batch in result.batches], **figures,
            "problems": [problem_json(p) for p in problems],
            "errors": [str(path) for path in workbooks], "dry_run": dry_run,
        })  # fmt: skip
    else:
        tell_problems(problems)
        words = (say("新增", "added"), say("变更", "changed"), say("未变", "unchanged"), say("退回（行）", "rejected rows"), say("本期没有", "missing"))  # fmt: skip
        table = grid([(say("文件", "files"), True), *((word, True) for word in words)])
        table.add_row(f"{reading.files:,}", *(f"{number:,}" for number in figures.values()))
        show(table)
        if dry_run:
            tell(say("只检查，没有写入任何内容", "Checked only; nothing was written"), "dim")
    errors = any(problem.severity is Severity.ERROR for problem in problems)
    end(Status.DATA if errors or result.rejected else Status.DONE)


def map_file(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=say("一张表", "A spreadsheet"))],
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help=say("写到哪里；不写时写在旁边", "Where to write; beside the file by default"))] = None,
    source: SourceOption = "",
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Propose what the columns of a spreadsheet mean, as a file to confirm."""
    _must_exist([file])
    proposed, problems = propose_mapping(file, source)
    unsure = sum(_is_unsure(word) for sheet in proposed.sheets for word in (*sheet.columns.values(), *sheet.constants.values()))  # fmt: skip
    if not proposed.sheets:
        if as_json:
            emit({"file": None, "sheets": [], "problems": [problem_json(p) for p in problems]})
        tell_problems(problems)
        raise Refusal(say(f"{file.name} 里没有找到可以对应的表", f"No table was found in {file.name}"), Status.DATA)  # fmt: skip
    path = out or file.with_name(f"{file.stem}.对应.toml")
    if path.exists() and out is None:
        raise Refusal(
            say(f"{path} 已经在了；要重写请用 --out 指明", f"{path} exists; name it with --out to replace it")
        )
    with open_private(path) as written:
        written.write(mapping_file.write(proposed).encode("utf-8"))
    if as_json:
        emit({"file": str(path), "source": proposed.source, "unsure": unsure, "sheets": [{"sheet": s.sheet, "layout": s.layout, "columns": dict(s.columns), "constants": dict(s.constants)} for s in proposed.sheets], "problems": [problem_json(p) for p in problems]})  # fmt: skip
    else:
        _show_mapping(proposed)
        tell_problems(problems)
    tell(
        say(f"已写到 {path}；请核对其中 {unsure} 处“待确认”，再运行 linmai load --mapping {path} {file}",
            f"Written to {path}; confirm its {unsure} unsure entries (待确认), then run linmai load --mapping {path} {file}")
    )  # fmt: skip


def _is_unsure(word: str) -> bool:
    return word == "" or word.startswith(mappings.UNSURE)


def _show_mapping(proposed: SourceMapping) -> None:
    table = grid(
        [(say("工作表", "sheet"), False), (say("原列名", "heading"), False), (say("对应", "means"), False)]
    )
    titles = {layout.name: layout.title for layout in sheet_layouts()}
    for sheet in proposed.sheets:
        for heading, meaning in sheet.columns.items():
            table.add_row(
                sheet.sheet,
                heading,
                f"{titles.get(sheet.layout, sheet.layout)} · {meaning or mappings.UNSURE + '？'}",
            )
    show(table)


def template(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help=say("模板写到这个文件夹", "Folder for the templates"))],
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Write empty workbooks to fill in, with notes and drop-downs."""
    folder.mkdir(parents=True, exist_ok=True)
    written = write_templates(folder, sheet_layouts())
    if as_json:
        emit({"files": [str(path) for path in written]})
    for path in () if as_json else written:
        typer.echo(str(path))
    tell(say(f"已写出 {len(written)} 个模板；填好后运行 linmai load {folder}", f"{len(written)} templates written; fill them in and run linmai load {folder}"))  # fmt: skip


def batches(context: typer.Context, store: StoreOption = "", as_json: JsonOption = False) -> None:
    """List what was loaded, the latest first."""
    with opened_for(settings_of(context), store) as opened_store:
        found = list(reversed(list_batches(opened_store)))
    if as_json:
        emit({"batches": [asdict(each) for each in found]})
        return
    table = grid([
        (say("批次", "batch"), False), (say("来源", "source"), False), (say("文件", "file"), False), (say("状态", "state"), False),
        (say("行", "rows"), True), (say("新增", "added"), True), (say("变更", "changed"), True), (say("退回", "rejected"), True), (say("时间", "at"), False),
    ])  # fmt: skip
    for each in found:
        numbers = (f"{n:,}" for n in (each.rows, each.added, each.changed, each.rejected))
        state = say(STATES[each.state], each.state.value)
        table.add_row(each.id, each.source, each.file, state, *numbers, each.loaded_at or "")
    show(table)


def undo(
    context: typer.Context,
    batch: Annotated[str, typer.Argument(metavar="BATCH", help=say("批次编号，见 linmai batches", "Batch, as `linmai batches` lists it"))],
    store: StoreOption = "",
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Take a batch back: what it changed is as before, what it added is gone."""
    with opened_for(settings_of(context), store) as opened_store:
        result = undo_batch(opened_store, batch)
    if as_json:
        emit(asdict(result))
    if result.conflicts:
        for conflict in () if as_json else result.conflicts:
            typer.echo(conflict.message)
        tell(say(f"没有撤销：后来的导入动过同样的内容（{len(result.conflicts)} 处）；请先撤销后来的批次", f"Not undone: later batches changed the same ({len(result.conflicts)}); undo those first"), "red")  # fmt: skip
        end(Status.DATA)
    tell(say(f"已撤销 {result.batch.file}：恢复 {result.restored:,}，删除 {result.deleted:,}（节点与关系）", f"Undone {result.batch.file}: {result.restored:,} restored, {result.deleted:,} deleted (nodes and relationships)"))  # fmt: skip
