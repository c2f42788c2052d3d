"""Serving: both servers, the end by Ctrl+C, a port in use, and a database that was stopped meanwhile or is busy."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path

import pytest

from api.connection import Connection
from graph import embedded
from graph import store as store_module
from graph.ask import reference_date
from graph.store import Store
from graph.store_errors import StoreBusy
from graph.target import StoreTarget, embedded_target
from tests.api.small_district import fill
from tests.servers.short_lived import open_embedded

GUNICORN = "from api.start import main; main()"
BUFFERED = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
"""As most users have it: what is written to a pipe stays in the process until it is flushed."""
WAITRESS = "import api.serving as s; s._gunicorn = s._waitress; from api.start import main; main()"


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreTarget]:
    """An embedded store of its own that holds the small district."""
    found = embedded_target(tmp_path_factory.mktemp("serving-store"))
    assert found.folder is not None
    with open_embedded(found.folder) as store:
        fill(store)
    yield found
    embedded.stop(found.folder)


@pytest.mark.parametrize("code", [GUNICORN, WAITRESS], ids=["gunicorn", "waitress"])
def test_pages_are_served_until_ctrl_c(target: StoreTarget, code: str, tmp_path: Path) -> None:
    words = [sys.executable, "-c", code, "serve", "--json", "--store", target.shown]
    with (tmp_path / "err").open("w+") as err, subprocess.Popen(words, stdout=subprocess.PIPE, stderr=err, encoding="utf-8", env=BUFFERED) as process:  # fmt: skip
        assert process.stdout is not None
        lines = []
        while not lines or lines[-1] != "}\n":
            lines.append(process.stdout.readline())
        said = json.loads("".join(lines))
        assert said["store"] == target.shown
        with urllib.request.urlopen(said["url"] + "readyz", timeout=60) as answer:
            assert json.load(answer) == {"status": "ok", "reference_date": "2020-10-01"}
        process.send_signal(signal.SIGINT)
        ended = process.wait(timeout=60)
        err.seek(0)
        assert (ended, process.stdout.read(), "Traceback" in err.read()) == (0, "", False), (
            err.seek(0) or err.read()
        )


def test_a_port_in_use_is_refused_with_another_one_to_try(target: StoreTarget) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        words = [sys.executable, "-c", GUNICORN, "serve", "--port", str(port), "--store", target.shown]
        ended = subprocess.run(words, capture_output=True, encoding="utf-8", timeout=60, check=False, env={**os.environ, "LC_ALL": "C.UTF-8"})  # fmt: skip
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.splitlines()[-1] == (
        f"端口 {port} 用不了（Address already in use）；请换一个，例如 --port {min(port + 1, 65535)}"
    )


def test_a_database_that_was_stopped_is_opened_again(target: StoreTarget) -> None:
    assert target.folder is not None
    connection = Connection(lambda: Store.open(target))
    try:
        assert reference_date(connection) == "2020-10-01"
        assert embedded.stop(target.folder)
        assert reference_date(connection) == "2020-10-01"
    finally:
        connection.close()


def test_a_database_all_of_whose_connections_are_taken_is_busy_and_stays_open_for_those_who_have_them(
    target: StoreTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "_driver", partial(store_module._driver, patience_s=1.0))
    opened: list[Store] = []

    def open_store() -> Store:
        opened.append(Store.open(target))
        return opened[-1]

    with closing(Connection(open_store)) as connection:
        with ExitStack() as taken:
            streams = [taken.enter_context(closing(opened[0].stream(_THREE_ROWS))) for _ in range(40)]
            assert [next(stream) for stream in streams] == [{"n": 1}] * 40
            with pytest.raises(StoreBusy) as caught:
                connection.read("RETURN 1 AS one")
            assert str(caught.value) == f"数据库 {target.shown} 正忙，一时没有空闲的连接；请稍后再试"
            assert [list(stream) for stream in streams] == [[{"n": 2}, {"n": 3}]] * 40
        assert connection.read("RETURN 1 AS one") == [{"one": 1}]
    assert len(opened) == 1


_THREE_ROWS = "UNWIND range(1, 3) AS n RETURN n AS n"
