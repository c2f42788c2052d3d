"""What was set over a front door is kept: a register that says otherwise is told so, and the rest of its row loads.

A record knows which of its properties and relationship types were set there (`by_hand`). The register is not
wrong; it is older than what somebody has done since, or nobody has carried that into it yet.
"""

from collections.abc import Mapping
from typing import Any

from graph.ask import Reader
from graph.model import GraphSchema, NodeType
from graph.schema.lifecycles import BY_HAND
from graph.statements import set_by_hand
from loaders.compare import TiePlan
from loaders.problems import Problem, warning
from loaders.resolved import ResolvedTable

_SHOWN = 40
_MEND = "没有覆盖；若以表为准，请在系统中改"


class ByHand:
    """Which records of a store were written by hand, read once per label."""

    def __init__(self, store: Reader, schema: GraphSchema) -> None:
        self._store, self._schema = store, schema
        self._names: dict[str, Mapping[str, frozenset[str]]] = {}

    def names(self, label: str, id_: str) -> frozenset[str]:
        """The properties and relationship types of a record that were set by hand; none of most."""
        if label not in self._names:
            rows = (
                self._store.read(set_by_hand(self._schema.node(label)))
                if label in BY_HAND and label in {node.label for node in self._schema.nodes}
                else []
            )
            self._names[label] = {row["id"]: frozenset(row["names"]) for row in rows}
        return self._names[label].get(id_, frozenset())

    def keep(
        self, table: ResolvedTable, node: NodeType, id_: str, row: int, stored: Mapping[str, Any], changed: dict[str, Any]
    ) -> None:  # fmt: skip
        """Take out of `changed` what was set by hand, with a finding for each value that the row gives."""
        for name in self.names(node.label, id_) & set(changed):
            given = changed.pop(name)
            if given is not None:
                of = node.property(name)
                values = (
                    ""
                    if of.personal
                    else f"（系统中是“{_shown(stored.get(name))}”，表中是“{_shown(given)}”）"
                )
                table.problems.append(_finding(table, row, of.heading, f"已在系统中改过{values}，{_MEND}"))

    def keeps(self, table: ResolvedTable, label: str, id_: str, relationship: str, plan: TiePlan) -> bool:
        """Whether a record's ties of a type were set by hand: then the plan for them is not carried out."""
        if relationship not in self.names(label, id_):
            return False
        if plan.added or plan.changed or plan.ended or plan.deleted or plan.missing:
            heading = self._schema.relationship(relationship).heading
            subject = f"{self._schema.node(label).heading} {id_} 的「{heading}」"
            table.problems.append(
                _finding(table, None, None, f"{subject}已在系统中改过，与表中不同，{_MEND}")
            )
        return True


def _finding(table: ResolvedTable, row: int | None, column: str | None, sentence: str) -> Problem:
    return warning("kept-by-hand", sentence, file=table.file, sheet=table.sheet, row=row, column=column)


def _shown(value: Any) -> str:
    text = "、".join(map(str, value)) if isinstance(value, list) else "空" if value is None else str(value)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
