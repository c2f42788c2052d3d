"""From what a cell holds to a typed value, or a refusal that says how to mend it. Pure.

Readers hand over cells as they stand; what a column should hold is known only to its schema. These
functions stand between: they accept every way of writing that can mean one thing only, and refuse the
rest. A cell that Excel spoiled (`#N/A`, a number that lost digits) is refused by all of them.
"""

import math
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

CellValue = str | int | float | bool | date | datetime | time | None
"""What a reader hands over for one cell; None is an empty cell."""

UNCALCULATED = "#未计算"
"""Stands in a sheet for a formula whose result was not stored in the file."""

_LARGEST = 10**15  # Excel keeps 15 digits; what is longer has been rounded
_ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA)|Err:\d{3}")
_ZERO_WIDTH = re.compile("[\u200b\u2060\ufeff\u00ad\x00-\x08\x0e-\x1f\x7f]")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile("[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_WIDE_WORD = {c: c - 0xFEE0 for c in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_WIDE_ANY = {c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F)}
_WIDE = re.compile("[\uff01-\uff5e]")
_CODE_ONLY = re.compile("[\x21-\x7e\uff01-\uff5e ]*")
_SCIENTIFIC = re.compile(r"[+-]?\d(?:\.\d+)?[eE]\+?\d+")
_TAIL = re.compile(r"\d{5,}\.0")
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?", re.ASCII)
_NUMBER_AND_UNIT = re.compile(r"[+-]?[\d,]+(?:\.\d+)?\s*([^\d\s,.].*)", re.ASCII)
_ABOUT = re.compile(r"约|余|多|左右|以上|以下|近|超|[~～—-]\s*\d")
_CLOCK = r"(?:[T\s]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_DAY = re.compile(rf"(\d{{4}})([-./])(\d{{1,2}})\2(\d{{1,2}}){_CLOCK}", re.ASCII)
_HAN_DAY = re.compile(rf"(\d{{4}})\s*年\s*(\d{{1,2}})\s*月\s*(\d{{1,2}})\s*[日号]{_CLOCK}", re.ASCII)
_PLAIN_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_MONTH = re.compile(r"\d{4}(?:\s*年\s*(?:\d{1,2}\s*月?)?|[-./]\d{1,2})|\d{4}|\d{6}", re.ASCII)
_SHORT_YEAR = re.compile(r"\d{2}\s*(?:[-./]|年)\s*\d{1,2}\s*(?:[-./]|月)\s*\d{1,2}\s*[日号]?", re.ASCII)
_TRUE = frozenset({"是", "有", "对", "√", "✓", "✔", "y", "yes", "true", "t", "1"})
_FALSE = frozenset({"否", "无", "没有", "不是", "×", "✗", "✘", "n", "no", "false", "f", "0"})


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a value was not taken.

    `reason` is Chinese, says what is expected with an example, and never quotes the value, so it is safe
    for personal columns; the caller adds the place and, where allowed, what was found.
    """

    reason: str


_BROKEN = Refused("单元格里的公式出错，没有结果；请改正公式，或直接填写内容")
_NOT_CALCULATED = Refused("单元格里的公式没有算出结果；请用 Excel 或 WPS 打开文件，保存一次后再装入")
_LOST_DIGITS = Refused(
    "数字超过 15 位，末尾几位已被 Excel 改成 0；请把该列设为“文本”格式后重新填写，例如 410411199001011234"
)
_SHORTENED = Refused("号码被 Excel 改成了科学计数法，后几位已丢失；请把该列设为“文本”格式后重新填写")
_INTEGER = Refused("应为整数，例如 80；没有请留空")
_DECIMAL = Refused("应为数字，例如 36.5；没有请留空")
_UNIT = Refused("只写数字，不写单位，例如 80；没有请留空")
_ROUGH = Refused("应为准确的数字，不写“余”“多”“约”等字，也不写范围，例如 80；没有请留空")
_TOO_LARGE = Refused("数字超过 15 位，太大了；请核对，例如 80")
_DATE = Refused("应为日期，例如 2020-04-13；没有请留空")
_BOOLEAN = Refused("应为“是”或“否”；没有请留空")


def clean_text(value: str) -> str:
    """Tidy what people type without changing what they mean.

    Full-width digits and letters become plain ones; full-width punctuation does so only where the whole
    text is a code (prose keeps its Chinese punctuation). Every kind of space becomes one plain space,
    line ends become `\\n`, and invisible characters go; the joiner inside emoji stays.

    >>> clean_text("\\u3000ＤＹ－００１\\u200b ")
    'DY-001'
    >>> clean_text("示例小区（北区），３号楼")
    '示例小区（北区），3号楼'
    """
    # Printable text, as nearly every cell is, has no space but the plain one, no line end and nothing invisible.
    if value.isprintable():
        text = _SPACES.sub(" ", value) if "  " in value else value
    else:
        text = _ZERO_WIDTH.sub("", _LINE_ENDS.sub("\n", value))
        text = _SPACES.sub(" ", _SURROGATE.sub("\ufffd", text))
        if "\n" in text:
            text = "\n".join(line.strip() for line in text.split("\n"))
    text = text.strip()
    if not _WIDE.search(text):
        return text
    return text.translate(_WIDE_ANY if _CODE_ONLY.fullmatch(text) else _WIDE_WORD)


def to_text(value: CellValue) -> str | Refused | None:
    """Text of a cell; None when it is empty.

    A number becomes its digits without a tail (`410411001003.0` is a code). A date is refused: in a
    column of text it is most often `3-2` that Excel took for the second of March.

    >>> to_text(410411001003.0)
    '410411001003'
    """
    match value:
        case None:
            return None
        case str():
            return _spoiled(value) or clean_text(value) or None
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            return _digits(value)
        case time():
            return value.isoformat("seconds" if value.second else "minutes")
    return Refused("应为文字，但 Excel 把它存成了日期；请把该列设为“文本”格式后重新填写，例如 3-2")


def to_code(value: CellValue) -> str | Refused | None:
    """A code, a number of a register or a phone number: text without any space or `.0` tail.

    >>> to_code("４１０４１１ 001003.0"), to_code("1.38E+10")
    ('410411001003', Refused(reason='号码被 Excel 改成了科学计数法，后几位已丢失；请把该列设为“文本”格式后重新填写'))
    """
    text = to_text(value)
    if not isinstance(text, str):
        return text
    code = "".join(text.split())
    if not code.isascii():
        code = code.translate(_WIDE_ANY)
    if _SCIENTIFIC.fullmatch(code):
        return _SHORTENED
    return code[:-2] if _TAIL.fullmatch(code) else code


def to_integer(value: CellValue) -> int | Refused | None:
    """A whole number; None when the cell is empty.

    >>> to_integer("１，２３４"), to_integer("3000余")
    (1234, Refused(reason='应为准确的数字，不写“余”“多”“约”等字，也不写范围，例如 80；没有请留空'))
    """
    number = _number(value, _INTEGER)
    if not isinstance(number, Decimal):
        return number
    return int(number) if number == number.to_integral_value() else _INTEGER


def to_decimal(value: CellValue) -> float | Refused | None:
    """A number; None when the cell is empty. A percentage cell is its fraction (25 % is 0.25).

    >>> to_decimal("1,234.5")
    1234.5
    """
    number = _number(value, _DECIMAL)
    return float(number) if isinstance(number, Decimal) else number


def to_date(value: CellValue, *, date1904: bool = False) -> date | Refused | None:
    """A day; None when the cell is empty.

    A number is a day written as 20200413, or an Excel serial date of the workbook's epoch when it falls
    between 1920 and 2099.

    >>> to_date("２０２０年４月１３日"), to_date(43934), to_date(42472, date1904=True), to_date("2020.4.13")
    (datetime.date(2020, 4, 13), datetime.date(2020, 4, 13), datetime.date(2020, 4, 13), datetime.date(2020, 4, 13))
    """
    match value:
        case None:
            return None
        case datetime():
            return value.date()
        case date():
            return value
        case str():
            return _date_of_text(value)
        case bool() | time():
            return _DATE
    if not math.isfinite(value):
        return _DATE
    if 18000101 <= value <= 22001231 and value == int(value):
        return _date_of_text(str(int(value)))
    epoch = date(1904, 1, 1) if date1904 else date(1899, 12, 30)
    if not 0 < value < 80_000:
        return _DATE
    day = epoch + timedelta(days=int(value))
    return day if 1920 <= day.year <= 2099 else _date_of_text(str(value))


def to_boolean(value: CellValue) -> bool | Refused | None:
    """是 or 否, in the usual ways of writing it; None when the cell is empty.

    >>> to_boolean("是"), to_boolean(0), to_boolean("不详")
    (True, False, Refused(reason='应为“是”或“否”；没有请留空'))
    """
    if isinstance(value, bool):
        return value
    if isinstance(value, date | time):
        return _BOOLEAN
    text = to_text(value)
    if not isinstance(text, str):
        return text
    word = text.lower()
    return True if word in _TRUE else False if word in _FALSE else _BOOLEAN


def _spoiled(text: str) -> Refused | None:
    """The refusal of a text that stands for a formula without a result, or None."""
    if "#" not in text and "Err:" not in text:
        return None
    word = text.strip()
    if word == UNCALCULATED:
        return _NOT_CALCULATED
    return _BROKEN if _ERROR.fullmatch(word) else None


def _digits(value: float) -> str | Refused:
    if not math.isfinite(value):
        return _BROKEN
    if abs(value) >= _LARGEST:
        return _LOST_DIGITS
    return str(int(value)) if value == int(value) else format(Decimal(repr(value)), "f")


def _number(value: CellValue, refusal: Refused) -> Decimal | Refused | None:
    match value:
        case None:
            return None
        case bool() | date() | time():
            return refusal
        case int() | float():
            if not math.isfinite(value):
                return _BROKEN
            return Decimal(repr(value)) if abs(value) < _LARGEST else _TOO_LARGE
    if spoiled := _spoiled(value):
        return spoiled
    text = clean_text(value).translate(_WIDE_ANY).replace("\u2212", "-")
    if not text:
        return None
    if _NUMBER.fullmatch(text):
        number = Decimal(text.replace(",", ""))
        return number if abs(number) < _LARGEST else _TOO_LARGE
    if any(letter.isdigit() for letter in text) and _ABOUT.search(text):
        return _ROUGH
    if text.endswith("%"):
        return Refused("应为数字，百分数请写成小数，例如 0.25；没有请留空")
    if (unit := _NUMBER_AND_UNIT.fullmatch(text)) and not _SCIENTIFIC.fullmatch(text) and unit[1]:
        return _UNIT
    return refusal


def _date_of_text(value: str) -> date | Refused | None:
    if spoiled := _spoiled(value):
        return spoiled
    text = clean_text(value).translate(_WIDE_ANY)
    if not text:
        return None
    if found := _DAY.fullmatch(text):
        year, month, day = found[1], found[3], found[4]
    elif found := _HAN_DAY.fullmatch(text) or _PLAIN_DAY.fullmatch(text):
        year, month, day = found[1], found[2], found[3]
    elif _MONTH.fullmatch(text):
        return Refused("日期要写到日，例如 2020-04-13；没有请留空")
    elif _SHORT_YEAR.fullmatch(text):
        return Refused("日期的年份要写四位，例如 2020-04-13；没有请留空")
    else:
        return _DATE
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return Refused("没有这一天，请核对月和日，例如 2020-04-13")
