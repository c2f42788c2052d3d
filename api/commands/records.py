"""need, resource, unit, agreement, claim, project, meeting: the records that are written by hand.

The commands of each kind and their options are computed from its declaration.
"""

import json
from collections.abc import Callable, Iterator
from typing import Annotated, Any

import typer

from api.commands.options import JsonOption, Option, StoreOption, settings_of, with_options
from api.records import editing, moving, projects, reading
from api.records.acts import KEY, Act, new_operation
from api.records.kinds import EVALUATION, KINDS, LOCAL_USER, Kind, TieField
from api.refusals import Conflict
from api.stores import opened_for
from api.terminal import Refusal, Status, emit, grid, show, tell
from api.usage import Command, Group
from api.wording import say
from graph.operations import Declined, Outcome
from graph.store import Store
from loaders.converters import split

ActorOption = Annotated[str, typer.Option("--as", metavar="ID", help=say("经办人的编号", "Who acts"))]
OperationOption = Annotated[str, typer.Option("--operation", metavar="KEY", help=say("操作号；同一个操作重做时写同一个，只生效一次", "Key of the operation: repeated with the same key, it acts once"))]  # fmt: skip
RevisionOption = Annotated[int | None, typer.Option("--revision", metavar="N", help=say("您看到的修订号；其后有人改过就不改", "The revision you saw; refused when changed since"))]  # fmt: skip
ReasonOption = Annotated[str, typer.Option("--reason", metavar="TEXT", help=say("理由", "Why"))]
FeedbackOption = Annotated[str, typer.Option("--feedback", metavar="TEXT", help=say("反馈", "What those who asked say"))]  # fmt: skip
DayOption = Annotated[str, typer.Option("--day", metavar="YYYY-MM-DD", help=say("办理日期，不写时是今天", "When it was; today by default"))]  # fmt: skip
KeyArgument = Annotated[str, typer.Argument(metavar="ID", help=say("编号", "Key"))]


def group(kind: Kind) -> typer.Typer:
    """The commands of one kind of record."""
    app = typer.Typer(
        cls=Group, no_args_is_help=True, rich_markup_mode="rich",
        help=say(f"登记、修改、办理{kind.heading}", f"Write {kind.path} by hand"),
    )  # fmt: skip

    def add(name: str, chinese: str, english: str, command: Callable[..., None]) -> None:
        app.command(name, help=say(chinese, english), cls=Command)(command)

    add("add", f"登记一条{kind.heading}", f"Create a {kind.command}", _add(kind))
    add("change", "修改几项；写成 --项 '' 清空", "Change fields; --field '' removes one", _change(kind))
    add("withdraw", "撤回或终止（不删除）", "Withdraw or end it; nothing is deleted", _withdraw(kind))
    add("show", "看现在的内容和下一步", "Show it as it is, and the steps that lead on", _show(kind))
    add("history", "看经过：谁在何时做了什么", "Show who did what, and when", history_of(kind))
    if kind.life:
        states = "、".join(map(str, kind.life.codes.values))
        add("move", f"办理一步，转为另一状态：{states}", "Take a step to another state", _move(kind))
    if kind.label == "Project":
        add(
            "deliver",
            "登记某项资源至今的兑现数量",
            "Write down what a resource has delivered so far",
            _deliver,
        )
        add("evaluate", "登记评价", "Write down an evaluation", _evaluate())
    return app


def _add(kind: Kind) -> Callable[..., None]:
    def add(context: typer.Context, **given: Any) -> None:
        body = _body(kind, given)
        write_record(context, kind, given, lambda act: editing.create(act, kind, body, typed=False))

    further = [("meeting", _option("--meeting", "议定它的联席会议的编号"))] if kind.label == "Project" else []
    return _with_options(add, [("id", _option("--id", "编号；不写时由系统生成")), *_fields(kind), *further])


def _change(kind: Kind) -> Callable[..., None]:
    def change(
        context: typer.Context, key: KeyArgument, revision: RevisionOption = None, **given: Any
    ) -> None:
        body = _body(kind, given)
        write_record(
            context, kind, given, lambda act: editing.change(act, kind, key, body, revision, typed=False)
        )

    return _with_options(change, [(n, option) for n, option in _fields(kind) if n not in kind.fixed])


