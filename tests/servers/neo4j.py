"""A real Neo4j Community server for the tests, from its published Maven artifacts.

The jars (116 MB a version) are downloaded once into the user's cache folder, outside of the work tree; the
server runs in a temporary folder, on 127.0.0.1, and is stopped by its process id.
"""

import contextlib
import hashlib
import importlib.util
import os
import re
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import platformdirs
import pytest

from graph.leases import locked
from graph.store import Store
from graph.store_errors import QueryTimeout, StoreUnavailable
from graph.target import StoreTarget, parse_target
from tests.servers.short_lived import JAVA_OPTIONS

LTS = "5.26.30"
LATEST = "2026.08.1"
_POM = """\
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>local</groupId><artifactId>neo4j-server-jars</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.neo4j</groupId><artifactId>neo4j</artifactId><version>{version}</version></dependency>
  </dependencies>
</project>
"""
_OPENED = (
    "java.base/java.nio",
    "java.base/java.io",
    "java.base/sun.nio.ch",
    "java.base/java.util.concurrent",
)
# Checking the bytecode of the classes that it loads takes Neo4j a quarter of its start, and its jars are not in doubt.
_UNVERIFIED = ("-XX:+UnlockDiagnosticVMOptions", "-XX:-BytecodeVerificationRemote")
_START_LIMIT_S = 120.0


class ServerMissing(Exception):
    """The server cannot be run on this machine; the message says in a sentence what is missing."""


def skip_without(missing: ServerMissing) -> NoReturn:
    """Skip the test that asked for a server, or fail it where none may be missing (LINMAI_REQUIRE_SERVERS=1)."""
    if os.environ.get("LINMAI_REQUIRE_SERVERS") == "1":
        pytest.fail(str(missing))
    pytest.skip(str(missing))


@dataclass(frozen=True)
class RunningServer:
    """A started server: where it is, and the process id that ends it."""

    target: StoreTarget
    pid: int


