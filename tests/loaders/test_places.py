"""Which place a text means."""

import random
from collections import defaultdict
from collections.abc import Callable, Sequence

import pytest

from loaders.division_codes import Level
from loaders.divisions import Divisions
from loaders.place_names import canonical, forms, normalised
from loaders.places import Ambiguous, Candidate, Found, Place, PlaceIndex, Unknown

FLYING = "410411004004"
DISTRICTS_SAMPLED = 300


@pytest.fixture(scope="module")
def divisions() -> Divisions:
    return Divisions.open()


@pytest.fixture(scope="module")
def zhanhe(divisions: Divisions) -> PlaceIndex:
    estate = Place("D-1", "示例小区", "Estate", FLYING)
    buildings = [Place(f"D-1-{n}", f"{n}号楼", "Building", "D-1") for n in (1, 3, 12)]
    other = [Place("D-2", "示例小区", "Estate", "410411001007"), Place("D-2-3", "3号楼", "Building", "D-2")]
    return PlaceIndex([*divisions.places("410411"), estate, *buildings, *other])


@pytest.mark.parametrize(
    "text",
    [
        "410411004004",
        "４１０４１１００４００４",
        "4104 1100 4004",
        "410411004004.0",
        "飞行社区居民委员会",
        "飞行社区居委会",
        "飞行居委会",
        "飞行社区",
        "飞行",
        " 飞 行\u3000社区\u200b",
        "九里山街道飞行社区居委会",
        "九里山飞行社区",
        "九里山飞行",
        "九里山街道/飞行社区",
        "九里山街道 飞行社区",
        "九里山街道－飞行社区",
        "九里山街道、飞行社区",
        "飞行社区（九里山街道）",
        "湛河区九里山街道飞行社区",
        "湛河飞行",
        "平顶山市湛河区九里山街道办事处飞行社区",
        "河南省平顶山市湛河区九里山街道飞行社区居民委员会",
        "河南 / 平顶山 / 湛河 / 九里山 / 飞行",
    ],
)
def test_every_usual_writing_means_the_one_community(zhanhe: PlaceIndex, text: str) -> None:
    assert zhanhe.resolve(text) == Found(FLYING)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("北渡谢庄", "410411007218"),
        ("曹镇谢庄", "410411200213"),
        ("曹镇乡谢庄村", "410411200213"),
        ("谢庄（北渡）", "410411007218"),
        ("九里山街道办事处", "410411004"),
        ("湛河", "410411"),
        ("410411000000", "410411"),
        ("飞行社区 示例小区 3号楼", "D-1-3"),
        ("飞行社区3号楼", "D-1-3"),
        ("九里山示例小区3号楼", "D-1-3"),
        ("铁南示例3号楼", "D-2-3"),
        ("12号楼", "D-1-12"),
    ],
)
def test_names_of_places_above_say_which_one_is_meant(zhanhe: PlaceIndex, text: str, expected: str) -> None:
    assert zhanhe.resolve(text) == Found(expected)


def test_a_name_that_comes_twice_is_answered_with_both_and_how_to_write_them(zhanhe: PlaceIndex) -> None:
    answer = zhanhe.resolve("谢庄")
    above = "河南省 / 平顶山市 / 湛河区"
    assert answer == Ambiguous(
        "谢庄",
        (
            Candidate("410411007218", f"{above} / 北渡街道 / 谢庄村民委员会", "北渡街道谢庄村民委员会"),
            Candidate("410411200213", f"{above} / 曹镇乡 / 谢庄村民委员会", "曹镇乡谢庄村民委员会"),
        ),
        2,
    )
    assert isinstance(answer, Ambiguous)
    assert [zhanhe.resolve(item.writing) for item in answer.candidates] == [
        Found("410411007218"),
        Found("410411200213"),
    ]
    assert answer.message == (
        "“谢庄”对应 2 个地点，无法确定是哪一个，请写明其一："
        "河南省 / 平顶山市 / 湛河区 / 北渡街道 / 谢庄村民委员会，写作“北渡街道谢庄村民委员会”；"
        "河南省 / 平顶山市 / 湛河区 / 曹镇乡 / 谢庄村民委员会，写作“曹镇乡谢庄村民委员会”"
    )


