"""Serving the application: gunicorn where there is fork, waitress on Windows; one address, one process."""

import contextlib
import importlib
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.connection import Connection
from api.settings import Settings
from api.terminal import Refusal, Status
from api.wording import say
from graph.store import Store
from graph.store_errors import StoreUnavailable
from graph.target import StoreTarget

if TYPE_CHECKING:
    from apiflask import APIFlask

DEFAULT_PORT = 8000
_PORTS_TRIED = 100
_THREADS = 8


@dataclass(frozen=True)
class Listening:
    """An open socket and the address to tell people."""

    sock: socket.socket
    url: str

    @classmethod
    def open(cls, host: str, port: int) -> "Listening":
        """Listen on a port, or with 0 on the first free one from 8000 on. Refuses a port in use."""
        reason = ""
        for candidate in [port] if port else range(DEFAULT_PORT, DEFAULT_PORT + _PORTS_TRIED):
            try:
                return cls._bound(host, candidate)
            except OSError as error:
                reason = error.strerror or str(error)
        if port:
            raise Refusal(
                say(f"端口 {port} 用不了（{reason}）；请换一个，例如 --port {min(port + 1, 65535)}",
                    f"Port {port} cannot be used ({reason}); try another, for example --port {min(port + 1, 65535)}")
            )  # fmt: skip
        raise Refusal(
            say(f"{DEFAULT_PORT} 起的 {_PORTS_TRIED} 个端口都被占用；请用 --port 指定一个",
                f"All {_PORTS_TRIED} ports from {DEFAULT_PORT} on are in use; name one with --port")
        )  # fmt: skip

    @classmethod
    def _bound(cls, host: str, port: int) -> "Listening":
        address = "127.0.0.1" if host == "localhost" else host
        sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
        try:
            if os.name == "posix":  # elsewhere this would share a port that is in use
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind((address, port))
            sock.listen(128)
        except OSError:
            sock.close()
            raise
        shown = {"0.0.0.0": "127.0.0.1", "::1": "[::1]"}.get(address, address)  # noqa: S104
        return cls(sock, f"http://{shown}:{sock.getsockname()[1]}/")


@contextlib.contextmanager
def importing_the_application() -> Iterator[None]:
    """Import the application while the block runs: a database that starts leaves a core idle meanwhile.

    It is imported when the block ends, because a process must not fork with an import under way.
    """
    importing = threading.Thread(target=importlib.import_module, args=("api.app",), daemon=True)
    importing.start()
    try:
        yield
    finally:
        importing.join()


def serve_forever(settings: Settings, target: StoreTarget, listening: Listening) -> None:
    """Serve until the process is told to end. The store is opened by the process that answers."""

    def connect() -> Connection:
        return Connection(lambda: Store.open(target))

    if os.name == "posix":
        _gunicorn(settings, listening, connect, target.folder)
    else:
        _waitress(settings, listening, connect, target.folder)


def _application(connection: Connection, settings: Settings, folder: Path | None) -> "APIFlask":
    """The application; its first page and its search index are made at once: the first visitor does not wait.

    What the first page is made of is kept in the store's `folder`, where it has one, for the next start.
    """
    from api.app import create_app  # here: slow to import, and most commands serve nothing
    from api.kept_answers import KeptAnswers

    app = create_app(connection, settings, KeptAnswers(folder) if folder is not None else None)
    threading.Thread(target=_visit, args=(app,), daemon=True).start()
    return app


def _visit(app: "APIFlask") -> None:
    for address in ("/", "/api/search?q=%E5%8C%BA"):
        app.test_client().get(address).close()


def _gunicorn(
    settings: Settings, listening: Listening, connect: Callable[[], Connection], folder: Path | None
) -> None:
    from gunicorn.app.base import BaseApplication  # not there on Windows
    from gunicorn.errors import AppImportError

    class Application(BaseApplication):  # type: ignore[misc]
        """One worker with threads: the driver's pool and the caches are shared by all requests."""

        def load_config(self) -> None:
            for name, value in {
                "bind": f"fd://{listening.sock.fileno()}",
                "workers": 1,
                "threads": _THREADS,
                "worker_class": "gthread",
                "timeout": 120,
                "graceful_timeout": 5,
                "loglevel": "error",
                "control_socket_disable": True,
                "worker_exit": lambda _server, worker: worker.app.close(),
                "proc_name": "linmai",
            }.items():
                if name in self.cfg.settings:  # control_socket_disable came with gunicorn 25
                    self.cfg.set(name, value)
            self.connection: Connection | None = None

        def load(self) -> Any:
            # Here we are in the worker: a connection does not survive the fork.
            try:
                self.connection = connect()
            except StoreUnavailable as error:
                raise AppImportError(say(error.chinese, error.english)) from None
            return _application(self.connection, settings, folder)

        def close(self) -> None:
            if self.connection is not None:
                self.connection.close()

    sys.argv = sys.argv[:1]
    try:
        Application().run()
    except SystemExit as ended:
        raise SystemExit(int(Status.USAGE) if ended.code else 0) from None


def _waitress(
    settings: Settings, listening: Listening, connect: Callable[[], Connection], folder: Path | None
) -> None:
    import waitress  # only here: a server too many in memory otherwise

    # As gunicorn does: a process started in the background inherits an interrupt that is ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    connection = connect()
    try:
        waitress.serve(
            _application(connection, settings, folder), sockets=[listening.sock], threads=_THREADS, ident=None
        )
    finally:
        connection.close()
