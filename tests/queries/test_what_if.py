"""What would be lost without a unit, a person, an organization: found without taking anything out."""

import pytest

from graph.ask import ParameterError
from graph.schema import SCHEMA
from graph.store import Store
from graph.what_if import Loss, Need, coverage_without
from graph.writing import merge_nodes, merge_relationships

DAY = "2020-10-01"
_NODES = {
    "District": [{"name": "示例区", "id": "D"}],
    "Street": [{"name": "示例街道", "id": "S"}],
    "Community": [{"name": "示例社区", "id": "C", "kind": "居委会"}],
    "Estate": [{"name": "示例小区", "id": "E"}],
    "Building": [{"name": "1号楼", "id": "B"}],
    "PartyOrganization": [{"name": "示例社区大党委", "id": "P", "level": 2}],
    "Unit": [{"name": "示例医院", "id": "U1"}, {"name": "示例学校", "id": "U2"}],
    "Person": [{"name": "王小明", "id": "R1", "member_kind": "自管"}, {"name": "李小红", "id": "R2"}],
    "Category": [{"name": "医疗", "id": "K1", "list": "资源"}, {"name": "看病", "id": "K2", "list": "需求"}],
    "Resource": [{"title": "义诊", "id": "Z1", "capacity": 5}],
    "Need": [{"title": "老人量血压", "id": "N1", "state": "对接中"}],
    "Agreement": [{"name": "示例协议", "id": "A1", "valid_to": "2021-01-01", "state": "生效"}],
}
_TIES = (
    ("PART_OF", "Street", "S", "District", "D"),
    ("PART_OF", "Community", "C", "Street", "S"),
    ("PART_OF", "Estate", "E", "Community", "C"),
    ("PART_OF", "Building", "B", "Estate", "E"),
    ("LEADS", "PartyOrganization", "P", "Community", "C"),
    ("LOCATED_IN", "Unit", "U1", "Community", "C"),
    ("LOCATED_IN", "Unit", "U2", "Community", "C"),
    ("SEATED_ON", "Unit", "U1", "PartyOrganization", "P"),
    ("BELONGS_TO", "Person", "R1", "PartyOrganization", "P"),
    ("LIVES_IN", "Person", "R1", "Building", "B"),
    ("LIVES_IN", "Person", "R2", "Building", "B"),
    ("HOLDS", "Person", "R1", "Building", "B"),
    ("CAN_SERVE", "Category", "K1", "Category", "K2"),
    ("OFFERED_BY", "Resource", "Z1", "Unit", "U1"),
    ("IN_CATEGORY", "Resource", "Z1", "Category", "K1"),
    ("SERVES", "Resource", "Z1", "Street", "S"),
    ("RAISED_IN", "Need", "N1", "Estate", "E"),
    ("IN_CATEGORY", "Need", "N1", "Category", "K2"),
    ("WITH_UNIT", "Agreement", "A1", "Unit", "U1"),
    ("WITH_ORGANIZATION", "Agreement", "A1", "PartyOrganization", "P"),
)


@pytest.fixture
def district(store: Store) -> Store:
    """One community with two units, a committee, two people, a resource and the need that it serves."""
    for label, nodes in _NODES.items():
        merge_nodes(store, SCHEMA.node(label), [{"id": n["id"], "properties": n} for n in nodes])
    for type_, start, start_id, end, end_id in _TIES:
        properties = {"post": "楼栋长"} if type_ == "HOLDS" else {}
        row = {"start": start_id, "end": end_id, "key": "", "properties": properties}
        assert merge_relationships(store, SCHEMA.relationship(type_), start, end, [row]) == 1
    return store


def test_without_a_unit_its_sole_category_its_seat_its_agreement_and_a_need_are_lost(district: Store) -> None:
    found = coverage_without(district, "U1", "C", DAY)
    assert found.shown == "共建单位 示例医院"
    assert found.losses == [
        Loss("协议", "A1", "示例协议", "2021-01-01"),
        Loss("席位", "P", "示例社区大党委", ""),
        Loss("独家类别", "K1", "医疗", "示例社区"),
    ]
    assert found.needs == [Need("N1", "老人量血压", "看病", "示例小区")]


def test_without_a_unit_that_offers_nothing_nothing_is_lost(district: Store) -> None:
    found = coverage_without(district, "U2", "D", DAY)
    assert (found.losses, found.needs) == ([], [])


def test_without_a_person_the_post_is_vacant_and_the_building_has_no_member(district: Store) -> None:
    found = coverage_without(district, "R1", "D", DAY)
    assert found.shown == "人员 王*"
    assert found.losses == [
        Loss("岗位", "B", "1号楼", "楼栋长"),
        Loss("楼栋", "B", "1号楼", "示例小区"),
    ]


def test_without_an_organization_its_area_its_members_and_its_partners_are_lost(district: Store) -> None:
    assert coverage_without(district, "P", "S", DAY).losses == [
        Loss("党员", "P", "示例社区大党委", "1 名"),
        Loss("区域", "C", "示例社区", ""),
        Loss("协议", "A1", "示例协议", "2021-01-01"),
        Loss("席位", "U1", "示例医院", ""),
    ]


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("Z1", "“Z1”是资源；可以假设失去的有：共建单位、人员、党组织、组织"),
        ("U9", "此范围内没有编号为“U9”的对象；应为共建单位、人员、党组织、组织的编号"),
    ],
)
def test_only_a_unit_a_person_or_an_organization_can_be_thought_away(
    district: Store, key: str, message: str
) -> None:
    with pytest.raises(ParameterError) as refused:
        coverage_without(district, key, "D", DAY)
    assert str(refused.value) == message
