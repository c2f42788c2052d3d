"""From the paths that a user names to drafts and back: files, tables, recognition, typed rows, rejected rows.

Both front doors, the command line and the page, load with these. Nothing here writes to a store.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from graph.schema import SCHEMA
from loaders import mapping as mappings
from loaders import mapping_file
from loaders.batches import BatchState
from loaders.collector import seldom_collecting
from loaders.drafts import TableDrafts
from loaders.error_workbook import write_error_workbook
from loaders.files import InputFile, expand
from loaders.findings import recognition_problems
from loaders.layout import SheetLayout, layouts
from loaders.load import LoadResult
from loaders.mapping import SourceMapping
from loaders.problems import Problem, Severity, note
from loaders.recognise import recognise
from loaders.source_names import REJECTED, rejected_name, source_name
from loaders.tables import Table, find_tables
from loaders.typed import draft
from loaders.workbook import Sheet, read_ahead, read_sheets

STATES = {
    BatchState.LOADING: "装入中断", BatchState.LOADED: "已装入", BatchState.UNDOING: "撤销中断", BatchState.UNDONE: "已撤销",
}  # fmt: skip
"""What people read for the state of a batch that nobody is working on."""

Report = Callable[[str, int, int | None], None]
"""Told how far a stage is: its name, how much is done, of how much."""


@dataclass(frozen=True)
class Reading:
    """Everything that the named files hold. `problems` are all findings, those of the drafts included."""

    drafts: tuple[TableDrafts, ...]
    tables: tuple[Table, ...]
    problems: tuple[Problem, ...]
    files: int

    @property
    def rejected(self) -> int:
        """Rows that cannot be loaded as they stand."""
        return sum(len(each.rejected) for each in self.drafts)


@dataclass(frozen=True)
class Sources:
    """How the files of one load are to be understood.

    `source` names the register when the file names do not; `mapping` was given on the command line and wins
    over the mappings remembered in `folder`, and so do those that were `confirmed` for one source each.
    """

    folder: Path
    source: str = ""
    mapping: SourceMapping | None = None
    confirmed: Mapping[str, SourceMapping] = field(default_factory=dict)

    def name(self, file: InputFile) -> str:
        """The register that a file is an issue of."""
        return self.source or source_name(file.name)

    def mapping_of(self, source: str) -> tuple[SourceMapping | None, list[Problem]]:
        """The mapping to use for a source, and what is wrong with a remembered one."""
        given = self.mapping or self.confirmed.get(source)
        if given is not None:
            return given, []
        found = mapping_file.recall(self.folder, source, sheet_layouts())
        return (None, [found]) if isinstance(found, Problem) else (found, [])

    def remember(self) -> None:
        """Keep what people said of the columns for the next issue of the same register."""
        for mapping in (*([self.mapping] if self.mapping else ()), *self.confirmed.values()):
            # An error workbook is read as its register, and holds a part of its sheets.
            register = mapping.source.removesuffix(REJECTED)
            earlier = mapping_file.recall(self.folder, register, sheet_layouts())
            known = earlier if isinstance(earlier, SourceMapping) else SourceMapping(register, ())
            mapping_file.remember(
                self.folder, replace(mappings.with_earlier(mapping, known), source=register)
            )


@cache
def sheet_layouts() -> tuple[SheetLayout, ...]:
    """Every sheet that a district can hand in."""
    return tuple(layouts(SCHEMA))


@cache
def known_headings() -> frozenset[str]:
    """Every word that is certainly a heading."""
    columns = [column for layout in sheet_layouts() for column in layout.columns]
    return frozenset(word for column in columns for word in (column.heading, *column.aliases))


def read_paths(paths: Sequence[Path], sources: Sources, report: Report) -> Reading:
    """Read every file below `paths`."""
    files, problems = expand(paths)
    drafts: list[TableDrafts] = []
    tables: list[Table] = []
    with seldom_collecting(), read_ahead(files) as answers:
        for number, file in enumerate(files):
            report(file.name, number, len(files))
            sheets, findings = next(answers)
            found, doubts = tables_of(sheets, _words(sources.mapping))
            problems += (*findings, *doubts)
            tables += found
            for each, finding in _drafts(file, found, sources):
                problems += finding
                if each is not None:
                    drafts.append(each)
                    problems += each.problems
    report("", len(files), len(files))
    kept, repeats = _without_repeats(drafts)
    return Reading(tuple(kept), tuple(tables), (*problems, *repeats), len(files))


def read_tables(file: InputFile) -> tuple[list[Table], list[Problem]]:
    """The tables of all sheets of one file."""
    sheets, problems = read_sheets(file)
    tables, doubts = tables_of(sheets)
    return tables, [*problems, *doubts]


def tables_of(sheets: Sequence[Sheet], words: Collection[str] = ()) -> tuple[list[Table], list[Problem]]:
    """The tables of all sheets of one file. `words` are further words that certainly are headings."""
    tables: list[Table] = []
    problems: list[Problem] = []
    for sheet in sheets:
        found, findings = find_tables(sheet, known_headings() | set(words))
        tables += found
        problems += findings
    return tables, problems


def _words(mapping: SourceMapping | None) -> Collection[str]:
    return {heading for sheet in mapping.sheets for heading in sheet.columns} if mapping else ()


def _drafts(
    file: InputFile, tables: Sequence[Table], sources: Sources
) -> Iterator[tuple[TableDrafts | None, list[Problem]]]:
    source = sources.name(file)
    mapping, findings = sources.mapping_of(source)
    if findings:
        yield None, findings
    for table in tables:
        recognition = (
            mappings.apply(mapping, table, sheet_layouts()) if mapping else recognise(table, sheet_layouts())
        )
        problems = recognition_problems(table, recognition)
        made = draft(table, recognition, sha256=file.sha256, source=source) if recognition.loadable else None
        yield made, problems


def _without_repeats(drafts: Sequence[TableDrafts]) -> tuple[list[TableDrafts], list[Problem]]:
    """The same content named twice is taken once: two batches of it would undo each other's counts."""
    first: dict[tuple[str, str, str], str] = {}
    kept: list[TableDrafts] = []
    repeats: dict[str, Problem] = {}
    for each in drafts:
        known = first.setdefault((each.sha256, each.source, each.sheet), each.file)
        if known == each.file:
            kept.append(each)
        else:
            repeats[each.file] = note("same-content", f"与 {known} 内容相同，只装入一次", file=each.file)
    return kept, list(repeats.values())


