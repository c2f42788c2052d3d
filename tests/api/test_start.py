"""The door of the command: which database starts while the commands are imported, and how that ends."""

import subprocess
import sys
from pathlib import Path

import pytest

from api.start import served_folder
from graph import embedded


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with two embedded stores that hold data."""
    for name in ("own", "other"):
        (tmp_path / name / "databases" / "linmai").mkdir(parents=True)
        (tmp_path / name / "databases" / "linmai" / "Community_0.1.bucket").touch()
    return tmp_path


@pytest.mark.parametrize(
    ("words", "folder"),
    [
        (["serve"], "own"),
        (["demo"], "own"),
        (["serve", "--port", "8100"], "own"),
        (["serve", "--port", "8100", "--store", "embedded:HOME/other"], "other"),
        (["demo", "--store", "embedded:HOME/other"], "other"),
        (["serve", "--store", "embedded:HOME/empty"], ""),
        (["serve", "--store", "bolt://127.0.0.1:7687"], ""),
        (["serve", "--store", "mysql://x"], ""),
        (["serve", "--help"], ""),
        (["serve", "--port"], ""),
        (["demo", "--fresh"], ""),
        (["demo", "--write", "HOME"], ""),
        (["version"], ""),
        ([], ""),
    ],
)
def test_only_what_is_sure_to_need_a_database_that_holds_data_starts_it_early(
    home: Path, words: list[str], folder: str
) -> None:
    environment = {"LINMAI_STORE": f"embedded:{home}/own"}
    found = served_folder([word.replace("HOME", str(home)) for word in words], environment)
    assert found == (home / folder if folder else None)


def test_a_database_that_cannot_start_is_told_once_and_leaves_nothing_behind(home: Path) -> None:
    words = [sys.executable, "-c", "from api.start import main; main()", "serve", "--store", f"embedded:{home}/own"]  # fmt: skip
    ended = subprocess.run(words, capture_output=True, encoding="utf-8", timeout=120, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    told = ended.stderr.splitlines()
    assert [line for line in told if "数据文件已损坏" in line] == told[-1:]
    assert "Traceback" not in ended.stderr
    assert embedded.status(home / "own").pid is None
