"""Starts, finds and stops the embedded server of a folder; knows nothing of queries.

The server is a process of its own on 127.0.0.1, shared by every command that uses the folder; it outlives the
command that started it. A second small process (`python -m graph.embedded watch FOLDER`) stops it when no
client has held a lease for a while. In the folder:

    databases/ server/   the server's own files
    password             random, made once; the server keeps the one of its first start
    java.args            what Java is started with, password included, so that it is in no command line
    state.json           which process serves, on which ports
    clients/             one lease per open store (`graph.leases`)
    start.lock           held while the server is started or stopped
    server.log           of the latest start
    answers.json         what a front door keeps of its answers for its next start (`api.kept_answers`)
    java.aot             for a moment: what Java keeps for its next start (`graph.embedded_cache`)

All of them are for their owner only. Whatever a kill leaves behind is recognized and mended at the next start.
"""

import argparse
import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import psutil

from graph.embedded_cache import cache_file, cache_option, cache_refused, keep_recorded, kept_cache
from graph.embedded_folder import (
    ServerState,
    file_errors,
    make_private_folder,
    read_state,
    refuse_broken_or_full,
    server_log,
    stored_password,
    text_of,
    write_private,
    write_state,
)
from graph.embedded_java import (
    LOGGING,
    EmbeddedSettings,
    data_is_broken,
    explain_failure,
    installed_package,
    java_arguments,
    java_program,
    port_was_taken,
)
from graph.leases import ProcessIdentity, drop_lease, live_leases, locked, take_lease
from graph.store_errors import StoreUnavailable

_STOP_LIMIT_S = 30.0
_ATTEMPTS = 5
_MARK = "-Dlinmai.folder="
# Children that outlive us are kept here: an unreferenced Popen would warn, and nobody would reap its process.
_children: list["subprocess.Popen[bytes]"] = []


@dataclass(frozen=True)
class Address:
    """Where a server answers, as `root`, on 127.0.0.1: Bolt on `port`, ArcadeDB's HTTP API on `http_port`."""

    port: int
    http_port: int
    password: str = field(repr=False)


Probe = Callable[[Address], bool]
"""Asks once whether the database answers; may raise `StoreUnavailable` when waiting longer is no use."""


@dataclass(frozen=True)
class Status:
    """What serves a folder now; `pid` and `port` are None, and `clients` 0, when nothing does."""

    folder: Path
    pid: int | None
    port: int | None
    clients: int


def ensure_running(
    folder: Path, probe: Probe, settings: EmbeddedSettings | None = None
) -> tuple[Address, Path]:
    """The address of the server of `folder`, started if need be, and this client's lease on it.

    Give the lease back with `graph.leases.drop_lease`; it ends with this process in any case. `settings` apply
    when the server is started here. Raises `StoreUnavailable` with the reason in one sentence.
    """
    settings = settings or EmbeddedSettings()
    with file_errors(folder):
        make_private_folder(folder)
        lease = take_lease(folder / "clients")
        try:
            with _exclusively(folder, settings.start_limit_s + _STOP_LIMIT_S):
                return _running(folder, probe, settings), lease
        except BaseException:
            drop_lease(lease)
            raise


def status(folder: Path) -> Status:
    """What serves `folder` now. Starts nothing and changes nothing."""
    state = read_state(folder)
    if state is None:
        return Status(folder, None, None, 0)
    return Status(folder, state.pid, state.port, live_leases(folder / "clients"))


def stop(folder: Path) -> bool:
    """Stop the server of `folder`, clients or not; False when none was running.

    Its data are written to disk first. Returns when the process has ended.
    """
    if not folder.is_dir():
        return False
    with file_errors(folder), _exclusively(folder, EmbeddedSettings().start_limit_s + _STOP_LIMIT_S):
        state = read_state(folder)
        if state is not None and (watch := state.watch.process()) is not None:
            _end(watch)
        return _stop_server(folder, state)


