"""demo: a whole synthetic district in its own store, loaded like anyone's files, and served."""

import shutil
from pathlib import Path
from typing import Annotated

import typer

from api.commands.options import JsonOption, StoreOption, settings_of
from api.commands.serve import PortOption, run
from api.demo_district import DemoRefused, DemoWanted, load_demo, workbooks
from api.serving import importing_the_application
from api.settings import Settings
from api.stores import opened
from api.terminal import Refusal, emit, progress, tell
from api.wording import say
from graph import embedded
from graph.ask import is_empty
from graph.prepare import store_record
from graph.store import Store
from graph.target import StoreTarget
from loaders.demo.figures import SEED


def demo(
    context: typer.Context,
    districts: Annotated[int, typer.Option("--districts", min=1, max=40, help=say("几个区", "How many districts"))] = 1,
    write: Annotated[Path | None, typer.Option("--write", metavar="DIR", help=say("只把示例表格写到文件夹，不装入", "Only write the workbooks to a folder"))] = None,
    no_serve: Annotated[bool, typer.Option("--no-serve", help=say("装入后不打开页面", "Load, do not serve"))] = False,
    port: PortOption = 0,
    seed: Annotated[int, typer.Option("--seed", help=say("随机种子；同一种子总是同样的数据", "Same seed, same data"))] = SEED,
    fresh: Annotated[bool, typer.Option("--fresh", help=say("先删除原来的示例库，再重新装入", "Delete the former demo store first"))] = False,
    store: StoreOption = "",
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Load the synthetic demo district and show its pages."""
    settings = settings_of(context)
    wanted = DemoWanted(districts, seed)
    if write is not None:
        _write(wanted, write, as_json=as_json)
        return
    target = settings.demo_target(store)
    if fresh:
        _delete(target)
    if no_serve:
        _load(settings, target, wanted, as_json=as_json)
        return
    with importing_the_application():
        _load(settings, target, wanted, as_json=False)
    run(settings, target, "0.0.0.0" if settings.in_container else "127.0.0.1", port, as_json=as_json)  # noqa: S104


def _delete(target: StoreTarget) -> None:
    """Delete an embedded demo store; anything else is refused."""
    if target.folder is None:
        raise Refusal(say(f"--fresh 只能用于内置的示例库，不能用于 {target.shown}；请自己清空它", f"--fresh is for an embedded demo store, not for {target.shown}; empty it yourself"))  # fmt: skip
    if not target.folder.exists():
        return
    with Store.open(target) as opened_store:
        record = store_record(opened_store)
        if (record is None or not record.demo) and not is_empty(opened_store):
            raise Refusal(say(f"库 {target.shown} 里不是示例数据，没有删除", f"{target.shown} holds no demo data; nothing was deleted"))  # fmt: skip
    embedded.stop(target.folder)
    shutil.rmtree(target.folder)


def _write(wanted: DemoWanted, folder: Path, *, as_json: bool) -> None:
    from loaders.demo.write import write_workbooks  # here: slow to import

    written = write_workbooks(folder, wanted.districts, wanted.seed)
    if as_json:
        emit({"files": [str(path) for path in written]})
    for path in () if as_json else written:
        typer.echo(str(path))
    tell(say(f"已写出 {len(written)} 个示例表格（内容全部是生成的）", f"{len(written)} workbooks written; all of it is synthetic"))  # fmt: skip


def _load(settings: Settings, target: StoreTarget, wanted: DemoWanted, *, as_json: bool) -> None:
    paths = workbooks(settings, wanted)
    with opened(settings, target) as store, progress(say("装入示例区", "Loading the demo district")) as meter:
        try:
            loaded = load_demo(store, wanted, paths, settings, meter)
        except DemoRefused as error:
            raise Refusal(str(error)) from None
    if as_json:
        emit({"store": target.shown, "already_there": loaded.already_there, "added": loaded.added, "changed": loaded.changed, "unchanged": loaded.unchanged})  # fmt: skip
    if loaded.already_there:
        tell(say("示例区已在库中", "The demo district is already there"))
    else:
        tell(
            say(f"示例区已装入：新增 {loaded.added:,}，变更 {loaded.changed:,}，未变 {loaded.unchanged:,}（节点与关系）",
                f"Demo district loaded: {loaded.added:,} added, {loaded.changed:,} changed, {loaded.unchanged:,} unchanged (nodes and relationships)")
        )  # fmt: skip
    if target.folder is not None and target.folder == settings.demo_folder:
        tell(say("其他命令要用这个库，请加 --store demo", "Other commands use this store with --store demo"), "dim")  # fmt: skip
    else:
        tell(say(f"其他命令要用这个库，请加 --store {target.shown.split(' ')[0]} 或设 LINMAI_STORE", "Other commands use this store with --store or LINMAI_STORE"), "dim")  # fmt: skip
