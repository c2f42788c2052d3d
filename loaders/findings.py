"""What the clerk must know of a recognised table: what is missing, unsure, unknown or left out, and how to mend it. Pure."""

from collections.abc import Iterator

from loaders.heading_words import unit_factor
from loaders.problems import Problem, error, note, warning
from loaders.qualifiers import QUALIFIES
from loaders.recognise import IGNORED_ON_LOADING, Certainty, ColumnMatch, Recognition
from loaders.tables import Table

_MAP = "在“导入”页或对照表（linmai map 文件）里改好再装入"


def recognition_problems(table: Table, recognition: Recognition) -> list[Problem]:
    """One ERROR for what keeps a table from being loaded, a WARNING per column that is not loaded, a NOTE on ignored ones."""
    file, sheet = table.file, table.sheet
    if recognition.certainty is Certainty.IGNORED:
        return [note("ignored-sheet", "对照表里写着“忽略”，整张表没有导入", file=file, sheet=sheet)]
    if recognition.layout is None:
        near = "、".join(f"「{layout.title}」" for layout in recognition.candidates)
        like = f"最接近的是{near}" if near else "没有相近的"
        sentence = f"认不出这是哪一类表，{like}；请把工作表改成模板里的名称和表头，或{_MAP}"
        return [error("unknown-sheet", sentence, file=file, sheet=sheet)]
    if recognition.certainty is not Certainty.SURE:
        two = "、".join(f"「{layout.title}」" for layout in recognition.candidates[:2])
        sentence = f"分不清是{two}中的哪一类；请把工作表名改成其中一个，或{_MAP}"
        return [error("unsure-sheet", sentence, file=file, sheet=sheet), *_columns(table, recognition)]
    return [*_missing(table, recognition), *_columns(table, recognition), *_constants(table, recognition)]


def _missing(table: Table, recognition: Recognition) -> Iterator[Problem]:
    if recognition.loadable or not recognition.layout:
        return
    names = "、".join(f"「{c.heading}」" for c in recognition.missing)
    wanted = {c.heading for c in recognition.missing}
    unsure = [
        m
        for m in recognition.columns
        if m.certainty is Certainty.LIKELY and m.column and not m.qualifies and m.column.heading in wanted
    ]
    guesses = "、".join(f"「{m.heading}」可能是「{m.column.heading}」" for m in unsure if m.column)
    given = [
        c for c in recognition.constants if c.certainty is Certainty.LIKELY and c.column.heading in wanted
    ]
    guesses += "，" * bool(guesses and given) + "、".join(
        f"「{c.column.heading}」可能都是“{c.value}”" for c in given
    )
    hint = f"。{guesses}，待确认：{_MAP}" if guesses else f"；请补上，或{_MAP}"
    sentence = f"当作「{recognition.layout.title}」表，缺少必需的列{names}{hint}。整张表没有导入"
    yield error("missing-column", sentence, file=table.file, sheet=table.sheet)


def _columns(table: Table, recognition: Recognition) -> Iterator[Problem]:
    for match in recognition.columns:
        if match.certainty is Certainty.LIKELY and match.column:
            meant = f"「{match.column.heading}」" + QUALIFIES * match.qualifies
            sentence = f"待确认：可能是{meant}（{match.reason}）。没有确认，这一列没有导入；{_MAP}"
            yield warning("unsure-column", sentence, file=table.file, sheet=table.sheet, column=match.heading)
        elif match.certainty is Certainty.UNKNOWN:
            yield warning(
                "unknown-column",
                _unknown(table, match, recognition),
                file=table.file,
                sheet=table.sheet,
                column=match.heading,
            )
    ignored = [
        m.heading for m in recognition.columns
        if m.certainty is Certainty.IGNORED and not m.heading.endswith(IGNORED_ON_LOADING)
    ]  # fmt: skip
    if ignored:
        names = "、".join(f"「{h}」" for h in ignored)
        yield note("ignored-columns", f"这些列按约定不导入：{names}", file=table.file, sheet=table.sheet)


def _unknown(table: Table, match: ColumnMatch, recognition: Recognition) -> str:
    layout = recognition.layout
    for column in layout.columns if layout else ():
        of = column.property
        if (
            of
            and unit_factor(match.heading, table.title, of) is None
            and match.heading.startswith(column.heading)
        ):
            return f"的单位与「{column.heading}」的单位“{of.unit}”不同类，没有导入；请换算后改写单位，或在对照表里写“忽略”"
    title = f"「{layout.title}」表里" if layout else ""
    return f"{title}没有这一列，没有导入；若有对应的列，{_MAP}；不需要的在对照表里写“忽略”"


def _constants(table: Table, recognition: Recognition) -> Iterator[Problem]:
    for constant in recognition.constants:
        place = f"「{constant.column.heading}」都填“{constant.value}”（{constant.reason}）"
        if constant.certainty is Certainty.SURE:
            if constant.reason:
                yield note("constant", f"整张表的{place}", file=table.file, sheet=table.sheet)
        elif not constant.column.required:
            sentence = f"待确认：整张表的{place}吗？没有确认，没有这样填；{_MAP}"
            yield warning("unsure-constant", sentence, file=table.file, sheet=table.sheet)