def test_a_short_name_of_a_street_and_a_community_is_decided_by_kind_alone(zhanhe: PlaceIndex) -> None:
    either = zhanhe.resolve("马庄")
    assert isinstance(either, Ambiguous)
    assert [item.writing for item in either.candidates] == ["马庄街道", "马庄村民委员会"]
    assert zhanhe.resolve("马庄", kinds={"Street"}) == Found("410411001")
    assert zhanhe.resolve("马庄", kinds={"Community"}) == Found("410411001201")
    assert zhanhe.resolve("马庄马庄") == Found("410411001201")


def test_within_a_place_only_what_is_below_it_is_meant(zhanhe: PlaceIndex) -> None:
    assert zhanhe.resolve("谢庄", within="410411200") == Found("410411200213")
    assert zhanhe.resolve("湛河区曹镇谢庄", within="410411200") == Found("410411200213")
    assert isinstance(zhanhe.resolve("飞行社区", within="410411200"), Unknown)
    with pytest.raises(KeyError):
        zhanhe.resolve("飞行社区", within="no such place")


def test_a_full_name_wins_over_a_short_one() -> None:
    index = PlaceIndex(
        [
            Place("a", "东街社区居民委员会", "Community"),
            Place("b", "东街", "Community"),
            Place("c", "东街村委会", "Community"),
        ]
    )
    assert index.resolve("东街") == Found("b")
    assert index.resolve("东街居委会") == Found("a")
    assert index.resolve("东街村") == Found("c")


def test_a_community_is_not_taken_for_a_village(zhanhe: PlaceIndex) -> None:
    answer = zhanhe.resolve("飞行村")
    assert isinstance(answer, Unknown)
    assert answer.suggestions[0].id == FLYING


def test_a_mistyped_name_is_answered_with_the_nearest_below_the_street_that_was_written(
    zhanhe: PlaceIndex,
) -> None:
    answer = zhanhe.resolve("九里山街道飞航社区", kinds={"Community"})
    assert isinstance(answer, Unknown)
    assert answer.message == (
        "找不到地点“九里山街道飞航社区”；最接近的有“飞翔社区居民委员会”（410411004002）、"
        "“飞行社区居民委员会”（410411004004），请改成其中一个的名称或编号"
    )


def test_a_community_of_another_street_is_suggested(zhanhe: PlaceIndex) -> None:
    answer = zhanhe.resolve("曹镇乡飞行社区", kinds={"Community"})
    assert isinstance(answer, Unknown)
    assert answer.suggestions[0].id == FLYING


def test_a_number_of_the_wrong_kind_of_place_is_named(zhanhe: PlaceIndex) -> None:
    answer = zhanhe.resolve("410411", kinds={"Community"})
    assert isinstance(answer, Unknown)
    assert answer.message == "编号 410411 是“河南省 / 平顶山市 / 湛河区”，不在此处可填的地点之中；请核对编号"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "没有写地点；请填写编号，或街道加社区的名称，例如“九里山街道飞行社区”"),
        ("\u3000", "没有写地点；请填写编号，或街道加社区的名称，例如“九里山街道飞行社区”"),
        ("zzz", "找不到地点“zzz”；请填写编号，或街道加社区的名称，例如“九里山街道飞行社区”"),
    ],
)
def test_a_text_like_nothing_known_says_how_to_write_a_place(
    zhanhe: PlaceIndex, text: str, message: str
) -> None:
    answer = zhanhe.resolve(text)
    assert isinstance(answer, Unknown)
    assert answer.message == message


