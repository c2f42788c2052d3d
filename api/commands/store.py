"""store start, stop, status, backup, restore."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from api.commands.options import JsonOption, StoreOption, settings_of
from api.stores import announce, opened_for, target_of
from api.terminal import Refusal, emit, grid, progress, show, tell
from api.wording import say
from graph import embedded
from graph.backup import backup as write_backup
from graph.backup import restore as read_backup
from graph.store import Store
from graph.target import StoreTarget
from loaders.lease import load_lease

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help=say("备份文件", "Backup file"))]


def start(context: typer.Context, store: StoreOption = "", as_json: JsonOption = False) -> None:
    """Start the embedded database, or make sure that a server answers."""
    target = target_of(settings_of(context), store)
    announce(target)
    with Store.open(target) as opened_store:
        described = {"store": target.shown, "engine": opened_store.engine, "version": opened_store.version}
    if as_json:
        emit({**described, "running": True, **_process(target)})
    tell(say(f"已在运行：{described['engine']} {described['version']}；十分钟没有人用就自己停下",
             f"Running: {described['engine']} {described['version']}; an embedded one stops after ten idle minutes"))  # fmt: skip


def stop(context: typer.Context, store: StoreOption = "", as_json: JsonOption = False) -> None:
    """Stop the embedded database."""
    target = target_of(settings_of(context), store)
    announce(target)
    if target.folder is None:
        raise Refusal(say(f"{target.shown} 不是内置库，请在它自己的服务器上停止", f"{target.shown} is not an embedded store; stop it where it runs"))  # fmt: skip
    stopped = embedded.stop(target.folder)
    if as_json:
        emit({"store": target.shown, "stopped": stopped})
    tell(say("已停止" if stopped else "本来就没有在运行", "Stopped" if stopped else "It was not running"))


def status(context: typer.Context, store: StoreOption = "", as_json: JsonOption = False) -> None:
    """Say whether the store runs, without starting it."""
    target = target_of(settings_of(context), store)
    announce(target)
    described: dict[str, Any] = {"store": target.shown, **_process(target)}
    if target.folder is None:
        with Store.open(target) as opened_store:
            described |= {
                "running": True,
                "engine": opened_store.engine,
                "version": opened_store.version,
            }
    if as_json:
        emit(described)
        return
    words = {
        "store": say("库", "store"),
        "running": say("在运行", "running"),
        "pid": say("进程", "process"),
        "port": say("端口", "port"),
        "clients": say("使用者", "clients"),
        "engine": say("引擎", "engine"),
        "version": say("版本", "version"),
    }
    table = grid([("", False), ("", False)])
    for name, value in described.items():
        shown = {True: say("是", "yes"), False: say("否", "no"), None: "—"}.get(value, value) if not isinstance(value, int) or isinstance(value, bool) else value  # fmt: skip
        table.add_row(words[name], str(shown))
    show(table)


def _process(target: StoreTarget) -> dict[str, Any]:
    if target.folder is None:
        return {}
    found = embedded.status(target.folder)
    return {
        "running": found.pid is not None,
        "pid": found.pid,
        "port": found.port,
        "clients": found.clients,
    }


def backup(
    context: typer.Context, file: FileArgument, store: StoreOption = "", as_json: JsonOption = False
) -> None:
    """Write everything in the store to one file, which any engine can restore."""
    # With the lease of a load: a load meanwhile would leave the file with half of what it changed.
    with (
        opened_for(settings_of(context), store) as opened_store,
        load_lease(opened_store) as lease,
        progress(say("备份", "Backing up")) as meter,
    ):

        def count(done: int, total: int) -> None:
            lease.keep()
            meter.count(done, total)

        info = write_backup(opened_store, file, progress=count)
    _report(info.nodes, info.relationships, info.content_hash, file, as_json=as_json)
    tell(say(f"已备份到 {file}；文件含个人信息，只有本机当前用户能打开",
             f"Backed up to {file}; it holds personal data and only you can read it"))  # fmt: skip


def restore(
    context: typer.Context, file: FileArgument, store: StoreOption = "", as_json: JsonOption = False
) -> None:
    """Fill an empty store from a backup."""
    if not file.is_file():
        raise Refusal(say(f"没有这个备份文件：{file}", f"No such backup file: {file}"))
    target = target_of(settings_of(context), store)
    announce(target)
    with Store.open(target) as opened_store, progress(say("恢复", "Restoring")) as meter:
        info = read_backup(opened_store, file, progress=meter.count)
    _report(info.nodes, info.relationships, info.content_hash, file, as_json=as_json)
    tell(say(f"已从 {file} 恢复", f"Restored from {file}"))


def _report(
    nodes: Mapping[str, int],
    relationships: Mapping[str, int],
    content_hash: str,
    file: Path,
    *,
    as_json: bool,
) -> None:
    if as_json:
        emit(
            {
                "file": str(file),
                "nodes": dict(nodes),
                "relationships": dict(relationships),
                "content_hash": content_hash,
            }
        )
        return
    table = grid(
        [
            (say("节点", "nodes"), True),
            (say("关系", "relationships"), True),
            (say("内容摘要", "content hash"), False),
        ]
    )
    table.add_row(f"{sum(nodes.values()):,}", f"{sum(relationships.values()):,}", content_hash[:16])
    show(table)
