"""The country's divisions as the product carries them."""

import tracemalloc
from collections import Counter
from itertools import islice
from pathlib import Path

import pytest

from loaders.division_codes import CommunityKind, Division, Level, StreetKind
from loaders.division_search import search, similar
from loaders.divisions import Divisions, UnknownDivisionError, as_places
from loaders.places import Place
from loaders.sources.pack import pack, read_csv_folder

ZHANHE = Division("410411", "湛河区", Level.DISTRICT)
FLYING = Division("410411004004", "飞行社区居民委员会", Level.COMMUNITY)


@pytest.fixture(scope="module")
def divisions() -> Divisions:
    return Divisions.open()


def test_the_country_has_665276_areas_each_below_its_parent_and_in_order(divisions: Divisions) -> None:
    counts: Counter[Level] = Counter()
    chain: list[str] = []
    last = ""
    for area in divisions.areas():
        counts[area.level] += 1
        depth = list(Level).index(area.level)
        del chain[depth:]
        assert area.parent == (chain[-1] if chain else None)
        assert len(chain) == depth
        assert area.code > last
        assert area.name
        chain.append(area.code)
        last = area.code
    assert counts == {
        Level.PROVINCE: 31,
        Level.CITY: 342,
        Level.DISTRICT: 2_978,
        Level.STREET: 41_352,
        Level.COMMUNITY: 620_573,
    }
    assert counts.total() == 665_276


def test_the_kinds_of_streets_and_communities_follow_from_their_codes(divisions: Divisions) -> None:
    kinds = Counter(area.kind for area in divisions.areas() if area.kind)
    assert kinds == {
        StreetKind.STREET: 9_066,
        StreetKind.TOWN: 21_377,
        StreetKind.TOWNSHIP: 8_198,
        StreetKind.SIMILAR: 2_711,
        CommunityKind.RESIDENTS: 124_649,
        CommunityKind.VILLAGE: 487_144,
        CommunityKind.SIMILAR: 8_780,
    }


def test_the_country_streams_without_being_held(divisions: Divisions) -> None:
    def peak(areas: int) -> int:
        tracemalloc.start()
        assert sum(1 for _ in islice(divisions.areas(), areas)) == areas
        try:
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    list(islice(divisions.areas(), 100_000))
    assert peak(150_000) < 25_000_000


def test_zhanhe_has_ten_streets_36_residents_and_68_villagers_committees(divisions: Divisions) -> None:
    areas = list(divisions.subtree("410411"))
    assert areas[0] == ZHANHE
    assert [area.name for area in areas if area.level is Level.STREET] == [
        *(
            "马庄街道",
            "南环路街道",
            "姚孟街道",
            "九里山街道",
            "轻工路街道",
            "高阳路街道",
            "北渡街道",
            "荆山街道",
        ),
        *("河滨街道", "曹镇乡"),
    ]
    assert Counter(area.kind for area in areas if area.level is Level.COMMUNITY) == {
        CommunityKind.RESIDENTS: 36,
        CommunityKind.VILLAGE: 68,
    }
    assert FLYING in areas


def test_an_area_knows_what_is_above_it(divisions: Divisions) -> None:
    assert divisions.ancestors(FLYING.code) == (
        Division("41", "河南省", Level.PROVINCE),
        Division("4104", "平顶山市", Level.CITY),
        ZHANHE,
        Division("410411004", "九里山街道", Level.STREET),
    )
    assert divisions.path(FLYING.code) == "河南省 / 平顶山市 / 湛河区 / 九里山街道 / 飞行社区居民委员会"
    assert divisions.ancestors("41") == ()


@pytest.mark.parametrize("code", ["410411004", "410411004000", " ４１０４１１００４.0 "])
def test_a_code_is_found_however_it_is_written(divisions: Divisions, code: str) -> None:
    assert divisions.get(code) == Division("410411004", "九里山街道", Level.STREET)


@pytest.mark.parametrize(
    ("code", "path", "streets"),
    [
        ("441900", "广东省 / 东莞市 / 东莞市", 36),
        ("442000", "广东省 / 中山市 / 中山市", 23),
        ("460400", "海南省 / 儋州市 / 儋州市", 18),
        ("620201", "甘肃省 / 嘉峪关市 / 嘉峪关市", 5),
        ("419001", "河南省 / 省直辖县级行政区划 / 济源市", 16),
        ("110101", "北京市 / 市辖区 / 东城区", 17),
    ],
)
def test_cities_without_districts_have_all_five_levels(
    divisions: Divisions, code: str, path: str, streets: int
) -> None:
    levels = Counter(area.level for area in divisions.subtree(code))
    assert (divisions.path(code), levels[Level.STREET]) == (path, streets)


def test_a_street_and_a_community_have_subtrees_as_well(divisions: Divisions) -> None:
    street = list(divisions.subtree("410411004"))
    assert [area.code for area in street if area.level is not Level.COMMUNITY] == ["410411004"]
    assert street[4] == FLYING
    assert list(divisions.subtree(FLYING.code)) == [FLYING]


