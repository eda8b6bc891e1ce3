"""A log in a PostgreSQL database (数据库日志) before it is open; see connection.Database.

One session holds an advisory lock and is the only one that writes; the server lets the lock go
when the session ends. A holder that is stopped but not dead keeps its session: it may be taken
over from once it has been silent for a time, and its epoch keeps it from writing ever after.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kuaifan.store.connection import Connection
from kuaifan.store.formats import upgrade
from kuaifan.store.log_error import DatabaseFaultError, LogBusyError, LogError
from kuaifan.store.log_place import PostgresPlace
from kuaifan.store.migrations import FORMAT_VERSION
from kuaifan.store.postgres_connection import PostgresConnection
from kuaifan.store.schema import create_tables, read_format, read_meta

LOCK: Final = "1262898247, hashtext(current_schema())"
"""`KFLG` as a number, and one log per schema."""
SESSION: Final = (
    "SET tcp_keepalives_idle = 5",
    "SET tcp_keepalives_interval = 2",
    "SET tcp_keepalives_count = 3",
    "SET lock_timeout = '20s'",
)
"""A writer whose machine is gone is noticed by the server within seconds, and its lock is free."""
TERMINATE_S: Final = 5
LEAVING_S: Final = 1


class PostgresDatabase:
    """The database of a log (日志数据库)."""

    is_far = True

    def __init__(self, place: PostgresPlace) -> None:
        self._place = place
        self.name, self.files = str(place), place.files
        self._session: PostgresConnection | None = None

    def lock(self, *, take_over_after_s: float | None) -> PostgresDatabase:
        """Open the session that writes, with the lock of the log."""
        self._session = PostgresConnection(self._place, may_write=True)
        try:
            for setting in SESSION:
                self._session.execute(setting)
            if not self._try_lock(self._session):
                self._take_over(self._session, take_over_after_s)
            self.files.parent.mkdir(parents=True, exist_ok=True)
        except BaseException:
            self.release()
            raise
        return self

    def release(self) -> None:
        """End the session, and with it the lock."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def is_new(self) -> bool:
        """Whether the schema is empty."""
        if self._writer().is_empty():
            return True
        read_meta(self._writer(), self.name)
        return False

    def make(self, fill: Callable[[Connection], None]) -> None:
        """Make the tables and fill them, in one transaction."""
        connection = self._writer()
        try:
            connection.execute("BEGIN")
            create_tables(connection, "postgresql")
            fill(connection)
            connection.execute("COMMIT")
        except DatabaseFaultError as error:
            raise LogError(f"the log in {self.name} cannot be made ({error})") from None

    def upgrade(self, *, city_hash: str) -> None:
        """Bring an older log up to the format of today."""
        if read_format(self._writer(), self.name) < FORMAT_VERSION:
            upgrade(self._writer(), "postgresql", self.name, city_hash=city_hash)

    def open_reader(self) -> PostgresConnection:
        """Open a connection that cannot write."""
        return PostgresConnection(self._place, may_write=False)

    def open_writer(self, *, synchronous: str) -> PostgresConnection:
        """Return the session that holds the lock; refuses a server that acknowledges too early."""
        connection = self._writer()
        is_safe = connection.execute("SELECT current_setting('fsync')").fetchone() == ("on",)
        if synchronous == "FULL" and not is_safe:
            raise LogError(
                f"{self.name} acknowledges what is not on its disk (fsync is off); set fsync = on"
            )
        if synchronous == "OFF":
            connection.execute("SET synchronous_commit = off")
        elif connection.execute("SELECT current_setting('synchronous_commit')").fetchone() in (
            ("off",),
            ("local",),
        ):
            connection.execute("SET synchronous_commit = on")
        return connection

    def close_writer(self, connection: Connection) -> None:
        """Close it."""
        connection.close()

    def _writer(self) -> PostgresConnection:
        assert self._session is not None  # noqa: S101 - `lock` comes first
        return self._session

    def _try_lock(self, session: PostgresConnection) -> bool:
        # Whoever held it may have gone just now: the server lets it go a moment after its session.
        session.execute(f"SET lock_timeout = '{LEAVING_S}s'")
        try:
            session.execute(f"SELECT pg_advisory_lock({LOCK})").fetchone()
        except DatabaseFaultError:
            return False
        finally:
            session.execute(SESSION[-1])
        return True

    def _take_over(self, session: PostgresConnection, after_s: float | None) -> None:
        """End the session of a holder that has been silent for so long; else say who it is."""
        holder, silent_s = self._find_holder(session)
        if after_s is None or silent_s < after_s:
            raise LogBusyError(
                f"{self.name} is being written by another process ({holder}, last heard "
                f"{silent_s:.0f} s ago); stop it, or use another log"
            )
        session.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks "
            "WHERE locktype = 'advisory' AND granted AND (classid::bigint, objid::bigint) = "
            "(1262898247, hashtext(current_schema())::bigint & 4294967295) AND database = "
            "(SELECT oid FROM pg_database WHERE datname = current_database())"
        ).fetchall()
        session.execute(f"SET lock_timeout = '{TERMINATE_S}s'")
        try:
            session.execute(f"SELECT pg_advisory_lock({LOCK})").fetchone()
        except DatabaseFaultError as error:
            raise LogBusyError(f"{self.name}: {holder} cannot be taken over ({error})") from None

    def _find_holder(self, session: PostgresConnection) -> tuple[str, float]:
        """Who holds the log, and for how many seconds nothing was heard of it."""
        if session.is_empty():
            return "somebody who is making it", 0.0
        query = "SELECT holder, extract(epoch FROM clock_timestamp() - heard_at)::float FROM epoch"
        holder, silent_s = session.execute(query).fetchone()
        return str(holder), float(silent_s)
