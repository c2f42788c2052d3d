"""Options that several commands share, declared once."""

import inspect
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from api.settings import Settings
from api.wording import say

StoreOption = Annotated[
    str,
    typer.Option(
        "--store",
        metavar="STORE",
        help=say(
            "用哪个库：embedded:文件夹、bolt://主机:7687、neo4j://主机，或 demo（示例库）；不写时看 LINMAI_STORE",
            "Which store: embedded:FOLDER, bolt://HOST:7687, neo4j://HOST, or demo; LINMAI_STORE by default",
        ),
    ),
]
JsonOption = Annotated[
    bool,
    typer.Option(
        "--json", help=say("结果以 JSON 写到标准输出，供程序使用", "Write the result as JSON to stdout")
    ),
]
ScopeOption = Annotated[
    str,
    typer.Option(
        "--scope",
        metavar="ID",
        help=say("范围：区、街道或社区的编号", "Scope: key of a district, street or community"),
    ),
]
AsOfOption = Annotated[
    str,
    typer.Option(
        "--as-of",
        metavar="YYYY-MM-DD",
        help=say(
            "以哪一天为准；不写时是库的基准日期或今天",
            "The day that counts as today; the store's reference date or the day it is",
        ),
    ),
]
Paths = Annotated[
    list[Path],
    typer.Argument(metavar="PATH", help=say("表格文件、文件夹或 zip", "Spreadsheets, folders or zip files")),
]


Option = tuple[str, Any, Any]
"""Name, annotation and default (`...` for none) of what a command takes as one of its `**given`."""


def with_options(command: Callable[..., None], options: Iterable[Option]) -> Callable[..., None]:
    """A command whose `**given` are options, so that several commands share a list of them."""
    own = [p for p in inspect.signature(command).parameters.values() if p.kind is not p.VAR_KEYWORD]
    keyword = inspect.Parameter.KEYWORD_ONLY
    further = [
        inspect.Parameter(
            name,
            keyword,
            default=default if default is not ... else inspect.Parameter.empty,
            annotation=annotation,
        )
        for name, annotation, default in options
    ]
    parameters = [*own, *further]
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {each.name: each.annotation for each in parameters}
    return command


def settings_of(context: typer.Context) -> Settings:
    """The settings that the front door read."""
    settings = context.find_root().obj
    assert isinstance(settings, Settings)
    return settings
