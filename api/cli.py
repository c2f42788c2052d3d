"""`linmai`: the front door of the command line. Assembles the commands and decides how each one ends."""

import io
import os
import sys
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer
from typer import rich_utils

from api.commands import (
    answers,
    demo,
    draw,
    export,
    load,
    match,
    plan,
    records,
    report,
    serve,
    store,
    structure,
    territory,
    whatif,
)
from api.commands.options import JsonOption
from api.matching.refusals import PlanFileError
from api.records.kinds import KINDS
from api.settings import Settings
from api.terminal import Refusal, Status, emit, silence_broken_pipe, tell
from api.usage import Command, Group, usage_sentence
from api.version import VERSION
from api.wording import ENGLISH, say
from graph.ask import ParameterError
from graph.operations import Declined
from graph.store_errors import Told
from loaders.divisions import UnknownDivisionError
from loaders.lease import LoadRefused
from matching.profile import ProfileError

if not ENGLISH:
    rich_utils.ARGUMENTS_PANEL_TITLE = "参数"
    rich_utils.OPTIONS_PANEL_TITLE = "选项"
    rich_utils.COMMANDS_PANEL_TITLE = "命令"
    rich_utils.REQUIRED_LONG_STRING = "[必填]"
    rich_utils.DEFAULT_STRING = "[默认：{}]"

_OPEN = {"allow_extra_args": True, "ignore_unknown_options": True}
SENTENCES = (
    Refusal, Told, ParameterError, UnknownDivisionError, LoadRefused,
    ProfileError, Declined, PlanFileError,
)  # fmt: skip
"""What is raised with one sentence for the user."""

app = typer.Typer(
    cls=Group, add_completion=False, no_args_is_help=True, rich_markup_mode="rich",
    help=say("邻脉：把一个区的组织、单位、需求和资源连成一张图", "LinMai: a district's organizations, partners, needs and resources as one graph"),
    epilog=say("结束状态：0 完成，1 数据有问题，2 用法或环境不对", "Exit status: 0 done, 1 problems in the data, 2 wrong usage or environment"),
)  # fmt: skip
store_app = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    rich_markup_mode="rich",
    help=say("启动、停止、备份、恢复库", "Start, stop, back up, restore the store"),
)


@app.callback(invoke_without_command=True)
def _front_door(
    context: typer.Context,
    debug: Annotated[bool, typer.Option("--debug", help=say("出错时显示程序的调用过程（可写在任何位置）", "Show tracebacks (may stand anywhere)"))] = False,
    show_version: Annotated[bool, typer.Option("--version", help=say("显示版本", "Show the version"))] = False,
) -> None:  # fmt: skip
    context.obj = Settings.read(os.environ)
    if show_version:
        typer.echo(f"linmai {VERSION}")
        raise typer.Exit


def _version(as_json: JsonOption = False) -> None:
    if as_json:
        emit({"version": VERSION})
    else:
        typer.echo(f"linmai {VERSION}")


_COMMANDS: tuple[tuple[str, Callable[..., None], str, str], ...] = (
    ("demo", demo.demo, "打开示例区：装入一个生成的区并打开页面", "Load a synthetic district and show its pages"),
    ("init", territory.init, "放入一个区县的官方街道和社区", "Put a district's official territory into the store"),
    ("divisions", territory.divisions, "查行政区划的编号和名称", "Look up official codes and names"),
    ("template", load.template, "写出可填写的空表", "Write empty workbooks to fill in"),
    ("map", load.map_file, "为列名不同的表提出对应办法，供人核对", "Propose what the columns of a spreadsheet mean"),
    ("check", load.check_command, "检查表格（不写入）；不给表格时检查库", "Check spreadsheets without writing; the store without any"),
    ("load", load.load, "装入表格", "Load spreadsheets"),
    ("batches", load.batches, "列出导入过的批次", "List what was loaded"),
    ("undo", load.undo, "撤销一个批次", "Take a batch back"),
    ("coverage", answers.coverage, "一页看清一个区域：有什么、缺什么", "One page on an area: what is there, what is lacking"),
    ("reconcile", answers.reconcile, "与公布的数字逐项核对", "Compare what is loaded with published figures"),
    ("report", report.report, "写出一个区域的季度报告工作簿", "Write an area's quarterly workbook"),
    ("structure", structure.structure, "谁把组织和单位连在一起：关键节点、关键联系、居中的单位", "Who holds the network together: cuts, bridges, centrality"),
    ("draw", draw.draw, "把一张图写成文件：可离线打开的 HTML、GraphML、GEXF 或表格", "Write a picture of the network to a file"),
    ("export", export.export, "把一个区域的图导出给别的程序用", "Write an area's graph for other programs"),
    ("queries", answers.queries, "列出所有查询", "List the named queries"),
    ("serve", serve.serve, "在本机打开页面和接口", "Serve pages and API on this machine"),
    ("version", _version, "显示版本", "Show the version"),
)  # fmt: skip
for _name, _function, _chinese, _english in _COMMANDS:
    app.command(_name, help=say(_chinese, _english), cls=Command)(_function)
