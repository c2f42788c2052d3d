"""How the names of places are written: one pure rule book for loading and for looking up.

The register says 飞行社区居民委员会; people write 飞行社区, 飞行居委会 or 飞行. Every name ends in one of a few
endings, each with several writings. A name is compared by three forms: as it stands, with its ending in
the one canonical writing, and without its ending (only if two characters or more remain, so that 城区
is never written 城).
"""

import re
import unicodedata
from collections.abc import Iterator

SEPARATORS = " /\\|>-_·,、;:.。→"
"""What people put between the parts of an address; compared after `normalised`."""

_ENDINGS: dict[str, tuple[str, ...]] = {
    # canonical writing: what else is written for it
    "街道": ("街道办事处", "街道办", "街办", "办事处", "办"),
    "地区": ("地区办事处",),
    "镇": ("镇人民政府", "镇政府"),
    "乡": ("乡人民政府", "乡政府"),
    "社区": (
        *("社区居民委员会", "社区居委会", "社区居委", "社区委员会", "社区委会"),
        *("居民委员会", "居委会", "居委", "居民委会"),
    ),
    "村": (
        *("村村民委员会", "村村委会", "村村委", "村村民委会", "村村"),
        *("村民委员会", "村委会", "村委", "村民委会", "行政村"),
    ),
    "嘎查": ("嘎查村民委员会", "嘎查村委会", "嘎查委员会", "嘎查委会", "嘎查村"),
    "牧委会": ("牧民委员会",),
    "管委会": ("管理委员会",),
    "生活区": (),
    "小区": (),
    "省": (),
    "自治区": (),
    "特别行政区": (),
    "市": (),
    "盟": (),
    "州": ("自治州",),
    "县": ("自治县",),
    "旗": ("自治旗",),
    "区": (),
    "新区": (),
    "林区": (),
    "特区": (),
}
_WHOLE = ("开发区", "园区", "工业区", "管理区", "矿区", "市辖区")
"""Words that end like an ending and are none: nobody writes 高新技术开发 for 高新技术开发区."""

_NATIONALITIES = [
    "壮",
    "满",
    "回",
    "苗",
    "土家",
    "彝",
    "蒙古",
    "藏",
    "布依",
    "侗",
    "瑶",
    "朝鲜",
    "白",
    "哈尼",
    "哈萨克",
    "黎",
    "傣",
    "畲",
    "傈僳",
    "仡佬",
    "东乡",
    "高山",
    "拉祜",
    "水",
    "佤",
    "纳西",
    "羌",
    "土",
    "仫佬",
    "锡伯",
    "柯尔克孜",
    "达斡尔",
    "景颇",
    "毛南",
    "撒拉",
    "布朗",
    "塔吉克",
    "阿昌",
    "普米",
    "鄂温克",
    "怒",
    "京",
    "基诺",
    "德昂",
    "保安",
    "俄罗斯",
    "裕固",
    "乌孜别克",
    "门巴",
    "鄂伦春",
    "独龙",
    "塔塔尔",
    "赫哲",
    "珞巴",
    "维吾尔",
    "各",
]
_NATIONAL = re.compile(rf"(.{{2,}}?)(?:(?:{'|'.join(_NATIONALITIES)})族|维吾尔)+")

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_DASH = re.compile("[\u2010-\u2015\u2212~]+")
_DOT = re.compile("[\u2022\u2027\u30fb]")
_SPACE_BETWEEN_CODES = re.compile(r"(?<=[0-9a-z])\s+(?=[0-9a-z])")
_SPACE = re.compile(r"\s+")
_BRACKETED_TAIL = re.compile(r"(.{2,})\(([^()]+)\)")
_NUMBER = re.compile(r"(\d+)(?:\.0*)?")


def _by_last_character() -> dict[str, list[tuple[str, str | None]]]:
    """Last character -> (writing, canonical writing or None for a whole word), longest writing first."""
    found: dict[str, list[tuple[str, str | None]]] = {}
    pairs: list[tuple[str, str | None]] = [(word, None) for word in _WHOLE]
    for canonical, writings in _ENDINGS.items():
        pairs.extend((writing, canonical) for writing in (canonical, *writings))
    for writing, meaning in sorted(pairs, key=lambda pair: -len(pair[0])):
        found.setdefault(writing[-1], []).append((writing, meaning))
    return found


