"""What a store, a backup or an export says when it cannot be used or made, it says in both languages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph import embedded_folder, embedded_java, store_errors
from graph.backup_file import BackupError
from graph.export_content import ExportError
from graph.store_errors import Told
from graph.target import parse_target

_GRAPH = Path(store_errors.__file__).parent
_CHINESE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")


def _kinds(of: type[Told]) -> Iterator[type[Told]]:
    """A kind of error and all kinds of it that `graph` has."""
    yield of
    for each in of.__subclasses__():
        yield from _kinds(each)


_TOLD = {each.__name__ for each in _kinds(Told) if each.__module__.startswith("graph.")}


def _made(folder: Path) -> Iterator[tuple[str, ast.Call]]:
    """Every place that makes such an error, except for those that only pass two sentences on."""
    for file in sorted(folder.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _TOLD:
                yield f"{file.name}:{node.lineno}", node


def _words(argument: ast.expr) -> str:
    return "".join(str(part.value) for part in ast.walk(argument) if isinstance(part, ast.Constant))


@pytest.mark.parametrize(("place", "call"), [pytest.param(*each, id=each[0]) for each in _made(_GRAPH)])
def test_every_error_is_said_in_chinese_and_in_english(place: str, call: ast.Call) -> None:
    chinese, english = map(_words, call.args)
    assert _CHINESE.search(chinese), place
    assert english.strip(), place
    assert not _CHINESE.search(english), place


def test_the_errors_of_stores_backups_and_exports_are_among_them() -> None:
    assert {"StoreUnavailable", "StoreTooNew", BackupError.__name__, ExportError.__name__} <= _TOLD


def test_every_reason_why_the_embedded_database_cannot_be_used_is_in_both_languages() -> None:
    reasons = [reason for _, reason in embedded_java._MEANINGS] + [embedded_folder._NO_FOLDER]
    for chinese, english in reasons:
        assert _CHINESE.search(chinese)
        assert english
        assert not _CHINESE.search(english)


def test_an_unknown_kind_of_store_is_told_with_the_choices_in_both_languages() -> None:
    with pytest.raises(store_errors.UnknownTarget) as caught:
        parse_target({"LINMAI_STORE": "mysql://ann:secret@db"}, Path())
    assert str(caught.value).startswith("LINMAI_STORE：不认识“mysql”")
    assert caught.value.english == (
        "LINMAI_STORE: no such kind of store as 'mysql'; write embedded:FOLDER, bolt://HOST:7687, neo4j://HOST or neo4j+s://HOST"
    )
