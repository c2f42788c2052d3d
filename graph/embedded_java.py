"""The embedded server's command line, and what its log means: text only, starts nothing.

The server is ArcadeDB from the wheel `arcadedb-embedded`, which brings its own Java. It is not imported (that
would bring a Java machine into this process): only its folder is looked up.
"""

import importlib.util
import platform
import sys
from dataclasses import dataclass
from pathlib import Path

from graph.store_errors import StoreUnavailable

_MODULE_OPTIONS = (
    "--add-modules=jdk.incubator.vector",
    "--add-opens=java.base/java.util.concurrent.atomic=ALL-UNNAMED",
    "--add-opens=java.base/java.nio.channels.spi=ALL-UNNAMED",
    "--enable-native-access=ALL-UNNAMED",
    "-Dpolyglot.engine.WarnInterpreterOnly=false",
)

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
    `java_options` are further options of Java itself ("-XX:+UseSerialGC").
    """

    heap: str = "1g"
    idle_s: float = 600.0
    statement_limit_s: float = 300.0
    start_limit_s: float = 60.0
    java_options: tuple[str, ...] = ()


def installed_package() -> Path:
    """The folder of the installed wheel; raises `StoreUnavailable` where there is no wheel for this machine."""
    found = importlib.util.find_spec("arcadedb_embedded")
    if found is None or not found.submodule_search_locations:
        raise StoreUnavailable(
            f"本机（{platform.system()} {platform.machine()}，Python {platform.python_version()}）"
            "没有安装内置数据库 arcadedb-embedded，它只支持 64 位的 Linux（x86_64、aarch64）、苹果芯片的 macOS "
            "和 Windows；请在受支持的系统上重新安装，或安装 Neo4j 并设置 LINMAI_STORE=bolt://主机:7687"
        )
    return Path(next(iter(found.submodule_search_locations)))


def java_program(package: Path) -> Path:
    """The Java launcher inside the wheel."""
    return package / "jre" / "bin" / ("java.exe" if sys.platform == "win32" else "java")


def java_arguments(
    package: Path, settings: EmbeddedSettings, *, port: int, http_port: int, password: str
) -> str:
    """The text of the Java @argfile, for a server whose working folder is the store's folder.

    Only the wheel's own path is absolute: the store's folder may have any name in any encoding.
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
        *settings.java_options,
        *_MODULE_OPTIONS,
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


_MEANINGS = (
    (
        ("locked by another process",),
        "另一个程序正在使用这个数据文件夹；请先关闭它，或换一个文件夹（LINMAI_STORE=embedded:文件夹）",
    ),
    (
        ("No space left on device", "Disk quota exceeded", "not enough space on the disk", "磁盘空间不足"),
        "磁盘已满；请腾出至少 1 GB 空间后再试",
    ),
    (
        ("Could not reserve enough space", "insufficient memory", "OutOfMemoryError", "Invalid maximum heap"),
        "内存不够或内存设置不对；请关闭其他程序，或改小内置数据库的内存设置后再试",
    ),
    (
        ("Permission denied", "AccessDeniedException", "Read-only file system", "拒绝访问"),
        "没有读写这个文件夹的权限；请检查文件夹的所有者和权限，或换一个文件夹",
    ),
    (
        (
            "Error on loading schema",
            "is corrupt",
            "JSONException",
            "DatabaseMetadataException",
            "Error on load",
        ),
        "数据文件已损坏；请把这个文件夹改名保存，再用 linmai store restore 恢复最近的备份",
    ),
)


def data_is_broken(log: str) -> bool:
    """Whether the server says that it found its data unreadable; it may start all the same, with nothing in it."""
    return "Error on loading schema" in log


def explain_failure(log: str, folder: Path) -> str:
    """One Chinese sentence on why the server of `folder` did not start, from its log.

    >>> explain_failure("java.io.IOException: No space left on device", Path("store"))
    '内置数据库（store）无法启动：磁盘已满；请腾出至少 1 GB 空间后再试'
    """
    for signs, meaning in _MEANINGS:
        if any(sign in log for sign in signs):
            return f"内置数据库（{folder}）无法启动：{meaning}"
    return f"内置数据库（{folder}）无法启动，原因见其中的 server.log；请把该文件交给技术人员"
