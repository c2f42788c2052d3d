"""Running one parser in a child process that may take only so much time and memory."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

_POLL = 0.2  # seconds between two looks at the child's memory where the system sets no limit


class Ending(StrEnum):
    """How a child ended."""

    DONE = "done"
    TIME = "time"
    MEMORY = "memory"
    CRASH = "crash"


class Child:
    """`python -m MODULE` with `request` on its standard input; iterate for the lines of its output.

    After the last line, `ending` says how it ended. Leaving the `with` block ends the child for good, and so
    does setting `stop`, from any thread.
    """

    def __init__(
        self, module: str, request: bytes, *, seconds: float, memory: int, stop: threading.Event | None = None
    ) -> None:
        self.ending = Ending.DONE
        self._stop = stop or threading.Event()
        self._deadline = time.monotonic() + seconds
        self._memory = memory
        root = str(Path(__file__).resolve().parent.parent)
        known = os.environ.get("PYTHONPATH")
        self._process = subprocess.Popen(
            # -P: the current folder may be a clerk's, and must not lend us its modules
            [sys.executable, "-P", "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{known}" if known else root},
        )
        self._done = threading.Event()
        self._threads = [
            threading.Thread(target=self._feed, args=(request,), daemon=True),
            threading.Thread(target=self._watch, daemon=True),
        ]

    def __enter__(self) -> "Child":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        for thread in self._threads:
            thread.join()
        if self._process.stdout:
            self._process.stdout.close()

    def __iter__(self) -> Iterator[bytes]:
        assert self._process.stdout is not None
        yield from self._process.stdout
        code = self._process.wait()
        if code and self.ending is Ending.DONE:
            self.ending = Ending.CRASH

    def _feed(self, request: bytes) -> None:
        assert self._process.stdin is not None
        try:
            with self._process.stdin as pipe:
                pipe.write(request)
        except OSError:
            pass  # the child ended first; its ending says why

    def _watch(self) -> None:
        limited_by_system = sys.platform.startswith("linux")
        while not self._done.wait(_POLL):
            if self._process.poll() is not None:
                return
            if self._stop.is_set():
                self._kill(Ending.CRASH)
            elif time.monotonic() > self._deadline:
                self._kill(Ending.TIME)
            elif not limited_by_system and _resident_memory(self._process.pid) > self._memory:
                self._kill(Ending.MEMORY)

    def _kill(self, ending: Ending) -> None:
        self.ending = ending
        self._process.kill()


def _resident_memory(pid: int) -> int:
    import psutil

    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0
