"""The demo district in its store: its workbooks kept beside it, loaded through the loader like anyone's files."""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from api.clock import now
from api.loading import Report, Sources, read_paths
from api.settings import Settings
from graph.ask import is_empty
from graph.prepare import StoreRecord, set_store_record, store_record
from graph.schema import SCHEMA
from graph.store import Store
from loaders.batches import Batch, BatchState, batch_id, batches
from loaders.demo.districts import demo_codes
from loaders.demo.figures import REFERENCE_DATE
from loaders.divisions import Divisions
from loaders.files import expand
from loaders.load import load
from loaders.official import SOURCE as OFFICIAL
from loaders.official import init_district


class DemoRefused(Exception):
    """A store that the demo must not be loaded into; one sentence for the user."""


@dataclass(frozen=True)
class DemoWanted:
    """How many districts, and the seed that all of it follows from."""

    districts: int
    seed: int


@dataclass(frozen=True)
class DemoLoaded:
    """What loading did, in nodes and relationships. `already_there`: there was nothing to do."""

    already_there: bool
    added: int = 0
    changed: int = 0
    unchanged: int = 0


def workbooks(settings: Settings, wanted: DemoWanted) -> list[Path]:
    """The demo's workbooks, written once and kept: a later start needs only their hashes.

    Their folder is named by what they follow from, so that another version of the product writes its own.
    """
    kept = settings.data_folder.parent / "demo-workbooks"
    folder = kept / f"{wanted.districts}-{wanted.seed}-{_origin()}"
    if not folder.is_dir():
        kept.mkdir(mode=0o700, parents=True, exist_ok=True)
        from loaders.demo.write import write_workbooks  # here: slow to import, and needed once

        unfinished = Path(tempfile.mkdtemp(dir=kept, prefix="unfinished-"))
        try:
            write_workbooks(unfinished, wanted.districts, wanted.seed)
            unfinished.replace(folder)
        except OSError:
            if not folder.is_dir():  # else another command wrote the same meanwhile
                raise
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    return sorted(path for path in folder.iterdir() if path.suffix == ".xlsx")


def _origin() -> str:
    """A digest of the code and data that the workbooks follow from."""
    digest = hashlib.sha256()
    for package in ("loaders.demo", "graph.schema"):
        for file in _files(resources.files(package)):
            digest.update(file.read_bytes())
    for name in ("layout.py", "sources/divisions.zip"):
        digest.update((resources.files("loaders") / name).read_bytes())
    return digest.hexdigest()[:12]


def _files(folder: Traversable) -> Iterator[Traversable]:
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.is_file() and entry.name.endswith(".py"):
            yield entry


def load_demo(
    store: Store, wanted: DemoWanted, paths: Sequence[Path], settings: Settings, report: Report
) -> DemoLoaded:
    """Load the demo into a prepared store that is empty, or holds this very demo or a part of it.

    Raises DemoRefused for a store that holds anything else.
    """
    files, _ = expand(paths)
    sources = Sources(settings.config_folder)
    wanted_batches = {batch_id(sources.name(file), file.sha256) for file in files}
    found = batches(store)
    record = store_record(store) or StoreRecord(SCHEMA.version)
    _refuse_others(store, record, found, wanted_batches)
    loaded = {batch.id for batch in found if batch.state is BatchState.LOADED}
    day = REFERENCE_DATE.isoformat()
    if wanted_batches <= loaded:
        return DemoLoaded(already_there=True)
    # Said first, so that an interrupted demo is known as one and completed by the same command.
    set_store_record(store, replace(record, demo=True, reference_date=day))
    divisions = Divisions.open()
    results = [init_district(store, divisions, code, now=now()) for code in demo_codes(wanted.districts)]
    reading = read_paths(paths, sources, report)
    results.append(
        load(
            store, reading.drafts, as_of=day, now=now(), progress=lambda done, total: report("", done, total)
        )
    )
    return DemoLoaded(
        False,
        sum(result.added for result in results),
        sum(result.changed for result in results),
        sum(result.unchanged for result in results),
    )


def _refuse_others(store: Store, record: StoreRecord, found: Sequence[Batch], wanted: set[str]) -> None:
    if not record.demo and not is_empty(store):
        raise DemoRefused(
            f"库 {store.shown} 里有别的数据，示例区不能装进去；请用 --store embedded:另一个文件夹，或去掉 LINMAI_STORE"
        )
    others = [
        b for b in found if b.source != OFFICIAL and b.id not in wanted and b.state is not BatchState.UNDONE
    ]
    if others:
        raise DemoRefused(
            f"库 {store.shown} 里已有另一份示例数据或别的表格（{others[0].file} 等 {len(others)} 批）；"
            "请用 --store embedded:另一个文件夹，或加 --fresh 删除它再重新装入"
        )
