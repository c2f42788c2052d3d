"""What must be there for each area of a kind: coverage gaps are computed from these rules alone."""

from dataclasses import dataclass

from graph.schema.party import LEVEL_AREA, PARTY_LEVEL


@dataclass(frozen=True)
class CoverageRule:
    """One thing that every area of a kind must have.

    `kind` is an organization kind (`subject` "organization"), a party level (`subject` "party") or a post
    (`subject` "post"). `area` is the label of the areas it applies to and `area_kinds` their kinds (empty: all
    of them).
    """

    subject: str
    kind: str | int
    area: str
    area_kinds: tuple[str, ...]
    heading: str


_RESIDENTS = ("居委会",)
PARTY_RULES = tuple(
    CoverageRule("party", level, area, _RESIDENTS if area == "Community" else (), PARTY_LEVEL.label(level))
    for level, area in LEVEL_AREA.items()
)
"""One organization of each level per area of its kind; the second level only in residents' committees."""

ORGANIZATION_RULES = tuple(
    CoverageRule("organization", kind, "Community", _RESIDENTS, kind)
    for kind in ("居委会", "工会", "妇联", "共青团", "科协", "人民调解委员会")
)
"""One of each per residents' committee."""

POST_RULES = (
    *(
        CoverageRule("post", post, "Community", _RESIDENTS, post)
        for post in ("书记", "社区民警", "法律顾问", "调解员")
    ),
    CoverageRule("post", "网格员", "Grid", (), "网格员"),
    CoverageRule("post", "楼栋长", "Building", (), "楼栋长"),
)
"""Who must hold a post where: in each residents' committee (一社区一警一法律顾问), grid and building."""

RULES = PARTY_RULES + ORGANIZATION_RULES + POST_RULES
