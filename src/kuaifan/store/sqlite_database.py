"""A log in an SQLite file (文件日志) before it is open; see connection.Database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import apsw

from kuaifan.kernel.whole_file import sync_folder
from kuaifan.store.connection import Connection
from kuaifan.store.connections import (
    WriterLock,
    close_writer,
    open_reader,
    open_writer,
)
from kuaifan.store.formats import upgrade
from kuaifan.store.log_error import LogError
from kuaifan.store.migrations import FORMAT_VERSION
from kuaifan.store.schema import create_tables, read_format, read_meta
from kuaifan.store.sqlite_connection import SqliteConnection, require_sqlite


class SqliteDatabase:
    """The file of a log (日志文件)."""

    is_far = False

    def __init__(self, path: Path) -> None:
        require_sqlite()
        self.name, self.files = str(path), path

    def lock(self, *, take_over_after_s: float | None) -> WriterLock:
        """Take the lock; it never has to be taken from anybody, for a dead process has none."""
        del take_over_after_s
        return WriterLock(self.files)

    def is_new(self) -> bool:
        """Whether there is no log yet; a making that was cut short has left an empty database.

        Raises LogError for a file of another kind while it is untouched: WAL mode would change it.
        """
        if not self.files.exists() or self.files.stat().st_size == 0:
            return True
        connection = open_reader(self.files)
        try:
            if connection.is_empty():
                return True
            read_meta(connection, self.name)
        finally:
            connection.close()
        return False

    def make(self, fill: Callable[[Connection], None]) -> None:
        """Make the file and fill it; it is taken away again where that fails."""
        try:
            self._make(fill)
        except BaseException as error:
            for ending in ("", "-wal", "-shm"):
                Path(f"{self.name}{ending}").unlink(missing_ok=True)
            if isinstance(error, apsw.Error):
                raise LogError(
                    f"{self.name} cannot be made ({error}); free the disk and retry"
                ) from None
            raise

    def upgrade(self, *, city_hash: str) -> None:
        """Bring an older log up to the format of today."""
        reader = open_reader(self.files)
        try:
            version = read_format(reader, self.name)
        finally:
            reader.close()
        if version == FORMAT_VERSION:
            return
        connection = open_writer(self.files, synchronous="FULL")
        try:
            upgrade(connection, "sqlite", self.name, city_hash=city_hash)
        finally:
            connection.close()

    def open_reader(self) -> SqliteConnection:
        """Open a connection that cannot write."""
        return open_reader(self.files)

    def open_writer(self, *, synchronous: str) -> SqliteConnection:
        """Open the writing connection."""
        return open_writer(self.files, synchronous=synchronous)

    def close_writer(self, connection: Connection) -> None:
        """Close it; a log that nobody else reads becomes one single file."""
        if isinstance(connection, SqliteConnection):
            close_writer(connection)

    def _make(self, fill: Callable[[Connection], None]) -> None:
        connection = open_writer(self.files, synchronous="FULL")
        try:
            with connection.transaction():
                create_tables(connection, "sqlite")
                fill(connection)
        finally:
            connection.close()
        sync_folder(self.files.parent)