def watch(folder: Path, server: ProcessIdentity, idle_s: float) -> None:
    """Wait until `server` has ended, or stop it once no client has held a lease for `idle_s` seconds.

    One whose folder was deleted or moved is stopped, too: nobody could find it there any more.
    """
    interval_s = min(15.0, idle_s / 4)
    last_used = time.monotonic()
    while (process := server.process()) is not None:
        if not folder.is_dir():
            _end(process)
            return
        if live_leases(folder / "clients"):
            last_used = time.monotonic()
        elif time.monotonic() - last_used >= idle_s:
            with _exclusively(folder, _STOP_LIMIT_S):
                # A client takes its lease before the lock, so one that came meanwhile is seen here.
                if live_leases(folder / "clients") == 0:
                    _stop_server(folder, read_state(folder))
                    return
        with contextlib.suppress(psutil.TimeoutExpired):
            process.wait(interval_s)


def _running(folder: Path, probe: Probe, settings: EmbeddedSettings) -> Address:
    """The address of the running server, or of one started now; the caller holds the lock."""
    state = read_state(folder)
    if state is not None:
        address = Address(state.port, state.http_port, stored_password(folder))
        if not _answers(state.server, address, probe, settings.start_limit_s):
            if state.server.process() is not None:
                raise StoreUnavailable(
                    f"内置数据库（{folder}）正在运行但没有应答；请运行 linmai store stop，然后再试",
                    f"The embedded database ({folder}) runs but does not answer; run linmai store stop and try again",
                )
            return _start(folder, probe, settings)
        if state.watch.process() is None:
            write_state(folder, _watched(folder, state, settings))
        return address
    return _start(folder, probe, settings)


def _start(folder: Path, probe: Probe, settings: EmbeddedSettings) -> Address:
    package = installed_package()
    _stop_orphans(folder)
    refuse_broken_or_full(folder)
    cache = cache_file(package, settings)
    for _attempt in range(_ATTEMPTS):
        kept = None if cache is None else kept_cache(cache)
        password = stored_password(folder)
        address = Address(_free_port(), _free_port(), password)
        arguments = java_arguments(
            package, settings, port=address.port, http_port=address.http_port, password=password,
            further=() if cache is None else (cache_option(kept),),
        )  # fmt: skip
        write_private(folder / "java.args", arguments)
        write_private(folder / "logging.properties", LOGGING)
        state = _launch(folder, java_program(package), address)
        answers = _answers(state.server, address, probe, settings.start_limit_s, folder / "server.log")
        unusable = kept is not None and cache_refused(server_log(folder))
        if kept is not None and unusable:
            kept.unlink(missing_ok=True)
        if answers:
            # It starts on an unreadable schema too, as an empty database that would soon overwrite the data.
            if data_is_broken(server_log(folder)):
                _stop_server(folder, state)
                break
            if cache is not None and kept is None:
                state = replace(state, records=str(cache))
            write_state(folder, _watched(folder, state, settings))
            return address
        _stop_server(folder, state)
        if not (unusable or port_was_taken(server_log(folder))):
            break
    raise explain_failure(server_log(folder), folder)


def _launch(folder: Path, java: Path, address: Address) -> ServerState:
    try:
        # The mark means nothing to the server: `_stop_orphans` looks for it.
        server = _spawn([str(java), f"{_MARK}{folder}", "@java.args"], folder, folder / "server.log")
    except OSError as error:
        raise StoreUnavailable(
            f"内置数据库自带的 Java 无法运行（{error.strerror}）；请重新安装 arcadedb-embedded，"
            "或安装 Neo4j 并设置 LINMAI_STORE=bolt://主机:7687",
            f"The Java of the embedded database cannot run ({error.strerror}); install arcadedb-embedded again, "
            "or install Neo4j and set LINMAI_STORE=bolt://HOST:7687",
        ) from error
    state = ServerState(server.pid, server.started, address.port, address.http_port)
    write_state(folder, state)
    return state


def _watched(folder: Path, state: ServerState, settings: EmbeddedSettings) -> ServerState:
    """The state with a watch over its server, which stops it when idle."""
    command = [sys.executable, "-m", "graph.embedded", "watch", str(folder)]
    command += [str(state.pid), repr(state.started), repr(settings.idle_s)]
    # The folder that holds this package is where Python finds it, installed or not.
    watcher = _spawn(command, Path(__file__).resolve().parent.parent, folder / "watch.log")
    return replace(state, watch_pid=watcher.pid, watch_started=watcher.started)


