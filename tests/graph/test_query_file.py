"""A query file says what it takes and gives; where header and text disagree it is refused."""

import pytest

from graph.query_file import Column, Param, QueryError, QueryFile, parse
from graph.schema import AREAS, SCHEMA
from graph.schema.organizations import ORGANIZATION_KIND
from graph.schema.territory import COMMUNITY_KIND

GOOD = """\
// Communities of an area
// that lack an organization.
// title: 缺少某类组织的社区
// subject: 组织与岗位
// param scope: area(Street, Community) -- key of the area
// param kind: OrganizationKind = '工会' -- the kind looked for
// param since: date = today-30
// param limit: integer = 20 -- rows at most
// returns community_id: Community.id
// returns name: Community.name
// returns kind: Community.kind 类型
// returns liaison: Unit.liaison
// returns share: decimal 比例（%） -- share of all
// returns found: node 实体
// route: GET /api/communities/{scope}
MATCH (c:Community {id: $scope}) WHERE c.kind = $kind AND c.since > $since // the unit's own
RETURN c.id AS community_id, c.name AS name, c.kind AS kind, 'a, b' AS liaison,
  round(100.0 * size([x IN [1, 2] WHERE x > 1]), 1) AS share, {label: 'Community', properties: properties(c)} AS found
ORDER BY name LIMIT $limit
"""


def query(text: str, *header: str) -> QueryFile:
    lines = ["// What it answers.", "// title: 标题", *(f"// {line}" for line in header), text]
    return parse("q", "\n".join(lines), SCHEMA, AREAS)


def refusal(text: str, *header: str) -> str:
    with pytest.raises(QueryError) as caught:
        query(text, *header)
    return str(caught.value)


def test_a_query_file_is_read_whole() -> None:
    parsed = parse("lacking", GOOD, SCHEMA, AREAS)
    assert parsed == QueryFile(
        name="lacking",
        title="缺少某类组织的社区",
        doc="Communities of an area that lack an organization.",
        params=(
            Param("scope", "area", "key of the area", True, areas=("Street", "Community")),
            Param("kind", "string", "the kind looked for", False, "工会", ORGANIZATION_KIND),
            Param("since", "date", "", False, "today-30"),
            Param("limit", "integer", "rows at most", False, 20),
        ),
        returns=(
            Column("community_id", "string", "社区编号", "Key, unique among nodes of its label."),
            Column("name", "string", "社区", "What people call it."),
            Column("kind", "string", "类型", "Residents' committee, village committee or similar.", codes=COMMUNITY_KIND),
            Column("liaison", "string", "联系人", "Who answers for co-building.", personal=True),
            Column("share", "decimal", "比例", "share of all", "%"),
            Column("found", "node", "实体", ""),
        ),
        route="/api/communities/{scope}",
        text=GOOD[GOOD.index("MATCH") :].strip(),
        writes=False,
        subject="组织与岗位",
    )  # fmt: skip
    assert parsed.param("kind").default == "工会"
    with pytest.raises(KeyError, match="lacking takes scope, kind, since, limit, not 'size'"):
        parsed.param("size")


def test_a_query_can_be_asked_for_one_record_that_holds_all_of_its_rows() -> None:
    written = query(
        "CALL () { RETURN 'no RETURN here' AS y }\nRETURN DISTINCT y AS a, 1 AS b // RETURN\nORDER BY y LIMIT 2;",
        "returns a: string 甲", "returns b: integer 乙",
    )  # fmt: skip
    assert written.packed == (
        "CALL () { RETURN 'no RETURN here' AS y }\nWITH DISTINCT y AS a, 1 AS b // RETURN\nORDER BY y LIMIT 2\n"
        "RETURN collect([a, b]) AS rows"
    )
    assert written.unpacked([{"rows": [["x", 1], ["y", None]]}]) == [
        {"a": "x", "b": 1},
        {"a": "y", "b": None},
    ]
    assert written.unpacked([{"rows": []}]) == []


def test_rows_come_with_what_orders_them_and_are_ordered_here() -> None:
    written = query(
        "MATCH (c:Community) RETURN c.id AS a, c.name AS b, 1 AS n\nORDER BY n DESC, coalesce(b, '甲,乙'), CASE WHEN a = 'x' THEN 0 ELSE 1 END, a",
        "returns a: string 甲", "returns b: string 乙", "returns n: integer 数",
    )  # fmt: skip
    assert written.packed == (
        "MATCH (c:Community) WITH c.id AS a, c.name AS b, 1 AS n\n"
        "RETURN collect([a, b, n, coalesce(b, '甲,乙'), CASE WHEN a = 'x' THEN 0 ELSE 1 END]) AS rows"
    )
    rows = [
        ["p", "乙", 1, "乙", 1],
        ["q", "丁", 2, "丁", 1],
        ["x", "乙", 1, "乙", 0],
        ["o", "乙", 1, "乙", 1],
    ]
    assert [row["a"] for row in written.unpacked([{"rows": rows}])] == ["q", "x", "o", "p"]
    assert written.unpacked([{"rows": rows[:1]}]) == [{"a": "p", "b": "乙", "n": 1}]


