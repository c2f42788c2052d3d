"""The command line: what it prints where, how it ends, and that no traceback ever reaches a user."""

import contextlib
import io
import json
import os
import shlex
import stat
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import typer
import xlsxwriter

from api.cli import app, main
from graph import embedded
from graph.store import Store
from graph.target import StoreTarget, embedded_target
from tests.api.front_door import command
from tests.api.small_district import FEIXING, fill
from tests.servers.short_lived import open_embedded

ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith(("LINMAI_", "NEO4J_", "LC_", "LANG"))}


@dataclass(frozen=True)
class Ended:
    """How a command ended: its status, and what it wrote to stdout and stderr."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Stdout, which must be one JSON document and nothing else."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Shell:
    """Runs `linmai` in an environment of its own, in this process: starting Python anew takes seconds."""

    home: Path
    store: str

    def __call__(self, *words: str, environment: Mapping[str, str] | None = None) -> Ended:
        """One command, run to its end."""
        variables = {
            **ENVIRONMENT, "LINMAI_STORE": self.store, "COLUMNS": "200",
            "XDG_DATA_HOME": str(self.home / "data"), "XDG_CONFIG_HOME": str(self.home / "config"), **(environment or {}),
        }  # fmt: skip
        out, err = io.StringIO(), io.StringIO()
        with (
            mock.patch.dict(os.environ, variables, clear=True),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
            pytest.raises(SystemExit) as ended,
        ):
            main(words)
        assert "Traceback" not in out.getvalue() + err.getvalue()
        return Ended(int(ended.value.code or 0), out.getvalue(), err.getvalue())


def run_python(code: str, *words: str, language: str = "zh_CN.UTF-8") -> Ended:
    """Python code run with `words` as its arguments, in a process of its own."""
    ended = subprocess.run(
        [sys.executable, "-c", code, *words], env={**ENVIRONMENT, "LANG": language},
        capture_output=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip
    return Ended(ended.returncode, ended.stdout, ended.stderr)


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreTarget]:
    """An embedded store of its own that holds the small district, as a district's own data."""
    found = embedded_target(tmp_path_factory.mktemp("cli-store"))
    assert found.folder is not None
    with open_embedded(found.folder) as store:
        fill(store, demo=False)
    yield found
    embedded.stop(found.folder)


@pytest.fixture(scope="module")
def linmai(target: StoreTarget, tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """`linmai` on the small district."""
    return Shell(tmp_path_factory.mktemp("cli-home"), target.shown)


def workbook(path: Path, sheet: str, rows: Sequence[Sequence[str | int]]) -> Path:
    """A workbook of one sheet; the first row is the headings."""
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return path


def test_help_is_chinese_and_english_where_the_locale_says_so() -> None:
    code = "from api.start import main; main()"
    chinese, english = run_python(code, "--help"), run_python(code, "--help", language="en_US.UTF-8")
    assert (chinese.status, english.status) == (0, 0)
    assert "把一个区的组织、单位、需求和资源连成一张图" in chinese.out
    assert "a district's organizations, partners, needs and resources" in english.out
    assert "命令" in chinese.out
    assert "Commands" in english.out


def test_every_command_has_a_help_text_and_answers_programs_with_json() -> None:
    def commands(group: Any, *path: str) -> Iterator[tuple[str, Any]]:
        for name, each in group.commands.items():
            if hasattr(each, "commands"):
                yield from commands(each, *path, name)
            else:
                yield " ".join((*path, name)), each

    known = dict(commands(typer.main.get_command(app)))
    assert {"load", "store backup"} < set(known)
    without = [n for n, c in known.items() if not c.help or not any("--json" in p.opts for p in c.params)]
    assert without == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nothing"], "没有命令 nothing；用法见 linmai --help"),
        (["lod"], "没有命令 lod，是否想写 load；用法见 linmai --help"),
        (["undo"], "缺少 BATCH；用法见 linmai undo --help"),
        (["batches", "--nothing"], "没有选项 --nothing；用法见 linmai batches --help"),
        (["batches", "one", "two"], "多写了 one two；用法见 linmai batches --help"),
        (["demo", "--districts", "many"], "--districts 的值不对：应为整数；用法见 linmai demo --help"),
        (["demo", "--districts", "41"], "--districts 的值不对：不能大于 40；用法见 linmai demo --help"),
        (["demo", "--districts", "0"], "--districts 的值不对：不能小于 1；用法见 linmai demo --help"),
        (["batches", "--store"], "选项 --store 后面缺少值；用法见 linmai --help"),
        (["batches", "--store", "mysql://x"], "LINMAI_STORE：不认识“mysql”，请写 embedded:文件夹、bolt://主机:7687、neo4j://主机 或 neo4j+s://主机"),
        (["init"], "请写一个区县编号（例如 linmai init 410411），或写 --country 装入全国"),
        (["load", "no-such-file.xlsx"], "没有这个文件或文件夹：no-such-file.xlsx；请检查路径"),
        (["serve", "--host", "0.0.0.0"], "--host 0.0.0.0：还没有账号管理，只能在本机使用，请写 127.0.0.1（不写 --host 即可）"),
        (["serve", "--host", "192.168.1.5"], "--host 192.168.1.5：还没有账号管理，只能在本机使用，请写 127.0.0.1（不写 --host 即可）"),
        (["query", "members_by_kind", "--format", "pdf"], "--format 的值“pdf”不对：应为 table、csv、xlsx、json 之一"),
        (["query", "members_by_kind", "--format", "xlsx"], "xlsx 要写到文件：请加 --out 文件名.xlsx"),
        (["query", "members_by_kind", "--scope"], "参数 --scope 后面缺少值"),
        (["query", "members_by_kind", "410411"], "多了“410411”；参数请写成 --名称 值，例如 --scope 410411"),
        (["store", "restore", "no-such-file"], "没有这个备份文件：no-such-file"),
    ],
)  # fmt: skip
def test_wrong_usage_is_one_sentence_and_status_2(linmai: Shell, words: list[str], sentence: str) -> None:
    ended = linmai(*words)
    assert (ended.status, ended.out, ended.err.strip()) == (2, "", sentence)


