"""A way through the graph told in one Chinese sentence. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph.schema import SCHEMA
from viz.kinds import kind_of
from viz.picture import Node

WORDS: Mapping[str, tuple[str, str]] = {
    "PART_OF": ("属于", "下有"), "COVERS": ("覆盖", "归入"), "IN_GRID": ("在", "内有"),
    "REPORTS_TO": ("的上级是", "的下级有"), "LEADS": ("领导", "的党组织是"), "OF_UNIT": ("所属单位是", "的党组织是"),
    "BELONGS_TO": ("的组织关系在", "的党员有"), "REPORTED_TO": ("报到于", "的报到党员有"), "LIVES_IN": ("住在", "的住户有"),
    "HOLDS": ("任职于", "的任职人员有"), "LOCATED_IN": ("位于", "的驻区单位有"), "SEATED_ON": ("兼职于", "的兼职单位有"),
    "WITH_UNIT": ("的签约单位是", "签有"), "WITH_ORGANIZATION": ("的签约组织是", "签有"), "PROMISES": ("承诺", "写入"),
    "SERVES": ("服务", "的服务方有"), "IN_AREA": ("在", "内有"), "IN_COMMUNITY": ("在", "内有"),
    "BROADER": ("的大类是", "下有"), "CAN_SERVE": ("可满足", "可用的资源类别是"), "RAISED_BY": ("的提出方是", "提出"),
    "RAISED_IN": ("提出于", "收到"), "IN_CATEGORY": ("的类别是", "之下有"), "OFFERED_BY": ("的提供方是", "提供"),
    "MEETS": ("满足", "对应"), "USES": ("使用", "用于"), "UNDER": ("依据", "之下有"), "LED_BY": ("的牵头方是", "牵头"),
    "RESULTS_IN": ("建成", "出自"), "BY_UNIT": ("的认领单位是", "提交"), "FOR_NEED": ("认领", "收到"),
    "WITH_RESOURCE": ("投入", "投入到"), "DISCUSSED": ("讨论", "列入议题的会议是"), "DECIDED": ("议定", "经会议议定，出自"),
    "OF": ("属于", "有"),
}  # fmt: skip
"""What is said between two things: along a relationship, and against it."""


@dataclass(frozen=True)
class Step:
    """One tie on a way: its type, and whether it leads the way that is told."""

    relationship: str
    along: bool


@dataclass(frozen=True)
class Part:
    """A piece of the sentence; `key` is the thing in the picture that it names, if it names one."""

    text: str
    key: str = ""


def told(nodes: Sequence[Node], steps: Sequence[Step]) -> list[Part]:
    """The way from the first node to the last, a clause a step.

    >>> hospital, hall = Node("Unit", {"id": "U", "name": "示例医院"}), Node("Resource", {"id": "R", "title": "多功能厅"})
    >>> sentence(told([hospital, hall], [Step("OFFERED_BY", False)]))
    '示例医院提供资源多功能厅。'
    """
    parts = [Part(nodes[0].name, nodes[0].key)]
    for node, step in zip(nodes[1:], steps, strict=True):
        comma = "，" if len(parts) > 1 else ""
        said = words(step)
        # After a comma what was named last is still spoken of: 的 has nothing to hang on.
        said = said.removeprefix("的") if comma else said
        if comma and words(step).startswith("的"):
            said = f"其{said}"
        parts += [Part(f"{comma}{said}{_kind(node)}"), Part(node.name, node.key)]
    return [*parts, Part("。")]


def sentence(parts: Sequence[Part]) -> str:
    """The parts as one text."""
    return "".join(part.text for part in parts)


def words(step: Step) -> str:
    """What is said between the two ends of a step."""
    known = WORDS.get(step.relationship)
    if known is None:
        return heading_of(step.relationship)
    return known[0] if step.along else known[1]


def heading_of(relationship: str) -> str:
    """What people read for a relationship's type; the type itself when the schema has none."""
    names = {each.name: each.heading for each in SCHEMA.relationships}
    return names.get(relationship, relationship)


def _kind(node: Node) -> str:
    """The kind is said where the name does not say it: 需求 before a need, nothing before a street."""
    heading = kind_of(node.label).heading
    return "" if heading in node.name or node.label in _TELLING else heading


_TELLING = ("District", "Street", "Community", "Estate", "Grid", "Building", "Unit", "PartyOrganization", "Organization", "Venue")  # fmt: skip
