"""plan: make, show, verify, compare, announce and list plans for all needs of an area."""

import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.clock import now
from api.commands.match import ProfileOption
from api.commands.options import AsOfOption, JsonOption, ScopeOption, StoreOption, settings_of
from api.commands.records import (
    ActorOption,
    OperationOption,
    ReasonOption,
    RevisionOption,
    history_of,
    write_record,
)
from api.commands.results import FormatOption, OutOption, form_of, present
from api.matching.profiles import read_profile
from api.output import open_private
from api.records.acts import Act, new_operation
from api.records.kinds import LOCAL_USER, PLAN
from api.shares import percent
from api.stores import is_of_demo, opened_for, tell_of_demo
from api.terminal import Refusal, Status, emit, end, progress, tell
from api.usage import Command, Group
from api.wording import say
from graph.ask import ask, bind
from graph.catalog import queries

if TYPE_CHECKING:
    from api.matching.plan_view import PlanView
    from api.matching.planning import Made

PlanArgument = Annotated[str, typer.Argument(metavar="FILE|ID", help=say("方案文件，或已保存方案的编号", "A plan's file, or the key of a kept plan"))]  # fmt: skip
IdArgument = Annotated[str, typer.Argument(metavar="ID", help=say("已保存方案的编号，见 linmai plan list", "Key of a kept plan, see `linmai plan list`"))]  # fmt: skip

app = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    rich_markup_mode="rich",
    help=say(
        "为全部需求制定对接方案，并证明它有多好",
        "Plan all needs at once, with a proof of how good the plan is",
    ),
)


def make(
    context: typer.Context,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help=say("方案文件（.json，可供核验），或可打印的工作簿（.xlsx）", "The plan's file (.json, to be verified) or a workbook to print (.xlsx)"))] = None,
    scope: ScopeOption = "",
    as_of: AsOfOption = "",
    profile: ProfileOption = None,
    practical: Annotated[bool | None, typer.Option("--practical/--no-practical", help=say("采用守实用规则的方案（每需求几家、每份至少多少）；默认采用精确方案并另算一份作比较", "Take the plan that keeps the rules of practice; by default the exact one, with the other beside it"))] = None,
    actor: ActorOption = LOCAL_USER,
    store: StoreOption = "",
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Plan all open needs of an area with a proof of how good the plan is, and keep it as a draft."""
    from api.matching.desk import Desk  # here: slow to import, and most commands make no plan
    from api.matching.kept_plans import keep
    from api.matching.plan_view import PlanView
    from api.matching.planning import make_plan

    chosen = read_profile(profile)
    kind = _kind(out)
    with opened_for(settings_of(context), store) as opened_store:
        given = bind(queries()["needs_without_candidate"], {"scope": scope, "as_of": as_of}, opened_store)
        with progress(say("制定方案", "Planning")) as meter:
            situation = Desk(opened_store).situation(given["scope"], given["as_of"])
            made = make_plan(
                opened_store, situation, given["scope"], chosen, now().isoformat(timespec="seconds"),
                practical=practical, report=lambda done, total, words: meter(words, done, total),
            )  # fmt: skip
        kept = keep(Act(opened_store, new_operation(), actor), made)
    view = PlanView(made.file, situation.snapshot, kept.id, kept.state)
    if out is not None:
        _write(out, kind, view, kept.text)
    if as_json:
        emit(made.summary())
    else:
        _tell_made(made, view)
    findings = situation.snapshot.findings
    for finding in findings[:_TOLD]:
        tell(finding.message, "yellow")
    if len(findings) > _TOLD:
        rest = len(findings) - _TOLD
        tell(say(f"……还有 {rest} 处数据要改，用 linmai check 查看", f"… {rest} more to mend; see linmai check"), "yellow")  # fmt: skip
    _tell_kept(kept.id)


def repair(
    context: typer.Context,
    named: PlanArgument,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help=say("新方案的文件（.json）或可打印的工作簿（.xlsx）", "The new plan's file (.json) or a workbook to print (.xlsx)"))] = None,
    as_of: AsOfOption = "",
    actor: ActorOption = LOCAL_USER,
    operation: OperationOption = "",
    store: StoreOption = "",
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Bring a plan up to today's lists from its stored prices, and keep the outcome as a draft."""
    from api.matching.desk import Desk
    from api.matching.kept_plans import keep
    from api.matching.plan_view import PlanView
    from api.matching.plans import Plans, diff_of
    from api.matching.repairing import repair as repaired_plan

    kind = _kind(out)
    with opened_for(settings_of(context), store) as opened_store:
        desk = Desk(opened_store)
        old = Plans(desk).view_of(named)
        given = bind(queries()["needs_without_candidate"], {"scope": old.file.scope, "as_of": as_of}, opened_store)  # fmt: skip
        situation = desk.situation(given["scope"], given["as_of"])
        found = repaired_plan(opened_store, situation, old, now().isoformat(timespec="seconds"))
        kept = keep(Act(opened_store, operation or new_operation(), actor), found.made)
    view = PlanView(found.made.file, situation.snapshot, kept.id, kept.state)
    if out is not None:
        _write(out, kind, view, kept.text)
    if as_json:
        emit({"plan_id": kept.id, **found.told(), "rows": found.moves})
        return
    _tell_made(found.made, view)
    typer.echo(f"比原方案变动 {len(found.moves):,} 项")
    if found.moves:
        present(diff_of(old, view, kept.id), "table", None)
    _tell_kept(kept.id)


