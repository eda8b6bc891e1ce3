"""The seam between the log and its databases (数据库接缝): what one connection can do.

Everything above it is the same code for SQLite and PostgreSQL. Queries are written once, with `?`
for a value, in the SQL that both understand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from kuaifan.store.migrations import Migration

Value = str | int | bytes | None
Line = tuple[Value, ...]
Place = tuple[str, str]
"""Name of a read table and id of its row."""


class Cursor(Protocol):
    """The lines that a query found (游标)."""

    def fetchone(self) -> Any:  # noqa: ANN401 - a line of any table
        """The next line as a tuple, or None."""

    def fetchall(self) -> list[Any]:
        """All lines that are left."""

    def __iter__(self) -> Iterator[Any]:
        """Go through the lines."""


class Connection(Protocol):
    """A connection to the database of a log (连接).

    for_update: what makes a query hold the lines it reads until the transaction ends.
    Raises one of STORE_FAULTS where the database refuses, and StorageError where it is gone.
    """

    for_update: str

    def execute(self, query: str, values: Sequence[Value] = (), /) -> Cursor:
        """Run one statement."""

    def insert(self, table: str, lines: Sequence[Line], else_do: str = "") -> None:
        """Insert lines of equal length and types, in as few statements as can be.

        Column order is that of the table; else_do: an ON CONFLICT clause.
        """

    def insert_new(self, table: str, lines: Sequence[Line]) -> int:
        """Insert those lines that are not there; returns how many."""

    def delete_places(self, table: str, places: Sequence[Place]) -> None:
        """Remove the lines of some rows of the read tables."""

    def scan(self, query: str, values: Sequence[Value] = ()) -> Iterator[Any]:
        """Yield the lines of a query that may be too many to be held at once."""

    def transaction(self) -> AbstractContextManager[object]:
        """All of it or nothing; no other writer comes between."""

    def in_time(self) -> AbstractContextManager[object]:
        """What is asked within is answered in some seconds, or the answer counts as lost."""

    def run_script(self, script: str) -> None:
        """Run the statements of a migration."""

    def is_empty(self) -> bool:
        """Whether there is nothing in the database, not ours and not another's."""

    def read_format(self, name: str) -> int:
        """The format that the log is in; raises LogError for none that this build knows."""

    def has_our_tables(self, version: int) -> bool:
        """Whether its tables are those of a format."""

    def note_format(self, migration: Migration) -> None:
        """Record that a migration was applied, in its own transaction."""

    def raw_text(self, column: str) -> str:
        """How a text is asked for so that one that is none is not an error of the query."""

    def find_damage(self) -> str:
        """What the database finds wrong with its own file; '' for nothing it can tell."""

    def is_heard(self, epoch: int) -> bool:
        """Tell others that the holder of an epoch lives; False if it is the holder no more."""

    def bring_to_disk(self) -> None:
        """From now on a commit is durable, and with it what was committed before."""

    def fold_back(self) -> bool:
        """Leave no old copy of a line where the database can help it; whether there is none."""

    def close(self) -> None:
        """Close it."""


class Lock(Protocol):
    """The right to write a log (写锁)."""

    def release(self) -> None:
        """Let another process write."""


class Database(Protocol):
    """A log's database before it is open (日志数据库).

    name: of the log, as shown in sentences. files: what the names of the files beside it begin
    with. is_far: asking it costs a journey to another process.
    """

    is_far: bool
    name: str
    files: Path

    def lock(self, *, take_over_after_s: float | None) -> Lock:
        """Become the one writer; raises LogBusyError while there is another."""

    def is_new(self) -> bool:
        """Whether there is no log yet; raises LogError for a database of something else."""

    def make(self, fill: Callable[[Connection], None]) -> None:
        """Make the tables and fill them, or leave nothing behind."""

    def upgrade(self, *, city_hash: str) -> None:
        """Bring an older log up to the format of today."""

    def open_reader(self) -> Connection:
        """Open a connection that cannot write."""

    def open_writer(self, *, synchronous: str) -> Connection:
        """Open the writing connection; `lock` comes first. synchronous: FULL or OFF."""

    def close_writer(self, connection: Connection) -> None:
        """Close it and leave the log as others like to find it."""
