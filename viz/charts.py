"""Charts as options of ECharts: plain dicts, no function in them, so that a page needs no script of its own. Pure.

Labels carry the numbers, and flows of what is lacking are hatched: nobody needs to see colours.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from viz.flows import QUANTITY
from viz.kinds import LACKING, kind_of
from viz.naming import cut
from viz.party import BELOW, MEMBERS
from viz.picture import Node, Picture

INK, QUIET, LINE = "#1c2733", "#55626f", "#cfd6dd"
FONT = '"Microsoft YaHei","PingFang SC","Noto Sans CJK SC",sans-serif'
# Its HTML tooltip writes inline styles, which the pages' security policy forbids.
_TOOLTIP = {
    "renderMode": "richText",
    "confine": True,
    "textStyle": {"fontFamily": FONT, "fontSize": 12, "color": INK},
}
_SIDE_COLOURS = ("#2e7d4f", "#b4540a", "#4c6a92")
_LEVEL_ROWS, _ROW = 14, 26
_NAME = 14


def tree(picture: Picture) -> dict[str, Any]:
    """A tree of party organizations that is opened and closed by a click; two levels are open at first.

    Each datum carries `key`, the node's key in the picture. `height` is what the chart needs, in pixels.
    """
    below: dict[str, list[Node]] = defaultdict(list)
    parents = {edge.start: edge.end for edge in picture.edges}
    for node in picture.nodes:
        below[parents.get(node.key, "")].append(node)

    def branch(node: Node) -> dict[str, Any]:
        counted = node.numbers.get(BELOW, 0)
        return {
            "name": f"{cut(node.name, _NAME)}  {counted:,.0f}" if counted else cut(node.name, _NAME),
            "value": node.numbers.get(MEMBERS, 0), "key": node.key, "said": f"{node.name}\n{node.note}",
            "children": [branch(each) for each in below[node.key]],
        }  # fmt: skip

    roots = [branch(node) for node in below[""]]
    whole: dict[str, Any] = (
        roots[0]
        if len(roots) == 1
        else {"name": "党组织", "value": 0, "key": "", "said": "", "children": roots}
    )
    opened = sum(len(each["children"]) for each in whole["children"]) or len(whole["children"])
    colour = kind_of("PartyOrganization").colour
    label = {
        "fontFamily": FONT,
        "fontSize": 12,
        "color": INK,
        "position": "left",
        "align": "right",
        "distance": 8,
    }
    series = {
        "type": "tree", "data": [whole], "left": 150, "right": 190, "top": 12, "bottom": 12, "symbol": "circle", "symbolSize": 8,
        "itemStyle": {"color": colour, "borderColor": colour}, "lineStyle": {"color": LINE, "width": 1.2}, "label": label,
        "leaves": {"label": {**label, "position": "right", "align": "left"}}, "initialTreeDepth": 2, "expandAndCollapse": True,
        "animation": False, "roam": "move",
    }  # fmt: skip
    return {
        "option": {"aria": {"enabled": True}, "tooltip": _TOOLTIP, "series": [series]},
        "height": max(_LEVEL_ROWS, opened) * _ROW,
    }


def sankey(picture: Picture) -> dict[str, Any]:
    """Flows from categories of resources over categories of needs to areas; what nobody supplies is hatched."""
    names = _unique_names(picture)
    columns = sorted({node.x for node in picture.nodes})
    data = []
    for node in picture.nodes:
        lacking = node.label == LACKING
        colour = kind_of(LACKING).colour if lacking else _SIDE_COLOURS[columns.index(node.x)]
        decal = (
            {
                "decal": {
                    "symbol": "rect",
                    "dashArrayX": [1, 0],
                    "dashArrayY": [2, 4],
                    "rotation": -0.785,
                    "color": "rgba(255,255,255,.6)",
                }
            }
            if lacking
            else {}
        )
        data.append({
            "name": names[node.key], "depth": columns.index(node.x), "itemStyle": {"color": colour, "borderWidth": 0, **decal},
            "key": node.key,
        })  # fmt: skip
    links = [
        {
            "source": names[edge.start], "target": names[edge.end], "value": edge.properties[QUANTITY],
            "lineStyle": {"color": kind_of(LACKING).colour, "opacity": 0.34} if picture.node[edge.start].label == LACKING else {},
        }
        for edge in picture.edges
    ]  # fmt: skip
    series = {
        "type": "sankey", "data": data, "links": links, "left": 12, "right": 150, "top": 12, "bottom": 12, "nodeWidth": 12,
        "nodeGap": 14, "layoutIterations": 0, "draggable": False,
        "labelLayout": {"moveOverlap": "shiftY"}, "emphasis": {"focus": "adjacency"}, "animation": False,
        "label": {"fontFamily": FONT, "fontSize": 12, "color": INK, "formatter": "{b}  {c}"},
        "lineStyle": {"color": "#8a96a3", "opacity": 0.22, "curveness": 0.5},
    }  # fmt: skip
    rows = max((sum(1 for node in picture.nodes if node.x == x) for x in columns), default=1)
    return {
        "option": {"aria": {"enabled": True}, "tooltip": {**_TOOLTIP, "trigger": "item"}, "series": [series]},
        "height": max(420, rows * 34),
    }


CHARTS: Mapping[str, Any] = {"party": tree, "flows": sankey}
"""The pictures that ECharts draws, by name."""


def _unique_names(picture: Picture) -> dict[str, str]:
    """A name for each node that no other has: ECharts joins flows by names, and a category stands on both sides."""
    seen: dict[str, int] = defaultdict(int)
    found = {}
    for node in picture.nodes:
        name = cut(node.name, _NAME)
        # A character without width tells equal names apart and is not seen.
        found[node.key] = name + "\u200b" * seen[name]
        seen[name] += 1
    return found
