"""The rule book of how names of places are written."""

import pytest

from loaders.place_names import canonical, code_readings, forms, normalised, other_order


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("飞行社区居民委员会", ("飞行社区居民委员会", "飞行社区", "飞行")),
        ("谢庄村民委员会", ("谢庄村民委员会", "谢庄村", "谢庄")),
        ("谢庄村村委会", ("谢庄村村委会", "谢庄村", "谢庄")),
        ("张村村民委员会", ("张村村民委员会", "张村")),
        ("九里山街道", ("九里山街道", "九里山")),
        ("曹镇乡", ("曹镇乡", "曹镇")),
        ("庆北办事处", ("庆北办事处", "庆北街道", "庆北")),
        ("孟村回族自治县", ("孟村回族自治县", "孟村回族县", "孟村回族", "孟村县", "孟村")),
        ("新疆维吾尔自治区", ("新疆维吾尔自治区", "新疆维吾尔", "新疆自治区", "新疆")),
        ("内蒙古自治区", ("内蒙古自治区", "内蒙古")),
        ("浦东新区", ("浦东新区", "浦东")),
        ("平顶山高新技术产业开发区", ("平顶山高新技术产业开发区",)),
        ("八家村民委员会（八家分场）", ("八家村民委员会(八家分场)", "八家村民委员会", "八家村", "八家")),
        ("城区", ("城区",)),
        ("县", ("县",)),
        ("3号楼", ("3号楼",)),
        ("\u3000", ()),
    ],
)
def test_a_name_is_found_by_its_full_its_usual_and_its_short_form(
    name: str, expected: tuple[str, ...]
) -> None:
    assert forms(name) == expected


@pytest.mark.parametrize(
    "written", ["九里山街道", "九里山街道办事处", "九里山街道办", "九里山办事处", "九里山街办", "九里山办"]
)
def test_every_writing_of_a_street_has_one_canonical_form(written: str) -> None:
    assert canonical(written) == "九里山街道"


@pytest.mark.parametrize(
    "written", ["飞行社区居民委员会", "飞行社区居委会", "飞行居民委员会", "飞行居委会", "飞行社区"]
)
def test_every_writing_of_a_residents_committee_has_one_canonical_form(written: str) -> None:
    assert canonical(written) == "飞行社区"


def test_width_case_and_invisible_characters_do_not_part_two_names() -> None:
    assert normalised("\ufeff谢\u00a0\u3000庄（Ａ座）\u200b ") == "谢庄(a座)"


def test_two_numbers_are_never_joined_into_another_one() -> None:
    assert [normalised(text) for text in ("1 2号楼", "1—2号楼", "1/2号楼")] == [
        "1 2号楼",
        "1-2号楼",
        "1/2号楼",
    ]


def test_a_place_with_its_street_in_brackets_is_read_from_the_outside_in() -> None:
    assert [other_order(normalised(text)) for text in ("谢庄（北渡）", "(北渡)谢庄")] == ["北渡/谢庄", None]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("410411004004.0", ("410411004004",)),
        (" ４１０４１１ ００４ ００４\u200b", ("410411004004",)),
        ("410400", ("410400", "4104")),
        ("410000", ("410000", "4100", "41")),
        ("410411000000", ("410411000000", "410411000", "410411")),
        ("E-0031", ("E-0031",)),
        (" ", ()),
    ],
)
def test_a_code_is_read_as_spreadsheets_spoil_it(cell: str, expected: tuple[str, ...]) -> None:
    assert code_readings(cell) == expected
