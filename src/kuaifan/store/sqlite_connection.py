"""One connection to a log in SQLite (文件连接), by apsw; see connection.Connection."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import apsw

from kuaifan.store.connection import Line, Place, Value
from kuaifan.store.log_error import LogError
from kuaifan.store.migrations import Migration, is_known, list_migrations

APPLICATION_ID = 0x4B464C47
"""`KFLG` in the file's header: how a log of ours is told from any other SQLite file."""
OLDEST_SQLITE = (3, 51, 3)
"""SQLite 3.7.0 to 3.51.2 can corrupt a WAL file when two connections checkpoint at one instant."""
ROWS_PER_STATEMENT = (256, 64, 16, 4, 1)
"""apsw lets go of the interpreter lock at each step of a statement, and getting it back from a busy
engine costs up to a switch interval: 64 rows a statement 64,000 records/s, one row 25,000."""
LATER_THAN_1 = "owner_keys_digest"
"""The table that came with format 2; for some days the first one was written with touches too."""


class SqliteConnection(apsw.Connection):
    """A connection that can also do what the log asks of its database (SQLite 连接)."""

    for_update = ""

    def insert(self, table: str, lines: Sequence[Line], else_do: str = "") -> None:
        """Insert lines, up to 256 in a statement."""
        for values, n_lines, n_columns in _chunks(lines):
            marks = _marks(n_lines, n_columns)
            self.execute(f"INSERT INTO {table} VALUES {marks} {else_do}", values)  # noqa: S608 - our names

    def insert_new(self, table: str, lines: Sequence[Line]) -> int:
        """Insert those lines that are not there."""
        n_before = self.total_changes()
        self.insert(table, lines, "ON CONFLICT DO NOTHING")
        return self.total_changes() - n_before

    def delete_places(self, table: str, places: Sequence[Place]) -> None:
        """Remove the lines of some rows."""
        for values, n_lines, n_columns in _chunks(places):
            found = f"(table_name, row_id) IN (VALUES {_marks(n_lines, n_columns)})"
            self.execute(f"DELETE FROM {table} WHERE {found}", values)  # noqa: S608 - our names

    def scan(self, query: str, values: Sequence[Value] = ()) -> Iterator[Any]:
        """Yield lines as they are read."""
        return self.execute(query, values)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it or nothing; the file is taken for writing at once."""
        self.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.execute("COMMIT")
        except BaseException:
            if self.in_transaction:
                self.execute("ROLLBACK")
            raise

    def in_time(self) -> contextlib.AbstractContextManager[None]:
        """A file answers or fails."""
        return contextlib.nullcontext()

    def run_script(self, script: str) -> None:
        """Run the statements of a migration."""
        self.execute(script)

    def raw_text(self, column: str) -> str:
        """As bytes: reading a text that is none would end the whole query."""
        return f"CAST({column} AS BLOB)"

    def find_damage(self) -> str:
        """What SQLite finds wrong with the file."""
        try:
            found = self.pragma("quick_check", 1)
        except apsw.Error as error:
            found = str(error)
        return "" if found == "ok" else str(found)

    def is_heard(self, epoch: int) -> bool:
        """The lock on the file says who lives: the kernel of the machine frees that of a dead."""
        found: Any = self.execute("SELECT epoch FROM epoch").fetchone()
        return bool(found == (epoch,))

    def bring_to_disk(self) -> None:
        """The next commit syncs the WAL, folding it back syncs the file."""
        self.pragma("synchronous", "FULL")

    def fold_back(self) -> bool:
        """Fold the WAL into the file and cut it to nothing; not while a reader holds it open."""
        try:
            self.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
        except apsw.BusyError:
            return False
        return True

    def read_format(self, name: str) -> int:
        """The format in the file's header; raises LogError for none of ours."""
        try:
            application_id, version = self.pragma("application_id"), self.pragma("user_version")
        except (apsw.NotADBError, apsw.CorruptError):
            application_id, version = 0, 0
        if application_id != APPLICATION_ID:
            raise LogError(f"{name} is not a Kuaifan log; name the log.db of a run or a desk")
        return is_known(name, version, first=1)

    def has_our_tables(self, version: int) -> bool:
        """Whether its tables are, to the letter, those of a format."""
        return _schema(self) in _schemas_of(version)

    def note_format(self, migration: Migration) -> None:
        """Record that a migration was applied."""
        self.pragma("application_id", APPLICATION_ID)
        self.pragma("user_version", migration.number)

    def is_empty(self) -> bool:
        """Whether a file is a database without anything in it."""
        try:
            n_tables = self.execute("SELECT count(*) FROM sqlite_schema").get
            return (n_tables, self.pragma("application_id")) == (0, 0)
        except (apsw.NotADBError, apsw.CorruptError):
            return False


def require_sqlite(version: str | None = None) -> None:
    """Refuse an SQLite older than OLDEST_SQLITE; `version` is that of apsw unless given."""
    version = apsw.sqlite_lib_version() if version is None else version
    if tuple(int(part) for part in version.split(".")[:3]) < OLDEST_SQLITE:
        oldest = ".".join(map(str, OLDEST_SQLITE))
        raise LogError(
            f"SQLite {version} can corrupt a log in WAL mode; install apsw {oldest} or newer"
        )


def _chunks(lines: Sequence[Line]) -> Iterator[tuple[list[Value], int, int]]:
    """Yield the values of many lines at a time, with the number of lines and of columns."""
    start = 0
    for size in ROWS_PER_STATEMENT:
        while len(lines) - start >= size:
            values: list[Value] = []
            for line in lines[start : start + size]:
                values += line
            yield values, size, len(lines[start])
            start += size


@cache
def _marks(n_lines: int, n_columns: int) -> str:
    line = f"({', '.join('?' * n_columns)})"
    return ", ".join([line] * n_lines)


def _schema(connection: apsw.Connection) -> list[Any]:
    return connection.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY 1, 2").fetchall()


@cache
def _schemas_of(version: int) -> list[list[Any]]:
    """The tables of a format, of any kind it was ever written with."""
    found = [_schema_after(version)]
    if version == 1:
        found.append([line for line in _schema_after(2) if line[1] != LATER_THAN_1])
    return found


def _schema_after(version: int) -> list[Any]:
    connection = apsw.Connection(":memory:")
    for migration in list_migrations("sqlite"):
        if migration.number <= version:
            connection.execute(migration.script)
    return _schema(connection)
