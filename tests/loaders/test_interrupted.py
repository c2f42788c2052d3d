"""A load that is killed and run again leaves the store that an uninterrupted one leaves.

`LINMAI_KILLS` is how often our process is killed (30 without it); the server is killed a third as often.
"""

import contextlib
import multiprocessing
import os
import random
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

import psutil
import pytest

from graph import embedded
from graph.prepare import prepare
from graph.schema import SCHEMA
from graph.store import Store
from loaders.undo import undo
from tests.loaders.drafting import Snapshot, snapshot
from tests.loaders.interrupted_load import load_issue, run
from tests.servers.short_lived import open_embedded

KILLS = int(os.environ.get("LINMAI_KILLS", "30"))
pytestmark = [pytest.mark.servers, pytest.mark.slow]


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """An embedded store of this module's own, because its server is killed."""
    path = Path(tempfile.mkdtemp(prefix="linmai-killed-"))
    try:
        yield path
    finally:
        embedded.stop(path)
        shutil.rmtree(path)


@pytest.fixture(scope="module")
def processes() -> ForkServerContext:
    """Processes that begin in milliseconds, because what they need is imported once for all of them."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.loaders.interrupted_load"])
    return context


class Expected:
    """The store before the second issue, after it, and how long loading it takes."""

    def __init__(self, folder: Path) -> None:
        with open_embedded(folder) as store:
            prepare(store, SCHEMA)
            load_issue(store, 0)
            load_issue(store, 1)  # what runs for the first time takes longer
            restore(store)
            self.before = content(store)
            begun = time.monotonic()
            load_issue(store, 1)
            self.seconds = time.monotonic() - begun
            self.after = content(store)
            restore(store)


@pytest.fixture(scope="module")
def expected(folder: Path) -> Expected:
    """Both snapshots, from loads that nobody interrupted."""
    return Expected(folder)


def content(store: Store) -> Snapshot:
    """Everything, batches and their counts included; only what an undone batch remembers is left out."""
    nodes, ties = snapshot(store)
    return [line for line in nodes if '"state": "undone"' not in line], ties


def restore(store: Store) -> None:
    """Undo the second issue."""
    rows = store.read("MATCH (b:Batch) WHERE b.state <> 'undone' RETURN b.id AS id, b.order AS order")
    for row in sorted(rows, key=lambda row: -row["order"])[: max(0, len(rows) - 9)]:
        assert undo(store, row["id"]).conflicts == ()


def begin(
    processes: ForkServerContext, folder: Path, moments: random.Random, expected: Expected
) -> ForkServerProcess:
    """Start loading the second issue and return at a random moment of the load.

    The moment is a share of the work done, and then a little while: a clock alone would miss the load on a
    machine that has become faster or slower since the load was timed.
    """
    ours, theirs = processes.Pipe()
    process = processes.Process(target=run, args=(folder, 1, theirs))
    process.start()
    theirs.close()
    share = moments.random()
    with contextlib.suppress(EOFError):
        while ours.recv() < share:
            pass
    process.join(moments.uniform(0, expected.seconds / 20))
    return process


def test_a_killed_load_that_is_run_again_ends_in_the_same_graph(
    folder: Path, processes: ForkServerContext, expected: Expected
) -> None:
    moments = random.Random(20201001)
    unfinished = 0
    for _ in range(KILLS):
        process = begin(processes, folder, moments, expected)
        process.kill()
        process.join()
        with open_embedded(folder) as store:
            unfinished += content(store) != expected.after
            load_issue(store, 1)
            assert content(store) == expected.after
            restore(store)
            assert content(store) == expected.before
    assert unfinished > KILLS / 2


def test_a_load_whose_server_is_killed_can_be_run_again_and_ends_in_the_same_graph(
    folder: Path, processes: ForkServerContext, expected: Expected
) -> None:
    moments = random.Random(410411)
    for _ in range(max(1, KILLS // 3)):
        process = begin(processes, folder, moments, expected)
        pid = embedded.status(folder).pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        psutil.wait_procs([psutil.Process(pid)] if psutil.pid_exists(pid) else [])
        process.kill()
        process.join()
        with open_embedded(folder) as store:
            load_issue(store, 1)
            assert content(store) == expected.after
            restore(store)
            assert content(store) == expected.before
