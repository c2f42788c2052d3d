"""The one door to a database: Cypher in, plain rows out. The only module that imports the driver.

A `Store` is opened on a `StoreTarget`: a Neo4j server, or the embedded ArcadeDB, both over Bolt. Every
statement runs under a time limit, and again after a conflict or on another connection when its own was lost.
Queries return scalars, lists and maps; a node, relationship or path in a row is passed on as the driver's own
object and is not part of what the rest of the program may use.
"""

import contextlib
import logging
import re
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar, cast

from graph import embedded
from graph.absent import as_if_absent
from graph.embedded_java import EmbeddedSettings
from graph.leases import drop_lease
from graph.store_errors import QueryTimeout, StoreBusy, StoreUnavailable, UniqueViolation
from graph.target import EMBEDDED, EMBEDDED_DATABASE, StoreTarget

# The driver would import it for data frames, which nobody asks for: a third of a second of every command.
with as_if_absent("pandas"):
    import neo4j
    from neo4j.exceptions import (
        AuthError,
        ConfigurationError,
        ConnectionAcquisitionTimeoutError,
        ConnectionPoolError,
        DatabaseUnavailable,
        DriverError,
        Neo4jError,
        ResultFailedError,
        ServiceUnavailable,
        SessionExpired,
    )

# The driver's log may hold values of the data, and a retry is not news to a user.
logging.getLogger("neo4j").setLevel(logging.CRITICAL)

T = TypeVar("T")
Row = dict[str, Any]
Parameters = Mapping[str, Any]

OLDEST_NEO4J = (5, 26)
_NO_CONNECTION = (ServiceUnavailable, SessionExpired, ConnectionPoolError, DatabaseUnavailable)
_REPEATS = 4
"""So often we repeat a transaction ourselves; the driver does it where it sees why one has failed."""
_MENDING = "请检查 LINMAI_STORE 或 NEO4J_URI 的地址，以及数据库是否已启动"
_MENDING_ENGLISH = "check the address in LINMAI_STORE or NEO4J_URI, and whether the database runs"


class Transaction:
    """A transaction in progress, handed to the function that `Store.transact` runs."""

    def __init__(self, transaction: neo4j.ManagedTransaction, ends_at: float, shown: str) -> None:
        self._transaction = transaction
        self._ends_at = ends_at
        self._shown = shown

    def run(self, text: str, parameters: Parameters | None = None) -> list[Row]:
        """Run one statement and return all of its rows, a dict per row with a value per returned column.

        Raises `QueryTimeout` when the transaction's time is over.
        """
        self.check_time()
        result = self._transaction.run(cast(Any, text), dict(parameters or {}))
        return _rows(result)

    def check_time(self) -> None:
        """Raise `QueryTimeout` when the transaction's time is over: a stalled one must not commit."""
        if time.monotonic() > self._ends_at:
            raise _timed_out(self._shown)


