"""The benchmarks run: every part, on a few registers of the demo, prints its lines. How fast is not asked here."""

from collections.abc import Iterator

import pytest

from benchmarks import asking
from benchmarks.__main__ import PARTS, Run, Sizes, measure, show
from benchmarks.engines import new_embedded
from benchmarks.pictures import CHROMIUM
from benchmarks.table import Goal, Line, Of, markdown
from graph.catalog import queries
from loaders.demo import write

REGISTERS = ("区", "街道", "社区", "小区", "网格", "类别", "组织名录", "物业管理区域")
ONE_RUN = Sizes(runs=1, country="410411", seconds=0.1, asks=1, starts=2, city=2)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """A run over some registers of the demo, a round each; two districts are named, of which one has workbooks."""
    folder = tmp_path_factory.mktemp("benchmarks")
    with pytest.MonkeyPatch.context() as fewer:
        fewer.setattr(write, "REGISTERS", {name: write.REGISTERS[name] for name in REGISTERS})
        for districts in (1, 2):  # names that repeat in another district are written in full in both
            for file in write.write_workbooks(folder / str(districts), districts):
                if districts > 1 and file.stem.removeprefix("湛河区-") not in REGISTERS:
                    file.unlink()
        for rounds in ("WARM_UP", "STREET_WARM_UP", "ROUNDS"):
            fewer.setattr(asking, rounds, 1)
        yield Run(ONE_RUN, {"embedded": new_embedded}, folder, start=("serve",))


def printed(run: Run, part: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What each line of a part is about; the lines are printed, one each, with a figure of ours that counts."""
    lines = show(measure(run, [part]))
    assert [line.split(" | ")[0].partition(" (")[0] for line in capsys.readouterr().out.splitlines()] == [
        line.what.partition(" (")[0] for line in lines
    ]
    assert all(line.ours > 0 for line in lines)
    return [line.what for line in lines]


@pytest.mark.servers
def test_loading_is_measured_beside_bare_batches_of_the_same_rows(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert printed(run, "load", capsys) == [
        "1 demo district(s) through the loader, embedded",
        "  memory of our process",
    ]


@pytest.mark.servers
def test_official_areas_are_measured_beside_bare_batches_of_the_same_areas(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert printed(run, "country", capsys) == [
        "official areas of 410411, embedded",
        "  memory of our process",
    ]


@pytest.mark.servers
def test_a_first_and_a_later_start_are_measured_to_the_page_that_answers(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert printed(run, "start", capsys) == [
        "`linmai serve` until its page answers, first start",
        "`linmai serve` until its page answers, later start, database stopped before",
    ]


@pytest.mark.servers
def test_every_query_is_timed_and_pandas_gives_the_same_answers(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    whats = printed(run, "ask", capsys)
    timed = {what.removeprefix("query ").partition(",")[0] for what in whats if what.startswith("query ")}
    # What asks for a key of its own (a need, a unit) finds none in these registers, and they hold no building.
    assert {
        q.name
        for q in queries().values()
        if all(not p.required or p.type == "area" for p in q.params)
        and q.param("scope").areas != ("Building",)
    } <= timed
    assert [what for what in whats if not what.startswith("query ")] == [
        "coverage summary, embedded",
        "  beside its queries by hand",
        "search, embedded",
        "  its 99th percentile",
        "coverage summary, embedded, once more, Java being warm",
        "  beside its queries by hand",
        "organizations_by_kind, embedded",
        "property_areas_by_management, embedded",
        "these 2 questions, embedded",
    ]


@pytest.mark.servers
def test_the_api_is_put_under_load_beside_an_empty_route(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    whats = [what for what in printed(run, "serve", capsys) if "gunicorn" in what]
    assert whats == [
        "the entity endpoint, gunicorn, 8 connections: requests per second",
        "the entity endpoint, gunicorn, 8 connections: p99",
        "coverage/organizations, gunicorn, 8 connections: requests per second",
        "coverage/organizations, gunicorn, 8 connections: p99",
    ]


@pytest.mark.servers
def test_a_streets_answers_are_timed_in_one_district_and_in_more(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    whats = printed(run, "large", capsys)
    assert whats[0] == "2 demo districts through the loader, time per node or relationship"
    assert whats[1] == "a street in 2 districts, the question that grows most"
    assert {"a street's members_by_kind in 2 districts", "a street's party_levels in 2 districts"} <= set(
        whats
    )


def test_a_missed_goal_is_said_in_its_line() -> None:
    lines = [
        Line("a load", 5.0, "s", 2.0, "bare batches", Goal(2.0), 1.5, 0.5, 120.4, "9 nodes"),
        Line("a start", 4.0, "s", goal=Goal(5, Of.OURS)),
    ]
    assert markdown(lines).splitlines() == [
        "| what | ours | beside | ratio | goal | CPU s, ours + engine | peak MB |",
        "| --- | --: | --: | --: | --: | --: | --: |",
        "| a load (9 nodes) | 5 s | 2 s, bare batches | 2.50 | <= 2x: NOT MET | 1.5 + 0.5 | 120 |",
        "| a start | 4 s |  |  | <= 5 s: met |  |  |",
    ]


def test_places_are_timed_and_the_largest_network_is_drawn_and_panned(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert printed(run, "pictures", capsys) == [
        "circles of 30,000 areas",
        "circles of 664,000 areas",
        *(["network of 1,500 nodes drawn in Chromium", "  panned, a frame"] if CHROMIUM else []),
    ]


def test_every_part_can_be_asked_for_alone() -> None:
    assert list(PARTS) == ["load", "country", "start", "ask", "serve", "large", "match", "pictures"]
