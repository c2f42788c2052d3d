"""The profile: weights, tiers and limits of matching, declared once, read from TOML, refused when it makes no sense.

Each field declares its range beside its type; `profile.toml` declares the defaults and documents them.
"""

import difflib
import itertools
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import cache
from importlib import resources
from typing import Any, get_type_hints

from matching.instance import LARGEST


class ProfileError(ValueError):
    """A profile that cannot be used; `problems` has a Chinese sentence for each thing to mend."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("；".join(problems))
        self.problems = problems


def _share(most: float = 1.0) -> Any:
    return field(metadata={"least": 0.0, "most": most})


def _flag() -> Any:
    return field(metadata={})


def _count(least: int = 0, most: int = LARGEST) -> Any:
    return field(metadata={"least": least, "most": most})


@dataclass(frozen=True, slots=True)
class Weights:
    """What each part of a score counts for; together 1."""

    category: float = _share()
    text: float = _share()
    place: float = _share()
    tie: float = _share()
    window: float = _share()
    capacity: float = _share()
    record: float = _share()


@dataclass(frozen=True, slots=True)
class CategoryTiers:
    """What the same category and one under the same wider category are worth."""

    same: float = _share()
    sibling: float = _share()


@dataclass(frozen=True, slots=True)
class PlaceTiers:
    """What the owner's nearness is worth."""

    community: float = _share()
    street: float = _share()
    district: float = _share()
    elsewhere: float = _share()


@dataclass(frozen=True, slots=True)
class TieTiers:
    """What an agreement and a seat are worth."""

    agreement: float = _share()
    seat: float = _share()


@dataclass(frozen=True, slots=True)
class RecordPrior:
    """What an owner without a record counts as, and as how many ratings that counts."""

    prior: float = _share()
    prior_weight: float = _share(most=1000.0)


@dataclass(frozen=True, slots=True)
class Limits:
    """Hard limits, in days; see `profile.toml`."""

    minimum_overlap_days: int = _count(1, 36500)
    confirmed_within_days: int = _count(0, 36500)
    lead_days: int = _count(0, 36500)
    match_overdue: bool = _flag()


@dataclass(frozen=True, slots=True)
class Practice:
    """Rules of practice for plans and bundles; 0 is off."""

    max_parties: int = _count()
    minimum_lot: int = _count()
    unit_load: int = _count()
    move_price: int = _count()


