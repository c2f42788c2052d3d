"""总览: how an area stands, gaps first."""

from apiflask import APIFlask
from flask import render_template

from api.figures import agreement, published_figures
from api.pages.frame import Asked, add_page
from api.remembered import Remembered
from graph.ask import ask
from graph.catalog import queries
from graph.coverage import Coverage, coverage
from graph.schema.people import MEMBER_KIND
from loaders.batches import batches
from loaders.reconcile import reconcile

_RECENT_BATCHES = 5
_SHOWN_GAPS = 10
"""Gaps that are shown at once; the rest unfolds."""


def add(app: APIFlask, store: Remembered) -> None:
    """Serve the page."""

    def page(asked: Asked) -> str:
        summary = coverage(store, asked.scope.id, asked.as_of)
        whole = asked.frame.whole
        return render_template(
            "home.html", frame=asked.frame, c=summary, whole=whole, members=_members(summary), areas=_areas(summary),
            gaps=summary.gaps[:_SHOWN_GAPS], more_gaps=summary.gaps[_SHOWN_GAPS:],
            recent=list(reversed(batches(store)))[:_RECENT_BATCHES],
            figures=agreement(reconcile(store, published_figures(), asked.scope.id)) if asked.frame.demo and whole else None,
            heat=_heat(summary), late=len(ask(store, queries()["projects_list"], {**asked.around, "overdue": True}).rows),
        )  # fmt: skip

    add_page(app, store, "/", "home", page)


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