def _withdraw(kind: Kind) -> Callable[..., None]:
    def withdraw(
        context: typer.Context, key: KeyArgument, reason: ReasonOption = "", revision: RevisionOption = None, **given: Any
    ) -> None:  # fmt: skip
        body = {"reason": reason} if reason else {}
        write_record(context, kind, given, lambda act: editing.withdraw(act, kind, key, body, revision))

    return _with_options(withdraw, [])


def _move(kind: Kind) -> Callable[..., None]:
    def move(
        context: typer.Context,
        key: KeyArgument,
        to: Annotated[str, typer.Argument(metavar="STATE", help=say("要转为的状态", "The state it goes to"))],
        reason: ReasonOption = "",
        feedback: FeedbackOption = "",
        day: DayOption = "",
        revision: RevisionOption = None,
        **given: Any,
    ) -> None:
        said = {"to": to, "reason": reason, "feedback": feedback, "day": day}
        body = {name: value for name, value in said.items() if value}
        write_record(context, kind, given, lambda act: moving.move(act, kind, key, body, revision))

    return _with_options(move, [])


def _deliver(
    context: typer.Context,
    key: KeyArgument,
    resource: Annotated[str, typer.Argument(metavar="RESOURCE", help=say("资源编号", "Key of the resource"))],
    quantity: Annotated[int, typer.Argument(metavar="N", help=say("至今兑现的数量", "Units so far"))],
    actor: ActorOption = LOCAL_USER,
    operation: OperationOption = "",
    store: StoreOption = "",
    as_json: JsonOption = False,
) -> None:
    given = {"actor": actor, "operation": operation, "store": store, "as_json": as_json}
    body = {"resource": resource, "quantity": quantity}
    write_record(context, KINDS["project"], given, lambda act: projects.deliver(act, key, body))


def _evaluate() -> Callable[..., None]:
    def evaluate(context: typer.Context, key: KeyArgument, **given: Any) -> None:
        body = _body(EVALUATION, given)
        write_record(context, EVALUATION, given, lambda act: projects.evaluate(act, key, body, typed=False))

    return _with_options(evaluate, [(n, option) for n, option in _fields(EVALUATION) if n != "of"])


def _show(kind: Kind) -> Callable[..., None]:
    def show_record(
        context: typer.Context, key: KeyArgument, store: StoreOption = "", as_json: JsonOption = False
    ) -> None:
        found = _ask(context, store, lambda opened: reading.record(opened, kind, key))
        if as_json:
            emit(found)
            return
        table = grid([("项目", False), ("内容", False)], f"{kind.heading} {found['id']}")
        for name in (*kind.properties, *kind.ties):
            if found[name] not in (None, []):
                table.add_row(kind.field_heading(name), _words(found[name]))
        show(table)
        tell(_standing(kind, found))

    return show_record


def history_of(kind: Kind) -> Callable[..., None]:
    """The command that tells what has happened to a record."""

    def history(
        context: typer.Context, key: KeyArgument, store: StoreOption = "", as_json: JsonOption = False
    ) -> None:
        found = _ask(context, store, lambda opened: reading.history(opened, kind, key))
        if as_json:
            emit({"id": key, "history": found})
            return
        table = grid([("时间", False), ("经办", False), ("事项", False), ("理由、文件", False)])
        for each in found:
            changes = "，".join(
                f"{c['heading']}：{_words(c['before'])} → {_words(c['after'])}" for c in each["changes"]
            )
            label = kind.life.codes.label if kind.life else str
            what = (
                f"{label(each['from']) if each['from'] else '新建'} → {label(each['to'])}"
                if each["to"]
                else changes
            )
            table.add_row(
                (each["at"] or "")[:19].replace("T", " "),
                each["actor"] or "",
                what,
                each["reason"] or each["file"] or "",
            )
        show(table)

    return history


def _ask(context: typer.Context, store: str, question: Callable[[Store], Any]) -> Any:
    with opened_for(settings_of(context), store) as opened:
        try:
            return question(opened)
        except Declined as declined:
            raise Refusal(str(declined), Status.DATA) from None


