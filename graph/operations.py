"""Writes that act once and never on what somebody else has just changed: the pattern of every write by hand.

One transaction takes the sole right to change its subjects before it reads anything, looks whether the operation
was done already, does its work and leaves an Operation node with the answer. A repetition gets that answer. Two
that arrive at the same moment meet at the uniqueness of the Operation's key: the second is run again and then
finds the first. What was answered is stored: the answer is given after the commit.
"""

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Any

from graph.schema import SCHEMA
from graph.statements import lock_node
from graph.store import Store, Transaction
from graph.store_errors import Told, UniqueViolation

TIME_LIMIT_S = 20.0
"""What a write may take at most; it usually takes milliseconds."""
_ATTEMPTS = 4
_PAUSE_S = 0.03
_GATES = tuple(Lock() for _ in range(64))
_FIND = "MATCH (o:Operation {id: $id}) RETURN o.result AS result"
_RECORD = "CREATE (:Operation {id: $id, result: $result, actor: $actor, at: $at})"

Subject = tuple[str, str]
"""Label and key of a node."""
Locked = Mapping[Subject, Mapping[str, Any]]
"""The stored properties of the subjects that are there."""
Work = Callable[[Transaction, Locked], dict[str, Any]]
"""What is done in the transaction; returns the answer, which must be JSON. It may be run more than once."""


class Declined(Exception):
    """What is asked cannot be done, as work says before it writes anything; the text is a Chinese sentence."""


class Overtaken(Told):
    """Another transaction has changed what work relies on, as work sees while it writes: it is run again."""

    def __init__(self) -> None:
        super().__init__(
            "别人刚刚改了同一处内容，没有写入；请重新读取后再试",
            "Somebody has just changed the same thing, nothing was written; look again and retry",
        )


class KeyUsedTwice(Declined):
    """The key of an operation that was something else: its sender must make a new one."""


@dataclass(frozen=True)
class Operation:
    """One write: its sender's key, who acts, when (ISO date and time, Asia/Shanghai), and what is asked for.

    `request` tells a repetition from another request with the same key.
    """

    key: str
    actor: str
    at: str
    request: Mapping[str, Any]

    @property
    def id(self) -> str:
        """Key of its node, and what the provenance of what it writes names: never that of a batch."""
        return f"op:{self.key}"

    @property
    def digest(self) -> str:
        """What is asked for, as 32 hexadecimal digits."""
        text = json.dumps(self.request, ensure_ascii=True, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Outcome:
    """The answer of an operation; `repeated` when it had been done before."""

    answer: dict[str, Any]
    repeated: bool


def perform(
    store: Store,
    operation: Operation,
    subjects: Sequence[Subject],
    work: Work,
    *,
    timeout_s: float = TIME_LIMIT_S,
) -> Outcome:
    """Do an operation once. `subjects` are what it changes, or counts what hangs on them.

    Raises `KeyUsedTwice` for a key of another request, `Declined` when `work` does, `QueryTimeout` at the time
    limit, `UniqueViolation` or `Overtaken` when others were first every time, and whatever else `work` raises;
    nothing is written then.
    """

    def whole(transaction: Transaction) -> Outcome | Declined:
        locked = {}
        # In one order for all: two that take the same ones never wait for each other in a circle.
        for label, id_ in sorted(set(subjects)):
            rows = transaction.run(lock_node(SCHEMA.node(label)), {"id": id_, "operation": f"{operation.id}"})
            if rows:
                locked[label, id_] = rows[0]["properties"]
        done = transaction.run(_FIND, {"id": operation.id})
        if done:
            return _repeated(operation, json.loads(done[0]["result"]))
        try:
            answer = work(transaction, locked)
        except Declined as declined:
            # Committed, not undone: where locks are optimistic only the commit shows that nobody has changed
            # what this was read from, so that a repetition is never declined over its own first run.
            return declined
        result = json.dumps({"request": operation.digest, "answer": answer}, ensure_ascii=False)
        transaction.run(
            _RECORD, {"id": operation.id, "result": result, "actor": operation.actor, "at": operation.at}
        )
        return Outcome(answer, repeated=False)

    with _one_after_another(store, subjects, timeout_s / 4):
        for attempt in range(1, _ATTEMPTS):
            try:
                return _told(store.transact(whole, timeout_s=timeout_s))
            except (UniqueViolation, Overtaken):  # written between our look and our commit: now it is there
                # ArcadeDB may refuse a key that another process has written before it shows that node.
                time.sleep(attempt * _PAUSE_S)
        return _told(store.transact(whole, timeout_s=timeout_s))


@contextmanager
def _one_after_another(store: Store, subjects: Sequence[Subject], patience_s: float) -> Iterator[None]:
    """Let those of this process who want the same subjects of an embedded store wait for each other.

    A courtesy, nothing depends on it: where locks are optimistic, a hundred who want one thing at once would fail
    and repeat for most of a minute. Whoever has waited long enough goes ahead, past one that has stalled.
    """
    gates = (
        sorted({hash(subject) % len(_GATES) for subject in subjects}) if store.engine == "arcadedb" else []
    )
    with ExitStack() as held:
        for gate in gates:
            if _GATES[gate].acquire(timeout=patience_s):
                held.callback(_GATES[gate].release)
        yield


def _told(outcome: Outcome | Declined) -> Outcome:
    if isinstance(outcome, Declined):
        raise outcome
    return outcome


def _repeated(operation: Operation, stored: Mapping[str, Any]) -> Outcome | Declined:
    if stored["request"] != operation.digest:
        return KeyUsedTwice(
            f"操作号 {operation.key} 已用于另一个操作；请为这个操作换一个新的操作号（或不写，由系统生成）"
        )
    return Outcome(stored["answer"], repeated=True)
