"""Fifty texts that a careless page or file would run, break on or show as something else, and a district full of them."""

from typing import Any

from graph.model import ValueType
from graph.schema import SCHEMA
from graph.store import Store
from graph.writing import merge_nodes, merge_relationships
from tests.api.small_district import FEIXING, plan_of

SCRIPTS = (
    "<script>alert(1)</script>", '"><script>alert(2)</script>', "'><script>alert(3)</script>", "</script><script>alert(4)</script>",
    "</title><script>alert(5)</script>", "</textarea><script>alert(6)</script>", "</style><script>alert(7)</script>", "--><script>alert(8)</script>",
    "]]><script>alert(9)</script>", "<img src=x onerror=alert(10)>", '"><img src=x onerror=alert(11)>', "<svg onload=alert(12)>",
    "<body onload=alert(13)>", "<iframe src=javascript:alert(14)>", '" onmouseover="alert(15)', "' onfocus='alert(16)' autofocus='",
    "` onclick=`alert(17)", "javascript:alert(18)", "<a href=javascript:alert(19)>点我</a>", "<math><mtext><script>alert(20)</script></mtext></math>",
    "<template><script>alert(21)</script></template>", "<details open ontoggle=alert(22)>", "<object data=javascript:alert(23)>", "<base href=//example.invalid/>",
    "<meta http-equiv=refresh content=0>", "<form action=//example.invalid><button>提交</button></form>", "{{7*7}}", "{% raw %}{{ config }}{% endraw %}", "${7*7}", "<%= 7*7 %>",
)  # fmt: skip
"""Markup, script and templates, in every place where a value may stand."""
CELLS = ("=1+1", "=HYPERLINK(\"http://example.invalid\",\"点我\")", "+1+1", "@SUM(1,1)", "=cmd|' /C calc'!A0")  # fmt: skip
"""What a spreadsheet would run."""
TEXTS = (
    "\u202e倒过来的字\u202c", "\u200f右向左\u200f", "零\u200b宽", "文\u0301字加符", "👨‍👩‍👧‍👦家庭", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "𠮷野家的𠮷", "𰻝𰻝面", "㐂㐂", "长" * 5_000,
    "引号\"双'单`反", "反斜\\n\\x3cscript\\x3e", "和号&amp;&lt;&#60;", "%3Cscript%3E%00", "'; DROP TABLE x; --' OR 1=1",
)  # fmt: skip
"""Directions, marks, emoji, rare Han, length, and quotes and escapes of every kind."""
HOSTILE = (*SCRIPTS, *CELLS, *TEXTS)
_TIES = (
    "PART_OF Street 410411", "PART_OF Community Street", f"PART_OF Estate {FEIXING}", f"PART_OF Grid {FEIXING}", "PART_OF Building Estate",
    "COVERS PropertyArea Estate", f"IN_COMMUNITY PropertyArea {FEIXING}", "REPORTS_TO PartyOrganization P2", "LEADS PartyOrganization Estate",
    "OF_UNIT PartyOrganization Unit", f"LOCATED_IN Unit {FEIXING}", "SEATED_ON Unit P2", f"SERVES Organization {FEIXING}",
    "BELONGS_TO Person PartyOrganization", "LIVES_IN Person Building", "WITH_UNIT Agreement Unit", "WITH_ORGANIZATION Agreement P2",
    "PROMISES Agreement Resource", f"RAISED_IN Need {FEIXING}", "RAISED_BY Need Unit", "IN_CATEGORY Need Category", "OFFERED_BY Resource Unit",
    f"SERVES Resource {FEIXING}", f"IN_AREA Project {FEIXING}", "MEETS Project Need", "USES Project Resource", "UNDER Project Agreement",
    "LED_BY Project Unit", "RESULTS_IN Project Venue", f"IN_AREA Venue {FEIXING}", "BY_UNIT Claim Unit", "FOR_NEED Claim Need",
    "WITH_RESOURCE Claim Resource", "OF Meeting P2", "DISCUSSED Meeting Need", "DECIDED Meeting Project", "OF Evaluation Project",
    "OF StateChange Need",
)  # fmt: skip
"""Each node of a kind to the one of another kind that carries the same text, or to a place or a body of the small district."""
_BESIDE: dict[str, dict[str, Any]] = {
    "Organization": {"kind": "志愿服务队"},
    "Community": {"kind": "居委会"}, "PartyOrganization": {"level": 3}, "Person": {"member_kind": "在职"}, "Category": {"list": "需求"},
    "Resource": {"capacity": 80, "last_confirmed": "2020-09-01"}, "Need": {"state": "对接中", "quantity": 5, "deadline": "2020-12-01"},
    "Agreement": {"state": "生效", "valid_from": "2020-01-01", "valid_to": "2020-10-20"}, "Claim": {"state": "申请"},
    "Batch": {"state": "loaded", "order": 2, "loaded_at": "2020-09-01T08:00:00+08:00", "rows": 3, "added": 3, "changed": 0, "rejected": 1, "sha256": "00"},
    "StateChange": {"at": "2020-09-01T08:00:00+08:00"},
}  # fmt: skip
"""What a node needs beside its texts to be shown where people look for it."""
LABELS = ("Need", "Resource", "Unit", "Agreement", "Organization", "Project", "Venue", "PartyOrganization", "Estate")  # fmt: skip
"""The kinds of node that have a page of their own, or share one, and that people write."""
_FILLED = (*LABELS, "Street", "Community", "Grid", "Building", "PropertyArea", "Person", "Category", "Claim", "Meeting", "Evaluation", "StateChange", "Batch")  # fmt: skip
PLAN = "h-plan"


