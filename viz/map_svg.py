"""The map of a territory as SVG: circles that are links, so that it needs no script, is read aloud and printed. Pure.

Coverage is a colour and a number; the less of it, the warmer and the more densely hatched.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from graph.export_content import SYNTHETIC
from viz.naming import area_name
from viz.picture import Node, Picture
from viz.territory import COVERAGE, NEEDS, RADIUS

INK, QUIET = "#1c2733", "#55626f"
FONT = "Microsoft YaHei, PingFang SC, Noto Sans CJK SC, sans-serif"


@dataclass(frozen=True)
class Shade:
    """A class of values: from `least` on, its fill, and how the legend says it."""

    least: float
    fill: str
    words: str
    hatched: bool = False


SHADES: Mapping[str, tuple[Shade, ...]] = {
    COVERAGE: (
        Shade(100, "#cfe6e2", "全部已建"), Shade(95, "#e8f0ea", "95% 以上"), Shade(85, "#fbeccb", "85%–95%"),
        Shade(60, "#f0b56f", "60%–85%"), Shade(0, "#d9803a", "不到 60%", hatched=True),
    ),
    NEEDS: (
        Shade(50, "#d9803a", "50 条以上", hatched=True), Shade(20, "#f0b56f", "20–49 条"), Shade(5, "#fbeccb", "5–19 条"),
        Shade(1, "#f6f1e6", "1–4 条"), Shade(0, "#eef1f4", "没有"),
    ),
}  # fmt: skip
"""The classes of each figure that the map may be coloured by, the first that fits counts."""
NONE = Shade(0, "#f3f4f6", "没有应建的")
DRAWN_WIDTH = 1600
"""Pixels, where nothing else says how large the map is."""
_MARGIN = 12.0
_READABLE = 9.0
"""Smaller letters are left out: the circle says its name when it is pointed at."""
_HOLDER = ("#ffffff", "#f5f7f9", "#ffffff")


def shade(node: Node, figure: str) -> Shade:
    """The class of an area."""
    value = node.numbers.get(figure)
    return NONE if value is None else next(each for each in SHADES[figure] if value >= each.least)


def map_svg(picture: Picture, figure: str = COVERAGE, link: Callable[[Node], str] | None = None) -> str:
    """The map, coloured by a figure. `link` gives the address that an area leads to, "" for none.

    Without it the map stands alone, and a synthetic one says so at its foot.
    """
    order = _outside_in(picture)
    inner = [node for depth, node in order if depth] or [node for _, node in order]
    left, top = min(n.x - n.size for n in inner) - _MARGIN, min(n.y - n.size for n in inner) - _MARGIN
    width, height = (
        max(n.x + n.size for n in inner) + _MARGIN - left,
        max(n.y + n.size for n in inner) + _MARGIN - top,
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left:.1f} {top:.1f} {width:.1f} {height:.1f}" '
        f'width="{DRAWN_WIDTH}" height="{DRAWN_WIDTH * height / width:.0f}" role="{"group" if link else "img"}" '
        f'aria-label={quoteattr(_clean(picture.title))} font-family="{FONT}">',
        '<defs><pattern id="hatch" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<line x1="0" y1="0" x2="0" y2="8" stroke="#ffffff" stroke-opacity=".55" stroke-width="3"/></pattern></defs>',
    ]
    scale = height / (2 * RADIUS)
    for depth, node in order:
        if len(order) > 1 and not depth:
            continue  # what holds everything is the paper
        drawn = _circle(node, depth, figure)
        address = link(node) if link else ""
        parts.append(f"<a href={quoteattr(address)}>{drawn}</a>" if address else f"<g>{drawn}</g>")
    # Names over all circles, the wide areas' last and on their upper edge.
    parts += [_name(node, depth, figure, scale) for depth, node in reversed(order)]
    if picture.synthetic and link is None:
        foot = f'x="{left + _MARGIN:.1f}" y="{top + height - _MARGIN:.1f}" font-size="{12 * scale:.1f}"'
        parts.append(f'<text {foot} fill="{INK}">{SYNTHETIC}</text>')
    return "".join(parts) + "</svg>"


def _outside_in(picture: Picture) -> list[tuple[int, Node]]:
    holders = {edge.start: edge.end for edge in picture.edges}

    def depth(key: str) -> int:
        return 1 + depth(holders[key]) if key in holders else 0

    return sorted(((depth(n.key), n) for n in picture.nodes), key=lambda each: (each[0], each[1].key))


def _circle(node: Node, depth: int, figure: str) -> str:
    leaf = node.mark == "leaf"
    fill = shade(node, figure).fill if leaf else _HOLDER[depth % len(_HOLDER)]
    place = f'cx="{node.x:.2f}" cy="{node.y:.2f}" r="{node.size:.2f}"'
    stroke = "#b9c2cb" if leaf else "#d5dce2"
    title = f"<title>{escape(_clean(f'{node.name}：{node.note}'))}</title>"
    circle = f'<circle {place} fill="{fill}" stroke="{stroke}" stroke-width="{1 if leaf else 1.4}"/>'
    if leaf and shade(node, figure).hatched:
        circle += f'<circle {place} fill="url(#hatch)" pointer-events="none"/>'
    return title + circle


def _name(node: Node, depth: int, figure: str, scale: float) -> str:
    if node.mark != "leaf":
        if depth == 0:
            return ""
        size = max(11.0, min(17.0, node.size / 6)) * scale
        return _text(node.x, node.y - node.size + size * 0.55, size, _place(node), INK, bold=True, halo=True)
    name, value = _place(node), _value(node, figure)
    size = min(15.0, 1.72 * node.size / max(len(name), 3))
    if size < _READABLE:
        return ""
    lines = _text(node.x, node.y + (size * 0.35 if not value else -size * 0.12), size, name, INK)
    return lines + (_text(node.x, node.y + size * 1.15, size * 0.9, value, QUIET) if value else "")


def _place(node: Node) -> str:
    """On a map everybody knows that 飞行 is a community."""
    name = area_name(node.name)
    return name.removesuffix("社区") or name if node.label == "Community" else name


def _value(node: Node, figure: str) -> str:
    value = node.numbers.get(figure)
    if value is None:
        return ""
    return (
        f"{value:.0f}%"
        if figure == COVERAGE and (value in (0, 100) or value < 99)
        else f"{value:g}%"
        if figure == COVERAGE
        else f"{value:,.0f}"
    )


def _text(
    x: float, y: float, size: float, words: str, colour: str, bold: bool = False, halo: bool = False
) -> str:
    weight = ' font-weight="600"' if bold else ""
    around = (
        ' stroke="#ffffff" stroke-width="3.5" stroke-linejoin="round" paint-order="stroke"' if halo else ""
    )
    return (
        f'<text x="{x:.2f}" y="{y:.2f}" font-size="{size:.1f}" text-anchor="middle" fill="{colour}" pointer-events="none"'
        f"{weight}{around}>{escape(_clean(words))}</text>"
    )


def _clean(text: str) -> str:
    """Without what XML cannot hold."""
    return "".join(
        c
        if c in "\t\n" or (c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff")
        else "\ufffd"
        for c in text
    )