class Store:
    """A connection to one database, safe to share between threads; close it, or use it in a `with` statement.

    `engine` is "neo4j" or "arcadedb", `version` the engine's own, `shown` how messages name the store.

    Time limits: Neo4j stops a transaction `timeout_s` seconds after its begin, and frees what it held. ArcadeDB
    (26.10) ignores that value: it stops each statement at the limit that its server was started with
    (`EmbeddedSettings.statement_limit_s`, 300 seconds unless said otherwise); what waits for nobody's commit holds
    nothing there. On both, nothing more runs or commits after `timeout_s` seconds. All raise `QueryTimeout`.
    Waiting for a connection takes 20 seconds at most (10 when opening), repeating after conflicts or a lost
    connection 15.

    All methods raise `StoreUnavailable` when the server cannot be reached, `UniqueViolation` when a
    uniqueness constraint refuses a write, `QueryTimeout` at the time limit, and pass the driver's other errors
    on: they mean that a statement is wrong.
    """

    def __init__(self, driver: neo4j.Driver, target: StoreTarget, lease: Path | None) -> None:
        """Use `Store.open`."""
        self._driver = driver
        self._lease = lease
        self._database = target.database
        self.shown = target.shown
        self.engine, self.version = self._check()

    @classmethod
    def open(cls, target: StoreTarget, settings: EmbeddedSettings | None = None) -> "Store":
        """Connect to `target`, starting the embedded server (with `settings`) where it is one.

        Raises `StoreUnavailable` within about 15 seconds when a server cannot be used.
        """
        lease: Path | None = None
        url, auth = target.url or "", (target.username, target.password) if target.password else None
        if target.scheme == EMBEDDED:
            if target.folder is None:
                raise ValueError("an embedded target needs a folder")
            address, lease = embedded.ensure_running(target.folder, database_answers, settings)
            url, auth = _embedded_url(address), ("root", address.password)
        driver: neo4j.Driver | None = None
        try:
            with _clear_errors(target.shown):
                driver = _driver(url, auth)
                return cls(driver, target, lease)
        except BaseException:
            if driver is not None:
                driver.close()
            if lease is not None:
                drop_lease(lease)
            raise

    def read(self, text: str, parameters: Parameters | None = None, *, timeout_s: float = 60) -> list[Row]:
        """The rows that a reading statement returns.

        ArcadeDB does not refuse a write here; the statements in cypher/read/ are held to contain none.
        """
        ends_at = time.monotonic() + timeout_s
        with _clear_errors(self.shown), self._session(neo4j.READ_ACCESS) as session:
            try:
                # Without beginning and ending a transaction of its own: half of the way there and back.
                result = session.run(neo4j.Query(cast(Any, text), timeout=timeout_s), dict(parameters or {}))
                rows = _rows(result)
            except (Neo4jError, DriverError) as error:
                # When others had all connections, one more wait is worth it.
                if not (error.is_retryable() or isinstance(error, ConnectionAcquisitionTimeoutError)):
                    raise
                return session.execute_read(self._limited(lambda tx: tx.run(text, parameters), timeout_s))
        if time.monotonic() > ends_at:
            raise _timed_out(self.shown)
        return rows

    def write(self, text: str, parameters: Parameters | None = None, *, timeout_s: float = 60) -> list[Row]:
        """Run one writing statement, committed when this returns its rows; it may run more than once."""
        return self.transact(lambda tx: tx.run(text, parameters), timeout_s=timeout_s)

    def transact(self, work: Callable[[Transaction], T], *, timeout_s: float = 60) -> T:
        """Run `work` in one transaction, committed when it returns and undone when it raises.

        After a conflict `work` runs again from the start, so it must have no effect outside of the transaction.
        A `UniqueViolation` is raised from here, never inside `work`.
        """
        limited = self._limited(work, timeout_s)
        with _clear_errors(self.shown), self._session(neo4j.WRITE_ACCESS) as session:
            for attempt in range(_REPEATS):
                try:
                    return session.execute_write(limited)
                except ConnectionAcquisitionTimeoutError:
                    if attempt:
                        raise
                except ResultFailedError as masked:
                    # A statement failed, and undoing its transaction hid from the driver that it may be repeated.
                    if not (isinstance(masked.__cause__, Neo4jError) and masked.__cause__.is_retryable()):
                        raise
            return session.execute_write(limited)

    def stream(
        self, text: str, parameters: Parameters | None = None, *, timeout_s: float = 3600
    ) -> Iterator[Row]:
        """The rows of a reading statement, fetched as they are asked for; one transaction, never repeated.

        It stays open until the last row is read or the iterator is closed.
        """
        with (
            _clear_errors(self.shown),
            self._session(neo4j.READ_ACCESS) as session,
            session.begin_transaction(timeout=timeout_s) as transaction,
        ):
            result = transaction.run(cast(Any, text), dict(parameters or {}))
            columns = result.keys()
            for record in result:
                yield dict(zip(columns, record.values(), strict=True))

    def close(self) -> None:
        """Close all connections; an embedded server then stops when it has had no client for a while."""
        try:
            # A thread that is in the middle of an answer holds a buffer that cannot be freed under it; its
            # connection ends with the thread or with the process.
            with contextlib.suppress(BufferError):
                self._driver.close()
        finally:
            if self._lease is not None:
                drop_lease(self._lease)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _session(self, access: str) -> neo4j.Session:
        return self._driver.session(database=self._database, default_access_mode=access)

    def _limited(
        self, work: Callable[[Transaction], T], timeout_s: float
    ) -> Callable[[neo4j.ManagedTransaction], T]:
        @neo4j.unit_of_work(timeout=timeout_s)
        def limited(transaction: neo4j.ManagedTransaction) -> T:
            ours = Transaction(transaction, time.monotonic() + timeout_s, self.shown)
            result = work(ours)
            ours.check_time()
            return result

        return cast("Callable[[neo4j.ManagedTransaction], T]", limited)

    def _check(self) -> tuple[str, str]:
        """Engine and version; an error when they cannot be used, the account is refused, the database absent."""
        self._driver.verify_connectivity()
        # In the database itself: a server greets those that have no such database, too.
        with (
            self._session(neo4j.READ_ACCESS) as session,
            session.begin_transaction(timeout=10) as transaction,
        ):
            agent = transaction.run("RETURN 1 AS one").consume().server.agent
        engine, version = parse_agent(agent)
        if engine == "neo4j" and tuple(int(part) for part in re.findall(r"\d+", version)[:2]) < OLDEST_NEO4J:
            raise StoreUnavailable(
                f"数据库 {self.shown} 是 Neo4j {version}，太旧；请升级到 5.26 或更新的版本",
                f"The database {self.shown} is Neo4j {version}, which is too old; upgrade to 5.26 or newer",
            )
        return engine, version