def test_a_long_text_is_answered_at_once(zhanhe: PlaceIndex) -> None:
    assert zhanhe.resolve("飞行" * 2500) == Unknown("飞行" * 2500, ())


def test_many_places_of_one_name_are_counted_and_ten_are_shown() -> None:
    index = PlaceIndex(
        [Place("s", "东街街道", "Street"), *(Place(f"b{n}", "3号楼", "Building", "s") for n in range(5000))]
    )
    answer = index.resolve("3号楼")
    assert isinstance(answer, Ambiguous)
    assert (answer.count, len(answer.candidates)) == (5000, 10)
    assert answer.candidates[0] == Candidate("b0", "东街街道 / 3号楼", "b0")
    assert answer.message.endswith("；另有 4990 处")


@pytest.mark.parametrize(
    ("places", "message"),
    [
        ([Place("a", "甲", "X"), Place("a", "乙", "X")], "place 'a' comes twice"),
        ([Place("a", "甲", "X", "b")], "place 'a': its parent 'b' is missing"),
        ([Place("a", "甲", "X", "b"), Place("b", "乙", "X", "a")], "in a circle"),
    ],
)
def test_places_that_are_no_tree_are_refused(places: Sequence[Place], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        PlaceIndex(places)


def test_over_the_country_no_writing_of_a_community_is_resolved_to_another(divisions: Divisions) -> None:
    """Street and full name give the community, or others that really can be written so; a short name gives
    one community only where no other in the district carries it as well."""
    districts = [area.code for area in divisions.upper() if area.level is Level.DISTRICT]
    chosen = sorted(random.Random(410411).sample(districts, DISTRICTS_SAMPLED))
    wrong = [failure for district in chosen for failure in _wrong_answers(divisions.places(district))]
    assert wrong == []


def _wrong_answers(places: list[Place]) -> list[tuple[str, str]]:
    index = PlaceIndex(places)
    by_id = {place.id: place for place in places}
    carriers: dict[str, set[str]] = defaultdict(set)
    for place in places:
        streets = forms(by_id[place.parent_id].name) if place.kind == "Community" and place.parent_id else ()
        for form in forms(place.name):
            for front in ("", *streets):
                carriers[front + form].add(place.id)
    wrong: list[tuple[str, str]] = []
    for place in places:
        if place.kind == "Community":
            assert place.parent_id is not None
            full = normalised(by_id[place.parent_id].name + place.name)
            for text in dict.fromkeys((full, *forms(place.name))):
                known = carriers[text] | carriers.get(canonical(text), set())
                if not _right(index, text, full, place, known):
                    wrong.append((place.id, text))
    return wrong


def _right(index: PlaceIndex, text: str, full: str, place: Place, known: set[str]) -> bool:
    answer = index.resolve(text)
    if isinstance(answer, Found):
        if text == full:
            return answer.id == place.id
        # The only one that carries the name, or the only one that full names alone lead to.
        return known == {answer.id} or _can_be_written(text, index.path(answer.id), _full_name)
    if isinstance(answer, Ambiguous):
        others = all(_can_be_written(text, index.path(item.id), forms) for item in answer.candidates)
        return answer.count > 1 and others
    return False


def _full_name(name: str) -> tuple[str, ...]:
    return (normalised(name),)


def _can_be_written(text: str, path: Sequence[Place], written: Callable[[str], Sequence[str]]) -> bool:
    """Whether a text is a writing of the last place's name, after writings of any of those above it."""
    return any(
        _is_front(whole[: -len(form)], path[:-1], written)
        for whole in {text, canonical(text)}
        for form in written(path[-1].name)
        if whole.endswith(form)
    )


def _is_front(text: str, above: Sequence[Place], written: Callable[[str], Sequence[str]]) -> bool:
    return not text or any(
        text.endswith(form) and _is_front(text[: -len(form)], above[:depth], written)
        for depth, place in enumerate(above)
        for form in written(place.name)
    )
