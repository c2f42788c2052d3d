"""The databases that a run measures on: the embedded engine in a folder that is thrown away, and Neo4j if it is here."""

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import psutil

from graph import embedded
from graph.prepare import prepare
from graph.schema import SCHEMA
from graph.store import Store
from graph.target import StoreTarget, embedded_target, parse_target
from tests.servers.neo4j import LTS, ServerMissing, running_neo4j


@dataclass(frozen=True)
class Engine:
    """A running database. `environment` is how a child process opens it; `pid` is the server's process."""

    name: str
    environment: dict[str, str]
    pid: int

    def cpu_s(self) -> float:
        """CPU seconds that the server has used since it began."""
        times = psutil.Process(self.pid).cpu_times()
        return float(times.user + times.system)

    def open(self) -> Store:
        """A connection to it."""
        return open_store(self.environment)

    def starts(self, count: int) -> Iterator[Store]:
        """A connection after each of so many starts of the embedded engine's server, as on so many days; one only to
        Neo4j, which runs on. `pid` is that of the server before.

        Java decides anew at each start what it compiles and when, so one start is one sample of its speed.
        """
        folder = parse_target(self.environment, Path()).folder
        for _ in range(count if folder is not None else 1):
            if folder is not None:
                embedded.stop(folder)
            with self.open() as store:
                yield store


Engines = Callable[[], AbstractContextManager[Engine]]
"""Starts a new, empty, prepared database of one kind, and ends it."""


def open_store(environment: dict[str, str]) -> Store:
    """Open the store that a job was told of."""
    return Store.open(parse_target(environment, Path()))


@contextlib.contextmanager
def no_java_cache() -> Iterator[None]:
    """As in a home where the embedded engine never ran: what its Java keeps for later starts is of this block alone."""
    before = os.environ.get("XDG_CACHE_HOME")
    with tempfile.TemporaryDirectory(prefix="linmai-bench-") as folder:
        os.environ["XDG_CACHE_HOME"] = folder
        try:
            yield
        finally:
            if before is None:
                del os.environ["XDG_CACHE_HOME"]
            else:
                os.environ["XDG_CACHE_HOME"] = before


@contextlib.contextmanager
def new_embedded() -> Iterator[Engine]:
    """The embedded engine, as the product starts it."""
    with tempfile.TemporaryDirectory(prefix="linmai-bench-") as parent:
        folder = Path(parent) / "store"
        try:
            with Store.open(embedded_target(folder)) as store:
                prepare(store, SCHEMA)
                pid = embedded.status(folder).pid
                assert pid is not None
                yield Engine("embedded", {"LINMAI_STORE": f"embedded:{folder}"}, pid)
        finally:
            embedded.stop(folder)


@contextlib.contextmanager
def new_neo4j() -> Iterator[Engine]:
    """Neo4j Community. Raises `ServerMissing` where it cannot be run."""
    with running_neo4j(LTS) as server:
        with Store.open(server.target) as store:
            prepare(store, SCHEMA)
        yield Engine(f"Neo4j {LTS}", _environment(server.target), server.pid)


def neo4j_reason() -> str | None:
    """Why Neo4j cannot be measured here; None when it can. Starts it once, downloading it when it must."""
    try:
        with running_neo4j(LTS):
            return None
    except ServerMissing as missing:
        return str(missing)


def _environment(target: StoreTarget) -> dict[str, str]:
    assert target.url is not None
    return {
        "NEO4J_URI": target.url,
        "NEO4J_USERNAME": target.username,
        "NEO4J_PASSWORD": target.password,
        "NEO4J_DATABASE": target.database or "neo4j",
    }
