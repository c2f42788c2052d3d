"""From cells to typed values: what is taken, what is refused, and that nothing is silently wrong."""

import math
from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.cells import (
    UNCALCULATED,
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

DAY = date(2020, 4, 13)


@pytest.mark.parametrize(
    ("written", "clean"),
    [
        ("\u3000飞行社区\u00a0", "飞行社区"),
        ("\ufeff飞行\u200b社区", "飞行社区"),
        ("第一行\r\n 第二行\r第三行", "第一行\n第二行\n第三行"),
        ("张\u3000\u3000三", "张 三"),
        ("ＤＹ－００１", "DY-001"),
        ("（０３７５）２８３－１", "(0375)283-1"),
        ("会议室，可坐８０人。", "会议室，可坐80人。"),
        ("𠮷野家 👨‍👩‍👧 㐂", "𠮷野家 👨‍👩‍👧 㐂"),
        ("坏\ud800字", "坏\ufffd字"),
    ],
)
def test_text_is_tidied_without_changing_what_it_means(written: str, clean: str) -> None:
    assert clean_text(written) == clean


@given(st.text())
def test_tidying_twice_changes_nothing_more(text: str) -> None:
    once = clean_text(text)
    assert clean_text(once) == once


@given(st.text())
def test_the_short_way_for_printable_text_ends_where_the_long_way_does(text: str) -> None:
    assert clean_text(text) == clean_text(f"{text}\u200b")


def test_a_text_of_five_thousand_characters_survives_unharmed() -> None:
    text = "飞行社区𠮷👍，。" * 625
    assert (len(text), clean_text(text)) == (5000, text)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (80, 80),
        (80.0, 80),
        ("80", 80),
        ("１，２３４", 1234),
        ("1,234", 1234),
        (" 1.0 ", 1),
        ("-5", -5),
        ("−5", -5),
        ("", None),
        ("\u3000", None),
        (None, None),
        (0, 0),
    ],
)
def test_whole_numbers_in_every_usual_writing_are_taken(value: CellValue, number: int | None) -> None:
    assert to_integer(value) == number
    assert type(to_integer(value)) is type(number)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("许多", "应为整数，例如 80；没有请留空"),
        ("80 个", "只写数字，不写单位，例如 80；没有请留空"),
        ("80人", "只写数字，不写单位，例如 80；没有请留空"),
        ("3000余", "应为准确的数字，不写“余”“多”“约”等字，也不写范围，例如 80；没有请留空"),
        ("约80人", "应为准确的数字，不写“余”“多”“约”等字，也不写范围，例如 80；没有请留空"),
        ("10-20", "应为准确的数字，不写“余”“多”“约”等字，也不写范围，例如 80；没有请留空"),
        ("1.5", "应为整数，例如 80；没有请留空"),
        (1.5, "应为整数，例如 80；没有请留空"),
        ("1e3", "应为整数，例如 80；没有请留空"),
        ("12,34", "应为整数，例如 80；没有请留空"),
        (True, "应为整数，例如 80；没有请留空"),
        (DAY, "应为整数，例如 80；没有请留空"),
        ("无", "应为整数，例如 80；没有请留空"),
        (1e15, "数字超过 15 位，太大了；请核对，例如 80"),
        ("#N/A", "单元格里的公式出错，没有结果；请改正公式，或直接填写内容"),
        (UNCALCULATED, "单元格里的公式没有算出结果；请用 Excel 或 WPS 打开文件，保存一次后再装入"),
    ],
)
def test_what_is_not_a_whole_number_is_refused_with_the_right_form(value: CellValue, reason: str) -> None:
    assert to_integer(value) == Refused(reason)


def test_numbers_keep_their_fraction_and_percent_signs_are_refused() -> None:
    values: list[CellValue] = [36.5, "1,234.50", "３．５", 0.25, "25%", math.nan, None]
    assert [to_decimal(value) for value in values] == [
        36.5,
        1234.5,
        3.5,
        0.25,
        Refused("应为数字，百分数请写成小数，例如 0.25；没有请留空"),
        Refused("单元格里的公式出错，没有结果；请改正公式，或直接填写内容"),
        None,
    ]


@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_a_whole_number_survives_every_way_a_spreadsheet_stores_it(number: int) -> None:
    wide = str(number).translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789-"})
    assert [to_integer(v) for v in (number, float(number), str(number), f"{number:,}", wide)] == [number] * 5


@pytest.mark.parametrize(
    "value",
    [
        DAY,
        datetime(2020, 4, 13, 9, 30),
        "2020年4月13日",
        "2020 年 4 月 13 日",
        "２０２０年０４月１３号",
        "2020.4.13",
        "2020/4/13",
        "2020-04-13",
        "2020-04-13 00:00:00",
        "2020-04-13T08:00",
        "20200413",
        20200413,
        20200413.0,
        43934,
        43934.5,
    ],
)
def test_one_day_is_read_in_every_writing(value: CellValue) -> None:
    assert to_date(value) == DAY


