"""The demo district keeps the published figures, is sound by the schema, and says everywhere that it is made up."""

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from importlib import resources
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest

from graph.model import Property, ValueType
from graph.schema import AREAS
from loaders.demo import write
from loaders.demo.chance import Chance, apportion
from loaders.demo.districts import demo_codes
from loaders.demo.figures import sizes
from loaders.demo.generate import DemoDistrict, Rows, generate
from loaders.demo.names import credit_code, person_name, phone
from loaders.demo.rows import LAYOUTS
from loaders.demo.write import REGISTERS, write_workbooks
from loaders.divisions import Divisions
from loaders.files import expand
from loaders.layout import Column, Role
from loaders.places import Found, Place, PlaceIndex
from loaders.recognise import recognise
from loaders.tables import find_tables
from loaders.typed import draft
from loaders.workbook import read_sheets
from tests.loaders.demo_rows import column, heading, number, several, two_districts, where

TERRITORY = {"Province", "City", *AREAS}


@pytest.fixture(scope="module")
def districts() -> list[DemoDistrict]:
    return list(two_districts())


@pytest.fixture(scope="module")
def rows(districts: list[DemoDistrict]) -> Rows:
    return districts[0].rows


@pytest.fixture(scope="module")
def workbooks(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_workbooks(tmp_path_factory.mktemp("demo"))


def organizations(kind: str) -> Callable[[Rows], float]:
    return lambda rows: len(where(rows, "Organization", kind=kind))


def members(kind: str) -> Callable[[Rows], float]:
    return lambda rows: len(where(rows, "Person", member_kind=kind))


def party(level: str) -> Callable[[Rows], float]:
    return lambda rows: len(where(rows, "PartyOrganization", level=level))


def managed(kind: str) -> Callable[[Rows], float]:
    return lambda rows: len(where(rows, "PropertyArea", management=kind))


def in_district(key: str) -> Callable[[Rows], float]:
    return lambda rows: number(rows["District"][0][heading("District", key)])


def stewards(rows: Rows) -> float:
    [committee] = where(rows, "Organization", kind="红色管家委员会", SERVES="沿河路社区")
    assert committee[heading("Organization", "party_members_count")] == 6
    return number(committee[heading("Organization", "members_count")])


def golden_funds(rows: Rows) -> float:
    [project] = where(rows, "Project", name="飞行社区日间照料中心建设项目")
    kinds = ("funds_fiscal_yuan", "funds_unit_yuan", "funds_other_yuan")
    return sum(number(project[heading("Project", kind)]) for kind in kinds)


def floor_before(rows: Rows) -> float:
    ended = [
        row
        for row in where(rows, "Venue", IN_AREA="飞行社区", kind="日间照料中心")
        if heading("Venue", "valid_to") in row
    ]
    assert len(ended) == 1
    return number(ended[0][heading("Venue", "floor_area_m2")])


COUNTED: dict[str, Callable[[Rows], float]] = {
    "area_km2": in_district("area_km2"),
    "population_resident": in_district("population"),
    "population_urban": in_district("urban_population"),
    "communities": lambda rows: sum("居民委员会" in str(n) for n in column(rows, "Community", "name")),
    "streets_and_townships": lambda rows: len(rows["Street"]),
    "party_community": party("社区大党委"),
    "party_estate": party("小区党组织"),
    "party_grid": party("网格党支部"),
    "party_building": party("楼栋党小组"),
    "members_self_managed": members("自管"),
    "members_in_service": members("在职"),
    "members_retired": members("离退休"),
    "members_mobile": members("流动"),
    "members_total": lambda rows: sum(kind is not None for kind in column(rows, "Person", "member_kind")),
    "agreements": lambda rows: len(rows["Agreement"]),
    "three_list_items": lambda rows: len(rows["Need"]) + len(rows["Resource"]) + len(rows["Project"]),
    "property_areas": lambda rows: len(rows["PropertyArea"]),
    "property_professional": managed("专业化物业"),
    "property_self_managed": managed("居民自主管理"),
    "property_unmanaged": managed("无人管理"),
    "red_councils": organizations("红色议事会"),
    "owners_committees": organizations("业委会"),
    "mass_trade_union": organizations("工会"),
    "mass_women": organizations("妇联"),
    "mass_youth": organizations("共青团"),
    "mass_science": organizations("科协"),
    "volunteer_teams": organizations("志愿服务队"),
    "volunteers_registered": lambda rows: sum(
        number(row[heading("Organization", "members_count")]) for row in where(rows, "Organization", kind="志愿服务队")
    ),
    "mediation_committees": organizations("人民调解委员会"),
    "red_steward_committee_persons": stewards,
    "daycare_floor_before": floor_before,
    "daycare_investment": golden_funds,
}  # fmt: skip
NOT_MODELLED = {
    "party_street", "volunteer_services", "disputes_reported", "disputes_settled", "disputes_major_revisited",
    "disputes_satisfied", "grid_patrols_per_day",
}  # fmt: skip


def figures() -> list[dict[str, str]]:
    text = (resources.files("loaders") / "sources" / "published_figures.csv").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def test_every_published_figure_is_either_counted_or_not_modelled() -> None:
    assert {line["key"] for line in figures()} == COUNTED.keys() | NOT_MODELLED


@pytest.mark.parametrize(
    "line", [each for each in figures() if each["key"] in COUNTED], ids=lambda e: e["key"]
)
def test_the_rows_of_the_district_keep_each_published_figure(rows: Rows, line: dict[str, str]) -> None:
    counted, published = COUNTED[line["key"]](rows), float(line["value"])
    if line["relation"] == "ge":
        assert counted >= published
    else:
        assert counted == published


def values_of(each: Column, cell: object) -> Iterator[tuple[Property, object]]:
    assert each.property
    if each.property.type is ValueType.STRINGS:
        assert isinstance(cell, str)
        yield from ((each.property, part) for part in cell.split("、"))
    else:
        yield each.property, cell


def check_value(prop: Property, value: object) -> None:
    types: dict[ValueType, tuple[type, ...]] = {
        ValueType.INTEGER: (int,),
        ValueType.DECIMAL: (int, float),
        ValueType.DATE: (date,),
    }
    if prop.codes is not None:
        assert value in prop.codes.labels, (prop.name, value)
        return
    if prop.type is ValueType.BOOLEAN:
        assert value in ("是", "否")
        return
    assert isinstance(value, types.get(prop.type, (str,))), (prop.name, value)
    if isinstance(value, str):
        assert value == value.strip() != ""
        assert prop.format is None or prop.format.check(value) is None, (prop.name, value)
    elif isinstance(value, (int, float)):
        assert prop.minimum is None or value >= prop.minimum, (prop.name, value)
        assert prop.maximum is None or value <= prop.maximum, (prop.name, value)


@pytest.mark.parametrize("sheet", [name for name in LAYOUTS if name not in ("Province", "City")])
def test_no_row_violates_its_layout(rows: Rows, sheet: str) -> None:
    columns = {each.heading: each for each in LAYOUTS[sheet].columns}
    required = {name for name, each in columns.items() if each.required}
    assert rows[sheet]
    for row in rows[sheet]:
        assert row.keys() <= columns.keys()
        assert required <= row.keys(), row
        for name, cell in row.items():
            if columns[name].property is not None:
                for prop, value in values_of(columns[name], cell):
                    check_value(prop, value)
        dates = {
            columns[n].property.name: v for n, v in row.items() if columns[n].property and isinstance(v, date)
        }  # type: ignore[union-attr]
        for each in columns.values():
            if each.property and each.property.follows in dates and each.property.name in dates:
                assert dates[each.property.follows] <= dates[each.property.name], row


def all_places(districts: Sequence[DemoDistrict]) -> PlaceIndex:
    """What the store knows as areas after the official territory and the demo's own have been loaded."""
    divisions = Divisions.open()
    places: dict[str, Place] = {}
    for district in districts:
        places.update((place.id, place) for place in divisions.places(district.code))
    official = PlaceIndex(places.values())
    for district in districts:
        for sheet in ("Estate", "Grid", "Building"):
            for row in district.rows[sheet]:
                key, above = str(row[heading(sheet, "id")]), str(row[heading(sheet, "PART_OF")])
                found = Found(above) if above in places else official.resolve(above, kinds={"Community"})
                assert isinstance(found, Found), above
                places[key] = Place(key, str(row[heading(sheet, "name")]), sheet, found.id)
    return PlaceIndex(places.values())


def titles_and_keys(districts: Sequence[DemoDistrict]) -> Mapping[str, Counter[str]]:
    """Per label, how many nodes have a text as their key or title."""
    found: dict[str, Counter[str]] = {}
    for district in districts:
        for sheet, sheet_rows in district.rows.items():
            node = LAYOUTS[sheet].node
            if node is not None:
                words = found.setdefault(sheet, Counter())
                for row in sheet_rows:
                    title = row.get(node.property(node.title).heading)
                    words.update({str(row[heading(sheet, "id")]), str(title)})
    return found


def test_every_reference_names_exactly_one_row_or_place(districts: list[DemoDistrict]) -> None:
    index, words = all_places(districts), titles_and_keys(districts)

    @cache
    def meanings(text: str, ends: tuple[str, ...]) -> int:
        kinds = TERRITORY & set(ends)
        if text in index:
            return index.place(text).kind in kinds
        named = sum(words[label][text] for label in ends if label not in TERRITORY)
        return named + (bool(kinds) and isinstance(index.resolve(text, kinds=kinds), Found))

    lost: Counter[tuple[str, str]] = Counter()
    for district in districts:
        for sheet, sheet_rows in district.rows.items():
            references = [
                c for c in LAYOUTS[sheet].columns if c.role in (Role.REFERENCE, Role.START, Role.END)
            ]
            for row in sheet_rows:
                for each in references:
                    for text in several(row.get(each.heading)):
                        lost[sheet, each.heading] += meanings(text, each.ends) != 1
    assert {place: count for place, count in lost.items() if count} == {}


def test_ids_are_unique_across_the_districts_of_a_demo(districts: list[DemoDistrict]) -> None:
    for sheet, layout in LAYOUTS.items():
        if layout.node is not None:
            ids = [key for each in districts if sheet in each.rows for key in column(each.rows, sheet, "id")]
            assert len(ids) == len(set(ids)), sheet


def test_relationships_between_the_same_ends_come_once_per_sheet(rows: Rows) -> None:
    for sheet, layout in LAYOUTS.items():
        if layout.node is None:
            assert layout.relationship is not None
            keys = ("start", "end", *layout.relationship.key)
            seen = Counter(tuple(row.get(heading(sheet, key)) for key in keys) for row in rows[sheet])
            assert [key for key, count in seen.items() if count > 1] == []


def test_the_same_seed_gives_the_same_rows_and_another_seed_gives_others(rows: Rows) -> None:
    assert next(generate(2)).rows == rows
    other = next(generate(2, seed=7)).rows
    assert other["Community"] != rows["Community"]
    assert column(other, "Community", "id") == column(rows, "Community", "id")


def test_the_same_seed_writes_the_same_bytes(workbooks: list[Path], tmp_path: Path) -> None:
    again = write_workbooks(tmp_path / "again")
    assert [path.name for path in again] == [path.name for path in workbooks]
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in workbooks]


