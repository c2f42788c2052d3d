"""A picture as vis-network takes it: plain data, drawn where the server put it, with no physics. Pure.

The same data serve the page and the HTML file. Colours by a code list and sizes by a number are worked out here,
so that the page only switches between them.
"""

import math
from collections import Counter
from collections.abc import Mapping
from typing import Any

from viz.kinds import PALETTE, UNKNOWN_COLOUR, kind_of
from viz.map_svg import shade
from viz.naming import area_name, cut
from viz.picture import Edge, Node, Picture, coded, measured
from viz.territory import COVERAGE

INK, QUIET, LINE, PATH, WEAK = "#1c2733", "#55626f", "#c9d1d9", "#1c2733", "#b3261e"
FONT = '"Microsoft YaHei","PingFang SC","Noto Sans CJK SC",sans-serif'
OPTIONS: Mapping[str, Any] = {
    "physics": {"enabled": False},
    "layout": {"randomSeed": 1, "improvedLayout": False},
    "interaction": {
        "hover": True, "multiselect": False, "dragNodes": False, "hideEdgesOnDrag": False, "tooltipDelay": 120,
        "keyboard": {"enabled": True, "bindToWindow": False}, "zoomSpeed": 0.6,
    },
    "nodes": {
        "borderWidth": 2, "borderWidthSelected": 3, "shapeProperties": {"interpolation": False},
        "scaling": {"label": {"enabled": False, "drawThreshold": 6, "maxVisible": 22}},
        "font": {"face": FONT, "size": 12, "color": INK, "vadjust": -2, "strokeWidth": 3, "strokeColor": "#ffffff"},
        "widthConstraint": {"maximum": 108},
    },
    "edges": {
        "smooth": False, "width": 1.2, "selectionWidth": 1.2, "hoverWidth": 0.8,
        "color": {"color": LINE, "highlight": QUIET, "hover": QUIET}, "font": {"face": FONT, "size": 11, "color": QUIET, "strokeWidth": 3},
    },
}  # fmt: skip
"""What every network is drawn with."""
_LARGEST, _SMALLEST = 26.0, 7.0


def payload(picture: Picture) -> dict[str, Any]:
    """The picture for programs: nodes and edges of vis-network, the legend, what may be coloured and sized by."""
    # On the map what lies in what is seen; elsewhere a line says it.
    hidden = {"hidden": True} if picture.name == "territory" else {}
    return {
        "name": picture.name, "options": dict(OPTIONS), "title": picture.title, "scope": picture.scope, "as_of": picture.as_of,
        "nodes": [node(each) for each in picture.nodes],
        "edges": [
            {
                "id": f"e{number}", "from": edge.start, "to": edge.end, "type": edge.type, "heading": edge.heading,
                "title": _tie(picture, number), "mark": edge.mark, **_line(edge), **hidden,
            }
            for number, edge in enumerate(picture.edges)
        ],
        "more": [
            {
                "id": more.key, "at": more.at, "kind": more.label, "count": more.count, "x": more.x, "y": more.y,
                "text": f"还有 {more.count:,} 个{kind_of(more.label).heading}",
            }
            for more in picture.more
        ],
        "legend": [
            {"kind": e.kind.label, "heading": e.kind.heading, "colour": e.kind.colour, "shape": e.kind.shape, "count": e.count}
            for e in picture.legend
        ],
        "colour_by": [_colours(heading, words) for heading, words in coded(picture).items()],
        "size_by": [
            {"heading": heading, "sizes": _sizes(numbers)} for heading, numbers in measured(picture).items()
        ],
    }  # fmt: skip


def node(each: Node) -> dict[str, Any]:
    """A node as vis-network draws it; `kind`, `name` and `mark` are ours."""
    kind = kind_of(each.label)
    if each.mark in ("leaf", "holder"):
        return _area(each)
    bold = each.mark in ("middle", "path")
    border = {"weak": WEAK, "middle": kind.colour}.get(each.mark, "#ffffff")
    # A mark is a second ring in words of vis-network: the border of the node and its shadow.
    return {
        "id": each.key, "kind": each.label, "heading": kind.heading, "name": each.name, "mark": each.mark,
        "label": area_name(each.name) if each.label == "Community" else cut(each.name), "title": "\n".join(part for part in (f"{kind.heading} {each.name}", each.note) if part),
        "x": each.x, "y": each.y, "shape": kind.shape, "size": each.size,
        "color": {
            "background": kind.colour, "border": border,
            "highlight": {"background": kind.colour, "border": INK}, "hover": {"background": kind.colour, "border": INK},
        },
        "borderWidth": 4 if each.mark == "weak" else 2,
        "font": {"color": INK, **({"size": 13, "strokeWidth": 4} if bold else {})},
        **({"shadow": {"enabled": True, "color": kind.colour, "size": 14, "x": 0, "y": 0}} if each.mark == "middle" else {}),
    }  # fmt: skip


def _area(each: Node) -> dict[str, Any]:
    """An area of the map: a circle as large as it is there, its name in it, or above what it holds."""
    kind, leaf = kind_of(each.label), each.mark == "leaf"
    fill = shade(each, COVERAGE).fill if leaf else "#f5f7f9"
    colour = {"background": fill, "border": "#b9c2cb"}
    letters = round(max(4.0, min(16.0, each.size / 3)), 1)
    return {
        "id": each.key, "kind": each.label, "heading": kind.heading, "name": each.name, "mark": each.mark,
        "label": area_name(each.name), "title": f"{kind.heading} {each.name}\n{each.note}", "x": each.x, "y": each.y,
        "shape": "dot", "size": each.size, "color": {**colour, "highlight": colour, "hover": colour}, "borderWidth": 1,
        "font": {"color": INK, "size": letters, "vadjust": round(-each.size - letters if leaf else -2 * each.size - 2 * letters, 1)},
    }  # fmt: skip


def _line(edge: Edge) -> dict[str, Any]:
    if edge.mark == "path":
        return {"width": 3, "label": edge.heading, "color": {"color": PATH, "highlight": PATH, "hover": PATH}}
    return {}


def _tie(picture: Picture, number: int) -> str:
    edge = picture.edges[number]
    words = f"{picture.node[edge.start].name} → {edge.heading} → {picture.node[edge.end].name}"
    quantity = edge.properties.get("数量")
    return f"{words}（{quantity:,}）" if isinstance(quantity, int) else words


def _colours(heading: str, words: Mapping[str, str]) -> dict[str, Any]:
    """A colour for each word, the frequent ones first; words beyond the palette share the grey of what has none."""
    counts = Counter(words.values())
    order = sorted(counts, key=lambda word: (-counts[word], word))
    colour = {word: PALETTE[i] if i < len(PALETTE) else UNKNOWN_COLOUR for i, word in enumerate(order)}
    return {
        "heading": heading, "words": words,
        "legend": [{"word": word, "colour": colour[word], "count": counts[word]} for word in order],
        "unknown": UNKNOWN_COLOUR,
    }  # fmt: skip


def _sizes(numbers: Mapping[str, float]) -> dict[str, float]:
    """A radius for each number: its circle's area says it."""
    largest = max(numbers.values())
    room = _LARGEST - _SMALLEST
    return {
        key: round(_SMALLEST + room * math.sqrt(max(value, 0) / largest), 1) if largest > 0 else _SMALLEST
        for key, value in numbers.items()
    }
