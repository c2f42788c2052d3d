"""Drafts for the tests, written as a clerk writes rows: headings and cells."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from graph.ask import Reader
from graph.schema import SCHEMA
from loaders.drafts import LinkDraft, NodeDraft, Reference, TableDrafts
from loaders.layout import Role, SheetLayout, layouts

LAYOUTS = {layout.name: layout for layout in layouts(SCHEMA)}
Cells = Mapping[str, Any]
Snapshot = tuple[list[str], list[str]]


def sheet(
    name: str,
    *rows: Cells,
    file: str = "",
    source: str = "",
    sha256: str = "",
    rejected: frozenset[int] = frozenset(),
) -> TableDrafts:
    """A table of a node label or relationship type. The first row is row 2; None is an empty cell."""
    layout = LAYOUTS[name]
    nodes = [_node(layout, cells, at + 2) for at, cells in enumerate(rows) if layout.node]
    links = [_link(layout, cells, at + 2) for at, cells in enumerate(rows) if not layout.node]
    digest = hashlib.sha256(json.dumps([name, rows], ensure_ascii=False).encode()).hexdigest()
    return TableDrafts(
        file or f"{layout.title}.xlsx",
        layout.title,
        sha256 or digest,
        source or layout.title,
        name,
        nodes,
        links,
        (),
        rejected,
    )


def _node(layout: SheetLayout, cells: Cells, row: int) -> NodeDraft:
    assert layout.node
    properties: dict[str, Any] = {}
    references: list[Reference] = []
    absent: list[str] = []
    extra = {c.heading: v for c in layout.columns if c.role is Role.REFERENCE_PROPERTY for v in [cells.get(c.heading)]}  # fmt: skip
    for heading, value in cells.items():
        column = layout.column(heading)
        if column.role is Role.PROPERTY and column.property:
            properties[column.property.name] = value
        elif column.role is Role.REFERENCE and column.relationship:
            name = column.relationship.name
            of_tie = {
                c.property.name: extra[c.heading]
                for c in layout.columns
                if c.role is Role.REFERENCE_PROPERTY
                and c.property
                and c.relationship == column.relationship
                and c.heading in cells
            }
            texts = str(value).split("、") if value else []
            references += [Reference(name, column.ends, text, heading, of_tie) for text in texts]
            absent += [] if texts else [name]
    id_ = properties.pop("id", None) or ""
    return NodeDraft(layout.node.label, id_, properties, tuple(references), tuple(absent), row)


def _link(layout: SheetLayout, cells: Cells, row: int) -> LinkDraft:
    assert layout.relationship
    ends: dict[Role, Reference] = {}
    properties: dict[str, Any] = {}
    for heading, value in cells.items():
        column = layout.column(heading)
        if column.role is Role.PROPERTY and column.property:
            properties[column.property.name] = value
        else:
            ends[column.role] = Reference("", column.ends, str(value), heading)
    return LinkDraft(layout.relationship.name, ends[Role.START], ends[Role.END], properties, row)


def snapshot(store: Reader, *, without: tuple[str, ...] = ("StoreRecord",)) -> Snapshot:
    """Everything in a store, in an order of its own, times of loading left out."""
    nodes = store.read("MATCH (n) RETURN labels(n)[0] AS label, properties(n) AS p")
    ties = store.read(
        "MATCH (a)-[r]->(b) RETURN type(r) AS type, labels(a)[0] AS start_label, a.id AS start, "
        "labels(b)[0] AS end_label, b.id AS end, properties(r) AS p"
    )
    return (
        sorted(_line(row) for row in nodes if row["label"] not in without),
        sorted(_line(row) for row in ties),
    )


def _line(row: dict[str, Any]) -> str:
    properties = {name: value for name, value in row["p"].items() if name != "loaded_at"}
    return json.dumps({**row, "p": properties}, ensure_ascii=False, sort_keys=True)


def one(store: Reader, text: str, **parameters: Any) -> Any:
    """The only value of the only row of a query."""
    rows = store.read(text, parameters)
    assert len(rows) == 1, rows
    return next(iter(rows[0].values()))
