"""Values of rows, checked one at a time: what cannot be used becomes a finding and a value that harms nothing."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, TypeVar

from matching.instance import LARGEST
from matching.rows import Finding, finding

Row = TypeVar("Row")


class RowReader:
    """Reads values of rows, and keeps what it found wrong in `findings`."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def say(self, code: str, label: str, key: str, heading: str, sentence: str) -> None:
        """Note a finding about one column of one row."""
        self.findings.append(finding(code, label, key, heading, sentence))

    def once(self, label: str, rows: Sequence[Row], key: Callable[[Row], str]) -> list[Row]:
        """The rows, each key once; the first row of a key counts."""
        kept: dict[str, Row] = {}
        for row in rows:
            if kept.setdefault(key(row), row) is not row:
                self.say("repeated-key", label, key(row), "编号", "出现了不止一次，只用第一次的内容，请合并")
        return list(kept.values())

    def quantity(
        self, label: str, key: str, heading: str, found: Any, least: int, missing: int | None
    ) -> int | None:
        """A whole number from `least` to `LARGEST`, `missing` for None; None, with a finding, for anything else."""
        if found is None:
            return missing
        if isinstance(found, int) and not isinstance(found, bool) and least <= found <= LARGEST:
            return found
        self.say("not-a-quantity", label, key, heading, f"内容是“{found}”，应为 {least} 到 {LARGEST} 的整数")
        return None

    def day(self, label: str, key: str, heading: str, found: str | None, missing: int) -> int:
        """A date's ordinal; `missing` for None and, with a finding, for what is no date."""
        if found is None:
            return missing
        try:
            return date.fromisoformat(found).toordinal()
        except (TypeError, ValueError):
            self.say(
                "not-a-date", label, key, heading, f"内容是“{found}”，应为日期，例如 2020-04-13；现按未填处理"
            )
            return missing

    def position(self, label: str, key: str, heading: str, found: str | None, known: dict[str, int]) -> int:
        """The position of a key; -1 when it is missing or, with a finding, unknown."""
        if found is not None and found not in known:
            self.say("unknown-key", label, key, heading, f"“{found}”不在登记之列，请核对编号")
        return -1 if found is None else known.get(found, -1)

    def share(self, label: str, key: str, heading: str, found: Any, most: float) -> float | None:
        """A number from 0 to `most`; None, with a finding, for anything else."""
        if isinstance(found, int | float) and not isinstance(found, bool) and 0 <= found <= most:
            return float(found)
        self.say(
            "not-a-share", label, key, heading, f"内容是“{found}”，应为 0 到 {most:g} 的数字；这一行不计"
        )
        return None
