"""The terminal: results on stdout, everything said about them on stderr, and how a command ends."""

import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from api.wording import say
from loaders.problems import Problem, Severity

SHOWN_PROBLEMS = 40
"""So many findings are listed in the terminal; the rest is in --json and in the error workbook."""


class Status(IntEnum):
    """The exit status of every command."""

    DONE = 0
    DATA = 1
    """Problems were found in the data."""
    USAGE = 2
    """Wrong usage, or an environment that does not allow it."""


class Refusal(Exception):
    """A command that cannot be done as asked: one sentence for the user, and the exit status."""

    def __init__(self, sentence: str, status: Status = Status.USAGE) -> None:
        super().__init__(sentence)
        self.status = status


def out() -> Console:
    """Where results go. Made anew each time, so that a redirected stdout is respected."""
    return Console(highlight=False, soft_wrap=not sys.stdout.isatty())


def err() -> Console:
    """Where progress and messages go."""
    return Console(stderr=True, highlight=False, soft_wrap=not sys.stderr.isatty())


def tell(sentence: str, style: str = "") -> None:
    """Say something about the work, on stderr. The text is never read as markup."""
    err().print(sentence, style=style or None, markup=False)


def emit(value: Any) -> None:
    """A result for programs: one JSON document on stdout, at once: `serve` and `demo` go on for hours after it."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")
    sys.stdout.flush()


def show(table: Table, *, whole: bool = False) -> None:
    """A result for people: a table on stdout, wide when stdout is no terminal.

    `whole`: no line is folded, whatever the width, so that a command in the last column can be copied.
    """
    if whole:
        console = Console(highlight=False, width=10_000)
    else:
        console = out() if sys.stdout.isatty() else Console(highlight=False, width=200)
    console.print(table)


def grid(columns: Iterable[tuple[str, bool]], title: str = "") -> Table:
    """An empty table with (heading, is numeric) columns."""
    table = Table(title=title or None, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for heading, numeric in columns:
        table.add_column(heading, justify="right" if numeric else "left", overflow="fold")
    return table


def end(status: Status) -> None:
    """End a command that did its work with a status other than 0."""
    if status is not Status.DONE:
        raise typer.Exit(int(status))


def tell_problems(problems: Iterable[Problem]) -> None:
    """List findings on stderr: errors, then what needs a look, then what was done on purpose."""
    order = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}
    marks = {
        Severity.ERROR: (say("问题", "error"), "red"),
        Severity.WARNING: (say("待确认", "check"), "yellow"),
        Severity.NOTE: (say("说明", "note"), "dim"),
    }
    listed = sorted(problems, key=lambda p: order[p.severity])
    for problem in listed[:SHOWN_PROBLEMS]:
        word, style = marks[problem.severity]
        tell(f"{word}  {problem.message}", style)
    if len(listed) > SHOWN_PROBLEMS:
        rest = len(listed) - SHOWN_PROBLEMS
        tell(say(f"……还有 {rest} 条，用 --json 看全部", f"… {rest} more; --json lists all"), "dim")


def problem_json(problem: Problem) -> dict[str, Any]:
    """A finding for programs."""
    return {
        "severity": problem.severity.value,
        "code": problem.code,
        "message": problem.message,
        "file": problem.file,
        "sheet": problem.sheet,
        "row": problem.row,
        "column": problem.column,
        "found": problem.found,
    }


@contextmanager
def progress(title: str) -> Iterator["Meter"]:
    """A bar on stderr with rate and time left; silent when stderr is no terminal."""
    with progress_bar(err(), disable=not sys.stderr.isatty()) as bar:
        yield Meter(bar, title)


def progress_bar(console: Console, **further: Any) -> Progress:
    """The bar that a `Meter` moves: what is done, of how much, how fast, how long it will take."""
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"), TimeRemainingColumn(compact=True),
    )  # fmt: skip
    return Progress(*columns, console=console, transient=True, **further)


class Meter:
    """What a long work reports to: `meter(stage, done, total)`."""

    def __init__(self, bar: Progress, title: str) -> None:
        self._bar = bar
        self._task = bar.add_task(title, total=None, rate="")

    def __call__(self, stage: str, done: int, total: int | None = None) -> None:
        """Show how many of a stage's `total` rows are done."""
        speed = self._bar.tasks[0].speed
        rate = say(f"{speed:,.0f} 行/秒", f"{speed:,.0f} rows/s") if speed else ""
        self._bar.update(self._task, description=stage, completed=done, total=total, rate=rate)

    def count(self, done: int, total: int) -> None:
        """As a call, for works of one stage."""
        self(self._bar.tasks[0].description, done, total)


def silence_broken_pipe() -> None:
    """After the reader of stdout has gone (`| head`), let nothing more be flushed into it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