def test_a_district_becomes_places_with_what_is_above_it(divisions: Divisions) -> None:
    places = divisions.places("410411")
    assert places[:4] == [
        Place("41", "河南省", "Province", None),
        Place("4104", "平顶山市", "City", "41"),
        Place("410411", "湛河区", "District", "4104"),
        Place("410411001", "马庄街道", "Street", "410411"),
    ]
    assert len(places) == 2 + 1 + 10 + 104
    assert as_places([ZHANHE]) == [Place("410411", "湛河区", "District", None)]


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (
            "410412",
            "没有编号为 410412 的行政区划；平顶山市（4104）下最接近的有：410411 湛河区、410404 石龙区、410403 卫东区、410421 宝丰县、410402 新华区",
        ),
        (
            "410411004009",
            "没有编号为 410411004009 的行政区划；九里山街道（410411004）下最接近的有：410411004008 李堂社区居民委员会、"
            "410411004007 宏伟社区居民委员会、410411004006 西苑社区居民委员会、410411004005 光明社区居民委员会、410411004004 飞行社区居民委员会",
        ),
        (
            "990101",
            "没有编号为 990101 的行政区划；前两位应为省级编号：11、12、13、14、15、21、22、23、31、32、33、34、35、36、37、41、42、43、"
            "44、45、46、50、51、52、53、54、61、62、63、64、65",
        ),
        ("湛河", "“湛河”不是行政区划编号；编号是 2、4、6、9 或 12 位数字，例如 410411，可按名称查出编号"),
    ],
)
def test_an_unknown_code_is_refused_with_the_nearest_ones(
    divisions: Divisions, code: str, message: str
) -> None:
    assert divisions.get(code) is None
    for ask in (divisions.require, divisions.subtree, divisions.ancestors):
        with pytest.raises(UnknownDivisionError) as refused:
            ask(code)
        assert str(refused.value) == message


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("410411", "410411"),
        ("４１０４１１", "410411"),
        ("410411000000", "410411"),
        ("410400", "4104"),
        ("湛河", "410411"),
        ("湛河区", "410411"),
        ("平顶山市湛河区", "410411"),
        ("河南 平顶山 湛河", "410411"),
        ("北京市东城区", "110101"),
        ("孟村县", "130930"),
        ("新疆", "65"),
        ("九里山街道", "410411004"),
        ("平顶山九里山街道办事处", "410411004"),
        ("飞行社区", FLYING.code),
        ("飞行社区居委会", FLYING.code),
        ("湛河区九里山街道飞行社区", FLYING.code),
        ("九里山街道/飞行", FLYING.code),
        ("中国矿业大学(北京)社区", "110108010027"),
    ],
)
def test_what_is_meant_comes_first(divisions: Divisions, query: str, first: str) -> None:
    assert search(divisions, query)[0].division.code == first


def test_a_hit_shows_where_it_lies(divisions: Divisions) -> None:
    hits = search(divisions, "九里山街道", limit=2)
    assert [(hit.division.code, hit.path) for hit in hits] == [
        ("410411004", "河南省 / 平顶山市 / 湛河区 / 九里山街道"),
        ("410804004", "河南省 / 焦作市 / 马村区 / 九里山街道"),
    ]


def test_the_beginning_of_a_code_lists_the_outer_levels_first(divisions: Divisions) -> None:
    codes = [hit.division.code for hit in search(divisions, "4104", limit=200)]
    assert codes[:5] == ["4104", "410402", "410403", "410404", "410411"]
    assert len(codes) == 200
    assert codes == sorted(codes, key=lambda code: (len(code), code))
    assert [hit.division.name for hit in search(divisions, "5", limit=3)] == ["重庆市", "四川省", "贵州省"]


def test_what_nothing_is_called_has_no_hits_but_names_like_it(divisions: Divisions) -> None:
    assert search(divisions, "湛何区") == []
    assert [hit.path for hit in similar(divisions, "湛何区", limit=1)] == ["河南省 / 平顶山市 / 湛河区"]
    assert search(divisions, "\u3000") == []
    assert search(divisions, "湛河", limit=0) == []


def test_packing_and_reading_gives_back_the_csv_files(tmp_path: Path) -> None:
    areas = _small_country(tmp_path)
    packed = tmp_path / "packed.zip"
    pack(read_csv_folder(tmp_path), packed)
    first = packed.read_bytes()
    pack(read_csv_folder(tmp_path), packed)
    assert packed.read_bytes() == first
    assert [(area.code, area.name) for area in Divisions.open(packed).areas()] == areas


@pytest.mark.parametrize(
    ("file", "line", "message"),
    [
        ("streets.csv", "110102001,丙街道", "110102001 丙街道: 110102 is missing"),
        ("streets.csv", "110101001,又一街道", "'110101001' comes twice"),
        ("cities.csv", "11022,丁市", "'11022' comes twice or is no code of a city"),
        ("communities.csv", "110101001009,戊 社区", "110101001009 has the name '戊 社区'"),
        ("communities.csv", "110101001009,", "110101001009 has the name ''"),
    ],
)
def test_csv_files_that_do_not_fit_together_are_not_packed(
    tmp_path: Path, file: str, line: str, message: str
) -> None:
    _small_country(tmp_path)
    with (tmp_path / file).open("a", encoding="utf-8") as more:
        more.write(line + "\n")
    with pytest.raises(ValueError, match=message):
        read_csv_folder(tmp_path)


def _small_country(folder: Path) -> list[tuple[str, str]]:
    """Codes with gaps, a name that begins with digits, two districts: what the packed form must keep."""
    files = {
        "provinces.csv": [("11", "甲省")],
        "cities.csv": [("1101", "甲市")],
        "areas.csv": [("110101", "东区"), ("110105", "西区")],
        "streets.csv": [("110101001", "一街道"), ("110101100", "二镇"), ("110105001", "三街道")],
        "communities.csv": [
            *(("110101001001", "甲社区"), ("110101001002", "123号社区"), ("110101001200", "乙村委会")),
            *(("110101100201", "200村"), ("110101100202", "丙村"), ("110105001400", "丁生活区")),
        ],
    }
    for name, rows in files.items():
        lines = ["code,name", *(f'{code},"{area}"' for code, area in reversed(rows))]
        (folder / name).write_text("\n".join([*lines, ""]), encoding="utf-8")
    return sorted(row for rows in files.values() for row in rows)
