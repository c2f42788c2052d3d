"""A picture as files that other programs read: GraphML, GEXF, and two tables as CSV in a zip. Pure.

Positions are kept, nodes without any tie are there, and what XML cannot hold is replaced. networkx writes both
XML forms. Names of nodes are `Label:key`, as in `graph.export_viewers`.
"""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from graph.export_content import SYNTHETIC
from viz.kinds import kind_of
from viz.picture import Picture, Table

if TYPE_CHECKING:
    import networkx as nx

_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_MADE = (2020, 1, 1, 0, 0, 0)


def network(picture: Picture) -> "nx.MultiDiGraph[str]":
    """The picture as a networkx graph: `label`, `key`, `name`, `x`, `y` and the told properties of each node,
    `type` and `heading` of each edge."""
    import networkx as nx  # here: slow to import

    title = f"{picture.title}（{SYNTHETIC}）" if picture.synthetic else picture.title
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(name=_clean(title))
    for node in picture.nodes:
        own = {name: _plain(value) for name, value in {**node.told, **node.numbers}.items() if name != "id"}
        named = {"label": node.label, "key": _clean(node.id), "name": _clean(node.name)}
        graph.add_node(_clean(node.key), **{**own, **named, "x": float(node.x), "y": float(node.y)})
    for edge in picture.edges:
        own = {name: _plain(value) for name, value in edge.properties.items() if value is not None}
        graph.add_edge(
            _clean(edge.start),
            _clean(edge.end),
            **{**own, "type": _clean(edge.type), "heading": _clean(edge.heading)},
        )
    return graph


def graphml(picture: Picture) -> bytes:
    """GraphML, UTF-8."""
    import networkx as nx  # here: slow to import

    return _xml(nx.generate_graphml(network(picture)))


def gexf(picture: Picture) -> bytes:
    """GEXF 1.2 with colours, sizes and positions, UTF-8."""
    import networkx as nx  # here: slow to import

    graph = network(picture)
    for node in picture.nodes:
        colour = kind_of(node.label).colour
        red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        drawn = graph.nodes[_clean(node.key)]
        # In this form `label` is what a viewer shows.
        drawn["type"], drawn["label"] = node.label, _clean(node.name)
        drawn["viz"] = {
            "color": {"r": red, "g": green, "b": blue, "a": 1.0}, "size": float(node.size),
            "position": {"x": float(node.x), "y": -float(node.y), "z": 0.0},
        }  # fmt: skip
    return _xml(nx.generate_gexf(graph, version="1.2draft"))


def csv_zip(picture: Picture) -> bytes:
    """A zip of two tables, things and ties: UTF-8 with a byte order mark, for spreadsheets.

    A text that a spreadsheet would run as a formula is preceded by an apostrophe.
    """
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        if picture.synthetic:
            archive.writestr(zipfile.ZipInfo("示例数据.txt", _MADE), f"{SYNTHETIC}\n")
        for name, table in (("对象.csv", picture.things()), ("关系.csv", picture.ties())):
            archive.writestr(zipfile.ZipInfo(name, _MADE), csv_text(table).encode("utf-8-sig", "replace"))
    return written.getvalue()


def csv_text(table: Table) -> str:
    """A table as CSV."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(table.headings)
    writer.writerows([_cell(value) for value in row] for row in table.rows)
    return written.getvalue()


FILES: Mapping[str, tuple[str, Callable[[Picture], bytes]]] = {
    "graphml": ("application/xml", graphml),
    "gexf": ("application/xml", gexf),
    "csv": ("application/zip", csv_zip),
}
"""Media type and writer by the name of the form."""


def _xml(lines: Any) -> bytes:
    return ('<?xml version="1.0" encoding="UTF-8"?>\n' + "\n".join(lines) + "\n").encode()


def _plain(value: Any) -> str | int | float | bool:
    if isinstance(value, list):
        return _clean("、".join(str(each) for each in value))
    return value if isinstance(value, bool | int | float) else _clean(str(value))


def _clean(text: str) -> str:
    return _UNWRITABLE.sub("\ufffd", text)


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    return "" if value is None else value
