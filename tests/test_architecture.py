"""What holds for the code as a whole: which way it depends, where Cypher lives, what is generated."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from graph import generate
from graph.catalog import queries
from graph.query_file import QueryFile
from graph.schema import SCHEMA

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("graph", "loaders", "matching", "viz", "api", "cypher")
# A clause and what must follow it: prose may say MATCH, but not MATCH followed by a pattern.
_CYPHER = re.compile(
    r"\b(MATCH|MERGE|CREATE)\s*\(|\bUNWIND\s+\$?\w+\s+AS\b|\bDETACH\s+DELETE\b|\b(CREATE|DROP)\s+(CONSTRAINT|INDEX)\b"
)


def _sources(*packages: str) -> list[Path]:
    return [path for package in packages for path in sorted((ROOT / package).rglob("*.py"))]


def _texts(path: Path) -> list[str]:
    """The string literals of a module, f-strings joined, docstrings left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documentation = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    texts = []
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            texts.append("".join(v.value for v in node.values if isinstance(v, ast.Constant)))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            texts.append(node.value)
    return texts


def _imported(path: Path) -> set[str]:
    modules = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            modules |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            modules.add((node.module or "").split(".")[0])
    return modules


def test_dependencies_go_one_way() -> None:
    # A process of its own: import-linter sets up logging for its whole process, and so silences every other logger.
    linter = Path(sys.executable).with_name("lint-imports")
    ran = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_only_the_store_imports_the_driver() -> None:
    importers = [
        path.relative_to(ROOT).as_posix() for path in _sources(*PACKAGES) if "neo4j" in _imported(path)
    ]
    assert importers == ["graph/store.py"]


# Loading reads and writes by label and type of the schema, statement by statement beside what it decides.
_LOADING = {
    f"loaders/{name}.py"
    for name in (
        "areas", "batches", "ledger", "lease", "missing", "names", "reconcile", "undo", "undo_conflicts", "view", "writes",
    )
}  # fmt: skip


def test_no_cypher_stands_in_python_outside_of_graph_and_loading() -> None:
    found = {
        path.relative_to(ROOT).as_posix(): text[:60]
        for path in _sources("loaders", "matching", "viz", "api")
        for text in _texts(path)
        if _CYPHER.search(text)
    }
    assert {module: text for module, text in found.items() if module not in _LOADING} == {}


def test_generated_files_are_fresh() -> None:
    assert generate.stale(ROOT) == [], "run `make generate`"


def test_every_query_file_is_of_use_and_none_reading_writes() -> None:
    files = {
        folder: sorted(p.stem for p in (ROOT / "cypher" / folder).glob("*.cypher"))
        for folder in ("read", "write")
    }
    assert {folder: sorted(queries(folder)) for folder in files} == files
    assert [query.name for query in queries().values() if query.writes] == []


def test_no_two_queries_share_a_route() -> None:
    routes = [query.route for query in queries().values() if query.route]
    assert sorted(routes) == sorted(set(routes))


_PERSONAL = {p.name for node in SCHEMA.nodes for p in node.properties if p.personal} - {"name"}


@pytest.mark.parametrize("query", queries().values(), ids=lambda query: query.name)
def test_a_query_that_reads_a_personal_property_says_so_in_its_columns(query: QueryFile) -> None:
    """Masking goes by the header; a phone inside a map, or declared a plain string, would go out as it is."""
    read = {name for name in _PERSONAL if re.search(rf"\.{name}\b", query.text)}
    shown = [column for column in query.returns if column.personal or column.type in ("node", "nodes")]
    assert not read or shown


def test_files_stay_readable_in_one_sitting() -> None:
    """Generated code apart, no module is longer than 450 lines."""
    long = {
        path.relative_to(ROOT).as_posix(): count
        for path in _sources(*PACKAGES)
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 450
    }
    long.pop("graph/queries.py", None)
    assert long == {}