def test_a_command_that_touches_a_store_says_which(linmai: Shell, target: StoreTarget) -> None:
    assert linmai("batches").err.splitlines()[0] == f"库：{target.shown}"


def test_an_unreachable_store_is_one_sentence(linmai: Shell) -> None:
    ended = linmai("batches", "--store", "bolt://127.0.0.1:9")
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.splitlines() == [
        "库：bolt://127.0.0.1:9",
        "连接不上数据库 bolt://127.0.0.1:9；请检查 LINMAI_STORE 或 NEO4J_URI 的地址，以及数据库是否已启动",
    ]


@pytest.mark.parametrize(
    ("store", "sentence"),
    [
        ("bolt://127.0.0.1:9", "The database bolt://127.0.0.1:9 cannot be reached; check the address in LINMAI_STORE or NEO4J_URI, and whether the database runs"),
        ("mysql://x", "LINMAI_STORE: no such kind of store as 'mysql'; write embedded:FOLDER, bolt://HOST:7687, neo4j://HOST or neo4j+s://HOST"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_store_is_said_in_english_where_the_locale_says_so(
    store: str, sentence: str
) -> None:
    code = "from api.start import main; main()"
    ended = run_python(code, "batches", "--store", store, language="en_US.UTF-8")
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.splitlines()[-1] == sentence


def test_a_failure_of_the_program_is_a_sentence_and_a_traceback_only_on_demand() -> None:
    broken = (
        "import api.commands.answers as a; a.named_queries = lambda: 1/0; from api.cli import main; main()"
    )
    plain = run_python(broken, "queries")
    assert (plain.status, plain.out) == (2, "")
    assert plain.err.strip() == (
        "程序出错了（ZeroDivisionError）；请再试一次；仍然出错时请加 --debug 运行，并把显示的内容交给维护人员"
    )
    assert "Traceback" in run_python(broken, "queries", "--debug").err


def test_a_query_answers_as_a_table_as_csv_as_json_and_as_a_file(linmai: Shell, tmp_path: Path) -> None:
    table = linmai("query", "members_by_kind", "--scope", FEIXING)
    assert table.status == 0
    assert [line.split() for line in table.out.splitlines()] == [
        ["各类党员"], ["党员类别", "党员（名）", "已报到（名）"], ["在职", "2", "1"], ["自管", "1", "0"],
    ]  # fmt: skip
    assert linmai("query", "members_by_kind", "--format=csv").out.splitlines() == [
        "党员类别,党员（名）,已报到（名）",
        "在职,2,1",
        "自管,1,0",
    ]
    answer = linmai("query", "members_by_kind", "--as-of", "2020-10-01", "--json").json
    assert (answer["query"], answer["parameters"]) == (
        "members_by_kind",
        {"scope": "410411", "as_of": "2020-10-01"},
    )
    out = tmp_path / "党员.xlsx"
    written = linmai("query", "members_by_kind", "--out", str(out))
    assert (written.status, written.out) == (0, "")
    assert f"已把 2 行写到 {out}，只有本机当前用户能打开" in written.err
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_a_text_that_a_spreadsheet_would_run_is_disarmed(linmai: Shell) -> None:
    ended = linmai("query", "entity", "--id", "N2", "--format", "csv")
    assert ended.out.splitlines()[1].startswith('"需求 =HYPERLINK') or "'=" in ended.out


def test_personal_values_are_shown_only_with_the_flag_for_it(linmai: Shell) -> None:
    masked = linmai("query", "entity", "--id", "R1", "--json")
    assert "13800008000" not in masked.out + masked.err
    shown = linmai("query", "entity", "--id", "R1", "--personal", "--json")
    assert shown.json["rows"][0]["entity"]["properties"]["phone"] == "13800008000"
    assert "结果含完整的个人信息，请勿外传，用完请删除" in shown.err


def test_a_wrong_parameter_of_a_query_names_those_it_takes(linmai: Shell) -> None:
    ended = linmai("query", "members_by_kind", "--kinds", "自管")
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.splitlines()[-1] == "查询 members_by_kind 没有参数 kinds，可用的有：scope、as_of"
    assert linmai("query", "nothing").err.startswith("没有名为“nothing”的查询；可用的有：")


def test_queries_lists_every_query(linmai: Shell) -> None:
    listed = linmai("queries", "--json").json["queries"]
    assert {q["name"] for q in listed} >= {"members_by_kind", "entity", "resources_for_need"}
    assert next(q for q in listed if q["name"] == "members_by_kind")["parameters"] == [
        {"name": "scope", "type": "area", "required": False, "default": None, "values": None},
        {"name": "as_of", "type": "date", "required": False, "default": "today", "values": None},
    ]


def test_coverage_is_one_page_or_one_document(linmai: Shell) -> None:
    page = linmai("coverage")
    assert page.status == 0
    assert page.out.splitlines()[0] == "湛河区（区 410411）  截至 2020-10-01"
    assert "社区没有科协" in page.out
    document = linmai("coverage", "--json").json
    assert (document["scope_name"], document["members_total"], document["reporting_rate"]) == (
        "湛河区",
        3,
        0.5,
    )


def test_the_command_behind_each_gap_lists_what_lacks_in_the_same_area_on_the_same_day_and_in_the_same_store(
    linmai: Shell, target: StoreTarget
) -> None:
    asked = ("--scope", FEIXING, "--as-of", "2020-11-01", "--store", target.shown)
    gaps = linmai("coverage", *asked, "--json").json["gaps"]
    page = linmai("coverage", *asked, environment={"LINMAI_STORE": "mysql://x"}).out
    commands = [
        line[line.index("linmai query") :].strip() for line in page.splitlines() if "linmai query" in line
    ]
    assert len(commands) == len(gaps) > 3
    for gap, line in zip(gaps, commands, strict=True):
        answer = linmai(*shlex.split(line)[1:], "--json", environment={"LINMAI_STORE": "mysql://x"}).json
        assert answer["parameters"].items() >= {"scope": FEIXING, "as_of": "2020-11-01"}.items()
        if gap["query"] != "reporting_rates":  # people are counted, not listed
            assert len(answer["rows"]) == gap["lacking"], command


def test_divisions_are_looked_up_without_a_store(linmai: Shell) -> None:
    found = linmai("divisions", "九里山街道飞行社区", "--json", environment={"LINMAI_STORE": "mysql://x"})
    assert found.json["hits"][0] == {
        "code": FEIXING, "name": "飞行社区居民委员会", "level": "community",
        "path": "河南省 / 平顶山市 / 湛河区 / 九里山街道 / 飞行社区居民委员会",
    }  # fmt: skip
    nothing = linmai("divisions", "没有这个地方啊")
    assert (nothing.status, nothing.err.strip()) == (
        1,
        "没有找到“没有这个地方啊”；可以只写名称的一部分，或编号的开头",
    )


def test_reconcile_says_what_differs_with_status_1(linmai: Shell, tmp_path: Path) -> None:
    figures = tmp_path / "figures.csv"
    figures.write_text(
        "key,value,relation,unit,entity,note\ncommunities,36,eq,count,Community,\nmass_science,15,eq,count,Organization,\n",
        encoding="utf-8",
    )
    ended = linmai("reconcile", str(figures), "--json")
    assert ended.status == 1
    lines = {line["key"]: (line["published"], line["loaded"], line["agrees"]) for line in ended.json["lines"]}
    assert lines == {"communities": (36, 36, True), "mass_science": (15, 1, False)}


def test_templates_are_written_and_an_unfilled_one_loads_nothing(linmai: Shell, tmp_path: Path) -> None:
    written = linmai("template", str(tmp_path / "空表"), "--json").json["files"]
    assert written
    assert all(Path(path).is_file() for path in written)
    checked = linmai("check", *written, "--json")
    assert (checked.status, checked.json["added"], checked.json["rejected"]) == (0, 0, 0)


def test_checking_writes_nothing_and_loading_does_and_can_be_undone(linmai: Shell, tmp_path: Path) -> None:
    file = workbook(tmp_path / "小区.xlsx", "小区", [["小区编号", "小区名称", "所属社区"], ["E9", "示例九小区", "飞行社区"]])  # fmt: skip
    checked = linmai("check", str(file), "--json")
    assert (checked.status, checked.json["dry_run"], checked.json["batches"]) == (0, True, [])
    assert (checked.json["added"], checked.json["rejected"]) == (2, 0)
    assert linmai("query", "entity", "--id", "E9", "--json").json["rows"] == []

    loaded = linmai("load", str(file), "--json")
    assert loaded.status == 0
    figures = {k: loaded.json[k] for k in ("added", "changed", "unchanged", "rejected", "missing")}
    assert figures == {"added": 2, "changed": 0, "unchanged": 0, "rejected": 0, "missing": 0}
    again = linmai("load", str(file), "--json").json
    assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, 2)

    batch = loaded.json["batches"][0]["id"]
    assert linmai("batches", "--json").json["batches"][0]["id"] == batch
    assert linmai("undo", batch).status == 0
    assert linmai("query", "entity", "--id", "E9", "--json").json["rows"] == []
    unknown = linmai("undo", "nothing")
    assert (unknown.status, unknown.err.splitlines()[-1].startswith("没有批次 nothing；最近的批次：")) == (
        2,
        True,
    )


def test_loading_into_a_demo_store_warns_that_real_and_synthetic_data_will_mix(
    district: Store, tmp_path: Path
) -> None:
    file = workbook(tmp_path / "小区.xlsx", "小区", [["小区编号", "小区名称", "所属社区"], ["E9", "示例九小区", "飞行社区"]])  # fmt: skip
    loaded = command(district, "load", str(file), "--json")
    assert (loaded.status, loaded.json["added"]) == (0, 2)
    assert "注意：这是示例库，装入后示例数据与真实数据会混在一起" in loaded.err
    assert command(district, "undo", loaded.json["batches"][0]["id"]).status == 0


def test_rejected_rows_go_to_a_private_workbook_with_status_1(linmai: Shell, tmp_path: Path) -> None:
    file = workbook(tmp_path / "小区.xlsx", "小区", [["小区编号", "小区名称", "所属社区"], ["E8", "示例八小区", "没有的社区"]])  # fmt: skip
    errors = tmp_path / "退回.xlsx"
    ended = linmai("load", str(file), "--errors", str(errors), "--json")
    assert (ended.status, ended.json["rejected"], ended.json["errors"]) == (1, 1, [str(errors)])
    assert stat.S_IMODE(errors.stat().st_mode) == 0o600
    assert f"退回 1 行，已写到 {errors}；文件含个人信息" in ended.err
    [problem] = [p for p in ended.json["problems"] if p["severity"] == "error"]
    assert (problem["file"], problem["row"], problem["found"]) == ("小区.xlsx", 2, "没有的社区")


def test_rejected_rows_that_nobody_gave_a_place_are_in_folders_of_their_owner_only(
    linmai: Shell, tmp_path: Path
) -> None:
    file = workbook(tmp_path / "小区.xlsx", "小区", [["小区编号", "小区名称", "所属社区"], ["E8", "示例八小区", "没有的社区"]])  # fmt: skip
    [errors] = [Path(each) for each in linmai("load", str(file), "--json").json["errors"]]
    assert errors.parents[1].name == "rejected"
    modes = [stat.S_IMODE(each.stat().st_mode) for each in (errors, errors.parent, errors.parents[1])]
    assert modes == [0o600, 0o700, 0o700]
    errors.parents[1].chmod(0o755)
    assert linmai("load", str(file), "--json").json["errors"]
    assert stat.S_IMODE(errors.parents[1].stat().st_mode) == 0o700


def test_a_mapping_is_proposed_and_used(linmai: Shell, tmp_path: Path) -> None:
    file = workbook(tmp_path / "楼院情况.xlsx", "楼院", [["序号", "楼院名称", "所在社区", "建成年份"], [1, "示例七小区", "飞行社区", 1998]])  # fmt: skip
    out = tmp_path / "对应.toml"
    ended = linmai("map", str(file), "--out", str(out), "--json")
    assert (ended.status, ended.json["file"], ended.json["sheets"][0]["layout"]) == (0, str(out), "小区")
    checked = linmai("check", str(file), "--mapping", str(out), "--json")
    assert (checked.status, checked.json["rejected"]) == (0, 0)


def test_a_store_is_backed_up_and_restored(linmai: Shell, tmp_path: Path) -> None:
    file = tmp_path / "district.linmai"
    backed = linmai("store", "backup", str(file), "--json")
    assert (backed.status, stat.S_IMODE(file.stat().st_mode)) == (0, 0o600)
    assert f"已备份到 {file}；文件含个人信息，只有本机当前用户能打开" in backed.err
    other = f"embedded:{tmp_path / 'other'}"
    try:
        restored = linmai("store", "restore", str(file), "--store", other, "--json")
        assert restored.status == 0
        same = ("nodes", "relationships", "content_hash")
        assert {k: restored.json[k] for k in same} == {k: backed.json[k] for k in same}
        assert linmai("store", "status", "--store", other, "--json").json["running"] is True
    finally:
        stopped = linmai("store", "stop", "--store", other, "--json")
    assert stopped.json == {"store": other, "stopped": True}
    assert linmai("store", "status", "--store", other, "--json").json["running"] is False


def test_the_demo_refuses_a_store_with_other_data(linmai: Shell, target: StoreTarget) -> None:
    ended = linmai("demo", "--no-serve")
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.splitlines()[-1] == (
        f"库 {target.shown} 里有别的数据，示例区不能装进去；请用 --store embedded:另一个文件夹，或去掉 LINMAI_STORE"
    )


def test_the_demos_workbooks_are_written_without_any_store(linmai: Shell, tmp_path: Path) -> None:
    ended = linmai("demo", "--write", str(tmp_path / "示例"), "--json", environment={"LINMAI_STORE": ""})
    assert ended.status == 0
    files = [Path(path) for path in ended.json["files"]]
    assert {"党员花名册.xlsx", "需求清单.xlsx"} <= {path.name for path in files}
    assert all(path.is_file() for path in files)


def test_a_store_that_a_restore_left_half_filled_is_refused_until_it_is_finished(
    linmai: Shell, tmp_path: Path
) -> None:
    target = embedded_target(tmp_path / "half")
    with Store.open(target) as half:
        half.write(
            "CREATE (:Restoration {id: 'restoration', file: '全区.linmai', done: 2000, records: 9000})"
        )
    try:
        ended = linmai("coverage", "--store", target.shown)
    finally:
        embedded.stop(tmp_path / "half")
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.splitlines()[-1] == (
        f"数据库 {target.shown} 上一次恢复没有完成（全区.linmai，已恢复 2000/9000 条）；"
        "请用同一个备份文件再运行一次 linmai store restore，它会接着恢复"
    )
