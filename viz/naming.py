"""Names as they fit into a picture. Pure."""

_ENDINGS = ("居民委员会", "村村民委员会", "村民委员会")
_WIDEST = 24


def area_name(name: str) -> str:
    """A community by its place, without the committee that governs it.

    >>> area_name("飞行社区居民委员会"), area_name("东滍村村民委员会"), area_name("马庄街道")
    ('飞行社区', '东滍', '马庄街道')
    """
    for ending in _ENDINGS:
        if name.endswith(ending) and len(name) > len(ending):
            return name.removesuffix(ending)
    return cut(name, 12)


def cut(name: str, most: int = _WIDEST) -> str:
    """A name of so many characters at most, in one line.

    >>> cut("示例科达执法大队日间照料中心改造资金", 9)
    '示例科达执法大队…'
    """
    plain = " ".join(name.split())
    return plain if len(plain) <= most else f"{plain[: most - 1]}…"
