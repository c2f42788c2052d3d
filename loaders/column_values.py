"""What the values of a column say of it: dates, phones, codes, people's names, names of areas. Pure.

Nothing here decides alone. A share of values speaks for or against what a heading suggests.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from functools import cached_property

from graph.model import CodeList, Property, ValueType
from graph.schema.formats import AREA_CODE, PHONE, USCC, check_phone
from loaders.cells import CellValue, clean_text, to_boolean, to_date, to_decimal
from loaders.layout import Column, Role

_SAMPLE = 60
_PARTS = re.compile(r"[、，,；;/\n|]+")
_USCC = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
_PERSON = re.compile(r"[\u4e00-\u9fff\u3400-\u4dbf·]{2,4}")
_CODE = re.compile(r"(?=.*\d)[0-9A-Za-z\-_/.:]+|\d+")
_DIVISION = re.compile(r"(?:nbs:)?\d{6}(?:\d{3}(?:\d{3})?)?|(?:local|demo):\S+")
_YEAR = re.compile(r"(?:18|19|20)\d{2}(?:\D.*|\d{2}|\d{4})?")
_ENDINGS = {
    "Province": "省市区", "City": "市州盟区", "District": "区县市旗", "Street": "街道|镇|乡|办事处|街办", "Community": "社区|村|居委会|村委会|委员会",
    "Estate": "小区|楼院|院|苑|园|新村|家园|花园|府|城|公寓|里|庭|居|家属院|湾|村", "Grid": "网格", "Building": "楼|栋|幢|单元|座|号院",
    "PartyOrganization": "党委|工委|支部|总支|党组|小组|党组织",
    "Unit": "公司|医院|学校|小学|中学|大学|学院|幼儿园|银行|局|所|院|中心|厂|集团|店|部|处|站|委|会|办|社|队|行|馆|园",
    "Organization": "委员会|业委会|居委会|工会|妇联|妇女联合会|联合会|支部|团委|科协|协会|队|议事会|公司|工作站|调委会|红管委",
    "PropertyArea": "区域|小区|院|苑|园|新村|家园|花园",
    "Agreement": "协议|协议书|合同", "Project": "项目|工程|建设|改造|行动|活动",
}  # fmt: skip
_SPLIT_ENDINGS = {"Province", "City", "District"}


class ColumnValues:
    """A sample of the values of one column, with the shares that were asked for computed once."""

    def __init__(self, values: Sequence[CellValue], date1904: bool = False) -> None:
        """`values` are all cells of the column; up to 60 that are not empty are looked at, evenly spread."""
        filled = [v for v in values if v is not None and str(v).strip()]
        step = max(1, len(filled) // _SAMPLE)
        self.sample = filled[::step][:_SAMPLE]
        self.filled = filled
        self._date1904 = date1904

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The sample as clean text; a number that stands for a code has no `.0`."""
        return tuple(_text(v) for v in self.sample)

    def share(self, holds: Callable[[str], object]) -> float:
        """Share of the sampled texts for which `holds` is true; 0 for an empty column."""
        return sum(1 for t in self.texts if holds(t)) / len(self.texts) if self.texts else 0.0

    @cached_property
    def numbers(self) -> float:
        """Share of numbers."""
        return _share(self.sample, lambda v: isinstance(to_decimal(v), float))

    @cached_property
    def dates(self) -> float:
        """Share of dates, months included; plain numbers count only when written like 20200413."""
        return _share(self.sample, self._is_date)

    def _is_date(self, value: CellValue) -> bool:
        if isinstance(value, date):
            return True
        text = _text(value)
        if re.fullmatch(r"\d{1,6}(\.\d+)?", text):
            return False
        return isinstance(to_date(value, date1904=self._date1904), date) or bool(
            re.fullmatch(r"(19|20)\d{2}\s*[-./年]\s*\d{1,2}月?", text)
        )

    @cached_property
    def running(self) -> bool:
        """Whether the column only counts its rows: 1, 2, 3, ..."""
        counted = [_text(v) for v in self.filled]
        return len(counted) > 1 and counted == [
            str(n) for n in range(_whole_or(counted[0]), _whole_or(counted[0]) + len(counted))
        ]

    @cached_property
    def persons(self) -> float:
        """Share of what could be a person's name: two to four Han characters that no place or body ends in."""
        bodies = "|".join(_ENDINGS[k] for k in ("Street", "Community", "PartyOrganization", "Grid"))
        ends = re.compile(rf".*(?:{bodies}|公司|医院|学校|小学|中学|大学|学院|小区|银行|中心|集团|幼儿园)")
        return self.share(lambda t: _PERSON.fullmatch(t) and not ends.fullmatch(t))

    @cached_property
    def distinct(self) -> int:
        """Number of different texts in the sample."""
        return len(set(self.texts))

    def in_list(self, codes: CodeList) -> float:
        """Share of values that are words of a code list; a cell with several counts by its parts."""
        parts = [p.strip() for t in self.texts for p in _PARTS.split(t) if p.strip()]
        return sum(codes.find(p) is not None for p in parts) / len(parts) if parts else 0.0

    def named(self, labels: Sequence[str]) -> float | None:
        """Share of values that end like names of these labels, or are codes; None when a label has no endings."""
        if set(labels) == {"Person"}:
            return max(self.persons, self.share(_CODE.fullmatch))
        if any(label not in _ENDINGS and label != "Person" for label in labels):
            return None
        words = {w for label in labels if label != "Person" for w in _endings(label)}
        ends = re.compile(rf".*(?:{'|'.join(sorted(words))})(?:\(.*\))?")

        def holds(text: str) -> bool:
            parts = [p for p in _PARTS.split(text) if p]
            return bool(parts) and all(ends.fullmatch(p.strip()) or _CODE.fullmatch(p.strip()) for p in parts)

        share = self.share(holds)
        return max(share, self.persons) if "Person" in labels else share