def read_mapping(path: Path) -> SourceMapping | Problem:
    """A mapping file as the user edited it; a Problem when it cannot be used. Raises OSError."""
    return mapping_file.parse(path.read_text(encoding="utf-8-sig"), sheet_layouts(), path.name)


def propose_mapping(path: Path, source: str = "") -> tuple[SourceMapping, list[Problem]]:
    """The mapping that is proposed for one file (or the files of a folder or zip)."""
    files, problems = expand([path])
    tables: list[Table] = []
    for file in files:
        found, findings = read_tables(file)
        tables += found
        problems += findings
    name = source or (source_name(files[0].name) if files else source_name(path.name))
    return replace(mappings.propose(tables, sheet_layouts(), name), source=name), problems


def all_problems(reading: Reading, result: LoadResult) -> tuple[Problem, ...]:
    """Everything that was found in reading and in loading, each once."""
    return tuple(dict.fromkeys((*reading.problems, *result.problems)))


def write_rejected(
    targets: Mapping[Path, Sequence[Table]], problems: Sequence[Problem]
) -> list[tuple[Path, int]]:
    """Write the rejected rows of the tables of each target; returns the workbooks that have any, and how many.

    The workbooks and their folders can be opened by their owner only.
    """
    refused = {p.file for p in problems if p.severity is Severity.ERROR and p.row is not None}
    written = []
    for path, tables in targets.items():
        if not any(table.file in refused for table in tables):
            continue
        for missing in reversed([each for each in path.parents if not each.exists()]):
            missing.mkdir(mode=0o700, exist_ok=True)  # `parents=True` would leave those above open to others
        if rows := write_error_workbook(path, tables, problems):
            written.append((path, rows))
    return written


def rejected_workbooks(folder: Path, tables: Sequence[Table]) -> dict[Path, list[Table]]:
    """Where the rejected rows of each table go: a workbook per file in `folder`, whose name keeps its source."""
    targets: dict[Path, list[Table]] = {}
    for table in tables:
        targets.setdefault(folder / rejected_name(table.file), []).append(table)
    return targets
