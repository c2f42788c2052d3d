"""Example answers for `docs/queries.md`: what the demo district answers to what the tests ask of it.

After a change of a query, load the demo (`linmai demo --no-serve`) and write them anew, then the page:

    python -m tests.queries.examples && make generate
"""

import json
import os
from typing import Any

from api.answers import cell, heading
from api.settings import DEMO, Settings
from graph.ask import ask
from graph.catalog import queries
from graph.generate import EXAMPLES, ROOT
from graph.store import Store
from tests.queries.asked import ASKED
from tests.queries.test_queries import a_need_with_candidates, comparable

ROWS, LONGEST = 3, 60
"""So many rows of an answer are shown, and so many characters of a cell."""


def example(store: Store, name: str) -> dict[str, Any]:
    """One query's example: the command, the headings, the first rows as a table shows them, the number of all."""
    asked, query = ASKED[name], queries()[name]
    given = {**asked.arguments, "scope": asked.scope}
    if given.get("need") == "?":
        given["need"] = a_need_with_candidates(store)
    answer = ask(store, query, given)
    words = [f"--{key.replace('_', '-')} {value}" for key, value in sorted(given.items())]
    rows = comparable(list(answer.rows[:ROWS]))
    shown = [[cell(c, row[c.name]) for c in query.returns] for row in rows]
    return {
        "command": " ".join(("linmai query", name, *words, "--store demo")),
        "headings": [heading(column) for column in query.returns],
        "rows": [[text if len(text) <= LONGEST else text[:LONGEST] + "…" for text in row] for row in shown],
        "all": len(answer.rows),
    }


def main() -> None:
    """Ask the loaded demo district and write the file of examples."""
    with Store.open(Settings.read(os.environ).target(DEMO)) as store:
        found = {name: example(store, name) for name in sorted(queries())}
    text = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    (ROOT / EXAMPLES).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
