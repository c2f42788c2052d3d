"""One `.cypher` text to a QueryFile. Pure: a header that disagrees with its text is refused.

    // Communities of an area that lack an organization of a kind.
    // title: 缺少某类组织的社区
    // subject: 组织与岗位
    // param scope: area -- key of the area whose subtree is read
    // param kind: OrganizationKind -- the kind that is looked for
    // returns community_id: Community.id
    // returns name: Community.name
    // returns lacking: integer 缺少数（个） -- how many are lacking
    // route: GET /api/coverage/communities
    MATCH ...

A type is a scalar (`string`, `integer`, `decimal`, `boolean`, `date`), `strings` or `map` or `maps` (a list
of maps), `node` or `nodes` (maps of `label` and `properties`, which are masked by the schema), the name of a code list, a property of the schema (`Community.name`, which brings heading, unit,
codes and whether it is personal), and for parameters `area` (a scope: any of the six kinds, or those
listed: `area(Street, Community)`). `= value` after a parameter's type is its default: an integer, a
decimal, a quoted string, true, false, null, or `today`, the store's reference date (`today+30`: days later).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import Any

from graph.model import CodeList, GraphSchema, Property, ValueType

SCALARS = {
    "string": str, "integer": int, "decimal": float, "boolean": bool, "date": str,
    "strings": list, "map": dict, "maps": list, "node": dict, "nodes": list,
}  # fmt: skip
TODAY = re.compile(r"today(?:([+-]\d+))?")
"""The default that stands for the store's reference date, or the day it is in Asia/Shanghai, or days from it."""

