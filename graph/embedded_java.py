"""The embedded server's command line, and what its log means: text only, starts nothing.

The server is ArcadeDB from the wheel `arcadedb-embedded`, which brings its own Java. It is not imported (that
would bring a Java machine into this process): only its folder is looked up.
"""

import importlib.util
import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs

from graph.store_errors import StoreUnavailable

OPTIONS = (
    # On two processors Java gives its optimizing compiler one thread, which in the first minutes shares them with
    # everything asked: a summary of the demo then needs sixty rounds until it has its speed, with two threads fifteen
    # (docs/benchmarks.md). With more of them, what is asked in the first seconds waits longer.
    *(("-XX:CICompilerCount=3",) if (os.cpu_count() or 1) < 4 else ()),
    # Without jdk.incubator.vector, which the wheel's own launcher adds for indexes of vectors: with an incubating
    # module Java keeps neither linked classes nor what it learned for its compilers (`graph.embedded_cache`).
    "--add-opens=java.base/java.util.concurrent.atomic=ALL-UNNAMED",
    "--add-opens=java.base/java.nio.channels.spi=ALL-UNNAMED",
    "--enable-native-access=ALL-UNNAMED",
    "-Dpolyglot.engine.WarnInterpreterOnly=false",
)
"""Options of every server's Java; those of `EmbeddedSettings` come after them."""

# The Bolt listener logs the values of a refused row (a duplicated key) below SEVERE: they stay out of the log.
LOGGING = """\
handlers = java.util.logging.ConsoleHandler
.level = WARNING
com.arcadedb.level = INFO
com.arcadedb.bolt.level = SEVERE
java.util.logging.ConsoleHandler.level = INFO
java.util.logging.ConsoleHandler.formatter = com.arcadedb.log.LogFormatter
"""


@dataclass(frozen=True)
class EmbeddedSettings:
    """How the embedded server is run.

    `heap` is Java's -Xmx ("1g", "512m"). The server stops after `idle_s` seconds without a client. It stops
    any one statement after `statement_limit_s` seconds. `start_limit_s` is how long a start may take.
    `java_options` are further options of Java itself ("-XX:+UseSerialGC"). `cache_folder` is where Java keeps
    what makes its next start faster (`graph.embedded_cache`); None for no such thing.
    """

    heap: str = "1g"
    idle_s: float = 600.0
    statement_limit_s: float = 300.0
    start_limit_s: float = 60.0
    java_options: tuple[str, ...] = ()
    cache_folder: Path | None = field(
        default_factory=lambda: platformdirs.user_cache_path("linmai", appauthor=False)
    )


def installed_package() -> Path:
    """The folder of the installed wheel; raises `StoreUnavailable` where there is no wheel for this machine."""
    found = importlib.util.find_spec("arcadedb_embedded")
    if found is None or not found.submodule_search_locations:
        raise StoreUnavailable(
            f"本机（{platform.system()} {platform.machine()}，Python {platform.python_version()}）"
            "没有安装内置数据库 arcadedb-embedded，它只支持 64 位的 Linux（x86_64、aarch64）、苹果芯片的 macOS "
            "和 Windows；请在受支持的系统上重新安装，或安装 Neo4j 并设置 LINMAI_STORE=bolt://主机:7687",
            f"The embedded database arcadedb-embedded is not installed on this machine ({platform.system()} "
            f"{platform.machine()}, Python {platform.python_version()}); it runs on 64-bit Linux (x86_64, aarch64), on macOS "
            "with Apple silicon and on Windows; install again on one of these, or install Neo4j and set LINMAI_STORE=bolt://HOST:7687",
        )
    return Path(next(iter(found.submodule_search_locations)))


def java_program(package: Path) -> Path:
    """The Java launcher inside the wheel."""
    return package / "jre" / "bin" / ("java.exe" if sys.platform == "win32" else "java")


