"""init and divisions: the official territory of any district, down to the community."""

from dataclasses import asdict
from typing import Annotated

import typer

from api.clock import now
from api.commands.options import JsonOption, StoreOption, settings_of
from api.stores import opened_for
from api.terminal import Refusal, Status, emit, end, grid, progress, show, tell
from api.wording import say
from loaders.division_search import search
from loaders.divisions import Divisions, UnknownDivisionError
from loaders.official import init_country, init_district


def init(
    context: typer.Context,
    code: Annotated[str, typer.Argument(metavar="[CODE]", help=say("区县的 6 位编号，例如 410411；可用 linmai divisions 查", "Six-digit code of a district, for example 410411"))] = "",
    country: Annotated[bool, typer.Option("--country", help=say("装入全国 665,276 个区域", "Load all 665,276 areas of the country"))] = False,
    store: StoreOption = "",
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Put a district's official territory into the store: streets and communities with codes and names."""
    if bool(code) == country:
        raise Refusal(
            say("请写一个区县编号（例如 linmai init 410411），或写 --country 装入全国",
                "Give the code of a district (linmai init 410411), or --country")
        )  # fmt: skip
    divisions = Divisions.open()
    if code:
        _require_district(divisions, code)
    with opened_for(settings_of(context), store) as opened_store, progress(say("装入区划", "Loading divisions")) as meter:  # fmt: skip
        result = (
            init_country(opened_store, divisions, now=now(), progress=meter.count)
            if country
            else init_district(opened_store, divisions, code, now=now(), progress=meter.count)
        )
    if as_json:
        emit({"batches": [asdict(batch) for batch in result.batches], "added": result.added, "changed": result.changed, "unchanged": result.unchanged})  # fmt: skip
    where = say("全国", "the country") if country else divisions.path(code)
    tell(
        say(f"{where}：新增 {result.added:,}，变更 {result.changed:,}，未变 {result.unchanged:,}",
            f"{where}: {result.added:,} added, {result.changed:,} changed, {result.unchanged:,} unchanged")
    )  # fmt: skip


def _require_district(divisions: Divisions, code: str) -> None:
    try:
        divisions.require(code)
    except UnknownDivisionError as error:
        raise Refusal(str(error)) from None


def divisions(
    context: typer.Context,
    query: Annotated[str, typer.Argument(metavar="QUERY", help=say("编号开头、名称或地址，例如 九里山街道飞行社区", "Beginning of a code, a name, or an address"))],
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help=say("最多几条", "How many at most"))] = 20,
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Look up official codes and names."""
    hits = search(Divisions.open(), query, limit)
    if as_json:
        emit({
            "hits": [
                {"code": hit.division.code, "name": hit.division.name, "level": hit.division.level.value, "path": hit.path}
                for hit in hits
            ]
        })  # fmt: skip
    else:
        table = grid(
            [(say("编号", "code"), False), (say("名称", "name"), False), (say("所在", "where"), False)]
        )
        for hit in hits:
            table.add_row(hit.division.code, hit.division.name, hit.path)
        show(table)
    if not hits:
        tell(say(f"没有找到“{query}”；可以只写名称的一部分，或编号的开头", f"Nothing is called {query!r}"))
        end(Status.DATA)