def show(
    context: typer.Context,
    named: PlanArgument,
    part: Annotated[str, typer.Option("--part", metavar="communities|assignments|unserved|idle|prices", help=say("看其中一张清单", "One of its lists"))] = "",
    form: FormatOption = "",
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help=say("写到文件：方案文件 .json、可打印的工作簿 .xlsx；有 --part 时为该清单的 .csv 或 .xlsx", "Write the plan's file .json or a workbook .xlsx; with --part that list as .csv or .xlsx"))] = None,
    store: StoreOption = "",
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """What a plan is worth, what it serves, community by community; or one of its lists."""
    from api.matching.plan_questions import COMMUNITIES, PARTS, SUMMARY
    from api.matching.plans import Plans, answered, part_of

    if part and part not in PARTS:
        raise Refusal(say(f"--part 的值“{part}”不对：应为 {'、'.join(PARTS)} 之一", f"--part {part!r}: write one of {', '.join(PARTS)}"))  # fmt: skip
    kind = form_of(form, out, as_json) if part else _kind(out)
    from api.matching.desk import Desk

    with opened_for(settings_of(context), store) as opened_store:
        view = Plans(Desk(opened_store)).view_of(named)
    if part:
        present(part_of(PARTS[part], view), kind, out, left_out=_NO_ROOM)
        return
    if out is not None:
        from matching.plan_file import dump

        _write(out, kind, view, dump(view.file))
    if as_json:
        emit(view.summary())
        return
    present(answered(SUMMARY, view, [view.summary()]), "table", None)
    present(part_of(COMMUNITIES, view), "table", None, left_out=("community_id",))


def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=say("方案文件", "A plan's file"))],
    as_json: JsonOption = False,
) -> None:
    """Check a plan's file in one pass, without a solver: digest, quantities, rules, value and proof."""
    from api.matching.plans import read_text
    from matching.verify import verify as checked

    found = checked(read_text(file))
    if as_json:
        emit(asdict(found))
    elif found.ok:
        typer.echo(
            f"{file.name}：核验通过。方案值 {found.value:,}，上界 {found.bound:,}，差距 {found.gap:.4%}"
        )
    else:
        for problem in found.problems:
            typer.echo(problem)
    if not found.ok:
        tell(say(f"{file.name}：核验没有通过，{len(found.problems)} 处不符", f"{file.name}: not verified, {len(found.problems)} faults"), "red")  # fmt: skip
    end(Status.DONE if found.ok else Status.DATA)


def diff(
    context: typer.Context,
    before: PlanArgument,
    after: PlanArgument,
    form: FormatOption = "",
    out: OutOption = None,
    store: StoreOption = "",
    as_json: JsonOption = False,
) -> None:
    """What moves from one plan to another, and why."""
    from api.matching.desk import Desk
    from api.matching.plans import Plans, diff_of

    kind = form_of(form, out, as_json)
    with opened_for(settings_of(context), store) as opened_store:
        plans = Plans(Desk(opened_store))
        answer = diff_of(plans.view_of(before), plans.view_of(after))
    present(answer, kind, out)


def listed(
    context: typer.Context,
    scope: ScopeOption = "",
    form: FormatOption = "",
    out: OutOption = None,
    store: StoreOption = "",
    as_json: JsonOption = False,
) -> None:
    """The plans that are kept, the newest first."""
    kind = form_of(form, out, as_json)
    with opened_for(settings_of(context), store) as opened_store:
        answer = ask(opened_store, queries()["plans"], {"scope": scope})
    present(answer, kind, out, left_out=("area_id",))


