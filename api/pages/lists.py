"""三项清单: needs, resources and projects of an area, each with the filters of its query."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from apiflask import APIFlask
from flask import Response, render_template

from api.pages.frame import Asked, add_page, to
from api.pages.tables import answered, file_of
from api.remembered import Remembered
from graph.ask import Reader, ask
from graph.catalog import queries

_TITLES = {"state": "状态", "category": "类别", "urgency": "紧急程度", "origin": "来源", "form": "形式"}
_YES_NO = {
    "overdue": ("期限", "已超期", "未超期"),
    "used": ("使用", "用过或已承诺", "闲置"),
    "confirmed": ("确认", "180 天内确认过", "超过 180 天未确认"),
}


@dataclass(frozen=True)
class List:
    """One of the three lists: the endpoint of its page, its title, its query, what is counted per chip."""

    endpoint: str
    title: str
    query: str
    counted: str

    @property
    def filters(self) -> tuple[str, ...]:
        """The parameters of the query that a reader may choose."""
        return tuple(
            p.name
            for p in queries()[self.query].params
            if p.name not in ("scope", "as_of", "confirmed_since")
        )


LISTS = (
    List("needs", "需求清单", "needs_list", "state"),
    List("resources", "资源清单", "resources_list", "form"),
    List("projects", "项目清单", "projects_list", "state"),
)


def add(app: APIFlask, store: Remembered) -> None:
    """Serve the overview and the three lists."""

    def overview(asked: Asked) -> str:
        found = [(each, ask(store, queries()[each.query], asked.around).rows) for each in LISTS]
        return render_template(
            "lists.html", frame=asked.frame, asked=asked, tabs=tabs("lists"),
            lists=[(each, len(rows), counts(each, rows), _wrong(rows)) for each, rows in found],
        )  # fmt: skip

    add_page(app, store, "/lists", "lists", overview)
    for each in LISTS:
        add_page(
            app,
            store,
            f"/lists/{each.endpoint}",
            each.endpoint,
            _page(store, each),
            (*each.filters, "table", "file", "page"),
        )


def _page(store: Remembered, each: List) -> Any:
    def page(asked: Asked) -> str | Response:
        chosen = {name: asked.own[name] for name in each.filters if name in asked.own}
        answer = ask(store, queries()[each.query], {**asked.around, **chosen})
        hidden = ("unit",) if each.endpoint != "projects" else ()
        table = answered("list", each.title, answer, hidden=hidden).turned(asked.own)
        if "file" in asked.own:
            return file_of([table], asked)
        return render_template(
            "list.html", frame=asked.frame, asked=asked, list=each, table=table, chosen=chosen, tabs=tabs(each.endpoint),
            fields=[_field(store, asked, each, name) for name in each.filters],
        )  # fmt: skip

    return page


def tabs(here: str) -> list[tuple[str, str, bool]]:
    """The lists as the parts of one page: title, address, whether one is there."""
    return [
        ("概况", to("lists"), here == "lists"),
        *((each.title, to(each.endpoint), each.endpoint == here) for each in LISTS),
    ]


def counts(each: List, rows: list[dict[str, Any]]) -> list[tuple[Any, int]]:
    """How many entries of a list have each value of what is counted, in the order of the code list."""
    found = Counter(row[each.counted] for row in rows)
    codes = next(c.codes for c in queries()[each.query].returns if c.name == each.counted)
    assert codes is not None  # what is counted is a code
    return [(value, found[value]) for value in codes.values if found[value]]


def _wrong(rows: list[dict[str, Any]]) -> int:
    """How many entries are overdue or, where that is not said of them, lie idle."""
    return sum(bool(row["overdue"]) if "overdue" in row else not row["used"] for row in rows)


def _field(store: Reader, asked: Asked, each: List, name: str) -> tuple[str, str, list[tuple[str, str]]]:
    """A filter: its name, its heading, and what may be chosen."""
    param = queries()[each.query].param(name)
    if name in _YES_NO:
        heading, yes, no = _YES_NO[name]
        return name, heading, [("true", yes), ("false", no)]
    if param.codes:
        return name, _TITLES[name], [(str(code.value), code.label) for code in param.codes.codes]
    words = sorted({row[name] for row in ask(store, queries()[each.query], asked.around).rows})
    return name, _TITLES[name], [(word, word) for word in words]
