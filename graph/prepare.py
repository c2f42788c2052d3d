"""Make a store ready for a schema: constraints, indexes, and the store's one record about itself.

The record holds the version of the schema that the store was written with. A store of an older version is
upgraded step by step after a backup; one of a newer version is refused, because this program does not know
what is in it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from graph import statements
from graph.ask import Reader
from graph.model import GraphSchema
from graph.store import Store
from graph.store_errors import StoreUnavailable, UniqueViolation

STORE_RECORD_ID = "store"
"""Key of the one StoreRecord."""

Upgrade = Callable[[Store], None]
"""Brings a store from one version to the next; may run again after it was interrupted."""


def _nothing(_: Store) -> None:
    """For a version that only brings kinds, properties and indexes: what is stored stays as it is."""


UPGRADES: Mapping[int, Upgrade] = {1: _nothing}
"""The step that leads away from each version. A new version of the schema adds the step from the one before."""


class StoreTooNew(StoreUnavailable):
    """The store was written by a newer version of the product."""


class StoreTooOld(StoreUnavailable):
    """The store is of an older version and cannot be upgraded here: no step leads on, or nothing backs it up."""


@dataclass(frozen=True)
class StoreRecord:
    """What a store says about itself.

    `schema_version` is that of the schema it was written with. `demo`: everything in it is synthetic.
    `reference_date` is the ISO day that answers use as today, None for the day it is.
    """

    schema_version: int
    demo: bool = False
    reference_date: str | None = None


def store_record(store: Reader) -> StoreRecord | None:
    """The store's record; None when nothing has prepared the store yet."""
    rows = store.read(
        "MATCH (s:StoreRecord {id: $id}) "
        "RETURN s.schema_version AS schema_version, s.demo AS demo, s.reference_date AS reference_date",
        {"id": STORE_RECORD_ID},
    )
    if not rows or rows[0]["schema_version"] is None:
        return None
    return StoreRecord(rows[0]["schema_version"], bool(rows[0]["demo"]), rows[0]["reference_date"])


def is_synthetic(store: Reader) -> bool:
    """Whether everything in the store is made up: it holds a demo."""
    record = store_record(store)
    return record is not None and record.demo


def set_store_record(store: Store, record: StoreRecord) -> None:
    """Write the store's record, whatever it said before."""
    parameters = {
        "id": STORE_RECORD_ID,
        "properties": {
            "schema_version": record.schema_version,
            "demo": record.demo,
            "reference_date": record.reference_date,
        },
    }
    text = "MERGE (s:StoreRecord {id: $id}) SET s += $properties"
    try:
        store.write(text, parameters)
    except UniqueViolation:  # another process made it between our look and our write: now it is there
        store.write(text, parameters)


def prepare(
    store: Store,
    schema: GraphSchema,
    *,
    backup: Callable[[], None] | None = None,
    upgrades: Mapping[int, Upgrade] = UPGRADES,
) -> StoreRecord:
    """Make `store` ready for `schema` and return its record; a store that is ready is only read.

    `backup` is called once before the first upgrade step. Constraints are made before the record says that
    they are there, so that an interrupted preparation is taken up again.

    Raises `StoreTooNew` for a store of a newer version, and `StoreTooOld` when a step is missing in
    `upgrades` or there is no `backup` to make before it.
    """
    record = store_record(store)
    if record is None:
        _declare(store, schema)
        record = StoreRecord(schema.version)
        set_store_record(store, record)
        return record
    if record.schema_version > schema.version:
        raise StoreTooNew(
            f"数据库 {store.shown} 由更新的版本写成（模型版本 {record.schema_version}，本程序为 {schema.version}）；"
            "请升级本程序后再使用它",
            f"The database {store.shown} was written by a newer version (schema {record.schema_version}, this program has "
            f"{schema.version}); upgrade this program before you use it",
        )
    if record.schema_version < schema.version:
        record = _upgrade(store, schema, record, backup, upgrades)
    return record


def _upgrade(
    store: Store,
    schema: GraphSchema,
    record: StoreRecord,
    backup: Callable[[], None] | None,
    upgrades: Mapping[int, Upgrade],
) -> StoreRecord:
    versions = range(record.schema_version, schema.version)
    lacking = [version for version in versions if version not in upgrades]
    if lacking:
        raise StoreTooOld(
            f"数据库 {store.shown} 的模型版本 {record.schema_version} 太旧，没有从版本 {lacking[0]} 升级的办法；"
            "请用写成它的那个版本导出备份，或改用一个新的数据库",
            f"The schema {record.schema_version} of the database {store.shown} is too old: nothing upgrades version {lacking[0]}; "
            "back it up with the version that wrote it, or use a new database",
        )
    if backup is None:
        raise StoreTooOld(
            f"数据库 {store.shown} 的模型版本为 {record.schema_version}，升级到 {schema.version} 前须先备份；"
            "请运行 linmai store backup 后再试",
            f"The database {store.shown} has schema {record.schema_version} and must be backed up before it is upgraded to "
            f"{schema.version}; run linmai store backup and try again",
        )
    backup()
    _declare(store, schema)
    for version in versions:
        upgrades[version](store)
        record = StoreRecord(version + 1, record.demo, record.reference_date)
        set_store_record(store, record)
    return record


def _declare(store: Store, schema: GraphSchema) -> None:
    for text in statements.constraints(schema):
        store.write(text)
