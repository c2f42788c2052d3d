"""Fifty texts that a careless page or file would run, break on or show as something else, and a district full of them."""

from typing import Any

from graph.model import ValueType
from graph.schema import SCHEMA
from graph.store import Store
from graph.writing import merge_nodes, merge_relationships
from tests.api.small_district import FEIXING

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
    ("RAISED_IN", "Need", "Community"), ("LOCATED_IN", "Unit", "Community"), ("SERVES", "Organization", "Community"),
    ("IN_AREA", "Project", "Community"), ("IN_AREA", "Venue", "Community"), ("SERVES", "Resource", "Community"),
    ("PART_OF", "Estate", "Community"), ("LEADS", "PartyOrganization", "Community"), ("WITH_UNIT", "Agreement", "Unit"),
    ("OFFERED_BY", "Resource", "Unit"), ("MEETS", "Project", "Need"), ("USES", "Project", "Resource"),
)  # fmt: skip
LABELS = ("Need", "Resource", "Unit", "Agreement", "Organization", "Project", "Venue", "PartyOrganization", "Estate")  # fmt: skip
"""The kinds of node that are filled."""


def key(label: str, number: int) -> str:
    """The key of the node of a kind that carries the text of that number."""
    return f"h-{label}-{number:02}"


def fields(label: str, text: str) -> dict[str, Any]:
    """Every free text of a kind of node, set to `text`."""
    free = (p for p in SCHEMA.node(label).properties if p.type in (ValueType.STRING, ValueType.TEXT))
    return {p.name: text for p in free if not p.codes and not p.format and p.name != "id"}


def fill_hostile(store: Store) -> None:
    """Add to the small district: every kind of node with every text, each tied to 飞行社区 or to one another."""
    for label in LABELS:
        rows = [{"id": key(label, n), "properties": fields(label, text)} for n, text in enumerate(HOSTILE)]
        merge_nodes(store, SCHEMA.node(label), rows)
    for name, start, end in _TIES:
        rows = [
            {"start": key(start, n), "end": FEIXING if end == "Community" else key(end, n), "key": "", "properties": {}}
            for n in range(len(HOSTILE))
        ]  # fmt: skip
        assert merge_relationships(store, SCHEMA.relationship(name), start, end, rows) == len(HOSTILE)