def test_nothing_in_it_can_be_a_real_person_a_real_unit_or_an_official_code(rows: Rows) -> None:
    assert all("示例" in str(name) for name in column(rows, "Person", "name"))
    assert all(str(name).startswith("示例") for name in column(rows, "Unit", "name"))
    assert all(str(name).startswith("示例") for name in column(rows, "Estate", "name"))
    phones = {*column(rows, "Person", "phone"), *column(rows, "Unit", "liaison_phone")} - {None}
    assert all(re.fullmatch(r"0375-0\d{6}", str(phone_)) for phone_ in phones)
    codes = column(rows, "Unit", "uscc")
    assert len(set(codes)) == len(codes)
    assert all(str(code).startswith("XX000000DEM") for code in codes)
    official = {area.code for area in Divisions.open().subtree("410411")}
    for sheet in ("District", "Street", "Community"):
        assert set(column(rows, sheet, "id")) <= official
    for sheet in ("Estate", "Grid", "Building", "Person", "Unit", "Need"):
        assert all(str(key).startswith("demo-") for key in column(rows, sheet, "id"))


def test_invented_names_numbers_and_codes_are_as_documented() -> None:
    assert (person_name(3), phone(3), credit_code(3)) == ("李示例00003", "0375-0000003", "XX000000DEM0000034")