def test_null_comes_after_every_value_and_before_them_where_the_order_descends() -> None:
    header = ("returns a: integer 甲", "returns b: string 乙")
    ascending, descending = (
        query(f"RETURN 1 AS a, 'x' AS b ORDER BY a{way}, b", *header) for way in ("", " DESC")
    )
    rows = [[None, "y"], [2, "x"], [1, "x"], [None, "x"], [1, None]]
    assert [tuple(row.values()) for row in ascending.unpacked([{"rows": rows}])] == [
        (1, "x"), (1, None), (2, "x"), (None, "x"), (None, "y"),
    ]  # fmt: skip
    assert [tuple(row.values()) for row in descending.unpacked([{"rows": rows}])] == [
        (None, "x"), (None, "y"), (2, "x"), (1, "x"), (1, None),
    ]  # fmt: skip


@pytest.mark.parametrize("by", ["y", "c.name", "a SKIP 1", "a // and then", "size([(c)--(z) | z]), a"])
def test_the_store_orders_where_only_some_rows_are_taken_or_by_what_is_in_no_column(by: str) -> None:
    written = query(
        f"MATCH (c:Community) WITH c, 1 AS y RETURN c.id AS a\nORDER BY {by}", "returns a: string 甲"
    )
    assert written.order == ()
    assert written.packed.endswith(f"WITH c.id AS a\nORDER BY {by}\nRETURN collect([a]) AS rows")


def test_a_key_is_sought_under_each_label_that_its_node_may_have() -> None:
    written = query(
        "MATCH (r:Street|Community {id: $scope})<-[:PART_OF]-(c:Community)\n"
        "OPTIONAL MATCH (s:Street|Grid {id: $scope})\nRETURN c.id AS a",
        "param scope: area", "returns a: string 甲",
    )  # fmt: skip
    assert written.packed == (
        "CALL () { MATCH (r:Street {id: $scope}) RETURN r UNION ALL MATCH (r:Community {id: $scope}) RETURN r }\n"
        "MATCH (r)<-[:PART_OF]-(c:Community)\n"
        "OPTIONAL MATCH (s:Street|Grid {id: $scope})\nWITH c.id AS a\nRETURN collect([a]) AS rows"
    )


@pytest.mark.parametrize(
    ("written", "days"), [("today", 0), ("today+30", 30), ("today-1", -1), ("'2020-01-01'", None)]
)
def test_a_date_may_be_today_or_days_from_it(written: str, days: int | None) -> None:
    parsed = query("RETURN $day AS day", f"param day: date = {written}", "returns day: date 日期")
    assert parsed.params[0].days_from_today == days


@pytest.mark.parametrize(
    ("written", "default"), [("null", None), ("true", True), ("0.5", 0.5), ("-3", -3), ('"x"', "x"), ("''", "")]
)  # fmt: skip
def test_a_default_is_a_value_of_its_type(written: str, default: object) -> None:
    kind = {bool: "boolean", float: "decimal", int: "integer"}.get(type(default), "string")
    assert query("RETURN $x AS x", f"param x: {kind} = {written}", "returns x: string 值").params[0] == Param(
        "x", kind, "", False, default  # type: ignore[arg-type]
    )  # fmt: skip


_TYPES = (
    "string, integer, decimal, boolean, date, strings, map, maps, node, nodes, area, a code list, "
    "or a property such as Community.name"
)


