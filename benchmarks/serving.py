"""The API under a bounded load from a second process, beside an empty Flask route on the same server."""

import contextlib
import http.client
import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.asking import arguments
from benchmarks.child import in_child
from benchmarks.engines import Engine
from benchmarks.starting import free_port, served
from benchmarks.table import Line, median
from graph.catalog import queries

CONNECTIONS = 8
THREADS = 8


@dataclass(frozen=True)
class Load:
    """What a client saw: answers per second, and the 99th percentile of their milliseconds."""

    per_s: float
    p99_ms: float


def lines(engine: Engine, scope: str, day: str, seconds: float, runs: int) -> Iterator[Line]:
    """Requests per second and p99 of the entity endpoint and one coverage endpoint, on every server that is here."""
    with engine.open() as store:
        entity = arguments(store, queries()["entity"], {"scope": scope, "as_of": day})
    if entity is None:
        return
    paths = {
        "the entity endpoint": f"/api/entities/{entity['id']}?scope={scope}",
        "coverage/organizations": f"/api/coverage/organizations?scope={scope}&as_of={day}",
    }
    for server, command in servers().items():
        with _running(command("floor"), "/", {}) as port:
            floor = under_load(port, "/", seconds, runs)
        with _running(command("ours"), "/healthz", engine.environment) as port:
            for what, path in paths.items():
                ours = under_load(port, path, seconds, runs)
                shown = f"{what}, {server}, {CONNECTIONS} connections"
                yield Line(
                    f"{shown}: requests per second", ours.per_s, "/s", floor.per_s, "Flask's empty route"
                )
                yield Line(f"{shown}: p99", ours.p99_ms, "ms", floor.p99_ms, "Flask's empty route")


def servers() -> dict[str, Callable[[str], Callable[[int], list[str]]]]:
    """The commands that serve `benchmarks.wsgi:NAME()` on a port: gunicorn as the product runs it, and granian."""

    def gunicorn(name: str) -> Callable[[int], list[str]]:
        return lambda port: [
            sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", "1",
            "--threads", str(THREADS), "--worker-class", "gthread", "--log-level", "error", f"benchmarks.wsgi:{name}()",
        ]  # fmt: skip

    def granian(name: str) -> Callable[[int], list[str]]:
        return lambda port: [
            *_program("granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
            "--blocking-threads", str(THREADS), "--no-log", "--factory", f"benchmarks.wsgi:{name}",
        ]  # fmt: skip

    found: dict[str, Callable[[str], Callable[[int], list[str]]]] = (
        {"gunicorn": gunicorn} if os.name == "posix" else {}
    )
    return {**found, "granian": granian} if _program("granian") else found


def _program(name: str) -> list[str]:
    path = shutil.which(name, path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    return [path] if path else []


@contextlib.contextmanager
def _running(command: Callable[[int], list[str]], path: str, environment: dict[str, str]) -> Iterator[int]:
    port = free_port()
    with served(command(port), port, path, {**os.environ, **environment}):
        yield port


def under_load(port: int, path: str, seconds: float, runs: int) -> Load:
    """The median of several spells of load, each from a process of its own, after a spell that counts for nothing."""
    in_child(spell, port=port, path=path, seconds=seconds / 3)
    found = [in_child(spell, port=port, path=path, seconds=seconds).result for _ in range(runs)]
    return Load(median([each["per_s"] for each in found]), median([each["p99_ms"] for each in found]))


def spell(port: int, path: str, seconds: float) -> Callable[[], Any]:
    """Job: ask over some connections that are kept open, one request after another on each. Refuses any answer but 200."""

    def work() -> Any:
        taken: list[list[float]] = [[] for _ in range(CONNECTIONS)]
        refused: list[int] = []
        end = time.perf_counter() + seconds
        clients = [threading.Thread(target=_client, args=(port, path, end, mine, refused)) for mine in taken]
        begun = time.perf_counter()
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        if refused:
            raise RuntimeError(f"{path}: answered {refused[0]}")
        every = sorted(each for mine in taken for each in mine)
        return {
            "per_s": len(every) / (time.perf_counter() - begun),
            "p99_ms": every[int(0.99 * (len(every) - 1))] if every else 0.0,
        }

    return work


def _client(port: int, path: str, end: float, taken: list[float], refused: list[int]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    while (begun := time.perf_counter()) < end and not refused:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            refused.append(answer.status)
        taken.append(1000 * (time.perf_counter() - begun))
    connection.close()
