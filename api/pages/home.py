"""总览: how an area stands, gaps first."""

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

from apiflask import APIFlask
from flask import Response, render_template, request

from api.pages.frame import Asked, add_page
from api.pages.tables import Table, composed, file_of
from api.remembered import Remembered
from graph.ask import ask
from graph.catalog import queries
from graph.coverage import Coverage, coverage
from graph.query_file import Column
from graph.schema.people import MEMBER_KIND
from loaders.batches import batches
from loaders.published import DISTRICT as PUBLISHED

_RECENT_BATCHES = 5
_SHOWN_GAPS = 10
"""Gaps that are shown at once; the rest unfolds."""


def add(app: APIFlask, store: Remembered) -> None:
    """Serve the page."""

    def page(asked: Asked) -> str | Response:
        summary = coverage(store, asked.scope.id, asked.as_of)
        tables = {table.key: table for table in _tables(summary, asked)}
        if "file" in asked.own:
            return file_of(list(tables.values()), asked)
        whole = asked.frame.whole
        late = len(ask(store, queries()["projects_list"], {**asked.around, "overdue": True}).rows)
        recent = list(reversed(batches(store)))[:_RECENT_BATCHES]
        if not request.args:
            store.keep()  # the page that the next start begins with
        return render_template(
            "home.html", frame=asked.frame, c=summary, whole=whole, members=_members(summary), areas=_areas(summary),
            gaps=summary.gaps[:_SHOWN_GAPS], more_gaps=summary.gaps[_SHOWN_GAPS:],
            recent=recent,
            published=asked.frame.demo and asked.scope.id == PUBLISHED,
            heat=_heat(summary), tables=tables, late=late,
        )  # fmt: skip

    add_page(app, store, "/", "home", page, ("table", "file"))


def _tables(summary: Coverage, asked: Asked) -> list[Table]:
    """The page's tables as files: gaps, streets, the five levels."""
    name, share = partial(Column, type="string", doc=""), partial(Column, type="decimal", doc="0 to 1")
    count = partial(Column, type="integer", doc="")
    sheets: tuple[tuple[str, str, Sequence[Column], list[dict[str, Any]]], ...] = (
        (
            "gaps", "缺口",
            (name("heading", heading="问题"), count("lacking", heading="缺"), count("due", heading="应有"), name("unit", heading="单位"), share("share", heading="占比")),
            [{n: getattr(gap, n) for n in ("heading", "lacking", "due", "unit", "share")} for gap in summary.gaps],
        ),
        (
            "streets", "各街道",
            (
                name("id", heading="街道编号"), name("name", heading="街道"), count("communities", heading="社区", unit="个"),
                share("party_coverage", heading="组织覆盖"), share("reporting_rate", heading="报到率"), count("units", heading="共建单位", unit="家"),
                count("open_needs", heading="在办需求", unit="条"), count("overdue", heading="超期", unit="条"),
            ),
            [asdict(street) for street in summary.streets],
        ),
        (
            "levels", "五级组织",
            (name("heading", heading="层级"), count("organizations", heading="党组织", unit="个"), count("areas", heading="应覆盖区域", unit="个"), count("lacking", heading="缺", unit="个")),
            [asdict(level) for level in summary.levels],
        ),
    )  # fmt: skip
    return [
        Table(key, title, composed(f"overview_{key}", title, columns, rows, asked.around))
        for key, title, columns, rows in sheets
    ]


def _areas(summary: Coverage) -> str:
    order = ["街道", "居委会", "村委会", "类似", "小区", "网格", "楼栋"]
    words = [
        f"{summary.areas[kind]:,} {'栋楼' if kind == '楼栋' else f'个{kind}'}"
        for kind in order
        if summary.areas.get(kind) and kind != summary.scope_kind
    ]
    return "，".join(words)


def _members(summary: Coverage) -> list[tuple[str, int]]:
    """Members by kind, in the order of the code list."""
    return [(str(kind), summary.members[str(kind)]) for kind in MEMBER_KIND.values if kind in summary.members]


def _heat(summary: Coverage) -> dict[str, int]:
    """How warm the overdue needs of each street are shown, 0 to 3: thirds of the largest number."""
    largest = max((line.overdue for line in summary.streets), default=0)
    return {line.id: -(-3 * line.overdue // largest) if largest else 0 for line in summary.streets}
