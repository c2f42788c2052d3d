"""query, queries, coverage, reconcile: what the store answers."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from shlex import quote
from typing import Annotated, Any

import typer

from api.commands.options import AsOfOption, JsonOption, ScopeOption, StoreOption, settings_of
from api.commands.results import FormatOption, OutOption, form_of, present
from api.figures import RELATIONS, UNITS, agreement, figure, published_figures
from api.shares import percent
from api.stores import opened_for
from api.terminal import Refusal, Status, emit, end, grid, show, tell
from api.wording import say
from graph.ask import ask
from graph.catalog import queries as named_queries
from graph.coverage import Coverage
from graph.coverage import coverage as coverage_of
from graph.query_file import QueryFile
from loaders.reconcile import FiguresError, Line
from loaders.reconcile import reconcile as reconcile_with


def query(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help=say("查询名，见 linmai queries", "Name of a query, see `linmai queries`"))],
    form: FormatOption = "",
    out: OutOption = None,
    personal: Annotated[bool, typer.Option("--personal", help=say("显示完整的个人信息（默认遮盖）", "Show personal data in full (masked by default)"))] = False,
    store: StoreOption = "",
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Ask a named query; its own parameters are given as --name value."""
    chosen = query_named(name)
    kind = form_of(form, out, as_json)
    given = parameters(chosen, context.args)
    with opened_for(settings_of(context), store) as opened_store:
        answer = ask(opened_store, chosen, given, unmasked=personal)
    present(answer, kind, out, personal=personal)


def query_named(name: str) -> QueryFile:
    """A reading query by name; refuses an unknown one with those that are near."""
    known = named_queries()
    if name not in known:
        near = [n for n in known if name.replace("-", "_") in n] or list(known)
        raise Refusal(
            say(f"没有名为“{name}”的查询；可用的有：{'、'.join(near)}", f"No query is called {name!r}; there are: {', '.join(near)}")
        )  # fmt: skip
    return known[name]


def parameters(query_file: QueryFile, words: Sequence[str]) -> dict[str, Any]:
    """The query's own parameters from `--name value` or `--name=value`; kinds are checked by `graph.ask`."""
    given: dict[str, Any] = {}
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if not word.startswith("--"):
            raise Refusal(
                say(f"多了“{word}”；参数请写成 --名称 值，例如 --scope 410411", f"Unexpected {word!r}; write parameters as --name value")
            )  # fmt: skip
        name, equals, value = word[2:].partition("=")
        if not equals:
            if not rest or rest[0].startswith("--"):
                raise Refusal(say(f"参数 --{name} 后面缺少值", f"--{name} needs a value"))
            value = rest.pop(0)
        name = name.replace("-", "_")
        if name in given:
            raise Refusal(say(f"参数 --{name} 写了两次", f"--{name} is given twice"))
        given[name] = value
    return given


def queries(context: typer.Context, as_json: JsonOption = False) -> None:
    """List the named queries with their parameters."""
    found = named_queries().values()
    if as_json:
        emit({
            "queries": [
                {
                    "name": q.name, "title": q.title, "doc": q.doc, "route": q.route or None,
                    "parameters": [
                        {"name": p.name, "type": p.type, "required": p.required and p.type != "area", "default": p.default, "values": list(p.codes.values) if p.codes else None}
                        for p in q.params
                    ],
                    "columns": [c.name for c in q.returns],
                }
                for q in found
            ]
        })  # fmt: skip
        return
    table = grid(
        [
            (say("查询", "query"), False),
            (say("回答什么", "title"), False),
            (say("参数", "parameters"), False),
        ]
    )
    for each in found:
        words = [f"--{p.name}" if p.required and p.type != "area" else f"[--{p.name}]" for p in each.params]
        table.add_row(each.name, each.title, "  ".join(words).replace("[", r"\["))
    show(table)


def coverage(
    context: typer.Context,
    scope: ScopeOption = "",
    as_of: AsOfOption = "",
    store: StoreOption = "",
    as_json: JsonOption = False,
) -> None:
    """One page on an area: what is there, what is lacking, street by street."""
    with opened_for(settings_of(context), store) as opened_store:
        summary = coverage_of(opened_store, scope or None, as_of or None)
    if as_json:
        emit({**asdict(summary), "members_total": summary.members_total, "reporting_rate": summary.reporting_rate})  # fmt: skip
        return
    areas = "，".join(f"{count:,} 个{kind}" for kind, count in summary.areas.items() if count)
    typer.echo(f"{summary.scope_name}（{summary.scope_kind} {summary.scope}）  截至 {summary.as_of}")
    typer.echo(areas)
    _show_totals(summary)
    _show_gaps(summary, {"scope": scope, "as_of": as_of}, store)
    _show_levels(summary)
    _show_streets(summary)


