"""组织覆盖: the five levels, organizations and posts, area by area down to the building, gaps first."""

from collections import defaultdict
from typing import Any

from apiflask import APIFlask
from flask import Response, render_template

from api.pages.frame import Asked, add_page, query_address
from api.pages.tables import Table, answered, composed, file_of
from api.remembered import Remembered
from graph.ask import Answer, ask
from graph.catalog import queries
from graph.coverage import coverage
from graph.query_file import Column
from graph.schema import SCHEMA
from graph.schema.party import LEVEL_AREA, PARTY_LEVEL
from graph.schema.rules import ORGANIZATION_RULES, POST_RULES

_GAPS = (
    "areas_without_party_organization", "communities_without_organization", "communities_without_post",
    "grids_without_post", "buildings_without_head", "property_areas_without_council", "three_party_estates",
)  # fmt: skip
"""The gaps of a summary that are about organizations and posts."""
_LISTED = ("District", "Street", "Community")
_NONE_LED = {"Community": (3, 4), "Estate": (5,), "Grid": (5,)}
"""The levels whose areas without an organization are listed one by one, by the kind of area looked at."""


def add(app: APIFlask, store: Remembered) -> None:
    """Serve the page."""

    def page(asked: Asked) -> str | Response:
        tables = [table for table in _tables(store, asked) if table.total]
        if "file" in asked.own:
            return file_of(tables, asked)
        summary = coverage(store, asked.scope.id, asked.as_of)
        return render_template(
            "organizations.html", frame=asked.frame, asked=asked, tables=tables, levels=summary.levels,
            gaps=[gap for gap in summary.gaps if gap.query in _GAPS],
        )  # fmt: skip

    add_page(app, store, "/organizations", "organizations", page, ("table", "file"))


def _tables(store: Remembered, asked: Asked) -> list[Table]:
    below = ask(store, queries()["party_levels_below"], asked.around)
    behind = query_address("party_levels_below", asked.around)
    matrix = party_matrix(below, asked)
    warm = tuple(column.name for column in matrix.query.returns if column.name.startswith("level_"))
    found = [
        Table(
            "levels",
            _matrix_title(asked),
            matrix,
            behind,
            drill="organizations",
            warm=warm,
            shares=("covered",),
        )
    ]
    if asked.scope.label in _LISTED:
        found.append(_kinds(store, asked))
    for level in _NONE_LED.get(asked.scope.label, ()):
        answer = ask(store, queries()["areas_without_party_organization"], {**asked.around, "level": level})
        title = f"没有{PARTY_LEVEL.label(level)}的{SCHEMA.node(LEVEL_AREA[level]).heading}"
        found.append(answered(f"without-{level}", title, answer, drill="organizations", hidden=("parent",)))
    return found


def _matrix_title(asked: Asked) -> str:
    return {
        "District": "各街道缺多少党组织",
        "Street": "各社区缺多少党组织",
        "Community": "各小区、网格缺多少党组织",
    }.get(asked.scope.label, "各楼栋的党组织")


def party_matrix(below: Answer, asked: Asked) -> Answer:
    """Area × level: how many areas of each level lack an organization; those that lack most come first."""
    areas: dict[str, dict[str, Any]] = {}
    for row in below.rows:
        line = areas.setdefault(
            row["area_id"], {"area_id": row["area_id"], "area": row["area"], "due": 0, "lacking": 0}
        )
        line[f"level_{row['level']}"] = row["lacking"]
        line["due"] += row["areas"]
        line["lacking"] += row["lacking"]
    levels = sorted({row["level"] for row in below.rows})
    columns = (
        Column("area_id", "string", "编号", "key"),
        Column("area", "string", "区域", "name"),
        *(
            Column(f"level_{n}", "integer", f"缺{PARTY_LEVEL.label(n)}", "areas without", "个")
            for n in levels
        ),
        Column("due", "integer", "应建", "areas that should have one", "个"),
        Column("covered", "decimal", "已覆盖", "share of the areas that have one, 0 to 1"),
    )
    rows = [
        {**dict.fromkeys(c.name for c in columns), **line, "covered": 1 - line["lacking"] / line["due"]}
        for line in areas.values()
    ]
    rows.sort(key=lambda line: (line["covered"], -line["due"]))
    return composed("party_organizations", "党组织覆盖", columns, rows, asked.around)


def _kinds(store: Remembered, asked: Asked) -> Table:
    """Area × kind of organization and post: how many communities lack one. Streets of a district, or communities."""
    posts = [rule for rule in POST_RULES if rule.area == "Community"]
    has = ask(store, queries()["community_organizations"], asked.around).rows
    held = {
        row["community_id"]: row["posts"]
        for row in ask(store, queries()["posts_by_community"], asked.around).rows
    }
    whole = asked.scope.label == "District"
    streets = {area.name: area.id for area in asked.frame.streets}
    lines: dict[str, dict[str, Any]] = defaultdict(dict)
    for row in has:
        key, name = (
            (streets.get(row["street"], ""), row["street"])
            if whole
            else (row["community_id"], row["community"])
        )
        line = lines[key]
        line.update(area_id=key, area=name, communities=line.get("communities", 0) + 1)
        missing = {f"o_{r.kind}": r.kind not in row["kinds"] for r in ORGANIZATION_RULES}
        missing |= {f"p_{r.kind}": r.kind not in held.get(row["community_id"], ()) for r in posts}
        for column, lacks in missing.items():
            line[column] = line.get(column, 0) + int(lacks)
    wanted = [(f"o_{r.kind}", r.heading) for r in ORGANIZATION_RULES] + [
        (f"p_{r.kind}", r.heading) for r in posts
    ]
    columns = (
        Column("area_id", "string", "编号", "key"),
        Column("area", "string", "街道" if whole else "社区", "name"),
        *(
            (Column("communities", "integer", "社区", "communities of residents' committees", "个"),)
            if whole
            else ()
        ),
        *(Column(name, "integer", f"缺{heading}", "communities without", "") for name, heading in wanted),
    )
    rows = sorted(lines.values(), key=lambda line: -sum(line[name] for name, _ in wanted))
    answer = composed("organizations_and_posts", "社区组织与岗位", columns, rows, asked.around)
    return Table(
        "kinds", "社区缺哪些组织和岗位", answer, query_address("community_organizations", asked.around),
        drill="organizations", warm=tuple(name for name, _ in wanted),
    )  # fmt: skip
