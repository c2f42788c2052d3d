"""What the documents say exists: commands, options, queries, make targets, variables, endpoints, linked files."""

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from api.app import create_app
from api.cli import app
from api.pages.navigation import NAVIGATION
from api.settings import Settings
from graph.catalog import queries
from graph.schema import SCHEMA
from loaders.layout import layouts
from loaders.mapping import SourceMapping
from loaders.mapping_file import parse
from loaders.recognise import recognise
from loaders.tables import Row, Table
from loaders.typed import draft
from tests.browser import gallery

ROOT = Path(__file__).parent.parent
GENERATED = {"docs/schema.md", "docs/queries.md"}
DOCUMENTS = sorted(
    name
    for file in (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"))
    if (name := file.relative_to(ROOT).as_posix()) not in GENERATED
)
SOURCES = ("graph/**/*.py", "loaders/**/*.py", "api/**/*.py", "docker-compose.yml", "Dockerfile")


@cache
def text_of(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def code_of(document: str) -> Iterator[str]:
    """Every line of the fenced blocks and every span of code."""
    fence = re.compile(r"^```.*?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
    for block in fence.findall(text_of(document)):
        yield from block.splitlines()
    yield from re.findall(r"`([^`\n]+)`", fence.sub("", text_of(document)))


def command_lines(document: str) -> list[list[str]]:
    """The words after `linmai` of every command in a document, those run in the container included."""
    found = []
    for code in code_of(document):
        said = re.search(r"(?:^|[\s=/\\])linmai ((?:[a-z]|--).*)$|docker compose run (?:.* )?app (.*)$", code)
        if said:
            found.append(shlex.split(said[1] or said[2], comments=True))
    return found


def wrong_in(words: list[str]) -> list[str]:
    """What the command line does not know of one command."""
    command: Any = get_command(app)
    options = {"--help"}
    rest = list(words)
    while isinstance(command, TyperGroup):
        options |= {name for p in command.params for name in p.opts}
        if not rest or rest[0].startswith("-"):
            break
        name = rest.pop(0)
        if name not in command.commands:
            return [name]
        command = command.commands[name]
    options |= {name for p in command.params for name in p.opts}
    wrong = []
    if words[:1] == ["query"] and rest:
        query = queries().get(rest[0])
        wrong = [] if query or rest[0] == "NAME" else [rest[0]]
        options |= {f"--{p.name}" for p in query.params} if query else {"--param"}
    return wrong + [word for word in rest if word.startswith("--") and word.partition("=")[0] not in options]


def test_the_documents_of_a_stranger_are_here() -> None:
    assert [
        *("CHANGELOG.md", "CONTRIBUTING.md", "README.md", "README.zh-CN.md"),
        *(
            "docs/benchmarks.md",
            "docs/gallery.md",
            "docs/lifecycle.md",
            "docs/loading.md",
            "docs/matching.md",
            "docs/operations.md",
            "docs/pages.md",
        ),
        *("docs/pictures.md", "docs/what-if.md"),
    ] == DOCUMENTS


def test_the_gallery_shows_every_part_of_the_product_and_every_picture_is_there() -> None:
    assert text_of("docs/gallery.md") == gallery.document()
    assert {s.name for s in gallery.SHOTS} == {file.stem for file in gallery.GALLERY.iterdir()}
    entries = {entry.endpoint for group in NAVIGATION for entry in group.entries}
    shown = {shot.address.strip("/").partition("?")[0].split("/")[0] or "home" for shot in gallery.SHOTS}
    assert entries <= shown


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_in_a_document_exists_with_its_options(document: str) -> None:
    wrong = {" ".join(words): found for words in command_lines(document) if (found := wrong_in(words))}
    assert wrong == {}


def test_a_command_that_does_not_exist_would_be_noticed() -> None:
    assert [
        wrong_in(shlex.split(line)) for line in ("fly", "load x --quickly", "query nothing", "store burn")
    ] == [
        ["fly"],
        ["--quickly"],
        ["nothing"],
        ["burn"],
    ]


def test_every_command_is_in_a_document() -> None:
    root = get_command(app)
    assert isinstance(root, TyperGroup)
    every = {
        f"{name} {inner}".strip()
        for name, command in root.commands.items()
        for inner in (command.commands if isinstance(command, TyperGroup) else [""])
    }
    said = {" ".join(words[:n]) for d in DOCUMENTS for words in command_lines(d) for n in (1, 2)}
    assert every - said - {"version"} == set()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_make_target_in_a_document_exists(document: str) -> None:
    targets = set(re.findall(r"(?m)^([a-z-]+):", text_of("Makefile")))
    said = {name for code in code_of(document) for name in re.findall(r"^make ([a-z-]+)", code)}
    assert said - targets == set()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_variable_in_a_document_is_read_somewhere(document: str) -> None:
    known = {
        name
        for pattern in SOURCES
        for file in ROOT.glob(pattern)
        for name in re.findall(r"\b(?:LINMAI|NEO4J)_[A-Z]+(?:_[A-Z]+)*\b", file.read_text(encoding="utf-8"))
    }
    said = set(re.findall(r"\b(?:LINMAI|NEO4J)_[A-Z]+(?:_[A-Z]+)*\b", text_of(document)))
    assert said - known == set()


class _NoStore:
    """What the application is made over when only its addresses are wanted."""

    def read(self, text: str, parameters: object = None, *, timeout_s: float = 60) -> list[dict[str, object]]:
        raise AssertionError("an address is known without asking the store")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_endpoint_in_a_document_exists(document: str) -> None:
    rules = create_app(_NoStore(), Settings()).url_map.iter_rules()
    known = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule) for rule in rules}
    said = {code for code in code_of(document) if re.match(r"/(api/|healthz|readyz)", code)}
    assert said - known == set()


def test_the_mapping_in_the_loading_guide_is_one_that_can_be_used() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", text_of("docs/loading.md"), re.DOTALL)
    assert isinstance(parse(example, layouts(SCHEMA), "example"), SourceMapping)


def test_the_problem_in_the_loading_guide_is_what_a_clerk_really_reads() -> None:
    headings = ("名称", "提供方", "数量")
    rows = (Row(2, ("会议室", "示例单位", "许多")),)
    table = Table("资源清单.xlsx", "资源", headings, ("A", "B", "C"), 1, rows)
    found = draft(table, recognise(table, layouts(SCHEMA)), sha256="00", source="资源清单").problems
    quoted = re.findall(r"(?m)^> (.+)$", text_of("docs/loading.md"))
    assert [problem.message for problem in found] == quoted


@pytest.mark.parametrize("document", [*DOCUMENTS, "loaders/sources/SOURCE.md"])
def test_every_relative_link_leads_to_a_file(document: str) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", text_of(document))
    folder = (ROOT / document).parent
    relative = [link.partition("#")[0] for link in links if not re.match(r"[a-z]+:", link)]
    assert [link for link in relative if not (folder / link).exists()] == []


def test_the_first_screen_of_each_readme_shows_a_picture_and_the_two_commands() -> None:
    for document in ("README.md", "README.zh-CN.md"):
        first = text_of(document).split("\n## ")[0]
        places = [first.find(words) for words in ("](docs/gallery/home.png)", "\nmake demo ", "\nmake test ")]
        assert -1 not in places
        assert places == sorted(places)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_both_readmes_and_guides_end_their_lines_plainly(document: str) -> None:
    lines = text_of(document).split("\n")
    assert [n for n, line in enumerate(lines, 1) if line != line.rstrip() or "\t" in line] == []