def test_the_workbooks_are_read_without_any_problem(workbooks: list[Path]) -> None:
    rows = next(generate()).rows
    written = {path.stem: path for path in workbooks}
    files, problems = expand([written[name] for name in ("共建协议", "联席会议", "需求清单", "区", "任职")])
    assert problems == []
    read: dict[str, int] = {}
    for file in files:
        sheets, problems = read_sheets(file)
        assert problems == []
        for sheet in sheets:
            [table], problems = find_tables(
                sheet, [c.heading for each in LAYOUTS.values() for c in each.columns]
            )
            assert problems == []
            assert "示例数据" in table.title
            drafts = draft(table, recognise(table, list(LAYOUTS.values())), sha256=file.sha256, source="示例")
            assert list(drafts.problems) == []
            read[drafts.name] = len(drafts.nodes) + len(drafts.links)
    assert read == {
        name: len(rows[name]) for name in ("District", "Need", "Meeting", "Agreement", "PROMISES", "HOLDS")
    }


def test_every_workbook_says_on_top_that_it_is_made_up_and_each_sheet_is_in_one_register(
    workbooks: list[Path],
) -> None:
    for path in workbooks:
        book = openpyxl.load_workbook(path, read_only=True)
        for sheet in book.worksheets:
            assert "示例数据" in str(next(sheet.iter_rows(max_row=1, values_only=True))[0]), path.name
        book.close()
    sheets = [name for names in REGISTERS.values() for name in names]
    assert sorted(sheets) == sorted(LAYOUTS.keys() - {"Province", "City"})


