"""One connection to a log in PostgreSQL (数据库连接), by psycopg; imported only where one is used.

A transaction travels as one pipeline: what a group of records needs are two journeys, however many
statements it has. Errors of the driver leave as ours, in one line, without the password.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, Final, cast

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import TransactionStatus
from psycopg.types.numeric import Int8BinaryDumper

from kuaifan.store.answer_watch import LIMIT_S, AnswerWatch
from kuaifan.store.connection import Cursor, Line, Place, Value
from kuaifan.store.log_error import DatabaseFaultError, DatabaseGoneError, LogError
from kuaifan.store.log_place import PostgresPlace
from kuaifan.store.migrations import Migration, is_known, list_migrations

SETTINGS: Final = {
    "application_name": "kuaifan",
    "connect_timeout": 3,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""Of the connection, unless the URL says otherwise: a server that is gone is noticed in seconds."""
PLAIN_WARNING: Final = "01000"
ARRAYS: Final = {int: "bigint[]", str: "text[]", bytes: "bytea[]"}
LINES_AT_ONCE: Final = 2_000


_LAST_GOOD: Final[dict[str, tuple[str, str]]] = {}
"""Which of several hosts has answered last, by URL: opening a log takes a dozen connections, and
each would wait again for one that is cut off."""


class PostgresConnection:
    """See connection.Connection; for one thread at a time, like SQLite's."""

    for_update = " FOR UPDATE"

    def __init__(self, place: PostgresPlace, *, may_write: bool) -> None:
        self._name = str(place)
        role = "read-write" if may_write else "primary"
        named = conninfo_to_dict(place.url)
        last = _LAST_GOOD.get(place.url)
        settings = SETTINGS | {"target_session_attrs": role} | named | last_good_first(named, last)
        try:
            self._connection = psycopg.connect(**cast("dict[str, Any]", settings), autocommit=True)
            _LAST_GOOD[place.url] = (self._connection.info.host, str(self._connection.info.port))
        except psycopg.Error as error:
            raise DatabaseGoneError(
                f"{self._name} cannot be reached ({_line_of(error)}); start the server, or check "
                "the URL"
            ) from None
        # One width for all numbers: a statement is prepared once, not once for each width.
        self._connection.adapters.register_dumper(int, Int8BinaryDumper)
        self._cursor_nos = itertools.count(1)
        self._watch = AnswerWatch(self._connection.fileno()) if may_write else None
        self._doubt = ""
        self._connection.add_notice_handler(self._note)
        if not may_write:
            self.execute("SET default_transaction_read_only = on")

    def execute(self, query: str, values: Sequence[Value | list[Value]] = (), /) -> Cursor:
        """Run one statement."""
        with self._told():
            plain = [_storable(value) for value in values] or None
            cursor = self._connection.execute(_in_dialect(query), plain, binary=True)
            return _Told(cursor, self)

    def insert(self, table: str, lines: Sequence[Line], else_do: str = "") -> None:
        """Insert lines column by column, as arrays: a quarter of the work of a mark a value."""
        if lines:
            source, columns = _as_columns(lines)
            self.execute(f"INSERT INTO {table} SELECT * FROM {source} {else_do}", columns)  # noqa: S608 - our names

    def insert_new(self, table: str, lines: Sequence[Line]) -> int:
        """Insert those lines that are not there; costs a journey, for the answer is waited for."""
        if not lines:
            return 0
        source, columns = _as_columns(lines)
        query = f"INSERT INTO {table} SELECT * FROM {source} ON CONFLICT DO NOTHING RETURNING 1"  # noqa: S608 - our names
        return len(self.execute(query, columns).fetchall())

    def delete_places(self, table: str, places: Sequence[Place]) -> None:
        """Remove the lines of some rows."""
        if places:
            source, columns = _as_columns(places)
            found = f"(table_name, row_id) IN (SELECT * FROM {source})"  # noqa: S608 - ours
            self.execute(f"DELETE FROM {table} WHERE {found}", columns)  # noqa: S608 - our names

    def run_script(self, script: str) -> None:
        """Run the statements of a migration."""
        with self._told():
            self._connection.execute(script)

    def scan(self, query: str, values: Sequence[Value] = ()) -> Iterator[Any]:
        """Yield lines; from the first scan on, and until it is closed, it sees one moment."""
        if self._connection.info.transaction_status is TransactionStatus.IDLE:
            self.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        with self._told(), self._connection.cursor(f"scan_{next(self._cursor_nos)}") as cursor:
            cursor.itersize = LINES_AT_ONCE
            plain = [_storable(value) for value in values] or None
            cursor.execute(_in_dialect(query), plain, binary=True)
            yield from cursor

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it or nothing, and on the standby too; else nobody knows (DatabaseGoneError)."""
        self._doubt = ""
        try:
            with self._told(), self._connection.pipeline():
                self._connection.execute("BEGIN")
                yield
                self._connection.execute("COMMIT")
        except BaseException:
            self._roll_back()
            raise
        if self._doubt:
            raise DatabaseGoneError(f"{self._name} has answered too early ({self._doubt})")

    def in_time(self) -> contextlib.AbstractContextManager[None]:
        """Within a few seconds, or the session is shut, and its end is that of a lost answer."""
        return self._watch.waiting() if self._watch else contextlib.nullcontext()

    def raw_text(self, column: str) -> str:
        """A text of PostgreSQL is always one."""
        return column

    def find_damage(self) -> str:
        """Its pages are the server's own to check (`pg_amcheck`, checksums)."""
        return ""

    def is_heard(self, epoch: int) -> bool:
        """Tell the time that the holder lives; not worth a wait for the disk."""
        with self.in_time(), self.transaction():
            self.execute("SET LOCAL synchronous_commit = off")
            query = "UPDATE epoch SET heard_at = clock_timestamp() WHERE epoch = ? RETURNING epoch"
            return bool(self.execute(query, (epoch,)).fetchall())

    def bring_to_disk(self) -> None:
        """A durable commit takes along everything before it."""
        self.execute("SET synchronous_commit = on")

    def fold_back(self) -> bool:
        """The server keeps old copies in its WAL until it is recycled; nothing to be done here."""
        with contextlib.suppress(DatabaseFaultError):
            self.execute("VACUUM owner_keys, lookups")
        return False

    def close(self) -> None:
        """Close it; one that is broken is closed already."""
        if self._watch is not None:
            self._watch.stop()
        self._connection.close()

    def read_format(self, name: str) -> int:
        """The last migration that was applied; raises LogError for none of ours."""
        numbers = self._read_numbers()
        if not numbers:
            raise LogError(f"{name} is not a Kuaifan log; name another database, or an empty one")
        return is_known(name, numbers[-1], first=list_migrations("postgresql")[0].number)

    def has_our_tables(self, version: int) -> bool:
        """Whether each migration up to a format was applied, in order."""
        known = [m.number for m in list_migrations("postgresql") if m.number <= version]
        return self._read_numbers() == known

    def note_format(self, migration: Migration) -> None:
        """Record that a migration was applied."""
        query = "INSERT INTO migrations (number, name) VALUES (?, ?)"
        self.execute(query, (migration.number, migration.name))

    def is_empty(self) -> bool:
        """Whether nothing is in the schema that the connection works in."""
        query = (
            "SELECT count(*) FROM pg_class "
            "WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())"
        )
        return bool(self.execute(query).fetchone()[0] == 0)

    def _read_numbers(self) -> list[int]:
        if self.execute("SELECT to_regclass('migrations')::text").fetchone() == (None,):
            return []
        found = self.execute("SELECT number FROM migrations ORDER BY number").fetchall()
        return [number for (number,) in found]

    def _roll_back(self) -> None:
        idle = self._connection.info.transaction_status is TransactionStatus.IDLE
        if not self._connection.closed and not idle:
            with contextlib.suppress(psycopg.Error):
                self._connection.execute("ROLLBACK")

    def _note(self, notice: psycopg.errors.Diagnostic) -> None:
        """Keep a warning: a commit that is no longer waited for on the standby comes as one."""
        if notice.severity_nonlocalized == "WARNING" and notice.sqlstate == PLAIN_WARNING:
            self._doubt = notice.message_primary or "a warning without words"

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except psycopg.errors.LockNotAvailable as error:  # an OperationalError that was answered
            raise DatabaseFaultError(_line_of(error)) from None
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            said = _line_of(error)
            if self._watch is not None and self._watch.has_fired:
                said = f"nothing for {LIMIT_S:.0f} s: it is stopped, or waits for its standby"
            raise DatabaseGoneError(f"{self._name} does not answer ({said})") from None
        except psycopg.Error as error:
            raise DatabaseFaultError(_line_of(error)) from None


