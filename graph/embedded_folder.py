"""The files of an embedded store's folder: its password, its state, and what the file system says of it.

All files are for their owner only (on Windows by the user's own data folder, whose access list they inherit).
"""

import contextlib
import errno
import json
import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from graph.embedded_java import DISK_FULL, NO_PERMISSION, explain_failure
from graph.leases import ProcessIdentity
from graph.store_errors import StoreUnavailable

_NO_FOLDER = (
    "这个路径上有一个不是文件夹的文件；请换一个文件夹",
    "a file stands where a folder should be; use another folder",
)
_DATA = Path("databases", "linmai")
MINIMUM_FREE_BYTES = 100 * 1024 * 1024


@dataclass(frozen=True)
class ServerState:
    """The process that serves a folder, its Bolt and HTTP ports, and the process that watches over it.

    `records` is where the cache belongs that Java writes when it ends; empty when it writes none.
    """

    pid: int
    started: float
    port: int
    http_port: int
    watch_pid: int = 0
    watch_started: float = 0.0
    records: str = ""

    @property
    def server(self) -> ProcessIdentity:
        """The server's process."""
        return ProcessIdentity(self.pid, self.started)

    @property
    def watch(self) -> ProcessIdentity:
        """The watch's process; none at all while `watch_pid` is 0."""
        return ProcessIdentity(self.watch_pid, self.watch_started)


def make_private_folder(folder: Path) -> None:
    """Make `folder`, or close an existing one to others."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if sys.platform != "win32" and folder.stat().st_mode & 0o077:
        folder.chmod(0o700)


def stored_password(folder: Path) -> str:
    """The password of the folder's server, made at the first call.

    When its file is lost, so is the password that the server was given; then its list of accounts, which holds
    no other, is removed so that it takes the new one.
    """
    path = folder / "password"
    password = text_of(path).strip()
    if not password:
        password = secrets.token_urlsafe(24)
        (folder / "server" / "config" / "server-users.jsonl").unlink(missing_ok=True)
        write_private(path, password)
    return password


def read_state(folder: Path) -> ServerState | None:
    """What `state.json` says, if it is whole and the process it names still runs."""
    try:
        state = ServerState(**json.loads(text_of(folder / "state.json")))
    except (ValueError, TypeError):
        return None
    return state if state.server.process() is not None else None


def write_state(folder: Path, state: ServerState) -> None:
    """Replace `state.json` at one stroke, so that a reader finds the old one or the new one."""
    fresh = folder / "state.json.new"
    write_private(fresh, json.dumps(asdict(state)))
    fresh.replace(folder / "state.json")


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read."""
    # What Java's launcher reads paths as; everything else that is written here is ASCII.
    content = text.encode("mbcs") if sys.platform == "win32" else os.fsencode(text)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)


def text_of(path: Path) -> str:
    """The text of a file, empty when there is none."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ""


def server_log(folder: Path) -> str:
    """What the server said since its latest start."""
    return text_of(folder / "server.log")


def refuse_broken_or_full(folder: Path) -> None:
    """Raise `StoreUnavailable` for what the server would start on, only to lose data or to stop soon after."""
    free = shutil.disk_usage(folder).free
    if free < MINIMUM_FREE_BYTES:
        raise StoreUnavailable(
            f"内置数据库（{folder}）所在磁盘只剩 {free // (1024 * 1024)} MB，无法启动；请腾出至少 1 GB 空间后再试",
            f"Only {free // (1024 * 1024)} MB are left on the disk of the embedded database ({folder}), which cannot start; free at least 1 GB and try again",
        )
    schemas = (folder / _DATA / "schema.json", folder / _DATA / "schema.prev.json")
    if holds_data(folder) and not any(_is_json(path) for path in schemas):
        raise explain_failure("Error on loading schema", folder)


def holds_data(folder: Path) -> bool:
    """Whether a database was made in `folder` before."""
    return any((folder / _DATA).glob("*.bucket"))


def _is_json(path: Path) -> bool:
    try:
        return isinstance(json.loads(path.read_bytes()), dict)
    except (FileNotFoundError, ValueError):
        return False


@contextlib.contextmanager
def file_errors(folder: Path) -> Iterator[None]:
    """Turn what the file system refuses into one sentence."""
    try:
        yield
    except OSError as error:
        reasons = {
            errno.ENOSPC: DISK_FULL,
            errno.EDQUOT: DISK_FULL,
            errno.EACCES: NO_PERMISSION,
            errno.EPERM: NO_PERMISSION,
            errno.EROFS: ("这个磁盘是只读的；请换一个文件夹", "the disk is read-only; use another folder"),
            errno.ENOTDIR: _NO_FOLDER,
            errno.EEXIST: _NO_FOLDER,
        }
        other = (
            f"读写失败（{error.strerror}）；请检查磁盘，或换一个文件夹",
            f"reading or writing failed ({error.strerror}); check the disk, or use another folder",
        )
        chinese, english = reasons.get(error.errno or 0, other)
        raise StoreUnavailable(
            f"内置数据库（{folder}）无法使用：{chinese}",
            f"The embedded database ({folder}) cannot be used: {english}",
        ) from error
