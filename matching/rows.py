"""What the graph hands over: one plain dict per row, as a query returns it, and what is found wrong with it.

Dates are ISO `YYYY-MM-DD` strings. Validity is half-open (`valid_from` <= day < `valid_to`); a need's
`wanted_to` is the last day on which it is wanted. Optional keys may be missing or None.
"""

from dataclasses import dataclass
from typing import NotRequired, TypedDict


class AreaRow(TypedDict):
    """An area and the areas that hold it directly: PART_OF, and IN_GRID of a building."""

    id: str
    label: str
    """District, Street, Community, Estate, Grid or Building."""
    name: str
    parents: list[str]


class CategoryRow(TypedDict):
    """A category of needs or of resources; `parent` is the wider one."""

    id: str
    name: str
    list_kind: NotRequired[str | None]
    """需求 or 资源."""
    parent: NotRequired[str | None]
    synonyms: NotRequired[list[str] | None]


class CanServeRow(TypedDict):
    """A CAN_SERVE relationship; between wider categories it holds for the narrower ones as well."""

    giving: str
    wanted: str
    weight: NotRequired[float | None]
    """0 to 1; missing: 1."""


class OwnerRow(TypedDict):
    """Who offers resources. `area` is the smallest area that it is in (a department: the district)."""

    id: str
    label: str
    name: str
    area: NotRequired[str | None]
    active: NotRequired[bool]
    """False: it left, or its validity ended. Missing: active."""
    vetoed: NotRequired[bool]
    """True: it is not to be asked."""
    declined_categories: NotRequired[list[str] | None]
    """Keys or names of categories of needs that it does not serve; a wider one stands for its narrower ones."""
    declined_groups: NotRequired[list[str] | None]
    """Groups that it does not serve."""


class NeedRow(TypedDict):
    """A need of any state; closed ones are kept, and answered with why they are not matched."""

    id: str
    title: str
    area: str | None
    category: str | None
    text: NotRequired[str | None]
    quantity: NotRequired[int | None]
    """Units asked for; missing: one."""
    met: NotRequired[int | None]
    """Units already promised to it by projects and claims that are under way."""
    unit: NotRequired[str | None]
    whole: NotRequired[bool | None]
    """Met in full or not at all; missing: a part helps as well."""
    urgency: NotRequired[int | None]
    """1 to 5; missing: 3."""
    wanted_from: NotRequired[str | None]
    wanted_to: NotRequired[str | None]
    deadline: NotRequired[str | None]
    beneficiary: NotRequired[str | None]
    state: NotRequired[str | None]


class ResourceRow(TypedDict):
    """A resource. `serves` has every area of its service scope, `groups` whom it may serve (none: everyone)."""

    id: str
    title: str
    owner: str | None
    category: str | None
    serves: list[str]
    text: NotRequired[str | None]
    capacity: NotRequired[int | None]
    """Units on offer; missing: none can be promised."""
    promised: NotRequired[int | None]
    """Units already promised to others."""
    unit: NotRequired[str | None]
    valid_from: NotRequired[str | None]
    valid_to: NotRequired[str | None]
    groups: NotRequired[list[str] | None]
    last_confirmed: NotRequired[str | None]


class TieRow(TypedDict):
    """An agreement in force, or a seat, of an owner with the party organization that leads `area`."""

    kind: str
    """`agreement` or `seat`."""
    owner: str
    area: str
    organization: str
    """Key of the party organization."""
    id: NotRequired[str | None]
    """Key of the agreement; a seat has none."""


class RecordRow(TypedDict):
    """One past delivery (`promised`, `delivered` units of a project) or one evaluation (`score`, 0 to 100)."""

    owner: str
    id: str
    """Key of the project or of the evaluation."""
    promised: NotRequired[int | None]
    delivered: NotRequired[int | None]
    score: NotRequired[float | None]


class VetoRow(TypedDict):
    """This need and this resource are not to be matched: it was proposed and turned down."""

    need: str
    resource: str


LABELS = {"Need": "需求", "Resource": "资源", "Unit": "提供方", "Area": "区域", "Category": "类别", "Tie": "协议或席位", "Record": "履约记录"}  # fmt: skip
"""Chinese names of what a finding is about."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with one row, and how to mend it; `message` is the whole Chinese sentence."""

    code: str
    """Stable, kebab-case."""
    label: str
    """A key of `LABELS`."""
    id: str
    message: str


def finding(code: str, label: str, key: str, heading: str, sentence: str) -> Finding:
    """A finding about one column.

    >>> finding("not-a-quantity", "Need", "XQ-1", "数量", "内容是“-5”，应为 1 以上的整数").message
    '需求 XQ-1「数量」：内容是“-5”，应为 1 以上的整数'
    """
    return Finding(code, label, key, f"{LABELS[label]} {key}「{heading}」：{sentence}")
