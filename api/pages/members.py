"""党员覆盖: members by kind and reporting, area by area down to one building, where they are listed masked."""

from collections import defaultdict
from typing import Any

from apiflask import APIFlask
from flask import Response, render_template

from api.pages.frame import Asked, add_page, query_address
from api.pages.tables import Table, answered, composed, file_of
from api.remembered import Remembered
from graph.ask import Answer, ask
from graph.catalog import queries
from graph.coverage import Coverage, coverage
from graph.query_file import Column
from graph.schema.people import MEMBER_KIND

_GAPS = ("reporting_rates", "members_by_kind", "buildings_without_member", "buildings_without_head")


def add(app: APIFlask, store: Remembered) -> None:
    """Serve the page."""

    def page(asked: Asked) -> str | Response:
        tables = _tables(store, asked)
        if "file" in asked.own:
            return file_of(tables, asked)
        summary = coverage(store, asked.scope.id, asked.as_of)
        buildings = ask(store, queries()["building_gaps"], asked.around).rows[0]
        return render_template(
            "members.html", frame=asked.frame, asked=asked, tables=tables, c=summary, buildings=buildings,
            kinds=_kinds(summary), gaps=[gap for gap in summary.gaps if gap.query in _GAPS],
        )  # fmt: skip

    add_page(app, store, "/members", "members", page, ("table", "file", "page"))


def _kinds(summary: Coverage) -> list[tuple[str, int]]:
    """Members by kind, in the order of the code list."""
    return [(str(kind), summary.members.get(str(kind), 0)) for kind in MEMBER_KIND.values]


def _tables(store: Remembered, asked: Asked) -> list[Table]:
    match asked.scope.label:
        case "District":
            answer = _matrix(ask(store, queries()["members_by_street"], asked.around), "street", asked)
            return [
                Table(
                    "areas",
                    "各街道的党员",
                    answer,
                    query_address("members_by_street", asked.around),
                    "members",
                    shares=("rate",),
                )
            ]
        case "Street":
            answer = _matrix(ask(store, queries()["members_by_community"], asked.around), "community", asked)
            return [
                Table(
                    "areas",
                    "各社区的党员",
                    answer,
                    query_address("members_by_community", asked.around),
                    "members",
                    shares=("rate",),
                )
            ]
        case "Building":
            answer = ask(store, queries()["building_members"], asked.around)
            return [answered("members", "住在这栋楼的党员", answer)]
    buildings = ask(store, queries()["members_by_building"], asked.around)
    estates = [_estates(store, buildings, asked)] if asked.scope.label == "Community" else []
    hidden = ("community",) if asked.scope.label == "Community" else ("community", "estate")
    table = answered("buildings", "各楼栋的党员", buildings, drill="members", hidden=hidden)
    return [*estates, table.turned(asked.own)]


def _matrix(counted: Answer, area: str, asked: Asked) -> Answer:
    """Area × kind of member, with who has reported of those in service; the lowest rate comes first."""
    lines: dict[str, dict[str, Any]] = defaultdict(lambda: defaultdict(int))
    for row in counted.rows:
        key = row[f"{area}_id"] or ""
        line = lines[key]
        line["area_id"], line["area"] = row[f"{area}_id"], row[area] or "街道直属"
        line[row["kind"]] += row["members"]
        line["members"] += row["members"]
        if row["kind"] == "在职":
            line["reported"] += row["reported"]
    columns = (
        Column("area_id", "string", "编号", "key"),
        Column("area", "string", "街道" if area == "street" else "社区", "name"),
        Column("members", "integer", "党员", "members of all kinds", "名"),
        *(
            Column(str(kind), "integer", str(kind), "members of the kind", "名")
            for kind in MEMBER_KIND.values
        ),
        Column("unreported", "integer", "在职未报到", "members in service who have not reported", "名"),
        Column("rate", "decimal", "报到率", "share of those in service who have reported, 0 to 1"),
    )
    rows = [
        {
            **{c.name: line[c.name] for c in columns if c.name not in ("unreported", "rate")},
            "unreported": line["在职"] - line["reported"],
            "rate": line["reported"] / line["在职"] if line["在职"] else None,
        }
        for line in lines.values()
    ]
    rows.sort(key=lambda line: (line["rate"] is None, line["rate"]))
    return composed("members_and_reporting", "党员与报到", columns, rows, asked.around)


def _estates(store: Remembered, buildings: Answer, asked: Asked) -> Table:
    """The estates of a community: buildings, those without a member and those without a head."""
    # Names of estates are unique within a community.
    below = ask(store, queries()["areas_below"], asked.around).rows
    keys = {area["area"]: area["area_id"] for area in below if area["label"] == "Estate"}
    lines: dict[str, dict[str, Any]] = {}
    for row in buildings.rows:
        line = lines.setdefault(
            row["estate"],
            {"area_id": keys.get(row["estate"]), "area": row["estate"], "buildings": 0, "members": 0, "without_member": 0, "without_head": 0},
        )  # fmt: skip
        line["buildings"] += 1
        line["members"] += row["members"]
        line["without_member"] += row["members"] == 0
        line["without_head"] += row["heads"] == 0
    columns = (
        Column("area_id", "string", "编号", "key"),
        Column("area", "string", "小区", "name"),
        Column("buildings", "integer", "楼栋", "buildings", "栋"),
        Column("members", "integer", "居住党员", "members who live there", "名"),
        Column("without_member", "integer", "无党员楼栋", "buildings without a member", "栋"),
        Column("without_head", "integer", "无楼栋长楼栋", "buildings without a head", "栋"),
    )
    rows = sorted(
        lines.values(), key=lambda line: (-line["without_member"] - line["without_head"], line["area"] or "")
    )
    answer = composed("members_by_estate", "各小区党员", columns, rows, asked.around)
    return Table(
        "estates", "各小区的党员", answer, query_address("members_by_building", asked.around), "members",
        warm=("without_member", "without_head"),
    )  # fmt: skip
