"""The same questions by a pandas script over the workbooks: what a district's clerk who programs would write.

Each question is a function of the registers (frames by file name) and the day, and gives the answer of one
named query as a mapping from its first column that tells rows apart to its figures.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks.child import in_child
from benchmarks.table import Line, median
from graph.ask import ask
from graph.catalog import queries
from graph.store import Store

Frames = Mapping[str, "pd.DataFrame"]
Figures = dict[str, list[Any]]
CLOSED = ("销号", "合并", "撤回", "退回")


@dataclass(frozen=True)
class Question:
    """A named query, the registers that a script needs for it, the script, and the columns that are compared."""

    query: str
    registers: tuple[str, ...]
    script: Callable[[Frames, str], Figures]
    key: str
    figures: tuple[str, ...]


def organizations_by_kind(frames: Frames, day: str) -> Figures:
    """Organizations and their people by kind."""
    found = _valid(frames["组织名录"], day)
    people = pd.to_numeric(found["成员数"]).fillna(0).groupby(found["类型"])
    return {kind: [int(part.size), int(part.sum())] for kind, part in people}


def property_areas(frames: Frames, day: str) -> Figures:
    """Property areas by management, and those with a red council."""
    councils = _valid(frames["组织名录"], day)
    served = set(councils.loc[councils["类型"] == "红色议事会", "服务区域"])
    areas = frames["物业管理区域"]
    has = areas["编号"].isin(served) | areas["名称"].isin(served)
    return {kind: [int(part.size), int(part.sum())] for kind, part in has.groupby(areas["管理方式"])}


def members_by_kind(frames: Frames, day: str) -> Figures:
    """Members by kind, and those who have reported."""
    people = frames["党员花名册"].dropna(subset=["党员类别"])
    there = people[people["转出日期"].isna() | (people["转出日期"].str[:10] > day)]
    reported = there["报到社区"].notna() & (there["报到日期"].fillna("0000").str[:10] <= day)
    return {kind: [int(part.size), int(part.sum())] for kind, part in reported.groupby(there["党员类别"])}


def needs_by_community(frames: Frames, day: str) -> Figures:
    """Needs, open ones and overdue ones of each community; a place is written as 社区 or 社区小区 and so on."""
    communities = frames["社区"]
    short = communities["名称"].str.removesuffix("居民委员会").str.removesuffix("村民委员会")
    # A name that two villages share is written with its street.
    alone = ~short.duplicated(keep=False)
    codes = {
        **dict(zip(communities["所属街道"] + short, communities["编号"], strict=True)),
        **dict(zip(short[alone], communities.loc[alone, "编号"], strict=True)),
    }
    ordered = sorted(codes, key=len, reverse=True)
    needs = frames["需求清单"]
    places = {place: _community(place, codes, ordered) for place in needs["提出区域"].dropna().unique()}
    found = needs.assign(社区=needs["提出区域"].map(places)).dropna(subset=["社区"])
    is_open = ~found["状态"].fillna("提出").isin(CLOSED)
    overdue = is_open & (found["办结时限"].str[:10] < day)
    table = pd.DataFrame({"社区": found["社区"], "open": is_open, "overdue": overdue})
    return {
        str(code): [len(part), int(part["open"].sum()), int(part["overdue"].sum())]
        for code, part in table.groupby("社区")
    }


def _community(place: str, codes: Mapping[str, str], ordered: list[str]) -> str | None:
    if place in codes.values():
        return place
    # Keys below a community hold its code after a word that says whose key it is.
    for part in place.split("-"):
        if part[:12] in codes.values():
            return part[:12]
    return next((codes[name] for name in ordered if place.startswith(name)), None)


def _valid(frame: "pd.DataFrame", day: str) -> "pd.DataFrame":
    begun = frame["起始日期"].fillna("0000").str[:10] <= day if "起始日期" in frame else True
    ended = frame["终止日期"].fillna("9999").str[:10] > day if "终止日期" in frame else True
    return frame[begun & ended] if "起始日期" in frame or "终止日期" in frame else frame


QUESTIONS = (
    Question("organizations_by_kind", ("组织名录",), organizations_by_kind, "kind", ("organizations", "people")),
    Question("property_areas_by_management", ("组织名录", "物业管理区域"), property_areas, "management", ("areas", "with_council")),
    Question("members_by_kind", ("党员花名册",), members_by_kind, "kind", ("members", "reported")),
    Question("needs_by_community", ("社区", "需求清单"), needs_by_community, "community_id", ("needs", "open", "overdue")),
)  # fmt: skip


def lines(store: Store, workbooks: Path, scope: str, day: str, runs: int, name: str) -> Iterator[Line]:
    """Each question both ways, the answers asserted equal; then all of them from the files."""
    asked = [q for q in QUESTIONS if all((workbooks / f"{r}.xlsx").exists() for r in q.registers)]
    given = {"scope": scope, "as_of": day}
    script = in_child(by_script, workbooks=str(workbooks), names=[q.query for q in asked], day=day)
    total = 0.0
    for question in asked:
        query = queries()[question.query]
        taken = []
        for _ in range(runs):
            begun = time.perf_counter()
            rows = ask(store, query, given).rows
            taken.append(1000 * (time.perf_counter() - begun))
        ours = {str(row[question.key]): [row[column] for column in question.figures] for row in rows}
        theirs = script.result["answers"][question.query]
        if ours != theirs:
            raise AssertionError(f"{question.query}: {_difference(ours, theirs)}")
        total += median(taken)
        beside = script.result["ms"][question.query]
        yield Line(
            f"{question.query}, {name}",
            median(taken),
            "ms",
            beside,
            "pandas, frames in memory",
            note="answers equal",
        )
    yield Line(
        f"these {len(asked)} questions, {name}", total, "ms", 1000 * script.wall_s, "pandas, from the workbooks",
        note=f"the script: {script.cpu_s:.1f} s CPU, {script.peak_mb:.0f} MB",
    )  # fmt: skip


def _difference(ours: Figures, theirs: Figures) -> str:
    different = [key for key in {**ours, **theirs} if ours.get(key) != theirs.get(key)]
    return "; ".join(f"{key}: {ours.get(key)}, pandas {theirs.get(key)}" for key in different[:5])


def by_script(workbooks: str, names: list[str], day: str) -> Callable[[], Any]:
    """Job: read the registers and answer; `ms` are the milliseconds of each answer without the reading."""
    asked = [q for q in QUESTIONS if q.query in names]
    registers = dict.fromkeys(register for question in asked for register in question.registers)

    def work() -> Any:
        frames = {
            register: pd.read_excel(
                Path(workbooks) / f"{register}.xlsx", header=1, dtype=str, engine="calamine"
            )
            for register in registers
        }
        answers, taken = {}, {}
        for question in asked:
            begun = time.perf_counter()
            answers[question.query] = question.script(frames, day)
            taken[question.query] = 1000 * (time.perf_counter() - begun)
        return {"answers": answers, "ms": taken}

    return work
