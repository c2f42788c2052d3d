"""One command of the command line, run in this process on a store that is open already."""

import contextlib
import io
import json
import os
from dataclasses import dataclass
from typing import Any
from unittest import mock

import pytest

from api.cli import main
from graph.store import Store


@dataclass(frozen=True)
class Said:
    """How the command ended and what it wrote."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Stdout, which must be one JSON document and nothing else."""
        return json.loads(self.out)


def command(store: Store, *words: str) -> Said:
    """Run one command to its end, in an environment that names nothing but the store."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LINMAI_", "NEO4J_", "LC_", "LANG"))}
    out, err = io.StringIO(), io.StringIO()
    with (
        mock.patch.dict(os.environ, {**kept, "LINMAI_STORE": store.shown, "COLUMNS": "200"}, clear=True),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        pytest.raises(SystemExit) as ended,
    ):
        main(words)
    return Said(int(ended.value.code or 0), out.getvalue(), err.getvalue())
