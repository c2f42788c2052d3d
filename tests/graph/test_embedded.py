"""The embedded server's life: shared, found again, healed after a kill, stopped; and what it says when it cannot."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from graph import embedded, embedded_java, leases
from graph.embedded_java import EmbeddedSettings
from graph.leases import ProcessIdentity
from graph.store import Store
from graph.store_errors import QueryTimeout, StoreUnavailable
from graph.target import embedded_target

_ROOT = Path(__file__).resolve().parents[2]
_OPEN = """
import sys
from pathlib import Path
from graph.embedded import status
from graph.store import Store
from graph.target import embedded_target
folder = Path(sys.argv[1])
store = Store.open(embedded_target(folder))
store.write("CREATE (:Thing {id: $id})", {"id": sys.argv[2]})
sys.stdout.write(f"{status(folder).pid}\\n")
sys.stdout.flush()
sys.stdin.readline()
"""


# Permissions do not bind root, which a container runs tests as: then the attempt is made as nobody, for whom the
# folders above must let pass.
_OPEN_AS_NOBODY = """
import os, sys
from pathlib import Path
from graph import embedded
from graph.store_errors import StoreUnavailable
folder = Path(sys.argv[1])
if os.getuid() == 0:
    for parent in list(folder.parents)[:3]:
        parent.chmod(0o755)
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
try:
    embedded.ensure_running(folder, bool)
except StoreUnavailable as error:
    sys.exit(str(error))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A store's folder with a name that needs care; nothing serves it any more when the test is over."""
    folder = tmp_path / "数据 一"
    yield folder
    embedded.stop(folder)


