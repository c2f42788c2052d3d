import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.suggest import Suggester, Suggestion
from matching.text import Corpus, Synonyms, tokens
from tests.matching.three_lists import Rows, need, small


def similarities(
    asked: list[str], documents: list[str], concepts: list[tuple[str, ...]] | None = None
) -> np.ndarray:
    corpus = Corpus.of(documents, asked, Synonyms(concepts or []))
    i, j = np.divmod(np.arange(len(asked) * len(documents)), len(documents))
    return corpus.of_pairs(i, j).reshape(len(asked), len(documents))


def test_two_character_words_are_found_and_the_closest_text_wins() -> None:
    found = similarities(["停车难", "想学书法"], ["夜间开放停车位", "书法讲座与绘画", "法律咨询"])
    assert found.argmax(axis=1).tolist() == [0, 1]
    assert found[0].tolist()[1:] == [0.0, 0.0]


def test_different_words_for_one_concept_find_each_other() -> None:
    asked, documents = ["老人吃饭难"], ["社区食堂", "社区书屋"]
    assert similarities(asked, documents).tolist() == [[0.0, 0.0]]
    found = similarities(asked, documents, [("助餐", "食堂", "吃饭难")])
    assert found[0, 0] > 0
    assert found[0, 1] == 0


def test_full_width_letters_and_case_make_no_difference() -> None:
    assert tokens("ＡＥＤ急救培训") == tokens("aed 急救培训") == ["aed", "急救", "救培", "培训"]


def test_the_scores_are_those_of_bm25() -> None:
    corpus = Corpus.of(["停车停车", "书法"], [], Synonyms([]))
    # 停车 stands in one of two documents, twice among the three bigrams of the first; the mean length is 2.
    rarity = math.log(1 + 1.5 / 1.5)
    assert corpus.scores("停车").tolist() == pytest.approx(
        [rarity * 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * 3 / 2)), 0]
    )


def test_texts_without_words_are_like_nothing() -> None:
    assert similarities(["", "。。"], ["", "食堂"]).tolist() == [[0, 0], [0, 0]]
    assert Corpus.of([], ["食堂"], Synonyms([])).scores("食堂").tolist() == []


@given(st.lists(st.text("食堂停车位老年助餐a1 ，", max_size=12), min_size=1, max_size=6))
def test_a_similarity_lies_between_nothing_and_all_and_follows_bm25(texts: list[str]) -> None:
    found = similarities(texts, texts, [("助餐", "食堂")])
    assert found.min() >= 0
    assert found.max() <= 1
    corpus = Corpus.of(texts, texts, Synonyms([("助餐", "食堂")]))
    for i, text in enumerate(texts):
        if corpus.whole[i]:
            assert found[i] == pytest.approx(np.minimum(1, corpus.scores(text) / corpus.whole[i]))


def kinds() -> Rows:
    rows = small(resources=[])
    rows.needs = [
        need("XQ-1", title="独居老人中午没有热饭", category="助餐"),
        need("XQ-2", title="小区夜间停车太挤", category="停车"),
        need("XQ-3", title="家里老人白天没人照看", category="日托"),
    ]
    return rows


def test_a_free_text_gets_a_category_a_certainty_and_a_runner_up() -> None:
    suggester = Suggester.of(kinds().snapshot(), "需求")
    sure = suggester.suggest("希望社区开一个老年食堂，老人吃饭难")
    assert (sure.category, sure.runner_up) == ("助餐", "日托")
    assert 0.6 < sure.certainty < 1
    assert sure.sentence == f"建议类别：老年助餐（把握 {sure.certainty:.0%}）；其次：日间照料"
    unsure = suggester.suggest("老人")
    assert unsure.certainty < 0.6
    assert unsure.sentence.endswith("；请核对")


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("车位不够", "停车"),
        ("晚上停车难", "停车"),
        ("托老服务", "日托"),
        ("白天请人照看老人", "日托"),
        ("想吃口热饭", "助餐"),
    ],
)
def test_words_and_texts_already_filed_both_speak_for_a_category(text: str, category: str) -> None:
    assert Suggester.of(kinds().snapshot(), "需求").suggest(text).category == category


def test_one_chance_word_convinces_nobody() -> None:
    suggestion = Suggester.of(kinds().snapshot(), "需求").suggest("中午")
    assert (suggestion.category, suggestion.runner_up) == ("助餐", None)
    assert suggestion.certainty < 0.3


def test_a_text_that_says_nothing_gets_no_category() -> None:
    nothing = Suggestion(None, 0.0, None, "文字中没有可以判断类别的词，请人工选择")
    assert Suggester.of(kinds().snapshot(), "需求").suggest("？？？") == nothing
    assert Suggester.of(Rows().snapshot(), "需求").suggest("停车") == nothing


def test_a_list_suggests_only_its_own_narrowest_categories() -> None:
    suggester = Suggester.of(kinds().snapshot(), "资源")
    assert [suggester.categories.ids[k] for k in suggester.among] == ["餐饮场地", "会议场地"]
    assert suggester.suggest("会议室").category == "会议场地"
