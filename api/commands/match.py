"""match: one need, one resource, one unit or one text against everything that is on the lists."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.commands.options import AsOfOption, JsonOption, ScopeOption, StoreOption, settings_of
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


def need(
    context: typer.Context,
    id_: IdArgument,
    scope: ScopeOption = "",
    as_of: AsOfOption = "",
    limit: LimitOption = 20,
    bundle: Annotated[bool, typer.Option("--bundle", help=say("再给出最少几家合起来能满足它", "Also the smallest number of parties that meet it together"))] = False,
    profile: ProfileOption = None,
    form: FormatOption = "",
    out: OutOption = None,
    store: StoreOption = "",
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Resources and units for one need, ranked, each with why."""
    given = {"need": id_, "scope": scope, "as_of": as_of, "limit": limit, "bundle": bundle}
    kind = form_of(form, out, as_json)
    answer = _answer(context, store, profile, lambda matches: matches.need(given))
    present(answer, kind, out, left_out=_NO_ROOM)
    _explain(answer, kind)


def resource(
    context: typer.Context,
    id_: IdArgument,
    scope: ScopeOption = "",
    as_of: AsOfOption = "",
    limit: LimitOption = 20,
    profile: ProfileOption = None,
    form: FormatOption = "",
    out: OutOption = None,
    store: StoreOption = "",
    as_json: JsonOption = False,
) -> None:
    """Open needs that one resource could meet."""
    given = {"resource": id_, "scope": scope, "as_of": as_of, "limit": limit}
    kind = form_of(form, out, as_json)
    answer = _answer(context, store, profile, lambda matches: matches.resource(given))
    present(answer, kind, out, left_out=(*_NO_ROOM, "resource_id"))
    _explain(answer, kind)


def unit(
    context: typer.Context,
    id_: IdArgument,
    scope: ScopeOption = "",
    as_of: AsOfOption = "",
    limit: LimitOption = 20,
    profile: ProfileOption = None,
    form: FormatOption = "",
    out: OutOption = None,
    store: StoreOption = "",
    as_json: JsonOption = False,
) -> None:
    """Open needs that one unit could meet with any of its resources."""
    given = {"unit": id_, "scope": scope, "as_of": as_of, "limit": limit}
    kind = form_of(form, out, as_json)
    answer = _answer(context, store, profile, lambda matches: matches.unit(given))
    present(answer, kind, out, left_out=_NO_ROOM)
    _explain(answer, kind)


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
        return ask(Matches(desk, Plans(desk).prices, chosen))


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
    ("need", need, "哪些资源和单位能满足一个需求", "Resources and units for one need"),
    ("resource", resource, "一个资源能满足哪些需求", "Open needs for one resource"),
    ("unit", unit, "一个单位能认领哪些需求", "Open needs for one unit"),
    ("text", text, "为一段文字建议类别", "Suggest a category for a text"),
):
    app.command(_name, help=say(_chinese, _english), cls=Command)(_function)
