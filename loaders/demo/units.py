"""Co-building units of the demo. Their party organizations come from `party`, their seats from `seats`."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from loaders.demo.chance import Chance, Weighted, apportion, spread_counts
from loaders.demo.names import credit_code, person_name, phone
from loaders.demo.rows import Row, SheetRows
from loaders.demo.territory import GOLDEN_COMMUNITY, Community, Territory

_WORDS = [
    "宏达",
    "瑞丰",
    "明德",
    "博文",
    "鼎新",
    "恒通",
    "嘉禾",
    "金桥",
    "启航",
    "天成",
    "同创",
    "万和",
    "兴业",
    "远大",
    "正源",
    "卓越",
    "诚信",
    "创新",
    "光华",
    "汇通",
    "建安",
    "科达",
    "隆昌",
    "鹏程",
    "勤业",
    "荣盛",
    "盛世",
    "泰和",
    "伟业",
    "新华",
    "宇通",
    "振兴",
    "众信",
    "育才",
    "求实",
    "利民",
    "惠民",
    "康泰",
    "仁爱",
    "济世",
]
_TYPES: dict[str, tuple[int, tuple[str, ...], tuple[int, int]]] = {
    # type: weight, what the names end in, employees
    "机关": (70, ("管理局", "服务中心", "执法大队", "税务所", "监督所", "司法所"), (15, 200)),
    "事业单位": (90, ("文化馆", "图书馆", "测绘院", "水务站", "园林所", "档案馆", "研究所"), (10, 260)),
    "国有企业": (60, ("供电公司", "供水公司", "机械厂", "热力公司", "公交公司", "矿务公司"), (120, 2400)),
    "民营企业": (200, ("商贸公司", "建材公司", "物流公司", "餐饮公司", "超市", "科技公司", "家政公司", "装饰公司"), (6, 320)),
    "学校": (60, ("小学", "中学", "幼儿园", "职业学校"), (25, 420)),
    "医疗机构": (40, ("医院", "门诊部", "卫生服务中心", "康复院"), (12, 900)),
    "金融机构": (35, ("银行支行", "保险公司", "信用社"), (12, 120)),
    "社会组织": (30, ("公益协会", "社工站", "商会", "志愿者协会"), (3, 40)),
    "部队": (5, ("驻地分队",), (40, 200)),
    "其他": (10, ("合作社", "培训中心"), (5, 60)),
}  # fmt: skip


@dataclass(slots=True)
class Unit:
    """An employer located in a community. `seats` are numbers of the committees that it has a seat on."""

    id: str
    name: str
    type: str
    community: Community
    employees: int
    uscc: str
    seats: list[str] = field(default_factory=list)


def build_units(territory: Territory, first_number: int, chance: Chance) -> list[Unit]:
    """The units, unevenly over the communities and not where the needs are; three at least in 飞行社区.

    `first_number` is where their credit codes start, so that those of two districts differ.
    """
    counts = apportion(territory.sizes.units, [weight for weight, _, _ in _TYPES.values()])
    types = spread_counts(dict(zip(_TYPES, counts, strict=True)), chance)
    places = territory.communities + territory.villages
    weights = [chance.uneven(0.8) for _ in territory.communities] + [0.02] * len(territory.villages)
    where = Weighted(places, weights)
    golden = [community for community in territory.communities if community.code == GOLDEN_COMMUNITY]
    names = _names(types, chance)
    units: list[Unit] = []
    for order, (kind, name) in enumerate(zip(types, names, strict=True), 1):
        community = golden[0] if golden and order <= 3 else where.draw(chance)
        low, high = _TYPES[kind][2]
        employees = min(high, round(low * chance.uneven(0.9) + 0.12 * (high - low) * chance.uneven(0.8)))
        units.append(
            Unit(
                territory.number("DW", order), name, kind, community, max(low, employees),
                credit_code(first_number + order),
            )
        )  # fmt: skip
    return units


def _names(types: list[str], chance: Chance) -> Iterator[str]:
    """A name of its own for every unit; every one begins with 示例."""
    free: dict[str, list[str]] = {}
    for kind, (_, endings, _) in _TYPES.items():
        free[kind] = chance.shuffled([f"示例{word}{ending}" for word in _WORDS for ending in endings])
    for kind in types:
        yield free[kind].pop()


def unit_rows(units: list[Unit]) -> Iterator[Row]:
    """The register of units; a few have no liaison yet."""
    sheet = SheetRows("Unit")
    for order, unit in enumerate(units, 1):
        reachable = order % 17 != 0
        yield sheet.row(
            id=unit.id, name=unit.name, LOCATED_IN=unit.community.writing, SEATED_ON=unit.seats, uscc=unit.uscc,
            type=unit.type, employees=unit.employees,
            liaison=person_name(90_000 + order) if reachable else None,
            liaison_phone=phone(900_000 + order) if reachable else None,
        )  # fmt: skip
