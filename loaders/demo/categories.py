"""The categories of needs and resources on two levels, and which resources can serve which needs.

They are not of one district: a demo of several writes them once, with the first.
"""

from collections.abc import Iterator

from loaders.demo.need_kinds import NEED_KINDS
from loaders.demo.resource_kinds import RESOURCE_KINDS
from loaders.demo.rows import Row, SheetRows


def category_rows() -> Iterator[Row]:
    """Both lists, each wider category before its narrower ones. Names of narrower ones occur only once."""
    for letter, kind, leaves in (("X", "需求", NEED_KINDS), ("Z", "资源", RESOURCE_KINDS)):
        yield from _list_rows(letter, kind, [(leaf.parent, leaf.name, leaf.synonyms) for leaf in leaves])


def _list_rows(letter: str, kind: str, leaves: list[tuple[str, str, tuple[str, ...]]]) -> Iterator[Row]:
    sheet = SheetRows("Category")
    parents = list(dict.fromkeys(parent for parent, _, _ in leaves))
    for order, parent in enumerate(parents, 1):
        number = f"{letter}-{order:02d}"
        yield sheet.row(id=number, name=parent, list=kind)
        inside = [(name, synonyms) for above, name, synonyms in leaves if above == parent]
        for position, (name, synonyms) in enumerate(inside, 1):
            yield sheet.row(
                id=f"{number}-{position:02d}", name=name, list=kind, BROADER=number, synonyms=synonyms
            )


def can_serve_rows() -> Iterator[Row]:
    """Which category of resources can serve which category of needs, and how well."""
    sheet = SheetRows("CAN_SERVE")
    for kind in RESOURCE_KINDS:
        for need, weight in kind.serves.items():
            yield sheet.row(start=kind.name, end=need, weight=weight)
