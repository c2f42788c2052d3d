"""Records on the command line: the same rules, one sentence each."""

import pytest

from graph.store import Store
from tests.api.front_door import command
from tests.api.small_lists import COMMUNITY, fill
from tests.conftest import empty


@pytest.fixture(scope="module")
def lists(embedded_store: Store) -> Store:
    empty(embedded_store)
    fill(embedded_store, resources={"ZY-1": 10})
    return embedded_store


def test_a_need_is_written_moved_and_told_on_the_command_line(lists: Store) -> None:
    made = command(lists, "need", "add", "--id", "XQ-1", "--title", "加装扶手", "--quantity", "3", "--raised-in", COMMUNITY, "--in-category", "X1")  # fmt: skip
    assert (made.status, made.out) == (0, "需求 XQ-1：已保存\n")
    assert command(lists, "need", "move", "XQ-1", "入单", "--as", "R1", "--day", "2020-09-01").status == 0
    assert command(lists, "need", "change", "XQ-1", "--quantity", "", "--note", "已核对").status == 0
    shown = command(lists, "need", "show", "XQ-1", "--json").json
    assert (shown["state"], shown["quantity"], shown["note"], shown["revision"]) == (
        "入单",
        None,
        "已核对",
        3,
    )
    told = command(lists, "need", "history", "XQ-1", "--json").json["history"]
    assert [(each["what"], each["to"], each["actor"]) for each in told] == [
        ("step", "提出", "本机用户"), ("step", "入单", "R*"), ("change", None, "本机用户"),
    ]  # fmt: skip
    gone = command(lists, "need", "withdraw", "XQ-1", "--reason", "重复登记", "--json")
    assert (gone.status, gone.json["state"], gone.json["next"]) == (0, "撤回", [])


def test_an_operation_that_is_repeated_acts_once(lists: Store) -> None:
    words = (
        "claim",
        "add",
        "--by-unit",
        "U1",
        "--for-need",
        "N1",
        "--with-resource",
        "ZY-1",
        "--quantity",
        "4",
    )
    first, again = (command(lists, *words, "--operation", "sent-twice", "--json") for _ in range(2))
    assert (first.status, again.status, again.json) == (0, 0, first.json)
    refused = command(lists, *words[:-1], "7")
    assert (refused.status, refused.err.splitlines()[-1]) == (1, "资源 ZY-1 只剩 6座（共 10，已占用 4），不够 7；请减少数量，或换一项资源")  # fmt: skip


def test_a_project_is_made_delivered_and_evaluated(lists: Store) -> None:
    words = ("--name", "建设", "--origin", "交办", "--meets", "N1=5", "--uses", "ZY-1=2")
    assert command(lists, "project", "add", "--id", "XM-1", *words).status == 0
    assert command(lists, "project", "move", "XM-1", "实施").status == 0
    assert command(lists, "project", "deliver", "XM-1", "ZY-1", "2").status == 0
    assert command(lists, "project", "move", "XM-1", "验收").status == 0
    assert (
        command(lists, "project", "evaluate", "XM-1", "--direction", "居民→项目", "--score", "95").status == 0
    )
    closed = command(lists, "project", "move", "XM-1", "销号", "--feedback", "满意")
    assert (closed.status, closed.err.splitlines()[-1]) == (1, "项目 XM-1 现在是“验收”，不能转为“销号”；可以转为：实施、评价")  # fmt: skip


@pytest.mark.parametrize(
    ("words", "status", "sentence"),
    [
        (("need", "add", "--raised-in", COMMUNITY), 1, "title：「标题」是空的，这一项必须填写"),
        (("need", "add", "--title", "x", "--raised-in", COMMUNITY, "--quantity", "许多"), 1, "quantity：「数量」内容是“许多”，应为整数，例如 80；没有请留空"),
        (("need", "move", "NO", "入单"), 1, "没有编号为“NO”的需求；请检查编号"),
        (("need", "move", "N1", "飞"), 1, "to：应为以下状态之一：提出、审核、入单、对接中、已认领、实施中、待评价、销号、退回、挂起、合并、撤回"),
        (("need", "change", "N1"), 1, "没有要改的内容；请至少给出一项"),
        (("need", "add", "--title", "x", "--operation", "短"), 2, "--operation 应为 1 到 100 个字母、数字或 . _ ~ -"),
        (("need", "add", "--titel", "x"), 2, "没有选项 --titel，是否想写 --title、--unit、--text；用法见 linmai need add --help"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_in_one_sentence(lists: Store, words: tuple[str, ...], status: int, sentence: str) -> None:  # fmt: skip
    said = command(lists, *words)
    assert (said.status, said.err.splitlines()[-1]) == (status, sentence)


def test_who_edits_from_an_older_revision_is_told_what_has_changed(lists: Store) -> None:
    command(lists, "resource", "change", "ZY-1", "--available", "周末")
    late = command(lists, "resource", "change", "ZY-1", "--available", "每天", "--revision", "0")
    assert (late.status, late.err.splitlines()[-2:]) == (
        1,
        [
            "「可用时间」现在是 周末，您写的是 每天",
            "资源 ZY-1 在您读取（修订号 0）之后已被改过（现为 1）：「可用时间」；请重新读取，核对后再改",
        ],
    )