app.command(
    "query", cls=Command, context_settings=_OPEN,
    help=say("问一个查询；它自己的参数写成 --名称 值", "Ask a named query; its own parameters are given as --name value"),
)(answers.query)  # fmt: skip
for _name, _function, _chinese, _english in (
    ("start", store.start, "启动内置库", "Start the embedded database"),
    ("stop", store.stop, "停止内置库", "Stop the embedded database"),
    ("status", store.status, "看库是否在运行", "Say whether the store runs"),
    ("backup", store.backup, "备份到一个文件", "Write everything to one file"),
    ("restore", store.restore, "从备份恢复到空库", "Fill an empty store from a backup"),
):
    store_app.command(_name, help=say(_chinese, _english), cls=Command)(_function)
app.add_typer(store_app, name="store")
for _name, _group in (("whatif", whatif.app), ("match", match.app), ("plan", plan.app)):
    app.add_typer(_group, name=_name)
for _kind in KINDS.values():
    app.add_typer(records.group(_kind), name=_kind.command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit: 0 done, 1 problems in the data, 2 wrong usage or environment."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a console of another encoding must not end a command
            stream.reconfigure(encoding="utf-8", errors="replace")
    words = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in words
    sys.exit(_run([word for word in words if word != "--debug"], debug=debug))


def _run(words: list[str], *, debug: bool) -> int:
    try:
        result: Any = app(words, prog_name="linmai", standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else Status.DONE
    except SENTENCES as error:
        if debug:
            raise
        tell(say(error.chinese, error.english) if isinstance(error, Told) else str(error), "red")
        return error.status if isinstance(error, Refusal) else Status.USAGE
    except BrokenPipeError:
        silence_broken_pipe()
        return Status.DONE
    except (KeyboardInterrupt, typer.Abort):
        tell(
            say(
                "已中断；再运行一次同样的命令就会接着做完", "Interrupted; the same command again completes it"
            )
        )
        return Status.USAGE
    except OSError as error:
        if debug:
            raise
        named = f"{error.filename}：" if error.filename else ""
        tell(say(f"{named}{_reason(error)}", f"{named}{error.strerror or error}"), "red")
        return Status.USAGE
    except Exception as error:
        return _unexpected(error, debug=debug)


def _reason(error: OSError) -> str:
    reasons = {
        FileNotFoundError: "没有这个文件或文件夹",
        PermissionError: "没有权限；请检查文件夹的权限，或文件是否正在别的程序中打开",
        IsADirectoryError: "这是文件夹，应为文件",
        NotADirectoryError: "这是文件，应为文件夹",
        FileExistsError: "已经有同名的文件",
    }
    known = next((text for kind, text in reasons.items() if isinstance(error, kind)), None)
    return known or ("磁盘已满；请腾出空间后再试" if error.errno == 28 else error.strerror or str(error))


def _unexpected(error: Exception, *, debug: bool) -> int:
    if type(error).__name__ == "NoArgsIsHelpError":
        return Status.USAGE
    if hasattr(error, "format_message"):  # the parser's own exceptions
        tell(usage_sentence(error), "red")
        return Status.USAGE
    if debug:
        raise error
    tell(
        say(f"程序出错了（{type(error).__name__}）；请再试一次；仍然出错时请加 --debug 运行，并把显示的内容交给维护人员",
            f"The program failed ({type(error).__name__}); try again, then with --debug and show what it says to your maintainer"),
        "red",
    )  # fmt: skip
    return Status.USAGE
