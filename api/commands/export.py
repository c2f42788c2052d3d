"""export: a part of the graph for other programs."""

from pathlib import Path
from typing import Annotated

import typer

from api.commands.options import JsonOption, ScopeOption, StoreOption, settings_of
from api.stores import opened_for
from api.terminal import Refusal, emit, grid, progress, show, tell
from api.wording import say
from graph.ask import bind
from graph.catalog import queries
from graph.export import FORMATS, Exported
from graph.export import export as write_export
from graph.schema import SCHEMA

_FORMATS = "|".join(FORMATS)


def export(
    context: typer.Context,
    kind: Annotated[str, typer.Option("--format", metavar=_FORMATS, help=say("写成什么形式", "Form of what is written"))],
    out: Annotated[Path, typer.Option("--out", metavar="PATH", help=say("写到哪里：新文件，csv 和 neo4j-import 是新文件夹", "Where to: a new file, or a new folder for csv and neo4j-import"))],
    scope: ScopeOption = "",
    personal: Annotated[str, typer.Option("--with-personal", metavar="NAME,...", help=say("写出这些个人信息，例如 Person.name,Person.phone（默认都不写）", "Personal properties to write, such as Person.name,Person.phone (none by default)"))] = "",
    store: StoreOption = "",
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Write what belongs to an area in a form that other programs read."""
    if kind not in FORMATS:
        listed = "；".join(f"{name}（{form.doc}）" for name, form in FORMATS.items())
        raise Refusal(say(f"--format 的值“{kind}”不对：应为其中之一：{listed}", f"--format {kind!r}: write one of {', '.join(FORMATS)}"))  # fmt: skip
    names = [name.strip() for name in personal.split(",") if name.strip()]
    with opened_for(settings_of(context), store) as opened_store, progress(say("导出", "Exporting")) as meter:
        chosen = bind(queries()["area_counts"], {"scope": scope}, opened_store)["scope"]
        written = write_export(opened_store, chosen, kind, out, personal=names, progress=meter.count)
    if as_json:
        emit({
            "path": str(out), "format": kind, "scope": written.scope, "nodes": dict(written.nodes),
            "relationships": dict(written.relationships), "personal": list(written.personal),
        })  # fmt: skip
    else:
        _show_counts(written)
    _tell_where(written, out)


def _show_counts(written: Exported) -> None:
    table = grid([("", False), (say("个数", "count"), True)])
    for label, count in written.nodes.items():
        table.add_row(f"{SCHEMA.node(label).heading} {label}", f"{count:,}")
    for name, count in written.relationships.items():
        table.add_row(f"{SCHEMA.relationship(name).heading} {name}", f"{count:,}")
    show(table)


def _tell_where(written: Exported, out: Path) -> None:
    tell(say(f"已导出到 {out}，只有本机当前用户能打开", f"Exported to {out}, which only you can read"))
    if written.personal:
        listed = "、".join(written.personal)
        tell(say(f"其中有个人信息（{listed}），请勿外传，用完请删除", f"It holds personal data ({listed}); keep it to yourself"), "yellow")  # fmt: skip
    else:
        tell(say("声明为个人信息的属性没有写出；备注和内容等文字栏请自行留意", "Declared personal properties are left out; mind free text yourself"), "dim")  # fmt: skip
    if written.format == "neo4j-import":
        tell(say("在这个文件夹中运行：neo4j-admin database import full @import.args 库名，然后在新库中运行 constraints.cypher",
                 "In that folder run: neo4j-admin database import full @import.args NAME, then constraints.cypher in the new database"))  # fmt: skip
