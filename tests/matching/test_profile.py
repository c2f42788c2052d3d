import math
from dataclasses import asdict

import pytest

from matching.profile import FairnessTier, Profile, ProfileError, default_profile, parse


def test_the_default_profile_makes_sense_and_counts_every_part() -> None:
    profile = default_profile()
    assert math.isclose(sum(asdict(profile.weights).values()), 1)
    assert min(asdict(profile.weights).values()) > 0
    assert profile.fairness == (FairnessTier(50, 2000), FairnessTier(70, 1000))


def test_a_profile_names_only_what_it_changes() -> None:
    profile = parse('name = "本街道"\n[limits]\nlead_days = 3\n')
    assert (profile.name, profile.limits.lead_days) == ("本街道", 3)
    assert profile.as_dict() == default_profile().as_dict() | {
        "name": "本街道",
        "limits": asdict(default_profile().limits) | {"lead_days": 3},
    }


def test_a_profile_comes_back_from_a_plan_as_it_was() -> None:
    profile = parse("fairness = []\n[weights]\ntext = 0.2\nplace = 0.1\n[limits]\nmatch_overdue = true")
    assert Profile.from_dict(profile.as_dict()) == profile


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a =", "我的.toml末尾：不是有效的 TOML，请检查等号、引号和方括号"),
        ("[limits]\na b", "我的.toml 第 2 行：不是有效的 TOML，请检查等号、引号和方括号"),
        ("[weight]\ntext = 0.1", "我的.toml：没有 weight 这一项，是否想写 weights？"),
        ("[weights]\ntexts = 0.1", "我的.toml：没有 weights.texts 这一项，是否想写 weights.text？"),
        ("[weights]\ntext = 0.2", "我的.toml：weights 各项之和应为 1；现在是 1.1，请调整"),
        ("[weights]\ntext = -0.1", "我的.toml：weights.text 应在 0 到 1 之间；写的是“-0.1”"),
        ("[weights]\ntext = nan", "我的.toml：weights.text 应在 0 到 1 之间；写的是“NaN”"),
        ("[weights]\ntext = '多'", "我的.toml：weights.text 应为 数字，0 到 1；写的是“\"多\"”"),
        ("weights = 3", "我的.toml：weights 应为一节，请写成 [weights]；写的是“3”"),
        ("name = ''", "我的.toml：name 应为非空文字；写的是“\"\"”"),
        ("[practice]\nmax_parties = true", "我的.toml：practice.max_parties 应为 整数，0 到 1000000000；写的是“true”"),
        ("[practice]\nmax_parties = 2.5", "我的.toml：practice.max_parties 应为 整数，0 到 1000000000；写的是“2.5”"),
        ("[limits]\nminimum_overlap_days = 0", "我的.toml：limits.minimum_overlap_days 应在 1 到 36500 之间；写的是“0”"),
        ("[limits]\nmatch_overdue = 1", "我的.toml：limits.match_overdue 应为 true 或 false；写的是“1”"),
        ("[place]\nstreet = 0.2", "我的.toml：place 应由近到远递减（community、street、district、elsewhere）；现在是 1、0.2、0.4、0.1"),
        ("[category]\nsame = 0.5", "我的.toml：category.sibling 不应大于 category.same"),
        ("fairness = 3", "我的.toml：fairness 应为若干个 [[fairness]] 节；写的是“3”"),
        ("[[fairness]]\npercent = 50", "我的.toml：fairness[1] 缺少 bonus"),
        (
            "fairness = [{percent = 50, bonus = 9}, {percent = 50, bonus = 8}]",
            "我的.toml：fairness 的 percent 应逐级增大；50 之后是 50",
        ),
        (
            "fairness = [{percent = 50, bonus = 9}, {percent = 60, bonus = 9}]",
            "我的.toml：fairness 的 bonus 应逐级减小；9 之后是 9",
        ),
        (
            "[practice]\nunit_load = 1",
            "我的.toml：practice.unit_load 为 1，小于 practice.minimum_lot 的 2，任何单位都无法承担；请调大前者或调小后者",
        ),
    ],
)  # fmt: skip
def test_a_profile_that_makes_no_sense_is_refused_with_what_to_mend(text: str, sentence: str) -> None:
    with pytest.raises(ProfileError) as refused:
        parse(text, "我的.toml")
    assert refused.value.problems == (sentence,)


def test_every_problem_of_a_profile_is_told_at_once() -> None:
    with pytest.raises(ProfileError) as refused:
        parse("nam = 1\n[limits]\nlead_days = -1\n[tie]\nseat = 2", "p")
    assert refused.value.problems == (
        "p：没有 nam 这一项，是否想写 name？",
        "p：tie.seat 应在 0 到 1 之间；写的是“2”",
        "p：limits.lead_days 应在 0 到 36500 之间；写的是“-1”",
    )
