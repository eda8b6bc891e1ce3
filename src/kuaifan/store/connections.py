"""Opening a log file in SQLite (打开日志文件): one writer, readers that never checkpoint."""

from __future__ import annotations

import contextlib
import fcntl
import os
from pathlib import Path
from typing import Final
from urllib.parse import quote

import apsw

from kuaifan.store.log_error import LogBusyError, LogError
from kuaifan.store.sqlite_connection import SqliteConnection

BUSY_TIMEOUT_MS: Final = 5_000
CHECKPOINT_PAGES: Final = 4_000
"""The writer copies the WAL back after this many pages: rarely, for it costs two fsyncs."""


def open_writer(path: Path, *, synchronous: str) -> SqliteConnection:
    """Open the one writing connection; makes the file where there is none.

    secure_delete: what an erasure frees is overwritten with zeros, not just forgotten.
    """
    try:
        connection = SqliteConnection(str(path))
        connection.set_busy_timeout(BUSY_TIMEOUT_MS)
        connection.pragma("secure_delete", True)
        mode = connection.pragma("journal_mode", "WAL")
        connection.pragma("synchronous", synchronous)
        connection.wal_autocheckpoint(CHECKPOINT_PAGES)
    except apsw.NotADBError:
        raise LogError(f"{path} is not a Kuaifan log; name the log.db of a run or a desk") from None
    except apsw.Error as error:
        raise LogError(f"{path} cannot be written ({error}); choose a folder that can") from None
    if mode != "wal":
        connection.close()
        raise LogError(f"{path} cannot use WAL mode; put the log on a local disk")
    return connection


def open_reader(path: Path) -> SqliteConnection:
    """Open a read-only connection; an archived log on a read-only medium can be read too."""
    if not path.is_file():
        raise LogError(f"there is no log at {path}; check the path")
    try:
        return _read_only(f"file:{quote(str(path))}?mode=ro")
    except apsw.Error:
        # Without a -wal file everything is in the file itself, and nobody else is writing.
        if Path(f"{path}-wal").exists():
            raise LogError(
                f"{path} cannot be read; make its folder readable and try again"
            ) from None
    try:
        return _read_only(f"file:{quote(str(path))}?mode=ro&immutable=1")
    except apsw.Error as error:
        said = " ".join(str(error).split())  # SQLite quotes a damaged table as it was typed
        raise LogError(f"{path} cannot be read ({said}); check its permissions") from None


def _read_only(uri: str) -> SqliteConnection:
    flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
    connection = SqliteConnection(uri, flags=flags)
    connection.set_busy_timeout(BUSY_TIMEOUT_MS)
    connection.wal_autocheckpoint(0)
    try:
        connection.execute("SELECT 1 FROM sqlite_schema").fetchall()
    except apsw.NotADBError:
        return connection  # read_meta says in words what is wrong
    except apsw.Error:
        connection.close()
        raise
    return connection


def close_writer(connection: SqliteConnection) -> None:
    """Close the writing connection; a log that nobody else reads becomes one single file.

    Out of WAL mode it can be copied, and read where nothing can be written. This takes the file
    for itself, so it is left undone, without waiting, while somebody reads.
    """
    connection.set_busy_timeout(0)
    with contextlib.suppress(apsw.Error):
        connection.pragma("journal_mode", "DELETE")
    connection.close()


class WriterLock:
    """One process writes a log (写锁); the kernel of the machine frees the lock of a dead one.

    The lock has a file of its own: closing any handle of the log itself would drop the locks
    that SQLite holds on it for this process.
    """

    def __init__(self, log_path: Path) -> None:
        self._path = Path(f"{log_path}.lock")
        self._fd = -1
        while self._fd < 0:
            self._fd = self._try(log_path)

    def release(self) -> None:
        """Let another process write."""
        if self._fd >= 0:
            self._path.unlink(missing_ok=True)
            os.close(self._fd)
            self._fd = -1

    def _try(self, log_path: Path) -> int:
        """Lock the file; -1 if its last holder removed it under our hands."""
        try:
            fd = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise LogError(
                f"{log_path} cannot be written ({error.strerror}); choose a folder that can"
            ) from None
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if self._path.stat().st_ino == os.fstat(fd).st_ino:
                return fd
        except BlockingIOError:
            os.close(fd)
            raise LogBusyError(
                f"{log_path} is being written by another process; stop it, or use another log"
            ) from None
        except FileNotFoundError:
            pass
        os.close(fd)
        return -1
