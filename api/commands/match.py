"""match: one need, one resource, one unit or one text against everything that is on the lists."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

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
from api.terminal import tell
from api.usage import Command, Group
from api.wording import say
from graph.ask import Answer

if TYPE_CHECKING:
    from api.matching.matches import Matches

ProfileOption = Annotated[Path | None, typer.Option("--profile", metavar="FILE.toml", help=say("参数文件：权重、界限；只写要改的项", "Profile: weights and limits; only what differs from the default"))]  # fmt: skip
LimitOption = Annotated[int, typer.Option("--limit", metavar="N", min=1, max=1000, help=say("最多几行，最好的在前", "Rows at most, the best first"))]  # fmt: skip
IdArgument = Annotated[str, typer.Argument(metavar="ID", help=say("编号", "Key"))]
_NO_ROOM = (
    "weight", "net", "parts", "path", "owner_id", "area", "urgency",
)  # fmt: skip

app = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    rich_markup_mode="rich",
    help=say("为一个需求、资源或单位找对接，并说明理由", "Match one need, resource or unit, and say why"),
)


_ASKED: tuple[Option, ...] = (
    ("scope", ScopeOption, ""),
    ("as_of", AsOfOption, ""),
    ("limit", LimitOption, 20),
)
"""What every question about one need, resource or unit may say, beside its key."""
_SHOWN: tuple[Option, ...] = (
    ("profile", ProfileOption, None), ("form", FormatOption, ""), ("out", OutOption, None), ("store", StoreOption, ""), ("as_json", JsonOption, False),
)  # fmt: skip
_BUNDLE: Option = ("bundle", Annotated[bool, typer.Option("--bundle", help=say("再给出最少几家合起来能满足它", "Also the smallest number of parties that meet it together"))], False)  # fmt: skip


def _ranking(
    kind: str, ask: "Callable[[Matches, dict[str, Any]], Answer]", left_out: tuple[str, ...], *own: Option
) -> Callable[..., None]:
    """The command that ranks what fits one need, resource or unit. `kind` is the parameter that its key is."""
    options = (*_ASKED, *own)

    def ranking(context: typer.Context, id_: IdArgument, **given: Any) -> None:
        asked = {kind: id_, **{name: given[name] for name, *_ in options}}
        form = form_of(given["form"], given["out"], given["as_json"])
        answer = _answer(context, given["store"], given["profile"], lambda matches: ask(matches, asked))
        present(answer, form, given["out"], left_out=left_out)
        _explain(answer, form)

    return with_options(ranking, (*options, *_SHOWN))


def text(
    context: typer.Context,
    words: Annotated[str, typer.Argument(metavar="TEXT", help=say("需求或资源的文字", "What a need or a resource is about"))],
    of: Annotated[str, typer.Option("--list", metavar="需求|资源", help=say("哪张清单的类别", "Whose categories"))] = "需求",
    scope: ScopeOption = "",
    form: FormatOption = "",
    out: OutOption = None,
    store: StoreOption = "",
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """The category that a free text speaks for, with its certainty and the runner-up."""
    kind = form_of(form, out, as_json)
    given = {"text": words, "list": of, "scope": scope}
    answer = _answer(context, store, None, lambda matches: matches.category(given))
    present(answer, kind, out)


def _answer(
    context: typer.Context, store: str, profile: Path | None, ask: "Callable[[Matches], Answer]"
) -> Answer:
    from api.matching.desk import Desk  # here: slow to import, and most commands match nothing
    from api.matching.matches import Matches
    from api.matching.plans import Plans

    chosen = read_profile(profile)
    with opened_for(settings_of(context), store) as opened_store:
        desk = Desk(opened_store)
        return ask(Matches(Plans(desk), chosen))


def _explain(answer: Answer, kind: str) -> None:
    """What a table cannot say: the sentence, refusals and near misses, on stderr."""
    if kind != "table":
        return
    notes: dict[str, Any] = dict(answer.notes)
    typer.echo(notes["sentence"])
    if bundle := notes.get("bundle"):
        shares = "、".join(f"{each['owner']} 的 {each['resource']} {each['quantity']}" for each in bundle["shares"])  # fmt: skip
        typer.echo(f"{bundle['sentence']}：{shares}" if shares else bundle["sentence"])
    for miss in notes["nearest"]:
        typer.echo(miss["sentence"])
    for finding in notes["findings"]:
        tell(finding["message"], "yellow")


for _name, _function, _chinese, _english in (
    ("need", _ranking("need", lambda matches, asked: matches.need(asked), _NO_ROOM, _BUNDLE), "哪些资源和单位能满足一个需求", "Resources and units for one need"),
    ("resource", _ranking("resource", lambda matches, asked: matches.resource(asked), (*_NO_ROOM, "resource_id")), "一个资源能满足哪些需求", "Open needs for one resource"),
    ("unit", _ranking("unit", lambda matches, asked: matches.unit(asked), _NO_ROOM), "一个单位能认领哪些需求", "Open needs for one unit"),
    ("text", text, "为一段文字建议类别", "Suggest a category for a text"),
):  # fmt: skip
    app.command(_name, help=say(_chinese, _english), cls=Command)(_function)
