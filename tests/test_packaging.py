"""What a stranger installs: the wheel holds everything, the locks fit the project, make mends what is half done."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PACKAGES = ("graph", "loaders", "matching", "viz", "api", "cypher")
LOCKS = ("requirements.lock", "requirements-dev.lock")
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], ROOT)
    (built,) = folder.glob("*.whl")
    return built


def run(command: list[str], folder: Path, **environment: str) -> str:
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def carried_by_the_checkout() -> set[str]:
    """Every file of the packages that is no by-product of running them."""
    return {
        file.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for file in (ROOT / package).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts and not file.name.startswith(".")
    }


def test_the_wheel_carries_every_file_of_the_packages_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        carried = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert carried == carried_by_the_checkout()


def test_the_wheel_carries_queries_divisions_pages_type_marks_and_licences(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    wanted = [
        *(r"cypher/read/streets\.cypher", r"loaders/sources/divisions\.zip", r"loaders/sources/SOURCE\.md"),
        *(r"api/templates/.+\.html", r"api/static/.+\.css", r".+\.dist-info/licenses/(LICENSE|NOTICE)"),
        *(rf"{package}/py\.typed" for package in PACKAGES if package != "cypher"),
    ]
    assert [pattern for pattern in wanted if not any(re.fullmatch(pattern, name) for name in names)] == []


def test_no_file_of_the_wheel_is_larger_than_4_mb(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        assert [i.filename for i in archive.infolist() if i.file_size > 4_000_000] == []


def test_the_installed_wheel_works_away_from_the_checkout(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--no-deps",
        "--no-index",
        "--quiet",
        "--target",
        str(site),
    ]
    run([*pip, str(wheel)], tmp_path)
    program = (
        "import graph, api.cli, matching, viz\n"
        "from pathlib import Path\n"
        "from graph.catalog import queries\n"
        "from loaders.divisions import Divisions\n"
        "print(Path(graph.__file__).parent.parent)\n"
        "print('streets' in queries())\n"
        "print(Divisions().require('410411').name)\n"
    )
    said = run([sys.executable, "-c", program], tmp_path, PYTHONPATH=str(site), PYTHONUTF8="1")
    assert said.splitlines() == [str(site), "True", "湛河区"]
    assert shutil.which("linmai", path=str(site / "bin")) or shutil.which(
        "linmai", path=str(site / "Scripts")
    )


def pins(lock: str) -> dict[str, str]:
    """The pinned packages of a lock file: name -> the whole requirement line without hashes."""
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    return {
        canonicalize_name(Requirement(text).name): text
        for line in lines
        if line and line[0] not in " #" and (text := line.removesuffix("\\").strip())
    }


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_names_an_index_an_address_or_a_folder(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert re.findall(r"(?m)^-.*|\S*(?:https?|file):\S*| @ \S+|^\S*/.*", text) == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_of_a_lock_has_hashes(lock: str) -> None:
    entries = re.split(r"(?m)^(?=[a-z])", (ROOT / lock).read_text(encoding="utf-8"))[1:]
    assert [e.split()[0] for e in entries if "==" not in e or "--hash=sha256:" not in e] == []


def test_each_lock_holds_a_fitting_version_of_what_the_project_asks_for() -> None:
    groups = PROJECT["dependency-groups"]
    asked = {
        "requirements.lock": [*PROJECT["project"]["dependencies"], *groups["build"]],
        "requirements-dev.lock": [*PROJECT["project"]["dependencies"], *groups["build"], *groups["dev"]],
    }
    unmet = []
    for lock, requirements in asked.items():
        pinned = pins(lock)
        for requirement in map(Requirement, requirements):
            pin = pinned.get(canonicalize_name(requirement.name))
            version = pin.split("==")[1].split()[0] if pin else None
            if version is None or version not in requirement.specifier:
                unmet.append((lock, str(requirement), pin))
    assert unmet == [], "run `make lock`"


def test_both_locks_pin_the_same_versions() -> None:
    run_time, development = (
        {name: pin.partition(" ;")[0] for name, pin in pins(lock).items()} for lock in LOCKS
    )
    assert {name: pin for name, pin in run_time.items() if development.get(name) != pin} == {}


def test_what_has_no_wheel_everywhere_is_asked_for_only_where_it_has() -> None:
    """Elsewhere its absence is a sentence of ours, and not an error of pip's."""
    assert [" ; " in pins(lock)["arcadedb-embedded"] for lock in LOCKS] == [True, True]


