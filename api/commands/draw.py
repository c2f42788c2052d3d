"""draw: a picture of the network as a file. The parameters of each picture are options, as the catalog declares them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from api.commands.options import AsOfOption, JsonOption, ScopeOption, StoreOption, settings_of, with_options
from api.output import open_private
from api.pictures.catalog import PICTURES, make
from api.pictures.files import ENDINGS, written
from api.stores import opened_for, tell_of_demo
from api.terminal import Refusal, emit, grid, show, tell
from api.wording import say
from viz.html_file import TooLarge


def _draw(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help=say("图的名称，用 --list 列出", "Name of a picture; --list shows them"))] = "",
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help=say(f"写到哪个文件，结尾是 {'、'.join(ENDINGS)}", f"File to write: {', '.join(ENDINGS)}"))] = None,
    scope: ScopeOption = "",
    as_of: AsOfOption = "",
    store: StoreOption = "",
    listed: Annotated[bool, typer.Option("--list", help=say("列出所有的图", "List the pictures"))] = False,
    as_json: JsonOption = False,
    **own: str,
) -> None:  # fmt: skip
    """Write a picture of the network to a file: HTML that needs nothing else, GraphML, GEXF, or tables in a zip."""
    if listed or not name:
        _show_pictures(as_json=as_json)
        return
    if name not in PICTURES:
        raise Refusal(say(f"没有名为“{name}”的图；可用的有：{'、'.join(PICTURES)}", f"No picture is called {name!r}; there are {', '.join(PICTURES)}"))  # fmt: skip
    if out is None or out.suffix not in ENDINGS:
        raise Refusal(say(f"请用 --out 给出文件，结尾是 {'、'.join(ENDINGS)}", f"Give a file with --out that ends with {', '.join(ENDINGS)}"))  # fmt: skip
    given = {key: value for key, value in {"scope": scope, "as_of": as_of, **own}.items() if value}
    with opened_for(settings_of(context), store) as opened_store:
        picture = make(opened_store, name, given)
    try:
        content = written(picture, ENDINGS[out.suffix])
    except TooLarge as error:
        raise Refusal(str(error)) from None
    with open_private(out) as file:
        file.write(content)
    if as_json:
        emit({"path": str(out), "picture": name, "title": picture.title, "nodes": len(picture.nodes), "edges": len(picture.edges)})  # fmt: skip
    else:
        typer.echo(picture.title)
    tell(say(f"{len(picture.nodes):,} 个对象、{len(picture.edges):,} 条联系已写入 {out}，只有本机当前用户能打开；个人信息已遮盖",
             f"{len(picture.nodes):,} things and {len(picture.edges):,} ties written to {out}, which only you can read; personal values are masked"))  # fmt: skip
    tell_of_demo()


def _show_pictures(*, as_json: bool) -> None:
    if as_json:
        found = [
            {"name": k.name, "title": k.title, "doc": k.doc, "parameters": [p.name for p in k.parameters]}
            for k in PICTURES.values()
        ]
        emit({"pictures": found})
        return
    table = grid([(say("名称", "name"), False), (say("图", "picture"), False), (say("内容", "content"), False), (say("参数", "options"), False)])  # fmt: skip
    for kind in PICTURES.values():
        options = " ".join(f"--{p.name}" for p in kind.parameters)
        table.add_row(kind.name, kind.title, say(kind.meaning, kind.doc), options)
    show(table)


def _options() -> Iterator[tuple[str, Any, str]]:
    """An option for each parameter that any picture has."""
    for name in dict.fromkeys(p.name for kind in PICTURES.values() for p in kind.parameters):
        users = [(kind, p) for kind in PICTURES.values() for p in kind.parameters if p.name == name]
        of = users[0][1]
        chinese = f"{'、'.join(kind.title for kind, _ in users)}：{of.heading}"
        english = f"{', '.join(kind.name for kind, _ in users)}: {of.doc}"
        example = say(f"，例如 {of.example}", f" Example: {of.example}") if of.example else ""
        yield (
            name,
            Annotated[
                str, typer.Option(f"--{name}", metavar=name.upper(), help=say(chinese, english) + example)
            ],
            "",
        )


draw = with_options(_draw, _options())