def fit(column: Column, values: ColumnValues) -> float | None:
    """How well values fit a column of ours, 0 to 1; None when they say nothing (or there are none)."""
    if not values.sample:
        return None
    if column.role in (Role.REFERENCE, Role.START, Role.END):
        named = values.named(column.ends)
        wrong = max(values.dates, values.share(lambda t: check_phone(t) is None and len(t) > 6))
        if named is None:
            return 0.1 if wrong > 0.5 or _measures(values) else None
        return min(named, 1 - wrong)
    assert column.property
    return _fit_property(column.property, values)


def _fit_property(of: Property, values: ColumnValues) -> float | None:
    if of.codes:
        return values.in_list(of.codes)
    if of.format == PHONE:
        return values.share(lambda t: check_phone(t.replace(" ", "")) is None)
    if of.format == USCC:
        return values.share(lambda t: _USCC.fullmatch(t.replace(" ", "").upper()))
    if of.format == AREA_CODE:
        return values.share(_DIVISION.fullmatch)
    if is_year(of):
        return max(values.share(_YEAR.fullmatch), values.dates)
    match of.type:
        case ValueType.DATE:
            return values.dates
        case ValueType.INTEGER | ValueType.DECIMAL:
            return min(values.numbers, 1 - values.share(_long_code))
        case ValueType.BOOLEAN:
            return _share(values.sample, lambda v: isinstance(to_boolean(v), bool))
    if of.name == "id":
        return 0.0 if values.running else max(values.share(_CODE.fullmatch), 0.3)
    if of.personal and of.type is ValueType.STRING:
        return values.persons
    return 0.2 if max(values.dates, values.numbers) > 0.8 and of.type is not ValueType.TEXT else None


def speaks_alone(column: Column, values: ColumnValues) -> bool:
    """Whether the values alone make a column likely: codes of one list, credit codes; telephone numbers."""
    if not column.property or len(values.sample) < 2:
        return False
    if column.property.codes:
        words = values.share(lambda t: not t.isdecimal())  # 1, 2, 3 may be anything
        return values.distinct > 1 and words > 0.5 and values.in_list(column.property.codes) >= 0.9
    return column.property.format in (USCC, PHONE) and (fit(column, values) or 0) >= 0.9


def is_year(of: Property) -> bool:
    """Whether a property holds a year, so that a whole date may stand for it."""
    return of.type is ValueType.INTEGER and of.minimum == 1900 and of.maximum == 2100


def _measures(values: ColumnValues) -> bool:
    return values.numbers > 0.8 and not values.share(_long_code) > 0.5


def _long_code(text: str) -> bool:
    return text.isdigit() and (len(text) > 9 or (len(text) > 1 and text[0] == "0"))


def _endings(label: str) -> list[str]:
    return list(_ENDINGS[label]) if label in _SPLIT_ENDINGS else _ENDINGS[label].split("|")


def _share(values: Sequence[CellValue], holds: Callable[[CellValue], bool]) -> float:
    return sum(map(holds, values)) / len(values) if values else 0.0


def _text(value: CellValue) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return unicodedata.normalize("NFKC", clean_text(value)) if isinstance(value, str) else str(value)


def _whole_or(text: str, otherwise: int = -1) -> int:
    return int(text) if text.isdecimal() else otherwise
