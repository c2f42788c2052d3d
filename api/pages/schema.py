"""数据模型: the declared kinds of node and relationship, their properties and code lists, as pages."""

from apiflask import APIFlask
from flask import render_template

from api.pages.frame import Asked, add_page
from api.remembered import Remembered
from graph.model import GraphSchema, NodeType
from graph.schema import GROUPS, SCHEMA


def add(app: APIFlask, store: Remembered) -> None:
    """Serve the page. It shows what is declared, and asks the store nothing."""

    def page(asked: Asked) -> str:
        return render_template(
            "schema.html", frame=asked.frame, version=SCHEMA.version, groups=_groups(SCHEMA),
            relationships=SCHEMA.relationships, lists=sorted(SCHEMA.code_lists.values(), key=lambda codes: codes.heading),
            heading={node.label: node.heading for node in SCHEMA.nodes}, ties=_ties(SCHEMA),
        )  # fmt: skip

    add_page(app, store, "/schema", "schema", page)


def _groups(schema: GraphSchema) -> list[tuple[str, list[NodeType]]]:
    """The kinds of node by their part, in the order in which a district fills them; the product's own come last."""
    found = [
        (heading, [n for n in schema.nodes if n.group == group and not n.internal])
        for group, heading in GROUPS.items()
    ]
    return [*found, ("系统记录", [n for n in schema.nodes if n.internal])]


def _ties(schema: GraphSchema) -> dict[str, list[tuple[str, str, str]]]:
    """By label, what a node is tied to: (what the relationship is called, its name, the labels at its end)."""
    return {
        node.label: [
            (relationship.heading, relationship.name, " ".join(tie.ends)) for relationship, tie in schema.ties_from(node.label)
        ]
        for node in schema.nodes
    }  # fmt: skip
