"""The formats of many rows: CSV, the CSV form of `neo4j-admin database import`, and a Cypher script. Pure.

The first two are folders, so their writers give (file name, text) pairs; a file's heading comes first.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Any, TypeVar

from graph import statements
from graph.backup_file import RelationshipRecord
from graph.export_content import SYNTHETIC, Content
from graph.model import Property, ValueType
from graph.schema import SCHEMA
from graph.statements import keyed

SEPARATOR = "\x1f"
"""Between the elements of a list in a file of the import: no text that people write holds it."""
SCRIPT_ROWS = 250
"""Rows per statement of a script. 100 to 250 are equally fast on both engines, fewer are slower on ArcadeDB."""

_IMPORT_TYPES = {
    ValueType.INTEGER: ":long", ValueType.DECIMAL: ":double", ValueType.BOOLEAN: ":boolean", ValueType.STRINGS: ":string[]",
}  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_ESCAPES = str.maketrans({"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t"})

Piece = tuple[str, str]
_NOTICE: Piece = ("示例数据.txt", f"{SYNTHETIC}\n")
T = TypeVar("T")


def csv_folder(content: Content) -> Iterator[Piece]:
    """A CSV per label and per relationship type, for spreadsheets and data frames.

    UTF-8 with a byte order mark, property names as headings, 、 between the elements of a list. A text that a
    spreadsheet would run as a formula is preceded by an apostrophe.
    """
    if content.synthetic:
        yield _NOTICE
    begun: set[str] = set()
    for node in content.nodes():
        name = f"nodes-{node.label}.csv"
        columns = [p.name for p in content.properties(node.label)]
        if name not in begun:
            begun.add(name)
            yield name, "\ufeff" + _line(map(_safe, columns))
        yield name, _line(_plain(node.properties.get(column)) for column in columns)
    for each in content.relationships():
        name = f"relationships-{each.type}.csv"
        columns = [p.name for p in content.properties(each.type)]
        if name not in begun:
            begun.add(name)
            yield name, "\ufeff" + _line(map(_safe, ("start_label", "start", "end_label", "end", *columns)))
        values = (*each.start, *each.end, *(each.properties.get(column) for column in columns))
        yield name, _line(map(_plain, values))


def neo4j_import(content: Content) -> Iterator[Piece]:
    """A folder that `neo4j-admin database import full @import.args NAME`, run in it, makes a database of.

    `constraints.cypher` holds the constraints and indexes that an import cannot bring; run it afterwards.
    """
    if content.synthetic:
        yield _NOTICE
    options: dict[str, str] = {}
    for node in content.nodes():
        name = f"nodes-{node.label}.csv"
        columns = content.properties(node.label)
        if name not in options:
            options[name] = f"--nodes={node.label}=./{name}"
            yield (
                name,
                _line(f"id:ID({node.label})" if p.name == "id" else _import_heading(p) for p in columns),
            )
        yield name, _line(_import_value(node.properties.get(p.name)) for p in columns)
    for each in content.relationships():
        start, end = each.start[0], each.end[0]
        name = f"relationships-{each.type}-{start}-{end}.csv"
        columns = content.properties(each.type)
        extra = ["key"] if keyed(SCHEMA.relationship(each.type)) else []
        if name not in options:
            options[name] = f"--relationships={each.type}=./{name}"
            yield (
                name,
                _line([f":START_ID({start})", f":END_ID({end})", *map(_import_heading, columns), *extra]),
            )
        told = (each.properties.get(p) for p in (*(p.name for p in columns), *extra))
        yield name, _line(map(_import_value, (each.start[1], each.end[1], *told)))
    # Last, for a list of files takes in whatever follows it, the database's name too.
    fixed = ("--array-delimiter=U+001F", "--multiline-fields=true", "--input-encoding=UTF-8")
    yield "import.args", "\n".join((*options.values(), *fixed)) + "\n"
    yield "constraints.cypher", "".join(f"{text};\n" for text in statements.constraints(SCHEMA))


def cypher_script(content: Content) -> Iterator[str]:
    """A script that fills a database, of either engine; the same script a second time changes nothing.

    A statement a line, each ended by `;`. Constraints come first, then nodes, then relationships. Servers parse
    every value as a part of the statement, some hundred rows a second; for a district `neo4j_import` is faster.
    """
    if content.synthetic:
        yield f"// {SYNTHETIC}\n"
    for text in statements.constraints(SCHEMA):
        yield f"{text};\n"
    for chunk in _gathered(content.nodes(), lambda node: node.label):
        rows = ", ".join(
            f"{{id: {_literal(node.properties['id'])}, properties: {_literal(dict(node.properties))}}}"
            for node in chunk
        )
        yield _script(statements.merge_nodes(SCHEMA.node(chunk[0].label)), rows)
    for each in _gathered(content.relationships(), lambda r: (r.type, r.start[0], r.end[0])):
        first = each[0]
        text = statements.merge_relationships(SCHEMA.relationship(first.type), first.start[0], first.end[0])
        yield _script(text, ", ".join(map(_relationship_row, each)))


def _relationship_row(each: RelationshipRecord) -> str:
    return (
        f"{{start: {_literal(each.start[1])}, end: {_literal(each.end[1])}, key: {_literal(each.properties.get('key', ''))}, "
        f"properties: {_literal(dict(each.properties))}}}"
    )


def _script(statement: str, rows: str) -> str:
    """A statement of `graph.statements` with its rows written into it, and without its answer."""
    text = statement.replace("UNWIND $rows AS row", f"UNWIND [{rows}] AS row", 1)
    return text.removesuffix(" RETURN count(*) AS n") + ";\n"


def _literal(value: Any) -> str:
    """A value as Cypher writes it; keys of maps are quoted, since `from` and `list` are words of the language."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return f"'{value.translate(_ESCAPES)}'"
        case list():
            return f"[{', '.join(map(_literal, value))}]"
        case dict():
            return f"{{{', '.join(f'`{name}`: {_literal(each)}' for name, each in value.items())}}}"
        case _:
            return repr(value)


def _gathered(records: Iterable[T], kind: Callable[[T], Hashable]) -> Iterator[list[T]]:
    """Records of one kind together, `SCRIPT_ROWS` at most; what is left over comes last."""
    waiting: dict[Hashable, list[T]] = {}
    for record in records:
        group = waiting.setdefault(kind(record), [])
        group.append(record)
        if len(group) == SCRIPT_ROWS:
            yield waiting.pop(kind(record))
    yield from waiting.values()


def _import_heading(declared: Property) -> str:
    return declared.name + _IMPORT_TYPES.get(declared.type, "")


def _import_value(value: Any) -> Any:
    match value:
        case bool():
            return "true" if value else "false"
        case list():
            return SEPARATOR.join(value)
        case _:
            return value


def _plain(value: Any) -> Any:
    match value:
        case bool():
            return "true" if value else "false"
        case list():
            return _safe("、".join(value))
        case str():
            return _safe(value)
        case _:
            return value


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _line(values: Iterable[Any]) -> str:
    """One line of a CSV. Texts are quoted, so that an empty one differs from none at all."""
    return ",".join(_field(value) for value in values) + "\n"


def _field(value: Any) -> str:
    if value is None:
        return ""
    return '"' + value.replace('"', '""') + '"' if isinstance(value, str) else repr(value)
