"""What came of checking or loading a hand-in, in the order in which people want to know it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from loaders.batches import Batch
from loaders.load import LoadResult
from loaders.problems import Problem, Severity

SHOWN = 200
"""Findings of one kind that are shown; the rejected rows are all in the error workbook."""

_REFERENCES = frozenset({"unknown-reference", "ambiguous-reference", "reference-to-rejected"})
_REPEATS = frozenset(
    {"key-repeated", "row-repeated", "repeated-row", "contradicts-row", "same-content", "repeated-column"}
)
_KINDS = {
    "unread": ("没有读取", "这些文件或工作表没有读取，改好后重新上传。"),
    "rejected": ("退回的行", "内容不合要求，这些行不装入；其余的行照常装入。"),
    "references": ("指向不明", "所指的对象找不到，或不止一个；这些行先退回，不猜。"),
    "repeats": ("重复", "同一个对象写了不止一次。"),
    "missing": ("本期没有", "以前各期有、这一期没有的。默认保留；只有选了“结束缺失”才记为终止，不删除。"),
    "unsure": ("待确认", "已装入或将装入，但请看一眼；没有把握的列不装入。"),
    "notes": ("说明", "做了什么，不需要改。"),
}


@dataclass(frozen=True)
class Findings:
    """Findings of one kind: its title, what it means for the rows, the first `SHOWN` and how many there are."""

    kind: str
    title: str
    meaning: str
    shown: tuple[Problem, ...]
    count: int


@dataclass(frozen=True)
class Rejected:
    """An error workbook: where it lies, what it is called when it is taken away, and its number of rows."""

    path: Path
    name: str
    rows: int


@dataclass(frozen=True)
class Outcome:
    """What was found (a check) or done (a load).

    The numbers are those of `LoadResult`; `day` is the ISO day on which what is missing ends, when
    `end_missing` was chosen. `batches` is empty after a check.
    """

    files: int
    added: int
    changed: int
    unchanged: int
    rejected: int
    missing: int
    findings: tuple[Findings, ...]
    workbooks: tuple[Rejected, ...]
    batches: tuple[Batch, ...]
    end_missing: bool
    scope: str
    day: str

    @property
    def nothing_new(self) -> bool:
        """Whether loading changes nothing."""
        return self.added == self.changed == 0 and not (self.end_missing and self.missing)


def outcome(
    files: int,
    result: LoadResult,
    problems: Iterable[Problem],
    workbooks: Sequence[Rejected],
    options: Mapping[str, str],
    day: str,
) -> Outcome:
    """The outcome of a check or a load; `options` are those it was made with: `end_missing`, `scope`."""
    by_kind: dict[str, list[Problem]] = {kind: [] for kind in _KINDS}
    for each in problems:
        by_kind[kind_of(each)].append(each)
    return Outcome(
        files, result.added, result.changed, result.unchanged, result.rejected, result.missing,
        tuple(Findings(kind, *_KINDS[kind], tuple(found[:SHOWN]), len(found)) for kind, found in by_kind.items() if found),
        tuple(workbooks), result.batches, bool(options.get("end_missing")), options.get("scope", ""), day,
    )  # fmt: skip


def kind_of(problem: Problem) -> str:
    """Which kind of finding a problem is."""
    if problem.code in _REFERENCES:
        return "references"
    if problem.code in _REPEATS:
        return "repeats"
    if problem.code == "missing-rows":
        return "missing"
    if problem.severity is Severity.ERROR:
        return "unread" if problem.row is None else "rejected"
    return "unsure" if problem.severity is Severity.WARNING else "notes"
