"""The picture of a neighbourhood, and of a way between two things. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from graph.neighbourhood import Bundle, Key, Neighbourhood, Tie
from viz.kinds import order_of
from viz.picture import Edge, More, Node, Picture
from viz.rings import rings
from viz.telling import Step, heading_of, sentence, told

MIDDLE, USUAL = 18.0, 9.0
_WIDE = {"District": 14.0, "Street": 13.0, "Community": 12.0}
_APART = 190.0


def surroundings(around: Neighbourhood, opened: Collection[Key] = ()) -> Picture:
    """A neighbourhood in rings, the thing it is about in the middle.

    Of the middle and of `opened` things what is not shown has a place of its own, by kind; of others it is said
    beside their name.
    """
    telling = {around.middle, *opened}
    hops = _in_order(around, telling)
    places = rings(hops, around.middle)
    hidden: dict[Key, int] = {}
    for bundle, count in around.more.items():
        hidden[bundle.at] = hidden.get(bundle.at, 0) + count
    nodes = []
    for key, properties in around.things.items():
        middle = key == around.middle
        note = "" if key in telling or key not in hidden else f"另有 {hidden[key]:,} 个相邻对象未显示"
        nodes.append(
            Node(
                key[0], properties, places[key].x, places[key].y, MIDDLE if middle else _WIDE.get(key[0], USUAL),
                "middle" if middle else "", note,
            )
        )  # fmt: skip
    more = [
        More(_name(b.at), b.relationship, b.outgoing, b.label, count, places[b].x, places[b].y)
        for b, count in around.more.items()
        if b.at in telling
    ]
    picture = Picture("neighbourhood", "", around.scope, around.as_of, nodes, edges(around.ties), more)
    return replace(picture, title=_title(picture, sum(around.more.values())))


def way(scope: str, as_of: str, things: Sequence[Mapping[str, Any]], ties: Sequence[Tie]) -> Picture:
    """The picture of a way: its things ({label, properties}) side by side, told in its title."""
    nodes = [
        Node(
            each["label"], each["properties"], i * _APART, 0.0,
            MIDDLE if i in (0, len(things) - 1) else 12.0, "middle" if i in (0, len(things) - 1) else "path",
        )
        for i, each in enumerate(things)
    ]  # fmt: skip
    drawn = [replace(edge, mark="path") for edge in edges(ties)]
    return Picture("path", sentence(told(nodes, steps(nodes, ties))), scope, as_of, nodes, drawn)


def steps(nodes: Sequence[Node], ties: Sequence[Tie]) -> list[Step]:
    """The ties of a way as they are told: whether each leads the way that is gone."""
    return [
        Step(tie.relationship, _name(tie.start) == node.key) for node, tie in zip(nodes, ties, strict=False)
    ]


def edges(ties: Sequence[Tie]) -> list[Edge]:
    """Ties as edges of a picture."""
    return [
        Edge(
            _name(t.start), _name(t.end), t.relationship, heading_of(t.relationship), properties=t.properties
        )
        for t in ties
    ]


def _in_order(
    around: Neighbourhood, telling: Collection[Key]
) -> list[list[tuple[Key | Bundle, Key | Bundle]]]:
    """The hops with a place for what is not shown after each kind, kinds in the order of the schema."""
    of_hop = {key: number for number, hop in enumerate(around.hops) for key, _ in hop}
    of_hop[around.middle] = -1
    found: list[list[tuple[Key | Bundle, Key | Bundle]]] = [[(k, p) for k, p in hop] for hop in around.hops]
    for bundle in around.more:
        if bundle.at in telling:
            found[of_hop[bundle.at] + 1].append((bundle, bundle.at))
    return [sorted(hop, key=lambda each: _kind_order(each[0])) for hop in found]


def _kind_order(each: Key | Bundle) -> tuple[int, bool]:
    return (order_of(each.label), True) if isinstance(each, Bundle) else (order_of(each[0]), False)


def _title(picture: Picture, hidden: int) -> str:
    middle = next(node for node in picture.nodes if node.mark == "middle")
    words = f"{middle.name}的邻域：{len(picture.nodes):,} 个对象，{len(picture.edges):,} 条联系"
    return f"{words}；另有 {hidden:,} 个未显示" if hidden else words


def _name(key: Key) -> str:
    return f"{key[0]}:{key[1]}"