_TOLD = 5
"""So many faults of the data are told one by one."""
_NO_ROOM = ("community_id", "resource_id", "owner_id", "reason", "weight", "held_by", "could_serve")


def _step(state: str) -> Callable[..., None]:
    """The command that brings a plan into a state."""

    def step(
        context: typer.Context,
        id_: IdArgument,
        reason: ReasonOption = "",
        revision: RevisionOption = None,
        actor: ActorOption = LOCAL_USER,
        operation: OperationOption = "",
        store: StoreOption = "",
        as_json: JsonOption = False,
    ) -> None:
        from api.matching.kept_plans import move  # here: slow to import, and most commands move no plan

        given = {"actor": actor, "operation": operation, "store": store, "as_json": as_json}
        said = {"reason": reason} if reason else {}
        write_record(context, PLAN, given, lambda act: move(act, id_, state, said, revision))

    return step


def _kind(out: Path | None) -> str:
    suffix = out.suffix.removeprefix(".").lower() if out else ""
    if out is not None and suffix not in ("json", "xlsx"):
        raise Refusal(
            say(f"--out 的值“{out}”不对：请把文件名写成 .json（方案文件）或 .xlsx（可打印的工作簿）",
                f"--out {out}: write a name that ends in .json (the plan's file) or .xlsx (a workbook to print)")
        )  # fmt: skip
    return suffix


def _write(out: Path, kind: str, view: "PlanView", text: str) -> None:
    from api.matching.plan_workbook import plan_bytes

    with open_private(out) as file:
        file.write(plan_bytes(view, synthetic=is_of_demo()) if kind == "xlsx" else text.encode())
    tell(say(f"已写到 {out}，只有本机当前用户能打开", f"Written to {out}, readable by you only"))
    tell_of_demo()


def _tell_kept(id_: str) -> None:
    tell(
        say(
            f"已保存为草案 {id_}；公布：linmai plan announce {id_}",
            f"Kept as draft {id_}; announce it with linmai plan announce {id_}",
        )
    )


def _tell_made(made: "Made", view: "PlanView") -> None:
    figures: dict[str, Any] = made.summary()
    summary = view.summary()
    out = sys.stdout
    out.write(f"{summary['area']}（{summary['area_id']}）：需求 {summary['needs']:,} 条，满足 {figures['served']:,} 条，未满足 {figures['unserved']:,} 条\n")  # fmt: skip
    out.write(f"方案值 {figures['value']:,}，上界 {figures['bound']:,}，差距 {made.plan.gap:.4%}")
    out.write("（已证明没有更好的方案）\n" if made.plan.gap == 0 else "\n")
    if made.m3_gap is not None:
        practice = made.profile.practice
        out.write(
            f"守实用规则（每需求最多 {practice.max_parties or '不限'} 家，每份至少 {practice.minimum_lot}）的方案差距 {made.m3_gap:.4%}"
        )  # fmt: skip
        out.write("，即本方案\n" if made.plan.method == "practical" else "；要采用它请加 --practical\n")
    worst = summary["worst_community"] or "—"
    out.write(f"满足率最低的社区：{worst} {percent(summary['worst_share'])}\n")
    for row in view.prices()[:3]:
        out.write(f"最缺{row['kind']}：{row['name']}，每增加 1 个单位最多增值 {row['price']:,}\n")
    out.write(f"用时 {figures['seconds']:.1f} 秒\n")


for _name, _function, _chinese, _english in (
    ("make", make, "制定方案并保存为草案", "Make a plan and keep it as a draft"),
    ("repair", repair, "按现在的清单修补方案：需求、资源的增减和变化", "Bring a plan up to today's lists"),
    ("show", show, "看一个方案，或写成可打印的工作簿", "Show a plan, or write it as a workbook to print"),
    ("verify", verify, "核验方案文件（不用求解器）", "Verify a plan's file without a solver"),
    ("diff", diff, "两个方案差在哪里、为什么", "What moves between two plans, and why"),
    ("announce", _step("announced"), "核验并公布草案", "Verify and announce a draft"),
    ("start", _step("running"), "开始执行已公布的方案", "Carry out an announced plan"),
    (
        "end",
        _step("ended"),
        "作废草案、撤回已公布的方案（要写 --reason）、办完方案",
        "Drop a draft, take back an announced plan (with --reason), or finish one",
    ),
    ("history", history_of(PLAN), "看经过：谁在何时做了什么", "Show who did what, and when"),
    ("list", listed, "列出已保存的方案", "List the kept plans"),
):
    app.command(_name, help=say(_chinese, _english), cls=Command)(_function)