@dataclass(frozen=True, slots=True)
class FairnessTier:
    """Up to `percent` of a community's demand, a unit is worth `bonus` more."""

    percent: int = _count(1, 100)
    bonus: int = _count(1)


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything that matching may be told. `as_dict` and `from_dict` keep it with a plan."""

    name: str
    weights: Weights
    category: CategoryTiers
    place: PlaceTiers
    tie: TieTiers
    record: RecordPrior
    limits: Limits
    practice: Practice
    fairness: tuple[FairnessTier, ...]

    def as_dict(self) -> dict[str, Any]:
        """The profile as JSON values, keys in declared order."""
        return {**asdict(self), "fairness": [asdict(tier) for tier in self.fairness]}

    @staticmethod
    def from_dict(values: Mapping[str, Any], source: str = "对接方案中的参数") -> "Profile":
        """The reverse of `as_dict`; raises `ProfileError` as `parse` does."""
        return _checked(values, source)


_SECTIONS: dict[str, type[Any]] = {
    "weights": Weights,
    "category": CategoryTiers,
    "place": PlaceTiers,
    "tie": TieTiers,
    "record": RecordPrior,
    "limits": Limits,
    "practice": Practice,
}
_TYPES = {float: "数字", int: "整数", bool: "true 或 false"}


def parse(text: str, source: str = "profile.toml") -> Profile:
    """The profile that a TOML text declares on top of the default one.

    `source` is the file's name, for messages. Raises `ProfileError` with every problem found: broken
    TOML, an unknown key, a wrong type, a value out of range, weights that do not make 1, tiers out of order.

    >>> parse("[practice]\\nmax_parties = 2").practice.max_parties
    2
    >>> parse("[weight]\\ntext = 0.1", "我的.toml")
    Traceback (most recent call last):
    matching.profile.ProfileError: 我的.toml：没有 weight 这一项，是否想写 weights？
    """
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+)", str(error))
        where = f" 第 {place[1]} 行" if place else "末尾"
        raise ProfileError((f"{source}{where}：不是有效的 TOML，请检查等号、引号和方括号",)) from None
    return _checked(values, source)


@cache
def default_profile() -> Profile:
    """The profile in `profile.toml`, which is part of this package."""
    return _checked(_default_values(), "matching/profile.toml")


@cache
def _default_text() -> str:
    return resources.files("matching").joinpath("profile.toml").read_text("utf-8")


def _default_values() -> dict[str, Any]:
    return tomllib.loads(_default_text())


def _checked(values: Mapping[str, Any], source: str) -> Profile:
    problems: list[str] = []
    known = [f.name for f in fields(Profile)]
    problems += [_unknown(key, known) for key in values if key not in known]
    merged = _default_values()
    for section in _SECTIONS:
        given = values.get(section, {})
        if isinstance(given, Mapping):
            merged[section] |= given
        else:
            problems.append(f"{section} 应为一节，请写成 [{section}]；写的是{_shown(given)}")
    name = values.get("name", merged["name"])
    if not isinstance(name, str) or not name.strip():
        problems.append(f"name 应为非空文字；写的是{_shown(name)}")
    tiers = values.get("fairness", merged["fairness"])
    parts = {key: _section(key, kind, merged[key], problems) for key, kind in _SECTIONS.items()}
    fairness = _fairness(tiers, problems)
    if not problems:
        problems += _disagreements(parts, fairness)
    if problems:
        raise ProfileError(tuple(f"{source}：{problem}" for problem in problems))
    return Profile(name=name, fairness=fairness, **parts)


def _section(label: str, kind: type[Any], values: Mapping[str, Any], problems: list[str]) -> Any:
    """An instance of `kind`, or None after adding to `problems`."""
    hints = get_type_hints(kind)
    before = len(problems)
    problems += [
        _unknown(f"{label}.{key}", [f"{label}.{k}" for k in hints]) for key in values if key not in hints
    ]
    checked = {}
    for f in fields(kind):
        if f.name not in values:
            problems.append(f"{label} 缺少 {f.name}")
            continue
        checked[f.name] = _value(f"{label}.{f.name}", values[f.name], hints[f.name], f.metadata, problems)
    return kind(**checked) if len(problems) == before else None


def _value(key: str, found: Any, kind: type[Any], range_: Mapping[str, Any], problems: list[str]) -> Any:
    """`found` as `kind`; a whole number serves as a float, true and false never as a number."""
    fits = isinstance(found, bool) if kind is bool else isinstance(found, int) and not isinstance(found, bool)
    if kind is float:
        fits = fits or isinstance(found, float)
    if not fits:
        problems.append(f"{key} 应为 {_TYPES[kind]}{_allowed(kind, range_)}；写的是{_shown(found)}")
    # Written this way round so that nan is refused as well.
    elif kind is not bool and not range_["least"] <= found <= range_["most"]:
        problems.append(
            f"{key} 应在 {range_['least']:g} 到 {range_['most']:.10g} 之间；写的是{_shown(found)}"
        )
    else:
        return kind(found)
    return None


def _allowed(kind: type[Any], range_: Mapping[str, Any]) -> str:
    return "" if kind is bool else f"，{range_['least']:g} 到 {range_['most']:.10g}"


def _fairness(tiers: Any, problems: list[str]) -> tuple[FairnessTier, ...]:
    if not isinstance(tiers, list) or not all(isinstance(tier, Mapping) for tier in tiers):
        problems.append(f"fairness 应为若干个 [[fairness]] 节；写的是{_shown(tiers)}")
        return ()
    made = [_section(f"fairness[{n}]", FairnessTier, tier, problems) for n, tier in enumerate(tiers, 1)]
    return tuple(tier for tier in made if tier is not None)


def _disagreements(parts: Mapping[str, Any], fairness: tuple[FairnessTier, ...]) -> list[str]:
    """What is wrong between values that are each right."""
    problems = []
    total = sum(asdict(parts["weights"]).values())
    if abs(total - 1) > 1e-9:
        problems.append(f"weights 各项之和应为 1；现在是 {total:.6g}，请调整")
    place = list(asdict(parts["place"]).values())
    if place != sorted(place, reverse=True):
        problems.append(
            "place 应由近到远递减（community、street、district、elsewhere）；现在是 " + _listed(place)
        )
    if parts["category"].sibling > parts["category"].same:
        problems.append("category.sibling 不应大于 category.same")
    practice = parts["practice"]
    if 0 < practice.unit_load < practice.minimum_lot:
        problems.append(
            f"practice.unit_load 为 {practice.unit_load}，小于 practice.minimum_lot 的 {practice.minimum_lot}，"
            "任何单位都无法承担；请调大前者或调小后者"
        )
    for before, after in itertools.pairwise(fairness):
        if after.percent <= before.percent:
            problems.append(f"fairness 的 percent 应逐级增大；{before.percent} 之后是 {after.percent}")
        if after.bonus >= before.bonus:
            problems.append(f"fairness 的 bonus 应逐级减小；{before.bonus} 之后是 {after.bonus}")
    return problems


def _unknown(key: str, known: list[str]) -> str:
    near = difflib.get_close_matches(key, known, n=1)
    ending = f"是否想写 {near[0]}？" if near else f"可用的有 {'、'.join(known)}"
    return f"没有 {key} 这一项，{ending}"


def _listed(values: list[float]) -> str:
    return "、".join(f"{value:g}" for value in values)


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return f"“{text if len(text) <= 40 else text[:39] + '…'}”"
