"""`linmai export`: a scope as a file for others, with what was written said and personal data only by name."""

import json
import stat
from pathlib import Path

from graph.store import Store
from tests.api.front_door import command
from tests.api.small_district import FEIXING


def test_a_scope_is_written_and_its_counts_are_told(district: Store, tmp_path: Path) -> None:
    out = tmp_path / "飞行.json"
    said = command(
        district, "export", "--format", "node-link", "--scope", FEIXING, "--out", str(out), "--json"
    )
    assert (said.status, said.json) == (0, {
        "path": str(out), "format": "node-link", "scope": FEIXING,
        "nodes": {"Community": 1, "Estate": 2, "Grid": 1, "Building": 1, "PartyOrganization": 3, "Person": 3, "Unit": 1, "Agreement": 1, "Organization": 1, "Need": 2, "Resource": 1},
        "relationships": {
            "PART_OF": 4, "LEADS": 2, "OF_UNIT": 1, "BELONGS_TO": 3, "LIVES_IN": 2, "REPORTED_TO": 1, "LOCATED_IN": 1,
            "WITH_ORGANIZATION": 1, "WITH_UNIT": 1, "SERVES": 1, "OFFERED_BY": 1, "RAISED_IN": 2,
        },
        "personal": [],
    })  # fmt: skip
    assert said.err.splitlines() == [
        f"库：{district.shown}", f"已导出到 {out}，只有本机当前用户能打开", "声明为个人信息的属性没有写出；备注和内容等文字栏请自行留意",
    ]  # fmt: skip
    assert len(json.loads(out.read_text(encoding="utf-8"))["nodes"]) == 17
    assert stat.filemode(out.stat().st_mode) == "-rw-------"


def test_personal_data_are_written_only_by_name_and_that_is_said(district: Store, tmp_path: Path) -> None:
    out = tmp_path / "out"
    said = command(
        district, "export", "--format", "csv", "--scope", FEIXING, "--out", str(out), "--with-personal", "Person.phone"
    )  # fmt: skip
    assert said.status == 0
    assert said.err.splitlines()[-1] == "其中有个人信息（Person.phone），请勿外传，用完请删除"
    people = (out / "nodes-Person.csv").read_text(encoding="utf-8-sig")
    assert ("13800008000" in people, "示例甲" in people) == (True, False)


def test_what_cannot_be_exported_ends_with_2_and_a_sentence(district: Store, tmp_path: Path) -> None:
    def refusal(*words: str) -> str:
        said = command(district, "export", *words)
        assert (said.status, said.out) == (2, "")
        return said.err.splitlines()[-1]

    out = ("--out", str(tmp_path / "x"))
    assert refusal("--format", "shp", *out).startswith("--format 的值“shp”不对：应为其中之一：graphml（")
    assert (
        refusal("--format", "csv", "--scope", "7", *out)
        == "没有编号为“7”的区域；可以用 linmai divisions 或页面上的搜索查编号"
    )
    assert refusal("--format", "csv", "--with-personal", "name", *out).startswith("没有名为“name”的个人信息属性；可以写的有：")  # fmt: skip
    assert list(tmp_path.iterdir()) == []
