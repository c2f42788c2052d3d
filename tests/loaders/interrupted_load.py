"""A load in a process of its own, for tests that kill it: small data, many transactions."""

from multiprocessing.connection import Connection
from pathlib import Path

from graph.store import Store
from loaders.drafts import TableDrafts
from loaders.load import LoadResult, Progress, load
from tests.loaders.drafting import Cells, sheet
from tests.servers.short_lived import open_embedded

CHUNK = 20


def _organizations(issue: int) -> list[Cells]:
    rows: list[Cells] = []
    for n in range(60):
        above = f"DZZ-{n // 8}" if n else None
        name = f"示例支部{n}" if (n + issue) % 5 else f"示例支部{n}改"
        rows.append(
            {"编号": f"DZZ-{n}", "名称": name, "层级": 3, "上级党组织": above, "覆盖区域": f"社区{n % 6}"}
        )
    return rows[: 60 - 4 * issue]


def _members(issue: int) -> list[Cells]:
    return [
        {
            "编号": f"RY-{n}",
            "姓名": f"示例{n}",
            "联系电话": f"0375-000{n:04}" if (n + issue) % 3 else None,
            "所属党组织": f"DZZ-{(n * (issue + 1)) % 50}",
            "报到社区": f"社区{(n + issue) % 6}" if n % 4 else None,
        }
        for n in range(20 * issue, 150 + 20 * issue)
    ]


def tables(issue: int) -> list[TableDrafts]:
    """The first or second issue of a small district's registers; they add, change, replace and end."""
    areas = [
        sheet("Province", {"编号": "90", "名称": "示例省"}),
        sheet("City", {"编号": "9001", "名称": "示例市", "所属省": "示例省"}),
        sheet("District", {"编号": "900101", "名称": "示例区", "所属市": "示例市"}),
        sheet("Street", {"编号": "900101001", "名称": "示例街道", "所属区": "示例区"}),
        sheet("Community", *({"编号": f"90010100100{n}", "名称": f"社区{n}", "所属街道": "示例街道"} for n in range(6))),
    ]  # fmt: skip
    units = [
        {"编号": f"DW-{n}", "名称": f"示例单位{n}", "所在社区": f"社区{(n + issue) % 6}"} for n in range(60)
    ]
    posts = [
        {"人员": f"RY-{n}", "任职处": f"社区{n % 6}", "岗位": "网格员", "起始日期": "2019-01-01"}
        for n in range(20 * issue, 50 + 10 * issue)
    ]
    return [
        *areas,
        sheet("PartyOrganization", *_organizations(issue), source="党组织"),
        sheet("Person", *_members(issue), source="花名册"),
        sheet("Unit", *units, source="单位"),
        sheet("HOLDS", *posts, source="任职"),
    ]


def load_issue(store: Store, issue: int, progress: Progress = lambda done, total: None) -> LoadResult:
    """Load one issue in small transactions."""
    day = f"202{issue}-01-01"
    return load(store, tables(issue), as_of=day, end_missing=True, chunk=CHUNK, progress=progress)


def run(folder: Path, issue: int, parent: Connection) -> None:
    """Load one issue into the embedded store of a folder; tells the parent how far it is, 0.0 to 1.0."""
    with open_embedded(folder) as store:
        parent.send(0.0)
        load_issue(store, issue, lambda done, total: parent.send(done / total))