_BY_LAST_CHARACTER = _by_last_character()


def normalised(text: str) -> str:
    """A text as it is compared: one width, one dash, no spaces that carry no meaning, no outer separators.

    A space stays only between two letters or digits, where dropping it would make another number of two.

    >>> normalised(" 九里山街道\u3000飞 行社区／３号楼 ")
    '九里山街道飞行社区/3号楼'
    >>> normalised("1 2号楼")
    '1 2号楼'
    """
    folded = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).casefold()
    folded = _DOT.sub("·", _DASH.sub("-", folded))
    parts = (_SPACE.sub("", part) for part in _SPACE_BETWEEN_CODES.split(folded))
    return " ".join(parts).strip(SEPARATORS)


def stem_and_ending(text: str) -> tuple[str, str]:
    """A normalised name parted into its stem and its ending in the canonical writing ("" when it has none).

    >>> stem_and_ending("飞行居委会"), stem_and_ending("谢庄村民委员会"), stem_and_ending("高新技术开发区")
    (('飞行', '社区'), ('谢庄', '村'), ('高新技术开发区', ''))
    """
    for writing, meaning in _BY_LAST_CHARACTER.get(text[-1:], ()):
        if text.endswith(writing) and (len(text) > len(writing) or meaning is None):
            return (text, "") if meaning is None else (text[: -len(writing)], meaning)
    return text, ""


def canonical(text: str) -> str:
    """A normalised name with its ending in the canonical writing.

    >>> canonical("九里山街道办事处"), canonical("飞行社区居委会"), canonical("3号楼")
    ('九里山街道', '飞行社区', '3号楼')
    """
    return "".join(stem_and_ending(text))


def forms(name: str) -> tuple[str, ...]:
    """The forms by which a name is found, the normalised name itself first.

    >>> forms("飞行社区居民委员会")
    ('飞行社区居民委员会', '飞行社区', '飞行')
    >>> forms("马庄回族乡")
    ('马庄回族乡', '马庄回族', '马庄乡', '马庄')
    """
    full = normalised(name)
    return tuple(dict.fromkeys(_forms(full))) if full else ()


def _forms(full: str) -> Iterator[str]:
    yield full
    bracketed = _BRACKETED_TAIL.fullmatch(full)
    if bracketed:  # 八家村民委员会(八家分场) is written 八家村
        yield from _forms(bracketed[1])
    stem, ending = stem_and_ending(full)
    if not ending:
        return
    yield stem + ending
    if len(stem) > 1:
        yield stem
    national = _NATIONAL.fullmatch(stem)
    if national:
        yield from (national[1] + ending, national[1])


def other_order(text: str) -> str | None:
    """A normalised text whose last part names what is above it in brackets, put in order; None for any other.

    >>> other_order("谢庄(北渡)")
    '北渡/谢庄'
    """
    found = _BRACKETED_TAIL.fullmatch(text)
    return f"{found[2]}/{found[1]}" if found else None


def code_readings(text: str) -> tuple[str, ...]:
    """The codes that a cell may hold, most literal first; empty for a text that is not a number or one word.

    Full-width digits, spaces and the ".0" of a spreadsheet's number are mended. Official codes are also
    written with zeros up to six or twelve digits, and those are tried without them.

    >>> code_readings("４１０４ １１.0")
    ('410411',)
    >>> code_readings("410411000000")
    ('410411000000', '410411000', '410411')
    """
    bare = _SPACE.sub("", _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)))
    number = _NUMBER.fullmatch(bare)
    if not number:
        return (bare,) if bare else ()
    codes = [number[1]]
    for length, shorter in ((12, 9), (9, 6), (6, 4), (4, 2)):
        if len(codes[-1]) == length and not codes[-1][shorter:].strip("0"):
            codes.append(codes[-1][:shorter])
    return tuple(codes)
