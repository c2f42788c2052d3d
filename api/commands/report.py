"""report: the workbook that an area hands in each quarter."""

from pathlib import Path
from typing import Annotated

import typer

from api.clock import now
from api.commands.options import AsOfOption, JsonOption, ScopeOption, StoreOption, settings_of
from api.output import open_private
from api.report import gather
from api.report_workbook import report_bytes
from api.stores import opened_for
from api.terminal import Refusal, emit, tell
from api.wording import say


def report(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", metavar="FILE.xlsx", help=say("写到哪个工作簿（只有本机当前用户能打开）", "The workbook to write; only you can read it"))],
    scope: ScopeOption = "",
    as_of: AsOfOption = "",
    personal: Annotated[bool, typer.Option("--with-personal", help=say("写出完整的个人信息（默认遮盖）", "Write personal data in full (masked by default)"))] = False,
    store: StoreOption = "",
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Write the workbook: a cover, the gaps, a sheet per question."""
    if out.suffix.lower() != ".xlsx":
        raise Refusal(say(f"--out 的值“{out}”不对：请把文件名写成 .xlsx", f"--out {out}: write a name that ends in .xlsx"))  # fmt: skip
    with opened_for(settings_of(context), store) as opened_store:
        gathered = gather(opened_store, scope, as_of, now().strftime("%Y-%m-%d %H:%M"), unmasked=personal)
    with open_private(out) as file:
        file.write(report_bytes(gathered))
    if as_json:
        emit({
            "file": str(out), "scope": gathered.scope, "as_of": gathered.as_of, "demo": gathered.demo, "personal": personal,
            "gaps": len(gathered.gaps),
            "sheets": [{"sheet": s.part.sheet, "query": s.query.name, "rows": len(s.rows)} for s in gathered.sections],
        })  # fmt: skip
    count = len(gathered.sections) + 2
    tell(say(f"已把 {gathered.scope_name}截至 {gathered.as_of} 的 {count} 张表写到 {out}，只有本机当前用户能打开",
             f"{count} sheets on {gathered.scope_name} as of {gathered.as_of} written to {out}, readable by you only"))  # fmt: skip
    if personal:
        tell(say("其中有完整的个人信息，请勿外传，用完请删除", "It holds personal data in full; keep it to yourself"), "yellow")  # fmt: skip
    if gathered.demo:
        tell(say("这是示例数据，不能上报", "These are synthetic data"), "yellow")
