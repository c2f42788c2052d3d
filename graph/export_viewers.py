"""The formats of graph viewers and of networkx: GraphML, GEXF and node-link JSON. Pure: content in, text out.

All three are directed multigraphs whose node names are `Label:key`, since keys are unique within a label only.
A node has `label` and `key` beside its other properties, an edge `type`. Neither GraphML nor networkx's GEXF
knows lists: there a list is a JSON array in a string. Formats: graphml.graphdrawing.org, gexf.net (1.2draft).
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from graph.backup_file import NodeRecord, RelationshipRecord
from graph.export_content import SYNTHETIC, Content
from graph.model import Property, ValueType
from graph.schema import SCHEMA

_XML_TYPES = {ValueType.INTEGER: "long", ValueType.DECIMAL: "double", ValueType.BOOLEAN: "boolean"}
# XML 1.0 has no form at all for these.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DRAWN = "http://www.gexf.net/1.2draft"


def node_name(key: tuple[str, str]) -> str:
    """The name of a node in these formats.

    >>> node_name(("Community", "410411004004"))
    'Community:410411004004'
    """
    return f"{key[0]}:{key[1]}"


def graphml(content: Content) -> Iterator[str]:
    """GraphML, with the Chinese name of each property as its description."""
    nodes, edges = (
        _columns(content, content.labels, "label"),
        _columns(content, content.relationship_types(), "type"),
    )
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    for owner, columns in (("node", nodes), ("edge", edges)):
        for (name, kind), (id_, heading) in columns.items():
            yield f'<key id="{owner[0]}{id_}" for="{owner}" attr.name="{name}" attr.type="{kind}"><desc>{escape(heading)}</desc></key>\n'
    yield '<graph edgedefault="directed">\n' + (f"<desc>{SYNTHETIC}</desc>\n" if content.synthetic else "")
    for node in content.nodes():
        yield f"<node id={_attribute(node_name(_key(node)))}>{_data('n', nodes, _node_values(node))}</node>\n"
    for number, edge in enumerate(content.relationships()):
        ends = f"source={_attribute(node_name(edge.start))} target={_attribute(node_name(edge.end))}"
        yield f'<edge id="e{number}" {ends}>{_data("e", edges, _edge_values(edge))}</edge>\n'
    yield "</graph>\n</graphml>\n"


def gexf(content: Content) -> Iterator[str]:
    """GEXF 1.2: nodes show their title and have the schema's colour, so that a viewer draws something readable."""
    nodes, edges = (
        _columns(content, content.labels, "label"),
        _columns(content, content.relationship_types(), "type"),
    )
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="{_DRAWN}" xmlns:viz="{_DRAWN}/viz" version="1.2">\n'
    if content.synthetic:
        yield f"<meta><description>{SYNTHETIC}</description></meta>\n"
    yield '<graph defaultedgetype="directed" mode="static">\n'
    for owner, columns in (("node", nodes), ("edge", edges)):
        yield f'<attributes class="{owner}">\n'
        for (name, kind), (id_, _) in columns.items():
            yield f'<attribute id="{id_}" title="{name}" type="{kind}"/>\n'
        yield "</attributes>\n"
    yield "<nodes>\n"
    for node in content.nodes():
        declared = SCHEMA.node(node.label)
        title = str(node.properties.get(declared.title) or node.properties["id"])
        red, green, blue = (int(declared.colour[i : i + 2], 16) for i in (1, 3, 5))
        yield (
            f"<node id={_attribute(node_name(_key(node)))} label={_attribute(title)}>"
            f'{_attvalues(nodes, _node_values(node))}<viz:color r="{red}" g="{green}" b="{blue}"/></node>\n'
        )
    yield "</nodes>\n<edges>\n"
    for number, edge in enumerate(content.relationships()):
        ends = f"source={_attribute(node_name(edge.start))} target={_attribute(node_name(edge.end))}"
        yield f'<edge id="{number}" {ends} label="{edge.type}">{_attvalues(edges, _edge_values(edge))}</edge>\n'
    yield "</edges>\n</graph>\n</gexf>\n"


def node_link(content: Content) -> Iterator[str]:
    """Node-link JSON, as `networkx.node_link_graph` reads it; lists stay lists."""
    about = {"scope": content.scope, "schema_version": SCHEMA.version}
    about |= {"synthetic": SYNTHETIC} if content.synthetic else {}
    yield f'{{"directed": true, "multigraph": true, "graph": {_json(about)}, "nodes": ['
    separator = "\n"
    for node in content.nodes():
        yield separator + _json({"id": node_name(_key(node)), **_node_values(node)})
        separator = ",\n"
    yield '\n], "edges": ['
    separator = "\n"
    for edge in content.relationships():
        ends = {"source": node_name(edge.start), "target": node_name(edge.end)}
        yield separator + _json({**ends, **_edge_values(edge)})
        separator = ",\n"
    yield "\n]}\n"


Columns = dict[tuple[str, str], tuple[str, str]]
"""(name, type) of an attribute to its number in the file and its Chinese heading."""


def _columns(content: Content, owners: Iterable[str], kind: str) -> Columns:
    """The attributes of all owners. One name may stand for two types, and is then two attributes."""
    found: Columns = {(kind, "string"): ("0", "类型")}
    if kind == "label":
        found["key", "string"] = ("1", "编号")
    for owner in owners:
        for each in content.properties(owner):
            if each.name != "id":
                found.setdefault(_column(each), (str(len(found)), each.heading))
    return found


def _column(declared: Property) -> tuple[str, str]:
    return declared.name, _XML_TYPES.get(declared.type, "string")


def _key(node: NodeRecord) -> tuple[str, str]:
    return node.label, node.properties["id"]


def _node_values(node: NodeRecord) -> dict[str, Any]:
    rest = {name: value for name, value in node.properties.items() if name != "id"}
    return {"label": node.label, "key": node.properties["id"], **rest}


def _edge_values(edge: RelationshipRecord) -> dict[str, Any]:
    # `key` only tells parallel relationships apart in a store; in networkx it has another meaning.
    return {"type": edge.type, **{name: value for name, value in edge.properties.items() if name != "key"}}


def _written(values: Mapping[str, Any], columns: Columns) -> Iterator[tuple[str, str]]:
    """The number of each attribute and its value as text."""
    for name, value in values.items():
        kind = {bool: "boolean", int: "long", float: "double"}.get(type(value), "string")
        text = _json(value) if isinstance(value, bool | list) else str(value)
        yield columns[name, kind][0], _UNWRITABLE.sub("\ufffd", text)


def _data(prefix: str, columns: Columns, values: Mapping[str, Any]) -> str:
    written = _written(values, columns)
    return "".join(
        f'<data key="{prefix}{n}">{escape(text, {chr(13): "&#13;"})}</data>' for n, text in written
    )


def _attvalues(columns: Columns, values: Mapping[str, Any]) -> str:
    written = (f'<attvalue for="{n}" value={quoteattr(text)}/>' for n, text in _written(values, columns))
    return f"<attvalues>{''.join(written)}</attvalues>"


def _attribute(text: str) -> str:
    return quoteattr(_UNWRITABLE.sub("\ufffd", text))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
