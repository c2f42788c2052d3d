"""whatif: what would be if something were not there. Read only: the store stays as it is."""

from collections.abc import Callable
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.match import ProfileOption
from api.commands.options import AsOfOption, JsonOption, ScopeOption, StoreOption, settings_of
from api.commands.results import FormatOption, OutOption, form_of, present
from api.matching.profiles import read_profile
from api.stores import opened_for
from api.terminal import emit, grid, show
from api.usage import Command, Group
from api.wording import say
from graph.ask import Answer
from graph.what_if import MEANINGS, Loss, Need, coverage_without

if TYPE_CHECKING:
    from api.matching.plan_what_if import PlanWhatIf

app = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    rich_markup_mode="rich",
    help=say("假设失去某个单位、人员或组织，会怎样（不改动库）", "What would be without a unit, a person or an organization; nothing is changed"),
)  # fmt: skip


def coverage(
    context: typer.Context,
    id_: Annotated[str, typer.Argument(metavar="ID", help=say("共建单位、人员、党组织或组织的编号", "Key of a unit, a person, a party organization or an organization"))],
    scope: ScopeOption = "",
    as_of: AsOfOption = "",
    store: StoreOption = "",
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """What becomes uncovered in an area without one entity."""
    with opened_for(settings_of(context), store) as opened_store:
        found = coverage_without(opened_store, id_, scope or None, as_of or None)
    if as_json:
        emit({**asdict(found), "meanings": found.meanings})
        return
    typer.echo(f"假设没有{found.shown}（{found.id}），范围 {found.scope}，截至 {found.as_of}\n")
    if not found.losses and not found.needs:
        typer.echo("不会有什么失去保障")
    for kind, losses in groupby(found.losses, key=lambda each: each.loss):
        _show_losses(kind, list(losses))
    if found.needs:
        _show_needs(found.needs)


app.command(
    "coverage", cls=Command,
    help=say("没有它，哪些地方、岗位、协议和需求会失去保障", "Which places, posts, agreements and needs would lose their cover"),
)(coverage)  # fmt: skip


def unit_leaves(
    context: typer.Context,
    id_: Annotated[str, typer.Argument(metavar="ID", help=say("单位（或其他提供方）的编号", "Key of a unit, or of any other owner"))],
    scope: ScopeOption = "",
    as_of: AsOfOption = "",
    profile: ProfileOption = None,
    form: FormatOption = "",
    out: OutOption = None,
    store: StoreOption = "",
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """The plan without a unit beside the plan with it."""
    given = {"unit": id_, "scope": scope, "as_of": as_of}
    _plan(
        context, store, profile, form_of(form, out, as_json), out, lambda what_if: what_if.unit_leaves(given)
    )


def new_resource(
    context: typer.Context,
    area: Annotated[str, typer.Option("--area", metavar="ID", help=say("服务哪个区域（街道、社区等）", "The area that it serves"))],
    category: Annotated[str, typer.Option("--category", metavar="ID", help=say("资源类别的编号", "Key of its category"))],
    quantity: Annotated[int, typer.Option("--quantity", metavar="N", min=1, help=say("能提供多少", "Units on offer"))],
    scope: ScopeOption = "",
    as_of: AsOfOption = "",
    profile: ProfileOption = None,
    form: FormatOption = "",
    out: OutOption = None,
    store: StoreOption = "",
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """The plan with one more resource beside the plan as it is."""
    given = {"area": area, "category": category, "quantity": quantity, "scope": scope, "as_of": as_of}
    _plan(context, store, profile, form_of(form, out, as_json), out, lambda what_if: what_if.new_resource(given))  # fmt: skip


def capacity(
    context: typer.Context,
    percent: Annotated[int, typer.Argument(metavar="PERCENT", min=0, max=1000, help=say("余量变为原来的百分之几", "What is left of each resource, in percent"))] = 50,
    scope: ScopeOption = "",
    as_of: AsOfOption = "",
    profile: ProfileOption = None,
    form: FormatOption = "",
    out: OutOption = None,
    store: StoreOption = "",
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """The plan with every capacity changed beside the plan as it is."""
    given = {"percent": percent, "scope": scope, "as_of": as_of}
    _plan(context, store, profile, form_of(form, out, as_json), out, lambda what_if: what_if.capacity(given))


for _name, _function, _chinese, _english in (
    ("unit-leaves", unit_leaves, "一个单位退出，对接方案会怎样", "The plan without a unit"),
    ("new-resource", new_resource, "增加一个资源，对接方案会怎样", "The plan with one more resource"),
    ("capacity", capacity, "资源的余量变化，对接方案会怎样", "The plan with other capacities"),
):
    app.command(_name, help=say(_chinese, _english), cls=Command)(_function)


def _plan(
    context: typer.Context, store: str, profile: Path | None, kind: str, out: Path | None,
    ask: "Callable[[PlanWhatIf], Answer]",
) -> None:  # fmt: skip
    from api.matching.desk import Desk  # here: slow to import, and most commands plan nothing
    from api.matching.plan_what_if import PlanWhatIf

    chosen = read_profile(profile)
    with opened_for(settings_of(context), store) as opened_store:
        answer = ask(PlanWhatIf(Desk(opened_store), chosen))
    present(answer, kind, out)
    if kind == "table":
        typer.echo(answer.notes["sentence"])


def _show_losses(kind: str, losses: list[Loss]) -> None:
    typer.echo(f"{kind} {len(losses):,} 项：{MEANINGS[kind]}")
    table = grid([("编号", False), ("名称", False), ("说明", False)])
    for each in losses:
        table.add_row(each.id, each.name, each.detail)
    show(table)
    typer.echo("")


def _show_needs(needs: list[Need]) -> None:
    typer.echo(f"需求 {len(needs):,} 项：没有别的资源能够对接")
    table = grid([("编号", False), ("需求", False), ("类别", False), ("提出区域", False)])
    for each in needs:
        table.add_row(each.id, each.title, each.category, each.place)
    show(table)
