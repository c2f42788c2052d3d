"""Opening the store that a command is about, and saying on stderr which one it is."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar

from api.clock import stamp
from api.settings import Settings
from api.terminal import tell
from api.wording import say
from graph.backup import backup, interrupted_restore
from graph.prepare import StoreRecord, prepare
from graph.schema import SCHEMA
from graph.store import Store
from graph.target import StoreTarget

_SYNTHETIC: ContextVar[bool] = ContextVar("synthetic", default=False)


def is_of_demo() -> bool:
    """Whether the store that this command has opened is a demo: what it writes must say so. A command opens one."""
    return _SYNTHETIC.get()


def tell_of_demo() -> None:
    """Say on stderr that what this command has written is made up, if it is."""
    if is_of_demo():
        tell(say("这是示例数据，不是真实的人、单位和数据", "These are synthetic data"), "yellow")


def target_of(settings: Settings, chosen: str) -> StoreTarget:
    """The store that a command is about. Raises UnknownTarget, with the choices, for what cannot be one."""
    return settings.target(chosen)


def announce(target: StoreTarget) -> None:
    """Every command that touches a store says which one."""
    tell(say(f"库：{target.shown}", f"Store: {target.shown}"), "dim")


@contextmanager
def opened(settings: Settings, target: StoreTarget) -> Iterator[Store]:
    """The store, announced, opened and ready for the schema of this version; closed at the end.

    Refuses a store that a restore has left half filled: what it answers would be wrong."""
    announce(target)
    with Store.open(target) as store:
        if unfinished := interrupted_restore(store):
            raise unfinished
        _SYNTHETIC.set(make_ready(settings, store).demo)
        yield store


def opened_for(settings: Settings, chosen: str) -> AbstractContextManager[Store]:
    """The store that --store names, or the environment."""
    return opened(settings, target_of(settings, chosen))


def make_ready(settings: Settings, store: Store) -> StoreRecord:
    """Prepare a store for this version's schema; one of an older version is backed up before it is upgraded."""

    def keep() -> None:
        folder = settings.data_folder.parent / "backups"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / f"before-upgrade-{stamp()}.linmai"
        backup(store, path)
        tell(
            say(f"升级前的备份已写到 {path}；文件含个人信息，只有本机当前用户能打开",
                f"Backed up to {path} before the upgrade; it holds personal data and only you can read it")
        )  # fmt: skip

    return prepare(store, SCHEMA, backup=keep)
