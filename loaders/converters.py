"""From a column's declaration to one function that types its cells. Pure; made once per column.

A converter takes a cell and gives the value to store, None for an empty cell, or a `Refused` whose
reason is the Chinese end of a sentence: what is expected, with an example.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from graph.model import CodeList, Format, Property, ValueType
from graph.schema.formats import AREA_CODE, PHONE, USCC
from loaders.cells import (
    CellValue,
    Refused,
    clean_text,
    to_boolean,
    to_code,
    to_date,
    to_decimal,
    to_integer,
    to_text,
)
from loaders.column_values import is_year
from loaders.layout import Column

Converter = Callable[[CellValue], object]

LONGEST_STRING, LONGEST_TEXT = 200, 20_000
"""Characters that a STRING and a TEXT may have: longer ones are two cells in one, or a pasted document."""

_WORDS_SHOWN = 8
_SEPARATOR = re.compile(r"[、，,；;\n|]|(?<! )/(?! )")
_LINE_BREAK = re.compile(r"(?<=[\x21-\x7e])\n(?=[\x21-\x7e])")
_PADDED_NAME = re.compile(r"[\u3400-\u9fff](?: +[\u3400-\u9fff])+")
_YEAR = re.compile(
    r"(\d{4})(?:\s*年(?:\s*\d{1,2}\s*月?(?:\s*\d{1,2}\s*[日号]?)?)?|[-./]\d{1,2}(?:[-./]\d{1,2})?(?:[ T].*)?|(?:0[1-9]|1[0-2])(?:\d{2})?)?",
    re.ASCII,
)
_DIVISION = re.compile(r"\d{2}(?:\d{2}(?:\d{2}(?:\d{3}(?:\d{3})?)?)?)?", re.ASCII)
_COUNTRY_CODE = re.compile(r"^(?:\+|00)?86-?(?=1\d{10}$|0\d{9,11}$)")


def converter(of: Property, *, factor: float = 1.0, date1904: bool = False) -> Converter:
    """The converter of a property's cells. Numbers are multiplied by `factor` (units of the heading).

    >>> from graph.schema.people import MEMBER_KIND
    >>> kind = Property("member_kind", "党员类别", ValueType.STRING, "Kind.", codes=MEMBER_KIND)
    >>> converter(kind)("在职党员"), converter(kind)("群众")
    ('在职', Refused(reason='应为“自管”“在职”“离退休”“流动”之一'))
    """
    if of.type is ValueType.STRINGS:
        return _several(_one(of))
    if of.codes:
        return _remembering(_from_list(of.codes))
    if is_year(of):
        return _bounded(_year, of)
    match of.type:
        case ValueType.INTEGER:
            return _bounded(_scaled_integer(factor, of.unit), of)
        case ValueType.DECIMAL:
            return _bounded(_scaled_decimal(factor, of.unit), of)
        case ValueType.BOOLEAN:
            return to_boolean
        case ValueType.DATE:
            return _remembering(_day(date1904))
    return _remembering(_one(of))


def reference_converter(column: Column) -> Converter:
    """The converter of cells that name other nodes: a text, or a list of texts where several are allowed."""
    one = _person_name if column.ends == ("Person",) else _string(LONGEST_STRING)
    return _several(one) if column.many else _remembering(one)


def split(text: str) -> list[str]:
    """The parts of a cell with several values, empty ones and repetitions left out; brackets stay together.

    >>> split("东院、西院；示例小区（一期、二期）/铁路新村")
    ['东院', '西院', '示例小区（一期、二期）', '铁路新村']
    """
    parts: list[str] = [""]
    depth = last = 0
    marks = {m.start() for m in _SEPARATOR.finditer(text)}
    for position, letter in enumerate(text):
        depth += (letter in "（([【") - (letter in "）)]】")
        if position in marks and depth <= 0:
            parts[-1] = text[last:position]
            parts.append("")
            last, depth = position + 1, 0
    parts[-1] = text[last:]
    return list(dict.fromkeys(p for p in (part.strip() for part in parts) if p))


def _one(of: Property) -> Converter:
    if of.codes:
        return _from_list(of.codes)
    if of.name == "id":
        return _limited(_formatted(of.format) if of.format else to_code, LONGEST_STRING)
    if of.format:
        return _formatted(of.format)
    if of.type is ValueType.TEXT:
        return _limited(to_text, LONGEST_TEXT)
    return _person_name if of.personal else _string(LONGEST_STRING)


def _several(one: Converter) -> Converter:
    def convert(value: CellValue) -> object:
        text = to_text(value)
        if not isinstance(text, str):
            return text
        found = [one(part) for part in split(text)]
        refused = next((f for f in found if isinstance(f, Refused)), None)
        return refused or [f for f in dict.fromkeys(found) if f is not None] or None

    return convert


def _remembering(convert: Converter) -> Converter:
    """The same converter, but a text that came before is not converted again: columns repeat themselves."""
    known: dict[str, object] = {}

    def converted(value: CellValue) -> object:
        if type(value) is not str:
            return convert(value)
        try:
            return known[value]
        except KeyError:
            result = convert(value)
            if len(known) < 20_000:
                known[value] = result
            return result

    return converted


def _limited(convert: Converter, longest: int) -> Converter:
    refused = Refused(f"太长，最多 {longest} 个字；请缩短，或把详细内容写到“备注”列")

    def converted(value: CellValue) -> object:
        text = convert(value)
        return refused if isinstance(text, str) and len(text) > longest else text

    return converted


def _string(longest: int) -> Converter:
    """Text on one line: a line break inside a name is only the width of its cell."""

    def convert(value: CellValue) -> object:
        text = to_text(value)
        return (
            _LINE_BREAK.sub(" ", text).replace("\n", "") if isinstance(text, str) and "\n" in text else text
        )

    return _limited(convert, longest)


_plain_string = _string(LONGEST_STRING)


def _person_name(value: CellValue) -> object:
    """A name; the spaces with which people pad two characters to the width of three go."""
    text = _plain_string(value)
    return text.replace(" ", "") if isinstance(text, str) and _PADDED_NAME.fullmatch(text) else text


def _from_list(codes: CodeList) -> Converter:
    words = [f"“{label}”" for label in codes.labels[:_WORDS_SHOWN]]
    more = f"等 {len(codes.codes)} 种" if len(codes.codes) > _WORDS_SHOWN else ""
    refused = Refused(f"应为{''.join(words)}{more}之一")
    known = {_word(w): c.value for c in codes.codes for w in (str(c.value), c.label, *c.aliases)}

    def convert(value: CellValue) -> object:
        text = to_text(value)
        if not isinstance(text, str):
            return text
        return known.get(_word(text), refused)

    return convert


def _word(text: str) -> str:
    return re.sub(r"\s+", "", text).replace("(", "（").replace(")", "）").casefold()


def _formatted(form: Format) -> Converter:
    def convert(value: CellValue) -> object:
        text = to_code(value)
        if not isinstance(text, str):
            return text
        text = _mended(text, form)
        wrong = form.check(text)
        return Refused(wrong) if wrong else text

    return convert


def _mended(text: str, form: Format) -> str:
    """A text in the form's own writing, where people write it otherwise without changing what it says."""
    if form == USCC:
        return text.upper()
    if form == PHONE:
        return _COUNTRY_CODE.sub(
            "", re.sub("[－—–−]", "-", text).replace("(", "").replace(")", "-").removeprefix("-")
        )
    if form == AREA_CODE and _DIVISION.fullmatch(text):
        return f"nbs:{text}"
    return text


