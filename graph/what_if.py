"""What would be lost without a unit, a person or an organization. Read only: nothing is taken out of the store.

Composes the queries `lost_without_...` and `needs_lost_without`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graph.ask import ParameterError, Reader, ask, bind
from graph.catalog import queries
from graph.schema import SCHEMA

_ASKED = {
    "Unit": ("lost_without_unit", "unit"),
    "Person": ("lost_without_person", "person"),
    "PartyOrganization": ("lost_without_organization", "organization"),
    "Organization": ("lost_without_organization", "organization"),
}
MEANINGS: Mapping[str, str] = {
    "独家类别": "所在社区只有它提供这类资源",
    "席位": "兼职席位：单位离开后该委员会不再有兼职单位，或组织撤销后这些单位失去席位",
    "协议": "有效协议无人履行",
    "项目": "在办项目失去资源或牵头单位",
    "岗位": "该处没有别人担任这个岗位",
    "楼栋": "楼里没有别的党员",
    "区域": "没有同级党组织领导，或没有同类组织服务",
    "下级组织": "失去上级组织",
    "党员": "失去所属组织",
}
"""What each kind of loss says, in Chinese."""


class UnknownEntityError(ParameterError):
    """Nothing in the scope has the key."""


@dataclass(frozen=True)
class Loss:
    """One thing lost or left without: `loss` is a key of `MEANINGS`, `detail` explains, empty if nothing more is known."""

    loss: str
    id: str
    name: str
    detail: str


@dataclass(frozen=True)
class Need:
    """An open need that no other resource can serve."""

    id: str
    title: str
    category: str
    place: str


@dataclass(frozen=True)
class WhatIf:
    """What an area would lose without one entity on a day. `name` is masked where it is personal."""

    scope: str
    as_of: str
    label: str
    id: str
    name: str
    losses: list[Loss]
    needs: list[Need]

    @property
    def meanings(self) -> dict[str, str]:
        """What each kind of loss in it says."""
        return {kind: MEANINGS[kind] for kind in dict.fromkeys(loss.loss for loss in self.losses)}

    @property
    def shown(self) -> str:
        """How people read who is meant: 共建单位 示例医院."""
        return f"{SCHEMA.node(self.label).heading} {self.name}"


def coverage_without(store: Reader, id_: str, scope: str | None = None, as_of: str | None = None) -> WhatIf:
    """What becomes uncovered in an area without a unit, a person or an organization.

    Raises ParameterError for a scope or a day that cannot be used and for a key of anything else,
    UnknownEntityError for a key that nothing in the scope has.
    """
    given = bind(queries()["needs_without_candidate"], {"scope": scope, "as_of": as_of}, store)
    label, name = _entity(store, id_, given["scope"])
    query, parameter = _ASKED[label]
    lost = ask(store, queries()[query], {**given, parameter: id_}).rows
    needs = ask(store, queries()["needs_lost_without"], {**given, "owner": id_}).rows
    return WhatIf(
        given["scope"], given["as_of"], label, id_, name,
        [Loss(row["loss"], row["id"], row["name"] or "", row["detail"] or "") for row in lost],
        [Need(row["need_id"], row["title"], row["category"] or "", row["place"]) for row in needs],
    )  # fmt: skip


def _entity(store: Reader, id_: str, scope: str) -> tuple[str, str]:
    rows: list[dict[str, Any]] = ask(store, queries()["entity"], {"scope": scope, "id": id_}).rows
    known = [row["entity"] for row in rows if row["entity"]["label"] in _ASKED]
    if known:
        return known[0]["label"], known[0]["properties"]["name"]
    kinds = "、".join(SCHEMA.node(label).heading for label in _ASKED)
    if rows:
        heading = SCHEMA.node(rows[0]["entity"]["label"]).heading
        raise ParameterError("id", f"“{id_[:60]}”是{heading}；可以假设失去的有：{kinds}")
    raise UnknownEntityError("id", f"此范围内没有编号为“{id_[:60]}”的对象；应为{kinds}的编号")
