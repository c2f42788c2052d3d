"""One act of one actor on the store: what every use case takes, and how it is carried out once."""

import json
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.clock import now
from api.records.kinds import LOCAL_USER, Kind
from api.records.pen import Pen
from api.records.reading import changed_fields
from api.refusals import Conflict, Finding, InvalidInput
from graph.ask import reference_date
from graph.masking import mask
from graph.operations import TIME_LIMIT_S, Operation, Outcome, perform
from graph.store import Store
from loaders.writes import node_subject

KEY = re.compile(r"[A-Za-z0-9._~-]{1,100}")
"""What the key of an operation looks like."""


def new_operation() -> str:
    """A key for an operation that was given none."""
    return secrets.token_urlsafe(16)


@dataclass(frozen=True)
class Act:
    """Who writes where, under which key. The key makes a repetition act once; `actor` is whoever answers for it."""

    store: Store
    key: str
    actor: str = LOCAL_USER

    def carry_out(
        self, request: Mapping[str, Any], subjects: Sequence[tuple[str, str]], work: Callable[[Pen], dict[str, Any]],
        timeout_s: float = TIME_LIMIT_S,
    ) -> Outcome:  # fmt: skip
        """Run `work` with a pen, in one transaction that has locked the subjects, and write what it gathered.

        `request` says what is asked for, so that a key cannot be used for two things. `work` returns the answer
        and may run more than once. What it raises undoes everything.
        """
        day = reference_date(self.store)
        operation = Operation(self.key, self.actor, now().isoformat(timespec="milliseconds"), request)
        return perform(
            self.store,
            operation,
            subjects,
            lambda transaction, locked: work(Pen(transaction, operation, day, locked)),
            timeout_s=timeout_s,
        )


def refuse_other_revision(
    pen: Pen, kind: Kind, id_: str, revision: int | None, yours: Mapping[str, Any]
) -> None:
    """Raise Conflict when a record has been changed since the revision that an editor saw.

    The problem lists each field that has changed since, or that both want otherwise, with `theirs` and `yours`.
    """
    stored = pen.stored(kind, id_)
    current = stored.get("revision") or 0
    if revision is None or revision == current:
        return
    changed: dict[str, Any] = {}
    rows = pen.ask("changes_by_hand", subject=node_subject(kind.label, id_))
    sides = [(json.loads(row["before"]), json.loads(row["after"])) for row in rows]
    for before, after in sorted(sides, key=lambda side: side[1].get("revision") or 0):
        if (after.get("revision") or 0) > revision:
            changed |= {each["field"]: each["after"] for each in changed_fields(kind, before, after)}
            if "state" in after:
                changed["state"] = after["state"]
    fields = [
        {
            "field": name,
            "heading": "状态" if name == "state" else kind.field_heading(name),
            "theirs": theirs,
            "yours": _shown(kind, name, yours.get(name)),
        }
        for name, theirs in changed.items()
    ]
    headings = "、".join(f"「{each['heading']}」" for each in fields) or "内容"
    raise Conflict(
        f"{kind.heading} {id_} 在您读取（修订号 {revision}）之后已被改过（现为 {current}）：{headings}；请重新读取，核对后再改",
        {"revision": current, "changed": fields},
    )


def _shown(kind: Kind, name: str, value: Any) -> Any:
    return mask(value) if name in kind.properties and kind.properties[name].personal else value


def revision_of(body: dict[str, Any]) -> int | None:
    """Take the revision out of a body. Raises InvalidInput when it is none."""
    value = body.pop("revision", None)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise InvalidInput([Finding("revision", "修订号应为读取时得到的整数")])
    return value
