"""serve: the pages and the endpoints, on this machine only."""

from typing import Annotated

import typer

from api.commands.options import JsonOption, StoreOption, settings_of
from api.serving import Listening, importing_the_application, serve_forever
from api.settings import Settings
from api.stores import opened, target_of
from api.terminal import Refusal, emit, tell
from api.wording import say
from graph.target import StoreTarget

LOOPBACK = ("127.0.0.1", "localhost", "::1")
HostOption = Annotated[str, typer.Option("--host", metavar="HOST", help=say("监听地址，只能是本机", "Address to listen on; this machine only"))]  # fmt: skip
PortOption = Annotated[int, typer.Option("--port", metavar="PORT", min=0, max=65535, help=say("端口；不写时从 8000 起找一个空闲的", "Port; the first free one from 8000 on by default"))]  # fmt: skip


def serve(
    context: typer.Context,
    host: HostOption = "127.0.0.1",
    port: PortOption = 0,
    store: StoreOption = "",
    as_json: JsonOption = False,
) -> None:
    """Serve pages and API on this machine."""
    settings = settings_of(context)
    check_host(settings, host)
    target = target_of(settings, store)
    with importing_the_application(), opened(settings, target):
        pass
    run(settings, target, host, port, as_json=as_json)


def check_host(settings: Settings, host: str) -> None:
    """Refuse any address that others could reach: there are no accounts."""
    if host in LOOPBACK or (settings.in_container and host == "0.0.0.0"):  # noqa: S104
        return
    raise Refusal(
        say(f"--host {host}：还没有账号管理，只能在本机使用，请写 127.0.0.1（不写 --host 即可）",
            f"--host {host}: there are no accounts yet, so only this machine may use it; write 127.0.0.1")
    )  # fmt: skip


def run(settings: Settings, target: StoreTarget, host: str, port: int, *, as_json: bool) -> None:
    """Listen, say where, and serve until interrupted."""
    listening = Listening.open(host, port)
    if as_json:
        emit({"url": listening.url, "store": target.shown})
    else:
        typer.echo(
            say(f"请在浏览器打开 {listening.url}（按 Ctrl+C 结束）", f"Open {listening.url} (Ctrl+C ends)")
        )
    tell(say("只有本机能访问", "Only this machine can reach it"), "dim")
    serve_forever(settings, target, listening)