def test_a_serial_date_is_read_in_the_epoch_of_its_workbook() -> None:
    assert (to_date(42472, date1904=True), to_date(42472)) == (DAY, date(2016, 4, 12))


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("2020年4月", "日期要写到日，例如 2020-04-13；没有请留空"),
        ("2020.4", "日期要写到日，例如 2020-04-13；没有请留空"),
        (2020.4, "日期要写到日，例如 2020-04-13；没有请留空"),
        (2020, "日期要写到日，例如 2020-04-13；没有请留空"),
        ("202004", "日期要写到日，例如 2020-04-13；没有请留空"),
        ("20.4.13", "日期的年份要写四位，例如 2020-04-13；没有请留空"),
        ("20年4月13日", "日期的年份要写四位，例如 2020-04-13；没有请留空"),
        ("2020-02-30", "没有这一天，请核对月和日，例如 2020-04-13"),
        (20200230, "没有这一天，请核对月和日，例如 2020-04-13"),
        ("2020-4.13", "应为日期，例如 2020-04-13；没有请留空"),
        ("4/13/2020", "应为日期，例如 2020-04-13；没有请留空"),
        ("长期", "应为日期，例如 2020-04-13；没有请留空"),
        ("43934", "应为日期，例如 2020-04-13；没有请留空"),
        (1e300, "应为日期，例如 2020-04-13；没有请留空"),
        (-5, "应为日期，例如 2020-04-13；没有请留空"),
        (True, "应为日期，例如 2020-04-13；没有请留空"),
        (time(8, 0), "应为日期，例如 2020-04-13；没有请留空"),
        ("#REF!", "单元格里的公式出错，没有结果；请改正公式，或直接填写内容"),
    ],
)
def test_what_is_not_one_certain_day_is_refused_with_an_example(value: CellValue, reason: str) -> None:
    assert to_date(value) == Refused(reason)


@given(st.dates(date(1920, 1, 1), date(2099, 12, 31)))
def test_every_day_survives_every_way_of_writing_it(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    serial_1904 = (day - date(1904, 1, 1)).days
    written: list[CellValue] = [
        day.isoformat(),
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}.{day.month}.{day.day}",
        f"{day:%Y%m%d}",
        serial,
        float(serial),
    ]
    assert [to_date(value) for value in written] == [day] * 6
    assert to_date(serial_1904, date1904=True) == day


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (410411001003.0, "410411001003"),
        (1.38e10, "13800000000"),
        ("410411001003.0", "410411001003"),
        (" 138 0000 0000 ", "13800000000"),
        ("（０３７５）－２８３", "(0375)-283"),
        ("007", "007"),
        ("1.0", "1.0"),
        (None, None),
    ],
)
def test_codes_that_became_numbers_come_back_exactly(value: CellValue, code: str | None) -> None:
    assert to_code(value) == code


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (
            4.1041119900101e17,
            "数字超过 15 位，末尾几位已被 Excel 改成 0；请把该列设为“文本”格式后重新填写，例如 410411199001011234",
        ),
        ("1.38E+10", "号码被 Excel 改成了科学计数法，后几位已丢失；请把该列设为“文本”格式后重新填写"),
        ("4.10411E+17", "号码被 Excel 改成了科学计数法，后几位已丢失；请把该列设为“文本”格式后重新填写"),
        (DAY, "应为文字，但 Excel 把它存成了日期；请把该列设为“文本”格式后重新填写，例如 3-2"),
    ],
)
def test_codes_that_lost_digits_are_refused(value: CellValue, reason: str) -> None:
    assert to_code(value) == Refused(reason)


def test_text_keeps_what_a_cell_shows() -> None:
    values: list[CellValue] = [" 会议室 ", 2020.0, 0.1, time(8, 30), True, "  ", None, 1e-7]
    assert [to_text(v) for v in values] == ["会议室", "2020", "0.1", "08:30", "TRUE", None, None, "0.0000001"]


def test_yes_and_no_are_read_in_the_usual_writings() -> None:
    yes: list[CellValue] = ["是", "有", "√", "Ｙ", "TRUE", 1, 1.0, True]
    no: list[CellValue] = ["否", "无", "×", "no", 0, False]
    other: list[CellValue] = ["不详", 2, DAY, "#N/A"]
    assert [to_boolean(v) for v in yes] == [True] * 8
    assert [to_boolean(v) for v in no] == [False] * 6
    assert [type(to_boolean(v)) for v in other] == [Refused] * 4
    assert to_boolean("") is None


CELLS = st.one_of(
    st.none(),
    st.text(),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.from_regex(r"[0-9０-９.,年月日/\-]{1,12}", fullmatch=True),
)


@given(CELLS)
def test_no_cell_makes_a_function_fail_and_no_reason_quotes_it(value: CellValue) -> None:
    for read in (to_text, to_code, to_integer, to_decimal, to_date, to_boolean):
        result = read(value)
        if isinstance(result, Refused) and isinstance(value, str) and len(value) > 4:
            assert value not in result.reason or value in ("2020-04-13",)


def test_an_overlong_cell_is_read_in_linear_time() -> None:
    assert to_integer("1" * 200_000 + "x") == Refused("只写数字，不写单位，例如 80；没有请留空")
    assert to_date(" " * 100_000 + "年") == Refused("应为日期，例如 2020-04-13；没有请留空")