_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_PARAM = re.compile(r"param (\w+): ([\w.]+(?:\([\w, ]+\))?)(?: = (\S+))?(?: -- (.+))?")
_RETURNS = re.compile(r"returns (\w+): ([\w.]+)(?: (?!--)(\S+))?(?: -- (.+))?")
_ROUTE = re.compile(r"route: (GET) (/api/[\w/{}.-]+)")
# One pattern for all that is no code: an apostrophe in a comment begins no string, a // in a string no comment.
_NO_CODE = re.compile(
    r"(?P<string>'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")|(?P<name>`[^`]*`)|//[^\n]*|/\*.*?\*/", re.DOTALL
)
_WRITE = re.compile(
    r"(?<![$.])\b(CREATE|INSERT|MERGE|SET|DELETE|DETACH|REMOVE|DROP|LOAD\s+CSV|FOREACH|CALL\s+(?!\())\b",
    re.IGNORECASE,
)

_SEEK = re.compile(r"(?<!OPTIONAL )MATCH \((\w+):(\w+(?:\|\w+)+) (\{id: \$\w+\})\)")
"""A pattern that begins at the node of a key, whichever of some labels it has."""

_TAIL = re.compile(r"(?<![$.])\b(?:ORDER\s+BY|SKIP|LIMIT)\b", re.IGNORECASE)
_WAY = re.compile(r"\s+((?:ASC|DESC)(?:ENDING)?)$", re.IGNORECASE)
_COMMENT = re.compile(r"//|/\*")
_NAME = re.compile(r"(?<![\w$.])[^\W\d]\w*\b(?!\s*\()")
_WORDS = frozenset((
    "CASE", "WHEN", "THEN", "ELSE", "END", "AND", "OR", "XOR", "NOT", "IS", "NULL", "IN", "TRUE", "FALSE",
    "ASC", "DESC", "ASCENDING", "DESCENDING",
))  # fmt: skip

SUBJECTS = ("区域与概况", "党组织", "党员", "组织与岗位", "共建单位与协议", "需求", "资源", "项目", "对接", "失去以后")  # fmt: skip
"""What queries are about, in the order in which people see them."""


class QueryError(ValueError):
    """A query file that cannot be used, with its name and what is wrong."""


@dataclass(frozen=True)
class Param:
    """A parameter: its type, what it takes when none is given (`required` when nothing), its code list."""

    name: str
    type: str
    doc: str
    required: bool
    default: str | int | float | bool | None = None
    codes: CodeList | None = None
    areas: tuple[str, ...] = ()

    @property
    def days_from_today(self) -> int | None:
        """For a default of `today`, `today+30`: 0, 30. None for any other default."""
        found = (
            TODAY.fullmatch(self.default) if isinstance(self.default, str) and self.type == "date" else None
        )
        return int(found[1] or 0) if found else None


@dataclass(frozen=True)
class Column:
    """A returned column: Chinese heading, unit, code list, and whether what it holds is personal."""

    name: str
    type: str
    heading: str
    doc: str
    unit: str = ""
    codes: CodeList | None = None
    personal: bool = False


@dataclass(frozen=True)
class QueryFile:
    """A named query: what it answers (`doc` in English, `title` in Chinese), its parameters and columns.

    `subject` is one of SUBJECTS, or empty for what nobody looks for in a list.
    """

    name: str
    title: str
    doc: str
    params: tuple[Param, ...]
    returns: tuple[Column, ...]
    route: str
    text: str
    writes: bool
    subject: str = ""

    def param(self, name: str) -> Param:
        """The parameter of that name; KeyError with those it takes."""
        for each in self.params:
            if each.name == name:
                return each
        raise KeyError(f"{self.name} takes {', '.join(p.name for p in self.params)}, not {name!r}")

    @cached_property
    def order(self) -> tuple[tuple[str, bool], ...]:
        """What the rows are ordered by: expressions of the columns, each with whether it descends.

        Empty when nothing is said, and when the store has to order them: where the query gives only some of the
        ordered rows, or orders by what is in no column.
        """
        return self._given[1]

    @cached_property
    def packed(self) -> str:
        """The text that a store is asked: the same query with one record for an answer, `rows`, a list of lists in
        the order of `returns`, and with a seek for each label that the node with the key may have.

        A record has a message of its own on the wire, and reading that costs more than what is in it. ArcadeDB
        looks through every node of `(x:A|B {id: $id})` unless the whole query is among the few that it optimizes.
        And ordering 3,050 rows costs it 190 ms where reading them costs 80: what they are ordered by comes with
        them instead, and `unpacked` orders them.
        """
        at = _last_return(_code(self.text))
        if at is None:
            raise QueryError(f"{self.name}.cypher returns nothing that could be packed")
        sent = ", ".join(self._sent)
        return f"{_SEEK.sub(_seeks, self.text[:at])}WITH{self._given[0]}\nRETURN collect([{sent}]) AS rows"

    def unpacked(self, records: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """The rows that the records of `packed` hold, in their order: a map per row, with a value per column.

        As in Cypher, null comes after every value, and before them where the order descends.
        """
        names = [column.name for column in self.returns]
        rows = [row for record in records for row in record["rows"]]
        for descends, keys in groupby(reversed(self.order), key=itemgetter(1)):
            places = [self._sent.index(expression) for expression, _ in keys][::-1]
            rows = _sorted(rows, places, descends)
        return [dict(zip(names, row, strict=False)) for row in rows]

    @cached_property
    def _given(self) -> tuple[str, tuple[tuple[str, bool], ...]]:
        """What the last RETURN gives, without its order where that is `order`; and `order`."""
        code = _code(self.text)
        begin = (_last_return(code) or 0) + len("RETURN")
        tail = list(_TAIL.finditer(code, begin))
        if [found[0].split()[0].upper() for found in tail] == ["ORDER"]:
            at = tail[0].end()
            by, code_by = self.text[at:].rstrip("; \n"), code[at:].rstrip("; \n")
            if _names(code_by) <= {column.name for column in self.returns} and not _COMMENT.search(by):
                return self.text[begin : tail[0].start()].rstrip(), tuple(map(_key, _parts(by, code_by)))
        return self.text[begin:].rstrip("; \n"), ()

    @cached_property
    def _sent(self) -> list[str]:
        """What stands in each row on the wire: the columns, then what only their order needs."""
        names = [column.name for column in self.returns]
        return names + [expression for expression, _ in self.order if expression not in names]


def parse(name: str, source: str, schema: GraphSchema, areas: tuple[str, ...]) -> QueryFile:
    """Read a query file. Raises QueryError, naming the file and the line's words, when anything is off."""
    lines = source.strip().splitlines()
    count = next((i for i, line in enumerate(lines) if not line.startswith("//")), len(lines))
    header, text = [line[2:].strip() for line in lines[:count]], "\n".join(lines[count:]).strip()
    title, subject, route, doc = "", "", "", []
    params: list[Param] = []
    columns: list[Column] = []
    for line in header:
        try:
            if line.startswith("title: "):
                title = line.removeprefix("title: ")
            elif line.startswith("subject: "):
                subject = _subject(line.removeprefix("subject: "))
            elif line.startswith("param "):
                params.append(_param(line, schema, areas))
            elif line.startswith("returns "):
                columns.append(_column(line, schema))
            elif line.startswith("route:"):
                route = _match(_ROUTE, line, "route: GET /api/...")[2]
            else:
                doc.append(line)
        except (ValueError, KeyError) as error:
            raise QueryError(f"{name}.cypher: {error.args[0]}") from None
    query = QueryFile(
        name, title, " ".join(doc), tuple(params), tuple(columns), route, text,
        bool(_WRITE.search(_code(text))), subject,
    )  # fmt: skip
    for problem in _disagreements(query):
        raise QueryError(f"{name}.cypher: {problem}")
    return query


def _disagreements(query: QueryFile) -> Iterator[str]:
    if not query.doc:
        yield "the first lines say what the query answers"
    if not query.title:
        yield "'// title: ' gives its Chinese name"
    for what, names in (
        ("param", [p.name for p in query.params]),
        ("returns", [c.name for c in query.returns]),
    ):
        if repeated := sorted({name for name in names if names.count(name) > 1}):
            yield f"{what} {', '.join(repeated)} is declared twice"
    code = _code(query.text)
    if any(_at_depth_0(code, r"\bUNION\b")):
        yield "UNION stands in a CALL () { ... }, so that the query has one RETURN"
    used = set(re.findall(r"\$(\w+)", code))
    declared = {p.name for p in query.params}
    if used - declared:
        yield f"${', $'.join(sorted(used - declared))} is used and not declared"
    if declared - used:
        yield f"${', $'.join(sorted(declared - used))} is declared and not used"
    returned = tuple(_returned(code))
    promised = tuple(c.name for c in query.returns)
    if returned != promised:
        yield f"RETURN gives {', '.join(returned) or 'nothing'}; the header promises {', '.join(promised) or 'nothing'}"
    route_names = set(re.findall(r"{(\w+)}", query.route))
    if route_names - declared:
        yield f"the route names {', '.join(sorted(route_names - declared))}, which is no parameter"


def _subject(written: str) -> str:
    if written not in SUBJECTS:
        raise ValueError(f"no subject is called {written!r}; there are {', '.join(SUBJECTS)}")
    return written


def _param(line: str, schema: GraphSchema, areas: tuple[str, ...]) -> Param:
    _, name, written, default, doc = _match(_PARAM, line, "param NAME: TYPE [= DEFAULT] -- meaning")
    kind, _, inside = written.partition("(")
    if kind == "area":
        chosen = tuple(part.strip() for part in inside.rstrip(")").split(",")) if inside else areas
        if unknown := [a for a in chosen if a not in areas]:
            raise ValueError(f"no area is called {', '.join(unknown)}; there are {', '.join(areas)}")
        return Param(name, "area", doc, default == "", areas=chosen)
    type_, property_, codes = _type(kind, schema)
    value = _default(default)
    if not _fits(value, type_, codes):
        raise ValueError(f"default {default} of {name} is no {kind}")
    return Param(name, type_, doc or (property_.doc if property_ else ""), default == "", value, codes)


def _fits(value: str | int | float | bool | None, type_: str, codes: CodeList | None) -> bool:
    if value is None:
        return True
    if codes:
        return value in codes.values
    if type_ == "date":
        return isinstance(value, str) and bool(TODAY.fullmatch(value) or _ISO_DATE.fullmatch(value))
    if type_ == "decimal":
        return type(value) in (int, float)
    return type(value) is SCALARS[type_]


def _column(line: str, schema: GraphSchema) -> Column:
    _, name, kind, heading, doc = _match(_RETURNS, line, "returns NAME: TYPE [中文标题（单位）] [-- meaning]")
    type_, property_, codes = _type(kind, schema)
    unit = property_.unit if property_ else ""
    if found := re.fullmatch(r"(.+)（(.+)）", heading):
        heading, unit = found[1], found[2]
    if property_ is None:
        if not heading:
            raise ValueError(f"column {name} needs a Chinese heading after its type")
        return Column(name, type_, heading, doc, unit, codes)
    owner = kind.split(".")[0]
    own = heading or (
        property_.heading
        if property_.name not in ("id", "name")
        else _owner_heading(owner, property_, schema)
    )
    return Column(name, type_, own, doc or property_.doc, unit, property_.codes, property_.personal)


def _owner_heading(owner: str, property_: Property, schema: GraphSchema) -> str:
    """编号 and 名称 alone do not say of what: 社区 for its name, 社区编号 for its key."""
    heading = schema.node(owner).heading
    return f"{heading}{property_.heading}" if property_.name == "id" else heading


def _type(kind: str, schema: GraphSchema) -> tuple[str, Property | None, CodeList | None]:
    if kind in SCALARS:
        return kind, None, None
    if kind in schema.code_lists:
        codes = schema.code_lists[kind]
        return ("integer" if isinstance(codes.values[0], int) else "string"), None, codes
    owner, _, name = kind.partition(".")
    labels, names = {n.label for n in schema.nodes}, {r.name for r in schema.relationships}
    if name and owner in labels | names:
        property_ = (schema.node(owner) if owner in labels else schema.relationship(owner)).property(name)
        stored = "string" if property_.type is ValueType.TEXT else property_.type.value
        return stored, property_, property_.codes
    raise ValueError(
        f"no type is called {kind!r}; there are {', '.join(SCALARS)}, area, a code list, or a property such as Community.name"
    )


def _default(written: str) -> str | int | float | bool | None:
    words: dict[str, str | bool | None] = {"": None, "null": None, "true": True, "false": False}
    if written in words:
        return words[written]
    if TODAY.fullmatch(written):
        return written
    if written[0] in "'\"" and written[-1] == written[0]:
        return written[1:-1]
    try:
        return float(written) if "." in written else int(written)
    except ValueError:
        raise ValueError(
            f"default {written!r}: write a number, a quoted string, true, false, null or today"
        ) from None


def _match(pattern: re.Pattern[str], line: str, form: str) -> tuple[str, ...]:
    found = pattern.fullmatch(line)
    if not found:
        raise ValueError(f"{line!r} is not of the form {form!r}")
    return (line, *(group or "" for group in found.groups()))


def _seeks(begin: re.Match[str]) -> str:
    name, labels, key = begin.groups()
    seeks = " UNION ALL ".join(f"MATCH ({name}:{label} {key}) RETURN {name}" for label in labels.split("|"))
    return f"CALL () {{ {seeks} }}\nMATCH ({name})"


def _code(text: str) -> str:
    """The text with blanks for comments and for what is in strings, so that words in them do not count."""
    return _NO_CODE.sub(
        lambda found: found["name"] or (f"'{' ' * (len(found[0]) - 2)}'" if found["string"] else " " * len(found[0])),
        text,
    )  # fmt: skip


def _at_depth_0(code: str, pattern: str) -> Iterator[int]:
    """Where a pattern begins outside of all braces."""
    for found in re.finditer(pattern, code, re.IGNORECASE):
        before = code[: found.start()]
        if before.count("{") == before.count("}"):
            yield found.start()


def _last_return(code: str) -> int | None:
    """Where the RETURN begins that gives the query's rows; None when it gives none."""
    return max(_at_depth_0(code, r"\bRETURN\b"), default=None)


def _returned(code: str) -> Iterator[str]:
    """Names of the columns that the query returns: `x AS name`, or a bare variable."""
    at = _last_return(code)
    if at is None:
        return
    clause = _TAIL.split(code[at + len("RETURN") :])[0].strip().rstrip(";")
    clause = re.sub(r"^DISTINCT\b", "", clause, flags=re.IGNORECASE)
    for part in _parts(clause, clause):
        yield re.split(r"\bAS\b", part, flags=re.IGNORECASE)[-1].strip()


def _names(code: str) -> set[str]:
    """What an expression's words refer to: not its keywords, functions, parameters, nor the properties of a variable."""
    return {found for found in _NAME.findall(code) if found.upper() not in _WORDS}


def _key(part: str) -> tuple[str, bool]:
    """One part of an ORDER BY: its expression, and whether it descends.

    >>> _key("coalesce(a, '') DESC"), _key("b")
    (("coalesce(a, '')", True), ('b', False))
    """
    way = _WAY.search(part)
    return (part[: way.start()], way[1].upper().startswith("DESC")) if way else (part, False)


def _sorted(rows: list[list[Any]], places: list[int], descends: bool) -> list[list[Any]]:
    try:
        return sorted(rows, key=itemgetter(*places), reverse=descends)
    except TypeError:  # a null among them, which compares with nothing
        return sorted(rows, key=lambda row: [(row[p] is None, row[p]) for p in places], reverse=descends)


def _parts(text: str, code: str) -> Iterator[str]:
    """The parts of a text between the commas that stand outside of all brackets."""
    depth, begin = 0, 0
    for at, character in enumerate(code + ","):
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(character, 0)
        if character == "," and depth == 0:
            yield text[begin:at].strip()
            begin = at + 1