def write_record(
    context: typer.Context, kind: Kind, given: dict[str, Any], do: Callable[[Act], Outcome]
) -> None:
    """Carry out an act on a record with the options that every write has, and tell how the record stands."""
    key = given["operation"] or new_operation()
    if not KEY.fullmatch(key):
        raise Refusal(
            say(
                "--operation 应为 1 到 100 个字母、数字或 . _ ~ -",
                "--operation takes 1 to 100 letters, digits or . _ ~ -",
            )
        )
    with opened_for(settings_of(context), given["store"]) as store:
        try:
            outcome = do(Act(store, key, given["actor"]))
        except Declined as declined:
            for line in _differences(declined):
                tell(line, "yellow")
            raise Refusal(str(declined), Status.DATA) from None
    if given["as_json"]:
        emit(outcome.answer)
        return
    again = "（这个操作先前已经完成）" if outcome.repeated else ""
    typer.echo(f"{kind.heading} {outcome.answer['id']}：已保存{again}")
    tell(_standing(kind, outcome.answer), "dim")


def _differences(declined: Declined) -> Iterator[str]:
    for each in declined.members.get("changed", ()) if isinstance(declined, Conflict) else ():
        yield f"「{each['heading']}」现在是 {_words(each['theirs']) or '空'}，您写的是 {_words(each['yours']) or '（没有写）'}"


def _standing(kind: Kind, record: dict[str, Any]) -> str:
    label = kind.life.codes.label if kind.life else str
    state = f"状态“{label(record['state'])}”，" if record["state"] else ""
    onward = f"；下一步可以转为：{'、'.join(map(label, record['next']))}" if record["next"] else ""
    return f"{state}修订号 {record['revision']}{onward}"


def _words(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(_words(each) for each in value)
    if isinstance(value, dict):
        further = "，".join(f"{n} {v}" for n, v in value.items() if n not in ("id", "label"))
        return f"{value['id']}（{further}）" if further else str(value["id"])
    return "" if value is None else str(value)


def _body(kind: Kind, given: dict[str, Any]) -> dict[str, Any]:
    """The body that the options say; an empty one removes the value."""
    body: dict[str, Any] = {}
    for name, text in given.items():
        if text is None or name in ("actor", "operation", "store", "as_json"):
            continue
        body[name] = _ends(kind.ties[name], text) if name in kind.ties else text or None
    return body


def _ends(tie_field: TieField, text: str) -> Any:
    """One key, or several with 、 between them; `KEY=N` gives the first number of the tie, JSON says everything."""
    if text.lstrip().startswith(("{", "[")):
        try:
            return json.loads(text)
        except ValueError:
            raise Refusal(f"--{tie_field.name.replace('_', '-')} 不是 JSON：{text[:60]}") from None
    number = next(
        (each.name for each in tie_field.properties if each.unit or each.type.value == "integer"), ""
    )
    ends: list[Any] = []
    for part in split(text):
        key, equals, value = part.partition("=")
        ends.append({"id": key.strip(), number: value.strip()} if equals and number else part)
    if not ends:
        return [] if tie_field.many else None
    return ends if tie_field.many else ends[0]


def _fields(kind: Kind) -> list[tuple[str, Any]]:
    """An option per field: its Chinese heading and what it is tied to."""
    found = [(name, _option(_flag(name), of.heading)) for name, of in kind.properties.items()]
    for name, tie_field in kind.ties.items():
        several = "，可写几个，用、隔开" if tie_field.many else ""
        numbered = (
            "，数量写成 编号=数量" if any(p.type.value == "integer" for p in tie_field.properties) else ""
        )
        found.append((name, _option(_flag(name), f"{tie_field.heading}的编号{several}{numbered}")))
    return found


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _option(flag: str, help_: str) -> Any:
    return Annotated[str | None, typer.Option(flag, metavar="TEXT", help=help_)]


def _with_options(command: Callable[..., None], fields: list[tuple[str, Any]]) -> Callable[..., None]:
    """A command whose `**given` are options: the fields, and those that every write has."""
    return with_options(command, [*((name, annotation, None) for name, annotation in fields), *WRITING])


WRITING: tuple[Option, ...] = (
    ("actor", ActorOption, LOCAL_USER), ("operation", OperationOption, ""), ("store", StoreOption, ""), ("as_json", JsonOption, False),
)  # fmt: skip
"""The options that every write has."""