@pytest.fixture
def client(folder: Path) -> Iterator[Callable[[str], "subprocess.Popen[str]"]]:
    """Starts another process that opens the store, writes a node, says the server's id, and waits."""
    started: list[subprocess.Popen[str]] = []

    def start(identity: str) -> "subprocess.Popen[str]":
        started.append(
            subprocess.Popen(
                [sys.executable, "-c", _OPEN, str(folder), identity],
                cwd=_ROOT,
                text=True,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        )
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def _said(process: "subprocess.Popen[str]") -> int:
    assert process.stdout is not None
    return int(process.stdout.readline())


def _ids(store: Store) -> list[str]:
    return [row["id"] for row in store.read("MATCH (n:Thing) RETURN n.id AS id ORDER BY id")]


def _server(folder: Path) -> psutil.Process:
    pid = embedded.status(folder).pid
    assert pid is not None
    return psutil.Process(pid)


def _refusal(folder: Path) -> str:
    with pytest.raises(StoreUnavailable) as caught:
        Store.open(embedded_target(folder))
    return str(caught.value)


def test_two_commands_at_once_share_one_server_which_outlives_them(
    folder: Path, client: Callable[[str], "subprocess.Popen[str]"]
) -> None:
    with Store.open(embedded_target(folder)) as store:
        store.write("CREATE CONSTRAINT thing_id IF NOT EXISTS FOR (n:Thing) REQUIRE n.id IS UNIQUE")
    embedded.stop(folder)
    first, second = client("a"), client("b")
    servers = {_said(first), _said(second)}
    assert embedded.status(folder).clients == 2
    for process in (first, second):
        process.communicate("\n")
    with Store.open(embedded_target(folder)) as store:
        assert _ids(store) == ["a", "b"]
        assert servers == {_server(folder).pid}
        assert embedded.status(folder).clients == 1
    assert embedded.status(folder).clients == 0


def test_killed_commands_and_a_killed_server_heal_at_the_next_start(
    folder: Path, client: Callable[[str], "subprocess.Popen[str]"]
) -> None:
    killed = client("a")
    server = psutil.Process(_said(killed))
    killed.kill()
    killed.wait()
    server.kill()
    psutil.wait_procs([server], timeout=30)
    assert (folder / "state.json").exists()
    assert embedded.status(folder).pid is None
    with Store.open(embedded_target(folder)) as store:
        assert _ids(store) == ["a"]
        assert embedded.status(folder).clients == 1


def test_a_server_whose_starter_was_killed_before_it_wrote_down_its_id_is_replaced(folder: Path) -> None:
    Store.open(embedded_target(folder)).close()
    lost = _server(folder)
    (folder / "state.json").unlink()
    with Store.open(embedded_target(folder)) as store:
        assert store.read("RETURN 1 AS one") == [{"one": 1}]
        assert _server(folder).pid != lost.pid
    assert not lost.is_running()


def test_another_process_with_the_servers_id_is_not_taken_for_it(folder: Path) -> None:
    Store.open(embedded_target(folder)).close()
    embedded.stop(folder)
    state = {
        "pid": os.getpid(),
        "started": 1.0,
        "port": 1,
        "http_port": 2,
        "watch_pid": 0,
        "watch_started": 0,
    }
    (folder / "state.json").write_text(json.dumps(state))
    assert embedded.status(folder).pid is None
    with Store.open(embedded_target(folder)) as store:
        assert store.read("RETURN 1 AS one") == [{"one": 1}]


@pytest.mark.parametrize("torn", ["", "{", "[]", '{"pid": 1}'])
def test_a_torn_state_file_counts_as_none(folder: Path, torn: str) -> None:
    folder.mkdir()
    (folder / "state.json").write_text(torn)
    assert embedded.status(folder) == embedded.Status(folder, None, None, 0)


@pytest.mark.parametrize("taken", ["bolt", "http"])
def test_a_port_in_use_is_avoided(folder: Path, monkeypatch: pytest.MonkeyPatch, taken: str) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        used = other.getsockname()[1]
        free = embedded._free_port
        choices = iter([used, free()] if taken == "bolt" else [free(), used])
        monkeypatch.setattr(embedded, "_free_port", lambda: next(choices, None) or free())
        with Store.open(embedded_target(folder)) as store:
            assert store.read("RETURN 1 AS one") == [{"one": 1}]
            assert embedded.status(folder).port != used


def test_stop_ends_the_server_and_its_watch_and_says_whether_one_ran(folder: Path) -> None:
    assert embedded.stop(folder) is False
    Store.open(embedded_target(folder)).close()
    server = _server(folder)
    watch = psutil.Process(json.loads((folder / "state.json").read_text())["watch_pid"])
    assert embedded.stop(folder) is True
    assert psutil.wait_procs([server, watch], timeout=10)[1] == []
    assert embedded.status(folder).pid is None
    assert embedded.stop(folder) is False


def test_a_server_without_clients_stops_by_itself_and_one_with_a_client_does_not(
    folder: Path, client: Callable[[str], "subprocess.Popen[str]"]
) -> None:
    with Store.open(embedded_target(folder), EmbeddedSettings(idle_s=1.0)) as store:
        server = _server(folder)
        with pytest.raises(psutil.TimeoutExpired):
            server.wait(3)
        assert store.read("RETURN 1 AS one") == [{"one": 1}]
        killed = client("a")
        _said(killed)
        killed.kill()
    assert psutil.wait_procs([server], timeout=20)[1] == []
    assert embedded.status(folder).pid is None


def test_a_server_whose_folder_is_moved_ends_and_the_data_are_served_where_they_are(
    folder: Path, tmp_path: Path
) -> None:
    Store.open(embedded_target(folder), EmbeddedSettings(idle_s=2.0)).close()
    with Store.open(embedded_target(folder)) as store:
        store.write("CREATE (:Thing {id: 'a'})")
    server = _server(folder)
    moved = folder.rename(tmp_path / "moved")
    assert psutil.wait_procs([server], timeout=20)[1] == []
    try:
        with Store.open(embedded_target(moved)) as store:
            assert _ids(store) == ["a"]
    finally:
        embedded.stop(moved)


def test_a_killed_watch_is_replaced_by_the_next_client(folder: Path) -> None:
    Store.open(embedded_target(folder)).close()
    first = json.loads((folder / "state.json").read_text())
    psutil.Process(first["watch_pid"]).kill()
    psutil.wait_procs([psutil.Process(first["watch_pid"])], timeout=10)
    Store.open(embedded_target(folder)).close()
    second = json.loads((folder / "state.json").read_text())
    assert second["pid"] == first["pid"]
    assert ProcessIdentity(second["watch_pid"], second["watch_started"]).process() is not None


def test_the_password_is_random_private_and_in_no_command_line_or_log(folder: Path, tmp_path: Path) -> None:
    Store.open(embedded_target(folder)).close()
    password = (folder / "password").read_text()
    assert len(password) == 32
    assert password not in " ".join(_server(folder).cmdline())
    assert password not in (folder / "server.log").read_text()
    open_to_others = [
        path for path in [folder, *folder.rglob("*")] if path.exists() and path.stat().st_mode & 0o077
    ]
    assert open_to_others == []


def test_a_lost_password_file_is_made_anew_and_the_data_stay(folder: Path) -> None:
    with Store.open(embedded_target(folder)) as store:
        store.write("CREATE (:Thing {id: 'a'})")
    embedded.stop(folder)
    (folder / "password").unlink()
    with Store.open(embedded_target(folder)) as store:
        assert _ids(store) == ["a"]


def test_a_wrong_password_is_one_sentence(folder: Path) -> None:
    Store.open(embedded_target(folder)).close()
    embedded.stop(folder)
    (folder / "password").write_text("not-the-one")
    assert _refusal(folder) == (
        "内置数据库不接受保存在其文件夹 password 文件中的密码；请删除该文件，运行 linmai store stop，然后再试"
    )
    (folder / "password").unlink()
    embedded.stop(folder)
    Store.open(embedded_target(folder)).close()


def test_a_broken_data_folder_is_one_sentence_and_is_left_as_it_is(folder: Path) -> None:
    with Store.open(embedded_target(folder)) as store:
        store.write("CREATE (:Thing {id: 'a'})")
    embedded.stop(folder)
    data = folder / "databases" / "linmai"
    for schema in data.glob("schema*.json"):
        schema.write_bytes(b"\x00broken")
    before = {path.name: path.read_bytes() for path in data.iterdir()}
    assert _refusal(folder) == (
        f"内置数据库（{folder}）无法启动：数据文件已损坏；"
        "请把这个文件夹改名保存，再用 linmai store restore 恢复最近的备份"
    )
    assert {path.name: path.read_bytes() for path in data.iterdir()} == before


def test_a_full_disk_is_one_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.mkdir()
    usage = shutil.disk_usage(folder)._replace(free=7 * 1024 * 1024)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    assert _refusal(folder) == (
        f"内置数据库（{folder}）所在磁盘只剩 7 MB，无法启动；请腾出至少 1 GB 空间后再试"
    )


def test_a_disk_that_is_full_for_our_own_files_is_one_sentence(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(embedded, "take_lease", full)
    assert _refusal(folder) == f"内置数据库（{folder}）无法使用：磁盘已满；请腾出至少 1 GB 空间后再试"


@pytest.mark.skipif(
    sys.platform == "win32", reason="folders of other users are not writable by their mode there"
)
def test_no_write_permission_is_one_sentence(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o555)
    script = "import os, sys\nif os.getuid() == 0: os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
    script += "from pathlib import Path\nfrom graph import embedded\nfrom graph.store_errors import StoreUnavailable\n"
    script += "try: embedded.ensure_running(Path(sys.argv[1]), bool)\nexcept StoreUnavailable as e: sys.exit(str(e))"
    for parent in folder.parents:
        if parent.stat().st_uid == os.getuid() and str(parent).startswith("/tmp/") and parent.name:
            parent.chmod(0o755)
    done = subprocess.run(
        [sys.executable, "-c", _OPEN_AS_NOBODY, str(folder)],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    folder.chmod(0o700)
    assert done.stderr.strip() == (
        f"内置数据库（{folder}）无法使用：没有读写这个文件夹的权限；请检查文件夹的所有者和权限，或换一个文件夹"
    )
    assert done.returncode == 1


def test_a_file_in_the_folders_place_is_one_sentence(folder: Path) -> None:
    folder.write_text("not a folder")
    assert (
        _refusal(folder)
        == f"内置数据库（{folder}）无法使用：这个路径上有一个不是文件夹的文件；请换一个文件夹"
    )


def test_a_machine_without_the_wheel_is_told_what_it_needs(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    monkeypatch.setattr("platform.system", lambda: "Linux")
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    monkeypatch.setattr("platform.python_version", lambda: "3.11.2")
    assert _refusal(folder) == (
        "本机（Linux riscv64，Python 3.11.2）没有安装内置数据库 arcadedb-embedded，它只支持 64 位的 "
        "Linux（x86_64、aarch64）、苹果芯片的 macOS 和 Windows；请在受支持的系统上重新安装，"
        "或安装 Neo4j 并设置 LINMAI_STORE=bolt://主机:7687"
    )


def test_a_server_that_ends_at_once_is_explained_from_its_log(folder: Path) -> None:
    with pytest.raises(StoreUnavailable) as caught:
        Store.open(embedded_target(folder), EmbeddedSettings(heap="many"))
    assert str(caught.value) == (
        f"内置数据库（{folder}）无法启动：内存不够或内存设置不对；"
        "请关闭其他程序，或改小内置数据库的内存设置后再试"
    )


@pytest.mark.parametrize(
    ("log", "reason"),
    [
        ("com.arcadedb.utility.LockException: Database 'linmai' is locked by another process", "另一个程序"),
        ("java.io.IOException: No space left on device", "磁盘已满"),
        ("java.nio.file.AccessDeniedException: databases/linmai", "没有读写这个文件夹的权限"),
        ("Error occurred during initialization of VM: Could not reserve enough space", "内存不够"),
        ("SEVER [LocalSchema] Error on loading schema. The schema will be reset", "数据文件已损坏"),
        ("something new", "原因见其中的 server.log"),
    ],
)
def test_each_failure_in_the_log_has_its_reason(log: str, reason: str) -> None:
    sentence = str(embedded_java.explain_failure(log, Path("s")))
    assert sentence.startswith("内置数据库（s）无法启动")
    assert reason in sentence


def test_the_embedded_server_stops_a_statement_at_the_limit_it_was_started_with(folder: Path) -> None:
    endless = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b WITH a * b AS p WHERE p = 3 RETURN p"
    with Store.open(embedded_target(folder), EmbeddedSettings(statement_limit_s=1.0)) as store:
        with pytest.raises(QueryTimeout) as caught:
            store.read(endless)
        assert str(caught.value) == f"数据库 {store.shown} 未能在时限内完成，已停止；请缩小查询范围后再试"
        assert store.read("RETURN 1 AS one") == [{"one": 1}]


def test_a_store_whose_server_was_killed_says_so_and_opens_again(folder: Path) -> None:
    with Store.open(embedded_target(folder)) as store:
        os.kill(_server(folder).pid, signal.SIGKILL)
        with pytest.raises(StoreUnavailable, match="连接不上数据库"):
            store.read("RETURN 1 AS one")
    with Store.open(embedded_target(folder)) as store:
        assert store.read("RETURN 1 AS one") == [{"one": 1}]


def test_a_lease_ends_with_its_process_and_a_torn_one_too(tmp_path: Path) -> None:
    clients = tmp_path / "clients"
    mine = leases.take_lease(clients)
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    (clients / f"{done.pid}-dead").write_text(json.dumps([done.pid, 1.0]))
    (clients / f"{done.pid}-torn").write_text("[12")
    assert leases.live_leases(clients) == 1
    assert [path.name for path in clients.iterdir()] == [mine.name]
    leases.drop_lease(mine)
    leases.drop_lease(mine)
    assert leases.live_leases(clients) == 0


def test_a_lock_that_another_keeps_is_given_up_on(tmp_path: Path) -> None:
    with (
        leases.locked(tmp_path / "lock", 1),
        pytest.raises(TimeoutError),
        leases.locked(tmp_path / "lock", 0.1),
    ):
        pass
    with leases.locked(tmp_path / "lock", 0.1):
        pass