def test_files_of_several_districts_carry_the_district_in_their_names(
    districts: list[DemoDistrict], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = [replace(each, rows={name: those[:2] for name, those in each.rows.items()}) for each in districts]
    monkeypatch.setattr(write, "generate", lambda *_: iter(few))
    names = [path.name for path in write_workbooks(tmp_path, 2)]
    registers = [f"{name}.xlsx" for name in REGISTERS]
    assert names == [
        *(f"湛河区-{name}" for name in registers),
        *(f"新华区-{name}" for name in registers if name != "类别.xlsx"),  # categories come once
    ]


def test_further_districts_are_of_the_same_city_first_and_of_a_like_size(
    districts: list[DemoDistrict],
) -> None:
    assert demo_codes(1) == ("410411",)
    codes = demo_codes(20)
    assert [each.code for each in districts] == list(codes[:2]) == ["410411", "410402"]
    assert len(set(codes)) == 20
    for one, other in pairwise(districts):
        sums = [sum(map(len, each.rows.values())) for each in (one, other)]
        assert abs(sums[0] - sums[1]) < 1500


def test_a_demo_of_no_district_or_of_too_many_is_refused() -> None:
    with pytest.raises(ValueError, match="districts=0: a demo has at least one district"):
        demo_codes(0)
    with pytest.raises(ValueError, match="districts=9999: a demo can have at most"):
        demo_codes(9999)


def test_a_total_is_divided_exactly_and_never_below_the_minimum() -> None:
    chance = Chance.of("apportion")
    for total in (40, 41, 1864):
        parts = apportion(total, [chance.uneven(1.0) for _ in range(20)], 2)
        assert (sum(parts), min(parts) >= 2) == (total, True)
    with pytest.raises(ValueError, match="3 cannot be divided among 2 parts of at least 2"):
        apportion(3, [1, 1], 2)


def test_sizes_come_from_the_published_figures() -> None:
    found = sizes()
    assert (found.grids, sum(found.members.values()), found.volunteer_teams) == (344, 14609, 251)
