"""An answer at the end of a command: a table, or one of the formats, on stdout or in a private file."""

import sys
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from api.answers import answer_json, cell, heading, is_numeric
from api.output import FORMATS, csv_text, write_file
from api.stores import is_of_demo, tell_of_demo
from api.terminal import Refusal, emit, grid, show, tell
from api.wording import say
from graph.ask import Answer

FormatOption = Annotated[str, typer.Option("--format", metavar="table|csv|xlsx|json", help=say("结果的形式", "Form of the result"))]  # fmt: skip
OutOption = Annotated[Path | None, typer.Option("--out", metavar="FILE", help=say("写到文件（只有本机当前用户能打开）", "Write to a file that only you can read"))]  # fmt: skip


def form_of(form: str, out: Path | None, as_json: bool) -> str:
    """The form that --format, --json and the name of the file ask for together. Refuses what cannot be."""
    suffix = out.suffix.removeprefix(".").lower() if out else ""
    kind = "json" if as_json else form or (suffix if suffix in ("csv", "xlsx") else "table")
    if kind not in FORMATS:
        raise Refusal(say(f"--format 的值“{kind}”不对：应为 {'、'.join(FORMATS)} 之一", f"--format {kind!r}: write one of {', '.join(FORMATS)}"))  # fmt: skip
    if kind == "xlsx" and out is None:
        raise Refusal(
            say("xlsx 要写到文件：请加 --out 文件名.xlsx", "xlsx goes to a file: add --out FILE.xlsx")
        )
    if kind in ("table", "json") and out is not None:
        raise Refusal(
            say("--out 只写 csv 或 xlsx：请把文件名写成 .csv 或 .xlsx", "--out writes csv or xlsx only")
        )
    return kind


def present(
    answer: Answer, kind: str, out: Path | None, *, personal: bool = False, left_out: Collection[str] = ()
) -> None:
    """Write an answer in a form. `left_out` are columns that a table has no room for.

    What comes from a demo store says so: in itself where its form has a place for it, else on stderr.
    """
    answer = replace(answer, synthetic=is_of_demo())
    if kind == "json":
        emit(answer_json(answer))
    elif out is not None:
        write_file(answer, out, kind)
        tell(_written(answer, out, personal))
    elif kind == "csv":
        sys.stdout.write(csv_text(answer))
    else:
        _show(answer, left_out)
    if out is not None or kind == "csv":
        tell_of_demo()
    if personal:
        tell(say("结果含完整的个人信息，请勿外传，用完请删除", "The result holds personal data in full; keep it to yourself"), "yellow")  # fmt: skip


def _written(answer: Answer, out: Path, personal: bool) -> str:
    count = len(answer.rows)
    if personal:
        return say(f"已把 {count} 行写到 {out}；文件含个人信息，只有本机当前用户能打开", f"{count} rows written to {out}; it holds personal data and only you can read it")  # fmt: skip
    return say(
        f"已把 {count} 行写到 {out}，只有本机当前用户能打开",
        f"{count} rows written to {out}, readable by you only",
    )


def _show(answer: Answer, left_out: Collection[str]) -> None:
    columns = [column for column in answer.query.returns if column.name not in left_out]
    table = grid([(heading(c), is_numeric(c)) for c in columns], answer.query.title)
    for row in answer.rows:
        table.add_row(*(cell(c, row[c.name]) for c in columns))
    show(table)
    tell(say(f"{len(answer.rows)} 行", f"{len(answer.rows)} rows"), "dim")
