"""whatif: what would be if something were not there. Read only: the store stays as it is."""

from collections.abc import Callable
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.commands.match import ProfileOption
from api.commands.options import (
    AsOfOption,
    JsonOption,
    Option,
    ScopeOption,
    StoreOption,
    settings_of,
    with_options,
)
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


PlanOption = Annotated[str, typer.Option("--plan", metavar="ID", help=say("从一个已保存的方案出发，用它的清单和参数；不写时是现在的清单", "Start from a kept plan, with its lists and profile; today's lists by default"))]  # fmt: skip
_ASKED: tuple[Option, ...] = (("scope", ScopeOption, ""), ("as_of", AsOfOption, ""), ("plan", PlanOption, ""))
_SHOWN: tuple[Option, ...] = (
    ("profile", ProfileOption, None), ("form", FormatOption, ""), ("out", OutOption, None), ("store", StoreOption, ""), ("as_json", JsonOption, False),
)  # fmt: skip
_UNIT = (
    ("unit", Annotated[str, typer.Argument(metavar="ID", help=say("单位（或其他提供方）的编号", "Key of a unit, or of any other owner"))], ...),
)  # fmt: skip
_RESOURCE = (
    ("area", Annotated[str, typer.Option("--area", metavar="ID", help=say("服务哪个区域（街道、社区等）", "The area that it serves"))], ...),
    ("category", Annotated[str, typer.Option("--category", metavar="ID", help=say("资源类别的编号", "Key of its category"))], ...),
    ("quantity", Annotated[int, typer.Option("--quantity", metavar="N", min=1, help=say("能提供多少", "Units on offer"))], ...),
)  # fmt: skip
_PERCENT = (
    ("percent", Annotated[int, typer.Argument(metavar="PERCENT", min=0, max=1000, help=say("余量变为原来的百分之几", "What is left of each resource, in percent"))], 50),
)  # fmt: skip


def _change(ask: "Callable[[PlanWhatIf, dict[str, Any]], Answer]", own: tuple[Option, ...]) -> Callable[..., None]:  # fmt: skip
    """The command that sets the plan with a change beside the plan without it; `own` describes the change."""
    options = (*own, *_ASKED)

    def change(context: typer.Context, **given: Any) -> None:
        from api.matching.desk import Desk  # here: slow to import, and most commands plan nothing
        from api.matching.plan_what_if import PlanWhatIf
        from api.matching.plans import Plans

        form = form_of(given["form"], given["out"], given["as_json"])
        profile = read_profile(given["profile"])
        with opened_for(settings_of(context), given["store"]) as opened_store:
            what_if = PlanWhatIf(Plans(Desk(opened_store)), profile)
            answer = ask(what_if, {name: given[name] for name, *_ in options})
        present(answer, form, given["out"])
        if form == "table":
            typer.echo(answer.notes["sentence"])

    return with_options(change, (*options, *_SHOWN))


for _name, _function, _chinese, _english in (
    ("unit-leaves", _change(lambda what_if, asked: what_if.unit_leaves(asked), _UNIT), "一个单位退出，对接方案会怎样", "The plan without a unit"),
    ("new-resource", _change(lambda what_if, asked: what_if.new_resource(asked), _RESOURCE), "增加一个资源，对接方案会怎样", "The plan with one more resource"),
    ("capacity", _change(lambda what_if, asked: what_if.capacity(asked), _PERCENT), "资源的余量变化，对接方案会怎样", "The plan with other capacities"),
):  # fmt: skip
    app.command(_name, help=say(_chinese, _english), cls=Command)(_function)


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