@pytest.mark.parametrize(
    ("sentence", "header", "text"),
    [
        ("$b is used and not declared", ["param a: string", "returns x: string 值"], "RETURN $a + $b AS x"),
        ("$b is declared and not used", ["param b: string", "returns x: string 值"], "RETURN 1 AS x"),
        ("$b is declared and not used", ["param b: string", "returns x: string 值"], "RETURN '$b' AS x // $b"),
        ("RETURN gives y; the header promises x", ["returns x: string 值"], "RETURN 1 AS y"),
        ("RETURN gives x, y; the header promises y, x", ["returns y: string 值", "returns x: string 值"], "RETURN 1 AS x, 2 AS y"),
        ("RETURN gives n.id; the header promises id", ["returns id: string 值"], "MATCH (n) RETURN n.id"),
        ("RETURN gives nothing; the header promises x", ["returns x: string 值"], "CALL { RETURN 1 AS x }"),
        ("UNION stands in a CALL () { ... }, so that the query has one RETURN", ["returns x: string 值"], "RETURN 1 AS x UNION RETURN 2 AS x"),
        ("param a is declared twice", ["param a: string", "param a: date", "returns x: string 值"], "RETURN $a AS x"),
        ("returns x is declared twice", ["returns x: string 值", "returns x: date 值"], "RETURN 1 AS x, 2 AS x"),
        ("the route names kind, which is no parameter", ["returns x: string 值", "route: GET /api/x/{kind}"], "RETURN 1 AS x"),
        ("'route: POST /api/x' is not of the form 'route: GET /api/...'", ["route: POST /api/x"], "RETURN 1 AS x"),
        ("'param a' is not of the form 'param NAME: TYPE [= DEFAULT] -- meaning'", ["param a"], "RETURN 1 AS x"),
        ("column x needs a Chinese heading after its type", ["returns x: string"], "RETURN 1 AS x"),
        ("no area is called Province; there are District, Street, Community, Estate, Grid, Building", ["param a: area(Province)"], "RETURN $a"),
        (f"no type is called 'text'; there are {_TYPES}", ["param a: text"], "RETURN $a"),
        ("no subject is called '天气'; there are 区域与概况, 党组织, 党员, 组织与岗位, 共建单位与协议, 需求, 资源, 项目, 对接, 失去以后", ["subject: 天气"], "RETURN 1"),
        ("default maybe: write a number, a quoted string, true, false, null or today", ["param a: string = maybe"], "RETURN $a"),
        ("default 'x' of a is no integer", ["param a: integer = 'x'"], "RETURN $a"),
        ("default 1 of a is no boolean", ["param a: boolean = 1"], "RETURN $a"),
        ("default '2020-1-1' of a is no date", ["param a: date = '2020-1-1'"], "RETURN $a"),
        ("default '校会' of a is no OrganizationKind", ["param a: OrganizationKind = '校会'"], "RETURN $a"),
    ],
)  # fmt: skip
def test_a_header_that_disagrees_with_its_text_is_refused(
    sentence: str, header: list[str], text: str
) -> None:
    assert refusal(text, *header).replace("'maybe'", "maybe", 1) == f"q.cypher: {sentence}"


def test_a_property_that_is_not_there_is_refused_with_those_that_are() -> None:
    assert refusal("RETURN 1 AS x", "returns x: Grid.colour").startswith(
        "q.cypher: Grid has no property 'colour'; it has id, name, population"
    )


def test_a_file_without_meaning_or_title_is_refused() -> None:
    for source, sentence in (
        ("// title: 标题\nRETURN 1", "the first lines say what the query answers"),
        ("// Answer.\nRETURN 1", "'// title: ' gives its Chinese name"),
    ):
        with pytest.raises(QueryError, match=f"q.cypher: {sentence}"):
            parse("q", source, SCHEMA, AREAS)


@pytest.mark.parametrize(
    "clause",
    [
        "CREATE (n) ", "create (n) ", "INSERT (n:X) ", "MERGE (n:X) ", "MATCH (n) SET n.x = 1 ", "MATCH (n) DETACH DELETE n ",
        "MATCH (n) REMOVE n.x ", "DROP INDEX i ", "LOAD CSV FROM 'x' AS row ", "FOREACH (x IN [1] | SET x.y = 1) ",
        "CALL apoc.do.it() ", "CALL (n) { SET n.x = 1 } ",
        "MATCH (n) // the unit's\nSET n.x = 1 // don't\n", "WITH 'http://x' AS u CREATE (n) ",
        "WITH 1 AS `it's` CREATE (n) WITH 1 AS `isn't` ",
    ],
)  # fmt: skip
def test_a_clause_that_writes_is_seen(clause: str) -> None:
    assert query(f"{clause}RETURN 1 AS x", "returns x: integer 值").writes


@pytest.mark.parametrize(
    "clause",
    [
        "", "MATCH (n:Need) WHERE n.created > 'SET x' AND n.set = 1 ", "CALL (n) { RETURN 1 AS y } ", "CALL  (n) { RETURN 1 AS y } ",
        "// MERGE nothing\n", "/* DELETE\nnothing */ ", "WITH \"it's CREATE\" AS y ",
    ],
)  # fmt: skip
def test_a_word_that_only_looks_like_writing_is_not_taken_for_it(clause: str) -> None:
    assert not query(f"{clause}RETURN 1 AS x", "returns x: integer 值").writes
