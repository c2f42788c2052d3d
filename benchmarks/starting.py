"""From the command to a page that answers: the first start, which loads, and a later one."""

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.child import ROOT
from benchmarks.table import Goal, Line, Of, median
from graph import embedded

LIMIT_S = 600.0


def lines(words: Sequence[str], runs: int) -> Iterator[Line]:
    """The command `linmai WORDS --store embedded:... --port ...` in an empty home, then again after its database was stopped."""
    first: list[float] = []
    later: list[float] = []
    for _ in range(runs):
        with tempfile.TemporaryDirectory(prefix="linmai-bench-") as home:
            folder = Path(home) / "store"
            try:
                for taken in (first, later):
                    with page(words, folder, Path(home)) as (_, seconds):
                        taken.append(seconds)
                    embedded.stop(folder)
            finally:
                embedded.stop(folder)
    what = f"`linmai {' '.join(words)}` until its page answers"
    yield Line(f"{what}, first start", median(first), "s", goal=Goal(45, Of.OURS))
    yield Line(f"{what}, later start, database stopped before", median(later), "s", goal=Goal(5, Of.OURS))


@contextlib.contextmanager
def page(words: Sequence[str], folder: Path, home: Path) -> Iterator[tuple[int, float]]:
    """A served page: its port, and the seconds from the command to its first answer. Ended afterwards."""
    port = free_port()
    command = [sys.executable, "-c", "from api.start import main; main()", *words]
    folders = ("data", "config", "cache")
    environment = {**os.environ, **{f"XDG_{name.upper()}_HOME": str(home / name) for name in folders}}
    for name in ("LINMAI_STORE", "NEO4J_URI"):
        environment.pop(name, None)
    with served(
        [*command, "--store", f"embedded:{folder}", "--port", str(port)], port, "/", environment
    ) as seconds:
        yield port, seconds


@contextlib.contextmanager
def served(command: Sequence[str], port: int, path: str, environment: dict[str, str]) -> Iterator[float]:
    """A server while the block runs; gives the seconds until `path` answered 200."""
    begun = time.perf_counter()
    with tempfile.TemporaryFile() as log, subprocess.Popen(
        list(command), cwd=ROOT, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL
    ) as process:  # fmt: skip
        try:
            while not answers(port, path):
                if process.poll() is not None or time.perf_counter() - begun > LIMIT_S:
                    log.seek(0)
                    raise RuntimeError(log.read()[-2000:].decode(errors="replace"))
                time.sleep(0.05)
            yield time.perf_counter() - begun
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def answers(port: int, path: str) -> bool:
    """Whether a page answers 200 now."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def free_port() -> int:
    """A port of this machine that nothing listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