class _Told:
    """A cursor whose errors are ours too: in a pipeline they come when it is read."""

    def __init__(self, cursor: psycopg.Cursor[Any], connection: PostgresConnection) -> None:
        self._cursor, self._connection = cursor, connection

    def fetchone(self) -> Any:  # noqa: ANN401 - a line of any table
        with self._connection._told():  # noqa: SLF001 - of one file
            return self._cursor.fetchone()

    def fetchall(self) -> list[Any]:
        with self._connection._told():  # noqa: SLF001 - of one file
            return self._cursor.fetchall()

    def __iter__(self) -> Iterator[Any]:
        return iter(self.fetchall())


def last_good_first(named: dict[str, Any], last: tuple[str, str] | None) -> dict[str, str]:
    """The hosts of a URL, that which answered last before the others; {} where there is no choice.

    named: what the URL says, hosts and ports as lists with commas.
    """
    hosts = str(named.get("host", "")).split(",")
    ports = str(named.get("port", "5432")).split(",")
    pairs = list(zip(hosts, ports if len(ports) > 1 else ports * len(hosts), strict=False))
    if len(pairs) != len(hosts) or len(pairs) == 1 or last not in pairs:
        return {}
    pairs.sort(key=lambda pair: pair != last)
    return {"host": ",".join(h for h, _ in pairs), "port": ",".join(p for _, p in pairs)}


def _as_columns(lines: Sequence[Line]) -> tuple[str, list[list[Value]]]:
    """Lines turned into a table of arrays, and the arrays; the first line tells the types."""
    types = ", ".join(f"%b::{ARRAYS[type(value)]}" for value in lines[0])
    return f"unnest({types})", [list(column) for column in zip(*lines, strict=True)]


def _storable(value: Value | list[Value]) -> Value | list[Value]:
    """The value, but for NUL in a text: a text of PostgreSQL holds none, and an id may.

    What the chain covers is bytes, and stays as it is; only names of rows and keys come here.
    """
    if isinstance(value, str):
        return value.replace("\0", "\ufffd")
    if isinstance(value, list) and isinstance(value[0], str):
        return [text.replace("\0", "\ufffd") if isinstance(text, str) else text for text in value]
    return value


@cache
def _in_dialect(query: str) -> str:
    """The same statement with the marks that psycopg knows; all our statements are our own."""
    return query.replace("?", "%s")


def _line_of(error: psycopg.Error) -> str:
    said = error.diag.message_primary or str(error) or type(error).__name__
    return " ".join(said.split())