def _day(date1904: bool) -> Converter:
    def convert(value: CellValue) -> object:
        day = to_date(value, date1904=date1904)
        return day.isoformat() if isinstance(day, date) else day

    return convert


def _year(value: CellValue) -> object:
    """A year from a year, a month or a day. An Excel serial date comes only without its format."""
    if isinstance(value, date):
        return value.year
    if isinstance(value, int | float) and not isinstance(value, bool) and 7_000 <= value < 80_000:
        day = to_date(value)
        return day.year if isinstance(day, date) else day
    text = to_text(value)
    if not isinstance(text, str):
        return text
    found = _YEAR.fullmatch(text)
    return int(found[1]) if found else Refused("应为四位年份，例如 1980")


def _scaled_integer(factor: float, unit: str) -> Converter:
    if factor == 1:
        return to_integer

    def convert(value: CellValue) -> object:
        number = to_decimal(value)
        if not isinstance(number, float):
            return number
        scaled = Decimal(repr(number)) * Decimal(repr(factor))
        return int(scaled) if scaled == scaled.to_integral_value() else Refused(f"换算后应为整{unit or '数'}")

    return convert


def _scaled_decimal(factor: float, unit: str) -> Converter:
    def convert(value: CellValue) -> object:
        if unit == "%" and isinstance(value, str):
            value = clean_text(value).rstrip("%％ ")
        number = to_decimal(value)
        return round(number * factor, 9) if isinstance(number, float) and factor != 1 else number

    return convert


def _bounded(convert: Converter, of: Property) -> Converter:
    low, high = of.minimum, of.maximum
    if low is None and high is None:
        return convert
    if low is not None and high is not None:
        refused = Refused(f"应在 {low:g} 到 {high:g} 之间")
    else:
        refused = Refused(f"不能小于 {low:g}" if low is not None else f"不能大于 {high:g}")

    def converted(value: CellValue) -> object:
        number = convert(value)
        if not isinstance(number, int | float):
            return number
        return (
            refused if (low is not None and number < low) or (high is not None and number > high) else number
        )

    return converted


def percent_of_fractions(values: Sequence[CellValue]) -> bool:
    """Whether a column of per cents holds fractions, as a cell with a percentage format does (25 % is 0.25).

    So it is when none of its numbers is above 1 and one lies between 0 and 1.

    >>> percent_of_fractions([0.25, 1, None]), percent_of_fractions([25, 0.5]), percent_of_fractions(["0.5%"])
    (True, False, False)
    """
    numbers = [v for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
    return bool(numbers) and max(numbers) <= 1 and any(0 < n < 1 for n in numbers)
