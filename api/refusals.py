"""What a front door answers when something cannot be done as asked: the same words over HTTP and in the terminal."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from graph.operations import Declined


class UnknownKeyError(Declined, LookupError):
    """A key that nothing (in the scope) has; the text is a Chinese sentence."""


class Finding(NamedTuple):
    """What is wrong with one field of what was handed in; `field` is empty for the whole of it."""

    field: str
    detail: str


class InvalidInput(Declined, ValueError):
    """What was handed in cannot be used: a Chinese sentence for each field that is wrong."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("；".join(f"{each.field}：{each.detail}" if each.field else each.detail for each in findings))  # fmt: skip
        self.findings = tuple(findings)


class Conflict(Declined):
    """What is asked does not go with what is there now. The text is a Chinese sentence; `members` are further
    facts, so that a program can mend it."""

    def __init__(self, sentence: str, members: Mapping[str, Any] | None = None) -> None:
        super().__init__(sentence)
        self.members = dict(members or {})
