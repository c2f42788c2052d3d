"""whatif: what would be if something were not there. Read only: the store stays as it is."""

from itertools import groupby
from typing import Annotated

import typer

from api.commands.options import AsOfOption, JsonOption, ScopeOption, StoreOption, settings_of
from api.stores import opened_for
from api.terminal import emit, grid, show
from api.usage import Command, Group
from api.what_if import what_if_json
from api.wording import say
from graph.what_if import MEANINGS, Loss, Need, coverage_without

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
        emit(what_if_json(found))
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