def _show_totals(summary: Coverage) -> None:
    kinds = "，".join(f"{kind} {count:,}" for kind, count in summary.members.items())
    typer.echo(f"党员 {summary.members_total:,} 名（{kinds}），在职报到率 {percent(summary.reporting_rate)}")
    typer.echo(
        f"共建单位 {summary.units:,} 家，协议 {summary.agreements:,} 份（有效 {summary.agreements_in_force:,}，"
        f"30 天内到期 {summary.agreements_expiring:,}）"
    )
    typer.echo(
        f"需求 {summary.needs:,} 条（在办 {summary.needs_open:,}，超期 {summary.needs_overdue:,}），"
        f"资源 {summary.resources:,} 项，项目 {summary.projects:,} 个\n"
    )


def _show_gaps(summary: Coverage, asked: Mapping[str, str], store: str) -> None:
    """The gaps, each with the command that lists what lacks; `asked` and `store` are the user's own words, which
    the command must repeat: without them it would ask another area, day or store."""
    table = grid(
        [("问题", False), ("缺", True), ("应有", True), ("占比", True), ("查看名单", False)], "先看缺口"
    )
    for gap in summary.gaps:
        words = [f"--{name} {value}" for name, value in gap.arguments.items() if asked.get(name) != ""]
        words += [f"--store {quote(store)}"] if store else []
        table.add_row(
            gap.heading,
            f"{gap.lacking:,}",
            f"{gap.due:,}",
            percent(gap.share),
            " ".join(("linmai query", gap.query, *words)),
        )
    show(table, whole=True)


def _show_levels(summary: Coverage) -> None:
    table = grid([("五级组织", False), ("组织", True), ("应覆盖区域", True), ("缺", True)])
    for level in summary.levels:
        table.add_row(level.heading, f"{level.organizations:,}", f"{level.areas:,}", f"{level.lacking:,}")
    show(table)


def _show_streets(summary: Coverage) -> None:
    if not summary.streets:
        return
    table = grid([("街道", False), ("社区", True), ("组织覆盖", True), ("报到率", True), ("共建单位", True), ("在办需求", True), ("超期", True)])  # fmt: skip
    for line in summary.streets:
        table.add_row(
            line.name, f"{line.communities:,}", percent(line.party_coverage), percent(line.reporting_rate),
            f"{line.units:,}", f"{line.open_needs:,}", f"{line.overdue:,}",
        )  # fmt: skip
    show(table)


def reconcile(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help=say("公布数字（CSV）；不写时用自带的一份", "Published figures as CSV; the shipped ones without"))] = None,
    scope: ScopeOption = "",
    store: StoreOption = "",
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Compare what is loaded with published figures, line by line."""
    published = file or published_figures()
    with opened_for(settings_of(context), store) as opened_store:
        try:
            lines = reconcile_with(opened_store, published, scope or None)
        except FiguresError as error:
            raise Refusal(str(error)) from None
    if as_json:
        emit({"lines": [asdict(line) for line in lines]})
    else:
        _show_lines(lines)
    found = agreement(lines)
    tell(say(f"{found.all} 项：{found.agree} 项一致，{found.differ} 项不一致，{found.open} 项无从核对", f"{found.all} figures: {found.agree} agree, {found.differ} differ, {found.open} cannot be compared"))  # fmt: skip
    end(Status.DATA if found.differ else Status.DONE)


def _show_lines(lines: Sequence[Line]) -> None:
    words = {True: "一致", False: "不一致", None: "—"}
    table = grid(
        [("项目", False), ("公布", True), ("库中", True), ("单位", False), ("", False), ("说明", False)]
    )
    for line in lines:
        published = "" if line.published is None else RELATIONS[line.relation] + figure(line.published)
        unit = UNITS.get(line.unit, line.unit)
        table.add_row(
            line.heading, published, figure(line.loaded), unit, words[line.agrees], line.explanation
        )
    show(table)
