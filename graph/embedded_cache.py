"""What Java may keep of one start for the next: its ahead-of-time cache of linked classes and of what ran often
(JEP 483, 514, 515).

With it the server is there in about half of the time, and its compilers know from the beginning what is worth their
work. The first server that finds none records one and writes it when it is told to end, into its store's folder; it
is then moved to the user's cache folder, where the servers of all stores find it. Java checks it against its own
version, the jars and the options, and goes on without it when it does not fit; one that it refuses or falls over is
deleted by whoever started that server, to be made anew. So is that of a server that hardly worked, after a day:
its classes are there, but nothing is known of what runs often.
"""

import contextlib
import hashlib
import os
import shutil
import tempfile
import time
from pathlib import Path

from graph.embedded_java import OPTIONS, EmbeddedSettings

RECORDED = "java.aot"
"""The file in a store's folder that a recording server writes when it ends."""
_KEPT = 4
_WORKED_S = 8.0
"""CPU seconds: starting takes two to four, loading a district or answering for some minutes more than these."""
_A_DAY_S = 24 * 3600.0
_FIRST_JAVA = 25


def cache_file(package: Path, settings: EmbeddedSettings) -> Path | None:
    """Where the cache of this Java, these jars and these options is or will be; None when there can be none."""
    if settings.cache_folder is None or _java_version(package) < _FIRST_JAVA:
        return None
    digest = hashlib.sha256(repr((str(package), settings.heap, OPTIONS, settings.java_options)).encode())
    for file in sorted([package / "jre" / "release", *(package / "jars").iterdir()]):
        status = file.stat()
        digest.update(repr((file.name, status.st_size, status.st_mtime_ns)).encode())
    return settings.cache_folder / f"java-{digest.hexdigest()[:16]}.aot"


def kept_cache(cache: Path) -> Path | None:
    """The file to start with, where one is kept: that of a server that worked, or another's that is not a day old."""
    if cache.is_file():
        return cache
    brief = _brief(cache)
    with contextlib.suppress(OSError):
        if time.time() - brief.stat().st_mtime < _A_DAY_S:
            return brief
    return None


def cache_option(kept: Path | None) -> str:
    """The option that makes Java use what is kept, or record it."""
    return f"-XX:AOTCacheOutput={RECORDED}" if kept is None else f"-XX:AOTCache={kept}"


def cache_refused(log: str) -> bool:
    """Whether Java says in its log that it cannot use its cache, or fell over it.

    >>> cache_refused("[error][aot] An error has occurred while processing the AOT cache.")
    True
    """
    return "error has occurred while processing the AOT cache" in log or "SIGSEGV" in log or "SIGBUS" in log


def keep_recorded(folder: Path, cache: Path, worked_s: float) -> None:
    """Move what the server of `folder` recorded to where `kept_cache` finds it, at one stroke; call it when the
    server has ended by itself, after `worked_s` CPU seconds.

    Without room or permission there is no cache, and the next start is as slow as this one.
    """
    recorded = folder / RECORDED
    if not recorded.is_file():
        return
    with contextlib.suppress(OSError):
        cache.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, unfinished = tempfile.mkstemp(dir=cache.parent, prefix="unfinished-")
        try:
            with os.fdopen(handle, "wb") as target, recorded.open("rb") as source:
                shutil.copyfileobj(source, target, 1 << 20)
                target.flush()
                os.fsync(target.fileno())  # a rename may be on the disk before what it names
            Path(unfinished).replace(cache if worked_s >= _WORKED_S else _brief(cache))
        finally:
            Path(unfinished).unlink(missing_ok=True)
        _drop_old(cache.parent)
    recorded.unlink(missing_ok=True)


def _brief(cache: Path) -> Path:
    """Where what a server recorded is kept that hardly worked."""
    return cache.with_name(f"{cache.stem}-brief.aot")


def _drop_old(folder: Path) -> None:
    """Delete all but the newest: those of former versions are found by nobody."""
    newest_last = sorted(folder.glob("java-*.aot"), key=lambda file: file.stat().st_mtime)
    for file in newest_last[:-_KEPT]:
        file.unlink(missing_ok=True)


def _java_version(package: Path) -> int:
    """The major version of the Java in the wheel, 0 where its `release` file does not say."""
    try:
        lines = (package / "jre" / "release").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    version = next(
        (line.partition("=")[2].strip('"') for line in lines if line.startswith("JAVA_VERSION=")), ""
    )
    major = version.partition(".")[0]
    return int(major) if major.isdigit() else 0
