"""Who shares a folder's server at this moment: a lock across processes, and leases that die with their holder.

A process is known by its id and its start time together, because an id alone is given again to another
process. Nothing here needs tidying up after a kill: the operating system drops the lock, and a lease whose
process is gone counts for nothing.
"""

import contextlib
import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psutil

if sys.platform == "win32":
    import msvcrt

    def _try_lock(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _try_lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)


@dataclass(frozen=True)
class ProcessIdentity:
    """One process for good: its id and its start time in seconds since the epoch."""

    pid: int
    started: float

    @classmethod
    def of(cls, pid: int) -> "ProcessIdentity":
        """The process that has `pid` now; raises `psutil.NoSuchProcess` when there is none."""
        return cls(pid, psutil.Process(pid).create_time())

    def process(self) -> psutil.Process | None:
        """The process while it runs, else None; a zombie, or another process with its id, is not it."""
        try:
            process = psutil.Process(self.pid)
            # The start time is computed from the boot time, which a clock correction moves a little.
            if abs(process.create_time() - self.started) > 2.0 or process.status() == psutil.STATUS_ZOMBIE:
                return None
        except psutil.NoSuchProcess:
            return None
        return process


@contextlib.contextmanager
def locked(path: Path, limit_s: float) -> Iterator[None]:
    """Hold the lock that `path` stands for; raises `TimeoutError` when others keep it for `limit_s` seconds."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        deadline = time.monotonic() + limit_s
        while not _try_lock(handle):
            if time.monotonic() > deadline:
                raise TimeoutError(str(path))
            time.sleep(0.02)
        try:
            yield
        finally:
            _unlock(handle)
    finally:
        os.close(handle)


def take_lease(clients: Path) -> Path:
    """Say in the folder `clients` that this process uses the server; `drop_lease` takes it back."""
    clients.mkdir(mode=0o700, exist_ok=True)
    me = ProcessIdentity.of(os.getpid())
    lease = clients / f"{me.pid}-{uuid4().hex[:8]}"
    lease.write_text(json.dumps([me.pid, me.started]), encoding="ascii")
    return lease


def drop_lease(lease: Path) -> None:
    """Give a lease back; giving it back twice is no error."""
    with contextlib.suppress(OSError):
        lease.unlink(missing_ok=True)


def live_leases(clients: Path) -> int:
    """How many leases are held by running processes; removes those whose process is gone."""
    count = 0
    for lease in clients.glob("*-*"):
        try:
            pid, started = json.loads(lease.read_text(encoding="ascii"))
        except OSError:
            continue
        except ValueError:
            # Either being written at this moment or torn by a kill: its name still tells the process.
            if psutil.pid_exists(int(lease.name.partition("-")[0])):
                count += 1
                continue
            pid, started = 0, 0.0
        if ProcessIdentity(pid, started).process() is None:
            drop_lease(lease)
        else:
            count += 1
    return count
