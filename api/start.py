"""The door of the command `linmai`: the embedded database starts while the commands are imported.

Either takes seconds and neither needs the other, so pages that are opened again are there sooner. Only what takes
no time to import is imported here before that.
"""

import os
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from api.settings import Settings
from graph import embedded
from graph.embedded_folder import holds_data
from graph.leases import drop_lease
from graph.store_errors import StoreUnavailable, UnknownTarget

_OPTIONS = ("--store", "--port")


def main() -> None:
    """Run one command, as `api.cli.main` does."""
    imported = threading.Event()
    try:
        if (folder := served_folder(sys.argv[1:], os.environ)) is not None:
            threading.Thread(target=_start, args=(folder, imported)).start()
        from api.cli import main as run  # here: what takes long
    finally:
        imported.set()
    run()


def served_folder(words: Sequence[str], environment: Mapping[str, str]) -> Path | None:
    """The folder of the embedded database that a command is sure to need, and that holds data already.

    Of the commands only those that serve, and only as they are usually written; None for any other.

    >>> served_folder(["serve", "--store", "bolt://somewhere"], {}) is served_folder(["version"], {}) is None
    True
    """
    if not words or words[0] not in ("demo", "serve"):
        return None
    given = dict(zip(words[1::2], words[2::2], strict=False))
    if len(words) % 2 == 0 or any(option not in _OPTIONS for option in given):
        return None
    settings, chosen = Settings.read(environment), given.get("--store", "")
    try:
        target = settings.demo_target(chosen) if words[0] == "demo" else settings.target(chosen)
    except UnknownTarget:
        return None
    return target.folder if target.folder is not None and holds_data(target.folder) else None


def _start(folder: Path, imported: threading.Event) -> None:
    def answers(address: embedded.Address) -> bool:
        # Not before the commands are there: two threads that import the same modules may wait for each other.
        imported.wait()
        from graph.store import database_answers

        return database_answers(address)

    try:
        _, lease = embedded.ensure_running(folder, answers)
    except StoreUnavailable:
        return  # the command meets the same, and says so
    drop_lease(lease)
