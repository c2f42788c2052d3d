"""A job in a process of its own, so that its CPU time and its peak memory are its own.

    python -m benchmarks.child MODULE FUNCTION < arguments.json

The function takes the arguments as keywords and returns what is to be measured, a callable without arguments:
what it does before that (imports, reading the rows that a user has in memory) is not timed. Its result must be
JSON. Memory is the whole process's.
"""

import importlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parent.parent


class JobFailed(Exception):
    """A job's process did not end well; the message is the end of what it wrote."""


@dataclass(frozen=True)
class Measured:
    """What a job cost: wall and CPU seconds (its own children's included), peak memory of its own process in MB."""

    wall_s: float
    cpu_s: float
    peak_mb: float
    result: Any


def in_child(function: Callable[..., Callable[[], Any]], **arguments: Any) -> Measured:
    """Run a job in a new process. Arguments must be JSON. Raises `JobFailed`."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.child", function.__module__, function.__name__],
        input=json.dumps(arguments), capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    if done.returncode:
        raise JobFailed(f"{function.__name__}: {done.stderr[-2000:]}")
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def peak_memory_mb() -> float:
    """The most memory that this process has held, in MB.

    Read from the kernel where it tells: `ru_maxrss` of a new process begins at its parent's.
    """
    try:
        found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    except OSError:
        found = None
    if found:
        return int(found[1]) / 1024
    if sys.platform == "win32":
        return float(psutil.Process().memory_info().peak_wset) / 2**20
    import resource  # not there on Windows

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def memory_mb() -> float:
    """The memory that this process holds now, in MB."""
    return float(psutil.Process().memory_info().rss) / 2**20


def _cpu_s() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def main() -> None:
    """Run the job that the command line names and write what it cost as the last line."""
    module, function = sys.argv[1:]
    work = getattr(importlib.import_module(module), function)(**json.load(sys.stdin))
    cpu, wall = _cpu_s(), time.perf_counter()
    result = work()
    wall, cpu = time.perf_counter() - wall, _cpu_s() - cpu
    print(json.dumps({"wall_s": wall, "cpu_s": cpu, "peak_mb": peak_memory_mb(), "result": result}))


if __name__ == "__main__":
    main()
