"""Every picture, declared once: the command line, the API and the pages follow from it.

A picture is made from named queries and from `viz`; what is given to it is text, as people and programs write it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from graph.ask import SCOPE_TEXT, ParameterError, Reader, ask, bind, reference_date
from graph.catalog import queries
from graph.neighbourhood import DEEPEST, Bundle, Key, Tie, entity, neighbourhood
from graph.network import organization_ties, weakest
from graph.prepare import is_synthetic
from graph.schema import SCHEMA
from viz.flows import flows
from viz.party import party_tree
from viz.picture import Picture
from viz.surroundings import surroundings, way
from viz.territory import territory
from viz.weak_points import weak_points

Given = Mapping[str, str]


@dataclass(frozen=True)
class Parameter:
    """A parameter of a picture beside `scope` and `as_of`; `doc` is English for programs, `heading` Chinese."""

    name: str
    heading: str
    doc: str
    required: bool = False
    example: str = ""


@dataclass(frozen=True)
class PictureKind:
    """A picture: its name, what it shows, its parameters, the queries behind it, and how it is made."""

    name: str
    title: str
    doc: str
    meaning: str
    queries: Sequence[str]
    make: Callable[[Reader, Given], Picture]
    parameters: Sequence[Parameter] = ()


def make(store: Reader, name: str, given: Given) -> Picture:
    """A picture by its name. Raises ParameterError for a parameter that is unknown, missing or wrong."""
    kind = PICTURES[name]
    allowed = ["scope", "as_of", *(p.name for p in kind.parameters)]
    for each in given:
        if each not in allowed:
            raise ParameterError(
                each, f"图“{kind.title}”没有参数 {each[:60]}，可用的有：{'、'.join(allowed)}"
            )
    for parameter in kind.parameters:
        if parameter.required and not given.get(parameter.name):
            raise ParameterError(
                parameter.name, f"缺少参数 {parameter.name}：{parameter.heading}，例如 {parameter.example}"
            )
    return replace(kind.make(store, given), synthetic=is_synthetic(store))


def key_of(text: str) -> Key:
    """A thing as it is written in an address: `Unit:DW-0001`, or its id alone; the label is then "".

    >>> key_of("Unit:DW-0001"), key_of("410411")
    (('Unit', 'DW-0001'), ('', '410411'))
    """
    label, colon, id_ = text.partition(":")
    known = colon and any(node.label == label for node in SCHEMA.nodes)
    return (label, id_) if known else ("", text)


def keys_of(text: str) -> list[Key]:
    """Several things, with commas between them."""
    return [key_of(each) for each in text.split(",") if each]


def bundles_of(text: str) -> list[Bundle]:
    """Kinds of ties of which more are shown, as `viz.picture.More.key` writes them, with commas between them."""
    found = []
    for each in filter(None, text.split(",")):
        parts = each.split("~")
        if len(parts) != 4 or parts[2] not in ("in", "out"):
            raise ParameterError("more", f"参数 more 的值“{each[:60]}”不对：应取自图中的“还有 N 个”")
        found.append(Bundle(key_of(parts[0]), parts[1], parts[2] == "out", parts[3]))
    return found


def _asked(store: Reader, name: str, given: Given) -> dict[str, Any]:
    params = {p.name for p in queries()[name].params}
    return bind(queries()[name], {k: v for k, v in given.items() if k in params}, store)


def _name(store: Reader, scope: str) -> str:
    return str(store.read(SCOPE_TEXT, {"scope": scope})[0]["name"] or scope)


def _territory(store: Reader, given: Given) -> Picture:
    asked = _asked(store, "territory_map", given)
    return territory(asked["scope"], asked["as_of"], ask(store, queries()["territory_map"], asked).rows)


def _party(store: Reader, given: Given) -> Picture:
    asked = _asked(store, "organization_tree", given)
    rows = ask(store, queries()["organization_tree"], asked).rows
    return party_tree(asked["scope"], asked["as_of"], _name(store, asked["scope"]), rows)


def _flows(store: Reader, given: Given) -> Picture:
    asked = _asked(store, "supply_demand", given)
    rows = ask(store, queries()["supply_demand"], asked).rows
    labels = {
        row["id"]: row["label"]
        for row in ask(store, queries()["territory_map"], {"scope": asked["scope"]}).rows
    }
    return flows(asked["scope"], reference_date(store), _name(store, asked["scope"]), rows, labels)


def _weak_points(store: Reader, given: Given) -> Picture:
    network = organization_ties(store, dict(given))
    cut_off, _ = weakest(network, 0)
    asked = {name: network.asked[name] for name in ("scope", "as_of")}
    areas = ask(store, queries()["territory_map"], asked).rows
    return weak_points(network, _name(store, asked["scope"]), cut_off, areas)


def _neighbourhood(store: Reader, given: Given) -> Picture:
    opened = keys_of(given.get("open", ""))
    around = neighbourhood(
        store, {k: given[k] for k in ("scope", "as_of") if given.get(k)}, key_of(given["node"]),
        _depth(given.get("depth") or "1"), opened, bundles_of(given.get("more", "")),
    )  # fmt: skip
    return surroundings(around, opened)


def _path(store: Reader, given: Given) -> Picture:
    asked = _asked(store, "area_counts", given)
    start, _ = entity(store, asked["scope"], *reversed(key_of(given["start"])))
    end = key_of(given["end"])
    if start[1] == end[1]:
        raise ParameterError("end", "起点和终点是同一个对象；请选两个不同的对象")
    rows = ask(
        store, queries()["path_between"], {"scope": asked["scope"], "start": start[1], "end": end[1]}
    ).rows
    if not rows:
        raise ParameterError(
            "end", f"六步以内没有从“{start[1][:60]}”到“{end[1][:60]}”的路径，或没有这样的对象；请换一个对象"
        )
    things = rows[0]["nodes"]
    keys: list[Key] = [(each["label"], str(each["properties"]["id"])) for each in things]
    ties = [
        Tie(a, tie["relationship"], b) if tie["start"] == a[1] else Tie(b, tie["relationship"], a)
        for a, b, tie in zip(keys, keys[1:], rows[0]["ties"], strict=False)
    ]
    return way(asked["scope"], asked["as_of"], things, ties)


def _depth(text: str) -> int:
    if text not in {str(n) for n in range(1, DEEPEST + 1)}:
        raise ParameterError("depth", f"参数 depth 的值“{text[:60]}”不对：应为 1 到 {DEEPEST} 的整数")
    return int(text)


_NODE = Parameter(
    "node", "对象编号", "The thing in the middle: Label:key, or its key alone.", True, "Unit:U1"
)
PICTURES: Mapping[str, PictureKind] = {
    kind.name: kind
    for kind in (
        PictureKind(
            "territory", "区域地图", "Areas as circles inside circles, with how many party organizations are due and there.",
            "区、街道、社区、小区、楼栋层层相套，颜色表示党组织覆盖率", ("territory_map",), _territory,
        ),
        PictureKind(
            "party", "党组织体系", "The tree of party organizations of the five levels.",
            "五级党组织的上下级关系，每个组织带下属组织数和党员数", ("organization_tree",), _party,
        ),
        PictureKind(
            "flows", "供需流向", "From categories of resources over categories of needs to the areas they come from.",
            "资源大类、需求大类、提出需求的区域之间的流向，每条需求只算一次", ("supply_demand",), _flows,
        ),
        PictureKind(
            "weak-points", "关键节点", "The network of organizations and units, with the points that it would fall apart without.",
            "组织与单位的网络，标出一旦失去就会断开的节点", ("organization_network", "territory_map"), _weak_points,
        ),
        PictureKind(
            "neighbourhood", "邻域", "What surrounds a thing, so many of each kind at most, hop by hop.",
            "一个对象周围的对象，每类先显示几个，可逐步展开", ("entity", "neighbours"), _neighbourhood,
            (
                _NODE,
                Parameter("depth", "步数", f"Hops, 1 to {DEEPEST}.", example="1"),
                Parameter("open", "展开的对象", "Further things to surround, with commas: Label:key,Label:key."),
                Parameter("more", "多显示的类别", "Kinds of ties of which more are shown, as the answer names them, with commas."),
            ),
        ),
        PictureKind(
            "path", "路径", "The shortest way between two things, told in one sentence.",
            "两个对象之间最短的联系，用一句话说明", ("path_between",), _path,
            (
                Parameter("start", "起点编号", "The first thing: Label:key, or its key alone.", True, "Unit:U1"),
                Parameter("end", "终点编号", "The last thing: Label:key, or its key alone.", True, "PartyOrganization:P2"),
            ),
        ),
    )
}  # fmt: skip
"""The pictures by name, in the order in which they are offered."""
