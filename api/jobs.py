"""Work that outlasts a request: started, watched, cancelled. In memory, in the one process that serves.

A job's outcome is kept until `KEPT` later jobs have ended; what must last is written to the store by the job.
"""

import logging
import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

log = logging.getLogger("linmai.jobs")

KEPT = 50
"""Ended jobs that are remembered."""
AT_ONCE = 2
"""Jobs that run at the same time; further ones wait."""


class State(StrEnum):
    """Where a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen."""
        return self in (State.DONE, State.FAILED, State.CANCELLED)


class Cancelled(Exception):
    """Raised inside a job's work when somebody has cancelled it."""


@dataclass
class Job:
    """One piece of work. `progress` is (done, total) of the stage that `words`, a Chinese phrase, names; `since` is
    when that stage began, by the monotonic clock. `result` is there when done, `error` (what was raised) when failed.
    """

    kind: str
    id: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    state: State = State.WAITING
    progress: tuple[int, int] = (0, 0)
    words: str = ""
    since: float = field(default_factory=time.monotonic)
    result: Any = None
    error: Exception | None = None
    _stop: threading.Event = field(default_factory=threading.Event, repr=False)
    _ended: threading.Event = field(default_factory=threading.Event, repr=False)

    def report(self, done: int, total: int, words: str = "") -> None:
        """Say how far the work is. Raises Cancelled when it is to stop: call it where stopping is safe."""
        self.progress = (done, total)
        if words and words != self.words:
            self.words, self.since = words, time.monotonic()
        if self._stop.is_set():
            raise Cancelled

    def cancel(self) -> None:
        """Ask the work to stop at its next report; one that has ended stays as it is."""
        self._stop.set()

    @property
    def rate(self) -> float | None:
        """How much of this stage is done in a second; None as long as that cannot be said."""
        elapsed_s = time.monotonic() - self.since
        return self.progress[0] / elapsed_s if elapsed_s >= 1 and self.progress[0] else None

    @property
    def left_s(self) -> float | None:
        """Seconds that this stage still takes if it goes on as it did; None as long as that cannot be said."""
        done, total = self.progress
        return (total - done) / self.rate if self.rate and total else None

    @property
    def cancelling(self) -> bool:
        """Whether somebody has asked it to stop."""
        return self._stop.is_set()

    def wait(self, timeout_s: float) -> bool:
        """Wait until it has ended; False when the time is up first."""
        return self._ended.wait(timeout_s)

    def run(self, work: Callable[["Job"], Any]) -> None:
        """Do the work; whatever it raises becomes the job's outcome."""
        try:
            self.report(0, 0)
            self.state = State.RUNNING
            self.result = work(self)
            self.state = State.DONE
        except Cancelled:
            self.state = State.CANCELLED
        except Exception as error:
            # The kind of error and never its text: it may quote a value.
            log.warning("job %s failed: %s", self.kind, type(error).__name__)
            self.error = error
            self.state = State.FAILED
        finally:
            self._ended.set()


class Jobs:
    """The jobs of one application. Safe to share between threads."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="linmai-job")
        self._lock = threading.Lock()
        self._jobs: dict[str, Job] = {}

    def start(self, kind: str, work: Callable[[Job], Any]) -> Job:
        """Queue work; returns at once. `work` is called with its job, to report to."""
        job = Job(kind)
        with self._lock:
            self._jobs[job.id] = job
            ended = [each.id for each in self._jobs.values() if each.state.ended]
            for id_ in ended[: max(0, len(ended) - KEPT)]:
                del self._jobs[id_]
        self._pool.submit(job.run, work)
        return job

    def find(self, id_: str) -> Job | None:
        """The job of that id, or None when there is none or it was forgotten."""
        with self._lock:
            return self._jobs.get(id_)

    def settle(self, timeout_s: float) -> bool:
        """Wait until every job has ended; False when one has not within the time."""
        with self._lock:
            jobs = list(self._jobs.values())
        return all(job.wait(timeout_s) for job in jobs)

    def close(self) -> None:
        """Cancel everything and wait for nothing."""
        with self._lock:
            for job in self._jobs.values():
                job.cancel()
        self._pool.shutdown(wait=False, cancel_futures=True)
