"""The demo district against the figures that were published."""

from pathlib import Path

import pytest

from graph.store import Store, Transaction
from loaders.reconcile import FiguresError, agrees, reconcile

PUBLISHED = Path(__file__).resolve().parents[2] / "loaders" / "sources" / "published_figures.csv"
NOTHING_TO_COMPARE = {
    "party_street", "volunteer_services", "disputes_reported", "disputes_settled",
    "disputes_major_revisited", "disputes_satisfied", "grid_patrols_per_day",
}  # fmt: skip


def test_every_published_figure_agrees_with_the_demo_or_says_why_it_cannot(demo_store: Store) -> None:
    lines = reconcile(demo_store, PUBLISHED)
    assert len(lines) == 39
    assert {line.key for line in lines if line.agrees is None} == NOTHING_TO_COMPARE
    assert [line.key for line in lines if line.agrees is False] == []


def test_a_difference_is_explained_by_what_the_store_holds(demo_store: Store, tmp_path: Path) -> None:
    figures = tmp_path / "数字.csv"
    figures.write_text(
        "key,value,relation,unit,entity,note\nmembers_mobile,120,eq,persons,Person,\nagreements,1800,ge,count,Agreement,\n",
        encoding="utf-8",
    )
    mobile, agreements = reconcile(demo_store, figures)
    assert (mobile.published, mobile.loaded, mobile.agrees) == (120, 119, False)
    assert mobile.explanation == "库中比公布少 1；请核对来源表"
    assert (agreements.agrees, agreements.explanation) == (True, "不少于公布数")


class _Empty:
    """A store with a district and nothing else."""

    def read(self, text: str, parameters: object = None, *, timeout_s: float = 60) -> list[dict[str, object]]:
        if "LIMIT 2" in text:
            return [{"id": "410411"}]
        if "labels(a)[0] AS label, a.name" in text:
            return [{"label": "District", "name": "湛河区"}]
        return [{"n": 0}] if "AS n" in text else []


def test_nothing_loaded_says_what_to_load_first(tmp_path: Path) -> None:
    figures = tmp_path / "数字.csv"
    figures.write_text(
        "key,value,relation,unit,entity,note\nmass_science,15,eq,count,Organization,\n", encoding="utf-8"
    )
    (line,) = reconcile(_Empty(), figures)
    assert (line.loaded, line.agrees, line.explanation) == (None, False, "库中还没有组织，请先导入")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("key,value\na,1\n", "数字.csv 第 2 行缺少列 relation、unit、entity、note；列名应为 key,value,relation,unit,entity,note"),
        ("key,value,relation,unit,entity,note\na,许多,eq,,,\n", "数字.csv 第 2 行「value」列：内容是“许多”，应为数字；没有公布请留空"),
        ("key,value,relation,unit,entity,note\na,1,ca,,,\n", "数字.csv 第 2 行「relation」列：内容是“ca”，应为 eq、ge 或 about"),
        ("", "数字.csv 里没有数字；列名应为 key,value,relation,unit,entity,note"),
    ],
)  # fmt: skip
def test_a_file_of_figures_that_cannot_be_used_says_where_and_how_to_mend_it(
    tmp_path: Path, text: str, sentence: str
) -> None:
    (tmp_path / "数字.csv").write_text(text, encoding="utf-8")
    with pytest.raises(FiguresError) as refused:
        reconcile(_Empty(), tmp_path / "数字.csv")
    assert str(refused.value) == sentence


def test_a_rounded_figure_agrees_within_half_of_its_last_digit() -> None:
    assert agrees(300000, 349999, "about")
    assert not agrees(300000, 350001, "about")
    assert not agrees(36, 35, "eq")


def test_one_member_less_is_one_line_that_disagrees(demo_store: Store) -> None:
    class TakenBack(Exception):
        pass

    def without_one(transaction: Transaction) -> None:
        transaction.run("MATCH (p:Person {member_kind: '流动'}) WITH p LIMIT 1 SET p.member_kind = null")

        class Inside:
            def read(
                self, text: str, parameters: dict[str, object] | None = None, *, timeout_s: float = 60
            ) -> list[dict[str, object]]:
                return transaction.run(text, parameters)

        wrong = [line.key for line in reconcile(Inside(), PUBLISHED) if line.agrees is False]
        assert wrong == ["members_mobile", "members_total"]
        raise TakenBack

    with pytest.raises(TakenBack):
        demo_store.transact(without_one)
