"""Answers that a server leaves to the next one over the same data: what the home page is made of.

A database that has just started takes seconds over the questions of the home page, and mostly the data are the
same as when it was last shown. The file lies in the folder of the embedded store, which is its owner's alone, and
holds the answers of named queries without personal columns. It says of which version of the data they are; of any
other version, or broken, it is as good as none.
"""

import contextlib
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from graph.catalog import queries

Key = tuple[str, ...]
Rows = list[dict[str, Any]]
_OPEN_ENDED = ("map", "maps", "node", "nodes")
"""Columns of these types may hold any property of a node."""


class KeptAnswers:
    """The file of kept answers in a store's folder. A key is a query's text and its parameters as JSON."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "answers.json"
        self._texts = {
            query.packed
            for query in queries().values()
            if not any(column.personal or column.type in _OPEN_ENDED for column in query.returns)
        }

    def of(self, version: str) -> dict[Key, Rows]:
        """The answers that were kept of this version of the data."""
        try:
            found = json.loads(self._file.read_text(encoding="utf-8"))
            if found["version"] != version:
                return {}
            return {tuple(key): rows for key, rows in found["answers"]}
        except (OSError, ValueError, LookupError, TypeError):
            return {}

    def keep(self, version: str, answers: Mapping[Key, Rows]) -> None:
        """Keep those answers that may be kept, in place of what was kept; without room or permission nothing is."""
        kept = [[key, rows] for key, rows in answers.items() if key[0] in self._texts]
        with contextlib.suppress(OSError):
            handle, unfinished = tempfile.mkstemp(
                dir=self._file.parent, prefix="answers-"
            )  # for its owner only
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as target:
                    json.dump({"version": version, "answers": kept}, target, ensure_ascii=False)
                Path(unfinished).replace(self._file)
            finally:
                Path(unfinished).unlink(missing_ok=True)