@contextlib.contextmanager
def running_neo4j(version: str, data: Path | None = None) -> Iterator[RunningServer]:
    """Run one server of `version` in a new temporary folder; it has ended when this returns.

    It begins with a copy of the folder `data` (`imported_data`), or empty.
    """
    java = _java(version)
    jars = _jars(version)
    with tempfile.TemporaryDirectory(prefix="linmai-neo4j-") as folder:
        home = Path(folder)
        port = _free_port()
        _configure(home, port)
        if data is not None:
            shutil.copytree(data, home / "data", dirs_exist_ok=True)
        password = secrets.token_urlsafe(16)
        _set_password(home, password)
        with (home / "console.log").open("wb") as log:
            process = subprocess.Popen(
                _command(java, jars, home, version),
                env=_environment(home),
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            target = _target(port, password)
            _wait(process, target, home / "console.log")
            yield RunningServer(target, process.pid)
        finally:
            # Its data are thrown away, so it need not take the time to write them down.
            process.kill()
            process.wait()


def imported_data(version: str, files: Path, home: Path) -> Path:
    """Make a database of a folder of files with an `import.args`, in a new folder `home`; returns its folder of data.

    Servers of `version` and of later ones can begin with it.
    """
    home.mkdir()
    _configure(home, _free_port())
    _administer(version, home, "database", "import", "full", "@import.args", "neo4j", cwd=files)
    return home / "data"


def _set_password(home: Path, password: str) -> None:
    """Write what `neo4j-admin dbms set-initial-password` writes, without a Java machine of its own for it."""
    salt, rounds = secrets.token_bytes(32), 1024
    hashed = salt + password.encode()
    for _ in range(rounds):
        hashed = hashlib.sha256(hashed).digest()
    (home / "data" / "dbms").mkdir(exist_ok=True)
    line = f"neo4j:SHA-256,{hashed.hex()},{salt.hex()},{rounds}:\n"
    (home / "data" / "dbms" / "auth.ini").write_text(line, encoding="ascii")


def _administer(version: str, home: Path, *arguments: str, cwd: Path | None = None) -> None:
    """Run a command of `neo4j-admin` on the stopped server of `home`."""
    java = [
        _java(version),
        "-Xmx512m",
        *JAVA_OPTIONS,
        *(f"--add-opens={name}=ALL-UNNAMED" for name in _OPENED),
    ]
    command = [*java, "-cp", f"{_jars(version)}/*", "org.neo4j.cli.AdminTool", *arguments]
    done = subprocess.run(
        command, cwd=cwd, env=_environment(home), capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _environment(home: Path) -> dict[str, str]:
    return {**os.environ, "NEO4J_HOME": str(home), "NEO4J_CONF": str(home / "conf")}


def _target(port: int, password: str) -> StoreTarget:
    environment = {
        "NEO4J_URI": f"bolt://127.0.0.1:{port}",
        "NEO4J_PASSWORD": password,
        "NEO4J_DATABASE": "neo4j",
    }
    return parse_target(environment, Path())


def _configure(home: Path, port: int) -> None:
    """Write the configuration of a server that listens on the Bolt port `port`."""
    for name in ("conf", "data", "logs", "plugins", "import", "run", "lib"):
        (home / name).mkdir()
    settings = {
        "server.default_listen_address": "127.0.0.1",
        "server.bolt.listen_address": f":{port}",
        "server.http.enabled": "false",
        "server.memory.pagecache.size": "256m",
        "dbms.memory.transaction.total.max": "512m",
        "db.transaction.timeout": "300s",
        "dbms.usage_report.enabled": "false",
    }
    lines = [f"{key}={value}" for key, value in settings.items()]
    (home / "conf" / "neo4j.conf").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _command(java: str, jars: Path, home: Path, version: str) -> list[str]:
    entry = "CommunityEntryPoint" if version.startswith("5.") else "Neo4jCommunity"
    return [
        java,
        "-Xms256m",
        "-Xmx1g",
        *JAVA_OPTIONS,
        *_UNVERIFIED,
        "-XX:+ExitOnOutOfMemoryError",
        "-Dfile.encoding=UTF-8",
        "-Dio.netty.tryReflectionSetAccessible=true",
        "-Dlog4j2.disable.jmx=true",
        *(f"--add-opens={name}=ALL-UNNAMED" for name in _OPENED),
        "-cp",
        f"{jars}/*",
        f"org.neo4j.server.{entry}",
        f"--home-dir={home}",
        f"--config-dir={home / 'conf'}",
        "--console-mode",
    ]


def _wait(process: "subprocess.Popen[bytes]", target: StoreTarget, log: Path) -> None:
    deadline = time.monotonic() + _START_LIMIT_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            Store.open(target).close()
        except (StoreUnavailable, QueryTimeout):  # on a busy machine the first answer takes its time
            time.sleep(0.2)
        else:
            return
    raise ServerMissing(f"Neo4j did not start: {log.read_text(errors='replace')[-2000:]}")


def _jars(version: str) -> Path:
    """The folder of the jars of `version`, downloaded at the first call; safe to call from several processes."""
    cache = platformdirs.user_cache_path("linmai-tests", appauthor=False)
    cache.mkdir(parents=True, exist_ok=True)
    jars = cache / f"neo4j-{version}"
    with locked(cache / f"neo4j-{version}.lock", 600):
        if not jars.is_dir():
            maven = shutil.which("mvn")
            if maven is None:
                raise ServerMissing("Maven (mvn) is needed to download Neo4j, and is not installed")
            with tempfile.TemporaryDirectory(dir=cache) as folder:
                (Path(folder) / "pom.xml").write_text(_POM.format(version=version), encoding="utf-8")
                command = [maven, "-q", "-B", "dependency:copy-dependencies", "-DincludeScope=runtime"]
                done = subprocess.run(
                    [*command, f"-DoutputDirectory={folder}/lib"],
                    cwd=folder,
                    capture_output=True,
                    timeout=600,
                )
                if done.returncode != 0:
                    raise ServerMissing(f"Maven could not download Neo4j {version}: {done.stdout[-500:]!r}")
                # Moved when complete, so that a killed download leaves nothing that looks whole.
                (Path(folder) / "lib").rename(jars)
    return jars


def _java(version: str) -> str:
    """A Java that runs `version`: 17 or 21 of this machine for 5.26, the one of `arcadedb-embedded` for 2026."""
    on_path = shutil.which("java")
    if version.startswith("5.") and on_path is not None:
        said = subprocess.run([on_path, "-version"], capture_output=True, text=True, timeout=30).stderr
        found = re.search(r'version "(\d+)', said)
        if found is not None and found[1] in ("17", "21"):
            return on_path
    package = importlib.util.find_spec("arcadedb_embedded")
    if package is None or not package.submodule_search_locations:
        raise ServerMissing(
            f"Neo4j {version} needs Java, and there is neither a fitting one nor arcadedb-embedded"
        )
    return str(Path(next(iter(package.submodule_search_locations))) / "jre" / "bin" / "java")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
