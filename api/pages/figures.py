"""数字核对: the published figures beside what the demo store holds."""

from apiflask import APIFlask
from flask import render_template

from api.figures import RELATIONS, UNITS, agreement, published_figures
from api.pages.frame import Asked, add_page
from api.remembered import Remembered
from loaders.reconcile import reconcile


def add(app: APIFlask, store: Remembered) -> None:
    """Serve the page."""

    def page(asked: Asked) -> str:
        lines = reconcile(store, published_figures())
        return render_template(
            "figures.html", frame=asked.frame, lines=lines, figures=agreement(lines), units=UNITS, relations=RELATIONS
        )  # fmt: skip

    add_page(app, store, "/figures", "figures", page)
