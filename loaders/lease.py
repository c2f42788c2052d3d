"""One load at a time in a store: a lease on the store's record that a crash gives back by itself.

Two loads that read, compare and write in turns would each undo the other's comparison. A load (or an undo)
therefore takes the lease first, and every transaction of it begins by renewing the lease in the store. That
write also is the fence: when the lease has gone to somebody else meanwhile, the transaction is rolled back.
"""

import contextlib
import os
import socket
import time
from collections.abc import Callable, Iterator
from typing import TypeVar
from uuid import uuid4

import psutil

from graph.ask import Reader
from graph.leases import ProcessIdentity
from graph.prepare import STORE_RECORD_ID
from graph.store import Store, Transaction

LEASE_S = 60.0
"""How long a lease holds without renewal: what a crash on another machine can block the others for."""

_RENEW_S = 10.0
_TRANSACTION_S = 300.0
T = TypeVar("T")


class LoadRefused(Exception):
    """Nothing is loaded. The message is one Chinese sentence that says why and how to go on."""


class Lease:
    """The right to change what is loaded in a store. Take it with `load_lease`."""

    def __init__(self, store: Store, owner: str) -> None:
        self._store = store
        self._owner = owner
        self._renewed = time.monotonic()

    def transact(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` in one transaction that also renews the lease.

        Raises `LoadRefused`, with nothing written, when the lease has gone to another load.
        """

        def fenced(transaction: Transaction) -> T:
            self._renew(transaction)
            return work(transaction)

        result = self._store.transact(fenced, timeout_s=_TRANSACTION_S)
        self._renewed = time.monotonic()
        return result

    def keep(self) -> None:
        """Renew the lease if that was not done for a while; call it in long stretches that only read."""
        if time.monotonic() - self._renewed > _RENEW_S:
            self.transact(lambda transaction: None)

    def _renew(self, transaction: Transaction) -> None:
        # The write comes first: from then on nobody else can change the record until we commit.
        rows = transaction.run(
            "MATCH (s:StoreRecord {id: $id}) SET s.load_until = $until RETURN s.load_owner AS owner",
            {"id": STORE_RECORD_ID, "until": time.time() + LEASE_S},
        )
        if rows[0]["owner"] != self._owner:
            raise LoadRefused("另一个导入已接管本数据库，本次导入已停止；请等它结束后再导入一次")

    def release(self) -> None:
        """Give the lease back if it is still ours."""
        self._store.write(
            "MATCH (s:StoreRecord {id: $id}) WHERE s.load_owner = $owner "
            "SET s.load_owner = null, s.load_until = null",
            {"id": STORE_RECORD_ID, "owner": self._owner},
        )


@contextlib.contextmanager
def load_lease(store: Store) -> Iterator[Lease]:
    """Hold the lease of a prepared store.

    Raises `LoadRefused` while another load holds it. A holder on this machine that has ended, however it
    ended, holds nothing; one on another machine holds it until `LEASE_S` after its last transaction.
    """
    me = ProcessIdentity.of(os.getpid())
    owner = f"{socket.gethostname()}|{me.pid}|{me.started}|{uuid4().hex}"
    store.transact(lambda transaction: _take(transaction, owner))
    lease = Lease(store, owner)
    try:
        yield lease
    finally:
        # The store may be what failed: then the lease runs out by itself, and the first error is the news.
        with contextlib.suppress(Exception):
            lease.release()


def _take(transaction: Transaction, owner: str) -> None:
    rows = transaction.run(
        "MATCH (s:StoreRecord {id: $id}) SET s.load_wanted = $owner "
        "RETURN s.load_owner AS owner, s.load_until AS until",
        {"id": STORE_RECORD_ID, "owner": owner},
    )
    if not rows:
        raise RuntimeError("the store is not prepared: call graph.prepare.prepare first")
    holder = rows[0]["owner"]
    # Our own: the transaction had succeeded, and is run again because its answer was lost.
    if holder != owner and _holds(holder, rows[0]["until"]):
        host, pid, *_ = holder.split("|")
        raise LoadRefused(
            f"另一个导入正在写入本数据库（主机 {host}，进程 {pid}）；请等它结束后再试。"
            f"如果它已中断，最多 {LEASE_S:.0f} 秒后即可再次导入"
        )
    transaction.run(
        "MATCH (s:StoreRecord {id: $id}) "
        "SET s.load_owner = $owner, s.load_until = $until, s.load_wanted = null",
        {"id": STORE_RECORD_ID, "owner": owner, "until": time.time() + LEASE_S},
    )


def holder_of(store: Reader) -> str | None:
    """Who is loading into a store, or undoing in it, at this moment; None when nobody is."""
    rows = store.read(
        "MATCH (s:StoreRecord {id: $id}) RETURN s.load_owner AS owner, s.load_until AS until",
        {"id": STORE_RECORD_ID},
    )
    return rows[0]["owner"] if rows and _holds(rows[0]["owner"], rows[0]["until"]) else None


def _holds(holder: str | None, until: float | None) -> bool:
    return bool(holder and until and until > time.time() and not _ended(holder))


def _ended(holder: str) -> bool:
    """Whether a holder on this machine is certainly gone."""
    host, pid, started, _ = holder.split("|")
    if host != socket.gethostname():
        return False
    try:
        return ProcessIdentity(int(pid), float(started)).process() is None
    except (ValueError, psutil.Error):
        return False