def key(label: str, number: int) -> str:
    """The key of the node of a kind that carries the text of that number."""
    return f"h-{label}-{number:02}"


def fields(label: str, text: str) -> dict[str, Any]:
    """Every free text of a kind of node, set to `text`."""
    free = (p for p in SCHEMA.node(label).properties if p.type in (ValueType.STRING, ValueType.TEXT))
    return {p.name: text for p in free if not p.codes and not p.format and p.name != "id"}


def fill_hostile(store: Store) -> None:
    """Add to the small district: every kind of node with every text, each tied to what it stands beside in a real
    district, and a plan that gives each resource to the need of the same text."""
    for label in _FILLED:
        rows = [
            {"id": key(label, n), "properties": {"id": key(label, n), **fields(label, text), **_BESIDE.get(label, {})}}
            for n, text in enumerate(HOSTILE)
        ]  # fmt: skip
        merge_nodes(store, SCHEMA.node(label), rows)
    for tie in _TIES:
        name, start, end = tie.split()
        label = {"4": "Community", "P": "PartyOrganization"}.get(end[0], "") if end[-1].isdigit() else end
        label = "District" if end == "410411" else label
        rows = [
            {
                "start": key(start, n),
                "end": key(end, n) if end == label else end,
                "key": "",
                "properties": {"quantity": 1} if name == "MEETS" else {},
            }
            for n in range(len(HOSTILE))
        ]
        assert merge_relationships(store, SCHEMA.relationship(name), start, label, rows) == len(HOSTILE), tie
    _supply(store)
    keys = {label: [key(label, n) for n in range(len(HOSTILE))] for label in ("Need", "Resource", "Unit")}
    plan = {**plan_of(keys["Need"], keys["Resource"], keys["Unit"]), "id": PLAN, "state": "draft"}
    merge_nodes(store, SCHEMA.node("Plan"), [{"id": PLAN, "properties": plan}])


def _supply(store: Store) -> None:
    """A category for each resource too, which can serve the category of the need of the same text."""
    supply = [f"h-Supply-{n:02}" for n in range(len(HOSTILE))]
    rows = [{"id": k, "properties": {"id": k, "name": text, "list": "资源"}} for k, text in zip(supply, HOSTILE, strict=True)]  # fmt: skip
    merge_nodes(store, SCHEMA.node("Category"), rows)
    ties = (("IN_CATEGORY", "Resource", "Category"), ("CAN_SERVE", "Category", "Category"))
    for name, start, end in ties:
        rows = [
            {
                "start": k if start == end else key(start, n), "end": key(end, n) if start == end else k, "key": "",
                "properties": {"weight": 1.0} if start == end else {},
            }
            for n, k in enumerate(supply)
        ]  # fmt: skip
        assert merge_relationships(store, SCHEMA.relationship(name), start, end, rows) == len(HOSTILE), name
