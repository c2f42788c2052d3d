"""数字核对: the published figures beside what the demo store holds."""

from collections.abc import Sequence

from apiflask import APIFlask
from flask import Response, render_template

from api.figures import RELATIONS, UNITS, agreement, published_figures
from api.pages.frame import Asked, add_page
from api.pages.tables import Table, composed, file_of
from api.remembered import Remembered
from graph.query_file import Column
from loaders.published import DISTRICT as PUBLISHED
from loaders.reconcile import Line, reconcile

VERDICTS = {True: ("一致", "good"), False: ("不一致", "bad"), None: ("无从核对", "few")}
"""What people read for whether a figure agrees, and the kind of its chip."""
_COLUMNS = (
    Column("heading", "string", "项目", ""), Column("relation", "string", "口径", "at least, rounded, or nothing where it is exact"),
    Column("published", "decimal", "公布", ""), Column("loaded", "decimal", "库中", ""), Column("unit", "string", "单位", ""),
    Column("verdict", "string", "结论", ""), Column("explanation", "string", "说明", ""),
)  # fmt: skip


def add(app: APIFlask, store: Remembered) -> None:
    """Serve the page."""

    def page(asked: Asked) -> str | Response:
        if asked.frame.district is None or asked.frame.district.id != PUBLISHED:
            return render_template("figures_elsewhere.html", frame=asked.frame)
        lines = reconcile(store, published_figures(), PUBLISHED)
        table = _table(lines, asked)
        if "file" in asked.own:
            return file_of([table], asked)
        return render_template(
            "figures.html", frame=asked.frame, lines=lines, figures=agreement(lines), units=UNITS, relations=RELATIONS, verdicts=VERDICTS,
            table=table,
        )  # fmt: skip

    add_page(app, store, "/figures", "figures", page, ("table", "file"))


def _table(lines: Sequence[Line], asked: Asked) -> Table:
    """What the page shows, as a file. A figure is a number there; what stands before it has a column of its own."""
    rows = [
        {
            "heading": line.heading, "relation": RELATIONS.get(line.relation, "").strip() if line.published is not None else "",
            "published": _whole(line.published), "loaded": _whole(line.loaded), "unit": UNITS.get(line.unit, line.unit),
            "verdict": VERDICTS[line.agrees][0], "explanation": line.explanation,
        }
        for line in lines
    ]  # fmt: skip
    title = "与公布数字核对"
    return Table("figures", title, composed("published_figures", title, _COLUMNS, rows, asked.around))


def _whole(number: float | None) -> float | None:
    """Without a fraction of nothing: 36, not 36.0."""
    return int(number) if number is not None and number == int(number) else number