def _spawn(command: list[str], working_folder: Path, log: Path) -> ProcessIdentity:
    """Start a process that outlives this one, its output in `log`."""
    _reap()
    environment = dict(os.environ)
    # Java reads file names by the locale and words its errors in it, which `explain_failure` looks for.
    if sys.platform.startswith("linux"):
        environment["LC_ALL"] = "C.UTF-8"
    # The launcher would add these to the command line and repeat them in the log.
    for name in ("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS"):
        environment.pop(name, None)
    with os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as output:
        if sys.platform == "win32":
            detached = (
                subprocess.DETACHED_PROCESS
                | subprocess.CREATE_NEW_PROCESS_GROUP
                | subprocess.CREATE_NO_WINDOW
            )
            child = subprocess.Popen(
                command,
                cwd=working_folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                creationflags=detached,
            )
        else:
            child = subprocess.Popen(
                command,
                cwd=working_folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                umask=0o077,
            )
    _children.append(child)
    try:
        return ProcessIdentity.of(child.pid)
    except psutil.NoSuchProcess:
        return ProcessIdentity(child.pid, 0.0)


def _answers(
    server: ProcessIdentity, address: Address, probe: Probe, limit_s: float, log: Path | None = None
) -> bool:
    """Wait until the database answers; False when its process ends, lacks its port or takes too long."""
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline and server.process() is not None:
        if log is not None and port_was_taken(text_of(log)):
            return False
        if probe(address):
            return True
        time.sleep(0.1)
    return False


def _stop_server(folder: Path, state: ServerState | None) -> bool:
    """Stop the process of `state` and forget it; the caller holds the lock."""
    process = state.server.process() if state is not None else None
    if process is not None and state is not None:
        worked_s = _cpu_s(process)
        if _end(process) and state.records:
            keep_recorded(folder, Path(state.records), worked_s)
    (folder / "state.json").unlink(missing_ok=True)
    return process is not None


def _cpu_s(process: psutil.Process) -> float:
    """CPU seconds that a process has used; 0 for one that has just ended."""
    try:
        used = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(used.user + used.system)


def _end(process: psutil.Process) -> bool:
    """Ask `process` to end, wait, and kill it when it does not; whether it ended by itself.

    On Windows there is no asking: a server that is ended there recovers from its log at the next start.
    """
    by_itself = True
    with contextlib.suppress(psutil.NoSuchProcess):
        process.terminate()
        try:
            process.wait(_STOP_LIMIT_S)
        except psutil.TimeoutExpired:
            by_itself = False
            for each in (*process.children(), process):  # its child would go on writing Java's cache
                each.kill()
            process.wait(_STOP_LIMIT_S)
    _reap()
    return by_itself


def _reap() -> None:
    """Collect the children that ended, so that none stays a zombie."""
    _children[:] = [child for child in _children if child.poll() is None]


def _stop_orphans(folder: Path) -> None:
    """End a server of `folder` whose starter was killed before it could write down its process id."""
    sign = f"{_MARK}{folder}"
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.name().startswith("java") and sign in process.cmdline():
                _end(process)


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextlib.contextmanager
def _exclusively(folder: Path, limit_s: float) -> Iterator[None]:
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(locked(folder / "start.lock", limit_s))
        except TimeoutError as error:
            raise StoreUnavailable(
                f"另一个命令一直在启动或停止内置数据库（{folder}）；请稍后再试，或结束那个命令",
                f"Another command keeps starting or stopping the embedded database ({folder}); try again later, or end it",
            ) from error
        yield


def main(arguments: list[str] | None = None) -> None:
    """The watch as a process of its own; started by `ensure_running`."""
    parser = argparse.ArgumentParser(prog="python -m graph.embedded")
    parser.add_argument("command", choices=["watch"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("pid", type=int)
    parser.add_argument("started", type=float)
    parser.add_argument("idle_s", type=float)
    given = parser.parse_args(arguments)
    watch(given.folder, ProcessIdentity(given.pid, given.started), given.idle_s)


if __name__ == "__main__":
    main()
