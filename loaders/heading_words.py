"""How headings are written: one form to compare, units in brackets, words that mean the same. Pure."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from graph.model import Property

_NEEDED = re.compile(r"\((?:必填|选填|可选|必选|下拉选择?|单选|多选)\)")
_BRACKET = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_NOISE = re.compile(r"[\s_*★☆●◆:：/\\.,，。、\"'“”「」]+")
_TITLE_UNIT = re.compile(r"(?<![填报编制主管])(?:金额|数据|计量)?单位\s*[:：]\s*([^\s;；,，()（）]+)")
_NEUTRAL = frozenset(
    {
        "基本情况",
        "基本信息",
        "基础信息",
        "个人信息",
        "个人基本信息",
        "党员信息",
        "单位信息",
        "信息",
        "其中",
        "情况",
        "合计",
    }
)
_SYNONYMS = (
    ("有效期自", "开始日期"), ("有效期起", "开始日期"), ("有效期始", "开始日期"), ("有效期至", "结束日期"), ("有效期止", "结束日期"),
    ("统一社会信用", "信用"), ("统一信用", "信用"), ("组织机构", "信用"), ("全称", "名称"), ("主题", "名称"), ("标题", "名称"), ("题目", "名称"),
    ("时间", "日期"), ("时段", "可用日期"), ("日期段", "日期"), ("年代", "年份"), ("年月", "年份"), ("编码", "编号"), ("代码", "编号"), ("号码", "号"),
    ("类型", "类别"), ("种类", "类别"), ("性质", "类别"), ("形式", "类别"), ("模式", "方式"), ("涵盖", "覆盖"), ("包含", "覆盖"), ("包括", "覆盖"),
    ("竣工", "完成"), ("完工", "完成"), ("开工", "开始"), ("起始", "开始"), ("生效", "开始"), ("终止", "结束"), ("失效", "结束"), ("截止", "结束"),
    ("途径", "渠道"), ("简介", "内容"), ("描述", "内容"), ("详情", "内容"), ("介绍", "内容"), ("要求", "条件"), ("楼院", "小区"), ("院落", "小区"),
    ("总户数", "户数"), ("住户数", "户数"), ("住户总数", "户数"), ("户总数", "户数"), ("员工", "职工"), ("联络员", "联系人"), ("联络人", "联系人"),
    ("支部", "党组织"), ("职务", "岗位"), ("队伍", "组织"), ("人群", "对象"), ("群体", "对象"), ("进展", "状态"), ("进程", "状态"),
    ("所属", ""), ("所在", ""), ("情况", ""), ("具体", ""), ("目前", ""), ("当前", ""), ("书名称", "名称"), ("爱好", ""),
)  # fmt: skip
_DIMENSIONS: dict[str, dict[str, float]] = {
    "money": {
        "元": 1,
        "人民币元": 1,
        "百元": 100,
        "千元": 1e3,
        "万元": 1e4,
        "万": 1e4,
        "百万元": 1e6,
        "亿元": 1e8,
    },
    "area": {
        **dict.fromkeys(("平方米", "平米", "m2", "㎡", "平方"), 1.0),
        **dict.fromkeys(("平方千米", "平方公里", "km2"), 1e6),
        "公顷": 1e4,
        "亩": 2000 / 3,
        "万平方米": 1e4,
        "万平米": 1e4,
    },
    "people": {"人": 1, "名": 1, "位": 1, "千人": 1e3, "万人": 1e4},
    "households": {"户": 1, "千户": 1e3, "万户": 1e4},
    "pieces": {"个": 1, "栋": 1, "幢": 1, "件": 1, "座": 1, "处": 1, "支": 1},
    "percent": {"%": 1, "百分比": 1},
    "points": {"分": 1},
}
_UNITS = {word: (kind, size) for kind, words in _DIMENSIONS.items() for word, size in words.items()}


@dataclass(frozen=True, slots=True)
class HeadingWords:
    """A heading in the forms that are compared.

    `whole` has everything, `base` lacks what stands in brackets, `bracket` is that; `upper` is the
    first row of a two-row heading when it says more than "basic information".
    """

    whole: str
    base: str
    bracket: str = ""
    upper: str = ""


def plain(text: str) -> str:
    """A heading without width, case, spaces and ornaments: what two ways of writing it share.

    >>> plain("面积 （平方米）*"), plain("Valid_From")
    ('面积(平方米)', 'validfrom')
    """
    return _NOISE.sub("", _NEEDED.sub("", unicodedata.normalize("NFKC", text).casefold()))


@lru_cache(maxsize=4096)
def heading_words(heading: str) -> HeadingWords:
    """Take a heading apart.

    >>> heading_words("组织关系·转入时间（年月日）")
    HeadingWords(whole='转入时间(年月日)', base='转入时间', bracket='年月日', upper='组织关系')
    """
    *uppers, lower = [plain(part) for part in heading.split("·")]
    upper = "".join(part for part in uppers if part not in _NEUTRAL)
    lower = lower.removeprefix("其中")
    brackets = "".join(_BRACKET.findall(lower))
    return HeadingWords(lower, _BRACKET.sub("", lower), brackets, upper)


def unit_factor(heading: str, title: str, column: Property | None) -> float | None:
    """By what a column's numbers are multiplied to be in our unit; None when the units do not go together.

    The unit is read from brackets in the heading (资金（万元）) or, failing that, from a title row
    (单位：万元). A heading without a unit, or a property without one, gives 1.

    >>> from graph.model import ValueType
    >>> money = Property("funds", "资金", ValueType.DECIMAL, "Money.", unit="元")
    >>> [unit_factor(h, "", money) for h in ("资金", "资金（万元）", "资金（平方米）")]
    [1.0, 10000.0, None]
    """
    if column is None or not column.unit:
        return 1.0
    ours = _UNITS.get(column.unit)
    words = heading_words(heading)
    named = _UNITS.get(words.bracket)
    if ours is None:
        return 1.0
    if named is None:
        said = _TITLE_UNIT.search(unicodedata.normalize("NFKC", title))
        named = _UNITS.get(said[1]) if said else None
        if named is None or named[0] != ours[0]:
            return 1.0
    return named[1] / ours[1] if named[0] == ours[0] else None


def is_unit(word: str) -> bool:
    """Whether a bracket holds a unit of measure: 万元, ㎡, 户."""
    return word in _UNITS


@lru_cache(maxsize=8192)
def canonical_words(text: str) -> str:
    """A plain heading with words that mean the same written one way, and words that mean little left out.

    >>> canonical_words("计划竣工时间"), canonical_words("计划完成日期")
    ('计划完成日期', '计划完成日期')
    """
    for word, meaning in _SYNONYMS:
        text = text.replace(word, meaning)
    return text


@lru_cache(maxsize=65536)
def similarity(one: str, other: str) -> float:
    """How alike two plain headings are, 0 to 1: by single characters and pairs of them, after synonyms.

    A heading that ends in the other one is like it: the last word says what a Chinese heading names.

    >>> similarity("计划竣工时间", "计划完成日期"), similarity("联系人", "建筑面积")
    (1.0, 0.0)
    """
    a, b = canonical_words(one), canonical_words(other)
    if not a or not b:
        return 0.0
    if a == b:
        return 1.0
    if set(a).isdisjoint(b):
        return 0.0
    grams_a, grams_b = _grams(a), _grams(b)
    shared = sum((grams_a & grams_b).values())
    alike = 2 * shared / (grams_a.total() + grams_b.total())
    shorter, longer = sorted((a, b), key=len)
    if len(shorter) > 1 and longer.endswith(shorter):
        alike = max(alike, 0.7)
    elif len(shorter) > 1 and longer.startswith(shorter):
        alike = max(alike, 0.6)
    return min(alike, 0.95)


@lru_cache(maxsize=8192)
def _grams(text: str) -> Counter[str]:
    return Counter(text) + Counter(a + b for a, b in pairwise(text))