def test_everything_that_the_packages_import_is_asked_for_by_the_project() -> None:
    asked: set[str] = {
        canonicalize_name(Requirement(text).name) for text in PROJECT["project"]["dependencies"]
    }
    asked |= {
        "werkzeug",
        "jinja2",
        "markupsafe",
        "click",
    }  # whose classes the interfaces of Flask and Typer hand out
    # An extra is imported where it is used, and its absence is a sentence of ours.
    extras = PROJECT["project"]["optional-dependencies"].values()
    asked |= {canonicalize_name(Requirement(text).name) for extra in extras for text in extra}
    providers = packages_distributions()
    missing = {}
    for file in sorted(f for package in PACKAGES for f in (ROOT / package).rglob("*.py")):
        modules = re.findall(r"(?m)^\s*(?:from|import) ([a-zA-Z_]\w*)", file.read_text(encoding="utf-8"))
        for module in set(modules) - set(sys.stdlib_module_names) - set(PACKAGES):
            names = {canonicalize_name(name) for name in providers.get(module, [])}
            if names and not names & asked:
                missing[file.relative_to(ROOT).as_posix()] = module
    assert missing == {}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with nothing but the Makefile."""
    if shutil.which("make") is None:
        pytest.skip("make is not installed")
    shutil.copy(ROOT / "Makefile", tmp_path)
    return tmp_path


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=120
    )


def test_a_virtual_environment_that_was_left_half_made_is_made_again(checkout: Path) -> None:
    (checkout / ".venv/bin").mkdir(parents=True)
    (checkout / ".venv/bin/python").symlink_to(checkout / "a-python-that-is-gone")
    assert make(checkout, f"PYTHON={sys.executable}", ".venv/.made").returncode == 0
    run([str(checkout / ".venv/bin/python"), "-m", "pip", "--version"], checkout)
    again = make(checkout, f"PYTHON={sys.executable}", "--question", ".venv/.made")
    assert again.returncode == 0, "a sound environment is kept"


def python_that(checkout: Path, body: str) -> str:
    """A program that behaves like some Python; returns how make is told to use it."""
    fake = checkout / "fake-python"
    fake.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    fake.chmod(0o755)
    return f"PYTHON={fake}"


def test_make_says_which_python_it_needs(checkout: Path) -> None:
    old = python_that(checkout, '[ "$1" = --version ] && echo Python 3.9.2 && exit 0; exit 1')
    done = make(checkout, old, "demo")
    assert (done.returncode, done.stdout) == (
        2,
        "LinMai needs Python 3.11 to 3.14; found: Python 3.9.2. "
        "Name another one: make PYTHON=/path/to/python3.12 demo\n",
    )


def test_make_says_what_to_install_where_python_cannot_make_environments(checkout: Path) -> None:
    bare = python_that(checkout, 'case "$2" in *ensurepip*) exit 1;; esac; exit 0')
    done = make(checkout, bare, "setup")
    assert done.returncode == 2
    assert done.stdout.endswith(
        "fake-python cannot make virtual environments: its modules venv and ensurepip are missing. "
        "On Debian or Ubuntu: apt install python3-venv\n"
    )


def test_make_test_says_first_what_will_be_skipped(checkout: Path) -> None:
    shell = shutil.which("sh")
    done = make(checkout, f"SHELL={shell}", "announce-skips", "PATH=/nowhere")
    assert done.stdout == (
        "Tests that will be skipped: those on Neo4j, unless its files were downloaded before (no Maven); "
        "those in a browser (no Chromium)\n"
    )


def test_continuous_integration_skips_nothing_for_want_of_a_server_or_a_browser() -> None:
    script = ROOT / ".ci/run"
    assert os.name == "nt" or os.access(script, os.X_OK)
    run(["bash", "-n", str(script)], ROOT)
    text = script.read_text(encoding="utf-8")
    assert "export LINMAI_REQUIRE_SERVERS=1 LINMAI_REQUIRE_BROWSER=1" in text
    assert text.index("\nmake check\n") < text.index("\nmake test ")
