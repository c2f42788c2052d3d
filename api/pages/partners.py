"""共建资源: units, agreements with what was promised and delivered, resources by area and category, idle ones."""

from collections import defaultdict
from typing import Any

from apiflask import APIFlask
from flask import redirect, render_template
from werkzeug import Response

from api.pages.frame import Asked, add_page, here_with, to
from api.pages.tables import Table, answered, composed, file_of
from api.remembered import Remembered
from graph.ask import Answer, ask
from graph.catalog import queries
from graph.query_file import Column

_LISTED = ("District", "Street", "Community")
_MOST = 15
"""Rows of a table beside others; all of them are one step away."""
_TABS = (("partners", "单位"), ("agreements", "协议"), ("offers", "资源"))


def add(app: APIFlask, store: Remembered) -> None:
    """Serve the three parts."""
    for endpoint, rule, tables in (
        ("partners", "/partners", _units),
        ("agreements", "/partners/agreements", _agreements),
        ("offers", "/partners/resources", _offers),
    ):
        add_page(app, store, rule, endpoint, _page(store, endpoint, tables), ("table", "file", "page"))


def _page(store: Remembered, endpoint: str, tables: Any) -> Any:
    def page(asked: Asked) -> str | Response:
        community = asked.frame.within("Community")
        if asked.scope.label not in _LISTED and community is not None:
            # Units lie in communities: whoever looks at less sees those of the community around it.
            return redirect(here_with(scope=community.id))
        shown = tables(store, asked)
        if "file" in asked.own:
            return file_of(shown, asked)
        return render_template(
            "partners.html", frame=asked.frame, asked=asked, here_endpoint=endpoint, tables=shown,
            tabs=[(title, to(name), name == endpoint) for name, title in _TABS], numbers=_numbers(store, asked),
        )  # fmt: skip

    return page


def _numbers(store: Remembered, asked: Asked) -> dict[str, int]:
    """What the tiles say."""
    units = ask(store, queries()["units_and_agreements"], asked.around).rows
    agreements = ask(store, queries()["agreements_registered"], asked.around).rows[0]
    resources = ask(store, queries()["resources_of_area"], asked.around).rows[0]
    return {
        "units": sum(row["units"] for row in units), "seated": sum(row["seated"] for row in units),
        **{name: agreements[name] for name in ("agreements", "in_force", "expiring")},
        **{name: resources[name] for name in ("resources", "on_offer", "unconfirmed")},
        "unused": len(ask(store, queries()["unused_resources"], asked.around).rows),
    }  # fmt: skip


def _units(store: Remembered, asked: Asked) -> list[Table]:
    by_community = ask(store, queries()["units_and_agreements"], asked.around)
    governed = Answer(
        by_community.query, by_community.parameters, sorted(by_community.rows, key=lambda row: row["units"])
    )
    sole = ask(store, queries()["sole_covers"], asked.around)
    every = ask(store, queries()["units_list"], asked.around)
    return [
        *([] if asked.scope.label == "Community" else [answered("communities", "各社区的单位与协议", governed, drill="partners", warm=("expiring", "expired"), hidden=("street",) if asked.scope.label == "Street" else ())]),
        answered("sole", "独家支撑：它离开，所在社区就没有这类资源", sole, most=_MOST),
        answered("units", "单位名录", every).turned(asked.own),
    ]  # fmt: skip


def _agreements(store: Remembered, asked: Asked) -> list[Table]:
    ending = ask(store, queries()["agreements_ending"], {**asked.around, "expired": False})
    kept = ask(store, queries()["promised_and_delivered"], {"scope": asked.scope.id})
    ended = ask(store, queries()["agreements_ending"], {**asked.around, "expired": True})
    return [
        answered("ending", "30 天内到期的协议", ending, hidden=("expired",), most=_MOST),
        answered("kept", "承诺与兑现", kept, warm=("shortfall",), most=_MOST),
        answered("ended", "已到期、没有续签的协议", ended, hidden=("expired",)).turned(asked.own),
    ]


def _offers(store: Remembered, asked: Asked) -> list[Table]:
    heat = _heat(store, asked)
    return [
        Table("heat", "各类资源在哪里有、在哪里缺（项）", heat, drill="offers", warm=tuple(c.name for c in heat.query.returns[2:-1])),
        answered("unused", "闲置：从未使用、也没有承诺出去的资源", ask(store, queries()["unused_resources"], asked.around), hidden=("unit",), most=_MOST, whole=to("resources", used="false")),
        answered("unconfirmed", "超过 180 天没有确认的资源", ask(store, queries()["unconfirmed_resources"], asked.around), most=_MOST, whole=to("resources", confirmed="false")),
    ]  # fmt: skip


def _heat(store: Remembered, asked: Asked) -> Answer:
    """Area × wide category: resources on offer. Streets of a district, or communities."""
    street = asked.scope.label == "District"
    name, area = ("resources_by_street", "street") if street else ("resources_by_category", "community")
    lines: dict[str, dict[str, Any]] = defaultdict(dict)
    categories: set[str] = set()
    for row in ask(store, queries()[name], asked.around).rows:
        line = lines[row[f"{area}_id"] or ""]
        line.update(
            {
                "area_id": row[f"{area}_id"],
                "area": row[area] or asked.scope.name,
                row["category"]: row["resources"],
            }
        )
        categories.add(row["category"])
    order = sorted(categories)
    columns = (
        Column("area_id", "string", "编号", "key"),
        Column("area", "string", "街道" if street else "社区", "name"),
        *(Column(category, "integer", category, "resources on offer", "") for category in order),
        Column("total", "integer", "合计", "resources on offer", ""),
    )
    rows = [
        {**line, **{c: line.get(c, 0) for c in order}, "total": sum(line.get(c, 0) for c in order)}
        for _, line in sorted(lines.items())
    ]
    return composed("resources_by_area_and_category", "各类资源的分布", columns, rows, asked.around)
