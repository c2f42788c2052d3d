"""A picture as one HTML file that needs nothing else: drawn by vis-network, written through pyvis. Pure.

The template is ours: that of pyvis loads styles from elsewhere and prints headings, options and keys as they are,
scripts in them included. Whoever writes the text to a disk writes it as UTF-8, whatever the machine's own encoding.
"""

from collections.abc import Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined

from graph.export_content import SYNTHETIC
from viz.picture import IN_ONE_FILE, Picture
from viz.vis import OPTIONS, payload


class TooLarge(ValueError):
    """A picture with more nodes than a file may hold; the text is a Chinese sentence that says what to do."""


def html_file(picture: Picture, scripts: Sequence[str], style: str = "") -> str:
    """The page: the sentence, the legend, the picture where its nodes stand, its twin as tables.

    `scripts` are the texts of vis-data and vis-network, in this order, `style` that of vis-network's own sheet.
    Raises TooLarge beyond IN_ONE_FILE nodes.
    """
    if len(picture.nodes) > IN_ONE_FILE:
        raise TooLarge(
            f"这张图有 {len(picture.nodes):,} 个对象，一个 HTML 文件最多放 {IN_ONE_FILE:,} 个；"
            "请缩小范围（选一个街道、社区或减少展开），或改用 GraphML、GEXF、CSV"
        )
    from pyvis.network import Network  # type: ignore[import-untyped]  # here: slow to import

    data = payload(picture)
    drawn = Network(directed=True, cdn_resources="in_line")
    drawn.templateEnv = Environment(
        loader=PackageLoader("viz"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )  # fmt: skip
    drawn.templateEnv.globals.update(
        picture=picture, data=data, synthetic=SYNTHETIC, scripts=[_inline(each, "script") for each in scripts], style=_inline(style, "style"),
    )  # fmt: skip
    drawn.path = "picture.html"
    drawn.options = dict(OPTIONS)
    for each in data["nodes"]:
        own = {name: value for name, value in each.items() if name not in ("id", "label", "shape", "color")}
        drawn.add_node(each["id"], each["label"] or " ", each["shape"], each["color"], **own)
    # `add_edge` of pyvis compares each edge with all before it, and drops parallel ones.
    drawn.edges.extend(
        {"arrows": {"to": {"enabled": True, "scaleFactor": 0.45}}, **edge} for edge in data["edges"]
    )
    return str(drawn.generate_html())


def _inline(text: str, element: str) -> str:
    """A script or a style that stands in a page: nothing in it may end its element or begin a comment."""
    return text.replace(f"</{element}", f"<\\/{element}").replace("<!--", "<\\!--")