def parse_agent(agent: str) -> tuple[str, str]:
    """Engine and version from how a server names itself.

    >>> parse_agent("Neo4j/5.26.30")
    ('neo4j', '5.26.30')
    >>> parse_agent("Neo4j/5.26.0 compatible (ArcadeDB 26.10.2)")
    ('arcadedb', '26.10.2')
    """
    arcadedb = re.search(r"ArcadeDB ([^\s)]+)", agent)
    return ("arcadedb", arcadedb[1]) if arcadedb else ("neo4j", agent.rpartition("/")[2])


def _driver(url: str, auth: tuple[str, str] | None, patience_s: float = 10.0) -> neo4j.Driver:
    return neo4j.GraphDatabase.driver(
        url,
        auth=auth,
        user_agent="linmai",
        connection_timeout=patience_s / 2,
        connection_acquisition_timeout=patience_s,
        max_connection_pool_size=40,
        # Conflicts between short writes are over in milliseconds, and the driver would wait a second. The last
        # delay may begin just before the time is up: with this multiplier it is half of the time at most.
        max_transaction_retry_time=10.0,
        initial_retry_delay=0.05,
        retry_delay_multiplier=1.5,
        keep_alive=True,
        telemetry_disabled=True,
        notifications_min_severity="OFF",
        warn_notification_severity="OFF",
    )


def _embedded_url(address: embedded.Address) -> str:
    return f"bolt://127.0.0.1:{address.port}"


def database_answers(address: embedded.Address) -> bool:
    """Whether the embedded database answers a query now; it listens some time before it does."""
    try:
        with (
            _driver(_embedded_url(address), ("root", address.password), patience_s=2.0) as driver,
            driver.session(database=EMBEDDED_DATABASE) as session,
        ):
            session.run("RETURN 1 AS one").consume()
    except AuthError as error:
        raise StoreUnavailable(
            "内置数据库不接受保存在其文件夹 password 文件中的密码；请删除该文件，运行 linmai store stop，然后再试",
            "The embedded database refuses the password in the file password of its folder; delete that file, run linmai store stop and try again",
        ) from error
    except (DriverError, Neo4jError):
        return False
    return True


@contextlib.contextmanager
def _clear_errors(shown: str) -> Iterator[None]:
    """Raise our errors for the driver's, with the store named and no password; others pass."""
    try:
        yield
    except (DriverError, Neo4jError) as error:
        cause = error.__cause__ if isinstance(error, ResultFailedError) else None
        clear = _clear(cause if isinstance(cause, Exception) else error, shown)
        if clear is None:
            raise
        raise clear from error


def _rows(result: neo4j.Result) -> list[Row]:
    columns = result.keys()
    return [dict(zip(columns, record.values(), strict=True)) for record in result]


def _timed_out(shown: str) -> QueryTimeout:
    return QueryTimeout(
        f"数据库 {shown} 未能在时限内完成，已停止；请缩小查询范围后再试",
        f"The database {shown} did not finish within the time limit and was stopped; ask about a smaller area",
    )


def _clear(error: Exception, shown: str) -> Exception | None:
    code = (error.code or "") if isinstance(error, Neo4jError) else ""
    if code.startswith("Neo.ClientError.Security."):
        return StoreUnavailable(
            f"数据库 {shown} 不接受所给的用户名或密码；请检查 NEO4J_USERNAME 和 NEO4J_PASSWORD",
            f"The database {shown} refuses the user name or password; check NEO4J_USERNAME and NEO4J_PASSWORD",
        )
    if code == "Neo.ClientError.Database.DatabaseNotFound":
        return StoreUnavailable(
            f"服务器上没有这个数据库：{shown}；请检查 NEO4J_DATABASE，或请管理员创建它",
            f"The server has no such database: {shown}; check NEO4J_DATABASE, or ask its administrator to create it",
        )
    if code == "Neo.ClientError.Schema.ConstraintValidationFailed":
        return UniqueViolation(
            f"数据库 {shown} 中已有相同编号的记录，没有写入；请刷新后再试",
            f"The database {shown} has a record with this key already, nothing was written; look again and retry",
        )
    if "TransactionTimedOut" in code or "LockAcquisitionTimeout" in code:
        return _timed_out(shown)
    if "No space left on device" in str(error) or "not enough space on the disk" in str(error):
        return StoreUnavailable(
            f"数据库 {shown} 所在磁盘已满，没有写入；请腾出空间后再试",
            f"The disk of the database {shown} is full, nothing was written; free some space and try again",
        )
    if isinstance(error, ConfigurationError):
        return StoreUnavailable(
            f"数据库地址 {shown} 不能用；{_MENDING}",
            f"The address {shown} cannot be used; {_MENDING_ENGLISH}",
        )
    if isinstance(error, ConnectionAcquisitionTimeoutError):
        return StoreBusy(
            f"数据库 {shown} 正忙，一时没有空闲的连接；请稍后再试",
            f"The database {shown} is busy and had no connection free; try again in a moment",
        )
    if isinstance(error, _NO_CONNECTION):
        return StoreUnavailable(
            f"连接不上数据库 {shown}；{_MENDING}",
            f"The database {shown} cannot be reached; {_MENDING_ENGLISH}",
        )
    return None
