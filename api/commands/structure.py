"""structure: who holds the network of organizations and units together."""

from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table

from api.answers import RELATIONSHIPS
from api.commands.options import AsOfOption, JsonOption, ScopeOption, StoreOption, settings_of
from api.shares import percent
from api.stores import opened_for
from api.terminal import emit, grid, show
from api.wording import say
from graph.network import Component, Member, NetworkStructure, network_structure

_NAMES = 6
_TIES = {**RELATIONSHIPS, "AGREEMENT": "共建协议"}


def structure(
    context: typer.Context,
    scope: ScopeOption = "",
    as_of: AsOfOption = "",
    limit: Annotated[int, typer.Option("--limit", metavar="N", help=say("每张表最多几行", "Rows of each table at most"))] = 10,
    store: StoreOption = "",
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Parts, articulation points, bridges and the most central organizations and units of an area."""
    with opened_for(settings_of(context), store) as opened_store:
        measured = network_structure(opened_store, {"scope": scope, "as_of": as_of}, limit)
    if as_json:
        emit(asdict(measured))
        return
    typer.echo(f"{measured.scope_name}（{measured.scope}）的组织与单位网络  截至 {measured.as_of}")
    typer.echo(f"{measured.nodes:,} 个组织、单位和区域，{measured.ties:,} 条联系\n")
    _show_components(measured)
    _show_points(measured)
    _show_bridges(measured)
    _show_central(measured)


def _show_components(measured: NetworkStructure) -> None:
    typer.echo(f"连通部分 {measured.component_count:,} 个：{measured.meanings['components']}")
    if measured.component_count > 1:
        table = grid([("部分", True), ("大小", True), ("其中有", False)])
        for number, part in enumerate(measured.components, 1):
            table.add_row(str(number), f"{part.size:,}", _part(part))
        show(table)
    typer.echo("")


def _show_points(measured: NetworkStructure) -> None:
    typer.echo(
        f"关键节点 {measured.articulation_point_count:,} 个：{measured.meanings['articulation_points']}"
    )
    table = grid([("节点", False), ("会断开", True), ("断开的有", False)])
    for point in measured.articulation_points:
        table.add_row(point.member.shown, f"{point.cut_off:,}", _names(point.lost, point.cut_off))
    _show_unless_empty(table)


def _show_bridges(measured: NetworkStructure) -> None:
    typer.echo(f"关键联系 {measured.bridge_count:,} 条：{measured.meanings['bridges']}")
    table = grid([("一端", False), ("联系", False), ("另一端", False), ("会断开", True)])
    for bridge in measured.bridges:
        kinds = "、".join(_TIES[name] for name in bridge.relationships)
        table.add_row(bridge.start.shown, kinds, bridge.end.shown, f"{bridge.cut_off:,}")
    _show_unless_empty(table)


def _show_central(measured: NetworkStructure) -> None:
    typer.echo("最居中的组织和单位")
    typer.echo(f"中介度：{measured.meanings['betweenness']}；联系数：{measured.meanings['degree']}")
    table = grid([("组织或单位", False), ("中介度", True), ("联系数", True)])
    for each in measured.central:
        table.add_row(each.member.shown, percent(each.betweenness), f"{each.degree:,}")
    show(table)


def _show_unless_empty(table: Table) -> None:
    if table.row_count:
        show(table)
    typer.echo("")


def _part(part: Component) -> str:
    return _names(part.members, part.size)


def _names(members: list[Member], total: int) -> str:
    shown = "、".join(member.name for member in members[:_NAMES])
    return f"{shown} 等 {total:,} 个" if total > _NAMES else shown