def java_arguments(
    package: Path,
    settings: EmbeddedSettings,
    *,
    port: int,
    http_port: int,
    password: str,
    further: Sequence[str] = (),
) -> str:
    """The text of the Java @argfile, for a server whose working folder is the store's folder.

    `further` are options of this start alone. The store's folder is not named: it may have any name in any encoding.
    """
    server = {
        "server.rootPath": "server",
        "server.databaseDirectory": "databases",
        "server.rootPassword": password,
        "server.defaultDatabases": "linmai[]",
        # Not "production", which hides from us, too, what a statement was refused for; the rest of what that
        # mode sets follows here.
        "server.mode": "test",
        "txWalFlush": "1",
        "opencypher.loadCsv.allowFileUrls": "false",
        "studio.enabled": "false",
        "backup.enabled": "false",
        "server.httpIncomingHost": "127.0.0.1",
        "server.httpIncomingPort": str(http_port),
        "server.plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
        "bolt.host": "127.0.0.1",
        "bolt.port": str(port),
        "command.timeout": str(round(settings.statement_limit_s * 1000)),
    }
    lines = [
        f"-Xmx{settings.heap}",
        *OPTIONS,
        *settings.java_options,
        *map(_quoted, further),
        "-Djava.util.logging.config.file=logging.properties",
        "-Dfile.encoding=UTF-8",
        *(f"-Darcadedb.{key}={value}" for key, value in server.items()),
        "-cp",
        _quoted(str(package / "jars" / "*")),
        "com.arcadedb.server.ArcadeDBServer",
    ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def port_was_taken(log: str) -> bool:
    """Whether the log says that another program took a port before the server could.

    >>> port_was_taken("SEVER Unable to listen for BOLT connections using the configured ports '7687'")
    True
    """
    return "Unable to listen" in log or "Address already in use" in log or "BindException" in log


DISK_FULL = (
    "磁盘已满；请腾出至少 1 GB 空间后再试",
    "the disk is full; free at least 1 GB and try again",
)
NO_PERMISSION = (
    "没有读写这个文件夹的权限；请检查文件夹的所有者和权限，或换一个文件夹",
    "the folder may not be read or written; check its owner and permissions, or use another folder",
)
_MEANINGS = (
    (
        ("locked by another process",),
        (
            "另一个程序正在使用这个数据文件夹；请先关闭它，或换一个文件夹（LINMAI_STORE=embedded:文件夹）",
            "another program uses this data folder; close it, or use another folder (LINMAI_STORE=embedded:FOLDER)",
        ),
    ),
    (
        ("No space left on device", "Disk quota exceeded", "not enough space on the disk", "磁盘空间不足"),
        DISK_FULL,
    ),
    (
        ("Could not reserve enough space", "insufficient memory", "OutOfMemoryError", "Invalid maximum heap"),
        (
            "内存不够或内存设置不对；请关闭其他程序，或改小内置数据库的内存设置后再试",
            "there is not enough memory, or its setting is wrong; close other programs, or give the embedded database less",
        ),
    ),
    (
        ("Permission denied", "AccessDeniedException", "Read-only file system", "拒绝访问"),
        NO_PERMISSION,
    ),
    (
        (
            "Error on loading schema",
            "is corrupt",
            "JSONException",
            "DatabaseMetadataException",
            "Error on load",
        ),
        (
            "数据文件已损坏；请把这个文件夹改名保存，再用 linmai store restore 恢复最近的备份",
            "the data are damaged; rename this folder to keep it, and restore the latest backup with linmai store restore",
        ),
    ),
)


def data_is_broken(log: str) -> bool:
    """Whether the server says that it found its data unreadable; it may start all the same, with nothing in it."""
    return "Error on loading schema" in log


def explain_failure(log: str, folder: Path) -> StoreUnavailable:
    """Why the server of `folder` did not start, from its log; for the caller to raise.

    >>> str(explain_failure("java.io.IOException: No space left on device", Path("store")))
    '内置数据库（store）无法启动：磁盘已满；请腾出至少 1 GB 空间后再试'
    """
    for signs, (chinese, english) in _MEANINGS:
        if any(sign in log for sign in signs):
            return StoreUnavailable(
                f"内置数据库（{folder}）无法启动：{chinese}",
                f"The embedded database ({folder}) cannot start: {english}",
            )
    return StoreUnavailable(
        f"内置数据库（{folder}）无法启动，原因见其中的 server.log；请把该文件交给技术人员",
        f"The embedded database ({folder}) cannot start; its server.log says why: show it to your maintainer",
    )
